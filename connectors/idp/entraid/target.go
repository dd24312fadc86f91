package entraid

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// Target is the directory of one tenant. It is safe for several goroutines.
type Target struct {
	m        *manifest.Manifest
	answers  core.Answers
	env      core.Env
	rest     *rest.Client
	pace     *pace
	token    *watched
	names    []string      // of the groups that are looked after, or their ids
	batches  chan struct{} // how many batches are under way
	singly   chan struct{} // how many calls that were to be parts of one
	single   atomic.Bool   // nobody takes batches here
	endless  atomic.Bool   // nobody ends sessions here
	expands  atomic.Int32  // whether managers come with their people: see managers.go
	bossless atomic.Int32  // how many were asked about, and had no manager

	mu         sync.Mutex
	attributes []attribute
	groups     []group
	verified   *[]string
	admins     map[string]bool // nil: not asked yet

	deleted deletedUsers
	fresh   fresh
	readLog readLog
}

// NewTarget makes a target of complete answers; nothing is sent yet.
func NewTarget(a core.Answers, env core.Env) (core.Target, error) { return newTarget(vendor, a, env) }

// NewOlderTarget makes it under the older name.
func NewOlderTarget(a core.Answers, env core.Env) (core.Target, error) {
	return newTarget(older, a, env)
}

func newTarget(m *manifest.Manifest, a core.Answers, env core.Env) (core.Target, error) {
	a = placed(a)
	a[forWriting] = "true"
	cfg, err := m.Config(a, env)
	if err != nil {
		return nil, err
	}
	if err := client(m)(&cfg, a, env); err != nil {
		return nil, err
	}
	token := &watched{Signer: cfg.Sign}
	cfg.Sign, cfg.Pace = token, nil // the pace is one of units and writes: see pace.go
	delete(cfg.Sentences, http.StatusForbidden)
	delete(cfg.Sentences, http.StatusNotFound)
	c, err := rest.New(cfg)
	if err != nil {
		return nil, err
	}
	t := &Target{m: m, answers: a, env: env, rest: c, token: token, names: a.Lines(core.Groups), batches: make(chan struct{}, batchesAtOnce), singly: make(chan struct{}, singlesAtOnce),
		pace: paceOf(strings.Join([]string{a.Get("cloud"), a.Get("tenantId"), a.Get("clientId"), env.Base}, "\n"))}
	_, err = t.application()
	return t, err
}

// Accounts yields every account, guests and disabled ones included, and then those that
// were deleted and can be brought back.
func (t *Target) Accounts(ctx context.Context, want []string) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		if err := t.accounts(ctx, want, yield); err != nil {
			yield(core.Account{}, err)
		}
	}
}

func (t *Target) accounts(ctx context.Context, want []string, yield func(core.Account, error) bool) error {
	p, err := t.packer(ctx, want)
	if err != nil {
		return err
	}
	if p.members, err = t.members(ctx, p); err != nil {
		return err
	}
	seen := map[string]bool{}
	for o, err := range t.everybody(ctx, p) {
		if err != nil {
			return err
		}
		id := manifest.Text(o["id"])
		if seen[id] {
			continue // deleted while the list was read
		}
		seen[id] = true
		if !yield(p.pack(o), nil) {
			return nil
		}
	}
	return nil
}

// everybody reads the users and then the deleted ones. Where the leave date may not be
// seen, and nobody asked for it, it is left out.
func (t *Target) everybody(ctx context.Context, p *packer) iter.Seq2[object, error] {
	return func(yield func(object, error) bool) {
		for o, err := range t.direct().managed(ctx, p, t.readable(ctx, p)) {
			if core.HasCode(err, core.MissingScope) {
				err = t.explained(err, p.question(""))
			}
			if !yield(o, err) || err != nil {
				return
			}
		}
		gone, err := t.deleted.all(ctx, t)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, o := range gone {
			if !yield(o, nil) {
				return
			}
		}
	}
}

// readable reads the users, again with less asked for where that was refused.
func (t *Target) readable(ctx context.Context, p *packer) iter.Seq2[object, error] {
	return func(yield func(object, error) bool) {
		for again := true; again; {
			again = false
			query := p.query()
			for o, err := range t.users(ctx, query) {
				if err != nil && t.less(err, p, query) {
					again = true
					break
				}
				if !yield(o, err) {
					return
				}
			}
		}
	}
}

// less asks for less after a query was refused: without the leave date, or without the
// managers beside their people. It says whether there is something to leave out.
func (t *Target) less(err error, p *packer, query url.Values) bool {
	switch {
	case t.hidesLeaveDate(err, p):
		p.drop(leaveDate)
	case !unoffered(err) || status(err) == http.StatusNotFound:
		return false
	case query.Has("$expand") && t.expands.Load() != expanded:
		t.expands.Store(ignored)
	case p.everything && !slices.Contains(p.dropped, leaveDate):
		p.drop(leaveDate)
	default:
		return false
	}
	return true
}

func (t *Target) users(ctx context.Context, query url.Values) iter.Seq2[object, error] {
	query.Set("$top", "999")
	return t.list(ctx, "/users", query, "users")
}

// hidesLeaveDate says that an answer was refused for the leave date, which nobody asked for.
func (t *Target) hidesLeaveDate(err error, p *packer) bool {
	return p.everything && !slices.Contains(p.dropped, leaveDate) && core.HasCode(err, core.MissingScope) && slices.ContainsFunc(p.chosen, func(a attribute) bool { return a.ID == leaveDate })
}

// list reads all pages of a list of objects; each request waits for its turn.
func (t *Target) list(ctx context.Context, path string, query url.Values, noun string) iter.Seq2[object, error] {
	return objects(ctx, path, query, noun, t.rest, func(ctx context.Context, path string, query url.Values, out any) error {
		if err := t.pace.wait(ctx, t.rest, 3, 0); err != nil { // members cost three, users two
			return err
		}
		_, err := t.rest.Get(ctx, path, query, out)
		return err
	})
}

// Account reads one account by its id, also one that was deleted and can be brought back.
func (t *Target) Account(ctx context.Context, id string, want []string) (core.Account, error) {
	return t.direct().account(ctx, id, want)
}

func (j *job) account(ctx context.Context, id string, want []string) (core.Account, error) {
	p, err := j.packer(ctx, want)
	if err != nil {
		return core.Account{}, err
	}
	o, err := j.user(ctx, p, id)
	if core.HasCode(err, core.NotFound) {
		return j.deletedAccount(ctx, p, id)
	}
	if err != nil {
		return core.Account{}, err
	}
	return j.packed(ctx, p, o)
}

// user reads one user by id or user principal name.
func (j *job) user(ctx context.Context, p *packer, id string) (object, error) {
	get := call{method: http.MethodGet, path: "/users/" + url.PathEscape(id), query: p.query(), about: []string{id}}
	var o object
	err := j.do(ctx, get, &o)
	for err != nil && j.less(err, p, get.query) {
		get.query = p.query()
		err = j.do(ctx, get, &o)
	}
	if err == nil {
		err = j.bosses(ctx, p, o)
	}
	return o, j.explained(err, p.question(id))
}

// packed makes an account of a user, whose groups are asked for where they are wanted.
func (j *job) packed(ctx context.Context, p *packer, o object) (core.Account, error) {
	if p.groups && !deletedObject(o) {
		in, err := j.groupsOf(ctx, manifest.Text(o["id"]))
		if err != nil {
			return core.Account{}, err
		}
		p.members = map[string][]string{manifest.Text(o["id"]): in}
	}
	return p.pack(o), nil
}

func (j *job) deletedAccount(ctx context.Context, p *packer, id string) (core.Account, error) {
	gone, err := j.deleted.all(ctx, j.Target)
	if err != nil {
		return core.Account{}, err
	}
	for _, o := range gone {
		if manifest.Text(o["id"]) == id {
			return p.pack(o), nil
		}
	}
	return core.Account{}, j.missing(id)
}

func (t *Target) missing(id string) *core.Problem {
	return &core.Problem{Code: core.NotFound, What: fmt.Sprintf("%s has no user %s.", t.rest.Vendor(), id), Fix: "Make a new plan; somebody may have deleted it."}
}

// Find reads the accounts whose attribute has this value, whatever its case, deleted ones
// included. Those that Graph cannot be asked for by filter are looked for among everybody.
func (t *Target) Find(ctx context.Context, id, value string, want []string) ([]core.Account, error) {
	return t.direct().find(ctx, id, value, want)
}

// asked are the attributes that Graph is asked for by filter.
var asked = []string{principalName, "mail", employeeID, nickname, "displayName"}

func (j *job) find(ctx context.Context, id, value string, want []string) ([]core.Account, error) {
	known, err := j.known(ctx)
	if err != nil {
		return nil, err
	}
	a, ok := find(known, id)
	if !ok {
		return nil, j.unknownAttribute(id)
	}
	if id == core.Groups {
		return nil, &core.Problem{Code: core.Unsupported, What: "Nobody can be looked for by the groups he is in.", Fix: "Look for another attribute."}
	}
	p, err := j.packer(ctx, want)
	if err != nil {
		return nil, err
	}
	p.also = append(p.also, a)
	candidates, err := j.candidates(ctx, a, value, p)
	if err != nil {
		return nil, err
	}
	gone, err := j.deleted.all(ctx, j.Target)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	var found []core.Account
	for _, o := range slices.Concat(candidates, gone) {
		id := manifest.Text(o["id"])
		if seen[id] || !strings.EqualFold(a.get(o), value) {
			continue
		}
		seen[id] = true
		account, err := j.packed(ctx, p, o)
		if err != nil {
			return nil, err
		}
		if found = append(found, account); !account.Deleted() {
			j.fresh.add(id) // who is looked for is one whom a run that was cut off may just have made
		}
	}
	return found, nil
}

// candidates gives the users who may have the value. A name is asked for as an address,
// which shows a new user sooner than a filter does.
func (j *job) candidates(ctx context.Context, a attribute, value string, p *packer) ([]object, error) {
	if a.ID == principalName {
		if !name.MatchString(value) {
			return nil, nil
		}
		o, err := j.user(ctx, p, value)
		if core.HasCode(err, core.NotFound) {
			return nil, nil
		}
		return []object{o}, err
	}
	var all []object
	if slices.Contains(asked, a.ID) {
		all, err := j.filtered(ctx, fmt.Sprintf("%s eq '%s'", a.ID, strings.ReplaceAll(value, "'", "''")), p)
		if err == nil {
			err = j.bosses(ctx, p, all...)
		}
		if !unoffered(err) {
			return all, j.explained(err, core.Write{})
		}
	}
	for o, err := range j.managed(ctx, p, j.readable(ctx, p)) {
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(a.get(o), value) {
			all = append(all, o)
		}
	}
	return all, nil
}

// filtered reads the users whom a filter keeps, page by page.
func (j *job) filtered(ctx context.Context, filter string, p *packer) ([]object, error) {
	query := p.query()
	query.Set("$filter", filter)
	c := call{method: http.MethodGet, path: "/users", query: query}
	var all []object
	for c.path != "" {
		var page struct {
			Value []object
			Next  string `json:"@odata.nextLink"`
		}
		if err := j.do(ctx, c, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Value...)
		c.path, c.query = below(page.Next, "/users")
	}
	return all, nil
}

var (
	_ core.Target   = (*Target)(nil)
	_ core.Batcher  = (*Target)(nil)
	_ core.Importer = (*Target)(nil)
	_ core.Follower = (*Target)(nil)
)

package googleworkspace

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"sync"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// Target is the directory of one customer. It is safe for several goroutines.
type Target struct {
	answers core.Answers
	rest    *rest.Client
	scopes  *scopes
	names   []string // of the groups that are looked after, or their addresses

	mu         sync.Mutex
	attributes []attribute
	groups     []group
	domains    []string  // nil: not asked yet
	full       time.Time // when Google said that no licence is left

	people  index
	looked  looked
	deleted deletedUsers
}

// NewTarget makes a target of complete answers; nothing is sent yet. It asks for the
// scopes of writing, and reads by those of reading where they are all there is.
func NewTarget(a core.Answers, env core.Env) (core.Target, error) {
	cfg, err := vendor.Config(a, env)
	if err != nil {
		return nil, err
	}
	s := &scopes{wishes: wishes(a)}
	if err := sign(&cfg, a, env, func(k key) rest.Signer { return s.service(k, a) }, s.consent(a, env)); err != nil {
		return nil, err
	}
	delete(cfg.Sentences, http.StatusForbidden) // those of reading
	delete(cfg.Sentences, http.StatusNotFound)
	c, err := rest.New(cfg)
	if err != nil {
		return nil, err
	}
	return &Target{answers: a, rest: c, scopes: s, names: a.Lines(core.Groups), people: newIndex()}, nil
}

func (t *Target) customer(list string) string {
	return "/customer/" + url.PathEscape(t.answers.Get("customerId")) + "/" + list
}

func userPath(key string) string { return "/users/" + url.PathEscape(key) }

// Accounts yields every account, suspended and archived ones included, and then those
// that were deleted and can be brought back. Lists can leave out for a while whom
// somebody has just made; whom this process made is read one by one then.
func (t *Target) Accounts(ctx context.Context, want []string) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		if err := t.accounts(ctx, want, yield); err != nil {
			yield(core.Account{}, err)
		}
	}
}

// accounts holds back whose manager's address has not come yet.
func (t *Target) accounts(ctx context.Context, want []string, yield func(core.Account, error) bool) error {
	p, err := t.packer(ctx, want)
	if err != nil {
		return err
	}
	if p.members, err = t.members(ctx, p); err != nil {
		return err
	}
	var waiting [][]string
	for u, err := range t.everybody(ctx, p.query) {
		if err != nil {
			return err
		}
		row := p.row(u)
		if !t.knowsManager(p, row) {
			waiting = append(waiting, row)
		} else if !yield(p.pack(row), nil) {
			return nil
		}
	}
	for _, row := range waiting {
		t.knowsManager(p, row) // an address that is nobody's stays, so that it can be seen and cleared
		if !yield(p.pack(row), nil) {
			return nil
		}
	}
	return nil
}

// knowsManager puts the manager's id in the place of his address, where it is known.
func (t *Target) knowsManager(p *packer, row []string) bool {
	if p.manager < 0 || row[p.manager] == "" {
		return true
	}
	id := t.people.id(row[p.manager])
	if id != "" {
		row[p.manager] = id
	}
	return id != ""
}

// everybody yields those who are there, and then those who were deleted.
func (t *Target) everybody(ctx context.Context, projection url.Values) iter.Seq2[user, error] {
	return func(yield func(user, error) bool) {
		seen := map[string]bool{}
		give := func(u user, err error) bool {
			id := manifest.Text(u["id"])
			if err == nil && seen[id] {
				return true // deleted while the list was read
			}
			seen[id] = true
			return yield(u, err) && err == nil
		}
		for u, err := range t.list(ctx, projection, false) {
			t.people.learn(u)
			if !give(u, err) {
				return
			}
		}
		for _, id := range t.people.madeHere() {
			if seen[id] {
				continue
			}
			u, err := t.user(ctx, id, projection)
			if core.HasCode(err, core.NotFound) {
				continue
			}
			if !give(u, err) {
				return
			}
		}
		for u, err := range t.list(ctx, projection, true) {
			if !give(u, err) {
				return
			}
		}
	}
}

// list reads all users, or all that were deleted and can be brought back.
func (t *Target) list(ctx context.Context, projection url.Values, deleted bool) iter.Seq2[user, error] {
	query := url.Values{"customer": {t.answers.Get("customerId")}, "maxResults": {"500"}, "orderBy": {"email"}}
	if deleted {
		query.Set("showDeleted", "true")
	}
	for name, values := range projection {
		query[name] = values
	}
	return t.pages(ctx, "/users", query, "users")
}

// pages reads all pages of a list of objects, which stand under its name.
func (t *Target) pages(ctx context.Context, path string, query url.Values, list string) iter.Seq2[user, error] {
	id := func(u user) string { return cmp.Or(manifest.Text(u["id"]), manifest.Text(u["email"])) } // members from outside may have no id
	return rest.List[user]{Vendor: vendor.Name, Noun: list, ID: id,
		Fetch: func(ctx context.Context, at string) (rest.Page[user], error) {
			asked := maps.Clone(query)
			if at != "" {
				asked.Set("pageToken", at)
			}
			var answer user
			if _, err := t.rest.Get(ctx, path, asked, &answer); err != nil {
				return rest.Page[user]{}, err
			}
			page := rest.Page[user]{Total: -1, Next: manifest.Text(answer["nextPageToken"])}
			rows, _ := answer[list].([]any) // an empty list is left out
			for _, row := range rows {
				page.Rows = append(page.Rows, object(row))
			}
			return page, nil
		}}.All(ctx)
}

// user reads one user by his id, an address or an alias.
func (t *Target) user(ctx context.Context, key string, projection url.Values) (user, error) {
	var u user
	if _, err := t.rest.Get(ctx, userPath(key), projection, &u); err != nil {
		if core.HasCode(err, core.NotFound) {
			return nil, t.missing(key, err)
		}
		return nil, t.explained(err, core.Write{})
	}
	t.people.learn(u)
	return u, nil
}

func (t *Target) missing(key string, cause error) *core.Problem {
	return &core.Problem{Code: core.NotFound, Cause: cause, What: fmt.Sprintf("%s has no user %s.", vendor.Name, key), Fix: "Make a new plan; somebody may have deleted the account."}
}

// whole asks for a user with the customer's own fields.
var whole = url.Values{"projection": {"full"}}

// Account reads one account by its id, also one that was deleted and can be brought back.
func (t *Target) Account(ctx context.Context, id string, want []string) (core.Account, error) {
	p, err := t.packer(ctx, want)
	if err != nil {
		return core.Account{}, err
	}
	u, err := t.user(ctx, id, whole)
	if core.HasCode(err, core.NotFound) {
		return t.deletedAccount(ctx, p, id, err)
	}
	if err != nil {
		return core.Account{}, err
	}
	t.looked.keep(t.rest.Now(ctx), u)
	return t.packed(ctx, p, u)
}

func (t *Target) deletedAccount(ctx context.Context, p *packer, id string, notFound error) (core.Account, error) {
	u, err := t.deleted.one(ctx, t, id)
	if err != nil {
		return core.Account{}, err
	}
	if u == nil {
		return core.Account{}, notFound
	}
	return t.packed(ctx, p, u)
}

// packed makes an account of one user; his groups and the manager are asked for where
// they are wanted.
func (t *Target) packed(ctx context.Context, p *packer, u user) (core.Account, error) {
	id := manifest.Text(u["id"])
	if p.groups && !isDeleted(u) {
		in, err := t.groupsOf(ctx, id)
		if err != nil {
			return core.Account{}, err
		}
		p.members = map[string][]string{id: in}
	}
	row := p.row(u)
	if !t.knowsManager(p, row) {
		_, err := t.user(ctx, row[p.manager], nil)
		if err != nil && !core.HasCode(err, core.NotFound) {
			return core.Account{}, err
		}
		t.knowsManager(p, row)
	}
	return p.pack(row), nil
}

func (t *Target) unknownAttribute(id string) error {
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("%s has no attribute “%s”.", vendor.Name, id), Fix: "Remove it from the mapping."}
}

var _ core.Target = (*Target)(nil)

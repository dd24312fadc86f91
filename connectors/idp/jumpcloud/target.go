package jumpcloud

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

const (
	people   = "/api/systemusers"
	search   = "/api/search/systemusers"
	pageSize = 100 // JumpCloud's own PowerShell module asks for as many
)

// Target is the directory of one organization. It is safe for several goroutines.
type Target struct {
	rest   *rest.Client
	staged bool     // new accounts wait until an administrator activates them
	groups []string // names or ids of those that are looked after
	extra  []string // names of custom attributes that nobody may have yet

	mu    sync.Mutex
	found *directory // nil: not asked for yet
}

// directory is what the live organization has.
type directory struct {
	attributes []attribute
	groups     []group
}

// NewTarget makes a target of complete answers; nothing is sent yet.
func NewTarget(a core.Answers, env core.Env) (core.Target, error) {
	cfg, err := vendor.Config(a, env)
	if err != nil {
		return nil, err
	}
	client, err := rest.New(cfg)
	if err != nil {
		return nil, err
	}
	return &Target{rest: client, staged: a.Get("activation") != "activated", groups: a.Lines(core.Groups), extra: strings.Fields(a.Get("attributes"))}, nil
}

// Check reads one person and the groups that are looked after. What the key's
// administrator may write, JumpCloud does not tell.
func (t *Target) Check(ctx context.Context) (core.Health, error) {
	var page list
	if _, err := t.rest.Get(ctx, people, url.Values{"limit": {"1"}}, &page); err != nil {
		return core.Health{}, err
	}
	if _, err := t.groupsNamed(ctx); err != nil {
		return core.Health{}, err
	}
	h := core.Health{Summary: fmt.Sprintf("%d users visible", page.total()), People: page.total()}
	if page.Total == nil {
		h.Summary = "Users can be read"
	}
	for _, p := range vendor.Permissions {
		r := core.Right{Permission: p, Granted: true}
		if len(p.For) > 0 {
			r.Unsure, r.Detail = true, "JumpCloud tells only when something is written."
		}
		h.Rights = append(h.Rights, r)
	}
	return h, nil
}

// Attributes gives those that every organization has, the custom ones that the first
// people have or the connection names, and the groups that are looked after.
func (t *Target) Attributes(ctx context.Context) ([]core.Attribute, error) {
	t.mu.Lock()
	t.found = nil
	t.mu.Unlock()
	d, err := t.known(ctx)
	if err != nil {
		return nil, err
	}
	return coreAttributes(d.attributes), nil
}

// known gives what the organization has, and asks for it once.
func (t *Target) known(ctx context.Context) (*directory, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.found != nil {
		return t.found, nil
	}
	names, err := t.customNames(ctx)
	if err != nil {
		return nil, err
	}
	d := &directory{attributes: slices.Concat(standard, customAttributes(names))}
	if d.groups, err = t.groupsNamed(ctx); err != nil {
		return nil, err
	}
	if len(d.groups) > 0 {
		d.attributes = append(d.attributes, groupsAttribute(d.groups))
	}
	t.found = d
	return d, nil
}

// teachers is how many people tell which custom attributes there are.
const teachers = 1000

// customNames are the names of custom attributes: those that the connection names, then
// those that people have, by the alphabet. There is no schema to ask.
func (t *Target) customNames(ctx context.Context) ([]string, error) {
	var learnt []string
	n := 0
	for person, err := range t.everybody(ctx) {
		if err != nil {
			return nil, err
		}
		for _, e := range elements(person[custom]) {
			if name := manifest.Text(e["name"]); name != "" && !slices.Contains(learnt, name) {
				learnt = append(learnt, name)
			}
		}
		if n++; n == teachers {
			break
		}
	}
	slices.Sort(learnt)
	return slices.Concat(t.extra, learnt), nil
}

func (d *directory) attribute(id string) (attribute, bool) {
	i := slices.IndexFunc(d.attributes, func(a attribute) bool { return a.ID == id })
	if i < 0 {
		return attribute{}, false
	}
	return d.attributes[i], true
}

// list is a page of people.
type list struct {
	Total   *int     `json:"totalCount"`
	Results []object `json:"results"`
}

func (l list) total() int {
	if l.Total == nil {
		return -1
	}
	return *l.Total
}

func personID(person object) string { return manifest.Text(person["_id"]) }

// everybody yields every person, suspended ones included.
func (t *Target) everybody(ctx context.Context) iter.Seq2[object, error] {
	return t.pages(ctx, func(ctx context.Context, at string, page *list) error {
		_, err := t.rest.Get(ctx, people, url.Values{"limit": {strconv.Itoa(pageSize)}, "skip": {at}, "sort": {"_id"}}, page)
		return err
	})
}

func (t *Target) pages(ctx context.Context, fetch func(ctx context.Context, at string, page *list) error) iter.Seq2[object, error] {
	return rest.List[object]{Vendor: t.rest.Vendor(), Noun: "people", First: "0", ID: personID,
		Fetch: func(ctx context.Context, at string) (rest.Page[object], error) {
			var page list
			err := fetch(ctx, at, &page)
			return rest.Page[object]{Rows: page.Results, Total: page.total(), Next: rest.NextOffset(at, len(page.Results), page.total())}, err
		}}.All(ctx)
}

// Accounts yields every account. Who is in which group is read first, where it is wanted.
func (t *Target) Accounts(ctx context.Context, want []string) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		if err := t.accounts(ctx, want, yield); err != nil {
			yield(core.Account{}, err)
		}
	}
}

func (t *Target) accounts(ctx context.Context, want []string, yield func(core.Account, error) bool) error {
	d, err := t.known(ctx)
	if err != nil {
		return err
	}
	p := t.packer(d, want)
	var members map[string][]string
	if p.wantsGroups {
		if members, err = t.members(ctx, d); err != nil {
			return err
		}
	}
	for person, err := range t.everybody(ctx) {
		if err != nil {
			return err
		}
		if !yield(p.pack(person, members[personID(person)]), nil) {
			return nil
		}
	}
	return nil
}

// Account reads one account by its id.
func (t *Target) Account(ctx context.Context, id string, want []string) (core.Account, error) {
	d, err := t.known(ctx)
	if err != nil {
		return core.Account{}, err
	}
	person, err := t.person(ctx, id)
	if err != nil {
		return core.Account{}, err
	}
	return t.packed(ctx, t.packer(d, want), person)
}

func (t *Target) person(ctx context.Context, id string) (object, error) {
	var person object
	_, err := t.rest.Get(ctx, personPath(id), nil, &person)
	return person, missing(err, id)
}

func personPath(id string) string { return people + "/" + url.PathEscape(id) }

// packed makes an account of a person, whose groups are asked for where they are wanted.
func (t *Target) packed(ctx context.Context, p packer, person object) (core.Account, error) {
	var in []string
	if p.wantsGroups {
		var err error
		if in, err = t.groupsOf(ctx, p.directory, personID(person)); err != nil {
			return core.Account{}, err
		}
	}
	return p.pack(person, in), nil
}

var _ core.Target = (*Target)(nil)

// Package scim writes accounts to, and reads people from, any system that speaks SCIM
// 2.0 (RFC 7643, RFC 7644). Systems differ, so what one can do is read from the system
// itself, and requests keep to the forms that every server we tried understands.
package scim

import (
	"cmp"
	"context"
	_ "embed"
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

//go:embed manifest.yaml
var manifestYAML []byte

// Spec gives the connector's card and form.
func Spec() core.Spec {
	spec, err := manifest.DecodeSpec(manifestYAML)
	if err != nil {
		panic(err) // embedded; a test reads it
	}
	return spec
}

// Target is one SCIM service provider. It is safe for several goroutines.
type Target struct {
	rest *rest.Client
	host string // the name in sentences

	mu     sync.Mutex
	served *served // what the system can do, once it was asked

	putOnly atomic.Bool // PATCH was refused as such
}

// NewTarget makes a target of the answers; nothing is sent yet.
func NewTarget(a core.Answers, env core.Env) (core.Target, error) { return newTarget(a, env) }

func newTarget(a core.Answers, env core.Env) (*Target, error) {
	full, err := Spec().Complete(a)
	if err != nil {
		return nil, err
	}
	base := strings.TrimSuffix(strings.TrimRight(full.Get("baseUrl"), "/"), "/Users")
	host := "The SCIM service"
	if u, err := url.Parse(base); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	cfg := rest.Config{
		Base: base, Vendor: host, Env: env, JSONType: "application/scim+json",
		Header: http.Header{"Accept": {"application/scim+json, application/json"}}, Explain: explainer(host),
		Hide: []core.Secret{full["token"], full["password"], full["clientSecret"]},
	}
	if err := sign(&cfg, full); err != nil {
		return nil, err
	}
	client, err := rest.New(cfg)
	if err != nil {
		return nil, err
	}
	return &Target{rest: client, host: host}, nil
}

// Check lists one user, for discovery often needs no token and so proves nothing.
func (t *Target) Check(ctx context.Context) (core.Health, error) {
	s, err := t.discover(ctx)
	if err != nil {
		return core.Health{}, err
	}
	var page listPage
	if _, err := t.rest.Get(ctx, s.users, url.Values{"startIndex": {"1"}, "count": {"1"}}, &page); err != nil {
		return core.Health{}, err
	}
	health := core.Health{Summary: "Users can be read", People: -1, Notes: s.notes}
	if page.Total != nil {
		health.People = *page.Total
		health.Summary = fmt.Sprintf("%d users visible", *page.Total)
	}
	for _, p := range Spec().Permissions {
		if p.Needed {
			health.Rights = append(health.Rights, core.Right{Permission: p, Granted: true})
		}
	}
	return health, nil
}

// Attributes gives the attributes of the system's schemas, or those of RFC 7643 where
// it does not tell.
func (t *Target) Attributes(ctx context.Context) ([]core.Attribute, error) {
	s, err := t.discover(ctx)
	if err != nil {
		return nil, err
	}
	return coreAttributes(s.attributes), nil
}

func coreAttributes(list []attribute) []core.Attribute {
	all := make([]core.Attribute, len(list))
	for i, a := range list {
		all[i] = a.Attribute
	}
	return all
}

// Accounts yields every user, page by page.
func (t *Target) Accounts(ctx context.Context, want []string) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		s, err := t.discover(ctx)
		if err != nil {
			yield(core.Account{}, err)
			return
		}
		p := s.packer(want)
		for r, err := range t.list(ctx, s) {
			if err != nil {
				yield(core.Account{}, err)
				return
			}
			if !yield(p.pack(r), nil) {
				return
			}
		}
	}
}

// Account reads one user.
func (t *Target) Account(ctx context.Context, id string, want []string) (core.Account, error) {
	s, err := t.discover(ctx)
	if err != nil {
		return core.Account{}, err
	}
	r, err := t.one(ctx, s, id)
	if err != nil {
		return core.Account{}, err
	}
	return s.packer(want).pack(r), nil
}

// Find reads the users whose attribute has this value. Only userName and externalId
// are asked for by filter: filters on other attributes find nobody on some systems, so
// for those everybody is read. What a filter gives is compared again, for some systems
// answer one that they do not understand with everyone. One that minds capitals may hide
// a user whose name has others than asked for; creating that user is then a conflict.
func (t *Target) Find(ctx context.Context, id, value string, want []string) ([]core.Account, error) {
	s, err := t.discover(ctx)
	if err != nil {
		return nil, err
	}
	a, ok := s.attribute(id)
	if !ok {
		return nil, t.unknownAttribute(id)
	}
	candidates, err := t.candidates(ctx, s, a, value)
	if err != nil {
		return nil, err
	}
	var found []core.Account
	p := s.packer(want)
	for _, r := range candidates {
		if same(a, a.get(r), value) {
			found = append(found, p.pack(r))
		}
	}
	return found, nil
}

func same(a attribute, x, y string) bool {
	if a.CaseExact {
		return x == y
	}
	return strings.EqualFold(x, y)
}

// candidates gives the users that may have the value, each once.
func (t *Target) candidates(ctx context.Context, s *served, a attribute, value string) ([]resource, error) {
	if !slices.Contains([]string{"userName", "externalId"}, a.ID) || !s.filters {
		return t.matching(ctx, s, a, value)
	}
	asked := []string{value}
	if lower := strings.ToLower(value); lower != value && !a.CaseExact {
		asked = append(asked, lower) // should be found at once, and is not everywhere
	}
	var all []resource
	for _, v := range asked {
		page, err := t.filter(ctx, s, a.ID, v)
		if refusesFilter(err) {
			return t.matching(ctx, s, a, value)
		}
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			if !slices.ContainsFunc(all, func(o resource) bool { return userID(o) == userID(r) }) {
				all = append(all, r)
			}
		}
	}
	return all, nil
}

// matching reads everybody and keeps those who have the value.
func (t *Target) matching(ctx context.Context, s *served, a attribute, value string) ([]resource, error) {
	var all []resource
	for r, err := range t.list(ctx, s) {
		if err != nil {
			return nil, err
		}
		if same(a, a.get(r), value) {
			all = append(all, r)
		}
	}
	return all, nil
}

func (t *Target) filter(ctx context.Context, s *served, attribute, value string) ([]resource, error) {
	escaped := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value)
	var page listPage
	_, err := t.rest.Get(ctx, s.users, url.Values{"filter": {fmt.Sprintf(`%s eq "%s"`, attribute, escaped)}}, &page)
	return page.Resources, err
}

func refusesFilter(err error) bool {
	return slices.Contains([]int{http.StatusBadRequest, http.StatusNotImplemented, http.StatusForbidden, http.StatusRequestEntityTooLarge}, status(err))
}

func (t *Target) one(ctx context.Context, s *served, id string) (resource, error) {
	var r resource
	_, err := t.rest.Get(ctx, s.user(id), nil, &r)
	if err != nil {
		return nil, t.missing(err, id)
	}
	return r, nil
}

// missing names the account where the system says that there is none.
func (t *Target) missing(err error, id string) error {
	if status(err) != http.StatusNotFound && status(err) != http.StatusGone {
		return err
	}
	return &core.Problem{Code: core.NotFound, Cause: err, What: fmt.Sprintf("%s has no user %s.", t.host, id), Fix: "Make a new plan; somebody may have deleted it."}
}

func (t *Target) unknownAttribute(id string) error {
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("%s has no attribute “%s”.", t.host, id), Fix: "Remove it from the mapping."}
}

func userID(r resource) string { return text(field(r, "id")) }

// packer makes accounts of resources under one schema.
type packer struct {
	packer     *core.Packer
	attributes []attribute
	versions   bool
}

func (s *served) packer(want []string) packer {
	chosen := s.attributes
	if want != nil {
		chosen = nil
		for _, a := range s.attributes {
			if slices.Contains(want, a.ID) {
				chosen = append(chosen, a)
			}
		}
	}
	return packer{packer: core.NewPacker(core.AccountSchema(coreAttributes(chosen))), attributes: chosen, versions: s.etags}
}

func (p packer) pack(r resource) core.Account {
	p.packer.Put(core.AccountID, userID(r))
	p.packer.Put(core.AccountActive, fmt.Sprint(active(r)))
	p.packer.Put(core.AccountName, name(r))
	p.packer.Put(core.AccountProtected, "")
	if p.versions {
		p.packer.Put(core.AccountVersion, version(r))
	}
	for i, a := range p.attributes {
		p.packer.Set(len(core.Reserved)+i, a.get(r))
	}
	return core.Account{Record: p.packer.Pack()}
}

// active is true where the system does not state it, as the field is optional.
func active(r resource) bool {
	return !strings.EqualFold(text(field(r, "active")), "false")
}

func name(r resource) string {
	n, _ := field(r, "name").(object)
	both := strings.TrimSpace(text(field(n, "givenName")) + " " + text(field(n, "familyName")))
	return cmp.Or(text(field(r, "displayName")), both, text(field(n, "formatted")), text(field(r, "userName")))
}

func version(r resource) string {
	meta, _ := field(r, "meta").(object)
	return text(field(meta, "version"))
}

var _ core.Target = (*Target)(nil)

// Package scim writes accounts to, and reads people from, any system that speaks SCIM
// 2.0 (RFC 7643, RFC 7644). Systems differ, so what one can do is read from the system
// itself, and requests keep to the forms that every server we tried understands.
package scim

import (
	"context"
	_ "embed"
	"fmt"
	"iter"
	"net/http"
	"net/url"
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

	matchBy    string        // the attribute that people are found by, as it was answered
	groupLines []string      // names or IDs of the groups to look after
	slots      chan struct{} // as many requests are under way at once in a batch
	recent     recent
	total      atomic.Int64 // users in the list when it was read last

	putOnly   atomic.Bool  // PATCH was refused as such
	putGroups atomic.Bool  // and that of groups
	cutByPut  atomic.Bool  // taking one out of a group by PATCH does something else
	noFilter  atomic.Bool  // filters are not understood
	pathsFail atomic.Bool  // a PATCH is understood only without a path
	withPaths atomic.Bool  // one that was refused was refused without a path too
	dropped   sync.Map     // attributes that the system does not keep, whatever the form
	noBulk    atomic.Bool  // bulk requests are not taken, whatever was said
	bulkMost  atomic.Int64 // operations that one may hold, where that is less than was said
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
		Base: base, Vendor: host, Env: env, JSONType: "application/scim+json", Learn: true,
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
	return &Target{rest: client, host: host, groupLines: full.Lines(core.Groups), matchBy: full.Get("matchAttribute"), slots: make(chan struct{}, Spec().Workers)}, nil
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
	health.Rights = rights(s)
	return health, nil
}

// rights gives what was found of each permission. SCIM has no way to ask what a token
// may write, so that is not known before it is tried.
func rights(s *served) (all []core.Right) {
	for _, p := range Spec().Permissions {
		switch {
		case p.ID == groupsWrite && len(s.rolls) == 0: // no group is looked after
		case len(p.For) == 0:
			all = append(all, core.Right{Permission: p, Granted: true})
		default:
			all = append(all, core.Right{Permission: p, Granted: true, Unsure: true, Detail: "SCIM does not tell what a token may write."})
		}
	}
	return all
}

const groupsWrite = "groups.write"

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
		in, err := t.memberships(ctx, s, want, 0)
		if err != nil {
			yield(core.Account{}, err)
			return
		}
		p := s.packer(want, in)
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
	in, err := t.memberships(ctx, s, want, rollLife)
	if err != nil {
		return core.Account{}, err
	}
	t.recent.keep(r, t.rest.Now(ctx))
	return s.packer(want, in).pack(r), nil
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
	if !gone(err) {
		return err
	}
	return &core.Problem{Code: core.NotFound, Cause: err, What: fmt.Sprintf("%s has no user %s.", t.host, id), Fix: "Make a new plan; somebody may have deleted it."}
}

func gone(err error) bool {
	return status(err) == http.StatusNotFound || status(err) == http.StatusGone
}

func (t *Target) unknownAttribute(id string) error {
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("%s has no attribute “%s”.", t.host, id), Fix: "Remove it from the mapping."}
}

func userID(r resource) string { return text(field(r, "id")) }

var _ core.Target = (*Target)(nil)

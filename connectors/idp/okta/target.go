package okta

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// Target is one Okta org as a directory that accounts are written to. It is safe for
// several goroutines.
type Target struct {
	rest    *rest.Client
	answers core.Answers
	env     core.Env
	service *service // nil: another way of signing in
	guards  guards
	groups  groups
	bosses  bosses
	future  future
	recent  recent
	logins  logins
	imports imports

	mu    sync.Mutex
	known []attribute // once they were read
}

// NewTarget makes a target of complete answers; nothing is sent yet.
func NewTarget(a core.Answers, env core.Env) (core.Target, error) { return newTarget(a, env) }

func newTarget(a core.Answers, env core.Env) (*Target, error) {
	a = maps.Clone(a)
	a["domain"] = core.Secret(orgDomain(a.Get("domain")))
	t := &Target{answers: a, env: env, future: future{shelf: env.Shelf}}
	cfg, err := vendor.Config(a, env)
	if err != nil {
		return nil, err
	}
	cfg.Explain, cfg.Pace, cfg.Buckets = heedReset, nil, bucketsOf(a.Get("domain")+" "+env.Base)
	delete(cfg.Sentences, http.StatusForbidden) // it speaks of reading
	delete(cfg.Sentences, http.StatusNotFound)
	switch a.Get("auth") {
	case "oauth":
		cfg.Sign = newBrowser(a, env, t.browserScopes())
	case "service":
		if t.service, err = newService(a, env.Base, t.scopes()); err != nil {
			return nil, err
		}
		cfg.Sign = t.service
	}
	t.rest, err = rest.New(cfg)
	return t, err
}

// scopes are those that this connection makes use of as a target.
func (t *Target) scopes() []string {
	all := []string{"okta.users.read", "okta.users.manage", "okta.schemas.read", "okta.roles.read"}
	if t.answers.Lines(core.Groups) != nil {
		all = append(all, "okta.groups.read", "okta.groups.manage")
	}
	if t.answers.Get(sourceOption) != "" {
		all = append(all, "okta.identitySources.manage")
	}
	return all
}

// browserScopes are those that a person is asked for. They are asked for again with each
// renewal, so that what was allowed for reading only is noticed, and the person asked anew.
func (t *Target) browserScopes() []string {
	return slices.DeleteFunc(t.scopes(), func(s string) bool { return s == "okta.roles.read" })
}

// Limits are counted for the org, by path and method; all openings of a connection share
// what they were told.
var buckets sync.Map

func bucketsOf(org string) *rest.Buckets {
	b, _ := buckets.LoadOrStore(org, rest.NewBuckets(bucket))
	return b.(*rest.Buckets) //nolint:forcetypeassert // nothing else is stored there
}

// words are the parts of paths that are no ids.
var words = strings.Fields("api v1 oauth2 token users groups lifecycle activate deactivate suspend unsuspend linkedObjects meta schemas user default " +
	"iam assignees identity-sources sessions bulk-upsert bulk-delete start-import")

// bucket is the kind of a call: its method and its path without ids.
func bucket(method, path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range parts {
		if !slices.Contains(words, part) {
			parts[i] = "*"
		}
	}
	return method + " /" + strings.Join(parts, "/")
}

// Attributes gives those of the live schema, custom ones included, and the groups that the
// connection looks after.
func (t *Target) Attributes(ctx context.Context) ([]core.Attribute, error) {
	known, err := t.attributes(ctx)
	if err != nil {
		return nil, err
	}
	return coreOf(known), nil
}

// Accounts yields every user, those who are deactivated too. What is not wanted is not
// asked for.
func (t *Target) Accounts(ctx context.Context, want []string) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		if err := t.accounts(ctx, want, yield); err != nil {
			yield(core.Account{}, t.explained(err, reading))
		}
	}
}

func (t *Target) accounts(ctx context.Context, want []string, yield func(core.Account, error) bool) error {
	p, err := t.packer(ctx, want)
	if err != nil {
		return err
	}
	since, err := t.oktaTime(ctx)
	if err != nil {
		return err
	}
	members, err := t.members(ctx, p.has(core.Groups))
	if err != nil {
		return err
	}
	boss := t.boss(p.has(managerText))
	sides := func(ctx context.Context, row map[string]any) (map[string]any, error) {
		if err := t.putGroups(ctx, row, members, since); err != nil {
			return nil, err
		}
		return boss(ctx, row)
	}
	filters := append(slices.Clone(all), fmt.Sprintf(`lastUpdated gt "%s"`, since)) // who was activated between the two lists
	for row, err := range rest.Parallel(ctx, everybody(ctx, t.rest, p.fields(), filters), sidesAtOnce, sides) {
		if err != nil {
			return err
		}
		if !yield(p.pack(row), nil) {
			return nil
		}
	}
	return nil
}

// oktaTime gives a moment shortly before now by Okta's clock, as filters and users tell it.
func (t *Target) oktaTime(ctx context.Context) (string, error) {
	a, err := t.rest.Get(ctx, "/api/v1/users", url.Values{"limit": {"1"}}, nil)
	if err != nil {
		return "", err
	}
	now, err := http.ParseTime(a.Header.Get("Date"))
	if err != nil {
		now = t.rest.Now(ctx)
	}
	return now.Add(-time.Minute).UTC().Format(stamp), nil
}

// Account reads one user by id. A status that is still on its way gives no version, for it
// moves on by itself.
func (t *Target) Account(ctx context.Context, id string, want []string) (core.Account, error) {
	p, err := t.packer(ctx, want)
	if err != nil {
		return core.Account{}, err
	}
	row, err := t.user(ctx, id)
	if err != nil {
		return core.Account{}, err
	}
	return t.account(ctx, p, row)
}

// account completes a user who was read alone.
func (t *Target) account(ctx context.Context, p packer, row map[string]any) (core.Account, error) {
	id := manifest.Text(row["id"])
	if p.has(managerText) {
		boss, err := t.bossOf(ctx, row)
		if err != nil {
			return core.Account{}, err
		}
		row["managerFound"] = boss
	}
	if p.has(core.Groups) {
		in, err := t.in(ctx, id)
		if err != nil {
			return core.Account{}, err
		}
		row["groups"] = core.JoinList(namesOf(in))
	}
	return p.pack(row), nil
}

// user reads one user by id, with the version that Okta names. Linked managers are no part
// of what it is a version of, so that with them there is none.
func (t *Target) user(ctx context.Context, id string) (map[string]any, error) {
	row := map[string]any{}
	a, err := t.rest.Get(ctx, userPath(id), nil, &row)
	if err != nil {
		return nil, t.explained(err, of(id))
	}
	if manifest.Text(row["id"]) != id {
		return nil, notThere(id, nil) // a sign-in name was taken for an id
	}
	if row["transitioningToStatus"] == nil && !t.linked() {
		row["version"] = a.Header.Get("ETag")
	}
	return row, nil
}

func userPath(id string) string { return "/api/v1/users/" + url.PathEscape(id) }

// packer makes accounts of users under one schema.
type packer struct {
	packer *core.Packer
	chosen []attribute
	guard  guard
	staged func(id string) bool // whether a staged account counts as enabled
}

func (t *Target) packer(ctx context.Context, want []string) (packer, error) {
	known, err := t.attributes(ctx)
	if err != nil {
		return packer{}, err
	}
	var chosen []attribute
	for _, a := range known {
		if want == nil || slices.Contains(want, a.ID) {
			chosen = append(chosen, a)
		}
	}
	g, err := t.guard(ctx)
	return packer{core.NewPacker(core.AccountSchema(coreOf(chosen))), chosen, g, t.stagedIsEnabled}, err
}

func (p packer) has(id string) bool {
	_, has := find(p.chosen, id)
	return has
}

// fields is what is asked of each user.
func (p packer) fields() string {
	profile := map[string]bool{"displayName": true, "firstName": true, "lastName": true, login: true}
	for _, a := range p.chosen {
		if a.ID != core.Groups {
			profile[a.ID] = true
		}
	}
	return "id,status,statusChanged,transitioningToStatus,credentials,profile:(" + strings.Join(slices.Sorted(maps.Keys(profile)), ",") + ")"
}

func (p packer) pack(row map[string]any) core.Account {
	id := manifest.Text(row["id"])
	profile, _ := row["profile"].(map[string]any)
	p.packer.Put(core.AccountID, id)
	p.packer.Put(core.AccountActive, "false")
	if status := statusOf(row); enabled(status) || status == staged && p.staged(id) {
		p.packer.Put(core.AccountActive, "true")
	}
	p.packer.Put(core.AccountName, nameOf(profile))
	p.packer.Put(core.AccountProtected, p.guard.why(row))
	p.packer.Put(core.AccountVersion, manifest.Text(row["version"]))
	for i, a := range p.chosen {
		value := ""
		switch a.ID {
		case managerText:
			value = manifest.Text(row["managerFound"])
		case core.Groups:
			value, _ = row["groups"].(string)
		default:
			value = a.read(profile[a.ID])
		}
		p.packer.Set(len(core.Reserved)+i, value)
	}
	return core.Account{Record: p.packer.Pack()}
}

func nameOf(profile map[string]any) string {
	if name := manifest.Text(profile["displayName"]); name != "" {
		return name
	}
	both := strings.TrimSpace(manifest.Text(profile["firstName"]) + " " + manifest.Text(profile["lastName"]))
	return labelled(both, manifest.Text(profile[login]))
}

// The statuses of Okta that a connector has to tell apart.
const (
	staged        = "STAGED"
	provisioned   = "PROVISIONED"
	active        = "ACTIVE"
	suspended     = "SUSPENDED"
	deprovisioned = "DEPROVISIONED"
)

// statusOf gives the status that a user has, or will have when a change that is on its way
// is done.
func statusOf(row map[string]any) string {
	return labelled(manifest.Text(row["transitioningToStatus"]), manifest.Text(row["status"]))
}

func enabled(status string) bool {
	return !slices.Contains([]string{staged, suspended, deprovisioned, ""}, status)
}

var _ core.Importer = (*Target)(nil)

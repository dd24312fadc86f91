package okta

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// guard knows the accounts that nobody may change here.
type guard struct {
	own    string          // the id of the account that the connection uses; none of a service application
	admins map[string]bool // nil: they cannot be told from others
}

type guards struct {
	mu   sync.Mutex
	read *guard
}

// guard finds out whose account is used, and who is an administrator.
func (t *Target) guard(ctx context.Context) (guard, error) {
	t.guards.mu.Lock()
	defer t.guards.mu.Unlock()
	if t.guards.read != nil {
		return *t.guards.read, nil
	}
	var g guard
	var me struct{ ID string }
	if t.service == nil {
		if _, err := t.rest.Get(ctx, "/api/v1/users/me", nil, &me); err != nil && !absent(err) {
			return g, t.explained(err, reading)
		}
	}
	g.own = me.ID
	var err error
	if g.admins, err = t.administrators(ctx); err != nil {
		return g, err
	}
	t.guards.read = &g
	return g, nil
}

// absent says that Okta does not have or does not show what may be left out: it is not
// there, not allowed, or not what was described.
func absent(err error) bool {
	var f *rest.Failure
	if !errors.As(err, &f) {
		return core.HasCode(err, core.BadData)
	}
	if core.HasCode(err, core.RateLimited) {
		return false
	}
	return f.Status/100 == 3 || f.Status/100 == 4 && f.Status != http.StatusUnauthorized && f.Status != http.StatusTooManyRequests || f.Status == http.StatusNotImplemented
}

// mostAdmins bounds the pages of administrators, for the case that they lead in a circle.
const mostAdmins = 500

// administrators lists who has a role; nil where that may not be seen.
func (t *Target) administrators(ctx context.Context) (map[string]bool, error) {
	if granted, known := t.scope("okta.roles.read"); known && !granted {
		return nil, nil
	}
	admins := map[string]bool{}
	path, query := "/api/v1/iam/assignees/users", url.Values{"limit": {"100"}}
	for range mostAdmins {
		var page struct {
			Value []struct{ ID string }
			Links struct{ Next struct{ Href string } } `json:"_links"`
		}
		_, err := t.rest.Get(ctx, path, query, &page)
		if absent(err) {
			return nil, nil
		}
		if err != nil {
			return nil, t.explained(err, reading)
		}
		for _, one := range page.Value {
			admins[one.ID] = true
		}
		if page.Links.Next.Href == "" {
			return admins, nil
		}
		next, err := url.Parse(page.Links.Next.Href)
		if err != nil {
			return nil, err
		}
		path, query = t.rest.Local(next.EscapedPath()), next.Query()
	}
	return nil, &core.Problem{Code: core.BadData, What: "Okta's list of administrators has no end.", Fix: "Try again, and send us the log if it happens twice."}
}

// masters are the providers of credentials that master the people who come from them.
var masters = map[string]string{"ACTIVE_DIRECTORY": "Active Directory", "LDAP": "LDAP"}

// why says why an account may not be changed; empty for ordinary ones.
func (g guard) why(row map[string]any) string {
	id := manifest.Text(row["id"])
	from := masters[manifest.TextAt(row, "credentials.provider.type")]
	switch {
	case id == g.own:
		return "Rollcall itself uses this account."
	case g.admins[id]:
		return "Its owner is an administrator of Okta."
	case from != "":
		return fmt.Sprintf("It comes from %s (%s), which decides about it.", from, manifest.TextAt(row, "credentials.provider.name"))
	}
	return ""
}

// scope says whether a scope was granted, where Okta tells: of a service application.
func (t *Target) scope(name string) (granted, known bool) {
	if t.service == nil {
		return false, false
	}
	return t.service.has(name)
}

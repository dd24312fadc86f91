package googleworkspace

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"rollcall/core"
)

// Check signs in, asks for one user and for what writing wants to know, and tells of each
// scope whether it was given. What an administrator's role allows beside that is known of
// a super administrator only.
func (t *Target) Check(ctx context.Context) (core.Health, error) {
	h := core.Health{Summary: "Accounts can be read", People: -1}
	var page user
	query := url.Values{"customer": {t.answers.Get("customerId")}, "maxResults": {"1"}}
	if _, err := t.rest.Get(ctx, "/users", query, &page); err != nil {
		return h, t.explained(err, core.Write{})
	}
	known, err := t.known(ctx)
	if err != nil { // names groups that cannot be looked after
		return h, err
	}
	domains, err := t.ourDomains(ctx)
	if err != nil {
		return h, err
	}
	if len(domains) > 0 {
		h.Notes = append(h.Notes, "Addresses can be at "+strings.Join(domains, ", ")+".")
	} else {
		h.Notes = append(h.Notes, "The domains cannot be seen; whether an address is at one of them shows when it is written.")
	}
	if units, _ := find(known, orgUnit); len(units.Choices) == 0 {
		h.Notes = append(h.Notes, "The organisational units cannot be seen; whether there is such a one shows when it is written.")
	}
	super, err := t.actsAsSuper(ctx)
	if err != nil {
		return h, err
	}
	for _, p := range vendor.Permissions {
		if t.wants(p.ID) {
			h.Rights = append(h.Rights, t.right(p, super))
		}
	}
	return h, nil
}

// actsAsSuper says whether the administrator is a super administrator, who may do all.
func (t *Target) actsAsSuper(ctx context.Context) (bool, error) {
	admin := t.answers.Get("adminEmail")
	if admin == "" {
		return false, nil // whoever signed in is not told
	}
	u, err := t.user(ctx, admin, nil)
	if withheld(err) {
		return false, nil
	}
	return u["isAdmin"] == true, err
}

// wants says whether a scope is of any use with these answers.
func (t *Target) wants(scope string) bool {
	for _, w := range t.scopes.wishes {
		if w.scope == scope || w.other == scope {
			return true
		}
	}
	return false
}

// wider are scopes that hold another one.
var wider = map[string]string{readUsers: writeUsers, readMembers: writeMembers}

func (t *Target) right(p core.Permission, super bool) core.Right {
	r := core.Right{Permission: p, Granted: t.scopes.has(p.ID, wider[p.ID])}
	switch {
	case !r.Granted:
		r.Detail = fmt.Sprintf("Google Workspace does not give the scope %s.", p.ID)
	case len(p.For) > 0 && !super:
		r.Unsure, r.Detail = true, "The scope is there; whether the administrator's role allows it shows when it is done."
	}
	return r
}

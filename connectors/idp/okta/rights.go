package okta

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// Check signs in, asks for one user, finds the groups that are named, and tells of every
// permission whether it is there: by the scopes that Okta granted an application, else by
// trying what changes nothing. Whether a role goes with it is seen at the first write.
func (t *Target) Check(ctx context.Context) (core.Health, error) {
	h := core.Health{Summary: "Accounts can be read", People: -1}
	if _, err := t.rest.Get(ctx, "/api/v1/users", url.Values{"limit": {"1"}}, nil); err != nil {
		return h, t.explained(err, reading)
	}
	if _, err := t.attributes(ctx); err != nil { // names groups that cannot be looked after
		return h, err
	}
	refused := map[string]bool{}
	_, err := t.rest.Get(ctx, "/api/v1/meta/schemas/user/default", nil, nil)
	if err != nil && !absent(err) {
		return h, t.explained(err, reading)
	}
	refused["okta.schemas.read"] = err != nil
	if t.answers.Get(sourceOption) != "" {
		if _, err := t.rest.Get(ctx, t.sessions(), nil, nil); core.HasCode(err, core.NotFound) {
			return h, &core.Problem{Code: core.BadOption, Cause: err, What: "Okta has no identity source of this ID.", Fix: "Copy it from the address of the custom identity source's page, or leave it empty."}
		} else if err != nil {
			return h, t.explained(err, about{permission: sourceScope})
		}
	}
	g, err := t.guard(ctx)
	if err != nil {
		return h, err
	}
	refused["okta.roles.read"] = g.admins == nil
	if g.admins == nil {
		h.Notes = append(h.Notes, "Administrators cannot be told from others; grant okta.roles.read to have them protected.")
	} else {
		h.Summary = fmt.Sprintf("Accounts can be read; %d administrators are protected", len(g.admins))
	}
	for _, p := range Spec().Permissions {
		if !t.concerns(p.ID) {
			continue
		}
		right := core.Right{Permission: p, Granted: !refused[p.ID]}
		if granted, known := t.scope(p.ID); known && p.ID != adminRole {
			right.Granted = right.Granted && (granted || slices.Contains(t.within(p.ID), p.ID))
			if !right.Granted {
				right.Detail = "Okta has not granted it to the application."
			}
		} else if _, tried := refused[p.ID]; !tried && p.ID != "okta.users.read" {
			right.Unsure = true
		}
		h.Rights = append(h.Rights, right)
	}
	return h, nil
}

const adminRole = "administrator role"

// within gives a permission to read where the one to manage, which holds it, was granted.
func (t *Target) within(permission string) []string {
	wider := map[string]string{"okta.users.read": "okta.users.manage", "okta.groups.read": "okta.groups.manage"}[permission]
	if granted, _ := t.scope(wider); granted {
		return []string{permission}
	}
	return nil
}

// concerns says whether the connection makes use of a permission.
func (t *Target) concerns(permission string) bool {
	return permission == adminRole || slices.Contains(t.scopes(), permission)
}

// targetsOnly are permissions of reading that only a target needs.
var targetsOnly = []string{"okta.groups.read", "okta.roles.read", sourceScope}

// readingOnly leaves the permissions of writing out of what the source found.
func readingOnly(_ context.Context, _ *rest.Client, _ core.Answers, h *core.Health) error {
	h.Rights = slices.DeleteFunc(h.Rights, func(r core.Right) bool { return slices.Contains(targetsOnly, r.ID) })
	return nil
}

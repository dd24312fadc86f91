package ldap

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"rollcall/core"
)

// Check signs in, reads what there is to know, counts the people, and asks the domain
// which writes it would let Rollcall's account make (MS-ADTS §3.1.1.4.5.22, .23).
func (d *domain) Check(ctx context.Context) (core.Health, error) {
	f, err := d.facts(ctx)
	if err != nil {
		return core.Health{}, err
	}
	n, sample := 0, ""
	err = d.all(ctx, d.branches(), isUser, always, nil, func(e *ldap.Entry) bool {
		n++
		if sample == "" && f.protected(e) == "" {
			sample = e.DN
		}
		return true
	})
	if err != nil {
		return core.Health{}, err
	}
	health := core.Health{Summary: fmt.Sprintf("%d people visible", n), People: n, Notes: []string{"This is an Active Directory domain."}}
	if f.bin {
		health.Notes = append(health.Notes, fmt.Sprintf("The recycle bin is on: deleted accounts can be brought back for %d days.", f.days))
	} else {
		health.Notes = append(health.Notes, "The recycle bin is off: deleted accounts cannot be brought back.")
	}
	for _, p := range Spec().Permissions {
		right, applies, err := d.right(ctx, f, p, sample)
		if err != nil {
			return core.Health{}, err
		}
		if applies {
			health.Rights = append(health.Rights, right)
		}
	}
	return health, nil
}

// right finds out whether the account has a permission; applies is false for one that
// this connection has no use for.
func (d *domain) right(ctx context.Context, f *facts, p core.Permission, sample string) (right core.Right, applies bool, err error) {
	right = core.Right{Permission: p, Granted: true, Unsure: true}
	switch {
	case p.Needed:
		right.Unsure = false
		return right, true, nil
	case slices.Contains(p.For, core.Groups):
		for _, g := range f.groups {
			if !right.Granted {
				break
			}
			if err = d.lets(ctx, &right, fmt.Sprintf("<GUID=%s>", g.id), "allowedAttributesEffective", "member"); !right.Granted {
				right.Detail = fmt.Sprintf("The members of “%s” cannot be written.", g.name)
			}
		}
		return right, len(f.groups) > 0, err
	case slices.Contains(p.For, core.Create.String()):
		err = d.lets(ctx, &right, d.creation, "allowedChildClassesEffective", "user")
	case slices.Contains(p.For, core.Update.String()) && sample != "":
		err = d.lets(ctx, &right, sample, "allowedAttributesEffective", "userAccountControl", "displayName", "manager")
	}
	return right, true, err
}

// lets asks an entry what Rollcall's account may do with it.
func (d *domain) lets(ctx context.Context, right *core.Right, dn, attribute string, wanted ...string) error {
	entries, err := d.search(ctx, dn, ldap.ScopeBaseObject, "(objectClass=*)", []string{attribute, "allowedAttributes"})
	if err != nil || len(entries) == 0 || len(entries[0].GetEqualFoldAttributeValues("allowedAttributes")) == 0 {
		return leaveOut(err) // nobody can tell
	}
	may := entries[0].GetEqualFoldAttributeValues(attribute)
	right.Unsure = false
	for _, w := range wanted {
		if !slices.ContainsFunc(may, func(m string) bool { return strings.EqualFold(m, w) }) {
			right.Granted = false
			right.Detail = fmt.Sprintf("%s does not let Rollcall's account write %s there.", d.session.host, w)
		}
	}
	return nil
}

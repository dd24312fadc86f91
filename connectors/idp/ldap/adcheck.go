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
	n := 0
	var samples []string // one account of each branch
	sampled := map[string]bool{}
	err = d.all(ctx, d.branches(), isUser, always, nil, func(e *ldap.Entry) bool {
		n++
		if at := normal(parent(e.DN)); len(samples) < mostSamples && !sampled[at] && f.protected(e) == "" {
			samples, sampled[at] = append(samples, e.DN), true
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
		right, applies, err := d.right(ctx, f, p, samples)
		if err != nil {
			return core.Health{}, err
		}
		if applies {
			health.Rights = append(health.Rights, right)
		}
		if right.Granted && right.Detail != "" {
			health.Notes = append(health.Notes, right.Detail)
		}
	}
	return health, nil
}

const mostSamples = 25

// right finds out whether the account has a permission; applies is false for one that
// this connection has no use for. One that it has in some branches only is granted, and
// its detail names a branch where it is not.
func (d *domain) right(ctx context.Context, f *facts, p core.Permission, samples []string) (right core.Right, applies bool, err error) {
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
		err = d.creates(ctx, &right)
	case slices.Contains(p.For, core.Update.String()):
		err = d.changes(ctx, f, &right, samples, "displayName", "manager")
	case slices.Contains(p.For, core.Deactivate.String()):
		err = d.changes(ctx, f, &right, samples, "userAccountControl")
	}
	return right, true, err
}

// creates asks whether accounts can be made in the branch for new people. Where nobody
// named that branch, a mapping may name others: then any branch will do.
func (d *domain) creates(ctx context.Context, right *core.Right) error {
	if err := d.lets(ctx, right, d.creation, "allowedChildClassesEffective", "user"); err != nil || right.Granted || d.chosen {
		return err
	}
	other := ""
	err := d.all(ctx, d.branches(), isBranch, []string{"allowedChildClassesEffective"}, nil, func(e *ldap.Entry) bool {
		if slices.ContainsFunc(e.GetEqualFoldAttributeValues("allowedChildClassesEffective"), func(c string) bool { return strings.EqualFold(c, "user") }) {
			other = e.DN
		}
		return other == ""
	})
	if other != "" {
		right.Granted, right.Unsure = true, true
		right.Detail = fmt.Sprintf("Rollcall's account cannot make accounts in %s, but in %s: name a branch under “New people under”, or map “Organizational unit”.", d.creation, other)
	}
	return err
}

// changes asks whether accounts can be changed, in each branch that has some.
func (d *domain) changes(ctx context.Context, f *facts, right *core.Right, samples []string, attributes ...string) error {
	refused, denied := *right, 0
	at := ""
	for _, dn := range samples {
		one := *right
		if err := d.lets(ctx, &one, dn, "allowedAttributesEffective", attributes...); err != nil {
			return err
		}
		if one.Granted {
			right.Unsure = right.Unsure && one.Unsure
			continue
		}
		denied++
		refused, at = one, f.spelled(parent(dn))
	}
	switch {
	case denied > 0 && denied == len(samples):
		*right = refused
	case denied > 0:
		right.Unsure = true
		right.Detail = fmt.Sprintf("Rollcall's account cannot change accounts in %s, but in other branches.", at)
	}
	return nil
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

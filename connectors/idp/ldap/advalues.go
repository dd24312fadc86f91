package ldap

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/go-ldap/ldap/v3"

	"rollcall/core"
)

// change is what a write does to an entry, translated and checked.
type change struct {
	values  map[string][]string // attribute → values; none clears it
	name    string              // "" stays
	branch  string              // "" stays
	groups  []string
	regroup bool
}

// prepare translates what is to be set and refuses what the domain would refuse. The
// entry is nil for an account that is to be made.
func (d *domain) prepare(ctx context.Context, f *facts, set map[string]string, e *ldap.Entry) (change, error) {
	c := change{values: map[string][]string{}}
	for _, id := range slices.Sorted(maps.Keys(set)) {
		if id == core.Enabled || id == core.Deleted {
			continue
		}
		a, err := f.attribute(d.session.host, id)
		if err == nil {
			err = d.clearable(a, set[id])
		}
		if err != nil {
			return c, err
		}
		values, err := d.outward(ctx, f, a, set[id])
		if err != nil {
			return c, err
		}
		switch id {
		case commonName:
			c.name = set[id]
		case branchName:
			c.branch = values[id][0]
		case core.Groups:
			c.groups, c.regroup = values[id], true
		default:
			maps.Copy(c.values, values)
		}
	}
	d.addresses(&c, set, e)
	return c, nil
}

// clearable refuses to clear what an account cannot be without.
func (d *domain) clearable(a core.Attribute, v string) error {
	if v != "" || !a.Required && a.ID != branchName {
		return nil
	}
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("An account in %s cannot be without “%s” (%s).", d.session.host, a.Label, a.ID), Fix: "Give it a value, or keep the old one where the HR system has none."}
}

// outward gives a value as the domain writes it, attribute by attribute: a country is three.
func (d *domain) outward(ctx context.Context, f *facts, a core.Attribute, v string) (map[string][]string, error) {
	one := func(values ...string) map[string][]string { return map[string][]string{a.ID: values} }
	if v == "" {
		return cleared(a), nil
	}
	if err := fits(a, v); err != nil {
		return nil, err
	}
	switch a.ID {
	case branchName:
		return branchValue(f, a, v)
	case core.Groups:
		return groupValues(f, a, v)
	case accountExpires:
		ticks, ok := expiry(v, d.now().Location())
		if !ok {
			return nil, refused(a, v, "is no date", "Write dates as 2026-11-22.")
		}
		return one(ticks), nil
	case countryLetters:
		values, ok := countryValues(v)
		if !ok {
			return nil, refused(a, v, "is not the two letters of a country", "Use codes such as SE or DE; a rule can translate names into codes.")
		}
		return values, nil
	case accountName:
		if fault := accountNameFault(v); fault != "" {
			return nil, refused(a, v, fault, "Change the rule that makes account names.")
		}
	}
	switch a.Kind {
	case core.Bool:
		return one(strings.ToUpper(v)), nil
	case core.List:
		return one(core.SplitList(v)...), nil
	case core.Reference:
		dn, err := d.nameOf(ctx, a, v)
		return one(dn), err
	}
	return one(v), nil
}

// cleared gives what stands for nothing: most attributes have no values then.
func cleared(a core.Attribute) map[string][]string {
	switch a.ID {
	case accountExpires:
		return map[string][]string{a.ID: {never}}
	case countryLetters:
		return map[string][]string{"c": nil, "co": nil, "countryCode": {"0"}}
	}
	return map[string][]string{a.ID: nil}
}

// fits refuses values that are longer than the attribute takes; Windows counts UTF-16.
func fits(a core.Attribute, v string) error {
	values := []string{v}
	if a.Kind == core.List {
		values = core.SplitList(v)
	}
	for _, one := range values {
		if a.MaxLength > 0 && len(utf16.Encode([]rune(one))) > a.MaxLength {
			return refused(a, one, fmt.Sprintf("has more than %d characters", a.MaxLength), "Shorten it in the HR system or in the mapping.")
		}
	}
	return nil
}

func refused(a core.Attribute, v, why, fix string) error {
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("“%s” as the value of “%s” (%s) %s.", v, a.Label, a.ID, why), Fix: fix}
}

func branchValue(f *facts, a core.Attribute, v string) (map[string][]string, error) {
	if branch, ok := f.branches[normal(v)]; ok {
		return map[string][]string{a.ID: {branch}}, nil
	}
	return nil, refused(a, v, "names no branch under those of this connection", "Create the organizational unit first, or write its distinguished name as the preview offers it.")
}

func groupValues(f *facts, a core.Attribute, v string) (map[string][]string, error) {
	names := core.SplitList(v)
	for _, n := range names {
		if _, ok := f.group(n); !ok {
			return nil, refused(a, n, "is none of the groups that Rollcall looks after", "Add it under “Groups” in the settings of the connection, or change the mapping.")
		}
	}
	return map[string][]string{a.ID: names}, nil
}

// nameOf gives the DN of the account that a reference names by its objectGUID.
func (d *domain) nameOf(ctx context.Context, a core.Attribute, id string) (string, error) {
	if bytes, ok := guidFilter(id); ok {
		f := fmt.Sprintf("(%s=%s)", guid, bytes)
		for _, b := range d.branches() {
			entries, err := d.search(ctx, b, ldap.ScopeWholeSubtree, f, []string{guid})
			if err != nil {
				return "", err
			}
			if len(entries) > 0 {
				return entries[0].DN, nil
			}
		}
	}
	return "", &core.Problem{Code: core.Refused, What: fmt.Sprintf("“%s” names an account that is not in %s.", a.Label, d.session.host), Fix: "Create the other account first."}
}

// addresses lets the primary one of proxyAddresses follow mail.
func (d *domain) addresses(c *change, set map[string]string, e *ldap.Entry) {
	var before, old string
	var all []string
	if e != nil {
		before, all = e.GetEqualFoldAttributeValue(mailAddress), e.GetEqualFoldAttributeValues(proxyAddresses)
	}
	mail, moves := set[mailAddress]
	if !moves {
		mail = before
	}
	for _, a := range all {
		if rest, is := strings.CutPrefix(a, primaryMark); is {
			old = rest
		}
	}
	further, stated := c.values[proxyAddresses]
	switch {
	case stated && (len(further) > 0 || old != ""):
		c.values[proxyAddresses] = withPrimary(mail, further)
	case !stated && moves && len(all) > 0 && mail == "":
		c.values[proxyAddresses] = furtherAddresses(all, old)
	case !stated && moves && len(all) > 0 && !strings.EqualFold(mail, old):
		c.values[proxyAddresses] = movedPrimary(all, mail)
	}
}

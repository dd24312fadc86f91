package ldap

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"rollcall/core"
)

// group is a group that the connection looks after.
type group struct{ name, id, dn string }

func (f *facts) group(name string) (group, bool) {
	i := slices.IndexFunc(f.groups, func(g group) bool { return g.name == name })
	if i < 0 {
		return group{}, false
	}
	return f.groups[i], true
}

// readGroups looks up the groups that the connection names, by name or DN.
func (d *domain) readGroups(ctx context.Context, f *facts, _ string) error {
	for _, wanted := range d.wanted {
		g, err := d.readGroup(ctx, f.context, wanted)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(f.groups, func(o group) bool { return o.id == g.id }) {
			continue
		}
		if _, taken := f.group(g.name); taken {
			g.name = g.dn
		}
		f.groups = append(f.groups, g)
	}
	if len(f.groups) == 0 {
		return nil
	}
	a := core.Attribute{ID: core.Groups, Label: "Groups", Kind: core.List, Help: "Those of the groups that Rollcall looks after that the account is in."}
	for _, g := range f.groups {
		a.Choices = append(a.Choices, core.Choice{Value: g.name, Label: g.name})
	}
	f.attributes = append(f.attributes, a)
	return nil
}

func (d *domain) readGroup(ctx context.Context, everywhere, wanted string) (group, error) {
	below, fits := everywhere, fmt.Sprintf("(|(cn=%[1]s)(sAMAccountName=%[1]s))", ldap.EscapeFilter(wanted))
	if d.below != "" {
		below = d.below
	}
	if strings.Contains(wanted, "=") {
		below, fits = everywhere, fmt.Sprintf("(distinguishedName=%s)", ldap.EscapeFilter(wanted))
	}
	found, err := d.search(ctx, below, ldap.ScopeWholeSubtree, "(&(objectClass=group)"+fits+")", []string{guid, commonName, accountName, "adminCount", "objectSid"})
	if err != nil {
		return group{}, err
	}
	bad := func(what, fix string) (group, error) {
		return group{}, &core.Problem{Code: core.BadOption, What: fmt.Sprintf(what, wanted), Fix: fix}
	}
	switch {
	case len(found) == 0:
		return bad("The domain has no group “%s”, or does not show it to Rollcall's account.", "Check the names under “Groups” in the settings of the connection.")
	case len(found) > 1:
		return bad("The domain has several groups “%s”.", "Write the distinguished name of the one that you mean under “Groups”.")
	case found[0].GetEqualFoldAttributeValue("adminCount") == "1":
		return bad("The group “%s” gives an administrator's rights, so Rollcall leaves it alone.", "Remove it under “Groups” in the settings of the connection.")
	case relative(found[0]) == domainUsers:
		return bad("Everybody is in “%s” from the beginning, and it cannot be left.", "Remove it under “Groups” in the settings of the connection.")
	}
	return group{name: found[0].GetEqualFoldAttributeValue(commonName), id: idOf(found[0]), dn: found[0].DN}, nil
}

const domainUsers = 513 // the last part of its SID (MS-DTYP §2.4.2.4)

// relative gives the last part of an entry's SID, 0 where there is none.
func relative(e *ldap.Entry) uint32 {
	sid := e.GetEqualFoldRawAttributeValue("objectSid")
	if len(sid) < 4 {
		return 0
	}
	return binary.LittleEndian.Uint32(sid[len(sid)-4:])
}

// membership reads who is in the groups: an account's id → names of groups.
func (d *domain) membership(ctx context.Context, f *facts) (map[string][]string, error) {
	in := map[string][]string{}
	for _, g := range f.groups {
		members, err := d.links(ctx, fmt.Sprintf("<GUID=%s>", g.id), "member")
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			id, _ := splitDN(m)
			in[id] = append(in[id], g.name)
		}
	}
	return in, nil
}

// groupsOf gives the groups that one account is in.
func (d *domain) groupsOf(ctx context.Context, f *facts, e *ldap.Entry) ([]string, error) {
	if gone(e) {
		return nil, nil // its places are kept, but not shown in the groups
	}
	links, err := d.links(ctx, e.DN, "memberOf")
	if err != nil {
		return nil, err
	}
	is := map[string]bool{}
	for _, l := range links {
		id, _ := splitDN(l)
		is[id] = true
	}
	var in []string
	for _, g := range f.groups {
		if is[g.id] {
			in = append(in, g.name)
		}
	}
	return in, nil
}

// links reads all values of an attribute that may come in parts.
func (d *domain) links(ctx context.Context, dn, attribute string) ([]string, error) {
	return inParts(attribute, func(name string) (*ldap.Entry, error) {
		entries, err := d.search(ctx, dn, ldap.ScopeBaseObject, "(objectClass=*)", []string{name}, extendedNames)
		if err != nil {
			return nil, err
		}
		if len(entries) == 0 {
			return nil, &core.Problem{Code: core.Incomplete, What: fmt.Sprintf("%s no longer shows a group, or an account, whose membership is read.", d.session.host), Fix: "Try again. If it lasts, check the names under “Groups” in the settings of the connection."}
		}
		return entries[0], nil
	})
}

// inParts asks for all values of an attribute: what is more than the domain gives at
// once comes as attribute;range=0-1499 and has to be asked on for (MS-ADTS §3.1.1.3.1.3.3).
func inParts(attribute string, ask func(name string) (*ldap.Entry, error)) ([]string, error) {
	var all []string
	for name := attribute; ; {
		e, err := ask(name)
		if err != nil {
			return nil, err
		}
		last, there := "*", false
		for _, a := range e.Attributes {
			base, options, ranged := strings.Cut(a.Name, ";range=")
			if !strings.EqualFold(base, attribute) || len(a.Values) == 0 {
				continue
			}
			all, there = append(all, a.Values...), true
			if ranged {
				_, last, _ = strings.Cut(options, "-")
			}
		}
		if last == "*" {
			if !there && name != attribute {
				return nil, incomplete(attribute)
			}
			return all, nil
		}
		n, err := strconv.Atoi(last)
		if err != nil || n+1 != len(all) {
			return nil, incomplete(attribute)
		}
		name = fmt.Sprintf("%s;range=%d-*", attribute, n+1)
	}
}

func incomplete(attribute string) error {
	return &core.Problem{Code: core.Incomplete, What: fmt.Sprintf("Not all values of %s came.", attribute), Fix: "Try again. If it lasts, ask the administrator of the directory."}
}

// join brings an account into exactly these of the groups.
func (d *domain) join(ctx context.Context, f *facts, e *ldap.Entry, names []string) error {
	now, err := d.groupsOf(ctx, f, e)
	if err != nil {
		return err
	}
	for _, g := range f.groups {
		is, should := slices.Contains(now, g.name), slices.Contains(names, g.name)
		if is == should {
			continue
		}
		request := ldap.NewModifyRequest(fmt.Sprintf("<GUID=%s>", g.id), []ldap.Control{permissive})
		if should {
			request.Add("member", []string{e.DN})
		} else {
			request.Delete("member", []string{e.DN})
		}
		err := d.session.write(ctx, func(conn *ldap.Conn) error { return conn.Modify(request) })
		if err != nil && !membershipDone(err, should) {
			return d.groupProblem(ctx, g, err)
		}
	}
	return nil
}

// membershipDone says that an account is in the group, or out of it, already.
func membershipDone(err error, in bool) bool {
	if in {
		return ldap.IsErrorAnyOf(err, ldap.LDAPResultEntryAlreadyExists, ldap.LDAPResultAttributeOrValueExists)
	}
	return ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchAttribute) ||
		ldap.IsErrorWithCode(err, ldap.LDAPResultUnwillingToPerform) && (strings.Contains(err.Error(), "00000561") || strings.Contains(err.Error(), "already deleted"))
}

func (d *domain) groupProblem(ctx context.Context, g group, err error) error {
	p := *core.AsProblem(d.session.problem(ctx, err))
	p.What = fmt.Sprintf("The membership of the group “%s” was not changed: %s", g.name, p.What)
	if p.Code == core.MissingScope {
		p.Fix = fmt.Sprintf("Ask the administrator to let Rollcall's account write the members of “%s”.", g.name)
	}
	return &p
}

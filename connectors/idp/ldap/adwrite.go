package ldap

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"rollcall/connectors/idp/password"
	"rollcall/core"
)

// mostTries is how often a free number is looked for before we give up: each time
// somebody else was quicker, or there is an entry that we are not shown.
const mostTries = 25

// Write makes one change. What can be refused is looked at first; what was done of a
// change that is refused halfway is taken back.
func (d *domain) Write(ctx context.Context, w core.Write) (core.Receipt, error) {
	if err := ended(ctx); err != nil {
		return core.Receipt{}, err
	}
	switch w.Verb {
	case core.Create:
		return d.create(ctx, w)
	case core.Update, core.Deactivate, core.Reactivate:
		return d.change(ctx, w)
	case core.Delete:
		return d.remove(ctx, w)
	}
	return core.Receipt{}, &core.Problem{Code: core.Unsupported, What: fmt.Sprintf("Active Directory has no way to %s an account.", w.Verb), Fix: "Leave the row out."}
}

func (d *domain) create(ctx context.Context, w core.Write) (core.Receipt, error) {
	f, err := d.facts(ctx)
	if err != nil {
		return core.Receipt{}, err
	}
	set := d.withSignIn(w.Set)
	c, err := d.prepare(ctx, f, set, nil)
	if err == nil {
		err = d.whole(f, set)
	}
	if err == nil {
		err = d.free(ctx, f, "", set)
	}
	if err != nil {
		return core.Receipt{}, err
	}
	dn, err := d.add(ctx, f, c, set)
	if err != nil {
		return core.Receipt{}, err
	}
	ctx = context.WithoutCancel(ctx) // a new account is finished or taken back
	e, err := d.made(ctx, dn)
	if err == nil {
		err = d.finish(ctx, f, c, e, w)
	}
	switch {
	case err == nil:
		return core.Receipt{Account: idOf(e)}, nil
	case core.HasCode(err, core.Unknown):
		return core.Receipt{}, err
	}
	if failed := d.delete(ctx, dn); failed != nil {
		p := *core.AsProblem(err)
		p.What += " The account was made, is disabled, and could not be taken back."
		err = &p
	}
	return core.Receipt{}, err
}

// withSignIn adds the sign-in name that Windows' own tools would give a new account,
// where none is mapped and the answers name the domain of sign-in names.
func (d *domain) withSignIn(set map[string]string) map[string]string {
	name := strings.ReplaceAll(set[accountName], " ", "")
	if _, mapped := set[principalName]; mapped || d.suffix == "" || name == "" {
		return set
	}
	set = maps.Clone(set)
	set[principalName] = name + "@" + d.suffix
	return set
}

// whole names the first required attribute that has no value.
func (d *domain) whole(f *facts, set map[string]string) error {
	for _, a := range f.attributes {
		if a.Required && set[a.ID] == "" {
			return &core.Problem{Code: core.Refused, What: fmt.Sprintf("%s needs a value for “%s” (%s).", d.session.host, a.Label, a.ID), Fix: "Map a field to it, or give it a default."}
		}
	}
	return nil
}

// add makes the entry, disabled and without a password, under the first name that is free.
func (d *domain) add(ctx context.Context, f *facts, c change, set map[string]string) (string, error) {
	branch := c.branch
	if branch == "" {
		branch = d.creation
	}
	return d.numbering(ctx, branch, c.name, c.name, func(name string) (string, error) {
		dn := fmt.Sprintf("CN=%s,%s", ldap.EscapeDN(name), branch)
		request := ldap.NewAddRequest(dn, nil)
		request.Attribute("objectClass", []string{"top", "person", "organizationalPerson", "user"})
		request.Attribute("userAccountControl", []string{fmt.Sprint(normalAccount | disabledBit)})
		for _, id := range slices.Sorted(maps.Keys(c.values)) {
			if len(c.values[id]) > 0 {
				request.Attribute(id, c.values[id])
			}
		}
		err := d.session.write(ctx, func(conn *ldap.Conn) error { return conn.Add(request) })
		return dn, err
	}, func(err error) error { return d.refusal(ctx, err, f, "", set) })
}

// numbering tries a name, then with the numbers that are free in the branch, while the
// entry's own name is what is taken: somebody else may take a number first.
func (d *domain) numbering(ctx context.Context, branch, first, plain string, try func(name string) (string, error), explain func(error) error) (string, error) {
	name, n := first, 1
	for tries := 1; ; tries++ {
		dn, err := try(name)
		if err == nil {
			return dn, nil
		}
		why := explain(err)
		if !nameTaken(why) || tries == mostTries {
			return "", why
		}
		if n, err = d.freeNumber(ctx, branch, plain, n+1); err != nil {
			return "", err
		}
		name = numbered(plain, n)
	}
}

// freeNumber gives the first number from that one on that makes a name unique in a
// branch. It asks for fifty names at once.
func (d *domain) freeNumber(ctx context.Context, branch, plain string, from int) (int, error) {
	for {
		const many = 50
		filter := ""
		for n := from; n < from+many; n++ {
			filter += fmt.Sprintf("(cn=%s)", ldap.EscapeFilter(numbered(plain, n)))
		}
		entries, err := d.search(ctx, branch, ldap.ScopeSingleLevel, "(|"+filter+")", []string{commonName})
		if err != nil {
			return 0, err
		}
		taken := map[string]bool{}
		for _, e := range entries {
			taken[strings.ToLower(e.GetEqualFoldAttributeValue(commonName))] = true
		}
		for range many {
			if !taken[strings.ToLower(numbered(plain, from))] {
				return from, nil
			}
			from++
		}
	}
}

// made reads a new entry.
func (d *domain) made(ctx context.Context, dn string) (*ldap.Entry, error) {
	entries, err := d.search(ctx, dn, ldap.ScopeBaseObject, "(objectClass=user)", []string{guid})
	if err != nil || len(entries) == 0 || idOf(entries[0]) == "" {
		return nil, &core.Problem{Code: core.Unknown, Cause: err, What: fmt.Sprintf("%s made the account and then did not show it.", d.session.host), Fix: "Make a new plan; it shows whether the account is there."}
	}
	return entries[0], nil
}

// finish gives a new account a password that nobody knows and that has to be changed,
// its groups, and enables it.
func (d *domain) finish(ctx context.Context, f *facts, c change, e *ldap.Entry, w core.Write) error {
	if err := d.setPassword(ctx, e.DN); err != nil {
		return d.refusal(ctx, err, f, idOf(e), nil)
	}
	if len(c.groups) > 0 {
		if err := d.join(ctx, f, e, c.groups); err != nil {
			return err
		}
	}
	if !w.Active {
		return nil
	}
	request := ldap.NewModifyRequest(e.DN, nil)
	request.Replace("userAccountControl", []string{fmt.Sprint(normalAccount)})
	err := d.session.write(ctx, func(conn *ldap.Conn) error { return conn.Modify(request) })
	return d.refusal(ctx, err, f, idOf(e), nil)
}

func (d *domain) setPassword(ctx context.Context, dn string) error {
	first := ldap.NewModifyRequest(dn, nil)
	first.Replace("unicodePwd", []string{passwordValue(password.New())})
	change := ldap.NewModifyRequest(dn, nil)
	change.Replace("pwdLastSet", []string{"0"})
	return d.session.write(ctx, func(conn *ldap.Conn) error {
		if err := conn.Modify(first); err != nil {
			return err
		}
		return conn.Modify(change)
	})
}

func (d *domain) change(ctx context.Context, w core.Write) (core.Receipt, error) {
	p, err := d.packer(ctx, nil)
	if err != nil {
		return core.Receipt{}, err
	}
	e, err := d.writable(ctx, p, w)
	if err != nil {
		return core.Receipt{}, err
	}
	c, err := d.prepare(ctx, p.facts, w.Set, e)
	if err == nil {
		err = d.free(ctx, p.facts, w.Account, namesAfter(e, w.Set))
	}
	if err != nil {
		return core.Receipt{}, err
	}
	if !gone(e) {
		return core.Receipt{Account: w.Account}, d.carryOut(ctx, p.facts, e, c, w)
	}
	if e, err = d.restore(ctx, p, e); err != nil {
		return core.Receipt{}, err
	}
	if err = d.carryOut(ctx, p.facts, e, c, w); err != nil {
		told := *core.AsProblem(err)
		told.What += " The account was brought back all the same."
		return core.Receipt{}, &told
	}
	return core.Receipt{Account: w.Account}, nil
}

// namesAfter gives the names that have to be free: those that are set, and those with
// which a deleted account comes back.
func namesAfter(e *ldap.Entry, set map[string]string) map[string]string {
	names := map[string]string{}
	for _, id := range []string{accountName, principalName} {
		if v, sets := set[id]; sets {
			names[id] = v
		} else if gone(e) {
			names[id] = e.GetEqualFoldAttributeValue(id)
		}
	}
	return names
}

// carryOut makes a change in three steps: name and branch, attributes and state, groups.
func (d *domain) carryOut(ctx context.Context, f *facts, e *ldap.Entry, c change, w core.Write) error {
	dn, err := d.place(ctx, f, e, c, d.branchAfter(e, c, w), w)
	if err != nil {
		return err
	}
	if err := d.modify(ctx, f, e, c, w, dn); err != nil {
		return back(ctx, d.session, err, e.DN, dn)
	}
	if !c.regroup {
		return nil
	}
	moved := *e
	moved.DN = dn
	return d.join(ctx, f, &moved, c.groups)
}

// writable reads the entry that is to be changed, unless it is not to be.
func (d *domain) writable(ctx context.Context, p *adPacker, w core.Write) (*ldap.Entry, error) {
	e, err := d.byID(ctx, p, w.Account)
	if err != nil {
		return nil, err
	}
	if why := p.facts.protected(e); why != "" {
		return nil, &core.Problem{Code: core.Refused, What: why, Fix: "Leave this account out of the sync."}
	}
	if v, back := w.Set[core.Deleted]; gone(e) && w.Verb != core.Delete && (!back || v != "") {
		return nil, &core.Problem{Code: core.NotFound, What: "The account was deleted; it can be brought back.", Fix: "Make a new plan."}
	}
	return e, nil
}

// branchAfter gives the branch in which the entry stands afterwards. A leaver's own
// branch is remembered, so that the account comes back to it.
func (d *domain) branchAfter(e *ldap.Entry, c change, w core.Write) string {
	here := parent(e.DN)
	wanted := c.branch
	if wanted == "" {
		wanted = here
	}
	on := w.State()
	switch {
	case d.leavers == "" || on == nil && !d.left(e):
		return wanted
	case on != nil && *on && d.left(e):
		if c.branch != "" {
			return c.branch
		}
		if b := remembered(d.shelf, w.Account); b != "" {
			return b
		}
		return d.creation
	case on != nil && !*on && enabled(e.GetEqualFoldAttributeValue("userAccountControl")):
		remember(d.shelf, w.Account, wanted)
		return d.leavers
	case d.left(e):
		if c.branch != "" {
			remember(d.shelf, w.Account, c.branch)
		}
		return here
	}
	return wanted
}

// place gives the entry its name in its branch, and gives its whole name afterwards.
func (d *domain) place(ctx context.Context, f *facts, e *ldap.Entry, c change, branch string, w core.Write) (string, error) {
	was, _ := named(e.DN, commonName)
	current, plain := was, nameOfEntry(e)
	if c.name != "" && c.name != plain {
		current, plain = c.name, c.name
	}
	if normal(branch) == normal(parent(e.DN)) && current == was {
		return e.DN, nil
	}
	return d.numbering(ctx, branch, current, plain, func(name string) (string, error) {
		return rename(ctx, d.session, e.DN, "CN="+ldap.EscapeDN(name), branch)
	}, func(err error) error { return d.refusal(ctx, err, f, w.Account, w.Set) })
}

// modify makes all changes of attributes and of the state in one request.
func (d *domain) modify(ctx context.Context, f *facts, e *ldap.Entry, c change, w core.Write, dn string) error {
	request := ldap.NewModifyRequest(dn, nil)
	for _, id := range slices.Sorted(maps.Keys(c.values)) {
		if old := e.GetEqualFoldAttributeValues(id); len(old) > 0 || len(c.values[id]) > 0 || id == "co" {
			request.Replace(id, withOthers(f, id, old, c.values[id]))
		}
	}
	control := e.GetEqualFoldAttributeValue("userAccountControl")
	on := w.State()
	if on != nil && *on != enabled(control) {
		request.Replace("userAccountControl", []string{stateValue(control, *on)})
	}
	if len(request.Changes) == 0 {
		return nil
	}
	send := func() error { return d.session.write(ctx, func(conn *ldap.Conn) error { return conn.Modify(request) }) }
	err := send()
	if noPassword(err) && on != nil && *on && e.GetEqualFoldAttributeValue("pwdLastSet") == "0" {
		// An account whose making broke off after the first step.
		if err = d.setPassword(ctx, dn); err == nil {
			err = send()
		}
	}
	return d.refusal(ctx, err, f, w.Account, w.Set)
}

// withOthers keeps the further values of an attribute of which we write one.
func withOthers(f *facts, id string, old, values []string) []string {
	i := slices.IndexFunc(f.attributes, func(a core.Attribute) bool { return a.ID == id })
	if i < 0 || f.attributes[i].Kind == core.List || len(values) != 1 || len(old) < 2 {
		return values
	}
	others := slices.DeleteFunc(slices.Clone(old[1:]), func(v string) bool { return strings.EqualFold(v, values[0]) })
	return append([]string{values[0]}, others...)
}

func (d *domain) remove(ctx context.Context, w core.Write) (core.Receipt, error) {
	p, err := d.packer(ctx, []string{})
	if err != nil {
		return core.Receipt{}, err
	}
	e, err := d.writable(ctx, p, w)
	if err != nil {
		return core.Receipt{}, err
	}
	if !gone(e) {
		err = d.refusal(ctx, d.delete(ctx, e.DN), p.facts, w.Account, nil)
	}
	return core.Receipt{Account: w.Account}, err
}

func (d *domain) delete(ctx context.Context, dn string) error {
	return d.session.write(ctx, func(conn *ldap.Conn) error { return conn.Del(ldap.NewDelRequest(dn, nil)) })
}

// restore takes an account out of the recycle bin: its deletion is cleared and it gets a
// name again in one request (MS-ADTS §3.1.1.5.3.7). It comes back as it was.
func (d *domain) restore(ctx context.Context, p *adPacker, e *ldap.Entry) (*ldap.Entry, error) {
	branch := d.branchOf(e)
	if _, err := d.session.entry(ctx, branch, []string{"1.1"}); core.HasCode(err, core.NotFound) {
		branch = d.creation
	}
	_, err := d.numbering(ctx, branch, lastName(e), nameOfEntry(e), func(name string) (string, error) {
		request := ldap.NewModifyRequest(e.DN, []ldap.Control{showDeleted})
		request.Delete("isDeleted", nil)
		request.Replace("distinguishedName", []string{fmt.Sprintf("CN=%s,%s", ldap.EscapeDN(name), branch)})
		return "", d.session.write(ctx, func(conn *ldap.Conn) error { return conn.Modify(request) })
	}, func(err error) error { return d.refusal(ctx, err, p.facts, idOf(e), nil) })
	if err != nil {
		return nil, err
	}
	return d.byID(ctx, p, idOf(e))
}

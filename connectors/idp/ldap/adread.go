package ldap

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/go-ldap/ldap/v3"

	"rollcall/core"
)

// Accounts yields everybody, and the deleted accounts where they can be brought back.
func (d *domain) Accounts(ctx context.Context, want []string) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		p, err := d.packer(ctx, want)
		var in map[string][]string
		if err == nil && p.wants(core.Groups) {
			in, err = d.membership(ctx, p.facts)
		}
		if err != nil {
			yield(core.Account{}, err)
			return
		}
		seen := map[string]bool{}
		stopped := false
		each := func(e *ldap.Entry) bool {
			id := idOf(e)
			if id != "" && seen[id] {
				return true // it moved between the branches
			}
			seen[id] = true
			a, err := p.pack(e, in[id])
			stopped = !yield(a, err) || err != nil
			return !stopped
		}
		err = d.all(ctx, d.branches(), isUser, p.names, names(extendedNames), each)
		if err == nil && !stopped {
			err = d.deleted(ctx, p, d.all, p.facts.deleted, each)
		}
		if err != nil && !stopped {
			yield(core.Account{}, err)
		}
	}
}

func names(controls ...ldap.Control) []ldap.Control { return controls }

// deleted reads the deleted accounts that stood in our branches, where the recycle bin
// is on.
func (d *domain) deleted(ctx context.Context, p *adPacker, read reading, filter string, each func(*ldap.Entry) bool) error {
	if !p.facts.bin {
		return nil
	}
	bin := "CN=Deleted Objects," + p.facts.context
	err := read(ctx, []string{bin}, filter, p.names, names(extendedNames, showDeleted, showTheirs), func(e *ldap.Entry) bool {
		_, last := splitDN(e.GetEqualFoldAttributeValue("lastKnownParent"))
		ours := slices.ContainsFunc(d.branches(), func(b string) bool { return within(last, b) })
		return !ours || each(e)
	})
	return leaveOut(err) // not everybody may see them
}

// Account reads one account by its objectGUID.
func (d *domain) Account(ctx context.Context, id string, want []string) (core.Account, error) {
	p, err := d.packer(ctx, want)
	if err != nil {
		return core.Account{}, err
	}
	e, err := d.byID(ctx, p, id)
	if err != nil {
		return core.Account{}, err
	}
	return d.packed(ctx, p, e)
}

func (d *domain) packed(ctx context.Context, p *adPacker, e *ldap.Entry) (core.Account, error) {
	var in []string
	if p.wants(core.Groups) {
		var err error
		if in, err = d.groupsOf(ctx, p.facts, e); err != nil {
			return core.Account{}, err
		}
	}
	return p.pack(e, in)
}

// byID reads the entry of that objectGUID, also a deleted one.
func (d *domain) byID(ctx context.Context, p *adPacker, id string) (*ldap.Entry, error) {
	var found *ldap.Entry
	if bytes, ok := guidFilter(id); ok {
		filter := fmt.Sprintf("(%s=%s)", guid, bytes)
		for _, b := range d.branches() {
			entries, err := d.search(ctx, b, ldap.ScopeWholeSubtree, "(&"+isUser+filter+")", p.names, extendedNames)
			if err != nil {
				return nil, err
			}
			if len(entries) > 0 {
				return entries[0], nil
			}
		}
		if err := d.deleted(ctx, p, d.some, "(&"+p.facts.deleted+filter+")", func(e *ldap.Entry) bool { found = e; return false }); err != nil {
			return nil, err
		}
	}
	if found == nil {
		return nil, &core.Problem{Code: core.NotFound, What: fmt.Sprintf("%s has no account %s any more.", d.session.host, id), Fix: "Make a new plan; somebody may have deleted it or moved it out of the branches of this connection."}
	}
	return found, nil
}

// Find reads the accounts whose attribute has this value, compared as the domain does.
func (d *domain) Find(ctx context.Context, id, value string, want []string) ([]core.Account, error) {
	p, err := d.packer(ctx, want)
	if err != nil {
		return nil, err
	}
	a, err := p.facts.attribute(d.session.host, id)
	if err != nil {
		return nil, err
	}
	filter, err := d.filterFor(ctx, p.facts, a, value)
	if err != nil || filter == "" {
		return nil, err
	}
	var entries []*ldap.Entry
	seen := map[string]bool{} // twice where many were asked for again in pages
	keep := func(e *ldap.Entry) bool {
		if id := idOf(e); !seen[id] {
			seen[id], entries = true, append(entries, e)
		}
		return true
	}
	if err := d.some(ctx, d.branches(), "(&"+isUser+filter+")", p.names, names(extendedNames), keep); err != nil {
		return nil, err
	}
	if err := d.deleted(ctx, p, d.some, "(&"+p.facts.deleted+filter+")", keep); err != nil {
		return nil, err
	}
	var found []core.Account
	for _, e := range entries {
		account, err := d.packed(ctx, p, e)
		if err != nil {
			return nil, err
		}
		if a.ID != branchName || normal(account.Value(branchName)) == normal(value) || !p.wants(branchName) && normal(d.branchOf(e)) == normal(value) {
			found = append(found, account)
		}
	}
	return found, nil
}

func (f *facts) attribute(host, id string) (core.Attribute, error) {
	i := slices.IndexFunc(f.attributes, func(a core.Attribute) bool { return a.ID == id })
	if i < 0 {
		return core.Attribute{}, &core.Problem{Code: core.Refused, What: fmt.Sprintf("People in %s have no attribute “%s”.", host, id), Fix: "Remove it from the mapping."}
	}
	return f.attributes[i], nil
}

// filterFor asks for those who have a value; "" where nobody can have it.
func (d *domain) filterFor(ctx context.Context, f *facts, a core.Attribute, value string) (string, error) {
	switch a.ID {
	case branchName:
		return "(objectClass=user)", nil // a branch is no attribute: it is looked at afterwards
	case core.Groups:
		g, ok := f.group(value)
		if !ok {
			return "", nil
		}
		return fmt.Sprintf("(memberOf=%s)", ldap.EscapeFilter(g.dn)), nil
	}
	values, err := d.outward(ctx, f, a, value)
	if core.HasCode(err, core.Refused) || err == nil && len(values[a.ID]) == 0 {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	filter := ""
	for _, v := range values[a.ID] {
		filter += fmt.Sprintf("(%s=%s)", a.ID, ldap.EscapeFilter(v))
	}
	return "(&" + filter + ")", nil
}

// search asks once and gives entries under their plain names.
func (d *domain) search(ctx context.Context, base string, scope int, filter string, attributes []string, controls ...ldap.Control) ([]*ldap.Entry, error) {
	entries, err := d.session.search(ctx, ldap.NewSearchRequest(base, scope, ldap.NeverDerefAliases, 0, 0, false, filter, attributes, controls))
	for _, e := range entries {
		_, e.DN = splitDN(e.DN)
	}
	return entries, err
}

// reading is one of the two ways of reading entries: all and some.
type reading func(ctx context.Context, branches []string, filter string, attributes []string, controls []ldap.Control, do func(*ldap.Entry) bool) error

// some reads what is mostly a few entries, on the connection that is there.
func (d *domain) some(ctx context.Context, branches []string, filter string, attributes []string, controls []ldap.Control, do func(*ldap.Entry) bool) error {
	for _, b := range branches {
		entries, err := d.search(ctx, b, ldap.ScopeWholeSubtree, filter, attributes, controls...)
		if core.HasCode(err, core.Incomplete) {
			return d.all(ctx, branches, filter, attributes, controls, do) // they were many
		}
		if err != nil {
			return err
		}
		for _, e := range entries {
			if !do(e) {
				return nil
			}
		}
	}
	return nil
}

// all reads all entries of the branches that fit the filter, in pages, until do says no.
func (d *domain) all(ctx context.Context, branches []string, filter string, attributes []string, controls []ldap.Control, do func(*ldap.Entry) bool) error {
	more := true
	for _, b := range branches {
		request := ldap.NewSearchRequest(b, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, filter, attributes, controls)
		err := d.session.pages(ctx, request, func(e *ldap.Entry) bool {
			if ctx.Err() != nil {
				return false
			}
			_, e.DN = splitDN(e.DN)
			more = do(e)
			return more
		})
		if err == nil {
			err = ended(ctx)
		}
		if err != nil || !more {
			return err
		}
	}
	return nil
}

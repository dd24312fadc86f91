// Package ldap writes accounts to, and reads people from, directories that speak LDAP:
// Active Directory (domain), and those whose people are inetOrgPerson entries (RFC 2798),
// as OpenLDAP's are (Target). Accounts are known by objectGUID, entryUUID or nsUniqueId, which
// outlive a rename; managers, which the directory keeps as names, are translated.
package ldap

import (
	"context"
	_ "embed"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/go-ldap/ldap/v3"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

//go:embed manifest.yaml
var manifestYAML []byte

// Spec gives the connector's card and form.
func Spec() core.Spec {
	spec, err := manifest.DecodeSpec(manifestYAML)
	if err != nil {
		panic(err) // embedded; a test reads it
	}
	return spec
}

const (
	entryUUID   = "entryUUID"  // RFC 4530
	nsUniqueID  = "nsUniqueId" // what 389 Directory Server has where its plugin for entryUUID is off
	personClass = "inetOrgPerson"
	isPerson    = "(objectClass=" + personClass + ")"
)

// Target is one directory of inetOrgPerson entries.
type Target struct {
	session  *session
	shelf    core.Shelf
	base     string
	creation string
	classes  []string
	naming   string
	uuid     string // the attribute that accounts are known by
	disable  disabling
	wrong    error // an answer that does not go with such a directory

	mu         sync.Mutex
	attributes []core.Attribute // once they were read
	locks      string           // and what locks an account there; "" for nothing
}

// newTarget makes a target of inetOrgPerson entries of complete answers.
func newTarget(full core.Answers, s *session, env core.Env) (*Target, error) {
	t := &Target{session: s, shelf: env.Shelf, base: full.Get("baseDN"), creation: full.Get("createDN"), naming: full.Get("rdn"), uuid: entryUUID, classes: []string{personClass}}
	if t.creation == "" {
		t.creation = t.base
	}
	for c := range strings.SplitSeq(full.Get("classes"), ",") {
		if c = strings.TrimSpace(c); c != "" {
			t.classes = append(t.classes, c)
		}
	}
	t.disable = disabling{by: full.Get("disableBy"), branch: full.Get("leaverDN"), attribute: full.Get("disableAttribute"), off: full.Get("disabledValue"), on: full.Get("enabledValue")}
	if full.Get("groups") != "" {
		t.wrong = &core.Problem{Code: core.BadOption, What: fmt.Sprintf("%s is no Active Directory; Rollcall looks after the members of groups there only.", s.host), Fix: "Empty “Groups” in the settings of the connection."}
	}
	return t, checkNames(t.base, t.creation, t.disable.branch)
}

func checkNames(names ...string) error {
	for _, dn := range names {
		if _, err := ldap.ParseDN(dn); err != nil {
			return &core.Problem{Code: core.BadOption, Cause: err, What: fmt.Sprintf("“%s” is not a distinguished name.", dn), Fix: "Write it like this: ou=people,dc=corp,dc=example."}
		}
	}
	return nil
}

// learn asks a directory for what it does in its own way, before anything else is done:
// what its entries are known by, and through the schema how it locks an account.
func (t *Target) learn(ctx context.Context) error {
	e, err := t.entry(ctx, t.base, []string{entryUUID, nsUniqueID})
	switch {
	case core.HasCode(err, core.NotFound), core.HasCode(err, core.Refused), core.HasCode(err, core.MissingScope): // Check says so
	case err != nil:
		return err
	case e.GetEqualFoldAttributeValue(entryUUID) == "" && e.GetEqualFoldAttributeValue(nsUniqueID) != "":
		t.uuid = nsUniqueID
	}
	if _, err := t.Attributes(ctx); err != nil {
		return err
	}
	if t.disable.by == "lock" && t.locks == accountLock {
		t.disable.by, t.disable.attribute, t.disable.off, t.disable.on = "attribute", accountLock, "true", ""
	}
	return nil
}

// Check signs in, reads the schema and counts the people.
func (t *Target) Check(ctx context.Context) (core.Health, error) {
	if t.wrong != nil {
		return core.Health{}, t.wrong
	}
	root, err := t.entry(ctx, "", []string{"namingContexts", "supportedControl", "vendorName"})
	if err != nil {
		return core.Health{}, err
	}
	if _, err := t.Attributes(ctx); err != nil {
		return core.Health{}, err
	}
	if err := t.checkBranches(ctx, root.GetEqualFoldAttributeValues("namingContexts")); err != nil {
		return core.Health{}, err
	}
	n := 0
	if err := t.each(ctx, isPerson, []string{t.uuid}, func(*ldap.Entry) bool { n++; return true }); err != nil {
		return core.Health{}, err
	}
	health := core.Health{Summary: fmt.Sprintf("%d people visible", n), People: n, Notes: t.disable.notes()}
	for _, p := range Spec().Permissions {
		if slices.Contains(p.For, core.Groups) {
			continue
		}
		right := core.Right{Permission: p, Granted: true, Unsure: !p.Needed}
		if t.disable.by == "lock" && t.locks == "" && slices.Contains(p.For, core.Deactivate.String()) {
			right.Granted, right.Unsure = false, false
			right.Detail = fmt.Sprintf("%s has no %s, which the password policy overlay brings.", t.session.host, lockedTime)
		}
		health.Rights = append(health.Rights, right)
	}
	return health, nil
}

func (t *Target) checkBranches(ctx context.Context, offered []string) error {
	return t.session.checkBranches(ctx, offered, t.base, t.creation, t.disable.branch)
}

// checkBranches reads each of the branches that is not "".
func (s *session) checkBranches(ctx context.Context, offered []string, branches ...string) error {
	for _, dn := range branches {
		if dn == "" {
			continue
		}
		_, err := s.entry(ctx, dn, []string{"1.1"})
		if core.HasCode(err, core.NotFound) || core.HasCode(err, core.Refused) {
			return &core.Problem{Code: core.NotFound, Cause: err, What: fmt.Sprintf("%s has no branch %s, or does not show it to Rollcall's account.", s.host, dn),
				Fix: "Check how it is written. The server holds: " + strings.Join(offered, "; ") + "."}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Attributes gives the attributes that the classes of people allow in this directory.
func (t *Target) Attributes(ctx context.Context) ([]core.Attribute, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.attributes != nil {
		return slices.Clone(t.attributes), ended(ctx)
	}
	root, err := t.entry(ctx, "", []string{"subschemaSubentry"})
	if err != nil {
		return nil, err
	}
	place := root.GetEqualFoldAttributeValue("subschemaSubentry")
	if place == "" {
		place = "cn=Subschema"
	}
	e, err := t.search(ctx, place, ldap.ScopeBaseObject, "(objectClass=subschema)", []string{"attributeTypes", "objectClasses"})
	if err != nil {
		return nil, err
	}
	if len(e) == 0 {
		return nil, &core.Problem{Code: core.MissingScope, What: fmt.Sprintf("%s does not show its schema to Rollcall's account.", t.session.host), Fix: "Ask the administrator to let it read cn=Subschema."}
	}
	schema := newSubschema(e[0].GetEqualFoldAttributeValues("attributeTypes"), e[0].GetEqualFoldAttributeValues("objectClasses"))
	for _, c := range t.classes {
		if _, ok := schema.classes[strings.ToLower(c)]; !ok {
			return nil, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("%s has no object class “%s”.", t.session.host, c), Fix: "Check the further object classes in the settings of the connection."}
		}
	}
	t.locks = lockOf(schema)
	t.attributes = schema.attributesOf(t.classes, t.naming, t.disable.attribute)
	return slices.Clone(t.attributes), nil
}

// Accounts yields everybody. Where managers are wanted, everybody's name is read first,
// for a manager may come after those who report to them.
func (t *Target) Accounts(ctx context.Context, want []string) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		p, err := t.packer(ctx, want)
		if err != nil {
			yield(core.Account{}, err)
			return
		}
		byName := map[string]string{}
		if len(p.references()) > 0 {
			err = t.each(ctx, isPerson, []string{t.uuid}, func(e *ldap.Entry) bool {
				byName[normal(e.DN)] = e.GetEqualFoldAttributeValue(t.uuid)
				return true
			})
		}
		if err != nil {
			yield(core.Account{}, err)
			return
		}
		stopped := false
		seen := map[string]bool{}
		err = t.each(ctx, isPerson, p.names, func(e *ldap.Entry) bool {
			a, err := p.pack(e, func(dn string) (string, error) { return byName[normal(dn)], nil })
			if err == nil && seen[a.ID()] {
				return true // the branches overlap, or it moved between them
			}
			if err == nil {
				seen[a.ID()] = true
			}
			stopped = !yield(a, err) || err != nil
			return !stopped
		})
		if err != nil && !stopped {
			yield(core.Account{}, err)
		}
	}
}

// Account reads one entry by its id.
func (t *Target) Account(ctx context.Context, id string, want []string) (core.Account, error) {
	p, err := t.packer(ctx, want)
	if err != nil {
		return core.Account{}, err
	}
	e, err := t.byID(ctx, id, p.names)
	if err != nil {
		return core.Account{}, err
	}
	return p.pack(e, func(dn string) (string, error) { return t.idOf(ctx, dn) })
}

// Find reads the entries whose attribute has this value, compared as the directory does.
func (t *Target) Find(ctx context.Context, id, value string, want []string) ([]core.Account, error) {
	a, err := t.attribute(ctx, id)
	if err != nil {
		return nil, err
	}
	p, err := t.packer(ctx, want)
	if err != nil {
		return nil, err
	}
	if value, err = t.outward(ctx, a, value); core.HasCode(err, core.Refused) {
		return nil, nil // nobody can have it
	} else if err != nil {
		return nil, err
	}
	var entries []*ldap.Entry
	filter := fmt.Sprintf("(&%s(%s=%s))", isPerson, a.ID, ldap.EscapeFilter(value))
	if err := t.some(ctx, filter, p.names, func(e *ldap.Entry) { entries = append(entries, e) }); err != nil {
		return nil, err
	}
	var found []core.Account
	seen := map[string]bool{} // twice where many were asked for again in pages
	for _, e := range entries {
		own := normal(e.DN)
		if seen[own] {
			continue
		}
		seen[own] = true
		account, err := p.pack(e, func(dn string) (string, error) { return t.idOf(ctx, dn) })
		if err != nil {
			return nil, err
		}
		found = append(found, account)
	}
	return found, nil
}

func (t *Target) attribute(ctx context.Context, id string) (core.Attribute, error) {
	attributes, err := t.Attributes(ctx)
	if err != nil {
		return core.Attribute{}, err
	}
	i := slices.IndexFunc(attributes, func(a core.Attribute) bool { return a.ID == id })
	if i < 0 {
		return core.Attribute{}, &core.Problem{Code: core.Refused, What: fmt.Sprintf("People in %s have no attribute “%s”.", t.session.host, id), Fix: "Remove it from the mapping."}
	}
	return attributes[i], nil
}

// branches are where people are looked for: those below another one are left out.
func (t *Target) branches() []string {
	return covering(t.base, t.creation, t.disable.branch)
}

// covering leaves out the branches that are "" and those below another one.
func covering(all ...string) []string {
	all = slices.DeleteFunc(all, func(b string) bool { return b == "" })
	var kept []string
	for i, b := range all {
		covered := slices.ContainsFunc(kept, func(k string) bool { return within(b, k) }) ||
			slices.ContainsFunc(all[i+1:], func(o string) bool { return within(b, o) && normal(b) != normal(o) })
		if !covered {
			kept = append(kept, b)
		}
	}
	return kept
}

// each reads all entries of the branches that fit the filter, until do says no.
func (t *Target) each(ctx context.Context, filter string, names []string, do func(*ldap.Entry) bool) error {
	more := true
	for _, b := range t.branches() {
		request := ldap.NewSearchRequest(b, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, filter, names, nil)
		err := t.session.pages(ctx, request, func(e *ldap.Entry) bool {
			if err := ctx.Err(); err != nil {
				return false
			}
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

// some reads what is mostly a few entries, on the connection that is there; where they
// are more than the directory gives at once, in pages.
func (t *Target) some(ctx context.Context, filter string, names []string, do func(*ldap.Entry)) error {
	for _, b := range t.branches() {
		entries, err := t.search(ctx, b, ldap.ScopeWholeSubtree, filter, names)
		if core.HasCode(err, core.Incomplete) {
			return t.each(ctx, filter, names, func(e *ldap.Entry) bool { do(e); return true })
		}
		if err != nil {
			return err
		}
		for _, e := range entries {
			do(e)
		}
	}
	return nil
}

func (t *Target) search(ctx context.Context, base string, scope int, filter string, names []string) ([]*ldap.Entry, error) {
	return t.session.search(ctx, ldap.NewSearchRequest(base, scope, ldap.NeverDerefAliases, 0, 0, false, filter, names, nil))
}

func (t *Target) entry(ctx context.Context, dn string, names []string) (*ldap.Entry, error) {
	return t.session.entry(ctx, dn, names)
}

// entry reads the entry of that name.
func (s *session) entry(ctx context.Context, dn string, names []string) (*ldap.Entry, error) {
	entries, err := s.search(ctx, ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", names, nil))
	if err == nil && len(entries) == 0 {
		err = &core.Problem{Code: core.NotFound, What: fmt.Sprintf("%s has no entry of this name.", s.host), Fix: "Check the branches in the settings of the connection."}
	}
	if err != nil {
		return nil, err
	}
	return entries[0], nil
}

// byID reads the entry of that id.
func (t *Target) byID(ctx context.Context, id string, names []string) (*ldap.Entry, error) {
	for _, b := range t.branches() {
		entries, err := t.search(ctx, b, ldap.ScopeWholeSubtree, fmt.Sprintf("(&%s(%s=%s))", isPerson, t.uuid, ldap.EscapeFilter(id)), names)
		if err != nil {
			return nil, err
		}
		if len(entries) > 0 {
			return entries[0], nil
		}
	}
	return nil, &core.Problem{Code: core.NotFound, What: fmt.Sprintf("%s has no account %s any more.", t.session.host, id), Fix: "Make a new plan; somebody may have deleted it or moved it out of the branches of this connection."}
}

// idOf gives the id of a name, or the name itself where no entry has it: a name
// goes stale when its entry is renamed and the directory does not follow.
func (t *Target) idOf(ctx context.Context, dn string) (string, error) {
	e, err := t.entry(ctx, dn, []string{t.uuid})
	if core.HasCode(err, core.NotFound) || core.HasCode(err, core.Refused) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return e.GetEqualFoldAttributeValue(t.uuid), nil
}

// outward gives a value as the directory writes it.
func (t *Target) outward(ctx context.Context, a core.Attribute, v string) (string, error) {
	switch {
	case a.Kind == core.Bool:
		return strings.ToUpper(v), nil
	case a.Kind != core.Reference || v == "":
		return v, nil
	}
	e, err := t.byID(ctx, v, []string{t.uuid})
	if err == nil {
		return e.DN, nil
	}
	if _, bad := ldap.ParseDN(v); bad == nil && strings.Contains(v, "=") {
		return v, nil // a name that led nowhere when it was read, put back as it was
	}
	if core.HasCode(err, core.NotFound) {
		return "", &core.Problem{Code: core.Refused, What: fmt.Sprintf("“%s” names an account that is not in %s.", a.Label, t.session.host), Fix: "Create the other account first."}
	}
	return "", err
}

var _ core.Target = (*Target)(nil)

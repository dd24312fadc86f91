package ldap

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"rollcall/core"
)

// Write makes one change. A change of the attribute that names the entry, and of the
// branch it stands in, is one request; the other attributes are another. Where the
// second is refused the first is taken back.
func (t *Target) Write(ctx context.Context, w core.Write) (core.Receipt, error) {
	if err := ended(ctx); err != nil {
		return core.Receipt{}, err
	}
	switch w.Verb {
	case core.Create:
		return t.create(ctx, w)
	case core.Update, core.Deactivate, core.Reactivate:
		return t.change(ctx, w)
	case core.Delete:
		return t.remove(ctx, w)
	}
	return core.Receipt{}, &core.Problem{Code: core.Unsupported, What: fmt.Sprintf("LDAP has no way to %s an account.", w.Verb), Fix: "Leave the row out."}
}

// values translates what is to be set: attribute → values as the directory writes them.
func (t *Target) values(ctx context.Context, set map[string]string) (map[string][]string, error) {
	all := map[string][]string{}
	for _, id := range slices.Sorted(maps.Keys(set)) {
		if id == core.Enabled {
			continue
		}
		a, err := t.attribute(ctx, id)
		if err != nil {
			return nil, err
		}
		if set[id] == "" {
			all[id] = nil
			continue
		}
		if a.Kind == core.List {
			all[id] = core.SplitList(set[id])
			continue
		}
		v, err := t.outward(ctx, a, set[id])
		if err != nil {
			return nil, err
		}
		all[id] = []string{v}
	}
	return all, nil
}

func (t *Target) create(ctx context.Context, w core.Write) (core.Receipt, error) {
	values, err := t.values(ctx, w.Set)
	if err != nil {
		return core.Receipt{}, err
	}
	if err := t.complete(ctx, w.Set); err != nil {
		return core.Receipt{}, err
	}
	branch := t.creation
	if t.disable.by == "move" && !w.Active {
		branch = t.disable.branch
	}
	request := ldap.NewAddRequest(fmt.Sprintf("%s=%s,%s", t.naming, ldap.EscapeDN(w.Set[t.naming]), branch), nil)
	request.Attribute("objectClass", t.classes)
	for _, id := range slices.Sorted(maps.Keys(values)) {
		if len(values[id]) > 0 {
			request.Attribute(id, values[id])
		}
	}
	if state := t.disable.values(w.Active); state != nil {
		request.Attribute(t.disable.reads(), state)
	}
	if err := t.session.write(ctx, func(conn *ldap.Conn) error { return conn.Add(request) }); err != nil {
		return core.Receipt{}, t.refusal(ctx, err, "", w.Set)
	}
	id, err := t.idOf(context.WithoutCancel(ctx), request.DN)
	if err != nil || id == "" {
		return core.Receipt{}, &core.Problem{Code: core.Unknown, Cause: err, What: fmt.Sprintf("%s made the account and then did not show it.", t.session.host), Fix: "Make a new plan; it shows whether the account is there."}
	}
	return core.Receipt{Account: id}, nil
}

// complete names the first required attribute that has no value, which the directory
// would refuse with less clear words.
func (t *Target) complete(ctx context.Context, set map[string]string) error {
	attributes, err := t.Attributes(ctx)
	if err != nil {
		return err
	}
	for _, a := range attributes {
		if a.Required && set[a.ID] == "" {
			return &core.Problem{Code: core.Refused, What: fmt.Sprintf("%s needs a value for “%s” (%s).", t.session.host, a.Label, a.ID), Fix: "Map a field to it, or give it a default."}
		}
	}
	return nil
}

func (t *Target) change(ctx context.Context, w core.Write) (core.Receipt, error) {
	p, err := t.packer(ctx, nil)
	if err != nil {
		return core.Receipt{}, err
	}
	e, err := t.writable(ctx, w.Account, p.names)
	if err != nil {
		return core.Receipt{}, err
	}
	values, err := t.values(ctx, w.Set)
	if err != nil {
		return core.Receipt{}, err
	}
	place := t.placeAfter(e, w)
	if err := t.nameable(e, values, p.attributes); err != nil {
		return core.Receipt{}, err
	}
	dn, err := rename(ctx, t.session, e.DN, renamed(e.DN, first(values)), place)
	if err != nil {
		return core.Receipt{}, t.refusal(ctx, err, w.Account, w.Set)
	}
	request := ldap.NewModifyRequest(dn, nil)
	for _, id := range slices.Sorted(maps.Keys(values)) {
		t.modify(request, e, p.attributes, id, values[id])
	}
	if on := w.State(); on != nil && t.disable.by != "move" && *on != t.disable.active(e) {
		request.Replace(t.disable.reads(), t.disable.values(*on))
	}
	if len(request.Changes) > 0 {
		err = t.session.write(ctx, func(conn *ldap.Conn) error { return conn.Modify(request) })
	}
	if err != nil {
		return core.Receipt{}, back(ctx, t.session, t.refusal(ctx, err, w.Account, w.Set), e.DN, dn)
	}
	if dn != e.DN {
		t.follow(context.WithoutCancel(ctx), e.DN, dn, p.references())
	}
	return core.Receipt{Account: w.Account}, nil
}

// follow makes references to an entry's former name lead to its new one, for without
// the refint overlay nobody does, and with it only a moment later. It is done as far as
// the directory lets us: the rename itself is made and stays.
func (t *Target) follow(ctx context.Context, old, now string, references []core.Attribute) {
	for _, a := range references {
		var stale []string
		filter := fmt.Sprintf("(&%s(%s=%s))", isPerson, a.ID, ldap.EscapeFilter(old))
		if t.some(ctx, filter, []string{"1.1"}, func(e *ldap.Entry) { stale = append(stale, e.DN) }) != nil {
			return
		}
		for _, dn := range stale {
			request := ldap.NewModifyRequest(dn, nil)
			request.Delete(a.ID, []string{old})
			request.Add(a.ID, []string{now})
			// Refused where the overlay was quicker, which is as good.
			_ = t.session.write(ctx, func(conn *ldap.Conn) error { return conn.Modify(request) })
		}
	}
}

// writable reads the entry that is to be changed, unless it is not to be.
func (t *Target) writable(ctx context.Context, id string, names []string) (*ldap.Entry, error) {
	e, err := t.byID(ctx, id, names)
	if err != nil {
		return nil, err
	}
	if why := t.protected(e); why != "" {
		return nil, &core.Problem{Code: core.Refused, What: why, Fix: "Leave this account out of the sync."}
	}
	return e, nil
}

func first(values map[string][]string) map[string]string {
	m := map[string]string{}
	for id, v := range values {
		if len(v) > 0 {
			m[id] = v[0]
		}
	}
	return m
}

// nameable refuses to clear what names the entry, and what it cannot be without.
func (t *Target) nameable(e *ldap.Entry, values map[string][]string, attributes []core.Attribute) error {
	for _, a := range attributes {
		v, changes := values[a.ID]
		if !changes || len(v) > 0 {
			continue
		}
		if _, names := named(e.DN, a.ID); names || a.Required {
			return &core.Problem{Code: core.Refused, What: fmt.Sprintf("An account in %s cannot be without “%s” (%s).", t.session.host, a.Label, a.ID), Fix: "Give it a value, or keep the old one where the HR system has none."}
		}
	}
	return nil
}

// placeAfter gives the branch in which the entry stands afterwards.
func (t *Target) placeAfter(e *ldap.Entry, w core.Write) string {
	here := parent(e.DN)
	on := w.State()
	if t.disable.by != "move" || on == nil || *on == t.disable.active(e) {
		return here
	}
	if !*on {
		remember(t.shelf, w.Account, here)
		return t.disable.branch
	}
	if b := remembered(t.shelf, w.Account); b != "" {
		return b
	}
	return t.creation
}

const origins = "origins"

// remember keeps the branch from which an account is moved, to bring it back there.
func remember(shelf core.Shelf, id, branch string) {
	if shelf != nil {
		// Without it the account comes back to the branch for new people.
		_ = shelf.Put(origins, map[string][]byte{id: []byte(branch)})
	}
}

// remembered gives the branch that was kept; "" where none was.
func remembered(shelf core.Shelf, id string) string {
	if shelf == nil {
		return ""
	}
	branch, err := shelf.Get(origins, id)
	if err != nil {
		return ""
	}
	return string(branch)
}

// rename gives the entry that name in that branch, and gives its whole name afterwards.
func rename(ctx context.Context, s *session, dn, name, branch string) (string, error) {
	superior := ""
	if normal(branch) != normal(parent(dn)) {
		superior = branch
	}
	if name == ownName(dn) && superior == "" {
		return dn, nil
	}
	err := s.write(ctx, func(conn *ldap.Conn) error {
		return conn.ModifyDN(ldap.NewModifyDNRequest(dn, name, true, superior))
	})
	return name + "," + branch, err
}

// back takes a rename back after the rest of the change was refused, and gives the
// problem to tell.
func back(ctx context.Context, s *session, why error, old, now string) error {
	if old == now || core.HasCode(why, core.Unknown) {
		return why
	}
	if _, err := rename(context.WithoutCancel(ctx), s, now, ownName(old), parent(old)); err != nil {
		p := *core.AsProblem(why)
		p.What += " The account has its new name or place already, and it could not be taken back."
		return &p
	}
	return why
}

// modify adds the change of one attribute to a request. Where an attribute holds several
// values and we write one, the others stay.
func (t *Target) modify(request *ldap.ModifyRequest, e *ldap.Entry, attributes []core.Attribute, id string, values []string) {
	i := slices.IndexFunc(attributes, func(a core.Attribute) bool { return a.ID == id })
	if _, names := named(e.DN, id); names || i < 0 {
		return // done by the rename
	}
	old := e.GetEqualFoldAttributeValues(id)
	if attributes[i].Kind != core.List && len(values) == 1 && len(old) > 1 {
		others := slices.DeleteFunc(slices.Clone(old[1:]), func(v string) bool { return strings.EqualFold(v, values[0]) })
		values = append([]string{values[0]}, others...)
	}
	if len(old) == 0 && len(values) == 0 {
		return
	}
	request.Replace(id, values)
}

func (t *Target) remove(ctx context.Context, w core.Write) (core.Receipt, error) {
	e, err := t.writable(ctx, w.Account, []string{t.uuid})
	if err != nil {
		return core.Receipt{}, err
	}
	err = t.session.write(ctx, func(conn *ldap.Conn) error { return conn.Del(ldap.NewDelRequest(e.DN, nil)) })
	if err != nil {
		return core.Receipt{}, t.session.problem(ctx, err)
	}
	return core.Receipt{Account: w.Account}, nil
}

// refusal explains why a write was refused, and names the value that is taken where
// the directory only says that one is.
func (t *Target) refusal(ctx context.Context, err error, id string, set map[string]string) error {
	var e *ldap.Error
	if !errors.As(err, &e) {
		return t.session.problem(ctx, err)
	}
	var p core.Problem
	switch whole := t.session.problem(ctx, err); {
	case e.ResultCode == ldap.LDAPResultEntryAlreadyExists, e.ResultCode == ldap.LDAPResultConstraintViolation && strings.Contains(e.Error(), "unique"):
		p = *core.AsProblem(whole)
		p.Code, p.Fix = core.Conflict, "Match the person with the account that has the value, or give one of the two another."
		if what := t.taken(ctx, id, set); what != "" {
			p.What = what
		}
	default:
		return whole
	}
	return &p
}

// taken looks for the account that holds one of the values that are mostly unique.
func (t *Target) taken(ctx context.Context, id string, set map[string]string) string {
	for _, attribute := range slices.Compact(slices.Sorted(slices.Values([]string{t.naming, "uid", "mail", "employeeNumber"}))) {
		v := set[attribute]
		if v == "" {
			continue
		}
		found, err := t.Find(ctx, attribute, v, []string{attribute})
		if err != nil {
			return ""
		}
		for _, a := range found {
			if a.ID() != id {
				return fmt.Sprintf("“%s” is already the %s (%s) of %s.", v, strings.ToLower(labels[attribute].label), attribute, a.Value(core.AccountName))
			}
		}
	}
	return ""
}

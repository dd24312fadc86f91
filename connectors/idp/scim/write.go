package scim

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

const patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

// Write makes one change. Where the system has versions, a user that was changed since
// Write.Version gives a Stale problem.
func (t *Target) Write(ctx context.Context, w core.Write) (core.Receipt, error) {
	s, err := t.discover(ctx)
	if err != nil {
		return core.Receipt{}, err
	}
	set, err := t.assignments(s, w)
	if err != nil {
		return core.Receipt{}, err
	}
	switch w.Verb {
	case core.Create:
		return t.create(ctx, s, w, set)
	case core.Update, core.Deactivate, core.Reactivate:
		return t.change(ctx, s, w, set)
	case core.Delete:
		return t.remove(ctx, s, w)
	}
	return core.Receipt{}, &core.Problem{Code: core.Unsupported, What: fmt.Sprintf("SCIM has no way to %s a user.", w.Verb), Fix: "Leave the row out."}
}

// assignment is one attribute with the value it gets.
type assignment struct {
	attribute attribute
	value     string
}

// state stands for the user's active field in assignments.
var state = attribute{Attribute: core.Attribute{ID: core.Enabled, Label: "Enabled"}, name: "active", wire: "boolean"}

func (t *Target) assignments(s *served, w core.Write) ([]assignment, error) {
	var list []assignment
	for _, id := range slices.Sorted(maps.Keys(w.Set)) {
		if id == core.Enabled {
			if w.Verb == core.Update {
				list = append(list, assignment{state, w.Set[id]})
			}
			continue
		}
		a, ok := s.attribute(id)
		if !ok {
			return nil, t.unknownAttribute(id)
		}
		if a.ReadOnly {
			return nil, &core.Problem{Code: core.Refused, What: fmt.Sprintf("“%s” cannot be written in %s.", a.Label, t.host), Fix: "Remove it from the mapping."}
		}
		if err := a.check(w.Set[id]); err != nil {
			return nil, err
		}
		list = append(list, assignment{a, w.Set[id]})
	}
	switch w.Verb {
	case core.Deactivate, core.Reactivate:
		list = append(list, assignment{state, fmt.Sprint(w.Verb == core.Reactivate)})
	case core.Create:
		list = append(list, assignment{state, fmt.Sprint(w.Active)})
	}
	return list, nil
}

func (t *Target) create(ctx context.Context, s *served, w core.Write, set []assignment) (core.Receipt, error) {
	body := object{}
	apply(body, set)
	body["schemas"] = schemasOf(body, s.extensions)
	var made resource
	answer, err := t.rest.Do(ctx, http.MethodPost, s.users, nil, body, nil)
	if err != nil {
		return core.Receipt{}, err
	}
	// A body that is missing or unreadable does not undo the create: the id may stand
	// in the Location, and the user can be looked up.
	_ = made.UnmarshalJSON(answer.Body)
	r := core.Receipt{Account: idOf(made, answer.Header.Get("Location")), Version: t.seenVersion(s, made, answer)}
	if r.Account == "" {
		if r.Account, err = t.lookUp(ctx, w.Set["userName"]); err != nil {
			return core.Receipt{}, err
		}
	}
	if made != nil && field(made, "active") != nil && active(made) != w.Active {
		return t.change(ctx, s, core.Write{Account: r.Account}, []assignment{{state, fmt.Sprint(w.Active)}})
	}
	return r, nil
}

func apply(r object, set []assignment) {
	for _, a := range set {
		a.attribute.set(r, a.value)
	}
}

// schemasOf lists the schemas that a body uses, as RFC 7643 §3 asks for.
func schemasOf(body object, extensions []string) []any {
	list := []any{coreUser}
	for _, urn := range extensions {
		if field(body, urn) != nil {
			list = append(list, urn)
		}
	}
	return list
}

// idOf takes the id from the body, else from the end of Location. One server was seen
// to send ".../Users/undefined".
func idOf(made resource, location string) string {
	if id := userID(made); id != "" && id != "undefined" {
		return id
	}
	id, err := url.PathUnescape(location[strings.LastIndex(location, "/")+1:])
	if err != nil || id == "undefined" || id == "null" {
		return ""
	}
	return id
}

// lookUp finds the id of a user that was made and not named.
func (t *Target) lookUp(ctx context.Context, userName string) (string, error) {
	unclear := &core.Problem{Code: core.Unknown, What: fmt.Sprintf("%s did not say which user it made.", t.host), Fix: "Make a new plan; it shows whether the user is there."}
	if userName == "" {
		return "", unclear
	}
	found, err := t.Find(ctx, "userName", userName, []string{"userName"})
	if err != nil || len(found) != 1 {
		unclear.Cause = err
		return "", unclear
	}
	return found[0].ID(), nil
}

func (t *Target) seenVersion(s *served, r resource, a *rest.Answer) string {
	if !s.etags {
		return ""
	}
	if v := version(r); v != "" {
		return v
	}
	return a.Header.Get("ETag")
}

// change writes the values to a user that is there.
func (t *Target) change(ctx context.Context, s *served, w core.Write, set []assignment) (core.Receipt, error) {
	patch := s.patches && !t.putOnly.Load()
	before := resource{}
	if !patch || slices.ContainsFunc(set, needsReading) {
		var err error
		if before, err = t.one(ctx, s, w.Account); err != nil {
			return core.Receipt{}, err
		}
		if seen := version(before); s.etags && w.Version != "" && seen != "" && seen != w.Version {
			return core.Receipt{}, moved(t.host)
		}
		if s.etags && w.Version == "" {
			w.Version = version(before)
		}
	}
	if !patch {
		return t.replace(ctx, s, w, before, set)
	}
	r, err := t.patch(ctx, s, w, before, set)
	if !wantsPut(err) {
		return r, err
	}
	if status(err) != http.StatusBadRequest {
		t.putOnly.Store(true)
	}
	if before, err = t.one(ctx, s, w.Account); err != nil {
		return core.Receipt{}, err
	}
	return t.replace(ctx, s, w, before, set)
}

// needsReading says that what stands beside a value is sent with it, or that it has to
// be known whether there is something to remove.
func needsReading(a assignment) bool {
	return a.value == "" || a.attribute.sub != "" && a.attribute.Kind != core.Reference || a.attribute.element != "" || a.attribute.Kind == core.List
}

// wantsPut says that a system cannot do this PATCH and may be able to do the same by PUT.
func wantsPut(err error) bool {
	var f *rest.Failure
	if !errors.As(err, &f) {
		return false
	}
	switch f.Status {
	case http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return true
	case http.StatusBadRequest:
		kind := scimError(&f.Answer).Type
		return strings.EqualFold(kind, "noTarget") || strings.EqualFold(kind, "invalidPath")
	}
	return false
}

type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

func (t *Target) patch(ctx context.Context, s *served, w core.Write, before resource, set []assignment) (core.Receipt, error) {
	operations := patchOf(before, set)
	if len(operations) == 0 {
		return core.Receipt{Account: w.Account, Version: version(before)}, nil
	}
	opts := conditional(s, w)
	removes := slices.ContainsFunc(operations, func(o operation) bool { return o.Op == "remove" })
	if len(opts) == 0 && !removes {
		opts = append(opts, rest.Repeatable()) // twice the same value is once the same value
	}
	body := object{"schemas": []string{patchSchema}, "Operations": operations}
	return t.send(ctx, s, http.MethodPatch, w, body, opts)
}

func conditional(s *served, w core.Write) []rest.Option {
	if !s.etags || w.Version == "" {
		return nil
	}
	return []rest.Option{rest.Header("If-Match", w.Version)}
}

func (t *Target) send(ctx context.Context, s *served, method string, w core.Write, body object, opts []rest.Option) (core.Receipt, error) {
	answer, err := t.rest.Do(ctx, method, s.user(w.Account), nil, body, nil, opts...)
	if err != nil {
		return core.Receipt{}, t.unsure(t.missing(err, w.Account))
	}
	var now resource
	_ = now.UnmarshalJSON(answer.Body) // the write is made, whatever the body is
	return core.Receipt{Account: w.Account, Version: t.seenVersion(s, now, answer)}, nil
}

// patchOf gives the operations that make the values so: whole objects, whole lists, and
// "remove" for what is to be empty, which is what every server we tried understands.
func patchOf(before resource, set []assignment) []operation {
	after, _ := clone(object(before)).(object)
	apply(after, set)
	var cuts, changes []operation
	done := map[unit]bool{}
	for _, a := range set {
		u := a.attribute.unit()
		old := u.get(object(before))
		if a.value == "" && a.attribute.sub != "" && a.attribute.element == "" && a.attribute.Kind != core.List && a.attribute.Kind != core.Reference {
			// Replacing a complex attribute keeps the sub-attributes that are left out
			// (RFC 7644 §3.5.2.3), so one that goes is cut by itself.
			if o, ok := old.(object); ok && field(o, a.attribute.sub) != nil && !empty(u.get(after)) {
				cuts = append(cuts, operation{Op: "remove", Path: u.path() + "." + a.attribute.sub})
			}
		}
		if done[u] {
			continue
		}
		done[u] = true
		switch now := u.get(after); {
		case reflect.DeepEqual(old, now):
		case now == nil:
			changes = append(changes, operation{Op: "remove", Path: u.path()})
		default:
			changes = append(changes, operation{Op: "replace", Path: u.path(), Value: now})
		}
	}
	return append(cuts, changes...)
}

// replace sends the user whole: what is left out may be cleared (RFC 7644 §3.5.1).
func (t *Target) replace(ctx context.Context, s *served, w core.Write, before resource, set []assignment) (core.Receipt, error) {
	after, _ := clone(object(before)).(object)
	apply(after, set)
	for _, name := range []string{"meta", "groups", "password"} {
		put(after, name, nil)
	}
	put(after, "schemas", schemasOf(after, s.extensions))
	return t.send(ctx, s, http.MethodPut, w, after, conditional(s, w))
}

func (t *Target) remove(ctx context.Context, s *served, w core.Write) (core.Receipt, error) {
	if _, err := t.rest.Do(ctx, http.MethodDelete, s.user(w.Account), nil, nil, nil, conditional(s, w)...); err != nil {
		return core.Receipt{}, t.unsure(t.missing(err, w.Account))
	}
	return core.Receipt{Account: w.Account}, nil
}

// unsure makes an unknown outcome of a write that was sent, and sent again, without a
// clear answer. Where nobody could be reached at all, nothing was written.
func (t *Target) unsure(err error) error {
	var dial *net.OpError
	var dns *net.DNSError
	unreached := errors.As(err, &dial) && dial.Op == "dial" || errors.As(err, &dns)
	code := status(err)
	broken := core.HasCode(err, core.Unreachable) && !unreached
	failed := core.HasCode(err, core.ServerFault) && code != http.StatusServiceUnavailable && code != http.StatusNotImplemented
	if !broken && !failed {
		return err
	}
	return &core.Problem{Code: core.Unknown, Cause: err, What: fmt.Sprintf("Nobody can tell whether %s made the change: no clear answer came.", t.host), Fix: "Read again to see what became of it."}
}

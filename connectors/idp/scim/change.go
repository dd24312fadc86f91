package scim

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// change writes the values to a user that is there.
func (t *Target) change(ctx context.Context, s *served, w core.Write, set []assignment) (core.Receipt, error) {
	if len(set) == 0 {
		return core.Receipt{Account: w.Account, Version: w.Version}, nil
	}
	patch := t.patches(s)
	before, err := t.before(ctx, s, &w, set)
	if err != nil {
		return core.Receipt{}, err
	}
	if !patch {
		return t.replace(ctx, s, w, before, set)
	}
	if t.pathsFail.Load() {
		return t.wholly(ctx, s, w, set)
	}
	r, err := t.patch(ctx, s, w, before, set)
	if t.stumbles(err) {
		return t.retold(ctx, s, w, set, err)
	}
	if !wantsPut(err) {
		return r, err
	}
	if status(err) != http.StatusBadRequest {
		t.putOnly.Store(true)
	}
	before, gone := t.one(ctx, s, w.Account)
	if gone != nil {
		return core.Receipt{}, gone
	}
	r, put := t.replace(ctx, s, w, before, set)
	if wantsPut(put) && status(err) == http.StatusBadRequest {
		return t.pathless(ctx, s, w, before, set)
	}
	return r, put
}

// stumbles says that a system may have refused a PATCH for its path: it gives no reason
// of the standard's. Samples of SCIM servers that know Okta's requests alone do so.
func (t *Target) stumbles(err error) bool {
	code := status(err)
	return (code == http.StatusBadRequest || code == http.StatusInternalServerError) && typeOf(err) == "" && !t.withPaths.Load()
}

// retold sends a refused PATCH again without a path; where that does not help either, it
// was not the path, and the first refusal stands.
func (t *Target) retold(ctx context.Context, s *served, w core.Write, set []assignment, refusal error) (core.Receipt, error) {
	r, err := t.wholly(ctx, s, w, set)
	if err != nil {
		t.withPaths.Store(true)
		return core.Receipt{}, refusal
	}
	t.pathsFail.Store(true)
	return r, nil
}

// wholly sends the values as one object, each extension whole, and looks whether a change
// of the state was made: a system that understands no path may understand nothing.
func (t *Target) wholly(ctx context.Context, s *served, w core.Write, set []assignment) (core.Receipt, error) {
	before, err := t.one(ctx, s, w.Account)
	if err != nil {
		return core.Receipt{}, err
	}
	r, now, err := t.send(ctx, s, http.MethodPatch, w, whollyPatched(insisted(before, set)), conditional(s, w))
	if err == nil && userID(now) == "" {
		now, err = t.one(ctx, s, w.Account)
	}
	if err != nil {
		return core.Receipt{}, err
	}
	if slices.ContainsFunc(set, func(a assignment) bool { return a.attribute.ID == state.ID && !a.holds(now) }) {
		return core.Receipt{}, t.unclear(nil)
	}
	return r, nil
}

// pathless sends the values as one object, for systems that take no paths in a PATCH
// and have no PUT. What is to be empty is null (RFC 7643 §2.5).
func (t *Target) pathless(ctx context.Context, s *served, w core.Write, before resource, set []assignment) (core.Receipt, error) {
	after, _ := clone(object(before)).(object)
	apply(after, set)
	value := object{}
	for _, a := range set {
		u := a.attribute.unit()
		part := value
		if u.urn != "" {
			if value[u.urn] == nil {
				value[u.urn] = object{}
			}
			part, _ = value[u.urn].(object)
		}
		part[u.name] = u.get(after)
	}
	r, _, err := t.send(ctx, s, http.MethodPatch, w, whollyPatched(value), conditional(s, w))
	return r, err
}

// whollyPatched is a PATCH without a path.
func whollyPatched(value object) object {
	return object{"schemas": []string{patchSchema}, "Operations": []object{{"op": "replace", "value": value}}}
}

// insist sends without a path what the answer to a PATCH shows as not written: some
// systems look for values in an object only, and scimgateway takes the path of an
// extension's object for an attribute of its own. What does not help is not tried again.
func (t *Target) insist(ctx context.Context, s *served, w core.Write, now resource, set []assignment, r core.Receipt) core.Receipt {
	missed := t.missed(now, set)
	if len(missed) == 0 {
		return r
	}
	w.Version = r.Version
	again, then, err := t.send(ctx, s, http.MethodPatch, w, whollyPatched(insisted(now, missed)), conditional(s, w))
	if err != nil && status(err) == 0 {
		return r // the plan that comes next says what is missing
	}
	for _, a := range missed {
		if err != nil || !a.holds(then) {
			t.dropped.Store(a.attribute.ID, true)
		}
	}
	if err != nil {
		return r
	}
	return again
}

// missed gives what a user as the system shows it does not have.
func (t *Target) missed(now resource, set []assignment) (missed []assignment) {
	if userID(now) == "" {
		return nil
	}
	for _, a := range set {
		if _, dropped := t.dropped.Load(a.attribute.ID); !dropped && !a.holds(now) {
			missed = append(missed, a)
		}
	}
	return missed
}

// holds says that a user has the value, as far as it can be told: what is removed, and
// what is in a list, may look otherwise.
func (a assignment) holds(user resource) bool {
	return a.value == "" || a.attribute.Kind == core.List || a.attribute.element != "" || strings.EqualFold(a.attribute.get(object(user)), a.value)
}

// insisted gives the values as one object, each extension whole: one that is replaced
// by what is sent loses nothing.
func insisted(now resource, set []assignment) object {
	after, _ := clone(object(now)).(object)
	apply(after, set)
	value := object{}
	for _, a := range set {
		if u := a.attribute.unit(); u.urn != "" {
			value[u.urn] = u.part(after)
		} else {
			value[u.name] = u.get(after)
		}
	}
	return value
}

func (t *Target) patches(s *served) bool { return s.patches && !t.putOnly.Load() }

// before gives the user as it is, where the change needs that: as it was looked at a
// moment ago for a PATCH, read again for a PUT, which sends everything. It sets the
// version of a write that has none.
func (t *Target) before(ctx context.Context, s *served, w *core.Write, set []assignment) (resource, error) {
	patch := t.patches(s)
	user := t.recent.take(w.Account, t.rest.Now(ctx)) // in any case, for it is about to change
	if patch && !slices.ContainsFunc(set, needsReading) {
		return resource{}, nil
	}
	if user == nil || !patch {
		var err error
		if user, err = t.one(ctx, s, w.Account); err != nil {
			return nil, err
		}
	}
	if seen := version(user); s.etags && w.Version != "" && seen != "" && seen != w.Version {
		return nil, moved(t.host)
	}
	if s.etags && w.Version == "" {
		w.Version = version(user)
	}
	return user, nil
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
		kind := typeOf(err)
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
	r, now, err := t.send(ctx, s, http.MethodPatch, w, body, opts)
	if err != nil {
		return r, err
	}
	return t.insist(ctx, s, w, now, set, r), nil
}

func conditional(s *served, w core.Write) []rest.Option {
	if !s.etags || w.Version == "" {
		return nil
	}
	return []rest.Option{rest.Header("If-Match", w.Version)}
}

func (t *Target) send(ctx context.Context, s *served, method string, w core.Write, body object, opts []rest.Option) (core.Receipt, resource, error) {
	answer, err := t.rest.Do(ctx, method, s.user(w.Account), nil, body, nil, opts...)
	if err != nil {
		return core.Receipt{}, nil, t.unsure(t.missing(err, w.Account))
	}
	var now resource
	_ = now.UnmarshalJSON(answer.Body) // the write is made, whatever the body is
	return core.Receipt{Account: w.Account, Version: t.seenVersion(s, now, answer)}, now, nil
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
	r, _, err := t.send(ctx, s, http.MethodPut, w, after, conditional(s, w))
	return r, err
}

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
	r, err := t.patch(ctx, s, w, before, set)
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
	operations := []object{{"op": "replace", "value": value}}
	return t.send(ctx, s, http.MethodPatch, w, object{"schemas": []string{patchSchema}, "Operations": operations}, conditional(s, w))
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

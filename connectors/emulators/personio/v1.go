package personio

import (
	"net/http"
	"slices"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	defaultLimit = 50
	largestLimit = 100
	endless      = 1 << 30
)

func (e *emulator) employees(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit, okLimit := whole(q.Get("limit"), defaultLimit, 1, largestLimit)
	offset, okOffset := whole(q.Get("offset"), 0, 0, endless)
	wrong := wire.Unknown(q, "limit", "offset", "email", "attributes[]", "updated_since")
	if !okLimit || !okOffset || wrong != "" || !knownAttributes(q["attributes[]"]) {
		e.Refuse(w, r, http.StatusUnprocessableEntity)
		return
	}
	if q.Has("updated_since") {
		e.updatedSince(w, r)
		return
	}
	people := e.Living()
	if email := q.Get("email"); email != "" {
		people = slices.DeleteFunc(people, func(p seed.Employee) bool { return p.Email != email })
	}
	limit = e.PageSize(limit)
	rows, total := e.Pages.At(people, offset, limit)
	answer(w, e.envelope(rows, q["attributes[]"], offset, limit, total))
}

// updatedSince gives everybody who was changed, in one answer, whatever page was asked for.
func (e *emulator) updatedSince(w http.ResponseWriter, r *http.Request) {
	since, ok := parseTime(r.URL.Query().Get("updated_since"))
	if !ok {
		e.Refuse(w, r, http.StatusUnprocessableEntity)
		return
	}
	people := slices.DeleteFunc(e.Living(), func(p seed.Employee) bool { return p.Changed.Before(since) })
	answer(w, e.envelope(people, r.URL.Query()["attributes[]"], 0, max(len(people), 1), len(people)))
}

// parseTime reads a date or a time.
func parseTime(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func (e *emulator) envelope(people []seed.Employee, wanted []string, offset, limit, total int) wire.Object {
	data := make([]any, 0, len(people))
	for _, p := range people {
		data = append(data, e.v1Employee(p, wanted))
	}
	return wire.Object{
		"success": true, "offset": offset, "limit": limit, "data": data,
		"metadata": wire.Object{"total_elements": total, "current_page": offset / limit, "total_pages": (total + limit - 1) / limit},
	}
}

func (e *emulator) employee(w http.ResponseWriter, r *http.Request) {
	p, ok := e.find(r.PathValue("id"))
	if !ok {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	answer(w, wire.Object{"success": true, "data": e.v1Employee(p, nil)})
}

func (e *emulator) picture(w http.ResponseWriter, r *http.Request) {
	if p, ok := e.find(r.PathValue("id")); ok && p.Photo != "" {
		wire.Picture(w)
		return
	}
	e.Refuse(w, r, http.StatusNotFound)
}

func (e *emulator) attributes(w http.ResponseWriter, r *http.Request) {
	list := []any{}
	for _, a := range catalogue {
		if a.key == "id" || e.Hidden[a.key] {
			continue
		}
		options := []string{}
		if a.options != nil {
			options = a.options
		}
		list = append(list, wire.Object{"key": a.key, "label": a.label, "type": a.kind, "universal_id": a.universal(), "options": options})
	}
	answer(w, wire.Object{"success": true, "data": list})
}

func knownAttributes(asked []string) bool {
	for _, key := range asked {
		if !slices.ContainsFunc(catalogue, func(a attribute) bool { return a.key == key }) {
			return false
		}
	}
	return true
}

// v1Employee writes the attributes that were asked for, or all, as far as the credential may see them.
func (e *emulator) v1Employee(p seed.Employee, wanted []string) wire.Object {
	attributes := wire.Object{}
	for _, a := range catalogue {
		if e.Hidden[a.key] || len(wanted) > 0 && a.key != "id" && !slices.Contains(wanted, a.key) {
			continue
		}
		value := a.of(p)
		if isNone(value) && p.Void == seed.Missing {
			continue
		}
		attributes[a.key] = a.wrap(value)
	}
	return wire.Object{"type": "Employee", "attributes": attributes}
}

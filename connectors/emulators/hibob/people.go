package hibob

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const mostFields = 400

// request is the body of a search.
type request struct {
	Fields  []string `json:"fields"`
	Filters []filter `json:"filters"`
	All     bool     `json:"showInactive"`
	Human   string   `json:"humanReadable"`
}

type filter struct {
	Path     string   `json:"fieldPath"`
	Operator string   `json:"operator"`
	Values   []string `json:"values"`
}

// read reads the body of a call; it answers what is wrong with it, or "".
func (q *request) read(r *http.Request) string {
	in := json.NewDecoder(r.Body)
	in.DisallowUnknownFields()
	if err := in.Decode(q); err != nil && err != io.EOF || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return "The body has to be JSON of the documented keys."
	}
	switch {
	case len(q.Fields) > mostFields:
		return "At most 400 fields can be asked for."
	case !slices.Contains([]string{"", "APPEND", "REPLACE"}, q.Human):
		return "humanReadable is APPEND or REPLACE."
	case len(q.Filters) > 1:
		return "The filter cannot be used: one filter on root.id or root.email is allowed."
	}
	for _, f := range q.Filters {
		if f.Operator != "equals" || f.Path != "root.id" && f.Path != "root.email" {
			return "The filter cannot be used: one filter on root.id or root.email is allowed."
		}
	}
	return ""
}

func (q *request) finds(p seed.Employee) bool {
	if p.State == seed.Left && !q.All {
		return false
	}
	for _, f := range q.Filters {
		value := idOf(p.ID)
		if f.Path == "root.email" {
			value = p.Email
		}
		if !slices.Contains(f.Values, value) {
			return false
		}
	}
	return true
}

func (e *emulator) search(w http.ResponseWriter, r *http.Request) {
	var q request
	if wrong := q.read(r); wrong != "" {
		refuse(w, http.StatusBadRequest, "bob.api.invalid_filter", wrong)
		return
	}
	rows := []any{}
	for _, p := range e.Living() {
		if q.finds(p) {
			rows = append(rows, e.record(p, q))
		}
	}
	answer(w, wire.Object{"employees": rows})
}

func (e *emulator) one(w http.ResponseWriter, r *http.Request) {
	var q request
	if wrong := q.read(r); wrong != "" || q.Filters != nil {
		refuse(w, http.StatusBadRequest, "bob.api.invalid_request", wrong)
		return
	}
	p, ok := e.find(r.PathValue("id"))
	if !ok {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	answer(w, e.record(p, q))
}

// asked are the fields that are wanted and may be seen; what is not known is left out without a word.
func (e *emulator) asked(f field, wanted []string) bool {
	category, _, _ := strings.Cut(f.id, ".")
	switch {
	case e.Hidden[f.id]:
		return false
	case len(wanted) == 0:
		return slices.Contains([]string{"root", "about", "employment", "work"}, category)
	}
	return slices.Contains(wanted, f.id)
}

// record writes each field under its slash name and at its path, and with APPEND its text beside it.
func (e *emulator) record(p seed.Employee, q request) wire.Object {
	o, human := wire.Object{}, wire.Object{}
	for _, f := range catalogue {
		value := f.raw(e, p)
		if !e.asked(f, q.Fields) || value == nil && p.Void == seed.Missing {
			continue
		}
		shown := f.shown(value, p)
		if q.Human == "REPLACE" {
			value = orNull(shown, shown != "")
		}
		o["/"+strings.ReplaceAll(f.id, ".", "/")] = wire.Object{"value": value}
		put(o, f.id, value)
		if shown != "" {
			put(human, f.id, shown)
		}
	}
	if q.Human == "APPEND" {
		o["humanReadable"] = human
	}
	return o
}

// put writes a value at a field's path, without the word root.
func put(o wire.Object, id string, value any) {
	path := strings.Split(strings.TrimPrefix(id, "root."), ".")
	for _, key := range path[:len(path)-1] {
		inner, ok := o[key].(wire.Object)
		if !ok {
			inner = wire.Object{}
			o[key] = inner
		}
		o = inner
	}
	o[path[len(path)-1]] = value
}

// shown is how a value is shown to the service user.
func (f field) shown(value any, p seed.Employee) string {
	switch v := value.(type) {
	case nil:
		return ""
	case bool:
		return map[bool]string{true: "Yes", false: "No"}[v]
	case string:
		if day, err := time.Parse(time.DateOnly, v); err == nil && f.kind == "date" {
			return day.Format("02/01/2006")
		}
		if f.id == "internal.lifecycleStatus" && v != "" {
			return strings.ToUpper(v[:1]) + v[1:]
		}
	}
	if f.text != nil {
		return f.text(p)
	}
	if text := fmt.Sprint(value); strings.TrimSpace(text) != "" {
		return text
	}
	return ""
}

func (e *emulator) fields(w http.ResponseWriter, _ *http.Request) {
	list := []any{}
	for _, f := range catalogue {
		category, _, _ := strings.Cut(f.id, ".")
		path, data := f.id, wire.Object{}
		if strings.HasPrefix(f.id, "category_") {
			path = "custom." + f.id
		}
		if f.list != "" {
			data["listId"] = f.list
		}
		list = append(list, wire.Object{
			"id": f.id, "category": category, "categoryId": category, "categoryDisplayName": strings.ToUpper(category[:1]) + category[1:],
			"name": f.name, "description": "", "jsonPath": path, "type": f.kind, "typeData": data, "historical": category == "work",
		})
	}
	answer(w, list)
}

// items are the entries of a list: whatever somebody has.
func (e *emulator) items(list string) ([]any, bool) {
	i := slices.IndexFunc(catalogue, func(f field) bool { return f.list == list && f.kind == "list" })
	if i < 0 || list == "" {
		return nil, false
	}
	items, seen := []any{}, map[any]bool{nil: true}
	for _, p := range e.Living() {
		id, name := catalogue[i].raw(e, p), catalogue[i].text(p)
		if !seen[id] {
			seen[id] = true
			items = append(items, wire.Object{"id": id, "value": name, "name": name, "archived": false, "children": []any{}})
		}
	}
	return items, true
}

func (e *emulator) list(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	items, ok := e.items(name)
	if !ok {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	answer(w, wire.Object{"name": name, "values": items, "items": items})
}

func (e *emulator) lists(w http.ResponseWriter, _ *http.Request) {
	all := wire.Object{}
	for _, f := range catalogue {
		if items, ok := e.items(f.list); ok {
			all[f.list] = wire.Object{"name": f.list, "values": items, "items": items}
		}
	}
	answer(w, all)
}

func (e *emulator) avatar(w http.ResponseWriter, r *http.Request) {
	p, ok := e.find(r.PathValue("id"))
	if !ok || p.Photo == "" {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(p.Photo)) // the client may be gone
}

func (e *emulator) lifecycle(w http.ResponseWriter, r *http.Request) {
	p, ok := e.find(r.PathValue("id"))
	if !ok {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	values := []any{entry(1, p.Hire, "hired", nil), entry(2, p.Hire, "employed", nil)}
	if p.State == seed.Left {
		values = append(values, entry(3, p.End, "terminated", "Resignation"))
	}
	answer(w, wire.Object{"values": values})
}

func entry(n int, day, status string, reason any) wire.Object {
	id, _ := strconv.Atoi("9100" + strconv.Itoa(n))
	kind := any(nil)
	if reason != nil {
		kind = "voluntary"
	}
	return wire.Object{"id": id, "effectiveDate": orNull(day, day != ""), "status": status, "reason": reason, "reasonType": kind}
}

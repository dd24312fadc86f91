package factorial

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const largestLimit = 100

// window is the part of a list that a call asks for: behind or before a cursor, or by number.
type window struct {
	limit         int
	asked         any // as meta tells it
	after, before int
	page          int
}

// windowOf reads the paging parameters; if ok is false, it has refused the call.
func (e *emulator) windowOf(w http.ResponseWriter, r *http.Request) (win window, ok bool) {
	q := r.URL.Query()
	win.limit = largestLimit
	for _, p := range []struct {
		name        string
		into        *int
		least, most int
	}{{"limit", &win.limit, 1, largestLimit}, {"page", &win.page, 1, 1 << 20}} {
		if !q.Has(p.name) {
			continue
		}
		n, err := strconv.Atoi(q.Get(p.name))
		if err != nil || n < p.least || n > p.most {
			refuse(w, p.name, "is not in the range")
			return win, false
		}
		*p.into = n
	}
	if q.Has("limit") {
		win.asked = win.limit
	}
	for name, into := range map[string]*int{"after_id": &win.after, "before_id": &win.before} {
		if text := q.Get(name); text != "" {
			id, err := base64.StdEncoding.DecodeString(text)
			n, bad := strconv.Atoi(string(id))
			if err != nil || bad != nil || n < 1 {
				refuse(w, name, "is not a cursor")
				return win, false
			}
			*into = n
		}
	}
	if win.page > 0 && (win.after > 0 || win.before > 0) {
		e.Refuse(w, r, http.StatusBadRequest)
		return win, false
	}
	win.limit = e.PageSize(win.limit)
	return win, true
}

// start is the index at which the part begins in a list of so many rows with ascending ids.
func (win window) start(n int, id func(i int) int) int {
	switch {
	case win.page > 0:
		return (win.page - 1) * win.limit
	case win.before > 0:
		return max(first(n, func(i int) bool { return id(i) >= win.before })-win.limit, 0)
	}
	return first(n, func(i int) bool { return id(i) > win.after })
}

// first is the first index below n for which is holds, or n.
func first(n int, is func(i int) bool) int {
	for i := range n {
		if is(i) {
			return i
		}
	}
	return n
}

func (win window) meta(data []any, start, total int, more bool) wire.Object {
	meta := wire.Object{"has_next_page": more, "has_previous_page": start > 0, "total": total, "limit": win.asked}
	if win.page > 0 {
		return meta
	}
	meta["start_cursor"], meta["end_cursor"] = nil, nil
	if len(data) > 0 {
		meta["start_cursor"], meta["end_cursor"] = cursor(data[0]), cursor(data[len(data)-1])
	}
	return meta
}

func cursor(row any) string {
	return base64.StdEncoding.EncodeToString([]byte(row.(wire.Object)["id"].(string)))
}

// list answers any list but that of people. Its rows are made once, because a long list is asked for in many pages.
func (e *emulator) list(rows func() []wire.Object) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if name := wire.Unknown(r.URL.Query(), "limit", "page", "after_id", "before_id", "ids[]", "employee_ids[]"); name != "" {
			refuse(w, name, "is not known")
			return
		}
		win, ok := e.windowOf(w, r)
		if !ok {
			return
		}
		all := slices.DeleteFunc(slices.Clone(rows()), func(o wire.Object) bool {
			q := r.URL.Query()
			return !among(q["ids[]"], o["id"]) || !among(q["employee_ids[]"], o["employee_id"])
		})
		from := min(win.start(len(all), func(i int) int { return number(all[i]["id"].(string)) }), len(all))
		data := []any{}
		for _, o := range all[from:min(from+win.limit, len(all))] {
			data = append(data, o)
		}
		answer(w, wire.Object{"data": data, "meta": win.meta(data, from, len(all), from+win.limit < len(all))})
	}
}

func number(id string) int {
	n, _ := strconv.Atoi(id) // ids are made here, from numbers
	return n
}

// among tells whether a value is one of the wanted ones; where none are named, all are.
func among(wanted []string, value any) bool {
	text, _ := value.(string)
	return len(wanted) == 0 || slices.Contains(wanted, text)
}

var known = strings.Fields(`only_active only_managers ids[] access_ids[] emails[] full_text_name name_starts_with updated_at_gteq
	legal_entity_ids[] company_identifier team_ids[] location_ids[] limit page after_id before_id`)

// employees answers the list of people; two parameters have to be there.
func (e *emulator) employees(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if name := wire.Unknown(q, known...); name != "" {
		refuse(w, name, "is not known")
		return
	}
	for _, name := range []string{"only_active", "only_managers"} {
		if q.Get(name) != "true" && q.Get(name) != "false" {
			refuse(w, name, "is missing")
			return
		}
	}
	since, err := time.Parse(time.DateOnly, q.Get("updated_at_gteq"))
	if q.Has("updated_at_gteq") && err != nil {
		refuse(w, "updated_at_gteq", "is not a date")
		return
	}
	win, ok := e.windowOf(w, r)
	if !ok {
		return
	}
	people := slices.DeleteFunc(e.Living(), func(p seed.Employee) bool { return p.Changed.Before(since) || !e.matches(p, q) })
	from := win.start(len(people), func(i int) int { return people[i].ID })
	if from == len(people) { // behind the last row: the beginning of the next page, if the last one had been full
		from += (win.limit - from%win.limit) % win.limit
	}
	rows, more := e.Pages.After(people, from, win.limit)
	total := len(people)
	if win.page > 0 {
		rows, total = e.Pages.At(people, from, win.limit)
		more = from+win.limit < total
	}
	data := []any{}
	for _, p := range rows {
		data = append(data, employee(p))
	}
	answer(w, wire.Object{"data": data, "meta": win.meta(data, from, total, more)})
}

// matches tells whether a person is asked for. Most calls ask for everybody.
func (e *emulator) matches(p seed.Employee, q url.Values) bool {
	if wire.Unknown(q, "only_active", "only_managers", "updated_at_gteq", "limit", "page", "after_id", "before_id") == "" &&
		q.Get("only_active") == "false" && q.Get("only_managers") == "false" {
		return true
	}
	o := employee(p)
	name := strings.ToLower(p.Name())
	managers := q.Get("only_managers") == "true" && !slices.ContainsFunc(e.People, func(other seed.Employee) bool { return other.ManagerID == p.ID })
	return !managers && (q.Get("only_active") != "true" || o["active"] == true) && among(q["ids[]"], o["id"]) && among(q["access_ids[]"], o["access_id"]) &&
		among(q["emails[]"], o["email"]) && among(q["legal_entity_ids[]"], o["legal_entity_id"]) && among(q["location_ids[]"], o["location_id"]) &&
		among(q["team_ids[]"], id(p.Team.ID)) && (!q.Has("company_identifier") || q.Get("company_identifier") == p.Number) &&
		strings.Contains(name, strings.ToLower(q.Get("full_text_name"))) && strings.HasPrefix(name, strings.ToLower(q.Get("name_starts_with")))
}

package personio

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	defaultLimitV2 = 10
	largestLimitV2 = 50
	pastTheEnd     = 90_000_000 // ids of cursors that point behind the last person; only endless paging makes them
)

// beta answers 404 to everybody who does not ask for calls in beta.
func (e *emulator) beta(answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Beta") != "true" {
			e.Refuse(w, r, http.StatusNotFound)
			return
		}
		answer(w, r)
	}
}

var personFilters = []string{"limit", "cursor", "id", "email", "first_name", "last_name", "preferred_name", "status",
	"created_at", "created_at.gt", "created_at.lt", "updated_at", "updated_at.gt", "updated_at.lt"}

func (e *emulator) persons(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit, ok := whole(q.Get("limit"), defaultLimitV2, 1, largestLimitV2)
	people, fits := chosen(e.Living(), q)
	from, found := position(people, q.Get("cursor"))
	if !ok || !fits || !found || wire.Unknown(q, personFilters...) != "" {
		e.Refuse(w, r, http.StatusUnprocessableEntity)
		return
	}
	size := e.PageSize(limit)
	rows, more := e.Pages.After(people, from, size)
	data := make([]any, 0, len(rows))
	for _, p := range rows {
		data = append(data, e.person(p))
	}
	links := wire.Object{"self": href(r.URL.RequestURI())}
	if more {
		links["next"] = href(e.nextPage(r, people, from+size))
	}
	answer(w, wire.Object{"_data": data, "_meta": wire.Object{"links": links}})
}

func (e *emulator) nextPage(r *http.Request, people []seed.Employee, from int) string {
	if e.Pages.Mode() == wire.Stuck {
		return r.URL.RequestURI()
	}
	q := r.URL.Query()
	q.Set("cursor", cursor(people, from))
	return r.URL.Path + "?" + q.Encode()
}

func href(path string) wire.Object { return wire.Object{"href": vendorHost + path} }

// cursor names the person with whom a page begins.
func cursor(people []seed.Employee, from int) string {
	id := pastTheEnd + from
	if from < len(people) {
		id = people[from].ID
	}
	return "cur_" + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%08d", id))
}

// position is the index of the person whom a cursor names; a cursor that was never given out is not found.
func position(people []seed.Employee, cursor string) (from int, found bool) {
	if cursor == "" {
		return 0, true
	}
	name, _ := strings.CutPrefix(cursor, "cur_")
	digits, err := base64.RawURLEncoding.DecodeString(name)
	if err != nil {
		return 0, false
	}
	id, err := strconv.Atoi(string(digits))
	if err == nil && id >= pastTheEnd {
		return id - pastTheEnd, true
	}
	from = slices.IndexFunc(people, func(p seed.Employee) bool { return p.ID == id })
	return from, from >= 0
}

// chosen keeps the people whom the filters let pass.
func chosen(people []seed.Employee, q url.Values) (kept []seed.Employee, ok bool) {
	after, okAfter := bound(q.Get("updated_at.gt"))
	if state := q.Get("status"); !okAfter || state != "" && state != "ACTIVE" && state != "INACTIVE" {
		return nil, false
	}
	return slices.DeleteFunc(people, func(p seed.Employee) bool {
		return !p.Changed.After(after) ||
			!listed(q.Get("id"), strconv.Itoa(p.ID)) || !listed(q.Get("email"), p.Email) ||
			!listed(q.Get("first_name"), p.First) || !listed(q.Get("last_name"), p.Last) ||
			!listed(q.Get("status"), personStatus(p))
	}), true
}

func listed(list, value string) bool {
	return list == "" || slices.Contains(strings.Split(list, ","), value)
}

func bound(text string) (time.Time, bool) {
	if text == "" {
		return time.Time{}, true
	}
	return parseTime(text)
}

// person writes a person of v2. A photo that is not there is null; a preferred name may be "" or null.
func (e *emulator) person(p seed.Employee) wire.Object {
	var picture any
	if p.Photo != "" {
		picture = wire.Object{"url": pictureURL(p)}
	}
	o := wire.Object{
		"id": strconv.Itoa(p.ID), "created_at": "2019-01-07T08:12:44Z", "updated_at": p.Changed.UTC().Format(time.RFC3339),
		"gender": genderV2(p), "profile_picture": picture, "status": personStatus(p),
		"custom_attributes": customV2(p), "employments": employmentLinks(p),
		"_meta": wire.Object{"links": wire.Object{"self": href(fmt.Sprintf("/v2/persons/%d", p.ID))}},
	}
	wire.Put(o, "email", p.Email, p.Void)
	wire.Put(o, "first_name", p.First, p.Void)
	wire.Put(o, "last_name", p.Last, p.Void)
	wire.Put(o, "preferred_name", p.Preferred, p.Void)
	return o
}

func genderV2(p seed.Employee) string {
	if p.Gender == "" {
		return "UNSPECIFIED"
	}
	return strings.ToUpper(p.Gender)
}

// personStatus is coarser than the status of an employment: whoever has not left is active.
func personStatus(p seed.Employee) string {
	if p.State == seed.Left {
		return "INACTIVE"
	}
	return "ACTIVE"
}

func customV2(p seed.Employee) []any {
	list := []any{}
	add := func(id, kind, label string, value any) {
		if !isNone(value) {
			list = append(list, wire.Object{"id": id, "type": kind, "global_id": nil, "label": label, "value": value})
		}
	}
	add("dynamic_33101", "string", "Personnel number", p.Number)
	add("dynamic_33103", "string_list", "Language skills", languages(p))
	add("dynamic_33104", "DATE", "Anniversary", p.Custom.Anniversary)
	add("dynamic_33106", "INT", "Bicycles", bicycles(p))
	add("dynamic_33107", "DOUBLE", "Hours", hours(p))
	if p.Custom.OnSite != nil {
		add("dynamic_33109", "BOOLEAN", "On site", *p.Custom.OnSite)
	}
	return list
}

func employmentLinks(p seed.Employee) []any {
	list := []any{}
	for i := range len(p.Earlier) + 1 {
		id := employmentID(p, i)
		list = append(list, wire.Object{"id": id, "_meta": wire.Object{"links": wire.Object{"self": href(fmt.Sprintf("/v2/persons/%d/employments/%s", p.ID, id))}}})
	}
	return list
}

// employmentID numbers a person's employments; 0 is the latest.
func employmentID(p seed.Employee, i int) string { return fmt.Sprintf("9%d%02d", p.ID, 99-i) }

func (e *emulator) employments(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p, found := e.find(r.PathValue("id"))
	limit, ok := whole(q.Get("limit"), defaultLimitV2, 1, largestLimitV2)
	from, okCursor := whole(strings.TrimPrefix(q.Get("cursor"), "cur_"), 0, 0, endless)
	switch {
	case !found:
		e.Refuse(w, r, http.StatusNotFound)
		return
	case !ok || !okCursor || wire.Unknown(q, "limit", "cursor", "updated_at.gt", "updated_at.lt") != "":
		e.Refuse(w, r, http.StatusUnprocessableEntity)
		return
	}
	all := allEmployments(p)
	from = min(from, len(all))
	to := min(from+e.PageSize(limit), len(all))
	links := wire.Object{"self": href(r.URL.RequestURI())}
	if to < len(all) {
		links["next"] = href(fmt.Sprintf("%s?limit=%d&cursor=cur_%d", r.URL.Path, limit, to))
	}
	answer(w, wire.Object{"_data": all[from:to], "_meta": wire.Object{"links": links}})
}

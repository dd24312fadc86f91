package successfactors

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// people answers PerPerson. Whoever has not come by the end of the span is not there.
func (e *emulator) people(w http.ResponseWriter, r *http.Request) {
	e.list(w, r, "PerPerson", here, func(p seed.Employee, _ query) []any {
		return []any{person(p)}
	})
}

func here(p seed.Employee, q query) bool {
	return p.Hire != "" && p.Hire <= q.last || p.Hire == "" && q.last == "9999-12-31"
}

// jobs answers EmpJob, the job records of everybody.
func (e *emulator) jobs(w http.ResponseWriter, r *http.Request) {
	e.list(w, r, "EmpJob", here, func(p seed.Employee, q query) []any {
		return q.within(jobs(p), "jobInfoNav")
	})
}

// users answers User, which shows only active ones unless the filter names a status.
func (e *emulator) users(w http.ResponseWriter, r *http.Request) {
	all := strings.Contains(r.URL.Query().Get("$filter"), "status")
	e.list(w, r, "User", func(p seed.Employee, _ query) bool { return all || strings.EqualFold(userStatus(p), "t") },
		func(p seed.Employee, _ query) []any { return []any{user(p)} })
}

// user is the User record of a customer without Employee Central, who has everything in it.
func user(p seed.Employee) wire.Object {
	o := account(p)
	o["title"], o["department"], o["division"], o["location"] = null(p.Title), named(p.Department), nil, named(p.Office)
	o["manager"] = nav{nil}
	if p.Division != "" {
		o["division"] = p.Division + " (" + divisionCode(p.Division) + ")"
	}
	if p.ManagerID != 0 {
		o["manager"] = nav{entity("User", "'"+managerID(p)+"'", wire.Object{"userId": managerID(p)})}
	}
	return o
}

func named(u seed.Unit) any {
	if u.ID == 0 {
		return nil
	}
	return u.Name + " (" + codeOf(u).(string) + ")"
}

// list answers a list of what hangs on people, page by page.
func (e *emulator) list(w http.ResponseWriter, r *http.Request, entity string, there func(seed.Employee, query) bool, of func(seed.Employee, query) []any) {
	q, ok := e.read(w, r, entity)
	switch {
	case !ok:
		return
	case e.Hidden[entity]:
		refuse(w, http.StatusNotFound, "COE_ENTITY_NOT_FOUND", "[COE0019]Entity "+entity+" is not found")
		return
	}
	var people []seed.Employee
	for _, p := range e.Living() {
		if there(p, q) && (q.keep == nil || q.keep(p)) {
			people = append(people, p)
		}
	}
	size := e.PageSize(q.size)
	rows, _ := e.Pages.At(people, q.from, size)
	more := false
	if q.cursors {
		rows, more = e.Pages.After(people, q.from, size)
	}
	results := []any{}
	for _, p := range rows {
		results = append(results, q.pruned(of(p, q), "")...)
	}
	d := wire.Object{"results": results}
	if more {
		d["__next"] = next(r, q.from+size, size)
	}
	answer(w, wire.Object{"d": d})
}

var skipToken = regexp.MustCompile(`&?(\$|%24)skiptoken=[^&]*`)

// next is the address of the page after this one, which carries the call's own parameters.
func next(r *http.Request, from, size int) string {
	text, err := json.Marshal(token{from, from + size})
	if err != nil {
		panic("two numbers cannot be written: " + err.Error())
	}
	asked := skipToken.ReplaceAllString(r.URL.RawQuery, "")
	return "https://" + apiServer + r.URL.Path + "?" + asked + "&$skiptoken=" + url.QueryEscape(base64.StdEncoding.EncodeToString(text))
}

package nmbrs

import (
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

// list is one of the lists of a company's people: what may be asked for, who has a row, and the row.
type list struct {
	params []string
	has    func(p seed.Employee) bool
	row    func(p seed.Employee) wire.Object
}

var history = []string{"createdFrom", "employeeId"}

var lists = map[string]list{
	"":              {[]string{"employeeType", "employeeId"}, func(seed.Employee) bool { return true }, basicRow},
	"/personalInfo": {history, func(p seed.Employee) bool { return !lacking(p) }, infoRow},
	"/employments":  {[]string{"createdFrom", "changedFrom", "employeeId"}, func(p seed.Employee) bool { return stints(p) != nil }, employmentRow},
	"/functions":    {history, func(p seed.Employee) bool { return p.Title != "" }, functionRow},
	"/departments":  {history, func(p seed.Employee) bool { return p.Department.ID != 0 }, departmentRow},
	"/managers":     {history, func(p seed.Employee) bool { return p.ManagerID != 0 }, managerRow},
	"/costcenters":  {history, func(p seed.Employee) bool { return len(p.CostCentres) > 0 }, costCentreRow},
	"/addresses":    {history, func(p seed.Employee) bool { return p.Address != seed.Address{} }, addressRow},
	"/contracts":    {history, nobody, basicRow},
	"/schedules":    {history, nobody, basicRow},
}

func nobody(seed.Employee) bool { return false }

func (e *emulator) people(l list) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		at := slices.IndexFunc(e.companies, func(c seed.Unit) bool { return companyID(c) == r.PathValue("id") })
		number, size, ok := e.pageAsked(q)
		since, fits := sinceWhen(q)
		switch {
		case at < 0:
			e.Refuse(w, r, http.StatusNotFound)
			return
		case !ok || !fits || wire.Unknown(q, slices.Concat(l.params, []string{"pageNumber", "pageSize"})...) != "":
			e.Refuse(w, r, http.StatusBadRequest)
			return
		}
		rows, total := e.Pages.At(e.listed(e.companies[at], l, q, since), (number-1)*size, size)
		data := make([]any, 0, len(rows))
		for _, p := range rows {
			data = append(data, l.row(p))
		}
		answer(w, envelope(r, number, size, total, data))
	}
}

// listed are the people of a company who have a row in that list and whom the filters let pass.
func (e *emulator) listed(c seed.Unit, l list, q url.Values, since time.Time) []seed.Employee {
	var people []seed.Employee
	for _, p := range e.People {
		if e.company(p) == c && !p.Changed.Before(since) && l.has(p) &&
			among(q.Get("employeeId"), guid("e1", p.ID)) && among(q.Get("employeeType"), employeeType(p)) {
			people = append(people, p)
		}
	}
	return people
}

func among(asked, value string) bool { return asked == "" || asked == value }

func sinceWhen(q url.Values) (since time.Time, ok bool) {
	text := q.Get("createdFrom") + q.Get("changedFrom")
	if text == "" {
		return time.Time{}, true
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if since, err := time.Parse(layout, text); err == nil {
			return since, true
		}
	}
	return time.Time{}, false
}

func (e *emulator) pageAsked(q url.Values) (number, size int, ok bool) {
	number, okNumber := whole(q.Get("pageNumber"), 1)
	size, okSize := whole(q.Get("pageSize"), usualPage)
	return number, e.PageSize(min(size, largestPage)), okNumber && okSize
}

func whole(text string, missing int) (n int, ok bool) {
	if text == "" {
		return missing, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n > 0 && n < 1<<30
}

func envelope(r *http.Request, number, size, total int, data any) wire.Object {
	page := wire.Object{"pageNumber": number, "totalPages": (total + size - 1) / size, "totalRecords": total, "nextPage": nil}
	if number*size < total {
		q := r.URL.Query()
		q.Set("pageNumber", strconv.Itoa(number+1))
		q.Set("pageSize", strconv.Itoa(size))
		page["nextPage"] = "https://" + apiHost + r.URL.Path + "?" + q.Encode()
	}
	return wire.Object{"pagination": page, "data": data}
}

func guid(kind string, id int) string { return fmt.Sprintf("%sa1b2c3-0d0e-4f0f-8a0a-%012d", kind, id) }

func companyID(c seed.Unit) string { return guid("71", c.ID) }

func (e *emulator) listCompanies(w http.ResponseWriter, r *http.Request) {
	number, size, ok := e.pageAsked(r.URL.Query())
	if debtor := r.PathValue("debtor"); debtor != "" && debtor != debtorID {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	if !ok || wire.Unknown(r.URL.Query(), "pageNumber", "pageSize") != "" {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	data := []any{}
	for i, c := range e.companies {
		data = append(data, wire.Object{"companyId": companyID(c), "number": strconv.Itoa(i + 1), "name": c.Name, "debtorId": debtorID})
	}
	answer(w, envelope(r, number, size, len(data), cut(data, number, size)))
}

func cut(data []any, number, size int) []any {
	from := min((number-1)*size, len(data))
	return data[from:min(from+size, len(data))]
}

// codes answers a company's codes of cost centres or of cost units.
func (e *emulator) codes(key string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		number, size, ok := e.pageAsked(r.URL.Query())
		if !ok {
			e.Refuse(w, r, http.StatusBadRequest)
			return
		}
		seen, data := map[int]bool{}, []any{}
		for _, p := range e.People {
			for _, s := range p.CostCentres {
				if !seen[s.ID] {
					code, name, _ := strings.Cut(s.Name, " ")
					seen[s.ID], data = true, append(data, wire.Object{key: guid("91", s.ID), "code": code, "description": name})
				}
			}
		}
		answer(w, envelope(r, number, size, len(data), cut(data, number, size)))
	}
}

func (e *emulator) onePerson(w http.ResponseWriter, r *http.Request) {
	for _, p := range e.People {
		if guid("e1", p.ID) == r.PathValue("id") {
			data := []any{}
			if !lacking(p) {
				data = append(data, infoRow(p))
			}
			answer(w, envelope(r, 1, usualPage, len(data), data))
			return
		}
	}
	e.Refuse(w, r, http.StatusNotFound)
}

func (e *emulator) user(w http.ResponseWriter, r *http.Request) {
	answer(w, envelope(r, 1, usualPage, 1, []any{wire.Object{"userId": guid("51", 1), "email": "hr@corp.example"}}))
}

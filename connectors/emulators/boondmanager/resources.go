package boondmanager

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	usualRows = 30
	mostRows  = 500
)

// The codes of this customer's states.
const (
	left        = 0
	onMission   = 1
	starting    = 2
	between     = 3
	away        = 4
	othersState = 7
)

// lacking is a pole that the lists name by its id only: the included objects may lack some.
const lacking = 281524

func (e *emulator) resources(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	page, size, ok := pageOf(q)
	if !ok {
		refuse(w, http.StatusUnprocessableEntity, "1018", "1018 - Wrong value", "maxResults")
		return
	}
	people := slices.DeleteFunc(e.Living(), func(p seed.Employee) bool { return !wanted(p, q) })
	sortBy(people, q.Get("sort"), q.Get("order"), page)
	size = e.PageSize(size)
	rows, total := e.Pages.At(people, (page-1)*size, size)
	data := []any{}
	for _, p := range rows {
		data = append(data, wire.Object{"id": strconv.Itoa(p.ID), "type": "resource", "attributes": attributes(p), "relationships": relationships(p)})
	}
	answer(w, wire.Object{"meta": listMeta(total), "data": data, "included": included(rows)})
}

func pageOf(q url.Values) (page, size int, ok bool) {
	page, okPage := whole(q.Get("page"), 1, 1<<30)
	size, okSize := whole(q.Get("maxResults"), usualRows, mostRows)
	return page, size, okPage && okSize
}

func whole(text string, usual, most int) (int, bool) {
	if text == "" {
		return usual, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= most
}

// wanted tells whether the filters of the query let somebody pass. What is misspelt does not filter.
func wanted(p seed.Employee, q url.Values) bool {
	states, not, kinds := q["resourceStates[]"], q["excludeResourceStates[]"], q["resourceTypes[]"]
	code, kind := strconv.Itoa(state(p)), strconv.Itoa(kindOf(p))
	if len(states) > 0 && !slices.Contains(states, code) || slices.Contains(not, code) || len(kinds) > 0 && !slices.Contains(kinds, kind) {
		return false
	}
	if agencies := q["perimeterAgencies[]"]; len(agencies) > 0 && !slices.Contains(agencies, strconv.Itoa(p.LegalEntity.ID)) {
		return false
	}
	day := map[string]string{"updated": p.Changed.UTC().Format(time.DateOnly), "created": created[:10], "hired": p.Hire, "left": p.End}
	at, known := day[q.Get("period")]
	if !known {
		return true
	}
	from, to := q.Get("startDate"), q.Get("endDate")
	return at != "" && at >= from && (to == "" || at <= to)
}

// sortBy sorts by what was asked for. Who asks for no order gets another one on every second page.
func sortBy(people []seed.Employee, by, order string, page int) {
	turned := by == "" && page%2 == 0 || order == "desc"
	slices.SortStableFunc(people, func(a, b seed.Employee) int {
		c := cmp.Compare(a.ID, b.ID)
		switch by {
		case "lastName":
			c = cmp.Or(cmp.Compare(a.Last, b.Last), c)
		case "updateDate":
			c = cmp.Or(a.Changed.Compare(b.Changed), c)
		}
		if turned {
			return -c
		}
		return c
	})
}

const (
	created    = "2020-01-06T08:30:00+0100"
	timeLayout = "2006-01-02T15:04:05-0700"
)

// text is a text, or the person's way of having none: "", null or blanks. The keys are always there.
func text(value string, p seed.Employee) any {
	switch {
	case value != "":
		return value
	case p.Void == seed.Null:
		return nil
	case p.Void == seed.Blank:
		return "  "
	}
	return ""
}

func attributes(p seed.Employee) wire.Object {
	o := wire.Object{
		"creationDate": created, "updateDate": p.Changed.UTC().Format(timeLayout), "civility": civility(p), "thumbnail": thumbnail(p),
		"firstName": p.First, "lastName": p.Last, "reference": text(p.Number, p), "typeOf": kindOf(p), "state": state(p), "isVisible": true,
		"skills": "", "mobilityAreas": []any{}, "title": text(title(p), p), "availability": "immediate", "forceAvailability": false,
		"realAvailability": "immediate", "averageDailyPriceExcludingTax": 0, "email1": text(p.Email, p), "email2": text(p.PersonalEmail, p),
		"email3": "", "phone1": text(p.WorkPhone, p), "phone2": text(p.MobilePhone, p), "currency": 0, "exchangeRate": 1, "currencyAgency": 0,
		"exchangeRateAgency": 1, "numberOfResumes": 0, "numberOfActivePositionings": 0, "tools": []any{}, "expertiseAreas": []any{},
		"activityAreas": []any{}, "diplomas": []any{}, "experience": 0, "references": []any{}, "languages": []any{},
		"canShowTechnicalData": true, "canShowActions": true, "socialNetworks": []any{},
	}
	if p.ID%9 == 0 {
		o["tools"] = []any{wire.Object{"tool": "sql", "level": 4}}
	}
	return o
}

// title is the title in the list; every fourth person has it as his function in the administrative tab only.
func title(p seed.Employee) string {
	if p.ID%4 == 0 {
		return ""
	}
	return p.Title
}

func function(p seed.Employee) string {
	if p.ID%4 == 0 {
		return p.Title
	}
	return ""
}

// thumbnail is the address of a picture, empty, or a path that is no address.
func thumbnail(p seed.Employee) string {
	if p.Photo == "" && p.ID%10 == 1 {
		return "/img/nobody.png"
	}
	return p.Photo
}

func civility(p seed.Employee) int {
	code, ok := map[string]int{"male": 0, "female": 1, "diverse": 2}[p.Gender]
	if !ok {
		return -1
	}
	return code
}

func kindOf(p seed.Employee) int {
	code, ok := map[string]int{"Full-Time": 0, "Contractor": 1, "Intern": 2, "Part-Time": 3}[p.Type]
	if !ok {
		return -1
	}
	return code
}

// stateless people have neither state nor contract.
func stateless(p seed.Employee) bool {
	return p.Department.ID == 0 && p.Title == "" && p.Void == seed.Missing
}

func state(p seed.Employee) int {
	switch {
	case stateless(p):
		return -1
	case p.State == seed.Left:
		return left
	case p.State == seed.OnLeave:
		return away
	case p.State == seed.Starting:
		return starting
	case p.State == seed.Odd:
		return othersState
	case p.ID%5 == 0:
		return between
	}
	return onMission
}

func link(kind string, id int) wire.Object {
	if id == 0 {
		return wire.Object{"data": nil}
	}
	return wire.Object{"data": wire.Object{"id": strconv.Itoa(id), "type": kind}}
}

func relationships(p seed.Employee) wire.Object {
	hr := 0
	if p.Manager() != nil {
		hr = p.Manager().ManagerID
	}
	return wire.Object{"mainManager": link("resource", p.ManagerID), "hrManager": link("resource", hr),
		"agency": link("agency", p.LegalEntity.ID), "pole": link("pole", p.Department.ID)}
}

// included holds each related object of a page once, in short.
func included(rows []seed.Employee) []any {
	list, seen := []any{}, map[int]bool{0: true, lacking: true}
	add := func(id int, kind string, short wire.Object) {
		if !seen[id] {
			seen[id] = true
			list = append(list, wire.Object{"id": strconv.Itoa(id), "type": kind, "attributes": short})
		}
	}
	for _, p := range rows {
		add(p.LegalEntity.ID, "agency", wire.Object{"name": p.LegalEntity.Name})
		add(p.Department.ID, "pole", wire.Object{"name": p.Department.Name})
		if m := p.Manager(); m != nil {
			add(m.ID, "resource", wire.Object{"firstName": m.First, "lastName": m.Last})
		}
	}
	return list
}

func (e *emulator) profile(w http.ResponseWriter, p seed.Employee) {
	links := relationships(p)
	links["contracts"] = contractLinks(p)
	answer(w, wire.Object{"meta": meta(true), "data": wire.Object{"id": strconv.Itoa(p.ID), "type": "resource",
		"attributes": attributes(p), "relationships": links}, "included": included([]seed.Employee{p})})
}

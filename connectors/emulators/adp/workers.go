package adp

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	usualTop = 50
	mostTop  = 100
)

type writer func(p seed.Employee, masked bool) wire.Object

// workers is a list; behind its end there is no content.
func (e *emulator) workers(write writer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		top, okTop := whole(q.Get("$top"), usualTop, 1, mostTop)
		skip, okSkip := whole(q.Get("$skip"), 0, 0, 1<<30)
		people, okFilter := filtered(e.Living(), q.Get("$filter"))
		selected, okSelect := selection(q)
		switch {
		case !okTop:
			confirm(w, r, http.StatusBadRequest, "Top must be greater than 0 and less than or equal to 100.")
		case !okSkip || !okFilter || !okSelect || wire.Unknown(q, "$top", "$skip", "$select", "$filter", "count") != "":
			e.Refuse(w, r, http.StatusBadRequest)
		default:
			rows, total := e.Pages.At(people, skip, e.PageSize(top))
			if len(rows) == 0 {
				w.WriteHeader(http.StatusNoContent)
				return
			}
			answer(w, envelope(rows, write, masked(r), selected, q.Get("count") == "true", total))
		}
	}
}

func envelope(rows []seed.Employee, write writer, masked bool, selected tree, count bool, total int) wire.Object {
	list := make([]any, 0, len(rows))
	for _, p := range rows {
		list = append(list, prune(write(p, masked), selected))
	}
	o := wire.Object{"workers": list, "meta": nil, "confirmMessage": nil}
	if count {
		o["meta"] = wire.Object{"totalNumber": total}
	}
	return o
}

func (e *emulator) worker(w http.ResponseWriter, r *http.Request) {
	selected, ok := selection(r.URL.Query())
	if !ok || wire.Unknown(r.URL.Query(), "$select") != "" {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	for _, p := range e.Living() {
		if id(p.ID) == r.PathValue("id") {
			answer(w, envelope([]seed.Employee{p}, record, masked(r), selected, false, 1))
			return
		}
	}
	e.Refuse(w, r, http.StatusNotFound)
}

// demographics is a worker without what is private.
func demographics(p seed.Employee, masked bool) wire.Object {
	o := record(p, masked)
	person := o["person"].(wire.Object)
	for _, private := range []string{"birthDate", "governmentIDs", "ethnicityCode", "maritalStatusCode", "communication"} {
		delete(person, private)
	}
	return o
}

func whole(text string, missing, least, most int) (n int, ok bool) {
	if text == "" {
		return missing, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= least && n <= most
}

// tree holds the parts of a record that were asked for; an empty one stands for everything.
type tree map[string]tree

// selection reads $select, a list of paths that begin with workers.
func selection(q url.Values) (selected tree, ok bool) {
	selected = tree{}
	if !q.Has("$select") {
		return selected, true
	}
	for path := range strings.SplitSeq(q.Get("$select"), ",") {
		steps := strings.Split(strings.TrimSpace(path), "/")
		if steps[0] != "workers" || slices.Contains(steps, "") {
			return nil, false
		}
		at := selected
		for _, step := range steps[1:] {
			if at[step] == nil {
				at[step] = tree{}
			}
			at = at[step]
		}
	}
	return selected, true
}

func prune(v any, selected tree) any {
	if len(selected) == 0 {
		return v
	}
	switch v := v.(type) {
	case wire.Object:
		kept := wire.Object{}
		for key, rest := range selected {
			if value, there := v[key]; there {
				kept[key] = prune(value, rest)
			}
		}
		return kept
	case []any:
		kept := []any{}
		for _, value := range v {
			kept = append(kept, prune(value, selected))
		}
		return kept
	}
	return v
}

const assignment = "workers/workAssignments/"

// filters are what may be compared in $filter.
var filters = map[string]func(p seed.Employee) []string{
	assignment + "assignmentStatus/statusCode/codeValue": func(p seed.Employee) []string { return []string{assignmentCode(p)} },
	assignment + "reportsTo/positionID":                  func(p seed.Employee) []string { return []string{position(p.ManagerID)} },
	assignment + "homeOrganizationalUnits/nameCode/codeValue": func(p seed.Employee) []string {
		var codes []string
		for _, u := range unitsOf(p) {
			codes = append(codes, u.code)
		}
		return codes
	},
	assignment + "homeOrganizationalUnits/typeCode/codeValue": func(p seed.Employee) []string {
		var kinds []string
		for _, u := range unitsOf(p) {
			kinds = append(kinds, u.kind)
		}
		return kinds
	},
}

// filtered knows eq and and, nothing else.
func filtered(people []seed.Employee, filter string) (kept []seed.Employee, ok bool) {
	if filter == "" {
		return people, true
	}
	for clause := range strings.SplitSeq(filter, " and ") {
		path, value, found := strings.Cut(strings.TrimSpace(clause), " eq ")
		value = strings.TrimSpace(value)
		of := filters[strings.TrimPrefix(path, "/")]
		if !found || of == nil || len(value) < 2 || value[0] != '\'' || value[len(value)-1] != '\'' {
			return nil, false
		}
		people = slices.DeleteFunc(people, func(p seed.Employee) bool { return !slices.Contains(of(p), value[1:len(value)-1]) })
	}
	return people, true
}

func (e *emulator) meta(w http.ResponseWriter, _ *http.Request) {
	fields := wire.Object{}
	for path := range filters {
		fields["/"+path] = wire.Object{"readOnly": true}
	}
	answer(w, wire.Object{"meta": wire.Object{"/workers": wire.Object{"fields": fields}}})
}

// table is a validation table of the units that people are in.
func (e *emulator) table(w http.ResponseWriter, title string, of func(p seed.Employee) (code, name string), more func(o wire.Object)) {
	seen, items := map[string]bool{}, []any{}
	for _, p := range e.People {
		code, name := of(p)
		if code == "" || seen[code] {
			continue
		}
		seen[code] = true
		o := wire.Object{"nameCode": wire.Object{"code": code, "name": name}, "inactiveIndicator": false}
		more(o)
		items = append(items, o)
	}
	answer(w, wire.Object{"validationTableTitle": title, "listItems": items})
}

func withContacts(o wire.Object) {
	o["customTags"] = []any{}
	o["contacts"] = wire.Object{"personName": wire.Object{}, "communication": wire.Object{"emails": wire.Object{}, "landlines": []any{}}}
}

func (e *emulator) departments(w http.ResponseWriter, _ *http.Request) {
	e.table(w, "Departments", func(p seed.Employee) (string, string) { return departmentCode(p), p.Department.Name }, func(o wire.Object) {
		withContacts(o)
		o["payrollGroupCode"] = " "
	})
}

func (e *emulator) locations(w http.ResponseWriter, _ *http.Request) {
	e.table(w, "Associate Work Locations", func(p seed.Employee) (string, string) { return code(p.Office), p.Office.Name }, withContacts)
}

func (e *emulator) businessUnits(w http.ResponseWriter, _ *http.Request) {
	e.table(w, "Business Units", func(p seed.Employee) (string, string) { return divisionCode(p), p.Division }, withContacts)
}

func (e *emulator) costCentres(w http.ResponseWriter, _ *http.Request) {
	e.table(w, "Cost Centers", func(p seed.Employee) (string, string) { return code(costCentre(p)), costCentre(p).Name }, func(o wire.Object) {
		o["payrollGroupCode"] = "K7033"
	})
}

package successfactors

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const largestPage = 1000

// expandable are the paths that $expand may name, by entity; those below an employment's job are an EmpJob's own.
var expandable = func() map[string][]string {
	job := []string{"departmentNav", "divisionNav", "businessUnitNav", "companyNav", "costCenterNav", "locationNav", "locationNav/addressNavDEFLT",
		"emplStatusNav", "employmentTypeNav", "employeeClassNav", "managerUserNav", "positionNav"}
	all := []string{"personalInfoNav", "emailNav", "emailNav/emailTypeNav", "phoneNav", "phoneNav/phoneTypeNav", "employmentNav",
		"employmentNav/userNav", "employmentNav/jobInfoNav", "personEmpTerminationInfoNav", "homeAddressNavDEFLT", "photoNav"}
	for _, path := range job {
		all = append(all, "employmentNav/jobInfoNav/"+path)
	}
	return map[string][]string{"PerPerson": all, "EmpJob": job, "User": {"manager"}, "FOLocation": {"addressNavDEFLT"},
		"Picklist('ecEmailType')": {"picklistOptions", "picklistOptions/picklistLabels"}}
}()

// query is what a call for a list asks.
type query struct {
	url.Values
	entity  string
	expand  []string // with everything on the way
	hidden  map[string]bool
	size    int
	from    int
	cursors bool
	keep    func(seed.Employee) bool
	first   string // the span whose records are wanted; both empty: those that are valid today
	last    string
}

// read checks the parameters of a call for a list; if ok is false, it has refused the call.
func (e *emulator) read(w http.ResponseWriter, r *http.Request, entity string) (asked query, ok bool) {
	q := query{Values: r.URL.Query(), entity: entity, hidden: e.Hidden, first: e.today()}
	q.last = q.first
	if q.Get("$format") != "json" && !wire.WantsJSON(r) {
		w.Header().Set("Content-Type", "application/atom+xml;charset=utf-8")
		_, _ = w.Write([]byte(`<?xml version='1.0' encoding='utf-8'?><feed xmlns="http://www.w3.org/2005/Atom"/>`)) // the client may be gone
		return q, false
	}
	wrong := wire.Unknown(q.Values, "$format", "$expand", "$filter", "$select", "$orderby", "$top", "$skip", "$skiptoken", "paging",
		"customPageSize", "asOfDate", "fromDate", "toDate")
	if wrong == "" {
		wrong = q.takeExpand()
	}
	if wrong == "" && !(q.takePage() && q.takeSpan()) {
		wrong = "value"
	}
	if q.keep, ok = filter(q.Get("$filter")); wrong == "" && !ok {
		wrong = "$filter"
	}
	if wrong != "" {
		refuse(w, http.StatusBadRequest, "COE_PROPERTY_NOT_FOUND", "[COE0021]Invalid property names: "+entity+"/"+wrong+
			". Please check the property name and try again.")
	}
	return q, wrong == ""
}

// today is the day after the company's latest change, because a made-up company lives around a day of its own.
func (e *emulator) today() string {
	var latest time.Time
	for _, p := range e.People {
		if p.Changed.After(latest) {
			latest = p.Changed
		}
	}
	if latest.IsZero() {
		latest = time.Now()
	}
	return latest.UTC().AddDate(0, 0, 1).Format(time.DateOnly)
}

func (q *query) takeExpand() (wrong string) {
	for _, path := range strings.FieldsFunc(q.Get("$expand"), func(r rune) bool { return r == ',' }) {
		path = strings.TrimSpace(path)
		if !slices.Contains(expandable[q.entity], path) {
			return path
		}
		steps := strings.Split(path, "/")
		for i, step := range steps {
			if q.hidden[step] {
				return path
			}
			q.expand = append(q.expand, strings.Join(steps[:i+1], "/"))
		}
	}
	return ""
}

// takePage reads the size of a page and where it begins: by the server's token, or by the client's numbers.
func (q *query) takePage() bool {
	kind := q.Get("paging")
	q.cursors = kind != ""
	if !slices.Contains([]string{"", "snapshot", "cursor"}, kind) || q.Has("customPageSize") && !q.cursors || q.Has("$skiptoken") && !q.cursors {
		return false
	}
	var okSize, okFrom bool
	if !q.cursors {
		q.size, okSize = whole(q.Get("$top"), largestPage, 1, largestPage)
		q.from, okFrom = whole(q.Get("$skip"), 0, 0, 1<<30)
		return okSize && okFrom
	}
	q.size, okSize = whole(q.Get("customPageSize"), largestPage, 1, largestPage)
	q.from, okFrom = place(q.Get("$skiptoken"))
	return okSize && okFrom
}

type token struct {
	Start int `json:"startRow"`
	End   int `json:"endRow"`
}

func place(skip string) (from int, ok bool) {
	if skip == "" {
		return 0, true
	}
	var t token
	text, err := base64.StdEncoding.DecodeString(skip)
	ok = err == nil && json.Unmarshal(text, &t) == nil && t.Start > 0 && t.End > t.Start && t.End < 1<<30
	return t.Start, ok
}

func whole(text string, missing, least, most int) (n int, ok bool) {
	if text == "" {
		return missing, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= least && n <= most
}

func (q *query) takeSpan() bool {
	if day := q.Get("asOfDate"); day != "" {
		q.first, q.last = day, day
	}
	if q.Has("fromDate") {
		q.first, q.last = q.Get("fromDate"), "9999-12-31"
	}
	if q.Has("toDate") {
		q.last = q.Get("toDate")
	}
	for _, day := range []string{q.first, q.last} {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return false
		}
	}
	return q.first <= q.last && !(q.Has("asOfDate") && (q.Has("fromDate") || q.Has("toDate")))
}

var (
	since = regexp.MustCompile(`^[A-Za-z/]*[lL]astModifiedDateTime (gt|ge) datetimeoffset'([^']+)'$`)
	among = regexp.MustCompile(`^(?:employmentNav/userNav/)?status (?:in|eq) \(?('\w'(?:, ?'\w')*)\)?$`)
)

// filter reads conditions joined by or and by and, without brackets.
func filter(text string) (keep func(seed.Employee) bool, ok bool) {
	if text == "" {
		return nil, true
	}
	var either []func(seed.Employee) bool
	for _, part := range strings.Split(text, " or ") {
		var all []func(seed.Employee) bool
		for _, term := range strings.Split(part, " and ") {
			is := condition(strings.TrimSpace(term))
			if is == nil {
				return nil, false
			}
			all = append(all, is)
		}
		either = append(either, func(p seed.Employee) bool {
			return !slices.ContainsFunc(all, func(is func(seed.Employee) bool) bool { return !is(p) })
		})
	}
	return func(p seed.Employee) bool {
		return slices.ContainsFunc(either, func(is func(seed.Employee) bool) bool { return is(p) })
	}, true
}

func condition(term string) func(seed.Employee) bool {
	if m := since.FindStringSubmatch(term); m != nil {
		t, err := time.Parse(time.RFC3339, m[2])
		if err != nil {
			return nil
		}
		return func(p seed.Employee) bool { return p.Changed.After(t) || m[1] == "ge" && p.Changed.Equal(t) }
	}
	if m := among.FindStringSubmatch(term); m != nil {
		return func(p seed.Employee) bool { return strings.Contains(m[1], "'"+userStatus(p)+"'") }
	}
	if term == "personEmpTerminationInfoNav/activeEmploymentsCount ne null" {
		return func(seed.Employee) bool { return true }
	}
	return nil
}

// pruned puts an address in the place of every part that was not asked for, and drops what these rights may not see.
func (q query) pruned(rows []any, path string) []any {
	out := []any{}
	for _, row := range rows {
		o := wire.Object{}
		for name, value := range row.(wire.Object) {
			if at := strings.TrimPrefix(path+"/"+name, "/"); !q.hidden[name] && q.selected(at) {
				o[name] = q.part(row.(wire.Object), name, at, value)
			}
		}
		out = append(out, o)
	}
	return out
}

func (q query) part(of wire.Object, name, path string, value any) any {
	n, isNav := value.(nav)
	if !isNav {
		return value
	}
	if !slices.Contains(q.expand, path) {
		uri := of["__metadata"].(wire.Object)["uri"].(string)
		return wire.Object{"__deferred": wire.Object{"uri": uri + "/" + name}}
	}
	o, isObject := n.value.(wire.Object)
	if !isObject {
		return nil
	}
	if rows, isList := o["results"].([]any); isList {
		return wire.Object{"results": q.within(rows, path)}
	}
	return q.pruned([]any{o}, path)[0]
}

// within gives those records of a part that are valid in the span.
func (q query) within(rows []any, path string) []any {
	if strings.HasSuffix(path, "jobInfoNav") {
		rows = slices.DeleteFunc(slices.Clone(rows), func(row any) bool { return !q.valid(row.(wire.Object)) })
	}
	return q.pruned(rows, path)
}

func (q query) valid(o wire.Object) bool {
	from, to := dated(q.first).(string), dated(q.last).(string)
	return millis(o["startDate"]) <= millis(to) && millis(o["endDate"]) >= millis(from)
}

func millis(date any) int {
	text, _ := date.(string)
	n, _ := strconv.Atoi(strings.Trim(text, "/Date()")) // what is no date was never valid
	return n
}

// selected tells whether $select lets a path pass: itself, what is on the way to it, and what is below it.
func (q query) selected(path string) bool {
	if !q.Has("$select") || strings.HasSuffix(path, "__metadata") {
		return true
	}
	for _, wanted := range strings.Split(q.Get("$select"), ",") {
		if wanted == path || strings.HasPrefix(wanted, path+"/") || strings.HasPrefix(path, wanted+"/") {
			return true
		}
	}
	return false
}

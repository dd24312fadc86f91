package entraid

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	usualTop   = 100
	largestTop = 999
)

// view is what a request wants to see of each person.
type view struct {
	properties []property
	manager    []property // nil: the manager is not expanded
}

func (v view) of(p seed.Employee) wire.Object {
	o := wire.Object{}
	for _, c := range v.properties {
		c.put(o, c.name, p)
	}
	if v.manager != nil && p.ManagerID != 0 {
		o["manager"] = view{properties: v.manager}.reference(superior(p))
	}
	return o
}

// reference is a person as another object's link shows him.
func (v view) reference(p seed.Employee) wire.Object {
	o := v.of(p)
	o["@odata.type"] = "#microsoft.graph.user"
	return o
}

// superior is the manager, of whom the directory may know no more than the id.
func superior(p seed.Employee) seed.Employee {
	if m := p.Manager(); m != nil {
		return *m
	}
	return seed.Employee{ID: p.ManagerID, First: "Former", Last: "Colleague"}
}

// viewOf reads $select and $expand; what is wrong with them is told in a sentence, and a property that these credentials
// may not see makes denied true.
func (e *emulator) viewOf(q url.Values) (v view, wrong string, denied bool) {
	v.properties, wrong = selected(q.Get("$select"))
	denied = slices.ContainsFunc(v.properties, func(c property) bool { return e.Hidden[c.name] })
	if wrong == "" && q.Has("$expand") {
		inside, ok := expansion(q.Get("$expand"))
		if !ok {
			return v, "$expand is not valid.", denied
		}
		v.manager, wrong = selected(inside)
	}
	return v, wrong, denied
}

var expanded = regexp.MustCompile(`^manager(?:\(\$select=([A-Za-z0-9_,]+)\))?$`)

func expansion(expand string) (selection string, ok bool) {
	parts := expanded.FindStringSubmatch(expand)
	if parts == nil {
		return "", false
	}
	return parts[1], true
}

func selected(selection string) (chosen []property, wrong string) {
	if selection == "" {
		return slices.DeleteFunc(slices.Clone(properties), func(c property) bool { return !c.usual }), ""
	}
	for name := range strings.SplitSeq(selection, ",") {
		name = strings.TrimSpace(name)
		c, ok := find(name)
		switch {
		case slices.Contains(inSharePoint, name):
			return nil, "The property '" + name + "' lives in another service and cannot be asked for beside others."
		case !ok:
			return nil, "Could not find a property named '" + name + "' on type 'microsoft.graph.user'."
		}
		chosen = append(chosen, c)
	}
	if !slices.ContainsFunc(chosen, func(c property) bool { return c.name == "id" }) {
		chosen = append(chosen, properties[0])
	}
	return chosen, ""
}

func (e *emulator) users(w http.ResponseWriter, r *http.Request) { e.list(w, r, e.Living(), "#users") }

// deleted are those who were removed; Graph expands nothing of them.
func (e *emulator) deleted(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("$expand") {
		badRequest(w, r, "$expand is not supported here.")
		return
	}
	e.list(w, r, slices.DeleteFunc(slices.Clone(e.People), func(p seed.Employee) bool { return !p.Removed }), "#users")
}

// list answers a page of people.
func (e *emulator) list(w http.ResponseWriter, r *http.Request, people []seed.Employee, context string) {
	q := r.URL.Query()
	v, wrong, denied := e.viewOf(q)
	top, ok := topOf(q.Get("$top"))
	all, advanced, fits := filtered(people, q.Get("$filter"))
	from, found := position(all, q.Get("$skiptoken"))
	switch strange := wire.Unknown(q, "$select", "$expand", "$filter", "$top", "$count", "$skiptoken"); {
	case strange != "":
		badRequest(w, r, "The query parameter '"+strange+"' is not supported.")
		return
	case !ok || !fits || !found || wrong != "":
		badRequest(w, r, "A query parameter is not valid. "+wrong)
		return
	case (q.Has("$count") || advanced) && (r.Header.Get("ConsistencyLevel") != "eventual" || q.Get("$count") != "true"):
		badRequest(w, r, "Unsupported query: it needs ConsistencyLevel and $count.")
		return
	case denied:
		e.Refuse(w, r, http.StatusForbidden)
		return
	}
	size := e.PageSize(top)
	rows, more := e.Pages.After(all, from, size)
	body := wire.Object{"@odata.context": graphURL + "/v1.0/$metadata" + context, "value": objects(rows, v.of)}
	if q.Has("$count") {
		body["@odata.count"] = len(all)
	}
	if more {
		body["@odata.nextLink"] = e.nextLink(r, all, from+size)
	}
	answer(w, r, body)
}

func objects(people []seed.Employee, of func(seed.Employee) wire.Object) []any {
	value := make([]any, 0, len(people))
	for _, p := range people {
		value = append(value, of(p))
	}
	return value
}

func topOf(text string) (n int, ok bool) {
	if text == "" {
		return usualTop, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= largestTop
}

// nextLink is the whole address of the page that begins at from; it carries everything that was asked for.
func (e *emulator) nextLink(r *http.Request, people []seed.Employee, from int) string {
	if e.Pages.Mode() == wire.Stuck {
		return graphURL + r.URL.RequestURI()
	}
	q := r.URL.Query()
	q.Set("$skiptoken", skipToken(people, from))
	return graphURL + r.URL.Path + "?" + strings.ReplaceAll(q.Encode(), "%24", "$")
}

// pastTheEnd begins the ids of tokens that point behind the last person; only endless paging makes them.
const pastTheEnd = 90_000_000

func skipToken(people []seed.Employee, from int) string {
	id := pastTheEnd + from
	if from < len(people) {
		id = people[from].ID
	}
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "skip:%08d", id))
}

// position is the index of the person whom a token names; a token that was never given out is not found.
func position(people []seed.Employee, token string) (from int, found bool) {
	if token == "" {
		return 0, true
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	digits, named := strings.CutPrefix(string(text), "skip:")
	id, errDigits := strconv.Atoi(digits)
	if err != nil || errDigits != nil || !named {
		return 0, false
	}
	if id >= pastTheEnd {
		return id - pastTheEnd, true
	}
	from = slices.IndexFunc(people, func(p seed.Employee) bool { return p.ID == id })
	return from, from >= 0
}

var comparison = regexp.MustCompile(`^(\w+) (eq|ne) ('(?:[^']|'')*'|true|false|null)$`)

// filtered keeps those of whom all comparisons hold; advanced tells that one of them is of the kind that needs a header.
func filtered(people []seed.Employee, filter string) (kept []seed.Employee, advanced, ok bool) {
	if filter == "" {
		return people, false, true
	}
	for part := range strings.SplitSeq(filter, " and ") {
		terms := comparison.FindStringSubmatch(strings.TrimSpace(part))
		if terms == nil {
			return nil, false, false
		}
		c, known := find(terms[1])
		if !known {
			return nil, false, false
		}
		advanced = advanced || terms[2] == "ne" || terms[3] == "null"
		value := strings.ReplaceAll(strings.Trim(terms[3], "'"), "''", "'")
		people = slices.DeleteFunc(slices.Clone(people), func(p seed.Employee) bool {
			return strings.EqualFold(plain(c, p), value) != (terms[2] == "eq")
		})
	}
	return people, advanced, true
}

// plain is a property's value as a filter writes it.
func plain(c property, p seed.Employee) string {
	o := wire.Object{}
	if c.put(o, c.name, p); o[c.name] == nil {
		return "null"
	}
	return fmt.Sprint(o[c.name])
}

func (e *emulator) user(w http.ResponseWriter, r *http.Request, p seed.Employee) {
	q := r.URL.Query()
	if q.Get("$select") == "birthday" {
		answer(w, r, wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#users(birthday)/$entity", "birthday": moment(p.Birth, 1)})
		return
	}
	v, wrong, denied := e.viewOf(q)
	switch {
	case wrong != "" || wire.Unknown(q, "$select", "$expand") != "":
		badRequest(w, r, "A query parameter is not valid. "+wrong)
	case denied:
		e.Refuse(w, r, http.StatusForbidden)
	default:
		o := v.of(p)
		o["@odata.context"] = graphURL + "/v1.0/$metadata#users/$entity"
		answer(w, r, o)
	}
}

// Package lucca is Lucca's side of its Directory API v3, written from the fact sheet and from nothing else, so that a
// connector that reads it has been checked against a second statement of the same API. Of the newer Lucca API the sheet has
// no records, so that it is not here.
package lucca

import (
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
	host      = "valdor.ilucca.net"
	base      = "https://" + host
	apiKey    = "3f0c1d2e-0000-4000-8000-made-up-lucca"
	scheme    = "lucca application="
	purpose   = "api"
	mostItems = 1000
)

type emulator struct {
	*wire.World
	routes *http.ServeMux
}

// New makes the emulator of one customer's Lucca.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world, routes: http.NewServeMux()}
	world.Tokens.Admit(apiKey, purpose)
	for pattern, answer := range map[string]http.HandlerFunc{
		"GET /api/v3/users":            e.users,
		"GET /api/v3/users/{id}":       e.user,
		"GET /api/v3/departments":      e.list(e.departments),
		"GET /api/v3/departments/tree": e.tree,
		"GET /api/v3/axes":             e.list(func() []wire.Object { return axes }),
		"GET /api/v3/axisSections":     e.list(e.sections),
		"GET /getFile.ashx":            func(w http.ResponseWriter, _ *http.Request) { wire.Picture(w) },
		"/":                            func(w http.ResponseWriter, r *http.Request) { e.Refuse(w, r, http.StatusNotFound) },
	} {
		e.routes.Handle(pattern, e.signedIn(answer))
	}
	return e
}

// Options are the address and the key.
func (e *emulator) Options() map[string]string {
	return map[string]string{"baseUrl": base, "apiKey": apiKey}
}

// ServeHTTP answers for the customer's own address only.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := wire.Host(r); h != "" && h != host {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	e.routes.ServeHTTP(w, r)
}

// GivesTokens is never true: a person makes the key on a screen.
func (e *emulator) GivesTokens(*http.Request) bool { return false }

// signedIn lets a call pass that carries the key in Lucca's own scheme and asks for JSON.
func (e *emulator) signedIn(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key, ok := strings.CutPrefix(r.Header.Get("Authorization"), scheme)
		switch {
		case !ok || !e.Tokens.Valid(key, purpose):
			e.Refuse(w, r, http.StatusUnauthorized)
		case !wire.WantsJSON(r) && strings.HasPrefix(r.URL.Path, "/api/"):
			refuse(w, http.StatusBadRequest, "Accept: application/json is missing")
		default:
			answer(w, r)
		}
	})
}

// Refuse answers with a status and a message.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	refuse(w, status, http.StatusText(status))
}

func refuse(w http.ResponseWriter, status int, message string) {
	wire.JSON(w, status, "application/json; charset=utf-8", wire.Object{"Status": status, "Message": message})
}

func answer(w http.ResponseWriter, data any) {
	wire.JSON(w, http.StatusOK, "application/json; charset=utf-8", wire.Object{"data": data})
}

// window reads paging, an offset and a limit with a comma between them.
func window(text string) (offset, limit int, ok bool) {
	if text == "" {
		return 0, mostItems, true
	}
	first, second, found := strings.Cut(text, ",")
	offset, wrongOffset := strconv.Atoi(first)
	limit, wrongLimit := strconv.Atoi(second)
	ok = found && wrongOffset == nil && wrongLimit == nil && offset >= 0 && offset < 1<<30 && limit >= 1 && limit <= mostItems
	return offset, limit, ok
}

// fields are the names that a client asks for, in small letters.
type fields struct {
	names []string
	count bool
}

// asked reads fields; a name that no record has makes ok false.
func asked(text string, known []string) (f fields, ok bool) {
	if text == "" {
		return fields{}, true
	}
	for name := range strings.SplitSeq(text, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if name == "collection.count" {
			f.count = true
			continue
		}
		name, _, _ = strings.Cut(name, ".")
		if !slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, name) }) {
			return fields{}, false
		}
		f.names = append(f.names, name)
	}
	return f, true
}

func (f fields) of(o wire.Object) wire.Object {
	kept := wire.Object{}
	for key, value := range o {
		if slices.Contains(f.names, strings.ToLower(key)) {
			kept[key] = value
		}
	}
	return kept
}

func (f fields) collection(items []any, count int) wire.Object {
	o := wire.Object{"items": items}
	if f.count {
		o["count"] = count
	}
	return o
}

func (e *emulator) users(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	offset, limit, okPaging := window(q.Get("paging"))
	f, okFields := asked(q.Get("fields"), userFields)
	people, okFilters := e.chosen(q)
	unknown := wire.Unknown(q, "fields", "paging", "formerEmployees", "dtContractStart", "dtContractEnd", "modifiedAt", "mail", "login", "id")
	if !okPaging || !okFields || !okFilters || unknown != "" {
		refuse(w, http.StatusBadRequest, "A field, a filter or the paging is not valid")
		return
	}
	rows, total := e.Pages.At(people, offset, e.PageSize(limit))
	items := make([]any, 0, len(rows))
	for _, p := range rows {
		items = append(items, few(f).of(user(p)))
	}
	answer(w, f.collection(items, total))
}

// few is next to nothing for those who do not say what they want.
func few(f fields) fields {
	if len(f.names) == 0 {
		f.names = []string{"id", "name", "url"}
	}
	return f
}

// chosen are the people whom the filters let pass. Leavers come only if one asks for them or filters by the end.
func (e *emulator) chosen(q url.Values) (people []seed.Employee, ok bool) {
	former := q.Get("formerEmployees") == "true" || q.Has("dtContractEnd")
	filters := map[string]func(p seed.Employee) string{
		"dtContractStart": func(p seed.Employee) string { return moment(p.Hire) },
		"dtContractEnd":   func(p seed.Employee) string { return moment(p.End) },
		"modifiedAt":      modified,
	}
	for name := range filters {
		if q.Has(name) && !understood(q.Get(name)) {
			return nil, false
		}
	}
	if v := q.Get("formerEmployees"); v != "" && v != "true" && v != "false" {
		return nil, false
	}
	return slices.DeleteFunc(e.Living(), func(p seed.Employee) bool {
		for name, of := range filters {
			if q.Has(name) && !compare(of(p), q.Get(name)) {
				return true
			}
		}
		return isFormer(p) && !former || !equals(q, "mail", p.Email) || !equals(q, "login", login(p)) || !equals(q, "id", strconv.Itoa(p.ID))
	}), true
}

func equals(q url.Values, name, value string) bool {
	return !q.Has(name) || slices.Contains(strings.Split(q.Get(name), ","), value)
}

// understood tells whether a filter begins with a comparator and has a value.
func understood(filter string) bool {
	word, rest, _ := strings.Cut(filter, ",")
	return filter == "null" || slices.Contains([]string{"since", "until", "between", "notequal"}, word) && rest != ""
}

// compare compares days or moments as texts; they are all written the same way.
func compare(is, filter string) bool {
	parts := strings.Split(filter, ",")
	if is == "" {
		return slices.Contains(parts, "null") != (parts[0] == "notequal")
	}
	switch parts[0] {
	case "since":
		return is >= parts[1]
	case "until":
		return is <= parts[1]
	case "between":
		return is >= parts[1] && (len(parts) < 3 || is <= parts[2])
	case "notequal":
		return is != parts[1]
	}
	return false
}

// user is one person; an id that nobody has is a fault of the server to Lucca.
func (e *emulator) user(w http.ResponseWriter, r *http.Request) {
	f, ok := asked(r.URL.Query().Get("fields"), userFields)
	if !ok || wire.Unknown(r.URL.Query(), "fields") != "" {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	p, found := e.Find(r.PathValue("id"))
	if !found || p.Removed {
		refuse(w, http.StatusInternalServerError, "User Not Found")
		return
	}
	answer(w, few(f).of(user(p)))
}

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	return truth(p, day.Format(time.DateOnly))
}

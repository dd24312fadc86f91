package googleworkspace

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	usualResults = 100
	mostResults  = 500
)

var userParameters = []string{"customer", "domain", "maxResults", "pageToken", "projection", "customFieldMask", "orderBy", "sortOrder",
	"showDeleted", "query", "viewType", "event", "alt", "prettyPrint"}

// choices are the parameters that have to be one of a few words.
var choices = map[string][]string{
	"projection": {"basic", "custom", "full"}, "orderBy": {"email", "familyName", "givenName"}, "sortOrder": {"ASCENDING", "DESCENDING"},
	"showDeleted": {"true", "false"}, "viewType": {"admin_view", "domain_public"}, "alt": {"json"},
}

// wrong names the first parameter that Google would not take, or gives "".
func wrong(q url.Values, known []string) string {
	if name := wire.Unknown(q, known...); name != "" {
		return name
	}
	for name, words := range choices {
		if q.Has(name) && !slices.Contains(words, q.Get(name)) {
			return name
		}
	}
	if q.Get("projection") == "custom" && q.Get("customFieldMask") == "" {
		return "customFieldMask"
	}
	return ""
}

func (e *emulator) users(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	most, ok := number(q.Get("maxResults"))
	from, follows := position(q)
	people, understood := e.chosen(q)
	switch name := wrong(q, userParameters); {
	case name != "":
		refuse(w, http.StatusBadRequest, "invalid", "Invalid Input: "+name)
	case !q.Has("customer") && !q.Has("domain"):
		refuse(w, http.StatusBadRequest, "badRequest", "Bad Request")
	case q.Has("customer") && q.Get("customer") != myCustomer && q.Get("customer") != customer:
		refuse(w, http.StatusNotFound, "resourceNotFound", "Resource Not Found: customer")
	case q.Has("domain") && q.Get("domain") != domain:
		refuse(w, http.StatusNotFound, "domainNotFound", "Domain not found.")
	case !ok:
		refuse(w, http.StatusBadRequest, "invalid", "Invalid Input: maxResults")
	case !follows:
		refuse(w, http.StatusBadRequest, "invalid", "Invalid Input: pageToken")
	case !understood:
		refuse(w, http.StatusBadRequest, "invalid", "Invalid Input: query")
	default:
		e.page(w, q, people, from, e.PageSize(most))
	}
}

func (e *emulator) page(w http.ResponseWriter, q url.Values, people []seed.Employee, from, size int) {
	rows, more := e.Pages.After(people, from, size)
	list := wire.Object{"kind": "admin#directory#users", "etag": `"made-up/list"`}
	if len(rows) > 0 { // Google leaves an empty list out
		users := make([]any, 0, len(rows))
		for _, p := range rows {
			users = append(users, projected(p, q))
		}
		list["users"] = users
	}
	if more {
		next := from + size
		if e.Pages.Mode() == wire.Stuck {
			next = from
		}
		list["nextPageToken"] = pageToken(q, next)
	}
	answer(w, list)
}

func number(text string) (int, bool) {
	if text == "" {
		return usualResults, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= mostResults
}

// pageToken holds where the page begins and what was asked, as all other parameters have to stay as they are.
func pageToken(q url.Values, from int) string {
	rest := url.Values{}
	for name, values := range q {
		if name != "pageToken" {
			rest[name] = values
		}
	}
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(rest.Encode())) // a hash takes everything
	return "~!!~" + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %x", from, sum.Sum64()))
}

func position(q url.Values) (from int, ok bool) {
	token := q.Get("pageToken")
	if token == "" {
		return 0, true
	}
	rest, _ := strings.CutPrefix(token, "~!!~")
	text, err := base64.RawURLEncoding.DecodeString(rest)
	digits, _, _ := strings.Cut(string(text), " ")
	from, wrongNumber := strconv.Atoi(digits)
	if err != nil || wrongNumber != nil || from < 0 || from > 1<<30 {
		return 0, false
	}
	return from, token == pageToken(q, from)
}

// chosen are the people of a list, in its order: the living or the deleted ones, and of those whom the query names.
func (e *emulator) chosen(q url.Values) (people []seed.Employee, ok bool) {
	tests, ok := clauses(q.Get("query"))
	if !ok {
		return nil, false
	}
	people = slices.DeleteFunc(slices.Clone(e.People), func(p seed.Employee) bool {
		return p.Removed != (q.Get("showDeleted") == "true") ||
			slices.ContainsFunc(tests, func(fits func(seed.Employee) bool) bool { return !fits(p) })
	})
	by := map[string]func(seed.Employee) string{"familyName": familyName, "givenName": givenName}[q.Get("orderBy")]
	if by == nil {
		by = address
	}
	slices.SortStableFunc(people, func(a, b seed.Employee) int { return cmp.Compare(strings.ToLower(by(a)), strings.ToLower(by(b))) })
	if q.Get("sortOrder") == "DESCENDING" {
		slices.Reverse(people)
	}
	return people, true
}

var searched = map[string]func(seed.Employee) string{
	"email": address, "givenName": givenName, "familyName": familyName, "orgUnitPath": unitPath,
	"externalId":  func(p seed.Employee) string { return p.Number },
	"isSuspended": func(p seed.Employee) string { return strconv.FormatBool(isSuspended(p)) },
	"isArchived":  func(p seed.Employee) string { return strconv.FormatBool(isArchived(p)) },
}

// clauses reads a query without quotes: a field, = or :, and a value, which may end in a star.
func clauses(query string) (tests []func(seed.Employee) bool, ok bool) {
	for _, clause := range strings.Fields(query) {
		at := strings.IndexAny(clause, "=:")
		if at < 0 || searched[clause[:at]] == nil {
			return nil, false
		}
		of, want := searched[clause[:at]], strings.ToLower(clause[at+1:])
		start, open := strings.CutSuffix(want, "*")
		tests = append(tests, func(p seed.Employee) bool {
			is := strings.ToLower(of(p))
			return is == want || open && strings.HasPrefix(is, start)
		})
	}
	return tests, true
}

// user answers to the id, the address or an alias.
func (e *emulator) user(w http.ResponseWriter, r *http.Request) {
	q, key := r.URL.Query(), r.PathValue("key")
	if name := wrong(q, []string{"projection", "customFieldMask", "viewType", "alt", "prettyPrint"}); name != "" {
		refuse(w, http.StatusBadRequest, "invalid", "Invalid Input: "+name)
		return
	}
	for _, p := range e.Living() {
		if key == id(p.ID) || strings.EqualFold(key, address(p)) || strings.EqualFold(key, alias(p)) {
			answer(w, projected(p, q))
			return
		}
	}
	e.Refuse(w, r, http.StatusNotFound)
}

// projected is a record with as much of the custom fields as was asked for.
func projected(p seed.Employee, q url.Values) wire.Object {
	o := record(p)
	own := customSchemas(p)
	switch q.Get("projection") {
	case "full":
	case "custom":
		masks := strings.Split(q.Get("customFieldMask"), ",")
		for name := range own {
			if !slices.Contains(masks, name) {
				delete(own, name)
			}
		}
	default:
		own = nil
	}
	if len(own) > 0 {
		o["customSchemas"] = own
	}
	return o
}

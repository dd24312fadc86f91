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

	"rollcall/connectors/emulators/wire"
)

const (
	usualResults = 100
	mostResults  = 500
)

// choices are the parameters that have to be one of a few words.
var choices = map[string][]string{
	"projection": {"basic", "custom", "full"}, "orderBy": {"email", "familyName", "givenName"}, "sortOrder": {"ASCENDING", "DESCENDING"},
	"showDeleted": {"true", "false"}, "viewType": {"admin_view", "domain_public"}, "alt": {"json"},
	"resolveConflictAccount": {"true", "false"}, "includeDerivedMembership": {"true", "false"},
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

func (e *emulator) users(c call) reply {
	most, ok := number(c.q.Get("maxResults"), usualResults, mostResults)
	from, follows := position(c.q)
	people, understood := e.chosen(c.q)
	switch bad := ofWhom(c.q); {
	case bad.status != 0:
		return bad
	case !ok:
		return invalid("maxResults")
	case !follows:
		return invalid("pageToken")
	case !understood:
		return invalid("query")
	}
	rows, more := wire.PageAfter(e.Pages, people, from, e.PageSize(most))
	users := make([]any, 0, len(rows))
	for _, u := range rows {
		users = append(users, e.projected(u, c.q))
	}
	return said(e.page("users", users, more, c.q, from, e.PageSize(most)))
}

// ofWhom refuses a list that is neither of this customer nor of his domain.
func ofWhom(q url.Values) reply {
	switch {
	case !q.Has("customer") && !q.Has("domain"):
		return refused(http.StatusBadRequest, "badRequest", "Bad Request")
	case q.Has("customer") && q.Get("customer") != myCustomer && q.Get("customer") != customer:
		return refused(http.StatusNotFound, "resourceNotFound", "Resource Not Found: customer")
	case q.Has("domain") && q.Get("domain") != domain:
		return unknownDomain
	}
	return reply{}
}

// page is a list with the token of its next page, if there is one.
func (e *emulator) page(of string, rows []any, more bool, q url.Values, from, size int) wire.Object {
	list := wire.Object{"kind": "admin#directory#" + of, "etag": `"made-up/list"`}
	if len(rows) > 0 { // Google leaves an empty list out
		list[of] = rows
	}
	if more {
		next := from + size
		if e.Pages.Mode() == wire.Stuck {
			next = from
		}
		list["nextPageToken"] = pageToken(q, next)
	}
	return list
}

func number(text string, usual, most int) (int, bool) {
	if text == "" {
		return usual, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= most
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

// chosen are the accounts of a list, in its order: the living or the deleted ones, and of those whom the query names.
func (e *emulator) chosen(q url.Values) (chosen []*user, ok bool) {
	tests, ok := clauses(q.Get("query"))
	if !ok {
		return nil, false
	}
	people := e.inOrder(q)
	fresh := len(people) > 0 && slices.ContainsFunc(people, e.hides)
	if len(tests) == 0 && !fresh {
		return people, true
	}
	for _, u := range people {
		if !e.hides(u) && fits(u, tests) {
			chosen = append(chosen, u)
		}
	}
	return chosen, true
}

// hides tells whether searches do not show an account yet.
func (e *emulator) hides(u *user) bool { return u.shown >= e.calls }

// inOrder is the whole list, which is kept until the next change.
func (e *emulator) inOrder(q url.Values) []*user {
	by, deleted, down := q.Get("orderBy"), q.Get("showDeleted") == "true", q.Get("sortOrder") == "DESCENDING"
	name := fmt.Sprint(by, deleted, down)
	if list, ok := e.sorted[name]; ok {
		return list
	}
	keys := map[*user]string{}
	list := []*user{}
	for _, u := range e.state.users {
		if u.deleted == deleted {
			list = append(list, u)
			keys[u] = sortKey(u, by)
		}
	}
	slices.SortStableFunc(list, func(a, b *user) int { return cmp.Compare(keys[a], keys[b]) })
	if down {
		slices.Reverse(list)
	}
	e.sorted[name] = list
	return list
}

func sortKey(u *user, by string) string {
	if by != "familyName" && by != "givenName" {
		return u.key
	}
	name, _ := u.record()["name"].(wire.Object)
	text, _ := name[by].(string)
	return strings.ToLower(text)
}

// user answers to the id, the address or an alias.
func (e *emulator) user(c call) reply {
	u := e.find(c.PathValue("key"))
	if u == nil {
		return missing("userKey")
	}
	return said(e.projected(u, c.q))
}

// projected is a record with as much of the custom fields as was asked for.
func (e *emulator) projected(u *user, q url.Values) wire.Object {
	o := edited(u.record())
	own, _ := o["customSchemas"].(wire.Object)
	delete(o, "customSchemas")
	shown := wire.Object{}
	masks := strings.Split(q.Get("customFieldMask"), ",")
	for name, values := range own {
		asked := q.Get("projection") == "full" || q.Get("projection") == "custom" && slices.Contains(masks, name)
		if asked && e.findSchema(name) != nil {
			shown[name] = values
		}
	}
	if len(shown) > 0 {
		o["customSchemas"] = shown
	}
	return o
}

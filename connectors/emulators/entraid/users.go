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

	"rollcall/connectors/emulators/wire"
)

const (
	usualTop   = 100
	largestTop = 999
)

// view is what a request wants to see of each account.
type view struct {
	properties []property
	manager    []property // nil: the manager is not expanded
	of         *directory
}

func (v view) show(a *account) wire.Object {
	o := wire.Object{}
	for _, c := range v.properties {
		a.put(o, c)
	}
	if v.manager != nil && !a.deleted {
		if m := v.of.superior(a); m != nil {
			o["manager"] = view{properties: v.manager}.reference(m)
		}
	}
	return o
}

// reference is an account as another object's link shows it.
func (v view) reference(a *account) wire.Object {
	o := v.show(a)
	o["@odata.type"] = "#microsoft.graph.user"
	return o
}

// viewOf reads $select and $expand; what is wrong with them is told in a sentence, and a property that these credentials
// may not see makes denied true.
func (e *emulator) viewOf(q url.Values) (v view, wrong string, denied bool) {
	v.of = e.directory
	v.properties, wrong = e.selected(q.Get("$select"))
	denied = slices.ContainsFunc(v.properties, func(c property) bool { return e.Hidden[c.name] })
	if wrong == "" && q.Has("$expand") {
		inside, ok := expansion(q.Get("$expand"))
		if !ok {
			return v, "$expand is not valid.", denied
		}
		v.manager, wrong = e.selected(inside)
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

func (e *emulator) selected(selection string) (chosen []property, wrong string) {
	if selection == "" {
		return slices.DeleteFunc(slices.Clone(properties), func(c property) bool { return !c.usual }), ""
	}
	for name := range strings.SplitSeq(selection, ",") {
		name = strings.TrimSpace(name)
		c, ok := e.find(name)
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

func (e *emulator) users(w http.ResponseWriter, r *http.Request) {
	e.list(w, r, e.living, e.accounts, "#users")
}

// deletedUsers are those who can be restored; Graph expands nothing of them.
func (e *emulator) deletedUsers(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("$expand") {
		badRequest(w, r, "$expand is not supported here.")
		return
	}
	e.list(w, r, e.restorable, e.accounts, "#users")
}

// list answers a page of those accounts that which keeps.
func (e *emulator) list(w http.ResponseWriter, r *http.Request, which func([]*account) []*account, of []*account, context string) {
	q := r.URL.Query()
	v, wrong, denied := e.viewOf(q)
	top, ok := topOf(q.Get("$top"))
	all, advanced, fits := e.filtered(which, of, q.Get("$filter"))
	from, _, found := position(all, q.Get("$skiptoken"))
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
	rows, more := wire.PageAfter(e.Pages, all, from, size)
	body := wire.Object{"@odata.context": graphURL + "/v1.0/$metadata" + context, "value": objects(rows, v.show)}
	if q.Has("$count") {
		body["@odata.count"] = len(all)
	}
	if more {
		body["@odata.nextLink"] = e.nextLink(r, skipToken(all, from+size, 0))
	}
	answer(w, r, body)
}

func objects(accounts []*account, of func(*account) wire.Object) []any {
	value := make([]any, 0, len(accounts))
	for _, a := range accounts {
		value = append(value, of(a))
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

// nextLink is the whole address of the page that a token names; it carries everything that was asked for.
func (e *emulator) nextLink(r *http.Request, token string) string {
	if e.Pages.Mode() == wire.Stuck {
		return graphURL + r.URL.RequestURI()
	}
	q := r.URL.Query()
	q.Set("$skiptoken", token)
	return graphURL + r.URL.Path + "?" + strings.ReplaceAll(q.Encode(), "%24", "$")
}

// pastTheEnd begins the numbers of tokens that point behind the last account; only endless paging makes them.
const pastTheEnd = 90_000_000

// skipToken names the account that a page begins with, and the change after which delta goes on.
func skipToken(accounts []*account, from, since int) string {
	order := pastTheEnd + from
	if from < len(accounts) {
		order = accounts[from].order
	}
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "skip:%08d:%d", order, since))
}

// position is the index of the account whom a token names, or of the next one if it is gone; a token that was never given
// out is not found.
func position(accounts []*account, token string) (from, since int, found bool) {
	if token == "" {
		return 0, 0, true
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	order := 0
	if n, errScan := fmt.Sscanf(string(text), "skip:%d:%d", &order, &since); err != nil || errScan != nil || n != 2 {
		return 0, 0, false
	}
	if order >= pastTheEnd {
		return order - pastTheEnd, since, true
	}
	from = slices.IndexFunc(accounts, func(a *account) bool { return a.order >= order })
	if from < 0 {
		from = len(accounts)
	}
	return from, since, true
}

var comparison = regexp.MustCompile(`^(\w+) (eq|ne) ('(?:[^']|'')*'|true|false|null)$`)

// term is one comparison of a filter.
type term struct {
	property property
	equal    bool
	value    string
	isText   bool
}

// terms takes a filter apart; what it cannot read is not ok.
func (e *emulator) terms(filter string) (all []term, ok bool) {
	if filter == "" {
		return nil, true
	}
	for part := range strings.SplitSeq(filter, " and ") {
		words := comparison.FindStringSubmatch(strings.TrimSpace(part))
		if words == nil {
			return nil, false
		}
		c, found := e.find(words[1])
		if !found {
			return nil, false
		}
		value := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(words[3], "'"), "'"), "''", "'")
		all = append(all, term{c, words[2] == "eq", value, strings.HasPrefix(words[3], "'")})
	}
	return all, true
}

// filtered keeps those of whom all comparisons hold; advanced tells that one of them is of the kind that needs a header.
func (e *emulator) filtered(which func([]*account) []*account, of []*account, filter string) (kept []*account, advanced, ok bool) {
	terms, ok := e.terms(filter)
	if !ok {
		return nil, false, false
	}
	whole := len(of) == len(e.accounts)
	for _, t := range terms {
		advanced = advanced || !t.equal || t.value == "null"
		if whole && t.equal && t.isText && slices.Contains(indexed, t.property.name) {
			of = e.with(t.property.name, t.value)
			whole = false
		}
	}
	kept = which(of)
	slices.SortFunc(kept, func(a, b *account) int { return a.order - b.order })
	kept = slices.DeleteFunc(kept, func(a *account) bool {
		return slices.ContainsFunc(terms, func(t term) bool { return !t.holds(a) })
	})
	return kept, advanced, true
}

func (t term) holds(a *account) bool {
	return strings.EqualFold(plain(t.property, a), t.value) == t.equal
}

// plain is a property's value as a filter writes it.
func plain(c property, a *account) string {
	o := wire.Object{}
	if a.put(o, c); o[c.name] == nil {
		return "null"
	}
	return fmt.Sprint(o[c.name])
}

func (e *emulator) user(w http.ResponseWriter, r *http.Request, a *account) {
	q := r.URL.Query()
	if q.Get("$select") == "birthday" {
		born := a.set["birthday"]
		if a.person != nil && born == nil {
			born = moment(a.person.Birth, 1)
		}
		answer(w, r, wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#users(birthday)/$entity", "birthday": born})
		return
	}
	v, wrong, denied := e.viewOf(q)
	switch {
	case wrong != "" || wire.Unknown(q, "$select", "$expand") != "":
		badRequest(w, r, "A query parameter is not valid. "+wrong)
	case denied:
		e.Refuse(w, r, http.StatusForbidden)
	default:
		answer(w, r, entity(v.show(a), "users"))
	}
}

// entity is an object that is answered alone.
func entity(o wire.Object, set string) wire.Object {
	o["@odata.context"] = graphURL + "/v1.0/$metadata#" + set + "/$entity"
	return o
}

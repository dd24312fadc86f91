package okta

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/wire"
)

const (
	largestLimit = 200
	stamp        = "2006-01-02T15:04:05.000Z"
	created      = "2019-01-07T08:12:44.000Z"
	typeID       = "oty1default000000001"
)

// The statuses that writing leads to or depends on.
const (
	active      = "ACTIVE"
	deactivated = "DEPROVISIONED"
	expired     = "PASSWORD_EXPIRED"
	provisioned = "PROVISIONED"
	recovery    = "RECOVERY"
	staged      = "STAGED"
	suspended   = "SUSPENDED"
)

func (e *emulator) users(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if strange := wire.Unknown(q, "limit", "after", "filter", "search", "fields", "q"); strange != "" {
		invalid(w, strange, "The parameter is not known.")
		return
	}
	people, show, wrong := e.found(q.Get("filter"), q.Get("search"), q.Get("q"))
	if wrong != "" {
		refuse(w, http.StatusBadRequest, "E0000031", "Invalid search criteria.", wrong)
		return
	}
	e.page(w, r, people, show, largestLimit, largestLimit)
}

// found are the people whom a filter, a search or a word names; without any of them those who are not deactivated. A search
// shows them as its index knows them.
func (e *emulator) found(filter, search, words string) (people []*account, show func(*account) wire.Object, wrong string) {
	show = (*account).show
	g, expression := filterGrammar, filter
	switch {
	case filter == "" && search == "": // without a record of each, whose memory a law would measure
		return e.org.those(func(a *account) bool {
			return a.status != deactivated && (words == "" || startsWith(a.profile(), words))
		}), show, ""
	case filter != "" && search != "":
		return nil, show, "filter and search cannot be combined."
	case search != "":
		g, expression, show = e.org.searchGrammar(), search, e.org.seen
	}
	is, ok := g.parse(expression)
	if !ok {
		return nil, show, "The expression cannot be read."
	}
	holds := func(a *account) bool {
		seen := show(a)
		return seen != nil && is(seen) && (words == "" || a.status != deactivated && startsWith(a.profile(), words))
	}
	if few, narrow := e.org.narrowed(expression); narrow {
		return slices.DeleteFunc(few, func(a *account) bool { return !holds(a) }), show, ""
	}
	return e.org.those(holds), show, ""
}

// those are the people of whom something holds, in order.
func (o *org) those(hold func(*account) bool) []*account {
	list := make([]*account, 0, len(o.accounts))
	for _, a := range o.accounts {
		if hold(a) {
			list = append(list, a)
		}
	}
	return list
}

var (
	comparison = regexp.MustCompile(`^\s*((?:profile\.)?[A-Za-z0-9_]+) +eq +"([^"\\]*)"\s*$`)
	either     = regexp.MustCompile(`"\s+or\s+`)
)

// narrowed are the people among whom an expression has to look, where it asks for values of profiles only, one or another.
func (o *org) narrowed(expression string) (few []*account, ok bool) {
	for part := range strings.SplitSeq(either.ReplaceAllString(expression, "\"\x00"), "\x00") {
		found := comparison.FindStringSubmatch(part)
		if found == nil || found[1] != "id" && !strings.HasPrefix(found[1], "profile.") {
			return nil, false
		}
		few = append(few, o.with(found[1], found[2])...)
	}
	slices.SortFunc(few, func(a, b *account) int { return cmp.Compare(a.place, b.place) })
	return slices.Compact(few), true
}

func startsWith(profile wire.Object, words string) bool {
	return slices.ContainsFunc([]string{"firstName", "lastName", "email"}, func(name string) bool {
		text, _ := profile[name].(string)
		return strings.HasPrefix(strings.ToLower(text), strings.ToLower(words))
	})
}

// page answers one page of people; the header says where the next one is.
func (e *emulator) page(w http.ResponseWriter, r *http.Request, people []*account, show func(*account) wire.Object, usual, largest int) {
	keep, ok := fieldsOf(r.URL.Query().Get("fields"))
	if !ok {
		invalid(w, "fields", "The value is not valid.")
		return
	}
	place := func(id string) (int, bool) {
		at, known := e.org.places[id]
		after, _ := slices.BinarySearchFunc(people, at+1, func(a *account, at int) int { return cmp.Compare(a.place, at) })
		return after, known
	}
	paged(e, w, r, people, func(a *account) string { return a.id }, place, usual, largest, func(rows []*account) any {
		list := make([]any, 0, len(rows))
		for _, a := range rows {
			list = append(list, keep(show(a)))
		}
		return list
	})
}

// paged answers one page of a list. place finds the index behind the one whom a cursor names.
func paged[T any](e *emulator, w http.ResponseWriter, r *http.Request, list []T, id func(T) string, place func(id string) (int, bool),
	usual, largest int, body func([]T) any) {
	q := r.URL.Query()
	limit, okLimit := limitOf(q.Get("limit"), usual, largest)
	from, okAfter := position(q.Get("after"), place)
	if !okLimit || !okAfter {
		invalid(w, "limit or after", "The value is not valid.")
		return
	}
	size := e.PageSize(limit)
	rows, more := wire.PageAfter(e.Pages, list, from, size)
	link(w, r, "self", q)
	if more {
		if next := r.URL.Query(); e.Pages.Mode() != wire.Stuck {
			next.Set("after", userID(pastTheEnd+from+size))
			if from+size <= len(list) {
				next.Set("after", id(list[from+size-1]))
			}
			next.Set("limit", strconv.Itoa(limit))
			q = next
		}
		link(w, r, "next", q)
	}
	answer(w, body(rows))
}

func limitOf(text string, usual, largest int) (n int, ok bool) {
	if text == "" {
		return usual, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= largest
}

// pastTheEnd begins the ids of cursors that point behind the last person; only endless paging makes them.
const pastTheEnd = 90_000_000

// position is the index after the one whom a cursor names; a cursor that was never given out is not found.
func position(after string, place func(id string) (int, bool)) (from int, found bool) {
	if after == "" {
		return 0, true
	}
	id, err := strconv.Atoi(strings.TrimPrefix(after, "00u1rc"))
	if err == nil && id >= pastTheEnd {
		return id - pastTheEnd, true
	}
	return place(after)
}

var profileFields = regexp.MustCompile(`^profile:\(([A-Za-z0-9_,]+)\)$`)

// fieldsOf reads a selection such as id,status,profile:(firstName,lastName).
func fieldsOf(selection string) (keep func(wire.Object) wire.Object, ok bool) {
	if selection == "" {
		return func(u wire.Object) wire.Object { return u }, true
	}
	top, inside := selection, []string(nil)
	if at := strings.Index(selection, "profile:("); at >= 0 {
		found := profileFields.FindStringSubmatch(selection[at:])
		if found == nil {
			return nil, false
		}
		top, inside = strings.TrimSuffix(selection[:at], ",")+",profile", strings.Split(found[1], ",")
	}
	return func(u wire.Object) wire.Object {
		kept := only(u, append(strings.Split(top, ","), "id"))
		if profile, there := kept["profile"].(wire.Object); there && inside != nil {
			kept["profile"] = only(profile, inside)
		}
		return kept
	}, true
}

func only(o wire.Object, names []string) wire.Object {
	kept := wire.Object{}
	for name, value := range o {
		if slices.Contains(names, name) {
			kept[name] = value
		}
	}
	return kept
}

func (e *emulator) user(w http.ResponseWriter, r *http.Request, a *account) {
	keep, ok := fieldsOf(r.URL.Query().Get("fields"))
	if !ok {
		invalid(w, "fields", "The value is not valid.")
		return
	}
	w.Header().Set("ETag", a.etag())
	answer(w, keep(a.show()))
}

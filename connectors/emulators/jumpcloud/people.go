package jumpcloud

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"rollcall/connectors/emulators/wire"
)

func (e *emulator) listPeople(c call) reply {
	return e.page(e.visible(e.users), c.q.Get("limit"), c.q.Get("skip"), c.q.Get("sort"))
}

// visible leaves out whom lists do not show yet.
func (e *emulator) visible(all []*user) []*user {
	if e.Lag == 0 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(u *user) bool { return u.shown >= e.asked })
}

// page is a page of v1. A client that asks for more than a hundred gets a hundred.
func (e *emulator) page(all []*user, limit, skip, sort string) reply {
	size, from, ok := window(limit, skip)
	if !ok {
		return invalid("limit or skip is wrong")
	}
	all, ok = sorted(all, sort)
	if !ok {
		return invalid("cannot sort by " + sort)
	}
	rows, total := wire.PageAt(e.Pages, all, from, e.PageSize(min(size, mostRows)))
	results := []any{}
	for _, u := range rows {
		results = append(results, u.record())
	}
	return said(wire.Object{"totalCount": total, "results": results})
}

// sorted puts people into an order; by id they are already. Without one the newest come
// first, so that pages shift.
func sorted(all []*user, by string) ([]*user, bool) {
	key, down := strings.CutPrefix(by, "-")
	switch {
	case key == "" || key == "_id":
		if down || key == "" {
			all = slices.Clone(all)
			slices.Reverse(all)
		}
		return all, true
	case !readable(key):
		return nil, false
	}
	keys := map[*user]string{}
	for _, u := range all {
		keys[u] = text(u.record()[key])
	}
	all = slices.SortedStableFunc(slices.Values(all), func(a, b *user) int { return cmp.Compare(keys[a], keys[b]) })
	if down {
		slices.Reverse(all)
	}
	return all, true
}

func (e *emulator) getPerson(c call) reply {
	if u := e.byID[c.PathValue("id")]; u != nil {
		return said(u.record())
	}
	return notFound
}

func (e *emulator) createPerson(c call) reply {
	o, bad := e.create(c.object())
	if bad.status != 0 {
		return bad
	}
	if e.Way == EU { // some answer so
		return reply{status: http.StatusCreated, body: o}
	}
	return said(o)
}

func (e *emulator) create(body wire.Object) (wire.Object, reply) {
	for _, key := range []string{"username", "email", "firstname", "lastname"} {
		if text(body[key]) == "" {
			return nil, invalid("Validation failed: " + key + " is required")
		}
	}
	o := blank(e.nextID())
	u := &user{id: text(o["_id"])}
	if bad := e.apply(u, o, body); bad.status != 0 {
		return nil, bad
	}
	u.held = o
	if e.Lag > 0 {
		u.shown = e.asked + e.Lag
	}
	e.enter(u)
	return o, reply{}
}

func (e *emulator) updatePerson(c call) reply {
	return e.update(c.PathValue("id"), c.object())
}

// update keeps what is left out.
func (e *emulator) update(id string, body wire.Object) reply {
	u := e.byID[id]
	switch {
	case u == nil:
		return notFound
	case u.record()["externally_managed"] == true:
		return refused(http.StatusForbidden, "The user is managed by another directory.")
	}
	o := maps.Clone(u.record())
	if bad := e.apply(u, o, body); bad.status != 0 {
		return bad
	}
	e.put(u, o)
	return said(o)
}

// deletePerson deletes for good, but nobody to whom others report.
func (e *emulator) deletePerson(c call) reply {
	u := e.byID[c.PathValue("id")]
	switch {
	case u == nil:
		return notFound
	case u.record()["externally_managed"] == true:
		return refused(http.StatusForbidden, "The user is managed by another directory.")
	case len(e.reports[u.id]) > 0:
		return invalid("The user is the manager of others.")
	}
	e.take(u)
	return said(u.record())
}

package entraid

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/emulators/wire"
)

const (
	deltaPage    = 200
	mostDeltaIDs = 50
	deltaKept    = 7 * 24 * time.Hour // Microsoft's documentation of the delta query, Token duration
	latest       = "latest"           // a token that stands for now, by the same page
)

// cursor is what a token of delta stands for. What was asked for first is in it, so that its links hold nothing else. The
// people of the company were changed at times, and the directory counts what it was told.
type cursor struct {
	Select, Filter string
	Time           time.Time
	Change         int
	Whole          bool   // from the beginning
	Page           string // where a page begins; empty in a delta link
	Given          time.Time
}

// delta gives everybody, and by its last link those who were changed since.
func (e *emulator) delta(w http.ResponseWriter, r *http.Request) {
	from, status := e.cursorOf(r.URL.Query())
	tracksManager, names := manage(from.Select)
	chosen, wrong := e.selected(names)
	all, fits := e.changedSince(from, chosen, tracksManager)
	at, until, found := position(all, from.Page)
	switch {
	case status == http.StatusGone || status == 0 && !found:
		w.Header().Set("Location", graphURL+"/v1.0/users/delta?$deltatoken=")
		e.Refuse(w, r, http.StatusGone)
		return
	case status != 0 || wrong != "" || !fits:
		badRequest(w, r, "A query parameter is not valid. "+wrong)
		return
	case slices.ContainsFunc(chosen, func(c property) bool { return e.Hidden[c.name] }):
		e.Refuse(w, r, http.StatusForbidden)
		return
	case from.Page == "":
		until = e.told()
	}
	minimal := !from.Whole && strings.Contains(r.Header.Get("Prefer"), "return=minimal")
	size := e.PageSize(deltaPage)
	rows, more := wire.PageAfter(e.Pages, all, at, size)
	body := wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#users(" + from.Select + ")",
		"value": objects(rows, func(a *account) wire.Object { return e.tracked(a, chosen, tracksManager, minimal, from) })}
	switch {
	case more && e.Pages.Mode() == wire.Stuck:
		body["@odata.nextLink"] = graphURL + r.URL.RequestURI()
	case more:
		from.Page = skipToken(all, at+size, until)
		body["@odata.nextLink"] = from.link("$skiptoken")
	default:
		body["@odata.deltaLink"] = cursor{Select: from.Select, Filter: from.Filter, Time: e.lastChange(), Change: until, Given: e.Now()}.link("$deltatoken")
	}
	answer(w, r, body)
}

// cursorOf reads what is asked for: by the first call in words, then by a token alone. The status is 0, or why it cannot be.
func (e *emulator) cursorOf(q url.Values) (from cursor, status int) {
	name, token := "$deltatoken", q.Get("$deltatoken")
	if q.Has("$skiptoken") {
		name, token = "$skiptoken", q.Get("$skiptoken")
	}
	first := token == "" || name == "$deltatoken" && token == latest
	switch {
	case wire.Unknown(q, "$select", "$filter", "$deltatoken", "$skiptoken") != "", !first && len(q) > 1:
		return cursor{}, http.StatusBadRequest
	case first:
		from = cursor{Select: q.Get("$select"), Filter: q.Get("$filter"), Whole: token == ""}
		if !from.Whole {
			from.Time, from.Change = e.lastChange(), e.change
		}
		return from, 0
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || json.Unmarshal(text, &from) != nil || (from.Page == "") != (name == "$deltatoken") || from.Change > e.change || e.Switches[Resync] ||
		from.Page == "" && e.Now().Sub(from.Given) > deltaKept {
		return cursor{}, http.StatusGone
	}
	return from, 0
}

func (c cursor) link(parameter string) string {
	text, _ := json.Marshal(c) // of texts, numbers and times
	return graphURL + "/v1.0/users/delta?" + parameter + "=" + base64.RawURLEncoding.EncodeToString(text)
}

// told is the number of the last change that delta tells of: those who are not seen everywhere yet are told of later, by
// the same link.
func (e *emulator) told() int {
	last := e.change
	for _, a := range e.accounts {
		if a.living() && a.visible > e.turn {
			last = min(last, a.changes["id"]-1)
		}
	}
	return last
}

// manage takes the manager out of a selection: delta tracks him as a change of a link.
func manage(selection string) (tracks bool, names string) {
	all := strings.Split(selection, ",")
	others := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return name == "manager" })
	return len(others) < len(all), strings.Join(others, ",")
}

func (e *emulator) tracked(a *account, chosen []property, tracksManager, minimal bool, from cursor) wire.Object {
	switch {
	case a.purged:
		return wire.Object{"id": a.id, "@removed": wire.Object{"reason": "deleted"}}
	case a.deleted:
		return wire.Object{"id": a.id, "@removed": wire.Object{"reason": "changed"}}
	}
	o := wire.Object{}
	for _, c := range chosen {
		if !minimal || c.name == "id" || a.isNew(from) || a.changes[c.name] > from.Change {
			a.put(o, c)
		}
	}
	if !tracksManager {
		return o
	}
	if m := e.superior(a); m != nil {
		o["manager@delta"] = []any{wire.Object{"@odata.type": "#microsoft.graph.user", "id": m.id}}
	} else if a.changes["manager"] > from.Change && !from.Whole {
		o["manager@delta"] = []any{} // who it was is not known any more
	}
	return o
}

// isNew tells whether everything of an account may have changed: it was made or came back since, or changed before this run.
func (a *account) isNew(from cursor) bool {
	return a.changes["@removed"] > from.Change || a.changes["id"] > from.Change || a.changed <= from.Change
}

var oneID = regexp.MustCompile(`^id eq '([0-9A-Fa-f-]+)'$`)

// changedSince gives everybody who is there, or with a token those of whom something that is tracked was changed since, also
// those who were removed.
func (e *emulator) changedSince(from cursor, chosen []property, tracksManager bool) (all []*account, ok bool) {
	wanted := map[string]bool{}
	if from.Filter != "" {
		for part := range strings.SplitSeq(from.Filter, " or ") {
			id := oneID.FindStringSubmatch(strings.TrimSpace(part))
			if id == nil || len(wanted) == mostDeltaIDs {
				return nil, false
			}
			wanted[id[1]] = true
		}
	}
	names := []string{"@removed", "id"}
	for _, c := range chosen {
		names = append(names, c.name)
	}
	if tracksManager {
		names = append(names, "manager")
	}
	for _, a := range e.accounts {
		switch {
		case from.Filter != "" && !wanted[a.id], a.living() && a.visible > e.turn:
		case from.Whole && a.living(), !from.Whole && a.changedAfter(from, names):
			all = append(all, a)
		}
	}
	return all, true
}

func (a *account) changedAfter(from cursor, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return a.changes[name] > from.Change }) || a.person != nil && a.person.Changed.After(from.Time)
}

// lastChange is the moment that a delta link stands for.
func (e *emulator) lastChange() time.Time {
	last := time.Time{}
	for _, p := range e.People {
		if p.Changed.After(last) {
			last = p.Changed
		}
	}
	return last
}

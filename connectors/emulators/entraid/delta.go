package entraid

import (
	"encoding/base64"
	"fmt"
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
)

// since is the moment of a delta token: the people of the company were changed at times, and the directory counts what it was told.
type since struct {
	time   time.Time
	change int
	whole  bool // from the beginning
}

// delta gives everybody, and by its last link those who were changed since.
func (e *emulator) delta(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	tracksManager, names := manage(q.Get("$select"))
	chosen, wrong := e.selected(names)
	from, ok := e.deltaTime(q.Get("$deltatoken"))
	all, fits := e.changedSince(from, q.Get("$filter"))
	at, until, found := position(all, q.Get("$skiptoken"))
	switch {
	case wrong != "" || !fits || wire.Unknown(q, "$select", "$filter", "$deltatoken", "$skiptoken") != "":
		badRequest(w, r, "A query parameter is not valid. "+wrong)
		return
	case !ok || !found:
		e.Refuse(w, r, http.StatusGone)
		return
	case q.Get("$skiptoken") == "":
		until = e.change
	}
	minimal := !from.whole && strings.Contains(r.Header.Get("Prefer"), "return=minimal")
	size := e.PageSize(deltaPage)
	rows, more := wire.PageAfter(e.Pages, all, at, size)
	body := wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#users(" + q.Get("$select") + ")",
		"value": objects(rows, func(a *account) wire.Object { return e.tracked(a, chosen, tracksManager, minimal, from) })}
	if more {
		body["@odata.nextLink"] = e.nextLink(r, skipToken(all, at+size, until))
	} else {
		body["@odata.deltaLink"] = e.deltaLink(q, until)
	}
	answer(w, r, body)
}

// manage takes the manager out of a selection: delta tracks him as a change of a link.
func manage(selection string) (tracks bool, names string) {
	all := strings.Split(selection, ",")
	others := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return name == "manager" })
	return len(others) < len(all), strings.Join(others, ",")
}

func (e *emulator) tracked(a *account, chosen []property, tracksManager, minimal bool, from since) wire.Object {
	switch {
	case a.purged:
		return wire.Object{"id": a.id, "@removed": wire.Object{"reason": "deleted"}}
	case a.deleted:
		return wire.Object{"id": a.id, "@removed": wire.Object{"reason": "changed"}}
	}
	o := wire.Object{}
	for _, c := range chosen {
		if !minimal || c.name == "id" || a.isNew(from) || a.changes[c.name] > from.change {
			a.put(o, c)
		}
	}
	if !tracksManager {
		return o
	}
	if m := e.superior(a); m != nil {
		o["manager@delta"] = []any{wire.Object{"@odata.type": "#microsoft.graph.user", "id": m.id}}
	} else if a.changes["manager"] > from.change && !from.whole {
		o["manager@delta"] = []any{} // who it was is not known any more
	}
	return o
}

// isNew tells whether everything of an account may have changed: it was made or came back since, or changed before this run.
func (a *account) isNew(from since) bool {
	return a.changes["@removed"] > from.change || a.changes["id"] > from.change || a.changed <= from.change
}

var oneID = regexp.MustCompile(`^id eq '([0-9A-Fa-f-]+)'$`)

// changedSince gives everybody who is there, or with a token also those who were removed since.
func (e *emulator) changedSince(from since, filter string) (all []*account, ok bool) {
	wanted := map[string]bool{}
	if filter != "" {
		for part := range strings.SplitSeq(filter, " or ") {
			id := oneID.FindStringSubmatch(strings.TrimSpace(part))
			if id == nil || len(wanted) == mostDeltaIDs {
				return nil, false
			}
			wanted[id[1]] = true
		}
	}
	for _, a := range e.accounts {
		if (filter == "" || wanted[a.id]) && (from.whole && a.living() || !from.whole && a.changedAfter(from)) {
			all = append(all, a)
		}
	}
	return all, true
}

func (a *account) changedAfter(from since) bool {
	return a.changed > from.change || a.person != nil && a.person.Changed.After(from.time)
}

func (e *emulator) deltaLink(asked url.Values, until int) string {
	text := fmt.Sprintf("%s/%d", e.lastChange().UTC().Format(time.RFC3339), until)
	q := url.Values{"$deltatoken": {base64.RawURLEncoding.EncodeToString([]byte(text))}}
	for _, name := range []string{"$select", "$filter"} {
		if asked.Has(name) {
			q.Set(name, asked.Get(name))
		}
	}
	return graphURL + "/v1.0/users/delta?" + strings.ReplaceAll(q.Encode(), "%24", "$")
}

// deltaTime reads a token; one that the directory did not give out is not ok.
func (e *emulator) deltaTime(token string) (from since, ok bool) {
	if token == "" {
		return since{whole: true}, true
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return since{}, false
	}
	day, number, _ := strings.Cut(string(text), "/")
	from.time, err = time.Parse(time.RFC3339, day)
	if _, errNumber := fmt.Sscan(number, &from.change); err != nil || errNumber != nil {
		return since{}, false
	}
	return from, from.change <= e.change
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

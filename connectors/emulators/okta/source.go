package okta

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/emulators/wire"
)

// IdentitySource is the id of the org's one custom identity source ("Anything-as-a-Source").
const IdentitySource = "0oa1rc00000000000042"

// The statuses of sessions.
const (
	sessionCreated   = "CREATED"
	sessionLoaded    = "IN_PROGRESS"
	sessionTriggered = "TRIGGERED"
	sessionCompleted = "COMPLETED"
	sessionClosed    = "CLOSED"
	sessionExpired   = "EXPIRED"
)

const (
	mostLoads    = 50 // requests of a session
	mostProfiles = 200
	mostBytes    = 200_000
	importTakes  = 2 // calls that still find a session at work
	idleAtMost   = 24 * time.Hour
	pauseWindows = 5 // windows between two imports: minutes, unless the clock is a fast one
)

// source is what the identity source has told, and the sessions in which it did.
type source struct {
	sessions  []*session
	people    map[string]*sourced // by external id
	groups    map[string]*group   // by external id
	triggered time.Time           // when an import was last started
}

func newSource() source {
	return source{people: map[string]*sourced{}, groups: map[string]*group{}}
}

// sourced is a person as the source told him; gone once it deleted him.
type sourced struct {
	id, external, created, updated string
	profile                        wire.Object
	account                        *account
	gone                           bool
}

type session struct {
	id, status       string
	created, updated time.Time
	requests         int
	loads            []func(now string) // what the import will do, in order
	dueAt            int                // call from which the import is done
}

// forget lets go of an account that was destroyed.
func (s *source) forget(a *account) { delete(s.people, a.external) }

func (s *session) show() wire.Object {
	return wire.Object{"id": s.id, "identitySourceId": IdentitySource, "status": s.status, "importType": "INCREMENTAL",
		"created": s.created.UTC().Format(stamp), "lastUpdated": s.updated.UTC().Format(stamp)}
}

func (e *emulator) sourceCalls() map[string]call {
	const read, manage = "okta.identitySources.read", "okta.identitySources.manage"
	const root = "/api/v1/identity-sources/{source}"
	const one = root + "/sessions/{session}"
	return map[string]call{
		"GET " + root + "/sessions":                      {read, e.ofSource(e.sessions)},
		"POST " + root + "/sessions":                     {manage, e.ofSource(e.openSession)},
		"GET " + one:                                     {read, e.inSession(e.session)},
		"DELETE " + one:                                  {manage, e.inSession(e.closeSession)},
		"POST " + one + "/start-import":                  {manage, e.inSession(e.startImport)},
		"POST " + one + "/bulk-upsert":                   {manage, e.inSession(e.loads(e.upserts))},
		"POST " + one + "/bulk-delete":                   {manage, e.inSession(e.loads(e.deletes))},
		"POST " + one + "/bulk-groups-upsert":            {manage, e.inSession(e.loads(e.groupUpserts))},
		"POST " + one + "/bulk-groups-delete":            {manage, e.inSession(e.loads(e.groupDeletes))},
		"POST " + one + "/bulk-group-memberships-upsert": {manage, e.inSession(e.loads(e.memberships((*org).put)))},
		"POST " + one + "/bulk-group-memberships-delete": {manage, e.inSession(e.loads(e.memberships((*org).take)))},
		"POST " + root + "/users":                        {manage, e.ofSource(e.createSourced)},
		"GET " + root + "/users/{external}":              {read, e.ofSource(e.known(e.sourced))},
		"PUT " + root + "/users/{external}":              {manage, e.ofSource(e.known(e.replaceSourced))},
		"PATCH " + root + "/users/{external}":            {manage, e.ofSource(e.known(e.updateSourced))},
		"DELETE " + root + "/users/{external}":           {manage, e.ofSource(e.known(e.deleteSourced))},
	}
}

func (e *emulator) ofSource(answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if id := r.PathValue("source"); id != IdentitySource {
			notFound(w, id, "IdentitySource")
			return
		}
		if asks(w, r) {
			answer(w, r)
		}
	}
}

func (e *emulator) inSession(answer func(http.ResponseWriter, *http.Request, *session)) http.HandlerFunc {
	return e.ofSource(func(w http.ResponseWriter, r *http.Request) {
		list, id := e.org.source.sessions, r.PathValue("session")
		i := slices.IndexFunc(list, func(s *session) bool { return s.id == id })
		if i < 0 {
			notFound(w, id, "IdentitySourceSession")
			return
		}
		answer(w, r, list[i])
	})
}

// imports does what is due: imports end, and sessions that nobody used expire.
func (e *emulator) imports() {
	for _, s := range e.org.source.sessions {
		switch {
		case s.status == sessionTriggered && s.dueAt < e.org.calls:
			for _, load := range s.loads {
				load(e.stamp())
			}
			s.loads, s.status, s.updated = nil, sessionCompleted, e.Now()
		case s.open() && e.Now().Sub(s.updated) > idleAtMost:
			s.status = sessionExpired
		}
	}
}

func (s *session) open() bool { return s.status == sessionCreated || s.status == sessionLoaded }

func (e *emulator) sessions(w http.ResponseWriter, _ *http.Request) {
	list := []any{}
	for _, s := range e.org.source.sessions {
		list = append(list, s.show())
	}
	answer(w, list)
}

func (e *emulator) openSession(w http.ResponseWriter, _ *http.Request) {
	is, now := &e.org.source, e.Now()
	switch {
	case slices.ContainsFunc(is.sessions, func(s *session) bool { return s.status == sessionCreated }):
		invalid(w, "identitySourceId", "There is a session in the status CREATED already.")
	case !is.triggered.IsZero() && now.Sub(is.triggered) < pauseWindows*e.window():
		invalid(w, "identitySourceId", "A session may be created five minutes after another was triggered.")
	default:
		s := &session{id: e.org.newID("aps"), status: sessionCreated, created: now, updated: now}
		is.sessions = append(is.sessions, s)
		answer(w, s.show())
	}
}

func (e *emulator) session(w http.ResponseWriter, _ *http.Request, s *session) { answer(w, s.show()) }

func (e *emulator) closeSession(w http.ResponseWriter, _ *http.Request, s *session) {
	if !s.open() {
		invalid(w, "sessionId", "The session is in the status "+s.status+".")
		return
	}
	s.status, s.loads, s.updated = sessionClosed, nil, e.Now()
	w.WriteHeader(http.StatusNoContent)
}

// startImport needs data; a session without any stays created.
func (e *emulator) startImport(w http.ResponseWriter, _ *http.Request, s *session) {
	if s.status != sessionLoaded {
		invalid(w, "sessionId", "The session is in the status "+s.status+".")
		return
	}
	s.status, s.updated, s.dueAt = sessionTriggered, e.Now(), e.org.calls+importTakes+e.org.lag
	e.org.source.triggered = s.updated
	answer(w, s.show())
}

// load reads a body into something that the import will do; nil where there is nothing to do. It tells what is wrong.
type load func(body wire.Object) (do func(now string), wrong *flaw)

// loads puts data into a session.
func (e *emulator) loads(read load) func(http.ResponseWriter, *http.Request, *session) {
	return func(w http.ResponseWriter, r *http.Request, s *session) {
		if r.ContentLength > mostBytes {
			invalid(w, "profiles", "The request is larger than 200 KB.")
			return
		}
		body, ok := bodyOf(w, r, "entityType", "profiles", "externalIds", "memberships")
		if !ok {
			return
		}
		do, wrong := read(body)
		switch {
		case !s.open():
			invalid(w, "sessionId", "The session is in the status "+s.status+".")
		case s.requests >= mostLoads:
			invalid(w, "sessionId", "The session has had its 50 requests.")
		case wrong != nil:
			invalids(w, []flaw{*wrong})
		default:
			s.requests++
			s.updated = e.Now()
			if do != nil {
				s.loads, s.status = append(s.loads, do), sessionLoaded
			}
			w.WriteHeader(http.StatusAccepted)
		}
	}
}

// listIn is a list of objects of 0 or 1 to 200, each with an external id.
func listIn(body wire.Object, name, idName string, least, longest int) (list []wire.Object, wrong *flaw) {
	raw, _ := body[name].([]any)
	if len(raw) < least || len(raw) > mostProfiles || raw == nil {
		return nil, &flaw{name, fmt.Sprintf("There have to be %d to %d.", least, mostProfiles)}
	}
	for _, one := range raw {
		o, _ := one.(wire.Object)
		id, _ := o[idName].(string)
		if strings.TrimSpace(id) == "" || len([]rune(id)) > longest {
			return nil, &flaw{idName, fmt.Sprintf("An id of 1 to %d characters is needed.", longest)}
		}
		list = append(list, o)
	}
	return list, nil
}

package okta

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// The options of a custom identity source ("Anything-as-a-Source").
const (
	sourceOption = "identitySourceId"
	keyOption    = "identitySourceKey"
)

// What a session takes, as Okta's guide says.
const (
	peopleACall    = 200
	bytesACall     = 190_000 // of 200 KB
	callsASession  = 50
	pauseOfSources = 5 * time.Minute // from one import to the next session
	longestKey     = 512
)

// imports remembers when the last import began.
type imports struct {
	mu    sync.Mutex
	began time.Time
}

// Imports says what the org's identity source takes, where the connection names one. It
// does not delete for good.
func (t *Target) Imports(context.Context) (core.Imports, error) {
	if t.answers.Get(sourceOption) == "" {
		return core.Imports{}, nil
	}
	return core.Imports{Engine: "Okta's identity source", Chunk: peopleACall * callsASession,
		Verbs: []core.Verb{core.Create, core.Update, core.Deactivate, core.Reactivate}, Every: 30 * time.Second, Patience: 60 * time.Minute}, nil
}

func (t *Target) sessions() string {
	return "/api/v1/identity-sources/" + url.PathEscape(t.answers.Get(sourceOption)) + "/sessions"
}

// ticket names the sessions of an import; empty where there was nothing that Okta would
// take.
type ticket struct {
	Sessions []string `json:"sessions"`
}

// load is one call that puts data into a session.
type load struct {
	call     string
	profiles []any
	bytes    int
}

// Import hands the people over in as many sessions as they need, and starts each. Who has
// no external ID, or is to be as no text can say, is left out; Imported says so of them.
func (t *Target) Import(ctx context.Context, writes []core.Write) (string, error) {
	loads, err := t.loads(ctx, writes)
	if err != nil {
		return "", err
	}
	var done ticket
	for session := range slices.Chunk(loads, callsASession) {
		id, err := t.session(ctx, session)
		if err != nil {
			return "", err
		}
		if id != "" {
			done.Sessions = append(done.Sessions, id)
		}
	}
	text, err := json.Marshal(done)
	return string(text), err
}

// loads makes the calls of some people: those who are to be there, then those who left.
func (t *Target) loads(ctx context.Context, writes []core.Write) ([]load, error) {
	known, err := t.attributes(ctx)
	if err != nil {
		return nil, err
	}
	upserts, deletes := []load{{call: "bulk-upsert"}}, []load{{call: "bulk-delete"}}
	logins := t.loginsOf(writes)
	for _, w := range writes {
		if t.unfit(known, w) != nil {
			continue
		}
		one, list := map[string]any{"externalId": t.keyOf(w)}, &deletes
		if w.Verb != core.Deactivate {
			if one["profile"], err = t.told(ctx, known, w, logins); err != nil {
				return nil, err
			}
			list = &upserts
		}
		text, err := json.Marshal(one)
		if err != nil {
			return nil, err
		}
		last := &(*list)[len(*list)-1]
		if len(last.profiles) == peopleACall || last.bytes+len(text) > bytesACall {
			*list = append(*list, load{call: last.call})
			last = &(*list)[len(*list)-1]
		}
		last.profiles, last.bytes = append(last.profiles, one), last.bytes+len(text)+1
	}
	return slices.DeleteFunc(append(upserts, deletes...), func(l load) bool { return len(l.profiles) == 0 }), nil
}

// keyOf gives the ID by which the identity source knows a person, which never changes.
func (t *Target) keyOf(w core.Write) string {
	return w.Whole[labelled(t.answers.Get(keyOption), byNumber)]
}

// unfit refuses what Okta would leave out of an import without a word.
func (t *Target) unfit(known []attribute, w core.Write) error {
	a, _ := find(known, labelled(t.answers.Get(keyOption), byNumber))
	switch n := len([]rune(t.keyOf(w))); {
	case n == 0:
		return refused(a, "is not mapped or empty, and the identity source knows people by it", "Map it, or take the identity source out of the connection.")
	case n > longestKey:
		return refused(a, fmt.Sprintf("takes %d characters where the identity source knows people by it", longestKey), "Shorten it in the mapping.")
	case w.Verb == core.Deactivate:
		return nil
	}
	for _, a := range known {
		if _, set := w.Set[a.ID]; !set && w.Verb != core.Create {
			continue
		}
		if err := a.takes(w.Whole[a.ID], w.Verb == core.Create); err != nil && (a.Required || w.Whole[a.ID] != "") {
			return err
		}
	}
	return nil
}

// carried says that an identity source can tell the attribute: it knows texts only.
func carried(a attribute) bool {
	return !a.ReadOnly && a.ID != core.Groups && (a.kind == "string" || a.kind == "") && a.Kind != core.Reference
}

// sourceNames are the attributes that identity sources have under other names.
var sourceNames = map[string]string{login: "userName", "postalAddress": "homeAddress"}

// told is a profile as the identity source tells it.
func (t *Target) told(ctx context.Context, known []attribute, w core.Write, logins map[string]string) (map[string]any, error) {
	told := map[string]any{}
	for _, a := range known {
		value, mapped := w.Whole[a.ID]
		if !mapped || !carried(a) {
			continue
		}
		if v := a.wire(value); v != nil || w.Verb != core.Create {
			told[labelled(sourceNames[a.ID], a.ID)] = v
		}
	}
	boss, err := t.toldBoss(ctx, w, logins)
	if boss != nil {
		told[managerText] = boss
	}
	return told, err
}

// tellSource changes somebody who comes from our own identity source, through which alone
// his texts can be changed. It gives what it could not tell. Name and address go along, for
// Okta asks for them.
func (t *Target) tellSource(ctx context.Context, id string, values map[string]any, a about) (left map[string]any, err error) {
	row, err := t.user(ctx, id)
	if err != nil {
		return nil, err
	}
	had, _ := row["profile"].(map[string]any)
	told, left := map[string]any{"userName": had[login], "email": had["email"]}, map[string]any{}
	for name, v := range values {
		is, _ := find(a.known, name)
		if !carried(is) && name != managerText {
			left[name] = v
			continue
		}
		told[labelled(sourceNames[name], name)] = v
	}
	key, _ := had[labelled(t.answers.Get(keyOption), byNumber)].(string)
	at := strings.TrimSuffix(t.sessions(), "/sessions") + "/users/" + url.PathEscape(key)
	_, err = t.rest.Do(ctx, http.MethodPatch, at, nil, map[string]any{"profile": told}, nil, rest.Repeatable())
	if core.HasCode(err, core.NotFound) { // he comes from another system
		return values, nil
	}
	a.permission = sourceScope
	return left, t.explained(err, a)
}

// loginsOf gives the sign-in names of the people in hand, by the key of the source.
func (t *Target) loginsOf(writes []core.Write) map[string]string {
	logins := map[string]string{}
	for _, w := range writes {
		logins[t.keyOf(w)] = w.Whole[login]
	}
	return logins
}

// toldBoss names a manager, also one who has no account yet, if that can be known: nil
// where it cannot, and then Imported tells it.
func (t *Target) toldBoss(ctx context.Context, w core.Write, logins map[string]string) (any, error) {
	if _, mapped := w.Whole[managerText]; !mapped && w.Keys[managerText] == "" || t.linked() {
		return nil, nil
	}
	by, err := t.managerBy(ctx)
	key := w.Keys[managerText]
	switch {
	case err != nil:
		return nil, err
	case by == byLogin && logins[key] != "":
		return logins[key], nil
	case by == byNumber && labelled(t.answers.Get(keyOption), byNumber) == byNumber && key != "":
		return key, nil
	}
	return t.nameOfBoss(ctx, w.Whole[managerText])
}

// session opens a session, fills it and starts its import. It gives no id where Okta found
// nothing to do in it.
func (t *Target) session(ctx context.Context, loads []load) (string, error) {
	id, err := t.open(ctx)
	if err != nil {
		return "", err
	}
	at := t.sessions() + "/" + url.PathEscape(id)
	for _, l := range loads {
		body := map[string]any{"entityType": "USERS", "profiles": l.profiles}
		if _, err := t.rest.Do(ctx, http.MethodPost, at+"/"+l.call, nil, body, nil, rest.Repeatable()); err != nil {
			t.drop(ctx, at)
			return "", t.explained(err, about{permission: sourceScope})
		}
	}
	_, err = t.rest.Do(ctx, http.MethodPost, at+"/start-import", nil, nil, nil, rest.Repeatable())
	if core.HasCode(err, core.Refused) && t.statusOf(ctx, at) == "CREATED" {
		t.drop(ctx, at)
		return "", nil
	}
	t.imports.mu.Lock()
	t.imports.began = t.rest.Now(ctx)
	t.imports.mu.Unlock()
	return id, t.explained(err, about{permission: sourceScope})
}

const sourceScope = "okta.identitySources.manage"

// drop closes a session that will not be used; Okta closes it by itself after a day.
func (t *Target) drop(ctx context.Context, at string) {
	_, _ = t.rest.Do(ctx, http.MethodDelete, at, nil, nil, nil)
}

// statusOf gives the status of a session; empty where it cannot be read.
func (t *Target) statusOf(ctx context.Context, at string) string {
	var said struct{ Status string }
	_, _ = t.rest.Get(ctx, at, nil, &said)
	return said.Status
}

// open makes a session, once Okta takes one: not within five minutes of the last import,
// nor beside one that was left open.
func (t *Target) open(ctx context.Context) (string, error) {
	t.imports.mu.Lock()
	began := t.imports.began
	t.imports.mu.Unlock()
	if !began.IsZero() {
		if err := rest.Sleep(ctx, began.Add(pauseOfSources).Sub(t.rest.Now(ctx))+time.Second); err != nil {
			return "", err
		}
	}
	const every = 30 * time.Second
	for waited := time.Duration(0); ; waited += every {
		var made struct{ ID string }
		_, err := t.rest.Do(ctx, http.MethodPost, t.sessions(), nil, nil, &made)
		if err == nil || !core.HasCode(err, core.Refused) || waited > pauseOfSources {
			return made.ID, t.explained(err, about{permission: sourceScope})
		}
		if waited == 0 {
			if err := t.tidy(ctx); err != nil {
				return "", err
			}
		}
		if err := rest.Sleep(ctx, every); err != nil {
			return "", err
		}
	}
}

// tidy closes the empty sessions that an earlier try left.
func (t *Target) tidy(ctx context.Context) error {
	var sessions []struct{ ID, Status string }
	if _, err := t.rest.Get(ctx, t.sessions(), nil, &sessions); err != nil {
		return t.explained(err, about{permission: sourceScope})
	}
	for _, s := range sessions {
		if s.Status == "CREATED" {
			t.drop(ctx, t.sessions()+"/"+url.PathEscape(s.ID))
		}
	}
	return nil
}

// sorted gives the attributes of a write in order.
func sorted(set map[string]string) []string { return slices.Sorted(maps.Keys(set)) }

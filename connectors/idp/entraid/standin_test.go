package entraid

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// standIn is a server that stands in for Graph and does not do all that Graph does: it
// passes on what its handler does not answer.
func standIn(t *testing.T, server *emulate.Server, handle func(w http.ResponseWriter, r *http.Request, on http.Handler)) *emulate.Server {
	t.Helper()
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	on := httputil.NewSingleHostReverseProxy(at)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handle(w, r, on) }))
	t.Cleanup(front.Close)
	return &emulate.Server{URL: front.URL, Options: server.Options}
}

func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"error":{"code":"BadRequest","message":"Not known here."}}`)
}

// company makes a boss and 44 people below her, two of whom leave.
func company(t *testing.T, server *emulate.Server) {
	t.Helper()
	ctx := rest.WithClock(t.Context(), newTicking(), 0)
	target := open(t, server, core.Env{}, nil)
	if _, err := target.Check(ctx); err != nil {
		t.Fatal(err)
	}
	writes := creates(45)
	var boss string
	for i, written := range target.WriteAll(ctx, writes) {
		if written.Err != nil {
			t.Fatalf("%d: %v", i, written.Err)
		}
		if i == 0 {
			boss = written.Receipt.Account
		}
		writes[i] = core.Write{Verb: core.Update, Account: written.Receipt.Account, Set: map[string]string{manager: boss}}
	}
	for i, written := range target.WriteAll(ctx, writes[1:]) {
		if written.Err != nil {
			t.Fatalf("the manager of %d: %v", i, written.Err)
		}
	}
	for i, written := range target.WriteAll(ctx, []core.Write{{Verb: core.Deactivate, Account: writes[1].Account}, {Verb: core.Deactivate, Account: writes[2].Account}}) {
		if written.Err != nil {
			t.Fatalf("leaver %d: %v", i, written.Err)
		}
	}

	target = open(t, server, core.Env{}, nil) // knows nothing of the server yet
	var questions []core.Question
	for _, w := range writes {
		questions = append(questions, core.Question{ID: w.Account})
	}
	want := []string{manager, principalName}
	for i, looked := range target.Look(ctx, questions, want) {
		if looked.Err != nil || (looked.Accounts[0].Value(manager) == boss) != (i > 0) {
			t.Errorf("looked up, %d has another manager: %v", i, looked.Err)
		}
	}
	led, active := 0, 0
	for _, a := range all(t, ctx, open(t, server, core.Env{}, nil), want) {
		if a.Value(manager) == boss {
			led++
		}
		if a.Active() {
			active++
		}
	}
	if led != 44 || active != 44 { // the tenant's administrator is there too
		t.Errorf("%d are led, %d are active", led, active)
	}
	found, err := open(t, server, core.Env{}, nil).Find(ctx, employeeID, newcomer(7)[employeeID], want)
	if err != nil || len(found) != 1 || found[0].Value(manager) != boss {
		t.Errorf("%d found, %v", len(found), err)
	}
}

func TestServersThatDoNotDoAllThatGraphDoes(t *testing.T) {
	beside := []string{"/organization", "/directoryRoles", "/getAvailableExtensionProperties", "/microsoft.graph.user", "/revokeSignInSessions"}
	for name, c := range map[string]struct{ batch, expand, filter, count, beside int }{
		"no batches":                              {batch: http.StatusNotImplemented},
		"managers are left out without a word":    {batch: http.StatusNotFound, expand: http.StatusOK},
		"managers beside their people refused":    {batch: http.StatusMethodNotAllowed, expand: http.StatusBadRequest},
		"no filters and no counting":              {filter: http.StatusBadRequest, count: http.StatusBadRequest},
		"nothing beside users, which is not here": {beside: http.StatusNotImplemented},
		"nothing beside users, which is unknown":  {beside: http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			company(t, standIn(t, start(t, empty), func(w http.ResponseWriter, r *http.Request, on http.Handler) {
				q := r.URL.Query()
				for _, refused := range []struct {
					status int
					is     bool
				}{
					{c.batch, strings.HasSuffix(r.URL.Path, "/$batch")}, {c.expand, q.Has("$expand")}, {c.filter, q.Has("$filter")}, {c.count, q.Has("$count")},
					{c.beside, slices.ContainsFunc(beside, func(end string) bool { return strings.HasSuffix(r.URL.Path, end) })},
				} {
					if refused.status >= http.StatusBadRequest && refused.is {
						refuse(w, refused.status)
						return
					}
				}
				if c.expand == http.StatusOK {
					q.Del("$expand")
					r.URL.RawQuery = q.Encode()
				}
				on.ServeHTTP(w, r)
			}))
		})
	}
}

// The parts of a batch are numbered anew, their headers are numbers, and some are refused
// as nobody's, as by a server that signs in every part by itself.
func TestAnswersOfBatchesMayLookDifferent(t *testing.T) {
	var batches atomic.Int32
	company(t, standIn(t, start(t, empty), func(w http.ResponseWriter, r *http.Request, on http.Handler) {
		if !strings.HasSuffix(r.URL.Path, "/$batch") {
			on.ServeHTTP(w, r)
			return
		}
		var asked struct {
			Requests []map[string]any `json:"requests"`
		}
		_ = json.NewDecoder(r.Body).Decode(&asked)
		refused := []any{}
		if batches.Add(1)%2 == 0 {
			last := len(asked.Requests) - 1
			refused = append(refused, map[string]any{"id": asked.Requests[last]["id"], "status": http.StatusUnauthorized, "body": map[string]any{"error": map[string]any{"code": "InvalidAuthenticationToken"}}})
			asked.Requests = asked.Requests[:last]
		}
		said := map[string]any{"responses": []any{}}
		if len(asked.Requests) > 0 {
			body, _ := json.Marshal(asked)
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			rec := httptest.NewRecorder()
			on.ServeHTTP(rec, r)
			_ = json.Unmarshal(rec.Body.Bytes(), &said)
		}
		list, _ := said["responses"].([]any)
		list = append(list, refused...)
		for _, one := range list {
			part := one.(map[string]any)                  //nolint:forcetypeassert // so it is in a batch
			part["id"] = json.Number(part["id"].(string)) //nolint:forcetypeassert // as above
			part["headers"] = map[string]any{"Content-Length": 1, "Vary": []string{"a", "b"}}
		}
		slices.Reverse(list)
		said["responses"] = list
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(said)
	}))
}

func TestServerWithoutManagersIsNotBlamedOnSomebodyElse(t *testing.T) {
	server := standIn(t, start(t, empty), func(w http.ResponseWriter, r *http.Request, on http.Handler) {
		switch {
		case strings.Contains(r.URL.Path, "/manager"), strings.HasSuffix(r.URL.Path, "/$batch"):
			refuse(w, http.StatusNotFound)
		default:
			on.ServeHTTP(w, r)
		}
	})
	ctx := rest.WithClock(t.Context(), newTicking(), 0)
	target := open(t, server, core.Env{}, nil)
	writes := creates(2)
	made := target.WriteAll(ctx, writes)
	for boss, says := range map[string]string{made[0].Receipt.Account: "does not know the call", "0a6e1f0c-0000-4aaa-8bbb-00000000dead": "has no user"} {
		_, err := target.Write(ctx, core.Write{Verb: core.Update, Account: made[1].Receipt.Account, Set: map[string]string{manager: boss}})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", boss, err)
		}
	}
}

func TestLinksToTheNextPageMayBeShort(t *testing.T) {
	for link, want := range map[string]string{
		"": "", "?$skiptoken=2": "/users?%24skiptoken=2", "/v1.0/users?$skiptoken=2": "/users?%24skiptoken=2",
		"http://127.0.0.1:1/graph/v1.0/users?$skiptoken=2": "/users?%24skiptoken=2", "https://graph.microsoft.com/v1.0/groups/1/members?$skiptoken=2": "/groups/1/members?%24skiptoken=2",
	} {
		path, query := below(link, "/users")
		if got := strings.TrimSuffix(path+"?"+query.Encode(), "?"); got != want {
			t.Errorf("%s: %s, want %s", link, got, want)
		}
	}
}

func TestSignInSendsNothingThatTheSheetDoesNotList(t *testing.T) {
	for way, want := range map[string][]string{
		"secret":      {"client_id", "client_secret", "grant_type", "scope"},
		"certificate": {"client_assertion", "client_assertion_type", "client_id", "grant_type", "scope"},
	} {
		var mu sync.Mutex
		var sent url.Values
		server := standIn(t, start(t, emulate.Setup{Way: way}), func(w http.ResponseWriter, r *http.Request, on http.Handler) {
			if strings.HasSuffix(r.URL.Path, "/token") {
				body, _ := io.ReadAll(r.Body)
				mu.Lock()
				sent, _ = url.ParseQuery(string(body))
				mu.Unlock()
				r.Body = io.NopCloser(bytes.NewReader(body))
			}
			on.ServeHTTP(w, r)
		})
		if _, err := open(t, server, core.Env{}, nil).Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(maps.Keys(sent)); !slices.Equal(got, want) || sent.Get("scope") != "https://graph.microsoft.com/.default" {
			t.Errorf("%s: %v of scope %q", way, got, sent.Get("scope"))
		}
	}
}

func TestLifeOfATokenIsANumberHoweverItIsWritten(t *testing.T) {
	for v, want := range map[any]int{json.Number("3599"): 3599, "3599": 3599, "soon": 0, nil: 0, json.Number("-1"): 0, true: 0} {
		if got := seconds(v); got != want {
			t.Errorf("%v: %d, want %d", v, got, want)
		}
	}
}

func TestLeaveDateThatMayNotBeWrittenIsNotOffered(t *testing.T) {
	for name, c := range map[string]struct {
		setup emulate.Setup
		want  bool
	}{"it may": {empty, false}, "it may not": {emulate.Setup{Writing: empty.Writing, Hidden: []string{leaveDate}}, true}} {
		offered, err := open(t, start(t, c.setup), core.Env{}, nil).Attributes(t.Context())
		i := slices.IndexFunc(offered, func(a core.Attribute) bool { return a.ID == leaveDate })
		if err != nil || offered[i].ReadOnly != c.want || strings.Contains(offered[i].Label, leaveDateRight) != c.want {
			t.Errorf("%s: %+v, %v", name, offered[i], err)
		}
	}
}

func TestTokensThatNameNoPermissionsOfGraphTellNothing(t *testing.T) {
	for token, want := range map[string]told{
		`{"roles":[]}`: silent, `{"scp":".default"}`: silent, `{"roles":["admin"]}`: silent, `{"roles":["User.Read.All"]}`: denied,
		`{"scp":"Directory.AccessAsUser.All"}`: silent, `{"roles":["User-LifeCycleInfo.ReadWrite.All"]}`: denied, `{"roles":["Directory.ReadWrite.All"]}`: granted,
	} {
		if got := claimsOf(tokenOf(token)).has(append(wider["User.ReadWrite.All"], "User.ReadWrite.All")...); got != want {
			t.Errorf("%s: %v, want %v", token, got, want)
		}
	}
}

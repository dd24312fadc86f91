package okta

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/internal/conform"
	"rollcall/core"
)

// elsewhere is an org as a server of other hands may keep it: with ids of its own form,
// and nothing but what Okta's description names.
type elsewhere struct {
	http.ServeMux
	people  map[string]map[string]any // profiles by id
	lacks   int                       // status of what may be missing
	faults  []int                     // statuses of the next creates; below zero: the user is made nevertheless
	refuses any                       // what no attribute may be

	idsOnly  bool                             // nobody is found by a sign-in name
	groupIDs func(id string, groups []string) // sees what comes with a new profile
}

func newElsewhere() *elsewhere {
	e := &elsewhere{people: map[string]map[string]any{}, lacks: http.StatusNotFound}
	for _, at := range []string{"/api/v1/iam/assignees/users", "GET /api/v1/users/me", "/api/v1/meta/schemas/user/default"} {
		e.HandleFunc(at, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(e.lacks) })
	}
	e.HandleFunc("GET /api/v1/users", func(w http.ResponseWriter, _ *http.Request) { e.answer(w, e.list()) })
	e.HandleFunc("POST /api/v1/users", e.create)
	e.HandleFunc("GET /api/v1/users/{id}", func(w http.ResponseWriter, r *http.Request) { e.one(w, r.PathValue("id")) })
	e.HandleFunc("POST /api/v1/users/{id}", e.change)
	groups := []map[string]any{{"id": "g-1", "profile": map[string]any{"name": "Others"}}, {"id": "g-2", "profile": map[string]any{"name": "Staff"}}}
	e.HandleFunc("GET /api/v1/groups", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("search") {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		e.answer(w, groups)
	})
	e.HandleFunc("GET /api/v1/groups/{id}", func(w http.ResponseWriter, r *http.Request) {
		i := slices.IndexFunc(groups, func(g map[string]any) bool { return g["id"] == r.PathValue("id") })
		if i < 0 {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		e.answer(w, groups[i])
	})
	return e
}

func (e *elsewhere) answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (e *elsewhere) user(id string) map[string]any {
	return map[string]any{"id": id, "status": "STAGED", "profile": e.people[id]}
}

func (e *elsewhere) list() []map[string]any {
	list := []map[string]any{}
	for id := range e.people {
		list = append(list, e.user(id))
	}
	return list
}

func (e *elsewhere) one(w http.ResponseWriter, id string) {
	for is, profile := range e.people {
		if is == id || profile[login] == id && !e.idsOnly {
			e.answer(w, e.user(is))
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
}

func (e *elsewhere) create(w http.ResponseWriter, r *http.Request) {
	var said struct {
		Profile  map[string]any
		GroupIDs []string
	}
	_ = json.NewDecoder(r.Body).Decode(&said)
	fault := 0
	if len(e.faults) > 0 {
		fault, e.faults = e.faults[0], e.faults[1:]
	}
	id := fmt.Sprintf("u-%d", len(e.people)+1)
	if fault <= 0 {
		for _, other := range e.people {
			if other[login] == said.Profile[login] {
				fault = http.StatusBadRequest
			}
		}
	}
	if fault <= 0 {
		e.people[id] = said.Profile
		if e.groupIDs != nil {
			e.groupIDs(id, said.GroupIDs)
		}
	}
	switch {
	case fault == -1:
		panic(http.ErrAbortHandler)
	case fault != 0:
		w.WriteHeader(max(fault, -fault))
	default:
		e.answer(w, e.user(id))
	}
}

func (e *elsewhere) change(w http.ResponseWriter, r *http.Request) {
	var said struct{ Profile map[string]any }
	_ = json.NewDecoder(r.Body).Decode(&said)
	for name, v := range said.Profile {
		if v == e.refuses && name != "title" {
			w.WriteHeader(http.StatusBadRequest)
			e.answer(w, map[string]any{"errorCode": "E0000001", "errorCauses": []map[string]any{{"errorSummary": name + ": no"}}})
			return
		}
		e.people[r.PathValue("id")][name] = v
	}
	e.answer(w, e.user(r.PathValue("id")))
}

func (e *elsewhere) open(t *testing.T, more core.Answers) timed {
	t.Helper()
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	answers := core.Answers{"domain": "corp.okta.com", "auth": "token", "apiToken": "made-up-token"}
	for id, v := range more {
		answers[id] = v
	}
	answers, err := vendor.Complete(answers)
	if err != nil {
		t.Fatal(err)
	}
	target, err := newTarget(answers, core.Env{Base: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	return timed{target, conform.NewClock(time.Now())}
}

func TestWhatIsInNoDescriptionMayBeMissing(t *testing.T) {
	for _, status := range []int{400, 403, 404, 405, 501} {
		e := newElsewhere()
		e.lacks = status
		target := e.open(t, nil)
		attributes, err := target.Attributes(t.Context())
		if err != nil || !slices.ContainsFunc(attributes, func(a core.Attribute) bool { return a.ID == byNumber }) {
			t.Errorf("%d: %d attributes, %v", status, len(attributes), err)
		}
		for _, err := range target.Accounts(t.Context(), nil) {
			t.Errorf("%d: %v", status, err)
		}
		h, err := target.Check(t.Context())
		if err != nil || len(h.Notes) != 1 {
			t.Errorf("%d: %q, %v", status, h.Notes, err)
		}
	}
}

func TestAttributesOfEveryOrgNeedNotBeInTheSchema(t *testing.T) {
	e := newElsewhere()
	e.lacks = http.StatusOK // and an empty schema
	mux := http.NewServeMux()
	mux.Handle("/", e)
	mux.HandleFunc("/api/v1/meta/schemas/user/default", func(w http.ResponseWriter, _ *http.Request) {
		e.answer(w, map[string]any{"definitions": map[string]any{"base": map[string]any{"properties": map[string]any{login: map[string]any{"type": "string"}}}}})
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	target, err := newTarget(core.Answers{"domain": "corp.okta.com", "auth": "token", "apiToken": "made-up-token"}, core.Env{Base: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	if attributes, err := target.Attributes(t.Context()); err != nil || len(attributes) != len(standard) {
		t.Errorf("%d attributes, %v", len(attributes), err)
	}
}

func TestManagersWithIDsOfAnotherForm(t *testing.T) {
	e := newElsewhere()
	target := e.open(t, nil)
	boss := write(t, target, core.Write{Verb: core.Create, Set: somebody(1), Active: true})
	set := somebody(2)
	set[managerText] = boss
	report := write(t, target, core.Write{Verb: core.Create, Set: set, Active: true})
	again := e.open(t, nil)
	if got := read(t, again, report).Value(managerText); got != boss {
		t.Errorf("the manager is %q", got)
	}
	opened, _ := again.Target.(*Target)
	if by, err := opened.managerBy(t.Context()); by != byID || err != nil {
		t.Errorf("managers are written by %s, %v", by, err)
	}
	e.people[report][managerText] = "short.name" // a sign-in name without @
	e.people[boss][login] = "short.name"
	last := e.open(t, nil)
	opened, _ = last.Target.(*Target)
	if by, err := opened.managerBy(t.Context()); by != byLogin || err != nil {
		t.Errorf("managers are written by %s, %v", by, err)
	}
	if got := read(t, last, report).Value(managerText); got != boss {
		t.Errorf("the manager is %q", got)
	}
}

// members answers who is in which groups; heeds says whether groups that come with a profile
// are heeded.
func (e *elsewhere) members(heeds bool) (in map[string][]string, asked map[string]int) {
	in, asked = map[string][]string{}, map[string]int{}
	e.HandleFunc("GET /api/v1/users/{id}/groups", func(w http.ResponseWriter, r *http.Request) {
		asked[r.Method]++
		list := []map[string]any{{"id": "g-everyone"}}
		for _, g := range in[r.PathValue("id")] {
			list = append(list, map[string]any{"id": g})
		}
		e.answer(w, list)
	})
	e.HandleFunc("PUT /api/v1/groups/{g}/users/{id}", func(w http.ResponseWriter, r *http.Request) {
		asked[r.Method]++
		in[r.PathValue("id")] = append(in[r.PathValue("id")], r.PathValue("g"))
		w.WriteHeader(http.StatusNoContent)
	})
	e.groupIDs = func(id string, groups []string) {
		if heeds {
			in[id] = groups
		}
	}
	return in, asked
}

func TestPeopleAreFoundByTheirSignInNamesWhereOnlyIDsAreTaken(t *testing.T) {
	for _, only := range []bool{false, true} {
		e := newElsewhere()
		e.idsOnly = only
		first := e.open(t, nil)
		found := func(target timed, n int) int {
			list, err := target.Find(t.Context(), login, somebody(n)[login], nil)
			if err != nil {
				t.Error(err)
			}
			return len(list)
		}
		if n := found(first, 1); n != 0 {
			t.Errorf("only ids is %v: %d are found of nobody", only, n)
		}
		for i := range 3 {
			write(t, first, core.Write{Verb: core.Create, Set: somebody(i), Active: true})
		}
		for _, target := range []timed{first, e.open(t, nil)} { // the one who wrote, and who knows nothing yet
			if n, none := found(target, 1), found(target, 9); n != 1 || none != 0 {
				t.Errorf("only ids is %v: %d are found, and %d of nobody", only, n, none)
			}
		}
	}
}

func TestGroupsThatComeWithAProfileMayBeLeftOut(t *testing.T) {
	for heeds, want := range map[bool]map[string]int{true: {"GET": 1}, false: {"GET": notAtOnce, "PUT": 5}} {
		e := newElsewhere()
		in, asked := e.members(heeds)
		target := e.open(t, core.Answers{"groups": "Staff"})
		for i := range 5 {
			set := somebody(i)
			set[core.Groups] = "Staff"
			if id := write(t, target, core.Write{Verb: core.Create, Set: set, Active: true}); !slices.Equal(in[id], []string{"g-2"}) {
				t.Errorf("heeded is %v, and %s is in %v", heeds, id, in[id])
			}
		}
		if !maps.Equal(asked, want) {
			t.Errorf("heeded is %v, and it is asked %v, want %v", heeds, asked, want)
		}
	}
}

func TestTooManyRequestsMayBeSaidInAnotherWay(t *testing.T) {
	for body, want := range map[string]core.Code{`{"message":"API rate limit exceeded"}`: core.RateLimited, `{"errorCode":"E0000006"}`: core.MissingScope} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-RateLimit-Remaining", "0")
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(body))
		}))
		t.Cleanup(server.Close)
		target, err := newTarget(core.Answers{"domain": "corp.okta.com", "auth": "token", "apiToken": "made-up-token"}, core.Env{Base: server.URL})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := target.Check(t.Context()); !core.HasCode(err, want) {
			t.Errorf("%s: %v", body, err)
		}
		if _, err := target.Attributes(t.Context()); core.HasCode(err, core.RateLimited) != (want == core.RateLimited) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestGroupsAreFoundWithoutTheIndex(t *testing.T) {
	for _, named := range []string{"Staff", "g-2"} {
		attributes, err := newElsewhere().open(t, core.Answers{"groups": core.Secret(named)}).Attributes(t.Context())
		if err != nil || attributes[len(attributes)-1].Choices[0].Value != "Staff" {
			t.Errorf("%s: %v", named, err)
		}
	}
	_, err := newElsewhere().open(t, core.Answers{"groups": "Nobody"}).Attributes(t.Context())
	if !core.HasCode(err, core.BadOption) || !strings.Contains(err.Error(), "Nobody") {
		t.Error(err)
	}
}

func TestCreateWithoutAClearAnswerIsMadeOnce(t *testing.T) {
	for _, faults := range [][]int{{500}, {-500}, {-503}, {503}, {-1}, {503, -1}, {500, 500, 503, 503}} {
		e := newElsewhere()
		e.faults = faults
		target := e.open(t, nil)
		id := write(t, target, core.Write{Verb: core.Create, Set: somebody(1), Active: true})
		if len(e.people) != 1 || e.people[id] == nil {
			t.Errorf("%v: %q, and %d people", faults, id, len(e.people))
		}
	}
	e := newElsewhere()
	e.faults = []int{-500}
	target := e.open(t, nil)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	set := somebody(1)
	e.people["u-other"] = map[string]any{login: set[login], "firstName": "Somebody else"}
	if _, err := target.Write(ctx, core.Write{Verb: core.Create, Set: set, Active: true}); err == nil || len(e.people) != 1 {
		t.Errorf("somebody else's account was taken: %v", err)
	}
}

func TestWhatTakesNoNullIsEmptied(t *testing.T) {
	for _, refuses := range []any{nil, ""} {
		e := newElsewhere()
		e.refuses = refuses
		target := e.open(t, nil)
		set := somebody(1)
		set["department"], set["title"] = "Sales", "Clerk"
		id := write(t, target, core.Write{Verb: core.Create, Set: set, Active: true})
		write(t, target, core.Write{Verb: core.Update, Account: id, Set: map[string]string{"department": "", "title": ""}})
		if a := read(t, target, id); a.Value("department")+a.Value("title") != "" || e.people[id]["department"] == refuses {
			t.Errorf("%v is refused: %v", refuses, e.people[id])
		}
	}
}

func TestRefusedAttributeIsNamedHoweverOktaNamesIt(t *testing.T) {
	set := map[string]string{login: "a@b.example"}
	for _, said := range []string{
		`{"errorCode":"E0000001","errorSummary":"Api validation failed: login","errorCauses":[{"errorSummary":"login: An object with this field already exists in the current organization"}]}`,
		`{"errorCode":"E0000001","errorSummary":"Api validation failed: login","errorCauses":[{"errorSummary":"An object with this field already exists"}]}`,
		`{"errorCode":"E0000001","errorSummary":"Api validation failed","errorCauses":[{"errorSummary":"Login: already exists"}]}`,
		`{"errorCode":"E0000001","errorSummary":"Api validation failed: newUser","errorCauses":[{"errorSummary":"Property name 'login' already exists"}]}`,
	} {
		var r refusal
		if err := json.Unmarshal([]byte(said), &r); err != nil {
			t.Fatal(err)
		}
		err := about{set: set, known: standard}.invalid(r, &core.Problem{})
		if !core.HasCode(err, core.Conflict) || !strings.Contains(err.Error(), "Username") {
			t.Errorf("%s: %v", said, err)
		}
	}
}

func TestLinkOfAnUnknownNameIsNotASearchForAUser(t *testing.T) {
	e := newElsewhere()
	target := e.open(t, core.Answers{"links": "true"})
	e.people["u-1"] = map[string]any{login: "a@b.example"}
	_, err := target.Account(t.Context(), "u-1", nil)
	if !core.HasCode(err, core.BadOption) || !strings.Contains(err.Error(), "linked object") {
		t.Error(err)
	}
}

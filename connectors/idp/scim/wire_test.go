package scim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"rollcall/connectors/internal/servers"
	"rollcall/core"
)

// requests are what a scripted server was asked, in order.
type requests struct {
	mu  sync.Mutex
	all []request
}

type request struct {
	line   string // "PATCH /Users/1"
	query  string
	header http.Header
	body   string
}

func (r *requests) of(line string) []request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.all), func(q request) bool { return q.line != line })
}

// script starts a server that knows these requests only, and gives the answers of a
// form that lead to it.
func script(t testing.TB, known map[string]http.HandlerFunc) (core.Answers, *requests) {
	t.Helper()
	seen := &requests{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		line := r.Method + " " + strings.TrimPrefix(r.URL.EscapedPath(), "/scim")
		seen.mu.Lock()
		seen.all = append(seen.all, request{line, r.URL.RawQuery, r.Header.Clone(), string(body)})
		seen.mu.Unlock()
		handler, ok := known[line]
		if !ok {
			http.Error(w, `{"detail":"no such page"}`, http.StatusNotFound)
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		handler(w, r)
	}))
	t.Cleanup(s.Close)
	return core.Answers{"baseUrl": core.Secret(s.URL + "/scim/Users/"), "token": "t0ken"}, seen
}

func answer(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func file(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		data, err := os.ReadFile(name)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
		_, _ = w.Write(data)
	}
}

func scripted(t testing.TB, known map[string]http.HandlerFunc) (*Target, *requests) {
	t.Helper()
	a, seen := script(t, known)
	target, err := newTarget(a, core.Env{})
	if err != nil {
		t.Fatal(err)
	}
	return target, seen
}

const ada = `{"schemas":["` + coreUser + `"],"id":"1","userName":"ada","active":true,"name":{"givenName":"Ada","familyName":"Berg","middleName":"M"},
	"emails":[{"value":"ada@corp.example","type":"work","primary":true},{"value":"ada@home.example","type":"home","display":"Home"}],
	"phoneNumbers":[{"value":"1","type":"work"}],"addresses":[{"type":"work","locality":"Oslo","formatted":"1 Street, Oslo"}],
	"roles":[{"value":"admin","display":"Admin"},{"value":"clerk"}],"meta":{"version":"W/\"7\""},"groups":[{"value":"g"}]}`

// operations gives the operations of the only PATCH that was sent, by path.
func operations(t *testing.T, seen *requests) map[string]string {
	t.Helper()
	patches := seen.of("PATCH /Users/1")
	if len(patches) != 1 {
		t.Fatalf("%d requests to change the user", len(patches))
	}
	var body struct {
		Schemas    []string
		Operations []struct {
			Op, Path string
			Value    json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(patches[0].body), &body); err != nil || body.Schemas[0] != patchSchema {
		t.Fatalf("%v in %s", err, patches[0].body)
	}
	m := map[string]string{}
	for _, o := range body.Operations {
		m[o.Path] = strings.TrimSpace(o.Op + " " + string(o.Value))
	}
	return m
}

func TestChangesAreSentInTheFormThatEveryServerTakes(t *testing.T) {
	for name, c := range map[string]struct {
		set  map[string]string
		want map[string]string
	}{
		"a simple value":       {map[string]string{"title": "CTO"}, map[string]string{"title": `replace "CTO"`}},
		"a part of the name":   {map[string]string{"name.givenName": "A"}, map[string]string{"name": `replace {"familyName":"Berg","givenName":"A","middleName":"M"}`}},
		"a part that goes":     {map[string]string{"name.middleName": ""}, map[string]string{"name.middleName": "remove", "name": `replace {"familyName":"Berg","givenName":"Ada"}`}},
		"an e-mail of several": {map[string]string{"emails.work": "b@corp.example"}, map[string]string{"emails": `replace [{"primary":true,"type":"work","value":"b@corp.example"},{"display":"Home","type":"home","value":"ada@home.example"}]`}},
		"a new kind of phone":  {map[string]string{"phoneNumbers.mobile": "2"}, map[string]string{"phoneNumbers": `replace [{"type":"work","value":"1"},{"type":"mobile","value":"2"}]`}},
		"the only phone goes":  {map[string]string{"phoneNumbers.work": ""}, map[string]string{"phoneNumbers": "remove"}},
		"a part of an address": {map[string]string{"addresses.work.locality": "Bergen"}, map[string]string{"addresses": `replace [{"locality":"Bergen","type":"work"}]`}},
		"one role of two goes": {map[string]string{"roles": "admin"}, map[string]string{"roles": `replace [{"display":"Admin","value":"admin"}]`}},
		"a manager":            {map[string]string{"enterprise.manager": "2"}, map[string]string{enterprise + ":manager": `replace {"value":"2"}`}},
		"what is empty goes":   {map[string]string{"enterprise.manager": "", "title": "", "nickName": ""}, nil},
		"what is so already":   {map[string]string{"name.givenName": "Ada", "roles": "admin\x1fclerk"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			target, seen := scripted(t, map[string]http.HandlerFunc{"GET /Users/1": answer(200, ada), "PATCH /Users/1": answer(204, "")})
			write(t, target, core.Write{Verb: core.Update, Account: "1", Set: c.set})
			if c.want == nil {
				if n := len(seen.of("PATCH /Users/1")); n != 0 {
					t.Errorf("%d requests for nothing", n)
				}
				return
			}
			got := operations(t, seen)
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("sent %v\nwant %v", got, c.want)
			}
		})
	}
}

func TestDeactivatingIsOneRequestWithARealBoolean(t *testing.T) {
	target, seen := scripted(t, map[string]http.HandlerFunc{"PATCH /Users/1": answer(204, "")})
	write(t, target, core.Write{Verb: core.Deactivate, Account: "1"})
	if got := operations(t, seen); got["active"] != "replace false" || len(got) != 1 {
		t.Errorf("sent %v", got)
	}
	if got := seen.of("PATCH /Users/1")[0].header; got.Get("Content-Type") != "application/scim+json" || got.Get("Authorization") != "Bearer t0ken" {
		t.Errorf("headers %v", got)
	}
}

func TestPatchThatHasNoTargetIsDoneByPut(t *testing.T) {
	for name, refusal := range map[string]http.HandlerFunc{
		"no target":    answer(400, `{"scimType":"noTarget","status":400,"detail":"nothing there"}`),
		"invalid path": answer(400, `{"scimType":"invalidPath"}`),
		"no PATCH":     answer(501, ""),
		"not allowed":  answer(405, ""),
	} {
		t.Run(name, func(t *testing.T) {
			target, seen := scripted(t, map[string]http.HandlerFunc{"GET /Users/1": answer(200, ada), "PATCH /Users/1": refusal, "PUT /Users/1": answer(200, ada)})
			write(t, target, core.Write{Verb: core.Update, Account: "1", Set: map[string]string{"title": "CTO"}})
			put := seen.of("PUT /Users/1")
			if len(put) != 1 || !strings.Contains(put[0].body, `"title":"CTO"`) || !strings.Contains(put[0].body, `"ada@home.example"`) || strings.Contains(put[0].body, "groups") || strings.Contains(put[0].body, "meta") {
				t.Errorf("sent %v", put)
			}
		})
	}
}

func TestSystemsThatTakeNeitherPathsNorPUT(t *testing.T) {
	target := connect(t, servers.Elimity(t, servers.Dialect{NoPaths: true}))
	id := write(t, target, core.Write{Verb: core.Create, Set: person(1), Active: true}).Account
	write(t, target, core.Write{Verb: core.Update, Account: id, Set: map[string]string{"title": "CTO", "name.givenName": "Ada"}})
	write(t, target, core.Write{Verb: core.Deactivate, Account: id})
	a, err := target.Account(t.Context(), id, nil)
	if err != nil || a.Active() || a.Value("title") != "CTO" || a.Value("name.givenName") != "Ada" || a.Value("name.familyName") != "1" || a.Value("enterprise.employeeNumber") != "5001" {
		t.Errorf("got %v, %v", a.Map(), err)
	}
}

func TestSystemsThatWantAnAddressSaySo(t *testing.T) {
	target := connect(t, servers.Elimity(t, servers.Dialect{NeedsEmails: true}))
	_, err := target.Write(t.Context(), core.Write{Verb: core.Create, Set: map[string]string{"userName": "ada"}, Active: true})
	if !core.HasCode(err, core.Refused) || !strings.Contains(err.Error(), "emails is required") {
		t.Errorf("got %v", err)
	}
	write(t, target, core.Write{Verb: core.Create, Set: person(1), Active: true})
}

func TestSystemsThatKnowOktasRequestsOnlyAreToldWithoutAPath(t *testing.T) {
	for name, c := range map[string]struct {
		refusal http.HandlerFunc
		known   http.HandlerFunc // what answers without a path, if anything
		code    core.Code
		told    int // requests without a path of two changes
	}{
		"which fail at a path":       {answer(500, `<html>`), answer(200, `{"id":"1","active":false}`), "", 2},
		"unless nothing comes of it": {answer(400, `{"detail":"no"}`), answer(204, ""), core.Refused, 1},
		"which refuse a path":        {answer(400, `{"detail":"no"}`), answer(200, `{"id":"1","active":false}`), "", 2},
		"not those that refuse it":   {answer(400, `{"detail":"no"}`), nil, core.Refused, 1},
		"nor those that fail":        {answer(500, `{"detail":"no"}`), nil, core.Unknown, 1},
	} {
		t.Run(name, func(t *testing.T) {
			target, seen := scripted(t, map[string]http.HandlerFunc{"GET /Users/1": answer(200, `{"id":"1","active":true}`), "PATCH /Users/1": func(w http.ResponseWriter, r *http.Request) {
				if body, _ := io.ReadAll(r.Body); c.known != nil && strings.Contains(string(body), `{"op":"replace","value":{"active":false}}`) {
					c.known(w, r)
					return
				}
				c.refusal(w, r)
			}})
			for range 2 {
				if _, err := target.Write(at(t), core.Write{Verb: core.Deactivate, Account: "1"}); c.code == "" && err != nil || c.code != "" && !core.HasCode(err, c.code) {
					t.Errorf("got %v", err)
				}
			}
			told := slices.DeleteFunc(seen.of("PATCH /Users/1"), func(q request) bool { return strings.Contains(q.body, `"path"`) })
			if len(told) != c.told {
				t.Errorf("%d requests without a path, want %d", len(told), c.told)
			}
		})
	}
}

func TestRefusedValueIsNotSentAgainAnotherWay(t *testing.T) {
	target, seen := scripted(t, map[string]http.HandlerFunc{"PATCH /Users/1": answer(400, `{"scimType":"invalidValue","detail":"title is too long"}`)})
	_, err := target.Write(t.Context(), core.Write{Verb: core.Update, Account: "1", Set: map[string]string{"title": "CTO"}})
	if !core.HasCode(err, core.Refused) || !strings.Contains(err.Error(), "title is too long") || len(seen.of("PUT /Users/1")) != 0 {
		t.Errorf("got %v", err)
	}
}

const withETags = `{"patch":{"supported":true},"filter":{"supported":true},"etag":{"supported":true}}`

func TestVersionIsSentWhereTheSystemHasVersions(t *testing.T) {
	target, seen := scripted(t, map[string]http.HandlerFunc{"GET /ServiceProviderConfig": answer(200, withETags), "GET /Users/1": answer(200, ada),
		"PATCH /Users/1": answer(200, ada), "DELETE /Users/1": answer(412, "")})
	r := write(t, target, core.Write{Verb: core.Update, Account: "1", Set: map[string]string{"name.givenName": "A"}, Version: `W/"7"`})
	if got := seen.of("PATCH /Users/1")[0].header.Get("If-Match"); got != `W/"7"` || r.Version != `W/"7"` {
		t.Errorf("If-Match %q, receipt %q", got, r.Version)
	}
	_, err := target.Write(t.Context(), core.Write{Verb: core.Update, Account: "1", Set: map[string]string{"name.givenName": "B"}, Version: `W/"6"`})
	if !core.HasCode(err, core.Stale) {
		t.Errorf("an older version: %v", err)
	}
	if _, err := target.Write(t.Context(), core.Write{Verb: core.Delete, Account: "1", Version: `W/"6"`}); !core.HasCode(err, core.Stale) {
		t.Errorf("412: %v", err)
	}
}

func TestIDOfANewUserIsFoundWhereverItStands(t *testing.T) {
	for name, c := range map[string]struct {
		post http.HandlerFunc
		list string
		id   string // "" for an unknown outcome
	}{
		"in the body":           {answer(201, `{"id":"1"}`), "", "1"},
		"a number":              {answer(200, `{"id":17}`), "", "17"},
		"in Location":           {answer(201, "", "Location", "https://app.example/scim/Users/a%2Fb"), "", "a/b"},
		"undefined":             {answer(201, `{"id":"undefined"}`, "Location", "/Users/undefined"), `{"totalResults":1,"Resources":[{"id":"3","userName":"Ada"}]}`, "3"},
		"nowhere":               {answer(201, ""), `{"totalResults":0}`, ""},
		"a web page, not found": {answer(200, "<html>"), `{"totalResults":0}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			target, _ := scripted(t, map[string]http.HandlerFunc{"POST /Users": c.post, "GET /Users": answer(200, c.list)})
			r, err := target.Write(t.Context(), core.Write{Verb: core.Create, Set: map[string]string{"userName": "ada"}, Active: true})
			if c.id == "" && !core.HasCode(err, core.Unknown) || c.id != "" && (err != nil || r.Account != c.id) {
				t.Errorf("got %q, %v", r.Account, err)
			}
		})
	}
}

func TestAccountThatWasMadeEnabledIsDisabledAtOnce(t *testing.T) {
	target, seen := scripted(t, map[string]http.HandlerFunc{"POST /Users": answer(201, `{"id":"1","active":true}`), "PATCH /Users/1": answer(204, "")})
	if r := write(t, target, core.Write{Verb: core.Create, Set: map[string]string{"userName": "ada"}}); r.Account != "1" {
		t.Errorf("receipt %+v", r)
	}
	if got := operations(t, seen); got["active"] != "replace false" {
		t.Errorf("sent %v", got)
	}
}

func TestCreateThatBreaksOffIsOfUnknownOutcome(t *testing.T) {
	for name, post := range map[string]http.HandlerFunc{
		"connection broken": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"fault":             answer(500, "oops"),
	} {
		t.Run(name, func(t *testing.T) {
			target, seen := scripted(t, map[string]http.HandlerFunc{"POST /Users": post})
			_, err := target.Write(at(t), core.Write{Verb: core.Create, Set: map[string]string{"userName": "ada"}})
			if !core.HasCode(err, core.Unknown) || len(seen.of("POST /Users")) != 1 {
				t.Errorf("got %v after %d tries", err, len(seen.of("POST /Users")))
			}
		})
	}
}

func TestChangeWithoutAClearAnswerIsOfUnknownOutcome(t *testing.T) {
	aborted := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	for name, c := range map[string]struct {
		w       core.Write
		handler http.HandlerFunc
		code    core.Code
	}{
		"a change broken off":   {core.Write{Verb: core.Deactivate, Account: "1"}, aborted, core.Unknown},
		"a change that fails":   {core.Write{Verb: core.Deactivate, Account: "1"}, answer(502, "<html>"), core.Unknown},
		"a change not taken":    {core.Write{Verb: core.Deactivate, Account: "1"}, answer(503, ""), core.ServerFault},
		"a deletion broken off": {core.Write{Verb: core.Delete, Account: "1"}, aborted, core.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			target, _ := scripted(t, map[string]http.HandlerFunc{"PATCH /Users/1": c.handler, "DELETE /Users/1": c.handler})
			if _, err := target.Write(at(t), c.w); !core.HasCode(err, c.code) {
				t.Errorf("got %v, want %s", err, c.code)
			}
		})
	}
}

func TestSystemThatCannotBeReachedWroteNothing(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	target, err := newTarget(core.Answers{"baseUrl": core.Secret(s.URL), "token": "t"}, core.Env{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := target.discover(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := target.Write(at(t), core.Write{Verb: core.Delete, Account: "1"}); !core.HasCode(err, core.Unreachable) {
		t.Errorf("got %v", err)
	}
}

func pages(answers ...string) http.HandlerFunc {
	n := 0
	return func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, answers[min(n, len(answers)-1)])
		n++
	}
}

func TestListsThatGoWrongAreNotTakenForWhole(t *testing.T) {
	for name, c := range map[string]struct {
		pages []string
		code  core.Code // "" for a good reading
		count int
	}{
		"in pages of one":         {[]string{`{"totalResults":2,"Resources":[{"id":"1"}]}`, `{"totalResults":2,"Resources":[{"id":"2"}]}`}, "", 2},
		"nobody, without a list":  {[]string{`{"totalResults":0}`}, "", 0},
		"numbers as texts":        {[]string{`{"totalResults":"1","startIndex":"1","Resources":[{"id":"1"}]}`}, "", 1},
		"no total":                {[]string{`{"Resources":[{"id":"1"}]}`, `{"Resources":[]}`}, "", 1},
		"one moved between pages": {[]string{`{"totalResults":3,"Resources":[{"id":"1"},{"id":"2"}]}`, `{"totalResults":3,"Resources":[{"id":"2"}]}`}, core.Incomplete, 2},
		"fewer than announced":    {[]string{`{"totalResults":5,"Resources":[{"id":"1"}]}`, `{"totalResults":5,"Resources":[]}`}, core.Incomplete, 1},
		"the same page again":     {[]string{`{"totalResults":9,"Resources":[{"id":"1"}]}`}, core.BadData, 1},
		"a user without an ID":    {[]string{`{"totalResults":1,"Resources":[{"userName":"ada"}]}`}, core.BadData, 0},
		"a web page":              {[]string{`<html>sign in</html>`}, core.BadData, 0},
		"broken off":              {[]string{`{"totalResults":1,"Reso`}, core.BadData, 0},
	} {
		t.Run(name, func(t *testing.T) {
			target, _ := scripted(t, map[string]http.HandlerFunc{"GET /Users": pages(c.pages...)})
			n := 0
			var last error
			for _, err := range target.Accounts(t.Context(), nil) {
				if last = err; err == nil {
					n++
				}
			}
			if n != c.count || c.code == "" && last != nil || c.code != "" && !core.HasCode(last, c.code) {
				t.Errorf("%d read, %v", n, last)
			}
		})
	}
}

func TestSystemsThatAnnounceWhatThePageHoldsAreReadToTheEnd(t *testing.T) {
	page := func(from, count int) string {
		var users []string
		for i := range count {
			users = append(users, fmt.Sprintf(`{"id":"%d"}`, from+i))
		}
		return fmt.Sprintf(`{"totalResults":%d,"Resources":[%s]}`, count, strings.Join(users, ","))
	}
	for name, c := range map[string]struct {
		size   int
		second http.HandlerFunc
		want   int
	}{
		"where more come":             {100, answer(200, page(101, 9)), 109},
		"where pages are capped":      {50, answer(200, page(51, 9)), 59},
		"where none comes":            {100, answer(200, `{"totalResults":0,"Resources":[]}`), 100},
		"where the same come again":   {100, answer(200, page(1, 100)), 100},
		"where the rest is a refusal": {100, answer(400, `{"detail":"startIndex is too large"}`), 100},
	} {
		t.Run(name, func(t *testing.T) {
			target, _ := scripted(t, map[string]http.HandlerFunc{"GET /Users": func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("startIndex") == "1" {
					answer(200, page(1, c.size))(w, r)
					return
				}
				c.second(w, r)
			}})
			n := 0
			for _, err := range target.Accounts(t.Context(), nil) {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
			if n != c.want {
				t.Errorf("%d read, want %d", n, c.want)
			}
		})
	}
}

func TestSystemThatDeletesNobodySaysSo(t *testing.T) {
	target, _ := scripted(t, map[string]http.HandlerFunc{"DELETE /Users/1": answer(405, "")})
	if _, err := target.Write(at(t), core.Write{Verb: core.Delete, Account: "1"}); !core.HasCode(err, core.Unsupported) || !strings.Contains(err.Error(), "does not delete users") {
		t.Errorf("got %v", err)
	}
}

func TestSystemsWhosePagesKeepNoOrderAreReadOnOnePage(t *testing.T) {
	page := pages(`{"totalResults":3,"Resources":[{"id":"1"},{"id":"2"}]}`, `{"totalResults":3,"Resources":[{"id":"2"}]}`)
	target, seen := scripted(t, map[string]http.HandlerFunc{"GET /Users": func(w http.ResponseWriter, r *http.Request) {
		if q := r.URL.Query(); q.Get("startIndex") == "1" && q.Get("count") == "3" {
			page = answer(200, `{"totalResults":3,"Resources":[{"id":"3"},{"id":"2"},{"id":"1"}]}`)
		}
		page(w, r)
	}})
	var ids []string
	for a, err := range target.Accounts(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, a.ID())
	}
	if !slices.Equal(ids, []string{"1", "2", "3"}) {
		t.Errorf("read %v by %v", ids, seen.of("GET /Users"))
	}
}

func TestWhatASystemPassedOverIsSentWithoutAPath(t *testing.T) {
	without := `{"id":"1","` + enterprise + `":{"department":"Sales"},"` + enterprise + `:manager":[{"value":"2"}]}`
	with := `{"id":"1","` + enterprise + `":{"department":"Sales","manager":{"value":"2"}}}`
	for name, c := range map[string]struct {
		answers []string
		asked   []int // requests after each of two changes
	}{
		"and is there then":     {[]string{without, with, without, with}, []int{2, 4}},
		"and is dropped anyway": {[]string{without, without, without}, []int{2, 3}},
		"but not what is there": {[]string{with, with}, []int{1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			target, seen := scripted(t, map[string]http.HandlerFunc{"PATCH /Users/1": pages(c.answers...)})
			for _, want := range c.asked {
				write(t, target, core.Write{Verb: core.Update, Account: "1", Set: map[string]string{"enterprise.manager": "2"}})
				if got := len(seen.of("PATCH /Users/1")); got != want {
					t.Fatalf("%d requests, want %d", got, want)
				}
			}
			whole := `{"op":"replace","value":{"` + enterprise + `":{"department":"Sales","manager":{"value":"2"}}}}`
			if len(c.answers) > 2 && !strings.Contains(seen.of("PATCH /Users/1")[1].body, whole) {
				t.Errorf("sent %s", seen.of("PATCH /Users/1")[1].body)
			}
		})
	}
}

func TestListsByCursor(t *testing.T) {
	target, seen := scripted(t, map[string]http.HandlerFunc{"GET /ServiceProviderConfig": answer(200, `{"pagination":{"cursor":true,"index":false}}`),
		"GET /Users": pages(`{"nextCursor":"abc","Resources":[{"id":"1"}]}`, `{"Resources":[{"id":"2"}]}`)})
	n := 0
	for _, err := range target.Accounts(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if asked := seen.of("GET /Users"); n != 2 || len(asked) != 2 || !strings.Contains(asked[1].query, "cursor=abc") {
		t.Errorf("%d read, asked %v", n, asked)
	}
}

func TestFilterThatIsAnsweredWithEveryoneFindsNobody(t *testing.T) {
	target, seen := scripted(t, map[string]http.HandlerFunc{"GET /Users": answer(200, `{"totalResults":2,"Resources":[{"id":"1","userName":"bo"},{"id":"2","userName":"ADA"}]}`)})
	found, err := target.Find(t.Context(), "userName", `Ada`, nil)
	if err != nil || len(found) != 1 || found[0].ID() != "2" {
		t.Errorf("%d found, %v", len(found), err)
	}
	if _, err := target.Find(t.Context(), "userName", `a"\`, nil); err != nil {
		t.Fatal(err)
	}
	asked := seen.of("GET /Users")
	if got := asked[len(asked)-1].query; got != "filter=userName+eq+%22a%5C%22%5C%5C%22" {
		t.Errorf("asked %s", got)
	}
}

func TestSystemsThatTellNothingAreTakenByTheStandard(t *testing.T) {
	target, _ := scripted(t, map[string]http.HandlerFunc{"GET /Users": answer(200, `{"totalResults":4,"Resources":[{"id":"1"}]}`)})
	health, err := target.Check(t.Context())
	if err != nil || health.People != 4 || len(health.Notes) != 2 {
		t.Errorf("%+v, %v", health, err)
	}
}

func TestWaysOfSigningIn(t *testing.T) {
	token := func(form bool) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			id, secret, inHeader := r.BasicAuth()
			if form {
				id, secret, inHeader = r.PostFormValue("client_id"), r.PostFormValue("client_secret"), r.PostFormValue("client_id") != ""
			}
			if !inHeader || id != "rollcall" || secret != "s3cret" || r.PostFormValue("grant_type") != "client_credentials" || r.PostFormValue("scope") != "scim" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			_, _ = io.WriteString(w, `{"access_token":"fresh","token_type":"Bearer","expires_in":"3600"}`)
		}
	}
	for name, c := range map[string]struct {
		answers core.Answers
		token   http.HandlerFunc
		header  string
		code    core.Code
	}{
		"basic":                    {core.Answers{"auth": "basic", "username": "u", "password": "p"}, nil, "Basic dTpw", ""},
		"OAuth, by header":         {core.Answers{"auth": "oauth", "clientId": "rollcall", "clientSecret": "s3cret", "scope": "scim"}, token(false), "Bearer fresh", ""},
		"OAuth, by form":           {core.Answers{"auth": "oauth", "clientId": "rollcall", "clientSecret": "s3cret", "scope": "scim"}, token(true), "Bearer fresh", ""},
		"OAuth, with wrong secret": {core.Answers{"auth": "oauth", "clientId": "rollcall", "clientSecret": "wrong"}, token(true), "", core.BadCredentials},
	} {
		t.Run(name, func(t *testing.T) {
			known := map[string]http.HandlerFunc{"GET /Users": answer(200, `{"totalResults":0}`)}
			if c.token != nil {
				known["POST /token"] = c.token
			}
			a, seen := script(t, known)
			for id, v := range c.answers {
				a[id] = v
			}
			delete(a, "token")
			if c.token != nil {
				a["tokenUrl"] = core.Secret(strings.TrimSuffix(a.Get("baseUrl"), "/Users/") + "/token")
			}
			target, err := newTarget(a, core.Env{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = target.Check(t.Context())
			if c.code != "" {
				if !core.HasCode(err, c.code) || strings.Contains(err.Error(), "wrong") {
					t.Errorf("got %v", err)
				}
				return
			}
			if got := seen.of("GET /Users"); err != nil || got[0].header.Get("Authorization") != c.header {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestAddressesThatAreNotSafeAreRefused(t *testing.T) {
	for name, a := range map[string]core.Answers{
		"http to elsewhere":         {"baseUrl": "http://app.example/scim", "token": "t"},
		"no address":                {"baseUrl": "app.example", "token": "t"},
		"token by http":             {"baseUrl": "https://app.example/scim", "auth": "oauth", "tokenUrl": "http://id.example/token", "clientId": "a", "clientSecret": "b"},
		"no token":                  {"baseUrl": "https://app.example/scim"},
		"a password in the address": {"baseUrl": "https://u:p@app.example/scim", "token": "t"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := NewTarget(a, core.Env{}); !core.HasCode(err, core.BadOption) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func FuzzResource(f *testing.F) {
	f.Add(ada, "x")
	f.Add(`{"emails":[1,"a",null,{"type":"work"}],"name":"Ada","roles":"x","`+enterprise+`":{"manager":"2"}}`, "2")
	f.Add(`{"EMAILS":[{"value":"a"}],"Name":{"GIVENNAME":1.50}}`, "")
	f.Fuzz(func(t *testing.T, data, value string) {
		var r resource
		if json.Unmarshal([]byte(data), &r) != nil || r == nil {
			return
		}
		_, _ = name(r), version(r)
		for _, a := range known {
			a.get(object(r))
			after, _ := clone(object(r)).(object)
			a.set(after, value)
			if got := a.get(after); got != value && a.Kind != core.List {
				t.Errorf("%s was set to %q and is %q", a.ID, value, got)
			}
		}
	})
}

func FuzzPage(f *testing.F) {
	f.Add(`{"totalResults":"2","startIndex":1,"Resources":[{"id":1}]}`)
	f.Add(`{"Resources":null}`)
	f.Fuzz(func(_ *testing.T, data string) {
		var p listPage
		if json.Unmarshal([]byte(data), &p) == nil {
			for _, r := range p.Resources {
				userID(r)
			}
		}
	})
}

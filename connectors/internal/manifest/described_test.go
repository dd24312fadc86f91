package manifest

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

const acme = smallSpec + `  - id: tenant
    label: Tenant
    help: The name of your tenant.
permissions:
  - {id: "employees:read", label: Employees, needed: true, without: Nobody can be read.}
auth: {bearer: "{apiKey}"}
base: https://{tenant}.acmehr.example/v1
check: {get: /me}
errors: {403: {what: Acme HR wants more rights., fix: Give them.}}
pace: [{calls: 1000, per: 1s}]
lookups:
  departments: {get: /departments, list: data, id: id, name: label}
people:
  get: /employees
  PAGING
  list: data
  fields:
    externalId: id
    firstName: name.first
    email: [email.work, email.other]
    jobTitle: {from: title, as: html}
    startDate: {from: hired_at, as: date}
    endDate: {from: left_at, as: date}
    managerId: boss
    department: {from: department_id, in: departments}
  custom: {get: /fields, list: data, key: key, label: label, at: extra}
  status:
    - {is: future, where: {state: N}}
    - {is: future, where: {state: A}, ahead: startDate}
    - {is: active, where: {state: a}}
    - {is: on_leave, where: {state: L}}
    - {is: terminated, where: {state: [T, X]}}
`

// people are what Acme HR holds.

var people = []string{
	`{"id":1,"name":{"first":" Zoë "},"email":{"work":"Zoe@corp.example"},"title":"R&amp;D","hired_at":"2020-02-29T00:00:00+01:00","boss":1,"state":"A","department_id":7,"extra":{"shoe":42.0,"ok":false,"langs":["de","en"]}}`,
	`{"id":2,"name":{"first":"Bo"},"email":{"work":"","other":"bo@corp.example"},"title":null,"hired_at":"2027-01-01","boss":1,"state":"A","department_id":8,"extra":{"shoe":0}}`,
	`{"id":3,"name":null,"state":"L","hired_at":"0000-00-00"}`,
	`{"id":4,"state":"T","left_at":"2026-01-31"}`,
	`{"id":5,"state":"N"}`,
	`{"id":"006","state":"?"}`,
}

var truth = []map[string]string{
	{"externalId": "1", "firstName": "Zoë", "email": "Zoe@corp.example", "jobTitle": "R&D", "startDate": "2020-02-29", "employmentStatus": "active", "department": "Research", "custom.shoe": "42", "custom.ok": "false", "custom.langs": "de, en"},
	{"externalId": "2", "firstName": "Bo", "email": "bo@corp.example", "startDate": "2027-01-01", "employmentStatus": "future", "managerId": "1", "custom.shoe": "0"},
	{"externalId": "3", "employmentStatus": "on_leave"},
	{"externalId": "4", "employmentStatus": "terminated", "endDate": "2026-01-31"},
	{"externalId": "5", "employmentStatus": "future"},
	{"externalId": "006", "employmentStatus": "unknown"},
}

// server is Acme HR, which pages in every way there is.

func server(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer k1" || r.Header.Get("X-Forwarded-Host") != "corp.acmehr.example" {
		w.WriteHeader(401)
		return
	}
	switch r.URL.Path {
	case "/v1/me":
		fmt.Fprint(w, `{}`)
	case "/v1/departments":
		fmt.Fprint(w, `{"data":[{"id":7,"label":"Research"}]}`)
	case "/v1/fields":
		fmt.Fprint(w, `{"data":[{"key":"shoe","label":"Shoe size"},{"key":"ok","label":"OK"},{"key":"langs","label":"Languages"}]}`)
	case "/v1/employees":
		page(w, r)
	default:
		w.WriteHeader(404)
	}
}

func page(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if r.Method == http.MethodPost {
		var body map[string]json.Number
		_ = json.NewDecoder(r.Body).Decode(&body)
		for k, v := range body {
			q.Set(k, v.String())
		}
	}
	from, _ := strconv.Atoi(q.Get("offset") + q.Get("after"))
	if n, err := strconv.Atoi(q.Get("page")); err == nil {
		from = (n - 1) * 2
	}
	from = min(from, len(people))
	to := min(from+2, len(people))
	next, link := "", ""
	if to < len(people) {
		next, link = strconv.Itoa(to), fmt.Sprintf("https://corp.acmehr.example/v1/employees?after=%d", to)
	}
	fmt.Fprintf(w, `{"data":[%s],"total":%d,"pages":3,"next":%q,"link":%q}`, strings.Join(people[from:to], ","), len(people), next, link)
}

var pagings = map[string]string{
	"offset":           "page: {offset: {param: offset}, size: {param: limit, is: 2}}\n  total: total",
	"offset, no total": "page: {offset: {param: offset}}",
	"number":           "page: {number: {param: page, first: 1, last: pages}}\n  total: total",
	"cursor":           "page: {cursor: {param: after, from: next}}",
	"link":             "page: {link: {from: link}}",
	"in the query":     "page: {offset: {}}\n  query: {offset: \"{at}\"}\n  total: total",
}

func source(t *testing.T, text string, answer http.HandlerFunc) core.Source {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	m, err := Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	source, err := NewSource(m, core.Answers{"apiKey": "k1", "tenant": "corp"}, core.Env{Base: s.URL, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func TestDescribedVendorIsRead(t *testing.T) {
	texts := map[string]string{"post": strings.Replace(strings.Replace(acme, "PAGING", pagings["number"], 1), "get: /employees", "post: /employees", 1)}
	for name, paging := range pagings {
		texts[name] = strings.Replace(acme, "PAGING", paging, 1)
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			s := source(t, text, server)
			var got []map[string]string
			for p, err := range s.People(t.Context(), core.Want{Leavers: -1}) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, p.Map())
			}
			if diff := cmp.Diff(truth, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDescribedVendorIsChecked(t *testing.T) {
	s := source(t, strings.Replace(acme, "PAGING", pagings["offset"], 1), server)
	h, err := s.Check(t.Context())
	if err != nil || h.People != 6 || h.Summary != "6 records visible" || len(h.Rights) != 1 {
		t.Errorf("%+v, %v", h, err)
	}
	refused := source(t, strings.Replace(acme, "PAGING", pagings["offset"], 1), func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) })
	if _, err := refused.Check(t.Context()); !core.HasCode(err, core.MissingScope) || !strings.Contains(err.Error(), "wants more rights") {
		t.Error(err)
	}
}

func TestOptionalListsMayBeMissing(t *testing.T) {
	s := source(t, strings.Replace(acme, "PAGING", pagings["offset"], 1), func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/employees" {
			w.WriteHeader(404)
			return
		}
		server(w, r)
	})
	n := 0
	for p, err := range s.People(t.Context(), core.Want{Leavers: -1}) {
		if _, ok := p.Get("department"); err != nil || ok || p.ID() == "1" && p.Value("custom.shoe") != "42" {
			t.Fatalf("%v, %v", p.Map(), err)
		}
		n++
	}
	if n != len(people) {
		t.Errorf("%d people", n)
	}
}

func TestStatedAndMissingValuesAreToldApart(t *testing.T) {
	s := source(t, strings.Replace(acme, "PAGING", pagings["offset"], 1), server)
	for p, err := range s.People(t.Context(), core.Want{Fields: []string{"jobTitle", "response.name.first", "response.extra.langs[1]", "nothing"}, Leavers: 30}) {
		if err != nil {
			t.Fatal(err)
		}
		_, title := p.Get("jobTitle")
		if p.ID() == "4" || title != (p.ID() < "3" && p.ID() > "006") || p.Schema().Index("nothing") >= 0 {
			t.Errorf("person %s: %v, title stated: %v", p.ID(), p.Map(), title)
		}
		if p.ID() == "1" && (p.Value("response.name.first") != "Zoë" || p.Value("response.extra.langs[1]") != "en") {
			t.Errorf("paths: %v", p.Map())
		}
	}
}

func TestTokenCallIsMade(t *testing.T) {
	text := strings.Replace(strings.Replace(acme, "PAGING", pagings["offset"], 1), `auth: {bearer: "{apiKey}"}`,
		`auth: {token: {post: /token, form: {grant_type: client_credentials, secret: "{apiKey}"}, token: access_token, expires: expires_in}}`, 1)
	s := source(t, text, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/token" {
			if r.PostFormValue("secret") != "k1" {
				t.Errorf("the form is %v", r.PostForm)
			}
			fmt.Fprint(w, `{"access_token":"k1","expires_in":3600}`)
			return
		}
		server(w, r)
	})
	if _, err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestManifestRefusesWhatItCannotRun(t *testing.T) {
	good := strings.Replace(acme, "PAGING", pagings["offset"], 1)
	for name, c := range map[string]struct{ from, to string }{
		"unknown key":        {"base:", "bass:"},
		"key of a page":      {"param: offset", "parameter: offset"},
		"no canonical field": {"firstName:", "forename:"},
		"unknown reading":    {"as: html", "as: poem"},
		"unknown lookup":     {"in: departments", "in: drawers"},
		"key of a field":     {"as: html}", "as: html, if: x}"},
		"no duration":        {"per: 1s", "per: soon"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Read([]byte(good)); err != nil {
				t.Fatal(err)
			}
			if _, err := Read([]byte(strings.Replace(good, c.from, c.to, 1))); err == nil {
				t.Error("it was accepted")
			}
		})
	}
}

func TestAddressIsNotMadeOfAnything(t *testing.T) {
	m, err := Read([]byte(strings.Replace(acme, "PAGING", pagings["offset"], 1)))
	if err != nil {
		t.Fatal(err)
	}
	for tenant, ok := range map[string]bool{"corp": true, "corp-2": true, "evil.example#": false, "a@evil": false, "a?b": false} {
		if _, err := m.Config(core.Answers{"tenant": core.Secret(tenant)}, core.Env{}); (err == nil) != ok {
			t.Errorf("%q: %v", tenant, err)
		}
	}
}

func TestCustomFieldsAreLearntFromTheRowsWhereNoListTellsThem(t *testing.T) {
	text := strings.Replace(acme, "custom: {get: /fields, list: data, key: key, label: label, at: extra}", "detail: {pay: {get: \"/pay/{.id}\"}}\n  custom: {at: extra}", 1)
	s := source(t, strings.Replace(text, "PAGING", pagings["offset"], 1), server) // which knows no /pay, so a call of it would fail
	fields, err := s.Fields(t.Context())
	var custom []string
	for _, f := range fields {
		if f.Custom {
			custom = append(custom, f.ID)
		}
	}
	if diff := cmp.Diff([]string{"custom.langs", "custom.ok", "custom.shoe"}, custom); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestRowsThatFollowEachOtherAreOnePerson(t *testing.T) {
	text := strings.NewReplacer("PAGING", "rowId: [id, row]\n  group: {into: rows, ordered: true}", "externalId: id", "externalId: [id, rows.0.id]", "firstName: name.first", "firstName: [rows.1.row, rows.0.row]").Replace(acme)
	for order, want := range map[string][]string{"1a 1b 2a 3a": {"1b", "2a", "3a"}, "1a 2a 2b": {"1a", "2b"}, "": nil, "1a 2a 1b": {"1a", "2a", "incomplete"}} {
		s := source(t, text, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/v1/employees" {
				server(w, r)
				return
			}
			var rows []string
			for _, row := range strings.Fields(order) {
				rows = append(rows, fmt.Sprintf(`{"id":%q,"row":%q}`, row[:1], row))
			}
			fmt.Fprintf(w, `{"data":[%s]}`, strings.Join(rows, ","))
		})
		var got []string
		for p, err := range s.People(t.Context(), core.Want{Fields: []string{"firstName"}, Leavers: -1}) {
			if core.HasCode(err, core.Incomplete) {
				got = append(got, "incomplete")
			} else {
				got = append(got, p.Value("firstName"))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", order, diff)
		}
	}
}

func TestPageThatIsNotThereEndsAListOnlyAfterRowsCame(t *testing.T) {
	text := strings.Replace(acme, "PAGING", "page: {number: {param: page, first: 1}, end: 404}", 1)
	for last, want := range map[int]int{3: len(people), 0: 0} {
		s := source(t, text, func(w http.ResponseWriter, r *http.Request) {
			if n, err := strconv.Atoi(r.URL.Query().Get("page")); err == nil && n > last {
				w.WriteHeader(404)
				return
			}
			server(w, r)
		})
		n := 0
		for _, err := range s.People(t.Context(), core.Want{Leavers: -1}) {
			if (err == nil) != (last > 0) {
				t.Errorf("%d pages: %v", last, err)
			} else if err == nil {
				n++
			}
		}
		if n != want {
			t.Errorf("%d pages gave %d people", last, n)
		}
	}
}

func TestObjectsInEntriesOfCustomFieldsAreFlat(t *testing.T) {
	text := strings.Replace(acme, "custom: {get: /fields, list: data, key: key, label: label, at: extra}", "custom: {at: own, flat: true, each: {key: name, value: value}}", 1)
	s := source(t, strings.Replace(text, "PAGING", pagings["offset"], 1), func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"total":1,"data":[{"id":1,"own":[{"name":"Desk","value":{"number":7,"floor":2}},{"name":"Badge","value":"B"}]}]}`)
	})
	for p, err := range s.People(t.Context(), core.Want{Leavers: -1}) {
		if err != nil || p.Value("custom.Desk.number") != "7" || p.Value("custom.Desk.floor") != "2" || p.Value("custom.Badge") != "B" {
			t.Error(p.Map(), err)
		}
	}
}

func TestObjectIsAListOfItAloneAndJoinedRowsAreDroppedToo(t *testing.T) {
	text := strings.NewReplacer("PAGING", pagings["offset"]+"\n  drop: [company.secret]\n  join: {company: {get: /company, list: data, key: \"*\", of: \"*\", one: true}}",
		"jobTitle: {from: title, as: html}", "legalEntity: company.name").Replace(acme)
	s := source(t, text, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/company" {
			fmt.Fprint(w, `{"data":{"name":"Acme","secret":"x"}}`)
			return
		}
		server(w, r)
	})
	for p, err := range s.People(t.Context(), core.Want{Fields: []string{"legalEntity", "response.company.secret"}, Leavers: -1}) {
		if err != nil || p.Value("legalEntity") != "Acme" || p.Value("response.company.secret") != "" {
			t.Fatal(p.Map(), err)
		}
	}
}

func TestDefinitionsOfFieldsThatAreNamedAreNoCustomFields(t *testing.T) {
	text := strings.Replace(acme, "label: label, at: extra}", "label: label, rest: true, except: [shoe]}", 1)
	s := source(t, strings.NewReplacer("PAGING", pagings["offset"], "firstName: name.first", "firstName: langs").Replace(text), server)
	fields, err := s.Fields(t.Context())
	for _, f := range fields {
		if f.Custom && f.ID != "custom.ok" {
			t.Errorf("%s is declared", f.ID)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

func TestPathsAndListsReachEveryElement(t *testing.T) {
	text := strings.Replace(strings.Replace(acme, "PAGING", "page: {offset: {param: offset}}\n  join:\n    teams: {get: /teams, list: data, key: members}", 1),
		"jobTitle: {from: title, as: html}", "jobTitle: {from: teams.*.name}\n    team: {from: teams.*.id, in: teams}\n    custom.shift: {from: teams.0.shift, label: Shift}", 1)
	text = strings.Replace(text, "lookups:", "lookups:\n  teams: {get: /teams, list: data, id: id, name: \"{.id} {.name}\", below: below}", 1)
	text = strings.Replace(text, "fields:", "drop: [teams.shift]\n  fields:", 1)
	s := source(t, text, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/teams" {
			server(w, r)
			return
		}
		fmt.Fprint(w, `{"data":[{"id":1,"name":"Red","shift":"late","members":[1,"2"],"below":[{"id":3,"name":"Rose"}]},{"id":2,"name":"Blue","members":[1]}]}`)
	})
	fields, err := s.Fields(t.Context())
	if err != nil || !slices.ContainsFunc(fields, func(f core.Field) bool { return f.ID == "custom.shift" && f.Label == "Shift" && f.Custom }) {
		t.Errorf("%v, %v", fields, err)
	}
	for p, err := range s.People(t.Context(), core.Want{Leavers: -1}) {
		want := map[string][3]string{"1": {"Red, Blue", "1 Red, 2 Blue"}, "2": {"Red", "1 Red"}}[p.ID()]
		if got := [3]string{p.Value("jobTitle"), p.Value("team"), p.Value("custom.shift")}; err != nil || got != want {
			t.Errorf("%s: %v, %v", p.ID(), got, err)
		}
	}
}

func TestCustomFieldsAreLearntFromTheFirstPeople(t *testing.T) {
	text := strings.Replace(strings.Replace(acme, "PAGING", pagings["offset"], 1), "custom: {get: /fields, list: data, key: key, label: label, at: extra}", "custom: {at: extra}", 1)
	fields, err := source(t, text, server).Fields(t.Context())
	if err != nil || !slices.ContainsFunc(fields, func(f core.Field) bool { return f.ID == "custom.shoe" }) {
		t.Errorf("%v, %v", fields, err)
	}
}

func TestDetailThatIsNotThereIsNoReasonToStop(t *testing.T) {
	text := strings.Replace(strings.Replace(acme, "PAGING", pagings["offset"], 1), "  fields:", "  detail:\n    more: {get: \"/employees/{.id}\", empty: [404]}\n  fields:", 1)
	text = strings.Replace(text, "jobTitle: {from: title, as: html}", "jobTitle: more.title", 1)
	n := 0
	for p, err := range source(t, text, server).People(t.Context(), core.Want{Leavers: -1}) {
		if err != nil || p.Value("jobTitle") != "" {
			t.Fatal(p.Map(), err)
		}
		n++
	}
	if n != len(people) {
		t.Errorf("%d people", n)
	}
}

func TestAnswerWithoutTheListMayBeOneWithoutRows(t *testing.T) {
	for name, c := range map[string]struct {
		sparse bool
		answer string // empty: status 204
		ok     bool
	}{
		"no list":              {true, `{"kind":"people"}`, true},
		"no list, not sparse":  {false, `{"kind":"people"}`, false},
		"no content":           {false, ``, true},
		"something else there": {true, `{"data":5}`, false},
		"something else":       {true, `[1]`, false},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(acme, "PAGING", fmt.Sprintf("sparse: %v", c.sparse), 1)
			s := source(t, text, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path != "/v1/employees":
					server(w, r)
				case c.answer == "":
					w.WriteHeader(http.StatusNoContent)
				default:
					fmt.Fprint(w, c.answer)
				}
			})
			var failed error
			for _, err := range s.People(t.Context(), core.Want{Leavers: -1}) {
				failed = err
			}
			if (failed == nil) != c.ok {
				t.Error(failed)
			}
		})
	}
}

func TestLookupsOfCodeAreReadWhereTheirFieldsAreWanted(t *testing.T) {
	m := &Manifest{Lookups: map[string]Names{"tree": {For: []string{"division"}}, "off": {If: "tree", For: []string{"division"}}, "any": {}}}
	for _, c := range []struct {
		wanted []string
		want   map[string]bool
	}{
		{nil, map[string]bool{"tree": true, "any": true}},
		{[]string{"division"}, map[string]bool{"tree": true, "any": true}},
		{[]string{"email"}, map[string]bool{"any": true}},
	} {
		p := &pulling{Source: &Source{m: m}, want: core.Want{Fields: c.wanted}}
		for name := range m.Lookups {
			if p.looks(name) != c.want[name] {
				t.Errorf("for %v the lookup %s is read: %v", c.wanted, name, !c.want[name])
			}
		}
	}
}

func TestCustomFieldsThatCodeTellsAreLearntFromTheRowsWhereItMayNot(t *testing.T) {
	text := strings.Replace(acme, "custom: {get: /fields, list: data, key: key, label: label, at: extra}", "custom: {at: extra, told: true}", 1)
	for name, c := range map[string]struct {
		err  error
		want int
	}{"told": {nil, 1}, "refused": {&core.Problem{Code: core.MissingScope, What: "No.", Fix: "Ask."}, 3}} {
		t.Run(name, func(t *testing.T) {
			s := source(t, strings.Replace(text, "PAGING", pagings["offset"], 1), server).(*Source)
			s.own.Fields = func(context.Context, *rest.Client, core.Answers) ([]core.Field, error) {
				if c.err != nil {
					return nil, c.err
				}
				return []core.Field{{ID: "custom.shoe", Label: "Shoe size", Custom: true}}, nil
			}
			fields, err := s.Fields(t.Context())
			n := 0
			for _, f := range fields {
				if f.Custom {
					n++
				}
			}
			if err != nil || n != c.want {
				t.Errorf("%d custom fields, %v", n, err)
			}
		})
	}
}

func TestCustomValuesMayStandInsideOfTheirEntries(t *testing.T) {
	c := Custom{At: "own", Value: "value"}
	row := map[string]any{"own": map[string]any{"wrapped": map[string]any{"value": "a"}, "bare": "b", "empty": map[string]any{"value": nil}}}
	got := map[string]any{}
	for _, v := range c.values(row) {
		got[v.key] = v.value
	}
	if diff := cmp.Diff(map[string]any{"wrapped": "a", "bare": "b", "empty": nil}, got); diff != "" {
		t.Error(diff)
	}
}

func TestPlacesOfCustomFieldsAreAskedFor(t *testing.T) {
	m := &Manifest{People: People{Select: &Select{Sep: ","}, Custom: Customs{{At: "extra.own"}},
		Fields: map[string]From{"externalId": {Paths: []string{"id"}}, "email": {Paths: []string{"mail"}}}}}
	for want, wanted := range map[string][]string{"extra,id,mail": nil, "extra,id": {"custom.shoe"}, "id,mail": {"email"}, "id,title": {"response.title"}} {
		if got := m.selected(wanted); got != want {
			t.Errorf("for %v we ask for %q, and should for %q", wanted, got, want)
		}
	}
}

func TestFurtherListIsAskedForOnlyWhereNobodyOfItCame(t *testing.T) {
	for word, want := range map[string]int{"T": 0, "left": 1} {
		text := strings.Replace(acme, "PAGING", "also: [{get: /leavers, list: data, unless: {state: [X, "+word+"]}}]", 1)
		asked := 0
		s := source(t, text, func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/v1/leavers":
				asked++
				fmt.Fprint(w, `{"data":[{"id":5,"state":"T"},{"id":9,"state":"left"}]}`)
			case "/v1/employees":
				fmt.Fprintf(w, `{"data":[%s]}`, strings.Join(people, ","))
			default:
				server(w, r)
			}
		})
		n := 0
		for _, err := range s.People(t.Context(), core.Want{Leavers: -1}) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if asked != want || n != len(people)+want {
			t.Errorf("unless %s: the list was asked for %d times, and %d people came", word, asked, n)
		}
	}
}

func TestNewRefreshTokenIsSentNextAndKept(t *testing.T) {
	text := strings.Replace(strings.Replace(acme, "PAGING", pagings["offset"], 1), `auth: {bearer: "{apiKey}"}`,
		`auth: {token: {post: /token, form: {refresh_token: "{refreshToken}"}, token: access_token, refresh: refresh_token}}`, 1)
	var sent []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v1/token":
			sent = append(sent, r.PostFormValue("refresh_token"))
			fmt.Fprintf(w, `{"access_token":"k%d","refresh_token":"second"}`, len(sent)-1)
		default: // k1 alone is right, so the first token is renewed once
			server(w, r)
		}
	}))
	defer s.Close()
	m := Must([]byte(text))
	kept := map[string]core.Secret{}
	env := core.Env{Base: s.URL, Save: func(option string, value core.Secret) error { kept[option] = value; return nil }}
	source, err := NewSource(m, core.Answers{"tenant": "corp", "refreshToken": "first"}, env)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Check(t.Context()); err != nil || cmp.Diff([]string{"first", "second"}, sent) != "" || kept["refreshToken"].Reveal() != "second" {
		t.Fatalf("sent %v, kept %v, %v", sent, len(kept), err)
	}
}

type shelf map[string][]byte

func (s shelf) Get(bucket, key string) ([]byte, error) { return s[bucket+key], nil }

func (s shelf) Put(bucket string, values map[string][]byte) error {
	for key, value := range values {
		s[bucket+key] = value
	}
	return nil
}

func (s shelf) All(string) iter.Seq2[core.Item, error] { return nil }

func TestKeptTokenIsUsedAgainUntilItEndsOrIsRefused(t *testing.T) {
	text := strings.Replace(strings.Replace(acme, "PAGING", pagings["offset"], 1), `auth: {bearer: "{apiKey}"}`,
		`auth: {token: {post: /token, form: {secret: "{apiKey}"}, token: access_token, expires: expires_in, keep: true}}`, 1)
	asked, refuse := 0, false
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/v1/token":
			asked++
			refuse = false
			fmt.Fprint(w, `{"access_token":"k1","expires_in":3600}`)
		case refuse:
			w.WriteHeader(401)
		default:
			server(w, r)
		}
	}))
	defer s.Close()
	kept, clock := shelf{}, &stopped{noon}
	start := func(key string) {
		t.Helper()
		source, err := NewSource(Must([]byte(text)), core.Answers{"tenant": "corp", "apiKey": core.Secret(key)}, core.Env{Base: s.URL, Shelf: kept})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := source.Check(rest.WithClock(t.Context(), clock, 0)); err != nil {
			t.Fatal(err)
		}
	}
	for i, c := range []struct {
		key     string
		later   time.Duration
		refused bool
		asked   int
	}{{"a", 0, false, 1}, {"a", time.Minute, false, 1}, {"b", 0, false, 2}, {"a", 0, true, 3}, {"a", 2 * time.Hour, false, 4}} {
		clock.now, refuse = clock.now.Add(c.later), c.refused
		if start(c.key); asked != c.asked {
			t.Errorf("start %d: %d tokens were asked for, and not %d", i+1, asked, c.asked)
		}
	}
}

type stopped struct{ now time.Time }

func (s *stopped) Now() time.Time { return s.now }

func (s *stopped) Sleep(context.Context, time.Duration) error { return nil }

func TestWishedParametersAreSentWhereTheFieldIsWantedAndLeftOutWhereRefused(t *testing.T) {
	text := strings.Replace(strings.Replace(acme, "PAGING", pagings["offset"], 1), "list: data\n  fields:", "list: data\n  wish: {jobTitle: {special: Title}}\n  fields:", 1)
	for name, c := range map[string]struct {
		wanted  []string
		refused bool
		asked   int
	}{"wanted": {nil, false, 3}, "not wanted": {[]string{"email"}, false, 0}, "refused": {nil, true, 1}} {
		t.Run(name, func(t *testing.T) {
			asked, n := 0, 0
			s := source(t, text, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Has("special") {
					if asked++; c.refused {
						w.WriteHeader(403)
						return
					}
				}
				server(w, r)
			})
			for _, err := range s.People(t.Context(), core.Want{Fields: c.wanted, Leavers: -1}) {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
			if n != len(people) || asked != c.asked {
				t.Errorf("%d people came, %d calls asked for it", n, asked)
			}
		})
	}
}

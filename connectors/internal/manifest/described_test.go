package manifest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
		if _, ok := p.Get("department"); err != nil || ok || p.Value("custom.shoe") != "" {
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

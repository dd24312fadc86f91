package manifest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"rollcall/core"
)

// borg is a vendor with everything that a manifest can say of people.
const borg = smallSpec + `  - id: extras
    label: Extras
    help: Whether to read them.
    optional: true
  - id: place
    label: Place
    help: Where it runs.
    default: eu
permissions:
  - {id: people, label: People, needed: true, without: Nobody can be read.}
  - {id: teams, label: Teams, without: Teams are absent.}
base: https://{place}.borg.example/api
words: {place: {eu: europe, us: america}}
auth:
  - when: {place: [us]}
    basic: {user: me, password: "{apiKey}"}
  - header: {X-Key: "{apiKey}", X-Client: rollcall}
check:
  - {get: /me}
  - {get: /teams, proves: teams}
lookups:
  teams: {get: /teams, list: teams, id: id, name: name}
people:
  get: /people
  query: {fields: "{select}", day: "{today}"}
  page: {link: {from: header:Link}, size: {param: n, is: 2}}
  total: header:X-Total
  also: [{get: /left, list: "", mark: {gone: "yes"}}]
  drop: [salary, jobs.pay]
  select: {sep: ",", always: [id]}
  detail:
    more: {get: "/people/{.id}/more", at: d, optional: true, if: extras}
  join:
    jobs: {get: /jobs, list: jobs, key: who}
    pass: {get: /passes, list: passes, key: owner.no, of: badge, one: true, optional: true}
  choose:
    job: {from: jobs, start: from, end: to}
    mail: {from: mails, where: [{kind: work}]}
    boss: {from: job.bosses}
  fields:
    externalId: id
    displayName: {from: [first, last], join: " "}
    email: mail.address
    jobTitle: job.title
    managerId: boss.id
    team: {from: teamIds.0, in: teams}
    startDate: {from: born, as: epoch}
    mobilePhone: more.phone
    office: pass.door
  custom:
    - {rest: true, flat: true, except: [teamIds, born, mails, badge]}
    - {at: more.own, each: {key: k, value: [v, w], label: l}, kind: t, kinds: {DATE: date}, if: extras}
  status:
    - {is: terminated, where: {gone: "YES"}}
    - {is: on_leave, has: {job.title: leave}}
    - {is: terminated, past: job.to}
    - {is: future, ahead: job.from}
    - {is: active, reached: job.from}
    - {is: active, given: badge, missing: job.from}
`

func borgServer(t *testing.T, asked map[string]int) http.HandlerFunc {
	t.Helper()
	answers := map[string]string{
		"/api/me":    `{}`,
		"/api/teams": `{"teams":[{"id":7,"name":"Red"}]}`,
		"/api/left":  `[{"id":1,"first":"again"},{"id":4,"first":"Di","salary":9}]`,
		"/api/jobs": `{"jobs":[{"who":"1","title":"Old","from":"2010-01-01","to":"2015-01-01"},{"who":1,"title":"Now","from":"2015-01-02","pay":5,"bosses":[{"id":2},{"id":3}]},
			{"who":1,"title":"Next","from":"2027-01-01"},{"who":2,"title":"Parental LEAVE","from":"2020-01-01"},{"who":3,"title":"Then","from":"2026-12-01"}]}`,
		"/api/passes":        `{"passes":[{"owner":{"no":"b9"},"door":"North"}]}`,
		"/api/people/1/more": `{"d":{"phone":"+1","own":[{"k":"since","v":"2020-02-29T10:00:00Z","l":"Since","t":"DATE"},{"k":"x","v":"","w":"W","l":""}]}}`,
		"/api/people/4/more": `{"d":null}`,
	}
	return func(w http.ResponseWriter, r *http.Request) {
		asked[r.URL.Path]++
		if r.Header.Get("X-Key") != "k1" || r.Header.Get("X-Client") != "rollcall" || r.Header.Get("X-Forwarded-Host") != "europe.borg.example" {
			w.WriteHeader(401)
			return
		}
		if r.URL.Path == "/api/people" {
			borgPage(t, w, r)
			return
		}
		answer, ok := answers[r.URL.Path]
		if !ok {
			w.WriteHeader(404)
		}
		fmt.Fprint(w, answer)
	}
}

func borgPage(t *testing.T, w http.ResponseWriter, r *http.Request) {
	t.Helper()
	q := r.URL.Query()
	if q.Get("day") != "2026-11-22" || !strings.Contains(q.Get("fields"), "first,") || strings.Contains(q.Get("fields"), "job") {
		t.Errorf("asked with %s", r.URL.RawQuery)
	}
	w.Header().Set("X-Total", "3")
	if q.Get("after") == "" {
		q.Set("after", "2")
		w.Header().Add("Link", `<https://elsewhere.example/first>; rel="first"`)
		w.Header().Add("Link", `<https://elsewhere.example/api/people?`+q.Encode()+`>; rel="next", <https://x.example>; rel="last"`)
		fmt.Fprint(w, `[{"id":1,"first":"Ada","last":"Berg","teamIds":[7],"born":1262304000000,"badge":"b9","salary":1,"mails":[{"kind":"home","address":"h@x.example"},{"kind":"Work","address":"a@corp.example"}],"shoe":{"size":42,"in":{"eu":true}}},
			{"id":2,"first":" Bo ","last":null,"teamIds":[8],"born":"/Date(-86400000+0000)/"}]`)
		return
	}
	fmt.Fprint(w, `[{"id":3,"last":"Cy","badge":"b1","shoe":{"size":null}}]`)
}

func readBorg(t *testing.T, a core.Answers, want core.Want) (map[string]map[string]string, map[string]int) {
	t.Helper()
	asked := map[string]int{}
	server := httptest.NewServer(borgServer(t, asked))
	t.Cleanup(server.Close)
	m, err := Read([]byte(borg))
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSource(m, a, core.Env{Base: server.URL, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]map[string]string{}
	for p, err := range s.People(t.Context(), want) {
		if err != nil {
			t.Fatal(err)
		}
		got[p.ID()] = p.Map()
	}
	return got, asked
}

func TestEverythingThatAManifestCanSayOfPeople(t *testing.T) {
	got, _ := readBorg(t, core.Answers{"apiKey": "k1", "place": "eu", "extras": "true"}, core.Want{Leavers: -1})
	want := map[string]map[string]string{
		"1": {"externalId": "1", "displayName": "Ada Berg", "email": "a@corp.example", "jobTitle": "Now", "managerId": "2", "team": "Red", "startDate": "2010-01-01",
			"mobilePhone": "+1", "office": "North", "custom.shoe.size": "42", "custom.shoe.in.eu": "true", "custom.since": "2020-02-29", "custom.x": "W", "employmentStatus": "active"},
		"2": {"externalId": "2", "displayName": "Bo", "jobTitle": "Parental LEAVE", "startDate": "1969-12-31", "employmentStatus": "on_leave"},
		"3": {"externalId": "3", "displayName": "Cy", "jobTitle": "Then", "employmentStatus": "future"},
		"4": {"externalId": "4", "displayName": "Di", "employmentStatus": "terminated"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOnlyWhatIsWantedIsAskedFor(t *testing.T) {
	got, asked := readBorg(t, core.Answers{"apiKey": "k1", "place": "eu", "extras": "true"}, core.Want{Fields: []string{"displayName"}, Leavers: -1})
	for path, times := range map[string]int{"/api/people": 2, "/api/left": 1, "/api/jobs": 1, "/api/passes": 0, "/api/teams": 0, "/api/people/1/more": 0} {
		if asked[path] != times {
			t.Errorf("%s was asked for %d times, and should be %d times", path, asked[path], times)
		}
	}
	if len(got) != 4 || len(got["1"]) != 3 {
		t.Errorf("got %v", got)
	}
}

func TestCallsBehindAnOptionAreMadeOnlyWhereItIsOn(t *testing.T) {
	got, asked := readBorg(t, core.Answers{"apiKey": "k1", "place": "eu"}, core.Want{Leavers: -1})
	if asked["/api/people/1/more"] != 0 || got["1"]["mobilePhone"] != "" || got["1"]["custom.since"] != "" {
		t.Errorf("asked %v, got %v", asked, got["1"])
	}
}

func TestRefusedProofsNameThePermission(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/teams":
			w.WriteHeader(403)
		case "/api/people":
			fmt.Fprint(w, `[{"id":1}]`)
		default:
			fmt.Fprint(w, `{}`)
		}
	}))
	defer server.Close()
	m, err := Read([]byte(borg))
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSource(m, core.Answers{"apiKey": "k1", "place": "us"}, core.Env{Base: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.Check(t.Context())
	if err != nil || len(h.Rights) != 2 || !h.Rights[0].Granted || h.Rights[1].Granted || h.Rights[1].Detail == "" {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestCurrentIsTheOneThatHoldsElseTheNextElseTheLast(t *testing.T) {
	for text, want := range map[string]string{
		`[{"n":"old","s":"2010-01-01","e":"2011-01-01"},{"n":"now","s":"2012-01-01"},{"n":"next","s":"2027-01-01"}]`:  "now",
		`[{"n":"a","s":"2012-01-01"},{"n":"later","s":"2013-01-01","e":"2026-11-22"}]`:                                "later",
		`[{"n":"far","s":"2028-01-01"},{"n":"near","s":"2027-01-01"},{"n":"gone","s":"2001-01-01","e":"2002-01-01"}]`: "near",
		`[{"n":"first","s":"2001-01-01","e":"2002-01-01"},{"n":"last","s":"2001-01-01","e":"2003-01-01"}]`:            "last",
		`[{"n":"ever"}]`: "ever",
		`[]`:             "",
	} {
		if got := TextAt(Current(Several(mustRead(t, text)), "s", "e", "2026-11-22"), "n"); got != want {
			t.Errorf("%s gives %q, and should give %q", text, got, want)
		}
	}
}

func mustRead(t *testing.T, text string) any {
	t.Helper()
	v, err := read(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestXMLBecomesATree(t *testing.T) {
	got, err := XML([]byte(`<?xml version="1.0"?><e:Envelope xmlns:e="urn:x"><e:Body id="7"><p>1</p><p a="b"> 2 </p><q xsi:nil="true" xmlns:xsi="urn:i"/><r>ü &amp; é</r></e:Body></e:Envelope>`))
	want := map[string]any{"Envelope": map[string]any{"Body": map[string]any{"@id": "7", "p": []any{"1", map[string]any{"@a": "b", "#": "2"}}, "q": nil, "r": "ü & é"}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestNeedlessElementsAreLeftOut(t *testing.T) {
	got, err := XML([]byte(`<w><a>1</a><x id="7">no<a>2</a><x/></x><a>3</a></w>`), "x")
	if want := map[string]any{"w": map[string]any{"a": []any{"1", "3"}}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if v, err := XML([]byte(`<w><x><a></b></x></w>`), "x"); err == nil {
		t.Errorf("%v was read out of elements that do not end", v)
	}
}

func TestXMLThatDefinesEntitiesIsRefused(t *testing.T) {
	for _, text := range []string{`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`, `<a>&x;</a>`, `<a><!DOCTYPE b></a>`, `<a>`, `<a></b>`, `<a><b></a></b>`, `<x:a></y:a>`, ``} {
		if v, err := XML([]byte(text)); err == nil {
			t.Errorf("%q was read as %v", text, v)
		}
	}
}

func TestValuesAreEscapedInXMLAndInPaths(t *testing.T) {
	v := vars{answers: core.Answers{"a": "<x>&"}}.of(map[string]any{"id": "../admin?x"})
	if got := v.xml("<u>{a}</u>", Page{}, nil); got != "<u>&lt;x&gt;&amp;</u>" {
		t.Errorf("got %s", got)
	}
	if got := v.path("/p/{.id}/q"); got != "/p/..%2Fadmin%3Fx/q" {
		t.Errorf("got %s", got)
	}
}

func TestLinkHeaderNamesTheNextPage(t *testing.T) {
	for header, want := range map[string]string{
		`<https://a.example/x?page=2>; rel="next"`: "https://a.example/x?page=2", `<a>; rel=next`: "a", `<a>; rel="prev", <b>; title="n"; rel="next"`: "b",
		`<a>; rel="last"`: "", ``: "",
	} {
		if got := NextLink(http.Header{"Link": {header}}); got != want {
			t.Errorf("%s gives %q", header, got)
		}
	}
}

func TestEffortIsToldInWords(t *testing.T) {
	m, err := Read([]byte(strings.Replace(acme, "PAGING", pagings["offset"], 1)))
	if err != nil || m.Effort != "Reading 50,000 people takes about 25,002 calls, 26 seconds at the pace that Acme HR allows." {
		t.Errorf("%q, %v", m.Effort, err)
	}
}

func FuzzXMLNeverPanics(f *testing.F) {
	f.Add(`<a b="c"><d/>e</a>`)
	f.Fuzz(func(t *testing.T, text string) {
		v, err := XML([]byte(text))
		if err == nil {
			_ = Text(v)
		}
	})
}

func FuzzTreeIsWhatTheStandardLibraryReads(f *testing.F) {
	for _, text := range []string{`{"a":{"b":[{"c":1.50},"ü\u00e9\ud83e\udd8a\n"]},"d":null,"e":true,"":-0e1}`, ` [ 1 , 2 ] `, `"x"`, `{"a":1,"a":2}`} {
		f.Add(text, "a.b")
	}
	f.Fuzz(func(t *testing.T, text, path string) {
		if !json.Valid([]byte(text)) || !utf8.ValidString(text) {
			return
		}
		want, err := read(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, Tree(json.RawMessage(text))); diff != "" && !strings.Contains(text, `\u`) { // lone surrogates have no one reading
			t.Error(diff)
		}
		rows, _, err := Split(json.RawMessage(text), path)
		found, ok := At(want, path)
		list, isList := found.([]any)
		if err == nil && ok && isList && !strings.ContainsAny(path, "*[") && len(rows) != len(list) && !strings.Contains(text, `\u`) {
			t.Errorf("%d rows of %d", len(rows), len(list))
		}
	})
}

func TestThoseWhoChangedAreAskedForByTheTime(t *testing.T) {
	text := strings.Replace(strings.Replace(acme, "PAGING", pagings["cursor"], 1), "  list: data\n  fields", "  list: data\n  since: {query: {updated: \">{since}\"}, margin: 5m, layout: \"2006-01-02 15:04\"}\n  fields", 1)
	var asked []string
	s := source(t, text, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/employees" {
			asked = append(asked, r.URL.Query().Get("updated"))
		}
		server(w, r)
	})
	for _, since := range []time.Time{{}, noon.In(time.FixedZone("", 3600))} {
		for _, err := range s.People(t.Context(), core.Want{Leavers: -1, Since: since}) {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if want := []string{"", "", "", ">2026-11-22 11:55", ">2026-11-22 11:55", ">2026-11-22 11:55"}; !cmp.Equal(asked, want) {
		t.Errorf("asked for %q", asked)
	}
}

func TestSideListThatGoesInACircleIsRefused(t *testing.T) {
	text := strings.Replace(acme, "departments: {get: /departments,", "departments: {get: /departments, page: {number: {param: page, first: 1}},", 1)
	s := source(t, strings.Replace(text, "PAGING", pagings["offset"], 1), func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/departments" {
			n, _ := strconv.Atoi(r.URL.Query().Get("page"))
			fmt.Fprintf(w, `{"data":[{"id":%d,"label":"x"}]}`, n%3)
			return
		}
		server(w, r)
	})
	for _, err := range s.People(t.Context(), core.Want{Leavers: -1}) {
		if !core.HasCode(err, core.BadData) {
			t.Errorf("got %v", err)
		}
	}
}

package emulate_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/seed"
)

var anyDay = time.Date(2026, 6, 18, 12, 0, 0, 0, time.UTC)

// reading is how a test reads one page of a vendor, and the statuses of its refusals.
type reading struct {
	id, way string
	token   func(t testing.TB, s *emulate.Server) string
	method  string
	page    func(n int) (path, body string)
	rows    []any
	id1     []any // path of a row's id
	refused int   // status of the token call with bad credentials, or of the data call where there is none
}

var readings = []reading{
	{"bamboohr", "key", func(_ testing.TB, s *emulate.Server) string { return basic(s) }, "POST", func(n int) (string, string) {
		return bambooData, `{"fields":["eeid"],"orderBy":"eeid asc","page":` + string(rune('1'+n)) + `}`
	}, []any{"data"}, []any{"fields", "eeid"}, 401},
	{"personio", "v1", tokenV1, "GET", func(n int) (string, string) {
		return "/v1/company/employees?limit=30&offset=" + []string{"0", "30", "60", "90", "120", "150", "180"}[n], ""
	}, []any{"data"}, []any{"attributes", "id", "value"}, 401},
	{"officient", "token", func(_ testing.TB, s *emulate.Server) string { return bearerOfOfficient(s) }, "GET", func(n int) (string, string) {
		return "/1.0/people/list?include_archived=1&page=" + string(rune('0'+n)), ""
	}, []any{"data"}, []any{"id"}, 401},
}

func (c reading) start(t *testing.T) (*emulate.Server, string) {
	s := start(t, c.id, emulate.Setup{Way: c.way, PageCap: 30, Day: anyDay})
	return s, c.token(t, s)
}

func (c reading) ask(t *testing.T, s *emulate.Server, token string, page int) (reply, error) {
	path, body := c.page(page)
	return try(t, s, c.method, path, body, token, wantJSON, sendJSON)
}

// ids reads one page.
func (c reading) ids(t *testing.T, s *emulate.Server, token string, page int) []any {
	t.Helper()
	got, err := c.ask(t, s, token, page)
	if err != nil || got.status != 200 {
		t.Fatalf("page %d: status %d, %v", page, got.status, err)
	}
	var ids []any
	for _, row := range at(t, got.json(t), c.rows...).([]any) {
		ids = append(ids, at(t, row, c.id1...))
	}
	return ids
}

func forAll(t *testing.T, test func(t *testing.T, c reading, s *emulate.Server, token string)) {
	t.Helper()
	for _, c := range readings {
		t.Run(c.id, func(t *testing.T) {
			s, token := c.start(t)
			test(t, c, s, token)
		})
	}
}

func TestRefusalsComeInTheVendorsShape(t *testing.T) {
	samples := map[string]map[int]string{
		"bamboohr":  {401: "error.401.json", 403: "error.403.json", 429: "error.429.json"},
		"personio":  {401: "error.401.json", 403: "error.403.json", 404: "error.404.json", 429: "error.429.json"},
		"officient": {401: "error.401.json", 403: "error.401.json", 404: "error.401.json"},
	}
	forAll(t, func(t *testing.T, c reading, s *emulate.Server, token string) {
		for _, f := range []emulate.Fault{emulate.BadCredentials(), emulate.MissingPermission(), emulate.UnknownTenant(), emulate.TooManyCalls(1, "7"), emulate.Broken(0)} {
			s.Fault(f)
			got, err := c.ask(t, s, token, 0)
			s.Clear()
			if err != nil || got.status != f.Status || got.header.Get("Retry-After") != f.RetryAfter {
				t.Fatalf("%+v gives %d, Retry-After %q, %v", f, got.status, got.header.Get("Retry-After"), err)
			}
			if file := samples[c.id][f.Status]; file != "" {
				sameShape(t, got.json(t), []any{sample(t, c.id, file)})
			}
		}
	})
}

func TestFaultBeginsAndEndsWhenToldSo(t *testing.T) {
	forAll(t, func(t *testing.T, c reading, s *emulate.Server, token string) {
		s.Fault(emulate.Fault{Kind: emulate.Refused, Status: 503, After: 1, Times: 2})
		var statuses []int
		for range 4 {
			got, err := c.ask(t, s, token, 0)
			if err != nil {
				t.Fatal(err)
			}
			statuses = append(statuses, got.status)
		}
		if !slices.Equal(statuses, []int{200, 503, 503, 200}) {
			t.Errorf("statuses %v", statuses)
		}
	})
}

func TestFaultCanStrikeOneCallOnly(t *testing.T) {
	s := start(t, "officient", emulate.Setup{})
	s.Fault(emulate.Fault{Kind: emulate.Refused, Status: 400, On: "/5103/detail"})
	if got := officient(t, s, "/people/5103/detail"); got.status != 400 {
		t.Errorf("the struck call is answered %d", got.status)
	}
	if got := officient(t, s, "/people/5104/detail"); got.status != 200 {
		t.Errorf("another call is answered %d", got.status)
	}
}

func TestBrokenAnswers(t *testing.T) {
	forAll(t, func(t *testing.T, c reading, s *emulate.Server, token string) {
		s.Fault(emulate.Fault{Kind: emulate.HTML})
		if got, err := c.ask(t, s, token, 0); err != nil || got.status != 200 || !strings.HasPrefix(string(got.body), "<!DOCTYPE") {
			t.Errorf("HTML: status %d, %q, %v", got.status, got.body, err)
		}
		s.Clear()
		s.Fault(emulate.Fault{Kind: emulate.Truncated})
		if got, err := c.ask(t, s, token, 0); err != nil || got.status != 200 || json.Valid(got.body) {
			t.Errorf("truncated: status %d, valid JSON or %v", got.status, err)
		}
		s.Clear()
		s.Fault(emulate.Fault{Kind: emulate.Dropped})
		if got, err := c.ask(t, s, token, 0); err == nil {
			t.Errorf("the dropped connection gave %d bytes and no error", len(got.body))
		}
	})
}

func TestHangingCallEndsWhenTheClientGivesUp(t *testing.T) {
	s := start(t, "officient", emulate.Setup{})
	s.Fault(emulate.Fault{Kind: emulate.Hanging})
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/1.0/account", nil)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := http.DefaultTransport.RoundTrip(r)
		ended <- err
	}()
	for len(s.Calls()) == 0 {
		select {
		case err := <-ended:
			t.Fatalf("the call ended by itself: %v", err)
		default:
		}
	}
	cancel()
	if err := <-ended; err == nil {
		t.Error("the call was answered")
	}
}

func TestPagesEnd(t *testing.T) {
	forAll(t, func(t *testing.T, c reading, s *emulate.Server, token string) {
		seen := map[any]bool{}
		for page := range 4 {
			for _, id := range c.ids(t, s, token, page) {
				seen[id] = true
			}
		}
		if len(seen) < 119 || len(c.ids(t, s, token, 4)) != 0 {
			t.Errorf("%d people on four pages, and more on the fifth", len(seen))
		}
	})
}

func TestPagingFaults(t *testing.T) {
	forAll(t, func(t *testing.T, c reading, s *emulate.Server, token string) {
		first, second := c.ids(t, s, token, 0), c.ids(t, s, token, 1)
		for _, f := range []struct {
			name string
			kind emulate.Kind
			page int
			want []any
		}{
			{"after the last page comes the first", emulate.EndlessPages, 4, first},
			{"every page is the first", emulate.StuckPage, 3, first},
			{"the first page comes twice", emulate.RepeatedPage, 1, first},
			{"then the second", emulate.RepeatedPage, 2, second},
			{"somebody is lost", emulate.ShrinkingList, 1, append(slices.Clone(second[1:]), c.ids(t, s, token, 2)[0])},
		} {
			s.Fault(emulate.Fault{Kind: f.kind})
			if got := c.ids(t, s, token, f.page); !slices.Equal(got, f.want) {
				t.Errorf("%s: page %d is %v, want %v", f.name, f.page, got, f.want)
			}
			s.Clear()
		}
	})
}

func TestV2NextLinkCanPointAtItself(t *testing.T) {
	s := start(t, "personio", emulate.Setup{Way: "v2"})
	token := tokenV2(t, s)
	s.Fault(emulate.Fault{Kind: emulate.StuckPage})
	got := ask(t, s, "GET", "/v2/persons?limit=50", "", token).json(t)
	if at(t, got, "_meta", "links", "next", "href") != at(t, got, "_meta", "links", "self", "href") {
		t.Errorf("next is %v", at(t, got, "_meta", "links", "next"))
	}
	s.Clear()
	s.Fault(emulate.Fault{Kind: emulate.EndlessPages})
	for next, page := "/v2/persons?limit=50", 0; page < 8; page++ {
		got := ask(t, s, "GET", next, "", token).json(t)
		link := at(t, got, "_meta", "links", "next", "href").(string)
		if path := strings.TrimPrefix(link, "https://api.personio.de"); path != next {
			next = path
			continue
		}
		t.Fatalf("page %d leads to itself", page)
	}
}

func TestTokensExpireInTheMiddle(t *testing.T) {
	forAll(t, func(t *testing.T, c reading, s *emulate.Server, token string) {
		s.Fault(emulate.Fault{Kind: emulate.TokenExpired, After: 2})
		var statuses []int
		for range 4 {
			got, err := c.ask(t, s, token, 0)
			if err != nil {
				t.Fatal(err)
			}
			statuses = append(statuses, got.status)
		}
		if !slices.Equal(statuses, []int{200, 200, 401, 401}) {
			t.Errorf("statuses %v", statuses)
		}
		if c.id == "personio" {
			if got, err := c.ask(t, s, c.token(t, s), 0); err != nil || got.status != 200 {
				t.Errorf("a new token is answered %d, %v", got.status, err)
			}
		}
	})
}

func TestCallsAreCountedWithoutSecrets(t *testing.T) {
	s := start(t, "officient", emulate.Setup{})
	officient(t, s, "/people/list?page=0&access_token=hush")
	want := []emulate.Call{{Method: "GET", Path: "/1.0/people/list", Query: "page=0"}}
	if got := s.Calls(); !slices.Equal(got, want) {
		t.Errorf("calls %v, want %v", got, want)
	}
}

func TestUnknownEmulatorsAndWaysAreRefused(t *testing.T) {
	for _, c := range []struct{ id, way string }{{"nobody", ""}, {"personio", "v3"}} {
		if _, err := emulate.Start(c.id, emulate.Setup{Way: c.way}); err == nil {
			t.Errorf("%s by %q was started", c.id, c.way)
		}
	}
	if ids := emulate.IDs(); !slices.IsSorted(ids) || !slices.Contains(ids, "personio") {
		t.Errorf("IDs %v", ids)
	}
}

func TestTruthNamesEverybodyWhoIsShown(t *testing.T) {
	for _, c := range []struct {
		id, way string
		want    map[string]string // what becomes of the oddities, by externalId
	}{
		{"bamboohr", "key", map[string]string{"5106": "future", "5107": "terminated", "5108": "terminated", "5109": "on_leave", "5110": "unknown",
			"5117": "active", "5120": "future", "5121": "terminated", "5123": "active", "5124": "active"}},
		{"personio", "v1", map[string]string{"5106": "future", "5107": "terminated", "5109": "on_leave", "5110": "unknown",
			"5117": "active", "5120": "future", "5121": "active", "5129": "active", "5130": "future"}},
		{"personio", "v2", map[string]string{"5106": "future", "5107": "terminated", "5109": "on_leave", "5110": "unknown"}},
		{"officient", "token", map[string]string{"5106": "future", "5107": "terminated", "5108": "terminated", "5109": "active", "5121": "terminated"}},
	} {
		t.Run(c.id+" "+c.way, func(t *testing.T) {
			s := start(t, c.id, emulate.Setup{Way: c.way, Day: anyDay, People: seed.Company(120, anyDay)})
			truth := s.Truth(anyDay)
			if len(truth) != 119 || truth["5122"] != nil {
				t.Errorf("%d records, or the removed person is there", len(truth))
			}
			for id, status := range c.want {
				if got := truth[id]["employmentStatus"]; got != status {
					t.Errorf("%s is %s, want %s", id, got, status)
				}
			}
			if truth["5101"]["managerId"] != "" || truth["5103"]["managerId"] != "5220" || truth["5111"]["managerId"] != "999999" {
				t.Errorf("managers %q, %q, %q", truth["5101"]["managerId"], truth["5103"]["managerId"], truth["5111"]["managerId"])
			}
		})
	}
}

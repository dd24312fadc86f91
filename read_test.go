package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/seed"
	"rollcall/core"
)

// shapes are the HR systems with the ways of reading that their emulators know.
var shapes = map[string]struct{ id, way string }{
	"BambooHR": {"bamboohr", "key"}, "Personio v1": {"personio", "v1"}, "Personio v2": {"personio", "v2"}, "Officient": {"officient", "token"},
}

// emulator holds few people on small pages, since the vendors' pace is kept.
func emulator(t *testing.T, id, way string) *emulate.Server {
	t.Helper()
	s, err := emulate.Start(id, emulate.Setup{Way: way, People: seed.Company(40, time.Now()), PageCap: 10})
	must(t, err)
	t.Cleanup(s.Close)
	return s
}

// read reads from an address with answers on standard input, as a script does.
func read(t *testing.T, id, address string, answers map[string]string, more ...string) said {
	t.Helper()
	options, err := json.Marshal(answers)
	must(t, err)
	return say(t, string(options), append([]string{"read", id, "--home", t.TempDir(), "--base-url", address, "--options", "-"}, more...)...)
}

func TestReadGivesEveryCanonicalFieldOfEverybody(t *testing.T) {
	for name, c := range shapes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := emulator(t, c.id, c.way)
			s := read(t, c.id, server.URL, server.Options)
			if s.code != exitDone || s.err != "" {
				t.Fatalf("exit code %d: %s", s.code, s.err)
			}
			truth := server.Truth(time.Now())
			for lines := bufio.NewScanner(strings.NewReader(s.out)); lines.Scan(); {
				var person map[string]string
				must(t, json.Unmarshal(lines.Bytes(), &person))
				want, known := truth[person["externalId"]]
				if !known {
					t.Fatalf("%q is nobody, or came twice", person["externalId"])
				}
				delete(truth, person["externalId"])
				for _, f := range core.Canonical {
					if got := person[f.ID]; got != want[f.ID] && want[f.ID] != "" {
						t.Errorf("%s of %s is %q, truly %q", f.ID, person["externalId"], got, want[f.ID])
					}
				}
			}
			if len(truth) > 0 {
				t.Errorf("not read: %v", slices.Sorted(maps.Keys(truth)))
			}
		})
	}
}

func TestReadWritesCSVAndKeepsOldLeaversOut(t *testing.T) {
	server := emulator(t, "personio", "v1")
	everybody := strings.Count(read(t, "personio", server.URL, server.Options).out, "\n")
	s := read(t, "personio", server.URL, server.Options, "--format", "csv", "--leavers", "0")
	if lines := strings.Count(s.out, "\n"); s.code != exitDone || !strings.Contains(s.out, "externalId") || lines-1 >= everybody || lines < 10 {
		t.Errorf("exit code %d, %d lines of %d people\n%s", s.code, lines, everybody, s.err)
	}
}

// problemOf reads the one JSON object that a failed reading leaves on standard error.
func problemOf(t *testing.T, s said) (code core.Code, words string) {
	t.Helper()
	var p struct{ Code, What, Fix string }
	if err := json.Unmarshal([]byte(s.err), &p); err != nil || s.code != exitError {
		t.Fatalf("exit code %d, %v: %s", s.code, err, s.err)
	}
	if !strings.HasSuffix(p.What, ".") || !strings.HasSuffix(p.Fix, ".") {
		t.Errorf("no whole sentences: %q %q", p.What, p.Fix)
	}
	return core.Code(p.Code), p.What + " " + p.Fix
}

func TestReadExplainsWhatGoesWrong(t *testing.T) {
	for name, c := range map[string]struct {
		fault emulate.Fault
		codes []core.Code
	}{
		"wrong key":                  {emulate.BadCredentials(), []core.Code{core.BadCredentials}},
		"missing scope":              {emulate.MissingPermission(), []core.Code{core.MissingScope}},
		"endless pages":              {emulate.Fault{Kind: emulate.EndlessPages}, []core.Code{core.BadData, core.Incomplete}},
		"a page that repeats":        {emulate.Fault{Kind: emulate.StuckPage}, []core.Code{core.BadData, core.Incomplete}},
		"HTML":                       {emulate.Fault{Kind: emulate.HTML, Tokens: true}, []core.Code{core.BadData}},
		"half a page":                {emulate.Fault{Kind: emulate.Truncated}, []core.Code{core.BadData}},
		"429, to come back tomorrow": {emulate.TooManyCalls(0, "86400"), []core.Code{core.RateLimited}},
	} {
		for shape, x := range shapes {
			t.Run(name+"/"+shape, func(t *testing.T) {
				t.Parallel()
				server := emulator(t, x.id, x.way)
				server.Fault(c.fault)
				if c.fault.Kind == emulate.StuckPage && x.way == "v2" {
					t.Skip("the vendor's last page names itself as the next, so this is what a whole list looks like")
				}
				code, words := problemOf(t, read(t, x.id, server.URL, server.Options))
				if !slices.Contains(c.codes, code) {
					t.Errorf("%s: %s", code, words)
				}
				for _, secret := range server.Options {
					if len(secret) > 12 && strings.Contains(words, secret) {
						t.Errorf("an answer of the form stands in %q", words)
					}
				}
			})
		}
	}
}

func TestReadExplainsTheWayThere(t *testing.T) {
	tls := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") }))
	t.Cleanup(tls.Close)
	tls.Config.ErrorLog = nil
	answers := emulator(t, "personio", "v1").Options
	for name, c := range map[string]struct {
		address string
		code    core.Code
		says    string
	}{
		"a host that does not resolve":         {"https://nobody.invalid", core.Unreachable, "nobody.invalid"},
		"a port where nobody listens":          {"http://127.0.0.1:1", core.Unreachable, "127.0.0.1"},
		"a certificate that does not verify":   {tls.URL, core.Untrusted, "certificate"},
		"an address without encryption":        {"http://hr.corp.example", core.BadOption, "https"},
		"no address at all":                    {"hr", core.BadOption, ""},
		"an address of another kind of server": {"ftp://127.0.0.1", core.BadOption, ""},
	} {
		t.Run(name, func(t *testing.T) {
			code, words := problemOf(t, read(t, "personio", c.address, answers))
			if code != c.code || !strings.Contains(words, c.says) {
				t.Errorf("%s: %s", code, words)
			}
		})
	}
}

func TestReadExplainsWrongAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		id      string
		answers map[string]string
		more    []string
		code    core.Code
		says    string
	}{
		"an answer is missing":     {"personio", map[string]string{"clientId": "x"}, nil, core.BadOption, "Client secret"},
		"an answer to no question": {"sample", map[string]string{"colour": "red"}, nil, core.BadOption, `no option "colour"`},
		"no such connector":        {"bambohr", map[string]string{}, nil, core.NotFound, `Did you mean "bamboohr"?`},
		"a target only":            {"practice", map[string]string{}, nil, core.Unsupported, "People cannot be read"},
		"leavers in words":         {"sample", nil, []string{"--leavers", "some"}, core.BadOption, "number of days"},
	} {
		t.Run(name, func(t *testing.T) {
			code, words := problemOf(t, read(t, c.id, "", c.answers, c.more...))
			if code != c.code || !strings.Contains(words, c.says) {
				t.Errorf("%s: %s", code, words)
			}
		})
	}
}

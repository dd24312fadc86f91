package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
)

// typing is a standard error at which somebody reads codes and enters them.
type typing struct {
	bytes.Buffer
	t    *testing.T
	at   string
	more string // to the address where the code is entered
	seen []string
}

var userCode = regexp.MustCompile(`enter the code (\w+)`)

func (p *typing) Write(b []byte) (int, error) {
	if code := userCode.FindSubmatch(b); code != nil {
		p.seen = append(p.seen, string(code[1]))
		r, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.at+"/common/oauth2/deviceauth?user_code="+string(code[1])+p.more, nil)
		must(p.t, err)
		answer, err := http.DefaultClient.Do(r)
		must(p.t, err)
		must(p.t, answer.Body.Close())
	}
	return p.Buffer.Write(b)
}

func entra(t *testing.T) (server *emulate.Server, options string) {
	t.Helper()
	server, err := emulate.Start("entraid", emulate.Setup{Way: "oauth", Writing: wire.Writing{Empty: true}})
	must(t, err)
	t.Cleanup(server.Close)
	answers := map[string]string{"auth": "device"}
	for _, id := range []string{"tenantId", "clientId"} {
		answers[id] = server.Options[id]
	}
	b, err := json.Marshal(answers)
	must(t, err)
	return server, string(b)
}

func TestConnectShowsACodeAndWaits(t *testing.T) {
	home(t)
	server, options := entra(t)
	person := &typing{t: t, at: server.URL}
	var out bytes.Buffer
	code := run(t.Context(), []string{"connect", "Entra", "entraid", "--base-url", server.URL, "--options", "-", "--check"}, streams{In: strings.NewReader(options), Out: &out, ErrOut: person})
	if code != exitDone || len(person.seen) != 1 {
		t.Fatalf("exit code %d after the codes %q\n%s%s", code, person.seen, &out, person)
	}
	said{code, out.String(), person.String()}.has(t, "To sign in to Microsoft Entra ID, open https://", "Kept as “Entra”.")

	// What was allowed is kept: nobody is asked again, though nobody could be.
	expect(t, exitDone, "connect", "HR", "sample", "--options", put(t, t.TempDir()+"/sample.json", "{}"))
	if s := say(t, "", "plan", "--source", "HR", "--target", "Entra"); s.code == exitError {
		t.Errorf("the plan: %s", s.err)
	}
}

func TestDeclinedCodeIsSaid(t *testing.T) {
	home(t)
	server, options := entra(t)
	person := &typing{t: t, at: server.URL, more: "&decline=1"}
	var out bytes.Buffer
	code := run(t.Context(), []string{"connect", "Entra", "entraid", "--base-url", server.URL, "--options", "-", "--check"}, streams{In: strings.NewReader(options), Out: &out, ErrOut: person})
	if code != exitError {
		t.Errorf("exit code %d", code)
	}
	said{code, out.String(), person.String()}.has(t, "Microsoft Entra ID was not allowed.")
}

func TestRunThatNobodySeesTellsTheCodeAsAProblem(t *testing.T) {
	home(t)
	server, options := entra(t)
	if s := say(t, options, "connect", "Entra", "entraid", "--base-url", server.URL, "--options", "-"); s.code != exitDone {
		t.Fatal(s.err)
	}
	expect(t, exitDone, "connect", "HR", "sample", "--options", put(t, t.TempDir()+"/sample.json", "{}"))
	expect(t, exitError, "plan", "--source", "HR", "--target", "Entra").has(t, "Microsoft Entra ID has to be allowed with a code first.", "enter the code MADEUP001")
}

func TestOnlyATerminalIsSeenBySomebody(t *testing.T) {
	for _, name := range []string{os.DevNull, put(t, t.TempDir()+"/log", "")} {
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		must(t, err)
		if (&job{streams: streams{ErrOut: f}}).onTerminal() {
			t.Errorf("%s is taken for a terminal", name)
		}
		must(t, f.Close())
	}
	if (&job{streams: streams{ErrOut: &bytes.Buffer{}}}).onTerminal() {
		t.Error("memory is taken for a terminal")
	}
}

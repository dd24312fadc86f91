package ldap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	goldap "github.com/go-ldap/ldap/v3"

	"rollcall/connectors/internal/servers"
	"rollcall/core"
)

func TestEncryptedConnections(t *testing.T) {
	d := servers.Slapd(t)
	plain := strconv.Itoa(d.Plain)
	for name, c := range map[string]struct {
		answers []string
		code    core.Code // "" where it works
		says    string
	}{
		"LDAPS":                   {},
		"LDAPS by name":           {answers: []string{"host", "localhost"}},
		"StartTLS":                {answers: []string{"tls", "starttls", "port", plain}},
		"none, to this computer":  {answers: []string{"tls", "plain", "port", plain, "caFile", ""}},
		"untrusted, LDAPS":        {[]string{"caFile", ""}, core.Untrusted, "CA certificate"},
		"untrusted, StartTLS":     {[]string{"caFile", "", "tls", "starttls", "port", plain}, core.Untrusted, "CA certificate"},
		"LDAPS at the plain port": {[]string{"port", plain}, core.Untrusted, "636"},
		"nobody there":            {[]string{"port", "1"}, core.Unreachable, "port"},
		"wrong password":          {[]string{"password", "wrong"}, core.BadCredentials, "does not try twice"},
		"no DN as user":           {[]string{"bindDN", "sync@corp.example"}, core.BadCredentials, "distinguished name"},
		"groups":                  {[]string{"groups", "Sales"}, core.BadOption, "Active Directory"},
		"no such user":            {[]string{"bindDN", "uid=nobody,dc=corp,dc=example"}, core.BadCredentials, ""},
		"no such branch":          {[]string{"baseDN", "ou=nobody,dc=corp,dc=example"}, core.NotFound, "The server holds: dc=corp,dc=example"},
		"no such class":           {[]string{"classes", "noSuchClass"}, core.BadOption, "noSuchClass"},
	} {
		t.Run(name, func(t *testing.T) {
			health, err := connect(t, answers(d, c.answers...), core.Env{}).Check(t.Context())
			if c.code == "" && (err != nil || health.People != 2) {
				t.Errorf("%d people, %v", health.People, err)
			}
			if c.code != "" && (!core.HasCode(err, c.code) || !strings.Contains(err.Error(), c.says) || core.AsProblem(err).Fix == "") {
				t.Errorf("got %v, want %s", err, c.code)
			}
			if err != nil && strings.Contains(fmt.Sprintf("%v %+v", err, core.AsProblem(err)), "sync-secret") {
				t.Error("the password is in the problem")
			}
		})
	}
}

func TestCertificateOfAnotherNameIsRefused(t *testing.T) {
	d := servers.Slapd(t)
	for name, more := range map[string][]string{"LDAPS": nil, "StartTLS": {"tls", "starttls", "port", strconv.Itoa(d.Plain)}} {
		t.Run(name, func(t *testing.T) {
			target := connect(t, answers(d, more...), core.Env{})
			target.session.host = "ldap.corp.example" // as if that name led to the server
			if _, err := target.Check(t.Context()); !core.HasCode(err, core.Untrusted) || !strings.Contains(err.Error(), "another name") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAnswersThatCannotWorkAreRefusedBeforeAnythingIsSent(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string][]string{
		"no encryption to elsewhere": {"host", "ldap.corp.example", "tls", "plain"},
		"no password":                {"password", " "},
		"no DN":                      {"baseDN", "people=,,"},
		"no certificate":             {"caFile", empty},
		"no such file":               {"caFile", empty + "x"},
		"no branch for leavers":      {"disableBy", "move"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewTarget(answers(servers.Directory{TLS: 636, BaseDN: "dc=corp,dc=example", BindDN: "cn=x", BindPassword: "x"}, c...), core.Env{})
			if !core.HasCode(err, core.BadOption) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// relay stands between us and the server and can be told to misbehave.
type relay struct {
	net.Listener
	to      string
	opened  atomic.Int32
	deaf    atomic.Bool // let requests through and no answer back: close instead
	gate    sync.Mutex  // held: answers wait
	mu      sync.Mutex
	current []net.Conn
}

func newRelay(t testing.TB, port int) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{Listener: l, to: fmt.Sprintf("127.0.0.1:%d", port)}
	t.Cleanup(func() { l.Close(); r.cut() })
	go r.serve()
	return r
}

func (r *relay) serve() {
	for {
		in, err := r.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", r.to)
		if err != nil {
			in.Close()
			continue
		}
		r.opened.Add(1)
		r.mu.Lock()
		r.current = append(r.current, in, out)
		r.mu.Unlock()
		go func() { _, _ = io.Copy(out, in) }()
		go r.answer(in, out)
	}
}

func (r *relay) answer(in, out net.Conn) {
	buffer := make([]byte, 1<<16)
	for {
		n, err := out.Read(buffer)
		if err != nil || r.deaf.Load() {
			in.Close()
			return
		}
		r.gate.Lock()
		_, err = in.Write(buffer[:n])
		r.gate.Unlock()
		if err != nil {
			return
		}
	}
}

func (r *relay) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.current {
		c.Close()
	}
	r.current = nil
}

func through(r *relay) core.Env { return core.Env{Base: "ldap://" + r.Addr().String()} }

func TestDroppedConnectionIsMadeAgain(t *testing.T) {
	d := servers.Slapd(t)
	r := newRelay(t, d.Plain)
	target := connect(t, answers(d, "caFile", ""), through(r))
	ada := find(t, target, "uid", "ada.berg")
	for range 3 {
		r.cut()
		if _, err := target.Account(t.Context(), ada.ID(), nil); err != nil {
			t.Fatalf("after a dropped connection: %v", err)
		}
	}
	r.cut()
	write(t, target, core.Write{Verb: core.Update, Account: ada.ID(), Set: map[string]string{"title": "Head"}})
}

func TestWriteWithoutAnAnswerIsOfUnknownOutcome(t *testing.T) {
	d := servers.Slapd(t)
	r := newRelay(t, d.Plain)
	target := connect(t, answers(d, "caFile", ""), through(r))
	if _, err := target.Attributes(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.deaf.Store(true)
	_, err := target.Write(t.Context(), core.Write{Verb: core.Create, Set: person(1), Active: true})
	if !core.HasCode(err, core.Unknown) {
		t.Errorf("got %v, want an unknown outcome", err)
	}
	r.deaf.Store(false)
	find(t, target, "uid", "new.1") // it was made all the same, and looking finds it
}

func TestStoppedReadingLeavesTheConnectionToOthers(t *testing.T) {
	d := servers.Slapd(t)
	r := newRelay(t, d.Plain)
	target := connect(t, answers(d, "caFile", ""), through(r))
	ada := find(t, target, "uid", "ada.berg").ID()
	opened := r.opened.Load()
	r.gate.Lock()
	ctx, cancel := context.WithCancel(t.Context())
	stopped, written := make(chan error), make(chan error)
	go func() {
		_, err := target.search(ctx, d.BaseDN, goldap.ScopeWholeSubtree, isPerson, nil)
		stopped <- err
	}()
	go func() {
		written <- target.session.write(t.Context(), func(conn *goldap.Conn) error {
			m := goldap.NewModifyRequest("uid=ada.berg,"+d.BaseDN, nil)
			m.Replace("title", []string{"Stayed"})
			return conn.Modify(m)
		})
	}()
	cancel()
	if err := <-stopped; !core.HasCode(err, core.Cancelled) {
		t.Errorf("the reading ended with %v", err)
	}
	r.gate.Unlock()
	if err := <-written; err != nil {
		t.Errorf("a write beside it ended with %v", err)
	}
	if a, err := target.Account(t.Context(), ada, nil); err != nil || a.Value("title") != "Stayed" || r.opened.Load() != opened {
		t.Errorf("title %q, %d more connections, %v", a.Value("title"), r.opened.Load()-opened, err)
	}
}

func TestRefusedSignInIsNotTriedAgain(t *testing.T) {
	d := servers.Slapd(t)
	r := newRelay(t, d.Plain)
	target := connect(t, answers(d, "caFile", "", "password", "wrong"), through(r))
	for range 3 {
		if _, err := target.Check(t.Context()); !core.HasCode(err, core.BadCredentials) {
			t.Fatalf("got %v", err)
		}
	}
	if n := r.opened.Load(); n != 1 {
		t.Errorf("%d connections were made for a password that is wrong", n)
	}
}

func TestReasonsOfARefusedSignIn(t *testing.T) {
	for text, says := range map[string]string{
		"80090308: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, data 52e, v4563": "user or the password",
		"80090308: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, data 775, v4563": "locked",
		"80090308: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, data 532, v4563": "expired",
		"80090308: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, data 533, v4563": "disabled",
		"80090308: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, data 773, v4563": "changed",
	} {
		p := signInProblem("ldap.corp.example", goldap.NewError(goldap.LDAPResultInvalidCredentials, errors.New(text)))
		if p.Code != core.BadCredentials || !strings.Contains(p.Error(), says) {
			t.Errorf("%s: got %v", text, p)
		}
	}
	if p := signInProblem("h", goldap.NewError(goldap.LDAPResultStrongAuthRequired, errors.New("Transport encryption required."))); p.Code != core.BadOption || !strings.Contains(p.Error(), "StartTLS") {
		t.Errorf("got %v", p)
	}
}

func TestEveryResultHasSentences(t *testing.T) {
	s := &session{host: "ldap.corp.example"}
	for code := uint16(1); code < 130; code++ {
		err := s.problem(t.Context(), goldap.NewError(code, errors.New("words of the server")))
		p := core.AsProblem(err)
		if p.Code == core.Internal || p.Code == "" || !strings.HasSuffix(p.What, ".") || !strings.HasSuffix(p.Fix, ".") {
			t.Errorf("%d: %q %q", code, p.What, p.Fix)
		}
	}
}

package googleworkspace

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"rollcall/core"
)

// bare is a directory with users and tokens and nothing else; what is not there is
// answered with absent.
type bare struct {
	absent   int
	refuses  string   // the word with which scopes are refused
	grants   []string // of the scopes; nil: all
	answer   bool     // grants what it has of the scopes, and says so
	requests []string
	user     user
}

func (b *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.requests = append(b.requests, r.Method+" "+r.URL.Path)
	say := func(status int, body any) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body) // nobody is left to tell
	}
	switch path := strings.TrimPrefix(r.URL.Path, "/admin/directory/v1"); {
	case path == "/token":
		_ = r.ParseForm()
		claims := user{}
		text, _ := base64.RawURLEncoding.DecodeString(strings.Split(r.Form.Get("assertion"), ".")[1])
		_ = json.Unmarshal(text, &claims)
		asked := strings.Fields(claims["scope"].(string))
		given := slices.DeleteFunc(slices.Clone(asked), func(s string) bool { return b.grants != nil && !slices.Contains(b.grants, s) })
		switch {
		case len(given) == len(asked):
			say(200, user{"access_token": "made-up", "expires_in": 3599})
		case b.answer:
			say(200, user{"access_token": "made-up", "expires_in": 3599, "scope": strings.Join(given, " ")})
		default:
			say(400, user{"error": b.refuses})
		}
	case path == "/users":
		say(200, user{})
	case path == "/users/7" && r.Method == http.MethodGet:
		say(200, b.user)
	case path == "/users/7" && r.Method == http.MethodPut:
		change := user{}
		_ = json.NewDecoder(r.Body).Decode(&change)
		if slices.Contains(b.user["aliases"].([]any), change[primaryEmail]) {
			say(409, user{"error": user{"message": "Entity already exists."}})
			return
		}
		for k, v := range change {
			b.user[k] = v
		}
		say(200, b.user)
	case strings.HasPrefix(path, "/users/7/aliases/") && r.Method == http.MethodDelete:
		b.user["aliases"] = []any{}
		w.WriteHeader(http.StatusNoContent)
	default:
		say(b.absent, user{"error": user{"message": "no such method"}})
	}
}

func (b *bare) answers(t *testing.T) (core.Answers, core.Env) {
	t.Helper()
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	made, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(made)
	if err != nil {
		t.Fatal(err)
	}
	file := mustMarshal(user{"client_email": "svc@project.example", "private_key_id": "1", "private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))})
	return core.Answers{"serviceAccountJson": core.Secret(file), "adminEmail": "it-admin@corp.example", "customerId": "my_customer"}, core.Env{Base: server.URL}
}

func (b *bare) target(t *testing.T) core.Target {
	t.Helper()
	target, err := NewTarget(b.answers(t))
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// bo is a user who was once called otherwise.
func bo() user {
	return user{"id": "7", "primaryEmail": "bo.berg@corp.example", "aliases": []any{"bo.lund@corp.example"}, "name": user{"givenName": "Bo", "familyName": "Berg"}}
}

func TestWhatADirectoryDoesNotHaveIsNotMissed(t *testing.T) {
	for _, status := range []int{400, 403, 404, 405, 501} {
		b := &bare{absent: status, user: bo()}
		health, err := b.target(t).Check(t.Context())
		if err != nil || len(health.Notes) != 2 {
			t.Errorf("%d: %v, %v", status, health.Notes, err)
		}
		source, err := NewSource(b.answers(t))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := source.Check(t.Context()); err != nil {
			t.Errorf("%d: %v", status, err)
		}
		if _, err := source.Fields(t.Context()); err != nil {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestSessionsThatCannotBeEndedDoNotStopASuspension(t *testing.T) {
	for _, status := range []int{404, 405, 501} {
		b := &bare{absent: status, user: bo()}
		_, err := b.target(t).Write(t.Context(), core.Write{Verb: core.Deactivate, Account: "7"})
		if err != nil || b.user["suspended"] != true {
			t.Errorf("%d: %v, %v", status, b.user, err)
		}
	}
}

func TestAnAddressGoesBackToWhatIsAnAliasByNow(t *testing.T) {
	b := &bare{absent: 404, user: bo()}
	_, err := b.target(t).Write(t.Context(), core.Write{Verb: core.Update, Account: "7", Set: map[string]string{primaryEmail: "bo.lund@corp.example"}})
	if err != nil || b.user[primaryEmail] != "bo.lund@corp.example" {
		t.Errorf("%v, %v", b.user, err)
	}
}

func TestWhicheverScopesAreGivenAreUsed(t *testing.T) {
	for name, b := range map[string]*bare{
		"one of all":    {refuses: "unauthorized_client", grants: []string{writeUsers}},
		"denied":        {refuses: "access_denied", grants: []string{writeUsers}},
		"not valid":     {refuses: "invalid_scope", grants: []string{writeUsers}},
		"told":          {answer: true, grants: []string{writeUsers, readUsers}},
		"for reading":   {refuses: "access_denied", grants: []string{readUsers}},
		"nothing given": {refuses: "access_denied", grants: []string{readUnits}},
	} {
		t.Run(name, func(t *testing.T) {
			b.absent, b.user = 404, bo()
			health, err := b.target(t).Check(t.Context())
			if name == "nothing given" {
				if !core.HasCode(err, core.BadCredentials) || !strings.Contains(err.Error(), writeUsers) {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range health.Rights {
				if want := slices.Contains(b.grants, r.ID) || r.ID == readUsers; r.Granted != want {
					t.Errorf("%s: granted %v", r.ID, r.Granted)
				}
			}
			source, err := NewSource(b.answers(t))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := source.Check(t.Context()); err != nil {
				t.Errorf("as a source: %v", err)
			}
		})
	}
}

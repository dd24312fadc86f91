package connectors

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"rollcall/connectors/internal/conform"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

const (
	googleUsers   = "/admin/directory/v1/users"
	googleSchemas = "/admin/directory/v1/customer/my_customer/schemas"
)

func googleAnswers(t *testing.T) core.Answers {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	file, err := json.Marshal(map[string]string{"type": "service_account", "private_key_id": "k1", "client_email": "rollcall@made-up.example",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))})
	if err != nil {
		t.Fatal(err)
	}
	return core.Answers{"serviceAccountJson": core.Secret(file), "adminEmail": "it-admin@corp.example"}
}

func googlePages(r *http.Request, _ int) string {
	switch {
	case r.URL.Path != googleUsers:
		return ""
	case r.URL.Query().Has("pageToken"):
		return "users-page.last.json"
	}
	return "users-page.json"
}

func TestReplayOfGoogleWorkspace(t *testing.T) {
	answers := googleAnswers(t)
	for name, files := range map[string]map[string]string{
		"with schemas":    {"/token": "token.json", googleSchemas: "schemas.json"},
		"without schemas": {"/token": "token.json"},
	} {
		t.Run(name, func(t *testing.T) {
			golden := "replay"
			if files[googleSchemas] == "" {
				golden = "replay.bare"
			}
			replayed(t, &replay{id: "googleworkspace", lists: googlePages, files: files}, answers, golden)
		})
	}
}

func TestGoogleWorkspaceSaysWhatItsRefusalsMean(t *testing.T) {
	answers := googleAnswers(t)
	for name, c := range map[string]struct {
		path, body string
		status     int
		code       core.Code
	}{
		"a limit":              {googleUsers, `{"error":{"code":403,"errors":[{"reason":"userRateLimitExceeded"}]}}`, 403, core.RateLimited},
		"a missing right":      {googleUsers, `{"error":{"code":403,"errors":[{"reason":"forbidden"}]}}`, 403, core.MissingScope},
		"the API is off":       {googleUsers, `{"error":{"code":403,"errors":[{"reason":"accessNotConfigured"}]}}`, 403, core.MissingScope},
		"no delegation":        {"/token", `{"error":"unauthorized_client"}`, 401, core.BadCredentials},
		"an unknown admin":     {"/token", `{"error":"invalid_grant"}`, 400, core.BadCredentials},
		"Google has a problem": {"/token", `{"error":"internal_failure"}`, 500, core.ServerFault},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == c.path {
					http.Error(w, c.body, c.status)
					return
				}
				_, _ = w.Write([]byte(`{"access_token":"ya29.made-up","expires_in":3599}`)) // the client is gone: nobody is left to tell
			}))
			defer server.Close()
			source, err := All().Source("googleworkspace", answers, core.Env{Now: func() time.Time { return conform.Day }, Base: server.URL})
			if err != nil {
				t.Fatal(err)
			}
			if _, err = source.Check(rest.WithClock(t.Context(), conform.NewClock(conform.Day), 0)); !core.HasCode(err, c.code) {
				t.Errorf("got %v, and want %s", err, c.code)
			}
		})
	}
	if _, err := All().Source("googleworkspace", core.Answers{"serviceAccountJson": "{}", "adminEmail": "a@corp.example"}, core.Env{}); !core.HasCode(err, core.BadOption) {
		t.Errorf("a key that is none: %v", err)
	}
}

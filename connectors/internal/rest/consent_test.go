package rest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"rollcall/core"
)

// freeAddress gives a redirect address of this computer that nobody uses.
func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String() + "/callback"
}

// browser goes where the page sends it, with what the person decides.
func browser(t *testing.T, back string, decide func(state string) url.Values) func(string) error {
	var gone sync.WaitGroup
	t.Cleanup(gone.Wait)
	return func(page string) error {
		u, err := url.Parse(page)
		if err != nil {
			return err
		}
		gone.Go(func() {
			for _, q := range []url.Values{{"code": {"forged"}, "state": {"guess"}}, decide(u.Query().Get("state"))} {
				res, err := http.Get(back + "?" + q.Encode())
				if err != nil {
					t.Error(err)
					return
				}
				_ = res.Body.Close()
			}
		})
		return nil
	}
}

func TestConsentIsAskedOnceAndThenRefreshed(t *testing.T) {
	back := freeAddress(t)
	var opened int
	saved := core.Secret("")
	allow := browser(t, back, func(state string) url.Values { return url.Values{"code": {"c1"}, "state": {state}} })
	env := core.Env{Save: func(option string, v core.Secret) error { saved = core.Secret(option + "=" + v.Reveal()); return nil }}
	env.Ask.OpenURL = func(page string) error { opened++; return allow(page) }
	consent := Consent{Page: "https://api.acmehr.example/allow?client=1", Redirect: back, Env: env,
		Redeem: func(_ context.Context, _ *Client, r Reply) (Grant, error) {
			if r.Code != "c1" {
				t.Errorf("code %q", r.Code)
			}
			return Grant{Token{Value: "t1"}, "r1"}, nil
		},
		Renew: func(_ context.Context, _ *Client, refresh core.Secret) (Grant, error) {
			if refresh.Reveal() != "r1" {
				return Grant{}, &core.Problem{Code: core.Refused, What: "ended."}
			}
			return Grant{Token{Value: "t2"}, "r1"}, nil
		}}
	consent.Refresh = "ended long ago"
	ctx, client, _ := talk(t, Config{Sign: consent.Signer()}, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer t1" && r.URL.Path == "/v1/late" {
			w.WriteHeader(401)
			return
		}
		fmt.Fprint(w, "{}")
	})
	for _, path := range []string{"/early", "/late"} {
		if _, err := client.Get(ctx, path, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if opened != 1 || saved.Reveal() != "refreshToken=r1" {
		t.Errorf("opened %d times, saved %s", opened, saved.Reveal())
	}
}

func TestConsentThatIsNotGivenIsToldSo(t *testing.T) {
	back := freeAddress(t)
	deny := browser(t, back, func(state string) url.Values { return url.Values{"error": {"access_denied"}, "state": {state}} })
	for name, c := range map[string]struct {
		open     func(string) error
		redirect string
		code     core.Code
	}{
		"denied":                        {deny, back, core.BadCredentials},
		"nobody can be asked":           {nil, back, core.BadCredentials},
		"redirect not of this computer": {deny, "https://evil.example/callback", core.BadOption},
	} {
		t.Run(name, func(t *testing.T) {
			env := core.Env{}
			env.Ask.OpenURL = c.open
			ctx, client, _ := talk(t, Config{Sign: Consent{Page: "https://api.acmehr.example/allow", Redirect: c.redirect, Env: env}.Signer()}, says(200, "{}"))
			if _, err := client.Get(ctx, "/", nil, nil); !core.HasCode(err, c.code) {
				t.Error(err)
			}
		})
	}
}

package entraid

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

func tokenOf(payload string) core.Secret {
	return core.Secret("e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".sig")
}

func TestTokenTellsWhatItMayDo(t *testing.T) {
	app := claimsOf(tokenOf(`{"roles":["User.Read.All","GroupMember.ReadWrite.All"],"oid":"the-app"}`))
	person := claimsOf(tokenOf(`{"scp":"User.ReadWrite.All openid","oid":"the-person"}`))
	for _, c := range []struct {
		claims *claims
		need   string
		want   told
	}{
		{app, "User.Read.All", granted}, {app, "User.ReadWrite.All", denied}, {app, "GroupMember.Read.All", granted},
		{person, "User.Read.All", granted}, {person, "User-LifeCycleInfo.Read.All", denied},
		{claimsOf("opaque"), "User.Read.All", silent}, {claimsOf("a.b.c"), "User.Read.All", silent}, {claimsOf(tokenOf(`{}`)), "User.Read.All", silent},
	} {
		if got := c.claims.has(append(wider[c.need], c.need)...); got != c.want {
			t.Errorf("%+v and %s: %v, want %v", c.claims, c.need, got, c.want)
		}
	}
	if app.user() != "" || person.user() != "the-person" {
		t.Errorf("the users are %q and %q", app.user(), person.user())
	}
}

func FuzzTokenIsReadWithoutPanic(f *testing.F) {
	f.Add("a.e30.c")
	f.Add(tokenOf(`{"roles":["x"]}`).Reveal())
	f.Fuzz(func(t *testing.T, token string) {
		c := claimsOf(core.Secret(token))
		c.has("x")
		c.user()
	})
}

func TestRehearsalTellsEveryPermissionOfWriting(t *testing.T) {
	server := start(t, emulate.Setup{Writing: wire.Writing{Empty: true}, Hidden: []string{leaveDate}})
	health, err := open(t, server, core.Env{}, map[string]string{"groups": "Staff"}).Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rights := map[string]core.Right{}
	for _, r := range health.Rights {
		rights[r.ID] = r
	}
	if r := rights["User.ReadWrite.All"]; !r.Granted || !r.Unsure {
		t.Errorf("of a token that tells nothing: %+v", r)
	}
	if r := rights["User-LifeCycleInfo.Read.All"]; r.Granted || r.Unsure {
		t.Errorf("of what was tried and refused: %+v", r)
	}
	if _, told := rights["ProvisioningLog.Read.All"]; told || health.People != 1 {
		t.Errorf("%d people; the log is told of though nobody asks it: %v", health.People, told)
	}
	if _, told := rights["GroupMember.ReadWrite.All"]; !told {
		t.Error("groups are looked after, and their permission is not told of")
	}
}

func TestSomebodySignsInWithACode(t *testing.T) {
	server := start(t, emulate.Setup{Way: "oauth", Writing: wire.Writing{Empty: true}})
	saved := core.Secret("")
	env := core.Env{Shelf: shelf{}, Save: func(_ string, v core.Secret) error { saved = v; return nil }}
	target := open(t, server, env, map[string]string{"auth": "device"})
	clock := newTicking()
	ctx := rest.WithClock(t.Context(), clock, 0)
	_, err := target.Check(ctx)
	if !core.HasCode(err, core.BadCredentials) || !strings.Contains(err.Error(), "MADEUP001") || !strings.Contains(err.Error(), "https://") {
		t.Fatalf("got %v", err)
	}
	if _, err = open(t, server, env, map[string]string{"auth": "device"}).Check(ctx); !core.HasCode(err, core.BadCredentials) || !strings.Contains(err.Error(), "MADEUP001") {
		t.Fatalf("before anybody entered the code: %v", err)
	}
	get(t, server.URL+"/common/oauth2/deviceauth?user_code=MADEUP001")
	time.Sleep(1100 * time.Millisecond) // the emulator minds who asks too often
	if _, err = open(t, server, env, map[string]string{"auth": "device"}).Check(ctx); err != nil || saved == "" {
		t.Fatalf("after it was entered: %v, saved: %v", err, saved != "")
	}
	if _, err = open(t, server, core.Env{Save: env.Save}, map[string]string{"auth": "device", "refreshToken": saved.Reveal()}).Check(ctx); err != nil {
		t.Errorf("with the refresh token: %v", err)
	}
}

func TestCodeThatEndedIsReplaced(t *testing.T) {
	server := start(t, emulate.Setup{Way: "oauth", Writing: wire.Writing{Empty: true}})
	env := core.Env{Shelf: shelf{"device/" + server.Options["tenantId"] + " " + server.Options["clientId"]: []byte(`{"device":"old","user":"OLD","every":1,"expires":"2999-01-01T00:00:00Z"}`)}}
	_, err := open(t, server, env, map[string]string{"auth": "device"}).Check(rest.WithClock(t.Context(), newTicking(), 0))
	if !core.HasCode(err, core.BadCredentials) || !strings.Contains(err.Error(), "MADEUP001") {
		t.Errorf("got %v", err)
	}
}

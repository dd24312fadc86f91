package okta

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"testing"
	"time"

	emulator "rollcall/connectors/emulators/okta"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/idp/targetlaws"
	"rollcall/connectors/internal/conform"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// open opens the target of an emulator, with what a person answered beside its own options.
func open(t testing.TB, s *emulate.Server, more core.Answers) *Target {
	t.Helper()
	answers := maps.Clone(more)
	if answers == nil {
		answers = core.Answers{}
	}
	for id, v := range s.Options {
		answers[id] = core.Secret(v)
	}
	answers, err := vendor.Complete(answers)
	if err != nil {
		t.Fatal(err)
	}
	target, err := newTarget(answers, core.Env{Base: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func begin(t testing.TB, setup emulate.Setup) *emulate.Server {
	t.Helper()
	setup.Empty = true
	s, err := emulate.Start("okta", setup)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func either(values ...string) func(int) string {
	return func(n int) string { return values[n%len(values)] }
}

func subject(target core.Target) *targetlaws.Subject {
	return &targetlaws.Subject{Target: target, Foreign: "00uForeign0000000001", Values: map[string]func(int) string{
		"countryCode": either("SE", "DE"), "preferredLanguage": either("sv-SE", "de-DE"), "locale": either("sv_SE", "de_DE"),
		"timezone": either("Europe/Stockholm", "Europe/Berlin"), "profileUrl": func(n int) string { return fmt.Sprintf("https://app.example/people/%d", n) },
		"bicycles": func(n int) string { return fmt.Sprint(n) },
	}}
}

// timed is a target whose waits pass at once.
type timed struct {
	core.Target
	clock rest.Clock
}

func (t timed) in(ctx context.Context) context.Context { return rest.WithClock(ctx, t.clock, 0) }

func (t timed) Attributes(ctx context.Context) ([]core.Attribute, error) {
	return t.Target.Attributes(t.in(ctx))
}

func (t timed) Accounts(ctx context.Context, want []string) iter.Seq2[core.Account, error] {
	return t.Target.Accounts(t.in(ctx), want)
}

func (t timed) Account(ctx context.Context, id string, want []string) (core.Account, error) {
	return t.Target.Account(t.in(ctx), id, want)
}

func (t timed) Find(ctx context.Context, attribute, value string, want []string) ([]core.Account, error) {
	return t.Target.Find(t.in(ctx), attribute, value, want)
}

func (t timed) Write(ctx context.Context, w core.Write) (core.Receipt, error) {
	return t.Target.Write(t.in(ctx), w)
}

func TestLaws(t *testing.T) {
	looked := core.Answers{"groups": "Staff\nContractors"}
	with := func(more core.Answers) core.Answers {
		all := maps.Clone(looked)
		maps.Copy(all, more)
		return all
	}
	for name, c := range map[string]struct {
		setup   emulate.Setup
		answers core.Answers
	}{
		"API token":          {emulate.Setup{}, looked},
		"application":        {emulate.Setup{Way: emulator.Service}, looked},
		"lag":                {emulate.Setup{Writing: wire.Writing{Lag: 3}}, looked},
		"silent":             {emulate.Setup{Writing: wire.Writing{Lag: 3}}, with(core.Answers{"activation": "silent"})},
		"mail":               {emulate.Setup{}, with(core.Answers{"activation": "mail"})},
		"suspend":            {emulate.Setup{}, with(core.Answers{"disable": "suspend", "activation": "silent"})},
		"managers by login":  {emulate.Setup{Writing: wire.Writing{Lag: 3}}, with(core.Answers{"managerBy": "login"})},
		"managers by number": {emulate.Setup{Writing: wire.Writing{Lag: 3}}, with(core.Answers{"managerBy": "employeeNumber"})},
		"managers by link":   {emulate.Setup{}, with(core.Answers{"links": "true"})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := begin(t, c.setup)
			targetlaws.Run(t, subject(timed{open(t, s, c.answers), conform.NewClock(time.Now())}))
		})
	}
}

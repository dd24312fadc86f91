package entraid

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/idp/targetlaws"
	"rollcall/core"
)

// start starts an empty tenant, or one as the setup says.
func start(t testing.TB, setup emulate.Setup) *emulate.Server {
	t.Helper()
	server, err := emulate.Start("entraid", setup)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// open opens a target of the server, with what a person answered beside the emulator's own options.
func open(t testing.TB, server *emulate.Server, env core.Env, more map[string]string) *Target {
	t.Helper()
	answers := core.Answers{}
	for _, texts := range []map[string]string{server.Options, more} {
		for id, v := range texts {
			answers[id] = core.Secret(v)
		}
	}
	answers, err := vendor.Complete(answers)
	if err != nil {
		t.Fatal(err)
	}
	env.Base = server.URL
	target, err := newTarget(vendor, answers, env)
	if err != nil {
		t.Fatal(err)
	}
	return target.(*Target)
}

var empty = emulate.Setup{Writing: wire.Writing{Empty: true}}

func subject(target core.Target) *targetlaws.Subject {
	digits := func(format string) func(int) string { return func(n int) string { return fmt.Sprintf(format, n) } }
	return &targetlaws.Subject{Target: target, Restores: true, Follows: true, Foreign: "6e2ff5d3-0000-4000-8000-3f1f1a1c0000", Values: map[string]func(int) string{
		principalName:       digits("law.%d@corp.example"),
		nickname:            digits("law.%d"),
		employeeID:          digits("E%06d"),
		"postalCode":        digits("%05d"),
		"usageLocation":     func(n int) string { return []string{"SE", "DE"}[n%2] },
		"country":           func(n int) string { return []string{"SE", "DE"}[n%2] },
		"preferredLanguage": func(n int) string { return []string{"sv-SE", "de-DE"}[n%2] },
		"mobilePhone":       digits("+46 70 555 %04d"),
		"otherMails":        digits("person.%d@home.example"),
		"mail":              digits("law.%d.mail@corp.example"),
	}}
}

func TestTargetKeepsTheLaws(t *testing.T) {
	t.Run("in an empty tenant", func(t *testing.T) {
		targetlaws.Run(t, subject(open(t, start(t, empty), core.Env{}, nil)))
	})
	t.Run("among a company, with groups", func(t *testing.T) {
		server := start(t, emulate.Setup{})
		var names []string
		for _, p := range server.People() {
			if d := p.Department.Name; d != "" && !slices.Contains(names, d) {
				names = append(names, d)
			}
		}
		targetlaws.Run(t, subject(open(t, server, core.Env{}, map[string]string{"groups": strings.Join(names[:2], "\n")})))
	})
}

package scim

import (
	"fmt"
	"testing"

	"rollcall/connectors/idp/targetlaws"
	"rollcall/connectors/internal/servers"
	"rollcall/core"
)

func connect(t testing.TB, s servers.Service) *Target {
	t.Helper()
	target, err := newTarget(core.Answers{"baseUrl": core.Secret(s.URL), "token": core.Secret(s.Token)}, core.Env{})
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func subject(target core.Target) *targetlaws.Subject {
	return &targetlaws.Subject{Target: target, Foreign: "6e2ff5d3-0000-4000-8000-3f1f1a1c0000", Values: map[string]func(int) string{
		"profileUrl":             func(n int) string { return fmt.Sprintf("https://app.example/people/%d", n) },
		"preferredLanguage":      func(n int) string { return []string{"sv-SE", "de-DE"}[n%2] },
		"locale":                 func(n int) string { return []string{"sv-SE", "de-DE"}[n%2] },
		"timezone":               func(n int) string { return []string{"Europe/Stockholm", "Europe/Berlin"}[n%2] },
		"addresses.work.country": func(n int) string { return []string{"SE", "DE"}[n%2] },
		"phoneNumbers.work":      func(n int) string { return fmt.Sprintf("tel:+46-8-555-%04d", n) },
	}}
}

func TestLawsOnSCIMMY(t *testing.T) {
	targetlaws.Run(t, subject(connect(t, servers.SCIMMY(t, nil))))
}

func TestLawsOnElimity(t *testing.T) {
	for name, d := range map[string]servers.Dialect{
		"as usual":                    {},
		"PUT only":                    {NoPatch: true},
		"no filters":                  {NoFilter: true},
		"versions":                    {ETags: true},
		"no discovery":                {Bare: true},
		"refuses discovery and PATCH": {Bare: true, NoPatch: true},
	} {
		t.Run(name, func(t *testing.T) {
			targetlaws.Run(t, subject(connect(t, servers.Elimity(t, d))))
		})
	}
}

package scim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"rollcall/connectors/idp/targetlaws"
	"rollcall/connectors/internal/servers"
	"rollcall/core"
)

func connect(t testing.TB, s servers.Service, groups ...string) *Target {
	t.Helper()
	target, err := newTarget(core.Answers{"baseUrl": core.Secret(s.URL), "token": core.Secret(s.Token), "groups": core.Secret(strings.Join(groups, "\n"))}, core.Env{})
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
	s := servers.SCIMMY(t, nil)
	first := connect(t, s)
	for _, name := range lookedAfter {
		if _, err := first.rest.Do(t.Context(), http.MethodPost, "Groups", nil, object{"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:Group"}, "displayName": name}, nil); err != nil {
			t.Fatal(err)
		}
	}
	targetlaws.Run(t, subject(connect(t, s, lookedAfter...)))
}

var lookedAfter = []string{"Sales", "R&D staff"}

func TestLawsOnElimity(t *testing.T) {
	for name, d := range map[string]servers.Dialect{
		"as usual":                    {},
		"PUT only":                    {NoPatch: true},
		"no filters":                  {NoFilter: true},
		"versions":                    {ETags: true},
		"no discovery":                {Bare: true},
		"refuses discovery and PATCH": {Bare: true, NoPatch: true},
		"bulk":                        {Bulk: true},
		"bulk without PATCH":          {Bulk: true, NoPatch: true},
		"groups":                      {Groups: lookedAfter},
		"groups and bulk":             {Groups: lookedAfter, Bulk: true},
		"groups by PUT":               {Groups: lookedAfter, NoPatch: true, NoFilter: true},
		"groups without discovery":    {Groups: lookedAfter, Bare: true},
		"groups that are emptied":     {Groups: lookedAfter, EmptiesGroup: true},
		"members without a path":      {Groups: lookedAfter, NoMemberPath: true, Bulk: true},
		"filters not understood":      {IgnoresFilter: true},
		"lists from 0":                {FromZero: true},
		"lists from 0 and no filters": {FromZero: true, NoFilter: true},
		"200 for a create":            {CreatesWith200: true},
		"active left out":             {HidesActive: true},
		"active as a text":            {TextBooleans: true},
	} {
		t.Run(name, func(t *testing.T) {
			targetlaws.Run(t, subject(connect(t, servers.Elimity(t, d), d.Groups...)))
		})
	}
}

func TestIDIsTakenFromTheLocation(t *testing.T) {
	for location, want := range map[string]string{
		"https://app.example/scim/v2/Users/2819c223":           "2819c223",
		"https://app.example/scim/v2/Users/ada%40corp%2Fmalmö": "ada@corp/malmö",
		"https://app.example/scim/v2/Users/ada@corp/malmö":     "ada@corp/malmö", // not escaped
		"/Users/7":                     "7",
		"https://app.example/people/7": "7",
		"https://app.example/scim/v2/Users/undefined": "",
		"": "",
	} {
		if got := idOf(nil, location, "Users"); got != want {
			t.Errorf("%q gives %q, want %q", location, got, want)
		}
	}
}

func TestTheConnectionSaysWhatPeopleAreFoundBy(t *testing.T) {
	service := servers.Elimity(t, servers.Dialect{})
	for answer, want := range map[string]string{"": "", "externalId": "externalId", "userName": "userName", "emails.value": "emails.work"} {
		target, err := newTarget(core.Answers{"baseUrl": core.Secret(service.URL), "token": core.Secret(service.Token), "matchAttribute": core.Secret(answer)}, core.Env{})
		if err != nil {
			t.Fatal(err)
		}
		attributes, err := target.Attributes(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, a := range attributes {
			if a.Match {
				got += a.ID
			}
		}
		if got != want {
			t.Errorf("answered %q, people are found by %q", answer, got)
		}
	}
}

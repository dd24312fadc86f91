package main

import (
	"encoding/json"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
	"rollcall/core"
	"rollcall/localstore"
)

// groupsToo keeps people in a group, which needs a right of its own.
const groupsToo = `identity: {keys: [{fields: [employeeNumber], attribute: employeeNumber}]}
mapping:
  - {attribute: login, field: email}
  - {attribute: email, field: email}
  - {attribute: firstName, field: firstName}
  - {attribute: lastName, field: lastName}
  - {attribute: employeeNumber, field: employeeNumber}
  - {attribute: groups, constant: Staff}
`

// What is approved may need fewer rights than the plan: the rights of a run that goes on
// are those of its own approval.
func TestARunThatGoesOnNeedsTheRightsOfWhatWasApprovedForIt(t *testing.T) {
	server, err := emulate.Start("okta", emulate.Setup{Way: "service",
		Writing: wire.Writing{Empty: true, Permissions: strings.Fields("okta.users.read okta.users.manage okta.schemas.read okta.groups.read okta.roles.read")}})
	must(t, err)
	t.Cleanup(server.Close)
	server.Options["groups"] = "Staff"
	options, err := json.Marshal(server.Options)
	must(t, err)

	s, folder := newStaff(t, 6), home(t)
	say(t, "path: "+s.path, "connect", "HR", "csv", "--options", "-").has(t, "Kept")
	say(t, string(options), "connect", "Okta", "okta", "--base-url", server.URL, "--options", "-").has(t, "Kept")
	config := put(t, filepath.Join(t.TempDir(), "sync.yaml"), groupsToo)
	say(t, "", "plan", "--source", "HR", "--target", "Okta", "--config", config).has(t, "6 create")

	store, err := localstore.Open(t.Context(), localstore.Options{Folder: folder})
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	d, err := newDesk(t.Context(), store, slog.New(slog.DiscardHandler))
	must(t, err)
	p, _, err := d.stored(t.Context(), "last")
	must(t, err)

	everything := d.approve(p, "tester")
	if _, err := d.begin(t.Context(), p, everything); !core.HasCode(err, core.MissingScope) {
		t.Fatalf("with the groups: %v", err)
	}
	without := everything
	without.Cells = map[int][]string{}
	for i := range p.Rows {
		without.Cells[i] = []string{core.Groups}
	}
	first, err := d.begin(t.Context(), p, without)
	if err != nil || first.resumed {
		t.Fatalf("without the groups: resumed %v, %v", first.resumed, err)
	}
	again, err := d.begin(t.Context(), p, core.Approval{})
	if err != nil || !again.resumed || again.ID != first.ID || !slices.Equal(again.approval.Cells[0], []string{core.Groups}) {
		t.Errorf("going on: resumed %v, %+v, %v", again.resumed, again.approval, err)
	}
	if _, err := d.begin(t.Context(), p, everything); !core.HasCode(err, core.MissingScope) {
		t.Errorf("going on with the groups: %v", err)
	}
}

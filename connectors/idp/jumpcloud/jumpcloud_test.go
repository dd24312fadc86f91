package jumpcloud_test

import (
	"fmt"
	"maps"
	"testing"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/idp/jumpcloud"
	"rollcall/connectors/idp/targetlaws"
	"rollcall/core"
)

const foreign = "65a4e8f0c0ffeeffffffffff"

// start makes an organization with nobody in it but an account of another directory.
func start(t *testing.T, way string, writing wire.Writing) *emulate.Server {
	t.Helper()
	writing.Empty = true
	s, err := emulate.Start("jumpcloud", emulate.Setup{Way: way, Writing: writing})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// connect makes a target of the emulator's own answers and these.
func connect(t *testing.T, s *emulate.Server, more map[string]string) core.Target {
	t.Helper()
	all := maps.Clone(s.Options)
	maps.Copy(all, more)
	given := core.Answers{}
	for id, v := range all {
		given[id] = core.Secret(v)
	}
	full, err := jumpcloud.Spec().Complete(given)
	if err != nil {
		t.Fatal(err)
	}
	target, err := jumpcloud.NewTarget(full, core.Env{Base: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// By the laws an account that is made disabled reads as disabled. In the usual way of
// staging it counts as enabled, for an administrator has to activate it in any case.
func TestTargetKeepsTheLaws(t *testing.T) {
	for _, way := range emulate.Ways("jumpcloud") {
		t.Run(way.Name, func(t *testing.T) {
			s := start(t, way.Name, wire.Writing{})
			more := map[string]string{"activation": "activated", "groups": "Engineering\nContractors", "attributes": "badge\nhireDate"}
			targetlaws.Run(t, &targetlaws.Subject{Target: connect(t, s, more), Foreign: foreign, Values: map[string]func(int) string{
				"username": func(n int) string { return fmt.Sprintf("person.%d", n) },
			}})
		})
	}
}

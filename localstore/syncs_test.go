package localstore

import (
	"fmt"
	"testing"
	"time"

	"rollcall/core"
)

func fullSetup() core.Setup {
	yes := "yes"
	return core.Setup{
		Source:    core.Side{Connection: "HR"},
		Target:    core.Side{Connector: "csv", Options: map[string]string{"file": "accounts.csv"}},
		Filter:    core.Filter{Any: true, Conditions: []core.Condition{{Field: "country", Operator: "is", Values: []string{"BE", "NL"}}}},
		Entities:  []string{"North AB"},
		Identity:  core.Identity{Keys: []core.Key{{Fields: []string{"employeeNumber"}, Attribute: "employeeId"}}},
		Mapping:   []core.Rule{{Attribute: "active", Constant: &yes, Write: core.CreateOnly}, {Attribute: "mail", Expression: "lower(email)"}},
		Fields:    []core.Custom{{Name: "badge", Path: "{{response.badge}}"}},
		Modes:     core.DefaultModes(),
		Guards:    core.DefaultGuards(),
		Protected: []string{"root@corp.example"},
	}
}

func TestSyncComesBackWhole(t *testing.T) {
	both(t, func(t *testing.T, s *Store, c *clock) {
		addConnection(t, s, "HR")
		kept := must[Sync](t)(s.SaveSync(t.Context(), Sync{Name: "HR → file", Setup: fullSetup(), Draft: true, Step: 4}))
		want := Sync{ID: kept.ID, Name: "HR → file", Setup: fullSetup(), Draft: true, Step: 4, Updated: c.now()}
		same(t, must[Sync](t)(s.Sync(t.Context(), kept.ID)), want)

		c.pass(time.Minute)
		want.Draft, want.Step, want.Updated = false, 0, c.now()
		must[Sync](t)(s.SaveSync(t.Context(), want))
		same(t, must[[]Sync](t)(s.Syncs(t.Context())), []Sync{want})
	})
}

func TestSyncFollowsTheNameOfItsConnection(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		hr := addConnection(t, s, "HR")
		y := must[Sync](t)(s.SaveSync(t.Context(), Sync{Name: "s", Setup: fullSetup()}))
		hr.Name = "HR of the North"
		must[Connection](t)(s.SaveConnection(t.Context(), hr, nil))
		if got := must[Sync](t)(s.Sync(t.Context(), y.ID)).Setup.Source.Connection; got != hr.Name {
			t.Fatalf("the source is called %q", got)
		}
	})
}

func TestSyncOfAConnectionThatIsNotThereIsRefused(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		_, err := s.SaveSync(t.Context(), Sync{Name: "s", Setup: fullSetup()})
		wantProblem(t, err, core.NotFound, "“HR”")
		_, err = s.SaveSync(t.Context(), Sync{})
		wantProblem(t, err, core.BadOption, "sync")
		_, err = s.Sync(t.Context(), "none")
		wantProblem(t, err, core.NotFound, "sync")
	})
}

func TestDeletedSyncLeavesItsRunsToBeTakenBack(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		y := must[Sync](t)(s.SaveSync(t.Context(), Sync{Name: "s"}))
		ok(t, s.SaveMemory(t.Context(), y.ID, core.Memory{Last: core.Tally{People: 3}}))
		savePlan(t, s, Plan{ID: "p", Sync: y.ID}, "")
		run := must[Run](t)(s.StartRun(t.Context(), "p", core.Approval{}))
		ok(t, s.DeleteSync(t.Context(), y.ID))
		if got := must[Run](t)(s.Run(t.Context(), run.ID)); got.Sync != "" || got.Plan != "p" {
			t.Fatalf("%+v", got)
		}
		var streams int
		ok(t, s.readers.QueryRow("SELECT count(*) FROM stream").Scan(&streams))
		if streams != 1 {
			t.Errorf("%d streams, want the plan's only", streams)
		}
		wantProblem(t, s.DeleteSync(t.Context(), y.ID), core.NotFound, "sync")
	})
}

func TestMemoryComesBackWhole(t *testing.T) {
	both(t, func(t *testing.T, s *Store, c *clock) {
		y := must[Sync](t)(s.SaveSync(t.Context(), Sync{Name: "s"}))
		same(t, must[core.Memory](t)(s.Memory(t.Context(), y.ID)), core.Memory{})
		m := core.Memory{
			Absent: map[string]core.Absence{"a1": {Runs: 2, First: c.now(), Last: c.now().Add(24 * time.Hour)}},
			Last:   core.Tally{People: 9, Groups: map[string]int{"legalEntity=North AB": 4}},
		}
		for i := range 60_000 { // more than one chunk
			m.Links = append(m.Links, core.Link{Person: fmt.Sprint("person ", i), Account: fmt.Sprint("uid=", i, ",dc=corp,dc=example"), Disabled: i%7 == 0})
		}
		ok(t, s.SaveMemory(t.Context(), y.ID, core.Memory{Last: core.Tally{People: 1}}))
		ok(t, s.SaveMemory(t.Context(), y.ID, m))
		same(t, must[core.Memory](t)(s.Memory(t.Context(), y.ID)), m)
		var streams int
		ok(t, s.readers.QueryRow("SELECT count(*) FROM stream").Scan(&streams))
		if streams != 1 {
			t.Errorf("the memory before is still stored: %d streams", streams)
		}
		wantProblem(t, s.SaveMemory(t.Context(), "none", m), core.NotFound, "sync")
		_, err := s.Memory(t.Context(), "none")
		wantProblem(t, err, core.NotFound, "sync")
	})
}

func FuzzLinksNeverPanic(f *testing.F) {
	f.Add(packLink(packLink(nil, core.Link{Person: "1", Account: "a", Disabled: true}), core.Link{}))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		links, err := unpackLinks(nil, b)
		if err != nil {
			return
		}
		var again []byte
		for _, l := range links {
			again = packLink(again, l)
		}
		back, err := unpackLinks(nil, again)
		ok(t, err)
		same(t, back, links)
	})
}

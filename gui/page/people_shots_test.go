package page

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"rollcall/core"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// cannedPeopleOf makes a reading of n made-up people.
func cannedPeopleOf(n int, seed uint64) []core.Person {
	var fields []core.Field
	for _, id := range []string{"externalId", "employeeNumber", "displayName", "email", "jobTitle", "department", "team", "costCenter", "office", "managerId", "startDate", "endDate", "employmentStatus", "employmentType"} {
		f, _ := core.CanonicalField(id)
		fields = append(fields, f)
	}
	pack := core.NewPacker(core.NewSchema(fields))
	random := rand.New(rand.NewPCG(seed, 1))
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	var people []core.Person
	for i := range n {
		id := fmt.Sprint(10000 + i)
		name := pick("Clara", "Emre", "Hanna", "Leonie", "Oskar", "Rana", "Viktor", "Anna") + " " + pick("Albrecht", "Bayraktar", "Krüger", "Marchetti-Schwarz", "Dahl", "Farouk", "Wójcik", "Keller")
		pack.Put("externalId", id)
		pack.Put("employeeNumber", id)
		pack.Put("displayName", name)
		pack.Put("email", "person"+id+"@corp.example")
		pack.Put("jobTitle", pick("Sales Director, Germany", "Regional Sales Manager", "Key Account Team Lead", "Inside Sales Manager", "Engineer", "Designer"))
		pack.Put("department", pick("Engineering", "Engineering", "Engineering", "Sales", "Sales", "Customer Care", "Operations", "Finance", "Legal", "Personalverwaltung und Organisation"))
		pack.Put("team", pick("Platform", "Growth", "Berlin", ""))
		pack.Put("costCenter", fmt.Sprint(4000+10*random.IntN(12)))
		pack.Put("office", pick("Berlin", "Munich", "Oslo"))
		if i > 0 {
			pack.Put("managerId", fmt.Sprint(10000+random.IntN(min(i, 9))))
		}
		pack.Put("startDate", tea.AddDate(0, -random.IntN(40), -random.IntN(28)).Format(time.DateOnly))
		status := core.StatusActive
		switch random.IntN(20) {
		case 0:
			status = core.StatusTerminated
			pack.Put("endDate", tea.AddDate(0, -random.IntN(12), -random.IntN(20)).Format(time.DateOnly))
		case 1:
			status = core.StatusOnLeave
		}
		pack.Put("employmentStatus", status)
		pack.Put("employmentType", pick("permanent", "permanent", "contractor"))
		people = append(people, core.Person{Record: pack.Pack()})
	}
	return people
}

func cannedReadings() *canned {
	c := cannedWith(picturePlan(false))
	newer, older := cannedPeopleOf(1204, 7), cannedPeopleOf(1190, 8)
	c.people = map[string][]core.Person{"n2": newer, "n1": older}
	c.snapshots = []view.Snapshot{{ID: "n1", Sync: "s1", Name: "Workday", Taken: tea.Add(-24 * time.Hour), Count: len(older)}, {ID: "n2", Sync: "s1", Name: "Workday", Taken: tea.Add(-2 * time.Minute), Count: len(newer)}}
	c.matched = map[string]string{}
	for i, p := range newer {
		if i%30 != 0 {
			c.matched[p.ID()] = "acc-" + p.ID()
		}
	}
	run := view.Run{ID: "212", Plan: "plan1", Name: "Workday → Microsoft Entra ID", Sync: "s1", Who: "Mia Hart", Started: tea.Add(-26 * time.Hour), Ended: tea.Add(-25 * time.Hour),
		Allowed: map[string]string{"deactivate": "The Oslo site was closed on 1 November."}, Counts: map[string]int{"done": 148, "failed": 1}}
	old := run
	old.ID, old.Stopped, old.Allowed, old.Started, old.Counts, old.Plan = "211", true, nil, tea.AddDate(0, 0, -9), map[string]int{"done": 12, "not run": 40}, "older"
	c.runs = []view.Run{run, old}
	c.heads = append(c.heads, view.PlanHead{ID: "p0", Name: run.Name, Sync: "s1", Made: tea.AddDate(0, 0, -3), Counts: map[string]int{"create": 3, "update": 12, "held": 1, "unchanged": 900}})
	for i, r := range c.plans[0].Rows[:6] {
		name, _ := r.Subject()
		n := core.Noted{Entry: core.Entry{Row: i, Verb: core.Update, Person: "10005", Account: "a", Name: name, Cells: r.Cells}}
		if i == 4 {
			n.Outcome = core.Outcome{State: core.Failed, Problem: &core.Problem{What: "The user name jan.novak is taken by another account (Jana Novák, 10655).", Fix: "Give one of them another user name in the HR system."}}
		}
		if r.Verb.Writes() {
			n.Verb = r.Verb
		}
		c.notes = append(c.notes, n)
	}
	c.settings = view.Settings{Look: "system", Scale: 1, Retention: 365, Guards: core.DefaultGuards(), Protected: []string{"admin@corp.example", "breakglass@corp.example"}}
	return c
}

func TestShotsPeople(t *testing.T) {
	shoot(t, "people", cannedReadings, NewPeople, view.Route{Page: view.PeoplePage}, func(p Page, _ *shellStub) { p.(*People).search.SetText("department:Sales office:Berlin") })
	shoot(t, "people-departments", cannedReadings, NewPeople, view.Route{Page: view.PeoplePage}, func(p Page, _ *shellStub) { p.(*People).showTab("department") })
}

func TestShotsHistory(t *testing.T) {
	shoot(t, "history", cannedReadings, NewHistory, view.Route{Page: view.History}, nil)
	shoot(t, "history-run", cannedReadings, NewHistory, view.Route{Page: view.History, Run: "212"}, nil)
	shoot(t, "history-compare", cannedReadings, NewHistory, view.Route{Page: view.History}, func(p Page, _ *shellStub) {
		h := p.(*History)
		h.compare(h.snapshot("n1"), h.snapshot("n2"))
	})
	shoot(t, "history-person", cannedReadings, NewHistory, view.Route{Page: view.History, Person: "10005"}, nil)
}

func TestShotsSettings(t *testing.T) {
	for _, tab := range []string{"guards", "protected", "data", "network", "syncs"} {
		shoot(t, "settings-"+tab, cannedReadings, NewSettings, view.Route{Page: view.SettingsPage}, func(p Page, _ *shellStub) {
			s := p.(*Settings)
			s.tabs.Select(tab)
			s.tabs.OnSelected(tab)
		})
	}
}

// halfRun writes some of a plan and then waits until it is stopped, or ends where end says so.
func halfRun(end bool) func(context.Context, *core.Plan, core.Approval, func(core.Outcome)) (view.Run, error) {
	return func(ctx context.Context, p *core.Plan, _ core.Approval, tell func(core.Outcome)) (view.Run, error) {
		n := 0
		for i, r := range p.Rows {
			if r.Tick != core.On || !r.Verb.Writes() {
				continue
			}
			o := core.Outcome{Row: i, Verb: r.Verb, Took: time.Duration(600+i*10%900) * time.Millisecond}
			if n == 84 || n == 3 {
				o.State, o.Problem = core.Failed, &core.Problem{Code: core.Conflict, What: "The user name jan.novak is taken by another account (Jana Novák, 10655).", Fix: "Give one of them another user name in the HR system, then retry."}
			}
			tell(o)
			if n++; n == 89 && !end {
				<-ctx.Done()
				return view.Run{ID: "212", Plan: p.ID}, ctx.Err()
			}
		}
		return view.Run{ID: "212", Plan: p.ID, Started: tea, Ended: tea}, nil
	}
}

func TestShotsRun(t *testing.T) {
	ended := func() *canned {
		c := cannedReadings()
		c.apply = halfRun(true)
		p := c.plans[0]
		handOver(handedOver{plan: p, approval: core.Approval{Hash: p.Hash, At: tea}})
		return c
	}
	shoot(t, "run-ended", ended, NewRun, view.Route{Page: view.RunPage, Plan: "plan1"}, nil)
	shoot(t, "run-none", func() *canned { return &canned{} }, NewRun, view.Route{Page: view.RunPage}, nil)
	paused := func() *canned {
		c := ended()
		c.apply = halfRun(false)
		return c
	}
	shoot(t, "run", paused, func(s view.Services, sh Shell) Page {
		p := NewRun(s, sh).(*Run)
		// The software driver waits for all work: pause as soon as the first half is there.
		stop := task.Every(5*time.Millisecond, func() {
			if p.follow != nil && p.follow.At().Said >= 89 {
				p.follow.Pause()
			}
		})
		t.Cleanup(stop)
		task.After(2*time.Second, stop)
		return p
	}, view.Route{Page: view.RunPage, Plan: "plan1"}, nil)
}

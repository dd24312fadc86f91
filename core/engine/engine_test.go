package engine

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"rollcall/core"
	"rollcall/core/internal/made"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// company is a source in memory: field lists of one schema.
type company struct {
	fields []string
	rows   [][]string
	fail   error // after the rows
}

func (s company) Check(context.Context) (core.Health, error) { return core.Health{}, nil }

func (s company) Fields(context.Context) ([]core.Field, error) {
	out := make([]core.Field, len(s.fields))
	for i, f := range s.fields {
		out[i] = core.Field{ID: f, Label: f}
	}
	return out, nil
}

func (s company) People(ctx context.Context, _ core.Want) iter.Seq2[core.Person, error] {
	return func(yield func(core.Person, error) bool) {
		fields, _ := s.Fields(ctx)
		pack := core.NewPacker(core.NewSchema(fields))
		for _, row := range s.rows {
			for i, v := range row {
				pack.Set(i, v)
			}
			if !yield(core.Person{Record: pack.Pack()}, nil) {
				return
			}
		}
		if s.fail != nil {
			yield(core.Person{}, s.fail)
		}
	}
}

var columns = []string{"externalId", "employeeNumber", "firstName", "employmentStatus", "department", "legalEntity"}

func setup(rules ...core.Rule) core.Setup {
	rules = append(rules, core.Rule{Attribute: "number", Field: "employeeNumber"}, core.Rule{Attribute: "name", Field: "firstName"})
	return core.Setup{Mapping: rules, Identity: core.Identity{Keys: made.Keys[:1]}, Modes: core.DefaultModes(), Guards: core.DefaultGuards()}
}

func fixed() core.Setup {
	s := setup(core.Rule{Attribute: "login", Field: "firstName"})
	s.Identity.Keys = []core.Key{{Fields: []string{"employeeNumber"}, Attribute: "number"}}
	return s
}

func made3() company {
	return company{fields: columns, rows: [][]string{
		{"p1", "1", "ada", "active", "Sales", "North"},
		{"p2", "2", "bo", "active", "Legal", "North"},
		{"p3", "3", "cy", "terminated", "Sales", "South"},
	}}
}

func TestEveryPersonReadIsInTheSum(t *testing.T) {
	s := fixed()
	s.Filter = core.Filter{Conditions: []core.Condition{{Field: "department", Operator: "is", Values: []string{"Sales"}}}}
	kept := 0
	r, err := Plan(t.Context(), Input{ID: "x", Setup: s, Source: made3(), Target: made.NewDirectory("number=3 login=cy name=cy"), Now: now,
		Keep: func(core.Person) error { kept++; return nil }})
	if err != nil {
		t.Fatal(err)
	}
	sum := r.Plan.Count()
	if sum.Read() != 3 || r.Plan.People != 3 || sum.Of(core.Create) != 1 || sum.Of(core.Skipped) != 1 || sum.Of(core.Deactivate) != 1 {
		t.Errorf("%+v", sum)
	}
	if kept != 2 || r.Memory.Last.People != 3 || r.Memory.Last.Groups["legalEntity=South"] != 1 {
		t.Errorf("kept %d, %+v", kept, r.Memory.Last)
	}
}

func TestAReadingThatBreaksOffGivesNoPlan(t *testing.T) {
	source := made3()
	source.fail = &core.Problem{Code: core.Incomplete, What: "Half of the people are missing."}
	if r, err := Plan(t.Context(), Input{Setup: fixed(), Source: source, Target: made.NewDirectory(), Now: now}); !core.HasCode(err, core.Incomplete) || r != nil {
		t.Error(r, err)
	}
	stop := errors.New("the disk is full")
	if _, err := Plan(t.Context(), Input{Setup: fixed(), Source: made3(), Target: made.NewDirectory(), Now: now, Keep: func(core.Person) error { return stop }}); !errors.Is(err, stop) {
		t.Error(err)
	}
}

func TestRulesThatCannotHoldAreRefusedBeforeReading(t *testing.T) {
	for name, change := range map[string]func(*core.Setup){
		"a filter on a field that is not there": func(s *core.Setup) {
			s.Filter = core.Filter{Conditions: []core.Condition{{Field: "shoeSize", Operator: "is", Values: []string{"44"}}}}
		},
		"no identifier":            func(s *core.Setup) { s.Identity.Keys = nil },
		"an identifier of nowhere": func(s *core.Setup) { s.Identity.Keys[0].Attribute = "dna" },
		"a rule for no attribute":  func(s *core.Setup) { s.Mapping[0].Attribute = "dna" },
	} {
		s := fixed()
		change(&s)
		if _, err := Plan(t.Context(), Input{Setup: s, Source: made3(), Target: made.NewDirectory(), Now: now}); !core.HasCode(err, core.BadRules) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAMadeLoginAvoidsThoseThatTheDirectoryHas(t *testing.T) {
	s := fixed()
	s.Mapping[0] = core.Rule{Attribute: "login", Expression: `SelectUniqueValue(firstName, firstName + "2")`, Write: core.CreateOnly}
	r, err := Plan(t.Context(), Input{Setup: s, Source: made3(), Target: made.NewDirectory("id=other login=ADA name=x"), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(r.Plan.Rows[0].Cells[0].After, " ", r.Plan.Rows[1].Cells[0].After); got != "ada2 bo" {
		t.Errorf("logins %s", got)
	}
}

func TestTheMemoryFollowsARun(t *testing.T) {
	d, j := made.NewDirectory(), &made.Journal{}
	r, err := Plan(t.Context(), Input{ID: "x", Setup: fixed(), Source: made3(), Target: d, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range Apply(t.Context(), ApplyInput{Plan: r.Plan, Approval: core.Approval{Hash: r.Plan.Hash}, Target: d, Journal: j, Now: func() time.Time { return now }}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	m, err := Remember(r.Memory, r.Plan, j.Entries())
	if err != nil || len(m.Links) != 2 || m.Links[0] != (core.Link{Person: "p1", Account: "new1"}) {
		t.Fatal(m.Links, err)
	}
	left := made3()
	left.rows[0][3] = core.StatusTerminated
	r, err = Plan(t.Context(), Input{ID: "y", Setup: fixed(), Source: left, Target: d, Memory: m, Now: now})
	if err != nil || r.Plan.Count().Of(core.Deactivate) != 1 {
		t.Fatal(r.Plan.Count(), err)
	}
	gone := &made.Journal{}
	for _, err := range Apply(t.Context(), ApplyInput{Plan: r.Plan, Approval: core.Approval{Hash: r.Plan.Hash}, Target: d, Journal: gone, Now: func() time.Time { return now }}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if m, err = Remember(m, r.Plan, gone.Entries()); err != nil || !m.Links[0].Disabled {
		t.Error(m.Links, err)
	}
}

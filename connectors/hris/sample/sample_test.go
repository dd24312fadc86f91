package sample

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"rollcall/core"
)

// shelf is a shelf in memory.
type shelf map[string][]byte

func (s shelf) Get(bucket, key string) ([]byte, error) { return s[bucket+"/"+key], nil }

func (s shelf) Put(bucket string, values map[string][]byte) error {
	for k, v := range values {
		s[bucket+"/"+k] = v
	}
	return nil
}

func (s shelf) All(string) iter.Seq2[core.Item, error] {
	return func(func(core.Item, error) bool) {}
}

var first = time.Date(2025, 6, 15, 9, 0, 0, 0, time.UTC)

func open(t *testing.T, answers map[string]string, env core.Env) *Source {
	t.Helper()
	a := core.Answers{}
	for k, v := range answers {
		a[k] = core.Secret(v)
	}
	if env.Now == nil {
		env.Now = func() time.Time { return first }
	}
	s, err := NewSource(a, env)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func read(t *testing.T, s *Source) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	for p, err := range s.People(context.Background(), core.Want{Leavers: -1}) {
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := all[p.ID()]; twice {
			t.Fatalf("%s came twice", p.ID())
		}
		all[p.ID()] = p.Map()
	}
	return all
}

func onDay(t *testing.T, day int) map[string]map[string]string {
	t.Helper()
	return read(t, open(t, map[string]string{"day": fmt.Sprint(day)}, core.Env{}))
}

// changed lists what differs between two days: "id field: before → after".
func changed(before, after map[string]map[string]string) []string {
	var out []string
	for _, id := range slices.Sorted(maps.Keys(after)) {
		if before[id] == nil {
			out = append(out, id+" new "+after[id]["employmentStatus"])
			continue
		}
		for _, f := range fieldIDs {
			if b, a := before[id][f], after[id][f]; b != a {
				out = append(out, fmt.Sprintf("%s %s: %s → %s", id, f, b, a))
			}
		}
	}
	return out
}

func expect(t *testing.T, day int, want ...string) {
	t.Helper()
	if got := changed(onDay(t, day-1), onDay(t, day)); !slices.Equal(got, want) {
		t.Errorf("day %d:\n%s\nwant\n%s", day, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestSpecIsReadAndComplete(t *testing.T) {
	spec, err := Spec()
	if err != nil || spec.ID != ID {
		t.Fatalf("got %v, %v", spec, err)
	}
	if full, err := spec.Complete(core.Answers{}); err != nil || full.Get("people") != "250" {
		t.Fatalf("got %v, %v", full.Get("people"), err)
	}
}

func TestFirstDayHasTheWholeCompany(t *testing.T) {
	all := onDay(t, 0)
	seen := map[string]map[string]int{"country": {}, "legalEntity": {}, "department": {}, "team": {}, "costCenter": {}, "office": {}, "employmentStatus": {}, "email": {}}
	for id, p := range all {
		for field, values := range seen {
			values[p[field]]++
		}
		if !strings.HasSuffix(p["email"], domain) || seen["email"][p["email"]] > 1 {
			t.Errorf("%s has the address %s", id, p["email"])
		}
		for _, field := range []string{"firstName", "lastName", "workPhone", "startDate", "jobTitle", "employeeNumber"} {
			if p[field] == "" {
				t.Errorf("%s has no %s", id, field)
			}
		}
	}
	for field, want := range map[string]int{"country": 4, "legalEntity": 3, "department": 9, "team": 21, "costCenter": 9, "office": 6} {
		if len(seen[field]) != want {
			t.Errorf("%d different values of %s, want %d", len(seen[field]), field, want)
		}
	}
	want := map[string]int{core.StatusActive: 245, core.StatusTerminated: 3, core.StatusFuture: 1, core.StatusOnLeave: 1}
	if len(all) != DefaultPeople || !maps.Equal(seen["employmentStatus"], want) {
		t.Errorf("%d people: %v, want %v", len(all), seen["employmentStatus"], want)
	}
}

func TestManagersAreATree(t *testing.T) {
	for day := range 40 {
		all := onDay(t, day)
		heads := 0
		for id, p := range all {
			if p["managerId"] == "" {
				heads++
			}
			steps := 0
			for at := p; at["managerId"] != ""; steps++ {
				boss := all[at["managerId"]]
				if boss == nil || steps > 20 {
					t.Fatalf("day %d: %s hangs in the air or in a circle", day, id)
				}
				if boss["employmentStatus"] == core.StatusTerminated || boss["employmentStatus"] == core.StatusFuture || boss["email"] != at["managerEmail"] {
					t.Fatalf("day %d: %s is managed by %v", day, id, boss)
				}
				at = boss
			}
		}
		if heads != 1 {
			t.Fatalf("day %d: %d people have no manager", day, heads)
		}
	}
}

func TestFirstDayIsTheSameEachTime(t *testing.T) {
	if diff := changed(onDay(t, 0), onDay(t, 0)); len(diff) > 0 {
		t.Errorf("got %v", diff)
	}
}

func TestDayOneHasTwoJoiners(t *testing.T) {
	expect(t, 1, "np-1251 new active", "np-1252 new active")
	if p := onDay(t, 1)["np-1251"]; p["startDate"] != "2025-06-15" {
		t.Errorf("starts on %s", p["startDate"])
	}
}

func TestDayTwoHasTheMoves(t *testing.T) {
	got := strings.Join(changed(onDay(t, 1), onDay(t, 2)), "\n")
	for _, want := range []string{"np-1034 department: Production → Marketing", "np-1034 jobTitle: ", "np-1036 office: "} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	for line := range strings.Lines(got) {
		if !strings.HasPrefix(line, "np-1034") && !strings.HasPrefix(line, "np-1036") {
			t.Errorf("nobody else should change: %s", line)
		}
	}
}

func TestThirdDayHasTheRename(t *testing.T) {
	before, after := onDay(t, 2)["np-1038"], onDay(t, 3)["np-1038"]
	if after["lastName"] != "Lindgren-"+before["lastName"] || after["firstName"] != before["firstName"] || after["email"] == before["email"] || after["employeeNumber"] != before["employeeNumber"] {
		t.Errorf("before %v, after %v", before, after)
	}
}

func TestFourthDayHasTheLeaver(t *testing.T) {
	p := onDay(t, 4)["np-1037"]
	if p["employmentStatus"] != core.StatusTerminated || p["endDate"] != "2025-06-14" {
		t.Errorf("got %v", p)
	}
}

func TestFifthDayHasTheRehire(t *testing.T) {
	before, after := onDay(t, 4)["np-1041"], onDay(t, 5)["np-1041"]
	if before["employmentStatus"] != core.StatusTerminated || after["employmentStatus"] != core.StatusActive || after["endDate"] != "" || after["employeeNumber"] != before["employeeNumber"] {
		t.Errorf("before %v, after %v", before, after)
	}
}

func TestSixthDayHasTheFutureHire(t *testing.T) {
	expect(t, 6, "np-1253 new future")
}

func TestSeventhDayHasTheNewManager(t *testing.T) {
	moved := 0
	for _, line := range changed(onDay(t, 6), onDay(t, 7)) {
		if strings.HasSuffix(line, "managerId: np-1023 → np-1043") {
			moved++
		} else if !strings.Contains(line, "managerEmail") && !strings.HasPrefix(line, "np-1043 managerId") {
			t.Errorf("unexpected: %s", line)
		}
	}
	if moved < 5 {
		t.Errorf("%d people changed managers", moved)
	}
}

func TestEighthDayHasTheParentalLeave(t *testing.T) {
	expect(t, 8, "np-1039 employmentStatus: active → on_leave")
}

func TestLaterDaysHaveJoinersLeaversAndTitles(t *testing.T) {
	before, after := onDay(t, 8), onDay(t, 30)
	diff := strings.Join(changed(before, after), "\n")
	if n := strings.Count(diff, " new active"); n != 22 {
		t.Errorf("%d joined, want 22", n)
	}
	if n := strings.Count(diff, "active → terminated"); n < 6 {
		t.Errorf("%d left, want at least 6", n)
	}
	if n := strings.Count(diff, "→ Senior "); n < 3 {
		t.Errorf("%d have another title, want at least 3", n)
	}
}

func TestCompanyMovesOnWhenItWasReadToTheEnd(t *testing.T) {
	kept := shelf{}
	now := first
	s := open(t, nil, core.Env{Shelf: kept, Now: func() time.Time { return now }})
	if n := len(read(t, s)); n != 250 {
		t.Fatalf("day 0 has %d people", n)
	}
	for range s.People(context.Background(), core.Want{}) {
		break // half a reading
	}
	if h, err := s.Check(context.Background()); err != nil || h.People != 252 || !strings.Contains(h.Notes[0], "day 1") {
		t.Fatalf("got %+v, %v", h, err)
	}
	one := read(t, s)
	now = now.AddDate(0, 0, 7)
	two := read(t, open(t, nil, core.Env{Shelf: kept, Now: func() time.Time { return now }}))
	for _, line := range changed(one, two) {
		if strings.Contains(line, "Date") {
			t.Errorf("a date was changed by the calendar: %s", line)
		}
	}
}

func TestFutureHireBecomesActiveOnTheStartDate(t *testing.T) {
	kept := shelf{}
	now := first
	env := core.Env{Shelf: kept, Now: func() time.Time { return now }}
	if got := read(t, open(t, nil, env))["np-1058"]["employmentStatus"]; got != core.StatusFuture {
		t.Fatalf("got %s", got)
	}
	now = now.AddDate(0, 0, 20)
	if got := read(t, open(t, nil, env))["np-1058"]["employmentStatus"]; got != core.StatusActive {
		t.Errorf("got %s", got)
	}
}

func TestLeaversAreLeftOutAsWanted(t *testing.T) {
	s, n := open(t, nil, core.Env{}), 0
	for p, err := range s.People(context.Background(), core.Want{Leavers: 0, Fields: []string{"email"}}) {
		if err != nil || p.Value("employmentStatus") == core.StatusTerminated || p.Value("email") == "" || p.Value("firstName") != "" {
			t.Fatalf("got %v, %v", p.Map(), err)
		}
		n++
	}
	if n != 247 {
		t.Errorf("%d people", n)
	}
}

func TestDamagedDayIsExplained(t *testing.T) {
	s := open(t, nil, core.Env{Shelf: shelf{bucket + "/" + daysKey: []byte("yesterday")}})
	if _, err := s.Check(context.Background()); !core.HasCode(err, core.Damaged) {
		t.Errorf("got %v", err)
	}
}

func TestSmallAndLargeCompaniesHoldTogether(t *testing.T) {
	for _, n := range []int{1, 5, 30, 60, 101, 20_000} {
		for _, day := range []int{0, 10, 50} {
			all := read(t, open(t, map[string]string{"people": fmt.Sprint(n), "day": fmt.Sprint(day)}, core.Env{}))
			emails := map[string]bool{}
			for id, p := range all {
				if p["managerId"] != "" && all[p["managerId"]] == nil {
					t.Fatalf("%d people: %s hangs in the air", n, id)
				}
				if emails[p["email"]] {
					t.Fatalf("%d people: %s is given twice", n, p["email"])
				}
				emails[p["email"]] = true
			}
		}
	}
}

func BenchmarkAMillionPeople(b *testing.B) {
	s, err := NewSource(core.Answers{"people": "1000000"}, core.Env{Now: func() time.Time { return first }})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, err := range s.People(context.Background(), core.Want{Leavers: -1}) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

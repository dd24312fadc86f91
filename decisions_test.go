package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// staff is a small CSV file of people that tests change from one reading to the next.
type staff struct {
	path string
	rows [][]string
}

func newStaff(t *testing.T, n int) *staff {
	t.Helper()
	s := &staff{path: filepath.Join(t.TempDir(), "people.csv"), rows: [][]string{{"Employee number", "First name", "Last name", "E-mail", "Department", "Job title", "Status", "Manager number"}}}
	for i := 1; i <= n; i++ {
		boss := ""
		if i > 2 {
			boss = fmt.Sprintf("%04d", 1+i%2)
		}
		s.rows = append(s.rows, []string{fmt.Sprintf("%04d", i), fmt.Sprintf("First%d", i), fmt.Sprintf("Last%d", i), fmt.Sprintf("p%d@corp.example", i), "Sales", "Clerk", "active", boss})
	}
	s.save(t)
	return s
}

func (s *staff) save(t *testing.T) { writeTable(t, s.path, s.rows, ',') }

// Columns of a staff file.
const (
	department = 4
	jobTitle   = 5
	status     = 6
)

// set changes one cell of some people, by their place from 1 on.
func (s *staff) set(t *testing.T, column int, value string, people ...int) {
	t.Helper()
	for _, i := range people {
		s.rows[i][column] = value
	}
	s.save(t)
}

// inDirectory connects the staff and a practice directory and applies the first plan.
func (s *staff) inDirectory(t *testing.T) {
	t.Helper()
	say(t, "path: "+s.path, "connect", "HR", "csv", "--options", "-").has(t, "Kept")
	expect(t, exitDone, "connect", "Dir", "practice")
	expect(t, exitChanges, "plan", "--source", "HR", "--target", "Dir")
	expect(t, exitDone, "apply", "last")
}

// replan makes a plan with an export of each kind.
func replan(t *testing.T, code int) (id string, made exported, xlsx string) {
	t.Helper()
	folder := t.TempDir()
	xlsx = filepath.Join(folder, "plan.xlsx")
	s := expect(t, code, "plan", "--source", "HR", "--target", "Dir", "--export", filepath.Join(folder, "plan.json"), "--export", xlsx)
	return planID(t, s), readExport(t, filepath.Join(folder, "plan.json")), xlsx
}

// decide sets cells of a workbook by sheet, row id (and attribute) and column.
func decide(t *testing.T, xlsx string, decisions map[string]string, column string) {
	t.Helper()
	f, err := excelize.OpenFile(xlsx)
	must(t, err)
	defer f.Close()
	set := 0
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		must(t, err)
		at := -1
		if len(rows) > 0 {
			at = slices.Index(rows[0], column)
		}
		if at < 0 || !slices.Contains(rows[0], "Decision") {
			continue
		}
		for i, r := range rows {
			if word, meant := decisions[r[0]]; meant {
				cell, _ := excelize.CoordinatesToCellName(at+1, i+1)
				must(t, f.SetCellValue(sheet, cell, word))
				set++
			}
		}
	}
	if set < len(decisions) {
		t.Fatalf("%d of %d rows found", set, len(decisions))
	}
	must(t, f.Save())
}

func TestDecisionsOfAReviewedWorkbookAreFollowed(t *testing.T) {
	home(t)
	people := newStaff(t, 100)
	people.inDirectory(t)
	people.set(t, jobTitle, "Lead", 10, 11, 12)
	people.set(t, status, "terminated", 20, 21)
	id, made, xlsx := replan(t, exitChanges)
	decide(t, xlsx, map[string]string{made.of(t, "0011").Row: "Reject", made.of(t, "0021").Row: "Hold", made.of(t, "0010").Row: "Approve"}, "Decision")
	s := expect(t, exitDone, "apply", id, "--decisions", xlsx)
	s.has(t, "3 changes: done=3")
	_, left, _ := replan(t, exitChanges)
	if got := left.of(t, "0011").Change; got != "update" {
		t.Errorf("rejected, and now %s", got)
	}
	if got := left.of(t, "0021").Change; got != "deactivate" {
		t.Errorf("held back, and now %s", got)
	}
	if left.Counts["update"].People != 1 || left.Counts["deactivate"].People != 1 {
		t.Errorf("%+v", left.Counts)
	}
}

func TestReviewedWorkbookThatDoesNotFitIsRefused(t *testing.T) {
	home(t)
	people := newStaff(t, 100)
	people.inDirectory(t)
	people.set(t, jobTitle, "Lead", 10, 11, 12)
	_, _, otherPlan := replan(t, exitChanges)
	people.set(t, jobTitle, "Chief", 12)
	id, made, _ := replan(t, exitChanges)
	eleven := made.of(t, "0011").Row
	for name, c := range map[string]struct {
		harm func(t *testing.T, xlsx string)
		says string
	}{
		"another plan":     {nil, "another plan"},
		"a changed value":  {func(t *testing.T, f string) { decide(t, f, map[string]string{eleven: "Boss"}, "After") }, "was changed"},
		"an unknown id":    {func(t *testing.T, f string) { decide(t, f, map[string]string{eleven: "R000999"}, "Row") }, "not one of this plan"},
		"an unknown word":  {func(t *testing.T, f string) { decide(t, f, map[string]string{eleven: "Maybe"}, "Decision") }, "none of Approve, Reject and Hold"},
		"not a workbook":   {func(t *testing.T, f string) { put(t, f, "Row,Decision\n") }, "not an Excel workbook"},
		"an empty file":    {func(t *testing.T, f string) { put(t, f, "") }, "not an Excel workbook"},
		"a changed person": {func(t *testing.T, f string) { decide(t, f, map[string]string{eleven: "Somebody"}, "Person") }, "was changed"},
	} {
		t.Run(name, func(t *testing.T) {
			file := otherPlan
			if c.harm != nil {
				file = filepath.Join(t.TempDir(), "review.xlsx")
				expect(t, exitChanges, "plan", "--source", "HR", "--target", "Dir", "--export", file)
				c.harm(t, file)
			}
			use := "last"
			if c.harm == nil {
				use = id
			}
			expect(t, exitError, "apply", use, "--decisions", file).has(t, c.says)
		})
	}
	if s := expect(t, exitDone, "runs"); strings.Count(s.out, "run  ") != 1 {
		t.Errorf("a refused review began a run:\n%s", s.out)
	}
	_, left, _ := replan(t, exitChanges)
	if left.Counts["update"].People != 3 {
		t.Errorf("%+v", left.Counts)
	}
}

func TestOnlyTheNamedKindsAreDone(t *testing.T) {
	home(t)
	people := newStaff(t, 100)
	people.inDirectory(t)
	people.set(t, jobTitle, "Lead", 10, 11, 12)
	people.set(t, status, "terminated", 20, 21)
	id, _, _ := replan(t, exitChanges)
	expect(t, exitError, "apply", id, "--only", "rename").has(t, `"rename" is no kind of change`, "create, update")
	expect(t, exitDone, "apply", id, "--only", "deactivate").has(t, "2 changes: done=2")
	_, left, _ := replan(t, exitChanges)
	if left.Counts["update"].People != 3 || left.Counts["deactivate"].People != 0 {
		t.Errorf("%+v", left.Counts)
	}
}

func TestGuardHoldsUntilAPersonAllowsItWithAReason(t *testing.T) {
	home(t)
	people := newStaff(t, 100)
	people.inDirectory(t)
	people.set(t, jobTitle, "Lead", 90)
	people.set(t, status, "terminated", 20, 21, 22, 23, 24, 25)
	id, made, xlsx := replan(t, exitHeld)
	if made.Counts["deactivate"].Stopped != 6 || made.Counts["deactivate"].Ticked != 0 || len(made.Tripped) != 1 || made.Tripped[0].Guard != "deactivate" {
		t.Fatalf("%+v %+v", made.Counts, made.Tripped)
	}
	expect(t, exitError, "apply", id, "--allow", "create=the boss said so").has(t, "does not hold this plan")
	expect(t, exitError, "apply", id, "--allow", "deactivate=").has(t, "needs a reason")

	decide(t, xlsx, map[string]string{made.of(t, "0020").Row: "Approve"}, "Decision")
	s := expect(t, exitHeld, "apply", id, "--decisions", xlsx)
	s.has(t, "1 change: done=1", "held by your limit and cannot be approved one by one")

	id, _, _ = replan(t, exitHeld)
	expect(t, exitHeld, "apply", id).has(t, "nothing to do")
	s = expect(t, exitDone, "apply", id, "--allow", "deactivate=the warehouse was sold")
	s.has(t, "6 changes: done=6")
	_, left, _ := replan(t, exitDone)
	if left.Counts["unchanged"].People != 100 {
		t.Errorf("%+v", left.Counts)
	}
	s = expect(t, exitDone, "undo", runID(t, s))
	s.has(t, "6 changes take the run back", "done=6")
	people.set(t, status, "active", 20, 21, 22, 23, 24, 25)
	replan(t, exitDone)
}

func TestPlanOfADirectoryThatMovedOnIsHeldRowByRow(t *testing.T) {
	home(t)
	people := newStaff(t, 100)
	people.inDirectory(t)
	people.set(t, jobTitle, "Lead", 10, 11)
	old, _, _ := replan(t, exitChanges)
	people.set(t, jobTitle, "Director", 10)
	newer, _, _ := replan(t, exitChanges)
	expect(t, exitDone, "apply", newer)
	s := expect(t, exitFailed, "apply", old)
	s.has(t, "changed since", "First10 Last10", "Make the plan again")
	_, left, _ := replan(t, exitDone)
	if left.Counts["update"].People != 0 {
		t.Errorf("%+v", left.Counts)
	}
	expect(t, exitError, "undo", runID(t, s)).has(t, "changed nothing") // the other run did it, and it is that one's to take back
	replan(t, exitDone)
}

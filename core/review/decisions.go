package review

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"rollcall/core"
)

// Decisions are what came back in a reviewed file. Rows are named by their place in the plan.
type Decisions struct {
	Rows     map[int]core.Decision
	Cells    map[int][]string // row → attributes that are not to be written
	Comments map[int]string
	Warnings []string // decisions that cannot be followed, in sentences
}

// words are the decisions as they may stand in a file.
var words = map[string]core.Decision{
	"": core.NoDecision, "approve": core.Approve, "approved": core.Approve, "reject": core.Reject, "rejected": core.Reject, "hold": core.HoldBack, "held": core.HoldBack,
}

var decisionNames = [...]string{core.NoDecision: "nothing", core.Approve: "Approve", core.Reject: "Reject", core.HoldBack: "Hold"}

// whole stands for all cells of a row, in a line about a person.
const whole = -1

// said is the decision of one line; only lines that decide are kept.
type said struct {
	cell     int
	decision core.Decision
}

// judge gathers the lines of a file and makes decisions of them.
type judge struct {
	*viewer
	created  []string // the attributes of the sheet Creates
	said     map[int][]said
	comments map[int]string
}

func newJudge(p *core.Plan) *judge {
	return &judge{viewer: newViewer(p), created: createdAttributes(p), said: map[int][]said{}, comments: map[int]string{}}
}

// line is one line of a file under its header.
type line struct {
	table  string // the sheet in quotes, or “the file”
	number int
	get    func(column string) (text string, there bool)
	fit    func(string) string // what the format does to long values
}

func (l line) value(column string) string {
	s, _ := l.get(column)
	return s
}

func (l line) refuse(id, what string) error {
	return bad(fmt.Sprintf("In %s, line %d (row %s), %s.", l.table, l.number, shorten(id), what), "Only the columns Decision and Comment may be changed. Put the line right, or export the plan again and review that file.")
}

func bad(what, fix string) error { return &core.Problem{Code: core.BadData, What: what, Fix: fix} }

// take checks a line against the plan and keeps what it decides.
func (j *judge) take(l line) error {
	id := strings.TrimSpace(l.value(colRow))
	word, comment := strings.TrimSpace(l.value(colDecision)), strings.TrimSpace(l.value(colComment))
	if id == "" && word == "" && comment == "" {
		return nil
	}
	i, known := rowOf(j.plan, id)
	if !known {
		return l.refuse(id, "the row id in the column Row is not one of this plan")
	}
	k, err := j.verify(l, i)
	if err != nil {
		return err
	}
	decision, ok := words[strings.ToLower(word)]
	if !ok {
		return l.refuse(id, fmt.Sprintf("the column Decision says “%s”, which is none of Approve, Reject and Hold", shorten(word)))
	}
	if comment != "" && !strings.Contains(j.comments[i], comment) {
		j.comments[i] = strings.TrimPrefix(j.comments[i]+"; "+comment, "; ")
	}
	return j.decide(l, i, said{k, decision})
}

func (j *judge) decide(l line, i int, s said) error {
	if s.decision == core.NoDecision {
		return nil
	}
	for _, other := range j.said[i] {
		if clash := other.cell == s.cell || other.cell == whole || s.cell == whole; clash && other.decision != s.decision {
			return l.refuse(rowID(i), fmt.Sprintf("the column Decision says %s, but another line says of the same %s", decisionNames[s.decision], decisionNames[other.decision]))
		}
		if other == s {
			return nil
		}
	}
	j.said[i] = append(j.said[i], s)
	return nil
}

// verify compares a line with what the plan would write there now, and gives the cell
// that it is about.
func (j *judge) verify(l line, i int) (int, error) {
	_, byAttribute := l.get(colAttribute)
	switch verb := j.plan.Rows[i].Verb; {
	case byAttribute:
	case verb == core.Held:
		return whole, j.same(l, i, whole, heldColumns, j.idle(nil, i))
	case verb != core.Create:
		return 0, l.refuse(rowID(i), "the row is neither a new account nor held")
	default:
		columns := slices.Clone(createColumns)
		for _, a := range j.created {
			columns = append(columns, j.label(a))
		}
		return whole, j.same(l, i, whole, columns, j.create(nil, i, j.created))
	}
	k, ok := j.cell(i, l.value(colAttribute))
	if !ok {
		return 0, l.refuse(rowID(i), fmt.Sprintf("the column Attribute says “%s”, which this row does not change; it changes %s", shorten(l.value(colAttribute)), j.attributes(i)))
	}
	return k, j.same(l, i, k, changeColumns, j.change(nil, i, k))
}

func (j *judge) cell(i int, label string) (int, bool) {
	cells := j.plan.Rows[i].Cells
	label = asRead(label)
	if len(cells) == 0 {
		return whole, label == ""
	}
	for k := range cells {
		if asRead(j.label(cells[k].Attribute)) == label {
			return k, true
		}
	}
	return 0, false
}

func (j *judge) attributes(i int) string {
	var labels []string
	for _, c := range j.plan.Rows[i].Cells {
		labels = append(labels, j.label(c.Attribute))
	}
	if len(labels) == 0 {
		return "no attribute"
	}
	return shorten(strings.Join(labels, ", "))
}

// same says which column of a line is no longer as it was exported.
func (j *judge) same(l line, i, k int, columns, expected []string) error {
	for c, column := range columns {
		got, there := l.get(column)
		if column == colRow || column == colDecision || column == colComment || !there {
			continue
		}
		want := expected[c]
		if fitted := l.fit(want); fitted != want {
			continue // was cut; the check sum stands for it
		}
		if asRead(got) != asRead(want) {
			return l.refuse(rowID(i), fmt.Sprintf("the column %s was changed: it says “%s”, and “%s” stood there", column, shorten(got), shorten(want)))
		}
	}
	if sum, there := l.get(colCheck); there && sum != "" && sum != j.check(i, k) {
		return l.refuse(rowID(i), "the hidden column Check does not belong to this line: its cells were mixed with another line's")
	}
	return nil
}

// asRead leaves out what spreadsheets do to a text without anybody's doing.
func asRead(s string) string { return strings.TrimSpace(tidy(s)) }

func shorten(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

// decisions makes one decision a row of what its lines said.
func (j *judge) decisions() Decisions {
	d := Decisions{Rows: map[int]core.Decision{}, Cells: map[int][]string{}, Comments: j.comments}
	w := warnings{}
	for _, i := range slices.Sorted(maps.Keys(j.said)) {
		decision, left := settle(&j.plan.Rows[i], j.said[i])
		if !w.follows(&j.plan.Rows[i], i, decision, j.said[i]) {
			decision = core.NoDecision
		}
		if decision != core.NoDecision {
			d.Rows[i] = decision
		}
		if len(left) > 0 {
			d.Cells[i] = left
		}
	}
	d.Warnings = w.sentences()
	return d
}

// settle makes of the lines of one row a decision for the row and the attributes that
// are left out. Lines that say nothing keep their tick, also where others approve. Where
// every attribute is rejected or held back, the row as a whole is.
func settle(r *core.Row, lines []said) (core.Decision, []string) {
	by := make([]core.Decision, len(r.Cells))
	for _, s := range lines {
		if s.cell == whole {
			return s.decision, nil
		}
		by[s.cell] = s.decision
	}
	if !slices.ContainsFunc(by, func(d core.Decision) bool { return d != core.Reject && d != core.HoldBack }) {
		return slices.Max(by), nil // HoldBack is above Reject
	}
	approve := slices.Contains(by, core.Approve)
	var left []string
	for k, d := range by {
		c := &r.Cells[k]
		if d == core.Reject || d == core.HoldBack || approve && d == core.NoDecision && (r.Tick != core.On || c.Tick == core.Off) {
			left = append(left, c.Attribute)
		}
	}
	if approve {
		return core.Approve, left
	}
	return core.NoDecision, left
}

// warnings gathers approvals that cannot be followed.
type warnings struct{ guarded, protected, idle []string }

// follows says whether a decision means something to the row, and keeps what is to be
// said of an approval that does not, or not for every cell.
func (w *warnings) follows(r *core.Row, i int, d core.Decision, lines []said) bool {
	switch {
	case !r.Verb.Writes():
		if d == core.Approve {
			w.idle = append(w.idle, rowID(i))
		}
		return false
	case d != core.Approve:
		return true
	case r.Tick == core.Stopped:
		w.guarded = append(w.guarded, rowID(i))
		return false
	case r.Tick == core.Locked:
		w.protected = append(w.protected, rowID(i))
		return false
	}
	if approves(r, lines, core.Stopped) {
		w.guarded = append(w.guarded, rowID(i))
	}
	if approves(r, lines, core.Locked) {
		w.protected = append(w.protected, rowID(i))
	}
	return true
}

// approves says that a line approves a cell with that tick.
func approves(r *core.Row, lines []said, tick core.Tick) bool {
	return slices.ContainsFunc(lines, func(s said) bool {
		return s.decision == core.Approve && s.cell != whole && r.Cells[s.cell].Tick == tick
	})
}

func (w *warnings) sentences() []string {
	var all []string
	for _, x := range []struct {
		rows []string
		text string
	}{
		{w.guarded, "held by your limit and cannot be approved one by one: %s. Allow the limit for this plan instead"},
		{w.protected, "protected and cannot be approved: %s"},
		{w.idle, "held or without a change, so that there is nothing to approve: %s"},
	} {
		if n := len(x.rows); n > 0 {
			shown := strings.Join(x.rows[:min(n, 5)], ", ")
			if n > 5 {
				shown += fmt.Sprintf(" and %s more", number(n-5))
			}
			all = append(all, fmt.Sprintf("%s "+x.text+".", several(n, "approved row is", "approved rows are"), shown))
		}
	}
	return all
}

package review

import (
	"fmt"
	"hash/fnv"
	"io"
	"strconv"
	"strings"

	"rollcall/core"
)

// The columns that a file is read back by.
const (
	colRow       = "Row"
	colAttribute = "Attribute"
	colBefore    = "Before"
	colAfter     = "After"
	colDecision  = "Decision"
	colComment   = "Comment"
	colPlan      = "Plan"
	colCheck     = "Check"
)

var (
	changeColumns = []string{colRow, "Change", "Ticked", "Person", "Employee number", "Account", colAttribute, colBefore, colAfter, "Why", "Detail", colDecision, colComment}
	createColumns = []string{colRow, "Ticked", "Person", "Employee number", "Why", "Detail", colDecision, colComment}
	idleColumns   = []string{colRow, "Person", "Employee number", "Account", "Why", "Detail"}
	heldColumns   = append(idleColumns[:len(idleColumns):len(idleColumns)], colDecision, colComment)
	peopleColumns = []string{colRow, "Person", "Employee number", "Account", "Change", "Ticked", "Why", "Detail"}
)

// viewer gives the text of every column, the same for writing and for checking what
// comes back.
type viewer struct {
	plan   *core.Plan
	labels map[string]string // attribute id → label, one of a kind
	ids    map[string]string // and back
	kinds  map[string]core.Kind
	login  string
}

func newViewer(p *core.Plan) *viewer {
	v := &viewer{plan: p, labels: map[string]string{}, ids: map[string]string{}, kinds: map[string]core.Kind{}}
	v.name(core.Attribute{ID: core.Enabled, Label: "Enabled"})
	v.name(core.Attribute{ID: core.Deleted, Label: "Deleted"})
	for _, a := range p.Attributes {
		v.name(a)
		if a.Login && v.login == "" {
			v.login = a.ID
		}
	}
	return v
}

// name gives an attribute a label that neither another attribute nor a column has.
func (v *viewer) name(a core.Attribute) {
	if _, known := v.labels[a.ID]; known {
		return
	}
	label := tidy(a.Label)
	if label == "" {
		label = tidy(a.ID)
	}
	more := tidy(a.ID)
	if more == label {
		more = "attribute"
	}
	for v.ids[label] != "" || isColumn(label) {
		label += " (" + more + ")"
	}
	v.labels[a.ID], v.ids[label], v.kinds[a.ID] = label, a.ID, a.Kind
}

func isColumn(label string) bool {
	for _, c := range append(append([]string{colCheck, colPlan}, changeColumns...), createColumns...) {
		if strings.EqualFold(c, label) {
			return true
		}
	}
	return false
}

func (v *viewer) label(attribute string) string {
	if l, known := v.labels[attribute]; known {
		return l
	}
	return tidy(attribute)
}

// rowID names a row by its place in the plan.
func rowID(i int) string {
	digits := strconv.Itoa(i + 1)
	return "R" + "000000"[:max(0, 6-len(digits))] + digits
}

// rowOf is the way back from rowID, also without the leading zeros.
func rowOf(p *core.Plan, id string) (int, bool) {
	id = strings.ToUpper(strings.TrimSpace(id))
	n, err := strconv.Atoi(strings.TrimPrefix(id, "R"))
	return n - 1, err == nil && strings.HasPrefix(id, "R") && n >= 1 && n <= len(p.Rows)
}

// change fills dst with the cells of changeColumns for the k-th cell of row i; k is
// below zero for a row without cells. Decision and comment are empty.
func (v *viewer) change(dst []string, i, k int) []string {
	r := &v.plan.Rows[i]
	attribute, before, after, why := "", "", "", r.Why
	tick := r.Tick
	if k >= 0 {
		c := &r.Cells[k]
		attribute = v.label(c.Attribute)
		before, after = v.both(c)
		if tick == core.On {
			tick = c.Tick
		}
		if c.Why != core.NoReason {
			why = c.Why
		}
	}
	person, employee := personOf(r)
	return append(dst[:0], rowID(i), verbLabel(r.Verb), ticked(r.Verb, tick), person, employee, v.account(r),
		attribute, before, after, why.Text(), tidy(r.Detail), "", "")
}

// create fills dst with the cells of createColumns and then one for every attribute.
func (v *viewer) create(dst []string, i int, attributes []string) []string {
	r := &v.plan.Rows[i]
	person, employee := personOf(r)
	dst = append(dst[:0], rowID(i), ticked(r.Verb, r.Tick), person, employee, r.Why.Text(), tidy(r.Detail), "", "")
	for _, a := range attributes {
		value := ""
		for k := range r.Cells {
			if r.Cells[k].Attribute == a {
				_, value = v.both(&r.Cells[k])
			}
		}
		dst = append(dst, value)
	}
	return dst
}

// idle fills dst with the cells of heldColumns, of which idleColumns are the first.
func (v *viewer) idle(dst []string, i int) []string {
	r := &v.plan.Rows[i]
	person, employee := personOf(r)
	return append(dst[:0], rowID(i), person, employee, v.account(r), r.Why.Text(), tidy(r.Detail), "", "")
}

func (v *viewer) person(dst []string, i int) []string {
	r := &v.plan.Rows[i]
	person, employee := personOf(r)
	return append(dst[:0], rowID(i), person, employee, v.account(r), verbLabel(r.Verb), ticked(r.Verb, r.Tick), r.Why.Text(), tidy(r.Detail))
}

func personOf(r *core.Row) (name, employee string) {
	if !r.OfPerson() {
		return "", ""
	}
	name, employee = r.Subject()
	return tidy(name), tidy(employee)
}

// account gives what a person knows the account by: the sign-in name, else name or id.
func (v *viewer) account(r *core.Row) string {
	if r.Account.IsZero() {
		return ""
	}
	for _, id := range []string{v.login, core.AccountName, core.AccountID} {
		if s := r.Account.Value(id); s != "" {
			return tidy(s)
		}
	}
	return ""
}

// both gives a cell's values as they are read. References stand under their names; two
// of one name get their ids, so that the change can be seen.
func (v *viewer) both(c *core.Cell) (before, after string) {
	switch {
	case c.Attribute == core.Enabled:
		return yesNo(c.Before), yesNo(c.After)
	case v.kinds[c.Attribute] != core.Reference:
		return tidy(c.Before), tidy(c.After)
	}
	before, after = v.reference(c.Before), v.reference(c.After)
	if before == after && c.Before != c.After {
		return tidy(before + " (" + c.Before + ")"), tidy(after + " (" + c.After + ")")
	}
	return tidy(before), tidy(after)
}

func (v *viewer) reference(id string) string {
	if name := v.plan.Names[id]; name != "" {
		return name
	}
	return id
}

func yesNo(s string) string {
	switch s {
	case "true":
		return "Yes"
	case "false":
		return "No"
	default:
		return tidy(s)
	}
}

func ticked(verb core.Verb, t core.Tick) string {
	if !verb.Writes() {
		return ""
	}
	return [...]string{core.On: "Yes", core.Off: "No", core.Stopped: "Held by your limit", core.Locked: "Protected"}[t]
}

// check is a short sum over what a line is about, ids included, so that a line whose
// cells were mixed with another's is found even where names are the same.
func (v *viewer) check(i, k int) string {
	h := fnv.New64a()
	_, _ = io.WriteString(h, strconv.Itoa(i))
	r := &v.plan.Rows[i]
	for j := range r.Cells {
		if k < 0 || j == k {
			c := &r.Cells[j]
			_, _ = fmt.Fprintf(h, "\x00%d:%s%d:%s%d:%s", len(c.Attribute), c.Attribute, len(c.Before), c.Before, len(c.After), c.After)
		}
	}
	return strconv.FormatUint(h.Sum64(), 16)
}

// tidy gives a value as a file can hold it and a person reads it: lists with commas,
// line breaks of one kind, and a replacement for what no XML and no UTF-8 can hold.
func tidy(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= ' ' && s[i] < 0x7f
	}
	if plain {
		return s
	}
	s = strings.ReplaceAll(core.ShowValue(s), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case r < ' ' || r == 0xFFFE || r == 0xFFFF:
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

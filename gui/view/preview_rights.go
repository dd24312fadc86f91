package view

import (
	"context"
	"slices"
	"strings"

	"rollcall/core"
)

// SetRights notes what the target lets Rollcall do, as it says itself; see Lacks.
func (r *Review) SetRights(rights []core.Right) { r.rights = rights }

// Rehearse asks the target of a plan for its rights. Nothing is written.
func Rehearse(ctx context.Context, s Services, p *core.Plan) ([]core.Right, error) {
	return s.Runs.Rehearse(ctx, p)
}

// Lack is a right that is missing for rows that are ticked.
type Lack struct {
	Label, ID string
	For       string // "change groups"
	Rows      int
	Grant     string
}

// Sentence says what is missing and for what: "“Groups” is missing: 18 rows need it to change groups."
func (l Lack) Sentence() string {
	name := "“" + l.Label + "”"
	if l.ID != "" && l.ID != l.Label {
		name += " (" + l.ID + ")"
	}
	return name + " is missing. " + Count(l.Rows, "row needs", "rows need") + " it to " + l.For + "."
}

// Lacks gives the rights that are missing for what is ticked now.
func (r *Review) Lacks() []Lack {
	var lacks []Lack
	for _, right := range r.rights {
		if !missing(right) {
			continue
		}
		rows := 0
		for i := range r.verbs {
			if r.boxes[i] == TickedOn && r.needs(i, right.Permission) {
				rows++
			}
		}
		if rows > 0 {
			lacks = append(lacks, Lack{Label: firstOf(right.Label, right.ID), ID: right.ID, For: Purpose(right.Permission, r.Label), Rows: rows, Grant: right.Grant})
		}
	}
	return lacks
}

// Unsure names the rights that ticked rows need and of which the target does not tell.
func (r *Review) Unsure() []string {
	var names []string
	for _, right := range r.rights {
		if !right.Unsure || len(right.For) == 0 {
			continue
		}
		for i := range r.verbs {
			if r.boxes[i] == TickedOn && r.needs(i, right.Permission) {
				names = append(names, "“"+firstOf(right.Label, right.ID)+"”")
				break
			}
		}
	}
	return names
}

func missing(right core.Right) bool { return !right.Granted && len(right.For) > 0 }

// needs says that a row as it is ticked needs a right: for its kind of change, or for an attribute that it writes.
func (r *Review) needs(row int, p core.Permission) bool {
	verb := r.verbs[row]
	if slices.Contains(p.For, verb.String()) {
		return true
	}
	cells := r.Plan.Rows[row].Cells
	for k := range cells {
		if verb != core.Delete && r.needsCell(row, &cells[k], p) {
			return true
		}
	}
	return false
}

func (r *Review) needsCell(row int, c *core.Cell, p core.Permission) bool {
	return c.After != c.Before && slices.Contains(p.For, c.Attribute) && r.cellState(row, c) == TickedOn
}

// LeaveOut unticks what needs a right that is missing: a row where its kind of change does, else only the attribute.
// It says how many rows were unticked, and of how many only a part was.
func (r *Review) LeaveOut() (rows, parts int) {
	for i := range r.verbs {
		if r.boxes[i] != TickedOn {
			continue
		}
		whole, part := false, false
		for _, right := range r.rights {
			if !missing(right) {
				continue
			}
			whole = whole || slices.Contains(right.For, r.verbs[i].String())
			part = r.leaveCells(i, right.Permission) || part
		}
		if whole {
			r.decide(i, core.Reject)
		}
		r.recountRow(i)
		switch {
		case whole || part && r.boxes[i] != TickedOn:
			rows++
		case part:
			parts++
		}
	}
	return rows, parts
}

func (r *Review) leaveCells(row int, p core.Permission) bool {
	left := false
	cells := r.Plan.Rows[row].Cells
	for k := range cells {
		if r.verbs[row] != core.Delete && r.needsCell(row, &cells[k], p) {
			r.left[row] = append(r.left[row], cells[k].Attribute)
			left = true
		}
	}
	return left
}

var verbDoes = map[string]string{core.Create.String(): "create", core.Update.String(): "change", core.Deactivate.String(): "disable", core.Reactivate.String(): "enable", core.Delete.String(): "delete"}

// Purpose says in words what a right for writing is needed for: "create and change accounts, and to change groups". It is
// empty for a right that is for reading.
func Purpose(p core.Permission, label func(attribute string) string) string {
	var verbs, attributes []string
	for _, v := range core.Verbs() {
		if slices.Contains(p.For, v.String()) {
			verbs = append(verbs, verbDoes[v.String()])
		}
	}
	for _, f := range p.For {
		if _, is := core.ParseVerb(f); !is {
			attributes = append(attributes, lowerFirst(firstOf(attributeNouns[f], label(f))))
		}
	}
	var words []string
	if len(verbs) > 0 {
		words = append(words, listed(verbs)+" accounts")
	}
	if len(attributes) > 0 {
		words = append(words, "change "+listed(attributes))
	}
	return strings.Join(words, ", and to ")
}

// attributeNouns are the attributes that every target knows under one name, as a sentence names them.
var attributeNouns = map[string]string{core.Groups: "groups", "manager": "managers", core.Deleted: "deletions"}

// lowerFirst begins a label inside a sentence with a small letter, unless its first word has other capitals: "OU".
func lowerFirst(label string) string {
	if len(label) > 1 && label[1] >= 'a' && label[1] <= 'z' && label[0] >= 'A' && label[0] <= 'Z' {
		return strings.ToLower(label[:1]) + label[1:]
	}
	return label
}

package view

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/core"
	"rollcall/core/expression"
)

// FieldRow is a field in the left list.
type FieldRow struct {
	ID, Label, Sample string
	Filled            float64 // 0 to 1; below 0 where nobody was read
	Used              bool
}

// FieldRows gives the fields that a search leaves.
func (b *Mapping) FieldRows(search string) []FieldRow {
	used := map[string]bool{}
	for _, r := range b.setup.Mapping {
		for _, id := range b.sources(r) {
			used[id] = true
		}
	}
	var rows []FieldRow
	for _, f := range b.Fields() {
		sample := "No value"
		if !b.sample.IsZero() {
			sample = cmp.Or(b.Value(b.sample, f.ID), sample)
		}
		filled, known := b.filled[f.ID]
		if !known {
			filled = -1
		}
		if holdsWords(search, f.Label, f.ID, sample) {
			rows = append(rows, FieldRow{f.ID, cmp.Or(f.Label, f.ID), sample, filled, used[f.ID]})
		}
	}
	return rows
}

// Slot says what an attribute gets.
type Slot int

// The kinds of slot.
const (
	SlotEmpty Slot = iota
	SlotField
	SlotConstant
	SlotExpression
)

// AttributeRow is an attribute in the right list.
type AttributeRow struct {
	core.Attribute
	SyncKey    bool
	Slot       Slot
	Text       string // what the slot says
	Sources    []string
	Confidence int
	Why        string // of the confidence
	Write      core.WriteRule
	Result     string
	Quiet      bool   // nothing is written
	Warning    string // what is wrong with it, for one person or for all
	About      ProblemKind
	Missing    bool // required, and nothing is mapped
}

// Show says which attributes are shown.
type Show string

// The choices of Show.
const (
	ShowAll      Show = "all"
	ShowUnmapped Show = "unmapped"
	ShowWarnings Show = "warnings"
)

func (s Show) keeps(r AttributeRow) bool {
	switch s {
	case ShowUnmapped:
		return r.Slot == SlotEmpty
	case ShowWarnings:
		return r.Warning != "" || r.Missing
	}
	return true
}

// AttributeRows gives the attributes that a search and a choice leave, and how many
// there are of each choice.
func (b *Mapping) AttributeRows(search string, show Show) (rows []AttributeRow, counts map[Show]int) {
	counts = map[Show]int{}
	for _, a := range b.writable() {
		r := b.attributeRow(a)
		for _, s := range []Show{ShowAll, ShowUnmapped, ShowWarnings} {
			if s.keeps(r) {
				counts[s]++
			}
		}
		if show.keeps(r) && holdsWords(search, a.Label, a.ID, r.Text, r.Result) {
			rows = append(rows, r)
		}
	}
	return rows, counts
}

func (b *Mapping) attributeRow(a core.Attribute) AttributeRow {
	row := AttributeRow{Attribute: a, Result: "Nothing written", Quiet: true}
	_, key := FirstKey(b.setup)
	row.SyncKey = key == a.ID
	r, ok := b.Rule(a.ID)
	if !ok {
		row.Missing = a.Required && b.setup.Modes.Create
		return row
	}
	row.Slot, row.Text = b.slot(r, a)
	row.Sources, row.Write = b.sources(r), cmp.Or(r.Write, core.Always)
	row.Confidence, row.Why = b.Confidence(a.ID)
	b.result(&row, r)
	return row
}

func (b *Mapping) result(row *AttributeRow, r core.Rule) {
	value, kept, err := b.Try(r)
	switch {
	case err != nil:
		row.Warning, row.Result = core.AsProblem(err).What, "Cannot be made"
	case kept:
		row.Result = "Stays as it is"
	case value == "":
		row.Result = "Cleared"
	default:
		row.Result, row.Quiet = value, false
	}
	if row.Warning == "" {
		row.Warning, row.About = b.warning(r, row.Attribute)
	}
}

func (b *Mapping) slot(r core.Rule, a core.Attribute) (Slot, string) {
	switch {
	case r.Field != "":
		return SlotField, b.FieldLabel(r.Field)
	case r.Constant != nil:
		return SlotConstant, "“" + constantText(a, *r.Constant) + "”"
	}
	if rules, is := ReadByRule(r.Expression); is {
		return SlotExpression, rules.Summary(b.FieldLabel)
	}
	return SlotExpression, r.Expression
}

// sources gives the fields that a rule reads.
func (b *Mapping) sources(r core.Rule) []string {
	if r.Field != "" {
		return []string{r.Field}
	}
	if r.Expression == "" {
		return nil
	}
	p, err := expression.Compile(r.Expression)
	if err != nil {
		return nil
	}
	return p.Fields()
}

// Accepts says whether a field's values fit an attribute, and if not, what it needs.
func (b *Mapping) Accepts(field, attribute string) (bool, string) {
	a := b.Attribute(attribute)
	if len(a.Choices) > 0 {
		return b.mostly(field, func(v string) bool {
			return slices.ContainsFunc(a.Choices, func(c core.Choice) bool {
				return strings.EqualFold(c.Value, v) || strings.EqualFold(c.Label, v)
			})
		}), "Has a list of its own"
	}
	switch a.Kind {
	case core.Date:
		return b.mostly(field, isDate), "Needs a date"
	case core.Number:
		return b.mostly(field, isNumber), "Needs a number"
	case core.Bool:
		return b.mostly(field, isBool), "Needs yes or no"
	case core.Email:
		return b.mostly(field, func(v string) bool { return strings.Contains(v, "@") }), "Needs an e-mail"
	}
	return true, ""
}

// mostly says that at least half of the first values of a field are as they should be.
func (b *Mapping) mostly(field string, good func(string) bool) bool {
	n := 0
	for _, v := range b.samples[field] {
		if good(v) {
			n++
		}
	}
	return 2*n >= len(b.samples[field])
}

func isDate(v string) bool {
	_, err := time.Parse(time.DateOnly, v[:min(len(v), len(time.DateOnly))])
	return err == nil
}

func isNumber(v string) bool {
	_, err := strconv.ParseFloat(strings.ReplaceAll(v, ",", "."), 64)
	return err == nil
}

func isBool(v string) bool {
	return slices.Contains([]string{"true", "false", "yes", "no", "1", "0"}, strings.ToLower(v))
}

// constantText shows a fixed value as the target calls it, or several.
func constantText(a core.Attribute, v string) string {
	if a.Kind != core.List {
		return core.ShowValue(ChoiceLabel(a, v))
	}
	labels := core.SplitList(v)
	for i := range labels {
		labels[i] = ChoiceLabel(a, labels[i])
	}
	return strings.Join(labels, ", ")
}

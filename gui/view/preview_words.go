package view

import (
	"slices"
	"strings"
	"time"

	"rollcall/core"
)

// Label gives an attribute's name as shown.
func (r *Review) Label(attribute string) string {
	switch attribute {
	case core.Enabled:
		return "Account"
	case core.Deleted:
		return "Deletion"
	}
	if a, ok := r.labels[attribute]; ok && a.Label != "" {
		return a.Label
	}
	return attribute
}

// value gives a cell's text as a person reads it.
func (r *Review) value(attribute, v string) string {
	switch {
	case attribute == core.Enabled:
		return map[string]string{"true": "Active", "false": "Disabled", "": ""}[v]
	case attribute == core.Deleted:
		return deletion(v)
	case v == "":
		return "empty"
	case r.labels[attribute].Kind == core.Reference:
		return firstOf(r.Plan.Names[v], strings.TrimPrefix(v, "new:"))
	}
	for _, c := range r.labels[attribute].Choices {
		if c.Value == v && c.Label != "" {
			return c.Label
		}
	}
	return core.ShowValue(v)
}

// deletion says how a deleted account stands: until when it can be brought back, where that is told.
func deletion(until string) string {
	if until == "" {
		return "Undone"
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, until); err == nil {
			return "Kept until " + t.Format("2 Jan 2006")
		}
	}
	return "Deleted"
}

// RowTitle names what is done to an account: its kind of change, or that a deleted one is brought back.
func RowTitle(v core.Verb, cells []core.Cell) string {
	if v.Writes() && restores(cells) {
		return "Bring back"
	}
	return VerbTitle(v)
}

// restores says that the cells bring a deleted account back.
func restores(cells []core.Cell) bool {
	return slices.ContainsFunc(cells, func(c core.Cell) bool { return c.Attribute == core.Deleted && c.After == "" })
}

// Change is one attribute before and after, in words.
type Change struct {
	Attribute, Before, After string
	Fresh                    bool // nothing was there before: the account is new
	Off                      bool // it is not ticked, or cannot be
}

// Changes gives up to most changes of a row, and how many more there are. Changes that do nothing to be seen, such as a
// new account's being enabled, come last.
func (r *Review) Changes(row, most int) (changes []Change, more int) {
	cells := r.Plan.Rows[row].Cells
	for pass := range 2 {
		for k := range cells {
			if quiet := r.Plan.Rows[row].Verb == core.Create && cells[k].Attribute == core.Enabled; quiet != (pass == 1) {
				continue
			}
			if len(changes) == most {
				return changes, len(cells) - most
			}
			changes = append(changes, r.change(row, k))
		}
	}
	return changes, 0
}

func (r *Review) change(row, cell int) Change {
	c := &r.Plan.Rows[row].Cells[cell]
	ch := Change{Attribute: r.Label(c.Attribute), After: r.value(c.Attribute, c.After), Fresh: r.Plan.Rows[row].Verb == core.Create,
		Off: r.Plan.Rows[row].Verb.Writes() && r.CellTick(row, cell) != TickedOn}
	if !ch.Fresh {
		ch.Before = r.value(c.Attribute, c.Before)
	}
	return ch
}

// Why gives a row's reason and, in a second line, its particulars.
func (r *Review) Why(row int) (reason, detail string) {
	w := &r.Plan.Rows[row]
	reason, detail = w.Why.Text(), w.Detail
	if r.boxes[row] == TickLocked && stopped(w) {
		return reason, "held by your limit"
	}
	if r.boxes[row] == TickedOff && w.Tick == core.Off && restores(w.Cells) {
		return reason, "tick to bring it back"
	}
	if detail == "" {
		detail = r.dateDetail(w)
	}
	return reason, detail
}

func (r *Review) dateDetail(w *core.Row) string {
	label, words := core.LabelStart, "starts "
	if w.Verb == core.Deactivate || w.Verb == core.Delete {
		label, words = core.LabelEnd, "ended "
	} else if w.Verb != core.Create {
		return ""
	}
	if t, err := time.Parse(time.DateOnly, w.Desired.Value(label)); err == nil {
		return words + t.Format("2 Jan 2006")
	}
	return ""
}

var verbTitles = map[core.Verb]string{core.Create: "Create", core.Update: "Update", core.Deactivate: "Deactivate", core.Reactivate: "Reactivate",
	core.Delete: "Delete", core.Unchanged: "Unchanged", core.Skipped: "Skipped", core.Held: "Held"}

// VerbTitle is a verb as a label.
func VerbTitle(v core.Verb) string { return verbTitles[v] }

var verbNouns = map[core.Verb][2]string{core.Create: {"new account", "new accounts"}, core.Update: {"update", "updates"}, core.Deactivate: {"deactivation", "deactivations"},
	core.Reactivate: {"reactivation", "reactivations"}, core.Delete: {"deletion", "deletions"}}

// writing lists the verbs that the plan's sentences speak of: the three usual ones, and others that occur.
func (r *Review) writing() []core.Verb {
	var verbs []core.Verb
	for _, v := range core.Verbs() {
		usual := v <= core.Deactivate && r.Plan.Undo == ""
		if v.Writes() && (usual || r.Sum.Of(v) > 0) {
			verbs = append(verbs, v)
		}
	}
	return verbs
}

// Sentence says what Sync now would do: "This will create 31, update 118 and deactivate 0 accounts."
func (r *Review) Sentence() string {
	var parts []string
	last := 0
	for _, v := range r.writing() {
		last = r.ticked[v]
		parts = append(parts, v.String()+" "+Thousands(last))
	}
	if len(parts) == 0 {
		return "This changes nothing."
	}
	noun := " accounts."
	if last == 1 {
		noun = " account."
	}
	return "This will " + listed(parts) + noun
}

func listed(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// SentenceNote is the line under the sentence: what waits, and for what.
func (r *Review) SentenceNote(now time.Time) string {
	var held []string
	n := 0
	for _, v := range core.Verbs() {
		if count := r.waiting[v]; count > 0 {
			held, n = append(held, Count(count, verbNouns[v][0], verbNouns[v][1])), n+count
		}
	}
	switch {
	case r.TooOld(now):
		return "This plan is older than " + Count(r.Plan.Setup.Guards.PlanHours, "hour", "hours") + ". Make it again, then sync."
	case n == 1:
		return "The " + strings.TrimPrefix(held[0], "1 ") + " waits until you allow it."
	case n > 0:
		return "The " + listed(held) + " wait until you allow them."
	case r.TickedRows() == 0:
		return "Nothing is ticked."
	}
	if all := r.Consequences(); len(all) > 0 {
		return all[0]
	}
	return "Nothing is written before you press Sync now."
}

// SyncLabel is what the main button says.
func (r *Review) SyncLabel() string {
	var parts []string
	for _, v := range r.writing() {
		if n := r.ticked[v]; n > 0 {
			parts = append(parts, v.String()+" "+Thousands(n))
		}
	}
	if len(parts) == 0 {
		return "Sync now"
	}
	return "Sync now: " + strings.Join(parts, ", ")
}

// Question is what is asked before the first write: the numbers, where, and what cannot be undone.
func (r *Review) Question() string {
	text := strings.TrimSuffix(r.Sentence(), ".") + " in " + firstOf(r.Spec.Name, "the target") + "."
	for _, s := range r.CannotUndo() {
		text += "\n" + s
	}
	if len(r.CannotUndo()) == 0 {
		text += "\nYou can take it back afterwards, under History."
	}
	return text
}

// CannotUndo lists, as sentences, what of the ticked changes the target cannot take back.
func (r *Review) CannotUndo() []string {
	var sentences []string
	for _, v := range core.Verbs() {
		if s := r.Spec.CannotUndo[v.String()]; v.Writes() && r.ticked[v] > 0 && s != "" {
			sentences = append(sentences, "Cannot be undone: "+strings.TrimSuffix(s, ".")+".")
		}
	}
	return sentences
}

// Foot is the state under the table: "149 ticked for sync · 64 held by your limit · 2 held".
func (r *Review) Foot() string {
	parts := []string{Thousands(r.TickedRows()) + " ticked for sync"}
	waiting := 0
	for _, n := range r.waiting {
		waiting += n
	}
	if waiting > 0 {
		parts = append(parts, Thousands(waiting)+" held by your limit")
	}
	if n := r.Sum.Of(core.Held); n > 0 {
		parts = append(parts, Thousands(n)+" held")
	}
	return strings.Join(parts, " · ")
}

// Detail is everything about one row.
type Detail struct {
	Name, Note string // note: number · department
	Verb       core.Verb
	Why        string
	Fields     []FieldDetail
	Ticked     string // "3 of 4 changes ticked"
	CanSkip    bool
}

// FieldDetail is one attribute of a row with where its value comes from.
type FieldDetail struct {
	Change
	Tick Ticked
	Note string // why it is not ticked
	Rule string
	From string
}

// Detail gives everything about a row, for the panel.
func (r *Review) Detail(row int) Detail {
	w := &r.Plan.Rows[row]
	d := Detail{Verb: w.Verb, CanSkip: r.boxes[row] == TickedOn || r.boxes[row] == TickedOff}
	var number string
	d.Name, number = w.Subject()
	d.Note = strings.Join(notEmpty(number, w.Desired.Value(core.LabelGroup)), " · ")
	if d.Note == "" {
		d.Note = w.Account.ID()
	}
	reason, detail := r.Why(row)
	d.Why = strings.Join(notEmpty(reason, detail), ": ")
	on := 0
	for k := range w.Cells {
		f := r.field(row, k)
		if f.Tick == TickedOn {
			on++
		}
		d.Fields = append(d.Fields, f)
	}
	if len(w.Cells) > 0 {
		d.Ticked = itoa(on) + " of " + Count(len(w.Cells), "change", "changes") + " ticked"
	}
	return d
}

func (r *Review) field(row, cell int) FieldDetail {
	c := &r.Plan.Rows[row].Cells[cell]
	f := FieldDetail{Change: r.change(row, cell), Tick: r.CellTick(row, cell)}
	switch {
	case f.Tick == TickLocked && c.Tick == core.Stopped:
		f.Note = "held by your limit"
	case f.Tick == TickedOff && c.Why != core.NoReason:
		f.Note = strings.ToLower(c.Why.Text())
	case f.Tick == TickedOff:
		f.Note = "stays as it is"
	}
	f.Rule, f.From = r.origin(c.Attribute)
	return f
}

// origin says in words which rule gives an attribute its value and from what.
func (r *Review) origin(attribute string) (rule, from string) {
	if r.Plan.Undo != "" {
		return "Undo", "Run " + r.Plan.Undo
	}
	if attribute == core.Enabled || attribute == core.Deleted {
		return "Employment", r.source + " · Employment status"
	}
	m, ok := r.rules[attribute]
	if !ok {
		return "", ""
	}
	switch {
	case m.Constant != nil:
		rule, from = "Fixed value", firstOf(constantText(r.labels[attribute], *m.Constant), "empty")
	case m.Expression != "":
		rule, from = "Expression", m.Expression
		if rules, is := ReadByRule(m.Expression); is {
			rule, from = "By rule", r.source+" · "+rules.Summary(fieldLabel)
		}
	default:
		rule, from = "Copy", r.source+" · "+fieldLabel(m.Field)
		if r.labels[attribute].Kind == core.Reference {
			rule = "Find the person's account"
		}
	}
	if m.Empty == core.Clear {
		rule += ", blanks too"
	}
	switch m.Write {
	case core.CreateOnly:
		rule += ", only at creation"
	case core.IfEmpty:
		rule += ", only if empty"
	case core.Merge:
		rule += ", keep the others"
	}
	return rule, from
}

// fieldLabel gives a source field's name as shown.
func fieldLabel(id string) string {
	if f, ok := core.CanonicalField(id); ok {
		return f.Label
	}
	return strings.TrimPrefix(strings.TrimPrefix(id, "custom."), core.RawPrefix)
}

func notEmpty(values ...string) []string {
	var kept []string
	for _, v := range values {
		if v != "" {
			kept = append(kept, v)
		}
	}
	return kept
}

// Package diff turns pairs into rows: what each person's account needs, and why. It
// decides nothing about how many are too many; that is the plan's part.
package diff

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rollcall/core"
)

// Input is what is compared, and the rules of comparing.
type Input struct {
	Desired  []core.Desired
	Accounts []core.Account
	Pairs    []core.Pair
	Clashes  []core.Clash
	Flaws    map[int32][]core.Flaw        // by desired account
	Out      map[int32]Left               // people whom the filter leaves out, by desired account
	Find     func(reference string) int32 // the desired account of the person that a reference names, or -1

	Attributes []core.Attribute // of the target
	Rules      []core.Rule
	Keys       []core.Key
	Modes      core.Modes
	Protected  map[string]bool // ids, logins, e-mails in lower case
	Memory     core.Memory
	Now        time.Time
	// LeaversBack is after how many days people who left are not read any more; 0 or less:
	// they always are. Somebody who does not come may have left before that.
	LeaversBack int
}

// Left says why the filter leaves somebody out.
type Left struct {
	Why    core.Reason
	Detail string
}

// Result is every row, and the names of accounts that cells refer to.
type Result struct {
	Rows      []core.Row
	Names     map[string]string
	Unmanaged int
	Protected int                     // accounts without a person that the directory itself protects
	Absent    map[string]core.Absence // of this reading
}

// Rows gives one row for every person, and one for every managed account without a person.
func Rows(in Input) Result {
	d := newComparer(in)
	rows := make([]core.Row, 0, len(in.Pairs)+len(in.Clashes))
	for _, p := range in.Pairs {
		switch {
		case p.Desired < 0 && in.Accounts[p.Account].Deleted(): // nobody's any more
		case p.Desired < 0:
			if row, managed := d.orphan(p.Account); managed {
				rows = append(rows, row)
			} else {
				d.unmanaged++
			}
			if in.Accounts[p.Account].Value(core.AccountProtected) != "" {
				d.protected++
			}
		case p.Account < 0:
			rows = append(rows, d.alone(p.Desired))
		default:
			rows = append(rows, d.both(p))
		}
	}
	for _, c := range in.Clashes {
		rows = append(rows, d.clash(c))
	}
	d.unique(rows)
	return Result{Rows: rows, Names: d.names, Unmanaged: d.unmanaged, Protected: d.protected, Absent: d.absent}
}

type comparer struct {
	in        Input
	columns   []column
	of        []int32 // account of a desired one, or -1
	byID      map[string]int32
	links     map[string]core.Link // by account
	today     string
	names     map[string]string
	absent    map[string]core.Absence
	unmanaged int
	protected int
	label     labels
	id        int // place of the account's id
	active    int
}

// labels are the places of the labels in a desired record.
type labels struct{ status, start, end, person int }

// column is one mapped attribute with its places on both sides.
type column struct {
	core.Attribute
	rule    core.Rule
	desired int
	account int
	others  []int32 // of a reference: the desired account meant, by desired account
}

func newComparer(in Input) *comparer {
	d := &comparer{in: in, links: map[string]core.Link{}, names: map[string]string{}, absent: map[string]core.Absence{}, today: in.Now.Format(time.DateOnly)}
	var desired, accounts *core.Schema
	if len(in.Desired) > 0 {
		desired = in.Desired[0].Schema()
	}
	if len(in.Accounts) > 0 {
		accounts = in.Accounts[0].Schema()
	}
	d.label = labels{desired.Index(core.LabelStatus), desired.Index(core.LabelStart), desired.Index(core.LabelEnd), desired.Index(core.LabelPerson)}
	d.id, d.active = accounts.Index(core.AccountID), accounts.Index(core.AccountActive)
	d.setColumns(desired, accounts)
	for _, l := range in.Memory.Links {
		d.links[l.Account] = l
	}
	d.setOwners()
	d.resolve()
	return d
}

func (d *comparer) setColumns(desired, accounts *core.Schema) {
	rules := map[string]core.Rule{}
	for _, r := range d.in.Rules {
		rules[r.Attribute] = r
	}
	for _, a := range d.in.Attributes {
		if r, mapped := rules[a.ID]; mapped {
			d.columns = append(d.columns, column{Attribute: a, rule: r, desired: desired.Index(a.ID), account: accounts.Index(a.ID)})
		}
	}
}

func (d *comparer) setOwners() {
	d.of = make([]int32, len(d.in.Desired))
	for i := range d.of {
		d.of[i] = -1
	}
	for _, p := range d.in.Pairs {
		if p.Desired >= 0 {
			d.of[p.Desired] = p.Account
		}
	}
}

// alone is somebody without an account.
func (d *comparer) alone(i int32) core.Row {
	row := core.Row{Desired: d.in.Desired[i]}
	row.Verb, row.Why, row.Detail = d.newcomer(i)
	switch row.Verb {
	case core.Create:
		row.Cells = d.newCells(i, row.Desired)
	case core.Held:
		row.Tick = core.Off
	}
	return row
}

// newcomer decides about somebody without an account: Create, Held or Skipped.
func (d *comparer) newcomer(i int32) (core.Verb, core.Reason, string) {
	want := d.in.Desired[i]
	left, out := d.in.Out[i]
	status := want.At(d.label.status)
	starts := want.At(d.label.start)
	switch {
	case out:
		return core.Skipped, left.Why, left.Detail
	case status == core.StatusTerminated:
		return core.Skipped, core.LeftNoAccount, dated("left on", want.At(d.label.end))
	case status == core.StatusUnknown:
		return core.Held, core.UnknownStatus, ""
	case !d.hasKey(want):
		return core.Held, core.NoKey, strings.Join(d.in.Keys[0].Fields, " and ") + " is empty"
	case d.tooEarly(status, starts):
		return core.Held, core.FutureHire, dated("starts on", starts)
	case len(d.in.Flaws[i]) > 0:
		return core.Held, d.in.Flaws[i][0].Why, describe(d.in.Flaws[i])
	case !d.in.Modes.Create:
		return core.Skipped, core.ModeOff, "creating accounts is switched off"
	}
	if starts <= d.today {
		return core.Create, core.NewHire, dated("started on", starts)
	}
	return core.Create, core.NewHire, dated("starts on", starts)
}

func (d *comparer) hasKey(want core.Desired) bool {
	return len(d.in.Keys) == 0 || want.Value(core.LabelKeyBase+"0") != ""
}

func (d *comparer) enabledAtCreate(status, starts string) bool {
	future := status == core.StatusFuture || starts > d.today
	return !future && (status != core.StatusOnLeave || d.in.Modes.OnLeave != core.Disable)
}

// tooEarly says that a future hire is not to be created yet. A future hire without a
// date waits until there is one.
func (d *comparer) tooEarly(status, starts string) bool {
	if status != core.StatusFuture && starts <= d.today {
		return false
	}
	if starts == "" {
		return true
	}
	return starts > d.in.Now.AddDate(0, 0, d.in.Modes.CreateDaysBefore).Format(time.DateOnly)
}

// both is a person with an account.
func (d *comparer) both(p core.Pair) core.Row {
	want, account := d.in.Desired[p.Desired], d.in.Accounts[p.Account]
	row := core.Row{Desired: want, Account: account}
	left, out := d.in.Out[p.Desired]
	status := want.At(d.label.status)
	switch {
	case out:
		row = d.leftScope(row, left)
	case status == core.StatusTerminated && account.Deleted():
		return skip(row, core.LeftNoAccount, "the account is deleted")
	case status == core.StatusTerminated:
		row = d.leaver(row, want.At(d.label.end))
	case status == core.StatusUnknown:
		return hold(row, core.UnknownStatus, "")
	case len(d.in.Flaws[p.Desired]) > 0 && !d.harmless(d.in.Flaws[p.Desired]):
		return hold(row, d.in.Flaws[p.Desired][0].Why, describe(d.in.Flaws[p.Desired]))
	default:
		row = d.update(row, p, status)
	}
	return d.protect(row)
}

func (d *comparer) leftScope(row core.Row, left Left) core.Row {
	if d.in.Modes.LeftScope != core.Disable || row.Account.At(d.active) != "true" {
		return skip(row, left.Why, left.Detail)
	}
	return d.deactivate(row, core.LeftScope, left.Detail)
}

func (d *comparer) leaver(row core.Row, end string) core.Row {
	if row.Account.At(d.active) == "true" {
		return d.deactivate(row, core.HasLeft, dated("left on", end))
	}
	limit := d.in.Now.AddDate(0, 0, -d.in.Modes.DeleteDaysAfter).Format(time.DateOnly)
	if d.in.Modes.Delete && end != "" && end <= limit {
		row.Verb, row.Why, row.Detail = core.Delete, core.GraceOver, dated("left on", end)
		row.Cells = d.lastCells(row.Account)
		return row
	}
	row.Verb, row.Why, row.Detail = core.Unchanged, core.HasLeft, "already disabled"
	return row
}

func (d *comparer) deactivate(row core.Row, why core.Reason, detail string) core.Row {
	if !d.in.Modes.Deactivate {
		return skip(row, core.ModeOff, "deactivating accounts is switched off")
	}
	row.Verb, row.Why, row.Detail = core.Deactivate, why, detail
	row.Cells = []core.Cell{{Attribute: core.Enabled, Before: "true", After: "false"}}
	return row
}

// lastCells writes down what a deletion takes away, for the journal and the reader.
func (d *comparer) lastCells(a core.Account) []core.Cell {
	var cells []core.Cell
	for _, c := range d.columns {
		if v := a.At(c.account); v != "" {
			cells = append(cells, core.Cell{Attribute: c.ID, Before: v})
		}
	}
	return cells
}

// update is somebody who works here and has an account.
func (d *comparer) update(row core.Row, p core.Pair, status string) core.Row {
	active := row.Account.At(d.active) == "true"
	if active && status == core.StatusOnLeave && d.in.Modes.OnLeave == core.Disable {
		return d.deactivate(row, core.OnLeaveDisabled, "")
	}
	cells, note := d.cells(p.Desired, p.Account)
	switch {
	case !active && d.enabledAtCreate(status, row.Desired.At(d.label.start)):
		row = d.reactivate(row, cells)
	case len(cells) > 0:
		row = d.change(row, cells)
	default:
		row.Verb, row.Why, row.Detail = core.Unchanged, note.Why, note.Detail
		return row
	}
	if p.By > 0 {
		row.Tick, row.Why, row.Detail = core.Off, core.FoundByOther, "found by "+d.in.Keys[p.By].Attribute
	}
	return row
}

func (d *comparer) change(row core.Row, cells []core.Cell) core.Row {
	if !d.in.Modes.Update {
		return skip(row, core.ModeOff, "updating accounts is switched off")
	}
	row.Verb, row.Why, row.Cells = core.Update, core.FieldsDiffer, cells
	row.Tick = core.Off
	for _, c := range cells {
		if c.Tick == core.On {
			row.Tick = core.On
		}
	}
	if row.Tick == core.Off {
		row.Why = cells[0].Why
	}
	return row
}

// reactivate enables what we disabled; what somebody else disabled is only proposed.
func (d *comparer) reactivate(row core.Row, cells []core.Cell) core.Row {
	if !d.in.Modes.Update {
		return skip(row, core.ModeOff, "updating accounts is switched off")
	}
	row.Verb, row.Why = core.Reactivate, core.Returned
	row.Cells = append([]core.Cell{{Attribute: core.Enabled, Before: "false", After: "true"}}, cells...)
	if until := row.Account.Value(core.AccountDeleted); until != "" {
		row.Cells = append([]core.Cell{{Attribute: core.Deleted, Before: until}}, row.Cells...)
		row.Tick, row.Detail = core.Off, "the deleted account is brought back"
		return row
	}
	if !d.links[row.Account.At(d.id)].Disabled {
		row.Tick, row.Why = core.Off, core.DisabledByOthers
	}
	return row
}

// protect locks the rows of accounts that nobody may change.
func (d *comparer) protect(row core.Row) core.Row {
	why := row.Account.Value(core.AccountProtected)
	if why == "" && !d.listed(row.Account) {
		return row
	}
	if row.Verb.Writes() {
		row.Tick, row.Why = core.Locked, core.ProtectedAccount
		row.Detail = orElse(why, "on your list of protected accounts")
	}
	return row
}

func (d *comparer) listed(a core.Account) bool {
	if len(d.in.Protected) == 0 {
		return false
	}
	if d.in.Protected[strings.ToLower(a.ID())] {
		return true
	}
	for _, at := range d.in.Attributes {
		if (at.Login || at.Unique || at.Kind == core.Email) && d.in.Protected[strings.ToLower(a.Value(at.ID))] {
			return true
		}
	}
	return false
}

// orphan is an account without a person; managed says that this sync looks after it.
func (d *comparer) orphan(i int32) (row core.Row, managed bool) {
	a := d.in.Accounts[i]
	id := a.At(d.id)
	_, linked := d.links[id]
	if !linked && (len(d.in.Keys) == 0 || a.Value(d.in.Keys[0].Attribute) == "") {
		return row, false
	}
	row = core.Row{Account: a}
	if a.At(d.active) != "true" {
		row.Verb, row.Why, row.Detail = core.Unchanged, core.Absent, "already disabled"
		return row, true
	}
	seen := d.absence(id)
	d.absent[id] = seen
	count := fmt.Sprintf("%d of %d readings", seen.Runs, d.in.Modes.AbsentRuns)
	if back := d.in.LeaversBack; back > 0 {
		count = fmt.Sprintf("or left over %d days ago · %s", back, count)
	}
	if d.in.Modes.Absent != core.Disable || seen.Runs < d.in.Modes.AbsentRuns {
		return d.protect(hold(row, core.Absent, count)), true
	}
	return d.protect(d.deactivate(row, core.Absent, count)), true
}

// absence counts readings that are at least a day apart.
func (d *comparer) absence(id string) core.Absence {
	seen, before := d.in.Memory.Absent[id]
	switch {
	case !before:
		return core.Absence{Runs: 1, First: d.in.Now, Last: d.in.Now}
	case d.in.Now.Sub(seen.Last) >= 24*time.Hour:
		seen.Runs++
		seen.Last = d.in.Now
	}
	return seen
}

func (d *comparer) clash(c core.Clash) core.Row {
	row := core.Row{Desired: d.in.Desired[c.Desired]}
	if len(c.Accounts) == 1 {
		row.Account = d.in.Accounts[c.Accounts[0]]
	}
	return hold(row, c.Why, c.Detail)
}

// harmless flaws are missing values that an existing account keeps, and values that are
// written to new accounts only.
func (d *comparer) harmless(flaws []core.Flaw) bool {
	for _, f := range flaws {
		if d.atCreate(f.Attribute) {
			continue
		}
		if f.Why != core.ValueMissing || d.emptyRule(f.Attribute) == core.Error {
			return false
		}
	}
	return true
}

func (d *comparer) atCreate(attribute string) bool {
	return slices.ContainsFunc(d.columns, func(c column) bool { return c.ID == attribute && (c.AtCreate || c.rule.Write == core.CreateOnly) })
}

func (d *comparer) emptyRule(attribute string) core.EmptyRule {
	for _, c := range d.columns {
		if c.ID == attribute {
			return c.rule.Empty
		}
	}
	return core.Keep
}

func describe(flaws []core.Flaw) string {
	details := make([]string, len(flaws))
	for i, f := range flaws {
		details[i] = f.Attribute
		if f.Detail != "" {
			details[i] += ": " + f.Detail
		}
	}
	return strings.Join(details, "; ")
}

func skip(row core.Row, why core.Reason, detail string) core.Row {
	row.Verb, row.Why, row.Detail, row.Cells = core.Skipped, why, detail, nil
	return row
}

func hold(row core.Row, why core.Reason, detail string) core.Row {
	row.Verb, row.Why, row.Detail, row.Cells, row.Tick = core.Held, why, detail, nil, core.Off
	return row
}

func dated(word, date string) string {
	if date == "" {
		return ""
	}
	return word + " " + date
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

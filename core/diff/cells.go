package diff

import (
	"slices"
	"strings"

	"rollcall/core"
)

// newCells are the values of an account to be made.
func (d *comparer) newCells(i int32, want core.Desired) []core.Cell {
	cells := make([]core.Cell, 0, len(d.columns)+1)
	for _, c := range d.columns {
		v := want.At(c.desired)
		if v == "" || c.ReadOnly {
			continue
		}
		cell := core.Cell{Attribute: c.ID, After: v}
		if c.Kind == core.Reference {
			if cell = d.reference(i, c, ""); cell.Why != core.NoReason {
				continue
			}
		}
		cells = append(cells, cell)
	}
	state := "true"
	if !d.enabledAtCreate(want.At(d.label.status), want.At(d.label.start)) {
		state = "false"
	}
	return append(cells, core.Cell{Attribute: core.Enabled, After: state})
}

// note is why an unchanged account is not quite as it should be.
type note struct {
	Why    core.Reason
	Detail string
}

// cells are the attributes of an existing account that differ.
func (d *comparer) cells(i, a int32) (cells []core.Cell, n note) {
	want, account := d.in.Desired[i], d.in.Accounts[a]
	for _, c := range d.columns {
		before, after := account.At(c.account), want.At(c.desired)
		if before == after && c.Kind != core.Reference || !d.writable(c, want, before) {
			continue
		}
		if c.rule.Write == core.Merge {
			after = merged(before, after)
		}
		cell, differs := d.cell(i, c, before, after)
		switch {
		case !differs && cell.Why != core.NoReason:
			n = note{cell.Why, c.Label}
		case differs:
			cells = append(cells, cell)
		}
	}
	return cells, n
}

// writable says whether the rule lets the attribute be written now. A value that the
// source did not state, or an empty one under the rule keep, is not in the record.
func (d *comparer) writable(c column, want core.Desired, before string) bool {
	switch {
	case c.ReadOnly, c.AtCreate, c.rule.Write == core.CreateOnly, !want.Has(c.desired):
		return false
	default:
		return c.rule.Write != core.IfEmpty || before == ""
	}
}

func (d *comparer) cell(i int32, c column, before, after string) (core.Cell, bool) {
	if c.Kind == core.Reference && after != "" {
		cell := d.reference(i, c, before)
		return cell, cell.Why == core.NoReason && cell.After != before
	}
	cell := core.Cell{Attribute: c.ID, Before: before, After: after}
	switch compare(c.Attribute, before, after) {
	case same:
		return core.Cell{}, false
	case caseOnly:
		if !d.in.Modes.CaseOnly {
			return core.Cell{Why: core.CaseDiffers}, false
		}
		return cell, true
	}
	if c.Login {
		switch d.in.Modes.Logins {
		case core.Never:
			return core.Cell{Why: core.LoginChanges}, false
		case core.Confirm, "":
			cell.Tick, cell.Why = core.Off, core.LoginChanges
		}
	}
	return cell, true
}

// reference resolves a manager: to an account that is there, or to one that this plan
// makes. One who is not found leaves the attribute as it is, and Why says so.
func (d *comparer) reference(i int32, c column, before string) core.Cell {
	cell := core.Cell{Attribute: c.ID, Before: before}
	switch other := c.others[i]; {
	case other == nobody:
		cell.Why = core.ManagerUnknown
	case other == circle:
		cell.Why = core.ManagerCycle
	case d.of[other] >= 0:
		cell.After = d.in.Accounts[d.of[other]].At(d.id)
		if cell.After != before {
			d.remember(before)
			d.remember(cell.After)
		}
	case d.comes(other):
		cell.Pending = d.in.Desired[other].At(d.label.person)
		cell.After = pendingValue(cell.Pending)
		d.names[cell.After] = d.in.Desired[other].Value(core.LabelName)
		d.remember(before)
	default:
		cell.Why = core.ManagerUnknown
	}
	return cell
}

// pendingValue stands in a cell for the id that an account will have.
func pendingValue(person string) string { return "new:" + person }

func (d *comparer) comes(i int32) bool {
	verb, _, _ := d.newcomer(i)
	return verb == core.Create
}

// remember keeps the name behind an account's id for those who read the plan.
func (d *comparer) remember(account string) {
	if account == "" || d.names[account] != "" {
		return
	}
	if d.byID == nil {
		d.byID = make(map[string]int32, len(d.in.Accounts))
		for i := range d.in.Accounts {
			d.byID[d.in.Accounts[i].At(d.id)] = int32(i)
		}
	}
	if a, known := d.byID[account]; known {
		d.names[account], _ = core.Row{Account: d.in.Accounts[a]}.Subject()
	}
}

func merged(before, after string) string {
	values := core.SplitList(before)
	for _, v := range core.SplitList(after) {
		if !slices.ContainsFunc(values, func(have string) bool { return strings.EqualFold(have, v) }) {
			values = append(values, v)
		}
	}
	return core.JoinList(values)
}

package view

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/core"
)

// Ticked says how a row's or a cell's box stands.
type Ticked uint8

// The states of a box.
const (
	NoTick     Ticked = iota // nothing to tick: the row does nothing
	TickedOff                // not done
	TickedOn                 // done at Sync now
	TickLocked               // cannot be ticked: protected, held, or stopped by a guard
	TickedPart               // of the head: some of the rows in view
)

// state works out a row's box as apply.Chosen does, without making the list of cells.
func (r *Review) state(i int) Ticked {
	row := &r.Plan.Rows[i]
	switch {
	case row.Verb == core.Held:
		return TickLocked
	case !row.Verb.Writes():
		return NoTick
	case row.Tick == core.Locked || row.Tick == core.Stopped && !r.rowAllowed(i):
		return TickLocked
	}
	switch decision := r.decision(i); {
	case decision == core.Reject || decision == core.HoldBack, row.Tick == core.Off && decision != core.Approve:
		return TickedOff
	}
	if row.Verb == core.Delete {
		return TickedOn
	}
	locked := true
	for k := range row.Cells {
		switch r.cellState(i, &row.Cells[k]) {
		case TickedOn:
			return TickedOn
		case TickedOff:
			locked = false
		}
	}
	if locked && len(row.Cells) > 0 {
		return TickLocked
	}
	return TickedOff
}

func (r *Review) cellState(i int, c *core.Cell) Ticked {
	out := slices.Contains(r.left[i], c.Attribute)
	switch {
	case c.Tick == core.Locked || c.Tick == core.Stopped && !r.cellAllowed(c):
		return TickLocked
	case out || c.Tick == core.Off && r.decision(i) != core.Approve:
		return TickedOff
	}
	return TickedOn
}

func (r *Review) decision(i int) core.Decision {
	if r.decided == nil {
		return core.NoDecision
	}
	return r.decided[i]
}

func (r *Review) decide(i int, d core.Decision) {
	if r.decided == nil {
		if d == core.NoDecision {
			return
		}
		r.decided = make([]core.Decision, len(r.verbs))
	}
	r.decided[i] = d
}

func (r *Review) rowAllowed(i int) bool {
	if len(r.allowed) == 0 {
		return false
	}
	for _, t := range r.Plan.Tripped {
		if r.allowed[t.Guard] == "" && t.Stops(r.Plan, &r.Plan.Rows[i]) {
			return false
		}
	}
	return true
}

func (r *Review) cellAllowed(c *core.Cell) bool {
	if len(r.allowed) == 0 {
		return false
	}
	for _, t := range r.Plan.Tripped {
		if r.allowed[t.Guard] == "" && t.StopsCell(r.Plan, *c) {
			return false
		}
	}
	return true
}

// recount works all boxes out again.
func (r *Review) recount() {
	if r.boxes == nil {
		r.boxes = make([]Ticked, len(r.verbs))
	}
	r.ticked, r.waiting = [8]int{}, [8]int{}
	for i := range r.boxes {
		r.boxes[i] = r.state(i)
		switch {
		case r.boxes[i] == TickedOn:
			r.ticked[r.verbs[i]]++
		case r.boxes[i] == TickLocked && r.verbs[i].Writes() && r.Plan.Rows[i].Tick == core.Stopped:
			r.waiting[r.verbs[i]]++
		}
	}
}

func (r *Review) recountRow(i int) {
	was := r.boxes[i]
	r.boxes[i] = r.state(i)
	if was == TickedOn {
		r.ticked[r.verbs[i]]--
	}
	if r.boxes[i] == TickedOn {
		r.ticked[r.verbs[i]]++
	}
}

// RowTick gives a row's box.
func (r *Review) RowTick(row int) Ticked { return r.boxes[row] }

// CellTick gives the box of one attribute of a row.
func (r *Review) CellTick(row, cell int) Ticked {
	c := &r.Plan.Rows[row].Cells[cell]
	state := r.cellState(row, c)
	if state != TickLocked && r.boxes[row] == TickLocked {
		return TickLocked
	}
	if state == TickedOn && r.boxes[row] != TickedOn {
		return TickedOff
	}
	return state
}

// ToggleRow ticks or unticks a row; one that is locked stays as it is, and false is given.
func (r *Review) ToggleRow(row int) bool {
	switch r.boxes[row] {
	case TickedOn:
		r.decide(row, core.Reject)
	case TickedOff:
		r.tickRow(row)
	default:
		return false
	}
	r.recountRow(row)
	return true
}

func (r *Review) tickRow(row int) {
	delete(r.left, row)
	r.decide(row, core.NoDecision)
	if r.state(row) == TickedOff {
		r.decide(row, core.Approve)
	}
}

// ToggleCell ticks or unticks one attribute of a row.
func (r *Review) ToggleCell(row, cell int) bool {
	c := &r.Plan.Rows[row].Cells[cell]
	switch r.CellTick(row, cell) {
	case TickedOn:
		r.left[row] = append(r.left[row], c.Attribute)
	case TickedOff:
		r.tickCell(row, c)
	default:
		return false
	}
	r.recountRow(row)
	return true
}

// tickCell ticks this one cell. Where that takes approving the whole row, its other unticked cells stay unticked.
func (r *Review) tickCell(row int, c *core.Cell) {
	wasOn := r.boxes[row] == TickedOn
	var out []string
	for k := range r.Plan.Rows[row].Cells {
		other := &r.Plan.Rows[row].Cells[k]
		if other.Attribute != c.Attribute && (!wasOn || r.cellState(row, other) != TickedOn) {
			out = append(out, other.Attribute)
		}
	}
	delete(r.left, row)
	if len(out) > 0 {
		r.left[row] = out
	}
	if c.Tick == core.Off || r.Plan.Rows[row].Tick == core.Off {
		r.decide(row, core.Approve)
	} else if r.decision(row) != core.Approve {
		r.decide(row, core.NoDecision)
	}
}

// HeadTick gives the box in the heading, for all rows in view.
func (r *Review) HeadTick() Ticked {
	on, off := false, false
	for _, i := range r.shown {
		switch r.boxes[i] {
		case TickedOn:
			on = true
		case TickedOff:
			off = true
		}
		if on && off {
			return TickedPart
		}
	}
	switch {
	case on:
		return TickedOn
	case off:
		return TickedOff
	}
	return TickLocked
}

// ToggleAll ticks all rows in view, or unticks them where all are ticked.
func (r *Review) ToggleAll() {
	untick := r.HeadTick() == TickedOn
	for _, i := range r.shown {
		switch {
		case untick && r.boxes[i] == TickedOn:
			r.decide(int(i), core.Reject)
		case !untick && r.boxes[i] == TickedOff:
			r.tickRow(int(i))
		default:
			continue
		}
		r.recountRow(int(i))
	}
}

// Guard is a limit that was reached.
type Guard struct {
	Guard  string
	What   string // a sentence without its period
	Count  int
	Reason string // why it was allowed; "" while it holds
}

// Guards lists the limits that were reached, those of one name together.
func (r *Review) Guards() []Guard {
	var guards []Guard
	for _, t := range r.Plan.Tripped {
		at := slices.IndexFunc(guards, func(g Guard) bool { return g.Guard == t.Guard })
		if at < 0 {
			guards = append(guards, Guard{t.Guard, t.What, t.Count, r.allowed[t.Guard]})
			continue
		}
		guards[at].What += "; " + t.What
		guards[at].Count += t.Count
	}
	return guards
}

// Allow lets the plan through a guard, this once. The person types how many changes that is and gives a reason; a
// BadOption problem says which of them is not right.
func (r *Review) Allow(guard, typed, reason string) error {
	guards := r.Guards()
	at := slices.IndexFunc(guards, func(g Guard) bool { return g.Guard == guard })
	if at < 0 {
		return &core.Problem{Code: core.NotFound, What: "This limit holds nothing in this plan.", Fix: "Close this and look at the plan again."}
	}
	want := guards[at].Count
	if strings.NewReplacer(",", "", ".", "", " ", "").Replace(typed) != strconv.Itoa(want) {
		return &core.Problem{Code: core.BadOption, What: "The number is not " + Thousands(want) + ".", Fix: "Type the number of changes that you allow."}
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return &core.Problem{Code: core.HeldByGuard, What: "There is no reason.", Fix: "Say in a few words why this is right: it is kept with the run."}
	}
	r.allowed[guard] = reason
	r.recount()
	return nil
}

// Withdraw takes an allowance back.
func (r *Review) Withdraw(guard string) {
	delete(r.allowed, guard)
	r.recount()
}

// Decide takes over what a person decided elsewhere: rows, and cells left out.
func (r *Review) Decide(rows map[int]core.Decision, cells map[int][]string) {
	for i, d := range rows {
		if i >= 0 && i < len(r.verbs) {
			r.decide(i, d)
		}
	}
	for i, out := range cells {
		if i >= 0 && i < len(r.verbs) {
			r.left[i] = slices.Clone(out)
		}
	}
	r.recount()
}

// Approval is what the person says to the plan now.
func (r *Review) Approval(by string, at time.Time) core.Approval {
	a := core.Approval{Hash: r.Plan.Hash, By: by, At: at, Rows: map[int]core.Decision{}, Cells: map[int][]string{}, Allowed: maps.Clone(r.allowed)}
	for i, d := range r.decided {
		if d != core.NoDecision {
			a.Rows[i] = d
		}
	}
	for i, out := range r.left {
		if len(out) > 0 {
			a.Cells[i] = slices.Clone(out)
		}
	}
	return a
}

// Touched says that the person has ticked, unticked or allowed something.
func (r *Review) Touched() bool {
	return len(r.left) > 0 || len(r.allowed) > 0 || slices.ContainsFunc(r.decided, func(d core.Decision) bool { return d != core.NoDecision })
}

// TickedRows counts the rows that Sync now would do.
func (r *Review) TickedRows() int {
	n := 0
	for _, c := range r.ticked {
		n += c
	}
	return n
}

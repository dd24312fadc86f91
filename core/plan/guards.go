package plan

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rollcall/core"
)

// The guards by name, as they stand in Tripped and in approvals.
const (
	GuardDeactivate = "deactivate"
	GuardCreate     = "create"
	GuardLogin      = "login"
	GuardManager    = "manager"
	GuardShrink     = "shrink"
	guardField      = "field:"
	guardClear      = "clear:"
)

// guards count distinct people over the whole plan, ticked rows and cells only, before
// any write (behaviour.md §3.1).
type guards struct {
	plan    *core.Plan
	in      Input
	managed int // accounts that this sync looks after
	both    int // people with an account
}

func (g *guards) check() {
	g.base()
	limits := g.plan.Setup.Guards
	if g.shrunk(limits.Shrink) {
		g.stopRows(core.SourceShrunk, core.Deactivate, core.Delete)
	}
	g.rows(GuardDeactivate, limits.Deactivate, g.managed, "deactivations", core.Deactivate, core.Delete)
	if g.plan.Accounts > g.plan.Protected { // an empty directory may be filled
		g.rows(GuardCreate, limits.Create, g.managed, "new accounts", core.Create)
	}
	g.cells(limits)
}

func (g *guards) base() {
	for i := range g.plan.Rows {
		r := &g.plan.Rows[i]
		if r.Account.IsZero() {
			continue
		}
		g.managed++
		if r.OfPerson() {
			g.both++
		}
	}
}

// shrunk says that suspiciously few people came: then nobody is treated as a leaver.
func (g *guards) shrunk(percent float64) bool {
	last := g.in.Memory.Last
	if percent <= 0 || last.People == 0 {
		return false
	}
	if now := g.in.Tally.People; float64(now) < float64(last.People)*percent/100 {
		g.trip(GuardShrink, now, fmt.Sprintf("Only %s people were read besides earlier leavers, %s last time: leavers are withheld", number(now), number(last.People)))
		return true
	}
	var gone []string
	for group, n := range last.Groups {
		if n >= 5 && g.in.Tally.Groups[group] == 0 {
			_, name, _ := strings.Cut(group, "=")
			gone = append(gone, name)
		}
	}
	if len(gone) == 0 {
		return false
	}
	slices.Sort(gone)
	g.trip(GuardShrink, len(gone), fmt.Sprintf("Nobody was read of %s: leavers are withheld", strings.Join(gone, ", ")))
	return true
}

func (g *guards) rows(guard string, limit core.Limit, base int, what string, verbs ...core.Verb) {
	n := 0
	for i := range g.plan.Rows {
		if r := &g.plan.Rows[i]; r.Tick == core.On && slices.Contains(verbs, r.Verb) {
			n++
		}
	}
	if reason, over := exceeds(limit, n, base, what); over {
		g.trip(guard, n, reason)
		g.stopRows(core.GuardHeld, verbs...)
	}
}

func (g *guards) stopRows(why core.Reason, verbs ...core.Verb) {
	for i := range g.plan.Rows {
		r := &g.plan.Rows[i]
		if r.Tick == core.On && slices.Contains(verbs, r.Verb) {
			r.Tick = core.Stopped
			if why == core.SourceShrunk {
				r.Why = why
			}
		}
	}
}

func (g *guards) trip(guard string, n int, what string) {
	g.plan.Tripped = append(g.plan.Tripped, core.Tripped{Guard: guard, What: what, Count: n})
}

// cells checks the limits that are about one attribute each.
func (g *guards) cells(limits core.Guards) {
	changed, cleared := g.countCells()
	for _, a := range g.plan.Attributes {
		switch {
		case a.Login || a.Kind == core.Email:
			g.attribute(GuardLogin, a, limits.Login, changed[a.ID], "changes of "+a.Label)
		case a.Kind == core.Reference:
			g.attribute(GuardManager, a, limits.Manager, changed[a.ID], "changes of "+a.Label)
		}
		g.attribute(guardField+a.ID, a, limits.Field, changed[a.ID], "changes of "+a.Label)
		g.attribute(guardClear+a.ID, a, limits.Clear, cleared[a.ID], "cleared values of "+a.Label)
	}
}

func (g *guards) countCells() (changed, cleared map[string]int) {
	changed, cleared = map[string]int{}, map[string]int{}
	g.eachUpdate(func(_ *core.Row, c *core.Cell) {
		if c.Tick != core.On {
			return
		}
		if c.Before != "" {
			changed[c.Attribute]++
		}
		if c.After == "" {
			cleared[c.Attribute]++
		}
	})
	return changed, cleared
}

// eachUpdate visits the cells of people who have an account. A value that was empty
// before is no surprise, so filling one counts for no limit.
func (g *guards) eachUpdate(do func(*core.Row, *core.Cell)) {
	for i := range g.plan.Rows {
		r := &g.plan.Rows[i]
		if (r.Verb != core.Update && r.Verb != core.Reactivate) || r.Tick != core.On {
			continue
		}
		for k := range r.Cells {
			do(r, &r.Cells[k])
		}
	}
}

func (g *guards) attribute(guard string, a core.Attribute, limit core.Limit, n int, what string) {
	reason, over := exceeds(limit, n, g.both, what)
	if !over {
		return
	}
	g.trip(guard, n, reason)
	clears := strings.HasPrefix(guard, guardClear)
	g.eachUpdate(func(_ *core.Row, c *core.Cell) {
		if c.Attribute == a.ID && c.Tick == core.On && c.Before != "" && (!clears || c.After == "") {
			c.Tick, c.Why = core.Stopped, core.GuardHeld
		}
	})
	g.eachUpdate(func(r *core.Row, _ *core.Cell) { stopIfEmpty(r) })
}

// stopIfEmpty stops a row of which no cell is left to write.
func stopIfEmpty(r *core.Row) {
	for _, c := range r.Cells {
		if c.Tick == core.On {
			return
		}
	}
	r.Tick = core.Stopped
}

// exceeds says whether n people of base are at or over the limit, and in words how far.
func exceeds(l core.Limit, n, base int, what string) (string, bool) {
	if n == 0 {
		return "", false
	}
	percent := 100 * float64(n) / float64(max(base, 1))
	if l.Count > 0 && n >= l.Count {
		return fmt.Sprintf("%s %s is at or over your limit of %s", number(n), what, number(l.Count)), true
	}
	least := max(l.AtLeast, int(math.Ceil(l.Percent/100*float64(max(base, core.SmallBase)))), 1)
	if l.Percent > 0 && n >= least {
		return fmt.Sprintf("%s %s (%.1f %%) is at or over your limit of %g %%", number(n), what, percent, l.Percent), true
	}
	return "", false
}

// number writes 1204 as 1,204.
func number(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

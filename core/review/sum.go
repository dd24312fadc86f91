package review

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"rollcall/core"
)

// sumWords say what becomes of a row, verb by verb.
var sumWords = map[core.Verb]string{
	core.Create: "created", core.Update: "updated", core.Deactivate: "deactivated", core.Reactivate: "reactivated",
	core.Delete: "deleted", core.Unchanged: "unchanged", core.Skipped: "skipped", core.Held: "held",
}

// Sum accounts for everybody who was read: “31 created + 118 updated + 985 unchanged =
// 1,134 people read”. It always adds up: people who stand in no row are named as such.
// A plan that takes a run back is about accounts, and says how many changes do that.
func Sum(p *core.Plan) string {
	counts := p.Count()
	if p.Undo != "" {
		return undoSum(counts)
	}
	var terms []string
	for _, v := range core.Verbs() {
		if n := counts.People[v]; n > 0 {
			terms = append(terms, number(n)+" "+sumWords[v])
		}
	}
	if missing := p.People - counts.Read(); missing > 0 {
		terms = append(terms, number(missing)+" not accounted for")
	}
	total := several(max(p.People, counts.Read()), "person", "people") + " read"
	if len(terms) == 0 {
		return total
	}
	return strings.Join(terms, " + ") + " = " + total
}

func undoSum(counts core.Sum) string {
	changes := 0
	for _, v := range core.Verbs() {
		if v.Writes() {
			changes += counts.Of(v)
		}
	}
	s := several(changes, "change takes", "changes take") + " the run back"
	if held := counts.Of(core.Held); held > 0 {
		s += ", " + number(held) + " cannot be taken back"
	}
	return s
}

// accountOrder puts first what a person has to look at.
var accountOrder = []core.Verb{core.Create, core.Update, core.Deactivate, core.Reactivate, core.Delete, core.Held, core.Unchanged, core.Skipped}

// Accounts says what becomes of accounts without a person, a line each for those that
// the sync knows and those that it leaves alone; none where there are none. It has
// nothing to say of a plan that takes a run back, whose rows are all accounts.
func Accounts(p *core.Plan) []string {
	if p.Undo != "" {
		return nil
	}
	var lines, parts []string
	counts, total := p.Count(), 0
	for _, v := range accountOrder {
		if n := counts.Accounts[v]; n > 0 {
			total += n
			parts = append(parts, number(n)+" "+sumWords[v])
		}
	}
	if total > 0 {
		lines = append(lines, several(total, "account", "accounts")+" without a person: "+strings.Join(parts, ", "))
	}
	if p.Unmanaged > 0 {
		lines = append(lines, several(p.Unmanaged, "account is", "accounts are")+" not managed by this sync")
	}
	return lines
}

// Waiting says why people and accounts are held, and changes not made, a line for each
// of the two; what guards stopped is said by the guards.
func Waiting(p *core.Plan) []string {
	held, left := map[core.Reason]int{}, map[core.Reason]int{}
	for i := range p.Rows {
		switch r := &p.Rows[i]; {
		case r.Verb == core.Held:
			held[r.Why]++
		case r.Verb.Writes() && (r.Tick == core.Off || r.Tick == core.Locked):
			left[r.Why]++
		}
	}
	var lines []string
	for _, group := range []struct {
		title string
		of    map[core.Reason]int
	}{{"Held", held}, {"Not ticked", left}} {
		var parts []string
		for _, why := range slices.Sorted(maps.Keys(group.of)) {
			parts = append(parts, fmt.Sprintf("%s (%s)", why.Text(), number(group.of[why])))
		}
		if len(parts) > 0 {
			lines = append(lines, group.title+" because: "+strings.Join(parts, ", "))
		}
	}
	return lines
}

func several(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// number writes 1204 as 1,204.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func verbLabel(v core.Verb) string {
	word := v.String()
	return strings.ToUpper(word[:1]) + word[1:]
}

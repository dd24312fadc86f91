package boondmanager

import (
	"slices"
	"strings"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// contract is the term of one contract; an end that is empty is not known.
type contract struct{ start, end string }

// contracts are those among the things beside an administrative tab, in the order in which they begin.
func contracts(included any) []contract {
	var all []contract
	for _, one := range manifest.Several(included) {
		if c := (contract{manifest.Day(manifest.TextAt(one, "attributes.startDate")), manifest.Day(manifest.TextAt(one, "attributes.endDate"))}); manifest.TextAt(one, "type") == "contract" {
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b contract) int { return strings.Compare(a.start, b.start) })
	return all
}

// employment is what a person's contracts tell: since when the chain of the one that
// counts runs, when that one ends, and whether it is planned, over or running.
func employment(all []contract, today string) map[string]any {
	running := func(c contract) bool { return !manifest.Before(today, c.start) && !manifest.Before(c.end, today) }
	planned := func(c contract) bool { return manifest.Before(today, c.start) }
	at, is := len(all)-1, "over"
	for i, c := range all {
		if running(c) {
			at, is = i, "running"
		}
	}
	if first := slices.IndexFunc(all, planned); is == "over" && first >= 0 {
		at, is = first, "planned"
	} else if is == "over" {
		for i, c := range all {
			if all[at].end < c.end {
				at = i
			}
		}
	}
	if at < 0 {
		return map[string]any{}
	}
	return map[string]any{"start": begun(all, at), "end": all[at].end, "is": is}
}

// begun gives the start of the first contract of a chain. One that began on the day
// after another's end at the latest continues that other one.
func begun(all []contract, at int) string {
	start := all[at].start
	for i := at - 1; i >= 0; i-- {
		if c := all[i]; c.end == "" || !manifest.Before(dayAfter(c.end), start) {
			start = c.start
		}
	}
	return start
}

func dayAfter(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}

func status(r manifest.Person) string {
	is, state := manifest.TextAt(r.Row, "employment.is"), manifest.TextAt(r.Row, "attributes.state")
	switch {
	case is == "planned":
		return core.StatusFuture
	case is == "over", listed(r.Answers.Get("leftStates"), state):
		return core.StatusTerminated
	case listed(r.Answers.Get("leaveStates"), state):
		return core.StatusOnLeave
	case is == "" && (state == "" || state == "-1"):
		return core.StatusUnknown
	}
	return core.StatusActive
}

// listed says that a code stands in a list with commas.
func listed(codes, code string) bool {
	return code != "" && slices.Contains(strings.FieldsFunc(codes, func(r rune) bool { return strings.ContainsRune(",; \t", r) }), code)
}

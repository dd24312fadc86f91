package gusto

import (
	"testing"

	"rollcall/connectors/internal/manifest"
)

func TestTerminationOfThePresentEmploymentCounts(t *testing.T) {
	ended := func(day string, active bool) any { return map[string]any{"effective_date": day, "active": active} }
	for name, c := range map[string]struct {
		terminated   bool
		terminations any
		want         string
	}{
		"none":                         {false, nil, ""},
		"of an earlier employment":     {false, []any{ended("2019-05-31", true)}, ""},
		"ahead":                        {false, []any{ended("2019-05-31", true), ended("2035-06-30", false)}, "2035-06-30"},
		"the active one of a leaver":   {true, []any{ended("2023-08-18", true), ended("2023-12-31", false)}, "2023-08-18"},
		"of a leaver with none active": {true, []any{ended("2023-08-18", false)}, "2023-08-18"},
	} {
		t.Run(name, func(t *testing.T) {
			row := map[string]any{"hired_at": "2020-02-24", "terminated": c.terminated, "terminations": c.terminations}
			if keep := chooseLastDay(manifest.Person{Row: row}); !keep || row["lastDay"] != c.want {
				t.Errorf("the last day is %v, and should be %q", row["lastDay"], c.want)
			}
		})
	}
}

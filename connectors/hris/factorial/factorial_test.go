package factorial

import (
	"testing"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

func TestOnlyLongLeaveThatIsApprovedAndCoversTodayCounts(t *testing.T) {
	p := manifest.Person{Today: "2026-11-22", Answers: core.Answers{"leaveDays": "30"}}
	for name, c := range map[string]struct {
		from, to, deleted string
		approved, want    bool
	}{
		"thirty days":    {from: "2026-11-01", to: "2026-11-30", approved: true, want: true},
		"a holiday":      {from: "2026-11-09", to: "2026-11-27", approved: true},
		"without an end": {from: "2026-11-20", approved: true, want: true},
		"not approved":   {from: "2026-11-01", to: "2026-12-31"},
		"taken back":     {from: "2026-11-01", to: "2026-12-31", approved: true, deleted: "2026-10-01T00:00:00Z"},
		"over":           {from: "2026-01-01", to: "2026-11-21", approved: true},
		"ahead":          {from: "2026-11-23", to: "2027-11-21", approved: true},
	} {
		t.Run(name, func(t *testing.T) {
			leave := map[string]any{"start_on": c.from, "finish_on": c.to, "approved": c.approved, "deleted_at": c.deleted}
			if got := away(p, leave); got != c.want {
				t.Errorf("counts: %v", got)
			}
		})
	}
}

func TestRowsOfOtherThingsAreNoCustomFieldsOfAPerson(t *testing.T) {
	got := values([]any{
		map[string]any{"field_id": "1", "valuable_type": "Employee", "value": "German"},
		map[string]any{"field_id": "1", "valuable_type": "Employee", "value": "French"},
		map[string]any{"field_id": "2", "valuable_type": "Project", "value": "secret"},
	})
	if len(got) != 1 || manifest.TextAt(got[0], "value") != "German, French" {
		t.Errorf("%v", got)
	}
}

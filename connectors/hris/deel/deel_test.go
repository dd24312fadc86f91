package deel

import (
	"testing"

	"rollcall/connectors/internal/manifest"
)

func TestEmailsAreToldByTheirTypes(t *testing.T) {
	email := func(kind, value any) any { return map[string]any{"type": kind, "value": value} }
	for name, c := range map[string]struct {
		emails         any
		work, personal any
	}{
		"work before primary":         {[]any{email("primary", "a@corp.example"), email("WORK", "b@corp.example")}, "b@corp.example", ""},
		"work without a value":        {[]any{email("work", " "), email("primary", "a@corp.example")}, "a@corp.example", ""},
		"no type":                     {[]any{email(nil, nil), email(nil, "a@corp.example"), email("personal", "p@home.example")}, "a@corp.example", "p@home.example"},
		"personal is never for work":  {[]any{email("personal", "p@home.example")}, "", "p@home.example"},
		"primary is the personal one": {[]any{email("primary", "P@home.example"), email("personal", "p@home.example")}, "", "p@home.example"},
		"another one is for work":     {[]any{email("primary", "p@home.example"), email(nil, "a@corp.example"), email("personal", "p@home.example")}, "a@corp.example", "p@home.example"},
		"null":                        {nil, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			row := map[string]any{"emails": c.emails}
			complete(manifest.Person{Row: row})
			if got := manifest.TextAt(row, "made.email"); got != c.work {
				t.Errorf("the work address is %q, and should be %q", got, c.work)
			}
			if got := manifest.TextAt(row, "made.personalEmail"); got != c.personal {
				t.Errorf("the private address is %q, and should be %q", got, c.personal)
			}
		})
	}
}

func TestLeaveCountsOnTheDaysThatItCovers(t *testing.T) {
	for name, c := range map[string]struct {
		from, to any
		want     string
	}{
		"begun":       {"2026-11-22", nil, "on_leave"},
		"last day":    {"2026-01-01", "2026-11-22", "on_leave"},
		"over":        {"2026-01-01", "2026-11-21", "active"},
		"still ahead": {"2026-11-23", "2027-01-01", "active"},
	} {
		t.Run(name, func(t *testing.T) {
			leave := map[string]any{"leave_type": "LONG_TERM_LEAVE", "start_date": c.from, "end_date": c.to}
			row := map[string]any{"person_status": "ACTIVE", "personal": map[string]any{"ooo": leave}}
			complete(manifest.Person{Row: row, Today: "2026-11-22"})
			if got := vendor.StatusOf(row, "2026-11-22"); got != c.want {
				t.Errorf("the status is %s, and should be %s", got, c.want)
			}
		})
	}
}

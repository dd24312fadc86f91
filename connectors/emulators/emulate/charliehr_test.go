package emulate_test

import (
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

func charlieToken(s *emulate.Server) string {
	return "Authorization: Token token=" + s.Options["clientId"] + ":" + s.Options["clientSecret"]
}

func charlie(t *testing.T, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", "/api/v1"+path, "", charlieToken(s), wantJSON, "X-Forwarded-Host: charliehr.com")
}

// charlieMembers follows next_url, a query or a path, to the end.
func charlieMembers(t *testing.T, s *emulate.Server) (people []any, pages []reply) {
	t.Helper()
	for next := "/team_members?per_page=20"; next != ""; {
		got := charlie(t, s, next)
		pages, people = append(pages, got), append(people, at(t, got.json(t), "data").([]any)...)
		if next = told(got.json(t), "meta/next_url"); strings.HasPrefix(next, "?") {
			next = "/team_members" + next
		}
	}
	return people, pages
}

func TestCharlieAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "charliehr", emulate.Setup{Day: anyDay})
	sensitive := []string{"/married", "/nationality", "/address", "/start_date", "/logo", "/approver"}
	_, pages := charlieMembers(t, s)
	for _, n := range []int{0, len(pages) - 1} {
		sameShape(t, pages[n].json(t), []any{sample(t, "charliehr", "employees.1.json"), sample(t, "charliehr", "employees.2.json")}, append(sensitive, "_url")...)
	}
	for path, file := range map[string]string{
		"/team_members/team_member_fbab": "team-member.bb22.json", "/teams": "teams.json", "/offices": "offices.json", "/company": "company.json",
		"/salaries": "salaries.json", "/leave_requests?start_date=2026-06-18&end_date=2026-06-18": "leave-requests.json",
		"/team_member_note_types": "note-types.json", "/team_members/team_member_x": "error.404.json",
	} {
		t.Run(path, func(t *testing.T) {
			sameShape(t, charlie(t, s, path).json(t), []any{sample(t, "charliehr", file)}, append(sensitive, "_url", "/personal_email", "/phone_number", "/date_of_birth", "/profile_picture", "/leave_date")...)
		})
	}
	s.Fault(emulate.Fault{Kind: emulate.Refused, Status: 200, Times: 1})
	sameShape(t, charlie(t, s, "/company").json(t), []any{sample(t, "charliehr", "error.200.success-false.json")})
	s.Fault(emulate.TooManyCalls(1, ""))
	sameShape(t, charlie(t, s, "/company").json(t), []any{sample(t, "charliehr", "error.429.json")})
}

func TestCharlieTruthSaysWhatTheMembersSay(t *testing.T) {
	s := start(t, "charliehr", emulate.Setup{Day: anyDay})
	people, _ := charlieMembers(t, s)
	truth := s.Truth(anyDay)
	agree(t, truth, people, "id", map[string]string{
		"firstName": "first_name", "displayName": "display_name", "email": "work_email", "personalEmail": "personal_email", "mobilePhone": "phone_number",
		"jobTitle": "job_title", "startDate": "start_date", "endDate": "leave_date", "birthDate": "date_of_birth", "gender": "gender", "photoUrl": "profile_picture",
	}, strings.TrimSpace)
	met := map[string]int{}
	for _, record := range truth {
		met[record["employmentStatus"]]++
		if m := record["managerId"]; m != "" && m != "team_member_jjjjjj" && truth[m] == nil {
			t.Errorf("the manager %s is nobody", m)
		}
	}
	if met["active"] == 0 || met["terminated"] == 0 || met["future"] == 0 || met["unknown"] == 0 {
		t.Errorf("statuses %v", met)
	}
}

func TestCharlieIsStrict(t *testing.T) {
	s := start(t, "charliehr", emulate.Setup{})
	for path, status := range map[string]int{
		"/team_members?per_page=26": 400, "/team_members?page=0": 400, "/team_members?limit=3": 400, "/teams?page=2": 200, "/nowhere": 404,
		"/team_members/team_member_fbcc": 404, "/teams/team_281521": 200, "/offices/office_131014": 200, "/offices/nobody": 404,
		"/team_members/team_member_fbab/notes": 200, "/team_members/team_member_fbab/salaries": 200,
	} {
		if got := charlie(t, s, path); got.status != status {
			t.Errorf("%s is answered %d, want %d: %s", path, got.status, status, got.body)
		}
	}
	for name, c := range map[string]struct {
		headers []string
		status  int
	}{
		"nothing":        {[]string{wantJSON}, 401},
		"wrong pair":     {[]string{wantJSON, "Authorization: Token token=a:b"}, 401},
		"another scheme": {[]string{wantJSON, strings.Replace(charlieToken(s), "Token token=", "Bearer ", 1)}, 401},
		"no Accept":      {[]string{charlieToken(s)}, 400},
		"another host":   {[]string{charlieToken(s), wantJSON, "X-Forwarded-Host: charlie.example"}, 404},
		"www":            {[]string{charlieToken(s), wantJSON, "X-Forwarded-Host: www.charliehr.com"}, 200},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ask(t, s, "GET", "/api/v1/company", "", c.headers...); got.status != c.status {
				t.Errorf("status %d, want %d", got.status, c.status)
			}
		})
	}
}

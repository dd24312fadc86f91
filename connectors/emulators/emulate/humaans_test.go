package emulate_test

import (
	"fmt"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

func humaans(t testing.TB, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", "/api"+path, "", "Authorization: Bearer "+s.Options["accessToken"], wantJSON, "X-Forwarded-Host: app.humaans.io")
}

// humaansAll reads a list to its end.
func humaansAll(t testing.TB, s *emulate.Server, path string) []any {
	t.Helper()
	var rows []any
	for {
		page := humaans(t, s, fmt.Sprintf("%s?%%24limit=250&%%24skip=%d", path, len(rows))).json(t)
		rows = append(rows, at(t, page, "data").([]any)...)
		if float64(len(rows)) >= at(t, page, "total").(float64) {
			return rows
		}
	}
}

func TestHumaansAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "humaans", emulate.Setup{})
	texts := []string{"Name", "mail", "Number", "/gender", "/birthday", "/address", "/city", "/state", "/postcode", "/country", "Date", "Day", "/leavingReason",
		"/contractType", "/employeeId", "timezone", "Timezone", "/taxId", "/taxCode", "/calendarFeedToken", "/dietaryPreference", "/nationalit", "/foodAllergies"}
	people := []any{sample(t, "humaans", "employees.1.json"), sample(t, "humaans", "employees.2.json")}
	sameShape(t, humaans(t, s, "/people?$limit=250&$skip=0").json(t), people, append(texts, "/companyId")...)
	sameShape(t, humaans(t, s, "/me").json(t), []any{at(t, people[0], "data", 0), sample(t, "humaans", "me.json")}, append(texts, "/teams[]", "/spokenLanguages", "/profilePhoto")...)
	for path, file := range map[string]string{"/companies": "companies.json", "/job-roles?$limit=250": "job-roles.json", "/locations": "locations.json",
		"/custom-fields": "custom-fields.json", "/custom-values?$limit=250": "custom-values.json"} {
		t.Run(path, func(t *testing.T) {
			sameShape(t, humaans(t, s, path).json(t), []any{sample(t, "humaans", file)}, "/value", "/jobTitle", "/department", "/data[]/resourceId", "/state")
		})
	}
}

func TestHumaansTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "humaans", emulate.Setup{Day: anyDay, PageCap: 50})
	truth := s.Truth(anyDay)
	agree(t, truth, humaansAll(t, s, "/people"), "id", map[string]string{"employeeNumber": "employeeId", "firstName": "firstName", "preferredName": "preferredName",
		"email": "email", "personalEmail": "personalEmail", "workPhone": "phoneNumber", "mobilePhone": "personalPhoneNumber", "addressLine1": "address",
		"city": "city", "country": "countryCode", "startDate": "employmentStartDate", "endDate": "employmentEndDate", "birthDate": "birthday",
		"employmentType": "contractType", "gender": "gender"}, strings.TrimSpace)
	statuses := map[string]bool{}
	for _, record := range truth {
		statuses[record["employmentStatus"]] = true
	}
	if len(statuses) != 4 {
		t.Errorf("statuses %v", statuses)
	}
	for _, role := range humaansAll(t, s, "/job-roles") {
		of, to := truth[told(role, "personId")], told(role, "reportingTo")
		if to != told(role, "personId") && of["managerId"] != to {
			t.Errorf("%s reports to %s", of["externalId"], to)
		}
	}
	for _, value := range humaansAll(t, s, "/custom-values") {
		field, is := "custom."+told(value, "customFieldId"), told(value, "value")
		if of := truth[told(value, "personId")]; told(value, "resourceId") == "" && !strings.HasPrefix(is, "[") && of[field] != is {
			t.Errorf("%s of %s is %q", field, of["externalId"], is)
		}
	}
}

func TestHumaansIsStrict(t *testing.T) {
	s := start(t, "humaans", emulate.Setup{})
	for path, status := range map[string]int{
		"/people?$limit=251":                    422,
		"/people?$limit=0":                      422,
		"/people?$skip=-1":                      422,
		"/people?page=1":                        422,
		"/people?updatedAt[$like]=x":            422,
		"/people?updatedAt%5B%24gt%5D=2000-01":  200,
		"/people/PvB1yzL5uL8VvNNCJc005102":      200,
		"/people/PvB1yzL5uL8VvNNCJc005122":      404,
		"/time-away":                            200,
		"/departments":                          404,
		"/job-roles?personId=PvB1yzL5uL8VvNNCJ": 200,
	} {
		t.Run(path, func(t *testing.T) {
			if got := humaans(t, s, path); got.status != status {
				t.Errorf("status %d, want %d: %.300s", got.status, status, got.body)
			}
		})
	}
	if got := at(t, humaans(t, s, "/people?updatedAt[$gt]=2999-01-01T00:00:00.000Z").json(t), "total"); got != 0.0 {
		t.Errorf("%v people change in a thousand years", got)
	}
	if got := at(t, humaans(t, s, "/people?status[$in]=offboarded").json(t), "total"); got == 0.0 || got == 119.0 {
		t.Errorf("%v people left", got)
	}
	wrong := ask(t, s, "GET", "/api/me", "", "Authorization: Bearer x")
	sameShape(t, wrong.json(t), []any{sample(t, "humaans", "error.401.json")})
	sameShape(t, humaans(t, s, "/people/x").json(t), []any{sample(t, "humaans", "error.404.json")})
	if got := ask(t, s, "GET", "/api/me", "", "Authorization: Bearer "+s.Options["accessToken"], "X-Forwarded-Host: api.humaans.io"); wrong.status != 401 || got.status != 404 {
		t.Errorf("a wrong token is answered %d, another host %d", wrong.status, got.status)
	}
}

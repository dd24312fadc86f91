package emulate_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

func ukgproHeaders(s *emulate.Server) []string {
	account := base64.StdEncoding.EncodeToString([]byte(s.Options["username"] + ":" + s.Options["password"]))
	return []string{"Authorization: Basic " + account, "US-Customer-Api-Key: " + s.Options["customerApiKey"], wantJSON, "X-Forwarded-Host: " + s.Options["host"]}
}

func ukgpro(t *testing.T, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", path, "", ukgproHeaders(s)...)
}

func TestUKGProAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "ukgpro", emulate.Setup{})
	for path, files := range map[string][]string{
		"/personnel/v1/person-details":                                           {"employees.1.json", "employees.2.json"},
		"/personnel/v1/employment-details":                                       {"employment-details.1.json", "employment-details.2.json"},
		"/personnel/v1/employee-supervisor-details":                              {"employee-supervisor-details.json"},
		"/personnel/v1/employee-multi-phone-numbers":                             {"employee-multi-phone-numbers.json"},
		"/personnel/v1/user-defined-fields":                                      {"user-defined-fields.json"},
		"/personnel/v1/employee-changes?startDate=2000-01-01&endDate=2999-01-01": {"employee-changes.json"},
		"/configuration/v1/company-details":                                      {"company-details.json"},
		"/configuration/v1/org-levels":                                           {"org-levels.json"},
		"/configuration/v1/locations":                                            {"locations.json"},
		"/configuration/v1/jobs":                                                 {"jobs.json"},
		"/personnel/v1/person-details?page=x":                                    {"error.400.json"},
	} {
		t.Run(path, func(t *testing.T) {
			var samples []any
			for _, f := range files {
				samples = append(samples, sample(t, "ukgpro", f))
			}
			got := ukgpro(t, s, path)
			loose := []string{"/middleName", "/ssn", "/nationalId", "/maritalStatusCode", "/ethnicIDCode", "/homePhone", "/addressCounty", "/supervisorFirstName",
				"/supervisorLastName", "/supervisorCOID", "/workPhone", "/termReason", "/terminationReasonDescription", "/termType", "/supervisorEmail",
				"UDField", "/employeeStatus", "/dateInJob", "HireDate", "/statusStartDate", "[]/employeeNumber"}
			if strings.Contains(path, "changes") {
				loose = []string{"[]/"} // one row cannot show which values may be null
			}
			sameShape(t, got.json(t), samples, loose...)
		})
	}
}

func TestUKGProPagesEndWithAnEmptyOne(t *testing.T) {
	s := start(t, "ukgpro", emulate.Setup{PageCap: 50})
	for page, want := range map[string]int{"1": 50, "3": 19, "4": 0} {
		if got := ukgpro(t, s, "/personnel/v1/person-details?per_Page=200&page="+page).json(t).([]any); len(got) != want {
			t.Errorf("page %s has %d rows, want %d", page, len(got), want)
		}
	}
}

func TestUKGProIsStrict(t *testing.T) {
	s := start(t, "ukgpro", emulate.Setup{})
	for path, status := range map[string]int{
		"/personnel/v1/person-details?per_page=5":                                             400,
		"/personnel/v1/person-details?per_Page=10001":                                         400,
		"/personnel/v1/employee-changes?startDate=2026-01-01&endDate=2026-02-01&per_page=201": 400,
		"/personnel/v1/employee-changes":                                                      400,
		"/personnel/v1/person-details?dateTimeChanged=%3E01-31-2026":                          200,
		"/personnel/v1/person-details?dateTimeChanged=%7B01-01-2026%2C02-01-2026%7D":          200,
		"/personnel/v1/person-details?dateTimeChanged=2026-01-31":                             400,
		"/configuration/v1/company-details?page=1&per_Page=1":                                 200,
		"/nowhere": 404,
	} {
		if got := ukgpro(t, s, path); got.status != status {
			t.Errorf("%s: status %d, want %d: %s", path, got.status, status, got.body)
		}
	}
	good := ukgproHeaders(s)
	for name, headers := range map[string][]string{
		"no account":   {good[1]},
		"no key":       {good[0]},
		"wrong key":    {good[0], "US-Customer-Api-Key: XXXXX"},
		"another host": {good[0], good[1], "X-Forwarded-Host: service5.ultipro.com"},
	} {
		want := 401
		if name == "another host" {
			want = 404
		}
		if got := ask(t, s, "GET", "/configuration/v1/jobs", "", headers...); got.status != want {
			t.Errorf("%s: status %d, want %d", name, got.status, want)
		}
	}
	if got := ukgpro(t, s, "/personnel/v1/person-details?dateTimeChanged=%3E01-31-2999").json(t).([]any); len(got) != 0 {
		t.Errorf("%d people changed in the future", len(got))
	}
}

func TestUKGProTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "ukgpro", emulate.Setup{Day: anyDay})
	agree(t, s.Truth(anyDay), ukgpro(t, s, "/personnel/v1/person-details").json(t).([]any), "employeeId", map[string]string{
		"firstName": "firstName", "preferredName": "preferredName", "email": "emailAddress", "personalEmail": "emailAddressAlternate",
		"addressLine1": "addressLine1", "city": "addressCity", "country": "addressCountry", "gender": "gender",
	}, strings.TrimSpace)
	truth, met := s.Truth(anyDay), map[string]bool{}
	for _, row := range ukgpro(t, s, "/personnel/v1/employment-details?isHomeCompany=true").json(t).([]any) {
		if of := truth[strings.ToUpper(told(row, "employeeID"))]; of["startDate"] != "" && !strings.HasPrefix(told(row, "lastHireDate"), of["startDate"]) && told(row, "companyName") != "Northlake Holding AG" {
			t.Errorf("%s begins %s, the row says %s", of["externalId"], of["startDate"], told(row, "lastHireDate"))
		}
	}
	for _, of := range truth {
		met[of["employmentStatus"]] = true
	}
	if len(met) != 5 {
		t.Errorf("only the statuses %v were met", met)
	}
}

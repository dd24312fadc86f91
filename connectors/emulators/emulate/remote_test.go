package emulate_test

import (
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const (
	remoteCompany = "6f2d0001-5b1e-4c0d-9a77-000000000001"
	remoteSomeone = "/v1/employments/6f2d0000-5b1e-4c0d-9a77-00000000"
)

func remoteToken(s *emulate.Server) string { return "Authorization: Bearer " + s.Options["apiToken"] }

func remote(t *testing.T, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", path, "", remoteToken(s), wantJSON, "X-Forwarded-Host: gateway.remote.com")
}

func TestRemoteAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "remote", emulate.Setup{})
	loose := []string{"/work_address_details", "/personal_details", "/job_title", "/login_email", "/personal_email", "/administrative_details", "/emergency_contact_details",
		"/contract_details", "/bank_account_details", "/address_details", "/seniority_date", "/basic_information", "/provisional_start_date", "/engaged_by",
		"/manager", "/termination_date", "/custom_field_values[]/value"}
	full := []string{"employments.id.101.json", "employments.id.102.json", "employments.id.103.json", "employments.id.104.json", "employments.id.105.json"}
	for path, files := range map[string][]string{
		"/v1/employments?page_size=100":                                            {"employees.1.json", "employees.2.json"},
		remoteSomeone + "5102?exclude_files=true":                                  full,
		remoteSomeone + "5106?exclude_files=true":                                  full,
		remoteSomeone + "5107":                                                     full,
		remoteSomeone + "5101/custom-fields":                                       {"employments.id.custom-fields.json"},
		"/v1/companies":                                                            {"companies.json"},
		"/v1/companies/" + remoteCompany + "/legal-entities":                       {"legal-entities.json"},
		"/v1/company/" + remoteCompany + "/cost-center-allocations?page_size=100":  {"cost-center-allocations.json"},
		"/v1/company-departments?paginate=true&page=1&company_id=" + remoteCompany: {"company-departments.json"},
		"/v1/company-departments":                                                  {"error.422.json"},
		"/v1/custom-fields?page=1":                                                 {"custom-fields.json"},
		"/v1/offboardings?page=1":                                                  {"offboardings.json"},
		"/v1/employments?page_size=101":                                            {"error.400.json"},
		remoteSomeone + "1111":                                                     {"error.404.json"},
	} {
		t.Run(path, func(t *testing.T) {
			var samples []any
			for _, f := range files {
				samples = append(samples, sample(t, "remote", f))
			}
			sameShape(t, remote(t, s, path).json(t), samples, loose...)
		})
	}
}

func TestRemoteIsStrict(t *testing.T) {
	s := start(t, "remote", emulate.Setup{})
	for path, status := range map[string]int{
		"/v1/employments?page=0":                  400,
		"/v1/employments?limit=5":                 400,
		"/v1/employments?status=archived,deleted": 200,
		"/v1/companies/" + "1/legal-entities":     404,
		remoteSomeone + "5122":                    404,
		"/v2/employments":                         404,
	} {
		if got := remote(t, s, path); got.status != status {
			t.Errorf("%s: status %d, want %d: %s", path, got.status, status, got.body)
		}
	}
	for host, status := range map[string]int{"gateway.remote-sandbox.com": 401, "api.elsewhere.example": 404} {
		if got := ask(t, s, "GET", "/v1/companies", "", remoteToken(s), "X-Forwarded-Host: "+host); got.status != status {
			t.Errorf("%s: status %d, want %d", host, got.status, status)
		}
	}
	got := ask(t, s, "GET", "/v1/companies", "", "Authorization: Bearer ra_test_x")
	if got.status != 401 {
		t.Errorf("a wrong token is answered %d", got.status)
	}
	sameShape(t, got.json(t), []any{sample(t, "remote", "error.401.json")})
	last := remote(t, s, "/v1/employments?page=6").json(t)
	if n := len(at(t, last, "data", "employments").([]any)); n != 19 || at(t, last, "data", "total_pages") != 6.0 {
		t.Errorf("the last page has %d rows", n)
	}
}

func TestRemoteTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "remote", emulate.Setup{Day: anyDay})
	var people []any
	for id := range s.Truth(anyDay) {
		people = append(people, at(t, remote(t, s, "/v1/employments/"+id).json(t), "data", "employment"))
	}
	agree(t, s.Truth(anyDay), people, "id", map[string]string{
		"employeeNumber": "external_id", "displayName": "full_name", "email": "work_email", "personalEmail": "personal_email", "jobTitle": "job_title",
		"birthDate": "personal_details/date_of_birth", "mobilePhone": "personal_details/mobile_number", "department": "department", "departmentId": "department_id",
		"country": "country/alpha_2_code", "addressLine1": "work_address_details/address", "region": "work_address_details/state", "startDate": "provisional_start_date",
		"endDate": "termination_date", "employmentType": "type",
	}, strings.TrimSpace)
}

package emulate_test

import (
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

func deel(t *testing.T, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", path, "", "Authorization: Bearer "+s.Options["apiToken"], wantJSON, "X-Forwarded-Host: api.letsdeel.com")
}

func TestDeelAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "deel", emulate.Setup{})
	people := []any{sample(t, "deel", "employees.1.json"), sample(t, "deel", "employees.2.json")}
	loose := []string{"/preferred_last_name", "/nationalities", "/payment/rate", "/employments[]/state", "/employments[]/country", "/employments[]/timezone", "/employments[]/job_title",
		"/employments[]/start_date", "/employments[]/hiring_type", "/employments[]/client_legal_entity", "/addresses[]/region",
		"/emails[]", "/external_id", "/kyc", "/emergency_contacts", "/state", "/demographics", "[]/country", "[]/timezone"}
	for _, path := range []string{"/rest/v2/people?limit=200"} {
		sameShape(t, deel(t, s, path).json(t), people, loose...)
	}
	for path, file := range map[string]string{
		"/rest/v2/people/105109/personal":                                    "people-personal.100202.json",
		"/rest/v2/people/custom_fields":                                      "people-custom-fields.json",
		"/rest/v2/people/7c1e0000-4b1a-4d2c-9f00-000000005102/custom_fields": "people-custom-fields.100202.json",
		"/rest/v2/departments":                                               "departments.json",
		"/rest/v2/teams":                                                     "teams.json",
		"/rest/v2/working-locations":                                         "working-locations.json",
		"/rest/v2/legal-entities":                                            "legal-entities.json",
		"/scim/v2/Users?count=200":                                           "scim-users.1.json",
		"/rest/v2/legal-entities/2a2d3c4b-0000-4000-8000-000000007033/cost-centers": "legal-entity-cost-centers.json",
		"/rest/v2/nowhere": "error.404.json",
	} {
		t.Run(path, func(t *testing.T) {
			sameShape(t, deel(t, s, path).json(t), []any{sample(t, "deel", file)}, append(loose, "/customFields[]", "/startDate", "/data/value", "/data/options", "/data/option",
				"/external_id", "/date_of_birth", "/preferred_name", "/personal_email", "/work_email")...)
		})
	}
}

func TestDeelIsStrict(t *testing.T) {
	s := start(t, "deel", emulate.Setup{})
	for path, status := range map[string]int{
		"/rest/v2/people?limit=201":                                                       400,
		"/rest/v2/people?limit=0":                                                         400,
		"/rest/v2/people?page=1":                                                          400,
		"/rest/v2/people?person_statuses[]=active":                                        400,
		"/rest/v2/people?person_statuses[]=INACTIVE":                                      200,
		"/rest/v2/people?sort_by=id&sort_order=up":                                        400,
		"/rest/v2/people/7c1e0000-4b1a-4d2c-9f00-000000005102?include_custom_fields=true": 200,
		"/rest/v2/people/105102/custom_fields":                                            400,
		"/rest/v2/people/105122/personal":                                                 404,
		"/rest/v2/people/1/personal":                                                      404,
		"/scim/v2/Users?filter=userName%20eq%20%22x@corp.example%22":                      200,
		"/scim/v2/Users?filter=title%20co%20%22x%22":                                      400,
	} {
		if got := deel(t, s, path); got.status != status {
			t.Errorf("%s: status %d, want %d: %s", path, got.status, status, got.body)
		}
	}
	token := "Authorization: Bearer " + s.Options["apiToken"]
	for host, status := range map[string]int{"api-sandbox.demo.deel.com": 401, "api.elsewhere.example": 404, "api.letsdeel.com": 200} {
		if got := ask(t, s, "GET", "/rest/v2/teams", "", token, "X-Forwarded-Host: "+host); got.status != status {
			t.Errorf("%s: status %d, want %d", host, got.status, status)
		}
	}
	got := ask(t, s, "GET", "/rest/v2/people", "", "Authorization: Bearer x")
	if got.status != 401 {
		t.Errorf("a wrong token is answered %d", got.status)
	}
	sameShape(t, got.json(t), []any{sample(t, "deel", "error.401.json")})
}

func TestDeelTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "deel", emulate.Setup{Day: anyDay})
	people := deel(t, s, "/rest/v2/people?limit=200").json(t)
	agree(t, s.Truth(anyDay), at(t, people, "data").([]any), "id", map[string]string{
		"employeeNumber": "external_id", "displayName": "full_name", "jobTitle": "job_title", "department": "department/name", "departmentId": "department/id",
		"country": "country", "region": "state", "timeZone": "timezone", "location": "work_location", "startDate": "start_date", "employmentType": "hiring_type",
		"custom.worker_id": "worker_id", "custom.seniority": "seniority",
	}, strings.TrimSpace)
	var personal []any
	for _, record := range s.Truth(anyDay) {
		personal = append(personal, at(t, deel(t, s, "/rest/v2/people/"+record["custom.worker_id"]+"/personal").json(t), "data"))
	}
	agree(t, s.Truth(anyDay), personal, "id", map[string]string{"email": "work_email", "personalEmail": "personal_email", "birthDate": "date_of_birth",
		"preferredName": "preferred_name"}, strings.TrimSpace)
}

package emulate_test

import (
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

// told is the text at a path of a JSON value, as plainly as it can be read: nothing for what is missing or null.
func told(v any, path string) string {
	for _, key := range strings.Split(path, "/") {
		object, _ := v.(map[string]any)
		v = object[key]
	}
	if v == nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprint(v))
}

// agree checks that each truth says of its fields what the record says at their paths, once that is decoded.
func agree(t *testing.T, truth map[string]map[string]string, records []any, id string, paths map[string]string, decode func(string) string) {
	t.Helper()
	if len(records) != len(truth) {
		t.Fatalf("%d records, %d truths", len(records), len(truth))
	}
	for _, record := range records {
		of := truth[told(record, id)]
		for field, path := range paths {
			if got := decode(told(record, path)); got != of[field] {
				t.Errorf("%s: %s is %q in the truth and %q in the record", of["externalId"], field, of[field], got)
			}
		}
	}
}

func TestBambooHRTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "bamboohr", emulate.Setup{Day: anyDay})
	body := encode(t, sample(t, "bamboohr", "request.employees.1.json"))
	got := bamboo(t, s, "POST", bambooData, strings.Replace(body, `"pageSize":3`, `"pageSize":1000`, 1)).json(t)
	agree(t, s.Truth(anyDay), at(t, got, "data").([]any), "fields/eeid", map[string]string{
		"externalId": "fields/eeid", "employeeNumber": "fields/employeeNumber", "email": "fields/email", "personalEmail": "fields/homeEmail",
		"jobTitle": "fields/jobInformationJobTitle", "department": "fields/jobInformationDepartment", "location": "fields/jobInformationLocation",
		"team": "fields/team", "startDate": "fields/hireDate", "endDate": "fields/terminationDate", "addressLine2": "fields/addressLineTwo",
		"postalCode": "fields/zipcode", "gender": "fields/gender", "employmentType": "fields/employmentStatus",
		"custom.customField4401": "fields/customField4401", "preferredName": "fields/preferredName", "workPhone": "fields/workPhone",
	}, html.UnescapeString)
}

func TestPersonioTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "personio", emulate.Setup{Day: anyDay})
	var people []any
	for _, offset := range []string{"0", "100"} {
		got := ask(t, s, "GET", "/v1/company/employees?limit=100&offset="+offset, "", tokenV1(t, s)).json(t)
		people = append(people, at(t, got, "data").([]any)...)
	}
	agree(t, s.Truth(anyDay), people, "attributes/id/value", map[string]string{
		"firstName": "attributes/first_name/value", "preferredName": "attributes/preferred_name/value", "email": "attributes/email/value",
		"jobTitle": "attributes/position/value", "department": "attributes/department/value/attributes/name",
		"departmentId": "attributes/department/value/attributes/id", "office": "attributes/office/value/attributes/name",
		"legalEntity": "attributes/subcompany/value/attributes/name", "photoUrl": "attributes/profile_picture/value",
		"gender": "attributes/gender/value", "employmentType": "attributes/employment_type/value",
		"custom.dynamic_33101": "attributes/dynamic_33101/value", "custom.dynamic_33106": "attributes/dynamic_33106/value",
	}, strings.TrimSpace)
}

func TestOfficientTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "officient", emulate.Setup{Day: anyDay})
	var people []any
	for id := range s.Truth(anyDay) {
		people = append(people, officient(t, s, "/people/"+id+"/detail").json(t))
	}
	agree(t, s.Truth(anyDay), people, "data/id", map[string]string{
		"displayName": "data/name", "email": "data/email", "personalEmail": "data/personal_email", "mobilePhone": "data/phone",
		"team": "data/team/name", "startDate": "data/employment/first_employment_date", "endDate": "data/employment/last_employment_date",
		"birthDate": "data/birthdate", "gender": "data/gender", "locale": "data/preferred_language_code", "country": "data/address/country_code",
		"postalCode": "data/address/zipcode", "photoUrl": "data/avatar",
	}, strings.TrimSpace)
}

func TestPersonioWritesSomeDaysAsTheEveningBefore(t *testing.T) {
	s := start(t, "personio", emulate.Setup{Day: anyDay})
	got := ask(t, s, "GET", "/v1/company/employees?limit=100", "", tokenV1(t, s)).json(t)
	var evenings, mornings int
	for _, p := range at(t, got, "data").([]any) {
		hired, day := told(p, "attributes/hire_date/value"), s.Truth(anyDay)[told(p, "attributes/id/value")]["startDate"]
		switch {
		case strings.HasSuffix(hired, "Z") && hired[:10] < day:
			evenings++
		case strings.HasPrefix(hired, day):
			mornings++
		default:
			t.Errorf("%s is written %s", day, hired)
		}
	}
	if evenings == 0 || mornings == 0 {
		t.Errorf("%d evenings, %d mornings", evenings, mornings)
	}
}

func TestCallsBesideTheEmployees(t *testing.T) {
	bhr, pio, off := start(t, "bamboohr", emulate.Setup{}), start(t, "personio", emulate.Setup{}), start(t, "officient", emulate.Setup{})
	for name, c := range map[string]struct {
		got  reply
		want string
	}{
		"options of a field":         {bamboo(t, bhr, "POST", "/api/v1_2/datasets/employee/field-options", `{"fields":["employmentStatus"]}`), `"Terminated"`},
		"options of no field":        {bamboo(t, bhr, "POST", "/api/v1_2/datasets/employee/field-options", `{"fields":["nobody"]}`), `"status":400`},
		"photo":                      {bamboo(t, bhr, "GET", "/api/v1/employees/5101/photo/small", ""), "PNG"},
		"people hired since":         {bamboo(t, bhr, "POST", bambooData, `{"fields":["eeid"],"filter":"hireDate gt '2999-01-01'"}`), `"totalPages":0`},
		"report of supervisors":      {bamboo(t, bhr, "POST", "/api/v1/reports/custom", `{"title":"x","fields":["supervisor"]}`), `"supervisor":"Grünwald, Anneliese"`},
		"Personio's picture":         {ask(t, pio, "GET", "/v1/company/employees/5101/profile-picture/75", "", tokenV1(t, pio)), "PNG"},
		"Personio's workplaces":      {ask(t, pio, "GET", "/v2/workplaces", "", tokenV2(t, pio), "Beta: true"), `"München"`},
		"Personio's org units":       {ask(t, pio, "GET", "/v2/org-units", "", tokenV2(t, pio), "Beta: true"), `"Platform"`},
		"Officient's search":         {officient(t, off, "/people/search?email=Person.5102@corp.example"), `[{"archived":0`},
		"Officient's custom values":  {officient(t, off, "/people/5101/custom_fields"), `"value_name":"Gent HQ"`},
		"nobody's manager":           {officient(t, off, "/people/5115/manager"), `"status_code":400`},
		"a day that does not exist":  {officient(t, off, "/calendar/5101/2026/2/30"), `"status_code":400`},
		"history since nobody knows": {officient(t, off, "/people/change_history?since_timestamp=yesterday"), `"status_code":400`},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(string(c.got.body), c.want) {
				t.Errorf("%d %.300s has no %s", c.got.status, c.got.body, c.want)
			}
		})
	}
}

func TestPersonioTokenCanBeRevoked(t *testing.T) {
	s := start(t, "personio", emulate.Setup{})
	token := tokenV2(t, s)
	ask(t, s, "POST", "/v2/auth/revoke", "token="+strings.TrimPrefix(token, "Authorization: Bearer "), sendForm)
	if got := ask(t, s, "GET", "/v2/persons", "", token); got.status != 401 {
		t.Errorf("the revoked token is answered %d", got.status)
	}
}

func TestEachVendorHasAUsualWay(t *testing.T) {
	for _, id := range emulate.IDs() {
		for _, way := range emulate.Ways(id) {
			s := start(t, id, emulate.Setup{Way: way.Name})
			if len(s.Options) == 0 || slices.Contains(slices.Collect(maps.Values(s.Options)), "") {
				t.Errorf("%s by %v has the options %v", id, way, s.Options)
			}
		}
	}
}

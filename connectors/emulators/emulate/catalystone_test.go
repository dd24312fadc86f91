package emulate_test

import (
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const (
	catalystoneHost = "X-Forwarded-Host: havbryn.catalystone.com"
	catalystoneV3   = "Api-Version: v3"
	catalystoneAll  = "/employees?fullObject=true&includeInactive=true"
)

func catalystoneToken(t *testing.T, s *emulate.Server) reply {
	t.Helper()
	return ask(t, s, "GET", "/mono/api/accesstoken", "", catalystoneHost, catalystoneV3, "Grant-Type: client_credentials",
		"Client-Id: "+s.Options["clientId"], "Client-Secret: "+s.Options["clientSecret"])
}

func catalystone(t *testing.T, s *emulate.Server, path string, headers ...string) reply {
	t.Helper()
	token := "Access-Token: " + at(t, catalystoneToken(t, s).json(t), "access_token").(string)
	return ask(t, s, "GET", "/mono/api"+path, "", append(headers, token, catalystoneHost, catalystoneV3)...)
}

// catalystoneFields drops the numbers, as accounts differ in them, so that only the shape of a field counts.
func catalystoneFields(v any, list string) any {
	for _, row := range v.(map[string]any)[list].([]any) {
		var fields []any
		for _, f := range row.(map[string]any)["field"].(map[string]any) {
			fields = append(fields, f)
		}
		row.(map[string]any)["field"] = fields
	}
	return v
}

func TestCatalystOneAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "catalystone", emulate.Setup{})
	sameShape(t, catalystoneToken(t, s).json(t), []any{sample(t, "catalystone", "accesstoken.json")})
	people := catalystoneFields(catalystone(t, s, catalystoneAll).json(t), "employees")
	sameShape(t, people, []any{catalystoneFields(sample(t, "catalystone", "employees.1.json"), "employees")})
	for _, want := range []string{"7", "8", "9", "14", "37", "44", "49", "1002", "1080"} {
		if rows := at(t, catalystone(t, s, catalystoneAll).json(t), "employees", 0, "field").(map[string]any); rows[want] == nil {
			t.Errorf("there is no field %s", want)
		}
	}
	units := catalystoneFields(catalystone(t, s, "/organizations", "includeSubOrg: true").json(t), "organizations")
	sameShape(t, units, []any{catalystoneFields(sample(t, "catalystone", "organizations.json"), "organizations")})
	one := catalystoneFields(catalystone(t, s, "/employees/00005").json(t), "employees")
	sameShape(t, one, []any{catalystoneFields(sample(t, "catalystone", "employee.302.json"), "employees")}, "plannedChange")
}

func TestCatalystOneIsStrict(t *testing.T) {
	s := start(t, "catalystone", emulate.Setup{})
	token := "Access-Token: " + at(t, catalystoneToken(t, s).json(t), "access_token").(string)
	for name, c := range map[string]struct {
		path    string
		headers []string
		status  int
	}{
		"all is well":        {"/mono/api/employees", []string{token, catalystoneV3, catalystoneHost}, 200},
		"shared host":        {"/havbryn/api/employees", []string{token, catalystoneV3, "X-Forwarded-Host: c6.catalystone.com"}, 200},
		"no version":         {"/mono/api/employees", []string{token}, 400},
		"no token":           {"/mono/api/employees", []string{catalystoneV3}, 401},
		"Authorization":      {"/mono/api/employees", []string{catalystoneV3, "Authorization: Bearer " + strings.TrimPrefix(token, "Access-Token: ")}, 401},
		"another path":       {"/api/employees", []string{token, catalystoneV3}, 404},
		"another host":       {"/mono/api/employees", []string{token, catalystoneV3, "X-Forwarded-Host: other.catalystone.com"}, 404},
		"unknown parameter":  {"/mono/api/employees?page=2", []string{token, catalystoneV3}, 400},
		"a time without ms":  {"/mono/api/employees?modifiedSince=2026-01-01", []string{token, catalystoneV3}, 400},
		"wrong secret":       {"/mono/api/accesstoken", []string{catalystoneV3, "Grant-Type: client_credentials", "Client-Id: x", "Client-Secret: y"}, 401},
		"token call, no v3":  {"/mono/api/accesstoken", []string{"Grant-Type: client_credentials"}, 400},
		"nobody's number":    {"/mono/api/employees/1", []string{token, catalystoneV3}, 404},
		"somebody's number":  {"/mono/api/employees/00001", []string{token, catalystoneV3}, 200},
		"changed since long": {"/mono/api/employees?modifiedSince=2020-01-01T00:00:00.000Z", []string{token, catalystoneV3}, 200},
	} {
		got := ask(t, s, "GET", c.path, "", c.headers...)
		if got.status != c.status {
			t.Errorf("%s: status %d, want %d: %.200s", name, got.status, c.status, got.body)
		} else if got.status != 200 {
			sameShape(t, got.json(t), []any{sample(t, "catalystone", "error.401.json")})
		}
	}
}

func TestCatalystOneTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "catalystone", emulate.Setup{Day: anyDay})
	var people []any
	for _, row := range at(t, catalystone(t, s, catalystoneAll).json(t), "employees").([]any) {
		if told(row, "field/44/data/value") != "Not this one" {
			people = append(people, row)
		}
	}
	agree(t, s.Truth(anyDay), people, "guid", map[string]string{"externalId": "guid", "employeeNumber": "employeeId", "displayName": "name",
		"email": "field/7/data/value", "jobTitle": "field/44/data/value", "location": "field/14/data/value", "legalEntity": "field/1002/data/value",
		"costCenter": "field/1080/data/value", "custom.1255": "field/1255/data/value", "custom.1257": "field/1257/data/value", "custom.1258": "field/1258/data/value"}, strings.TrimSpace)
	met := map[string]int{}
	for _, r := range s.Truth(anyDay) {
		met[r["employmentStatus"]]++
	}
	for _, status := range []string{"active", "on_leave", "terminated", "future", "unknown"} {
		if met[status] == 0 {
			t.Errorf("nobody is %s: %v", status, met)
		}
	}
}

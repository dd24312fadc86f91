package emulate_test

import (
	"net/url"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

func youforceToken(t *testing.T, s *emulate.Server, tenant string) reply {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {s.Options["clientId"]}, "client_secret": {s.Options["clientSecret"]}, "tenant_id": {tenant}}
	return ask(t, s, "POST", "/connect/token", form.Encode(), sendForm, "X-Forwarded-Host: connect.visma.com")
}

func youforce(t *testing.T, s *emulate.Server, path string) reply {
	t.Helper()
	token := at(t, youforceToken(t, s, s.Options["tenantId"]).json(t), "access_token").(string)
	return ask(t, s, "GET", path, "", "Authorization: Bearer "+token, "X-Forwarded-Host: api.youforce.com")
}

// youforceAll follows the links to the end, with their queries on the first path.
func youforceAll(t *testing.T, s *emulate.Server, path, key string) map[string]any {
	t.Helper()
	var rows []any
	for query := "?take=40"; ; {
		got := youforce(t, s, path+query).json(t)
		rows = append(rows, at(t, got, key).([]any)...)
		link, more := got.(map[string]any)["nextLink"].(string)
		if !more {
			return map[string]any{key: rows}
		}
		_, query, _ = strings.Cut(link, "?")
		query = "?" + query
	}
}

func TestYouforceAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "youforce", emulate.Setup{})
	for path, files := range map[string][]string{
		"/iam/v1.0/persons": {"employees.1.json", "employees.2.json"}, "/iam/v1.0/employments": {"employments.1.json", "employments.2.json"},
		"/iam/v1.0/organizationUnits": {"organizationUnits.json"}, "/iam/v1.0/jobProfiles": {"jobProfiles.json"}, "/iam/v1.0/roleAssignments": {"roleAssignments.json"},
		"/iam/v1.0/costAllocations": {"costAllocations.json"}, "/iam/v1.0/assignments": {"assignments.json"},
		"/extensions/v1.0/iam/persons": {"extensions.persons.json"}, "/extensions/v1.0/iam/employments": {"extensions.employments.json"},
	} {
		t.Run(path, func(t *testing.T) {
			var samples []any
			for _, file := range files {
				samples = append(samples, sample(t, "youforce", file))
			}
			key := "value"
			if strings.HasPrefix(path, "/ext") {
				key = "values"
			}
			sameShape(t, youforceAll(t, s, path, key), samples, "/nextLink", "/values[]/description")
		})
	}
	sameShape(t, youforceToken(t, s, s.Options["tenantId"]).json(t), []any{sample(t, "youforce", "token.json")})
	sameShape(t, youforceToken(t, s, "guess").json(t), []any{sample(t, "youforce", "token.error.400.json")})
}

func TestYouforceIsStrict(t *testing.T) {
	s := start(t, "youforce", emulate.Setup{})
	for path, status := range map[string]int{
		"/iam/v1.0/persons?take=0": 400, "/iam/v1.0/persons?skip=5": 400, "/iam/v1.0/persons?from=2020-01-01": 400, "/iam/v1.0/nothing": 404,
		"/iam/v1.0/persons?from=2020-01-01T00:00:00.000Z": 200, "/iam/v1.0/persons?nextToken=%21": 400, "/iam/v1.0/users": 200,
	} {
		if got := youforce(t, s, path); got.status != status {
			t.Errorf("%s: status %d, want %d: %.200s", path, got.status, status, got.body)
		} else if status != 200 {
			sameShape(t, got.json(t), []any{sample(t, "youforce", "error.404.json")})
		}
	}
	if got := ask(t, s, "GET", "/iam/v1.0/persons", "", "Authorization: Bearer guess"); got.status != 401 {
		t.Errorf("a guessed token is answered %d", got.status)
	}
}

func TestYouforceAlsoIsYouServe(t *testing.T) {
	s := start(t, "youforce", emulate.Setup{Way: "youserve"})
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {s.Options["clientId"]}, "client_secret": {s.Options["clientSecret"]}}
	token := "Authorization: Bearer " + at(t, ask(t, s, "POST", "/authentication/token", form.Encode(), sendForm, "X-Forwarded-Host: api.youserve.nl").json(t), "access_token").(string)
	client, tenant := "X-Client-Id: "+s.Options["clientId"], "X-Raet-Tenant-Id: "+s.Options["tenantId"]
	for _, c := range []struct {
		host, header string
		status       int
	}{{"api.youserve.nl", tenant, 200}, {"api.youserve.nl", "X: y", 401}, {"api.youforce.com", tenant, 401}} {
		if got := ask(t, s, "GET", "/iam/v1.0/persons", "", token, client, c.header, "X-Forwarded-Host: "+c.host); got.status != c.status {
			t.Errorf("%v: %d", c, got.status)
		}
	}
}

func TestYouforceTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "youforce", emulate.Setup{Day: anyDay})
	jobs, units := map[string]any{}, map[string]any{}
	for _, row := range youforceAll(t, s, "/iam/v1.0/jobProfiles", "value")["value"].([]any) {
		jobs[told(row, "id")] = row
	}
	for _, row := range youforceAll(t, s, "/iam/v1.0/organizationUnits", "value")["value"].([]any) {
		units[told(row, "id")] = row
	}
	main := map[string]any{}
	for _, row := range youforceAll(t, s, "/iam/v1.0/employments", "value")["value"].([]any) {
		if strings.HasSuffix(told(row, "employmentCode"), "-1") {
			row.(map[string]any)["job"], row.(map[string]any)["unit"] = jobs[told(row, "jobProfile")], units[told(row, "organizationUnit")]
			main[told(row, "personCode")] = row
		}
	}
	people := youforceAll(t, s, "/iam/v1.0/persons", "value")["value"].([]any)
	for _, p := range people {
		p.(map[string]any)["e"] = main[told(p, "personCode")]
	}
	truth := s.Truth(anyDay)
	agree(t, truth, people, "personCode", map[string]string{"externalId": "personCode", "lastName": "lastName", "preferredName": "knownAs",
		"gender": "gender", "birthDate": "dateOfBirth"}, strings.TrimSpace)
	met := map[string]int{}
	for _, p := range people {
		of := truth[told(p, "personCode")]
		met[of["employmentStatus"]]++
		if told(p, "e/hireDate") == "2001-01-01" || of["startDate"] != told(p, "e/hireDate") {
			continue
		}
		if of["jobTitle"] != told(p, "e/job/fullName") || of["departmentId"] != told(p, "e/organizationUnit") || of["endDate"] != told(p, "e/dischargeDate") {
			t.Errorf("%v is told as %v", of, p)
		}
	}
	for _, status := range []string{"active", "terminated", "future", "unknown"} {
		if met[status] == 0 {
			t.Errorf("nobody is %s: %v", status, met)
		}
	}
	if truth["00005103"]["managerId"] != "00005220" || truth["00005101"]["managerId"] != "" || truth["00005111"]["managerId"] != "00999999" {
		t.Errorf("managers %v %v %v", truth["00005103"]["managerId"], truth["00005101"]["managerId"], truth["00005111"]["managerId"])
	}
}

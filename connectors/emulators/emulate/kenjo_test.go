package emulate_test

import (
	"maps"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

func kenjoLogin(t testing.TB, s *emulate.Server) string {
	t.Helper()
	got := ask(t, s, "POST", "/api/v1/auth/login", `{"apiKey":"`+s.Options["apiKey"]+`"}`, sendJSON, "X-Forwarded-Host: api.kenjo.io").json(t)
	return "Authorization: " + at(t, got, "token").(string)
}

func kenjo(t *testing.T, s *emulate.Server, token, path string) reply {
	t.Helper()
	return ask(t, s, "GET", "/api/v1"+path, "", token, "X-Forwarded-Host: api.kenjo.io")
}

func TestKenjoAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "kenjo", emulate.Setup{})
	token := kenjoLogin(t, s)
	sameShape(t, ask(t, s, "POST", "/api/v1/auth/login", `{"apiKey":"`+s.Options["apiKey"]+`"}`, sendJSON).json(t), []any{sample(t, "kenjo", "auth-login.json")})
	loose := []string{"/c_", "/weeklyHours", "/email", "/language", "/firstName", "/lastName", "/gender", "/birthdate", "/jobTitle", "/departmentId", "/companyId",
		"/officeId", "/startDate", "/workPhone", "/workMobile", "/personalEmail", "/personalPhone", "/personalMobile", "/spouse", "/maritalStatus", "/financial/"}
	for path, file := range map[string]string{
		"/employees/60a2db290da29e1000005102": "employee.60a2db290da29e126a180002.json",
		"/employees":                          "employees.1.json", "/employees/accounts": "employees-accounts.1.json", "/employees/personals": "employees-personals.1.json",
		"/employees/works": "employees-works.1.json", "/employees/addresses": "employees-addresses.1.json", "/employees/homes": "employees-homes.1.json",
		"/companies": "companies.json", "/offices": "offices.json", "/departments": "departments.json", "/teams": "teams.json",
		"/custom-fields": "custom-fields.json", "/compensation/contracts": "compensation-contracts.json", "/compensation/contract-types": "compensation-contract-types.json",
		"/employees/1": "error.400.json",
	} {
		t.Run(path, func(t *testing.T) {
			sameShape(t, kenjo(t, s, token, path).json(t), []any{sample(t, "kenjo", file)}, append(loose, "/externalId")...)
		})
	}
}

// kenjoEveryone joins the sections of everybody who has an account.
func kenjoEveryone(t *testing.T, s *emulate.Server) (people []any) {
	t.Helper()
	token, rows := kenjoLogin(t, s), map[any]map[string]any{}
	for _, path := range []string{"accounts", "personals", "works", "addresses", "homes"} {
		for _, row := range at(t, kenjo(t, s, token, "/employees/"+path).json(t), "data").([]any) {
			row := row.(map[string]any)
			if path == "accounts" {
				rows[row["_id"]] = map[string]any{}
			}
			if rows[row["_id"]] != nil {
				maps.Copy(rows[row["_id"]], row)
			}
		}
	}
	for _, row := range rows {
		people = append(people, any(row))
	}
	return people
}

func TestKenjoTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "kenjo", emulate.Setup{Day: anyDay})
	truth := s.Truth(anyDay)
	agree(t, truth, kenjoEveryone(t, s), "_id", map[string]string{"employeeNumber": "externalId", "email": "email", "firstName": "firstName", "displayName": "displayName",
		"gender": "gender", "jobTitle": "jobTitle", "departmentId": "departmentId", "workPhone": "workPhone", "addressLine1": "street", "country": "country",
		"personalEmail": "personalEmail", "custom.c_Badge": "c_Badge", "custom.c_Bicycles": "c_Bicycles", "custom.c_Onsite": "c_Onsite", "custom.c_Note": "c_Note"}, strings.TrimSpace)
	for id, status := range map[string]string{"5102": "active", "5106": "future", "5107": "terminated", "5110": "unknown", "5120": "future", "5129": "active"} {
		if got := truth["60a2db290da29e100000"+id]["employmentStatus"]; got != status {
			t.Errorf("%s is %s, want %s", id, got, status)
		}
	}
	first, far := truth["60a2db290da29e1000005101"], truth["60a2db290da29e1000005111"]
	if first["managerId"] != "" || far["managerId"] != "60a2db290da29e1000999999" {
		t.Errorf("managers %q, %q", first["managerId"], far["managerId"])
	}
	if got := truth["60a2db290da29e1000005119"]["employmentType"]; got == "" || got == "Working student" {
		t.Errorf("whoever came back is employed as %q", got)
	}
}

func TestKenjoIsStrict(t *testing.T) {
	s := start(t, "kenjo", emulate.Setup{})
	token := kenjoLogin(t, s)
	for name, c := range map[string]struct {
		path, token, host string
		status            int
	}{
		"no token":           {"/companies", "X: y", "api.kenjo.io", 401},
		"two bearers":        {"/companies", strings.Replace(token, "Bearer ", "Bearer Bearer ", 1), "api.kenjo.io", 401},
		"the sandbox":        {"/companies", token, "sandbox-api.kenjo.io", 401},
		"another host":       {"/companies", token, "api.kenjo.example", 404},
		"unknown parameter":  {"/employees/accounts?limit=100", token, "api.kenjo.io", 400},
		"filter":             {"/employees/accounts?isActive=true", token, "api.kenjo.io", 200},
		"pages of types":     {"/compensation/contract-types?limit=100&offset=1", token, "api.kenjo.io", 400},
		"types by activity":  {"/compensation/contract-types?isActive=true", token, "api.kenjo.io", 200},
		"page of 60":         {"/compensation/contracts?limit=60", token, "api.kenjo.io", 400},
		"page nought":        {"/compensation/contracts?offset=0", token, "api.kenjo.io", 400},
		"second page":        {"/compensation/contracts?offset=2&limit=100", token, "api.kenjo.io", 200},
		"nobody":             {"/employees/60a2db290da29e1000000001", token, "api.kenjo.io", 404},
		"accounts of people": {"/user-accounts", token, "api.kenjo.io", 200},
		"nowhere":            {"/people", token, "api.kenjo.io", 404},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ask(t, s, "GET", "/api/v1"+c.path, "", c.token, "X-Forwarded-Host: "+c.host); got.status != c.status {
				t.Errorf("status %d, want %d: %.200s", got.status, c.status, got.body)
			}
		})
	}
	if got := ask(t, s, "POST", "/api/v1/auth/login", `{"apiKey":"x"}`, sendJSON); got.status != 400 {
		t.Errorf("an unknown key is answered %d", got.status)
	}
	ask(t, s, "POST", "/api/v1/auth/logout", "", token)
	if got := kenjo(t, s, token, "/companies"); got.status != 401 || len(got.body) != 0 {
		t.Errorf("after the log-out: %d %q", got.status, got.body)
	}
}

func TestKenjoPagesContractsByNumber(t *testing.T) {
	s := start(t, "kenjo", emulate.Setup{})
	token, seen := kenjoLogin(t, s), map[any]bool{}
	for page, total := 1, 1; (page-1)*25 < total; page++ {
		got := kenjo(t, s, token, "/compensation/contracts?limit=25&offset="+string(rune('0'+page))).json(t)
		total = int(at(t, got, "metadata", "total").(float64))
		for _, c := range at(t, got, "data").([]any) {
			seen[told(c, "_id")] = true
		}
		if (page)*25 >= total && len(seen) != total {
			t.Errorf("%d contracts seen, %d are there", len(seen), total)
		}
	}
}

package emulate_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

func cascadeBasic(s *emulate.Server) string {
	return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(s.Options["clientKey"]+":"+s.Options["clientSecret"]))
}

func cascadeToken(t testing.TB, s *emulate.Server) string {
	t.Helper()
	got := ask(t, s, "POST", "/oauth2/v1/token", "grant_type=client_credentials", cascadeBasic(s), sendForm).json(t)
	return "Authorization: Bearer " + at(t, got, "access_token").(string)
}

// cascade asks for a path whose query has blanks and dollars in it, as a person would write it.
func cascade(t testing.TB, s *emulate.Server, token, path string, more ...string) reply {
	t.Helper()
	path, query, _ := strings.Cut(path, "?")
	return ask(t, s, "GET", "/hr/v2"+path+"?"+strings.ReplaceAll(query, " ", "%20"), "", append(more, token, wantJSON, "X-Forwarded-Host: api.iris.co.uk")...)
}

func TestCascadeAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "iriscascade", emulate.Setup{})
	token := cascadeToken(t, s)
	sensitive := []string{"NationalInsuranceNumber", "TaxCode", "Ethnicity", "Religion", "MaritalStatus", "GenderIdentity", "SourceSystemId", "OtherName", "TitleHonorific"}
	sameShape(t, cascade(t, s, token, "/employees?$top=100&$skip=0&$count=true").json(t),
		[]any{sample(t, "iriscascade", "employees.1.json"), sample(t, "iriscascade", "employees.2.json")},
		append(sensitive, "Emails", "Phones", "Addresses", "DisplayId", "EmploymentStartDate", "LeaverReason")...)
	sameShape(t, cascade(t, s, token, "/jobs?$top=250&$count=true").json(t), []any{sample(t, "iriscascade", "jobs.1.json"), sample(t, "iriscascade", "jobs.2.json")},
		"JobTitle", "StartDate", "HierarchyNodeId", "Contract")
	sameShape(t, cascade(t, s, token, "/hierarchy?$top=250&$count=true").json(t), []any{sample(t, "iriscascade", "hierarchy.json")})
	sameShape(t, cascade(t, s, token, "/hierarchy/9e0f1b00-1111-4aaa-8bbb-000000281521/path").json(t),
		[]any{sample(t, "iriscascade", "hierarchy-path.9e0f1b04-1111-4aaa-8bbb-000000000004.json")})
	sameShape(t, cascade(t, s, token, "/Employees/5b1c0000-7d2e-4c1b-9f10-000000005102").json(t),
		[]any{sample(t, "iriscascade", "employee.5b1c0a02-7d2e-4c1b-9f10-3a6e5d0c0002.json")}, append(sensitive, "Addresses", "Emails", "Phones",
			"WindowsUsername", "KnownAs", "DateOfBirth", "CostCentre", "Gender", "DisplayId", "PayrollId")...)
	sameShape(t, ask(t, s, "POST", "/oauth2/v1/token", "grant_type=client_credentials", cascadeBasic(s), sendForm).json(t), []any{sample(t, "iriscascade", "token.json")})
}

func TestCascadeIsStrict(t *testing.T) {
	s := start(t, "iriscascade", emulate.Setup{})
	token := cascadeToken(t, s)
	for path, status := range map[string]int{
		"/employees?$top=251": 400, "/employees?top=5": 400, "/employees?$select=Nothing": 400, "/employees?$select=Emails": 500,
		"/employees?$select=Emails&$top=5": 200, "/employees?$filter=Emails eq 'x'": 400, "/employees?$filter=nonsense": 400,
		"/employees?$filter=EmploymentLeftDate eq null": 200, "/employees/x": 404, "/hierarchy/x": 404, "/nothing": 404,
	} {
		got := cascade(t, s, token, path)
		if got.status != status {
			t.Errorf("%s is answered %d, want %d: %s", path, got.status, status, got.body)
		}
		if got.status == 400 || got.status == 404 {
			sameShape(t, got.json(t), []any{sample(t, "iriscascade", "error.400.json"), sample(t, "iriscascade", "error.404.json")}, "/detail")
		}
	}
	for name, got := range map[string]reply{
		"wrong secret": ask(t, s, "POST", "/oauth2/v1/token", "grant_type=client_credentials", "Authorization: Basic eDp5", sendForm),
		"no token":     cascade(t, s, "X: y", "/employees"),
	} {
		if got.status != 401 {
			t.Errorf("%s is answered %d", name, got.status)
		}
		sameShape(t, got.json(t), []any{sample(t, "iriscascade", "error.401.json")})
	}
}

func TestCascadeFiltersAndPages(t *testing.T) {
	s := start(t, "iriscascade", emulate.Setup{Day: anyDay})
	token := cascadeToken(t, s)
	count := func(path string, more ...string) int {
		return len(at(t, cascade(t, s, token, path, more...).json(t), "value").([]any))
	}
	person := "$filter=EmployeeId eq '5b1c0000-7d2e-4c1b-9f10-000000005106'"
	if count("/jobs?"+person) != 2 || count("/employees?$filter=LastModifiedOn gt 2999-01-01T00:00:00Z") != 0 || count("/employees?$top=250&$skip=100") != 19 {
		t.Error("the filter or the skip is wrong")
	}
	if n := count("/employees?$top=250&$filter=EmploymentLeftDate ne null and LastName ne 'x'"); n != 6 {
		t.Errorf("%d people have an end", n)
	}
	got := cascade(t, s, token, "/employees?$top=100&$orderby=Id", "Prefer: odata.maxpagesize=7").json(t)
	next, err := url.Parse(told(got, "@odata.nextLink"))
	if err != nil || next.Query().Get("$skip") != "7" || len(at(t, got, "value").([]any)) != 7 {
		t.Errorf("the next page is %v: %v", next, err)
	}
}

func TestCascadeTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "iriscascade", emulate.Setup{Day: anyDay})
	got := cascade(t, s, cascadeToken(t, s), "/employees?$top=250").json(t)
	agree(t, s.Truth(anyDay), at(t, got, "value").([]any), "Id", map[string]string{"externalId": "Id", "employeeNumber": "DisplayId",
		"preferredName": "KnownAs", "startDate": "EmploymentStartDate", "endDate": "EmploymentLeftDate", "birthDate": "DateOfBirth", "gender": "Gender"},
		func(s string) string { day, _, _ := strings.Cut(s, "T00:"); return strings.TrimSpace(day) })
}

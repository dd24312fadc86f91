package emulate_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const (
	nmbrsBack = "http://localhost:8765/callback"
	nmbrsFull = "offline_access company.info.read employee.info.read employee.employment.read employee.orgstructure.read"
)

// nmbrsCode goes through the page of consent.
func nmbrsCode(t *testing.T, s *emulate.Server, scope, verifier string) url.Values {
	t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{"response_type": {"code"}, "client_id": {s.Options["clientId"]}, "redirect_uri": {nmbrsBack}, "scope": {scope}, "state": {"abc"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}}
	got := ask(t, s, "GET", "/connect/authorize?"+q.Encode(), "", "X-Forwarded-Host: identityservice.nmbrs.com")
	to, err := url.Parse(got.header.Get("Location"))
	if err != nil || !strings.HasPrefix(to.String(), nmbrsBack) || to.Query().Get("state") != "abc" {
		t.Fatalf("consent leads to %q: %v", got.header.Get("Location"), err)
	}
	return to.Query()
}

func nmbrsGrant(t *testing.T, s *emulate.Server, with url.Values) reply {
	t.Helper()
	with.Set("client_id", s.Options["clientId"])
	with.Set("client_secret", s.Options["clientSecret"])
	return ask(t, s, "POST", "/connect/token", with.Encode(), sendForm, "X-Forwarded-Host: identityservice.nmbrs.com")
}

func nmbrsSignIn(t *testing.T, s *emulate.Server) map[string]any {
	t.Helper()
	code := nmbrsCode(t, s, nmbrsFull, "verifier")
	return nmbrsGrant(t, s, url.Values{"grant_type": {"authorization_code"}, "code": {code.Get("code")}, "redirect_uri": {nmbrsBack},
		"code_verifier": {"verifier"}}).json(t).(map[string]any)
}

func nmbrsAll(t *testing.T, s *emulate.Server, list string) map[string]any {
	t.Helper()
	token := "Authorization: Bearer " + nmbrsSignIn(t, s)["access_token"].(string)
	all := map[string]any{"pagination": nil}
	var data []any
	for _, company := range []string{"7033", "7034", "7035"} {
		for next := "/api/companies/71a1b2c3-0d0e-4f0f-8a0a-00000000" + company + "/employees" + list + "?pageSize=25"; next != ""; {
			got := ask(t, s, "GET", next, "", token, "X-Subscription-Key: "+s.Options["subscriptionKey"]).json(t)
			all["pagination"] = at(t, got, "pagination")
			data = append(data, at(t, got, "data").([]any)...)
			next = strings.TrimPrefix(told(got, "pagination/nextPage"), "https://api.nmbrsapp.com")
		}
	}
	all["data"] = data
	return all
}

func TestNmbrsAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "nmbrs", emulate.Setup{})
	texts := []string{"/pagination/nextPage", "/employeeNumber", "/firstName", "/prefix", "/initials", "Phone", "/codeISO", "Email", "/partnerName", "/email",
		"/houseNumberAddition", "/stateProvince", "/birthDate", "/firstNameInFull"}
	for list, files := range map[string][]string{
		"": {"employees.1.json", "employees.2.json"}, "/personalInfo": {"personal-info.1.json", "personal-info.2.json"},
		"/employments": {"employments.json"}, "/functions": {"functions.json"}, "/departments": {"departments.json"},
		"/managers": {"managers.json"}, "/costcenters": {"cost-centers.json"}, "/addresses": {"addresses.json"},
	} {
		t.Run(list, func(t *testing.T) {
			var samples []any
			for _, file := range files {
				samples = append(samples, sample(t, "nmbrs", file))
			}
			sameShape(t, nmbrsAll(t, s, list), samples, texts...)
		})
	}
	sameShape(t, nmbrsSignIn(t, s), []any{sample(t, "nmbrs", "token.json")})
	token, key := "Authorization: Bearer "+nmbrsSignIn(t, s)["access_token"].(string), "X-Subscription-Key: "+s.Options["subscriptionKey"]
	sameShape(t, ask(t, s, "GET", "/api/companies", "", token, key).json(t), []any{sample(t, "nmbrs", "companies.json")})
	sameShape(t, ask(t, s, "GET", "/api/companies/71a1b2c3-0d0e-4f0f-8a0a-000000007033/costcenters", "", token, key).json(t), []any{sample(t, "nmbrs", "company-costcenters.json")})
}

func TestNmbrsIsStrict(t *testing.T) {
	s := start(t, "nmbrs", emulate.Setup{})
	token, key := "Authorization: Bearer "+nmbrsSignIn(t, s)["access_token"].(string), "X-Subscription-Key: "+s.Options["subscriptionKey"]
	people := "/api/companies/71a1b2c3-0d0e-4f0f-8a0a-000000007033/employees"
	for name, c := range map[string]struct {
		path, header, more string
		status             int
	}{
		"all is well":          {people, token, key, 200},
		"no key":               {people, token, "X: y", 401},
		"no token":             {people, key, "X: y", 401},
		"unknown parameter":    {people + "?page=2", token, key, 400},
		"page 0":               {people + "?pageNumber=0", token, key, 400},
		"changedFrom for info": {people + "/personalInfo?changedFrom=2026-01-01", token, key, 400},
		"no such company":      {"/api/companies/1/employees", token, key, 404},
		"salaries":             {people + "/salaries", token, key, 403},
	} {
		if got := ask(t, s, "GET", c.path, "", c.header, c.more, "X-Forwarded-Host: api.nmbrsapp.com"); got.status != c.status {
			t.Errorf("%s: status %d, want %d: %s", name, got.status, c.status, got.body)
		} else if got.status == 401 || got.status == 403 {
			sameShape(t, got.json(t), []any{sample(t, "nmbrs", "error.401.json")})
		}
	}
	if got := nmbrsCode(t, s, nmbrsFull+" openid", "v"); got.Get("error") == "" {
		t.Error("openid is granted")
	}
}

func TestNmbrsRefreshTokenIsGoodForOnce(t *testing.T) {
	s := start(t, "nmbrs", emulate.Setup{})
	with := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {nmbrsSignIn(t, s)["refresh_token"].(string)}}
	if first, again := nmbrsGrant(t, s, with), nmbrsGrant(t, s, with); first.status != 200 || again.status != 400 {
		t.Errorf("first %d, then %d", first.status, again.status)
	}
	code := nmbrsCode(t, s, nmbrsFull, "verifier").Get("code")
	if got := nmbrsGrant(t, s, url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {nmbrsBack}, "code_verifier": {"guess"}}); got.status != 400 {
		t.Errorf("with another verifier: %d", got.status)
	}
}

func TestNmbrsTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "nmbrs", emulate.Setup{Day: anyDay})
	var people []any
	for _, row := range nmbrsAll(t, s, "")["data"].([]any) {
		if !strings.Contains(strings.ToLower(told(row, "employeeBasicInfo/employeeType")), "applicant") {
			people = append(people, row)
		}
	}
	agree(t, s.Truth(anyDay), people, "employeeId", map[string]string{"externalId": "employeeId",
		"employeeNumber": "employeeBasicInfo/employeeNumber", "employmentType": "employeeBasicInfo/employeeType"}, strings.TrimSpace)
	met := map[string]int{}
	for _, r := range s.Truth(anyDay) {
		met[r["employmentStatus"]]++
	}
	if met["active"] == 0 || met["terminated"] == 0 || met["future"] == 0 || met["unknown"] == 0 {
		t.Errorf("statuses %v", met)
	}
}

func TestNmbrsSOAP(t *testing.T) {
	s := start(t, "nmbrs", emulate.Setup{Way: "soap", Day: anyDay})
	call := func(service, operation, token string) reply {
		space := "https://api.nmbrs.nl/soap/v3/" + service
		return ask(t, s, "POST", "/soap/v3/"+service+".asmx", `<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Header><AuthHeaderWithDomain xmlns="`+space+
			`"><Username>`+s.Options["username"]+`</Username><Token>`+token+`</Token><Domain>`+s.Options["domain"]+`</Domain></AuthHeaderWithDomain></soap:Header><soap:Body><`+
			operation+` xmlns="`+space+`"><CompanyId>7033</CompanyId></`+operation+`></soap:Body></soap:Envelope>`, "Content-Type: application/soap+xml", "X-Forwarded-Host: api.nmbrs.nl")
	}
	for operation, want := range map[string]string{
		"PersonalInfoWithoutBSN_Get_GetAllEmployeesByCompany": "<LastName>Grünwald</LastName>",
		"Employment_GetAll_AllEmployeesByCompany":             `<EndDate xsi:nil="true" />`,
		"Department_GetAll_AllEmployeesByCompany":             "<Description>Sales &amp; Service</Description>",
	} {
		if got := call("EmployeeService", operation, s.Options["token"]); got.status != 200 || !strings.Contains(string(got.body), want) {
			t.Errorf("%s: %d %.300s", operation, got.status, got.body)
		}
	}
	if got := call("CompanyService", "List_GetAll", s.Options["token"]); strings.Count(string(got.body), "<Company>") != 3 {
		t.Errorf("companies: %d %s", got.status, got.body)
	}
	if got := call("CompanyService", "List_GetAll", "guess"); got.status != 500 || !strings.Contains(string(got.body), "---&gt; 1001: ") {
		t.Errorf("a wrong token: %d %s", got.status, got.body)
	}
}

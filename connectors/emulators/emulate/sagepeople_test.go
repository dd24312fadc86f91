package emulate_test

import (
	"net/url"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const sageEmployees = "/services/apexrest/spapi/v4/employees"

func sageForm(s *emulate.Server) url.Values {
	form := url.Values{"grant_type": {"password"}, "client_id": {s.Options["clientId"]}, "client_secret": {s.Options["clientSecret"]},
		"username": {s.Options["username"]}, "password": {s.Options["password"]}}
	return form
}

func sageToken(t testing.TB, s *emulate.Server, form url.Values) reply {
	t.Helper()
	return ask(t, s, "POST", "/services/oauth2/token", form.Encode(), sendForm, "X-Forwarded-Host: login.salesforce.com")
}

func sageSession(t testing.TB, s *emulate.Server) string {
	t.Helper()
	return "Authorization: Bearer " + at(t, sageToken(t, s, sageForm(s)).json(t), "access_token").(string)
}

func sagepeople(t testing.TB, s *emulate.Server, session, path string) reply {
	t.Helper()
	return ask(t, s, "GET", path, "", session, wantJSON, "X-Forwarded-Host: thornbridge.my.salesforce.com")
}

func sageEverybody(t testing.TB, s *emulate.Server, session string) (people []any) {
	t.Helper()
	marker := ""
	for range 10 {
		got := sagepeople(t, s, session, sageEmployees+"?marker="+marker)
		if got.status == 204 && len(got.body) == 0 {
			return people
		}
		people = append(people, at(t, got.json(t), "data").([]any)...)
		marker = told(people[len(people)-1], "id")
	}
	t.Fatal("there is no end")
	return nil
}

func TestSagePeopleAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "sagepeople", emulate.Setup{})
	session := sageSession(t, s)
	samples := []any{sample(t, "sagepeople", "employees.1.json"), sample(t, "sagepeople", "employees.2.json")}
	sameShape(t, map[string]any{"data": sageEverybody(t, s, session), "version": "4.8"}, samples, "additionalFields[]", "emailAddress", "/startDate", "workAddress/")
	sameShape(t, sagepeople(t, s, session, sageEmployees+"/a2G7E0000005107UA0").json(t), []any{sample(t, "sagepeople", "employees.id.json")}, "additionalFields[]", "workAddress/")
	sameShape(t, sageToken(t, s, sageForm(s)).json(t), []any{sample(t, "sagepeople", "token.json")})
	statement := url.QueryEscape("SELECT Id, Name, fHCM2__Unique_Id__c, fHCM2__First_Name__c, fHCM2__Surname__c, fHCM2__Email__c, fHCM2__Job_Title__c, " +
		"fHCM2__Employment_Status__c, fHCM2__Hire_Date__c, fHCM2__Manager__r.Id, fHCM2__Manager__r.fHCM2__Unique_Id__c, fHCM2__Current_Employment__r.Name, " +
		"fHCM2__Current_Employment__r.fHCM2__Business_Name__c FROM fHCM2__Team_Member__c")
	records := []any{sample(t, "sagepeople", "soql.employees.1.json"), sample(t, "sagepeople", "soql.employees.2.json")}
	capped := start(t, "sagepeople", emulate.Setup{PageCap: 100})
	session = sageSession(t, capped)
	first := sagepeople(t, capped, session, "/services/data/v61.0/query?q="+statement).json(t)
	sameShape(t, first, records, "Unique_Id", "Email__c")
	if rest := sagepeople(t, capped, session, told(first, "nextRecordsUrl")).json(t); len(at(t, rest, "records").([]any)) != 19 || at(t, rest, "done") != true {
		t.Errorf("the second page is not the rest")
	}
}

func TestSagePeopleIsStrict(t *testing.T) {
	s := start(t, "sagepeople", emulate.Setup{})
	session := sageSession(t, s)
	for path, c := range map[string]struct {
		status int
		file   string
	}{
		sageEmployees + "?marker=a2G7E0000999999UA0": {400, "error.400.json"},
		sageEmployees + "?page=1":                    {400, "error.400.json"},
		sageEmployees + "?$filter=nonsense":          {400, "error.400.json"},
		"/services/apexrest/spapi/v4/salaries":       {403, "error.403.json"},
		sageEmployees + "/x":                         {404, "error.401.json"},
	} {
		got := sagepeople(t, s, session, path)
		if got.status != c.status {
			t.Errorf("%s is answered %d, want %d", path, got.status, c.status)
		}
		sameShape(t, got.json(t), []any{sample(t, "sagepeople", c.file)})
	}
	for name, c := range map[string]struct {
		got    reply
		status int
		file   string
	}{
		"no Accept":            {ask(t, s, "GET", sageEmployees, "", session), 406, "error.406.json"},
		"no session":           {ask(t, s, "GET", sageEmployees, "", wantJSON), 401, "error.401.json"},
		"data at the sign-in":  {ask(t, s, "GET", sageEmployees, "", session, wantJSON, "X-Forwarded-Host: login.salesforce.com"), 404, "error.401.json"},
		"a wrong password":     {sageToken(t, s, url.Values{"grant_type": {"password"}, "client_id": {s.Options["clientId"]}, "client_secret": {s.Options["clientSecret"]}}), 400, "token.error.400.json"},
		"an unknown key":       {sageToken(t, s, url.Values{"grant_type": {"password"}}), 400, "token.error.400.json"},
		"the app at the login": {sageToken(t, s, url.Values{"grant_type": {"client_credentials"}, "client_id": {s.Options["clientId"]}, "client_secret": {s.Options["clientSecret"]}}), 400, "token.error.400.json"},
	} {
		if c.got.status != c.status {
			t.Errorf("%s is answered %d, want %d", name, c.got.status, c.status)
		}
		sameShape(t, c.got.json(t), []any{sample(t, "sagepeople", c.file)})
	}
}

func TestSagePeopleFilters(t *testing.T) {
	s := start(t, "sagepeople", emulate.Setup{Day: anyDay})
	got := sagepeople(t, s, sageSession(t, s), sageEmployees+"?$filter="+url.QueryEscape("currentEmployment.active eq false and lastName ne 'x'")).json(t)
	if n := len(at(t, got, "data").([]any)); n != 6 {
		t.Errorf("%d people are not active", n)
	}
}

func TestSagePeopleTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "sagepeople", emulate.Setup{Day: anyDay})
	agree(t, s.Truth(anyDay), sageEverybody(t, s, sageSession(t, s)), "id", map[string]string{"externalId": "id", "displayName": "fullName", "email": "emailAddress",
		"department": "hrDepartment", "jobTitle": "currentEmployment/jobTitle", "endDate": "currentEmployment/endDate", "location": "workAddress/name",
		"city": "workAddress/city", "country": "workAddress/country"}, strings.TrimSpace)
	met := map[string]int{}
	for _, record := range s.Truth(anyDay) {
		met[record["employmentStatus"]]++
	}
	if len(met) != 5 {
		t.Errorf("statuses %v", met)
	}
}

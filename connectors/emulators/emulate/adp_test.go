package emulate_test

import (
	"crypto/tls"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

func adpToken(t testing.TB, s *emulate.Server) string {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {s.Options["clientId"]}, "client_secret": {s.Options["clientSecret"]}}
	got := ask(t, s, "POST", "/auth/oauth/v2/token", form.Encode(), sendForm, "X-Forwarded-Host: accounts.adp.com").json(t)
	sameShape(t, got, []any{sample(t, "adp", "token.json")})
	return "Authorization: Bearer " + at(t, got, "access_token").(string)
}

// adpEverybody reads page after page until there is no content.
func adpEverybody(t testing.TB, s *emulate.Server, query string) []any {
	t.Helper()
	var people []any
	token := adpToken(t, s)
	for {
		got := ask(t, s, "GET", fmt.Sprintf("/hr/v2/workers?$top=100&$skip=%d%s", len(people), query), "", token)
		if got.status == 204 {
			return people
		}
		people = append(people, at(t, got.json(t), "workers").([]any)...)
	}
}

func TestADPAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "adp", emulate.Setup{})
	token := adpToken(t, s)
	samples := []any{sample(t, "adp", "employees.1.json"), sample(t, "adp", "employees.2.json")}
	loose := []string{"customFieldGroup", "Remuneration", "ethnicityCode", "maritalStatusCode", "preferredName", "rehireDate", "/jobCode", "/assignedOrganizationalUnits",
		"/homeWorkLocation/", "/legalAddress/", "Name", "/reasonCode", "/extension", "/correspondenceLanguage"}
	sameShape(t, ask(t, s, "GET", "/hr/v2/workers?%24top=100", "", token).json(t), samples, loose...)
	sameShape(t, ask(t, s, "GET", "/hr/v2/workers/G3MADEUP00005109", "", token).json(t), append(samples, sample(t, "adp", "worker.aoid.json")),
		append(loose, "/homeWorkLocation", "/photos", "/communication", "/businessCommunication", "/genderCode", "/terminationDate", "/birthDate", "/reportsTo", "/itemID")...)
	for _, table := range []string{"departments", "associate-work-locations", "cost-centers", "business-units"} {
		sameShape(t, ask(t, s, "GET", "/hcm/v1/validation-tables/"+table, "", token).json(t), []any{sample(t, "adp", "validation-tables-"+table+".json")})
	}
}

func TestADPTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "adp", emulate.Setup{Day: anyDay, PageCap: 50})
	agree(t, s.Truth(anyDay), adpEverybody(t, s, ""), "associateOID", map[string]string{"employeeNumber": "workerID/idValue", "firstName": "person/legalName/givenName",
		"city": "person/legalAddress/cityName", "region": "person/legalAddress/countrySubdivisionLevel1/codeValue", "gender": "person/genderCode/longName",
		"locale": "person/correspondenceLanguage/codeValue", "country": "person/legalAddress/countryCode"}, strings.TrimSpace)
}

func TestADPIsStrict(t *testing.T) {
	s := start(t, "adp", emulate.Setup{})
	token := adpToken(t, s)
	for name, c := range map[string]struct {
		path, header, more string
		status             int
		file               string
	}{
		"no token":          {"/hr/v2/workers", "X: y", "X: y", 401, "error.401.json"},
		"another host":      {"/hr/v2/workers", token, "X-Forwarded-Host: api.eu.adp.com", 404, "error.404.json"},
		"own host":          {"/hr/v2/workers?$top=1", token, "X-Forwarded-Host: api.adp.com", 200, ""},
		"101 a page":        {"/hr/v2/workers?$top=101", token, "X: y", 400, "error.400.json"},
		"none a page":       {"/hr/v2/workers?$top=0", token, "X: y", 400, "error.400.json"},
		"unknown parameter": {"/hr/v2/workers?top=1", token, "X: y", 400, "error.400.json"},
		"wrong filter":      {"/hr/v2/workers?$filter=person%20eq%20%27x%27", token, "X: y", 400, "error.400.json"},
		"filter":            {"/hr/v2/workers?$filter=workers/workAssignments/assignmentStatus/statusCode/codeValue%20eq%20%27L%27", token, "X: y", 200, ""},
		"wrong path":        {"/hr/v2/workerz", token, "X: y", 404, "error.404.json"},
		"nobody":            {"/hr/v2/workers/G3MADEUP00000001", token, "X: y", 404, "error.404.json"},
		"behind the end":    {"/hr/v2/workers?$skip=1000", token, "X: y", 204, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := ask(t, s, "GET", c.path, "", c.header, c.more)
			if got.status != c.status {
				t.Errorf("status %d, want %d: %.300s", got.status, c.status, got.body)
			}
			if c.file != "" {
				sameShape(t, got.json(t), []any{sample(t, "adp", c.file)})
			}
		})
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"x"}, "client_secret": {"y"}}
	got := ask(t, s, "POST", "/auth/oauth/v2/token", form.Encode(), sendForm)
	if got.status != 401 {
		t.Errorf("a wrong credential is answered %d", got.status)
	}
	sameShape(t, got.json(t), []any{sample(t, "adp", "error.401.token.json")})
}

func TestADPSendsOnlyWhatIsSelected(t *testing.T) {
	s := start(t, "adp", emulate.Setup{})
	people := adpEverybody(t, s, "&$select=workers/associateOID,workers/person/legalName")
	if len(people) != 119 || told(people[0], "person/legalName/givenName") == "" || strings.Contains(encode(t, people), "SENSITIVE") {
		t.Errorf("%d people, the first is %v", len(people), people[0])
	}
	if all := encode(t, adpEverybody(t, s, "")); !strings.Contains(all, "SENSITIVE-SSN") || !strings.Contains(all, `"birthDate":"0000-`) {
		t.Error("what a client has to drop does not come")
	}
}

func TestADPGivesOutACertificateThatFitsItsKey(t *testing.T) {
	s := start(t, "adp", emulate.Setup{})
	if _, err := tls.X509KeyPair([]byte(s.Options["certificate"]), []byte(s.Options["privateKey"])); err != nil {
		t.Error(err)
	}
}

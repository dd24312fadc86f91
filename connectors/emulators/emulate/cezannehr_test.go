package emulate_test

import (
	"net/url"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const cezanneService = "/cezanneondemand/v7/dataservice.svc/"

func cezanneForm(s *emulate.Server) url.Values {
	return url.Values{"grant_type": {"client_credentials"}, "client_id": {s.Options["clientId"]}, "client_secret": {s.Options["clientSecret"]}, "scope": {s.Options["scope"]}}
}

func cezanneToken(t testing.TB, s *emulate.Server) string {
	t.Helper()
	path := strings.TrimPrefix(s.Options["tokenUrl"], "https://w3.cezanneondemand.com")
	got := ask(t, s, "POST", path, cezanneForm(s).Encode(), sendForm, "X-Forwarded-Host: w3.cezanneondemand.com").json(t)
	sameShape(t, got, []any{sample(t, "cezannehr", "token.json")})
	return "Authorization: Bearer " + at(t, got, "access_token").(string)
}

// cezanneRows follows the links to the end.
func cezanneRows(t testing.TB, s *emulate.Server, set string) []any {
	t.Helper()
	var rows []any
	token, next := cezanneToken(t, s), cezanneService+set+"?$top=50"
	for next != "" {
		page := ask(t, s, "GET", next, "", token, wantJSON).json(t)
		rows = append(rows, at(t, page, "value").([]any)...)
		link, _ := at(t, page, "odata.nextLink").(string)
		next = strings.TrimPrefix(link, "https://w3.cezanneondemand.com")
	}
	return rows
}

func TestCezanneHRAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "cezannehr", emulate.Setup{})
	token := cezanneToken(t, s)
	employees := []any{sample(t, "cezannehr", "employees.1.json"), sample(t, "cezannehr", "employees.2.json")}
	loose := []string{"NAME", "UDFBADGE", "/ACTIVEEMPLOYEE", "/EFFECTIVEFROM", "/SUPERVISOR", "/POSITIONTITLE", "/ORGUNITCODE", "/CONTRACTTERM", "/LASTWORKDATE", "/NATIONALITYDESCRIPTION", "HIREDATE"}
	sameShape(t, ask(t, s, "GET", cezanneService+"allpeoplesearch?$top=60", "", token, wantJSON).json(t), employees, loose...)
	sameShape(t, ask(t, s, "GET", cezanneService+"allpeoplesearch?$top=60", "", token, "Accept: application/json;odata=verbose").json(t),
		[]any{sample(t, "cezannehr", "employees.odata-v2-shape.json")}, append(loose, "/d/results[]/")...)
	for set, file := range map[string]string{"People": "people.json", "Employments": "employments.json", "orgunits": "orgunits-search.json"} {
		sameShape(t, ask(t, s, "GET", cezanneService+set+"?$format=json", "", token).json(t), []any{sample(t, "cezannehr", file)}, append(loose, "odata.nextLink")...)
	}
	if got := ask(t, s, "GET", "/CezanneOnDemand/v7/dataservice.svc/allpeoplesearch", "", token); !strings.Contains(string(got.body), "<feed") {
		t.Errorf("without JSON the answer is %.100s", got.body)
	}
	if got := ask(t, s, "GET", cezanneService+"$metadata", "", token); !strings.Contains(string(got.body), `Name="INTERNALEMAILADDRESS"`) {
		t.Errorf("metadata is %.300s", got.body)
	}
}

func TestCezanneHRTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "cezannehr", emulate.Setup{Day: anyDay, PageCap: 25})
	people, rows, joined := cezanneRows(t, s, "People"), cezanneRows(t, s, "allpeoplesearch"), []any{}
	for _, row := range rows {
		if id := told(row, "EMPLOYMENTID"); len(id) == len("E5101") {
			joined = append(joined, row)
		}
	}
	if len(rows) < len(joined)+5 || len(people) != len(joined) {
		t.Errorf("%d rows, %d of them main, %d people", len(rows), len(joined), len(people))
	}
	agree(t, s.Truth(anyDay), joined, "PERSONID", map[string]string{"firstName": "GIVENNAME", "lastName": "FAMILYNAME", "displayName": "FORMATTEDNAME", "email": "INTERNALEMAILADDRESS",
		"personalEmail": "EXTERNALEMAILADDRESS", "jobTitle": "POSITIONTITLE", "department": "ORGUNITNAME", "costCenter": "COSTCENTRENAME", "office": "LOCATIONNAME",
		"legalEntity": "COMPANYNAME", "employmentType": "CONTRACTTERM", "workPhone": "WORKPHONENUMBER"}, strings.TrimSpace)
	if truth := s.Truth(anyDay); truth["00005117"]["displayName"] != truth["00005161"]["displayName"] || truth["00005215"]["managerId"] != "" || truth["00005103"]["managerId"] != "00005220" {
		t.Errorf("supervisors %v, %v", truth["00005215"], truth["00005103"])
	}
}

func TestCezanneHRIsStrict(t *testing.T) {
	s := start(t, "cezannehr", emulate.Setup{})
	token := cezanneToken(t, s)
	for name, c := range map[string]struct {
		path, header, more string
		status             int
		file               string
	}{
		"no token":             {cezanneService + "People", "X: y", "X: y", 401, "error.401.json"},
		"another host":         {cezanneService + "People", token, "X-Forwarded-Host: w4.cezanneondemand.com", 404, "error.404.json"},
		"own host":             {cezanneService + "People", token, "X-Forwarded-Host: w3.cezanneondemand.com", 200, ""},
		"old version":          {"/cezanneondemand/v1/dataservice.svc/People", token, "X: y", 404, "error.404.json"},
		"unknown set":          {cezanneService + "allpeoplesearchx", token, "X: y", 404, "error.404.json"},
		"unknown option":       {cezanneService + "People?$page=1", token, "X: y", 400, "error.401.json"},
		"link of our own":      {cezanneService + "People?$skiptoken='x'", token, "X: y", 400, "error.401.json"},
		"none a page":          {cezanneService + "People?$top=0", token, "X: y", 400, "error.401.json"},
		"absences and so on":   {cezanneService + "personabsenceevents", token, wantJSON, 200, ""},
		"companies":            {cezanneService + "companydetails", token, wantJSON, 200, ""},
		"places":               {cezanneService + "locationdeployments", token, wantJSON, 200, ""},
		"only some properties": {cezanneService + "People?$select=PERSONID", token, wantJSON, 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := ask(t, s, "GET", c.path, "", c.header, c.more)
			if got.status != c.status {
				t.Errorf("status %d, want %d: %.300s", got.status, c.status, got.body)
			}
			if c.file != "" {
				sameShape(t, got.json(t), []any{sample(t, "cezannehr", c.file)})
			}
		})
	}
	for field, bad := range map[string]string{"client_secret": "x", "scope": "API write access", "grant_type": "password"} {
		form := cezanneForm(s)
		form.Set(field, bad)
		got := ask(t, s, "POST", "/CezanneOnDemand/-/tidewick/OAuth/Token", form.Encode(), sendForm)
		if got.status != 400 {
			t.Errorf("a wrong %s is answered %d", field, got.status)
		}
		sameShape(t, got.json(t), []any{sample(t, "cezannehr", "error.400.token.json")})
	}
}

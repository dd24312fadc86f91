package emulate_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/url"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const (
	entraidSelect = "id,userPrincipalName,displayName,givenName,surname,mail,mailNickname,accountEnabled,employeeId,employeeType,employeeHireDate," +
		"employeeLeaveDateTime,employeeOrgData,jobTitle,department,companyName,officeLocation,businessPhones,mobilePhone,streetAddress,city,state,postalCode," +
		"country,usageLocation,preferredLanguage,otherMails,userType,createdDateTime,onPremisesSyncEnabled,onPremisesExtensionAttributes," +
		"extension_22222222333344448555666666666666_bicycles"
	entraidUsers = "/v1.0/users?$top=999&$select=" + entraidSelect + "&$expand=manager($select=id,userPrincipalName,employeeId)"
)

func entraidForm(s *emulate.Server) url.Values {
	return url.Values{"grant_type": {"client_credentials"}, "client_id": {s.Options["clientId"]},
		"client_secret": {s.Options["clientSecret"]}, "scope": {"https://graph.microsoft.com/.default"}}
}

func entraidAsk(t testing.TB, s *emulate.Server, form url.Values) reply {
	t.Helper()
	return ask(t, s, "POST", "/"+s.Options["tenantId"]+"/oauth2/v2.0/token", form.Encode(), sendForm, "X-Forwarded-Host: login.microsoftonline.com")
}

func entraidToken(t testing.TB, s *emulate.Server) string {
	t.Helper()
	return "Authorization: Bearer " + at(t, entraidAsk(t, s, entraidForm(s)).json(t), "access_token").(string)
}

func TestEntraIDAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "entraid", emulate.Setup{PageCap: 80})
	token := entraidToken(t, s)
	sameShape(t, ask(t, s, "GET", entraidUsers, "", token).json(t), []any{sample(t, "entraid", "users-page.json")}, "Attribute", "/extension_",
		"/employeeLeaveDateTime", "/givenName", "/surname", "/jobTitle", "/department", "/employeeId", "/employeeType", "/division", "/costCenter",
		"/officeLocation", "/state", "/streetAddress", "/postalCode", "manager/employeeId")
	delta := ask(t, s, "GET", "/v1.0/users/delta?$select=id,displayName,accountEnabled", "", token).json(t)
	rest := ask(t, s, "GET", strings.TrimPrefix(at(t, delta, "@odata.nextLink").(string), "https://graph.microsoft.com"), "", token).json(t)
	sameShape(t, rest, []any{sample(t, "entraid", "delta-page.json")}, "@removed")
	none := ask(t, s, "GET", strings.TrimPrefix(at(t, rest, "@odata.deltaLink").(string), "https://graph.microsoft.com"), "", token).json(t)
	if n := len(at(t, none, "value").([]any)); n != 0 {
		t.Errorf("%d people have changed since", n)
	}
}

func TestEntraIDTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "entraid", emulate.Setup{Day: anyDay})
	token := entraidToken(t, s)
	truth, people := s.Truth(anyDay), []any{}
	gone := at(t, ask(t, s, "GET", "/v1.0/directory/deletedItems/microsoft.graph.user?$select="+entraidSelect, "", token).json(t), "value").([]any)
	for _, p := range append(gone, at(t, ask(t, s, "GET", entraidUsers, "", token).json(t), "value").([]any)...) {
		if told(p, "userType") == "Member" && !strings.Contains(told(p, "userPrincipalName"), "#EXT#") {
			people = append(people, p)
		}
	}
	for id, m := range map[string]string{"5101": "", "5103": "5220", "5111": "9999"} {
		if got := truth["0a6e1f0c-1111-4aaa-8bbb-00000000"+id]["managerId"]; (got == "") != (m == "") || !strings.Contains(got, m) {
			t.Errorf("manager of %s is %q", id, got)
		}
	}
	agree(t, truth, people, "id", map[string]string{"displayName": "displayName", "firstName": "givenName", "jobTitle": "jobTitle", "employeeNumber": "employeeId",
		"legalEntity": "companyName", "costCenter": "employeeOrgData/costCenter", "locale": "preferredLanguage", "country": "country", "office": "officeLocation",
		"custom.extensionAttribute1":                                 "onPremisesExtensionAttributes/extensionAttribute1",
		"custom.extension_22222222333344448555666666666666_bicycles": "extension_22222222333344448555666666666666_bicycles"}, strings.TrimSpace)
}

func TestEntraIDIsStrict(t *testing.T) {
	s := start(t, "entraid", emulate.Setup{Hidden: []string{"employeeLeaveDateTime"}})
	token := entraidToken(t, s)
	for name, c := range map[string]struct {
		path, header, more string
		status             int
	}{
		"no token":               {"/v1.0/users", "X: y", "X: y", 401},
		"another host":           {"/v1.0/users", token, "X-Forwarded-Host: graph.microsoft.us", 404},
		"own host":               {"/v1.0/users", token, "X-Forwarded-Host: graph.microsoft.com", 200},
		"page of 1000":           {"/v1.0/users?$top=1000", token, "X: y", 400},
		"skip":                   {"/v1.0/users?$skip=10", token, "X: y", 400},
		"unknown property":       {"/v1.0/users?$select=id,costCenter", token, "X: y", 400},
		"property of SharePoint": {"/v1.0/users?$select=id,birthday", token, "X: y", 400},
		"birthday alone":         {"/v1.0/users/person.5102@corp.example?$select=birthday", token, "X: y", 200},
		"hidden property":        {"/v1.0/users?$select=id,employeeLeaveDateTime", token, "X: y", 403},
		"filter":                 {"/v1.0/users?$filter=employeeId+eq+'00002'", token, "X: y", 200},
		"advanced filter":        {"/v1.0/users?$filter=userType+ne+'Guest'", token, "X: y", 400},
		"with its header":        {"/v1.0/users?$filter=userType+ne+'Guest'&$count=true", token, "ConsistencyLevel: eventual", 200},
		"token of our own":       {"/v1.0/users?$skiptoken=abc", token, "X: y", 400},
		"old delta token":        {"/v1.0/users/delta?$deltatoken=abc", token, "X: y", 410},
		"manager of nobody":      {"/v1.0/users/person.5115@corp.example/manager", token, "X: y", 404},
		"organization":           {"/v1.0/organization?$select=id,displayName,verifiedDomains", token, "X: y", 200},
		"groups":                 {"/v1.0/groups", token, "X: y", 200},
		"members":                {"/v1.0/groups/5c0ffee0-2222-4bbb-8ccc-000000281521/members?$top=999", token, "X: y", 200},
		"nowhere":                {"/v1.0/people", token, "X: y", 404},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ask(t, s, "GET", c.path, "", c.header, c.more); got.status != c.status {
				t.Errorf("status %d, want %d: %.300s", got.status, c.status, got.body)
			}
		})
	}
	if got := ask(t, s, "POST", "/v1.0/directoryObjects/getAvailableExtensionProperties", "", token); !strings.Contains(string(got.body), "_bicycles") {
		t.Errorf("extensions are %d %.300s", got.status, got.body)
	}
}

func TestEntraIDRefusesApplicationsByNumber(t *testing.T) {
	s := start(t, "entraid", emulate.Setup{})
	for number, change := range map[string]func(url.Values){
		"7000215": func(v url.Values) { v.Set("client_secret", "x") },
		"700016":  func(v url.Values) { v.Set("client_id", "x") },
		"70011":   func(v url.Values) { v.Set("scope", "https://graph.microsoft.us/.default") },
		"70003":   func(v url.Values) { v.Set("grant_type", "password") },
	} {
		form := entraidForm(s)
		change(form)
		if got := entraidAsk(t, s, form); got.status < 400 || !strings.Contains(string(got.body), `"error_codes":[`+number+`]`) {
			t.Errorf("%s: %d %s", number, got.status, got.body)
		}
	}
	if got := ask(t, s, "POST", "/elsewhere.example/oauth2/v2.0/token", entraidForm(s).Encode(), sendForm); !strings.Contains(string(got.body), "AADSTS90002") {
		t.Errorf("an unknown tenant is answered %d %s", got.status, got.body)
	}
}

func TestEntraIDGivesTokensToAPerson(t *testing.T) {
	s := start(t, "entraid", emulate.Setup{Way: "oauth"})
	sum := sha256.Sum256([]byte("verifier"))
	q := url.Values{"client_id": {s.Options["clientId"]}, "response_type": {"code"}, "redirect_uri": {"http://localhost:4711"}, "state": {"abc"},
		"scope": {"https://graph.microsoft.com/User.Read.All offline_access"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}}
	to, err := url.Parse(ask(t, s, "GET", "/"+s.Options["tenantId"]+"/oauth2/v2.0/authorize?"+q.Encode(), "").header.Get("Location"))
	if err != nil || to.Host != "localhost:4711" || to.Query().Get("state") != "abc" {
		t.Fatalf("consent leads to %v: %v", to, err)
	}
	form := url.Values{"client_id": q["client_id"], "grant_type": {"authorization_code"}, "code": {to.Query().Get("code")},
		"redirect_uri": q["redirect_uri"], "code_verifier": {"verifier"}}
	given := entraidAsk(t, s, form).json(t)
	form = url.Values{"client_id": q["client_id"], "grant_type": {"refresh_token"}, "refresh_token": {at(t, given, "refresh_token").(string)}}
	fresh := "Authorization: Bearer " + at(t, entraidAsk(t, s, form).json(t), "access_token").(string)
	if got := ask(t, s, "GET", "/v1.0/organization", "", fresh); got.status != 200 {
		t.Errorf("the fresh token is answered %d", got.status)
	}
}

func TestEntraIDGivesTokensToACertificate(t *testing.T) {
	s := start(t, "entraid", emulate.Setup{Way: "certificate"})
	block, _ := pem.Decode([]byte(s.Options["privateKey"]))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	block, _ = pem.Decode([]byte(s.Options["certificate"]))
	print := sha256.Sum256(block.Bytes)
	sign := func(audience string) string {
		head := map[string]string{"alg": "PS256", "typ": "JWT", "x5t#S256": base64.RawURLEncoding.EncodeToString(print[:])}
		said := map[string]any{"aud": audience, "iss": s.Options["clientId"], "sub": s.Options["clientId"], "jti": "1", "nbf": 1000, "exp": 1600}
		text := base64.RawURLEncoding.EncodeToString([]byte(encode(t, head))) + "." + base64.RawURLEncoding.EncodeToString([]byte(encode(t, said)))
		sum := sha256.Sum256([]byte(text))
		sig, err := rsa.SignPSS(rand.Reader, key.(*rsa.PrivateKey), crypto.SHA256, sum[:], nil)
		if err != nil {
			t.Fatal(err)
		}
		return text + "." + base64.RawURLEncoding.EncodeToString(sig)
	}
	form := entraidForm(s)
	form.Del("client_secret")
	form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
	good := sign("https://login.microsoftonline.com/" + s.Options["tenantId"] + "/oauth2/v2.0/token")
	for name, assertion := range map[string]string{"another audience": sign("https://login.microsoftonline.us/"), "another signature": good[:len(good)-8] + "AAAAAAAA", "none": ""} {
		form.Set("client_assertion", assertion)
		if got := entraidAsk(t, s, form); got.status != 401 || !strings.Contains(string(got.body), "AADSTS700027") {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	form.Set("client_assertion", good)
	token := "Authorization: Bearer " + at(t, entraidAsk(t, s, form).json(t), "access_token").(string)
	if got := ask(t, s, "GET", "/v1.0/organization", "", token); got.status != 200 {
		t.Errorf("the token is answered %d", got.status)
	}
}

func TestEntraIDPagesGoWrongWhenToldSo(t *testing.T) {
	s := start(t, "entraid", emulate.Setup{PageCap: 50})
	token := entraidToken(t, s)
	follow := func(pages int) (firsts []string) {
		for next := "/v1.0/users?$top=999&$select=id"; next != "" && len(firsts) < pages; {
			got := ask(t, s, "GET", next, "", token).json(t)
			firsts = append(firsts, told(at(t, got, "value", 0), "id"))
			next = strings.TrimPrefix(told(got, "@odata.nextLink"), "https://graph.microsoft.com")
		}
		return firsts
	}
	honest := follow(9)
	for kind, want := range map[emulate.Kind][]int{emulate.EndlessPages: {0, 1, 2, 0}, emulate.StuckPage: {0, 0, 0, 0}, emulate.RepeatedPage: {0, 0, 1, 2}, emulate.ShrinkingList: {0, 1, 2}} {
		s.Fault(emulate.Fault{Kind: kind})
		got := follow(4)
		s.Clear()
		for i, page := range want {
			if len(honest) != 3 || len(got) != len(want) || got[i] != honest[page] {
				t.Errorf("fault %v: pages begin with %v, and honestly with %v", kind, got, honest)
				break
			}
		}
	}
}

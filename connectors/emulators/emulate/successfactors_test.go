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
	"time"

	"rollcall/connectors/emulators/emulate"
)

const successfactorsAll = "/odata/v2/PerPerson?$format=json&paging=snapshot&customPageSize=1000&fromDate=1900-01-01&toDate=9999-12-31&$expand=" +
	"personalInfoNav,emailNav/emailTypeNav,phoneNav/phoneTypeNav,employmentNav/userNav,employmentNav/jobInfoNav/departmentNav," +
	"employmentNav/jobInfoNav/divisionNav,employmentNav/jobInfoNav/businessUnitNav,employmentNav/jobInfoNav/companyNav," +
	"employmentNav/jobInfoNav/costCenterNav,employmentNav/jobInfoNav/locationNav/addressNavDEFLT,employmentNav/jobInfoNav/emplStatusNav," +
	"employmentNav/jobInfoNav/employmentTypeNav,employmentNav/jobInfoNav/employeeClassNav,employmentNav/jobInfoNav/managerUserNav,personEmpTerminationInfoNav"

func successfactorsBasic(s *emulate.Server) string {
	return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(s.Options["username"]+"@"+s.Options["companyId"]+":"+s.Options["password"]))
}

// successfactorsAssertion is written in the canonical form already, so that only the digest and the signature are missing.
func successfactorsAssertion(t *testing.T, s *emulate.Server, key *rsa.PrivateKey, until time.Time) string {
	t.Helper()
	end, to := until.UTC().Format(time.RFC3339), "https://"+s.Options["apiServer"]+"/oauth/token"
	const open = `<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ID="a1" IssueInstant="2026-06-18T12:00:00Z" Version="2.0">`
	body := `<saml2:Issuer>www.successfactors.com</saml2:Issuer>{}<saml2:Subject><saml2:NameID>` + s.Options["username"] + `</saml2:NameID>` +
		`<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml2:SubjectConfirmationData NotOnOrAfter="` + end +
		`" Recipient="` + to + `"></saml2:SubjectConfirmationData></saml2:SubjectConfirmation></saml2:Subject><saml2:Conditions NotOnOrAfter="` + end +
		`"><saml2:AudienceRestriction><saml2:Audience>www.successfactors.com</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>` +
		`<saml2:AttributeStatement><saml2:Attribute Name="api_key"><saml2:AttributeValue>` + s.Options["apiKey"] + `</saml2:AttributeValue></saml2:Attribute>` +
		`<saml2:Attribute Name="use_username"><saml2:AttributeValue>true</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement></saml2:Assertion>`
	digest := sha256.Sum256([]byte(open + strings.Replace(body, "{}", "", 1)))
	const ds = ` xmlns:ds="http://www.w3.org/2000/09/xmldsig#"`
	info := `<ds:SignedInfo` + ds + `><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod>` +
		`<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod><ds:Reference URI="#a1"><ds:Transforms>` +
		`<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>` +
		`<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms>` +
		`<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>` +
		base64.StdEncoding.EncodeToString(digest[:]) + `</ds:DigestValue></ds:Reference></ds:SignedInfo>`
	sum := sha256.Sum256([]byte(info))
	value, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	signature := `<ds:Signature` + ds + `>` + strings.Replace(info, ds, "", 1) + `<ds:SignatureValue>` + base64.StdEncoding.EncodeToString(value) + `</ds:SignatureValue></ds:Signature>`
	return base64.StdEncoding.EncodeToString([]byte(open + strings.Replace(body, "{}", signature, 1)))
}

func TestSuccessfactorsAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "successfactors", emulate.Setup{Day: anyDay})
	got := ask(t, s, "GET", successfactorsAll, "", successfactorsBasic(s)).json(t)
	sameShape(t, got, []any{sample(t, "successfactors", "employees.1.json"), sample(t, "successfactors", "employees.2.json")}, "/custom", "__next",
		"Nav/name", "payGrade", "/localJobTitle", "/middleName", "/hireDate", "/address", "/region", "/state", "/zipCode", "/city", "businessUnit",
		"Name", "extension", "phoneNav/results[]/countryCode", "/gender", "/timeZone", "/defaultLocale", "/employmentNav/results[]/startDate",
		"riginalStartDate", "firstDateWorked", "emailAddress", "/email", "/company", "/emplStatusNav", "/preferredName", "/photoNav")
	for path, file := range map[string]string{
		"FODepartment": "FODepartment.json", "FOCompany": "FOCompany.json", "FOCostCenter": "FOCostCenter.json",
		"FOLocation?$expand=addressNavDEFLT":                                 "FOLocation.json",
		"User?$expand=manager&$filter=status%20in%20't','f','T','F','e','d'": "User.json",
		"FODivision?oops=1": "error.400.json",
		"FONobody":          "error.404.json",
	} {
		t.Run(path, func(t *testing.T) {
			got := ask(t, s, "GET", "/odata/v2/"+path, "", successfactorsBasic(s), wantJSON).json(t)
			sameShape(t, got, []any{sample(t, "successfactors", file)}, "/name", "/currency", "costCenter", "headOfUnit", "/address", "/state", "/hireDate",
				"/timeZone", "/defaultLocale", "/custom", "/email", "/title", "/department")
		})
	}
}

func TestSuccessfactorsIsStrict(t *testing.T) {
	s := start(t, "successfactors", emulate.Setup{Day: anyDay})
	for name, c := range map[string]struct {
		path, header, more string
		status             int
	}{
		"no credentials":    {"PerPerson", "X: y", wantJSON, 401},
		"another company":   {"PerPerson", "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("sfapi_sync@OTHER:x")), wantJSON, 403},
		"unknown expand":    {"PerPerson?$expand=nobodyNav", successfactorsBasic(s), wantJSON, 400},
		"page of 1001":      {"PerPerson?paging=snapshot&customPageSize=1001", successfactorsBasic(s), wantJSON, 400},
		"size without kind": {"PerPerson?customPageSize=10", successfactorsBasic(s), wantJSON, 400},
		"another filter":    {"PerPerson?$filter=firstName%20eq%20'x'", successfactorsBasic(s), wantJSON, 400},
		"own skiptoken":     {"PerPerson?paging=snapshot&$skiptoken=abc", successfactorsBasic(s), wantJSON, 400},
		"changed":           {"PerPerson?$filter=lastModifiedDateTime%20gt%20datetimeoffset'2026-06-01T00:00:00Z'", successfactorsBasic(s), wantJSON, 200},
		"browser's host":    {"PerPerson", successfactorsBasic(s), "X-Forwarded-Host: performancemanager.successfactors.eu", 403},
		"another host":      {"PerPerson", successfactorsBasic(s), "X-Forwarded-Host: api4.successfactors.com", 404},
		"picklist":          {"Picklist('ecEmailType')?$expand=picklistOptions/picklistLabels", successfactorsBasic(s), wantJSON, 200},
		"metadata":          {"$metadata", successfactorsBasic(s), wantJSON, 200},
		"jobs":              {"EmpJob?$expand=departmentNav", successfactorsBasic(s), wantJSON, 200},
		"day and span":      {"PerPerson?asOfDate=2026-01-01&toDate=2027-01-01", successfactorsBasic(s), wantJSON, 400},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ask(t, s, "GET", "/odata/v2/"+c.path, "", c.header, c.more); got.status != c.status {
				t.Errorf("status %d, want %d: %.300s", got.status, c.status, got.body)
			}
		})
	}
	plain := ask(t, s, "GET", "/odata/v2/PerPerson?$format=json", "", successfactorsBasic(s)).json(t)
	if n := len(at(t, plain, "d", "results").([]any)); n < 100 || n >= len(s.Truth(anyDay)) {
		t.Errorf("a plain read gives %d people, and should leave out who has not come yet", n)
	}
}

func TestSuccessfactorsChecksWhoSignedTheAssertion(t *testing.T) {
	s := start(t, "successfactors", emulate.Setup{Way: "saml", Day: anyDay})
	block, _ := pem.Decode([]byte(s.Options["privateKey"]))
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	key := parsed.(*rsa.PrivateKey)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	soon := time.Now().Add(10 * time.Minute)
	form := url.Values{"company_id": {s.Options["companyId"]}, "client_id": {s.Options["apiKey"]},
		"grant_type": {"urn:ietf:params:oauth:grant-type:saml2-bearer"}, "assertion": {successfactorsAssertion(t, s, key, soon)}}
	got := ask(t, s, "POST", "/oauth/token", form.Encode(), sendForm)
	sameShape(t, got.json(t), []any{sample(t, "successfactors", "token.json")})
	token := at(t, got.json(t), "access_token").(string)
	if again := ask(t, s, "POST", "/oauth/token", form.Encode(), sendForm).json(t); at(t, again, "access_token") != token {
		t.Error("the same token was not given back")
	}
	if got := ask(t, s, "GET", "/odata/v2/PerPerson?$format=json", "", "Authorization: Bearer "+token); got.status != 200 {
		t.Errorf("the token is answered %d", got.status)
	}
	for name, assertion := range map[string]string{
		"another key": successfactorsAssertion(t, s, other, soon), "too late": successfactorsAssertion(t, s, key, time.Now().Add(-time.Hour)),
		"nonsense": "bm9uc2Vuc2U=", "changed": strings.Replace(form.Get("assertion"), "U", "V", 1),
	} {
		form.Set("assertion", assertion)
		if got := ask(t, s, "POST", "/oauth/token", form.Encode(), sendForm); got.status != 401 {
			t.Errorf("%s: status %d", name, got.status)
		}
	}
}

func TestSuccessfactorsTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "successfactors", emulate.Setup{Day: anyDay, PageCap: 50})
	var people []any
	for path := successfactorsAll; path != ""; {
		got := ask(t, s, "GET", path, "", successfactorsBasic(s)).json(t)
		for _, p := range at(t, got, "d", "results").([]any) {
			p.(map[string]any)["personal"] = at(t, p, "personalInfoNav", "results", 0)
			people = append(people, p)
		}
		next, _ := at(t, got, "d").(map[string]any)["__next"].(string)
		path = strings.TrimPrefix(next, "https://api12.sapsf.eu")
	}
	agree(t, s.Truth(anyDay), people, "personIdExternal", map[string]string{"firstName": "personal/firstName", "lastName": "personal/lastName",
		"preferredName": "personal/preferredName", "gender": "personal/gender", "employeeNumber": "personIdExternal"}, strings.TrimSpace)
	met := map[string]int{}
	for _, r := range s.Truth(anyDay) {
		met[r["employmentStatus"]]++
	}
	for _, status := range []string{"active", "on_leave", "terminated", "future", "unknown"} {
		if met[status] == 0 {
			t.Errorf("nobody is %s", status)
		}
	}
}

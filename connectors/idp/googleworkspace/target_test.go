package googleworkspace

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

func TestEveryScopeHasAPermissionAndTheOtherWayRound(t *testing.T) {
	all := map[string]bool{readUsers: true, readSchemas: true}
	for _, w := range wishes(core.Answers{core.Groups: "a"}) {
		all[w.scope] = true
		if w.other != "" {
			all[w.other] = true
		}
	}
	for _, p := range vendor.Permissions {
		if !all[p.ID] {
			t.Errorf("nobody asks for %s", p.ID)
		}
		delete(all, p.ID)
	}
	if len(all) > 0 {
		t.Errorf("no permission tells of %v", all)
	}
	if scopes := wishes(core.Answers{"customFields": "false", "signOut": "false"}); len(scopes) != 3 {
		t.Errorf("what is switched off is asked for: %v", scopes)
	}
}

// said is an error as the client makes it of Google's answer.
func said(status int, reason, message string) error {
	body, _ := json.Marshal(user{"error": user{"code": status, "message": message, "errors": []any{user{"reason": reason, "message": message}}}})
	code := map[int]core.Code{403: core.MissingScope, 404: core.NotFound, 409: core.Conflict, 412: core.Stale}[status]
	return &core.Problem{Code: code, What: message, Cause: &rest.Failure{Answer: rest.Answer{Status: status, Body: body}}}
}

func TestRefusalsNameWhatTheyAreAbout(t *testing.T) {
	target := &Target{scopes: &scopes{have: []string{writeUsers}}}
	for name, c := range map[string]struct {
		err  error
		w    core.Write
		code core.Code
		says string
	}{
		"a taken address":   {said(409, "duplicate", "Entity already exists."), core.Write{Set: map[string]string{primaryEmail: "ada@corp.example"}}, core.Conflict, "“Primary e-mail” cannot be “ada@corp.example”"},
		"a bad address":     {said(400, "invalid", "Invalid Input: primary_user_email"), core.Write{}, core.Refused, "“Primary e-mail”"},
		"a unit":            {said(400, "invalid", "Invalid Input: INVALID_OU_ID"), core.Write{}, core.Refused, "“Organisational unit”"},
		"a name":            {said(400, "invalid", "Invalid Input: name.familyName"), core.Write{}, core.Refused, "“Last name”"},
		"a phone":           {said(400, "invalid", "Invalid Input: phones.value"), core.Write{}, core.Refused, "“Work phone”"},
		"a field of theirs": {said(400, "invalid", "Invalid Input: custom_schema.Employment.badge"), core.Write{}, core.Refused, "“Employment.badge”"},
		"something else":    {said(400, "badRequest", "Bad Request"), core.Write{}, core.Refused, "“Bad Request”"},
		"a domain":          {said(404, "domainNotFound", "Domain not found."), core.Write{}, core.Refused, "domain"},
		"nobody":            {said(404, "notFound", "Resource Not Found: userKey"), core.Write{Account: "7"}, core.NotFound, "user 7"},
		"no licence":        {said(412, "limitExceeded", "Domain user limit reached."), core.Write{}, core.Refused, "licence"},
		"no licence, 403":   {said(403, "limitExceeded", "Domain user limit reached"), core.Write{}, core.Refused, "licence"},
		"an administrator":  {said(412, "conditionNotMet", "The account of a super administrator cannot be changed."), core.Write{}, core.Refused, "administrator"},
		"a change between":  {said(412, "conditionNotMet", "Precondition Failed"), core.Write{}, core.Stale, "Precondition"},
		"a missing role":    {said(403, "forbidden", "Not Authorized to access this resource/api"), core.Write{}, core.MissingScope, "role"},
		"a missing scope":   {said(403, "insufficientPermissions", "Insufficient Permission"), membership, core.MissingScope, readGroups},
	} {
		t.Run(name, func(t *testing.T) {
			err := target.explained(c.err, c.w)
			if !core.HasCode(err, c.code) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v: %v", core.AsProblem(err).Code, err)
			}
		})
	}
}

func TestNewerErrorsAreRead(t *testing.T) {
	for body, want := range map[string]string{
		`{"error":{"details":[{"@type":"x"},{"reason":"RATE_LIMIT_EXCEEDED"}]}}`:                                 "rateLimitExceeded",
		`{"error":{"errors":[{"reason":"forbidden"}],"details":[{"reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}}`: "forbidden",
		`{"error":{"details":[{"reason":"duplicate"}]}}`:                                                         "duplicate",
		`<html>`: "",
	} {
		if got := reason([]byte(body)); got != want {
			t.Errorf("%s: %q", body, got)
		}
	}
}

func TestLimitsAreKnownByTheirReason(t *testing.T) {
	for reason, limit := range map[string]bool{"userRateLimitExceeded": true, "quotaExceeded": true, "rateLimitExceeded": true, "forbidden": false, "limitExceeded": false} {
		body := fmt.Appendf(nil, `{"error":{"errors":[{"reason":%q}]}}`, reason)
		a := rest.Answer{Status: http.StatusForbidden, Body: body}
		if p := explain(&a); p != nil || (a.Status == http.StatusTooManyRequests) != limit {
			t.Errorf("%s: status %d, %v", reason, a.Status, p)
		}
	}
}

const ada = `{"id":"1","primaryEmail":"ada@corp.example","aliases":["a@corp.example"],"name":{"givenName":"Ada","familyName":"Berg","fullName":"Ada Berg"},
	"emails":[{"address":"ada@home.example","type":"other"},{"address":"a@corp.example"},{"address":"ada@corp.example","primary":true}],
	"organizations":[{"title":"Member","department":"Council"},{"title":"Welder","primary":true,"symbol":"X"}],
	"phones":[{"value":"1","type":"work_fax"},{"value":"2","type":"work_mobile","primary":true}],
	"relations":[{"value":"bo@corp.example","type":"manager"},{"value":"cy@corp.example","type":"assistant"}],"orgUnitPath":"/",
	"gender":{"type":"female","addressMeAs":"she"},"customSchemas":{"Job":{"badge":"9007199254740993","fte":1.0,"projects":[{"type":"work","value":"A"}]}}}`

func decoded(t testing.TB, text string) user {
	t.Helper()
	var u user
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&u); err != nil {
		t.Fatal(err)
	}
	return u
}

var own = []attribute{
	ownField{schema: "Job", Name: "badge", Kind: "INT64"}.attribute(), ownField{schema: "Job", Name: "fte", Kind: "DOUBLE"}.attribute(),
	ownField{schema: "Job", Name: "remote", Kind: "BOOL"}.attribute(), ownField{schema: "Job", Name: "projects", Kind: "STRING", Multi: true}.attribute(),
}

func TestBodiesHoldTheWholeListAndNothingElse(t *testing.T) {
	for name, c := range map[string]struct {
		id, value, want string
	}{
		"nothing for what is so":          {"organizations.title", "Welder", `{}`},
		"the primary organisation":        {"organizations.title", "Smith", `{"organizations":[{"department":"Council","title":"Member"},{"primary":true,"symbol":"X","title":"Smith"}]}`},
		"another type stays":              {"phones.work", "3", `{"phones":[{"type":"work_fax","value":"1"},{"primary":true,"type":"work_mobile","value":"2"},{"type":"work","value":"3"}]}`},
		"the mobile one of any type":      {"phones.mobile", "3", `{"phones":[{"type":"work_fax","value":"1"},{"primary":true,"type":"work_mobile","value":"3"}]}`},
		"what is empty goes":              {"phones.mobile", "", `{"phones":[{"type":"work_fax","value":"1"}]}`},
		"addresses of Google's stay away": {"emails.home", "", `{"emails":null}`},
		"no manager":                      {"manager", "", `{"relations":[{"type":"assistant","value":"cy@corp.example"}]}`},
		"both names":                      {"name.givenName", "Ida", `{"name":{"familyName":"Berg","givenName":"Ida"}}`},
		"no gender":                       {"gender", "", `{"gender":null}`},
		"how she is spoken of":            {"gender", "other", `{"gender":{"addressMeAs":"she","type":"other"}}`},
		"a desk":                          {"locations.desk.buildingId", "STO", `{"locations":[{"area":"desk","buildingId":"STO","type":"desk"}]}`},
		"a whole number is a text":        {"custom.Job.badge", "7", `{"customSchemas":{"Job":{"badge":"7"}}}`},
		"a number is one":                 {"custom.Job.fte", "0.5", `{"customSchemas":{"Job":{"fte":0.5}}}`},
		"a field that goes":               {"custom.Job.fte", "", `{"customSchemas":{"Job":{"fte":null}}}`},
		"a truth":                         {"custom.Job.remote", "false", `{"customSchemas":{"Job":{"remote":false}}}`},
		"several keep their types":        {"custom.Job.projects", "A\x1fB", `{"customSchemas":{"Job":{"projects":[{"type":"work","value":"A"},{"value":"B"}]}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			now := decoded(t, ada)
			a, ok := find(append(own, standard...), c.id)
			if !ok {
				t.Fatal("no such attribute")
			}
			body, err := change{set: []assignment{{a, c.value}}}.body(now)
			got, _ := json.Marshal(body)
			if err != nil || string(got) != c.want {
				t.Errorf("sent %s, want %s, %v", got, c.want, err)
			}
			if untouched, _ := json.Marshal(now); string(untouched) != mustMarshal(decoded(t, ada)) {
				t.Error("the user who was read was changed")
			}
		})
	}
}

func mustMarshal(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func TestGroupsOfOneNameAreToldApartByTheirAddresses(t *testing.T) {
	got := distinct([]group{{"1", "a@corp.example", "All"}, {"2", "b@corp.example", "all"}, {"3", "c@corp.example", "Some"}, {"4", "d@corp.example", ""}})
	names := []string{got[0].name, got[1].name, got[2].name, got[3].name}
	if !slices.Equal(names, []string{"a@corp.example", "b@corp.example", "Some", "d@corp.example"}) {
		t.Errorf("got %v", names)
	}
}

// FuzzUser writes every attribute into any user and reads it back.
func FuzzUser(f *testing.F) {
	f.Add(ada, "x")
	f.Add(`{"phones":[1,null,{"type":7}],"name":"Ada","customSchemas":{"Job":[]},"aliases":"a","emails":{},"deletionTime":"soon"}`, "2")
	f.Add(`{"organizations":[null],"languages":["sv"],"gender":1,"customSchemas":{"Job":{"projects":[1,{"value":"x"}]}}}`, "")
	f.Fuzz(func(t *testing.T, data, value string) {
		var u user
		if json.Unmarshal([]byte(data), &u) != nil || u == nil {
			return
		}
		value = strings.Join(strings.Fields(value), " ") // manifest.Text cuts blanks
		p := packer{chosen: standard}
		_ = p.row(u)
		for _, a := range slices.Concat(standard, own) {
			a.get(u)
			if a.ReadOnly || a.form != asText || a.ID == orgUnit || a.ID == core.Groups || a.Kind == core.List && strings.Contains(value, core.ListSeparator) {
				continue
			}
			body := user{}
			a.put(body, u, value)
			if _, err := json.Marshal(body); err != nil {
				t.Errorf("%s: %v", a.ID, err)
			}
			body["primaryEmail"], body["aliases"] = u["primaryEmail"], nil
			if a.ID == primaryEmail {
				body["primaryEmail"] = value
			}
			if got := a.get(body); got != value && a.top != "emails" {
				t.Errorf("%s was set to %q and is %q in %v", a.ID, value, got, body)
			}
		}
	})
}

package scim

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/connectors/internal/servers"
	"rollcall/core"
)

// hurried is a clock by which nobody waits.
type hurried struct{}

func (hurried) Now() time.Time                                   { return time.Now() }
func (hurried) Sleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

func at(t testing.TB) context.Context { return rest.WithClock(t.Context(), hurried{}, 0) }

func write(t testing.TB, target core.Target, w core.Write) core.Receipt {
	t.Helper()
	r, err := target.Write(at(t), w)
	if err != nil {
		t.Fatalf("%s: %v", w.Verb, err)
	}
	return r
}

func person(n int) map[string]string {
	return map[string]string{"userName": fmt.Sprintf("new.%d@corp.example", n), "externalId": fmt.Sprint(5000 + n), "name.givenName": "New", "name.familyName": fmt.Sprint(n),
		"emails.work": fmt.Sprintf("new.%d@corp.example", n), "enterprise.employeeNumber": fmt.Sprint(5000 + n)}
}

func seed(count int) []map[string]any {
	users := make([]map[string]any, count)
	for n := range users {
		users[n] = map[string]any{"schemas": []string{coreUser, enterprise}, "userName": fmt.Sprintf("Seed.%d@corp.example", n), "externalId": fmt.Sprint(n), "active": true,
			enterprise: map[string]any{"employeeNumber": fmt.Sprint(n)}}
	}
	return users
}

func TestFiftyPeopleThroughTheirLivesWhileEveryFifthCallIsRefused(t *testing.T) {
	target := connect(t, servers.SCIMMY(t, nil, "SCIM_429=5"))
	ids := make([]string, 50)
	for n := range ids {
		set := person(n)
		if n > 0 {
			set["enterprise.manager"] = ids[0]
		}
		ids[n] = write(t, target, core.Write{Verb: core.Create, Set: set, Active: true}).Account
	}
	write(t, target, core.Write{Verb: core.Update, Account: ids[1], Set: map[string]string{"title": "Welder", "name.familyName": "Other"}})
	write(t, target, core.Write{Verb: core.Deactivate, Account: ids[2]})
	write(t, target, core.Write{Verb: core.Update, Account: ids[0], Set: map[string]string{"userName": "the.boss@corp.example"}})
	write(t, target, core.Write{Verb: core.Delete, Account: ids[3]})
	n, reports := 0, 0
	for a, err := range target.Accounts(at(t), nil) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if a.Value("enterprise.manager") == ids[0] {
			reports++
		}
		if a.Active() == (a.ID() == ids[2]) {
			t.Errorf("%s is active: %v", a.Value("userName"), a.Active())
		}
	}
	if n != 49 || reports != 48 {
		t.Errorf("%d accounts, %d report to the first", n, reports)
	}
}

func TestEverybodyIsReadWhateverThePage(t *testing.T) {
	for name, s := range map[string]servers.Service{"SCIMMY": servers.SCIMMY(t, seed(530)), "Elimity, 20 a page": servers.Elimity(t, servers.Dialect{})} {
		t.Run(name, func(t *testing.T) {
			target := connect(t, s)
			want := 530
			if name != "SCIMMY" {
				want = 45
				for n := range want {
					write(t, target, core.Write{Verb: core.Create, Set: person(n), Active: true})
				}
			}
			seen := map[string]bool{}
			for a, err := range target.Accounts(t.Context(), []string{"userName"}) {
				if err != nil {
					t.Fatal(err)
				}
				seen[a.ID()] = true
			}
			health, err := target.Check(t.Context())
			if len(seen) != want || err != nil || health.People != want {
				t.Errorf("%d read, %d told, %v", len(seen), health.People, err)
			}
		})
	}
}

func TestFindingByNumberWhereFiltersOfExtensionsFindNobody(t *testing.T) {
	target := connect(t, servers.SCIMMY(t, seed(3)))
	found, err := target.Find(t.Context(), "enterprise.employeeNumber", "2", nil)
	if err != nil || len(found) != 1 || found[0].Value("externalId") != "2" {
		t.Errorf("%d found, %v", len(found), err)
	}
}

func TestWrongTokenSaysWhatToDo(t *testing.T) {
	s := servers.SCIMMY(t, nil)
	s.Token = "wrong-token"
	_, err := connect(t, s).Check(at(t))
	if !core.HasCode(err, core.BadCredentials) || strings.Contains(err.Error(), "wrong-token") {
		t.Errorf("got %v", err)
	}
}

func TestTakenNameCarriesTheWordsOfTheSystem(t *testing.T) {
	target := connect(t, servers.SCIMMY(t, nil))
	write(t, target, core.Write{Verb: core.Create, Set: person(1), Active: true})
	_, err := target.Write(t.Context(), core.Write{Verb: core.Create, Set: person(1), Active: true})
	if !core.HasCode(err, core.Conflict) || !strings.Contains(err.Error(), "userName is taken") {
		t.Errorf("got %v", err)
	}
}

func TestContinuedRunLooksBeforeItCreates(t *testing.T) {
	s := servers.SCIMMY(t, nil)
	made := write(t, connect(t, s), core.Write{Verb: core.Create, Set: person(1), Active: true})
	found, err := connect(t, s).Find(t.Context(), "externalId", "5001", []string{"userName"})
	if err != nil || len(found) != 1 || found[0].ID() != made.Account {
		t.Errorf("%d found, %v", len(found), err)
	}
}

func TestSourceReadsTheUsersOfTheFactSheet(t *testing.T) {
	s, _ := script(t, map[string]http.HandlerFunc{"GET /Users": file("testdata/users-page.json")})
	source, err := NewSource(s, core.Env{})
	if err != nil {
		t.Fatal(err)
	}
	var people []core.Person
	for p, err := range source.People(t.Context(), core.Want{}) {
		if err != nil {
			if !core.HasCode(err, core.Incomplete) { // the sheet's page announces three and gives two
				t.Fatal(err)
			}
			break
		}
		people = append(people, p)
	}
	if len(people) != 2 {
		t.Fatalf("%d people", len(people))
	}
	for id, want := range map[string]string{"externalId": "2d121fe3-3af0-4058-b6b2-a313a0607cf2", "employeeNumber": "1001", "jobTitle": "Head of Engineering", "workPhone": "tel:+46-8-123-45-67",
		"city": "Stockholm", "addressLine1": "Storgatan 1", "legalEntity": "Corp AB", "employmentStatus": core.StatusActive, "timeZone": "Europe/Stockholm", "response.externalId": "1001"} {
		if got := people[0].Value(id); got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
	if people[1].Value("managerId") != people[0].ID() || people[1].Value("employmentStatus") != core.StatusTerminated {
		t.Errorf("Bo is %v", people[1].Map())
	}
}

func TestAttributesComeFromTheLiveSchema(t *testing.T) {
	attributes, err := connect(t, servers.Elimity(t, servers.Dialect{})).Attributes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]core.Attribute{}
	for _, a := range attributes {
		got[a.ID] = a
	}
	for id, kind := range map[string]core.Kind{"badge": core.Text, "parking": core.Bool, "floor": core.Number, "since": core.Date} {
		if a, ok := got[servers.BadgeSchema+":"+id]; !ok || a.Kind != kind {
			t.Errorf("%s: offered %v as %v", id, ok, a.Kind)
		}
	}
	if _, ok := got["groups"]; ok || !got["userName"].Required || got["enterprise.manager"].Kind != core.Reference {
		t.Errorf("offered %v", attributes)
	}
}

func TestSchemaLimitsTheAttributesThatWeKnow(t *testing.T) {
	var s schema
	text := `{"id":"` + coreUser + `","attributes":[
		{"name":"userName","type":"string","required":true,"uniqueness":"server","mutability":"immutable"},
		{"name":"displayName","type":"string","mutability":"readOnly","required":true},
		{"name":"title","type":"string","canonicalValues":["Welder","Clerk"],"caseExact":true},
		{"name":"nickName","type":"string","mutability":"writeOnly"},
		{"name":"name","type":"complex","subAttributes":[{"name":"givenName","type":"string"}]},
		{"name":"emails","type":"complex","multiValued":true,"required":true,"subAttributes":[{"name":"value","type":"string"},{"name":"type","type":"string","canonicalValues":["work"]}]},
		{"name":"skills","type":"string","multiValued":true},
		{"name":"shoe","type":"complex","subAttributes":[{"name":"size","type":"integer"},{"name":"scan","type":"binary"}]},
		{"name":"cars","type":"complex","multiValued":true,"subAttributes":[{"name":"plate","type":"string"}]}]}`
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	got := map[string]attribute{}
	var order []string
	for _, a := range offered([]schema{s}, nil) {
		got[a.ID] = a
		order = append(order, a.ID)
	}
	if strings.Join(order, " ") != "userName externalId name.givenName displayName title emails.work skills shoe.size" {
		t.Errorf("offered %v", order)
	}
	if !got["userName"].AtCreate || !got["displayName"].ReadOnly || got["displayName"].Required || len(got["title"].Choices) != 2 || !got["title"].CaseExact ||
		!got["emails.work"].Required || got["skills"].Kind != core.List || got["shoe.size"].Kind != core.Number || got["shoe.size"].Label != "Shoe, size" {
		t.Errorf("offered %+v", got)
	}
}

func TestValuesThatDoNotFitTheSchemaAreNotSent(t *testing.T) {
	target := connect(t, servers.Elimity(t, servers.Dialect{}))
	id := write(t, target, core.Write{Verb: core.Create, Set: person(1), Active: true}).Account
	for attribute, value := range map[string]string{"parking": "yes", "floor": "third"} {
		_, err := target.Write(t.Context(), core.Write{Verb: core.Update, Account: id, Set: map[string]string{servers.BadgeSchema + ":" + attribute: value}})
		if !core.HasCode(err, core.Refused) {
			t.Errorf("%s: got %v", attribute, err)
		}
	}
}

func TestSchemasWithoutResourceTypesAreTakenByTheirNames(t *testing.T) {
	target, _ := scripted(t, map[string]http.HandlerFunc{"GET /Schemas": answer(200, `[
		{"id":"`+coreUser+`","attributes":[{"name":"userName","type":"string"},{"name":"id","type":"string"},{"name":"displayName","type":"string","mutability":"readOnly"}]},
		{"id":"urn:northlake:extension:2.0:User","name":"Northlake","attributes":[{"name":"shoe","type":"string"}]},
		{"id":"urn:ietf:params:scim:schemas:core:2.0:Group","attributes":[{"name":"members","type":"string"}]}]`),
		"PATCH /Users/1": answer(204, "")})
	attributes, err := target.Attributes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, a := range attributes {
		ids = append(ids, a.ID)
	}
	if got := strings.Join(ids, " "); got != "userName externalId displayName urn:northlake:extension:2.0:User:shoe" {
		t.Errorf("offered %s", got)
	}
	if _, err := target.Write(t.Context(), core.Write{Verb: core.Update, Account: "1", Set: map[string]string{"displayName": "x"}}); !core.HasCode(err, core.Refused) {
		t.Errorf("a read-only attribute: %v", err)
	}
	if _, err := target.Write(t.Context(), core.Write{Verb: core.Held, Account: "1"}); !core.HasCode(err, core.Unsupported) {
		t.Errorf("a verb that writes nothing: %v", err)
	}
}

func TestStateCanBeOneValueOfAnUpdate(t *testing.T) {
	target, seen := scripted(t, map[string]http.HandlerFunc{"PATCH /Users/1": answer(204, "")})
	write(t, target, core.Write{Verb: core.Update, Account: "1", Set: map[string]string{"title": "CTO", core.Enabled: "false"}})
	if got := operations(t, seen); got["active"] != "replace false" || got["title"] != `replace "CTO"` {
		t.Errorf("sent %v", got)
	}
}

func TestManifestIsReadable(t *testing.T) {
	if s := Spec(); s.ID != "scim" || !s.Source || !s.Target || s.CannotUndo["delete"] == "" {
		t.Errorf("the card is %+v", s)
	}
}

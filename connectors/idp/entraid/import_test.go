package entraid

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	entra "rollcall/connectors/emulators/entraid"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

func importing(n int) []core.Write {
	writes := creates(n)
	for i := range writes {
		writes[i].Set["employeeHireDate"] = "2026-01-05"
		writes[i].Set["mailNickname"] = fmt.Sprint("nick", i)
		writes[i].Set["businessPhones"] = "+46 8 555 00"
		writes[i].Whole = maps.Clone(writes[i].Set)
		writes[i].Whole[core.Enabled] = "true"
	}
	return writes
}

var endpoint = map[string]string{"provisioningEndpoint": "https://graph.microsoft.com/beta/servicePrincipals/" + entra.ServicePrincipalID + "/synchronization/jobs/" + entra.JobID + "/bulkUpload", "groups": "Staff"}

func TestManyPeopleGoThroughTheProvisioningService(t *testing.T) {
	clock := newTicking()
	server := start(t, emulate.Setup{Writing: wire.Writing{Empty: true, Limits: wire.Limits{Real: true}, Delay: 3 * time.Minute, Clock: clock.Now}})
	ctx := rest.WithClock(t.Context(), clock, 0)
	target := open(t, server, core.Env{Shelf: shelf{}}, endpoint)
	boss, err := target.Write(ctx, core.Write{Verb: core.Create, Set: newcomer(999), Active: true})
	if err != nil {
		t.Fatal(err)
	}
	writes := importing(120)
	for i := range writes {
		writes[i].Whole[manager] = boss.Account
		writes[i].Set[core.Groups], writes[i].Whole[core.Groups] = "Staff", "Staff"
	}
	delete(writes[7].Whole, employeeID)
	writes[8].Whole[principalName] = "new.8@elsewhere.example"
	takes, err := target.Imports(ctx)
	if err != nil || takes.Chunk < 120 {
		t.Fatalf("%+v, %v", takes, err)
	}
	ticket, err := target.Import(ctx, writes)
	if err != nil {
		t.Fatal(err)
	}
	decided, err := target.Imported(ctx, ticket, writes)
	if err != nil || len(decided) != 1 {
		t.Fatalf("%d decided at once, %v", len(decided), err)
	}
	_ = clock.Sleep(ctx, 5*time.Minute)
	if decided, err = open(t, server, core.Env{}, endpoint).Imported(ctx, ticket, writes); err != nil || len(decided) != len(writes) {
		t.Fatalf("%d decided, %v", len(decided), err)
	}
	accounts := all(t, ctx, target, nil)
	for i, w := range writes {
		d := decided[w.Key]
		if i == 7 || i == 8 {
			if !core.HasCode(d.Err, core.Refused) {
				t.Errorf("%d: %v", i, d.Err)
			}
			continue
		}
		if d.Err != nil {
			t.Fatalf("%d: %v", i, d.Err)
		}
		a := accounts[d.Receipt.Account]
		for id, want := range w.Whole {
			if got := a.Value(id); got != want {
				t.Fatalf("%d: %s is %q, want %q", i, id, got, want)
			}
		}
	}
	uploads := 0
	for _, w := range server.Writes() {
		if strings.HasSuffix(w.Path, "/bulkUpload") {
			uploads++
		}
	}
	if uploads != 3 {
		t.Errorf("120 people took %d calls", uploads)
	}
}

func TestWhoReturnsIsBroughtBackByGraph(t *testing.T) {
	server := start(t, empty)
	target := open(t, server, core.Env{}, endpoint)
	made, err := target.Write(t.Context(), creates(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := target.Write(t.Context(), core.Write{Verb: core.Delete, Account: made.Account}); err != nil {
		t.Fatal(err)
	}
	back := core.Write{Verb: core.Reactivate, Account: made.Account, Active: true, Key: "back", Set: map[string]string{core.Deleted: "", "city": "Oslo"}, Whole: newcomer(0)}
	ticket, err := target.Import(t.Context(), []core.Write{back})
	if err != nil {
		t.Fatal(err)
	}
	decided, err := target.Imported(t.Context(), ticket, []core.Write{back})
	if err != nil || decided["back"].Err != nil {
		t.Fatalf("%+v, %v", decided, err)
	}
	if a, err := target.Account(t.Context(), made.Account, nil); err != nil || a.Deleted() || !a.Active() || a.Value("city") != "Oslo" {
		t.Errorf("deleted %v, active %v, %v", a.Deleted(), a.Active(), err)
	}
}

func TestManagerWithoutAnAccountIsNamedByHisKey(t *testing.T) {
	for key, want := range map[string]string{"1001": "1001", "boss@corp.example": "", "": ""} {
		if got := bossOf(core.Write{Keys: map[string]string{manager: key}, Whole: map[string]string{}}, nil); got != want {
			t.Errorf("%q gives %q", key, got)
		}
	}
}

func TestWithoutItsApplicationTheProvisioningServiceTakesNothing(t *testing.T) {
	server := start(t, empty)
	if takes, err := open(t, server, core.Env{}, nil).Imports(t.Context()); err != nil || takes.Chunk != 0 {
		t.Errorf("%+v, %v", takes, err)
	}
	answers := core.Answers{"tenantId": "corp.example", "clientId": "2", "auth": "secret", "clientSecret": "x", "jobId": "API2AAD.1"}
	if _, err := newTarget(vendor, answers, core.Env{}); !core.HasCode(err, core.BadOption) {
		t.Errorf("a job without its application: %v", err)
	}
}

func TestDayOfTheProvisioningServiceIsCounted(t *testing.T) {
	server := start(t, empty)
	day := time.Now().UTC().Format(time.DateOnly)
	target := open(t, server, core.Env{Shelf: shelf{"uploads/calls": []byte(day + " 2000")}}, endpoint)
	if _, err := target.Import(t.Context(), importing(1)); !core.HasCode(err, core.RateLimited) {
		t.Errorf("got %v", err)
	}
}

func TestOperationIsThatOfTheSheet(t *testing.T) {
	const schema = "urn:ietf:params:scim:schemas:extension:corp:1.0:User"
	w := core.Write{Verb: core.Deactivate, Key: "k", Whole: map[string]string{employeeID: "1002", principalName: "bo.lund@corp.example", "givenName": "Bo", "surname": "Lund", "mail": "bo.lund@corp.example",
		"mobilePhone": "+46 70 222 22 22", "city": "Stockholm", "postalCode": "111 22", core.Enabled: "false", manager: "boss-id", "employeeHireDate": "2024-03-01", "companyName": "Corp AB"}}
	data := operation(w, map[string]string{"boss-id": "1001"}, schema)["data"].(object)
	enterprise, own := data[enterpriseSchema].(object), data[schema].(object)
	if data["externalId"] != "1002" || data["active"] != false || len(data["schemas"].([]any)) != 3 || own["HireDate"] != "2024-03-01" ||
		enterprise["manager"].(object)["value"] != "1001" || enterprise["organization"] != "Corp AB" || enterprise["employeeNumber"] != "1002" ||
		element(data, "addresses", "work")["locality"] != "Stockholm" || element(data, "phoneNumbers", "mobile")["value"] != "+46 70 222 22 22" {
		t.Errorf("got %v", data)
	}
}

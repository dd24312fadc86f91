package connectors

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rollcall/core"
)

func TestCatalogueHasEveryCard(t *testing.T) {
	specs := All().Specs()
	var names []string
	for _, s := range specs {
		names = append(names, strings.ToLower(s.Name))
		if s.Description == "" || len(s.Reads) == 0 && s.Category == core.HRSystem {
			t.Errorf("%s has no description or does not say what is read", s.ID)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("not by name: %v", names)
	}
	for _, id := range []string{"bamboohr", "personio", "officient", "csv", "xlsx", "sample", "scim", "ldap", "practice"} {
		if s, err := All().Spec(id); err != nil || s.ID != id {
			t.Errorf("%s: %q, %v", id, s.ID, err)
		}
	}
}

func TestEverySecretIsSaidWhereToFind(t *testing.T) {
	for _, s := range All().Specs() {
		for _, o := range s.Options {
			if o.Secret && s.Category == core.HRSystem && len(o.Where) == 0 {
				t.Errorf("%s.%s does not say where it is found", s.ID, o.ID)
			}
		}
	}
}

func TestWhatAPersonDescribedIsExportedWithoutCredentials(t *testing.T) {
	answers := core.Answers{"baseUrl": "https://hr.corp.example/v1", "auth": "header", "headerName": "X-Key", "headerValue": "papi-k1", "listPath": "/people", "idPath": "no"}
	written, err := All().Manifest("custom", answers)
	if err != nil || !strings.Contains(string(written), "https://hr.corp.example/v1") || strings.Contains(string(written), "papi-k1") {
		t.Fatalf("%v\n%s", err, written)
	}
	if _, err := All().Source("custom", core.Answers{"how": "manifest", "manifest": core.Secret(written), "auth": "header", "headerValue": "papi-k1"}, core.Env{Now: time.Now}); err != nil {
		t.Error("what was exported cannot be used:", err)
	}
	answers["listPath"] = "/people?key=papi-k1"
	if _, err := All().Manifest("custom", answers); !core.HasCode(err, core.BadOption) || strings.Contains(err.Error(), "papi-k1") {
		t.Error("a key in the path should be noticed:", err)
	}
	delete(answers, "baseUrl")
	if _, err := All().Manifest("custom", answers); !core.HasCode(err, core.BadOption) {
		t.Error(err)
	}
	for _, s := range All().Specs() {
		if _, err := All().Manifest(s.ID, nil); core.HasCode(err, core.Unsupported) == s.Has(core.CanManifest) {
			t.Errorf("%s: %v", s.ID, err)
		}
	}
	if _, err := All().Manifest("cust0m", nil); !core.HasCode(err, core.NotFound) {
		t.Error(err)
	}
}

func TestUnknownConnectorNamesTheNearest(t *testing.T) {
	for asked, near := range map[string]string{"bambohr": "bamboohr", "Personio": "personio", "CSV": "csv"} {
		_, err := All().Source(asked, nil, core.Env{})
		if !core.HasCode(err, core.NotFound) || !strings.Contains(err.Error(), near) {
			t.Errorf("%s: %v", asked, err)
		}
	}
}

func TestAnswersAreCheckedBeforeAnythingIsMade(t *testing.T) {
	env := core.Env{Now: time.Now}
	if _, err := All().Source("bamboohr", core.Answers{"companyDomain": "Not A Domain", "apiKey": "k"}, env); !core.HasCode(err, core.BadOption) {
		t.Error(err)
	}
	if _, err := All().Target("bamboohr", core.Answers{"companyDomain": "corp", "apiKey": "k"}, env); !core.HasCode(err, core.Unsupported) {
		t.Error(err)
	}
	if s, err := All().Source("csv", core.Answers{"nothing": "x"}, env); !core.HasCode(err, core.BadOption) || s != nil {
		t.Error(s, err)
	}
	if s, err := All().Source("bamboohr", core.Answers{"companyDomain": "corp", "apiKey": "k"}, core.Env{Now: time.Now, Base: "http://corp.example"}); !core.HasCode(err, core.BadOption) || s != nil {
		t.Error("an unsafe address was accepted", err)
	}
}

package afas

import (
	"encoding/base64"
	"net/http"
	"testing"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
)

const whole = "<token><version>1</version><data>0A1B2C</data></token>"

func TestTokenIsTakenInEveryFormInWhichItIsPasted(t *testing.T) {
	sent := base64.StdEncoding.EncodeToString([]byte(whole))
	for _, pasted := range []string{whole, " <token>\n <version>1</version>\n <data>0A1B2C</data>\n</token>\n", "0A1B2C", "<data>0A1B2C</data>", sent, "AfasToken " + sent} {
		if got := token(pasted); got != whole {
			t.Errorf("%q became %q", pasted, got)
		}
	}
}

func TestNamesAreJoinedByTheirUse(t *testing.T) {
	for use, want := range map[string]string{"": "van den Berg", "0": "van den Berg", "1": "de Groot-van den Berg", "2": "de Groot", "3": "van den Berg-de Groot"} {
		row := map[string]any{"standard": map[string]any{"EmploymentStart": "2020-01-01T00:00:00Z", "BirthName": "Berg", "PrefixBirthName": "van den", "PrefixPartner": "de", "BirthNamePartner": "Groot",
			"NameUse": use, "Street": "Kerkstraat", "HouseNumber": 0, "AddNumber": "a"}}
		(&chart{}).row(manifest.Person{Row: row, Today: "2026-11-22"})
		if row["@lastName"] != want || row["@address"] != "Kerkstraat a" || row["EmploymentStart"] != "2020-01-01" {
			t.Errorf("use %q gives %v", use, row)
		}
	}
}

func TestManagersAreFoundAboveUnitsWithoutOne(t *testing.T) {
	unit := func(id, manager, upper, from, to string) any {
		return map[string]any{"Unitd": id, "Manager": manager, "UpperUnit": upper, "StartDate": from, "EndDate": to}
	}
	rows := []any{unit("1", "boss", "", "2001-01-01", ""), unit("2", "gone", "1", "2001-01-01", "2009-12-31"), unit("2", "head", "1", "2010-01-01", ""), unit("2", "next", "1", "2090-01-01", ""),
		unit("3", "", "2", "2001-01-01", ""), unit("8", "", "9", "", ""), unit("9", "", "8", "", "")}
	c := &chart{}
	for _, want := range []struct{ unit, employee, manager string }{{"3", "a", "head"}, {"2", "head", "boss"}, {"1", "boss", ""}, {"8", "a", ""}, {"7", "a", ""}, {"", "a", ""}} {
		if got := c.manager(rows, want.unit, want.employee, "2026-11-22"); got != want.manager {
			t.Errorf("%s in unit %s has the manager %q, and should have %q", want.employee, want.unit, got, want.manager)
		}
	}
}

func TestWhatTheBodyAloneSaysIsHeeded(t *testing.T) {
	a := &rest.Answer{Status: 503, Header: http.Header{}, Body: []byte(`{"error":{"code":{"example":"503"}},"retry_after":120}`)}
	if p := explain(a); p != nil || a.Header.Get("Retry-After") != "120" {
		t.Errorf("%v, %v", p, a.Header)
	}
	a = &rest.Answer{Status: 500, Header: http.Header{}, Body: []byte(`{"externalMessage":"GetConnector 'X' is not supported for this app or the user is not authorised."}`)}
	if p := explain(a); p != nil || a.Status != http.StatusForbidden {
		t.Errorf("%v, %d", p, a.Status)
	}
}

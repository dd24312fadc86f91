// Package afas reads people from AFAS Profit. It is code beside a manifest because of the
// forms in which a token is pasted, of names by their use, and of managers, who are heads of
// units in a chart.
package afas

import (
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var text []byte

var vendor = manifest.Must(text)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source of one environment.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Client: client, Row: (&chart{}).row}, a, env)
}

func client(cfg *rest.Config, a core.Answers, _ core.Env) error {
	encoded := base64.StdEncoding.EncodeToString([]byte(token(a.Get("token"))))
	cfg.Sign = rest.Fixed(map[string]core.Secret{"Authorization": core.Secret("AfasToken " + encoded)})
	cfg.Hide = append(cfg.Hide, core.Secret(encoded))
	cfg.Explain = explain
	return nil
}

// token gives the whole XML text of a token, of which people also paste the part between
// the data tags, or what is sent.
func token(pasted string) string {
	pasted = strings.TrimPrefix(strings.Join(strings.Fields(pasted), ""), "AfasToken")
	if decoded, err := base64.StdEncoding.DecodeString(pasted); err == nil && strings.HasPrefix(string(decoded), "<token") {
		return string(decoded)
	}
	if !strings.HasPrefix(pasted, "<token") {
		return "<token><version>1</version><data>" + strings.TrimSuffix(strings.TrimPrefix(pasted, "<data>"), "</data>") + "</data></token>"
	}
	return pasted
}

var notAllowed = regexp.MustCompile(`(?i)not supported for this app|not authori[sz]ed|niet geautoriseerd`)

// explain reads what Profit says in the body alone: how long to wait, and whether a fault is
// a connector that the app connector does not hold.
func explain(a *rest.Answer) *core.Problem {
	var said struct {
		Message   string      `json:"externalMessage"`
		Reference string      `json:"profitLogReference"`
		Wait      json.Number `json:"retry_after"`
	}
	if a.Status < http.StatusBadRequest || json.Unmarshal(a.Body, &said) != nil {
		return nil //nolint:nilerr // no JSON, so nothing is said in it
	}
	if said.Wait != "" && a.Header.Get("Retry-After") == "" {
		a.Header.Set("Retry-After", said.Wait.String())
	}
	switch {
	case a.Status == http.StatusInternalServerError && notAllowed.MatchString(said.Message):
		a.Status = http.StatusForbidden
	case said.Message != "" && a.Status == http.StatusBadRequest, said.Message != "" && a.Status == http.StatusInternalServerError:
		code := core.Refused
		if a.Status == http.StatusInternalServerError {
			code = core.ServerFault
		}
		return &core.Problem{Code: code, What: fmt.Sprintf("AFAS Software could not answer: “%s”.", strings.TrimRight(said.Message, ".")),
			Fix: fmt.Sprintf("Check the fields and the definition of the GetConnector in Profit; the administrator finds more under the log reference %s.", said.Reference)}
	}
	return nil
}

// chart is the organisation chart of the last reading, by unit.
type chart struct {
	mu    sync.Mutex
	rows  []any
	units map[string][]any
}

// row makes one row of the employment that counts, and works out name, address and manager.
func (c *chart) row(p manifest.Person) bool {
	chosen, _ := p.Row["standard"].(map[string]any)
	if manifest.Text(chosen["EmploymentStart"]) == "" && manifest.Text(chosen["Begindatum_contract"]) != "" {
		chosen, _ = p.Row["own"].(map[string]any)
	}
	for key, v := range chosen {
		if day := manifest.Text(v); strings.HasSuffix(day, "T00:00:00Z") { // a day, whose zone is wrong
			chosen[key] = manifest.Day(day)
		}
	}
	rows, _ := p.Row["chart"].([]any)
	clear(p.Row)
	maps.Copy(p.Row, chosen)
	value := func(names ...string) string {
		for _, name := range names {
			if text := manifest.Text(chosen[name]); text != "" {
				return text
			}
		}
		return ""
	}
	birth := joined(" ", value("PrefixBirthName", "Voorvoegsel"), value("BirthName", "Geboortenaam"))
	partner := value("BirthNamePartner", "Geboortenaam_partner")
	if partner != "" {
		partner = joined(" ", value("PrefixPartner", "Voorvoegsel_partner"), partner)
	}
	p.Row["@lastName"] = birth
	switch use := value("NameUse", "Naamgebruik_code"); {
	case partner == "":
	case use == "1":
		p.Row["@lastName"] = joined("-", partner, birth)
	case use == "2":
		p.Row["@lastName"] = partner
	case use == "3":
		p.Row["@lastName"] = joined("-", birth, partner)
	}
	number := value("HouseNumber")
	if number == "0" {
		number = ""
	}
	p.Row["@address"] = joined(" ", value("Street"), number, value("AddNumber"))
	p.Row["chart"] = map[string]any{"manager": c.manager(rows, value("OrgUnit"), value("EmployeeId", "Medewerker"), p.Today)}
	return true
}

func joined(between string, parts ...string) string {
	var given []string
	for _, part := range parts {
		if part != "" {
			given = append(given, part)
		}
	}
	return strings.Join(given, between)
}

// manager gives the head of a unit on a day; of a unit that has none, or that the employee
// leads himself, the head of the unit above.
func (c *chart) manager(rows []any, unit, employee, today string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(rows) > 0 && (len(c.rows) == 0 || &rows[0] != &c.rows[0]) {
		c.rows, c.units = rows, map[string][]any{}
		for _, row := range rows {
			found, ok := manifest.At(row, "Unitd")
			if !ok {
				found, _ = manifest.At(row, "UnitId")
			}
			id := manifest.Text(found)
			c.units[id] = append(c.units[id], row)
		}
	}
	for climbed := 0; unit != "" && climbed <= len(rows); climbed++ { // a chart may go in a circle
		term := manifest.Current(c.units[unit], "StartDate", "EndDate", today)
		head, _ := manifest.At(term, "Manager")
		if id := manifest.Text(head); id != "" && id != employee {
			return id
		}
		upper, _ := manifest.At(term, "UpperUnit")
		unit = manifest.Text(upper)
	}
	return ""
}

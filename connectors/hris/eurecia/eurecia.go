// Package eurecia reads people from Eurécia. The manifest says most of it; code are days,
// which begin at midnight of Paris, addresses, units that are an ID or a name, and a
// refusal that comes as success.
package eurecia

import (
	"bytes"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // some computers do not know when it is midnight in Paris

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var text []byte

var vendor = manifest.Must(text)

var paris = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(fmt.Sprintf("the program carries no time zones: %v", err))
	}
	return zone
}()

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source of one company from complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Client: client, Row: complete, Values: units}, a, env)
}

func client(cfg *rest.Config, _ core.Answers, _ core.Env) error {
	cfg.Explain = explain
	return nil
}

// explain knows an answer to the sign-in that holds no token.
func explain(a *rest.Answer) *core.Problem {
	if a.Status != 200 || len(a.Body) > 10_000 || !bytes.Contains(a.Body, []byte(`"eureciaResponse"`)) || bytes.Contains(a.Body, []byte(`"temporaryToken"`)) {
		return nil
	}
	s := vendor.Errors[401]
	return &core.Problem{Code: core.BadCredentials, What: s.What, Fix: s.Fix}
}

// complete turns times into days and an address into lines. Somebody without a record of
// his own is gone since the list was read.
func complete(p manifest.Person) bool {
	user, ok := p.Row["user"].(map[string]any)
	if !ok {
		return false
	}
	for _, key := range []string{"entryDate", "hiringDate", "departureDate", "birthdayDate"} {
		user[key] = day(manifest.Text(user[key]))
	}
	if found, ok := manifest.At(user, "addresses.main"); ok {
		if main, ok := found.(map[string]any); ok {
			main["line1"], main["line2"] = lines(main)
		}
	}
	return true
}

// never is the time that stands for no end.
const never = 32503676400000

func day(text string) string {
	ms, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return manifest.Day(text)
	case ms >= never:
		return ""
	}
	return time.UnixMilli(ms).In(paris).Format(time.DateOnly)
}

// lines gives number and road, and what stands beside; that comes first where there is
// no road.
func lines(main map[string]any) (first, second string) {
	said := func(key string) string { return manifest.Text(main[key]) }
	if said("roadName") == "" {
		return said("address1"), ""
	}
	parts := []string{said("num"), said("repetition"), said("roadName")}
	if parts[1] == "EMPTY" {
		parts[1] = ""
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " "), said("address1")
}

// units gives department and structure: by their IDs, or as names where the tree does not
// know them.
func units(p manifest.Person) map[string]any {
	said := func(key string) string {
		if v, _ := manifest.At(p.Row, "user."+key); manifest.Text(v) != "" {
			return manifest.Text(v)
		}
		return manifest.Text(p.Row[key])
	}
	department, structure := said("department"), said("structure")
	values := map[string]any{"department": department, "departmentId": "", "location": "", "legalEntity": ""}
	if name := p.Names["departments"][department]; name != "" {
		values["department"], values["departmentId"] = name, department
	}
	if name := p.Names["structures"][structure]; name != "" {
		structure = name
	}
	values[p.Answers.Get("structures")] = structure
	return values
}

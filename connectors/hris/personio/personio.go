// Package personio reads people from Personio. It is code rather than a manifest alone
// because of its dates (local midnight, sometimes written in UTC), its shares of cost
// centres, and its second API, which needs a call for each person.
package personio

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"iter"
	"net/http"
	"strings"
	"time"
	_ "time/tzdata" // Personio's midnight is Berlin's, also on computers that do not know the zone

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var text []byte

var vendor = manifest.Must(text)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source of one customer from complete answers, by the API version
// that was chosen.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	cfg, err := vendor.Config(a, env)
	if err != nil {
		return nil, err
	}
	second := a.Get("api") == "v2"
	cfg.Sign = rest.Exchange(tokenV1(a))
	if second {
		cfg.Sign = rest.Exchange(tokenV2(a))
	}
	cfg.Explain = explain
	client, err := rest.New(cfg)
	if err != nil {
		return nil, err
	}
	if second {
		return &sourceV2{client: client, env: env}, nil
	}
	return &Source{client: client, env: env}, nil
}

func tokenV1(a core.Answers) func(context.Context, *rest.Client) (rest.Token, error) {
	return func(ctx context.Context, c *rest.Client) (rest.Token, error) {
		var answer struct {
			Data struct {
				Token   string `json:"token"`
				Expires int    `json:"expires_in"`
			} `json:"data"`
		}
		body := map[string]string{"client_id": a.Get("clientId"), "client_secret": a.Get("clientSecret")}
		_, err := c.Do(ctx, http.MethodPost, "/v1/auth", nil, body, &answer, rest.Unsigned(), rest.Repeatable())
		return rest.Lasting(answer.Data.Token, answer.Data.Expires, c.Now(ctx)), err
	}
}

// explain finds a refusal that comes with a good status: an error answer is short.
func explain(a *rest.Answer) *core.Problem {
	if a.Status != http.StatusOK || len(a.Body) > 4096 || !bytes.Contains(a.Body, []byte(`"success"`)) {
		return nil
	}
	var answer struct {
		Success *bool `json:"success"`
		Error   struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(a.Body, &answer) != nil || answer.Success == nil || *answer.Success {
		return nil //nolint:nilerr // no JSON, so no refusal in it
	}
	return &core.Problem{Code: core.Refused, What: "Personio refused the call: " + strings.TrimRight(answer.Error.Message, ".") + ".",
		Fix: "Check the credential under Settings, Integrations, API credentials. If it is right, send us the log."}
}

// status follows the fact sheet's table; v2 writes the same words in capitals.
func status(word, hired, today string) string {
	ahead := manifest.Before(today, hired)
	switch strings.ToLower(word) {
	case "active":
		if ahead {
			return core.StatusFuture
		}
		return core.StatusActive
	case "onboarding":
		if ahead || hired == "" {
			return core.StatusFuture
		}
		return core.StatusActive
	case "leave":
		return core.StatusOnLeave
	case "inactive":
		return core.StatusTerminated
	}
	return core.StatusUnknown
}

var berlin = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err) // the zone is part of the program
	}
	return zone
}()

// day gives the day of a date that Personio writes as local midnight: its first ten
// characters, unless it is that midnight in UTC, which is late on the day before.
func day(v any) string {
	text := manifest.Text(v)
	if t, err := time.Parse(time.RFC3339, text); err == nil && strings.HasSuffix(text, "Z") && t.Hour() >= 22 {
		return t.In(berlin).Format(time.DateOnly)
	}
	return manifest.Day(text)
}

// Source reads through version 1.
type Source struct {
	client *rest.Client
	env    core.Env
}

// workedOut are the fields of version 1 that the manifest's table cannot say.
var workedOut = []string{"costCenter", "startDate", "endDate"}

// Fields gives the usual fields and the custom attributes that the credential may read.
func (s *Source) Fields(ctx context.Context) ([]core.Field, error) {
	list, err := s.attributes(ctx)
	if err != nil {
		return nil, err
	}
	return s.fields(list), nil
}

func (s *Source) fields(list []attribute) []core.Field {
	fields := vendor.Fields(workedOut...)
	for _, a := range list {
		if a.custom() {
			fields = append(fields, a.field())
		}
	}
	return fields
}

// People reads everybody, all statuses.
func (s *Source) People(ctx context.Context, want core.Want) iter.Seq2[core.Person, error] {
	return func(yield func(core.Person, error) bool) {
		list, err := s.attributes(ctx)
		if err != nil {
			yield(core.Person{}, err)
			return
		}
		now := s.env.Now()
		r := manifest.Reading{Manifest: vendor, Known: s.fields(list), Want: want, Day: now, Raw: s.raw(ctx, keys(want, list), want.Since, now)}
		if list == nil {
			r.Custom = customOf
		}
		r.People(ctx)(yield)
	}
}

func (s *Source) raw(ctx context.Context, keys []string, since, now time.Time) iter.Seq2[manifest.Raw, error] {
	list := rest.List[any]{Vendor: vendor.Name, Noun: "employees", First: "0",
		Fetch: func(ctx context.Context, at string) (rest.Page[any], error) {
			return s.page(ctx, keys, since, largestPage, at)
		},
		ID: func(row any) string { return vendor.Value("externalId", row) }}
	today := now.Format(time.DateOnly)
	return func(yield func(manifest.Raw, error) bool) {
		for row, err := range list.All(ctx) {
			if !yield(manifest.Raw{JSON: row, Own: own(row, today)}, err) {
				return
			}
		}
	}
}

// own works out what the manifest's table cannot say. An attribute that does not come
// was not allowed, or is missing: it is not stated then.
func own(row any, today string) map[string]any {
	found, _ := manifest.At(row, "attributes")
	attributes, _ := found.(map[string]any)
	value := func(key string) (any, bool) { return manifest.At(attributes[key], "value") }
	values := map[string]any{}
	if v, ok := value("hire_date"); ok {
		values["startDate"] = day(v)
	}
	for _, key := range []string{"contract_end_date", "termination_date"} { // the later one counts
		if v, ok := value(key); ok && (values["endDate"] == nil || day(v) != "") {
			values["endDate"] = day(v)
		}
	}
	if v, ok := value("cost_centers"); ok {
		values["costCenter"] = largestShare(v, "attributes.percentage", "attributes.name")
	}
	word, _ := value("status")
	hired, _ := value("hire_date")
	values["employmentStatus"] = status(manifest.Text(word), day(hired), today)
	for key, a := range attributes {
		if strings.HasPrefix(key, customKey) {
			values["custom."+key] = customValue(a, "value")
		}
	}
	return values
}

// customValue gives the value of a custom attribute, dates as days.
func customValue(a any, at string) any {
	v, _ := manifest.At(a, at)
	if kind, _ := manifest.At(a, "type"); strings.EqualFold(manifest.Text(kind), "date") {
		return day(v)
	}
	return v
}

// largestShare gives the name of the cost centre that bears most; the first of equals.
func largestShare(list any, share, name string) string {
	rows, _ := list.([]any)
	best, most := "", -1.0
	for _, row := range rows {
		part, _ := manifest.At(row, share)
		n, err := json.Number(manifest.Text(part)).Float64()
		if err != nil {
			n = 0
		}
		if n > most {
			found, _ := manifest.At(row, name)
			best, most = manifest.Text(found), n
		}
	}
	return best
}

func customOf(r manifest.Raw) []core.Field {
	found, _ := manifest.At(r.JSON, "attributes")
	attributes, _ := found.(map[string]any)
	var fields []core.Field
	for key, a := range attributes {
		label, _ := manifest.At(a, "label")
		kind, _ := manifest.At(a, "type")
		if a := (attribute{Key: key, Label: manifest.Text(label), Type: manifest.Text(kind)}); a.custom() {
			fields = append(fields, a.field())
		}
	}
	return sorted(fields)
}

var _ core.Source = (*Source)(nil)

// Package officient reads people from Officient. It is code rather than a manifest alone
// because each person has to be joined of a row of the list, which alone says who is
// archived, and a detail, which alone has the dates.
package officient

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var text []byte

var vendor = manifest.Must(text)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// Source reads one company.
type Source struct {
	client *rest.Client
	env    core.Env
}

// NewSource makes the source of one company from complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	cfg, err := vendor.Config(a, env)
	if err != nil {
		return nil, err
	}
	if a.Get("auth") == "oauth" {
		cfg.Sign = consent(a, env)
	}
	client, err := rest.New(cfg)
	if err != nil {
		return nil, err
	}
	return &Source{client: client, env: env}, nil
}

// atOnce is how many details are asked for at once, under the pace.
const atOnce = 5

// sensitive are the parts of a record that nobody here may ever see.
var sensitive = []string{"national_number", "social_security_nr", "bank_account_iban", "bank_account_bic", "emergency_contact",
	"nationality_country_code", "civil_state", "birthplace", "spouse_has_income"}

// Check reads the company's account, the first page of the list, one detail and the
// definitions of custom fields.
func (s *Source) Check(ctx context.Context) (core.Health, error) {
	var account struct {
		Data struct {
			Name string `json:"company_name"`
		} `json:"data"`
	}
	if _, err := s.client.Get(ctx, "/account", nil, &account); err != nil && !core.HasCode(err, core.MissingScope) {
		return core.Health{}, err
	}
	page, err := s.pages()(ctx, "0")
	if err != nil {
		return core.Health{}, err
	}
	var first any
	if len(page.Rows) > 0 {
		if first, err = s.detail(ctx, page.Rows[0]); err != nil {
			return core.Health{}, err
		}
	}
	_, customErr := s.definitions(ctx)
	if customErr != nil && !manifest.Absent(customErr) {
		return core.Health{}, customErr
	}
	h := core.Health{Summary: fmt.Sprintf("%d employees visible", page.Total), People: page.Total}
	if account.Data.Name != "" {
		h.Summary += " in " + account.Data.Name
	}
	h.Rights = rights(first, customErr == nil)
	return h, nil
}

// rights says which permissions were found; a key that a detail lacks was not allowed.
func rights(detail any, custom bool) []core.Right {
	signs := map[string]string{"personal.info:read": "birthdate", "managers:read": "current_reports_to"}
	var all []core.Right
	for _, p := range vendor.Permissions {
		right := core.Right{Permission: p, Granted: true}
		if sign, ok := signs[p.ID]; ok && detail != nil {
			_, right.Granted = manifest.At(detail, sign)
		}
		if p.ID == "custom fields" {
			right.Granted = custom
		}
		all = append(all, right)
	}
	return all
}

// definition is one custom field as the company made it.
type definition struct {
	ID     json.Number `json:"id"`
	Name   string      `json:"name"`
	Object string      `json:"object_type"`
	Type   string      `json:"type"`
}

var kinds = map[string]core.Kind{"int": core.Number, "date": core.Date, "email": core.Email}

func (d definition) field() core.Field {
	return core.Field{ID: "custom." + d.ID.String(), Label: strings.TrimSpace(d.Name), Kind: kinds[d.Type], Custom: true}
}

func (s *Source) definitions(ctx context.Context) ([]definition, error) {
	var answer struct {
		Data []definition `json:"data"`
	}
	_, err := s.client.Get(ctx, "/custom_fields/list", nil, &answer)
	return answer.Data, err
}

// Fields gives the usual fields and the company's custom fields of employees, where the
// token may read their definitions.
func (s *Source) Fields(ctx context.Context) ([]core.Field, error) {
	fields, _, err := s.known(ctx)
	return fields, err
}

// known also says whether the custom fields could be discovered.
func (s *Source) known(ctx context.Context) (fields []core.Field, discovered bool, err error) {
	fields = vendor.Fields()
	list, err := s.definitions(ctx)
	if manifest.Absent(err) {
		s.warn("the definitions of custom fields cannot be read")
		return fields, false, nil
	}
	for _, d := range list {
		if d.Object == "employee" {
			fields = append(fields, d.field())
		}
	}
	return fields, true, err
}

func (s *Source) warn(what string, args ...any) {
	if s.env.Log != nil {
		s.env.Log.Warn(what, append([]any{"vendor", vendor.Name}, args...)...)
	}
}

// People reads everybody, archived people too.
func (s *Source) People(ctx context.Context, want core.Want) iter.Seq2[core.Person, error] {
	return func(yield func(core.Person, error) bool) {
		known, discovered, err := s.known(ctx)
		if err != nil {
			yield(core.Person{}, err)
			return
		}
		now := s.env.Now()
		r := manifest.Reading{Manifest: vendor, Known: known, Want: want, Day: now, Raw: s.raw(ctx, now.Format(time.DateOnly))}
		if !discovered {
			r.Custom = customOf
		}
		r.People(ctx)(yield)
	}
}

// raw yields list and detail joined, without removed records and without those whose
// detail the token may not see.
func (s *Source) raw(ctx context.Context, today string) iter.Seq2[manifest.Raw, error] {
	return func(yield func(manifest.Raw, error) bool) {
		list := rest.List[any]{Vendor: vendor.Name, Noun: "employees", First: "0", Fetch: s.pages(), ID: func(row any) string { return vendor.Value("externalId", row) }}
		came, hidden := 0, atomic.Int64{}
		detail := func(ctx context.Context, row any) (any, error) {
			d, err := s.detail(ctx, row)
			if core.HasCode(err, core.Refused) { // unknown or not visible: archived or removed since the list was read
				hidden.Add(1)
				return nil, nil
			}
			return d, err
		}
		for record, err := range rest.Parallel(ctx, list.All(ctx), atOnce, detail) {
			if err != nil {
				yield(manifest.Raw{}, err)
				return
			}
			if record == nil {
				continue
			}
			came++
			if deleted, _ := manifest.At(record, "deleted"); manifest.Text(deleted) == "1" {
				continue
			}
			if !yield(manifest.Raw{JSON: record, Own: own(record, today)}, nil) {
				return
			}
		}
		if n := hidden.Load(); n > 0 {
			s.warn("the details of some people cannot be read; they were left out", "people", n)
			if came == 0 {
				yield(manifest.Raw{}, &core.Problem{Code: core.MissingScope, What: fmt.Sprintf("Officient lists %d employees, but shows the details of none of them.", n),
					Fix: "Let a user who sees all employees make the token, then test again."})
			}
		}
	}
}

// pages reads the list from the start; it goes on until the total is reached, for a page
// may hold fewer rows than usual.
func (s *Source) pages() func(ctx context.Context, at string) (rest.Page[any], error) {
	came := 0
	return func(ctx context.Context, at string) (rest.Page[any], error) {
		var answer struct {
			Data  *[]any `json:"data"`
			Total *int   `json:"total_record_count"`
		}
		if _, err := s.client.Get(ctx, "/people/list", url.Values{"page": {at}, "include_archived": {"1"}}, &answer); err != nil {
			return rest.Page[any]{}, err
		}
		if answer.Data == nil {
			return rest.Page[any]{}, unreadable("no list of employees")
		}
		page := rest.Page[any]{Rows: *answer.Data, Total: -1}
		if answer.Total != nil {
			page.Total = *answer.Total
		}
		came += len(page.Rows)
		if page.Total < 0 || came < page.Total {
			page.Next = rest.NextPage(at, len(page.Rows), 0)
		}
		return page, nil
	}
}

func unreadable(what string) error {
	return &core.Problem{Code: core.BadData, What: "An answer of Officient cannot be read: it holds " + what + ".", Fix: "Try again, and send us the log if it happens twice."}
}

// detail gives a person's whole record without its sensitive parts, with the row of the
// list under "list".
func (s *Source) detail(ctx context.Context, row any) (any, error) {
	id, _ := manifest.At(row, "id")
	var answer struct {
		Data map[string]any `json:"data"`
	}
	if _, err := s.client.Get(ctx, "/people/"+url.PathEscape(manifest.Text(id))+"/detail", nil, &answer); err != nil {
		return nil, err
	}
	record := answer.Data
	if record == nil {
		return nil, unreadable("no record of a person")
	}
	for key := range record {
		if strings.HasPrefix(key, "dependent_") {
			delete(record, key)
		}
	}
	for _, key := range sensitive {
		delete(record, key)
	}
	record["list"] = row
	return record, nil
}

// own works out the status and the custom fields, options by their names.
func own(record any, today string) map[string]any {
	values := map[string]any{"employmentStatus": status(record, today)}
	for _, c := range customValues(record) {
		name, _ := manifest.At(c, "value_name")
		value, _ := manifest.At(c, "value")
		if manifest.Text(name) != "" {
			value = name
		}
		values["custom."+customID(c)] = value
	}
	return values
}

func customValues(record any) []any {
	found, _ := manifest.At(record, "custom_fields")
	list, _ := found.([]any)
	return list
}

func customID(c any) string {
	id, _ := manifest.At(c, "custom_field_id")
	return manifest.Text(id)
}

func customOf(r manifest.Raw) []core.Field {
	var fields []core.Field
	for _, c := range customValues(r.JSON) {
		name, _ := manifest.At(c, "custom_field_name")
		kind, _ := manifest.At(c, "type")
		fields = append(fields, definition{ID: json.Number(customID(c)), Name: manifest.Text(name), Type: manifest.Text(kind)}.field())
	}
	return fields
}

// status follows the rules of the fact sheet in their order; leave is not in the record.
func status(record any, today string) string {
	archived, _ := manifest.At(record, "list.archived")
	switch {
	case manifest.Text(archived) == "1", manifest.Before(vendor.Value("endDate", record), today):
		return core.StatusTerminated
	case manifest.Before(today, vendor.Value("startDate", record)):
		return core.StatusFuture
	}
	return core.StatusActive
}

var _ core.Source = (*Source)(nil)

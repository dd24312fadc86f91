// Package bamboohr reads people from BambooHR. It is code rather than a manifest alone
// because BambooHR has to be told which fields to give, and which there are differs from
// account to account.
package bamboohr

import (
	"context"
	_ "embed"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
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

// Source reads one account.
type Source struct {
	client *rest.Client
	env    core.Env
	number string // the field that departmentNumber fills, or "none"
	oauth  bool
}

// NewSource makes the source of one account from complete answers.
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
	return &Source{client: client, env: env, number: a.Get("departmentNumber"), oauth: a.Get("auth") == "oauth"}, nil
}

const pageSize = 1000

// Check reads the list of datasets, and the first people with every field of the
// catalogue that we know, to see which of them the key may not see.
func (s *Source) Check(ctx context.Context) (core.Health, error) {
	if err := s.checkDatasets(ctx); err != nil {
		return core.Health{}, err
	}
	catalogue, err := s.catalogue(ctx)
	if err != nil {
		return core.Health{}, err
	}
	_, companyErr := s.company(ctx)
	if companyErr != nil && !manifest.Absent(companyErr) {
		return core.Health{}, companyErr
	}
	asked := catalogue.choose(vendorNames(s.fields(catalogue)))
	page, err := s.page(ctx, asked, 100, "1")
	if err != nil {
		return core.Health{}, err
	}
	h := core.Health{Summary: fmt.Sprintf("%d employees visible", page.Total), People: page.Total}
	missing := unseen(asked, page.Rows)
	for _, p := range vendor.Permissions {
		if p.ID == "report" && !s.oauth {
			continue
		}
		right := core.Right{Permission: p, Granted: true}
		switch p.ID {
		case "field access":
			right.Granted = len(missing) == 0
			right.Detail = strings.Join(missing, ", ")
		case "field catalogue":
			right.Granted = catalogue != nil
		case "company information":
			right.Granted = companyErr == nil
		}
		h.Rights = append(h.Rights, right)
	}
	if len(missing) > 0 {
		h.Notes = append(h.Notes, "BambooHR gives these fields for nobody, perhaps because the key may not see them: "+strings.Join(missing, ", ")+".")
	}
	return h, nil
}

func (s *Source) checkDatasets(ctx context.Context) error {
	var sets datasets
	if _, err := s.client.Get(ctx, "/v1_2/datasets", nil, &sets); err != nil {
		return err
	}
	for _, d := range sets.Datasets {
		if d.Name == "employee" {
			return nil
		}
	}
	return &core.Problem{Code: core.MissingScope, What: "BambooHR let us in, but the key may not read the employee dataset.",
		Fix: "Let a full administrator make the key, or give its maker an access level that sees all employees, then test again."}
}

// unseen gives the fields that were asked for and are in no row at all: BambooHR leaves
// out without a word what a key may not see.
func unseen(asked []string, rows []any) []string {
	if len(rows) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(asked), func(name string) bool {
		return slices.ContainsFunc(rows, func(row any) bool { _, ok := manifest.At(row, "fields."+name); return ok })
	})
}

// Fields gives the usual fields and the account's custom ones.
func (s *Source) Fields(ctx context.Context) ([]core.Field, error) {
	catalogue, err := s.catalogue(ctx)
	if err != nil {
		return nil, err
	}
	return s.fields(catalogue), nil
}

func (s *Source) fields(c *catalogue) []core.Field {
	extra := []string{"legalEntity"}
	if s.number != "none" {
		extra = append(extra, s.number)
	}
	return append(vendor.Fields(extra...), c.custom()...)
}

// People reads everybody, all statuses: a filter by status would lose people who have
// not begun.
func (s *Source) People(ctx context.Context, want core.Want) iter.Seq2[core.Person, error] {
	return func(yield func(core.Person, error) bool) {
		catalogue, err := s.catalogue(ctx)
		if err != nil {
			yield(core.Person{}, err)
			return
		}
		entity, err := s.entity(ctx, want)
		if err != nil {
			yield(core.Person{}, err)
			return
		}
		changed, err := s.changed(ctx, want.Since)
		if err != nil {
			yield(core.Person{}, err)
			return
		}
		known, day := s.fields(catalogue), s.env.Now()
		r := manifest.Reading{Manifest: vendor, Known: known, Want: want, Day: day,
			Raw: s.raw(ctx, catalogue.choose(s.needed(known, want)), want, changed, entity, day)}
		if catalogue == nil {
			r.Custom = customOf
		}
		r.People(ctx)(yield)
	}
}

// needed gives BambooHR's names of the wanted fields, with those that the status and the
// order need.
func (s *Source) needed(known []core.Field, want core.Want) []string {
	names := s.wantedNames(known, want)
	if s.number != "none" && (want.Fields == nil || slices.Contains(want.Fields, s.number)) {
		names = append(names, "departmentNumber")
	}
	return names
}

func (s *Source) wantedNames(known []core.Field, want core.Want) []string {
	if want.Fields == nil {
		return vendorNames(known)
	}
	fields := []core.Field{{ID: "externalId"}, {ID: "startDate"}, {ID: "endDate"}}
	for _, id := range want.Fields {
		fields = append(fields, core.Field{ID: id})
		if id == "managerEmail" { // left out for somebody who is his own manager
			fields = append(fields, core.Field{ID: "managerId"})
		}
	}
	return vendorNames(fields)
}

// vendorNames gives the dataset's names of canonical, custom and raw fields.
func vendorNames(fields []core.Field) []string {
	names := []string{"eeid", "status", "employmentStatus"}
	for _, f := range fields {
		for _, path := range vendor.People.Fields[f.ID].Paths {
			names = append(names, strings.TrimPrefix(path, "fields."))
		}
		if key, ok := strings.CutPrefix(f.ID, "custom."); ok {
			names = append(names, key)
		}
		if path, ok := strings.CutPrefix(f.ID, core.RawPrefix); ok {
			names = append(names, strings.TrimPrefix(path, "fields."))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (s *Source) raw(ctx context.Context, names []string, want core.Want, changed map[string]bool, entity any, day time.Time) iter.Seq2[manifest.Raw, error] {
	list := rest.List[any]{Vendor: vendor.Name, Noun: "employees", First: "1",
		Fetch: func(ctx context.Context, at string) (rest.Page[any], error) { return s.page(ctx, names, pageSize, at) },
		ID:    func(row any) string { return vendor.Value("externalId", row) }}
	today := day.Format(time.DateOnly)
	return func(yield func(manifest.Raw, error) bool) {
		for row, err := range list.All(ctx) {
			if err == nil && changed != nil && !changed[list.ID(row)] {
				continue
			}
			if !yield(manifest.Raw{JSON: row, Own: s.own(row, want, entity, today)}, err) {
				return
			}
		}
	}
}

// own works out what the manifest's table cannot say.
func (s *Source) own(row any, want core.Want, entity any, today string) map[string]any {
	fields, _ := manifest.At(row, "fields")
	values := map[string]any{"employmentStatus": status(row, fields, today)}
	if entity != nil {
		values["legalEntity"] = entity
	}
	if v, ok := manifest.At(fields, "departmentNumber"); ok && s.number != "none" {
		values[s.number] = v
	}
	if want.Fields == nil {
		addCustom(values, fields)
	}
	for _, id := range want.Fields {
		if name, ok := nameIn(id); ok {
			if v, has := manifest.At(fields, name); has {
				values[id] = v
			}
		}
	}
	return values
}

// nameIn gives the name, among the fields of a row, of a custom or raw field.
func nameIn(id string) (name string, ok bool) {
	if name, ok := strings.CutPrefix(id, "custom."); ok {
		return name, isCustom(name)
	}
	path, ok := strings.CutPrefix(id, core.RawPrefix)
	return strings.TrimPrefix(path, "fields."), ok // response.email is as good as response.fields.email
}

func addCustom(values map[string]any, fields any) {
	byName, _ := fields.(map[string]any)
	for name, v := range byName {
		if isCustom(name) {
			values["custom."+name] = v
		}
	}
}

// status follows the four rules of the fact sheet in their order.
func status(row, fields any, today string) string {
	end := vendor.Value("endDate", row)
	switch word, state := manifest.TextAt(fields, "employmentStatus"), manifest.TextAt(fields, "status"); {
	case manifest.Before(today, vendor.Value("startDate", row)):
		return core.StatusFuture
	case word == "Terminated", manifest.Before(end, today), state == "Inactive":
		return core.StatusTerminated
	case strings.Contains(strings.ToLower(word), "leave"):
		return core.StatusOnLeave
	case state == "Active":
		return core.StatusActive
	}
	return core.StatusUnknown
}

// entity gives the account's legal name where the legal entity is wanted and the key may
// see it.
func (s *Source) entity(ctx context.Context, want core.Want) (any, error) {
	if want.Fields != nil && !slices.Contains(want.Fields, "legalEntity") {
		return nil, nil
	}
	name, err := s.company(ctx)
	switch {
	case manifest.Absent(err):
		if s.env.Log != nil {
			s.env.Log.Warn("company information cannot be read, so the legal entity is absent", "vendor", vendor.Name)
		}
		return nil, nil
	case err != nil:
		return nil, err
	}
	return name, nil
}

func customOf(r manifest.Raw) []core.Field {
	var fields []core.Field
	for id := range r.Own {
		if key, ok := strings.CutPrefix(id, "custom."); ok {
			fields = append(fields, core.Field{ID: id, Label: key, Custom: true})
		}
	}
	slices.SortFunc(fields, func(a, b core.Field) int { return strings.Compare(a.ID, b.ID) })
	return fields
}

// isCustom knows customField4401; rows of custom tables (customTable…) are no fields of
// a person.
func isCustom(name string) bool {
	digits, ok := strings.CutPrefix(name, "customField")
	if !ok {
		return false // and no error was made for nothing
	}
	_, err := strconv.Atoi(digits)
	return err == nil
}

var _ core.Source = (*Source)(nil)

// Package people reads the accounts of a directory as people, for companies whose
// directory is where people are kept.
package people

import (
	"context"
	"iter"
	"slices"

	"rollcall/core"
)

// Field says which attribute of the directory holds a canonical field.
type Field struct{ Field, Attribute string }

// Source gives a directory's accounts as people. A disabled account is a person who has
// left; directories know no dates, so all of them come, however long ago they left.
type Source struct {
	target core.Target
	fields []Field
}

// New makes a source of a target. Attributes that fields does not name can be read as
// response.<attribute>.
func New(target core.Target, fields []Field) *Source { return &Source{target, fields} }

// Check is the target's.
func (s *Source) Check(ctx context.Context) (core.Health, error) { return s.target.Check(ctx) }

// Fields gives the canonical fields that the directory has, then all its attributes.
func (s *Source) Fields(ctx context.Context) ([]core.Field, error) {
	columns, err := s.columns(ctx)
	if err != nil {
		return nil, err
	}
	fields := make([]core.Field, len(columns))
	for i, c := range columns {
		fields[i] = c.field
	}
	return fields, nil
}

// column is a field with the attribute that it is read from.
type column struct {
	field     core.Field
	attribute string // the directory's, or a reserved one
}

const status = "employmentStatus"

func (s *Source) columns(ctx context.Context) ([]column, error) {
	attributes, err := s.target.Attributes(ctx)
	if err != nil {
		return nil, err
	}
	var all []column
	for _, f := range core.Canonical {
		if from, ok := s.from(f.ID, attributes); ok {
			all = append(all, column{f, from})
		}
	}
	for _, a := range attributes {
		all = append(all, column{core.Field{ID: core.RawPrefix + a.ID, Label: a.Label, Kind: a.Kind, Custom: true}, a.ID})
	}
	return all, nil
}

func (s *Source) from(field string, attributes []core.Attribute) (string, bool) {
	switch field {
	case "externalId":
		return core.AccountID, true
	case status:
		return core.AccountActive, true
	}
	i := slices.IndexFunc(s.fields, func(f Field) bool { return f.Field == field })
	if i < 0 {
		return "", false
	}
	from := s.fields[i].Attribute
	return from, slices.ContainsFunc(attributes, func(a core.Attribute) bool { return a.ID == from })
}

// People yields everybody who has an account.
func (s *Source) People(ctx context.Context, want core.Want) iter.Seq2[core.Person, error] {
	return func(yield func(core.Person, error) bool) {
		columns, err := s.columns(ctx)
		if err != nil {
			yield(core.Person{}, err)
			return
		}
		columns = slices.DeleteFunc(columns, func(c column) bool { return !wanted(c.field.ID, want.Fields) })
		packer, names := layout(columns)
		for a, err := range s.target.Accounts(ctx, names) {
			if err != nil {
				yield(core.Person{}, err)
				return
			}
			if a.Deleted() {
				continue
			}
			for i, c := range columns {
				packer.Set(i, value(a, c))
			}
			if !yield(core.Person{Record: packer.Pack()}, nil) {
				return
			}
		}
	}
}

func wanted(id string, fields []string) bool {
	return fields == nil || id == "externalId" || id == status || slices.Contains(fields, id)
}

func layout(columns []column) (*core.Packer, []string) {
	fields := make([]core.Field, len(columns))
	names := []string{}
	for i, c := range columns {
		fields[i] = c.field
		names = append(names, c.attribute)
	}
	return core.NewPacker(core.NewSchema(fields)), names
}

func value(a core.Account, c column) string {
	switch {
	case c.field.ID != status:
		return a.Value(c.attribute)
	case a.Active():
		return core.StatusActive
	}
	return core.StatusTerminated
}

var _ core.Source = (*Source)(nil)

// Package youforce reads Visma Raet's Youforce. Persons, employments, units and roles are
// lists of their own there; here they are put together.
package youforce

import (
	"cmp"
	"context"
	_ "embed"
	"iter"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

//go:embed manifest.yaml
var description []byte

var vendor = manifest.Must(description)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes a source that reads one customer.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Rows: rows}, a, env)
}

// company is what belongs to persons: rows of the other lists, by what they hang on.
type company struct {
	today, role                                                        string
	employments, units, jobs, roles, allocations, ofPerson, ofContract map[string][]any
}

// rows reads the other lists that are needed, and then the persons.
func rows(ctx context.Context, r manifest.Pull) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		c, err := lists(ctx, r)
		if err != nil {
			yield(nil, err)
			return
		}
		for person, err := range r.List(ctx, vendor.People.Call, nil, "personCode") {
			if row, ok := person.(map[string]any); ok {
				c.complete(row)
			}
			if !yield(person, err) || err != nil {
				return
			}
		}
	}
}

// lists reads all but the persons. Without employments nobody's status would be known;
// the others may be refused.
func lists(ctx context.Context, r manifest.Pull) (*company, error) {
	c := &company{today: r.Today, role: r.Answers.Get("managerRole")}
	managers := r.Wants("managerId")
	for _, l := range []struct {
		into             *map[string][]any
		path, list, by   string
		needed, optional bool
	}{
		{&c.employments, "/iam/v1.0/employments", "value", "personCode", true, false},
		{&c.units, "/iam/v1.0/organizationUnits", "value", "id", r.Needs("unit") || managers, true},
		{&c.jobs, "/iam/v1.0/jobProfiles", "value", "id", r.Needs("job"), true},
		{&c.roles, "/iam/v1.0/roleAssignments", "value", "organizationUnit", managers, true},
		{&c.allocations, "/iam/v1.0/costAllocations", "value", "employmentCode", r.Needs("allocation"), true},
		{&c.ofPerson, "/extensions/v1.0/iam/persons", "values", "personCode", r.Needs("extensions"), true},
		{&c.ofContract, "/extensions/v1.0/iam/employments", "values", "employmentCode", r.Needs("extensions"), true},
	} {
		*l.into = map[string][]any{}
		if !l.needed {
			continue
		}
		call := manifest.Call{Get: l.path, List: l.list, Page: vendor.People.Page}
		for row, err := range r.List(ctx, call, nil, "") {
			if err != nil && (!l.optional || !manifest.Absent(err)) {
				return nil, err
			}
			if key := manifest.TextAt(row, l.by); key != "" {
				(*l.into)[key] = append((*l.into)[key], row)
			}
		}
	}
	return c, nil
}

// complete puts into a person's row what belongs to it.
func (c *company) complete(person map[string]any) {
	code := manifest.TextAt(person, "personCode")
	own := c.employments[code]
	slices.SortStableFunc(own, func(a, b any) int { // of two rows of one employment the one that is valid today counts
		return rank(c.holds(b, "validFrom", "validUntil")) - rank(c.holds(a, "validFrom", "validUntil"))
	})
	employment := manifest.Current(own, "hireDate", "dischargeDate", c.today)
	contract, unit := manifest.TextAt(employment, "employmentCode"), manifest.TextAt(employment, "organizationUnit")
	person["employment"] = employment
	person["unit"], person["job"] = c.valid(c.units[unit]), c.valid(c.jobs[manifest.TextAt(employment, "jobProfile")])
	person["manager"] = c.manager(unit, code)
	person["allocation"] = c.largest(ofOne(c.allocations[contract], code))
	extensions := slices.Concat(c.ofPerson[code], ofOne(c.ofContract[contract], code))
	for _, e := range extensions {
		if row, ok := e.(map[string]any); ok {
			row["key"] = cmp.Or(manifest.TextAt(row, "fieldNameAlias"), manifest.TextAt(row, "bo4FieldCode"))
		}
	}
	person["extensions"] = extensions
}

// ofOne leaves out rows that name another person: where people share the number of a
// contract, each has what is his own.
func ofOne(rows []any, code string) []any {
	return slices.DeleteFunc(slices.Clone(rows), func(row any) bool { who := manifest.TextAt(row, "personCode"); return who != "" && who != code })
}

func rank(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// holds says that today is between two days of a row; one that is missing is open.
func (c *company) holds(row any, start, end string) bool {
	return !manifest.Before(c.today, manifest.Day(manifest.TextAt(row, start))) && !manifest.Before(manifest.Day(manifest.TextAt(row, end)), c.today)
}

// valid gives the row that is valid today, else the first one.
func (c *company) valid(rows []any) any {
	for _, row := range rows {
		if c.holds(row, "validFrom", "validUntil") {
			return row
		}
	}
	return slices.Concat(rows, []any{nil})[0]
}

// manager gives who has the manager's role on a unit today, and is somebody else; where
// there is nobody, who has it on the unit above, and so on.
func (c *company) manager(unit, person string) string {
	for seen := map[string]bool{}; unit != "" && !seen[unit]; unit = manifest.TextAt(c.valid(c.units[unit]), "parentOrgUnit") {
		seen[unit] = true
		for _, role := range c.roles[unit] {
			if who := manifest.TextAt(role, "personCode"); who != person && strings.EqualFold(manifest.TextAt(role, "shortName"), c.role) && c.holds(role, "startDate", "endDate") {
				return who
			}
		}
	}
	return ""
}

// largest gives the cost allocation with the largest share, of those of today if there
// are any.
func (c *company) largest(all []any) any {
	var best any
	most, holding := 0.0, false
	for _, one := range all {
		share, _ := strconv.ParseFloat(manifest.TextAt(one, "percentage"), 64) // none is no share
		now := c.holds(one, "startDate", "endDate")
		if best == nil || now && !holding || now == holding && share > most {
			best, most, holding = one, share, now
		}
	}
	return best
}

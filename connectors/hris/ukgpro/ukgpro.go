// Package ukgpro reads people from UKG Pro. Code chooses which of somebody's employments
// counts, and finds out which organisation level is the department, the division and the
// cost centre, for every company arranges its levels itself.
package ukgpro

import (
	"context"
	_ "embed"
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var text []byte

var vendor = manifest.Must(text)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source of one company from complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Needs: []string{"jobs", "supervisors"}, Rows: rows, Row: complete}, a, env)
}

// rows reads everybody. UKG promises no order, so a row that came before is left out; a
// page of nothing else is no page of this list, and a problem.
func rows(ctx context.Context, p manifest.Pull) iter.Seq2[any, error] {
	seen, size, short := map[string]bool{}, vendor.People.Page.Size.Is, false
	list := rest.List[any]{Vendor: vendor.Name, Noun: "people", First: "1", ID: func(row any) string { return manifest.TextAt(row, "employeeId") },
		Fetch: func(ctx context.Context, page string) (rest.Page[any], error) {
			var all, fresh []any
			_, err := p.Client.Get(ctx, vendor.People.Get, url.Values{"page": {page}, vendor.People.Page.Size.Param: {strconv.Itoa(size)}}, &all)
			if short && core.HasCode(err, core.NotFound) {
				err = nil
			}
			for _, row := range all {
				if id := strings.ToLower(manifest.TextAt(row, "employeeId")); !seen[id] {
					seen[id], fresh = true, append(fresh, row)
				}
			}
			if len(fresh) == 0 {
				fresh = all
			}
			short = len(all) < size
			return rest.Page[any]{Rows: fresh, Total: -1, Next: rest.NextPage(page, len(all), 0)}, err
		}}
	return list.All(ctx)
}

// sensitive are the beginnings of the names of what nobody may see.
var sensitive = regexp.MustCompile(`(?i)^(ethnic|health|military|i9)`)

// complete puts the employment that counts into a person's row, with its supervisor and
// the names for its codes, and lays out the user-defined fields.
func complete(p manifest.Person) bool {
	for name := range p.Row {
		if sensitive.MatchString(name) {
			delete(p.Row, name)
		}
	}
	p.Row["slots"] = slotsOf(p.Row["slots"])
	job := chosen(manifest.Several(p.Row["jobs"]), manifest.TextAt(p.Row, "companyId"))
	if job == nil {
		return true
	}
	p.Row["job"] = job
	begin := vendor.Value("startDate", p.Row)
	if manifest.Before(vendor.Value("endDate", p.Row), begin) {
		delete(job, "dateOfTermination")
	}
	boss := supervisor(manifest.Several(p.Row["supervisors"]), job)
	p.Row["supervisor"] = boss
	for _, one := range []struct {
		row  any
		path string
	}{{job, "supervisorID"}, {boss, "supervisorEmployeeID"}} {
		if row, ok := one.row.(map[string]any); ok && strings.EqualFold(manifest.TextAt(row, one.path), manifest.TextAt(p.Row, "employeeId")) {
			delete(row, one.path)
			delete(row, "supervisorEmail")
		}
	}
	job["titleOfCode"] = p.Names["jobs"][manifest.TextAt(job, "primaryJobCode")]
	place := manifest.TextAt(job, "primaryWorkLocationCode")
	if job["location"] = place; p.Names["locations"][place] != "" {
		job["location"] = p.Names["locations"][place]
	}
	department, division, costCentre := levels(p)
	job["department"], job["departmentCode"] = unit(p, job, department)
	job["division"], _ = unit(p, job, division)
	_, job["costCenterCode"] = unit(p, job, costCentre)
	return true
}

// chosen gives the employment that counts: of those that are not terminated the one that
// began last, else the one that ended last; of equals that of the person's own company.
func chosen(jobs []any, company string) map[string]any {
	rank := func(job any) string {
		live, day, own := "1", manifest.Day(manifest.TextAt(job, "lastHireDate")), "0"
		if strings.EqualFold(manifest.TextAt(job, "employeeStatusCode"), "T") {
			live, day = "0", manifest.Day(manifest.TextAt(job, "dateOfTermination"))
		}
		if strings.EqualFold(manifest.TextAt(job, "companyID"), company) {
			own = "1"
		}
		return live + "/" + day + "/" + own
	}
	if len(jobs) == 0 {
		return nil
	}
	best, _ := slices.MaxFunc(jobs, func(a, b any) int { return strings.Compare(rank(a), rank(b)) }).(map[string]any)
	return best
}

// supervisor gives the row of the call for supervisors that says the same as the job, or
// says something where the job does not; that of the job's company first.
func supervisor(rows []any, job map[string]any) any {
	var best any
	for _, row := range rows {
		same := strings.EqualFold(manifest.TextAt(row, "supervisorEmployeeID"), manifest.TextAt(job, "supervisorID"))
		if manifest.TextAt(job, "supervisorID") != "" && !same {
			continue
		}
		if best == nil || strings.EqualFold(manifest.TextAt(row, "companyID"), manifest.TextAt(job, "companyID")) {
			best = row
		}
	}
	return best
}

// levels tells which organisation level is the department, the division and the cost
// centre: as the answers say, else by the names of the levels; "" is none.
func levels(p manifest.Person) (department, division, costCentre string) {
	named := func(option string, parts ...string) string {
		if answer := p.Answers.Get(option); answer != "auto" {
			return answer
		}
		for n := 1; n <= 4; n++ {
			name := strings.ToLower(p.Names["levelNames"][strconv.Itoa(n)])
			if slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(name, part) }) || option == "departmentLevel" && name == "dept" {
				return strconv.Itoa(n)
			}
		}
		return ""
	}
	department, division, costCentre = named("departmentLevel", "department"), named("divisionLevel", "division"), named("costCenterLevel", "cost cent")
	if department == "" && division != "1" && costCentre != "1" {
		department = "1"
	}
	return department, division, costCentre
}

// unit gives the name and the code of somebody's unit on a level.
func unit(p manifest.Person, job map[string]any, level string) (name, code string) {
	code = manifest.TextAt(job, "orgLevel"+level+"Code")
	return p.Names["units"][level+"/"+code], code
}

// slotName is a slot's name where the company gave it none.
var slotName = regexp.MustCompile(`^(International)?UDField\d+$`)

var instant = regexp.MustCompile(`^\d{4}-\d\d-\d\dT`)

// slotsOf makes a list of the user-defined fields that are in use; a day loses its time.
func slotsOf(rows any) []any {
	var slots []any
	for _, row := range manifest.Several(rows) {
		for _, group := range []string{"personnelUserDefinedFields", "internationalUserDefinedFields"} {
			found, _ := manifest.At(row, group)
			all, _ := found.(map[string]any)
			for key, slot := range all {
				value, field := manifest.TextAt(slot, "value"), manifest.TextAt(slot, "field")
				if instant.MatchString(value) {
					value = manifest.Day(value)
				}
				if value == "" && slotName.MatchString(field) {
					continue
				}
				slots = append(slots, map[string]any{"key": key, "field": field, "value": value})
			}
		}
	}
	return slots
}

// Package nmbrs reads Nmbrs over REST or the older SOAP. Both give, for one company after
// another, lists of what belongs to employees; here they are put together.
package nmbrs

import (
	"context"
	_ "embed"
	"iter"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var description []byte

var vendor = manifest.Must(description)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes a source that reads all companies of one customer.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{
		Client: func(cfg *rest.Config, _ core.Answers, _ core.Env) error {
			cfg.Explain = fault
			return nil
		},
		Rows: rows, Status: status, Health: health,
	}, a, env)
}

var faultCode = regexp.MustCompile(`---(?:&gt;|>) (\d{4}):`)

// fault explains what SOAP refuses, always with status 500; other faults are the server's.
func fault(a *rest.Answer) *core.Problem {
	found := faultCode.FindSubmatch(a.Body)
	if a.Status != http.StatusInternalServerError || found == nil {
		return nil
	}
	switch string(found[1]) {
	case "1001":
		return &core.Problem{Code: core.BadCredentials, What: "Nmbrs refuses the user name or the API token.",
			Fix: "Check both, and that the API account is activated under User profile, API token; make a new token if it is lost."}
	case "1002", "1003", "1004", "1006", "2003", "2004", "2009":
		return &core.Problem{Code: core.MissingScope, What: "Nmbrs let us in, but the user of the API token may not read this.",
			Fix: "Give the user a template for the API that sees all companies and employees, then test again."}
	case "2042", "2043", "2046":
		return &core.Problem{Code: core.NotFound, What: "Nmbrs does not know this domain.",
			Fix: "Check the domain: it is the first part of the address at which you open Nmbrs."}
	}
	return nil
}

// rows reads all companies, and in each the people with what belongs to them.
func rows(ctx context.Context, r manifest.Pull) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		rd := &reading{Pull: r, way: restWay, byMail: map[string]string{}}
		if r.Answers.Get("auth") == "soap" {
			rd.way = soapWay
		}
		companies, err := rd.companies(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, c := range companies {
			if !rd.company(ctx, c, yield) {
				return
			}
		}
	}
}

// reading is one reading of all companies.
type reading struct {
	manifest.Pull
	way    way
	byMail map[string]string // who has a work address, in small letters
}

// company is one company with the lists of its people: by list, from id to the chosen entry.
type company struct {
	row   any
	lists map[string]map[string]any
}

// companies lists the companies. Where managers are wanted the people's addresses are
// read first, for a manager may work in another company.
func (rd *reading) companies(ctx context.Context) ([]*company, error) {
	var all []*company
	for row, err := range rd.List(ctx, rd.way.companies, nil, "") {
		if err != nil {
			return nil, err
		}
		all = append(all, &company{row: row, lists: map[string]map[string]any{}})
	}
	for _, c := range all {
		for _, l := range rd.way.lists {
			if l.name != "info" || !rd.Wants("managerId", "managerEmail") {
				continue
			}
			if err := rd.load(ctx, c, l); err != nil {
				return nil, err
			}
			for id, info := range c.lists[l.name] {
				rd.has(manifest.TextAt(info, "contactInfo.businessEmail"), id)
			}
		}
	}
	return all, nil
}

// has remembers who has a work address; of two people the one with the smaller id.
func (rd *reading) has(address, id string) {
	address = strings.ToLower(address)
	if before, ok := rd.byMail[address]; address != "" && (!ok || id < before) {
		rd.byMail[address] = id
	}
}

// load reads a list of a company, and keeps of each person the entry that counts.
func (rd *reading) load(ctx context.Context, c *company, l list) error {
	if c.lists[l.name] != nil {
		return nil
	}
	c.lists[l.name] = map[string]any{}
	for row, err := range rd.List(ctx, l.call, c.row, rd.way.id) {
		if err != nil && l.optional && manifest.Absent(err) {
			return nil
		}
		if err != nil {
			return err
		}
		entries, _ := manifest.At(row, l.at)
		c.lists[l.name][manifest.TextAt(row, rd.way.id)] = l.choose(manifest.Several(entries), rd)
	}
	return nil
}

// company yields the people of a company; false means that the reading has ended.
func (rd *reading) company(ctx context.Context, c *company, yield func(any, error) bool) bool {
	for _, l := range rd.way.lists {
		if needed := rd.Needs(l.name) && (l.name != "manager" || rd.Wants("managerId", "managerEmail")); !needed {
			continue
		}
		if err := rd.load(ctx, c, l); err != nil {
			return yield(nil, err) && false
		}
	}
	for row, err := range rd.List(ctx, rd.way.people, c.row, rd.way.id) {
		if err != nil {
			return yield(nil, err) && false
		}
		if person, ok := row.(map[string]any); ok {
			rd.complete(person, c)
			if kind := manifest.TextAt(person, "basic.employeeType"); kind == "applicant" || kind == "rejectedApplicant" {
				continue
			}
		}
		if !yield(row, nil) {
			return false
		}
	}
	c.lists = nil
	return true
}

// complete puts into a person's row what belongs to it.
func (rd *reading) complete(person map[string]any, c *company) {
	id := manifest.TextAt(person, rd.way.id)
	for name, of := range c.lists {
		person[name] = of[id]
	}
	if infos, ok := manifest.At(person, "EmployeePersonalInfos.PersonalInfo_V2"); ok {
		person["info"] = latest(manifest.Several(infos), rd)
	}
	person["company"], person["basic"] = c.row, person["employeeBasicInfo"]
	if person["basic"] == nil {
		person["basic"], _ = manifest.At(person["info"], "basicInfo")
	}
	if manager, ok := person["manager"].(map[string]any); ok {
		manager["employeeId"] = rd.byMail[strings.ToLower(manifest.TextAt(manager, "email"))]
	}
	clean(person["info"])
	clean(person["employment"])
}

// nothing is what Nmbrs writes where there is no value, and words the words of SOAP.
var (
	nothing = []string{"unspecified", "unknown", "0001-01-01", "0001-01-01T00:00:00"}
	words   = map[string]string{"1": "male", "2": "female"}
)

// clean takes what means no value out of an entry, and gives SOAP's gender its word.
func clean(entry any) {
	for _, path := range []string{"birthInfo", ""} {
		found, _ := manifest.At(entry, path)
		object, ok := found.(map[string]any)
		if !ok {
			continue
		}
		for _, key := range []string{"gender", "Gender", "birthDate", "Birthday", "startDate", "StartDate", "endDate", "EndDate"} {
			if slices.Contains(nothing, manifest.TextAt(object, key)) {
				delete(object, key)
			}
		}
		if gender := manifest.TextAt(object, "Gender"); gender != "" {
			delete(object, "Gender")
			if word := words[gender]; word != "" {
				object["Gender"] = word
			}
		}
	}
}

// either gives the text at the first path that has one; the second is SOAP's.
func either(v any, path, soap string) string {
	if t := manifest.TextAt(v, path); t != "" {
		return t
	}
	return manifest.TextAt(v, soap)
}

// status follows the kind of employee and the employment that counts.
func status(p manifest.Person) string {
	kind, employment := manifest.TextAt(p.Row, "basic.employeeType"), p.Row["employment"]
	begin := manifest.Day(either(employment, "startDate", "StartDate"))
	end := manifest.Day(either(employment, "endDate", "EndDate"))
	known := slices.Contains([]string{"payroll", "external", "newHire"}, kind)
	switch {
	case kind == "formerPayroll" || kind == "formerExternal" || manifest.Before(end, p.Today):
		return core.StatusTerminated
	case employment == nil && !known:
		return core.StatusUnknown
	case employment == nil || manifest.Before(p.Today, begin):
		return core.StatusFuture
	}
	return core.StatusActive
}

// health tries one list of the scope that may be missing.
func health(ctx context.Context, c *rest.Client, a core.Answers, h *core.Health) error {
	if a.Get("auth") == "soap" {
		h.Rights = slices.DeleteFunc(h.Rights, func(r core.Right) bool { return strings.HasSuffix(r.Permission.ID, ".read") })
		return nil
	}
	var answer any
	if _, err := c.Get(ctx, "/api/companies", nil, &answer); err != nil {
		return err
	}
	_, err := c.Get(ctx, "/api/companies/"+manifest.TextAt(answer, "data.0.companyId")+"/employees/departments", nil, &answer)
	for i, right := range h.Rights {
		if right.Permission.ID == "employee.orgstructure.read" && core.HasCode(err, core.MissingScope) {
			h.Rights[i].Granted, h.Rights[i].Detail = false, core.AsProblem(err).What
		}
	}
	if manifest.Absent(err) {
		return nil
	}
	return err
}

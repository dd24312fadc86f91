package iriscascade

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const made = "2021-02-15T09:12:44.1030000Z"

func (e *emulator) employees(w http.ResponseWriter, r *http.Request) {
	o, status := readQuery(r.URL.Query(), employee(seed.Employee{}))
	if status != 0 {
		problem(w, status, "The query specified in the URI is not valid.")
		return
	}
	people := slices.DeleteFunc(e.Living(), func(p seed.Employee) bool { return !o.lets(func() wire.Object { return employee(p) }) })
	if o.by != "" && o.by != "Id" || o.down {
		slices.SortStableFunc(people, func(a, b seed.Employee) int { return o.before(employee(a), employee(b)) })
	}
	size := e.size(o, r)
	found, total := e.Pages.At(people, o.skip, size)
	rows := []any{}
	for _, p := range found {
		rows = append(rows, o.only(employee(p)))
	}
	page(w, r, o, "Employees", rows, size, total)
}

func (e *emulator) employee(w http.ResponseWriter, r *http.Request) {
	digits, ok := strings.CutPrefix(r.PathValue("id"), "5b1c0000-7d2e-4c1b-9f10-")
	p, found := e.Find(strings.TrimLeft(digits, "0"))
	if !ok || !found || p.Removed {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	o := employee(p)
	o["@odata.context"] = context + "Employees/$entity"
	answer(w, o)
}

func guid(id int) string { return fmt.Sprintf("5b1c0000-7d2e-4c1b-9f10-%012d", id) }

func orNull(value string) any {
	if value == "" {
		return nil
	}
	return value
}

// moment writes a day as the midnight of a zone, which is not to be moved.
func moment(day string, p seed.Employee) any {
	switch {
	case day == "":
		return nil
	case p.ID%11 == 0:
		return day + "T00:00:00+01:00"
	}
	return day + "T00:00:00Z"
}

func employee(p seed.Employee) wire.Object {
	o := wire.Object{
		"Id": guid(p.ID), "TitleHonorific": nil, "FirstName": p.First, "LastName": p.Last,
		"WorkingStatus": workingStatus(p), "IsManager": p.ID%7 == 0,
		"PayrollId": orNull(p.Number), "IncludeInPayroll": true, "EmploymentStartDate": moment(p.Hire, p), "EmploymentLeftDate": moment(p.End, p),
		"ContinuousServiceDate": moment("2001-01-01", p), "DateOfBirth": moment(p.Birth, p), "LastWorkingDate": moment(p.LastDay, p),
		"LeaverReason": nil, "WindowsUsername": fmt.Sprintf("BRAMBLE\\p%d", p.ID), "SourceSystemId": strconv.Itoa(p.ID),
		"CreatedOn": made, "SourceSystemCreatedOn": "2020-01-06T00:00:00Z", "CreatedBy": nil, "LastModifiedBy": nil,
		"LastModifiedOn": modified(p), "SourceSystemLastModifiedOn": modified(p),
	}
	wire.Put(o, "DisplayId", p.Number, p.Void)
	wire.Put(o, "KnownAs", p.Preferred, p.Void)
	wire.Put(o, "OtherName", p.Middle, p.Void)
	wire.Put(o, "Gender", p.Gender, p.Void)
	wire.Put(o, "CostCentre", costCentre(p, 0), p.Void)
	list(o, "Emails", emails(p), p.Void)
	list(o, "Phones", phones(p), p.Void)
	list(o, "Addresses", addresses(p), p.Void)
	if p.State == seed.Left {
		o["LeaverReason"] = "Resignation"
	}
	for _, key := range []string{"NationalInsuranceNumber", "TaxCode", "Ethnicity", "Nationality", "Religion", "MaritalStatus", "GenderIdentity"} {
		o[key] = "SENSITIVE-" + strings.ToUpper(key)
	}
	return o
}

func modified(p seed.Employee) string { return p.Changed.UTC().Format("2006-01-02T15:04:05.0000000Z") }

// workingStatus is what somebody does today, in words of the customer; it is no leave of absence.
func workingStatus(p seed.Employee) any {
	switch {
	case p.State == seed.Left:
		return "Left"
	case p.State == seed.OnLeave || p.State == seed.Odd:
		return orNull(p.Word)
	case p.ID%8 == 0:
		return "On Holiday"
	}
	return "At Work"
}

// costCentre lies in the employee of people with an even id, and in the job of the others.
func costCentre(p seed.Employee, odd int) string {
	if len(p.CostCentres) == 0 || p.ID%2 != odd {
		return ""
	}
	return p.CostCentres[0].Name
}

// list writes a list; an empty one as null, as nothing or as [].
func list(o wire.Object, key string, entries []any, void seed.Void) {
	switch {
	case len(entries) > 0 || void == seed.Empty || void == seed.Blank:
		o[key] = entries
	case void == seed.Null:
		o[key] = nil
	}
}

// emails come in any order; of every fifth person the work address comes twice, the first time without a value.
func emails(p seed.Employee) []any {
	entries := []any{}
	add := func(owner, value string) {
		if value != "" || p.ID%5 == 0 {
			entries = append(entries, wire.Object{"Ownership": owner, "Value": value})
		}
	}
	if p.ID%5 == 0 {
		add("Organization", "")
	}
	add("Organization", p.Email)
	add("Personal", p.PersonalEmail)
	if p.ID%3 == 0 && p.ID%5 != 0 {
		slices.Reverse(entries)
	}
	return entries
}

// phones of every third person have the mobile as a private one; the private landline comes first and is not wanted.
func phones(p seed.Employee) []any {
	entries := []any{}
	add := func(owner, kind, value string) {
		if value != "" {
			entries = append(entries, wire.Object{"Ownership": owner, "Type": kind, "Value": value})
		}
	}
	if p.ID%4 == 0 && p.Title != "" {
		add("Personal", "Landline", "+44 161 496 9999")
	}
	if p.ID%3 == 0 {
		add("Personal", "Mobile", p.MobilePhone)
	} else {
		add("Organization", "Mobile", p.MobilePhone)
		if p.MobilePhone != "" {
			add("Personal", "Mobile", "+44 7700 900999")
		}
	}
	add("Organization", "Landline", p.WorkPhone)
	return entries
}

func addresses(p seed.Employee) []any {
	entries, a := []any{}, p.Address
	if p.ID%7 == 0 {
		entries = append(entries, address("Organization", "1 Head Office Way", "", "Stockport", "", "SK1 9ZZ"))
	}
	if a != (seed.Address{}) {
		entries = append(entries, address("Personal", a.Line1, a.Line2, a.City, a.Region, a.PostalCode))
	}
	return entries
}

func address(owner, line1, line2, city, region, code string) wire.Object {
	return wire.Object{"Ownership": owner, "Address1": orNull(line1), "Address2": orNull(line2), "Address3": nil,
		"Address4": orNull(city), "Address5": orNull(region), "PostCode": orNull(code)}
}

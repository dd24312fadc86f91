package nmbrs

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"rollcall/connectors/internal/manifest"
)

// way is one of the two APIs: the call for the companies, the one for the people of a
// company with the path of their ids, and what belongs to them.
type way struct {
	companies, people manifest.Call
	id                string
	lists             []list
}

// list is a list of a company: of each person some entries, of which one counts.
type list struct {
	name     string // of the chosen entry in the person's row
	call     manifest.Call
	at       string // where the entries stand in a row of the list
	optional bool
	choose   func(entries []any, rd *reading) any
}

var restWay = way{
	companies: restCall("/api/companies"), people: restCall("/api/companies/{.companyId}/employees"), id: "employeeId",
	lists: []list{
		{"info", ofPeople("personalInfo"), "info", false, latest},
		{"employment", ofPeople("employments"), "employments", false, begun},
		{"function", ofPeople("functions"), "functions", true, latest},
		{"department", ofPeople("departments"), "departments", true, latest},
		{"manager", ofPeople("managers"), "managers", true, latest},
		{"cost", ofPeople("costcenters"), "employeeCostCenters", true, cost},
		{"address", ofPeople("addresses"), "addresses", true, home},
	},
}

func ofPeople(list string) manifest.Call {
	return restCall("/api/companies/{.companyId}/employees/" + list)
}

func restCall(path string) manifest.Call {
	return manifest.Call{Get: path, List: "data", Total: "pagination.totalRecords",
		Page: manifest.Page{Number: &manifest.Step{Param: "pageNumber", First: 1, Last: "pagination.totalPages"}, Size: &manifest.Size{Param: "pageSize", Is: 100}}}
}

var soapWay = way{
	companies: soapCall("CompanyService", "List_GetAll", "Company", ""),
	people:    soapOfPeople("PersonalInfoWithoutBSN_Get_GetAllEmployeesByCompany", "PersonalInfoItem"), id: "EmployeeId",
	lists: []list{
		{"employment", soapOfPeople("Employment_GetAll_AllEmployeesByCompany", "EmployeeEmploymentItem"), "EmployeeEmployments.Employment", false, begun},
		{"department", soapOfPeople("Department_GetAll_AllEmployeesByCompany", "EmployeeDepartmentItem"), "EmployeeDepartments.Department_V2", true, latest},
	},
}

func soapOfPeople(operation, item string) manifest.Call {
	return soapCall("EmployeeService", operation, item, "<CompanyId>{.ID}</CompanyId>")
}

func soapCall(service, operation, item, inside string) manifest.Call {
	const envelope = `<?xml version="1.0" encoding="utf-8"?>` +
		`<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Header><AuthHeaderWithDomain xmlns="%[1]s">` +
		`<Username>{username}</Username><Token>{token}</Token><Domain>{domain}</Domain></AuthHeaderWithDomain></soap:Header>` +
		`<soap:Body><%[2]s xmlns="%[1]s">%[3]s</%[2]s></soap:Body></soap:Envelope>`
	space := "https://api.nmbrs.nl/soap/v3/" + service
	return manifest.Call{Post: "/soap/v3/" + service + ".asmx", XML: fmt.Sprintf(envelope, space, operation, inside),
		List:   fmt.Sprintf("Envelope.Body.%[1]sResponse.%[1]sResult.%[2]s", operation, item),
		Header: map[string]string{"Content-Type": "application/soap+xml; charset=utf-8", "Accept": "application/soap+xml"}}
}

// period is since when an entry holds: year and month or four weeks.
func period(entry any) (year, part int) {
	year, _ = strconv.Atoi(either(entry, "period.year", "StartYear"))
	part, _ = strconv.Atoi(either(entry, "period.period", "StartPeriod"))
	return year, part
}

// current leaves out what begins in a later year while something began before.
func current(entries []any, rd *reading) []any {
	this, _ := strconv.Atoi(rd.Today[:4])
	kept := slices.DeleteFunc(slices.Clone(entries), func(e any) bool {
		year, _ := period(e)
		return year > this
	})
	if len(kept) == 0 {
		return entries
	}
	return kept
}

func byPeriod(a, b any) int {
	yearA, partA := period(a)
	yearB, partB := period(b)
	return cmp.Or(yearA-yearB, partA-partB)
}

// latest gives the entry of the latest period, of two the one that was made later.
func latest(entries []any, rd *reading) any {
	if len(entries) == 0 {
		return nil
	}
	return slices.MaxFunc(current(entries, rd), func(a, b any) int {
		return cmp.Or(byPeriod(a, b), cmp.Compare(either(a, "createdAt", "CreationDate"), either(b, "createdAt", "CreationDate")))
	})
}

// begun gives the employment that began last and not after today; where none has begun,
// the earliest.
func begun(entries []any, rd *reading) any {
	var best any
	bestStart, bestBegun := "", false
	for _, e := range entries {
		start := manifest.Day(either(e, "startDate", "StartDate"))
		has := !manifest.Before(rd.Today, start)
		if best == nil || has && !bestBegun || has == bestBegun && (start > bestStart) == has && start != bestStart {
			best, bestStart, bestBegun = e, start, has
		}
	}
	return best
}

// cost gives the cost centre or unit with the largest share of the latest period, the
// first of equals.
func cost(entries []any, rd *reading) any {
	entries = slices.DeleteFunc(slices.Clone(entries), func(e any) bool { return manifest.TextAt(e, rd.costFrom()+".code") == "" })
	if len(entries) == 0 {
		return nil
	}
	entries = current(entries, rd)
	last := slices.MaxFunc(entries, byPeriod)
	var best any
	most := -1.0
	for _, e := range entries {
		share, _ := strconv.ParseFloat(manifest.TextAt(e, "percentage"), 64) // none is no share
		if byPeriod(e, last) == 0 && share > most {
			best, most = e, share
		}
	}
	found, _ := manifest.At(best, rd.costFrom())
	return found
}

func (rd *reading) costFrom() string {
	if from := rd.Answers.Get("costCenterFrom"); from != "" {
		return from
	}
	return "costCenters"
}

// home gives the home address, else the default one.
func home(entries []any, rd *reading) any {
	for _, is := range []struct{ path, text string }{{"type", "homeAddress"}, {"isDefault", "true"}} {
		fitting := slices.DeleteFunc(slices.Clone(entries), func(e any) bool { return manifest.TextAt(e, is.path) != is.text })
		if len(fitting) > 0 {
			return latest(fitting, rd)
		}
	}
	return nil
}

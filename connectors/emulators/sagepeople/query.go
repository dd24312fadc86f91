package sagepeople

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const mostRecords = 2000

var statements = regexp.MustCompile(`(?is)^\s*select\s+(.+?)\s+from\s+fHCM2__Team_Member__c(?:\s+where\s+(?:LastModifiedDate|SystemModstamp)\s*>\s*(\S+))?(?:\s+order\s+by\s+Id)?\s*$`)

// query answers a statement over the team members, with the time of a change as the only condition.
func (e *emulator) query(w http.ResponseWriter, r *http.Request) {
	m := statements.FindStringSubmatch(r.URL.Query().Get("q"))
	if m == nil {
		salesforce(w, http.StatusBadRequest, "MALFORMED_QUERY", "unexpected token")
		return
	}
	fields := strings.Split(strings.ReplaceAll(m[1], " ", ""), ",")
	for _, name := range fields {
		if !slices.Contains(columns, name) {
			salesforce(w, http.StatusBadRequest, "INVALID_FIELD", "No such column '"+name+"' on entity 'fHCM2__Team_Member__c'.")
			return
		}
	}
	since, err := time.Parse(time.RFC3339, m[2])
	if m[2] != "" && err != nil {
		salesforce(w, http.StatusBadRequest, "MALFORMED_QUERY", "line 1: bad date")
		return
	}
	e.records(w, fields, since, 0)
}

// queryMore goes on: the cursor carries the statement, as the server remembers it.
func (e *emulator) queryMore(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(r.PathValue("cursor"), "-")
	if len(parts) != 4 || parts[0] != "01g7E00000MadeUp" {
		salesforce(w, http.StatusBadRequest, "INVALID_QUERY_LOCATOR", "invalid query locator")
		return
	}
	var fields []string
	for i, name := range columns {
		if i < len(parts[1]) && parts[1][i] == '1' {
			fields = append(fields, name)
		}
	}
	since, errSince := strconv.ParseInt(parts[2], 10, 64)
	from, errFrom := strconv.ParseInt(parts[3], 10, 31)
	if errSince != nil || errFrom != nil {
		salesforce(w, http.StatusBadRequest, "INVALID_QUERY_LOCATOR", "invalid query locator")
		return
	}
	e.records(w, fields, time.Unix(since, 0), int(from))
}

func (e *emulator) records(w http.ResponseWriter, fields []string, since time.Time, from int) {
	people := slices.DeleteFunc(e.Living(), func(p seed.Employee) bool { return !p.Changed.After(since) })
	size := e.PageSize(mostRecords)
	rows, more := e.Pages.After(people, from, size)
	records := []any{}
	for _, p := range rows {
		records = append(records, record(p, fields))
	}
	body := wire.Object{"totalSize": len(people), "done": !more, "records": records}
	if more {
		chosen := ""
		for _, name := range columns {
			chosen += map[bool]string{true: "1", false: "0"}[slices.Contains(fields, name)]
		}
		body["nextRecordsUrl"] = fmt.Sprintf("%s/01g7E00000MadeUp-%s-%d-%d", queryPath, chosen, max(since.Unix(), 0), from+size)
	}
	answer(w, body)
}

var columns = []string{"Id", "Name", "fHCM2__Unique_Id__c", "fHCM2__First_Name__c", "fHCM2__Middle_Name__c", "fHCM2__Surname__c",
	"fHCM2__Preferred_Name__c", "fHCM2__Email__c", "fHCM2__Home_Email__c", "fHCM2__Phone_Number__c", "fHCM2__Job_Title__c", "fHCM2__Division__c",
	"fHCM2__Employment_Status__c", "fHCM2__Hire_Date__c", "fHCM2__Country__c", "fHCM2__Manager__r.Id", "fHCM2__Manager__r.fHCM2__Unique_Id__c",
	"fHCM2__Current_Employment__r.Name", "fHCM2__Current_Employment__r.fHCM2__Business_Name__c", "fHCM2__User__r.Username"}

func record(p seed.Employee, fields []string) wire.Object {
	o := sobject("fHCM2__Team_Member__c", idOf(p.ID))
	values := cells(p)
	for _, name := range fields {
		outer, inner, nested := strings.Cut(name, ".")
		if !nested {
			o[name] = values[name]
			continue
		}
		if o[outer] == nil {
			o[outer] = related(p, outer)
		}
		if object, ok := o[outer].(wire.Object); ok {
			object[inner] = values[name]
		}
	}
	return o
}

func sobject(kind, id string) wire.Object {
	return wire.Object{"attributes": wire.Object{"type": kind, "url": "/services/data/v61.0/sobjects/" + kind + "/" + id}}
}

// related is the record behind a relation, or null.
func related(p seed.Employee, name string) any {
	switch {
	case name == "fHCM2__Manager__r" && p.ManagerID != 0:
		return sobject("fHCM2__Team_Member__c", idOf(p.ManagerID))
	case name == "fHCM2__Current_Employment__r" && !unemployed(p):
		return sobject("fHCM2__Employment_Record__c", "a0X000000000001")
	}
	return nil
}

func cells(p seed.Employee) map[string]any {
	values := map[string]any{"Id": idOf(p.ID), "Name": p.Name(), "fHCM2__First_Name__c": p.First, "fHCM2__Middle_Name__c": orNull(p.Middle),
		"fHCM2__Surname__c": p.Last, "fHCM2__Email__c": orNull(p.Email), "fHCM2__Job_Title__c": orNull(p.Title), "fHCM2__Country__c": orNull(p.Address.Country),
		"fHCM2__Manager__r.Id": idOf(p.ManagerID), "fHCM2__Current_Employment__r.fHCM2__Business_Name__c": orNull(p.LegalEntity.Name)}
	for _, f := range fieldSet {
		values[f.source] = f.of(p)
	}
	if m := p.Manager(); m != nil {
		values["fHCM2__Manager__r.fHCM2__Unique_Id__c"] = orNull(m.Number)
	}
	if job, ok := employment(p).(wire.Object); ok {
		values["fHCM2__Current_Employment__r.Name"] = job["name"]
	}
	return values
}

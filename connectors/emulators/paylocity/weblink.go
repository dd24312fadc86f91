package paylocity

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	usualPage = 25
	mostPage  = 5000
	category  = "PayrollAndHR"
)

// ids is WebLink's list: who there is, and no more.
func (e *emulator) ids(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	asked, okSize := whole(q.Get("pagesize"), usualPage, 1, mostPage)
	number, okNumber := whole(q.Get("pagenumber"), 0, 0, 1<<20)
	if !okSize || !okNumber || wire.Unknown(q, "pagesize", "pagenumber", "includetotalcount") != "" {
		refuse(w, r, http.StatusBadRequest, "pagesize", "The page size is not valid.")
		return
	}
	size := e.PageSize(asked)
	rows, total := e.Pages.At(e.Living(), number*size, size)
	list := []any{}
	for _, p := range rows {
		_, code, kind, _ := status(p)
		list = append(list, wire.Object{"employeeId": idOf(p.ID), "statusCode": code, "statusTypeCode": orNull(kind)})
	}
	if q.Get("includetotalcount") != "false" {
		w.Header().Set("X-Pcty-Total-Count", strconv.Itoa(total))
	}
	if (number+1)*size < total {
		w.Header().Set("Link", fmt.Sprintf("<https://%s/api/v2/companies/%s/employees?pagesize=%d&pagenumber=%d>; rel='next'", webLinkHost, company, asked, number+1))
	}
	answer(w, list)
}

// full is the whole record: an object, and of every third person a list with one.
func (e *emulator) full(w http.ResponseWriter, r *http.Request) {
	p, ok := e.find(r.PathValue("id"))
	switch {
	case !ok:
		e.Refuse(w, r, http.StatusNotFound)
	case p.ID%3 == 0:
		answer(w, []any{record(p)})
	default:
		answer(w, record(p))
	}
}

func midnight(day string) any {
	if day == "" {
		return nil
	}
	return day + "T00:00:00"
}

// text is a text, or the person's way of having none; the keys of WebLink's records are always there.
func text(value string, p seed.Employee) any {
	switch {
	case value != "":
		return value
	case p.Void == seed.Empty:
		return ""
	case p.Void == seed.Blank:
		return "  "
	}
	return nil
}

func record(p seed.Employee) wire.Object {
	address := home(p)
	address["emailAddress"], address["mobilePhone"], address["phone"] = text(p.PersonalEmail, p), text(p.MobilePhone, p), nil
	o := wire.Object{
		"employeeId": idOf(p.ID), "companyNumber": company, "firstName": p.First, "lastName": p.Last, "middleName": text(p.Middle, p),
		"preferredName": text(p.Preferred, p), "birthDate": midnight(p.Birth), "gender": text(p.Gender, p), "homeAddress": address,
		"workAddress": wire.Object{"address1": nil, "city": nil, "state": nil, "postalCode": nil, "country": nil, "emailAddress": text(p.Email, p),
			"location": text(p.Office.Name, p), "phone": text(p.WorkPhone, p), "phoneExtension": nil, "mobilePhone": nil},
		"departmentPosition": departmentPosition(p), "status": statusRecord(p),
		"ssn": "SENSITIVE-SSN", "primaryPayRate": wire.Object{"salary": "SENSITIVE-SALARY"},
	}
	for kind, fields := range customs(p) {
		o[kind] = fields
	}
	return o
}

func departmentPosition(p seed.Employee) wire.Object {
	o := wire.Object{"effectiveDate": midnight(p.Hire), "employeeType": orNull(employeeTypes[p.Type]), "jobTitle": text(p.Title, p), "positionCode": nil,
		"supervisorEmployeeId": nil, "supervisorCompanyNumber": nil}
	for i, c := range centres(p) {
		o["costCenter"+strconv.Itoa(i+1)] = text(c.code, p)
	}
	if p.ManagerID != 0 {
		o["supervisorEmployeeId"], o["supervisorCompanyNumber"] = idOf(p.ManagerID), supervisorsCompany(p)
	}
	return o
}

// statusRecord tells of a rehire beside the first day of all.
func statusRecord(p seed.Employee) wire.Object {
	_, code, _, since := status(p)
	o := wire.Object{"employeeStatus": code, "effectiveDate": midnight(since), "hireDate": midnight(p.Hire), "reHireDate": nil, "changeReason": nil, "adjustedSeniorityDate": nil}
	if len(p.Earlier) > 0 {
		o["hireDate"], o["reHireDate"] = midnight(p.Earlier[0].Start), midnight(p.Hire)
	}
	return o
}

// customs are the company's own fields, by their type.
func customs(p seed.Employee) map[string][]any {
	c := p.Custom
	all := map[string][]any{"customTextFields": {}, "customBooleanFields": {}, "customDateFields": {}, "customDropDownFields": {}, "customNumberFields": {}}
	add := func(kind, label string, value any, there bool) {
		if there || p.Void == seed.Null {
			all[kind] = append(all[kind], wire.Object{"category": category, "label": label, "value": value})
		}
	}
	add("customTextFields", "Badge", text(c.Badge, p), c.Badge != "")
	add("customTextFields", "Languages", text(strings.Join(c.Languages, ", "), p), len(c.Languages) > 0)
	add("customTextFields", "Note", text(c.Note, p), c.Note != "")
	add("customDateFields", "Anniversary", midnight(c.Anniversary), c.Anniversary != "")
	add("customDropDownFields", "Building", text(c.Building.Name, p), c.Building.ID != 0)
	if c.Bicycles != nil {
		add("customNumberFields", "Bicycles", *c.Bicycles, true)
	}
	if c.Hours != "" {
		add("customNumberFields", "Hours", json.Number(c.Hours), true)
	}
	if c.OnSite != nil {
		add("customBooleanFields", "OnSite", *c.OnSite, true)
	}
	return all
}

func (e *emulator) definitions(w http.ResponseWriter, r *http.Request) {
	if !strings.EqualFold(r.PathValue("category"), category) {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	list := []any{}
	for _, f := range [][2]string{{"Badge", "Text"}, {"Languages", "Text"}, {"Note", "Text"}, {"Anniversary", "Date"}, {"Building", "DropDown"},
		{"Bicycles", "Number"}, {"Hours", "Number"}, {"OnSite", "Boolean"}} {
		list = append(list, wire.Object{"category": category, "label": f[0], "type": f[1], "isRequired": false, "defaultValue": nil, "values": []any{}})
	}
	answer(w, list)
}

package paylocity

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const mostRows = 20

func (e *emulator) employees(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if wrong := wire.Unknown(q, "limit", "nextToken", "include", "activeOnly"); wrong != "" {
		refuse(w, r, http.StatusBadRequest, wrong, wrong+" is not known.")
		return
	}
	limit, ok := whole(q.Get("limit"), mostRows, 1, mostRows)
	if !ok {
		refuse(w, r, http.StatusBadRequest, "limit", "limit must not be above 20.")
		return
	}
	from, ok := position(q.Get("nextToken"))
	include, okInclude := included(q.Get("include"))
	if !ok || !okInclude {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	people := e.Living()
	if q.Get("activeOnly") == "true" {
		people = slices.DeleteFunc(people, func(p seed.Employee) bool { return p.State == seed.Left })
	}
	e.page(w, people, from, e.PageSize(limit), include)
}

func (e *emulator) page(w http.ResponseWriter, people []seed.Employee, from, size int, include []string) {
	rows, more := e.Pages.After(people, from, size)
	list := []any{}
	for _, p := range rows {
		list = append(list, employee(p, include))
	}
	total := len(people)
	if e.Pages.Mode() == wire.Shrinking && from > 0 {
		total--
	}
	body := wire.Object{"totalCount": total, "employees": list, "nextToken": nil}
	if more {
		body["nextToken"] = base64.RawStdEncoding.EncodeToString([]byte("next-" + strconv.Itoa(from+size)))
	}
	answer(w, body)
}

func whole(text string, usual, least, most int) (int, bool) {
	if text == "" {
		return usual, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= least && n <= most
}

// position is where a token goes on; a client gives it back as it came.
func position(token string) (int, bool) {
	if token == "" {
		return 0, true
	}
	text, err := base64.RawStdEncoding.DecodeString(token)
	digits, ok := strings.CutPrefix(string(text), "next-")
	n, okNumber := whole(digits, -1, 1, 1<<30)
	return n, err == nil && ok && okNumber && n > 0
}

func included(text string) ([]string, bool) {
	if text == "" {
		return nil, true
	}
	parts := strings.Split(text, ",")
	known := []string{"info", "position", "status", "payrate", "futurePayrates"}
	return parts, !slices.ContainsFunc(parts, func(part string) bool { return !slices.Contains(known, part) })
}

func (e *emulator) find(id string) (seed.Employee, bool) {
	p, ok := e.Find(strings.TrimLeft(id, "0"))
	return p, ok && !p.Removed && idOf(p.ID) == id
}

func (e *emulator) employee(w http.ResponseWriter, r *http.Request) {
	p, found := e.find(r.PathValue("id"))
	include, ok := included(r.URL.Query().Get("include"))
	switch {
	case !ok || wire.Unknown(r.URL.Query(), "include") != "":
		e.Refuse(w, r, http.StatusBadRequest)
	case !found:
		e.Refuse(w, r, http.StatusNotFound)
	default:
		answer(w, employee(p, include))
	}
}

// idOf is a person's number in the company, with its zeros.
func idOf(id int) string { return fmt.Sprintf("%07d", id) }

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// moment writes a day, and of every eleventh person with a time behind it.
func moment(day string, p seed.Employee) any {
	if day != "" && p.ID%11 == 0 {
		return day + "T00:00:00"
	}
	return orNull(day)
}

// employee is little more than an id and a name without the parts that are asked for.
func employee(p seed.Employee, include []string) wire.Object {
	o := wire.Object{"id": idOf(p.ID), "companyId": company, "relationshipId": "r-" + idOf(p.ID), "lastName": p.Last, "displayName": p.Last + ", " + p.First}
	for _, part := range include {
		switch part {
		case "info":
			o["info"] = info(p)
		case "position":
			if !bare(p) {
				o["position"] = placement(p)
			}
		case "status":
			addStatus(o, p)
		case "payrate":
			o["currentPayRate"] = wire.Object{"salary": "SENSITIVE-SALARY"}
		case "futurePayrates":
			o["futurePayRates"] = []any{wire.Object{"salary": "SENSITIVE-SALARY"}}
		}
	}
	return o
}

// bare people are nothing but a name, and have neither a position nor a work location.
func bare(p seed.Employee) bool { return p.Department.ID == 0 && p.Title == "" }

func info(p seed.Employee) wire.Object {
	o := wire.Object{"firstName": p.First, "lastName": p.Last, "middleName": orNull(p.Middle), "suffix": nil, "maritalStatus": "SENSITIVE-MARITAL",
		"homePhone": nil, "mobilePhone": orNull(digits(p.MobilePhone)), "dateOfBirth": moment(p.Birth, p), "hireDate": moment(p.Hire, p),
		"adjustedSeniorityDate": nil, "supervisorCo": nil, "supervisor": nil, "isSupervisor": p.ID%7 == 0, "payGroup": "BIWK", "otExempt": nil}
	wire.Put(o, "preferredName", p.Preferred, p.Void)
	wire.Put(o, "personalEmail", p.PersonalEmail, p.Void)
	wire.Put(o, "gender", p.Gender, p.Void)
	wire.Put(o, "jobTitle", title(p), p.Void)
	if p.Address != (seed.Address{}) {
		o["address"] = home(p)
	} else if p.Void != seed.Missing {
		o["address"] = nil
	}
	if p.ManagerID != 0 {
		o["supervisor"], o["supervisorCo"] = idOf(p.ManagerID), supervisorsCompany(p)
	}
	if !bare(p) {
		o["workLocation"] = workLocation(p)
	} else if p.Void == seed.Null {
		o["workLocation"] = nil
	}
	return o
}

// title of every fourth person is told by the position only.
func title(p seed.Employee) string {
	if p.ID%4 == 0 {
		return ""
	}
	return p.Title
}

// supervisorsCompany is another one of the group for every 29th person.
func supervisorsCompany(p seed.Employee) string {
	if p.ID%29 == 0 {
		return "S3333"
	}
	return company
}

func home(p seed.Employee) wire.Object {
	a := p.Address
	return wire.Object{"address1": orNull(a.Line1), "address2": orNull(a.Line2), "city": orNull(a.City), "state": orNull(a.Region),
		"postalCode": orNull(a.PostalCode), "country": orNull(a.CountryCode), "county": nil}
}

func workLocation(p seed.Employee) wire.Object {
	o := wire.Object{"address": nil, "phone": orNull(digits(p.WorkPhone))}
	wire.Put(o, "email", p.Email, p.Void)
	if p.Office.ID != 0 {
		o["address"] = wire.Object{"address1": "1 Prairie Pkwy", "address2": "", "city": p.Office.Name, "state": orNull(p.Address.Region),
			"postalCode": "60173", "country": "USA", "county": nil}
	}
	return o
}

func digits(phone string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
}

var employeeTypes = map[string]string{"Full-Time": "RFT", "Part-Time": "RPT", "Contractor": "TEMP", "Intern": "INT"}

func placement(p seed.Employee) wire.Object {
	o := wire.Object{"effectiveDate": moment(p.Hire, p), "changeReason": nil, "employeeType": orNull(employeeTypes[p.Type]), "positionCode": nil, "positionDescription": nil}
	for i, c := range centres(p) {
		o["costCenter"+strconv.Itoa(i+1)] = orNull(c.code)
	}
	if p.Title != "" {
		o["positionCode"], o["positionDescription"] = "POS", "Position in general"
		if p.ID%4 == 0 {
			o["positionDescription"] = p.Title
		}
	}
	return o
}

// addStatus tells the status; its type is null for every thirteenth, where the first letter of the code has to do.
func addStatus(o wire.Object, p seed.Employee) {
	word, code, kind, since := status(p)
	o["status"], o["statusType"] = word, orNull(kind)
	o["currentStatus"] = wire.Object{"status": word, "statusCode": code, "statusType": orNull(kind), "effectiveDate": moment(since, p),
		"changeReason": nil, "changeReasonCode": nil}
}

func status(p seed.Employee) (word, code, kind, since string) {
	switch p.State {
	case seed.Left:
		word, code, kind, since = "Terminated", "T", "T", p.End
	case seed.OnLeave:
		word, code, kind, since = "Leave of Absence", "LOA", "L", p.Hire
	case seed.Odd:
		return p.Word, "X9", "", p.Hire
	default:
		word, code, kind, since = "Active", "A", "A", p.Hire
	}
	if p.ID%13 == 0 {
		kind = ""
	}
	return word, code, kind, since
}

package ukgpro

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

func employeeID(id int) string { return fmt.Sprintf("9Q0A1B%04dK0", id) }

// joined is the id as the calls beside the persons write it: some in small letters.
func joined(p seed.Employee) string {
	if p.ID%11 == 0 {
		return strings.ToLower(employeeID(p.ID))
	}
	return employeeID(p.ID)
}

func moment(day string) any {
	if day == "" {
		return nil
	}
	return day + "T00:00:00"
}

func orNull(value string) any {
	if value == "" {
		return nil
	}
	return value
}

func stamp(p seed.Employee) string { return written(p).Format("2006-01-02T15:04:05.000") }

func digits(phone string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsDigit(c) {
			return c
		}
		return -1
	}, phone)
}

func (e *emulator) persons(w http.ResponseWriter, r *http.Request) {
	from, size, ok := e.paging(w, r, "per_Page", largestPage, largestPage, "employeeId", "companyId", "dateTimeCreated", "dateTimeChanged")
	if !ok {
		return
	}
	people, ok := e.chosen(r)
	if !ok {
		refuse(w, "The date filter is invalid.")
		return
	}
	page, _ := e.Pages.At(people, from, size)
	list := make([]any, 0, len(page))
	for _, p := range page {
		list = append(list, person(p))
	}
	answer(w, list)
}

func person(p seed.Employee) wire.Object {
	o := wire.Object{
		"personId": fmt.Sprintf("d4c3b2a1-0000-4000-8000-%012d", p.ID), "employeeId": employeeID(p.ID), "companyId": companyID(company(p)),
		"userName": orNull(strings.ToLower(p.Number)), "firstName": p.First, "middleName": orNull(p.Middle), "lastName": p.Last,
		"namePrefixCode": nil, "nameSufixCode": nil, "formerName": nil, "additionalName1": nil, "additionalName2": nil,
		"homePhoneCountry": nil, "homePhoneIsPrivate": false, "addressCounty": nil, "dateOfBirth": moment(p.Birth),
		"maritalStatusCode": "SENSITIVE-MARITAL", "ethnicIDCode": "SENSITIVE-ETHNIC", "nationalId": "SENSITIVE-NATIONAL",
		"nationalIdCountry": nil, "ssn": "SENSITIVE-SSN", "ssnIsSuppressed": false, "isMultiPayGroup": false,
		"datetimeCreated": "2016-01-04T08:15:00", "datetimeChanged": stamp(p),
	}
	for key, value := range map[string]string{
		"preferredName": p.Preferred, "emailAddress": p.Email, "emailAddressAlternate": p.PersonalEmail, "homePhone": "",
		"addressLine1": p.Address.Line1, "addressLine2": p.Address.Line2, "addressCity": p.Address.City, "addressState": p.Address.Region,
		"addressZipCode": p.Address.PostalCode, "addressCountry": country(p), "gender": gender(p),
	} {
		wire.Put(o, key, value, p.Void)
	}
	return o
}

var countries = map[string]string{"DE": "DEU", "PL": "POL", "BE": "BEL"}

func country(p seed.Employee) string { return countries[p.Address.CountryCode] }

func gender(p seed.Employee) string {
	return map[string]string{"female": "F", "male": "M", "diverse": "X"}[p.Gender]
}

func (e *emulator) employments(w http.ResponseWriter, r *http.Request) {
	from, size, ok := e.paging(w, r, "per_Page", largestPage, largestPage, "employeeId", "companyId", "employeeStatusCode", "isHomeCompany", "dateTimeChanged")
	if !ok {
		return
	}
	people, ok := e.chosen(r)
	if !ok {
		refuse(w, "The date filter is invalid.")
		return
	}
	var list []row
	for _, p := range people {
		for i, job := range jobsOf(p) {
			home := r.URL.Query().Get("isHomeCompany")
			if fits(r.URL.Query().Get("employeeStatusCode"), code(job)) && (home == "" || (home == "true") == (i == 0)) {
				list = append(list, func() wire.Object { return e.employment(job) })
			}
		}
	}
	rows(w, list, from, size)
}

// elsewhere tells whether somebody once worked for another company of the group; the row of that comes first.
func elsewhere(p seed.Employee) bool { return p.ID%17 == 0 && (p.State != seed.Left || p.End != "") }

// jobsOf are somebody's employments, each as if it were the only one.
func jobsOf(p seed.Employee) []seed.Employee {
	if !elsewhere(p) {
		return []seed.Employee{p}
	}
	old := p
	old.State, old.Hire, old.End, old.LastDay, old.Title, old.Number, old.Earlier = seed.Left, "2014-02-01", "2015-06-30", "", "Trainee", "9"+p.Number, nil
	old.LegalEntity = seed.Unit{ID: 7099, Name: "Northlake Holding AG"}
	return []seed.Employee{old, p}
}

func (e *emulator) employment(p seed.Employee) wire.Object {
	o := wire.Object{
		"companyID": companyID(company(p)), "companyCode": fmt.Sprintf("C%d", company(p).ID), "companyName": company(p).Name, "employeeID": joined(p),
		"payGroupDescription": nil, "primaryJobCode": orNull(e.jobCode(p)), "originalHireDate": moment(firstHire(p)), "lastHireDate": moment(p.Hire),
		"fullTimeOrPartTimeCode": orNull(hours(p)), "primaryWorkLocationCode": orNull(locationCode(p)), "languageCode": orNull(strings.ToUpper(p.Language)),
		"primaryProjectCode": nil, "workPhoneExtension": nil, "workPhoneCountry": nil, "dateInJob": moment(p.Hire), "dateLastWorked": moment(p.LastDay),
		"employeeTypeCode": orNull(employeeType(p)), "employeeStatusCode": code(p), "jobChangeReasonCode": nil, "leaveReasonCode": orNull(leaveReason(p)),
		"supervisorID": supervisorID(p), "supervisorFirstName": nil, "supervisorLastName": nil, "dateOfTermination": moment(termination(p)),
		"statusStartDate": moment(p.Hire), "isMultipleJob": "N", "jobGroupCode": nil, "mailstop": nil, "okToRehire": nil, "positionCode": nil,
		"salaryOrHourly": nil, "termReason": nil, "terminationReasonDescription": nil, "termType": nil, "dateTimeCreated": "2016-01-04T08:15:00",
		"dateTimeChanged": stamp(p), "supervisorEmployeeNumber": nil, "supervisorCOID": nil, "supervisorCompanyCode": nil,
		"companyGLSegment": nil, "locationGLSegment": nil, "orgLevel4Code": nil,
	}
	for level, u := range levelsOf(p) {
		o[fmt.Sprintf("orgLevel%dCode", level+1)] = orNull(padded(p, u.code))
	}
	wire.Put(o, "employeeNumber", p.Number, p.Void)
	wire.Put(o, "workPhoneNumber", digits(p.WorkPhone), p.Void)
	title, description := titles(p)
	wire.Put(o, "jobTitle", title, p.Void)
	wire.Put(o, "jobDescription", description, p.Void)
	return o
}

// titles are the two places of a title in the row; of some people only the job of their code has one.
func titles(p seed.Employee) (title, description string) {
	switch {
	case p.Title == "" || p.ID%5 == 1:
		return "", ""
	case p.ID%5 == 0:
		return "", p.Title
	}
	return p.Title, "Some other job"
}

// padded gives a code the width that some tables have.
func padded(p seed.Employee, code string) string {
	if code != "" && p.ID%7 == 0 {
		return code + "    "
	}
	return code
}

func firstHire(p seed.Employee) string {
	if len(p.Earlier) > 0 {
		return p.Earlier[0].Start
	}
	return p.Hire
}

// termination of somebody who came back is that of his earlier stay.
func termination(p seed.Employee) string {
	if p.End == "" && len(p.Earlier) > 0 {
		return p.Earlier[0].End
	}
	return p.End
}

// code is the status: A, L, S and T are the known ones, Q and P this customer's own.
func code(p seed.Employee) string {
	switch {
	case p.State == seed.OnLeave && p.Word != "":
		return "S"
	case p.State == seed.OnLeave:
		return "L"
	case p.State == seed.Left:
		return "T"
	case p.State == seed.Odd:
		return "Q"
	case p.State == seed.Starting && p.Hire == "":
		return "P"
	}
	return "A"
}

func leaveReason(p seed.Employee) string {
	if p.State == seed.OnLeave {
		return "FMLA"
	}
	return ""
}

func hours(p seed.Employee) string {
	switch p.Type {
	case "":
		return ""
	case "Part-Time":
		return "P"
	}
	return "F"
}

func employeeType(p seed.Employee) string {
	return map[string]string{"Full-Time": "REG", "Contractor": "CON", "Intern": "TMP"}[p.Type]
}

// supervisorID is missing in the row of some people whose supervisor the supervisor call names.
func supervisorID(p seed.Employee) any {
	if p.ManagerID == 0 || p.ID%6 == 0 {
		return nil
	}
	return employeeID(p.ManagerID)
}

func (e *emulator) supervisors(w http.ResponseWriter, r *http.Request) {
	e.side(w, r, func(p seed.Employee) []row {
		if p.ManagerID == 0 {
			return nil
		}
		return []row{func() wire.Object { return supervisor(p) }}
	})
}

func supervisor(p seed.Employee) wire.Object {
	boss := seed.Employee{First: "Former", Last: "Colleague"}
	if p.Manager() != nil {
		boss = *p.Manager()
	}
	o := wire.Object{"employeeID": joined(p), "companyID": companyID(company(p)), "employeeNumber": p.Number,
		"supervisorEmployeeID": employeeID(p.ManagerID), "supervisorFirstName": boss.First, "supervisorLastName": boss.Last,
		"supervisorEmployeeNumber": nil, "supervisorCompanyID": companyID(company(boss)), "supervisorCompanyCode": nil,
		"supervisorStatusCode": code(boss), "supervisorJobCode": nil, "supervisorPositionCode": nil, "supervisorWorkPhone": nil, "supervisorPersonId": nil}
	wire.Put(o, "supervisorEmail", boss.Email, boss.Void)
	return o
}

// side answers a call that has any number of rows a person.
func (e *emulator) side(w http.ResponseWriter, r *http.Request, of func(seed.Employee) []row) {
	from, size, ok := e.paging(w, r, "per_Page", usualPage, largestPage, "employeeId", "companyId")
	if !ok {
		return
	}
	people, _ := e.chosen(r)
	var list []row
	for _, p := range people {
		list = append(list, of(p)...)
	}
	rows(w, list, from, size)
}

func (e *emulator) phones(w http.ResponseWriter, r *http.Request) {
	e.side(w, r, func(p seed.Employee) []row {
		var list []row
		for _, phone := range [][2]string{{"FAX", "49895550999"}, {"CEL", digits(p.MobilePhone)}} {
			if phone[1] == "" || phone[0] == "FAX" && p.ID%10 != 0 {
				continue
			}
			list = append(list, func() wire.Object {
				return wire.Object{"employeeId": joined(p), "auditKey": "AAAAAAAAAAA=", "firstName": nil, "formerName": nil, "lastName": nil,
					"middleName": nil, "phoneNumber": phone[1], "phoneCountryCode": "USA", "phoneCountryPrefix": nil, "phoneTypeCode": phone[0],
					"phoneExtension": nil, "phoneIsPrivate": false, "systemId": "1"}
			})
		}
		return list
	})
}

func (e *emulator) changes(w http.ResponseWriter, r *http.Request) {
	from, size, ok := e.paging(w, r, "per_page", changesPage, changesPage, "startDate", "endDate")
	if !ok {
		return
	}
	since, err := time.Parse(time.DateOnly, cutDay(r.URL.Query().Get("startDate")))
	until, errUntil := time.Parse(time.DateOnly, cutDay(r.URL.Query().Get("endDate")))
	if err != nil || errUntil != nil {
		refuse(w, "startDate and endDate are required.")
		return
	}
	var list []row
	for _, p := range e.Living() {
		if at := written(p); !at.Before(since) && at.Before(until.AddDate(0, 0, 1)) {
			list = append(list, func() wire.Object { return e.change(p) })
		}
	}
	rows(w, list, from, size)
}

func cutDay(text string) string { return text[:min(len(text), len(time.DateOnly))] }

func (e *emulator) change(p seed.Employee) wire.Object {
	row := e.employment(p)
	o := wire.Object{
		"firstName": p.First, "lastName": p.Last, "preferredName": orNull(p.Preferred), "emailAddress": orNull(p.Email), "countryCode": orNull(country(p)),
		"employeeId": employeeID(p.ID), "personId": fmt.Sprintf("d4c3b2a1-0000-4000-8000-%012d", p.ID), "userIntegrationKey": "00000000-0000-0000-0000-000000000000",
		"companyId": companyID(company(p)), "supervisorId": nil, "salaryOrHourly": "S", "fullTimeOrPartTime": orNull(hours(p)),
		"isActive": p.State != seed.Left, "workLocation": orNull(locationCode(p)), "jobCode": row["primaryJobCode"], "projectCode": nil, "middleName": orNull(p.Middle),
		"workPhone": orNull(digits(p.WorkPhone)), "homePhone": nil, "employeeAddress1": orNull(p.Address.Line1), "employeeAddress2": orNull(p.Address.Line2),
		"city": orNull(p.Address.City), "state": orNull(p.Address.Region), "zipCode": orNull(p.Address.PostalCode), "terminationDate": moment(p.End),
		"hireDate": moment(firstHire(p)), "supervisorName": nil, "prefix": nil, "suffix": nil, "alternateEmailAddress": orNull(p.PersonalEmail), "gender": orNull(gender(p)),
		"employeeStatus": code(p), "employeeType": orNull(employeeType(p)), "emplStatusStartDate": moment(p.Hire), "dateInJob": moment(p.Hire),
		"dateOfLastHire": moment(p.Hire), "jobGroupCode": nil, "alternateJobTitle": orNull(p.Title),
	}
	if p.ManagerID != 0 {
		o["supervisorId"] = employeeID(p.ManagerID)
	}
	for _, key := range []string{"languageCode", "employeeNumber", "companyName", "orgLevel1Code", "orgLevel2Code", "orgLevel3Code", "orgLevel4Code"} {
		o[key] = row[key]
	}
	return o
}

func (e *emulator) companies(w http.ResponseWriter, r *http.Request) {
	from, size, ok := e.paging(w, r, "per_Page", largestPage, largestPage, "companyId")
	if !ok {
		return
	}
	var seen []seed.Unit
	for _, p := range e.Living() {
		if !slices.Contains(seen, company(p)) {
			seen = append(seen, company(p))
		}
	}
	var list []row
	for i, u := range seen {
		list = append(list, func() wire.Object {
			return wire.Object{"isMasterCompany": fmt.Sprint(i == 0), "masterCompanyId": companyID(seen[0]), "companyID": companyID(u),
				"companyCode": fmt.Sprintf("C%d", u.ID), "companyName": u.Name, "addressLine1": nil, "addressLine2": nil, "addressCity": nil, "addressState": nil,
				"addressZipCode": nil, "addressCountry": "USA", "addressCounty": nil, "phoneNumber": nil, "phoneNumberExtension": nil}
		})
	}
	rows(w, list, from, size)
}

package peoplehr

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// employeeID is the number that a person has in the office, with the zeros before it.
func employeeID(id int) string { return fmt.Sprintf("%08d", id) }

// isLeaver is true of those whom PeopleHR has as leavers: there is none without a leaving date.
func isLeaver(p seed.Employee) bool { return p.State == seed.Left && p.End != "" }

func (e *emulator) all(w http.ResponseWriter, asked request) {
	if !slices.Contains([]string{"", "true", "false"}, asked.IncludeLeavers) {
		refuse(w, wentWrong)
		return
	}
	list := []any{}
	for _, p := range e.Living() {
		if asked.IncludeLeavers == "true" || !isLeaver(p) {
			list = append(list, record(p))
		}
	}
	if len(list) == 0 {
		refuse(w, noRecords)
		return
	}
	answer(w, list)
}

func (e *emulator) find(id string) (seed.Employee, bool) {
	for _, p := range e.Living() {
		if employeeID(p.ID) == id {
			return p, true
		}
	}
	return seed.Employee{}, false
}

func (e *emulator) byID(w http.ResponseWriter, asked request) {
	p, ok := e.find(asked.EmployeeID)
	if !ok {
		refuse(w, noRecords)
		return
	}
	answer(w, record(p))
}

// query runs the one query that this company has saved; the form of its dates is the action's.
func (e *emulator) query(layout string) action {
	return func(w http.ResponseWriter, asked request) {
		if asked.QueryName != "Cost centres" {
			refuse(w, noRecords)
			return
		}
		rows := []any{}
		for _, p := range e.Living() {
			rows = append(rows, wire.Object{"Employee Id": employeeID(p.ID), "First Name": p.First, "Cost Centre": costCentre(p), "Start Date": inForm(p.Hire, layout)})
		}
		answer(w, rows)
	}
}

func costCentre(p seed.Employee) string {
	if len(p.CostCentres) == 0 {
		return ""
	}
	return p.CostCentres[0].Name
}

func inForm(day, layout string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return t.Format(layout)
}

func (e *emulator) customScreen(w http.ResponseWriter, asked request) {
	p, ok := e.find(asked.EmployeeID)
	if !ok || asked.ScreenID == "" || p.Custom.Badge == "" {
		refuse(w, noRecords)
		return
	}
	answer(w, []any{wire.Object{"TxnId": p.ID, "Files": []any{}, "Customfields": []any{
		wire.Object{"ColumnName": "Locker", "ColumnValue": p.Custom.Badge},
		wire.Object{"ColumnName": "Forklift licence", "ColumnValue": inForm(p.Custom.Anniversary, "2006/01/02")},
	}}})
}

// The names that a field's history has.
const (
	plain     = "FieldHistory"
	ofJobRole = "FieldHistoryForJobRole"
	effective = "FieldHistoryForEffectiveDate"
	none      = ""
)

// put writes a field with its history. Of some people the whole object is missing where there is no value.
func put(o wire.Object, key, value, history string, void seed.Void) {
	field := wire.Object{}
	if wire.Put(field, "DisplayValue", value, void); len(field) == 0 {
		return
	}
	if history != none {
		field[history] = []any{}
	}
	o[key] = field
}

func record(p seed.Employee) wire.Object {
	o := wire.Object{"ContactDetail": contact(p), "EmploymentDetail": employment(p), "OtherContact": []any{}, "RightToWork": []any{}, "BackgroundDetail": []any{},
		"LeavingDate": p.End, "ReasonForLeaving": reason(p), "EmployeeImage": image(p), "lstFieldHistoryJobrole": nil}
	for key, value := range map[string]string{"Title": "", "FirstName": p.First, "LastName": p.Last, "OtherName": p.Middle, "KnownAs": p.Preferred,
		"EmailId": p.Email, "StartDate": p.Hire, "DateOfBirth": p.Birth, "Gender": gender(p)} {
		put(o, key, value, plain, p.Void)
	}
	for key, value := range map[string]string{"Company": p.LegalEntity.Name, "Location": p.Office.Name, "Department": p.Department.Name,
		"EmploymentType": p.Type, "ReportsTo": managerName(p)} {
		put(o, key, value, effective, p.Void)
	}
	for _, key := range []string{"CompanyEffectiveDate", "LocationEffectiveDate", "DepartmentEffectiveDate", "JobRoleChangeDate", "ReportsToEffectiveDate", "EmploymentTypeEffectiveDate"} {
		put(o, key, p.Hire, none, seed.Empty)
	}
	put(o, "EmployeeId", employeeID(p.ID), plain, seed.Empty)
	put(o, "JobRole", p.Title, ofJobRole, p.Void)
	put(o, "EmployeeStatus", statusCode(p), none, seed.Empty)
	if !isOlder(p) {
		put(o, "ReportsToEmployeeId", managerID(p), none, seed.Empty)
		put(o, "ReportsToEmailAddress", managerEmail(p), none, seed.Empty)
	}
	for i, value := range columns(p) {
		o[fmt.Sprintf("APIColumn%d", i+1)] = value
	}
	addSensitive(o)
	return o
}

// isOlder is true of records that know their manager's name only.
func isOlder(p seed.Employee) bool { return p.Void == seed.Missing && p.Manager() != nil }

func managerID(p seed.Employee) string {
	if p.ManagerID == 0 {
		return ""
	}
	return employeeID(p.ManagerID)
}

func managerName(p seed.Employee) string {
	switch {
	case p.Manager() != nil:
		return p.Manager().Name()
	case p.ManagerID != 0:
		return "Former Colleague"
	}
	return ""
}

func managerEmail(p seed.Employee) string {
	if p.Manager() == nil {
		return ""
	}
	return p.Manager().Email
}

func statusCode(p seed.Employee) string {
	if isLeaver(p) {
		return "2"
	}
	return "1"
}

func reason(p seed.Employee) string {
	if isLeaver(p) {
		return "Resignation"
	}
	return ""
}

// image is an address, or for some the name of a file that nobody can fetch.
func image(p seed.Employee) string {
	if p.Photo == "" && p.ID%10 == 7 {
		return "noimage.png"
	}
	return p.Photo
}

func gender(p seed.Employee) string {
	if p.Gender == "" {
		return ""
	}
	return strings.ToUpper(p.Gender[:1]) + p.Gender[1:]
}

// address is one text; every third person wrote it in lines.
func address(p seed.Employee) string {
	parts := slices.DeleteFunc([]string{p.Address.Line1, p.Address.Line2, p.Address.City, p.Address.Region, p.Address.PostalCode, p.Address.Country},
		func(part string) bool { return part == "" })
	if p.ID%3 == 0 {
		return strings.Join(parts, "\n")
	}
	return strings.Join(parts, ", ")
}

func contact(p seed.Employee) wire.Object {
	o := wire.Object{}
	for key, value := range map[string]string{"Address": address(p), "WorkPhoneNumber": p.WorkPhone, "PersonalEmail": p.PersonalEmail, "Mobile": p.MobilePhone} {
		put(o, key, value, plain, p.Void)
	}
	put(o, "PersonalPhoneNumber", "SENSITIVE-PHONE", plain, seed.Empty)
	return o
}

func employment(p seed.Employee) wire.Object {
	o := wire.Object{}
	for _, key := range []string{"PayrollCompany", "TimeAndAttendanceID", "RotaID", "CRMID", "ATSID", "PerformanceID", "BenefitsID", "System1ID", "System2ID", "System3ID", "MethodOfRecruitment"} {
		put(o, key, "", plain, seed.Empty)
	}
	put(o, "PayrollID", p.Number, plain, seed.Empty)
	return o
}

// columns are what the company put into its five columns, all of them texts.
func columns(p seed.Employee) [5]string {
	c := p.Custom
	values := [5]string{c.Badge, c.Anniversary, "", "", c.Note}
	if c.Bicycles != nil {
		values[2] = fmt.Sprint(*c.Bicycles)
	}
	if c.OnSite != nil {
		values[3] = fmt.Sprint(*c.OnSite)
	}
	return values
}

// addSensitive adds what a client has to drop at once, with values that a leak could be found by.
func addSensitive(o wire.Object) {
	bank := wire.Object{}
	for _, key := range []string{"BankName", "BankAddress", "BankCode", "AccountNumber", "AccountName"} {
		put(bank, key, "SENSITIVE-"+key, plain, seed.Empty)
	}
	o["BankDetail"] = bank
	for _, key := range []string{"NISNumber", "Nationality", "NoticePeriod", "ProbationEndDate"} {
		put(o, key, "SENSITIVE-"+key, plain, seed.Empty)
	}
	put(o, "HolidayAllowanceDays", "25.00", none, seed.Empty)
	put(o, "HolidayAllowanceMins", "0", none, seed.Empty)
}

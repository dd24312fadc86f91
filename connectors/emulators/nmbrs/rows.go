package nmbrs

import (
	"strings"
	"time"
	"unicode"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// decoy is what the rows say that do not count: of the past, of another period, or of a year to come.
const decoy = "Not this one"

// farYear is the year of rows that lie ahead, whenever the emulator runs.
const farYear = 2099

// hollow tells whether a person has nothing but his basic info.
func hollow(p seed.Employee) bool { return p.Email == "" && p.LegalEntity.ID == 0 }

// lacking tells whether the side lists lack a person.
func lacking(p seed.Employee) bool { return hollow(p) && p.Void == seed.Missing }

func basicRow(p seed.Employee) wire.Object {
	o := basicInfo(p)
	delete(o, "firstNameInFull")
	return wire.Object{"employeeId": guid("e1", p.ID), "employeeBasicInfo": o}
}

func basicInfo(p seed.Employee) wire.Object {
	prefix, last := surname(p.Last)
	o := wire.Object{"lastName": last, "employeeType": employeeType(p), "firstNameInFull": nil}
	wire.Put(o, "prefix", prefix, p.Void)
	wire.Put(o, "employeeNumber", p.Number, p.Void)
	wire.Put(o, "initials", string([]rune(p.First)[:1])+".", p.Void)
	o["firstName"] = p.First
	if inFullOnly(p) {
		o["firstName"], o["firstNameInFull"] = nil, p.First
	}
	return o
}

// inFullOnly is true for every tenth person, whose calling name was not entered.
func inFullOnly(p seed.Employee) bool { return p.ID%10 == 7 && !lacking(p) }

// surname takes the small words off the front of a name.
func surname(whole string) (prefix, last string) {
	words := strings.Fields(whole)
	n := 0
	for n < len(words)-1 && unicode.IsLower([]rune(words[n])[0]) {
		n++
	}
	return strings.Join(words[:n], " "), strings.Join(words[n:], " ")
}

func employeeType(p seed.Employee) string {
	switch {
	case p.Removed && p.ID/100%2 == 0:
		return "applicant"
	case p.Removed:
		return "rejectedApplicant"
	case p.State == seed.Left && p.External:
		return "formerExternal"
	case p.State == seed.Left:
		return "formerPayroll"
	case p.State == seed.Starting:
		return "newHire"
	case p.State == seed.Odd:
		return "onHold"
	case p.External:
		return "external"
	}
	return "payroll"
}

// workEmail is a person's work address; applicants have none yet.
func workEmail(p seed.Employee) string {
	if p.Removed {
		return ""
	}
	return strings.TrimSpace(p.Email)
}

// cardEmail is the address on a manager's own card. It is missing for those whose address was entered with blanks: several
// people of a large company share that one, and nobody could say which of them is meant.
func cardEmail(m seed.Employee) string {
	if strings.TrimSpace(m.Email) != m.Email {
		return ""
	}
	return workEmail(m)
}

// row puts a person's history under its name; the only row of somebody who has yet to start lies ahead.
func row(p seed.Employee, key string, make func(old bool) wire.Object) wire.Object {
	var rows []any
	add := func(old bool, year, period int, created string) {
		o := make(old)
		o["period"], o["createdAt"] = wire.Object{"year": year, "period": period}, created
		rows = append(rows, o)
	}
	year, period, created := p.Changed.Year(), int(p.Changed.Month()), p.Changed.UTC().Format("2006-01-02T15:04:05.000Z")
	switch {
	case p.State == seed.Starting:
		add(false, farYear, 3, created)
		return wire.Object{"employeeId": guid("e1", p.ID), key: rows}
	case p.ID%3 == 0:
		add(true, 2015, 12, "2015-12-04T09:15:30.123Z")
	case p.ID%7 == 0:
		add(true, farYear, 1, created)
	}
	add(false, year, period, created)
	if p.ID%3 == 1 {
		add(true, year, period, p.Changed.UTC().AddDate(0, 0, -3).Format("2006-01-02T15:04:05.000Z"))
	}
	return wire.Object{"employeeId": guid("e1", p.ID), key: rows}
}

func either(old bool, value string) string {
	if old {
		return decoy
	}
	return value
}

func infoRow(p seed.Employee) wire.Object {
	return row(p, "info", func(old bool) wire.Object {
		basic := basicInfo(p)
		basic["lastName"] = either(old, basic["lastName"].(string))
		return wire.Object{
			"personalInfoId": guid("f1", p.ID), "basicInfo": basic, "contactInfo": contact(p),
			"birthInfo": birth(p), "partnerInfo": wire.Object{"partnerPrefix": nil, "partnerName": partner(p), "ascriptionCode": nil},
		}
	})
}

// partner is somebody whom a client has to forget at once.
func partner(p seed.Employee) any {
	if p.ID%2 == 0 {
		return nil
	}
	return "SENSITIVE-PARTNER"
}

func contact(p seed.Employee) wire.Object {
	o := wire.Object{"privatePhone": "SENSITIVE-PHONE", "otherPhone": nil, "privateMobilePhone": nil, "businessMobilePhone": nil}
	wire.Put(o, "privateEmail", p.PersonalEmail, p.Void)
	wire.Put(o, "businessPhone", p.WorkPhone, p.Void)
	wire.Put(o, "businessEmail", p.Email, p.Void)
	if p.Removed {
		o["businessEmail"] = nil
	}
	mobile := "businessMobilePhone"
	if p.ID%4 == 0 {
		mobile = "privateMobilePhone"
	}
	wire.Put(o, mobile, p.MobilePhone, p.Void)
	return o
}

func birth(p seed.Employee) wire.Object {
	o := wire.Object{"birthDate": orNull(p.Birth), "deceasedOn": nil, "gender": genderOf(p),
		"birthCountry": wire.Object{"codeISO": orNull(p.Address.CountryCode), "description": nil}, "nationality": wire.Object{"codeISO": nil}}
	if p.Birth == "" && p.ID%2 == 0 {
		o["birthDate"] = "0001-01-01"
	}
	return o
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func genderOf(p seed.Employee) string {
	switch p.Gender {
	case "female", "male":
		return p.Gender
	case "":
		return "unspecified"
	}
	return "unknown"
}

// stint is an employment: from, to, and why it ended.
type stint struct{ start, end, reason string }

// stints are a person's employments, the one of today not always last.
func stints(p seed.Employee) []stint {
	if p.State == seed.Odd || p.Hire == "" {
		return nil
	}
	list := []stint{{p.Hire, end(p), ""}}
	if list[0].end != "" {
		list[0].reason = "resignation"
	}
	for _, j := range p.Earlier {
		list = append(list, stint{j.Start, j.End, "end of contract"})
	}
	if p.ID%11 == 0 && p.State == seed.Working && p.End == "" {
		list = append(list, stint{"2099-01-01", "", ""})
	}
	return list
}

func end(p seed.Employee) string {
	if p.End != "" {
		return p.End
	}
	return p.ContractEnd
}

func employmentRow(p seed.Employee) wire.Object {
	var rows []any
	for i, s := range stints(p) {
		start := s.start
		if p.ID%5 == 0 {
			start += "T00:00:00"
		}
		rows = append(rows, wire.Object{"employmentId": guid("a1", p.ID*10+i), "startDate": start, "endDate": orNull(s.end),
			"seniorityDate": s.start, "endContractReason": orNull(s.reason), "changedDate": p.Changed.UTC().Format(time.RFC3339)})
	}
	return wire.Object{"employeeId": guid("e1", p.ID), "employments": rows}
}

func functionRow(p seed.Employee) wire.Object {
	return row(p, "functions", func(old bool) wire.Object {
		return wire.Object{"functionId": guid("b1", p.ID), "code": p.ID % 50, "description": either(old, p.Title)}
	})
}

func departmentRow(p seed.Employee) wire.Object {
	return row(p, "departments", func(old bool) wire.Object {
		id := p.Department.ID
		if old {
			id = 1
		}
		return wire.Object{"departmentId": guid("c1", id), "code": id % 100, "description": either(old, p.Department.Name)}
	})
}

// managerRow names managers by their own numbers: nothing but the address tells which employee one is.
func managerRow(p seed.Employee) wire.Object {
	first, last, email := "Former", "Colleague", "former.colleague@corp.example"
	if m := p.Manager(); m != nil {
		first, last, email = m.First, m.Last, cardEmail(*m)
	}
	return row(p, "managers", func(old bool) wire.Object {
		o := wire.Object{"managerId": guid("d1", p.ManagerID), "number": p.ManagerID % 1000, "firstName": first, "lastName": either(old, last),
			"gender": "unspecified", "phoneNumber": nil, "cellphone": nil, "fax": nil, "email": orNull(email)}
		if old {
			o["email"] = "nobody.now@corp.example"
		}
		return o
	})
}

func costCentreRow(p seed.Employee) wire.Object {
	var rows []any
	for i, s := range p.CostCentres {
		code, name, _ := strings.Cut(s.Name, " ")
		o := wire.Object{"costCenters": wire.Object{"costCenterId": guid("91", s.ID), "code": code, "description": name}, "costUnits": nil,
			"percentage": s.Percent, "period": wire.Object{"year": 2024, "period": 1}, "createdAt": "2024-01-05T09:15:30.123Z"}
		if i == 0 {
			o["costUnits"] = wire.Object{"costUnitId": guid("92", s.ID), "code": "U1", "description": "Platform"}
		}
		rows = append(rows, o)
	}
	return wire.Object{"employeeId": guid("e1", p.ID), "employeeCostCenters": rows}
}

// addressRow gives a home, a postal address beside it, or a postal address that has to do.
func addressRow(p seed.Employee) wire.Object {
	home := p.ID%4 != 1
	kind := map[bool]string{true: "homeAddress", false: "postAddress"}[home]
	rows := []any{address(p, kind, true)}
	if p.ID%4 == 2 {
		other := address(p, "postAddress", false)
		other["street"] = decoy
		rows = append([]any{other}, rows...)
	}
	return wire.Object{"employeeId": guid("e1", p.ID), "addresses": rows}
}

func address(p seed.Employee, kind string, usual bool) wire.Object {
	at := strings.LastIndex(p.Address.Line1, " ")
	return wire.Object{"addressId": guid("81", p.ID), "isDefault": usual, "type": kind, "street": p.Address.Line1[:max(at, 0)],
		"houseNumber": p.Address.Line1[at+1:], "houseNumberAddition": orNull(p.Address.Line2), "postalCode": p.Address.PostalCode,
		"city": p.Address.City, "stateProvince": orNull(p.Address.Region), "country": p.Address.CountryCode,
		"period": wire.Object{"year": 2024, "period": 1}, "createdAt": "2024-01-05T09:15:30.123Z"}
}

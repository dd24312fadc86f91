package adp

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

func id(n int) string { return fmt.Sprintf("G3MADEUP%08d", n) }

func position(n int) string { return fmt.Sprintf("KX1%06d", n) }

func code(u seed.Unit) string {
	if u.ID == 0 {
		return ""
	}
	return strconv.Itoa(u.ID)
}

func departmentCode(p seed.Employee) string {
	if p.Department.ID == 0 {
		return ""
	}
	return fmt.Sprintf("%07d", p.Department.ID)
}

func divisionCode(p seed.Employee) string {
	if p.Division == "" {
		return ""
	}
	return "BU" + p.Division[:1]
}

// costCentre is the one that bears most.
func costCentre(p seed.Employee) seed.Unit {
	best := seed.Share{}
	for _, s := range p.CostCentres {
		if s.Percent > best.Percent {
			best = s
		}
	}
	return best.Unit
}

// coded is a code with its name, which stands in one of two keys by its length.
func coded(value, name string) wire.Object {
	o := wire.Object{"codeValue": value}
	switch {
	case name == "":
	case utf8.RuneCountInString(name) >= 20:
		o["longName"] = name
	default:
		o["shortName"] = name
	}
	return o
}

// put writes a text; where there is none the key is missing, or of some holds nothing.
func put(o wire.Object, key, value string, p seed.Employee) {
	if value != "" || p.Void == seed.Empty || p.Void == seed.Blank {
		wire.Put(o, key, value, p.Void)
	}
}

// record writes a worker.
func record(p seed.Employee, masked bool) wire.Object {
	o := wire.Object{
		"associateOID": id(p.ID), "person": person(p, masked), "workerDates": dates(p), "workAssignments": assignments(p),
		"workerStatus": wire.Object{"statusCode": wire.Object{"codeValue": workerStatus(p)}},
	}
	if p.Number != "" {
		o["workerID"] = wire.Object{"idValue": p.Number}
	}
	if b := business(p); len(b) > 0 {
		o["businessCommunication"] = b
	}
	if p.Photo != "" {
		o["photos"] = []any{wire.Object{"links": []any{wire.Object{"href": photo(p), "mediaType": "image/png", "method": "GET"}}}}
	}
	if p.Custom.Anniversary != "" {
		o["customFieldGroup"] = wire.Object{"dateFields": []any{item("901_1", "Anniversary", wire.Object{"dateValue": p.Custom.Anniversary})}}
	}
	return o
}

func photo(p seed.Employee) string {
	if p.Photo == "" {
		return ""
	}
	return fmt.Sprintf("/wfn/hr/v1/corporate-contact-photos/%d_1.png", p.ID)
}

func person(p seed.Employee, masked bool) wire.Object {
	o := wire.Object{"legalName": legalName(p), "customFieldGroup": personFields(p),
		"governmentIDs":     []any{wire.Object{"itemID": "1001N", "idValue": "SENSITIVE-SSN", "nameCode": coded("SSN", "Social Security Number"), "countryCode": "US"}},
		"ethnicityCode":     coded("SENSITIVE-ETHNICITY", ""),
		"maritalStatusCode": coded("SENSITIVE-MARITAL", "")}
	if p.Preferred != "" && !nicknamed(p) {
		o["preferredName"] = wire.Object{"givenName": p.Preferred}
	}
	if p.Birth != "" {
		o["birthDate"] = birthDate(p, masked)
	}
	if g, ok := genders[p.Gender]; ok {
		o["genderCode"] = wire.Object{"codeValue": g[0], "shortName": g[1], "longName": g[1]}
	}
	if p.Address != (seed.Address{}) {
		o["legalAddress"] = legalAddress(p)
	}
	if p.Language != "" {
		o["correspondenceLanguage"] = wire.Object{"codeValue": locale(p), "shortName": locale(p), "longName": locale(p)}
	}
	communication := wire.Object{}
	if p.PersonalEmail != "" {
		communication["emails"] = []any{wire.Object{"nameCode": coded("Personal E-mail", "Personal E-mail"), "emailUri": p.PersonalEmail}}
	}
	if number := personalMobile(p); number != "" {
		communication["mobiles"] = []any{phone("11_9", "Personal Cell", number)}
	}
	if len(communication) > 0 {
		o["communication"] = communication
	}
	return o
}

// nicknamed tells of whom the preferred name is a nickname in the legal name.
func nicknamed(p seed.Employee) bool { return p.ID%2 == 0 }

// birthDate comes without its year, but of every fourth person ADP has a rule that shows it.
func birthDate(p seed.Employee, masked bool) string {
	if masked && !showsBirth(p) {
		return "0000" + p.Birth[4:]
	}
	return p.Birth
}

func showsBirth(p seed.Employee) bool { return p.ID%4 == 0 }

var genders = map[string][2]string{"female": {"F", "Female"}, "male": {"M", "Male"}, "diverse": {"N", "Non-Specified"}}

func legalName(p seed.Employee) wire.Object {
	o := wire.Object{"givenName": p.First, "familyName1": p.Last, "formattedName": p.Last + ", " + p.First}
	put(o, "middleName", p.Middle, p)
	if nicknamed(p) {
		put(o, "nickName", p.Preferred, p)
	}
	return o
}

func legalAddress(p seed.Employee) wire.Object {
	o := wire.Object{"nameCode": coded("Personal Address 1", "Personal Address 1")}
	for key, value := range map[string]string{"lineOne": p.Address.Line1, "lineTwo": p.Address.Line2, "cityName": p.Address.City,
		"countryCode": p.Address.CountryCode, "postalCode": p.Address.PostalCode} {
		put(o, key, value, p)
	}
	if p.Address.Region != "" {
		o["countrySubdivisionLevel1"] = wire.Object{"subdivisionType": "StateTerritory", "codeValue": p.Address.Region, "shortName": "of " + p.Address.Region}
	}
	return o
}

// locale is a language and, where it is known, the country.
func locale(p seed.Employee) string {
	if p.Language == "" || p.Address.CountryCode == "" {
		return p.Language
	}
	return p.Language + "_" + p.Address.CountryCode
}

func phone(item, name, number string) wire.Object {
	return wire.Object{"itemID": item, "nameCode": coded(name, name), "countryDialing": "49", "areaDialing": "89", "dialNumber": "5550100",
		"access": "1", "formattedNumber": number}
}

// hasWorkCell tells whose mobile phone is the company's.
func hasWorkCell(p seed.Employee) bool { return p.ID%4 < 2 }

// personalMobile is the only mobile phone of some, and a second one of others.
func personalMobile(p seed.Employee) string {
	switch {
	case !hasWorkCell(p):
		return p.MobilePhone
	case p.MobilePhone != "" && p.ID%5 == 0:
		return "+32 999 00 00 00"
	}
	return ""
}

func business(p seed.Employee) wire.Object {
	o := wire.Object{}
	if p.WorkPhone != "" {
		o["landlines"] = []any{phone("11_1", "Work Phone", p.WorkPhone)}
	}
	if p.MobilePhone != "" && hasWorkCell(p) {
		o["mobiles"] = []any{phone("11_2", "Work Cell", p.MobilePhone)}
	}
	if p.Email != "" || p.Void == seed.Blank {
		email := wire.Object{"itemID": "Business", "nameCode": coded("Work E-mail", "Work E-mail")}
		put(email, "emailUri", p.Email, p)
		o["emails"] = []any{email}
	}
	return o
}

// item is one of the company's own fields; without a value it has no value key.
func item(itemID, name string, value wire.Object) wire.Object {
	value["itemID"], value["nameCode"] = itemID, coded(name, name)
	return value
}

func personFields(p seed.Employee) wire.Object {
	badge, note := wire.Object{}, wire.Object{}
	put(badge, "stringValue", p.Custom.Badge, p)
	put(note, "stringValue", p.Custom.Note, p)
	o := wire.Object{
		"stringFields": []any{item("900_1", "Badge", badge), item("900_2", "Note", note)},
		"amountFields": []any{item("900_5", "Bonus", wire.Object{"amountValue": 12345.5, "currencyCode": "SENSITIVE-EUR"})},
	}
	building := wire.Object{}
	if b := p.Custom.Building; b.ID != 0 {
		building = coded(code(b), b.Name)
	}
	o["codeFields"] = []any{item("900_3", "Office Building", building)}
	if p.Custom.OnSite != nil {
		o["indicatorFields"] = []any{item("900_4", "On Site", wire.Object{"indicatorValue": *p.Custom.OnSite})}
	}
	return o
}

// assignmentFields are numbers, and a percentage that nobody reads.
func assignmentFields(p seed.Employee) wire.Object {
	bicycles, hours := wire.Object{}, wire.Object{}
	if p.Custom.Bicycles != nil {
		bicycles["numberValue"] = *p.Custom.Bicycles
	}
	if p.Custom.Hours != "" {
		hours["numberValue"] = json.Number(p.Custom.Hours)
	}
	return wire.Object{"numberFields": []any{item("902_1", "Bicycles", bicycles), item("902_2", "Hours", hours)},
		"percentFields": []any{item("902_3", "Pension", wire.Object{"percentValue": 7.5})}}
}

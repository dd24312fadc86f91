package haileyhr

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// Kinds of things that ids are of.
const (
	ofEmployee = iota
	ofTitle
	ofDepartment
	ofLocation
	ofEntity
	ofArea
	ofCentre
	ofTeam
	ofField
	ofEmployment
)

func uuid(kind, id int) string { return fmt.Sprintf("8d3a0000-77aa-4f10-b0b%d-%012d", kind, id) }

func personID(id int) string { return uuid(ofEmployee, id) }

// deletedDepartment is one whose id stayed in records after it was deleted.
var deletedDepartment = seed.Unit{ID: 280000}

// department is a person's; every 17th still has the one that was deleted.
func department(p seed.Employee) seed.Unit {
	if p.Department.ID != 0 && p.ID%17 == 3 {
		return deletedDepartment
	}
	return p.Department
}

func centre(p seed.Employee) seed.Unit {
	if len(p.CostCentres) == 0 {
		return seed.Unit{}
	}
	return p.CostCentres[0].Unit
}

func (e *emulator) employees(w http.ResponseWriter, r *http.Request) {
	people := e.Living()
	switch {
	case len(r.URL.Query()) > 0:
		e.Refuse(w, r, http.StatusBadRequest)
	case len(people) == 0:
		e.Refuse(w, r, http.StatusNotFound)
	default:
		list := make([]any, 0, len(people))
		for _, p := range people {
			list = append(list, e.record(p))
		}
		answer(w, list)
	}
}

// status is the vendor's word; none where the record is older than the words.
func status(p seed.Employee) string {
	switch {
	case p.ID%30 == 17:
		return ""
	case p.State == seed.Odd:
		return p.Word
	case p.State == seed.Left:
		return "HasLeft"
	case p.State == seed.Starting && (p.Hire == "" || p.ID%2 == 1):
		return "BeingHired"
	case p.State == seed.Starting:
		return "WillJoin"
	case p.End != "":
		return "Leaving"
	case p.ID%2 == 0:
		return "In service"
	}
	return "InService"
}

// joined is the day of the first employment.
func joined(p seed.Employee) string {
	if len(p.Earlier) > 0 {
		return p.Earlier[0].Start
	}
	return p.Hire
}

func gender(p seed.Employee) string {
	if p.Gender == "diverse" {
		return "other"
	}
	return p.Gender
}

// scope is how much of full time a person works, in per cent.
func scope(p seed.Employee) any {
	switch p.Custom.Hours {
	case "40.0":
		return 100
	case "37.5":
		return json.Number("93.75")
	}
	return nil
}

func (e *emulator) record(p seed.Employee) wire.Object {
	o := wire.Object{
		"employeeId": personID(p.ID), "accountStatus": accountStatus(p), "lastUpdated": p.Changed.UTC().Format(time.RFC3339),
		"scopePercentage": scope(p), "scopeHours": nil, "vacationDays": nil, "noticePeriodMonths": nil, "noticePeriod": nil, "noticePeriodUnit": nil,
		"endOfProbationaryPeriod": nil, "fixedTermType": nil, "endOfFixedTerm": orNull(p.ContractEnd), "substitutingForEmployeeId": nil,
		"sustituteReasonId": nil, "employmentSequenceNumber": fmt.Sprint(len(p.Earlier) + 1), "customFieldsData": customValues(p),
		"titleIds": e.titleIDs(p), "teamIds": ids(ofTeam, p.Team), "departmentId": reference(ofDepartment, department(p)),
		"locationId": reference(ofLocation, p.Office), "legalEntityId": reference(ofEntity, p.LegalEntity), "costCenterId": reference(ofCentre, centre(p)),
		"businessAreaId": named(ofArea, e.areas, p.Division), "managerEmployeeId": reference(ofEmployee, seed.Unit{ID: p.ManagerID}),
	}
	for key, value := range map[string]string{
		"workPhone": p.WorkPhone, "companyEmail": p.Email, "dateOfJoining": joined(p), "lastDayOfEmployment": p.End, "lastWorkingDay": p.LastDay,
		"employmentStatus": status(p), "employmentType": p.Type, "employmentNumber": p.Number, "firstName": p.First, "lastName": p.Last,
		"gender": gender(p), "dateOfBirth": p.Birth, "privateEmail": p.PersonalEmail, "privatePhone": p.MobilePhone, "streetAddress": p.Address.Line1,
		"postalCode": p.Address.PostalCode, "city": p.Address.City, "country": p.Address.Country,
	} {
		wire.Put(o, key, value, p.Void)
	}
	addSensitive(o, p)
	return o
}

func accountStatus(p seed.Employee) string {
	switch p.State {
	case seed.Left:
		return "Inactive"
	case seed.Starting:
		return "NotInvited"
	case seed.Odd:
		return "Locked"
	}
	return "Active"
}

// addSensitive adds what a client has to drop at once, with values that a leak could be found by.
func addSensitive(o wire.Object, p seed.Employee) {
	for _, key := range []string{"personalIdentityNumber", "bankName", "clearingNumber", "accountNumber", "iban", "bic", "swift", "iceName", "icePhone", "iceRelation"} {
		if o[key] = nil; p.ID%2 == 1 {
			o[key] = "SENSITIVE-" + key
		}
	}
}

func orNull(value string) any {
	if value == "" {
		return nil
	}
	return value
}

func reference(kind int, u seed.Unit) any {
	if u.ID == 0 {
		return nil
	}
	return uuid(kind, u.ID)
}

func named(kind int, names []string, name string) any {
	if i := slices.Index(names, name); i >= 0 {
		return uuid(kind, i+1)
	}
	return nil
}

func ids(kind int, u seed.Unit) []string {
	if u.ID == 0 {
		return []string{}
	}
	return []string{uuid(kind, u.ID)}
}

// titleIDs begin with the one that counts; every fifth person has a second one, and who has none may have no list.
func (e *emulator) titleIDs(p seed.Employee) any {
	first := named(ofTitle, e.titles, p.Title)
	switch {
	case first == nil && p.Void == seed.Null:
		return nil
	case first == nil:
		return []any{}
	case p.ID%5 == 0:
		return []any{first, uuid(ofTitle, 1)}
	}
	return []any{first}
}

// custom is one of the company's own fields.
type custom struct {
	id         int
	name, kind string
	of         func(p seed.Employee) any // nil: no value
}

var customs = []custom{
	{801, "Badge", "Text", func(p seed.Employee) any { return orNull(p.Custom.Badge) }},
	{802, "First aider", "YesNo", func(p seed.Employee) any {
		if p.Custom.OnSite == nil {
			return nil
		}
		return *p.Custom.OnSite
	}},
	{803, "Languages", "MultiSelect", func(p seed.Employee) any {
		if p.Custom.Languages == nil {
			return nil
		}
		return p.Custom.Languages
	}},
	{804, "Bicycles", "Number", func(p seed.Employee) any {
		if p.Custom.Bicycles == nil {
			return nil
		}
		return *p.Custom.Bicycles
	}},
	{805, "Building", "Select", func(p seed.Employee) any { return orNull(p.Custom.Building.Name) }},
	{806, "Anniversary", "Date", func(p seed.Employee) any { return orNull(p.Custom.Anniversary) }},
	{807, "Note", "Text", func(p seed.Employee) any { return orNull(p.Custom.Note) }},
	{808, "Hours", "Number", func(p seed.Employee) any {
		if p.Custom.Hours == "" {
			return nil
		}
		return json.Number(p.Custom.Hours)
	}},
}

// customValues holds what there is; of some people also what there is not.
func customValues(p seed.Employee) wire.Object {
	o := wire.Object{}
	for _, c := range customs {
		if value := c.of(p); value != nil || p.Void == seed.Null {
			o[uuid(ofField, c.id)] = value
		}
	}
	return o
}

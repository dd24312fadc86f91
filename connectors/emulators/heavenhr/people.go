package heavenhr

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const idBefore, idAfter = "_kA1aZ2xRANH76y0vD", "_"

func personID(id int) string { return fmt.Sprintf(idBefore+"%05d"+idAfter, id) }

// seedID is the number within a person's id.
func seedID(id string) string {
	return strings.TrimLeft(strings.TrimSuffix(strings.TrimPrefix(id, idBefore), idAfter), "0")
}

// unitID is the id of a department or a location.
func unitID(kind string, u seed.Unit) string {
	if u.ID == 0 {
		return ""
	}
	return fmt.Sprintf("_%sA1aZ2xRANH76y%07d_", kind, u.ID)
}

func put(o wire.Object, p seed.Employee, texts map[string]string) wire.Object {
	for key, value := range texts {
		wire.Put(o, key, value, p.Void)
	}
	return o
}

// short is the record of the list.
func short(p seed.Employee) wire.Object {
	return put(wire.Object{"id": personID(p.ID), "employeeNumber": number(p), "updatedTime": p.Changed.UTC().Format(time.RFC3339)}, p, map[string]string{
		"firstName": p.First, "lastName": p.Last, "jobStatus": jobStatus(p), "email": p.Email, "departmentName": p.Department.Name,
		"departmentId": unitID("d", p.Department)})
}

// full is the record of one person, which has no time of change and another name for the address.
func full(p seed.Employee) wire.Object {
	street, house := home(p)
	return put(wire.Object{"id": personID(p.ID), "employeeNumber": number(p), "startDate": dated(p, p.Hire), "endOfContract": dated(p, end(p)),
		"streetNumberPersonal": house, "nationality": "SENSITIVE-nationality", "additionalContractInformation": "SENSITIVE-contract"}, p, map[string]string{
		"firstName": p.First, "lastName": p.Last, "jobStatus": jobStatus(p), "professionalEmail": p.Email, "departmentName": p.Department.Name,
		"departmentId": unitID("d", p.Department), "jobTitle": p.Title, "occupation": occupation(p), "permanentOrTemporary": kinds[p.Type],
		"locationId": unitID("b", p.Office), "gender": strings.ToUpper(p.Gender), "streetPersonal": street})
}

// number is a number, which loses what a text would keep, and 0 for every fiftieth person.
func number(p seed.Employee) any {
	n, err := strconv.Atoi(p.Number)
	switch {
	case err != nil:
		return nil
	case p.ID%50 == 0:
		return 0
	}
	return n
}

var kinds = map[string]string{"Full-Time": "PERMANENT", "Part-Time": "PERMANENT", "Contractor": "TEMPORARY", "Intern": "INTERNSHIP"}

// jobStatus is a word that only its parts explain; some people have none.
func jobStatus(p seed.Employee) string {
	switch {
	case p.State == seed.Left && p.ID%2 == 0:
		return "TERMINATED"
	case p.State == seed.Left:
		return "TERMINATED_BY_EMPLOYEE"
	case p.State == seed.OnLeave && p.ID%2 == 0:
		return "PARENTAL_LEAVE"
	case p.State == seed.OnLeave:
		return "ON_LEAVE"
	case p.State == seed.Starting:
		return "ONBOARDING"
	case p.State == seed.Odd:
		return strings.ToUpper(p.Word)
	case p.ID%33 == 0:
		return ""
	}
	return "ACTIVE"
}

func end(p seed.Employee) string {
	if p.End == "" {
		return p.ContractEnd
	}
	return p.End
}

// dated writes a day, and for every fifth person as the local midnight.
func dated(p seed.Employee, day string) any {
	switch {
	case day == "":
		return nil
	case p.ID%5 == 0:
		return day + "T00:00:00+01:00"
	}
	return day
}

func occupation(p seed.Employee) string {
	if p.Custom.Note != "" {
		return p.Custom.Note
	}
	return p.Number
}

// home is the street, and the number of the house as a number.
func home(p seed.Employee) (street string, house any) {
	at := strings.LastIndexByte(p.Address.Line1, ' ')
	if at < 0 {
		return p.Address.Line1, nil
	}
	n, err := strconv.Atoi(p.Address.Line1[at+1:])
	if err != nil {
		return p.Address.Line1, nil
	}
	return p.Address.Line1[:at], n
}

// truth is the record that the full record tells; managers are in neither.
func truth(p seed.Employee, day time.Time) map[string]string {
	if p.Removed {
		return nil
	}
	r := wire.Record{}
	r.Set("externalId", personID(p.ID))
	r.Set("firstName", p.First)
	r.Set("lastName", p.Last)
	r.Set("email", p.Email)
	r.Set("department", p.Department.Name)
	r.Set("departmentId", unitID("d", p.Department))
	r.Set("startDate", p.Hire)
	r.Set("endDate", end(p))
	r.Set("jobTitle", p.Title)
	r.Set("custom.occupation", occupation(p))
	r.Set("employmentType", kinds[p.Type])
	r.Set("location", unitID("b", p.Office))
	r.Set("gender", strings.ToUpper(p.Gender))
	r.Set("addressLine1", p.Address.Line1)
	if n := number(p); n != nil {
		r.Set("employeeNumber", fmt.Sprint(n))
	}
	r.Set("employmentStatus", canonicalStatus(p, day.Format(time.DateOnly)))
	return r
}

// canonicalStatus follows the sheet's rules in their order; a status that says nothing leaves the dates, and without them nobody knows.
func canonicalStatus(p seed.Employee, today string) string {
	said := jobStatus(p)
	switch {
	case strings.Contains(said, "TERMINATED"), end(p) != "" && end(p) < today:
		return "terminated"
	case p.Hire > today:
		return "future"
	case strings.Contains(said, "LEAVE"):
		return "on_leave"
	case said == "ACTIVE", p.Hire != "":
		return "active"
	}
	return "unknown"
}

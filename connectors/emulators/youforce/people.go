package youforce

import (
	"fmt"
	"strings"
	"unicode"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const open = "9999-12-31"

func personCode(id int) string { return fmt.Sprintf("%08d", id) }

func personID(p seed.Employee) string { return fmt.Sprintf("P%d", p.ID) }

// put writes a text; a property without a value is left out, or holds blanks where the person's record does.
func put(o wire.Object, key, value string, p seed.Employee) {
	if value != "" || p.Void == seed.Blank {
		wire.Put(o, key, value, p.Void)
	}
}

func person(p seed.Employee) wire.Object {
	prefix, last := surname(p.Last)
	o := wire.Object{
		"id": fmt.Sprint(p.ID), "personCode": personCode(p.ID), "personId": personID(p), "initials": initials(p), "lastName": p.Last,
		"lastNameAtBirth": last, "nameAssembleOrder": "E", "deceased": false, "validFrom": "2000-01-01", "validUntil": open,
		"addresses": []any{wire.Object{"type": "Private", "street": "SENSITIVE-STREET", "houseNumber": "12", "houseNumberAddition": "a",
			"postalCode": "1011 AB", "city": "Amsterdam", "country": "NL"}},
	}
	put(o, "firstNames", firstNames(p), p)
	put(o, "knownAs", knownAs(p), p)
	put(o, "gender", gender(p), p)
	put(o, "dateOfBirth", p.Birth, p)
	if prefix != "" {
		o["lastNamePrefix"], o["lastNameAtBirthPrefix"] = prefix, prefix
	}
	addContacts(o, "emailAddresses", "address", [][2]string{{"Private", p.PersonalEmail}, {"Business", p.Email}})
	addContacts(o, "phoneNumbers", "number", [][2]string{{"Private", private(p)}, {"Business", p.WorkPhone}, {"Mobile", p.MobilePhone}})
	if p.ID%12 == 0 {
		o["partnerName"], o["partnerNamePrefix"] = "SENSITIVE-PARTNER", "van"
	}
	return o
}

func private(p seed.Employee) string {
	if p.ID%2 == 0 {
		return ""
	}
	return "SENSITIVE-PHONE"
}

func addContacts(o wire.Object, key, name string, contacts [][2]string) {
	list := []any{}
	for _, c := range contacts {
		if c[1] != "" {
			list = append(list, wire.Object{"type": c[0], name: c[1]})
		}
	}
	if len(list) > 0 {
		o[key] = list
	}
}

func surname(whole string) (prefix, last string) {
	words := strings.Fields(whole)
	n := 0
	for n < len(words)-1 && unicode.IsLower([]rune(words[n])[0]) {
		n++
	}
	return strings.Join(words[:n], " "), strings.Join(words[n:], " ")
}

func initials(p seed.Employee) string { return string([]rune(p.First)[:1]) + "." }

// firstNames and knownAs are missing for some, so that the next best name has to do.
func firstNames(p seed.Employee) string {
	if p.ID%10 == 2 {
		return ""
	}
	return strings.TrimSpace(p.First + " " + p.Middle)
}

func knownAs(p seed.Employee) string {
	switch {
	case p.ID%20 == 2:
		return ""
	case p.Preferred != "":
		return p.Preferred
	}
	return p.First
}

func gender(p seed.Employee) string {
	return map[string]string{"female": "Female", "male": "Male", "diverse": "Unknown"}[p.Gender]
}

// unitOf is the unit of a person's department and manager: only units have managers. Every sixth person stands in a unit
// below it without a manager, and every sixth in one whose manager has gone.
func unitOf(p seed.Employee) string {
	if p.Department.ID == 0 {
		return ""
	}
	return upperUnit(p) + map[int]string{0: "-a", 3: "-b"}[p.ID%6]
}

func upperUnit(p seed.Employee) string { return fmt.Sprintf("%d-%d", p.Department.ID, p.ManagerID) }

// headOffice is the unit over all others; it has no manager.
const headOffice = "500"

func (e *emulator) units(people []seed.Employee) []func() any {
	list := []func() any{func() any { return unit(headOffice, "DIR", "Directie", "") }}
	seen := map[string]bool{}
	add := func(id, name, parent string) {
		if !seen[id] {
			seen[id] = true
			list = append(list, func() any { return unit(id, name, name, parent) })
		}
	}
	for _, p := range people {
		if p.Department.ID == 0 {
			continue
		}
		if id := unitOf(p); id != upperUnit(p) {
			add(id, p.Department.Name, upperUnit(p))
		}
		add(upperUnit(p), p.Department.Name, headOffice)
	}
	return list
}

// unit is a unit; those that end in b have a short name only.
func unit(id, short, full, parent string) wire.Object {
	o := wire.Object{"id": id, "shortName": short, "validFrom": "2000-01-01", "validUntil": open}
	if !strings.HasSuffix(id, "-b") {
		o["shortName"], o["fullName"] = strings.ToUpper(string([]rune(short)[:min(3, len([]rune(short)))])), full
	}
	if parent != "" {
		o["parentOrgUnit"] = parent
	}
	return o
}

func (e *emulator) roles(people []seed.Employee) []func() any {
	var list []func() any
	seen := map[string]bool{}
	add := func(unit, role string, who int, until string) {
		if key := unit + role + until; !seen[key] {
			seen[key] = true
			n := 31 + len(list)
			list = append(list, func() any {
				return wire.Object{"id": fmt.Sprint(n), "personCode": personCode(who), "employmentCode": personCode(who) + "-1", "organizationUnit": unit,
					"organizationUnitCode": "U" + unit, "shortName": role, "startDate": "2008-01-01", "endDate": until}
			})
		}
	}
	for _, p := range people {
		if p.Department.ID == 0 || p.ManagerID == 0 {
			continue
		}
		add(upperUnit(p), "HRA", 1, open)
		add(upperUnit(p), managerRole, 1, "2016-08-31")
		add(upperUnit(p), managerRole, p.ManagerID, open)
		if strings.HasSuffix(unitOf(p), "-b") {
			add(unitOf(p), managerRole, 1, "2016-08-31")
		}
	}
	return list
}

func (e *emulator) jobProfiles([]seed.Employee) []func() any {
	var list []func() any
	for _, title := range e.titles {
		id := e.profiles[title]
		list = append(list, func() any {
			return wire.Object{"id": id, "shortName": "J" + id, "fullName": title, "validFrom": "2000-01-01", "validUntil": open}
		})
	}
	return list
}

func (e *emulator) users(people []seed.Employee) []func() any {
	var list []func() any
	for _, p := range people {
		list = append(list, func() any {
			return wire.Object{"id": fmt.Sprint(p.ID), "personCode": personCode(p.ID), "userName": "user" + fmt.Sprint(p.ID)}
		})
	}
	return list
}

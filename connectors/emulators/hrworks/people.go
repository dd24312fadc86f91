package hrworks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

func license(id int) string { return fmt.Sprintf("L-%05d", id) }

func personID(id int) string { return fmt.Sprintf("person.%d", id) }

// put writes a value, or the person's way of having none: null, or no key.
func put(o wire.Object, key, value string, p seed.Employee) {
	if value != "" || p.Void == seed.Null {
		wire.Put(o, key, value, seed.Null)
	}
}

func record(p seed.Employee) wire.Object {
	o := wire.Object{"personId": personID(p.ID), "personLicenseNumber": license(p.ID), "firstName": p.First, "lastName": p.Last,
		"countryCode": "DEU", "bankAccount": wire.Object{"iban": "SENSITIVE-IBAN"}, "accountPayable": "SENSITIVE-ACCOUNT", "nationality": "SENSITIVE-NATIONALITY",
		"workSchedule": wire.Object{"name": "Vollzeit", "key": "VZ40", "weeklyWorkingHours": 40}, "historicizedData": wire.Object{"employment": history(p)}}
	for key, value := range map[string]string{
		"personnelNumber": p.Number, "datevPersonnelNumber": datev(p), "customNameId": nameID(p), "title": academic(p), "gender": gender(p),
		"email": p.Email, "privateEmail": p.PersonalEmail, "birthday": p.Birth, "joinDate": p.Hire, "leaveDate": p.End, "position": p.Title,
		"employmentType": employmentType(p), "officePhoneNumber": p.WorkPhone, "companyMobilePhoneNumber": p.MobilePhone, "buildingOrRoom": p.Custom.Building.Name,
		"profilePictureUrl": p.Photo, "dateOfNotice": notice(p), "reasonForGivingNotice": "", "privateMobilePhoneNumber": "+49 160 555 0199",
		"probationEndDate": "",
	} {
		put(o, key, value, p)
	}
	if active, told := isActive(p); told {
		o["isActive"] = active
	}
	if p.Address != (seed.Address{}) {
		o["address"] = address(p)
	}
	putUnits(o, p)
	putCustom(o, p)
	return o
}

// datev, nameID and academic are what only some people have.
func datev(p seed.Employee) string {
	if p.ID%4 == 0 && p.Number != "" {
		return "0" + p.Number
	}
	return ""
}

func nameID(p seed.Employee) string {
	if p.ID%5 == 0 {
		return fmt.Sprintf("sso-%d", p.ID)
	}
	return ""
}

func academic(p seed.Employee) string {
	if p.ID%6 == 0 {
		return "Dr."
	}
	return ""
}

func gender(p seed.Employee) string {
	if p.Gender == "" && p.ID%3 == 0 {
		return "not specified"
	}
	return p.Gender
}

func employmentType(p seed.Employee) string {
	return map[string]string{"Full-Time": "regularEmployee", "Part-Time": "marginalEmployment", "Contractor": "externalWorker", "Intern": "intern"}[p.Type]
}

func notice(p seed.Employee) string {
	if p.End != "" {
		return "2025-10-01"
	}
	return ""
}

// isActive is not told of somebody of whom too little is known; of starters it may be false.
func isActive(p seed.Employee) (active, told bool) {
	switch {
	case p.State == seed.Odd || p.State == seed.Starting && p.Hire == "":
		return false, false
	case p.State == seed.Starting && p.ID%2 == 0:
		return false, true
	}
	return p.State != seed.Left, true
}

// address has its codes under newer or older names, and of some people only the country's name.
func address(p seed.Employee) wire.Object {
	street, number := splitStreet(p.Address.Line1)
	o := wire.Object{"street": street, "streetNumber": number, "zipCode": p.Address.PostalCode, "city": p.Address.City, "country": p.Address.Country}
	put(o, "state", states[p.Address.Region], p)
	put(o, "additionalData", p.Address.Line2, p)
	switch {
	case p.ID%10 == 7:
	case p.ID%8 == 3:
		o["countryCode"] = countries[p.Address.CountryCode]
	default:
		o["internationalCountryCode"] = countries[p.Address.CountryCode]
	}
	return o
}

var (
	states    = map[string]string{"Bayern": "DE-BY", "Małopolskie": "PL-12"}
	countries = map[string]string{"DE": "DEU", "PL": "POL", "BE": "BEL"}
)

func splitStreet(line string) (street, number string) {
	i := strings.LastIndexByte(line, ' ')
	return line[:max(i, 0)], line[i+1:]
}

func unitNumber(u seed.Unit) string { return fmt.Sprintf("0%d", u.ID) }

func establishment(u seed.Unit) wire.Object {
	return wire.Object{"id": fmt.Sprint(u.ID), "name": u.Name, "address": wire.Object{"street": "Lindenstraße", "streetNumber": "1", "zipCode": "10969",
		"city": u.Name, "country": "Deutschland", "internationalCountryCode": "DEU", "state": "DE-BE"}}
}

func costCentre(u seed.Unit) wire.Object {
	return wire.Object{"name": u.Name, "number": fmt.Sprint(u.ID)}
}

func mainCostCentre(p seed.Employee) seed.Unit {
	best := seed.Share{}
	for _, s := range p.CostCentres {
		if s.Percent > best.Percent {
			best = s
		}
	}
	return best.Unit
}

// putUnits adds the parts of the company that somebody belongs to; older answers spell the cost centre differently.
func putUnits(o wire.Object, p seed.Employee) {
	if p.Department.ID != 0 {
		o["organizationUnit"] = wire.Object{"number": unitNumber(p.Department), "name": p.Department.Name}
	}
	if p.Office.ID != 0 {
		o["permanentEstablishment"] = establishment(p.Office)
	}
	if u := mainCostCentre(p); u.ID != 0 && p.ID%8 == 3 {
		o["costCentre"] = costCentre(u)
	} else if u.ID != 0 {
		o["costCenter"] = costCentre(u)
	}
	if objective(p) != "" {
		o["costObjective"] = wire.Object{"name": objective(p), "number": "P-9"}
	}
	if p.ManagerID != 0 {
		o["superior"] = superior(p)
	}
}

func objective(p seed.Employee) string {
	if p.ID%9 == 0 {
		return "Project Nine"
	}
	return ""
}

func superior(p seed.Employee) wire.Object {
	m := seed.Employee{First: "Former", Last: "Colleague", Number: "4711"}
	if p.Manager() != nil {
		m = *p.Manager()
	}
	o := wire.Object{"firstName": m.First, "lastName": m.Last, "personId": personID(p.ManagerID), "personnelNumber": m.Number, "datevPersonnelNumber": nil}
	if datev(m) != "" {
		o["datevPersonnelNumber"] = datev(m)
	}
	return o
}

func history(p seed.Employee) []any {
	list := []any{}
	for _, job := range append(slices.Clone(p.Earlier), seed.Job{Title: p.Title, Start: p.Hire, End: p.End}) {
		if job.Start == "" {
			continue
		}
		o := wire.Object{"beginDate": job.Start, "data": wire.Object{"employmentType": employmentType(p), "organizationUnitNumber": unitNumber(p.Department),
			"permanentEstablishmentId": fmt.Sprint(p.Office.ID), "position": job.Title}}
		if job.End != "" {
			o["endDate"] = job.End
		}
		list = append(list, o)
	}
	return list
}

// putCustom adds the customer's own fields, which are keys like all others.
func putCustom(o wire.Object, p seed.Employee) {
	c := p.Custom
	for key, value := range map[string]string{"Kürzel": c.Badge, "Jubiläum": c.Anniversary, "Notiz": c.Note} {
		put(o, key, value, p)
	}
	if c.Bicycles != nil {
		o["Anzahl Fahrräder"] = *c.Bicycles
	}
	if c.Hours != "" {
		o["Stunden"] = json.Number(c.Hours)
	}
	if c.OnSite != nil {
		o["Vor Ort"] = *c.OnSite
	}
	if c.Languages != nil {
		o["Sprachen weitere"] = c.Languages
	}
}

// short is the list without pages, by the numbers of the organization units.
func (e *emulator) short(w http.ResponseWriter, _ *http.Request) {
	lists := wire.Object{}
	for _, p := range e.Living() {
		if p.Department.ID == 0 {
			continue
		}
		o := wire.Object{"firstName": p.First, "lastName": p.Last, "personId": personID(p.ID), "personnelNumber": p.Number, "datevPersonnelNumber": nil}
		if datev(p) != "" {
			o["datevPersonnelNumber"] = datev(p)
		}
		list, _ := lists[unitNumber(p.Department)].([]any)
		lists[unitNumber(p.Department)] = append(list, o)
	}
	answer(w, lists)
}

// units are the different units of all people, by id.
func (e *emulator) units(of func(seed.Employee) seed.Unit) []seed.Unit {
	var units []seed.Unit
	for _, p := range e.Living() {
		if u := of(p); u.ID != 0 && !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	slices.SortFunc(units, func(a, b seed.Unit) int { return a.ID - b.ID })
	return units
}

// list answers a side list, of which only one has more than one page.
func (e *emulator) list(w http.ResponseWriter, r *http.Request, name string, of func(seed.Employee) seed.Unit, row func(seed.Unit) wire.Object) {
	n, ok := page(w, r)
	if !ok {
		return
	}
	units, rows := e.units(of), []any{}
	size := e.PageSize(largestPage)
	for i, u := range units {
		if i/size == n-1 {
			rows = append(rows, row(u))
		}
	}
	link(w, r, n, (len(units)+size-1)/size)
	answer(w, wire.Object{name: rows})
}

func (e *emulator) organizationUnits(w http.ResponseWriter, r *http.Request) {
	e.list(w, r, "organizationUnits", func(p seed.Employee) seed.Unit { return p.Department }, func(u seed.Unit) wire.Object {
		o := wire.Object{"number": unitNumber(u), "name": u.Name, "countryCode": "DEU"}
		if u.ID != 281520 {
			o["parentOrganizationUnit"] = wire.Object{"number": "0281520", "name": "Management"}
		}
		return o
	})
}

func (e *emulator) establishments(w http.ResponseWriter, r *http.Request) {
	e.list(w, r, "permanentEstablishments", func(p seed.Employee) seed.Unit { return p.Office }, establishment)
}

func (e *emulator) costCentres(w http.ResponseWriter, r *http.Request) {
	e.list(w, r, "costCenters", mainCostCentre, costCentre)
}

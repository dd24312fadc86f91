package eurecia

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // days begin at midnight of Paris, also on machines that do not know where that is

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const never = 32503676400000

var paris = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic("the program carries no time zones: " + err.Error())
	}
	return zone
}()

func userID(id int) string { return "usr-" + strconv.Itoa(id) }

// organization writes a unit by its id, or for every ninth person by its name.
func organization(kind string, u seed.Unit, p seed.Employee) string {
	switch {
	case u.ID == 0:
		return ""
	case p.ID%9 == 0:
		return u.Name
	}
	return kind + strconv.Itoa(u.ID)
}

// short is the record of the list.
func short(p seed.Employee) wire.Object {
	o := wire.Object{"id": userID(p.ID)}
	for key, value := range map[string]string{"email": p.Email, "firstName": p.First, "lastName": p.Last, "jobTitle": p.Title,
		"department": organization("dep-", p.Department, p), "structure": organization("str-", p.Office, p)} {
		wire.Put(o, key, value, p.Void)
	}
	return o
}

// full is the record of one person, with what a client has to drop.
func full(p seed.Employee) wire.Object {
	o := short(p)
	for key, value := range map[string]string{"refNumber": p.Number, "gender": genders[p.Gender], "personalEmail": p.PersonalEmail,
		"workContract": contracts[p.Type], "professionalStatus": p.Custom.Badge, "qualification": p.Custom.Building.Name,
		"coefficient": coefficient(p), "analyticCodeSuffix": largest(p.CostCentres), "otherAccount": p.Division, "otherAccount2": "",
		"additionalField1": p.Custom.Note, "additionalField2": p.Custom.Anniversary, "additionalField3": strings.Join(p.Custom.Languages, "; "),
		"timezone": p.TimeZone, "locale": locales[p.Language]} {
		wire.Put(o, key, value, p.Void)
	}
	rest := wire.Object{"socialSecurityNum": "SENSITIVE-social", "birthdayCity": "SENSITIVE-city", "nationality": "SENSITIVE-nationality",
		"matrialStatus": "SENSITIVE-marital", "annualGrossSalary": "SENSITIVE-salary", "benefits1": "SENSITIVE-benefit",
		"birthdayDate": birthday(p), "entryDate": nil, "hiringDate": midnight(p.Hire), "seniorityDate": midnight(p.Hire),
		"seniorityShift": 0, "departureDate": midnight(p.End), "workingTimeRate": 100, "workingTimeUnit": "day", "yearWorkingTime": nil,
		"activityType": nil, "legalHolidaysCalendar": "FR", "userSequences": []any{}, "userManagers": []any{}, "userDirectManagers": managerIDs(p),
		"flagHasACar": false, "flagHasAFuelCard": false, "transportMode": nil, "vacationProfile": "VP1", "reimbursementProfiles": []any{},
		"userProfile": "EMPLOYEE", "dateEndAccess": never, "hasLogin": p.State != seed.Starting, "idModules": "1[.]3[.]8[.]5", "userCreate": "admin",
		"dateCreate": 1684338245000, "userUpdate": "admin", "dateUpdate": p.Changed.UnixMilli(), "archived": archived(p),
		"userIncludedInEVP": true, "admin": false}
	maps.Copy(o, rest)
	if !onlyHired(p) {
		o["entryDate"] = midnight(p.Hire)
	}
	if !onlyManagerIDs(p) {
		o["_embedded"] = wire.Object{"userSequences": []any{}, "userDirectManagers": managers(p), "reimbursementProfiles": []any{}}
	}
	if list := phones(p); len(list) > 0 || p.Void != seed.Missing {
		o["phones"] = list
	}
	if p.Address.Line1 != "" {
		o["addresses"] = wire.Object{"main": address(p)}
	} else if p.Void != seed.Missing {
		o["addresses"] = wire.Object{}
	}
	return o
}

var (
	genders   = map[string]string{"female": "Mrs", "male": "Mr", "diverse": "Mx"}
	contracts = map[string]string{"Full-Time": "cdi", "Part-Time": "cdd", "Contractor": "freelance", "Intern": "apprenticeship"}
	locales   = map[string]string{"de": "de_DE", "en": "en_GB", "fr": "fr_FR", "nl": "nl_BE"}
)

// midnight is the beginning of a day in Paris, in milliseconds.
func midnight(day string) any {
	t, err := time.ParseInLocation(time.DateOnly, day, paris)
	if err != nil {
		return nil
	}
	return t.UnixMilli()
}

// birthday of every tenth person is no midnight.
func birthday(p seed.Employee) any {
	at, ok := midnight(p.Birth).(int64)
	switch {
	case !ok:
		return nil
	case p.ID%10 == 0:
		return at + 13*time.Hour.Milliseconds()
	}
	return at
}

// onlyHired tells whether the record holds the day of hiring and not that of entry.
func onlyHired(p seed.Employee) bool {
	return p.ID%8 == 0 && p.Hire < p.Changed.AddDate(0, 0, -30).Format(time.DateOnly)
}

func onlyManagerIDs(p seed.Employee) bool { return p.ID%16 == 0 }

func archived(p seed.Employee) bool { return p.State == seed.Left && (p.End == "" || p.ID%2 == 0) }

func coefficient(p seed.Employee) string {
	if p.Custom.Bicycles == nil {
		return ""
	}
	return strconv.Itoa(*p.Custom.Bicycles)
}

func largest(shares []seed.Share) string {
	best := seed.Share{}
	for _, s := range shares {
		if s.Percent > best.Percent {
			best = s
		}
	}
	return best.Name
}

func phones(p seed.Employee) []any {
	rows := []any{}
	add := func(kind, label, number string) {
		if number != "" {
			rows = append(rows, wire.Object{"id": "p" + strconv.Itoa(len(rows)+1), "type": kind, "number": number, "ownerName": "", "typeLabel": label})
		}
	}
	if p.ID%6 == 0 {
		add("PERSO", "Personnel", "SENSITIVE-phone")
	}
	add("MOBILE_PRO", "Mobile professionnel", p.MobilePhone)
	add("PRO", "Professionnel", p.WorkPhone)
	return rows
}

// road takes the number off a line; every other person's address stands in one line.
func road(p seed.Employee) (num, name string) {
	at := strings.LastIndexByte(p.Address.Line1, ' ')
	if p.ID%2 == 0 || at < 0 {
		return "", ""
	}
	return p.Address.Line1[at+1:], p.Address.Line1[:at]
}

func address(p seed.Employee) wire.Object {
	num, name := road(p)
	line := p.Address.Line1
	if name != "" {
		line = p.Address.Line2
	}
	o := wire.Object{"num": num, "repetition": "EMPTY", "roadName": name}
	for key, value := range map[string]string{"address1": line, "zipCode": p.Address.PostalCode, "city": p.Address.City,
		"country": p.Address.CountryCode, "state": p.Address.Region} {
		wire.Put(o, key, value, p.Void)
	}
	return o
}

// managerIDs name the manager first, and for some a second one.
func managerIDs(p seed.Employee) []any {
	ids := []any{}
	for _, m := range managers(p) {
		ids = append(ids, m.(wire.Object)["id"])
	}
	return ids
}

func managers(p seed.Employee) []any {
	list := []any{}
	if p.ManagerID == 0 {
		return list
	}
	m := wire.Object{"id": userID(p.ManagerID), "email": nil, "firstName": "Former", "lastName": "Colleague"}
	if p.Manager() != nil {
		m["email"], m["firstName"], m["lastName"] = p.Manager().Email, p.Manager().First, p.Manager().Last
	}
	list = append(list, m)
	if p.ID%15 == 0 {
		list = append(list, wire.Object{"id": userID(5101), "email": "second@corp.example", "firstName": "Second", "lastName": "Manager"})
	}
	return list
}

func (e *emulator) companies(w http.ResponseWriter, _ *http.Request) {
	content := []any{}
	for _, u := range e.units(func(p seed.Employee) seed.Unit { return p.LegalEntity }) {
		content = append(content, wire.Object{"id": "cmp-" + strconv.Itoa(u.ID), "descr": u.Name, "dateCreate": 1684338245000})
	}
	answer(w, envelope(content, 0, pageSize, len(content)))
}

func (e *emulator) departments(w http.ResponseWriter, _ *http.Request) {
	e.tree(w, "DEPARTMENT", "Département", "dep-", e.units(func(p seed.Employee) seed.Unit { return p.Department }))
}

func (e *emulator) structures(w http.ResponseWriter, _ *http.Request) {
	e.tree(w, "STRUCTURE", "Structure", "str-", e.units(func(p seed.Employee) seed.Unit { return p.Office }))
}

// tree hangs each unit below the one before it, up to three deep, so that a client has to go down.
func (e *emulator) tree(w http.ResponseWriter, kind, label, prefix string, units []seed.Unit) {
	below := []any{}
	for i, u := range slices.Backward(units) {
		node := wire.Object{"organizationDto": wire.Object{"id": prefix + strconv.Itoa(u.ID), "name": u.Name, "type": kind, "typeLabel": label}, "nodes": []any{}}
		if i%3 != 2 {
			node["nodes"], below = below, []any{}
		}
		below = append(below, node)
	}
	top := wire.Object{"organizationDto": wire.Object{"id": prefix + "0", "name": "Northlake", "type": kind, "typeLabel": label}, "nodes": below}
	answer(w, wire.Object{"nodes": []any{top}})
}

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

package seed

import (
	"fmt"
	"strings"
	"time"
)

// firstID is the id of the first person of a company; the others follow without a gap.
const firstID = 5101

// NobodyID is a manager's id that no person has.
const NobodyID = 999999

var firstNames = []string{
	"Anneliese", "Tomás", "Priya", "Jürgen", "Zoë", "Łukasz", "Chloé", "伟", "Soledad", "Ömer", "Sinéad", "Bjørn",
	"Ναταλία", "Дмитрий", "يوسف", "Maëlle", "Ngọc", "Søren", "Françoise", "さくら",
}

var lastNames = []string{
	"Grünwald", "Ferreira", "Raman", "Weiß", "O'Neil", "Żak", "Dübendorfer", "李", "Ibáñez Núñez", "Yıldız", "van den Berg",
	"Ångström", "Παπαδοπούλου", "Иванов", "الهاشمي", "D'Haene", "Nguyễn", "Sørensen-Müller", "Lefèvre", "田中", "de la Cruz",
	"Ó Briain", "Wiśniewski",
}

var departments = []Unit{{281520, "Management"}, {281521, "Engineering"}, {281522, "Sales & Service"}, {281523, "Finance"}, {281524, "Qualité"}}
var divisions = []string{"Head Office", "Product", "Commercial", "Head Office", ""}
var teams = []Unit{{59026, "Platform"}, {59027, "R&D"}, {}, {59028, "DACH"}}
var entities = []Unit{{7033, "Northlake Optik GmbH"}, {7034, "Northlake Optik Sp. z o.o."}, {7035, "Northlake SAS"}}
var costCentres = []Unit{{82950, "1000 Management"}, {82957, "4100 Research"}, {82958, "4200 Data"}}
var titles = []string{"Managing Director", "Data Engineer", "Account Executive", "Optical Engineer", "Lab Technician"}
var types = []string{"Full-Time", "Part-Time", "Contractor", "Intern"}
var genders = []string{"female", "male", "diverse", ""}
var buildings = []Unit{{31, "Gent HQ"}, {32, "Liège"}, {}}

type place struct {
	office   Unit
	address  Address
	language string
	zone     string
}

var places = []place{
	{Unit{131014, "München"}, Address{"Zur Alten Mühle 7", "", "München", "Bayern", "80331", "Germany", "DE"}, "de", "Europe/Berlin"},
	{Unit{131015, "Kraków"}, Address{"ul. Żurawia 7", "m. 12", "Kraków", "Małopolskie", "00-503", "Poland", "PL"}, "en", "Europe/Warsaw"},
	{Unit{131016, "Bruxelles"}, Address{"Rue des Brasseurs 12", "Boîte 4", "Bruxelles", "", "01000", "Belgium", "BE"}, "fr", "Europe/Brussels"},
	{Unit{}, Address{}, "nl", ""},
}

// Company makes n people, the same for the same n and day. Among the first hundred, and each further hundred, are those
// whom a naive client gets wrong; see oddities. Dates lie around day, so that "on the day of reading" can be tested.
func Company(n int, day time.Time) []Employee {
	people := make([]Employee, n)
	for i := range people {
		people[i] = plain(i, day)
		if change := oddities[i%100]; change != nil {
			change(&people[i], day)
		}
	}
	tieLooseEnds(people)
	return people
}

// tieLooseEnds makes the first person his own manager and gives the third one a manager who comes last.
func tieLooseEnds(people []Employee) {
	if len(people) == 0 {
		return
	}
	first, last := people[0].ID, len(people)-1
	people[0].ManagerID = first
	if last < 3 {
		return
	}
	people[last].ManagerID = first
	people[2].ManagerID = people[last].ID
}

func plain(i int, day time.Time) Employee {
	where := places[i%len(places)]
	id := firstID + i
	e := Employee{
		ID: id, Number: fmt.Sprintf("%05d", i+1),
		First: pick(firstNames, i), Last: pick(lastNames, i),
		Email:     fmt.Sprintf("Person.%d@corp.example", id),
		WorkPhone: optional(i%3 != 0, fmt.Sprintf("+49 89 5550 %04d", i%10000)), MobilePhone: optional(i%2 == 0, fmt.Sprintf("+32470%06d", i)),
		Title: pick(titles, i), Department: pick(departments, i), Division: pick(divisions, i), Team: pick(teams, i),
		Office: where.office, LegalEntity: pick(entities, i), CostCentres: []Share{{pick(costCentres, i), 100}},
		ManagerID: firstID + max(i-1, 0)/7, Hire: ahead(day, -400-i%3000), Type: pick(types, i), External: i%4 == 2,
		Address: where.address, Birth: ahead(day, -9000-i*13%9000), Gender: pick(genders, i), Language: where.language,
		TimeZone: where.zone, Changed: day.UTC().Truncate(24*time.Hour).AddDate(0, 0, -1-i%300), Void: Void(i % 4),
		Custom: customOf(i, day),
	}
	e.Photo = optional(i%6 == 0, fmt.Sprintf("https://img.corp.example/%d.png", id))
	e.PersonalEmail = optional(i%5 == 0, fmt.Sprintf("p%d@home.example", id))
	e.Preferred = optional(i%7 == 0, "Sam "+e.Last)
	e.Middle = optional(i%9 == 0, "Jan")
	return e
}

func customOf(i int, day time.Time) Custom {
	c := Custom{Badge: optional(i%3 == 0, fmt.Sprintf("B-%04d", i)), Building: pick(buildings, i), Anniversary: optional(i%2 == 0, ahead(day, -400-i%3000))}
	switch i % 4 {
	case 0:
		c.Languages, c.Bicycles, c.Hours = []string{"German", "English"}, new(0), "40.0"
	case 1:
		c.Languages, c.Bicycles, c.Hours = []string{"Portuguese"}, new(2), "37.5"
	case 2:
		c.Languages, c.OnSite = []string{}, new(false)
	case 3:
		c.OnSite = new(true)
	}
	return c
}

// oddities are the people whom a naive client gets wrong, by their place in the hundred.
var oddities = map[int]func(e *Employee, day time.Time){
	3:  func(e *Employee, _ time.Time) { e.Preferred, e.Title = "Zoë 🦊🇧🇪", "  Head of Ops \n" },
	4:  func(e *Employee, _ time.Time) { e.Custom.Note = strings.Repeat("ü🧪 x.", 2000) },
	5:  func(e *Employee, day time.Time) { e.State, e.Hire = Starting, ahead(day, 30) },
	6:  func(e *Employee, day time.Time) { e.State, e.End, e.LastDay = Left, ahead(day, -60), ahead(day, -75) },
	7:  func(e *Employee, _ time.Time) { e.State = Left },
	8:  func(e *Employee, _ time.Time) { e.State = OnLeave },
	9:  func(e *Employee, _ time.Time) { e.State, e.Word = Odd, "Suspended" },
	10: func(e *Employee, _ time.Time) { e.ManagerID = NobodyID },
	11: func(e *Employee, _ time.Time) { e.Email, e.PersonalEmail = "", "private@home.example" },
	12: func(e *Employee, _ time.Time) { e.Number = "000012" },
	13: func(e *Employee, _ time.Time) { e.Email, e.Number, e.Title, e.Birth, e.Void = "", "", "", "", Empty },
	14: func(e *Employee, _ time.Time) { hollow(e, Missing) },
	15: func(e *Employee, _ time.Time) { hollow(e, Blank) },
	16: func(e *Employee, day time.Time) { e.End = ahead(day, 20) },
	17: func(e *Employee, day time.Time) { e.ContractEnd = ahead(day, 90) },
	18: func(e *Employee, _ time.Time) {
		e.Earlier = []Job{{Title: "Working Student", Start: "2018-10-01", End: "2019-12-31"}}
	},
	19: func(e *Employee, day time.Time) { e.Hire = ahead(day, 1) },
	20: func(e *Employee, day time.Time) { e.End = ahead(day, -1) },
	21: func(e *Employee, _ time.Time) { e.Removed = true },
	22: func(e *Employee, day time.Time) { e.Hire = ahead(day, 0) },
	23: func(e *Employee, day time.Time) { e.End = ahead(day, 0) },
	24: func(e *Employee, _ time.Time) { e.Title = "R&amp;D \"Lead\" <b>EMEA</b>" },
	25: func(e *Employee, _ time.Time) { e.Title = "=HYPERLINK(\"https://corp.example\")" },
	26: func(e *Employee, _ time.Time) { e.Birth = "1988-02-29" },
	27: func(e *Employee, _ time.Time) { e.First = "Zoe\u0308" },
	28: func(e *Employee, _ time.Time) { e.State = Starting },
	29: func(e *Employee, _ time.Time) { e.State, e.Hire = Starting, "" },
	30: func(e *Employee, _ time.Time) {
		e.CostCentres = []Share{{costCentres[2], 40}, {costCentres[1], 60}}
	},
	31: func(e *Employee, _ time.Time) { hollow(e, Null) },
	32: func(e *Employee, _ time.Time) { e.Email = "  Spaced.Out@Corp.example\r\n" },
	33: func(e *Employee, _ time.Time) { e.State, e.Word = OnLeave, "Parental Leave (unpaid)" },
	34: func(e *Employee, _ time.Time) { e.Word = "Freelance" },
}

// hollow takes everything away from a person that a person can do without.
func hollow(e *Employee, void Void) {
	*e = Employee{ID: e.ID, First: e.First, Last: e.Last, Hire: e.Hire, Changed: e.Changed, Void: void}
}

func ahead(day time.Time, days int) string { return day.AddDate(0, 0, days).Format(time.DateOnly) }

func pick[T any](from []T, i int) T { return from[i%len(from)] }

func optional(there bool, value string) string {
	if there {
		return value
	}
	return ""
}

package sample

// country is where people of the sample company live and what they are called there.
type country struct {
	name, entity, phone, mobile, locale, zone string // phones without the last two digits
	first, last                               []string
	offices                                   []office
}

// office is a place of work.
type office struct{ name, city, region, postalCode, street string }

// The three legal entities. The Dutch branch belongs to the French one.
const (
	entityDE = "Northlake Optik GmbH"
	entityFR = "Northlake SAS"
	entitySE = "Northlake AB"
)

var countries = []country{
	{"Germany", entityDE, "+49 30 23125 0", "+49 176 0406 90", "de-DE", "Europe/Berlin",
		[]string{"Anneliese", "Jürgen", "Käthe", "Björn", "Sophie", "Lukas", "Mia", "Götz", "Heike", "Yasemin", "Paul", "Zoë", "Matthias", "Ümit", "Frieda", "Jörg"},
		[]string{"Grünwald", "Weiß", "Müller", "Schäfer", "Özdemir", "Köhler", "Vogt", "Lindemann", "Groß", "Kühn", "von der Heide", "Brandt", "Jäger", "Noll", "Pfeiffer"},
		[]office{{"Berlin HQ", "Berlin", "Berlin", "10115", "Chausseestraße"}, {"München", "München", "Bayern", "80331", "Zur Alten Mühle"}}},
	{"France", entityFR, "+33 1 99 00 00 ", "+33 6 39 98 00 ", "fr-FR", "Europe/Paris",
		[]string{"Chloé", "François", "Maëlle", "Jérôme", "Inès", "Noël", "Amélie", "Théo", "Hélène", "Loïc", "Camille", "Rémi", "Océane", "Benoît", "Zélie"},
		[]string{"Lefèvre", "Dubois", "D'Haene", "Béranger", "Moreau", "Gauthier", "Côté", "Garçon", "Roux", "Léger", "de la Tour", "Faure", "Nguyễn", "Hervé"},
		[]office{{"Lyon", "Lyon", "Auvergne-Rhône-Alpes", "69002", "Rue des Brasseurs"}}},
	{"Netherlands", entityFR, "+31 20 555 00 ", "+31 6 5555 55", "nl-NL", "Europe/Amsterdam",
		[]string{"Daan", "Sanne", "Joëlle", "Thijs", "Femke", "Ruben", "Noor", "Bas", "Anouk", "Jeroen", "Lotte", "Zoë", "Mees"},
		[]string{"van den Berg", "de Vries", "Jansen", "Bakker", "Coëlho", "Visser", "van 't Hof", "Mulder", "Özçelik", "Smit", "de Groot", "Dijkstra"},
		[]office{{"Utrecht", "Utrecht", "Utrecht", "3511", "Oudegracht"}}},
	{"Sweden", entitySE, "+46 8 465 004 ", "+46 70 174 06 ", "sv-SE", "Europe/Stockholm",
		[]string{"Åsa", "Björn", "Linnéa", "Örjan", "Sigrid", "Göran", "Elin", "Håkan", "Maja", "Sören", "Ebba", "Nils", "Märta", "Åke"},
		[]string{"Ångström", "Sjöberg", "Lindqvist", "Öberg", "Håkansson", "Nyström", "Bergström", "Åkesson", "Lund", "Björk", "Ek", "Söderlund"},
		[]office{{"Göteborg", "Göteborg", "Västra Götaland", "411 03", "Södra Vägen"}, {"Stockholm", "Stockholm", "Stockholm", "111 22", "Vasagatan"}}},
}

// unit is a department with its division, cost centre, teams and titles; the first
// title is that of its head, the second that of a team's lead.
type unit struct {
	name, division, costCentre string
	teams, titles              []string
}

var units = []unit{
	{"Engineering", "Product", "4100 Engineering", []string{"Platform", "Optics", "Firmware", "Data"}, []string{"Head of Engineering", "Team Lead Engineering", "Software Engineer", "Optical Engineer", "Data Engineer", "Test Engineer"}},
	{"Production", "Product", "4200 Production", []string{"Grinding", "Coating", "Assembly"}, []string{"Head of Production", "Shift Lead", "Lens Technician", "Assembly Technician", "Machine Operator"}},
	{"Sales", "Commercial", "5100 Sales", []string{"DACH", "Nordics", "Benelux & France"}, []string{"Head of Sales", "Team Lead Sales", "Account Executive", "Account Manager", "Sales Assistant"}},
	{"Marketing", "Commercial", "5200 Marketing", []string{"Brand", "Content"}, []string{"Head of Marketing", "Team Lead Marketing", "Content Editor", "Designer"}},
	{"Customer Service", "Commercial", "5300 Service", []string{"Support", "Repairs"}, []string{"Head of Customer Service", "Team Lead Service", "Service Agent", "Repair Technician"}},
	{"Finance", "Central", "1100 Finance", []string{"Accounting", "Controlling"}, []string{"Head of Finance", "Team Lead Finance", "Accountant", "Controller"}},
	{"People & Culture", "Central", "1200 People", []string{"Recruiting", "Payroll"}, []string{"Head of People", "Team Lead People", "Recruiter", "Payroll Specialist"}},
	{"IT", "Central", "1300 IT", []string{"Workplace", "Infrastructure"}, []string{"Head of IT", "Team Lead IT", "System Administrator", "Support Engineer"}},
}

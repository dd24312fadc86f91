package suggest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rollcall/core"
	"rollcall/core/expression"
)

// columns makes fields of headers, as a file has them.
func columns(headers ...string) []core.Field {
	fields := make([]core.Field, len(headers))
	for i, h := range headers {
		fields[i] = core.Field{ID: h, Label: h}
	}
	return fields
}

func attributes(ids ...string) []core.Attribute {
	out := make([]core.Attribute, len(ids))
	for i, id := range ids {
		id, required := strings.CutSuffix(id, "!")
		out[i] = core.Attribute{ID: id, Label: id, Required: required}
		switch strings.ToLower(id) {
		case "startdate", "enddate":
			out[i].Kind = core.Date
		case "manager", "enterprise.manager":
			out[i].Kind = core.Reference
		case "email", "emails.work", "mail":
			out[i].Kind = core.Email
		}
	}
	return out
}

// told shows proposals as attribute=field, with ? where they are not accepted.
func told(proposals []Proposal) string {
	var out []string
	for _, p := range proposals {
		s := p.Attribute + "=" + p.Rule.Field + p.Rule.Expression
		if !p.Accepted {
			s += "?"
		}
		out = append(out, s)
	}
	return strings.Join(out, " | ")
}

func canonical(ids ...string) []core.Field {
	var fields []core.Field
	for _, id := range ids {
		f, _ := core.CanonicalField(id)
		fields = append(fields, f)
	}
	return fields
}

func people(fields []core.Field, rows ...string) []core.Person {
	pack := core.NewPacker(core.NewSchema(fields))
	var out []core.Person
	for _, row := range rows {
		for i, v := range strings.Split(row, "|") {
			pack.Set(i, v)
		}
		out = append(out, core.Person{Record: pack.Pack()})
	}
	return out
}

func TestKnownSchemasAreMappedAndAccepted(t *testing.T) {
	all := append(canonical("externalId", "employeeNumber", "firstName", "lastName", "displayName", "preferredName", "email", "personalEmail", "workPhone", "mobilePhone", "jobTitle",
		"department", "division", "costCenter", "legalEntity", "location", "city", "country", "managerId", "startDate", "endDate", "employmentStatus", "employmentType"),
		core.Field{ID: "custom.workEmail2", Label: "Work e-mail", Kind: core.Email, Custom: true})
	bare := canonical("externalId", "firstName", "lastName", "employmentStatus")
	for name, c := range map[string]struct {
		fields     []core.Field
		attributes []core.Attribute
		want       string
	}{
		"practice directory": {all, attributes("userName!", "firstName!", "lastName!", "displayName", "email", "employeeNumber", "title", "department", "division", "costCenter", "organization", "office", "city",
			"country", "workPhone", "mobilePhone", "manager", "employmentType", "startDate", "endDate", "groups", "role"),
			"userName=email | firstName=firstName | lastName=lastName | displayName=displayName | email=email | employeeNumber=employeeNumber | title=jobTitle | department=department | division=division | costCenter=costCenter | " +
				"organization=legalEntity | office=location? | city=city | country=country | workPhone=workPhone | mobilePhone=mobilePhone | manager=managerId | employmentType=employmentType | startDate=startDate | endDate=endDate"},
		"SCIM": {all, attributes("userName!", "externalId", "name.givenName", "name.familyName", "name.formatted", "nickName", "title", "emails.work", "emails.home", "phoneNumbers.work", "roles", "enterprise.employeeNumber", "enterprise.manager", "enterprise.department"),
			"userName=email | externalId=externalId | name.givenName=firstName | name.familyName=lastName | name.formatted=displayName | nickName=preferredName | title=jobTitle | emails.work=email | emails.home=personalEmail | " +
				"phoneNumbers.work=workPhone | enterprise.employeeNumber=employeeNumber | enterprise.manager=managerId | enterprise.department=department"},
		"Google Workspace": {append(slices.Clone(all), canonical("office", "locale")...), attributes("primaryEmail!", "orgUnitPath", "organizations.description", "addresses.work.countryCode", "locations.desk.buildingId", "languages.preferred", "recoveryEmail", "recoveryPhone"),
			"primaryEmail=email | organizations.description=employmentType | addresses.work.countryCode=CountryAlpha2(country) | locations.desk.buildingId=office | languages.preferred=locale"},
		"JumpCloud": {all, append([]core.Attribute{{ID: "username", Label: "Username", Required: true, AtCreate: true}}, attributes("email", "employeeIdentifier", "alternateEmail", "phoneNumbers.mobile", "phoneNumbers.work_mobile", "addresses.work.locality", "addresses.home.locality")...),
			"username=LCase(EmailLocal(email)) | email=email | employeeIdentifier=employeeNumber | alternateEmail=personalEmail | phoneNumbers.mobile=mobilePhone | addresses.work.locality=city"},
		"inetOrgPerson": {all, attributes("uid!", "cn!", "sn!", "givenName", "mail", "employeeNumber", "title", "departmentNumber", "o", "telephoneNumber", "mobile", "manager", "displayName", "physicalDeliveryOfficeName", "userPassword"),
			`uid=SelectUniqueValue(LCase(CleanUPN(Join(".", firstName, lastName)))) | cn=displayName | sn=lastName | givenName=firstName | mail=email | employeeNumber=employeeNumber | title=jobTitle | departmentNumber=department | ` +
				"o=legalEntity | telephoneNumber=workPhone | mobile=mobilePhone | manager=managerId | displayName=displayName | physicalDeliveryOfficeName=location?"},
		"little to go by": {bare, attributes("userName!", "email", "displayName", "sAMAccountName", "cn!", "externalId"),
			`userName=SelectUniqueValue(LCase(CleanUPN(Join(".", firstName, lastName)))) | displayName=Join(" ", firstName, lastName) | ` +
				`sAMAccountName=SelectUniqueValue(Left(LCase(CleanUPN(Join(".", firstName, lastName))), 20))? | cn=Join(" ", firstName, lastName) | externalId=externalId`},
		"Microsoft Entra": {all, attributes("userPrincipalName!", "displayName!", "mailNickname", "usageLocation", "country"),
			`userPrincipalName=email | displayName=displayName | usageLocation=CountryAlpha2(country) | country=country`},
		"no country": {bare, attributes("usageLocation"), ""},
		"a whole name only": {columns("Full Name"), attributes("userName!", "givenName", "sn!", "cn!"),
			`userName=SelectUniqueValue(LCase(CleanUPN(Join(".", Item(NameParts([Full Name]), 1), Item(NameParts([Full Name]), 2))))) | givenName=Item(NameParts([Full Name]), 1)? | sn=Item(NameParts([Full Name]), 2) | cn=Full Name`},
		"a call name only":       {columns("Roepnaam", "Achternaam"), attributes("givenName", "sn", "nickName"), "givenName=Roepnaam | sn=Achternaam | nickName=Roepnaam"},
		"a column for the login": {columns("Benutzername", "E-Mail", "Vorname"), attributes("uid!", "userName!", "mail"), "uid=Benutzername | userName=Benutzername | mail=E-Mail"},
	} {
		t.Run(name, func(t *testing.T) {
			proposals := Mapping(Input{Fields: c.fields, Attributes: c.attributes})
			got := told(proposals)
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			for _, p := range proposals {
				if p.Why == "" {
					t.Errorf("%s has no reason", p.Attribute)
				}
				if _, err := expression.Compile(p.Rule.Expression); p.Rule.Expression != "" && err != nil {
					t.Errorf("%s: %v", p.Attribute, err)
				}
			}
		})
	}
}

func TestFieldWhoseValuesAreNoChoicesIsNotAccepted(t *testing.T) {
	in := Input{Fields: canonical("department"), Attributes: attributes("ou")}
	in.Attributes[0].Choices = []core.Choice{{Value: "OU=Sales,DC=corp", Label: "Sales"}, {Value: "CN=Users,DC=corp", Label: "Users"}}
	in.People = people(in.Fields, "sales", "Users")
	if got := told(Mapping(in)); got != "ou=department" {
		t.Errorf("all are choices: %s", got)
	}
	in.People = people(in.Fields, "Sales", "Finance")
	if got := Mapping(in); told(got) != "ou=department?" || !strings.Contains(got[0].Why, "“Finance”") {
		t.Errorf("one is no choice: %v", got)
	}
}

func TestNameBesideTheManagersAccountIsNoNumber(t *testing.T) {
	attrs := attributes("employeeNumber", "managerId", "manager")
	attrs[1].Kind, attrs[2].Kind = core.Reference, core.Text // as in Okta
	got := told(Mapping(Input{Fields: canonical("employeeNumber", "managerId"), Attributes: attrs}))
	if want := "employeeNumber=employeeNumber | managerId=managerId"; got != want {
		t.Errorf("%s", got)
	}
}

func TestColumnsBesideAColumnSayWhatItIs(t *testing.T) {
	for name, c := range map[string]struct {
		headers string
		rows    []string
		want    string
	}{
		"Name beside Vorname":         {"Name|Vorname", nil, "firstName=Vorname lastName=Name"},
		"Name of two words beside it": {"Name|Vorname", []string{"van Dam|Eva", "de Wit|Jan"}, "firstName=Vorname lastName=Name"},
		"Name that holds both":        {"Name|Vorname", []string{"Eva Dam|Eva", "Jan Wit|Jan"}, "displayName=Name firstName=Vorname"},
		"Nom beside Prénom":           {"Nom|Prénom", nil, "firstName=Prénom lastName=Nom"},
		"Nombre beside Apellidos":     {"Nombre|Apellidos", []string{"Eva|Ruiz Gil"}, "firstName=Nombre lastName=Apellidos"},
		"Name alone, full":            {"Name", []string{"Eva Ruiz", "Dam, Jan"}, "displayName=Name"},
		"a phone with numbers":        {"Phone", []string{"+46 8 123 45 67", "(555) 010-1234"}, "workPhone=Phone"},
		"a phone with words":          {"Work phone", []string{"yes", "no"}, ""},
		"manager by number":           {"Manager", []string{"1001", "A-17"}, "managerId=Manager"},
		"manager by address":          {"Manager", []string{"a@corp.example", "b@corp.example"}, "managerEmail=Manager"},
		"manager by name":             {"Manager", []string{"Eva Ruiz", "Jan Dam"}, "managerId=Manager?"},
		"a title that is one":         {"Title", []string{"Engineer", "Sales lead"}, "jobTitle=Title"},
		"a title before names":        {"Title", []string{"Dr.", "Mrs"}, ""},
		"a date that is none":         {"Start date", []string{"soon", "later"}, ""},
		"dates of many styles":        {"Start date", []string{"1/31/2024", "2024-02-01", "3.2.2024", "5-Mar-24"}, "startDate=Start date"},
		"full time is no status":      {"Employment status", []string{"Full-time", "Part-time"}, "employmentType=Employment status?"},
		"the better of two":           {"Email 2|Work Email", nil, "email=Work Email"},
		"the first of equals":         {"Hire Date|Start Date", nil, "startDate=Hire Date"},
	} {
		t.Run(name, func(t *testing.T) {
			cols := columns(strings.Split(c.headers, "|")...)
			samples := Samples{}
			for _, row := range c.rows {
				for i, v := range strings.Split(row, "|") {
					samples[cols[i].ID] = append(samples[cols[i].ID], v)
				}
			}
			var got []string
			for field, m := range Fields(cols, samples) {
				s := field + "=" + m.Column
				if !m.Accepted() {
					s += "?"
				}
				got = append(got, s)
			}
			slices.Sort(got)
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}

// A file's fields are the canonical ones that it recognised, then all of its columns.
func TestFileIsMappedByItsColumns(t *testing.T) {
	fields := append(canonical("externalId", "displayName", "firstName", "email", "startDate", "employmentStatus", "workPhone"),
		core.Field{ID: "Pers.-Nr."}, core.Field{ID: "Name"}, core.Field{ID: "Vorname"}, core.Field{ID: "Mail"}, core.Field{ID: "Eintritt", Kind: core.Date}, core.Field{ID: "Telefon"}, core.Field{ID: "Schuhgröße", Custom: true})
	for i := range fields {
		if fields[i].Label == "" {
			fields[i].Label = fields[i].ID
		}
	}
	got := told(Mapping(Input{Fields: fields, Attributes: attributes("userName!", "firstName", "lastName", "displayName", "employeeNumber", "startDate", "workPhone", "shoeSize")}))
	want := "userName=email | firstName=firstName | lastName=Name | displayName=Join(\" \", firstName, Name) | employeeNumber=Pers.-Nr. | startDate=startDate | workPhone=workPhone?"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	plain := told(Mapping(Input{Fields: fields, Attributes: attributes("employeeNumber", "lastName", "email", "city")}))
	if plain != "employeeNumber=Pers.-Nr. | lastName=Name | email=email" {
		t.Errorf("canonical target: %s", plain)
	}
}

func TestColumnsThatNoExpressionCanNameAreNotPutIntoOne(t *testing.T) {
	got := told(Mapping(Input{Fields: columns("Prénom(s)", "Nom de famille"), Attributes: attributes("firstName", "lastName", "cn")}))
	if strings.Contains(got, "cn=") {
		t.Errorf("got %s", got)
	}
	got = told(Mapping(Input{Fields: columns("First Name", "Last Name"), Attributes: attributes("cn")}))
	if got != `cn=Join(" ", [First Name], [Last Name])` {
		t.Errorf("got %s", got)
	}
}

func TestOtherTablesAreMappedByName(t *testing.T) {
	got := told(Mapping(Input{Fields: append(canonical("employeeNumber", "firstName", "lastName", "email", "department"), core.Field{ID: "custom.badge", Label: "Badge colour", Custom: true}),
		Attributes: attributes("Personalnummer", "Given Name", "Familienname", "E-Mail (work)", "Dept. Name Long", "badge_colour", "Shoe size", "Login Name")}))
	want := "Personalnummer=employeeNumber | Given Name=firstName | Familienname=lastName | E-Mail (work)=email | Dept. Name Long=department | badge_colour=custom.badge | Login Name=email?"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func pairsOf(n int, make func(i int) (person, account map[string]string)) []Pair {
	personSchema := core.NewSchema(columns("a", "b", "c", "firstName", "email"))
	accountSchema := core.AccountSchema(attributes("x", "y", "z", "email"))
	pack := func(s *core.Schema, values map[string]string) core.Record {
		p := core.NewPacker(s)
		for k, v := range values {
			p.Put(k, v)
		}
		return p.Pack()
	}
	var out []Pair
	for i := range n {
		p, a := make(i)
		out = append(out, Pair{core.Person{Record: pack(personSchema, p)}, core.Account{Record: pack(accountSchema, a)}})
	}
	return out
}

func TestValuesOfLinkedPeopleDecide(t *testing.T) {
	in := Input{Fields: columns("a", "b", "c", "firstName", "email"), Attributes: attributes("x", "y", "z", "email")}
	in.Pairs = pairsOf(50, func(i int) (map[string]string, map[string]string) {
		p := map[string]string{"a": fmt.Sprint("Café ", i), "b": fmt.Sprintf("p%d@corp.example", i), "c": "SE", "email": fmt.Sprintf("old%d@corp.example", i)}
		a := map[string]string{"x": p["a"], "y": fmt.Sprint("cafe ", i), "z": "SE", "email": p["b"]}
		if i < 2 {
			a["x"] = "changed by hand"
		}
		return p, a
	})
	got := Mapping(in)
	if told(got) != "x=a | y=LCase(NormalizeDiacritics(a)) | z=c? | email=b" {
		t.Errorf("got %s", told(got))
	}
	if got[0].Score != 0.96 || !strings.Contains(got[0].Why, "48 of 50") {
		t.Errorf("score %v, %q", got[0].Score, got[0].Why)
	}
	byName := Mapping(Input{Fields: in.Fields[4:], Attributes: in.Attributes[3:], Pairs: in.Pairs})
	if told(byName) != "email=email?" || !strings.Contains(byName[0].Why, "only 0 of 50") {
		t.Errorf("a name that the values contradict is not accepted: %s, %q", told(byName), byName[0].Why)
	}
	in.Pairs = in.Pairs[:29]
	for _, p := range Mapping(in) {
		if p.Accepted && p.Attribute != "email" {
			t.Errorf("29 pairs are too few to accept %s", p.Attribute)
		}
	}
}

func TestKeyIsWhatFindsEverybodyOnce(t *testing.T) {
	fields := canonical("employeeNumber", "email", "department", "lastName")
	staff := people(fields, "1|a@corp.example|HR|Lee", "2|b@corp.example|HR|Lee", "3|c@corp.example|IT|Dam", "4|d@corp.example|IT|Ek")
	target := []core.Attribute{{ID: "mail"}, {ID: "number"}, {ID: "dept"}, {ID: "last"}}
	pack := core.NewPacker(core.AccountSchema(target))
	var accounts []core.Account
	for _, p := range staff {
		pack.Put("mail", strings.ToUpper(p.Value("email")))
		pack.Put("number", p.Value("employeeNumber"))
		pack.Put("dept", p.Value("department"))
		pack.Put("last", p.Value("lastName"))
		accounts = append(accounts, core.Account{Record: pack.Pack()})
	}
	got := Key(KeyInput{Fields: fields, People: staff, Attributes: target, Accounts: accounts})
	if len(got) != 2 || got[0].Key.Fields[0] != "employeeNumber" || got[0].Key.Attribute != "number" || got[0].Score != 1 || got[1].Key.Attribute != "mail" {
		t.Errorf("got %+v", got)
	}
	said := slices.Clone(target)
	said[0].Match = true
	if got := Key(KeyInput{Fields: fields, People: staff, Attributes: said, Accounts: accounts}); got[0].Key.Attribute != "mail" {
		t.Errorf("the connection says mail, and first comes %+v", got[0])
	}
	// L/N = 1, A/L = 1/2, L′ = 4 people hit of whom 2 are hit twice.
	s, ok := KeyInput{People: staff, Accounts: accounts}.score(fields[3], target[3], KeyInput{People: staff}.owners("lastName"))
	if !ok || s.Score != 0.25 {
		t.Errorf("midPoint's formula gives 0.25, got %v", s.Score)
	}
}

func TestKeyOfAnEmptyDirectoryFollowsTheMapping(t *testing.T) {
	fields := canonical("employeeNumber", "email", "department")
	staff := people(fields, "1|a@corp.example|HR", "2||HR", "3|c@corp.example|IT")
	target := []core.Attribute{{ID: "userName", Unique: true}, {ID: "number"}, {ID: "dept"}}
	got := Key(KeyInput{Fields: fields, People: staff, Attributes: target, Rules: []core.Rule{{Attribute: "userName", Field: "email"}, {Attribute: "number", Field: "employeeNumber"}, {Attribute: "dept", Field: "department"}}})
	if len(got) != 2 || got[0].Key.Attribute != "number" || got[1].Key.Attribute != "userName" || got[1].Score > 0.7 {
		t.Errorf("got %+v", got)
	}
}

func BenchmarkMappingOfAThousandPairs(b *testing.B) {
	in := Input{Fields: columns("a", "b", "c", "firstName", "email"), Attributes: attributes("x", "y", "z", "email")}
	in.Pairs = pairsOf(1000, func(i int) (map[string]string, map[string]string) {
		return map[string]string{"a": fmt.Sprint(i), "b": "x"}, map[string]string{"x": fmt.Sprint(i), "y": "y"}
	})
	for b.Loop() {
		Mapping(in)
	}
}

// A file's ID and status always come, also where it has no such column; as an answer to
// "which column is the status" they would be wrong.
func TestWhatAFileWorksOutItselfIsNoColumn(t *testing.T) {
	fields := append(canonical("externalId", "employeeNumber", "city", "employmentStatus"), core.Field{ID: "Pers.-Nr.", Label: "Pers.-Nr."})
	schema := core.NewSchema(fields)
	for _, id := range []string{"Pers.-Nr.", "city"} {
		schema.Alias(core.RawPrefix+id, id)
	}
	in := Input{Fields: fields, People: []core.Person{{Record: core.NewPacker(schema).Pack()}}, Attributes: attributes("externalId", "employeeNumber", "city", "employmentStatus")}
	if got := told(Mapping(in)); got != "employeeNumber=employeeNumber | city=city" {
		t.Errorf("got %s", got)
	}
	in.Attributes = attributes("externalId", "name.givenName")
	if got := told(Mapping(in)); got != "externalId=externalId" {
		t.Errorf("a directory takes the ID: %s", got)
	}
}

func TestNumbersAreNobodysName(t *testing.T) {
	for header, want := range map[string]string{"Employee": "employeeNumber", "Medewerker": "employeeNumber", "First name": ""} {
		got := Fields(columns(header), Samples{header: {"12", "25", "38"}})
		if _, ok := got[want]; want != "" && !ok || want == "" && len(got) > 0 {
			t.Errorf("%s: got %v", header, got)
		}
	}
}

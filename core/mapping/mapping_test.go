package mapping

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/core"
)

var (
	now        = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	fields     = append(slices.Clone(core.Canonical), core.Field{ID: "custom.shoe"}, core.Field{ID: "response.work.email"})
	schema     = core.NewSchema(fields)
	attributes = []core.Attribute{
		{ID: "userName", Label: "User name", Required: true, Unique: true, Login: true},
		{ID: "firstName", Label: "First name", MaxLength: 8},
		{ID: "lastName", Label: "Last name", Required: true},
		{ID: "email", Label: "E-mail", Kind: core.Email, Unique: true},
		{ID: "number", Label: "Number"},
		{ID: "department", Label: "Department"},
		{ID: "startDate", Label: "Start date", Kind: core.Date},
		{ID: "seats", Label: "Seats", Kind: core.Number},
		{ID: "vip", Label: "VIP", Kind: core.Bool},
		{ID: "manager", Label: "Manager", Kind: core.Reference},
		{ID: "groups", Label: "Groups", Kind: core.List, MaxLength: 5},
		{ID: "role", Label: "Role", Choices: []core.Choice{{Value: "m", Label: "Member"}, {Value: "a", Label: "Administrator"}}},
		{ID: "seen", Label: "Last seen", ReadOnly: true},
	}
)

func person(pairs ...string) core.Person {
	p := core.NewPacker(schema)
	for i := 0; i < len(pairs); i += 2 {
		p.Put(pairs[i], pairs[i+1])
	}
	return core.Person{Record: p.Pack()}
}

func copyRule(attribute, field string) core.Rule {
	return core.Rule{Attribute: attribute, Field: field}
}

func expr(attribute, source string) core.Rule {
	return core.Rule{Attribute: attribute, Expression: source}
}

func constant(attribute, value string) core.Rule {
	return core.Rule{Attribute: attribute, Constant: &value}
}

func mapper(t testing.TB, in Input) *Mapper {
	t.Helper()
	if in.Attributes == nil {
		in.Attributes = attributes
	}
	in.Now, in.Fields = now, fields
	m, err := Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestRulesMakeValues(t *testing.T) {
	anna := person("externalId", "7", "employeeNumber", "0012", "firstName", "Anna", "lastName", "Lee", "email", "Anna.Lee@corp.example",
		"startDate", "2026-02-28T08:00:00Z", "custom.shoe", "yes", "managerId", "3", "team", core.JoinList([]string{"a", "b"}), "division", "ADMINISTRATOR", "city", "", "gender", "  ", "response.work.email", "raw@corp.example")
	custom := []core.Custom{{Name: "Raw mail", Path: "{{response.work.email}}"}, {Name: "Again", Path: "Raw mail"}, {Name: "Both", Path: "{{firstName}} {{lastName}}"}}
	for name, c := range map[string]struct {
		rule core.Rule
		want string
		flaw core.Reason
		kept bool
	}{
		"a field is copied":                     {copyRule("number", "employeeNumber"), "0012", 0, false},
		"a path into the record":                {copyRule("email", "response.work.email"), "raw@corp.example", 0, false},
		"a field of one's own":                  {copyRule("email", "Raw mail"), "raw@corp.example", 0, false},
		"a field of one's own of another":       {copyRule("email", "Again"), "raw@corp.example", 0, false},
		"a template of one's own":               {copyRule("department", "Both"), "Anna Lee", 0, false},
		"a field of one's own in an expression": {expr("department", `"x-" + [Both]`), "x-Anna Lee", 0, false},
		"a constant":                            {constant("department", "Sales"), "Sales", 0, false},
		"a constant role by its label":          {constant("role", "member"), "m", 0, false},
		"an expression":                         {expr("userName", "{{firstName}}.{{lastName}}"), "Anna.Lee", 0, false},
		"a hole alone":                          {expr("userName", "{{ firstName }}"), "Anna", 0, false},
		"an expression that fails":              {expr("department", `Error("no such thing")`), "", core.ValueBad, true},
		"a time becomes a day":                  {copyRule("startDate", "startDate"), "2026-02-28", 0, false},
		"not a date":                            {copyRule("startDate", "firstName"), "Anna", core.ValueBad, false},
		"a number":                              {copyRule("seats", "employeeNumber"), "0012", 0, false},
		"not a number":                          {copyRule("seats", "firstName"), "Anna", core.ValueBad, false},
		"a word for true":                       {copyRule("vip", "custom.shoe"), "true", 0, false},
		"not a boolean":                         {copyRule("vip", "firstName"), "Anna", core.ValueBad, false},
		"not an e-mail":                         {copyRule("email", "firstName"), "Anna", core.ValueBad, false},
		"a reference passes":                    {copyRule("manager", "managerId"), "3", 0, false},
		"too long":                              {copyRule("firstName", "email"), "Anna.Lee@corp.example", core.ValueBad, false},
		"a list is measured by its values":      {copyRule("groups", "team"), "a\x1fb", 0, false},
		"a choice by its label":                 {copyRule("role", "division"), "a", 0, false},
		"none of the choices":                   {copyRule("role", "firstName"), "Anna", core.ValueBad, false},
		"empty keeps":                           {copyRule("department", "city"), "", 0, true},
		"blanks are empty":                      {copyRule("startDate", "gender"), "", 0, true},
		"absent keeps":                          {copyRule("department", "region"), "", 0, true},
		"empty clears if told":                  {core.Rule{Attribute: "department", Field: "city", Empty: core.Clear}, "", 0, false},
		"absent never clears":                   {core.Rule{Attribute: "department", Field: "region", Empty: core.Clear}, "", 0, true},
		"an expression of an absent field too":  {core.Rule{Attribute: "department", Expression: "UCase(region)", Empty: core.Clear}, "", 0, true},
		"an empty expression clears if told":    {core.Rule{Attribute: "department", Expression: "UCase(city)", Empty: core.Clear}, "", 0, false},
		"empty gets the default":                {core.Rule{Attribute: "department", Field: "city", Empty: core.Default, Default: "None"}, "None", 0, false},
		"absent gets the default too":           {core.Rule{Attribute: "department", Field: "region", Empty: core.Default, Default: "None"}, "None", 0, false},
		"given to nobody gets no default":       {core.Rule{Attribute: "department", Field: "response.gone", Empty: core.Default, Default: "None"}, "", 0, true},
		"nor in an expression":                  {core.Rule{Attribute: "department", Expression: "UCase([response.gone])", Empty: core.Default, Default: "None"}, "", 0, true},
		"a default role by its label":           {core.Rule{Attribute: "role", Field: "city", Empty: core.Default, Default: "Member"}, "m", 0, false},
		"empty is an error if told":             {core.Rule{Attribute: "department", Field: "city", Empty: core.Error}, "", core.ValueMissing, true},
		"required and empty":                    {copyRule("lastName", "city"), "", core.ValueMissing, true},
		"required is never cleared":             {core.Rule{Attribute: "lastName", Field: "city", Empty: core.Clear}, "", core.ValueMissing, true},
	} {
		t.Run(name, func(t *testing.T) {
			m := mapper(t, Input{Custom: custom})
			got, err := m.Result(anna, c.rule)
			if err != nil {
				t.Fatal(err)
			}
			flaw := core.NoReason
			if got.Flaw != nil {
				flaw = got.Flaw.Why
			}
			if got.Value != c.want || got.Kept != c.kept || flaw != c.flaw {
				t.Errorf("got %+v, flaw %v", got, got.Flaw)
			}
		})
	}
}

func TestRulesThatCannotBeFollowedAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		in   Input
		says []string
	}{
		"unknown attribute":     {Input{Rules: []core.Rule{copyRule("usrName", "email")}}, []string{"usrName", "userName"}},
		"read-only":             {Input{Rules: []core.Rule{copyRule("seen", "email")}}, []string{"Last seen"}},
		"unknown field":         {Input{Rules: []core.Rule{copyRule("email", "emial")}}, []string{"emial", "“email”"}},
		"unknown in expression": {Input{Rules: []core.Rule{expr("email", "LCase(nowhere)")}}, []string{"nowhere", "E-mail"}},
		"two rules":             {Input{Rules: []core.Rule{copyRule("email", "email"), constant("email", "x@corp.example")}}, []string{"Two rules", "E-mail"}},
		"two kinds":             {Input{Rules: []core.Rule{{Attribute: "email", Field: "email", Expression: "x"}}}, []string{"2 of field", "E-mail"}},
		"no kind":               {Input{Rules: []core.Rule{{Attribute: "email"}}}, []string{"0 of field", "E-mail"}},
		"expression":            {Input{Rules: []core.Rule{expr("email", "LCase(")}}, []string{"expression", "E-mail"}},
		"constant":              {Input{Rules: []core.Rule{constant("role", "King")}}, []string{"King", "m, a"}},
		"default":               {Input{Rules: []core.Rule{{Attribute: "email", Field: "email", Empty: core.Default, Default: "x"}}}, []string{"default", "E-mail"}},
		"default missing":       {Input{Rules: []core.Rule{{Attribute: "email", Field: "email", Empty: core.Default}}}, []string{"no default"}},
		"merge of one value":    {Input{Rules: []core.Rule{{Attribute: "email", Field: "email", Write: core.Merge}}}, []string{"list"}},
		"write word":            {Input{Rules: []core.Rule{{Attribute: "email", Field: "email", Write: "often"}}}, []string{"often"}},
		"empty word":            {Input{Rules: []core.Rule{{Attribute: "email", Field: "email", Empty: "burn"}}}, []string{"burn"}},
		"required":              {Input{Create: true, Rules: []core.Rule{copyRule("userName", "email")}}, []string{"Last name"}},
		"own field twice":       {Input{Custom: []core.Custom{{Name: "a", Path: "email"}, {Name: "a", Path: "city"}}}, []string{"“a”"}},
		"own field of itself":   {Input{Custom: []core.Custom{{Name: "a", Path: "{{a}}"}}}, []string{"“a”"}},
		"own field hides":       {Input{Custom: []core.Custom{{Name: "email", Path: "city"}}}, []string{"email"}},
		"own field, no name":    {Input{Custom: []core.Custom{{Path: "city"}}}, []string{"no name"}},
		"key":                   {Input{Keys: []core.Key{{Fields: []string{"nowhere"}, Attribute: "number"}}}, []string{"nowhere", "identifier"}},
		"key without field":     {Input{Keys: []core.Key{{Attribute: "number"}}}, []string{"number"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.in.Attributes, c.in.Fields, c.in.Now = attributes, fields, now
			_, err := Compile(c.in)
			if !core.HasCode(err, core.BadRules) {
				t.Fatalf("got %v", err)
			}
			for _, s := range c.says {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("%q is not in %q", s, err)
				}
			}
		})
	}
}

func TestLabelsShareThePlaceOfACopy(t *testing.T) {
	m := mapper(t, Input{Rules: []core.Rule{copyRule("email", "email"), copyRule("number", "employeeNumber"),
		{Attribute: "department", Field: "department", Empty: core.Default, Default: "None"}},
		Keys: []core.Key{{Fields: []string{"employeeNumber"}, Attribute: "number"}, {Fields: []string{"firstName", "lastName"}, Attribute: "userName"}, {Fields: []string{"externalId"}, Attribute: "userName"}}})
	var ids []string
	for _, f := range m.Schema().Fields() {
		ids = append(ids, f.ID)
	}
	want := []string{"email", "number", "department", "@person", "@name", "@status", "@start", "@end", "@department", "@key1"}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Fatal(diff)
	}
	d, _ := m.Desired(person("externalId", "7", "employeeNumber", "12", "firstName", "Anna", "lastName", "Lee", "email", "a@corp.example", "employmentStatus", "active", "legalEntity", "North AB"))
	for id, v := range map[string]string{"@number": "12", "@key0": "12", "@key1": "Anna Lee", "@key2": "7", "@email": "a@corp.example", "@name": "Anna Lee",
		"@department": "", "department": "None", "@status": "active", "@person": "7"} {
		if d.Value(id) != v {
			t.Errorf("%s is %q, want %q", id, d.Value(id), v)
		}
	}
	if d, _ := m.Desired(person("lastName", "Lee", "department", "")); d.Value("@key1") != "" || d.Value("@department") != "" || d.Value("department") != "None" {
		t.Error("a key with a missing part is no key, and a default is not the person's department")
	}
	for _, f := range []string{"externalId", "employmentStatus", "email", "firstName", "endDate"} {
		if !slices.Contains(m.Wants(), f) {
			t.Errorf("%s should be wanted", f)
		}
	}
}

func TestMissingNamesRequiredAttributesWithoutARule(t *testing.T) {
	m := mapper(t, Input{Rules: []core.Rule{copyRule("userName", "email")}})
	if got := m.Missing(); len(got) != 1 || got[0].ID != "lastName" {
		t.Errorf("got %v", got)
	}
}

func TestUniqueValuesAreReservedInTheOrderOfThePeople(t *testing.T) {
	taken := map[string]bool{"ann@corp.example": true}
	in := Input{Rules: []core.Rule{expr("userName", `SelectUniqueValue(LCase(firstName) + "@corp.example")`)},
		Taken: func(_, v string) bool { return taken[strings.ToLower(v)] }}
	m := mapper(t, in)
	people := []core.Person{person("externalId", "1", "firstName", "Ann"), person("externalId", "2", "firstName", "ANN"), person("externalId", "3", "firstName", "Bo")}
	want := []string{"ann2@corp.example", "ann3@corp.example", "bo@corp.example"}
	for range 2 { // the second time gives everybody their own again
		for i, p := range people {
			if d, flaws := m.Clone().Desired(p); d.Value("userName") != want[i] || len(flaws) > 0 {
				t.Errorf("%d: got %q, %v", i, d.Value("userName"), flaws)
			}
		}
	}
	nobody := mapper(t, in)
	for _, v := range []string{"cy@corp.example", "cy2@corp.example"} {
		if d, _ := nobody.Desired(person("firstName", "Cy")); d.Value("userName") != v {
			t.Errorf("two people without an id are two: got %q, want %q", d.Value("userName"), v)
		}
	}
	fresh := mapper(t, in)
	fresh.Reserve("userName", "BO@corp.example", "99")
	if r, _ := fresh.Result(people[2], in.Rules[0]); r.Value != "bo2@corp.example" {
		t.Errorf("a reserved value was given away: %q", r.Value)
	}
	if d, _ := fresh.Desired(people[1]); d.Value("userName") != "ann2@corp.example" {
		t.Errorf("looking at a result should reserve nothing: %q", d.Value("userName"))
	}
}

func TestNumberOfAUniqueValueFitsTheAttribute(t *testing.T) {
	in := Input{Rules: []core.Rule{expr("userName", `SelectUniqueValue(Left("annabella.papadopoulos", 20))`)}, Attributes: []core.Attribute{{ID: "userName", MaxLength: 20}}}
	m := mapper(t, in)
	for n := range 10 {
		want := "annabella.papadopoul"
		if n > 0 {
			want = fmt.Sprintf("%s%d", want[:20-len(fmt.Sprint(n+1))], n+1)
		}
		if d, flaws := m.Desired(person("externalId", fmt.Sprint(n))); d.Value("userName") != want || len(flaws) > 0 {
			t.Errorf("%d: got %q, %v, want %q", n, d.Value("userName"), flaws, want)
		}
	}
}

func TestRandomValuesFollowTheSeed(t *testing.T) {
	in := Input{Rules: []core.Rule{expr("department", "Guid()")}}
	value := func(seed byte, id string) string {
		in.Seed = [32]byte{seed}
		d, _ := mapper(t, in).Desired(person("externalId", id))
		return d.Value("department")
	}
	if first := value(1, "a"); first != value(1, "a") || first == value(2, "a") || first == value(1, "b") || first == "" {
		t.Error("one seed and person should give one value, others another")
	}
}

func TestProblemsAreCountedWithExamples(t *testing.T) {
	m := mapper(t, Input{Rules: []core.Rule{copyRule("userName", "email"), copyRule("firstName", "firstName"), copyRule("email", "personalEmail"), expr("department", `IIF(city = "x", Error("no"), city)`)}})
	people := []core.Person{
		person("externalId", "1", "email", "a@corp.example", "firstName", "Ann", "personalEmail", "x", "city", "x"),
		person("externalId", "2", "email", "A@corp.example", "firstName", "Annabella"),
		person("externalId", "3", "email", "a@CORP.example", "firstName", "", "city", "Oslo"),
		person("externalId", "4", "email", "d@corp.example", "firstName", "Dan"),
	}
	got := m.Problems(slices.Values(people))
	want := []Problems{
		{Attribute: "userName", Filled: 4, Duplicate: Count{3, []string{"1", "2", "3"}}},
		{Attribute: "firstName", Filled: 3, Empty: Count{1, []string{"3"}}, TooLong: Count{1, []string{"2"}}},
		{Attribute: "email", Filled: 1, Empty: Count{3, []string{"2", "3", "4"}}, Bad: Count{1, []string{"1"}}},
		{Attribute: "department", Filled: 1, Empty: Count{2, []string{"2", "4"}}, Bad: Count{1, []string{"1"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMapperFollowsAChangeOfSchema(t *testing.T) {
	m := mapper(t, Input{Rules: []core.Rule{copyRule("number", "employeeNumber"), expr("department", "UCase(city)")}})
	other := core.NewPacker(core.NewSchema([]core.Field{{ID: "city"}, {ID: "employeeNumber"}}))
	other.Put("employeeNumber", "5")
	other.Put("city", "Oslo")
	for _, p := range []core.Person{person("employeeNumber", "5", "city", "Oslo"), {Record: other.Pack()}} {
		if d, _ := m.Desired(p); d.Value("number") != "5" || d.Value("department") != "OSLO" {
			t.Errorf("got %v", d.Map())
		}
	}
}

func TestCopiesAreWhatTheSourceGave(t *testing.T) {
	rules := []core.Rule{copyRule("number", "employeeNumber"), copyRule("department", "department"), copyRule("manager", "managerId"), copyRule("userName", "email")}
	m := mapper(t, Input{Rules: rules})
	rapid.Check(t, func(t *rapid.T) {
		values := map[string]string{}
		for _, f := range []string{"employeeNumber", "department", "managerId", "email"} {
			if rapid.Bool().Draw(t, "stated") {
				values[f] = rapid.String().Draw(t, f)
			}
		}
		pack := core.NewPacker(schema)
		for f := range maps.Keys(values) {
			pack.Put(f, values[f])
		}
		d, _ := m.Desired(core.Person{Record: pack.Pack()})
		for _, r := range rules {
			want := values[r.Field]
			if strings.TrimSpace(want) == "" {
				want = ""
			}
			if got, stated := d.Get(r.Attribute); got != want || stated != (want != "") {
				t.Fatalf("%s: got %q, %v of %q", r.Attribute, got, stated, values[r.Field])
			}
		}
	})
}

func FuzzDatesAreThoseOfTheCalendar(f *testing.F) {
	f.Add("2026-02-29")
	f.Add("2024-02-29T00:00")
	f.Fuzz(func(t *testing.T, v string) {
		day, detail := date(v)
		_, err := time.Parse(time.DateOnly, v[:min(len(v), len(time.DateOnly))])
		if detail == "" && (err != nil || !strings.HasPrefix(v, day)) || detail != "" && err == nil && len(v) == len(day) && len(v) == len(time.DateOnly) {
			t.Errorf("%q: %q, %q, %v", v, day, detail, err)
		}
	})
}

func FuzzChecksNeverPanic(f *testing.F) {
	f.Add("a@b")
	f.Add("\x1f\xff")
	f.Fuzz(func(t *testing.T, v string) {
		for _, a := range attributes {
			c := newCheck(a)
			if good, what, detail := c.value(v); (what == 0) != (detail == "") || what == 0 && good == "" && v != "" && c.choices == nil && a.Kind == core.Text {
				t.Errorf("%s: %q, %v, %q", a.ID, good, what, detail)
			}
		}
	})
}

func BenchmarkTwelveCopies(b *testing.B) {
	var rules []core.Rule
	var target []core.Attribute
	for i, f := range []string{"email", "firstName", "lastName", "displayName", "employeeNumber", "jobTitle", "department", "city", "country", "workPhone", "managerId", "startDate"} {
		target = append(target, core.Attribute{ID: f, Kind: fields[schema.Index(f)].Kind, MaxLength: 128 * (i % 2)})
		rules = append(rules, copyRule(f, f))
	}
	m := mapper(b, Input{Attributes: target, Rules: rules, Keys: []core.Key{{Fields: []string{"employeeNumber"}, Attribute: "employeeNumber"}}})
	p := person("externalId", "e-100012", "employeeNumber", "100012", "firstName", "Anna", "lastName", "Lindqvist", "displayName", "Anna Lindqvist", "email", "anna.lindqvist@corp.example",
		"jobTitle", "Software engineer", "department", "Research and development", "city", "Stockholm", "country", "SE", "workPhone", "+46 8 123 456", "managerId", "100003",
		"startDate", "2019-03-01", "employmentStatus", "active", "legalEntity", "North AB")
	b.ReportAllocs()
	for b.Loop() {
		if _, flaws := m.Desired(p); len(flaws) > 0 {
			b.Fatal(flaws)
		}
	}
}

package filter

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"rollcall/core"
)

var (
	schema = core.NewSchema(append(slices.Clone(core.Canonical), core.Field{ID: "custom.skills", Kind: core.List}, core.Field{ID: "custom.fte", Kind: core.Number}))
	today  = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
)

func person(pairs ...string) core.Person {
	p := core.NewPacker(schema)
	for i := 0; i < len(pairs); i += 2 {
		p.Put(pairs[i], pairs[i+1])
	}
	return core.Person{Record: p.Pack()}
}

func asks(field, operator string, values ...string) core.Filter {
	return core.Filter{Conditions: []core.Condition{{Field: field, Operator: operator, Values: values}}}
}

func TestOperatorsCompareAsTheirNamesSay(t *testing.T) {
	p := person("department", "Sales", "city", "Zürich", "startDate", "2026-11-20", "custom.fte", "0.80",
		"custom.skills", core.JoinList([]string{"Go", "SQL"}), "jobTitle", "Straße", "lastName", "Zoe\u0308", "gender", " ")
	for _, c := range []struct {
		field, operator string
		values          string
		want            bool
	}{
		{"department", Is, "sales", true}, {"department", Is, "Sale", false}, {"department", IsNot, "SALES", false},
		{"team", IsNot, "x", true}, {"team", Is, "", true}, {"lastName", Is, "ZOË", true}, {"jobTitle", Is, "STRASSE", true},
		{"department", Contains, "ALE", true}, {"department", ContainsNot, "ale", false}, {"city", Contains, "ÜR", true},
		{"department", StartsWith, "sa", true}, {"department", EndsWith, "es", true}, {"department", EndsWith, "sa", false},
		{"department", IsOneOf, "HR|sales", true}, {"department", IsNoneOf, "HR|sales", false}, {"team", IsOneOf, "a|b", false},
		{"department", Matches, "^s.*s$", true}, {"department", Matches, "^x", false},
		{"custom.fte", Equal, "0.8", true}, {"custom.fte", NotEqual, "1", true}, {"custom.fte", "!=", "0.8", false},
		{"custom.fte", Less, "0.8", false}, {"custom.fte", AtMost, "0.8", true}, {"custom.fte", "<=", "0.7", false},
		{"custom.fte", Greater, "0.5", true}, {"custom.fte", Greater, "0.8", false}, {"custom.fte", AtLeast, "0.8", true},
		{"custom.fte", Between, "1|0.5", true}, {"department", Less, "5", false},
		{"startDate", Is, "2026-11-20", true}, {"startDate", Before, "2026-11-20", false}, {"startDate", OnOrBefore, "2026-11-20", true},
		{"startDate", After, "2026-11-19", true}, {"startDate", OnOrAfter, "2026-11-21", false}, {"startDate", Between, "2026-11-01|2026-11-20", true},
		{"startDate", InTheLast, "2", true}, {"startDate", InTheLast, "1", false}, {"startDate", InTheNext, "30", false}, {"startDate", IsToday, "", false},
		{"endDate", Before, "2030-01-01", false}, {"endDate", InTheNext, "3", false},
		{"custom.skills", Has, "go", true}, {"custom.skills", HasNoneOf, "Go|Rust", false}, {"custom.skills", HasNoneOf, "Rust", true},
		{"custom.skills", HasAllOf, "sql|go", true}, {"custom.skills", HasAllOf, "sql|Rust", false}, {"custom.skills", Is, "SQL", true}, {"custom.skills", IsNot, "SQL", false},
		{"gender", IsEmpty, "", true}, {"department", IsEmpty, "", false}, {"department", IsNotEmpty, "", true}, {"nowhere", IsNotEmpty, "", false},
	} {
		t.Run(c.field+" "+c.operator+" "+c.values, func(t *testing.T) {
			var values []string
			if w, _ := wordingOf(c.operator); w.Values != None {
				values = strings.Split(c.values, "|")
			}
			s, err := Compile(asks(c.field, c.operator, values...), nil, today)
			if err != nil {
				t.Fatal(err)
			}
			if ok, _, _ := s.Keep(p); ok != c.want {
				t.Errorf("got %v", ok)
			}
		})
	}
}

func TestGroupsNestAndSayWhatFailed(t *testing.T) {
	sales, hr := asks("department", Is, "Sales"), asks("department", Is, "HR")
	norway := asks("country", Is, "NO")
	for name, c := range map[string]struct {
		filter core.Filter
		detail string
	}{
		"no filter keeps":          {core.Filter{}, ""},
		"not of nothing keeps":     {core.Filter{Not: true}, ""},
		"any of nothing keeps":     {core.Filter{Any: true}, ""},
		"all, second fails":        {core.Filter{Groups: []core.Filter{sales, norway}}, "Country is not NO"},
		"any, one holds":           {core.Filter{Any: true, Groups: []core.Filter{hr, sales}}, ""},
		"any, none holds":          {core.Filter{Any: true, Groups: []core.Filter{hr, norway}}, "None of these holds: (Department is HR) or (Country is NO)"},
		"not":                      {core.Filter{Not: true, Conditions: sales.Conditions}, "Ruled out: Department is Sales"},
		"not of what fails, keeps": {core.Filter{Not: true, Conditions: hr.Conditions}, ""},
		"condition with inner any": {core.Filter{Conditions: sales.Conditions, Groups: []core.Filter{{Any: true, Conditions: []core.Condition{hr.Conditions[0], norway.Conditions[0]}}}}, "None of these holds: Department is HR or Country is NO"},
		"not any":                  {core.Filter{Any: true, Not: true, Groups: []core.Filter{hr, sales}}, "Ruled out: (Department is HR) or (Department is Sales)"},
		"many values are cut":      {asks("city", IsOneOf, "a", "b", "c", "d", "e", "f", "g"), "City is none of a, b, c, d, e and 2 more"},
		"days":                     {asks("startDate", InTheNext, "14"), "Start date is not in the next 14 days"},
		"between":                  {asks("custom.fte", Between, "1", "2"), "custom.fte is not between 1 and 2"},
		"a list":                   {asks("custom.skills", HasNoneOf, "Go"), "custom.skills has one of Go"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Compile(c.filter, nil, today)
			if err != nil {
				t.Fatal(err)
			}
			ok, why, detail := s.Keep(person("department", "Sales", "country", "SE", "custom.skills", "Go"))
			if ok != (c.detail == "") || detail != c.detail || (why == core.FilteredOut) == ok {
				t.Errorf("got %v, %v, %q", ok, why, detail)
			}
		})
	}
}

func TestOtherLegalEntityHasItsOwnReason(t *testing.T) {
	s, err := Compile(asks("department", Is, "HR"), []string{"North AB", "North Ltd"}, today)
	if err != nil {
		t.Fatal(err)
	}
	ok, why, detail := s.Keep(person("legalEntity", "South SL", "department", "HR"))
	if ok || why != core.WrongEntity || detail != "Legal entity is none of North AB, North Ltd" {
		t.Errorf("got %v, %v, %q", ok, why, detail)
	}
	if ok, _, _ := s.Keep(person("legalEntity", "north ab", "department", "HR")); !ok {
		t.Error("case should not matter")
	}
}

func TestWrongConditionsAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		filter core.Filter
		says   string
	}{
		"no field":            {asks("", Is, "x"), "names no field"},
		"operator":            {asks("department", "resembles", "x"), "“resembles”"},
		"no value":            {asks("department", Is), "Department is” needs one value"},
		"too many values":     {asks("department", IsEmpty, "x"), "needs no value"},
		"one bound":           {asks("custom.fte", Between, "1"), "two values"},
		"empty list":          {asks("department", IsOneOf), "at least one value"},
		"pattern":             {asks("department", Matches, "(?=x)"), "pattern cannot be read"},
		"number":              {asks("custom.fte", Less, "NaN"), "“NaN” is not a number"},
		"date":                {asks("startDate", Before, "1.2.2026"), "“1.2.2026” is not a date"},
		"days":                {asks("startDate", InTheLast, "-1"), "“-1” is no number of days"},
		"nothing to look for": {asks("department", Contains, " "), "missing"},
		"deep inside":         {core.Filter{Groups: []core.Filter{{Groups: []core.Filter{asks("city", "x", "y")}}}}, "City"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Compile(c.filter, nil, today)
			if !core.HasCode(err, core.BadRules) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %q in it", err, c.says)
			}
		})
	}
}

func TestUnknownFieldIsRefusedWithTheNearestName(t *testing.T) {
	err := Check(core.Filter{Groups: []core.Filter{asks("departmant", Is, "x")}}, core.Canonical)
	if !core.HasCode(err, core.BadRules) || !strings.Contains(err.Error(), `"departmant"`) || !strings.Contains(err.Error(), `"department"`) {
		t.Errorf("got %v", err)
	}
	if err := Check(asks("response.work.email", Is, "x"), core.Canonical); err != nil {
		t.Errorf("a path should pass: %v", err)
	}
	if err := Check(asks("city", Is, "x"), core.Canonical); err != nil {
		t.Errorf("a field of the source should pass: %v", err)
	}
}

func TestEveryOfferedOperatorCompiles(t *testing.T) {
	for kind := core.Text; kind <= core.Reference; kind++ {
		for _, op := range Operators(kind) {
			value := "true"
			switch kind {
			case core.Date:
				value = "2026-01-02"
			case core.Number:
				value = "3"
			}
			if op.ID == InTheLast || op.ID == InTheNext {
				value = "3"
			}
			values := map[string][]string{None: nil, One: {value}, Two: {value, value}, Many: {value}}[op.Values]
			if _, err := Compile(asks("city", op.ID, values...), nil, today); err != nil {
				t.Errorf("%s: %v", kind, err)
			}
		}
	}
}

func TestKeptPassesErrorsOnAndStopsWhenAsked(t *testing.T) {
	torn := errors.New("torn")
	people := iter.Seq2[core.Person, error](func(yield func(core.Person, error) bool) {
		_ = yield(person("department", "HR"), nil) && yield(person("department", "Sales"), nil) && yield(core.Person{}, torn)
	})
	s, err := Compile(asks("department", Is, "Sales"), nil, today)
	if err != nil {
		t.Fatal(err)
	}
	kept, skipped, last := 0, 0, error(nil)
	for _, err := range Kept(people, s, func(core.Person, core.Reason, string) { skipped++ }) {
		if last = err; err == nil {
			kept++
		}
	}
	if kept != 1 || skipped != 1 || last != torn {
		t.Errorf("kept %d, skipped %d, error %v", kept, skipped, last)
	}
	for range Kept(people, s, nil) {
		break
	}
}

func TestSieveFollowsAChangeOfSchema(t *testing.T) {
	s, err := Compile(asks("department", Is, "Sales"), nil, today)
	if err != nil {
		t.Fatal(err)
	}
	other := core.NewPacker(core.NewSchema([]core.Field{{ID: "x"}, {ID: "department"}}))
	other.Put("department", "Sales")
	for _, p := range []core.Person{person("department", "Sales"), {Record: other.Pack()}} {
		if ok, _, _ := s.Keep(p); !ok {
			t.Error("should be kept")
		}
	}
}

func FuzzNoValueMakesAComparisonPanic(f *testing.F) {
	f.Add(Matches, "a+", "aaa")
	f.Add(Between, "1", "İ\x1f\xff")
	f.Fuzz(func(_ *testing.T, operator, wanted, value string) {
		for _, values := range [][]string{{}, {wanted}, {wanted, wanted}} {
			if s, err := Compile(asks("city", operator, values...), nil, today); err == nil {
				s.Keep(person("city", value))
			}
		}
	})
}

func BenchmarkTwoConditions(b *testing.B) {
	s, err := Compile(core.Filter{Conditions: []core.Condition{
		{Field: "department", Operator: IsOneOf, Values: []string{"Sales", "Marketing", "Research and Development"}},
		{Field: "employmentStatus", Operator: IsNot, Values: []string{"terminated"}}}}, nil, today)
	if err != nil {
		b.Fatal(err)
	}
	p := person("department", "Research and Development", "employmentStatus", "active", "firstName", "Anna", "city", "Göteborg")
	b.ReportAllocs()
	for b.Loop() {
		s.Keep(p)
	}
}

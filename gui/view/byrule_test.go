package view

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rollcall/core"
)

// aValue draws values that rules can name, the awkward ones among them.
func aValue() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Za-zäß \\"'{}(),=$.-]{1,12}`), rapid.SampledFrom([]string{`C:\new`, `say "hi"`, "a, b", "null", "{x", "OU=Sales,DC=corp", "'", `\`, "a\nb", "}}"})).
		Filter(RuleValue)
}

func aField() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom([]string{"department", "custom.shirt", "Salary (EUR)", "Cost centre", "response.work.site", "country"}), rapid.StringMatching(`[A-Za-z #:/()-]{1,10}`)).Filter(RuleField)
}

func someRules(t *rapid.T) ByRule {
	r := ByRule{Many: rapid.Bool().Draw(t, "many")}
	give := rapid.SliceOfN(aValue(), 1, 1)
	if r.Many {
		give = rapid.SliceOfN(aValue(), 1, 4)
	}
	for range rapid.IntRange(1, 5).Draw(t, "rules") {
		w := WhenRule{Field: aField().Draw(t, "field"), Give: give.Draw(t, "give")}
		if rapid.Bool().Draw(t, "valued") {
			w.Value = aValue().Draw(t, "value")
		}
		if r.Many && rapid.IntRange(0, 4).Draw(t, "everybody") == 0 {
			w.Field, w.Value = "", ""
		}
		r.Rules = append(r.Rules, w)
	}
	if rapid.Bool().Draw(t, "otherwise") {
		r.Otherwise = give.Draw(t, "else")
	}
	return r
}

func TestRulesAreReadBackAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := someRules(t)
		source := r.Expression()
		got, ok := ReadByRule(source)
		if !ok || got.Expression() != source || len(got.Rules) != len(r.Rules) {
			t.Fatalf("%s\nwas read as %+v, %v", source, got, ok)
		}
		for i := range r.Rules {
			if got.Rules[i].Field != r.Rules[i].Field || got.Rules[i].Value != r.Rules[i].Value || !slices.Equal(got.Rules[i].Give, r.Rules[i].Give) {
				t.Fatalf("rule %d: %+v, wanted %+v", i, got.Rules[i], r.Rules[i])
			}
		}
		if !slices.Equal(got.Otherwise, r.Otherwise) {
			t.Fatalf("otherwise %q", got.Otherwise)
		}
	})
}

// given is what the rules say for a person, worked out without the expression.
func given(r ByRule, value func(field string) string) string {
	var all []string
	for _, w := range r.Rules {
		if w.Field != "" && value(w.Field) != w.Value {
			continue
		}
		if !r.Many {
			return w.Give[0]
		}
		for _, v := range w.Give {
			if !slices.Contains(all, v) {
				all = append(all, v)
			}
		}
	}
	if len(all) == 0 {
		for _, v := range r.Otherwise {
			if !slices.Contains(all, v) || len(r.Otherwise) == 1 {
				all = append(all, v)
			}
		}
	}
	return core.JoinList(all)
}

func TestRulesGiveWhatTheySay(t *testing.T) {
	departments := []string{"Sales", "IT", "sales", "", `R&D "lab"`}
	rapid.Check(t, func(t *rapid.T) {
		pack := core.NewPacker(core.NewSchema([]core.Field{{ID: "externalId"}, {ID: "department"}, {ID: "country"}}))
		person := map[string]string{"department": rapid.SampledFrom(departments).Draw(t, "department"), "country": rapid.SampledFrom([]string{"DE", "SE"}).Draw(t, "country")}
		pack.Put("externalId", "1")
		for id, v := range person {
			pack.Put(id, v)
		}
		attribute := core.Attribute{ID: "g"}
		r := ByRule{Many: rapid.Bool().Draw(t, "many")}
		most := 1
		if r.Many {
			attribute.Kind, most = core.List, 3
		}
		groups := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"All staff", "Sales", "VPN", `C:\x`, "EMEA, north"}), 1, most, rapid.ID)
		for range rapid.IntRange(1, 4).Draw(t, "rules") {
			field := rapid.SampledFrom([]string{"department", "country"}).Draw(t, "field")
			r.Rules = append(r.Rules, WhenRule{Field: field, Value: rapid.SampledFrom(append(departments, "DE", "SE")).Draw(t, "value"), Give: groups.Draw(t, "give")})
		}
		if rapid.Bool().Draw(t, "otherwise") {
			r.Otherwise = groups.Draw(t, "else")
		}
		b := NewMapping(Material{Attributes: []core.Attribute{attribute}, Fields: []core.Field{{ID: "department"}, {ID: "country"}}, People: []core.Person{{Record: pack.Pack()}}}, core.Setup{}, testNow)
		got, _, err := b.Try(core.Rule{Attribute: "g", Expression: r.Expression()})
		want := core.ShowValue(given(r, func(field string) string { return person[field] }))
		if err != nil || got != want {
			t.Fatalf("%s\nfor %v gives %q, %v; wanted %q", r.Expression(), person, got, err, want)
		}
	})
}

func TestOtherExpressionsAreNoRules(t *testing.T) {
	for _, source := range []string{"", `Lower(email)`, `Cases({{department}} = "Sales", "x", `, `Cases({{department}} = "Sales", "{{country}}")`, `Cases({{department}} = "Sales",  "x")`,
		`Cases({{department}} <> "Sales", "x")`, `Cases("x")`, `RemoveDuplicates(Flatten())`, `RemoveDuplicates(Flatten(List()))`, `Cases(department = "Sales", "x")`, `With($given, List("a"), $given)`,
		`Cases({{department}} = "Sales", "x") + "y"`} {
		if r, ok := ReadByRule(source); ok {
			t.Errorf("%s is read as %+v", source, r)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		source := someRules(t).Expression()
		at := rapid.IntRange(0, len(source)-1).Draw(t, "at")
		bent := source[:at] + rapid.StringMatching(`[a-z"(),{}]{0,2}`).Draw(t, "with") + source[at+1:]
		if r, ok := ReadByRule(bent); ok && r.Expression() != strings.TrimSpace(bent) {
			t.Fatalf("%s\nis read as %s", bent, r.Expression())
		}
	})
}

func TestRulesSayWhatIsWrongWithThem(t *testing.T) {
	b := testBoard()
	b.Material.Target.Name = "Directory Cloud"
	a := core.Attribute{ID: "role", Choices: []core.Choice{{Value: "m", Label: "Member"}}}
	r := ByRule{Rules: []WhenRule{{Field: "firstName", Value: "Zoë", Give: []string{"m"}}, {Field: "firstName", Value: "Zoë", Give: []string{"m"}}, {Field: "firstName", Value: "Luca", Give: []string{"gone"}}, {Field: "old", Value: "x", Give: []string{"m"}}}}
	got := b.Troubles(a, r)
	want := []string{"", "Rule 1 says the same and comes first.", "“gone” is no longer among the choices of Directory Cloud.", "The source has no field “old” any more."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if gaps := (ByRule{Rules: []WhenRule{{}, {Field: "x"}}}).Gaps(); len(gaps) != 2 || (ByRule{}).Whole() {
		t.Errorf("gaps %q", gaps)
	}
	if got := r.Summary(b.FieldLabel); got != "4 rules of First name and old" {
		t.Error(got)
	}
	if v := b.ValuesOf("firstName"); len(v) < 2 || v[0].People < v[1].People {
		t.Errorf("%+v", v)
	}
}

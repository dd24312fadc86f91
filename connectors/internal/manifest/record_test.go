package manifest

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"rollcall/core"
)

func TestValuesBecomeCanonicalText(t *testing.T) {
	for raw, want := range map[string]string{
		`null`: "", `"  "`: "", `" a\r\n"`: "a", `0`: "0", `false`: "false", `40.0`: "40", `37.5`: "37.5", `9007199254740993`: "9007199254740993",
		`"007"`: "007", `["a",null," b "]`: "a, b", `[]`: "", `1e3`: "1000", `{"a":1}`: `{"a":1}`, `-2.0`: "-2",
	} {
		v, err := read(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := Text(v); got != want {
			t.Errorf("%s gives %q, and should give %q", raw, got, want)
		}
	}
}

func TestDaysAreTakenAsTheyWereWritten(t *testing.T) {
	for text, want := range map[string]string{
		"2020-02-29": "2020-02-29", "1893-04-01T00:00:00+00:53": "1893-04-01", "2018-04-01T23:30:00-05:00": "2018-04-01",
		"0000-00-00": "", "0000-00-00 00:00:00": "", "": "", "2020-14-01": "2020-14-01", "soon": "soon", "31.12.2020": "31.12.2020",
	} {
		if got := Day(text); got != want {
			t.Errorf("%q gives %q, and should give %q", text, got, want)
		}
	}
	if Before("soon", "2026-01-01") || Before("2025-13-01", "2026-01-01") || !Before("2025-12-31", "2026-01-01") {
		t.Error("only days can be compared")
	}
}

func FuzzRecordsNeverPanic(f *testing.F) {
	f.Add(`{"a":[{"b":"2020-02-29"}]}`, "a[0].b")
	f.Add(`[1,2]`, "..")
	f.Fuzz(func(t *testing.T, raw, path string) {
		v, err := read(raw)
		if err != nil {
			return
		}
		found, _ := At(v, path)
		if text := Text(found); strings.TrimSpace(text) != text && !strings.HasPrefix(text, "{") {
			t.Errorf("%q is not trimmed", text)
		}
		_ = Day(Text(found))
	})
}

func TestPartOfARowIsWhatIsNeeded(t *testing.T) {
	p := Pull{Want: core.Want{Fields: []string{"email"}}, needs: needs{"work": true, "id": true}}
	got := p.Row([]byte(`{"id":1,"other":[{}],"work":{"email":"a@b"},"work.phone":null}`))
	if want := (map[string]any{"id": json.Number("1"), "work": map[string]any{"email": "a@b"}, "work.phone": nil}); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, and not %v", got, want)
	}
	if whole, ok := (Pull{}).Row([]byte(`{"id":1,"other":2}`)).(map[string]any); !ok || len(whole) != 2 {
		t.Errorf("where everything is wanted, %v is kept", whole)
	}
}

// read reads one JSON value as the client does.

func read(raw string) (v any, err error) {
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}

func TestObjectIsNoValueOfAField(t *testing.T) {
	m := &Manifest{People: People{Fields: map[string]From{"department": {Paths: []string{"unit.name", "unit"}}}}}
	for raw, want := range map[string]string{`{"unit":"Sales"}`: "Sales", `{"unit":{"name":"Sales"}}`: "Sales", `{"unit":{"id":7}}`: ""} {
		v, err := read(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Value("department", v); got != want {
			t.Errorf("%s gives %q, and should give %q", raw, got, want)
		}
	}
}

func TestStarStandsForEveryElementOfAList(t *testing.T) {
	for raw, want := range map[string]string{`{"teams":[{"name":"A"},{"id":1},{"name":"B"}]}`: "A, B", `{"teams":[]}`: "", `{"teams":null}`: "", `{}`: ""} {
		v, err := read(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := At(v, "teams.*.name"); Text(got) != want {
			t.Errorf("%s gives %q, and should give %q", raw, Text(got), want)
		}
	}
}

func TestNameMayHavePoints(t *testing.T) {
	v, err := read(`{"@odata.count":6,"a":{"b.c":[7]}}`)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"@odata.count": "6", "a.b.c": "7", "a.b": "", "a.b.c.0": ""} {
		if got := TextAt(v, path); got != want {
			t.Errorf("at %s stands %q, and should stand %q", path, got, want)
		}
	}
}

func TestChosenIsTheFirstThatHasAValue(t *testing.T) {
	m := &Manifest{People: People{
		Choose: map[string]Choose{"work": {From: "mails", Where: []map[string]string{{"of": "Firm"}}, Given: "at", Strict: true}},
		Select: &Select{Sep: ","}, Fields: map[string]From{"externalId": {Paths: []string{"id"}}, "email": {Paths: []string{"work.at"}}},
	}}
	v, err := read(`{"mails":[{"of":"firm","at":""},{"of":"own","at":"o@corp.example"},{"of":"firm","at":"f@corp.example"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	m.choose(v.(map[string]any), "2026-11-22")
	if got := m.Value("email", v); got != "f@corp.example" {
		t.Errorf("chosen is %q", got)
	}
	if got := m.selected(nil); got != "id,mails" {
		t.Errorf("asked for is %q", got)
	}
}

package expression

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"rollcall/core"
)

var update = flag.Bool("update", false, "write the golden files anew")

// person is the sample person of the tests. Null fields are left out.
var person = map[string]string{
	"firstName": "Anna", "lastName": "Lee", "title": "", "department": "Sales", "employeeNumber": "00123", "age": "42",
	"custom.costUnit": "4711", "response.work.email": "anna@corp.example", "Work E-mail": "anna@corp.example", "Salary (EUR)": "1",
	"groups": "a" + core.ListSeparator + "b", "startDate": "2026-01-01", "endDate": "", "active": "yes", "response.emails[0].value": "first@corp.example",
	"Manager's name": "Boss",
}

func sampleContext() Context {
	taken := map[string]bool{"taken@corp.example": true, "TAKEN": true}
	return Context{
		Field:     func(name string) (string, bool) { s, ok := person[name]; return s, ok },
		Now:       time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC),
		Random:    rand.NewChaCha8([32]byte{}),
		Attribute: "mail",
		Taken:     func(_, value string) bool { return taken[value] },
		Current:   func(a string) (string, bool) { s, ok := map[string]string{"title": "Engineer"}[a]; return s, ok },
		Previous:  func(f string) (string, bool) { s, ok := map[string]string{"department": "Support"}[f]; return s, ok },
		Lookup: func(table, key string) (string, bool) {
			s, ok := map[string]string{"costCentres/4711": "Sales"}[table+"/"+key]
			return s, ok
		},
		Person: func(id, field string) (string, bool) {
			s, ok := map[string]string{"E1/email": "boss@corp.example"}[id+"/"+field]
			return s, ok
		},
		Manager: func(field string) (string, bool) {
			s, ok := map[string]string{"email": "boss@corp.example"}[field]
			return s, ok
		},
		InGroup: func(group, mode string) bool {
			return group == "g1" && mode == "id" || mode == "startsWith" && strings.HasPrefix("Sales", group)
		},
		Sequence:      func(string) int64 { return 7 },
		DefaultDomain: "corp.example",
	}
}

// row is one line of a table: what an expression gives. null stands for no value, and a
// want that begins with ! for an error with those words.
type row struct{ source, want string }

const null = "«null»"

func check(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		got := result(r.source)
		if words, isError := strings.CutPrefix(r.want, "!"); isError {
			if !strings.HasPrefix(got, "!") || !strings.Contains(got, words) {
				t.Errorf("%s\n got %s\nwant an error with %q", r.source, got, words)
			}
			continue
		}
		if got != r.want {
			t.Errorf("%s\n got %q\nwant %q", r.source, got, r.want)
		}
	}
}

func result(source string) string {
	p, err := Compile(source)
	if err != nil {
		return "!" + err.Error()
	}
	v, err := p.Eval(sampleContext())
	switch {
	case err != nil:
		return "!" + err.Error()
	case v.IsNull():
		return null
	}
	return v.Text()
}

func TestFieldsAreReadInEveryStyle(t *testing.T) {
	check(t, []row{
		{`{{firstName}}`, "Anna"},
		{`{{ firstName }}`, "Anna"},
		{`[firstName]`, "Anna"},
		{`firstName`, "Anna"},
		{`user.firstName`, "Anna"},
		{`user.profile.firstName`, "Anna"},
		{`source.firstName`, "Anna"},
		{`{{user.firstName}}`, "Anna"},
		{`custom.costUnit`, "4711"},
		{`{{response.work.email}}`, "anna@corp.example"},
		{`{{response.emails[0].value}}`, "first@corp.example"},
		{`[Work E-mail]`, "anna@corp.example"},
		{`{{Work E-mail}}`, "anna@corp.example"},
		{`{{Salary (EUR)}}`, "1"},
		{`{{Manager's name}}`, "Boss"},
		{`Trim([Work E-mail])`, "anna@corp.example"},
		{`{{absent}}`, null},
		{`groups[1]`, "b"},
		{`{1, 2, 3}[0]`, "1"},
		{`Manager.email`, "boss@corp.example"},
		{`{{Manager.email}}`, "boss@corp.example"},
		{`Target.title`, "Engineer"},
		{`LookupPerson("E1").email`, "boss@corp.example"},
		{`firstName.toUpperCase()`, "ANNA"},
		{`String.substring(firstName, 0, 2)`, "An"},
	})
}

func TestTemplatesAndExpressionsAreToldApart(t *testing.T) {
	check(t, []row{
		{`{{firstName}}.{{lastName}}@corp.example`, "Anna.Lee@corp.example"},
		{`{{firstName}} {{lastName}}`, "Anna Lee"},
		{`{{firstName}}-{{lastName}}`, "Anna-Lee"},
		{`{{firstName}}.{{lastName}}`, "Anna.Lee"},
		{`{{firstName}}/{{lastName}}`, "Anna/Lee"},
		{`{{firstName}}: {{lastName}}`, "Anna: Lee"},
		{`{{lastName}}, {{firstName}}`, "Lee, Anna"},
		{`{{Trim(lastName)}}, {{firstName}}`, "Lee, Anna"},
		{`{{Left(firstName, 1) + "."}} {{lastName}}`, "A. Lee"},
		{`({{firstName}})`, "(Anna)"},
		{`{{firstName}} ({{lastName}})`, "Anna (Lee)"},
		{`{{firstName}} [{{lastName}}]`, "Anna [Lee]"},
		{`CN={{firstName}}`, "CN=Anna"},
		{`CN={{firstName}},OU={{department}}`, "CN=Anna,OU=Sales"},
		{`{{firstName}} <{{response.work.email}}>`, "Anna <anna@corp.example>"},
		{`https://corp.example/{{employeeNumber}}`, "https://corp.example/00123"},
		{`{{firstName}}'s desk`, "Anna's desk"},
		{`Team ({{department}})`, "Team (Sales)"},
		{`E{{employeeNumber}}`, "E00123"},
		{`{{firstName}} and friends`, "Anna and friends"},
		{`{{firstName}} "Ann" {{lastName}}`, `Anna "Ann" Lee`},
		{`Lower({{firstName}})`, "anna"},
		{`{{firstName}} + " " + {{lastName}}`, "Anna Lee"},
		{`{{firstName}} & "." & {{lastName}}`, "Anna.Lee"},
		{`{{firstName}} + {{lastName}}`, "AnnaLee"},
		{`{{title}} ?: {{department}}`, "Sales"},
		{`{{absent}} ?? {{department}}`, "Sales"},
		{`{{department}} = "Sales"`, "true"},
		{`{{department}} = "Sales" ? "S" : "X"`, "S"},
		{`"Dear {{firstName}} {{lastName}}"`, "Dear Anna Lee"},
		{`Append("{{firstName}}", "!")`, "Anna!"},
		{`Left(firstName, 1) + {{lastName}}`, "ALee"},
		{`LCase(Left(firstName, 1) + lastName) + "@corp.example"`, "alee@corp.example"},
	})
}

func TestEmptyHolesLeaveNothingAndAllEmptyIsNull(t *testing.T) {
	check(t, []row{
		{`{{Left({{firstName}}, 1)}}. {{lastName}}`, "A. Lee"},
		{`{{absent}}.{{lastName}}`, ".Lee"},
		{`{{absent}}.{{title}}@corp.example`, null},
		{`{{title}}`, ""},
		{`Team {{absent}}`, null},
	})
}

func TestOperators(t *testing.T) {
	check(t, []row{
		{`1 + 2`, "3"}, {`1 & 2`, "12"}, {`"a" + 1`, "a1"}, {`age + 1`, "421"}, {`ToNumber(age) + 1`, "43"},
		{`age - 2`, "40"}, {`7 / 2`, "3.5"}, {`6 / 2`, "3"}, {`7 % 2`, "1"}, {`-5 + 2`, "-3"}, {`2 * 3 + 1`, "7"},
		{`1 / 0`, "!no result"}, {`firstName - lastName`, "!hyphen"},
		{`absent + "x"`, null}, {`absent & "x"`, "x"}, {`absent & absent`, null}, {`absent - 1`, null},
		{`absent = "x"`, "false"}, {`absent <> "x"`, "false"}, {`absent < 1`, "false"}, {`absent = absent`, "false"},
		{`absent = null`, "true"}, {`firstName != null`, "true"}, {`absent <> null`, "false"},
		{`"10" > "9"`, "true"}, {`"a" < "b"`, "true"}, {`age > 18`, "true"}, {`title > 18`, "false"},
		{`firstName > 18`, "!not a number"}, {`employeeNumber = 123`, "true"}, {`employeeNumber = "123"`, "false"},
		{`CDate(startDate) < "2026-02-01"`, "true"}, {`CDate(startDate) < Now()`, "true"},
		{`active = true`, "true"}, {`firstName = true`, "false"},
		{`1 = 1 and 2 = 2`, "true"}, {`1 = 1 AND NOT (2 = 3)`, "true"}, {`1 = 2 || 2 = 2`, "true"}, {`1 = 2 && 2 = 2`, "false"}, {`!(1 = 2)`, "true"},
		{`title ?: "none"`, "none"}, {`title ?? "none"`, ""}, {`absent ?? "none"`, "none"},
		{`firstName matches "^A"`, "true"}, {`absent matches "x"`, "false"},
		{`"na" in List("na", "nb")`, "true"}, {`firstName contains "nn"`, "true"}, {`firstName startsWith "An"`, "true"}, {`firstName endsWith "a"`, "true"},
		{`"it\"s \\ C:\dir"`, `it"s \ C:\dir`}, {`'x' + "y"`, "xy"}, {`TRUE`, "true"},
		{`9007199254740993 + 0`, "9007199254740993"}, {`0x1F`, "31"},
	})
}

func TestMistakesSayWhereAndWhat(t *testing.T) {
	check(t, []row{
		{``, "!The expression is empty."},
		{`Lowr(firstName)`, "!Did you mean LCase?"},
		{`Lowr({{firstName}})`, "!At position 1: There is no function Lowr. Did you mean LCase?"},
		{`{{Trimm(lastName)}} x`, "!At position 3: There is no function Trimm. Did you mean Trim?"},
		{`Left(firstName)`, "!Left has 1 argument. Write Left(text, count)."},
		{`Left({{firstName}}, 1`, "!Something is missing at the end."},
		{`1 + `, "!missing at the end"},
		{`"a" "b"`, "!At position 5: The text “b” does not fit here."},
		{`"abc`, "!At position 1: The quote is not closed."},
		{`{{firstName`, "!The hole {{ is not closed."},
		{`{{}}`, "!names no field"},
		{`[firstName`, "!The bracket [ is not closed."},
		{`a @ b`, "!At position 3"},
		{`absent ?? "x" + "y"`, "!Put ( ) around"},
		{`$x + 1`, "!The variable $x is not known here."},
		{`Matches(firstName, "(?=a)")`, "!look-around ((?=) is not supported"},
		{`Matches(firstName, "[")`, "!At position 20: Matches:"},
		{`Left(firstName, "x")`, "!Left: “x” is not a number."},
		{`Switch(firstName, "d", "k", "v", "odd")`, "!A key has no value."},
		{`foo.bar.baz(1)`, "!There is no function baz."},
		{`Left`, null},
		{`1 < age < 9`, "!Two comparisons stand in a row."},
		{strings.Repeat("1<(", 1500) + "1" + strings.Repeat(")<1", 1500), "!in a row"},
		{strings.Repeat("(", 4999) + "1" + strings.Repeat(")", 4999), "1"},
		{strings.Repeat("not ", 2499) + "true", "false"},
		{strings.Repeat("(", 9000), "!missing at the end"},
		{strings.Repeat("a", MaxLength+1), "!longer than 10,000 characters"},
	})
}

func TestMistakesAreProblems(t *testing.T) {
	_, err := Compile(`Zoë + Lowr(x)`)
	var e *Error
	if !errors.As(err, &e) || e.At != 6 {
		t.Fatalf("position: %+v", e)
	}
	if !core.HasCode(err, core.BadRules) {
		t.Errorf("no problem in %v", err)
	}
}

func TestFieldsAreListedSortedAndOnce(t *testing.T) {
	p, err := Compile(`{{Work E-mail}} {{Left(user.firstName, 1) + firstName}} {{custom.x}} {{"{{inText}}"}} {{IsActiveOn(custom.x)}} {{HasChanged("team")}}`)
	if err != nil {
		t.Fatal(err)
	}
	want := "[Work E-mail custom.x endDate firstName inText startDate team]"
	if got := fmt.Sprint(p.Fields()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWhatIsNotAvailableIsNamed(t *testing.T) {
	for _, source := range []string{`SelectUniqueValue("a")`, `UniqueIn("mail", "a")`, `InGroup("a")`, `InGroupNamed("a")`, `Current("a")`, `Previous("a")`,
		`HasChanged("a")`, `Lookup("a", "b")`, `LookupPerson("a").b`, `Manager.email`, `DefaultDomain()`, `Sequence("a")`, `Guid()`, `RandomString(5)`, `RandomNum(1, 2)`, `Now()`} {
		p, err := Compile(source)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Eval(Context{})
		if err == nil || !strings.Contains(err.Error(), ": it is not available here.") {
			t.Errorf("%s: %v", source, err)
		}
	}
}

func TestVolatileProgramsSaySo(t *testing.T) {
	for source, want := range map[string]bool{`Guid()`: true, `{{firstName}}{{RandomNum(1, 9)}}`: true, `Now()`: false, `SelectUniqueValue(firstName)`: false} {
		p, err := Compile(source)
		if err != nil || p.Volatile() != want {
			t.Errorf("%s: volatile %v, %v", source, !want, err)
		}
	}
}

func TestSecretsAndLeaveOutAreMarked(t *testing.T) {
	value := func(source string) Value {
		p, err := Compile(source)
		if err != nil {
			t.Fatal(err)
		}
		v, err := p.Eval(sampleContext())
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if !value(`"x" + Redact(firstName)`).Secret() || !value(`{{firstName}}{{RandomString(8)}}`).Secret() || value(`firstName`).Secret() {
		t.Error("secret values are not marked, or plain ones are")
	}
	if v := value(`IgnoreFlowIfNullOrEmpty(title)`); !v.LeaveOut() || !v.IsNull() || value(`absent`).LeaveOut() {
		t.Error("values to leave out are not marked, or plain nulls are")
	}
}

func TestTooMuchIsRefused(t *testing.T) {
	long := `"` + strings.Repeat("x", 4000) + `"`
	check(t, []row{
		{`PadLeft("x", 2000000, "y")`, "!longer than 1 MiB"},
		{`PadLeft("x", 1000000, "ä")`, "!too big"},
		{`With($a, PadLeft("x", 1000000, "y"), $a + $a)`, "!longer than 1 MiB"},
		{`Split(PadLeft("", 200000, ","), ",")`, "!more than 100,000 values"},
		{`Try(With($l, Split(PadLeft("", 50000, ","), ","), Count(Select($x, $l, Count(Where($y, $l, true))))), "x")`, "!too much work"},
		{`With($a, PadLeft("x", 100000, "y"), ReplaceRegex($a, "y", ` + long + `))`, "!longer than 1 MiB"},
		{`With($l, Split(PadLeft("", 50000, ","), ","), Count(Select($x, $l, Count(Where($y, $l, true)))))`, "!too much work"},
	})
}

func TestEvaluationIsRepeatable(t *testing.T) {
	p, err := Compile(`RandomString(20) + Guid() + Now()`)
	if err != nil {
		t.Fatal(err)
	}
	a, errA := p.Eval(sampleContext())
	b, errB := p.Eval(sampleContext())
	if errA != nil || errB != nil || a.Text() != b.Text() {
		t.Errorf("%q and %q, %v %v", a.Text(), b.Text(), errA, errB)
	}
}

func TestProgramsMayBeUsedByManyAtOnce(t *testing.T) {
	p, err := Compile(`With($n, firstName, Select($x, List("a", "b"), $x + $n)) [1]`)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan string)
	for range 8 {
		go func() {
			last := ""
			for range 200 {
				v, _ := p.Eval(sampleContext())
				last = v.Text()
			}
			done <- last
		}()
	}
	for range 8 {
		if got := <-done; got != "bAnna" {
			t.Errorf("got %q", got)
		}
	}
}

func TestFunctionExamplesGiveWhatTheHelpSays(t *testing.T) {
	for _, fn := range Functions() {
		if fn.Help == "" || fn.Signature == "" || !strings.HasSuffix(fn.Help, ".") {
			t.Errorf("%s: help is missing or is no sentence", fn.Name)
		}
		if got := result(fn.Example); got != fn.Result {
			t.Errorf("%s: %s gives %q, the help says %q", fn.Name, fn.Example, got, fn.Result)
		}
	}
}

func TestNamesAndAliasesAreUniqueAndCaseDoesNotMatter(t *testing.T) {
	seen := map[string]string{}
	for _, fn := range Functions() {
		for _, name := range append([]string{fn.Name}, fn.Aliases...) {
			lower := strings.ToLower(name)
			if other, taken := seen[lower]; taken {
				t.Errorf("%s is a name of %s and %s", name, other, fn.Name)
			}
			seen[lower] = fn.Name
		}
	}
	check(t, []row{{`lcase("A")`, "a"}, {`LOWER("A")`, "a"}, {`normalizediacritics("ä")`, "a"}})
}

func TestFunctionTableIsAsDocumented(t *testing.T) {
	var b strings.Builder
	group := ""
	for _, fn := range Functions() {
		if fn.Group != group {
			group = fn.Group
			fmt.Fprintf(&b, "## %s\n\n", group)
		}
		fmt.Fprintf(&b, "- `%s` %s\n  `%s` → `%s`\n", fn.Signature, fn.Help, fn.Example, fn.Result)
	}
	const file = "testdata/functions.md"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(file)
	if err != nil || string(golden) != b.String() {
		t.Errorf("%s differs from the functions (%v); run go test -update and read the change", file, err)
	}
}

func FuzzCompileAndEval(f *testing.F) {
	for _, fn := range Functions() {
		f.Add(fn.Example)
	}
	for _, s := range []string{`{{a}}.{{b}}`, `{{"{{x}}"}}`, `[a][b]`, `{1,2}[0]`, `a ? b : c ?: d ?? e`, `$x`, `((((`, `-"1"`, `a.b.c(d).e`, `Replace([a], , "re", , "x", , )`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		p, err := Compile(source)
		if err != nil {
			if !core.HasCode(err, core.BadRules) {
				t.Errorf("%q: %v is no problem", source, err)
			}
			return
		}
		v, err := p.Eval(sampleContext())
		if err == nil && len(v.Text()) > 2*maxText {
			t.Errorf("%q gives %d bytes", source, len(v.Text()))
		}
	})
}

func BenchmarkTypicalRow(b *testing.B) {
	for _, source := range []string{
		`LCase(Left(firstName, 1) + lastName) + "@corp.example"`,
		`{{firstName}}.{{lastName}}@corp.example`,
		`LCase(NormalizeDiacritics({{firstName}})) + "." + LCase({{lastName}}) + IIF(department = "Sales", "@a.example", "@b.example")`,
	} {
		p, err := Compile(source)
		if err != nil {
			b.Fatal(err)
		}
		c := sampleContext()
		b.Run(source, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Eval(c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

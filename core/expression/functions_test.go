package expression

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTextFunctions(t *testing.T) {
	check(t, []row{
		{`Append(absent, "x")`, null}, {`Append("x", absent)`, null}, {`Append("", "x")`, "x"},
		{`LCase(absent)`, null}, {`ToLower("IĞDIR", "tr-TR")`, "ığdır"}, {`LCase("A", "?!")`, "!not a culture"},
		{`PCase("PINTO-DE'SILVA", " '-")`, "Pinto-De'Silva"}, {`PCase("anna-maria o'brien")`, "Anna-Maria O'brien"},
		{`PCase("LUDWIG VAN DER BERG", , true)`, "Ludwig van der Berg"}, {`PCase("mcdonald o'brien", " ", true)`, "McDonald O'Brien"},
		{`Join("|", Trim(List(" a ", "b ")))`, "a|b"}, {`LTrim(" a ")`, "a "}, {`RTrim(" a ")`, " a"},
		{`StripSpaces(" a b ")`, "ab"}, {`Len("Zoë")`, "3"}, {`Len("👩‍👩‍👧a")`, "2"}, {`Len("")`, "0"},
		{`PadLeft(absent, 3, "0")`, ""}, {`PadLeft("12345", 3, "0")`, "12345"}, {`PadRight("a", 3)`, "a  "},
		{`NormalizeDiacritics("äåæøœßłı ÄÅÆØ çéñüž Ж北")`, "aaaeoeoessli AAAEOE cenuz Ж北"},
		{`Transliterate("Ärzte ÄRZTE Straße", "de-DE")`, "Aerzte AERZTE Strasse"}, {`Transliterate("Håkon Søren", "da")`, "Haakon Soeren"}, {`Transliterate("Åsa Öberg", "sv")`, "Asa Oberg"},
		{`Transliterate("Юлия Щербакова", "ru")`, "Iuliia Shcherbakova"}, {`Transliterate("Γιώργος", "el")`, "Giorgos"}, {`Transliterate("Müller")`, "Muller"},
		{`Ascii("O’Brien — Zoë")`, "O'Brien -- Zoe"},
		{`CStr(4.50)`, "4.5"}, {`ContainsText("Anna", "NN")`, "false"}, {`StartsWith(absent, "a")`, "false"},
	})
}

func TestCuttingFunctions(t *testing.T) {
	check(t, []row{
		{`Left("Anna", 0)`, ""}, {`Left("Anna", -1)`, "Anna"}, {`Left(absent, 1)`, null}, {`Left("Zoë", 3)`, "Zoë"}, {`Left("Anna", 99)`, "Anna"}, {`Left("Anna", "2")`, "An"},
		{`Right("Anna", 2)`, "na"}, {`Right("Anna", 0)`, ""}, {`Right("Anna", -1)`, "Anna"}, {`Right("Anna", 99)`, "Anna"},
		{`Mid("Anna", 1, 2)`, "An"}, {`Mid("Anna", 2, 99)`, "nna"}, {`Mid("Anna", 5, 1)`, ""}, {`Mid("Anna", 99, 1)`, ""}, {`Mid(absent, 1, 1)`, null}, {`Mid("Anna", 3)`, "na"},
		{`Substring("Anna", 1, 3)`, "nn"}, {`Substring("Anna", 2)`, "na"}, {`Substring("Anna", 3, 1)`, ""}, {`Substring("Anna", 99, 100)`, ""},
		{`InStr("Anna", "x")`, "0"}, {`InStr("Anna", "a", 2)`, "4"}, {`InStr("Anna", "A", 2, 1)`, "4"}, {`InStr("Anna", "A", 2, "vbBinaryCompare")`, "0"},
		{`InStrRev("Anna", "n")`, "3"}, {`InStrRev("banana", "an", 4)`, "2"},
		{`After("a", "@")`, ""}, {`Before("a", "@")`, "a"}, {`Before("a", "")`, "a"}, {`AfterLast("a/b/c", "/")`, "c"},
		{`Word("The quick brown fox", 3, " ")`, "brown"}, {`Word("This,string!has&many separators", 3, ",!&#")`, "has"}, {`Word("a", 2, " ")`, ""}, {`Word("a", 0, " ")`, ""}, {`Word(absent, 1, " ")`, ""},
		{`FirstWord(" Anna Maria ")`, "Anna"}, {`LastWord("")`, ""},
	})
}

func TestReplaceFunctions(t *testing.T) {
	check(t, []row{
		{`Replace("a.b.c", ".", "-")`, "a-b-c"}, {`Replace(absent, "a", "b")`, null}, {`Replace("a", "", "b")`, "a"},
		{`Replace("a b", "a", , , "x", , )`, "x b"},
		{`Replace("anna", "{0}", , , , , "Dear {0}!")`, "Dear anna!"},
		{`Replace("555-12", , "[0-9]+", , "#", , )`, "#-#"},
		{`Replace("Lee Anna", , "(?<last>\w+) (?<first>\w+)", , "${first}_${last}", , )`, "Anna_Lee"},
		{`Replace("id-0042", , "id-(?<zeros>0*)", "zeros", "", , )`, "id-42"},
		{`Replace("set", , "(?<local>[^@]+)@.*", "local", , [response.work.email], )`, "set"},
		{`Replace([absent], , "(?<local>[^@]+)@.*", "local", , [response.work.email], )`, "anna"},
		{`Replace("a", , , , "x", , )`, "!nothing to replace"},
		{`ReplaceFirst("a-a", "a", "b")`, "b-a"}, {`ReplaceRegex("ab12", "([a-z])([0-9])", "$1x$2")`, "abx12"}, {`ReplaceRegex(absent, "a", "b")`, null},
		{`ReplaceGroup("a1a2", "a([0-9])", 1, "x")`, "axax"}, {`ReplaceGroup("a", "a", 1, "x")`, "!no group"},
		{`ReplaceChars("Köß'n", "ö:oe,ß:ss,':")`, "Koessn"}, {`ReplaceChars("a,b:c", "\,:;,\::=")`, "a;b=c"}, {`ReplaceChars("a", "ab:c")`, "!not one character"},
		{`Matches("Anna", "^a")`, "false"}, {`Matches(absent, "")`, "false"}, {`Extract("abc", "x")`, null}, {`Extract("k=v", "(?<key>\w)=", "key")`, "k"}, {`Extract("k=v", "k=")`, "k="},
	})
}

func TestNameFunctions(t *testing.T) {
	check(t, []row{
		{`Initials("Jean-Luc Picard")`, "JLP"}, {`Initials("")`, ""},
		{`Item(NameParts("Lee, Anna Maria"), 1)`, "Anna Maria"}, {`Item(NameParts("Madonna"), 2)`, ""}, {`Item(NameParts("Ana de la Cruz"), 2)`, "de la Cruz"},
		{`Slug("  Größe & Café!  ")`, "grosse-cafe"}, {`Slug("a_b.c", 10, "_.")`, "a_b.c"}, {`Slug("O'Brien")`, "obrien"},
		{`CleanUPN("..jörg..müller.@corp.example", "de")`, "joerg.mueller@corp.example"}, {`Len(CleanUPN("` + strings.Repeat("x", 80) + `"))`, "64"},
		{`EmailDomain("x")`, ""}, {`EmailLocal("a@b@corp.example")`, "a@b"},
		{`DNComponent("CN=Lee\, Anna,OU=S", 1)`, "Lee, Anna"}, {`DNComponent("CN=a", 2)`, null}, {`DNComponentRev("CN=a,DC=b,DC=c", 1)`, "c"},
		{`EscapeDNComponent(" #a+b=\"c\" ")`, `\ #a\+b\=\"c\"\ `}, {`OUPath("a", , "b,c")`, `OU=a,OU=b\,c`}, {`OUPath(absent)`, null},
	})
}

func TestListFunctions(t *testing.T) {
	check(t, []row{
		{`Count(absent)`, "0"}, {`Count("x")`, "1"}, {`Count(groups)`, "2"}, {`Item(groups, 2)`, "b"}, {`Item(groups, 0)`, "!no value 0"}, {`Item(groups, 3)`, "!has 2 values"}, {`ItemOrNull(groups, 3)`, null},
		{`ItemAt(groups, 0)`, "a"}, {`Arrays.get("x,y", 1)`, "y"}, {`ItemAt(groups, 9)`, null},
		{`Split("a, b ,c", ",")`, "a\x1fb\x1fc"}, {`Split("a--b--c", "--", 2)`, "a\x1fb--c"}, {`Split(absent, ",")`, null}, {`Split("a", "")`, "a"},
		{`Join(" ", "Ann", absent, "", "Lee")`, "Ann Lee"}, {`Join(groups, ";")`, "a;b"}, {`Join(groups)`, "a b"}, {`Join("-", groups, "c")`, "a-b-c"}, {`JoinAll("-", "a", absent, "b")`, "a--b"}, {`Join(";", groups)`, "a;b"},
		{`Contains(groups, "b")`, "true"}, {`Contains(groups, "B")`, "false"}, {`Contains(groups, "B", "CaseInsensitive")`, "true"}, {`Contains(absent, "x")`, "false"},
		{`IndexOf(groups, "b")`, "2"}, {`IndexOf("Anna", "na")`, "3"}, {`IndexOf("Anna", "x")`, "0"}, {`ListContains(groups, "c")`, "false"},
		{`RemoveDuplicates(List("a", "A", "a"))`, "a\x1fA"}, {`RemoveDuplicates(List("a", "A"), true)`, "a"},
		{`ListAdd(groups, "c")`, "a\x1fb\x1fc"}, {`ListAdd(absent, "c")`, "c"}, {`ListRemove(groups, "a")`, "b"}, {`Flatten(groups, List("c"), absent)`, "a\x1fb\x1fc"}, {`IsEmptyList(absent)`, "true"},
		{`ToCSV(List("a,b", "c\"d", "e"))`, `"a,b","c""d",e`}, {`Select($g, groups, UCase($g) + firstName)`, "AAnna\x1fBAnna"}, {`Where($g, groups, $g > "a")`, "b"}, {`Select($g, absent, $g)`, null},
		{`Select(g, groups, g)`, "!not a variable"}, {`[1, 2][1]`, "2"}, {`firstName[0]`, "Anna"}, {`Select($a, groups, With($b, $a + "x", $b + $b))`, "axax\x1fbxbx"},
	})
}

func TestConditions(t *testing.T) {
	check(t, []row{
		{`IIF(absent = "x", "a", "b")`, "b"}, {`IIF(title = "", "a", "b")`, "a"}, {`IIF(absent, "a", "b")`, "b"}, {`IIF(active, "a", "b")`, "a"}, {`IIF(firstName, "a", "b")`, "!neither true nor false"},
		{`IIF(1 = 1 AND 2 = 2 OR 3 = 4, "a", Error("never"))`, "a"}, {`IIF(firstName = "Anna" And (1 = 2 Or True), "a", "b")`, "a"},
		{`Coalesce(absent, title, "x")`, ""}, {`CoalesceNotEmpty(absent, title, "x")`, "x"}, {`Coalesce(absent)`, null},
		{`IsNull(title)`, "false"}, {`IsNullOrEmpty(title)`, "true"}, {`IsPresent(title)`, "false"}, {`IsEmpty(title)`, "true"}, {`IsEmpty(absent)`, "false"}, {`IsBlank(absent)`, "true"},
		{`IsString(firstName)`, "true"}, {`IsString(1)`, "false"}, {`IsNumeric(age)`, "true"}, {`IsNumeric("0x10")`, "false"}, {`IsDate(startDate)`, "true"}, {`IsDate("03/10/2026")`, "false"}, {`IsGuid("x")`, "false"},
		{`CBool("oui")`, "true"}, {`CBool("Nein")`, "false"}, {`CBool(2)`, "true"}, {`CBool(absent)`, null}, {`CBool("maybe")`, "!CBool: “maybe” is neither true nor false."},
		{`Error("No cost centre")`, "!No cost centre."}, {`Try(Item(groups, 9), "x")`, "x"}, {`Try("a", Error("never"))`, "a"},
		{`Switch(department, "d", "sales", "1", "Sales", "2")`, "2"}, {`Switch(absent, "d", "", "1")`, "d"}, {`Switch("x", "d", "y", Error("never"))`, "d"},
		{`SwitchIgnoreCase(department, "d", "SALES", "1")`, "1"}, {`SwitchContains("Inside Sales", "d", "ale", "1")`, "1"}, {`SwitchRegex("A1", "d", "^[A-Z]\d$", "1")`, "1"}, {`SwitchRegex("A1", "d", "[", "1")`, "!SwitchRegex"},
		{`SwitchByDomain("a@CORP.example", "d", "corp.example", "1")`, "1"}, {`SwitchByDomain("a@eu.corp.example", "d", "corp.example", "1")`, "d"}, {`SwitchByDomain("a@corp.example", "d", ".corp.example", "1")`, "d"},
		{`Cases(absent = 1, "a", age > 40, "b", Error("never"), "c")`, "b"}, {`Cases(1 = 2, "a")`, null}, {`Cases(1 = 2, "a", "d")`, "d"}, {`And(1 = 1, 1 = 2)`, "false"}, {`Or(1 = 2, absent)`, "false"},
	})
}

func TestNumberFunctions(t *testing.T) {
	check(t, []row{
		{`ToInt(123.6)`, "124"}, {`Convert.toInt("-1.6")`, "-2"}, {`ToInt("x")`, "!not a number"}, {`ToInt(absent)`, null}, {`ToInt("")`, null}, {`ToInt("1e30")`, "!too big"}, {`ToInt("9223372036854775807")`, "9223372036854775807"},
		{`ToNumber("1.5")`, "1.5"}, {`CNum("1'234,50", ",")`, "1234.5"}, {`ToNumber("")`, null}, {`ToNumber("NaN")`, "!not a number"}, {`ToNumber("Inf")`, "!not a number"},
		{`BitAnd(&HF, 6)`, "6"}, {`BitAnd("&HF", "7")`, "7"}, {`BitOr(1, 6)`, "7"}, {`IsBitSet(512, 2)`, "false"}, {`BitAnd(absent, 1)`, null},
		{`Base36(35)`, "z"}, {`ConvertToBase64("Hello")`, "SABlAGwAbABvAA=="}, {`ConvertFromBase64(ConvertToBase64("Zoë 👍"))`, "Zoë 👍"}, {`ConvertToBase64("ë", "ASCII")`, "Pw=="},
		{`ConvertFromBase64("SGVsbG8=", "UTF8")`, "Hello"}, {`ConvertFromBase64("!!")`, "!not Base64"}, {`ConvertToBase64("a", "EBCDIC")`, "!not an encoding"}, {`ConvertToUTF8Hex("ë")`, "C3AB"}, {`ConvertFromUTF8Hex("C3AB")`, "ë"}, {`ConvertFromUTF8Hex("x")`, "!not hexadecimal"},
	})
}

func TestDateFunctions(t *testing.T) {
	check(t, []row{
		{`CDate("2026-03-10")`, "2026-03-10"}, {`CDate("2021-06-30+08:00")`, "2021-06-30"}, {`CDate("2026-03-10T12:00:00+02:00")`, "2026-03-10T12:00:00+02:00"}, {`CDate("2026-03-10 12:00:00")`, "2026-03-10T12:00:00Z"},
		{`CDate("10.03.2026")`, "2026-03-10"}, {`CDate("20260310120000Z")`, "2026-03-10T12:00:00Z"}, {`CDate("1/2/2026 3:04:05 PM")`, "2026-01-02T15:04:05Z"}, {`CDate("03/10/2026")`, "!read for certain"}, {`CDate("")`, null}, {`CDate(absent)`, null},
		{`DateFromNum(129699324000000000)`, "2012-01-01T23:00:00Z"}, {`DateFromNum("0")`, null}, {`DateFromNum(9223372036854775807)`, null}, {`NumFromDate("2012-01-01T23:00:00Z")`, "129699324000000000"}, {`ToFileTime("2012-01-01")`, "129698496000000000"},
		{`DateAdd("d", -10, "2026-03-01")`, "2026-02-19"}, {`DateAdd("m", 1, "2024-01-31")`, "2024-02-29"}, {`DateAdd("yyyy", 1, "2024-02-29")`, "2025-02-28"}, {`DateAdd("ww", 1, "2026-03-01")`, "2026-03-08"}, {`DateAdd("q", 1, "2026-11-30")`, "2027-02-28"},
		{`DateAdd("h", 12, "2026-03-01")`, "2026-03-01T12:00:00Z"}, {`DateAdd("n", 1, "2026-03-01T23:59:30Z")`, "2026-03-02T00:00:30Z"}, {`DateAdd("x", 1, "2026-03-01")`, "!not an interval"}, {`DateAdd("d", 1, absent)`, null}, {`DateAdd("yyyy", 9000, "2026-03-01")`, "!1 to 9999"}, {`DateAdd("s", 9999999999999, "2026-03-01")`, "!too big"},
		{`DateDiff("m", "2021-08-18", "2021-12-18")`, "4"}, {`DateDiff("d", "2026-03-10", "2026-03-01")`, "-9"}, {`DateDiff("yyyy", "2020-12-31", "2021-01-01")`, "1"}, {`DateDiff("h", "2026-03-10", "2026-03-10T05:30:00Z")`, "5"}, {`DateDiff("ww", "2026-03-01", "2026-03-14")`, "1"},
		{`FormatDateTime("2026-03-10", "d.M.yy")`, "10.3.26"}, {`FormatDateTime("10/3/2026", "d/M/yyyy", "yyyy-MM-dd")`, "2026-03-10"}, {`FormatDateTime("3/10/2026 3:04 PM", , "M/d/yyyy h:mm tt", "yyyy-MM-dd'T'HH:mm:ss")`, "2026-03-10T15:04:00"}, {`FormatDateTime(absent, "d")`, null},
		{`FormatDate("2026-03-10T15:04:05Z", "EEE, dd MMM yyyy hh:mm a")`, "Tue, 10 Mar 2026 03:04 PM"}, {`FormatDate("2026-03-10T15:04:05.123Z", "HH:mm:ss.SSSZ")`, "15:04:05.123Z"}, {`FormatDate("2026-03-10", "r")`, "Tue, 10 Mar 2026 00:00:00 GMT"}, {`FormatDate("2026-03-10", "yyyy 'o' b")`, "!letter b"},
		{`ParseDate("10MAR26", "ddMMMyy")`, "2026-03-10"}, {`ParseDate("31.02.2026", "dd.MM.yyyy")`, "!not written in that pattern"}, {`ParseDate("12/31/68", "MM/dd/yy")`, "1968-12-31"}, {`ParseDate("2026-03-10 12:00", "yyyy-MM-dd HH:mm", "Europe/Berlin")`, "2026-03-10T12:00:00+01:00"}, {`ParseDate("2026-03-10T12:00:00.5+02:00", "yyyy-MM-ddTHH:mm:ss.fzzz")`, "2026-03-10T12:00:00+02:00"},
		{`ParseDate("12:00 AM 1.1.2026", "hh:mm tt d.M.yyyy")`, "2026-01-01T00:00:00Z"}, {`ParseDate("13:00 AM", "hh:mm tt")`, "!not written"},
		{`Now("Europe/Berlin")`, "2026-03-10T10:30:00+01:00"}, {`Now("Europe/Berlin", "HH:mm")`, "10:30"}, {`Now("Mars")`, "!not a time zone"}, {`Now("Local")`, "!not a time zone"}, {`Today("Asia/Tokyo")`, "2026-03-10"},
		{`LocalMidnight("2026-03-29", "Europe/Berlin")`, "2026-03-29T00:00:00+01:00"}, {`EndOfDay("2026-03-29", "Europe/Berlin")`, "2026-03-29T23:59:59+02:00"}, {`InZone("2026-03-10", "Europe/Berlin")`, "2026-03-10"},
		{`DaysUntil("2026-03-01")`, "-9"}, {`WithinDays("2026-03-01", 7, 0)`, "false"}, {`WithinDays(absent, 7, 0)`, "false"}, {`IsActiveOn("2025-12-31")`, "false"}, {`IsActiveOn(Now())`, "true"}, {`IsActiveOn("2026-05-01", "2026-01-01", "2026-04-30")`, "false"},
		{`ToUnix(FromUnix(0))`, "0"}, {`FromUnix("1773135000000")`, "!not milliseconds"},
	})
}

func TestCountriesZonesAndPhones(t *testing.T) {
	check(t, []row{
		{`Country("Deutschland")`, "DE"}, {`Country("allemagne", "alpha3")`, "DEU"}, {`Country("Duitsland", "numeric")`, "276"}, {`Country("ÖSTERREICH", "name")`, "Austria"}, {`Country("España", "de")`, "Spanien"}, {`Country("United Kingdom")`, "GB"}, {`Country("UK")`, "GB"}, {`Country("USA")`, "US"}, {`Country("040")`, "AT"}, {`Country("Atlantis")`, null}, {`Country(absent)`, null}, {`Country("Belgique")`, "BE"}, {`Country("Pays-Bas")`, "NL"}, {`Country("DE", "??")`, "!not a form"},
		{`Iso3166Convert.toAlpha3("DE")`, "DEU"},
		{`PhoneE164("+49 30 901820")`, "+4930901820"}, {`PhoneE164("(212) 555-0123", "United States")`, "+12125550123"}, {`PhoneE164("030 901820")`, "!not a phone number"}, {`PhoneE164("")`, null}, {`PhoneE164(absent, "DE")`, null},
		{`ZoneOf("DE")`, "Europe/Berlin"}, {`ZoneOf("Brazil", "São Paulo")`, "America/Sao_Paulo"}, {`ZoneOf("US")`, null}, {`ZoneOf("Belgium")`, "Europe/Brussels"}, {`ZoneOf("US", "Seattle")`, "America/Los_Angeles"},
	})
}

func TestDirectoryAndUniqueFunctions(t *testing.T) {
	check(t, []row{
		{`SelectUniqueValue("free@corp.example", "x")`, "free@corp.example"}, {`SelectUniqueValue(absent, "taken@corp.example")`, "taken2@corp.example"}, {`SelectUniqueValue(absent, title)`, null}, {`UniqueIn("login", "TAKEN", "TAKEN")`, "TAKEN2"}, {`SelectUniqueValue("free", Error("never"))`, "free"},
		{`Lookup("costCentres", custom.costUnit)`, "Sales"}, {`Lookup("costCentres", "0")`, null}, {`Lookup("costCentres", absent, "x")`, "x"}, {`LookupPerson(absent).email`, null}, {`LookupPerson("E1", "email")`, "boss@corp.example"}, {`LookupPerson("E1")`, "!LookupPerson has 1 argument"}, {`Trim("a").email`, "!Only LookupPerson"}, {`firstName[0].x`, "!no parts"},
		{`InGroup("g2")`, "false"}, {`InGroupNamed("x", "nearly")`, "!not a way"}, {`HasChanged("firstName")`, "true"}, {`Sequence("x")`, "7"},
		{`RandomString(0)`, "!from 1 to 256"}, {`RandomString(257)`, "!from 1 to 256"}, {`RandomString(3, 2, 2)`, "!do not fit"}, {`RandomString(3, 0, 0, 0, 0)`, "!no kind"}, {`RandomNum(2, 1)`, "!no number from"}, {`Matches(Guid(), "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]")`, "true"},
	})
}

func TestCounterEndsWhenAllIsTaken(t *testing.T) {
	p, err := Compile(`UniqueIn("mail", "x")`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Eval(Context{Taken: func(string, string) bool { return true }})
	if err == nil || !strings.Contains(err.Error(), "are taken") {
		t.Errorf("got %v", err)
	}
}

func TestRandomStringKeepsWhatItPromises(t *testing.T) {
	got := result(`RandomString(16, 3, 2, 2, 2, "lIO0")`)
	for _, want := range []string{`^.{16}$`, `([0-9].*){3}`, `([^0-9A-Za-z].*){2}`, `([A-Z].*){2}`, `([a-z].*){2}`, `^[^lIO0]*$`} {
		if !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("a random string does not match %s", want)
		}
	}
}

// call evaluates a function of the library for a property test.
func call(t *rapid.T, name string, args ...Value) Value {
	fn, _ := known(name)
	v, err := fn.call(&frame{ctx: sampleContext()}, args)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

func TestLeftAndMidMakeTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, n := rapid.String().Draw(t, "s"), rapid.IntRange(0, 20).Draw(t, "n")
		got := call(t, "Left", text(s), integer(int64(n))).Text() + call(t, "Mid", text(s), integer(int64(n+1))).Text()
		if got != s {
			t.Errorf("got %q", got)
		}
		if both := call(t, "Substring", text(s), integer(0), integer(int64(n))).Text() + call(t, "Substring", text(s), integer(int64(n))).Text(); both != s {
			t.Errorf("Substring: got %q", both)
		}
	})
}

func TestNormalizingTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		once := normalizeDiacritics(s)
		if twice := normalizeDiacritics(once); twice != once {
			t.Errorf("%q, then %q", once, twice)
		}
		if out := ascii(s, "de"); !isASCII(out) {
			t.Errorf("Ascii gives %q", out)
		}
	})
}

func TestEscapedNamesAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[a-zA-Z ,+"\\<>;=#é]{0,12}`).Draw(t, "s")
		parts := splitDN("CN=" + escapeDN(s) + ",OU=x")
		if len(parts) != 2 || parts[0][1] != s {
			t.Errorf("%q is read as %q", s, parts)
		}
	})
}

func TestDatesAreReadBackInTheirPattern(t *testing.T) {
	patterns := []string{"yyyy-MM-dd", "d.M.yyyy", "MM/dd/yyyy", "dd MMM yyyy", "d MMMM yyyy", "yyyyMMdd"}
	rapid.Check(t, func(t *rapid.T) {
		d := call(t, "DateAdd", text("d"), integer(rapid.Int64Range(-20000, 20000).Draw(t, "days")), text("2000-01-01"))
		pattern := text(rapid.SampledFrom(patterns).Draw(t, "pattern"))
		written := call(t, "FormatDate", d, pattern)
		if got := call(t, "ParseDate", written, pattern).Text(); got != d.Text() {
			t.Errorf("%s is read as %s, not %s", written.Text(), got, d.Text())
		}
	})
}

func TestFileTimesAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 250_000_000_000).Draw(t, "seconds") * 10_000_000
		if got := call(t, "NumFromDate", call(t, "DateFromNum", integer(n))); got.bits != n {
			t.Errorf("got %d, want %d", got.bits, n)
		}
	})
}

package suggest

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// tokens cuts a header into folded words: at anything that is neither letter nor digit,
// at camelCase humps and between letters and digits.
func tokens(header string) []string {
	var words []string
	for _, w := range cut(norm.NFKC.String(signs.Replace(header))) {
		words = appendWord(words, fold(w))
	}
	return words
}

// signs stand for the word number.
var signs = strings.NewReplacer("n°", " nr ", "N°", " nr ", "nº", " nr ", "Nº", " nr ", "№", " nr ", "#", " nr ")

// cut splits at separators and humps, keeping case.
func cut(s string) []string {
	var words []string
	start, runes := 0, []rune(s)
	flush := func(end int) {
		if end > start {
			words = append(words, string(runes[start:end]))
		}
	}
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			flush(i)
			start = i + 1
		case i > start && hump(runes, i):
			flush(i)
			start = i
		}
	}
	flush(len(runes))
	return words
}

// hump says that a new word begins at i: employeeId, HRSystem, address1.
func hump(r []rune, i int) bool {
	before, here := r[i-1], r[i]
	switch {
	case unicode.IsDigit(before) != unicode.IsDigit(here):
		return true
	case unicode.IsLower(before) && unicode.IsUpper(here):
		return true
	case unicode.IsUpper(before) && unicode.IsUpper(here) && i+1 < len(r) && unicode.IsLower(r[i+1]):
		return true
	}
	return false
}

// spellings makes one of the ways to write a letter without its accent: ä, ae and a.
// It is applied to synonyms and headers alike, so that what it does to other words
// ("value") does no harm.
var spellings = strings.NewReplacer("ß", "ss", "æ", "a", "ø", "o", "œ", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i",
	"ae", "a", "oe", "o", "ue", "u", "aa", "a", "isation", "ization", "centre", "center")

// fold gives a word in lower case, without accents and with one spelling.
func fold(word string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(word)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	s := spellings.Replace(b.String())
	if short, ok := abbreviations[s]; ok {
		return short
	}
	for _, long := range []string{"number", "nummer", "numero"} {
		if rest, ok := strings.CutSuffix(s, long); ok && rest != "" {
			return rest + "nr"
		}
	}
	return s
}

// abbreviations gives words that are written in many ways one form. Keys are folded.
var abbreviations = map[string]string{
	"number": "nr", "nummer": "nr", "numero": "nr", "no": "nr", "num": "nr", "nbr": "nr", "nro": "nr", "nmbr": "nr", "numer": "nr", "nos": "nr",
	"mail": "email", "mails": "email", "emails": "email", "mgr": "manager", "mngr": "manager", "dept": "department", "dpt": "department",
	"addr": "address", "ctr": "center", "dt": "date", "identification": "id",
	"ident": "id", "ids": "id", "cntry": "country", "descr": "description", "desc": "description", "supv": "supervisor", "sup": "supervisor",
	"loc": "location", "persno": "persnr", "cd": "code", "cde": "code", "pref": "preferred", "phones": "phone",
}

// appendWord adds a word; e and mail, e and post become one.
func appendWord(words []string, w string) []string {
	n := len(words)
	if n > 0 && words[n-1] == "e" {
		switch {
		case strings.HasPrefix(w, "email"):
			words[n-1] = w
			return words
		case strings.HasPrefix(w, "mail"):
			words[n-1] = "e" + w
			return words
		case strings.HasPrefix(w, "post"):
			words[n-1] = "e" + w
			return words
		}
	}
	return append(words, w)
}

// fillers join other words and say nothing themselves.
var fillers = set("of the a an and de du des la le les l d der die das dem del van von het i af for et y en og och ja und zu s do da di")

// ownWords say that something is about the employee, which everything is.
var ownWords = set("employee emp empl worker staff hr hris person current user associate colleague text field value info information optional required " +
	"official sap wd workday c cf custom mitarbeiter medewerker werknemer employe salarie collaborateur empleado trabajador ansatt medarbejder " +
	"medarbetare anstalld tyontekija dipendente primary main data export details dd mm yyyy yy ddmmyyyy yyyymmdd format iso basic core profile general")

// placeWords are the names of groups of fields, which may stand before a field's own.
var placeWords = set("legal name names location address addresses work employment job position organization organisation contact contacts email phone phones " +
	"business company department employments record attributes properties fields root personnel dates adresse kontakt beschaftigung arbeit")

// describers say how a value is written: as a code or in words.
var describers = set("description text label bezeichnung omschrijving libelle descripcion benamning benevnelse title long short full")

var coders = set("code key id nr schlussel kennzeichen kode kod codigo kurzel koodi abbreviation")

// homeWords say that something is private. An address may be, a phone may not.
var homeWords = set("home private privat personal perso prive particular privada residence")

// otherWords say that something is about somebody or something else, however well the
// rest of the header fits.
var otherWords = set("manager supervisor emergency spouse partner father mother child children dependent dependant beneficiary notfall notfallkontakt " +
	"urgence nood noodcontact emergencia vorgesetzter fuhrungskraft responsable leidinggevende jefe chef leder esimies esihenkilo birth geburts naissance geboorte " +
	"nacimiento maiden former previous prior old ex bank iban bic account konto salary pay bonus tax social insurance visa passport permit probation trial " +
	"probezeit review promotion leave vacation absence sick contract vertrag contrat contrato school education university degree reason grund motif reden " +
	"motivo level family grade band flag count rate percent hours fte age nationality citizenship religion marital union shift hash verified next last " +
	"alternate alternative secondary other additional years year months month quarter duration ip hike tenure recruitment recruiter recruiting interviewer sponsor coach trainer doctor landlord agency lawyer applicant candidate referrer mentor buddy assistant head owner approver delegate backup cost budget vendor supplier client customer " +
	"project survey score rating training home private privat personal perso prive particular conyuge conjoint ehepartner naaste kontaktperson " +
	"is has opt allow notice modified updated created signed medical driving licence license car vehicle laptop badge card dress shirt size parent second third deputy substitute")

// dayWords say that a date is meant.
var dayWords = set("date dates datum fecha dato data pvm day days")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[fold(w)] = true
	}
	return m
}

// without gives the words that are not in the set.
func without(words []string, drop map[string]bool) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return drop[w] })
}

// loose gives the words in an order of their own, so that "date of hire" and "hire date" are one.
func loose(words []string) string {
	kept := without(words, fillers)
	slices.Sort(kept)
	return strings.Join(kept, " ")
}

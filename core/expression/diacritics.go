package expression

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"
)

// letters are those of Entra's table that Unicode does not take apart into letter and accent.
var letters = map[rune]string{
	'æ': "ae", 'Æ': "AE", 'ø': "oe", 'Ø': "OE", 'œ': "oe", 'Œ': "OE", 'ß': "ss", 'ẞ': "SS",
	'ł': "l", 'Ł': "L", 'ı': "i", 'đ': "d", 'Đ': "D", 'ð': "d", 'Ð': "D", 'þ': "th", 'Þ': "TH",
	'ħ': "h", 'Ħ': "H", 'ŧ': "t", 'Ŧ': "T", 'ŋ': "n", 'Ŋ': "N", 'ƈ': "c", 'Ƈ': "C", 'ȼ': "c", 'Ȼ': "C",
	'ɠ': "g", 'Ɠ': "G", 'ƙ': "k", 'Ƙ': "K", 'ɨ': "i", 'ŀ': "l", 'Ŀ': "L", 'ĸ': "k", 'ſ': "s", 'ŉ': "n",
	'ĳ': "ij", 'Ĳ': "IJ", 'ə': "e", 'Ə': "E", 'ƀ': "b", 'ƶ': "z", 'Ƶ': "Z", 'ɵ': "o", 'Ɵ': "O", 'ƒ': "f",
}

// isASCII says that a text has no letter beyond ASCII.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// normalizeDiacritics takes the accents off Latin letters; other scripts stay.
func normalizeDiacritics(s string) string {
	if isASCII(s) {
		return s
	}
	var out strings.Builder
	latin := false
	for _, r := range norm.NFD.String(s) {
		plain, special := letters[r]
		switch {
		case special:
			out.WriteString(plain)
			latin = true
		case unicode.Is(unicode.Mn, r) && latin:
		default:
			out.WriteRune(r)
			latin = unicode.Is(unicode.Latin, r)
		}
	}
	return norm.NFC.String(out.String())
}

// spellings are how languages write their letters without accents.
var spellings = map[string]map[rune]string{
	"de": {'ä': "ae", 'ö': "oe", 'ü': "ue", 'ß': "ss"},
	"da": {'å': "aa", 'æ': "ae", 'ø': "oe"},
	"sv": {'å': "a", 'ä': "a", 'ö': "o"},
	"is": {'þ': "th", 'ð': "d", 'æ': "ae", 'ö': "o"},
	"hu": {'ö': "o", 'ő': "o", 'ü': "u", 'ű': "u"},
	"uk": {'г': "h", 'ґ': "g", 'и': "y", 'і': "i", 'ї': "i", 'є': "ie", 'х': "kh", 'ю': "iu", 'я': "ia", 'й': "i", 'щ': "shch", 'ь': "", '’': ""},
	"ru": {'х': "kh", 'ц': "ts", 'щ': "shch", 'ю': "iu", 'я': "ia", 'й': "i", 'ё': "e", 'ъ': "ie", 'ь': "", 'ы': "y", 'э': "e", 'ж': "zh"},
	"bg": {'щ': "sht", 'ъ': "a", 'ь': "y", 'ю': "yu", 'я': "ya", 'х': "h", 'ц': "ts", 'й': "y", 'ж': "zh"},
	"el": {'η': "i", 'υ': "y", 'χ': "ch", 'φ': "f", 'ω': "o", 'ξ': "x", 'ψ': "ps", 'θ': "th", 'β': "v", 'ή': "i", 'ύ': "y", 'ώ': "o"},
}

// sameSpelling names languages that write as another does.
var sameSpelling = map[string]string{"nb": "da", "nn": "da", "no": "da", "fi": "sv", "at": "de", "ch": "de"}

// transliterate writes s in Latin letters without accents, as the locale's language does.
func transliterate(s, locale string) string {
	if isASCII(s) {
		return s
	}
	language, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(locale, "_", "-")), "-")
	if same, ok := sameSpelling[language]; ok {
		language = same
	}
	spelled := spell(norm.NFC.String(s), spellings[language])
	return strings.TrimRight(foreign(normalizeDiacritics(spelled)), " ")
}

// spell replaces letters by the language's spelling. A large letter keeps its case: Ä in
// ÄRZTE is AE, in Ärzte Ae.
func spell(s string, table map[rune]string) string {
	if table == nil {
		return s
	}
	runes := []rune(s)
	var out strings.Builder
	for i, r := range runes {
		small := unicode.ToLower(r)
		spelling, ok := table[small]
		switch {
		case !ok:
			out.WriteRune(r)
		case r == small:
			out.WriteString(spelling)
		case besideLarge(runes, i):
			out.WriteString(strings.ToUpper(spelling))
		case spelling != "":
			out.WriteString(strings.ToUpper(spelling[:1]) + spelling[1:])
		}
	}
	return out.String()
}

func besideLarge(runes []rune, i int) bool {
	if i+1 < len(runes) && unicode.IsLetter(runes[i+1]) {
		return unicode.IsUpper(runes[i+1])
	}
	return i > 0 && unicode.IsUpper(runes[i-1])
}

// foreign writes the letters of other scripts in Latin ones; signs stay as they are.
func foreign(s string) string {
	var out strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsMark(r) {
			out.WriteRune(r)
			continue
		}
		out.WriteString(unidecode.Unidecode(string(r)))
	}
	return out.String()
}

func ascii(s, locale string) string {
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return -1
		}
		return r
	}, unidecodeSigns(transliterate(s, locale)))
}

// unidecodeSigns writes typographic signs such as ’ in ASCII.
func unidecodeSigns(s string) string {
	if isASCII(s) {
		return s
	}
	return unidecode.Unidecode(s)
}

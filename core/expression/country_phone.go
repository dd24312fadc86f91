package expression

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/biter777/countries"
	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

var countryFunctions = []function{
	{name: "Country", aliases: "Iso3166Convert parseCountryCode", signature: `Country(text [, "alpha2" | "alpha3" | "numeric" | "name" | language])`, help: "A country by code, number or name in several languages, as the form asked for; null when it is not known. A language such as de gives the name in it.",
		example: `Country("Allemagne", "alpha2")`, result: "DE", min: 1, max: 2, strict: true, call: country},
	{name: "CountryAlpha2", aliases: "Iso3166Convert.toAlpha2 toAlpha2", signature: "CountryAlpha2(text)", help: "The two-letter code of a country.",
		example: `CountryAlpha2("276")`, result: "DE", min: 1, max: 1, strict: true, call: countryAs("alpha2")},
	{name: "CountryAlpha3", aliases: "Iso3166Convert.toAlpha3 toAlpha3", signature: "CountryAlpha3(text)", help: "The three-letter code of a country.",
		example: `CountryAlpha3("DE")`, result: "DEU", min: 1, max: 1, strict: true, call: countryAs("alpha3")},
	{name: "CountryNumeric", aliases: "Iso3166Convert.toNumeric toNumeric", signature: "CountryNumeric(text)", help: "The three-digit number of a country.",
		example: `CountryNumeric("Austria")`, result: "040", min: 1, max: 1, strict: true, call: countryAs("numeric")},
	{name: "CountryName", aliases: "Iso3166Convert.toName toName", signature: "CountryName(text)", help: "The English name of a country.",
		example: `CountryName("DEU")`, result: "Germany", min: 1, max: 1, strict: true, call: countryAs("name")},
	{name: "PhoneE164", signature: "PhoneE164(text [, country])", help: "A phone number with + and country code; the country is used where the number names none. An error when it cannot be one.",
		example: `PhoneE164("030 901820", "DE")`, result: "+4930901820", min: 1, max: 2, strict: true, call: phone},
}

// nameLanguages are those in which country names are known.
var nameLanguages = []language.Tag{
	language.English, language.German, language.French, language.Dutch, language.Spanish, language.Italian, language.Portuguese,
	language.Danish, language.Swedish, language.Norwegian, language.Finnish, language.Polish, language.Czech, language.Hungarian, language.Romanian,
}

var countriesByName = sync.OnceValue(func() map[string]string {
	table := map[string]string{}
	for _, c := range countries.All() {
		code := c.Alpha2()
		region, err := language.ParseRegion(code)
		if err != nil {
			continue
		}
		for _, tag := range nameLanguages {
			if name := plainName(display.Regions(tag).Name(region)); name != "" && table[name] == "" {
				table[name] = code
			}
		}
	}
	return table
})

func plainName(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(normalizeDiacritics(s)), " "))
}

// countryCode gives the alpha-2 code of a country written in any way; "" when unknown.
func countryCode(s string) string {
	s = strings.TrimSpace(s)
	if n, err := strconv.Atoi(s); err == nil {
		return validCountry(countries.ByNumeric(n))
	}
	if len(s) == 2 || len(s) == 3 {
		if region, err := language.ParseRegion(s); err == nil && region.IsCountry() {
			return region.Canonicalize().String()
		}
	}
	if code := countriesByName()[plainName(s)]; code != "" {
		return code
	}
	return validCountry(countries.ByName(s))
}

func validCountry(c countries.CountryCode) string {
	if c == countries.Unknown || !c.IsValid() {
		return ""
	}
	return c.Alpha2()
}

func countryAs(form string) func(*frame, []Value) (Value, error) {
	return func(_ *frame, a []Value) (Value, error) { return country(nil, []Value{a[0], text(form)}) }
}

func country(_ *frame, a []Value) (Value, error) {
	code := countryCode(a[0].Text())
	if code == "" {
		return Value{}, nil
	}
	c := countries.ByName(code)
	switch form := strings.ToLower(optional(a, 1)); form {
	case "", "alpha2":
		return text(code), nil
	case "alpha3":
		return text(c.Alpha3()), nil
	case "numeric":
		return text(fmt.Sprintf("%03d", int64(c))), nil
	case "name":
		return nameOfCountry(code, language.English)
	default:
		tag, err := language.Parse(form)
		if err != nil {
			return Value{}, refuse("Write alpha2, alpha3, numeric, name, or a language such as de.", "%s is not a form of a country.", quoted(form))
		}
		return nameOfCountry(code, tag)
	}
}

func nameOfCountry(code string, tag language.Tag) (Value, error) {
	region, err := language.ParseRegion(code)
	namer := display.Regions(tag)
	if err != nil || namer == nil {
		return Value{}, refuse("Use another language.", "country names are not known in %s.", tag)
	}
	return text(namer.Name(region)), nil
}

func phone(_ *frame, a []Value) (Value, error) {
	s := strings.TrimSpace(a[0].Text())
	if s == "" {
		return Value{}, nil
	}
	region := countryCode(optional(a, 1))
	if region == "" {
		region = "ZZ"
	}
	number, err := phonenumbers.Parse(s, region)
	if err != nil || !phonenumbers.IsPossibleNumber(number) {
		return Value{}, &Error{At: -1, what: quoted(s) + " is not a phone number that can be dialled.", fix: "Give the country as second argument, or use Try to keep the text.", cause: err}
	}
	return text(phonenumbers.Format(number, phonenumbers.E164)), nil
}

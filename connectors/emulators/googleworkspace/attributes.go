package googleworkspace

import (
	"encoding/hex"
	"encoding/json"
	"iter"
	"maps"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"rollcall/connectors/emulators/wire"
)

// attribute is one of an account, which somebody sets.
type attribute struct {
	*emulator
	of   *user
	name string
}

// setter puts a value into a record, or refuses it.
type setter func(a attribute, o wire.Object, value any) reply

// attributes are those that a body may name. What is not here is unknown, or nobody may write it.
var attributes = map[string]setter{
	"primaryEmail": setAddress, "name": setName, "password": setPassword, "hashFunction": setHash,
	"changePasswordAtNextLogin": setFlag, "ipWhitelisted": setFlag, "includeInGlobalAddressList": setFlag,
	"suspended": setSuspended, "archived": setArchived, "orgUnitPath": setUnit,
	"recoveryEmail": setRecoveryEmail, "recoveryPhone": setRecoveryPhone, "customSchemas": setSchemas,
	"gender": setObject("type", "customGender", "addressMeAs"), "notes": setObject("value", "contentType"),
	"isAdmin": ignore, "isDelegatedAdmin": ignore, // as the documentation of the field says
	"emails": setList, "externalIds": setList, "organizations": setList, "relations": setList, "phones": setList, "addresses": setList,
	"locations": setList, "languages": setList, "ims": setList, "keywords": setList, "websites": setList,
}

// list is what a list of an account may hold.
type list struct {
	size  int // bytes
	keys  string
	needs string // key that each element has
	types string // beside custom
}

const typed = "type customType "

var lists = map[string]list{
	"emails":        {10 << 10, typed + "address primary", "address", "home other work"},
	"externalIds":   {2 << 10, typed + "value", "value", "account customer login_id network organization"},
	"organizations": {10 << 10, typed + "name title department costCenter location description primary domain symbol fullTimeEquivalent", "", "domain_only school unknown work"},
	"relations": {2 << 10, typed + "value", "value", "admin_assistant assistant brother child domestic_partner dotted_line_manager exec_assistant father friend " +
		"manager mother parent partner referred_by relative sister spouse"},
	"phones": {1 << 10, typed + "value primary", "value", "assistant callback car company_main grand_central home home_fax isdn main mobile other other_fax " +
		"pager radio telex tty_tdd work work_fax work_mobile work_pager"},
	"addresses": {10 << 10, typed + "streetAddress extendedAddress poBox locality region postalCode country countryCode formatted primary sourceIsStructured", "", "home other work"},
	"locations": {10 << 10, typed + "area buildingId floorName floorSection deskCode", "", "default desk"},
	"languages": {1 << 10, "languageCode customLanguage preference", "", ""},
	"ims":       {2 << 10, typed + "im protocol customProtocol primary", "im", "home other work"},
	"keywords":  {1 << 10, typed + "value", "value", "mission occupation outlook"},
	"websites":  {2 << 10, typed + "value primary", "value", "app_install_page blog ftp home home_page other profile reservations resume work"},
}

func keysOf(o wire.Object) iter.Seq[string] { return maps.Keys(o) }

func ignore(attribute, wire.Object, any) reply { return reply{} }

// free refuses an address that is none, that is not of the domain, or that somebody other than u has.
func (e *emulator) free(u *user, a, input string) reply {
	at := strings.LastIndex(a, "@")
	if _, err := mail.ParseAddress(a); err != nil || strings.ContainsAny(a, " <>") || at < 1 || at > 64 {
		return invalid(input)
	}
	if !strings.EqualFold(a[at+1:], domain) {
		return unknownDomain
	}
	if owner := e.byAddress[strings.ToLower(a)]; owner != nil && (u == nil || owner != any(u)) {
		return duplicate(alreadyThere)
	}
	return reply{}
}

// setAddress gives an account its address. The one that it had becomes an alias.
func setAddress(a attribute, o wire.Object, value any) reply {
	to, was := text(value), text(o["primaryEmail"])
	if bad := a.free(a.of, to, "primary_user_email"); bad.status != 0 {
		return bad
	}
	o["primaryEmail"] = to
	if was == "" || strings.EqualFold(was, to) {
		return reply{}
	}
	others := slices.DeleteFunc(aliases(o), func(s string) bool { return strings.EqualFold(s, to) })
	setAliases(o, append(others, was))
	return reply{}
}

// setName changes the parts of the name that are given.
func setName(_ attribute, o wire.Object, value any) reply {
	given, ok := value.(wire.Object)
	if !ok {
		return invalid("name")
	}
	before, _ := o["name"].(wire.Object)
	name := wire.Object{}
	maps.Copy(name, before)
	for part, value := range given {
		most, known := map[string]int{"givenName": 60, "familyName": 60, "displayName": 256}[part]
		s, isText := value.(string)
		switch {
		case !known || value != nil && !isText || utf8.RuneCountInString(s) > most || s == "" && part != "displayName":
			return invalid("name." + part)
		case s == "":
			delete(name, part)
		default:
			name[part] = s
		}
	}
	name["fullName"] = text(name["givenName"]) + " " + text(name["familyName"])
	o["name"] = name
	return reply{}
}

func setPassword(_ attribute, _ wire.Object, value any) reply {
	if text(value) == "" {
		return invalid("password")
	}
	return reply{}
}

// setHash checks that the hash function is one of three. What the password is then is nobody's to see.
func setHash(_ attribute, _ wire.Object, value any) reply {
	if !slices.Contains([]string{"MD5", "SHA-1", "crypt"}, text(value)) {
		return invalid("hashFunction")
	}
	return reply{}
}

// hashed tells whether a password has the form of its hash function.
func hashed(body wire.Object) bool {
	size := map[string]int{"MD5": 16, "SHA-1": 20}[text(body["hashFunction"])]
	raw, err := hex.DecodeString(text(body["password"]))
	return size == 0 || err == nil && len(raw) == size
}

func setFlag(a attribute, o wire.Object, value any) reply {
	flag, ok := value.(bool)
	if !ok && value != nil {
		return invalid(a.name)
	}
	o[a.name] = flag
	return reply{}
}

func setSuspended(a attribute, o wire.Object, value any) reply {
	was := o["suspended"]
	if bad := setFlag(a, o, value); bad.status != 0 || was == o["suspended"] {
		return bad
	}
	if o["suspended"] == true {
		o["suspensionReason"], o["suspensionTime"] = "ADMIN", now()
		return reply{}
	}
	delete(o, "suspensionReason")
	delete(o, "suspensionTime")
	return reply{}
}

func setArchived(a attribute, o wire.Object, value any) reply {
	was := o["archived"]
	if bad := setFlag(a, o, value); bad.status != 0 || was == o["archived"] {
		return bad
	}
	delete(o, "archivalTime")
	if o["archived"] == true {
		o["archivalTime"] = now()
	}
	return reply{}
}

func setUnit(a attribute, o wire.Object, value any) reply {
	u := a.findUnit(text(value))
	if u == nil || !strings.HasPrefix(text(value), "/") {
		return invalid("orgUnitPath")
	}
	o["orgUnitPath"] = u.path
	return reply{}
}

func setRecoveryEmail(a attribute, o wire.Object, value any) reply {
	_, err := mail.ParseAddress(text(value))
	return setText(a, o, value, err == nil)
}

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{1,14}$`)

func setRecoveryPhone(a attribute, o wire.Object, value any) reply {
	return setText(a, o, value, e164.MatchString(text(value)))
}

// setText sets a text that has the right form, and clears it for null and for an empty one.
func setText(a attribute, o wire.Object, value any, good bool) reply {
	s, ok := value.(string)
	switch {
	case value == nil || ok && s == "":
		delete(o, a.name)
	case !ok || !good:
		return invalid(a.name)
	default:
		o[a.name] = s
	}
	return reply{}
}

func setObject(keys ...string) setter {
	return func(a attribute, o wire.Object, value any) reply {
		given, ok := value.(wire.Object)
		if value == nil {
			delete(o, a.name)
			return reply{}
		}
		if !ok || size(value) > 1<<10 {
			return invalid(a.name)
		}
		for key, v := range given {
			if _, isText := v.(string); !isText || !slices.Contains(keys, key) {
				return invalid(a.name + "." + key)
			}
		}
		o[a.name] = given
		return reply{}
	}
}

func size(value any) int {
	text, _ := json.Marshal(value) // it came as JSON
	return len(text)
}

// setList replaces a whole list.
func setList(a attribute, o wire.Object, value any) reply {
	rule := lists[a.name]
	if value == nil {
		value = []any{}
	}
	given, ok := value.([]any)
	if !ok || size(value) > rule.size {
		return invalid(a.name)
	}
	primary := 0
	for _, one := range given {
		element, ok := one.(wire.Object)
		if !ok {
			return invalid(a.name)
		}
		if bad := rule.refuses(element); bad != "" {
			return invalid(a.name + "." + bad)
		}
		if element["primary"] == true {
			primary++
		}
	}
	if primary > 1 {
		return invalid(a.name + ".primary")
	}
	delete(o, a.name)
	if len(given) > 0 {
		o[a.name] = given
	}
	return reply{}
}

// refuses names what is wrong with an element, or gives "".
func (l list) refuses(element wire.Object) string {
	known := strings.Fields(l.keys)
	for key, v := range element {
		_, isText := v.(string)
		_, isFlag := v.(bool)
		switch {
		case !slices.Contains(known, key):
			return key
		case key == "primary" || key == "sourceIsStructured":
			if !isFlag {
				return key
			}
		case key == "fullTimeEquivalent":
			if n, isNumber := v.(json.Number); !isNumber || strings.ContainsAny(n.String(), ".eE-") {
				return key
			}
		case !isText:
			return key
		}
	}
	kind, hasKind := element["type"]
	switch {
	case l.needs != "" && text(element[l.needs]) == "":
		return l.needs
	case kind == "custom" && text(element["customType"]) == "":
		return "customType"
	case hasKind && kind != "custom" && kind != "" && !slices.Contains(strings.Fields(l.types), text(kind)):
		return "type"
	}
	return ""
}

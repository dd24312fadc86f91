package entraid

import (
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rollcall/connectors/emulators/wire"
)

// refusal is a no to a write, before it is put into an answer.
type refusal struct {
	status          int
	message, target string // a target is the property of a conflict
}

var (
	denied = &refusal{status: http.StatusForbidden, message: refusals[http.StatusForbidden][1]}
	synced = &refusal{status: http.StatusBadRequest,
		message: "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration."}
	alreadyThere = &refusal{status: http.StatusBadRequest,
		message: "One or more added object references already exist for the following modified properties: 'members'."}
)

func conflict(name string) *refusal {
	return &refusal{http.StatusBadRequest, "Another object with the same value for property " + name + " already exists.", name}
}

func invalid(name string) *refusal {
	return &refusal{status: http.StatusBadRequest, message: "Invalid value specified for property '" + name + "' of resource 'User'."}
}

// rule is what a property takes. Those without a rule take nothing.
type rule struct {
	check func(value any, most int) (any, bool)
	most  int  // characters, or things in a list
	keep  bool // cannot be cleared
}

var rules = map[string]rule{
	"userPrincipalName": {aText, 113, true}, "mailNickname": {aText, 64, false}, "displayName": {aText, 256, true},
	"accountEnabled": {aFlag, 0, true}, "givenName": {aText, 64, false}, "surname": {aText, 64, false},
	"mail": {anAddress, 0, false}, "otherMails": {addresses, 250, true}, "employeeId": {aText, 16, false},
	"employeeType": {aText, 0, false}, "employeeHireDate": {aMoment, 0, false}, "employeeLeaveDateTime": {aMoment, 0, false},
	"jobTitle": {aText, 128, false}, "department": {aText, 64, false}, "companyName": {aText, 64, false},
	"officeLocation": {aText, 128, false}, "businessPhones": {phones, 1, true}, "mobilePhone": {aText, 64, false},
	"streetAddress": {aText, 1024, false}, "city": {aText, 128, false}, "state": {aText, 128, false}, "country": {aText, 128, false},
	"postalCode": {aText, 40, false}, "usageLocation": {twoLetters, 2, false}, "preferredLanguage": {aText, 0, false},
	"userType": {memberOrGuest, 0, false}, "onPremisesImmutableId": {aText, 0, false}, "faxNumber": {aText, 0, false},
	"ageGroup": {aText, 0, false}, "consentProvidedForMinor": {aText, 0, false},
}

// ofSynced are what can be written of people who come from on-premises; extensions of the cloud too.
var ofSynced = []string{"usageLocation", "otherMails"}

// sensitive are what not every application may write of an administrator.
var sensitive = []string{"accountEnabled", "mobilePhone", "businessPhones", "otherMails", "passwordProfile"}

func aText(value any, most int) (any, bool) {
	text, ok := value.(string)
	return text, ok && text != "" && (most == 0 || utf8.RuneCountInString(text) <= most)
}

func aFlag(value any, _ int) (any, bool) {
	flag, ok := value.(bool)
	return flag, ok
}

func aMoment(value any, _ int) (any, bool) {
	text, _ := value.(string)
	at, err := time.Parse(time.RFC3339, text)
	return at.UTC().Format(time.RFC3339), err == nil
}

var address = regexp.MustCompile(`^[^\s@]+@[^\s@]+$`)

func anAddress(value any, _ int) (any, bool) {
	text, _ := value.(string)
	return text, address.MatchString(text)
}

func texts(value any, most, length int) (list []any, ok bool) {
	list, ok = value.([]any)
	for _, one := range list {
		if _, right := aText(one, length); !right {
			return nil, false
		}
	}
	return list, ok && len(list) <= most
}

func phones(value any, most int) (any, bool) { return texts(value, most, 0) }

func addresses(value any, most int) (any, bool) {
	list, ok := texts(value, most, 250)
	return list, ok && !slices.ContainsFunc(list, func(one any) bool { return !address.MatchString(one.(string)) })
}

var letters = regexp.MustCompile(`^[A-Z]{2}$`)

func twoLetters(value any, _ int) (any, bool) {
	text, _ := value.(string)
	return text, letters.MatchString(text)
}

func memberOrGuest(value any, _ int) (any, bool) { return value, value == "Member" || value == "Guest" }

var principal = regexp.MustCompile(`^[A-Za-z0-9'._!#^~-]+@([A-Za-z0-9.-]+)$`)

// values checks what somebody wants to write, and gives it as the directory holds it.
func (e *emulator) values(a *account, body wire.Object) (values map[string]any, no *refusal) {
	values = map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(body)) {
		value, no := e.checked(a, name, body[name])
		if no != nil {
			return nil, no
		}
		values[name] = value
	}
	delete(values, "passwordProfile") // it is never shown
	delete(values, "@odata.type")
	if mail, ok := values["mail"].(string); ok {
		values["proxyAddresses"] = []any{"SMTP:" + mail}
	}
	return values, e.unique(a, values)
}

func (e *emulator) checked(a *account, name string, value any) (any, *refusal) {
	rule, writable := rules[name]
	_, readable := known(name)
	extension, own := e.extension(name)
	switch {
	case name == "@odata.type" && value == "#microsoft.graph.user":
		return nil, nil
	case name == "passwordProfile":
		return nil, password(value)
	case name == "employeeOrgData" || name == "onPremisesExtensionAttributes":
		return merged(a, name, value)
	case own:
		return extension.checked(value)
	case readable && !writable:
		return nil, &refusal{status: http.StatusBadRequest, message: "Property '" + name + "' is read-only and cannot be set."}
	case !writable:
		return nil, &refusal{status: http.StatusBadRequest, message: "Invalid property '" + name + "'."}
	case value == nil && rule.keep:
		return nil, invalid(name)
	case value == nil:
		return nil, nil
	}
	value, ok := rule.check(value, rule.most)
	if !ok {
		return nil, invalid(name)
	}
	if name == "userPrincipalName" {
		return value, principalNo(value.(string))
	}
	return value, nil
}

func principalNo(name string) *refusal {
	parts := principal.FindStringSubmatch(name)
	switch {
	case parts == nil:
		return &refusal{status: http.StatusBadRequest, message: "Property userPrincipalName is invalid."}
	case !strings.EqualFold(parts[1], tenantDomain):
		return &refusal{status: http.StatusBadRequest, message: "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization."}
	}
	return nil
}

// unique refuses what somebody else has.
func (e *emulator) unique(a *account, values map[string]any) *refusal {
	for _, c := range [][2]string{{"userPrincipalName", "userPrincipalName"}, {"mail", "proxyAddresses"}} {
		value, written := values[c[0]].(string)
		taken := func(of *account) bool { return of != a && of.living() }
		if written && slices.ContainsFunc(e.with(c[0], value), taken) {
			return conflict(c[1])
		}
	}
	return nil
}

var kindsOfCharacters = []*regexp.Regexp{regexp.MustCompile("[a-z]"), regexp.MustCompile("[A-Z]"), regexp.MustCompile("[0-9]"), regexp.MustCompile("[^A-Za-z0-9]")}

// password tells what is wrong with a password: three of four kinds of characters, and eight of them, are asked for.
func password(value any) *refusal {
	profile, ok := value.(wire.Object)
	if !ok {
		return invalid("passwordProfile")
	}
	for name, value := range profile {
		_, isFlag := value.(bool)
		_, isText := value.(string)
		if !isText && name == "password" || !isFlag && strings.HasPrefix(name, "forceChangePasswordNextSignIn") ||
			!slices.Contains([]string{"password", "forceChangePasswordNextSignIn", "forceChangePasswordNextSignInWithMfa"}, name) {
			return invalid("passwordProfile")
		}
	}
	text, given := profile["password"].(string)
	kinds := 0
	for _, of := range kindsOfCharacters {
		if of.MatchString(text) {
			kinds++
		}
	}
	if given && (kinds < 3 || utf8.RuneCountInString(text) < 8 || utf8.RuneCountInString(text) > 256) {
		return &refusal{status: http.StatusBadRequest, message: "The specified password does not comply with password complexity requirements. Please provide a different password."}
	}
	return nil
}

// merged puts the parts of a complex property into those that an account has: what is not named stays.
func merged(a *account, name string, value any) (any, *refusal) {
	if value == nil {
		return nil, nil
	}
	parts, ok := value.(wire.Object)
	if !ok {
		return nil, invalid(name)
	}
	before, _ := a.value(name).(wire.Object)
	whole := maps.Clone(before)
	if whole == nil {
		whole = emptyParts(name)
	}
	for part, value := range parts {
		_, right := aText(value, 1024)
		if _, exists := emptyParts(name)[part]; !exists || value != nil && !right {
			return nil, invalid(name)
		}
		whole[part] = value
	}
	return whole, nil
}

func emptyParts(name string) wire.Object {
	if name == "employeeOrgData" {
		return wire.Object{"division": nil, "costCenter": nil}
	}
	all := wire.Object{}
	for i := range 15 {
		all["extensionAttribute"+strconv.Itoa(i+1)] = nil
	}
	return all
}

func (d definition) checked(value any) (any, *refusal) {
	list, isList := value.([]any)
	switch {
	case value == nil:
		return nil, nil
	case isList != d.many:
		return nil, invalid(d.name)
	case !isList:
		list = []any{value}
	}
	for _, one := range list {
		if !d.takes(one) {
			return nil, invalid(d.name)
		}
	}
	return value, nil
}

func (d definition) takes(value any) bool {
	text, isText := value.(string)
	switch d.kind {
	case "Boolean":
		_, ok := value.(bool)
		return ok
	case "Integer", "LargeInteger":
		number, _ := value.(json.Number)
		n, err := number.Int64()
		return err == nil && (d.kind == "LargeInteger" || n >= math.MinInt32 && n <= math.MaxInt32)
	case "DateTime":
		_, ok := aMoment(value, 0)
		return ok
	}
	return isText && text != "" && utf8.RuneCountInString(text) <= 256
}

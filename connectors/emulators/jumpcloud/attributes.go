package jumpcloud

import (
	"maps"
	"net/http"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"rollcall/connectors/emulators/wire"
)

// The keys of a person, by what a value has to be. Those to read can be asked for in a search too.
const (
	texts    = "firstname lastname middlename displayname employeeType jobTitle department costCenter company location"
	flags    = "account_locked password_never_expires"
	listed   = "phoneNumbers addresses attributes"
	special  = "username email employeeIdentifier description manager alternateEmail recoveryEmail state suspended password"
	readOnly = "_id id created organization activated externally_managed external_source_type external_dn password_expired totp_enabled unix_guid unix_uid mfa"
)

func readable(key string) bool {
	return known(key, texts+" "+flags+" "+special+" "+readOnly) && key != "password"
}

// apply puts a body into a record. The record is of no use if it is refused.
func (e *emulator) apply(u *user, o, body wire.Object) reply {
	for _, key := range slices.Sorted(maps.Keys(body)) {
		if bad := e.set(u, o, key, body[key]); bad.status != 0 {
			return bad
		}
	}
	return setState(o, body, u.held == nil && u.person == nil)
}

func (e *emulator) set(u *user, o wire.Object, key string, value any) reply {
	s, isText := value.(string)
	flag, isFlag := value.(bool)
	wrong := invalid("Validation failed: " + key + " is invalid")
	switch {
	case once[key] != nil:
		return e.setOnce(u, o, key, value)
	case key == "state" || key == "suspended": // together, at the end
	case known(key, texts), key == "description" && utf8.RuneCountInString(s) <= 1024:
		if !isText {
			return wrong
		}
		o[key] = s
	case known(key, flags):
		if !isFlag {
			return wrong
		}
		o[key] = flag
	case key == "password" && isText && s != "": // nobody sees it again
	case key == "alternateEmail" && isText && (s == "" || isAddress(s)):
		o[key] = s
	case key == "recoveryEmail":
		return setRecovery(o, value)
	case key == "manager":
		return e.setManager(o, value)
	case known(key, listed):
		return setList(o, key, value)
	case known(key, readOnly) || known(key, special):
		return wrong
	default:
		return invalid("Validation failed: " + key + " is unknown")
	}
	return reply{}
}

func isAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

var lower = regexp.MustCompile(`^[^\sA-Z]+$`)

// setOnce sets a value that nobody else has. A username stays what it was made.
func (e *emulator) setOnce(u *user, o wire.Object, key string, value any) reply {
	s, isText := value.(string)
	owner := e.unique[key][once[key](s)]
	switch {
	case !isText,
		key == "username" && (!lower.MatchString(s) || text(o[key]) != "" && text(o[key]) != s),
		key == "email" && !isAddress(s):
		return invalid("Validation failed: " + key + " is invalid")
	case s != "" && owner != nil && owner != u:
		return refused(http.StatusConflict, key+" already exists")
	}
	o[key] = s
	return reply{}
}

func setRecovery(o wire.Object, value any) reply {
	given, ok := value.(wire.Object)
	a, isText := given["address"].(string)
	if !ok || !isText || len(given) != 1 || a != "" && !isAddress(a) {
		return invalid("Validation failed: recoveryEmail is invalid")
	}
	o["recoveryEmail"] = wire.Object{"address": a, "verified": false}
	return reply{}
}

func (e *emulator) setManager(o wire.Object, value any) reply {
	s, isText := value.(string)
	switch {
	case value == nil || isText && s == "":
		o["manager"] = nil
	case e.byID[s] == nil:
		return invalid("Validation failed: manager is no user")
	default:
		o["manager"] = s
	}
	return reply{}
}

var letters = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// kinds are the keys of an element of each list, and the types that it can have.
var kinds = map[string][2]string{
	"phoneNumbers": {"type number", "work mobile home work_mobile work_fax"},
	"addresses":    {"type streetAddress extendedAddress poBox locality region postalCode country", "work home"},
	"attributes":   {"name value", ""},
}

// setList replaces a whole list.
func setList(o wire.Object, key string, value any) reply {
	wrong := invalid("Validation failed: " + key + " is invalid")
	list, ok := value.([]any)
	if !ok {
		return wrong
	}
	names := map[string]bool{}
	for _, one := range list {
		element, ok := one.(wire.Object)
		if !ok {
			return wrong
		}
		for name, value := range element {
			if _, isText := value.(string); !isText || !known(name, kinds[key][0]) {
				return wrong
			}
		}
		name := text(element["name"])
		switch {
		case key == "attributes" && (!letters.MatchString(name) || names[strings.ToLower(name)] || element["value"] == nil),
			key != "attributes" && !known(text(element["type"]), kinds[key][1]):
			return wrong
		}
		names[strings.ToLower(name)] = true
	}
	o[key] = list
	return reply{}
}

// setState sets state and suspended, which have to agree. Who was once activated is not staged again.
func setState(o, body wire.Object, fresh bool) reply {
	state, hasState := body["state"]
	suspended, hasFlag := body["suspended"]
	_, isFlag := suspended.(bool)
	switch {
	case !hasState && !hasFlag:
		return reply{}
	case hasState && !known(text(state), staged+" "+active+" "+held), hasFlag && !isFlag:
		return invalid("Validation failed: state or suspended is invalid")
	case hasState && hasFlag && suspended != (state == held):
		return invalid("Validation failed: state and suspended conflict")
	case !hasState && suspended == true:
		state = held
	case !hasState && o["state"] == held:
		state = active
	case !hasState:
		state = o["state"]
	}
	if state == staged && o["activated"] == true && !fresh {
		return invalid("Validation failed: an activated user cannot be staged")
	}
	o["state"], o["suspended"], o["activated"] = state, state == held, state != staged
	return reply{}
}

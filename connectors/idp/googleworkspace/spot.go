package googleworkspace

import (
	"encoding/json"
	"maps"
	"slices"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// user is a user as Google writes one.
type user = map[string]any

// spot is where in a list of a user an element stands: the one that says one of these
// words under a key, the earlier words first. Otherwise it may be the first of all.
type spot struct {
	key   string
	words []string
	first bool
	fresh user // what a new element begins with
}

// find gives the place of the element, or -1.
func (s spot) find(list []any) int {
	for _, word := range s.words {
		if i := slices.IndexFunc(list, func(e any) bool { o, _ := e.(user); return manifest.Text(o[s.key]) == word }); i >= 0 {
			return i
		}
	}
	if s.first && len(list) > 0 {
		return 0
	}
	return -1
}

// with gives the list with the value in the element's part; an element that says nothing
// more is taken out. The other elements stay as they are.
func (s spot) with(list []any, part, value string) []any {
	list = slices.Clone(list)
	at := s.find(list)
	if at < 0 && value == "" {
		return list
	}
	if at < 0 {
		at, list = len(list), append(list, s.fresh)
	}
	before, _ := list[at].(user)
	element := maps.Clone(before)
	if element == nil {
		element = maps.Clone(s.fresh)
	}
	if element[part] = value; value == "" {
		delete(element, part)
	}
	if s.bare(element) {
		return slices.Delete(list, at, at+1)
	}
	list[at] = element
	return list
}

// bare says that an element has nothing but what says which one it is.
func (s spot) bare(element user) bool {
	for key, value := range element {
		_, begun := s.fresh[key]
		if !begun && !slices.Contains([]string{"type", "customType", "primary"}, key) && manifest.Text(value) != "" {
			return false
		}
	}
	return true
}

// form is how Google writes a value.
type form uint8

const (
	asText   form = iota
	asBool        // true or false
	asNumber      // a number; whole ones of 64 bits are texts in Google's JSON
)

// get gives the attribute's value of a user; of the manager, his address.
func (a attribute) get(u user) string {
	switch {
	case a.spot != nil:
		list, _ := u[a.top].([]any)
		if a.top == "emails" {
			list = ownEmails(u)
		}
		at := a.spot.find(list)
		if at < 0 {
			return ""
		}
		return manifest.TextAt(list[at], a.part)
	case a.schema != "":
		return a.custom(object(object(u["customSchemas"])[a.schema])[a.part])
	case a.part != "":
		return manifest.Text(object(u[a.top])[a.part])
	case a.Kind == core.List:
		return core.JoinList(texts(u[a.top]))
	case a.top == orgUnit && u[a.top] == top:
		return ""
	}
	return manifest.Text(u[a.top])
}

// custom gives the text of a value of the customer's own; of several, a list.
func (a attribute) custom(value any) string {
	if list, ok := value.([]any); ok {
		return core.JoinList(texts(plain(list)))
	}
	return manifest.Text(value)
}

func object(v any) user {
	o, _ := v.(user) // null is none
	return o
}

func texts(v any) []string {
	list, _ := v.([]any)
	all := make([]string, len(list))
	for i, e := range list {
		all[i] = manifest.Text(e)
	}
	return all
}

// ownEmails are the e-mails that somebody entered: Google itself adds the primary one and
// the aliases.
func ownEmails(u user) []any {
	own := map[string]bool{}
	for _, address := range addressesOf(u) {
		own[folded(address)] = true
	}
	list, _ := u["emails"].([]any)
	return slices.DeleteFunc(slices.Clone(list), func(e any) bool {
		o, _ := e.(user)
		return o["primary"] == true || own[folded(manifest.Text(o["address"]))]
	})
}

// put writes the value into the body of a request that changes now; the empty value
// clears. A list goes as a whole, with what stands beside the value (Google's guide
// “Manage user accounts”: an update replaces lists).
func (a attribute) put(body, now user, value string) {
	switch {
	case a.spot != nil:
		list, begun := body[a.top].([]any)
		if !begun {
			if list, _ = now[a.top].([]any); a.top == "emails" {
				list = ownEmails(now)
			}
		}
		body[a.top] = a.spot.with(list, a.part, value)
	case a.schema != "":
		a.putCustom(body, now, value)
	case a.top == "name":
		name := part(body, "name")
		for _, key := range []string{"givenName", "familyName", "displayName"} {
			if held := object(now["name"])[key]; name[key] == nil && held != nil {
				name[key] = held
			}
		}
		name[a.part] = value
	case a.part != "" && value == "":
		body[a.top] = nil
	case a.part != "": // of gender, how to speak of the person stays
		whole := maps.Clone(object(now[a.top]))
		if whole == nil {
			whole = user{}
		}
		whole[a.part] = value
		body[a.top] = whole
	case a.top == orgUnit && value == "":
		body[a.top] = top
	default:
		body[a.top] = value
	}
}

func (a attribute) putCustom(body, now user, value string) {
	fields := part(part(body, "customSchemas"), a.schema)
	if value == "" {
		fields[a.part] = nil
		return
	}
	if a.Kind != core.List {
		fields[a.part] = a.encode(value)
		return
	}
	before, _ := object(object(now["customSchemas"])[a.schema])[a.part].([]any)
	list := []any{}
	for _, v := range core.SplitList(value) {
		element := user{"value": a.encode(v)}
		if i := slices.IndexFunc(before, func(e any) bool { return manifest.TextAt(e, "value") == v }); i >= 0 {
			element = before[i].(user) // with its type; it has a value, so it is an object
		}
		list = append(list, element)
	}
	fields[a.part] = list
}

func (a attribute) encode(value string) any {
	switch a.form {
	case asBool:
		return value == "true"
	case asNumber:
		return json.Number(value)
	}
	return value
}

// part gives the object under a key, which is made where there is none.
func part(body user, key string) user {
	inner, ok := body[key].(user)
	if !ok {
		inner = user{}
		body[key] = inner
	}
	return inner
}

package okta

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// custom is one of the company's own attributes.
type custom struct {
	name, title, kind string
	of                func(p seed.Employee) (value any, there bool)
}

func text(of func(seed.Employee) string) func(seed.Employee) (any, bool) {
	return func(p seed.Employee) (any, bool) { return of(p), of(p) != "" }
}

func at[T any](value *T) (any, bool) {
	if value == nil {
		return nil, false
	}
	return *value, true
}

var customs = []custom{
	{"hireDate", "Hire date", "string", text(func(p seed.Employee) string { return p.Hire })},
	{"badge", "Badge", "string", text(func(p seed.Employee) string { return p.Custom.Badge })},
	{"building", "Building", "list", text(func(p seed.Employee) string { return p.Custom.Building.Name })},
	{"note", "Note", "string", text(func(p seed.Employee) string { return p.Custom.Note })},
	{"languages", "Languages", "array", func(p seed.Employee) (any, bool) { return p.Custom.Languages, p.Custom.Languages != nil }},
	{"bicycles", "Bicycles", "integer", func(p seed.Employee) (any, bool) { return at(p.Custom.Bicycles) }},
	{"hours", "Hours", "number", func(p seed.Employee) (any, bool) { return json.Number(p.Custom.Hours), p.Custom.Hours != "" }},
	{"onSite", "On site", "boolean", func(p seed.Employee) (any, bool) { return at(p.Custom.OnSite) }},
}

var baseTitles = map[string]string{
	"login": "Username", "email": "Primary email", "firstName": "First name", "lastName": "Last name", "secondEmail": "Secondary email",
	"middleName": "Middle name", "honorificPrefix": "Honorific prefix", "honorificSuffix": "Honorific suffix", "nickName": "Nickname",
	"displayName": "Display name", "title": "Title", "mobilePhone": "Mobile phone", "primaryPhone": "Primary phone", "streetAddress": "Street address",
	"city": "City", "state": "State", "zipCode": "Zip code", "countryCode": "Country code", "postalAddress": "Postal Address",
	"preferredLanguage": "Preferred language", "locale": "Locale", "timezone": "Time zone", "userType": "User type", "employeeNumber": "Employee number",
	"costCenter": "Cost center", "organization": "Organization", "division": "Division", "department": "Department", "managerId": "ManagerId",
	"manager": "Manager", "profileUrl": "Profile Url",
}

var required = []string{"login", "firstName", "lastName", "email"}

const profileMaster = "PROFILE_MASTER"

// lengths are the least and the most characters that a base attribute may have.
var lengths = map[string][2]int{
	"login": {5, 100}, "email": {5, 100}, "firstName": {1, 50}, "lastName": {1, 50}, "secondEmail": {0, 100}, "mobilePhone": {0, 100},
	"primaryPhone": {0, 100}, "streetAddress": {0, 1024}, "city": {0, 128}, "state": {0, 128}, "zipCode": {0, 50}, "countryCode": {0, 2},
	"postalAddress": {0, 4096},
}

var formatOf = map[string]string{"email": "email", "secondEmail": "email", "countryCode": "country-code", "preferredLanguage": "language-code",
	"locale": "locale", "timezone": "timezone", "profileUrl": "uri"}

// ownSchema lets a call pass that names the schema of the only user type.
func ownSchema(w http.ResponseWriter, r *http.Request) bool {
	id := r.PathValue("id")
	if id != "default" && id != typeID {
		notFound(w, id, "UserSchema")
		return false
	}
	return asks(w, r)
}

func (e *emulator) schema(w http.ResponseWriter, r *http.Request) {
	if ownSchema(w, r) {
		answer(w, e.org.schema())
	}
}

func (o *org) schema() wire.Object {
	basic, asked := wire.Object{}, []string{}
	for name, title := range baseTitles {
		basic[name] = baseProperty(name, title)
	}
	for _, name := range slices.Sorted(maps.Keys(o.custom)) {
		if o.attrs[name].Required {
			asked = append(asked, name)
		}
	}
	return wire.Object{
		"id": base + "/meta/schemas/user/oscdefault0000000001", "$schema": "http://json-schema.org/draft-04/schema#",
		"name": "user", "title": "User", "lastUpdated": "2026-01-05T10:40:45.000Z", "created": created, "type": "object",
		"definitions": wire.Object{
			"base":   wire.Object{"id": "#base", "type": "object", "properties": basic, "required": required},
			"custom": wire.Object{"id": "#custom", "type": "object", "properties": maps.Clone(o.custom), "required": asked},
		},
	}
}

func permission(action string) []any {
	return []any{wire.Object{"principal": "SELF", "action": action}}
}

func baseProperty(name, title string) wire.Object {
	o := wire.Object{"title": title, "type": "string", "permissions": permission("READ_WRITE"), "master": wire.Object{"type": profileMaster}}
	if slices.Contains(required, name) {
		o["required"] = true
	}
	if name == "login" {
		o["permissions"] = permission("READ_ONLY")
	}
	if lengths[name][0] > 0 {
		o["minLength"] = lengths[name][0]
	}
	if lengths[name][1] > 0 {
		o["maxLength"] = lengths[name][1]
	}
	if formatOf[name] != "" {
		o["format"] = formatOf[name]
	}
	return o
}

func customProperty(c custom) wire.Object {
	o := wire.Object{"title": c.title, "type": c.kind, "scope": "NONE", "master": wire.Object{"type": "OKTA"}, "permissions": permission("READ_ONLY")}
	switch c.kind {
	case "list":
		o["type"], o["enum"] = "string", []string{"Gent HQ", "Liège"}
	case "array":
		o["items"] = wire.Object{"type": "string", "enum": []string{"English", "German", "Portuguese"}}
	}
	return o
}

func (e *emulator) types(w http.ResponseWriter, _ *http.Request) {
	answer(w, []any{wire.Object{
		"id": typeID, "name": "user", "displayName": "User", "description": "Okta user profile template with default permission settings",
		"default": true, "created": created, "createdBy": "sprz9fj1ycBcsgopy1d6", "lastUpdated": created, "lastUpdatedBy": "sprz9fj1ycBcsgopy1d6",
		"_links": wire.Object{"schema": wire.Object{"rel": "schema", "href": base + "/api/v1/meta/schemas/user/oscdefault0000000001", "method": "GET"},
			"self": wire.Object{"rel": "self", "href": base + "/api/v1/meta/types/user/" + typeID, "method": "GET"}},
	}})
}

var kinds = []string{"string", "boolean", "number", "integer", "array"}

var knownKeys = []string{"title", "description", "type", "format", "required", "minLength", "maxLength", "enum", "oneOf", "unique", "mutability",
	"scope", "permissions", "master", "items", "pattern", "default", "externalName", "externalNamespace"}

// changeSchema adds and changes the org's own attributes; null removes one, and what is left out stays as it is.
func (e *emulator) changeSchema(w http.ResponseWriter, r *http.Request) {
	if !ownSchema(w, r) {
		return
	}
	body, ok := bodyOf(w, r, "definitions", "id", "$schema", "name", "title", "type")
	if !ok {
		return
	}
	definitions, ok := objectAt(w, body, "definitions")
	if !ok {
		return
	}
	custom, ok := objectAt(w, definitions, "custom")
	if !ok {
		return
	}
	properties, ok := objectAt(w, custom, "properties")
	switch {
	case !ok:
		return
	case definitions["base"] != nil:
		invalid(w, "base", "The base attributes of this org cannot be changed.")
		return
	}
	asked, _ := custom["required"].([]any)
	if flaws := e.org.amend(properties, asked); len(flaws) > 0 {
		invalids(w, flaws)
		return
	}
	answer(w, e.org.schema())
}

// amend changes the org's own attributes, all that are named or none.
func (o *org) amend(properties wire.Object, asked []any) (flaws []flaw) {
	after := maps.Clone(o.custom)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if properties[name] == nil {
			delete(after, name)
			continue
		}
		change, _ := properties[name].(wire.Object)
		property := wire.Object{"scope": "NONE", "master": wire.Object{"type": profileMaster}, "permissions": permission("READ_ONLY")}
		maps.Copy(property, after[name])
		maps.Copy(property, change)
		if slices.Contains(asked, any(name)) {
			property["required"] = true
		}
		maps.DeleteFunc(property, func(_ string, value any) bool { return value == nil })
		if wrong := o.amendable(name, property); wrong != "" {
			flaws = append(flaws, flaw{name, wrong})
		}
		after[name] = property
	}
	if len(flaws) > 0 {
		return flaws
	}
	gone := slices.DeleteFunc(slices.Collect(maps.Keys(o.custom)), func(name string) bool { return after[name] != nil })
	o.custom = after
	o.learnSchema()
	o.strip(gone)
	return nil
}

func (o *org) amendable(name string, property wire.Object) (wrong string) {
	is, err := attributeOf(property)
	title, _ := property["title"].(string)
	old, there := o.custom[name]
	switch {
	case !isName(name):
		return "The name may have letters, digits and underscores only, and begins with a letter"
	case baseTitles[name] != "":
		return "A base attribute has this name"
	case err != nil:
		return "The definition cannot be read"
	case slices.ContainsFunc(slices.Collect(maps.Keys(property)), func(key string) bool { return !slices.Contains(knownKeys, key) }):
		return "The definition has a member that is not known"
	case title == "":
		return "A title is needed"
	case !slices.Contains(kinds, is.Type) || is.Type == "array" && !slices.Contains([]string{"string", "number", "integer"}, is.Items.Type):
		return "The type is not known"
	case there && old["type"] != is.Type:
		return "The type cannot be changed"
	case is.MaxLength > 0 && is.MinLength > is.MaxLength:
		return "minLength is more than maxLength"
	}
	return ""
}

// strip takes the values of attributes away that are no longer there.
func (o *org) strip(names []string) {
	for _, a := range o.accounts {
		profile := a.profile()
		if !slices.ContainsFunc(names, func(name string) bool { return profile[name] != nil }) {
			continue
		}
		rest := maps.Clone(profile)
		for _, name := range names {
			delete(rest, name)
		}
		o.change(a, a.show()["lastUpdated"].(string), func(record wire.Object) { record["profile"] = rest })
	}
}

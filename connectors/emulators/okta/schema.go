package okta

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

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

func knownAttribute(name string) bool {
	return baseTitles[name] != "" || slices.ContainsFunc(customs, func(c custom) bool { return c.name == name })
}

func (e *emulator) schema(w http.ResponseWriter, r *http.Request) {
	if id := r.PathValue("id"); id != "default" && id != typeID {
		refuse(w, http.StatusNotFound, "E0000007", "Not found: Resource not found: "+id+" (UserSchema)")
		return
	}
	basic, own := wire.Object{}, wire.Object{}
	for name, title := range baseTitles {
		basic[name] = baseProperty(name, title)
	}
	for _, c := range customs {
		own[c.name] = customProperty(c)
	}
	answer(w, wire.Object{
		"id": base + "/meta/schemas/user/oscdefault0000000001", "$schema": "http://json-schema.org/draft-04/schema#",
		"name": "user", "title": "User", "lastUpdated": "2026-01-05T10:40:45.000Z", "created": created, "type": "object",
		"definitions": wire.Object{
			"base":   wire.Object{"id": "#base", "type": "object", "properties": basic, "required": required},
			"custom": wire.Object{"id": "#custom", "type": "object", "properties": own, "required": []string{}},
		},
	})
}

func permission(action string) []any {
	return []any{wire.Object{"principal": "SELF", "action": action}}
}

func baseProperty(name, title string) wire.Object {
	o := wire.Object{"title": title, "type": "string", "permissions": permission("READ_WRITE")}
	if slices.Contains(required, name) {
		o["required"], o["minLength"], o["maxLength"] = true, 1, 100
	}
	switch {
	case name == "login":
		o["master"], o["permissions"] = wire.Object{"type": "PROFILE_MASTER"}, permission("READ_ONLY")
	case strings.HasSuffix(strings.ToLower(name), "email"):
		o["format"] = "email"
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

func (e *emulator) linkDefinitions(w http.ResponseWriter, _ *http.Request) {
	answer(w, []any{wire.Object{
		"primary":    wire.Object{"name": "manager", "title": "Manager", "description": "Manager link property", "type": "USER"},
		"associated": wire.Object{"name": "subordinate", "title": "Subordinate", "description": "Subordinate link property", "type": "USER"},
		"_links":     wire.Object{"self": wire.Object{"href": base + "/api/v1/meta/schemas/user/linkedObjects/manager"}},
	}})
}

// linked are the links of a person; of those who are managed by somebody unknown there is none.
func (e *emulator) linked(w http.ResponseWriter, r *http.Request, p seed.Employee) {
	list := []any{}
	switch name := r.PathValue("name"); {
	case name != "manager":
		refuse(w, http.StatusNotFound, "E0000007", "Not found: Resource not found: "+name+" (LinkedObjectDefinition)")
		return
	case p.Manager() != nil && !p.OwnManager():
		list = append(list, wire.Object{"_links": wire.Object{"self": wire.Object{"href": base + "/api/v1/users/" + userID(p.ManagerID)}}})
	}
	answer(w, list)
}

func groupID(u seed.Unit) string { return fmt.Sprintf("00g1rc%014d", u.ID) }

var everyone = seed.Unit{ID: 1, Name: "Everyone"}

// group is a department's, or the one that Okta makes itself.
func group(u seed.Unit) wire.Object {
	kind := "OKTA_GROUP"
	if u == everyone {
		kind = "BUILT_IN"
	}
	return wire.Object{"id": groupID(u), "created": created, "lastUpdated": created, "lastMembershipUpdated": created,
		"objectClass": []string{"okta:user_group"}, "type": kind, "profile": wire.Object{"name": u.Name, "description": nil},
		"_links": wire.Object{"users": wire.Object{"href": base + "/api/v1/groups/" + groupID(u) + "/users"}}}
}

// units are what there are groups of.
func (e *emulator) units() []seed.Unit {
	units := []seed.Unit{everyone}
	for _, p := range e.Living() {
		if p.Department.ID != 0 && !slices.Contains(units, p.Department) {
			units = append(units, p.Department)
		}
	}
	return units
}

func (e *emulator) groups(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	is, ok := test(func(wire.Object) bool { return true }), true
	if q.Get("search") != "" {
		is, ok = groupGrammar.parse(q.Get("search"))
	}
	if _, okLimit := limitOf(q.Get("limit"), 10000, 10000); !ok || !okLimit || wire.Unknown(q, "limit", "search") != "" {
		invalid(w, "groups", "A parameter is not valid.")
		return
	}
	list := []any{}
	for _, u := range e.units() {
		if is(group(u)) {
			list = append(list, group(u))
		}
	}
	link(w, r, "self", q)
	answer(w, list)
}

func (e *emulator) groupsOf(w http.ResponseWriter, _ *http.Request, p seed.Employee) {
	list := []any{group(everyone)}
	if p.Department.ID != 0 {
		list = append(list, group(p.Department))
	}
	answer(w, list)
}

func (e *emulator) members(w http.ResponseWriter, r *http.Request) {
	i := slices.IndexFunc(e.units(), func(u seed.Unit) bool { return groupID(u) == r.PathValue("id") })
	if i < 0 {
		refuse(w, http.StatusNotFound, "E0000007", "Not found: Resource not found: "+r.PathValue("id")+" (UserGroup)")
		return
	}
	u := e.units()[i]
	people := slices.DeleteFunc(e.Living(), func(p seed.Employee) bool {
		return status(p) == deactivated || u != everyone && p.Department != u
	})
	e.page(w, r, people, 1000, 1000)
}

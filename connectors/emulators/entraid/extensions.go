package entraid

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// definition is a directory extension.
type definition struct {
	name, kind, target string
	many               bool
}

var extensionTypes = map[string]string{"bicycles": "Integer", "onSite": "Boolean", "anniversary": "DateTime"}

// firstDefinitions are the company's own extensions, and one of groups.
var firstDefinitions = func() []definition {
	all := []definition{{name: "extension_00000000000000000000000000000000_costCentre", kind: "String", target: "Group"}}
	for _, c := range directoryExtensions {
		name := strings.TrimPrefix(c.name, extensionPrefix)
		kind := extensionTypes[name]
		if kind == "" {
			kind = "String"
		}
		all = append(all, definition{c.name, kind, "User", name == "languages"})
	}
	return all
}()

func (d definition) object() wire.Object {
	return wire.Object{"id": "44444444-5555-4666-8777-888888888888", "deletedDateTime": nil, "appDisplayName": "Directory extensions",
		"name": d.name, "dataType": d.kind, "isMultiValued": d.many, "isSyncedFromOnPremises": false, "targetObjects": []string{d.target}}
}

// find gives a property of people by name, also one that was defined here.
func (e *emulator) find(name string) (property, bool) {
	if c, ok := known(name); ok {
		return c, true
	}
	d, ok := e.extension(name)
	return property{name: d.name, put: func(wire.Object, string, seed.Employee) {}}, ok
}

// extension gives the definition of a property of people.
func (e *emulator) extension(name string) (definition, bool) {
	i := slices.IndexFunc(e.defined, func(d definition) bool { return d.name == name && d.target == "User" })
	if i < 0 {
		return definition{}, false
	}
	return e.defined[i], true
}

func (e *emulator) definitions() []any {
	var all []any
	for _, d := range e.defined {
		all = append(all, d.object())
	}
	return all
}

func (e *emulator) extensionsOfApp(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("id") != appObjectID {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	answer(w, r, wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#applications('" + appObjectID + "')/extensionProperties", "value": e.definitions()})
}

// availableExtensions is asked with a body, though nothing is written.
func (e *emulator) availableExtensions(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Synced *bool `json:"isSyncedFromOnPremises"`
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil && r.ContentLength != 0 || r.ContentLength != 0 && !isJSON(r) {
		badRequest(w, r, "The body has to be JSON.")
		return
	}
	value := e.definitions()
	if asked.Synced != nil && *asked.Synced {
		value = []any{}
	}
	answer(w, r, wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#Collection(extensionProperty)", "value": value})
}

var (
	extensionName  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
	extensionKinds = []string{"String", "Integer", "LargeInteger", "Boolean", "DateTime", "Binary"}
)

// define makes a directory extension.
func (e *emulator) define(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Name    string   `json:"name"`
		Kind    string   `json:"dataType"`
		Many    bool     `json:"isMultiValued"`
		Targets []string `json:"targetObjects"`
	}
	if !e.read(w, r, &asked) {
		return
	}
	full := extensionPrefix + asked.Name
	switch _, taken := e.extension(full); {
	case r.PathValue("id") != appObjectID:
		e.Refuse(w, r, http.StatusNotFound)
	case !extensionName.MatchString(asked.Name) || !slices.Contains(extensionKinds, asked.Kind) || !slices.Equal(asked.Targets, []string{"User"}) && !slices.Equal(asked.Targets, []string{"Group"}):
		badRequest(w, r, "A value of the extension property is missing or not valid.")
	case taken:
		e.say(w, r, conflict("name"))
	default:
		d := definition{full, asked.Kind, asked.Targets[0], asked.Many}
		e.defined = append(e.defined, d)
		answerWith(w, r, http.StatusCreated, entity(d.object(), "applications('"+appObjectID+"')/extensionProperties"))
	}
}

package okta

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// attribute is one attribute of profiles with how Okta keeps it.
type attribute struct {
	core.Attribute
	kind    string // of JSON: string, boolean, number, integer, array
	items   string // of an array
	format  string
	pattern string
	least   int  // characters
	ours    bool // Okta decides about it whatever system a person comes from
}

const (
	login       = "login"
	managerText = "managerId"
)

// standard are the attributes of every org, in the order and with the limits of Okta's
// description; a live schema has the last word on what is required and how long it may be.
var standard = []attribute{
	{Attribute: core.Attribute{ID: login, Label: "Username", Help: "The name a person signs in with; usually an e-mail address.", Kind: core.Email, Required: true, Unique: true, Login: true, MaxLength: 100}, least: 5},
	{Attribute: core.Attribute{ID: "email", Label: "Primary e-mail", Kind: core.Email, Required: true, MaxLength: 100}, format: "email", least: 5},
	{Attribute: core.Attribute{ID: "firstName", Label: "First name", Required: true, MaxLength: 50}, least: 1},
	{Attribute: core.Attribute{ID: "lastName", Label: "Last name", Required: true, MaxLength: 50}, least: 1},
	{Attribute: core.Attribute{ID: "secondEmail", Label: "Secondary e-mail", Help: "Used to recover the account; usually a private address.", Kind: core.Email, MaxLength: 100}, format: "email"},
	{Attribute: core.Attribute{ID: "middleName", Label: "Middle name"}},
	{Attribute: core.Attribute{ID: "honorificPrefix", Label: "Title before the name"}},
	{Attribute: core.Attribute{ID: "honorificSuffix", Label: "Title after the name"}},
	{Attribute: core.Attribute{ID: "nickName", Label: "Preferred name"}},
	{Attribute: core.Attribute{ID: "displayName", Label: "Display name"}},
	{Attribute: core.Attribute{ID: "title", Label: "Job title"}},
	{Attribute: core.Attribute{ID: "mobilePhone", Label: "Mobile phone", Kind: core.Phone, MaxLength: 100}},
	{Attribute: core.Attribute{ID: "primaryPhone", Label: "Work phone", Kind: core.Phone, MaxLength: 100}},
	{Attribute: core.Attribute{ID: "streetAddress", Label: "Street address", MaxLength: 1024}},
	{Attribute: core.Attribute{ID: "city", Label: "City", MaxLength: 128}},
	{Attribute: core.Attribute{ID: "state", Label: "State or region", MaxLength: 128}},
	{Attribute: core.Attribute{ID: "zipCode", Label: "Postal code", MaxLength: 50}},
	{Attribute: core.Attribute{ID: "countryCode", Label: "Country", Help: "Two letters, as in SE.", MaxLength: 2}, format: "country-code"},
	{Attribute: core.Attribute{ID: "postalAddress", Label: "Postal address", MaxLength: 4096}},
	{Attribute: core.Attribute{ID: "preferredLanguage", Label: "Language", Help: "As in sv or sv-SE."}, format: "language-code"},
	{Attribute: core.Attribute{ID: "locale", Label: "Locale", Help: "With an underscore, as in sv_SE."}, format: "locale"},
	{Attribute: core.Attribute{ID: "timezone", Label: "Time zone", Help: "As in Europe/Stockholm."}, format: "timezone"},
	{Attribute: core.Attribute{ID: "userType", Label: "Employment type", Help: "Free text; it is not the user type of Okta's own."}},
	{Attribute: core.Attribute{ID: "employeeNumber", Label: "Employee number"}},
	{Attribute: core.Attribute{ID: "costCenter", Label: "Cost centre"}},
	{Attribute: core.Attribute{ID: "organization", Label: "Organisation"}},
	{Attribute: core.Attribute{ID: "division", Label: "Division"}},
	{Attribute: core.Attribute{ID: "department", Label: "Department"}},
	{Attribute: core.Attribute{ID: managerText, Label: "Manager", Help: "The manager's account. How Okta keeps it is set under “Managers are written as”.", Kind: core.Reference}},
	{Attribute: core.Attribute{ID: "manager", Label: "Manager's name", Help: "A text beside the manager's account."}},
	{Attribute: core.Attribute{ID: "profileUrl", Label: "Profile page"}, format: "uri"},
}

// Standard gives the attributes that are known before anyone connects.
func Standard() []core.Attribute { return coreOf(standard) }

func coreOf(list []attribute) []core.Attribute {
	all := make([]core.Attribute, len(list))
	for i, a := range list {
		all[i] = a.Attribute
	}
	return all
}

// definition is how the schema tells of an attribute.
type definition struct {
	Title, Description, Type, Format, Pattern, Mutability string
	Required                                              bool
	MinLength, MaxLength                                  int
	Unique                                                any // true, or "UNIQUE_VALIDATED"
	valued
	Items struct {
		Type string
		valued
	}
	Permissions []struct{ Principal, Action string }
	Master      struct {
		Type     string
		Priority []struct{ Type string }
	}
}

// valued are the values that may be chosen, where only some may.
type valued struct {
	Enum  []any
	OneOf []struct {
		Const any
		Title string
	}
}

func (v valued) choices() []core.Choice {
	var list []core.Choice
	titles := map[string]string{}
	for _, one := range v.OneOf {
		titles[manifest.Text(one.Const)] = one.Title
		if len(v.Enum) == 0 {
			list = append(list, core.Choice{Value: manifest.Text(one.Const), Label: labelled(one.Title, manifest.Text(one.Const))})
		}
	}
	for _, one := range v.Enum {
		list = append(list, core.Choice{Value: manifest.Text(one), Label: labelled(titles[manifest.Text(one)], manifest.Text(one))})
	}
	return list
}

// attributes asks for the schema, once. Where it may not be read, the attributes of every org
// are all that is offered.
func (t *Target) attributes(ctx context.Context) ([]attribute, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known != nil {
		return t.known, nil
	}
	var schema struct {
		Definitions map[string]struct {
			Properties map[string]definition
			Required   []string
		}
	}
	_, err := t.rest.Get(ctx, "/api/v1/meta/schemas/user/default", nil, &schema)
	if err != nil && !absent(err) {
		return nil, t.explained(err, reading)
	}
	base, custom := schema.Definitions["base"], schema.Definitions["custom"]
	var known []attribute
	for _, a := range standard {
		if d, there := base.Properties[a.ID]; there { // nobody can take an attribute of every org away
			a = a.defined(d, slices.Contains(base.Required, a.ID))
		}
		known = append(known, a)
	}
	for _, name := range slices.Sorted(maps.Keys(custom.Properties)) {
		if d := custom.Properties[name]; d.readable() {
			a := attribute{Attribute: core.Attribute{ID: name, Label: labelled(d.Title, name), Help: d.Description}}
			known = append(known, a.defined(d, slices.Contains(custom.Required, name)))
		}
	}
	if t.answers.Lines(core.Groups) != nil {
		groups, err := t.looked(ctx)
		if err != nil {
			return nil, err
		}
		known = append(known, groupsAttribute(groups))
	}
	t.known = known
	return known, nil
}

// readable says that what is written can be seen again.
func (d definition) readable() bool {
	return d.Mutability != "WRITE_ONLY" && d.Format != "encrypted" && d.Format != "hashed" && (d.Type != "array" || d.Items.Type != "object")
}

// defined adds what the live schema says.
func (a attribute) defined(d definition, required bool) attribute {
	a.kind, a.items, a.format, a.pattern, a.least = d.Type, d.Items.Type, d.Format, d.Pattern, d.MinLength
	a.Required = d.Required || required
	a.Unique = a.Login || d.Unique == true || d.Unique == "UNIQUE_VALIDATED"
	a.ReadOnly, a.AtCreate = d.Mutability == "READ_ONLY", d.Mutability == "IMMUTABLE"
	if d.MaxLength > 0 {
		a.MaxLength = d.MaxLength
	}
	switch {
	case a.Kind == core.Text && d.Type == "string" && d.Format == "date-time":
		a.Kind = core.Date
	case a.Kind == core.Text && d.Type == "array":
		a.Kind, a.Choices = core.List, d.Items.choices()
	case a.Kind == core.Text:
		a.Kind = property{d.Title, d.Type, d.Format}.kind()
	}
	if d.Type != "array" {
		a.Choices = d.choices()
	}
	if a.Login && d.Pattern != "" {
		a.Kind = core.Text // the org has sign-in names of its own form
	}
	return a.mastered(d)
}

// mastered tells who else decides about the attribute. PROFILE_MASTER, which every base
// attribute has, means whatever a person comes from: that is Okta itself for most.
func (a attribute) mastered(d definition) attribute {
	if d.Master.Type != "OVERRIDE" {
		a.ours = d.Master.Type == "OKTA"
		return a
	}
	byOkta := false
	for _, p := range d.Master.Priority {
		byOkta = byOkta || p.Type == "OKTA"
	}
	a.Help = strings.TrimSpace(a.Help + " Another system decides about it before Okta does.")
	if !byOkta && len(d.Master.Priority) > 0 {
		a.Help = "Another system decides about it, as the profile sources of your org say; it cannot be written here."
		a.ReadOnly, a.Required, a.AtCreate = true, false, false
	}
	return a
}

func find(list []attribute, id string) (attribute, bool) {
	i := slices.IndexFunc(list, func(a attribute) bool { return a.ID == id })
	if i < 0 {
		return attribute{}, false
	}
	return list[i], true
}

// read gives the text of a value in a profile.
func (a attribute) read(v any) string {
	switch list, is := v.([]any); {
	case is:
		texts := make([]string, len(list))
		for i, one := range list {
			texts[i] = manifest.Text(one)
		}
		return core.JoinList(texts)
	case a.Kind == core.Date:
		text := manifest.Text(v)
		return text[:min(len(text), len("2006-01-02"))]
	}
	return manifest.Text(v)
}

// wire gives the value that Okta takes for a text; nil clears it.
func (a attribute) wire(text string) any {
	switch {
	case text == "":
		return nil
	case a.kind == "array":
		list := []any{}
		for _, one := range core.SplitList(text) {
			list = append(list, scalar(a.items, one))
		}
		return list
	case a.Kind == core.Date:
		return text + "T00:00:00.000Z"
	}
	return scalar(a.kind, text)
}

func scalar(kind, text string) any {
	switch kind {
	case "boolean":
		return text == "true"
	case "number", "integer":
		return json.Number(text)
	}
	return text
}

func (t *Target) unknownAttribute(id string) error {
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("Okta has no attribute “%s”.", id), Fix: "Remove it from the mapping, or add it to the user profile in Okta."}
}

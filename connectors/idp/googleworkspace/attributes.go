package googleworkspace

import (
	"context"
	"net/url"
	"regexp"
	"slices"

	"rollcall/core"
)

// Attributes that the code treats in a way of their own.
const (
	primaryEmail = "primaryEmail"
	orgUnit      = "orgUnitPath"
	manager      = "manager"
	top          = "/" // the unit above all others; as a value it is the empty one
)

// attribute is an attribute with its place in Google's user.
type attribute struct {
	core.Attribute
	top    string // of the user
	part   string // of an object, of an element or of a schema
	spot   *spot  // in which element of the list
	schema string // of the customer's own
	form   form
	whole  bool           // a whole number of 64 bits
	looks  *regexp.Regexp // what Google takes
}

func named(id, label string, most int) attribute {
	return attribute{Attribute: core.Attribute{ID: id, Label: label, MaxLength: most}, top: id}
}

func (a attribute) of(top, part string) attribute {
	a.top, a.part = top, part
	return a
}

func (a attribute) in(s *spot, top, part string) attribute {
	a.spot, a.top, a.part = s, top, part
	return a
}

func (a attribute) kind(k core.Kind) attribute {
	a.Kind = k
	return a
}

func (a attribute) help(text string) attribute {
	a.Help = text
	return a
}

func (a attribute) with(change func(*attribute)) attribute {
	change(&a)
	return a
}

func typed(first string, more ...string) *spot {
	return &spot{key: "type", words: append([]string{first}, more...), fresh: user{"type": first}}
}

// The elements that values stand in.
var (
	work     = &spot{key: "primary", words: []string{"true"}, first: true, fresh: user{"primary": true}}
	number   = typed("organization")
	boss     = typed("manager")
	office   = typed("work")
	mobile   = typed("mobile", "work_mobile")
	private  = typed("home", "other")
	desk     = &spot{key: "type", words: []string{"desk"}, fresh: user{"type": "desk", "area": "desk"}}
	language = &spot{key: "preference", words: []string{"preferred"}, first: true, fresh: user{"preference": "preferred"}}
)

var (
	twoLetters   = regexp.MustCompile(`^[A-Za-z]{2}$`)
	languageCode = regexp.MustCompile(`^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$`)
	e164         = regexp.MustCompile(`^\+[1-9][0-9]{1,14}$`)
	mail         = regexp.MustCompile(`^[^@\s<>,;"]+@[^@\s<>,;"]+$`)
	// account is what the name of a Google account may be made of.
	accountName = regexp.MustCompile(`^[A-Za-z0-9_'-]+(\.[A-Za-z0-9_'-]+)*@[A-Za-z0-9.-]+$`)
)

// standard are the attributes of every account, with the limits of Google's reference.
var standard = []attribute{
	named(primaryEmail, "Primary e-mail", 0).kind(core.Email).with(func(a *attribute) {
		a.Required, a.Unique, a.Login, a.looks = true, true, true, accountName
		a.Help = "The address to sign in with, at one of your domains; an address that is changed stays as an alias."
	}),
	named("name.givenName", "First name", 60).of("name", "givenName").with(func(a *attribute) { a.Required = true }),
	named("name.familyName", "Last name", 60).of("name", "familyName").with(func(a *attribute) { a.Required = true }),
	named("name.displayName", "Display name", 256).of("name", "displayName"),
	named(orgUnit, "Organisational unit", 0).help("The unit decides which services and settings apply; “/” is the top."),
	named("employeeNumber", "Employee ID", 0).in(number, "externalIds", "value"),
	named("organizations.title", "Job title", 0).in(work, "organizations", "title"),
	named("organizations.department", "Department", 0).in(work, "organizations", "department"),
	named("organizations.costCenter", "Cost centre", 0).in(work, "organizations", "costCenter"),
	named("organizations.name", "Company", 0).in(work, "organizations", "name"),
	named("organizations.description", "Type of employee", 0).in(work, "organizations", "description"),
	named("organizations.location", "Location of the organisation", 0).in(work, "organizations", "location"),
	named(manager, "Manager", 0).kind(core.Reference).in(boss, "relations", "value"),
	named("phones.work", "Work phone", 0).kind(core.Phone).in(office, "phones", "value"),
	named("phones.mobile", "Mobile phone", 0).kind(core.Phone).in(mobile, "phones", "value"),
	named("emails.home", "Personal e-mail", 0).kind(core.Email).in(private, "emails", "address"),
	named("addresses.work.streetAddress", "Street address", 0).in(office, "addresses", "streetAddress"),
	named("addresses.work.locality", "City", 0).in(office, "addresses", "locality"),
	named("addresses.work.region", "State or region", 0).in(office, "addresses", "region"),
	named("addresses.work.postalCode", "Postal code", 0).in(office, "addresses", "postalCode"),
	named("addresses.work.countryCode", "Country", 2).in(office, "addresses", "countryCode").help("Two letters, for example SE.").with(func(a *attribute) { a.looks = twoLetters }),
	named("addresses.work.formatted", "Address as one text", 0).in(office, "addresses", "formatted"),
	named("locations.desk.buildingId", "Building ID", 0).in(desk, "locations", "buildingId"),
	named("locations.desk.floorName", "Floor", 0).in(desk, "locations", "floorName"),
	named("locations.desk.floorSection", "Section of the floor", 0).in(desk, "locations", "floorSection"),
	named("locations.desk.deskCode", "Desk", 0).in(desk, "locations", "deskCode"),
	named("languages.preferred", "Preferred language", 0).in(language, "languages", "languageCode").help("A code, for example sv or en-GB.").with(func(a *attribute) { a.looks = languageCode }),
	named("gender", "Gender", 0).of("gender", "type").with(func(a *attribute) {
		a.Choices = []core.Choice{{Value: "female", Label: "Female"}, {Value: "male", Label: "Male"}, {Value: "other", Label: "Other"}, {Value: "unknown", Label: "Unknown"}}
	}),
	named("recoveryEmail", "Recovery e-mail", 0).kind(core.Email),
	named("recoveryPhone", "Recovery phone", 0).kind(core.Phone).help("With + and country code and without blanks, for example +46701234567.").with(func(a *attribute) { a.looks = e164 }),
	named("aliases", "Aliases", 0).kind(core.List).with(func(a *attribute) { a.ReadOnly = true }),
}

// Standard gives the attributes that are known before anyone connects.
func Standard() []core.Attribute { return plainly(standard) }

func plainly(list []attribute) []core.Attribute {
	all := make([]core.Attribute, len(list))
	for i, a := range list {
		all[i] = a.Attribute
	}
	return all
}

// Attributes gives the standard attributes, the customer's own, with the organisational
// units as choices, and the groups where the connection names some.
func (t *Target) Attributes(ctx context.Context) ([]core.Attribute, error) {
	known, err := t.known(ctx)
	return plainly(known), err
}

// known asks for schemas, units and groups, once. What these credentials may not see is
// not offered: own fields are absent then, and the units are checked by Google alone.
func (t *Target) known(ctx context.Context) ([]attribute, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.attributes != nil {
		return t.attributes, nil
	}
	all := slices.Clone(standard)
	units, err := t.units(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(all, func(a attribute) bool { return a.ID == orgUnit })
	all[at].Choices = units
	if t.answers.Get("customFields") != "false" {
		own, err := schemas(ctx, t.rest, t.answers)
		if err != nil && !withheld(err) {
			return nil, err
		}
		for _, f := range own {
			all = append(all, f.attribute())
		}
	}
	if len(t.names) > 0 {
		if t.groups, err = t.lookedAfter(ctx); err != nil {
			return nil, err
		}
		all = append(all, groupsAttribute(t.groups))
	}
	t.attributes = all
	return all, nil
}

// units gives the paths of the organisational units; none where they may not be seen.
func (t *Target) units(ctx context.Context) ([]core.Choice, error) {
	var answer struct {
		Units []struct {
			Path string `json:"orgUnitPath"`
		} `json:"organizationUnits"`
	}
	_, err := t.rest.Get(ctx, t.customer("orgunits"), url.Values{"type": {"all"}}, &answer)
	if withheld(err) {
		return nil, nil
	}
	all := []core.Choice{{Value: "", Label: top}}
	for _, u := range answer.Units {
		all = append(all, core.Choice{Value: u.Path, Label: u.Path})
	}
	slices.SortFunc(all, func(a, b core.Choice) int { return compareFolded(a.Label, b.Label) })
	return all, err
}

// attribute makes an attribute of a field of the customer's own.
func (f ownField) attribute() attribute {
	a := named("custom."+f.schema+"."+f.Name, f.label(), 0)
	a.schema, a.part = f.schema, f.Name
	a.Kind, a.whole = kinds[f.Kind], f.Kind == "INT64"
	switch f.Kind {
	case "BOOL":
		a.form = asBool
	case "DOUBLE":
		a.form = asNumber
	}
	if f.Multi {
		a.Kind = core.List
	}
	return a
}

func find(known []attribute, id string) (attribute, bool) {
	i := slices.IndexFunc(known, func(a attribute) bool { return a.ID == id })
	if i < 0 {
		return attribute{}, false
	}
	return known[i], true
}

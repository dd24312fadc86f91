package entraid

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// Names of properties that the code treats in a way of their own.
const (
	principalName = "userPrincipalName"
	nickname      = "mailNickname"
	enabled       = "accountEnabled"
	employeeID    = "employeeId"
	manager       = "manager"
	synced        = "onPremisesSyncEnabled"
	deletedAt     = "deletedDateTime"
	oldExtensions = "onPremisesExtensionAttributes"
	orgData       = "employeeOrgData"
)

// form is how Graph writes a value.
type form uint8

const (
	asText form = iota
	asBool
	asNumber
	asMoment // a day as the midnight before it, in UTC
	asList
	asOnly // a list that takes one value
)

// attribute is an attribute with its place in Graph's user.
type attribute struct {
	core.Attribute
	property string // of the user
	part     string // of a property that has parts; else empty
	form     form
	numbers  bool // the elements of a list are numbers
}

func text(id, label string, most int) attribute {
	property, part, _ := strings.Cut(id, ".")
	return attribute{Attribute: core.Attribute{ID: id, Label: label, MaxLength: most}, property: property, part: part}
}

func (a attribute) with(change func(*attribute)) attribute {
	change(&a)
	return a
}

func (a attribute) kind(k core.Kind, f form) attribute {
	a.Kind, a.form = k, f
	return a
}

// standard are the properties of every tenant, with the limits of Microsoft's
// documentation of the user resource.
var standard = func() []attribute {
	all := []attribute{
		text(principalName, "User principal name", 113).kind(core.Email, asText).with(func(a *attribute) {
			a.Required, a.Unique, a.Login = true, true, true
			a.Help = "The name to sign in with; its domain has to be verified in the tenant."
		}),
		text("displayName", "Display name", 256).with(func(a *attribute) { a.Required = true }),
		text("givenName", "First name", 64), text("surname", "Last name", 64),
		text("mail", "E-mail", 0).kind(core.Email, asText).with(func(a *attribute) {
			a.Unique, a.Help = true, "Exchange decides it for people with a mailbox."
		}),
		text(nickname, "Mail nickname", 64).with(func(a *attribute) { a.Help = "Made from the user principal name where it is not mapped." }),
		text("otherMails", "Other e-mails", 0).kind(core.List, asList),
		text(employeeID, "Employee ID", 16),
		text("employeeType", "Employee type", 0).with(func(a *attribute) { a.Help = "Employee, Contractor, Consultant, Vendor or a word of your own." }),
		text("employeeHireDate", "Hire date", 0).kind(core.Date, asMoment),
		text(leaveDate, "Leave date", 0).kind(core.Date, asMoment).with(func(a *attribute) { a.Help = "It needs User-LifeCycleInfo.ReadWrite.All." }),
		text(orgData+".division", "Division", 0), text(orgData+".costCenter", "Cost centre", 0),
		text("jobTitle", "Job title", 128), text("department", "Department", 64), text("companyName", "Company name", 64), text("officeLocation", "Office", 128),
		text("businessPhones", "Business phone", 0).kind(core.Phone, asOnly), text("mobilePhone", "Mobile phone", 64).kind(core.Phone, asText),
		text("streetAddress", "Street address", 1024), text("city", "City", 128), text("state", "State or region", 128),
		text("postalCode", "Postal code", 40), text("country", "Country", 128),
		text("usageLocation", "Usage location", 2).with(func(a *attribute) { a.Help = "The country in two letters; no licence can be assigned without it." }),
		text("preferredLanguage", "Preferred language", 0).with(func(a *attribute) { a.Help = "For example sv-SE." }),
		text("userType", "Member or guest", 0).with(func(a *attribute) { a.ReadOnly = true }),
		text(manager, "Manager", 0).kind(core.Reference, asText),
	}
	for i := range attributes {
		id := fmt.Sprint(oldPrefix, i+1)
		all = append(all, text(id, fmt.Sprint("Extension attribute ", i+1), 1024).with(func(a *attribute) { a.property, a.part = oldExtensions, id }))
	}
	return all
}()

// Standard gives the attributes that are known before anyone connects.
func Standard() []core.Attribute { return coreAttributes(standard) }

func coreAttributes(list []attribute) []core.Attribute {
	all := make([]core.Attribute, len(list))
	for i, a := range list {
		all[i] = a.Attribute
	}
	return all
}

// extensionOf makes an attribute of a directory extension. Binary ones are left out.
func extensionOf(d definition) (attribute, bool) {
	label := d.Name
	if parts := strings.SplitN(d.Name, "_", 3); len(parts) == 3 {
		label = parts[2]
	}
	a := text(d.Name, label, 0)
	a.property, a.part = d.Name, ""
	whole := d.DataType == "Integer" || d.DataType == "LargeInteger"
	switch {
	case d.DataType == "Binary":
		return a, false
	case d.IsMultiValued:
		a.numbers = whole
		return a.kind(core.List, asList), true
	case whole:
		return a.kind(core.Number, asNumber), true
	case d.DataType == "Boolean":
		return a.kind(core.Bool, asBool), true
	case d.DataType == "DateTime":
		return a.kind(core.Date, asMoment), true
	}
	a.MaxLength = 256
	return a, true
}

// Attributes gives the standard attributes, the tenant's directory extensions, and the
// groups where the connection names some.
func (t *Target) Attributes(ctx context.Context) ([]core.Attribute, error) {
	known, err := t.known(ctx)
	return coreAttributes(known), err
}

// known asks for the extensions and the groups, once. Extensions that these credentials
// may not see are not offered.
func (t *Target) known(ctx context.Context) ([]attribute, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.attributes != nil {
		return t.attributes, nil
	}
	defined, err := definitions(ctx, t.rest)
	if err != nil && !absent(err) {
		return nil, err
	}
	all := slices.Clone(standard)
	if t.keepsLeaveDate(ctx) {
		i := slices.IndexFunc(all, func(a attribute) bool { return a.ID == leaveDate })
		all[i].ReadOnly, all[i].Label = true, "Leave date (without the permission "+leaveDateRight+")"
	}
	for _, d := range defined {
		if a, ok := extensionOf(d); ok {
			all = append(all, a)
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

const leaveDateRight = "User-LifeCycleInfo.ReadWrite.All"

// keepsLeaveDate says that the leave date is not for these credentials, so that nobody is
// offered to map it: most applications that may write users have no permission for it.
func (t *Target) keepsLeaveDate(ctx context.Context) bool {
	if t.token.claims().has(leaveDateRight) == denied {
		return true
	}
	_, err := t.rest.Get(ctx, "/users", url.Values{"$top": {"1"}, "$select": {"id," + leaveDate}}, nil)
	return core.HasCode(err, core.MissingScope) // what else may be wrong is told by the calls that follow
}

func find(known []attribute, id string) (attribute, bool) {
	i := slices.IndexFunc(known, func(a attribute) bool { return a.ID == id })
	if i < 0 {
		return attribute{}, false
	}
	return known[i], true
}

// object is a user as Graph writes one.
type object = map[string]any

// get gives the attribute's value of a user.
func (a attribute) get(o object) string {
	v := o[a.property]
	if a.part != "" {
		parts, _ := v.(object) // null is none
		v = parts[a.part]
	}
	switch a.form {
	case asMoment:
		return manifest.Day(manifest.Text(v))
	case asList, asOnly:
		list, _ := v.([]any)
		texts := make([]string, len(list))
		for i, e := range list {
			texts[i] = manifest.Text(e)
		}
		return core.JoinList(texts)
	}
	if a.ID == manager {
		boss, _ := v.(object)
		return manifest.Text(boss["id"])
	}
	if a.ID == principalName {
		return undeleted(manifest.Text(v), manifest.Text(o["id"]))
	}
	return manifest.Text(v)
}

// undeleted takes the id away that Entra puts before the name of somebody who was
// deleted, so that the name is free for others.
func undeleted(name, id string) string {
	rest, cut := strings.CutPrefix(name, strings.ReplaceAll(id, "-", ""))
	if !cut || id == "" || strings.HasPrefix(rest, "@") {
		return name
	}
	return rest
}

// put writes the value into the body of a request; the empty one clears.
func (a attribute) put(body object, value string) {
	if a.part == "" {
		body[a.property] = a.encode(value)
		return
	}
	parts, ok := body[a.property].(object)
	if !ok {
		parts = object{}
		body[a.property] = parts
	}
	parts[a.part] = a.encode(value)
}

func (a attribute) encode(value string) any {
	switch {
	case a.form == asList || a.form == asOnly:
		list := []any{}
		for _, v := range core.SplitList(value) {
			if a.numbers {
				list = append(list, json.Number(v))
			} else {
				list = append(list, v)
			}
		}
		return list
	case value == "":
		return nil
	case a.form == asBool:
		return value == "true"
	case a.form == asNumber:
		return json.Number(value)
	case a.form == asMoment:
		return value + "T00:00:00Z"
	}
	return value
}

// selection gives what to ask of a user for these attributes, in order.
func selection(chosen []attribute, more ...string) string {
	names := map[string]bool{"id": true, "displayName": true, principalName: true, enabled: true, "userType": true, synced: true}
	for _, a := range chosen {
		if a.ID != manager && a.ID != core.Groups {
			names[a.property] = true
		}
	}
	for _, name := range more {
		names[name] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), ",")
}

func isNumber(s string) bool {
	_, err := strconv.ParseInt(s, 10, 64)
	return err == nil
}

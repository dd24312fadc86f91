package scim

import (
	"slices"
	"strings"

	"rollcall/core"
)

const (
	coreUser   = "urn:ietf:params:scim:schemas:core:2.0:User"
	enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	work       = "work"
)

// schemaAttribute is one attribute as GET /Schemas states it (RFC 7643 §7).
type schemaAttribute struct {
	Name            string            `json:"name"`
	Type            string            `json:"type"`
	MultiValued     bool              `json:"multiValued"`
	Description     string            `json:"description"`
	Required        bool              `json:"required"`
	CanonicalValues []string          `json:"canonicalValues"`
	CaseExact       bool              `json:"caseExact"`
	Mutability      string            `json:"mutability"`
	Returned        string            `json:"returned"`
	Uniqueness      string            `json:"uniqueness"`
	SubAttributes   []schemaAttribute `json:"subAttributes"`
}

type schema struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	Attributes []schemaAttribute `json:"attributes"`
}

// known are the attributes of RFC 7643 that we offer, under ids that are easy to read.
// Systems without /Schemas get exactly these.
var known = []attribute{
	{Attribute: core.Attribute{ID: "userName", Label: "User name", Help: "The name a person signs in with.", Required: true, Unique: true, Login: true}, name: "userName"},
	{Attribute: core.Attribute{ID: "externalId", Label: "External ID", Help: "The person's ID in the HR system. It is ours to set.", CaseExact: true}, name: "externalId"},
	{Attribute: core.Attribute{ID: "name.givenName", Label: "First name"}, name: "name", sub: "givenName"},
	{Attribute: core.Attribute{ID: "name.familyName", Label: "Last name"}, name: "name", sub: "familyName"},
	{Attribute: core.Attribute{ID: "name.middleName", Label: "Middle name"}, name: "name", sub: "middleName"},
	{Attribute: core.Attribute{ID: "name.formatted", Label: "Full name"}, name: "name", sub: "formatted"},
	{Attribute: core.Attribute{ID: "name.honorificPrefix", Label: "Title before the name"}, name: "name", sub: "honorificPrefix"},
	{Attribute: core.Attribute{ID: "name.honorificSuffix", Label: "Title after the name"}, name: "name", sub: "honorificSuffix"},
	{Attribute: core.Attribute{ID: "displayName", Label: "Display name"}, name: "displayName"},
	{Attribute: core.Attribute{ID: "nickName", Label: "Preferred name"}, name: "nickName"},
	{Attribute: core.Attribute{ID: "title", Label: "Job title"}, name: "title"},
	{Attribute: core.Attribute{ID: "userType", Label: "Employment type"}, name: "userType"},
	{Attribute: core.Attribute{ID: "preferredLanguage", Label: "Language"}, name: "preferredLanguage"},
	{Attribute: core.Attribute{ID: "locale", Label: "Locale"}, name: "locale"},
	{Attribute: core.Attribute{ID: "timezone", Label: "Time zone"}, name: "timezone"},
	{Attribute: core.Attribute{ID: "profileUrl", Label: "Profile page"}, name: "profileUrl"},
	{Attribute: core.Attribute{ID: "emails.work", Label: "Work e-mail", Kind: core.Email}, name: "emails", element: work},
	{Attribute: core.Attribute{ID: "emails.home", Label: "Personal e-mail", Kind: core.Email}, name: "emails", element: "home"},
	{Attribute: core.Attribute{ID: "phoneNumbers.work", Label: "Work phone", Kind: core.Phone}, name: "phoneNumbers", element: work},
	{Attribute: core.Attribute{ID: "phoneNumbers.mobile", Label: "Mobile phone", Kind: core.Phone}, name: "phoneNumbers", element: "mobile"},
	{Attribute: core.Attribute{ID: "phoneNumbers.home", Label: "Private phone", Kind: core.Phone}, name: "phoneNumbers", element: "home"},
	{Attribute: core.Attribute{ID: "addresses.work.streetAddress", Label: "Street"}, name: "addresses", sub: "streetAddress", element: work},
	{Attribute: core.Attribute{ID: "addresses.work.locality", Label: "City"}, name: "addresses", sub: "locality", element: work},
	{Attribute: core.Attribute{ID: "addresses.work.region", Label: "Region"}, name: "addresses", sub: "region", element: work},
	{Attribute: core.Attribute{ID: "addresses.work.postalCode", Label: "Postal code"}, name: "addresses", sub: "postalCode", element: work},
	{Attribute: core.Attribute{ID: "addresses.work.country", Label: "Country", Help: "The two letters of ISO 3166-1, as in SE."}, name: "addresses", sub: "country", element: work},
	{Attribute: core.Attribute{ID: "roles", Label: "Roles", Kind: core.List}, name: "roles", sub: "value"},
	{Attribute: core.Attribute{ID: "entitlements", Label: "Entitlements", Kind: core.List}, name: "entitlements", sub: "value"},
	{Attribute: core.Attribute{ID: "enterprise.employeeNumber", Label: "Employee number"}, urn: enterprise, name: "employeeNumber"},
	{Attribute: core.Attribute{ID: "enterprise.costCenter", Label: "Cost centre"}, urn: enterprise, name: "costCenter"},
	{Attribute: core.Attribute{ID: "enterprise.organization", Label: "Organisation"}, urn: enterprise, name: "organization"},
	{Attribute: core.Attribute{ID: "enterprise.division", Label: "Division"}, urn: enterprise, name: "division"},
	{Attribute: core.Attribute{ID: "enterprise.department", Label: "Department"}, urn: enterprise, name: "department"},
	{Attribute: core.Attribute{ID: "enterprise.manager", Label: "Manager", Kind: core.Reference}, urn: enterprise, name: "manager", sub: "value"},
}

// passedOver are attributes of the core schema that no mapping writes: the state and
// the id have fields of their own, groups are written on the group, the others hold no
// text or nothing that an HR system knows.
var passedOver = []string{"id", "schemas", "meta", "active", "password", "groups", "ims", "photos", "x509Certificates"}

// offered gives the attributes of a system with these schemas: those of ours that it
// has, with what it says of them, then those that it adds.
func offered(schemas []schema, extensions []string) []attribute {
	var all []attribute
	for _, urn := range append([]string{coreUser}, extensions...) {
		i := slices.IndexFunc(schemas, func(s schema) bool { return strings.EqualFold(s.ID, urn) })
		if i < 0 {
			continue
		}
		all = append(all, ofSchema(schemas[i])...)
	}
	return all
}

func ofSchema(s schema) []attribute {
	urn := s.ID
	if strings.EqualFold(s.ID, coreUser) {
		urn = ""
	}
	var all []attribute
	for _, k := range known {
		if !strings.EqualFold(k.urn, urn) {
			continue
		}
		if k.name == "externalId" { // common to all resources, so schemas need not name it
			all = append(all, k)
			continue
		}
		if stated, ok := namedAttribute(s.Attributes, k.name); ok {
			all = append(all, k.as(stated)...)
		}
	}
	for _, stated := range s.Attributes {
		if !isKnown(urn, stated.Name) {
			all = append(all, custom(s, urn, stated)...)
		}
	}
	return all
}

func isKnown(urn, name string) bool {
	if urn == "" && slices.ContainsFunc(passedOver, func(n string) bool { return strings.EqualFold(n, name) }) {
		return true
	}
	return slices.ContainsFunc(known, func(k attribute) bool { return strings.EqualFold(k.urn, urn) && strings.EqualFold(k.name, name) })
}

func namedAttribute(list []schemaAttribute, name string) (schemaAttribute, bool) {
	i := slices.IndexFunc(list, func(a schemaAttribute) bool { return strings.EqualFold(a.Name, name) })
	if i < 0 {
		return schemaAttribute{}, false
	}
	return list[i], true
}

// as gives the known attribute with what the system's schema says of it; none where
// the schema leaves out its sub-attribute or its type of element.
func (k attribute) as(stated schemaAttribute) []attribute {
	kind, typed := namedAttribute(stated.SubAttributes, "type")
	if k.element != "" && typed && len(kind.CanonicalValues) > 0 && !slices.ContainsFunc(kind.CanonicalValues, func(v string) bool { return strings.EqualFold(v, k.element) }) {
		return nil
	}
	inner := stated
	if k.sub != "" && len(stated.SubAttributes) > 0 {
		var ok bool
		if inner, ok = namedAttribute(stated.SubAttributes, k.sub); !ok {
			return nil
		}
	}
	if hidden(stated) || hidden(inner) {
		return nil
	}
	k.Required = k.Required || k.element == "" && stated.Required && (k.sub == "" || inner.Required) || k.name == "emails" && k.element == work && stated.Required
	k.limit(stated)
	k.limit(inner)
	return []attribute{k}
}

// limit takes over what a schema says of an attribute's writing and comparing.
func (k *attribute) limit(s schemaAttribute) {
	k.ReadOnly = k.ReadOnly || strings.EqualFold(s.Mutability, "readOnly")
	k.AtCreate = k.AtCreate || strings.EqualFold(s.Mutability, "immutable")
	k.Required = k.Required && !k.ReadOnly
	k.AtCreate = k.AtCreate && !k.ReadOnly
	k.Unique = k.Unique || strings.EqualFold(s.Uniqueness, "server") || strings.EqualFold(s.Uniqueness, "global")
	k.CaseExact = k.CaseExact || s.CaseExact && k.Kind == core.Text && !k.Login
	if k.Kind == core.Text && len(s.SubAttributes) == 0 {
		k.Choices = nil
		for _, v := range s.CanonicalValues {
			k.Choices = append(k.Choices, core.Choice{Value: v, Label: v})
		}
	}
}

// hidden says that what is written there cannot be read again, or is no text.
func hidden(s schemaAttribute) bool {
	return strings.EqualFold(s.Mutability, "writeOnly") || strings.EqualFold(s.Returned, "never") || strings.EqualFold(s.Type, "binary")
}

// custom gives the flat attributes of one that we do not know beforehand.
func custom(s schema, urn string, stated schemaAttribute) []attribute {
	if stated.Name == "" || hidden(stated) {
		return nil
	}
	if !strings.EqualFold(stated.Type, "complex") {
		return []attribute{plain(urn, stated, "", stated, s.Name)}
	}
	if stated.MultiValued {
		value, ok := namedAttribute(stated.SubAttributes, "value")
		if !ok || hidden(value) {
			return nil
		}
		a := plain(urn, stated, "", value, s.Name)
		a.Kind, a.sub, a.wire = core.List, "value", ""
		return []attribute{a}
	}
	var all []attribute
	for _, inner := range stated.SubAttributes {
		if !hidden(inner) && !inner.MultiValued && !strings.EqualFold(inner.Type, "complex") {
			all = append(all, plain(urn, stated, inner.Name, inner, s.Name))
		}
	}
	return all
}

func plain(urn string, top schemaAttribute, sub string, inner schemaAttribute, schemaName string) attribute {
	id := unit{urn, top.Name}.path()
	label := words(top.Name)
	if sub != "" {
		id, label = id+"."+sub, label+", "+strings.ToLower(words(sub))
	}
	if urn != "" && schemaName != "" {
		label += " (" + schemaName + ")"
	}
	a := attribute{Attribute: core.Attribute{ID: id, Label: label, Help: inner.Description, Required: top.Required && inner.Required}, urn: urn, name: top.Name, sub: sub}
	switch strings.ToLower(inner.Type) {
	case "boolean":
		a.Kind, a.wire = core.Bool, "boolean"
	case "integer", "decimal":
		a.Kind, a.wire = core.Number, strings.ToLower(inner.Type)
	case "datetime":
		a.Kind, a.wire = core.Date, "dateTime"
	}
	if top.MultiValued && sub == "" {
		a.Kind, a.wire = core.List, ""
	}
	a.limit(top)
	a.limit(inner)
	return a
}

// words makes a label of a name in camel case.
func words(name string) string {
	var b strings.Builder
	for i, r := range name {
		switch {
		case i == 0:
			b.WriteString(strings.ToUpper(string(r)))
		case r >= 'A' && r <= 'Z':
			b.WriteString(" " + strings.ToLower(string(r)))
		case r == '_' || r == '-':
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Standard gives the attributes of RFC 7643 under our ids: what a system without
// /Schemas gets, and what can be said before anyone connects.
func Standard() []core.Attribute {
	out := make([]core.Attribute, len(known))
	for i, k := range known {
		out[i] = k.Attribute
	}
	return out
}

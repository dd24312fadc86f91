package jumpcloud

import (
	"slices"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// object is a person, or a part of one, as JumpCloud writes it.
type object = map[string]any

// attribute is one value of a person. Those with a part stand in an element of a list.
type attribute struct {
	core.Attribute
	key     string // of the person's object
	element string // what names the element of the list: "work", "badge"
	part    string // the key of the value in the element
}

const (
	username     = "username"
	email        = "email"
	number       = "employeeIdentifier"
	recovery     = "recoveryEmail"
	manager      = "manager"
	state        = "state"
	custom       = "attributes"
	customPrefix = custom + "."
)

// lists are the lists of a person: the key by which elements are told apart comes first,
// then the others that an element can be sent with.
var lists = map[string][]string{
	"phoneNumbers": {"type", "number"},
	"addresses":    {"type", "streetAddress", "extendedAddress", "poBox", "locality", "region", "postalCode", "country"},
	custom:         {"name", "value"},
}

// plain is an attribute that stands by itself.
func plain(a core.Attribute) attribute { return attribute{Attribute: a, key: a.ID} }

func texted(id, label string) attribute { return plain(core.Attribute{ID: id, Label: label}) }

// standard are the attributes that every organization has.
var standard = slices.Concat([]attribute{
	plain(core.Attribute{ID: username, Label: "Username", Required: true, Unique: true, AtCreate: true, Help: "In lower case and without blanks; it cannot be changed later."}),
	plain(core.Attribute{ID: email, Label: "Company e-mail", Kind: core.Email, Required: true, Unique: true, Login: true}),
	plain(core.Attribute{ID: "firstname", Label: "First name", Required: true}),
	plain(core.Attribute{ID: "lastname", Label: "Last name", Required: true}),
	texted("middlename", "Middle name"),
	texted("displayname", "Display name"),
	plain(core.Attribute{ID: number, Label: "Employee ID", Unique: true, CaseExact: true}),
	texted("employeeType", "Employee type"),
	texted("jobTitle", "Job title"),
	texted("department", "Department"),
	texted("costCenter", "Cost centre"),
	texted("company", "Company"),
	texted("location", "Location"),
	plain(core.Attribute{ID: "description", Label: "Description", MaxLength: 1024}),
	plain(core.Attribute{ID: manager, Label: "Manager", Kind: core.Reference}),
	plain(core.Attribute{ID: "alternateEmail", Label: "Alternate e-mail", Kind: core.Email}),
	plain(core.Attribute{ID: recovery, Label: "Recovery e-mail", Kind: core.Email}),
	plain(core.Attribute{ID: state, Label: "State", ReadOnly: true, Help: "STAGED, ACTIVATED or SUSPENDED."}),
}, phones(), addresses())

func phones() []attribute {
	var all []attribute
	for _, p := range [][2]string{{"work", "Work phone"}, {"mobile", "Mobile phone"}, {"home", "Home phone"}, {"work_mobile", "Work mobile phone"}, {"work_fax", "Work fax"}} {
		all = append(all, attribute{core.Attribute{ID: "phoneNumbers." + p[0], Label: p[1], Kind: core.Phone}, "phoneNumbers", p[0], "number"})
	}
	return all
}

func addresses() []attribute {
	var all []attribute
	for _, kind := range []string{"work", "home"} {
		for _, p := range [][2]string{{"streetAddress", "street"}, {"extendedAddress", "second line"}, {"poBox", "PO box"}, {"locality", "city"},
			{"region", "region"}, {"postalCode", "postal code"}, {"country", "country"}} {
			label := strings.ToUpper(kind[:1]) + kind[1:] + " address, " + p[1]
			all = append(all, attribute{core.Attribute{ID: "addresses." + kind + "." + p[0], Label: label}, "addresses", kind, p[0]})
		}
	}
	return all
}

// Standard gives the attributes that are known before anyone connects.
func Standard() []core.Attribute { return coreAttributes(standard) }

func coreAttributes(list []attribute) []core.Attribute {
	all := make([]core.Attribute, len(list))
	for i, a := range list {
		all[i] = a.Attribute
	}
	return all
}

// customAttributes are those of these names, of which some may differ in case alone: the
// first spelling counts, for JumpCloud takes the others as the same.
func customAttributes(names []string) []attribute {
	var all []attribute
	for _, name := range names {
		if !slices.ContainsFunc(all, func(a attribute) bool { return strings.EqualFold(a.element, name) }) {
			all = append(all, attribute{core.Attribute{ID: customPrefix + name, Label: name}, custom, name, "value"})
		}
	}
	return all
}

// get gives the value that a person has.
func (a attribute) get(person object) string {
	switch {
	case a.key == recovery:
		return manifest.TextAt(person, recovery+".address")
	case a.part == "":
		return manifest.Text(person[a.key])
	}
	list := elements(person[a.key])
	if i := a.find(list); i >= 0 {
		return manifest.Text(list[i][a.part])
	}
	return ""
}

// set puts a value into what is sent. A list is sent whole, so what the person has in it
// before is kept beside the value.
func (a attribute) set(sent, before object, value string) {
	switch {
	case a.key == recovery:
		sent[recovery] = object{"address": value}
	case a.part == "":
		sent[a.key] = value
	default:
		was, begun := sent[a.key]
		if !begun {
			was = before[a.key]
		}
		sent[a.key] = a.merge(a.sendable(elements(was)), value)
	}
}

func (a attribute) merge(list []object, value string) []object {
	if value == "" {
		for _, e := range list { // of several, the second would show up in the place of the first
			if a.isOf(e) {
				e[a.part] = ""
			}
		}
		return slices.DeleteFunc(list, func(e object) bool { return a.isOf(e) && a.empty(e) })
	}
	i := a.find(list)
	if i < 0 {
		i = len(list)
		list = append(list, object{a.name(): a.element})
	}
	list[i][a.part] = value
	return list
}

// name is the key that tells elements of the list apart.
func (a attribute) name() string { return lists[a.key][0] }

func (a attribute) isOf(e object) bool {
	return strings.EqualFold(manifest.Text(e[a.name()]), a.element)
}

func (a attribute) find(list []object) int { return slices.IndexFunc(list, a.isOf) }

// empty says that an element holds nothing any more.
func (a attribute) empty(e object) bool {
	return !slices.ContainsFunc(lists[a.key][1:], func(part string) bool { return manifest.Text(e[part]) != "" })
}

// sendable copies elements without what JumpCloud adds to them and does not take back.
func (a attribute) sendable(list []object) []object {
	copies := make([]object, 0, len(list))
	for _, e := range list {
		c := object{}
		for _, part := range lists[a.key] {
			if v, has := e[part]; has && v != nil {
				c[part] = v
			}
		}
		copies = append(copies, c)
	}
	return copies
}

func elements(list any) []object {
	var all []object
	switch list := list.(type) {
	case []object:
		return list
	case []any:
		for _, e := range list {
			if o, ok := e.(object); ok {
				all = append(all, o)
			}
		}
	}
	return all
}

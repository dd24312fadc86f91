package scim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rollcall/core"
)

// attribute is one flat attribute and where it stands in a resource.
type attribute struct {
	core.Attribute
	urn     string // of the extension; "" for the core schema
	name    string // top attribute
	sub     string // sub-attribute of a complex one; "" for a simple one
	element string // type of the element of a multi-valued one: work, mobile; "" where there is one value
	wire    string // the schema's type, where the text does not stand as it is: boolean, integer, decimal, dateTime
}

// unit is the part of a resource that is written whole.
type unit struct{ urn, name string }

func (a attribute) unit() unit { return unit{a.urn, a.name} }

// path is how PATCH names the unit.
func (u unit) path() string {
	if u.urn == "" {
		return u.name
	}
	return u.urn + ":" + u.name
}

// object is a JSON object whose names do not differ by case, as RFC 7643 §2.1 has it.
type object = map[string]any

// resource is an object that keeps numbers as they were written.
type resource object

// UnmarshalJSON reads a resource.
func (r *resource) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	var o object
	if err := d.Decode(&o); err != nil {
		return err
	}
	*r = o
	return nil
}

func field(o object, name string) any {
	if v, ok := o[name]; ok {
		return v
	}
	for k, v := range o {
		if strings.EqualFold(k, name) {
			return v
		}
	}
	return nil
}

func put(o object, name string, v any) {
	maps.DeleteFunc(o, func(k string, _ any) bool { return strings.EqualFold(k, name) })
	if v != nil {
		o[name] = v
	}
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	}
	return ""
}

// part gives the object that holds the unit: the resource or its extension.
func (u unit) part(r object) object {
	if u.urn == "" {
		return r
	}
	o, _ := field(r, u.urn).(object)
	return o
}

func (u unit) get(r object) any { return field(u.part(r), u.name) }

// put sets the unit; nil and what is empty remove it, and an extension with it that
// has nothing left.
func (u unit) put(r object, v any) {
	if empty(v) {
		v = nil
	}
	part := u.part(r)
	if part == nil {
		part = object{}
	}
	put(part, u.name, v)
	if u.urn != "" {
		put(r, u.urn, part)
		if len(part) == 0 {
			put(r, u.urn, nil)
		}
	}
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case object:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// get gives the attribute's value in a resource.
func (a attribute) get(r object) string {
	v := a.unit().get(r)
	switch {
	case a.element != "":
		return text(field(findElement(v, a.element), a.elementSub()))
	case a.Kind == core.List:
		return core.JoinList(listValues(v))
	case a.sub != "":
		o, ok := v.(object)
		if !ok && a.sub == "value" { // a manager that is stated as a bare id
			return text(v)
		}
		return a.read(field(o, a.sub))
	}
	return a.read(v)
}

func (a attribute) elementSub() string {
	if a.sub == "" {
		return "value"
	}
	return a.sub
}

func (a attribute) read(v any) string {
	s := text(v)
	if a.wire == "dateTime" && len(s) > len(time.DateOnly) {
		return s[:len(time.DateOnly)]
	}
	return s
}

// write gives the JSON value of a text, nil for none.
func (a attribute) write(s string) any {
	switch {
	case s == "":
		return nil
	case a.wire == "boolean":
		return s == "true"
	case a.wire == "integer", a.wire == "decimal":
		return json.Number(s)
	case a.wire == "dateTime" && len(s) == len(time.DateOnly):
		return s + "T00:00:00Z"
	}
	return s
}

// check refuses a text that cannot be written as the attribute's type.
func (a attribute) check(s string) error {
	bad := ""
	switch {
	case s == "":
	case a.wire == "boolean" && s != "true" && s != "false":
		bad = "it has to be true or false"
	case (a.wire == "integer" || a.wire == "decimal") && !json.Valid([]byte(s)):
		bad = "it has to be a number"
	}
	if bad == "" {
		return nil
	}
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("The value for “%s” cannot be written: %s.", a.Label, bad), Fix: "Change the value in the mapping."}
}

// set puts a text into a resource, leaving everything beside it as it is.
func (a attribute) set(r object, s string) {
	u := a.unit()
	v := u.get(r)
	switch {
	case a.element != "":
		u.put(r, a.setElement(v, s))
	case a.Kind == core.List:
		u.put(r, a.setList(v, core.SplitList(s)))
	case a.Kind == core.Reference && a.sub != "":
		u.put(r, reference(a.sub, s)) // whole: what stands beside it belongs to the former one
	case a.sub != "":
		o, ok := v.(object)
		if !ok {
			o = object{}
		}
		put(o, a.sub, a.write(s))
		u.put(r, o)
	default:
		u.put(r, a.write(s))
	}
}

func reference(sub, id string) any {
	if id == "" {
		return nil
	}
	return object{sub: id}
}

// findElement gives the element of that type; where none has it, a lone element
// without a type is the work one.
func findElement(list any, kind string) object {
	elements, _ := list.([]any)
	for _, e := range elements {
		if o, ok := e.(object); ok && strings.EqualFold(text(field(o, "type")), kind) {
			return o
		}
	}
	if len(elements) == 1 && kind == work {
		if o, ok := elements[0].(object); ok && text(field(o, "type")) == "" {
			return o
		}
	}
	return nil
}

// setElement changes, adds or cuts the element of the attribute's type in a list.
func (a attribute) setElement(list any, s string) any {
	elements, _ := list.([]any)
	e := findElement(list, a.element)
	switch {
	case e == nil && s == "":
		return list
	case e == nil:
		e = object{"type": a.element}
		if !slices.ContainsFunc(elements, isPrimary) && a.element == work {
			e["primary"] = true
		}
		elements = append(elements, e)
	}
	put(e, a.elementSub(), a.write(s))
	put(e, "formatted", keepFormatted(a, e))
	return slices.DeleteFunc(elements, bare)
}

// keepFormatted drops the formatted address that no longer fits its parts.
func keepFormatted(a attribute, e object) any {
	if a.name == "addresses" && a.sub != "formatted" {
		return nil
	}
	return field(e, "formatted")
}

func isPrimary(e any) bool {
	o, _ := e.(object)
	return field(o, "primary") == true
}

// bare says that an element has nothing but its type left.
func bare(e any) bool {
	o, ok := e.(object)
	if !ok {
		return false
	}
	for k, v := range o {
		if !strings.EqualFold(k, "type") && !strings.EqualFold(k, "primary") && !strings.EqualFold(k, "display") && v != nil {
			return false
		}
	}
	return true
}

func listValues(v any) []string {
	elements, _ := v.([]any)
	var values []string
	for _, e := range elements {
		s := text(e)
		if o, ok := e.(object); ok {
			s = text(field(o, "value"))
		}
		if s != "" {
			values = append(values, s)
		}
	}
	return values
}

// setList gives the list with exactly these values; elements that stay keep what
// stands beside their value.
func (a attribute) setList(old any, values []string) any {
	elements, _ := old.([]any)
	list := make([]any, 0, len(values))
	for _, s := range values {
		i := slices.IndexFunc(elements, func(e any) bool { o, ok := e.(object); return ok && text(field(o, "value")) == s })
		switch {
		case i >= 0:
			list = append(list, elements[i])
		case a.sub == "value":
			list = append(list, object{"value": s})
		default:
			list = append(list, s)
		}
	}
	return list
}

// clone copies a JSON value, so that it can be changed beside the first.
func clone(v any) any {
	switch v := v.(type) {
	case object:
		o := make(object, len(v))
		for k, x := range v {
			o[k] = clone(x)
		}
		return o
	case []any:
		l := make([]any, len(v))
		for i, x := range v {
			l[i] = clone(x)
		}
		return l
	}
	return v
}

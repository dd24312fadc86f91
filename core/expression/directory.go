package expression

import "strings"

var directoryFunctions = []function{
	{name: "Current", aliases: "TargetField findDirectoryUser", signature: "Current(attribute)", help: "The value that the account has now; null for a new one.",
		example: `Current("title")`, result: "Engineer", min: 1, max: 1, strict: true, needs: func(c *Context) bool { return c.Current != nil },
		call: func(f *frame, a []Value) (Value, error) { return given(f.ctx.Current(a[0].Text())), nil }},
	{name: "Previous", signature: "Previous(field)", help: "The value that a field had at the last sync.",
		example: `Previous("department")`, result: "Support", min: 1, max: 1, strict: true, needs: func(c *Context) bool { return c.Previous != nil },
		call: func(f *frame, a []Value) (Value, error) { return given(f.ctx.Previous(a[0].Text())), nil }},
	{name: "HasChanged", signature: "HasChanged(field)", help: "True when the field differs from the last sync.",
		example: `HasChanged("department")`, result: "true", min: 1, max: 1, strict: true, readsNamed: true, needs: func(c *Context) bool { return c.Previous != nil && c.Field != nil },
		call: func(f *frame, a []Value) (Value, error) {
			before, _ := f.ctx.Previous(a[0].Text())
			after, _ := f.ctx.Field(a[0].Text())
			return boolean(before != after), nil
		}},
	{name: "Lookup", signature: "Lookup(table, key [, default])", help: "Finds a key in a table of the configuration; the default, or null, when it is not there.",
		example: `Lookup("costCentres", "4711", "none")`, result: "Sales", min: 2, max: 3, strict: true, needs: func(c *Context) bool { return c.Lookup != nil },
		call: func(f *frame, a []Value) (Value, error) {
			if found, ok := f.ctx.Lookup(a[0].Text(), a[1].Text()); ok {
				return text(found), nil
			}
			if len(a) > 2 {
				return a[2], nil
			}
			return Value{}, nil
		}},
	{name: "LookupPerson", signature: "LookupPerson(id).field or LookupPerson(id, field)", help: "A field of another person, found by identifier; null when there is none.",
		example: `LookupPerson("E1").email`, result: "boss@corp.example", min: 2, max: 2, strict: true, needs: func(c *Context) bool { return c.Person != nil },
		call: func(f *frame, a []Value) (Value, error) {
			return given(f.ctx.Person(a[0].Text(), a[1].Text())), nil
		}},
	{name: "ManagerField", signature: "Manager.field or ManagerField(field)", help: "A field of the person's manager.",
		example: `Manager.email`, result: "boss@corp.example", min: 1, max: 1, strict: true, needs: func(c *Context) bool { return c.Manager != nil },
		call: func(f *frame, a []Value) (Value, error) { return given(f.ctx.Manager(a[0].Text())), nil }},
	{name: "InGroup", aliases: "isMemberOfGroup", signature: "InGroup(id)", help: "True when the account is in the group with that identifier.",
		example: `InGroup("g1")`, result: "true", min: 1, max: 1, strict: true, needs: hasGroups,
		call: func(f *frame, a []Value) (Value, error) { return boolean(f.ctx.InGroup(a[0].Text(), "id")), nil }},
	{name: "InGroupNamed", aliases: "isMemberOfGroupName", signature: "InGroupNamed(name [, \"exact\" | \"startsWith\" | \"contains\" | \"regex\"])", help: "True when the account is in a group of that name.",
		example: `InGroupNamed("Sal", "startsWith")`, result: "true", min: 1, max: 2, strict: true, needs: hasGroups, call: inGroupNamed},
	{name: "DefaultDomain", signature: "DefaultDomain()", help: "The target's default domain.",
		example: `"anna@" + DefaultDomain()`, result: "anna@corp.example", min: 0, max: 0, needs: func(c *Context) bool { return c.DefaultDomain != "" },
		call: func(f *frame, _ []Value) (Value, error) { return text(f.ctx.DefaultDomain), nil }},
}

func hasGroups(c *Context) bool { return c.InGroup != nil }

var groupModes = map[string]string{"": "exact", "exact": "exact", "startswith": "startsWith", "starts_with": "startsWith", "contains": "contains", "regex": "regex"}

func inGroupNamed(f *frame, a []Value) (Value, error) {
	mode, ok := groupModes[strings.ToLower(optional(a, 1))]
	if !ok {
		return Value{}, refuse("Write exact, startsWith, contains or regex.", "%s is not a way to compare names.", quoted(optional(a, 1)))
	}
	if mode == "regex" {
		if _, err := pattern(a[0].Text()); err != nil {
			return Value{}, err
		}
	}
	return boolean(f.ctx.InGroup(a[0].Text(), mode)), nil
}

package googleworkspace

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/emulators/wire"
)

const (
	mostSchemas = 100
	mostFields  = 100
)

var (
	fieldTypes  = []string{"BOOL", "DATE", "DOUBLE", "EMAIL", "INT64", "PHONE", "STRING"}
	accessTypes = []string{"ALL_DOMAIN_USERS", "ADMINS_AND_SELF"}
	schemaName  = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
)

// findSchema gives the schema of a name or an id.
func (s *state) findSchema(key string) wire.Object {
	for _, o := range s.schemas {
		if o["schemaName"] == key || o["schemaId"] == key {
			return o
		}
	}
	return nil
}

// findField gives the definition of a field of a schema.
func findField(schema wire.Object, name string) wire.Object {
	list, _ := schema["fields"].([]any)
	for _, one := range list {
		if o := one.(wire.Object); o["fieldName"] == name {
			return o
		}
	}
	return nil
}

func (e *emulator) listSchemas(call) reply {
	list := []any{}
	for _, o := range e.schemas {
		list = append(list, o)
	}
	all := wire.Object{"kind": "admin#directory#schemas", "etag": `"made-up/s"`}
	if len(list) > 0 {
		all["schemas"] = list
	}
	return said(all)
}

func (e *emulator) getSchema(c call) reply {
	if o := e.findSchema(c.PathValue("key")); o != nil {
		return said(o)
	}
	return missing("schemaKey")
}

func (e *emulator) insertSchema(c call) reply {
	name := text(c.body["schemaName"])
	for _, field := range []string{"schemaName", "displayName", "fields"} {
		if c.body[field] == nil {
			return refused(http.StatusBadRequest, "required", "Missing required field: "+field)
		}
	}
	if slices.ContainsFunc(e.schemas, func(o wire.Object) bool { return strings.EqualFold(text(o["schemaName"]), name) }) {
		return duplicate(alreadyThere)
	}
	if len(e.schemas) >= mostSchemas {
		return unmet("There are too many schemas.")
	}
	e.made++
	o := wire.Object{"kind": "admin#directory#schema", "schemaId": fmt.Sprintf("k4-made-%d", e.made), "schemaName": name, "displayName": name}
	if bad := e.defineSchema(o, c.body); bad.status != 0 {
		return bad
	}
	e.schemas = append(e.schemas, o)
	return said(o)
}

func (e *emulator) updateSchema(c call) reply {
	before := e.findSchema(c.PathValue("key"))
	if before == nil {
		return missing("schemaKey")
	}
	o := edited(before)
	if bad := e.defineSchema(o, c.body); bad.status != 0 {
		return bad
	}
	e.schemas[slices.IndexFunc(e.schemas, func(s wire.Object) bool { return s["schemaId"] == o["schemaId"] })] = o
	return said(o)
}

func (e *emulator) deleteSchema(c call) reply {
	gone := e.findSchema(c.PathValue("key"))
	if gone == nil {
		return missing("schemaKey")
	}
	e.schemas = slices.DeleteFunc(slices.Clone(e.schemas), func(s wire.Object) bool { return s["schemaId"] == gone["schemaId"] })
	return done
}

// defineSchema puts a body into a definition. A name stays as it is.
func (e *emulator) defineSchema(o, body wire.Object) reply {
	for name, value := range body {
		s := text(value)
		switch name {
		case "schemaName":
			if !schemaName.MatchString(s) || s != o["schemaName"] {
				return invalid(name)
			}
		case "displayName":
			if s == "" {
				return invalid(name)
			}
			o[name] = s
		case "fields":
			list, bad := e.defineFields(o, value)
			if bad.status != 0 {
				return bad
			}
			o[name] = list
		case "kind", "etag", "schemaId": // a client sends back what it got
		default:
			return invalid(name)
		}
	}
	return reply{}
}

func (e *emulator) defineFields(schema wire.Object, value any) ([]any, reply) {
	given, ok := value.([]any)
	if !ok || len(given) == 0 || len(given) > mostFields {
		return nil, invalid("fields")
	}
	list, seen := []any{}, map[string]bool{}
	for _, one := range given {
		f, _ := one.(wire.Object)
		name := text(f["fieldName"])
		if seen[strings.ToLower(name)] {
			return nil, duplicate(alreadyThere)
		}
		seen[strings.ToLower(name)] = true
		if bad := wrongField(f, findField(schema, name)); bad != "" {
			return nil, invalid("fields." + bad)
		}
		e.made++
		made := wire.Object{"kind": "admin#directory#schema#fieldspec", "fieldId": fmt.Sprintf("f%d", e.made), "displayName": name,
			"readAccessType": "ALL_DOMAIN_USERS"}
		maps.Copy(made, findField(schema, name))
		maps.Copy(made, f)
		list = append(list, made)
	}
	return list, reply{}
}

// wrongField names what is wrong with the definition of a field, or gives "". Its type cannot change.
func wrongField(f, before wire.Object) string {
	for key, value := range f {
		_, isFlag := value.(bool)
		switch key {
		case "multiValued", "indexed":
			if !isFlag {
				return key
			}
		case "displayName", "numericIndexingSpec", "kind", "etag", "fieldId":
		case "readAccessType":
			if !slices.Contains(accessTypes, text(value)) {
				return key
			}
		case "fieldName":
			if !schemaName.MatchString(text(value)) {
				return key
			}
		case "fieldType":
			if !slices.Contains(fieldTypes, text(value)) || before != nil && before[key] != value {
				return key
			}
		default:
			return key
		}
	}
	switch {
	case f["fieldName"] == nil:
		return "fieldName"
	case f["fieldType"] == nil && before == nil:
		return "fieldType"
	}
	return ""
}

// setSchemas changes the custom fields that are given, and takes away those that are null.
func setSchemas(a attribute, o wire.Object, value any) reply {
	given, ok := value.(wire.Object)
	if !ok {
		return invalid("customSchemas")
	}
	all := wire.Object{}
	before, _ := o["customSchemas"].(wire.Object)
	maps.Copy(all, before)
	for name, value := range given {
		schema := a.findSchema(name)
		values, isObject := value.(wire.Object)
		if schema == nil || value != nil && !isObject {
			return invalid("custom_schema." + name)
		}
		old, _ := all[name].(wire.Object)
		held, bad := setFields(schema, old, values)
		if bad != "" {
			return invalid("custom_schema." + name + "." + bad)
		}
		all[name] = held
		if value == nil || len(held) == 0 {
			delete(all, name)
		}
	}
	delete(o, "customSchemas")
	if len(all) > 0 {
		o["customSchemas"] = all
	}
	return reply{}
}

func setFields(schema, old, values wire.Object) (held wire.Object, bad string) {
	held = wire.Object{}
	maps.Copy(held, old)
	for name, value := range values {
		f := findField(schema, name)
		if f == nil {
			return nil, name
		}
		if value == nil {
			delete(held, name)
			continue
		}
		kept, ok := fieldValue(f, value)
		if !ok {
			return nil, name
		}
		held[name] = kept
		if list, isList := kept.([]any); isList && len(list) == 0 {
			delete(held, name)
		}
	}
	return held, ""
}

// fieldValue reads a value as Google keeps it. Several values are a list of objects.
func fieldValue(f wire.Object, value any) (any, bool) {
	kind := text(f["fieldType"])
	given, isList := value.([]any)
	if f["multiValued"] != true || !isList {
		if f["multiValued"] == true || isList {
			return nil, false
		}
		return oneValue(kind, value)
	}
	list := []any{}
	for _, one := range given {
		o, _ := one.(wire.Object)
		kept, ok := oneValue(kind, o["value"])
		if !ok {
			return nil, false
		}
		made := maps.Clone(o)
		made["value"] = kept
		for key := range made {
			if !slices.Contains([]string{"value", "type", "customType"}, key) {
				return nil, false
			}
		}
		list = append(list, made)
	}
	return list, true
}

func oneValue(kind string, value any) (any, bool) {
	s, isText := value.(string)
	n, isNumber := value.(json.Number)
	switch kind {
	case "BOOL":
		_, ok := value.(bool)
		return value, ok
	case "INT64": // a number may come as one, and is kept as a text
		s = plain(value)
		i, ok := new(big.Int).SetString(s, 10)
		return s, ok && i.IsInt64() && (isText || isNumber)
	case "DOUBLE":
		return n, isNumber
	case "DATE":
		_, err := time.Parse(time.DateOnly, s)
		return s, err == nil
	case "EMAIL":
		_, err := mail.ParseAddress(s)
		return s, err == nil
	}
	return s, isText
}

func plain(value any) string { return fmt.Sprint(value) }

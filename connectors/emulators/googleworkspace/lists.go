package googleworkspace

import (
	"encoding/json"
	"fmt"
	"strconv"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// field is one of the company's own fields, by its schema, and its value or nil.
type field struct {
	schema, name, label, kind string
	multi, private            bool
	of                        func(p seed.Employee) any
}

var fields = []field{
	{"Employment", "hireDate", "Hire date", "DATE", false, true, written(func(p seed.Employee) string { return p.Hire })},
	{"Employment", "hours", "Hours", "DOUBLE", false, true, hours},
	{"Employment", "bicycles", "Bicycles", "INT64", false, false, bicycles},
	{"Employment", "projects", "Projects", "STRING", true, false, projects},
	{"Facilities", "badge", "Badge", "STRING", false, false, written(func(p seed.Employee) string { return p.Custom.Badge })},
	{"Facilities", "building", "Building", "STRING", false, false, written(func(p seed.Employee) string { return p.Custom.Building.Name })},
	{"Facilities", "onSite", "On site", "BOOL", false, false, onSite},
	{"Facilities", "anniversary", "Anniversary", "DATE", false, false, written(func(p seed.Employee) string { return p.Custom.Anniversary })},
	{"Facilities", "note", "Note", "STRING", false, true, written(func(p seed.Employee) string { return p.Custom.Note })},
}

func written(of func(seed.Employee) string) func(seed.Employee) any {
	return func(p seed.Employee) any {
		if of(p) == "" {
			return nil
		}
		return of(p)
	}
}

func hours(p seed.Employee) any {
	if p.Custom.Hours == "" {
		return nil
	}
	return json.Number(p.Custom.Hours)
}

// bicycles is a whole number, which Google writes as a text.
func bicycles(p seed.Employee) any {
	if p.Custom.Bicycles == nil {
		return nil
	}
	return strconv.Itoa(*p.Custom.Bicycles)
}

func projects(p seed.Employee) any {
	if len(p.Custom.Languages) == 0 {
		return nil
	}
	list := []any{}
	for _, value := range p.Custom.Languages {
		list = append(list, wire.Object{"type": "work", "value": value})
	}
	return list
}

func onSite(p seed.Employee) any {
	if p.Custom.OnSite == nil {
		return nil
	}
	return *p.Custom.OnSite
}

// customSchemas holds the values there are; a schema without any is left out.
func customSchemas(p seed.Employee) wire.Object {
	all := wire.Object{}
	for _, f := range fields {
		value := f.of(p)
		if value == nil {
			continue
		}
		schema, _ := all[f.schema].(wire.Object)
		if schema == nil {
			schema = wire.Object{}
			all[f.schema] = schema
		}
		schema[f.name] = value
	}
	return all
}

func definition(name string) wire.Object {
	list := []any{}
	for i, f := range fields {
		if f.schema != name {
			continue
		}
		o := wire.Object{"kind": "admin#directory#schema#fieldspec", "fieldId": fmt.Sprintf("f%d", i+1),
			"fieldName": f.name, "displayName": f.label, "fieldType": f.kind, "readAccessType": "ALL_DOMAIN_USERS"}
		if f.private {
			o["readAccessType"] = "ADMINS_AND_SELF"
		}
		if f.multi {
			o["multiValued"] = true
		}
		list = append(list, o)
	}
	return wire.Object{"kind": "admin#directory#schema", "schemaId": "k3-" + name, "schemaName": name, "displayName": name, "fields": list}
}

func (e *emulator) domains(call) reply {
	return said(wire.Object{"kind": "admin#directory#domains", "etag": `"made-up/d"`, "domains": []any{wire.Object{
		"kind": "admin#directory#domain", "etag": `"made-up/d"`, "domainName": domain, "isPrimary": true, "verified": true, "creationTime": "1547539200000"}}})
}

package googleworkspace

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

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
	{"Employment", "hireDate", "Hire date", "DATE", false, true, text(func(p seed.Employee) string { return p.Hire })},
	{"Employment", "hours", "Hours", "DOUBLE", false, true, hours},
	{"Employment", "bicycles", "Bicycles", "INT64", false, false, bicycles},
	{"Employment", "projects", "Projects", "STRING", true, false, projects},
	{"Facilities", "badge", "Badge", "STRING", false, false, text(func(p seed.Employee) string { return p.Custom.Badge })},
	{"Facilities", "building", "Building", "STRING", false, false, text(func(p seed.Employee) string { return p.Custom.Building.Name })},
	{"Facilities", "onSite", "On site", "BOOL", false, false, onSite},
	{"Facilities", "anniversary", "Anniversary", "DATE", false, false, text(func(p seed.Employee) string { return p.Custom.Anniversary })},
	{"Facilities", "note", "Note", "STRING", false, true, text(func(p seed.Employee) string { return p.Custom.Note })},
}

func text(of func(seed.Employee) string) func(seed.Employee) any {
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

func (e *emulator) schemas(w http.ResponseWriter, _ *http.Request) {
	answer(w, wire.Object{"kind": "admin#directory#schemas", "etag": `"made-up/s"`, "schemas": []any{definition("Employment"), definition("Facilities")}})
}

func (e *emulator) schema(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.PathValue("key"), "k3-")
	if name != "Employment" && name != "Facilities" {
		refuse(w, http.StatusNotFound, "notFound", "Resource Not Found: schemaKey")
		return
	}
	answer(w, definition(name))
}

// orgUnits lists the units below the top, which itself is in the list only if it is asked for.
func (e *emulator) orgUnits(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	kind, parent := q.Get("type"), q.Get("orgUnitPath")
	known := slices.Contains([]string{"", "all", "children", "allIncludingParent"}, kind)
	if !known || wire.Unknown(q, "type", "orgUnitPath", "alt", "prettyPrint") != "" {
		refuse(w, http.StatusBadRequest, "invalid", "Invalid Input: type")
		return
	}
	units := []any{}
	if kind == "allIncludingParent" {
		units = append(units, wire.Object{"kind": "admin#directory#orgUnit", "etag": `"made-up/o"`, "name": "Corp", "orgUnitId": "id:top", "orgUnitPath": "/"})
	}
	seen := map[string]bool{"/": true}
	for _, p := range e.Living() {
		path := unitPath(p)
		if seen[path] || parent != "" && parent != "/" {
			continue
		}
		seen[path] = true
		units = append(units, wire.Object{"kind": "admin#directory#orgUnit", "etag": `"made-up/o"`, "name": path[1:], "description": "",
			"orgUnitId": fmt.Sprintf("id:%x", path), "orgUnitPath": path, "parentOrgUnitId": "id:top", "parentOrgUnitPath": "/"})
	}
	answer(w, wire.Object{"kind": "admin#directory#orgUnits", "etag": `"made-up/o"`, "organizationUnits": units})
}

func (e *emulator) domains(w http.ResponseWriter, _ *http.Request) {
	answer(w, wire.Object{"kind": "admin#directory#domains", "etag": `"made-up/d"`, "domains": []any{wire.Object{
		"kind": "admin#directory#domain", "etag": `"made-up/d"`, "domainName": domain, "isPrimary": true, "verified": true, "creationTime": "1547539200000"}}})
}

package googleworkspace

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"rollcall/connectors/emulators/wire"
)

// unit is an organisational unit. The first one is the top.
type unit struct {
	id, path, name, description string
	parent                      *unit
}

var unknownUnit = refused(http.StatusNotFound, "notFound", "Org unit not found")

// unit makes a unit under the one of a path; the top has none.
func (s *state) unit(parent, name string) *unit {
	over := s.findUnit(parent)
	u := &unit{id: "id:top", path: "/", name: name, parent: over}
	if over != nil {
		u.path = strings.TrimSuffix(over.path, "/") + "/" + name
		u.id = fmt.Sprintf("id:%x", u.path)
	}
	s.units = append(s.units, u)
	return u
}

// findUnit gives the unit of a path or an id.
func (s *state) findUnit(key string) *unit {
	for _, u := range s.units {
		if strings.EqualFold(u.path, key) || u.id == key {
			return u
		}
	}
	return nil
}

// ofPath gives the unit that a path of a call names, which begins without its slash.
func (e *emulator) ofPath(c call) *unit {
	key := c.PathValue("path")
	if u := e.findUnit(key); u != nil {
		return u
	}
	return e.findUnit("/" + strings.TrimPrefix(key, "/"))
}

func (u *unit) object() wire.Object {
	o := wire.Object{"kind": "admin#directory#orgUnit", "etag": `"made-up/o"`, "name": u.name, "description": u.description, "orgUnitId": u.id, "orgUnitPath": u.path}
	if u.parent != nil {
		o["parentOrgUnitId"], o["parentOrgUnitPath"] = u.parent.id, u.parent.path
	}
	return o
}

// listUnits lists the units below one, which itself is in the list only if it is asked for.
func (e *emulator) listUnits(c call) reply {
	kind := c.q.Get("type")
	if !slices.Contains([]string{"", "all", "children", "allIncludingParent"}, kind) {
		return invalid("type")
	}
	top := e.findUnit(cmp.Or(c.q.Get("orgUnitPath"), "/"))
	if top == nil {
		return unknownUnit
	}
	units := []any{}
	for _, u := range e.units {
		below := u != top && strings.HasPrefix(u.path, strings.TrimSuffix(top.path, "/")+"/")
		children := kind == "" || kind == "children"
		if below && (!children || u.parent == top) || u == top && kind == "allIncludingParent" {
			units = append(units, u.object())
		}
	}
	return said(wire.Object{"kind": "admin#directory#orgUnits", "etag": `"made-up/o"`, "organizationUnits": units})
}

func (e *emulator) getUnit(c call) reply {
	if u := e.ofPath(c); u != nil {
		return said(u.object())
	}
	return unknownUnit
}

func (e *emulator) insertUnit(c call) reply {
	name, parent := text(c.body["name"]), e.parentOf(c.body)
	switch {
	case wrongUnit(c.body) != "":
		return invalid(wrongUnit(c.body))
	case name == "" || strings.Contains(name, "/"):
		return invalid("name")
	case parent == nil:
		return invalid("parentOrgUnitPath")
	case e.findUnit(strings.TrimSuffix(parent.path, "/")+"/"+name) != nil:
		return duplicate(alreadyThere)
	}
	u := e.unit(parent.path, name)
	e.made++
	u.id, u.description = fmt.Sprintf("id:made-%d", e.made), text(c.body["description"])
	return said(u.object())
}

func wrongUnit(body wire.Object) string {
	for key, value := range body {
		if key == "blockInheritance" || key == "kind" || key == "etag" {
			continue
		}
		_, isText := value.(string)
		if !isText || !slices.Contains([]string{"name", "description", "parentOrgUnitPath", "parentOrgUnitId"}, key) {
			return key
		}
	}
	return ""
}

func (e *emulator) parentOf(body wire.Object) *unit {
	return e.findUnit(cmp.Or(text(body["parentOrgUnitId"]), text(body["parentOrgUnitPath"])))
}

// updateUnit renames, moves or describes a unit; whoever is in it or below moves along.
func (e *emulator) updateUnit(c call) reply {
	u := e.ofPath(c)
	if u == nil {
		return unknownUnit
	}
	if bad := wrongUnit(c.body); bad != "" {
		return invalid(bad)
	}
	parent, name := u.parent, cmp.Or(text(c.body["name"]), u.name)
	if c.body["parentOrgUnitPath"] != nil || c.body["parentOrgUnitId"] != nil {
		parent = e.parentOf(c.body)
	}
	if parent == nil || parent == u || strings.HasPrefix(parent.path, u.path+"/") || strings.Contains(name, "/") {
		return invalid("parentOrgUnitPath")
	}
	path := strings.TrimSuffix(parent.path, "/") + "/" + name
	if other := e.findUnit(path); other != nil && other != u {
		return duplicate(alreadyThere)
	}
	if description, ok := c.body["description"]; ok {
		u.description = text(description)
	}
	e.rename(u.path, path)
	u.parent, u.name = parent, name
	return said(u.object())
}

// rename gives everything at or below a path its new one.
func (e *emulator) rename(from, to string) {
	if from == to {
		return
	}
	moved := func(path string) (string, bool) {
		rest, ok := strings.CutPrefix(path, from)
		return to + rest, ok && (rest == "" || rest[0] == '/')
	}
	for _, u := range e.units {
		if path, ok := moved(u.path); ok {
			u.path = path
		}
	}
	for _, u := range e.state.users {
		if path, ok := moved(u.text("orgUnitPath")); ok {
			o := edited(u.record())
			o["orgUnitPath"] = path
			u.held, u.person = o, nil
		}
	}
}

// deleteUnit takes away a unit in which there is nobody and nothing.
func (e *emulator) deleteUnit(c call) reply {
	u := e.ofPath(c)
	switch {
	case u == nil:
		return unknownUnit
	case u.parent == nil:
		return invalid("orgUnitPath")
	case slices.ContainsFunc(e.units, func(other *unit) bool { return other.parent == u }),
		slices.ContainsFunc(e.state.users, func(in *user) bool { return !in.deleted && in.text("orgUnitPath") == u.path }):
		return unmet("The organizational unit is not empty.")
	}
	e.units = slices.DeleteFunc(e.units, func(other *unit) bool { return other == u })
	return done
}

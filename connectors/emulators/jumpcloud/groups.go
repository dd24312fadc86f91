package jumpcloud

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"rollcall/connectors/emulators/wire"
)

// group is a group of people and who is in it, as they came.
type group struct {
	id, name string
	order    []string
	in       map[string]bool
}

func (s *state) foundGroup(name string) *group {
	s.made++
	g := &group{id: fmt.Sprintf("65a4e8f0beef%012x", s.made), name: name, in: map[string]bool{}}
	s.groups = append(s.groups, g)
	return g
}

func (g *group) add(id string) {
	g.in[id] = true
	g.order = append(g.order, id)
}

func (g *group) drop(id string) {
	if g.in[id] {
		delete(g.in, id)
		g.order = slices.DeleteFunc(g.order, func(other string) bool { return other == id })
	}
}

func (s *state) group(id string) *group {
	for _, g := range s.groups {
		if g.id == id {
			return g
		}
	}
	return nil
}

func (g *group) object() any {
	return wire.Object{"id": g.id, "name": g.name, "type": "user_group", "description": "", "attributes": nil}
}

func (e *emulator) listGroups(c call) reply { return bare(e, c, e.groups, (*group).object) }

func (e *emulator) getGroup(c call) reply {
	if g := e.group(c.PathValue("group")); g != nil {
		return said(g.object())
	}
	return notFound
}

func (e *emulator) createGroup(c call) reply {
	body := c.object()
	name := text(body["name"])
	switch {
	case strings.TrimSpace(name) == "" || len(body) != 1:
		return invalid("A group has a name, and nothing else.")
	case slices.ContainsFunc(e.groups, func(g *group) bool { return g.name == name }):
		return refused(http.StatusConflict, "Already Exists")
	}
	return reply{status: http.StatusCreated, body: e.foundGroup(name).object()}
}

func edge(id, kind string) wire.Object {
	return wire.Object{"attributes": nil, "to": wire.Object{"attributes": nil, "id": id, "type": kind}}
}

func (e *emulator) listMembers(c call) reply {
	g := e.group(c.PathValue("group"))
	if g == nil {
		return notFound
	}
	return bare(e, c, g.order, func(id string) any { return edge(id, "user") })
}

// membership says the same with the path that leads from the group to each person.
func (e *emulator) membership(c call) reply {
	g := e.group(c.PathValue("group"))
	if g == nil {
		return notFound
	}
	return bare(e, c, g.order, func(id string) any {
		return wire.Object{"id": id, "type": "user", "compiledAttributes": nil, "paths": []any{[]any{edge(id, "user")}}}
	})
}

// memberOf says in which groups a person is, with the path that leads there.
func (e *emulator) memberOf(c call) reply {
	id := c.PathValue("id")
	if e.byID[id] == nil {
		return notFound
	}
	in := slices.DeleteFunc(slices.Clone(e.groups), func(g *group) bool { return !g.in[id] })
	return bare(e, c, in, func(g *group) any {
		return wire.Object{"id": g.id, "type": "user_group", "compiledAttributes": nil, "paths": []any{[]any{edge(g.id, "user_group")}}}
	})
}

// changeMembers adds somebody to a group or takes him out.
func (e *emulator) changeMembers(c call) reply {
	g, body := e.group(c.PathValue("group")), c.object()
	op, id := text(body["op"]), text(body["id"])
	for key := range body {
		if !known(key, "op type id attributes") {
			return invalid("Unknown key: " + key)
		}
	}
	switch {
	case g == nil:
		return notFound
	case body["type"] != "user" || op != "add" && op != "remove":
		return invalid("op or type is invalid")
	case e.byID[id] == nil, op == "remove" && !g.in[id]:
		return notFound
	case op == "add" && g.in[id]:
		return refused(http.StatusConflict, "Already Exists")
	case op == "add":
		g.add(id)
	default:
		g.drop(id)
	}
	return reply{status: http.StatusNoContent}
}

package googleworkspace

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"rollcall/connectors/emulators/wire"
)

const mostRows = 200

// group is a group and who is in it, people and groups.
type group struct {
	id, email, name, description string
	order                        []string // of members, as they came
	members                      map[string]member
}

// member is somebody's place in a group.
type member struct{ id, role string }

func (s *state) foundGroup(email, name, description string) *group {
	s.made++
	g := &group{id: fmt.Sprintf("03made%09d", s.made), email: email, name: name, description: description, members: map[string]member{}}
	s.groups = append(s.groups, g)
	s.groupByID[g.id] = g
	s.byAddress[strings.ToLower(email)] = g
	return g
}

func (g *group) add(s *state, m member) {
	g.order = append(g.order, m.id)
	g.members[m.id] = m
	s.groupsOf[m.id] = append(s.groupsOf[m.id], g)
}

func (g *group) drop(s *state, id string) {
	delete(g.members, id)
	g.order = slices.DeleteFunc(g.order, func(other string) bool { return other == id })
	s.groupsOf[id] = slices.DeleteFunc(s.groupsOf[id], func(other *group) bool { return other == g })
}

// leaveAll takes somebody out of all groups.
func (s *state) leaveAll(id string) {
	for _, g := range slices.Clone(s.groupsOf[id]) {
		g.drop(s, id)
	}
	delete(s.groupsOf, id)
}

func (s *state) findGroup(key string) *group {
	if g := s.groupByID[key]; g != nil {
		return g
	}
	g, _ := s.byAddress[strings.ToLower(key)].(*group)
	return g
}

func (s *state) groupObject(g *group) wire.Object {
	people := 0
	for id := range g.members {
		if s.byID[id] != nil {
			people++
		}
	}
	return wire.Object{"kind": "admin#directory#group", "id": g.id, "etag": `"made-up/g"`, "email": g.email, "name": g.name,
		"description": g.description, "directMembersCount": strconv.Itoa(people), "adminCreated": true}
}

func (s *state) memberObject(m member) wire.Object {
	o := wire.Object{"kind": "admin#directory#member", "etag": `"made-up/m"`, "id": m.id, "role": m.role, "type": "GROUP", "status": "ACTIVE"}
	if g := s.groupByID[m.id]; g != nil {
		o["email"] = g.email
		return o
	}
	u := s.byID[m.id]
	o["email"], o["type"] = u.text("primaryEmail"), "USER"
	if u.flag("suspended") {
		o["status"] = "SUSPENDED"
	}
	return o
}

// listGroups lists all groups, or those in which somebody is himself.
func (e *emulator) listGroups(c call) reply {
	groups := slices.Clone(e.groups)
	if key := c.q.Get("userKey"); key != "" {
		u := e.find(key)
		switch {
		case c.q.Has("customer"):
			return invalid("userKey")
		case u == nil:
			return missing("userKey")
		}
		groups = slices.Clone(e.groupsOf[u.id])
	} else if bad := ofWhom(c.q); bad.status != 0 {
		return bad
	}
	if c.q.Has("query") { // the sheet says nothing of searches for groups
		return invalid("query")
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return cmp.Compare(strings.ToLower(a.email), strings.ToLower(b.email)) })
	if c.q.Get("sortOrder") == "DESCENDING" {
		slices.Reverse(groups)
	}
	return listed(e, c.q, "groups", groups, e.groupObject)
}

// listed is a page of a list of groups or members.
func listed[T any](e *emulator, q map[string][]string, of string, all []T, object func(T) wire.Object) reply {
	get := func(name string) string { return strings.Join(q[name], "") }
	most, ok := number(get("maxResults"), mostRows, mostRows)
	from, follows := position(q)
	switch {
	case !ok:
		return invalid("maxResults")
	case !follows:
		return invalid("pageToken")
	}
	size := e.PageSize(most)
	rows, more := wire.PageAfter(e.Pages, all, from, size)
	list := make([]any, 0, len(rows))
	for _, one := range rows {
		list = append(list, object(one))
	}
	return said(e.page(of, list, more, q, from, size))
}

func (e *emulator) getGroup(c call) reply {
	g := e.findGroup(c.PathValue("group"))
	if g == nil {
		return missing("groupKey")
	}
	return said(e.groupObject(g))
}

// wrongGroup names what is wrong with the body of a group, or gives "".
func wrongGroup(body wire.Object) string {
	for key, value := range body {
		s, isText := value.(string)
		switch key {
		case "email", "name":
			if !isText {
				return key
			}
		case "description":
			if !isText || utf8.RuneCountInString(s) > 4096 {
				return key
			}
		case "kind", "id", "etag", "adminCreated", "aliases", "nonEditableAliases", "directMembersCount": // the edit is ignored
		default:
			return key
		}
	}
	return ""
}

func (e *emulator) insertGroup(c call) reply {
	email := text(c.body["email"])
	switch bad := wrongGroup(c.body); {
	case bad != "":
		return invalid(bad)
	case email == "":
		return refused(http.StatusBadRequest, "required", "Missing required field: email")
	}
	if bad := e.free(nil, email, "email"); bad.status != 0 {
		return bad
	}
	local, _, _ := strings.Cut(email, "@")
	return said(e.groupObject(e.foundGroup(email, cmp.Or(text(c.body["name"]), local), text(c.body["description"]))))
}

// updateGroup changes what is given, with PUT and PATCH alike.
func (e *emulator) updateGroup(c call) reply {
	g := e.findGroup(c.PathValue("group"))
	if g == nil {
		return missing("groupKey")
	}
	if bad := wrongGroup(c.body); bad != "" {
		return invalid(bad)
	}
	if email, ok := c.body["email"].(string); ok && !strings.EqualFold(email, g.email) {
		if bad := e.free(nil, email, "email"); bad.status != 0 {
			return bad
		}
		delete(e.byAddress, strings.ToLower(g.email))
		g.email = email
		e.byAddress[strings.ToLower(email)] = g
	}
	if name := text(c.body["name"]); name != "" {
		g.name = name
	}
	if description, ok := c.body["description"]; ok {
		g.description = text(description)
	}
	return said(e.groupObject(g))
}

func (e *emulator) deleteGroup(c call) reply {
	g := e.findGroup(c.PathValue("group"))
	if g == nil {
		return missing("groupKey")
	}
	for id := range g.members {
		e.groupsOf[id] = slices.DeleteFunc(e.groupsOf[id], func(other *group) bool { return other == g })
	}
	e.leaveAll(g.id)
	delete(e.groupByID, g.id)
	delete(e.byAddress, strings.ToLower(g.email))
	e.groups = slices.DeleteFunc(e.groups, func(other *group) bool { return other == g })
	return done
}

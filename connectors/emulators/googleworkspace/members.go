package googleworkspace

import (
	"cmp"
	"slices"
	"strings"

	"rollcall/connectors/emulators/wire"
)

var roles = []string{"OWNER", "MANAGER", "MEMBER"}

func (e *emulator) listMembers(c call) reply {
	g := e.findGroup(c.PathValue("group"))
	if g == nil {
		return missing("groupKey")
	}
	wanted := strings.FieldsFunc(c.q.Get("roles"), func(r rune) bool { return r == ',' })
	if slices.ContainsFunc(wanted, func(role string) bool { return !slices.Contains(roles, role) }) {
		return invalid("roles")
	}
	ids := g.order
	if c.q.Get("includeDerivedMembership") == "true" {
		ids = e.derived(g)
	}
	all := make([]member, 0, len(ids))
	for _, id := range ids {
		m, direct := g.members[id]
		if !direct {
			m = member{id, "MEMBER"}
		}
		if len(wanted) == 0 || slices.Contains(wanted, m.role) {
			all = append(all, m)
		}
	}
	return listed(e, c.q, "members", all, e.memberObject)
}

// derived are the members of a group and of the groups in it.
func (s *state) derived(g *group) []string {
	var all []string
	seen := map[string]bool{g.id: true}
	var walk func(*group)
	walk = func(g *group) {
		for _, id := range g.order {
			if seen[id] {
				continue
			}
			seen[id] = true
			all = append(all, id)
			if inner := s.groupByID[id]; inner != nil {
				walk(inner)
			}
		}
	}
	walk(g)
	return all
}

// ofKey gives the id of whom a key names, somebody or a group.
func (s *state) ofKey(key string) string {
	if u := s.find(key); u != nil {
		return u.id
	}
	if g := s.findGroup(key); g != nil {
		return g.id
	}
	return ""
}

// place finds a group and somebody's membership in it.
func (e *emulator) place(c call) (*group, member, reply) {
	g := e.findGroup(c.PathValue("group"))
	if g == nil {
		return nil, member{}, missing("groupKey")
	}
	m, ok := g.members[e.ofKey(c.PathValue("key"))]
	if !ok {
		return nil, member{}, missing("memberKey")
	}
	return g, m, reply{}
}

func (e *emulator) getMember(c call) reply {
	_, m, bad := e.place(c)
	if bad.status != 0 {
		return bad
	}
	return said(e.memberObject(m))
}

func (e *emulator) hasMember(c call) reply {
	g := e.findGroup(c.PathValue("group"))
	id := e.ofKey(c.PathValue("key"))
	switch {
	case g == nil:
		return missing("groupKey")
	case id == "":
		return missing("memberKey")
	}
	return said(wire.Object{"isMember": slices.Contains(e.derived(g), id)})
}

// wrongMember names what is wrong with the body of a membership, or gives "".
func wrongMember(body wire.Object) string {
	for key, value := range body {
		s, isText := value.(string)
		switch key {
		case "email", "id":
			if !isText || s == "" {
				return key
			}
		case "role":
			if !slices.Contains(roles, s) {
				return key
			}
		case "kind", "etag", "type", "status", "delivery_settings":
		default:
			return key
		}
	}
	return ""
}

func (e *emulator) insertMember(c call) reply {
	g := e.findGroup(c.PathValue("group"))
	key := cmp.Or(text(c.body["id"]), text(c.body["email"]))
	switch bad := wrongMember(c.body); {
	case g == nil:
		return missing("groupKey")
	case bad != "":
		return invalid(bad)
	case key == "":
		return invalid("member")
	}
	id := e.ofKey(key)
	if id == "" {
		return missing("memberKey")
	}
	if u := e.byID[id]; u != nil && u.pending > 0 {
		u.pending--
		return notComplete
	}
	if inner := e.groupByID[id]; inner != nil && (inner == g || slices.Contains(e.derived(inner), g.id)) {
		return unmet("Cyclic memberships not allowed")
	}
	if _, in := g.members[id]; in {
		return duplicate("Member already exists.")
	}
	m := member{id, cmp.Or(text(c.body["role"]), "MEMBER")}
	g.add(e.state, m)
	return said(e.memberObject(m))
}

func (e *emulator) updateMember(c call) reply {
	g, m, bad := e.place(c)
	if bad.status != 0 {
		return bad
	}
	if wrong := wrongMember(c.body); wrong != "" {
		return invalid(wrong)
	}
	m.role = cmp.Or(text(c.body["role"]), m.role)
	g.members[m.id] = m
	return said(e.memberObject(m))
}

func (e *emulator) deleteMember(c call) reply {
	g, m, bad := e.place(c)
	if bad.status != 0 {
		return bad
	}
	g.drop(e.state, m.id)
	return done
}

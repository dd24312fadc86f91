package entraid

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const mostBound = 20

// group is a group of any kind; only security groups without a rule can be written.
type group struct {
	id, name, nickname string
	description        any
	types              []string
	security, mail     bool
	rule               *string
	members            map[*account]bool
}

func (g *group) object() wire.Object {
	types := g.types
	if types == nil {
		types = []string{}
	}
	var rule any
	if g.rule != nil {
		rule = *g.rule
	}
	return wire.Object{"id": g.id, "displayName": g.name, "description": g.description, "mailNickname": g.nickname, "groupTypes": types,
		"securityEnabled": g.security, "mailEnabled": g.mail, "membershipRule": rule, "onPremisesSyncEnabled": nil}
}

// shown is a group with the properties that were asked for.
func (g *group) shown(selection string) (o wire.Object, wrong string) {
	whole := g.object()
	if selection == "" {
		return whole, ""
	}
	o = wire.Object{"id": g.id}
	for name := range strings.SplitSeq(selection, ",") {
		value, ok := whole[strings.TrimSpace(name)]
		if !ok {
			return nil, "Could not find a property named '" + name + "' on type 'microsoft.graph.group'."
		}
		o[strings.TrimSpace(name)] = value
	}
	return o, ""
}

// departmentGroups are security groups, one of each department of those who are there, by id.
func departmentGroups(accounts []*account) []*group {
	made := map[seed.Unit]*group{}
	for _, a := range accounts {
		if u := a.person.Department; u.ID != 0 && a.living() && made[u] == nil {
			made[u] = &group{id: fmt.Sprintf("5c0ffee0-2222-4bbb-8ccc-%012d", u.ID), name: u.Name, nickname: fmt.Sprintf("group.%d", u.ID),
				security: true, members: map[*account]bool{}}
		}
	}
	var all []*group
	for _, g := range made {
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b *group) int { return strings.Compare(a.id, b.id) })
	for _, a := range accounts {
		if g := made[a.person.Department]; g != nil {
			g.members[a] = true
		}
	}
	return all
}

func (e *emulator) listGroups(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	top, ok := topOf(q.Get("$top"))
	wanted, fits := groupFilter(q.Get("$filter"))
	all := slices.DeleteFunc(slices.Clone(e.groups), func(g *group) bool { return !wanted(g) })
	from := slices.IndexFunc(all, func(g *group) bool { return g.id == q.Get("$skiptoken") })
	value, wrong := []any{}, ""
	for i, g := range all {
		o, not := g.shown(q.Get("$select"))
		wrong = not
		if i >= from && i < max(from, 0)+e.PageSize(top) {
			value = append(value, o)
		}
	}
	if wrong != "" || !ok || !fits || q.Has("$skiptoken") && from < 0 || wire.Unknown(q, "$select", "$filter", "$top", "$skiptoken") != "" {
		badRequest(w, r, "A query parameter is not valid. "+wrong)
		return
	}
	body := wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#groups", "value": value}
	if next := max(from, 0) + e.PageSize(top); next < len(all) {
		body["@odata.nextLink"] = e.nextLink(r, all[next].id)
	}
	answer(w, r, body)
}

// groupFilter reads the one comparison that groups can be asked by here: the name.
func groupFilter(filter string) (holds func(*group) bool, ok bool) {
	if filter == "" {
		return func(*group) bool { return true }, true
	}
	words := comparison.FindStringSubmatch(strings.TrimSpace(filter))
	if words == nil || words[1] != "displayName" || words[2] != "eq" {
		return func(*group) bool { return false }, false
	}
	name := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(words[3], "'"), "'"), "''", "'")
	return func(g *group) bool { return strings.EqualFold(g.name, name) }, true
}

// oneGroup lets a call pass that names a group.
func (e *emulator) oneGroup(answer func(http.ResponseWriter, *http.Request, *group)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		i := slices.IndexFunc(e.groups, func(g *group) bool { return strings.EqualFold(g.id, r.PathValue("id")) })
		if i < 0 {
			e.Refuse(w, r, http.StatusNotFound)
			return
		}
		answer(w, r, e.groups[i])
	}
}

func (e *emulator) showGroup(w http.ResponseWriter, r *http.Request, g *group) {
	o, wrong := g.shown(r.URL.Query().Get("$select"))
	if wrong != "" || wire.Unknown(r.URL.Query(), "$select") != "" {
		badRequest(w, r, "A query parameter is not valid. "+wrong)
		return
	}
	answer(w, r, entity(o, "groups"))
}

func (e *emulator) members(w http.ResponseWriter, r *http.Request, g *group) {
	e.list(w, r, e.living, slices.DeleteFunc(slices.Clone(e.accounts), func(a *account) bool { return !g.members[a] }), "#directoryObjects")
}

func (e *emulator) memberOf(w http.ResponseWriter, r *http.Request, a *account) {
	q := r.URL.Query()
	value, wrong := []any{}, ""
	for _, g := range e.groups {
		o, not := g.shown(q.Get("$select"))
		wrong = not
		if g.members[a] && not == "" {
			o["@odata.type"] = "#microsoft.graph.group"
			value = append(value, o)
		}
	}
	if wrong != "" || wire.Unknown(q, "$select", "$top") != "" {
		badRequest(w, r, "A query parameter is not valid. "+wrong)
		return
	}
	answer(w, r, wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#directoryObjects", "value": value})
}

func (e *emulator) createGroup(w http.ResponseWriter, r *http.Request) {
	body := wire.Object{}
	if !e.read(w, r, &body) {
		return
	}
	for _, name := range []string{"displayName", "mailEnabled", "mailNickname", "securityEnabled"} {
		if body[name] == nil {
			badRequest(w, r, "A value is required for property '"+name+"' of resource 'Group'.")
			return
		}
	}
	g := &group{members: map[*account]bool{}}
	switch wrong := g.write(body); {
	case wrong != "":
		badRequest(w, r, "Invalid value specified for property '"+wrong+"' of resource 'Group'.")
	case g.mail || !g.security:
		badRequest(w, r, "The service does not currently support writes of mail-enabled groups. Please ensure that the mail-enablement property is unset and the security-enablement property is set.")
	default:
		e.change++
		g.id = fmt.Sprintf("7c0ffee0-3333-4bbb-8ccc-%012d", e.change)
		e.groups = append(e.groups, g)
		answerWith(w, r, http.StatusCreated, entity(g.object(), "groups"))
	}
}

// write takes values in; it names the first one that does not fit.
func (g *group) write(body wire.Object) (wrong string) {
	for name, value := range body {
		text, isText := aText(value, map[string]int{"displayName": 256, "mailNickname": 64, "description": 1024}[name])
		flag, isFlag := value.(bool)
		switch {
		case name == "displayName" && isText:
			g.name = text.(string)
		case name == "mailNickname" && isText:
			g.nickname = text.(string)
		case name == "description" && (isText || value == nil):
			g.description = value
		case name == "securityEnabled" && isFlag:
			g.security = flag
		case name == "mailEnabled" && isFlag:
			g.mail = flag
		case name == "groupTypes" && fmt.Sprint(value) == "[]":
		default:
			return name
		}
	}
	return ""
}

// locked refuses writes of a group that a rule or Exchange fills.
func (g *group) locked() *refusal {
	switch {
	case g.rule != nil:
		return denied
	case g.mail:
		return &refusal{status: http.StatusBadRequest, message: "Cannot update a mail-enabled security group or distribution list."}
	}
	return nil
}

func (e *emulator) updateGroup(w http.ResponseWriter, r *http.Request, g *group) {
	body := wire.Object{}
	if !e.read(w, r, &body) {
		return
	}
	bound, binds := body["members@odata.bind"]
	delete(body, "members@odata.bind")
	changed := *g
	wrong := changed.write(body)
	no := g.locked()
	var added []*account
	if no == nil && binds {
		added, no = e.bound(g, bound)
	}
	switch {
	case no != nil:
		e.say(w, r, no)
	case len(body) > 0 && !e.may(r, "Group.ReadWrite.All"):
		e.Refuse(w, r, http.StatusForbidden)
	case wrong != "":
		badRequest(w, r, "Invalid value specified for property '"+wrong+"' of resource 'Group'.")
	default:
		*g = changed
		for _, a := range added {
			g.members[a] = true
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

// bound are the accounts that are to become members; either all of them can, or none does.
func (e *emulator) bound(g *group, value any) (added []*account, no *refusal) {
	list, ok := value.([]any)
	if !ok || len(list) == 0 || len(list) > mostBound {
		return nil, &refusal{status: http.StatusBadRequest, message: fmt.Sprintf("members@odata.bind takes 1 to %d references.", mostBound)}
	}
	for _, one := range list {
		text, _ := one.(string)
		a, ok := e.linked(text, "directoryObjects", "users")
		switch {
		case !ok:
			return nil, &refusal{status: http.StatusBadRequest, message: "A reference of members@odata.bind is not valid."}
		case a == nil || stumbles(a):
			return nil, &refusal{status: http.StatusNotFound, message: refusals[http.StatusNotFound][1]}
		case g.members[a] || slices.Contains(added, a):
			return nil, alreadyThere
		}
		added = append(added, a)
	}
	return added, nil
}

func (e *emulator) deleteGroup(w http.ResponseWriter, r *http.Request, g *group) {
	if no := g.locked(); no != nil {
		e.say(w, r, no)
		return
	}
	e.groups = slices.DeleteFunc(slices.Clone(e.groups), func(of *group) bool { return of == g })
	w.WriteHeader(http.StatusNoContent)
}

func (e *emulator) addMember(w http.ResponseWriter, r *http.Request, g *group) {
	asked := wire.Object{}
	if !e.read(w, r, &asked) {
		return
	}
	no := g.locked()
	var added []*account
	if no == nil {
		added, no = e.bound(g, []any{asked["@odata.id"]})
	}
	if no != nil {
		e.say(w, r, no)
		return
	}
	g.members[added[0]] = true
	w.WriteHeader(http.StatusNoContent)
}

func (e *emulator) dropMember(w http.ResponseWriter, r *http.Request, g *group) {
	a := e.named(r.PathValue("member"))
	switch no := g.locked(); {
	case no != nil:
		e.say(w, r, no)
	case a == nil || !g.members[a] || stumbles(a):
		e.Refuse(w, r, http.StatusNotFound)
	default:
		delete(g.members, a)
		w.WriteHeader(http.StatusNoContent)
	}
}

// deleteMember is what a path without /$ref does: the member itself goes.
func (e *emulator) deleteMember(w http.ResponseWriter, r *http.Request) {
	e.oneGroup(func(w http.ResponseWriter, r *http.Request, g *group) {
		a := e.named(r.PathValue("member"))
		if a == nil || !g.members[a] {
			e.Refuse(w, r, http.StatusNotFound)
			return
		}
		e.delete(w, r, a)
	})(w, r)
}

package okta

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// The types of groups; only those of the org's own can be written to.
const (
	oktaGroup = "OKTA_GROUP"
	appGroup  = "APP_GROUP"
	builtIn   = "BUILT_IN"
)

const (
	largestGroups = 10_000
	longestName   = 255
	longestText   = 1024
)

// group is a group of the org. Everybody is in the built-in one.
type group struct {
	id, name, kind          string
	description             any
	created, updated, moved string // moved: when a membership changed
	freshAt                 int    // call until which the search does not know it
}

func groupID(u seed.Unit) string { return fmt.Sprintf("00g1rc%014d", u.ID) }

var everyone = seed.Unit{ID: 1, Name: "Everyone"}

func (g *group) show() wire.Object {
	class := "okta:user_group"
	if g.kind == appGroup {
		class = "okta:windows_security_principal"
	}
	return wire.Object{"id": g.id, "created": g.created, "lastUpdated": g.updated, "lastMembershipUpdated": g.moved,
		"objectClass": []string{class}, "type": g.kind, "profile": wire.Object{"name": g.name, "description": g.description},
		"_links": wire.Object{"users": wire.Object{"href": base + "/api/v1/groups/" + g.id + "/users"}}}
}

func (o *org) addGroup(id, name, kind, now string) *group {
	g := &group{id: id, name: name, kind: kind, created: now, updated: now, moved: now}
	if o.lag > 0 {
		g.freshAt = o.calls + o.lag
	}
	o.groups = append(o.groups, g)
	return g
}

func (o *org) groupWith(id string) *group {
	if i := slices.IndexFunc(o.groups, func(g *group) bool { return g.id == id }); i >= 0 {
		return o.groups[i]
	}
	return nil
}

func (o *org) groupNamed(name string) *group {
	if i := slices.IndexFunc(o.groups, func(g *group) bool { return strings.EqualFold(g.name, name) }); i >= 0 {
		return o.groups[i]
	}
	return nil
}

func (a *account) in(g *group) bool { return g.kind == builtIn || slices.Contains(a.groups, g) }

// put makes somebody a member; whoever is one stays one.
func (o *org) put(a *account, g *group, now string) {
	if !a.in(g) {
		a.groups = append(slices.Clone(a.groups), g)
		g.moved = now
	}
}

func (o *org) take(a *account, g *group, now string) {
	if slices.Contains(a.groups, g) {
		a.groups = slices.DeleteFunc(slices.Clone(a.groups), func(other *group) bool { return other == g })
		g.moved = now
	}
}

// ours refuses groups whose members are not for us to choose.
func ours(w http.ResponseWriter, g *group) bool {
	switch g.kind {
	case appGroup:
		refuse(w, http.StatusNotImplemented, "E0000060", "Unsupported operation.")
	case builtIn:
		refuse(w, http.StatusForbidden, refusals[403][0], refusals[403][1])
	}
	return g.kind == oktaGroup
}

func (e *emulator) inGroup(answer func(http.ResponseWriter, *http.Request, *group)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		g := e.org.groupWith(r.PathValue("group"))
		if g == nil {
			notFound(w, r.PathValue("group"), "UserGroup")
			return
		}
		answer(w, r, g)
	}
}

func (e *emulator) listGroups(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	is, ok := test(func(wire.Object) bool { return true }), true
	expression := q.Get("search")
	if expression == "" {
		expression = q.Get("filter")
	}
	if expression != "" {
		is, ok = groupGrammar.parse(expression)
	}
	if !ok || wire.Unknown(q, "limit", "after", "search", "filter", "q") != "" {
		invalid(w, "groups", "A parameter is not valid.")
		return
	}
	list := slices.DeleteFunc(slices.Clone(e.org.groups), func(g *group) bool {
		return q.Get("search") != "" && g.freshAt >= e.org.calls || !is(g.show()) || !strings.HasPrefix(strings.ToLower(g.name), strings.ToLower(q.Get("q")))
	})
	place := func(id string) (int, bool) {
		i := slices.IndexFunc(list, func(g *group) bool { return g.id == id })
		return i + 1, i >= 0
	}
	paged(e, w, r, list, func(g *group) string { return g.id }, place, largestGroups, largestGroups, showGroups)
}

func showGroups(groups []*group) any {
	list := make([]any, 0, len(groups))
	for _, g := range groups {
		list = append(list, g.show())
	}
	return list
}

func (e *emulator) groupsOf(w http.ResponseWriter, _ *http.Request, a *account) {
	answer(w, showGroups(append(slices.Clone(e.org.groups[:1]), a.groups...)))
}

func (e *emulator) members(w http.ResponseWriter, r *http.Request, g *group) {
	if !asks(w, r, "limit", "after") {
		return
	}
	people := e.org.those(func(a *account) bool { return a.status != deactivated && a.in(g) })
	e.page(w, r, people, (*account).show, 1000, 1000)
}

func (e *emulator) group(w http.ResponseWriter, _ *http.Request, g *group) { answer(w, g.show()) }

// named reads the profile of a group; its name is no other group's.
func (e *emulator) named(w http.ResponseWriter, r *http.Request, g *group) (name string, description any, ok bool) {
	body, ok := bodyOf(w, r, "profile")
	if !ok {
		return "", nil, false
	}
	profile, ok := objectAt(w, body, "profile")
	if !ok {
		return "", nil, false
	}
	name, _ = profile["name"].(string)
	description = profile["description"]
	text, isText := description.(string)
	strange := slices.ContainsFunc(slices.Collect(maps.Keys(profile)), func(key string) bool { return key != "name" && key != "description" })
	switch other := e.org.groupNamed(name); {
	case strange:
		invalid(w, "profile", unknown)
	case strings.TrimSpace(name) == "":
		invalid(w, "name", leftOut)
	case utf8.RuneCountInString(name) > longestName:
		invalid(w, "name", "The field cannot exceed 255 characters")
	case description != nil && !isText || utf8.RuneCountInString(text) > longestText:
		invalid(w, "description", notValid)
	case other != nil && other != g:
		invalid(w, "name", taken)
	default:
		return name, description, true
	}
	return "", nil, false
}

func (e *emulator) createGroup(w http.ResponseWriter, r *http.Request) {
	if !asks(w, r) {
		return
	}
	if name, description, ok := e.named(w, r, nil); ok {
		g := e.org.addGroup(e.org.newID("00g"), name, oktaGroup, e.stamp())
		g.description = description
		answer(w, g.show())
	}
}

func (e *emulator) renameGroup(w http.ResponseWriter, r *http.Request, g *group) {
	if !asks(w, r) || !ours(w, g) {
		return
	}
	if name, description, ok := e.named(w, r, g); ok {
		g.name, g.description, g.updated = name, description, e.stamp()
		answer(w, g.show())
	}
}

func (e *emulator) deleteGroup(w http.ResponseWriter, r *http.Request, g *group) {
	if !asks(w, r) || !ours(w, g) {
		return
	}
	e.org.dropGroup(g, e.stamp())
	w.WriteHeader(http.StatusNoContent)
}

func (o *org) dropGroup(g *group, now string) {
	for _, a := range o.accounts {
		o.take(a, g, now)
	}
	o.groups = slices.DeleteFunc(o.groups, func(other *group) bool { return other == g })
	maps.DeleteFunc(o.source.groups, func(_ string, other *group) bool { return other == g })
}

// member is the person whom a membership is about; here he is named by his id only.
func (e *emulator) member(w http.ResponseWriter, r *http.Request, g *group) (a *account, ok bool) {
	if !asks(w, r) {
		return nil, false
	}
	if a = e.org.byID[r.PathValue("id")]; a == nil {
		notFound(w, r.PathValue("id"), "User")
		return nil, false
	}
	return a, ours(w, g)
}

func (e *emulator) join(w http.ResponseWriter, r *http.Request, g *group) {
	if a, ok := e.member(w, r, g); ok {
		e.org.put(a, g, e.stamp())
		w.WriteHeader(http.StatusNoContent)
	}
}

func (e *emulator) leave(w http.ResponseWriter, r *http.Request, g *group) {
	if a, ok := e.member(w, r, g); ok {
		e.org.take(a, g, e.stamp())
		w.WriteHeader(http.StatusNoContent)
	}
}

package okta

import (
	"net/http"
	"slices"

	"rollcall/connectors/emulators/wire"
)

func managerDefinition() wire.Object {
	return wire.Object{
		"primary":    wire.Object{"name": managersLink, "title": "Manager", "description": "Manager link property", "type": "USER"},
		"associated": wire.Object{"name": "subordinate", "title": "Subordinate", "description": "Subordinate link property", "type": "USER"},
		"_links":     wire.Object{"self": wire.Object{"href": base + "/api/v1/meta/schemas/user/linkedObjects/manager"}},
	}
}

func (e *emulator) linkDefinitions(w http.ResponseWriter, _ *http.Request) { answer(w, e.org.links) }

// sideNamed tells which side of which definition has a name.
func (o *org) sideNamed(name string) (primary string, associated, ok bool) {
	for _, d := range o.links {
		first := d["primary"].(wire.Object)["name"].(string)
		switch name {
		case first:
			return first, false, true
		case d["associated"].(wire.Object)["name"]:
			return first, true, true
		}
	}
	return "", false, false
}

func (e *emulator) defineLink(w http.ResponseWriter, r *http.Request) {
	body, ok := bodyOf(w, r, "primary", "associated")
	if !ok || !asks(w, r) {
		return
	}
	var names []string
	for _, side := range []string{"primary", "associated"} {
		d, _ := body[side].(wire.Object)
		name, _ := d["name"].(string)
		title, _ := d["title"].(string)
		if !isName(name) || title == "" || d["type"] != "USER" {
			invalid(w, side, "A name, a title and the type USER are needed.")
			return
		}
		names = append(names, name)
	}
	for i, name := range names {
		if _, _, used := e.org.sideNamed(name); used || i == 1 && name == names[0] {
			refuse(w, http.StatusConflict, "E0000127", "Invalid linked objection definition. Linked object identifier is already in use.",
				"Linked object identifier "+name+" is already in use.")
			return
		}
	}
	body["_links"] = wire.Object{"self": wire.Object{"href": base + "/api/v1/meta/schemas/user/linkedObjects/" + names[0]}}
	e.org.links = append(e.org.links, body)
	wire.JSON(w, http.StatusCreated, "application/json", body)
}

// primaryOf is the id of the person whom somebody is linked to; those of the company have managers, though not unknown ones.
func (a *account) primaryOf(link string) string {
	if a.links == nil && a.person != nil {
		if link == managersLink && a.person.Manager() != nil && !a.person.OwnManager() {
			return userID(a.person.ManagerID)
		}
		return ""
	}
	return a.links[link]
}

// keepLinks writes down the links of somebody of the company before he is no longer read from its book.
func (o *org) keepLinks(a *account) {
	if a.links != nil {
		return
	}
	links := map[string]string{}
	if id := a.primaryOf(managersLink); id != "" && o.byID[id] != nil {
		links[managersLink] = id
	}
	a.links = links
}

// side finds the definition that a path names, or refuses.
func (e *emulator) side(w http.ResponseWriter, r *http.Request) (primary string, associated, ok bool) {
	primary, associated, ok = e.org.sideNamed(r.PathValue("name"))
	if !ok {
		notFound(w, r.PathValue("name"), "LinkedObjectDefinition")
	}
	return primary, associated, ok && asks(w, r)
}

// linked are the links of a person to the primary one, or to those who are associated with him.
func (e *emulator) linked(w http.ResponseWriter, r *http.Request, a *account) {
	primary, associated, ok := e.side(w, r)
	if !ok {
		return
	}
	ids := []string{a.primaryOf(primary)}
	if associated {
		ids = nil
		for _, other := range e.org.accounts {
			if other.primaryOf(primary) == a.id {
				ids = append(ids, other.id)
			}
		}
	}
	list := []any{}
	for _, id := range ids {
		if e.org.byID[id] != nil {
			list = append(list, wire.Object{"_links": wire.Object{"self": wire.Object{"href": base + "/api/v1/users/" + id}}})
		}
	}
	answer(w, slices.Clip(list))
}

// setLink takes an earlier link away: there is one primary for each.
func (e *emulator) setLink(w http.ResponseWriter, r *http.Request, a *account) {
	primary, associated, ok := e.side(w, r)
	if !ok {
		return
	}
	to := e.org.find(r.PathValue("primary"))
	switch {
	case associated:
		invalid(w, "primaryRelationshipName", "The name is that of the associated side.")
	case to == nil:
		notFound(w, r.PathValue("primary"), "User")
	default:
		e.org.keepLinks(a)
		a.links[primary] = to.id
		w.WriteHeader(http.StatusNoContent)
	}
}

func (e *emulator) dropLink(w http.ResponseWriter, r *http.Request, a *account) {
	primary, associated, ok := e.side(w, r)
	switch {
	case !ok:
	case associated:
		invalid(w, "relationshipName", "The name is that of the associated side.")
	default:
		e.org.keepLinks(a)
		delete(a.links, primary)
		w.WriteHeader(http.StatusNoContent)
	}
}

package entraid

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const deltaPage = 200

// delta gives everybody, and by its last link those who were changed since.
func (e *emulator) delta(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	tracksManager, names := manage(q.Get("$select"))
	chosen, wrong := selected(names)
	since, ok := deltaTime(q.Get("$deltatoken"))
	people := e.changed(since)
	from, found := position(people, q.Get("$skiptoken"))
	switch {
	case wrong != "" || wire.Unknown(q, "$select", "$deltatoken", "$skiptoken") != "":
		badRequest(w, r, "A query parameter is not valid. "+wrong)
		return
	case !ok || !found:
		e.Refuse(w, r, http.StatusGone)
		return
	}
	size := e.PageSize(deltaPage)
	rows, more := e.Pages.After(people, from, size)
	body := wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#users(" + q.Get("$select") + ")",
		"value": objects(rows, func(p seed.Employee) wire.Object { return tracked(view{properties: chosen}, p, tracksManager) })}
	if more {
		body["@odata.nextLink"] = e.nextLink(r, people, from+size)
	} else {
		body["@odata.deltaLink"] = e.deltaLink(q)
	}
	answer(w, r, body)
}

// manage takes the manager out of a selection: delta tracks him as a change of a link.
func manage(selection string) (tracks bool, names string) {
	all := strings.Split(selection, ",")
	others := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return name == "manager" })
	return len(others) < len(all), strings.Join(others, ",")
}

func tracked(v view, p seed.Employee, tracksManager bool) wire.Object {
	if p.Removed {
		return wire.Object{"id": userID(p.ID), "@removed": wire.Object{"reason": "changed"}}
	}
	o := v.of(p)
	if tracksManager && p.ManagerID != 0 {
		o["manager@delta"] = []any{wire.Object{"@odata.type": "#microsoft.graph.user", "id": userID(p.ManagerID)}}
	}
	return o
}

// changed gives everybody who is there, or with a time also those who were removed since.
func (e *emulator) changed(since time.Time) []seed.Employee {
	if since.IsZero() {
		return e.Living()
	}
	return slices.DeleteFunc(slices.Clone(e.People), func(p seed.Employee) bool { return !p.Changed.After(since) })
}

func (e *emulator) deltaLink(asked url.Values) string {
	q := url.Values{"$deltatoken": {base64.RawURLEncoding.EncodeToString([]byte(e.lastChange().UTC().Format(time.RFC3339)))}}
	if asked.Has("$select") {
		q.Set("$select", asked.Get("$select"))
	}
	return graphURL + "/v1.0/users/delta?" + strings.ReplaceAll(q.Encode(), "%24", "$")
}

func deltaTime(token string) (since time.Time, ok bool) {
	if token == "" {
		return time.Time{}, true
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return time.Time{}, false
	}
	since, err = time.Parse(time.RFC3339, string(text))
	return since, err == nil
}

func (e *emulator) organization(w http.ResponseWriter, r *http.Request) {
	answer(w, r, wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#organization", "value": []any{wire.Object{
		"id": tenantID, "displayName": "Northlake Optik", "verifiedDomains": []any{wire.Object{"capabilities": "Email, OfficeCommunicationsOnline",
			"isDefault": true, "isInitial": false, "name": tenantDomain, "type": "Managed"}}}}})
}

func (e *emulator) manager(w http.ResponseWriter, r *http.Request, p seed.Employee) {
	v, wrong, _ := e.viewOf(url.Values{"$select": {r.URL.Query().Get("$select")}})
	switch {
	case wrong != "":
		badRequest(w, r, wrong)
	case p.ManagerID == 0:
		e.Refuse(w, r, http.StatusNotFound)
	default:
		o := v.reference(superior(p))
		o["@odata.context"] = graphURL + "/v1.0/$metadata#directoryObjects/$entity"
		answer(w, r, o)
	}
}

func (e *emulator) reports(w http.ResponseWriter, r *http.Request, p seed.Employee) {
	e.list(w, r, slices.DeleteFunc(e.Living(), func(of seed.Employee) bool { return of.ManagerID != p.ID }), "#directoryObjects")
}

// group is a security group, made of a department.
func group(u seed.Unit) wire.Object {
	return wire.Object{"id": groupID(u), "displayName": u.Name, "groupTypes": []string{}, "securityEnabled": true, "mailEnabled": false,
		"membershipRule": nil, "onPremisesSyncEnabled": nil}
}

func groupID(u seed.Unit) string { return fmt.Sprintf("5c0ffee0-2222-4bbb-8ccc-%012d", u.ID) }

// departments are what there are groups of, by id.
func (e *emulator) departments() []seed.Unit {
	var units []seed.Unit
	for _, p := range e.Living() {
		if p.Department.ID != 0 && !slices.Contains(units, p.Department) {
			units = append(units, p.Department)
		}
	}
	slices.SortFunc(units, func(a, b seed.Unit) int { return a.ID - b.ID })
	return units
}

func (e *emulator) groups(w http.ResponseWriter, r *http.Request) {
	value := []any{}
	for _, u := range e.departments() {
		value = append(value, group(u))
	}
	answer(w, r, wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#groups", "value": value})
}

func (e *emulator) memberOf(w http.ResponseWriter, r *http.Request, p seed.Employee) {
	value := []any{}
	if p.Department.ID != 0 {
		g := group(p.Department)
		g["@odata.type"] = "#microsoft.graph.group"
		value = append(value, g)
	}
	answer(w, r, wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#directoryObjects", "value": value})
}

func (e *emulator) members(w http.ResponseWriter, r *http.Request) {
	for _, u := range e.departments() {
		if groupID(u) == r.PathValue("id") {
			e.list(w, r, slices.DeleteFunc(e.Living(), func(p seed.Employee) bool { return p.Department != u }), "#directoryObjects")
			return
		}
	}
	e.Refuse(w, r, http.StatusNotFound)
}

func (e *emulator) extensionsOfApp(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("id") != appObjectID {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	answer(w, r, wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#applications('" + appObjectID + "')/extensionProperties", "value": definitions()})
}

// availableExtensions is asked with a body, though nothing is written.
func (e *emulator) availableExtensions(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Synced *bool `json:"isSyncedFromOnPremises"`
	}
	isJSON := strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil && r.ContentLength != 0 || r.ContentLength != 0 && !isJSON {
		badRequest(w, r, "The body has to be JSON.")
		return
	}
	value := definitions()
	if asked.Synced != nil && *asked.Synced {
		value = []any{}
	}
	answer(w, r, wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#Collection(extensionProperty)", "value": value})
}

package entraid

import (
	"net/http"
	"net/url"
	"slices"

	"rollcall/connectors/emulators/wire"
)

func (e *emulator) organization(w http.ResponseWriter, r *http.Request) {
	kind := "AAD"
	if e.Switches[External] {
		kind = "CIAM"
	}
	answer(w, r, wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#organization", "value": []any{wire.Object{
		"id": tenantID, "displayName": "Northlake Optik", "tenantType": kind, "verifiedDomains": []any{wire.Object{"capabilities": "Email, OfficeCommunicationsOnline",
			"isDefault": true, "isInitial": false, "name": tenantDomain, "type": "Managed"}}}}})
}

func (e *emulator) managerOf(w http.ResponseWriter, r *http.Request, a *account) {
	v, wrong, _ := e.viewOf(url.Values{"$select": {r.URL.Query().Get("$select")}})
	m := e.superior(a)
	switch {
	case wrong != "":
		badRequest(w, r, wrong)
	case m == nil:
		e.Refuse(w, r, http.StatusNotFound)
	default:
		answer(w, r, entity(v.reference(m), "directoryObjects"))
	}
}

func (e *emulator) reports(w http.ResponseWriter, r *http.Request, a *account) {
	e.list(w, r, e.living, slices.DeleteFunc(slices.Clone(e.accounts), func(of *account) bool { return of.manager != a.id }), "#directoryObjects")
}

// setManager makes an account the manager of another one.
func (e *emulator) setManager(w http.ResponseWriter, r *http.Request, a *account) {
	var asked struct {
		ID string `json:"@odata.id"`
	}
	if !e.read(w, r, &asked) {
		return
	}
	m, ok := e.linked(asked.ID, "users", "directoryObjects")
	switch {
	case !ok:
		badRequest(w, r, "The value of @odata.id is not valid.")
	case m == nil || stumbles(m, a):
		e.Refuse(w, r, http.StatusNotFound)
	case a.isSynced():
		e.say(w, r, synced)
	default:
		a.manager = m.id
		e.touch(a, "manager")
		w.WriteHeader(http.StatusNoContent)
	}
}

func (e *emulator) dropManager(w http.ResponseWriter, r *http.Request, a *account) {
	switch {
	case stumbles(a) || e.superior(a) == nil:
		e.Refuse(w, r, http.StatusNotFound)
	case a.isSynced():
		e.say(w, r, synced)
	default:
		a.manager = ""
		e.touch(a, "manager")
		w.WriteHeader(http.StatusNoContent)
	}
}

package entraid

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/emulators/wire"
)

func isJSON(r *http.Request) bool {
	return strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "application/json")
}

// read decodes the body of a write; it answers itself where there is none that can be read.
func (e *emulator) read(w http.ResponseWriter, r *http.Request, into any) bool {
	body, err := io.ReadAll(r.Body)
	in := json.NewDecoder(bytes.NewReader(body))
	in.UseNumber()
	switch {
	case !isJSON(r):
		badRequest(w, r, "Write requests must contain the Content-Type header declaration application/json.")
	case err != nil || in.Decode(into) != nil:
		badRequest(w, r, "Unable to read JSON request payload.")
	case in.Decode(new(any)) != io.EOF:
		badRequest(w, r, "Unable to read JSON request payload.")
	default:
		return true
	}
	return false
}

// say answers a refusal.
func (e *emulator) say(w http.ResponseWriter, r *http.Request, no *refusal) {
	if no.target == "" {
		refuse(w, r, no.status, no.message)
		return
	}
	refuse(w, r, no.status, no.message, wire.Object{"code": "ObjectConflict", "target": no.target, "message": no.message})
}

// linked gives the living object that an @odata.id of one of those sets names, nil if it is not there; ok tells that the
// address is one of Graph's.
func (e *emulator) linked(address string, sets ...string) (a *account, ok bool) {
	path, inGraph := strings.CutPrefix(address, graphURL+"/v1.0/")
	set, id, cut := strings.Cut(path, "/")
	id, err := url.PathUnescape(id)
	if !inGraph || !cut || id == "" || err != nil || strings.Contains(id, "/") || !slices.Contains(sets, set) {
		return nil, false
	}
	return e.named(id), true
}

var required = []string{"accountEnabled", "displayName", "mailNickname", "passwordProfile", "userPrincipalName"}

func (e *emulator) create(w http.ResponseWriter, r *http.Request) {
	body := wire.Object{}
	if !e.read(w, r, &body) {
		return
	}
	a, no := e.made(r, body)
	if no != nil {
		e.say(w, r, no)
		return
	}
	w.Header().Set("Location", graphURL+"/v1.0/users/"+a.id)
	answerWith(w, r, http.StatusCreated, entity(e.usual(a), "users"))
}

// usual is an account with the properties that come unasked.
func (e *emulator) usual(a *account) wire.Object {
	v, _, _ := e.viewOf(nil)
	return v.show(a)
}

// made checks and makes an account.
func (e *emulator) made(r *http.Request, body wire.Object) (*account, *refusal) {
	for _, name := range required {
		if body[name] == nil {
			return nil, &refusal{status: http.StatusBadRequest, message: "A value is required for property '" + name + "' of resource 'User'."}
		}
	}
	if profile, ok := body["passwordProfile"].(wire.Object); !ok || profile["password"] == nil {
		return nil, &refusal{status: http.StatusBadRequest, message: "A value is required for property 'passwordProfile.password' of resource 'User'."}
	}
	if no := e.inSharePoint(r, body); no != nil {
		return nil, no
	}
	if body["employeeLeaveDateTime"] != nil && !e.may(r, "User-LifeCycleInfo.ReadWrite.All") {
		return nil, denied
	}
	a := &account{set: blank()}
	values, no := e.values(a, body)
	if no != nil {
		return nil, no
	}
	e.begin(a, values)
	return a, nil
}

// begin takes a new account in, which other servers learn of later.
func (e *emulator) begin(a *account, values map[string]any) {
	a.set["createdDateTime"] = e.Now().UTC().Format(time.RFC3339)
	maps.Copy(a.set, values)
	if e.Lag > 0 {
		a.visible, a.stumbles = e.turn+e.Lag+1, min(e.Lag, mostStumbles)
	}
	e.admit(a)
	e.touch(a, "id")
}

func (e *emulator) update(w http.ResponseWriter, r *http.Request, a *account) {
	body := wire.Object{}
	if !e.read(w, r, &body) {
		return
	}
	no := e.forbids(r, a, body)
	if no == nil {
		no = e.inSharePoint(r, body)
	}
	if no == nil && len(body) == 1 && body["birthday"] != nil {
		a.set["birthday"] = body["birthday"]
		w.WriteHeader(http.StatusNoContent)
		return
	}
	var values map[string]any
	if no == nil {
		values, no = e.values(a, body)
	}
	if no != nil {
		e.say(w, r, no)
		return
	}
	e.write(a, values)
	w.WriteHeader(http.StatusNoContent)
}

// inSharePoint refuses what lives there: beside other properties always, and alone from an application.
func (e *emulator) inSharePoint(r *http.Request, body wire.Object) *refusal {
	for name := range body {
		switch lives := slices.Contains(inSharePoint, name); {
		case lives && len(body) > 1:
			return &refusal{status: http.StatusBadRequest, message: "The request is currently not supported on the targeted entity set: '" + name + "' comes with other properties."}
		case lives && e.Way != OAuth:
			return denied
		}
	}
	return nil
}

// permissionsFor are those of which one is enough to write a property of somebody who exists.
func permissionsFor(name string) []string {
	switch name {
	case "passwordProfile":
		return []string{"User-PasswordProfile.ReadWrite.All", "Directory.AccessAsUser.All"}
	case "employeeLeaveDateTime":
		return []string{"User-LifeCycleInfo.ReadWrite.All"}
	case "accountEnabled":
		return []string{"User.ReadWrite.All", "User.ReadUpdate.All", "User.EnableDisableAccount.All"}
	}
	return []string{"User.ReadWrite.All", "User.ReadUpdate.All"}
}

// forbids tells which part of an update these credentials may not do, or nobody may.
func (e *emulator) forbids(r *http.Request, a *account, body wire.Object) *refusal {
	for _, name := range slices.Sorted(maps.Keys(body)) {
		switch _, own := e.extension(name); {
		case !e.may(r, permissionsFor(name)...), a.admin && slices.Contains(sensitive, name) && !e.aboveAdmins(r):
			return denied
		case a.isSynced() && !own && !slices.Contains(ofSynced, name) && name != "employeeLeaveDateTime":
			return synced
		}
	}
	return nil
}

// aboveAdmins tells whether a call may write everything of administrators: by the role of its application, or of its person.
func (e *emulator) aboveAdmins(r *http.Request) bool {
	return e.Switches[Role] && (e.Way != OAuth || e.may(r, "Directory.AccessAsUser.All"))
}

func (a *account) isSynced() bool { return a.value("onPremisesSyncEnabled") == true }

func (e *emulator) delete(w http.ResponseWriter, r *http.Request, a *account) {
	if a.admin && !e.aboveAdmins(r) || a.isSynced() {
		e.Refuse(w, r, http.StatusForbidden)
		return
	}
	e.remove(a, e.Now())
	w.WriteHeader(http.StatusNoContent)
}

func (e *emulator) revoke(w http.ResponseWriter, r *http.Request, a *account) {
	answer(w, r, wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#Edm.Boolean", "value": true})
}

// gone lets a call pass that names somebody who was deleted and can be restored.
func (e *emulator) gone(answer func(http.ResponseWriter, *http.Request, *account)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		e.age(e.Now())
		a := e.byID[r.PathValue("id")]
		if a == nil || !a.restorable() {
			e.Refuse(w, r, http.StatusNotFound)
			return
		}
		answer(w, r, a)
	}
}

func (e *emulator) deletedUser(w http.ResponseWriter, r *http.Request, a *account) {
	o := entity(e.usual(a), "directoryObjects")
	o["@odata.type"], o["deletedDateTime"] = "#microsoft.graph.user", a.value("deletedDateTime")
	answer(w, r, o)
}

func (e *emulator) bringBack(w http.ResponseWriter, r *http.Request, a *account) {
	no := e.unique(a, map[string]any{"userPrincipalName": a.text("userPrincipalName"), "mail": a.text("mail")})
	if no != nil {
		e.say(w, r, no)
		return
	}
	e.restore(a)
	o := entity(e.usual(a), "directoryObjects")
	o["@odata.type"] = "#microsoft.graph.user"
	answer(w, r, o)
}

func (e *emulator) forget(w http.ResponseWriter, _ *http.Request, a *account) {
	e.purge(a)
	w.WriteHeader(http.StatusNoContent)
}

// invite makes a guest.
func (e *emulator) invite(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Address  string `json:"invitedUserEmailAddress"`
		Name     string `json:"invitedUserDisplayName"`
		Redirect string `json:"inviteRedirectUrl"`
		Send     bool   `json:"sendInvitationMessage"`
	}
	if !e.read(w, r, &asked) {
		return
	}
	if !address.MatchString(asked.Address) || asked.Redirect == "" {
		badRequest(w, r, "invitedUserEmailAddress and inviteRedirectUrl are required.")
		return
	}
	name := strings.ReplaceAll(asked.Address, "@", "_") + "#EXT#@" + tenantDomain
	a := &account{set: blank()}
	values := map[string]any{"userPrincipalName": name, "mail": asked.Address, "displayName": asked.Name, "userType": "Guest", "accountEnabled": true,
		"mailNickname": strings.ReplaceAll(asked.Address, "@", "_") + "#EXT#"}
	if asked.Name == "" {
		values["displayName"] = asked.Address
	}
	if no := e.unique(a, values); no != nil {
		e.say(w, r, no)
		return
	}
	e.begin(a, values)
	answerWith(w, r, http.StatusCreated, entity(wire.Object{"id": "9d1f0c2e-3333-4ccc-9ddd-000000000001", "invitedUserEmailAddress": asked.Address,
		"invitedUserDisplayName": values["displayName"], "inviteRedirectUrl": asked.Redirect, "inviteRedeemUrl": "https://" + loginHost + "/redeem?rd=made-up",
		"sendInvitationMessage": asked.Send, "status": "PendingAcceptance", "invitedUser": wire.Object{"id": a.id}}, "invitations"))
}

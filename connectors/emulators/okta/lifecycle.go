package okta

import (
	"fmt"
	"net/http"
	"slices"

	"rollcall/connectors/emulators/wire"
)

func wrongStatus(w http.ResponseWriter) {
	refuse(w, http.StatusForbidden, "E0000038", "This operation is not allowed in the user's current status.")
}

func stillActivating(w http.ResponseWriter) {
	refuse(w, http.StatusConflict, "E0000112", "Cannot update this user because they are still being activated.",
		"Cannot update this user because they are still being activated.")
}

// usable is what activation leads to: who has no password yet has to choose one.
func usable(a *account) string {
	if a.password {
		return active
	}
	return provisioned
}

// moveTo gives somebody another status, after a while where writes lag.
func (o *org) moveTo(a *account, status, now string) {
	a.target, a.movedAt = status, o.calls+o.lag
	if o.lag == 0 {
		o.arrive(a, now)
		return
	}
	o.change(a, now, func(record wire.Object) {
		record["transitioningToStatus"] = status
		if status == expired {
			record["transitioningToStatus"] = active
		}
	})
	o.moving = append(o.moving, a)
}

// arrive ends the change of a status.
func (o *org) arrive(a *account, now string) {
	status := a.target
	a.target = ""
	o.change(a, now, func(record wire.Object) {
		delete(record, "transitioningToStatus")
		record["status"], record["statusChanged"] = status, now
		switch {
		case status == deactivated:
			record["credentials"] = credentials(false)
		case record["activated"] == nil:
			record["activated"] = now
		}
	})
	if status == deactivated {
		a.password = false
	}
}

// step is a lifecycle call that is allowed in some statuses only.
func (e *emulator) step(w http.ResponseWriter, r *http.Request, a *account, from []string, known ...string) bool {
	switch {
	case !asks(w, r, known...):
	case a.target != "" && a.target != deactivated:
		stillActivating(w)
	case a.target != "" || !slices.Contains(from, a.status):
		wrongStatus(w)
	default:
		return true
	}
	return false
}

func (e *emulator) activate(w http.ResponseWriter, r *http.Request, a *account) {
	mail, ok := flag(w, r, "sendEmail", true)
	if !ok {
		return
	}
	if a.target == "" && !slices.Contains([]string{staged, deactivated, suspended}, a.status) {
		refuse(w, http.StatusForbidden, "E0000016", "Activation failed because the user is already active")
		return
	}
	if !e.step(w, r, a, []string{staged, deactivated}, "sendEmail") {
		return
	}
	e.org.moveTo(a, usable(a), e.stamp())
	e.firstToken(w, a, mail)
}

// firstToken answers the token that somebody begins with, unless it goes to him by mail or he has a password.
func (e *emulator) firstToken(w http.ResponseWriter, a *account, mail bool) {
	if mail || a.password {
		answer(w, wire.Object{})
		return
	}
	token := fmt.Sprintf("made-up-token-%06d", e.org.calls)
	answer(w, wire.Object{"activationUrl": base + "/tokens/" + token + "/verify", "activationToken": token})
}

func (e *emulator) reactivate(w http.ResponseWriter, r *http.Request, a *account) {
	mail, ok := flag(w, r, "sendEmail", false)
	if ok && e.step(w, r, a, []string{provisioned, recovery}, "sendEmail") {
		e.firstToken(w, a, mail)
	}
}

func (e *emulator) deactivate(w http.ResponseWriter, r *http.Request, a *account) {
	_, ok := flag(w, r, "sendEmail", false)
	if prefer := r.Header.Get("Prefer"); ok && prefer != "" && prefer != "respond-async" {
		invalid(w, "Prefer", notValid)
		return
	}
	everything := []string{active, provisioned, staged, suspended, expired, recovery, "LOCKED_OUT"}
	if ok && !e.guarded(w, a) && e.step(w, r, a, everything, "sendEmail") {
		e.end(a)
		answer(w, wire.Object{})
	}
}

// guarded refuses that a lesser administrator takes the chief one out of work.
func (e *emulator) guarded(w http.ResponseWriter, a *account) bool {
	if e.isKey() || !e.Empty || a != e.org.owner {
		return false
	}
	refuse(w, http.StatusForbidden, refusals[403][0], refusals[403][1])
	return true
}

// end deactivates somebody; an API token dies with the administrator who made it.
func (e *emulator) end(a *account) {
	e.org.moveTo(a, deactivated, e.stamp())
	if e.isKey() && a == e.org.owner {
		e.Tokens.Revoke(apiToken)
	}
}

func (e *emulator) suspend(w http.ResponseWriter, r *http.Request, a *account) {
	if !e.guarded(w, a) && e.step(w, r, a, []string{active}) {
		e.switchTo(w, a, suspended)
	}
}

func (e *emulator) unsuspend(w http.ResponseWriter, r *http.Request, a *account) {
	if e.step(w, r, a, []string{suspended}) {
		e.switchTo(w, a, active)
	}
}

// switchTo is done at once, as the sheet names no delay for it.
func (e *emulator) switchTo(w http.ResponseWriter, a *account, status string) {
	now := e.stamp()
	e.org.change(a, now, func(record wire.Object) { record["status"], record["statusChanged"] = status, now })
	answer(w, wire.Object{})
}

package entraid

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"rollcall/connectors/idp/password"
	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// Write makes one change. What Graph would refuse is refused before anything is sent, as
// far as it is known. Of several calls the account's own comes first, then its manager,
// its groups, and the end of its sessions.
func (t *Target) Write(ctx context.Context, w core.Write) (core.Receipt, error) {
	return t.direct().write(ctx, w)
}

func (j *job) write(ctx context.Context, w core.Write) (core.Receipt, error) {
	known, err := j.known(ctx)
	if err != nil {
		return core.Receipt{}, err
	}
	c, err := j.checked(ctx, known, w)
	if err != nil {
		return core.Receipt{}, err
	}
	switch w.Verb {
	case core.Create:
		w.Account, err = j.create(ctx, known, c, w)
	case core.Update, core.Deactivate, core.Reactivate:
		err = j.change(ctx, known, c, w)
	case core.Delete:
		err = j.remove(ctx, w)
	default:
		err = &core.Problem{Code: core.Unsupported, What: fmt.Sprintf("%s has no way to %s a user.", j.rest.Vendor(), w.Verb), Fix: "Leave the row out."}
	}
	if err != nil {
		return core.Receipt{Account: w.Account}, err
	}
	return core.Receipt{Account: w.Account}, nil
}

// create makes a user with a password that nobody is told.
func (j *job) create(ctx context.Context, known []attribute, c change, w core.Write) (string, error) {
	body := object{enabled: *c.active}
	for id, value := range c.values {
		if a, _ := find(known, id); value != "" {
			a.put(body, value)
		}
	}
	if body[nickname] == nil {
		body[nickname] = nicknameOf(c.values[principalName])
	}
	body["passwordProfile"] = object{"password": password.New().Reveal(), "forceChangePasswordNextSignIn": j.answers.Get("keepPassword") != "true"}
	made, err := j.post(ctx, body)
	if err != nil {
		return "", j.explained(unsure(err, j.rest.Vendor()), w)
	}
	id := manifest.Text(made["id"])
	if id == "" {
		return "", &core.Problem{Code: core.Unknown, What: j.rest.Vendor() + " did not say which user it made.", Fix: "Make a new plan; it shows whether the user is there."}
	}
	j.fresh.add(id)
	w.Account = id
	if err := j.links(ctx, c, w, true); err != nil {
		p := *core.AsProblem(err)
		p.What = "The account was made, but not everything was done. " + p.What
		return id, &p
	}
	return id, nil
}

// post sends a new user, again where Graph is not available for a moment. A conflict
// after that may be with what the first try made, so nobody can tell.
func (j *job) post(ctx context.Context, body object) (object, error) {
	var made object
	for try := 0; ; try++ {
		err := j.do(ctx, call{method: http.MethodPost, path: "/users", body: body}, &made)
		switch {
		case try > 0 && graphError(err).conflicts():
			return nil, &core.Problem{Code: core.Unknown, Cause: err, What: "Nobody can tell whether " + j.rest.Vendor() + " made the account: it was not available at first, and now one of the values is taken.", Fix: "Read again to see what became of it."}
		case status(err) != http.StatusServiceUnavailable || try == len(waits):
			return made, err
		}
		if err := j.by.pause(ctx, waits[try]); err != nil {
			return nil, err
		}
	}
}

// nicknameOf makes a mail nickname of what stands before the @ of a name.
func nicknameOf(name string) string {
	local, _, _ := strings.Cut(name, "@")
	return local[:min(len(local), 64)] // a name has no other characters than ASCII
}

// change writes to a user who is there, or was deleted and is to be brought back.
func (j *job) change(ctx context.Context, known []attribute, c change, w core.Write) error {
	if c.restore {
		if err := j.restore(ctx, w); err != nil {
			return err
		}
	}
	body := object{}
	for id, value := range c.values {
		a, _ := find(known, id)
		a.put(body, value)
	}
	if err := j.wholeOrgData(ctx, body, w); err != nil {
		return err
	}
	if c.active != nil {
		body[enabled] = *c.active
	}
	if len(body) > 0 {
		if err := j.do(ctx, call{method: http.MethodPatch, path: userPath(w.Account), body: body, about: []string{w.Account}}, nil); err != nil {
			return j.explained(unsure(err, j.rest.Vendor()), w)
		}
	}
	if err := j.links(ctx, c, w, false); err != nil {
		return err
	}
	if c.active != nil && !*c.active {
		return j.signOut(ctx, w)
	}
	return nil
}

// wholeOrgData completes an employeeOrgData of which one part is written, so that the
// other one stays whatever Graph makes of a missing part.
func (j *job) wholeOrgData(ctx context.Context, body object, w core.Write) error {
	parts, ok := body[orgData].(object)
	if !ok || len(parts) == 2 {
		return nil
	}
	var now struct {
		EmployeeOrgData object `json:"employeeOrgData"`
	}
	err := j.do(ctx, call{method: http.MethodGet, path: userPath(w.Account), query: url.Values{"$select": {orgData}}, about: []string{w.Account}}, &now)
	for _, part := range []string{"division", "costCenter"} {
		if _, set := parts[part]; !set && err == nil {
			parts[part] = now.EmployeeOrgData[part]
		}
	}
	return j.explained(err, w)
}

func userPath(id string) string { return "/users/" + url.PathEscape(id) }

// restore brings a deleted user back; one who is back already is not there to be restored.
func (j *job) restore(ctx context.Context, w core.Write) error {
	defer j.deleted.forget()
	err := j.do(ctx, call{method: http.MethodPost, path: "/directory/deletedItems/" + url.PathEscape(w.Account) + "/restore", same: true}, nil)
	if err != nil && status(err) != http.StatusNotFound {
		return j.explained(unsure(err, j.rest.Vendor()), w)
	}
	if err == nil {
		j.fresh.add(w.Account)
	}
	return nil
}

// links sets the manager and the groups.
func (j *job) links(ctx context.Context, c change, w core.Write, made bool) error {
	if c.manager != nil && (*c.manager != "" || !made) {
		if err := j.setManager(ctx, w, *c.manager); err != nil {
			return err
		}
	}
	if c.groups != nil && (*c.groups != "" || !made) {
		return j.setGroups(ctx, w, core.SplitList(*c.groups), made)
	}
	return nil
}

// setManager makes somebody the manager; empty: nobody is.
func (j *job) setManager(ctx context.Context, w core.Write, boss string) error {
	c := call{method: http.MethodDelete, path: userPath(w.Account) + "/manager/$ref"}
	w = core.Write{Verb: w.Verb, Account: w.Account, Set: map[string]string{manager: boss}} // only this is what may be refused
	if boss != "" {
		c.method, c.about = http.MethodPut, []string{w.Account, boss}
		c.body = object{"@odata.id": j.reference("users", boss)}
	}
	err := j.do(ctx, c, nil)
	if status(err) != http.StatusNotFound {
		return j.explained(unsure(err, j.rest.Vendor()), w)
	}
	// Either of the two is not there, or there was no manager to be taken away.
	if err := j.there(ctx, w.Account); err != nil || boss == "" {
		return err
	}
	if j.there(ctx, boss) == nil {
		return &core.Problem{Code: core.Unsupported, Cause: err, What: "“Manager” cannot be set: the server has both accounts, and does not know the call that makes one the other's manager.", Fix: "Remove the manager from the mapping."}
	}
	return &core.Problem{Code: core.Refused, Cause: err, What: fmt.Sprintf("“Manager” cannot be set: %s has no user %s.", j.rest.Vendor(), boss), Fix: "Make a new plan; somebody may have deleted the manager's account."}
}

// there gives a NotFound problem where a user is not.
func (j *job) there(ctx context.Context, id string) error {
	err := j.do(ctx, call{method: http.MethodGet, path: userPath(id), query: url.Values{"$select": {"id"}}, about: []string{id}}, nil)
	return j.explained(err, core.Write{Account: id})
}

// reference is how Graph names an object in a link.
func (t *Target) reference(kind, id string) string {
	return manifest.Fill("https://{graph}/v1.0/", t.answers) + kind + "/" + id
}

// signOut ends the sessions of somebody who was disabled, unless the server knows no such call.
func (j *job) signOut(ctx context.Context, w core.Write) error {
	if j.endless.Load() {
		return nil
	}
	w.Set = nil
	c := call{method: http.MethodPost, path: userPath(w.Account) + "/revokeSignInSessions", same: true}
	if who := []string{w.Account}; j.fresh.any(who) {
		c.about = who
	}
	err := j.do(ctx, c, nil)
	if err == nil {
		return nil
	}
	if code := status(err); code == http.StatusMethodNotAllowed || code == http.StatusNotImplemented || code == http.StatusNotFound && j.there(ctx, w.Account) == nil {
		j.endless.Store(true)
		if j.env.Log != nil {
			j.env.Log.Warn("sessions cannot be ended here", "vendor", j.rest.Vendor(), "status", code)
		}
		return nil
	}
	p := *core.AsProblem(j.explained(err, w))
	p.What = "The account was disabled, but its sessions could not be ended. " + p.What
	return &p
}

func (j *job) remove(ctx context.Context, w core.Write) error {
	defer j.deleted.forget()
	if err := j.do(ctx, call{method: http.MethodDelete, path: userPath(w.Account), about: []string{w.Account}}, nil); err != nil {
		return j.explained(unsure(err, j.rest.Vendor()), w)
	}
	j.fresh.remove(w.Account)
	return nil
}

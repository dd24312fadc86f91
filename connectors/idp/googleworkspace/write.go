package googleworkspace

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// Write makes one change. What can be refused is refused before anything is sent; a
// write of several calls ends with the groups.
func (t *Target) Write(ctx context.Context, w core.Write) (core.Receipt, error) {
	known, err := t.known(ctx)
	if err != nil {
		return core.Receipt{}, err
	}
	c, err := t.checked(ctx, known, w)
	if err != nil {
		return core.Receipt{}, err
	}
	switch w.Verb {
	case core.Create:
		return t.create(ctx, w, c)
	case core.Update, core.Deactivate, core.Reactivate:
		return t.change(ctx, w, c)
	case core.Delete:
		return t.remove(ctx, w)
	}
	return core.Receipt{}, &core.Problem{Code: core.Unsupported, What: fmt.Sprintf("Google Workspace has no way to %s an account.", w.Verb), Fix: "Leave the row out."}
}

// follow makes the calls that come after the account itself was written. Being told to
// stop does not stop them: the account would be half of what was asked for.
func (t *Target) follow(ctx context.Context, id string, w core.Write, c change) error {
	ctx = context.WithoutCancel(ctx)
	if c.groups != nil {
		if err := t.join(ctx, id, c.groups, w.Verb == core.Create); err != nil {
			return err
		}
	}
	if w.Verb != core.Deactivate || t.answers.Get("signOut") == "false" {
		return nil
	}
	err := t.do(ctx, http.MethodPost, userPath(id)+"/signOut", nil, nil, "", rest.Repeatable())
	if err == nil || notOffered(err) {
		return nil // the account is there: who is told otherwise has a directory that does not end sessions
	}
	if err = t.explained(err, w); !t.scopes.has(endSessions) {
		err = lacking(endSessions)
	}
	p := core.AsProblem(err)
	return &core.Problem{Code: p.Code, Cause: p, What: "The account was suspended, but its sessions were not ended. " + p.What, Fix: p.Fix}
}

// notOffered says that there is no such call.
func notOffered(err error) bool {
	return slices.Contains([]int{http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented}, refusalOf(err).status)
}

func (t *Target) change(ctx context.Context, w core.Write, c change) (core.Receipt, error) {
	now, err := t.before(ctx, w.Account, c)
	if err != nil {
		return core.Receipt{}, err
	}
	body, err := c.body(now)
	if err != nil {
		return core.Receipt{}, err
	}
	if on := c.active; on != nil && *on != active(now) {
		if body["suspended"] = !*on; *on && now["archived"] == true {
			body["archived"] = false
		}
	}
	if len(body) > 0 {
		after, err := t.put(ctx, now, body)
		if err != nil {
			return core.Receipt{}, t.explained(err, w)
		}
		t.people.learn(after)
	}
	return core.Receipt{Account: w.Account}, t.follow(ctx, w.Account, w, c)
}

// put sends a change. An address that the account itself has as an alias, as after a change
// that is taken back, may be in its own way: then the alias goes first, and comes back where
// the change is not made all the same.
func (t *Target) put(ctx context.Context, now, body user) (after user, err error) {
	id := manifest.Text(now["id"])
	err = t.do(ctx, http.MethodPut, userPath(id), body, &after, id)
	alias := manifest.Text(body[primaryEmail])
	if !core.HasCode(err, core.Conflict) || !slices.ContainsFunc(texts(now["aliases"]), func(a string) bool { return strings.EqualFold(a, alias) }) {
		return after, err
	}
	ctx = context.WithoutCancel(ctx)
	if t.do(ctx, http.MethodDelete, userPath(id)+"/aliases/"+url.PathEscape(alias), nil, nil, "") != nil {
		return nil, err
	}
	if err = t.do(ctx, http.MethodPut, userPath(id), body, &after, id); err != nil {
		_ = t.do(ctx, http.MethodPost, userPath(id)+"/aliases", user{"alias": alias}, nil, "") // the first problem is the one to tell
	}
	return after, err
}

// before gives the account as it is, brought back where it was deleted and that is asked for.
func (t *Target) before(ctx context.Context, id string, c change) (user, error) {
	if u := t.looked.take(t.rest.Now(ctx), id); u != nil {
		return u, t.mayChange(u)
	}
	u, err := t.user(ctx, id, whole)
	if err == nil {
		return u, t.mayChange(u)
	}
	if !core.HasCode(err, core.NotFound) {
		return nil, err
	}
	gone, readErr := t.deleted.one(ctx, t, id)
	if readErr != nil {
		return nil, readErr
	}
	if gone == nil || manifest.Text(gone["id"]) != id || !c.restore {
		return nil, err
	}
	return t.restored(ctx, gone, c)
}

func (t *Target) mayChange(u user) error {
	p := packer{acts: t.answers.Get("adminEmail")}
	if why := p.protected(u); why != "" {
		return &core.Problem{Code: core.Refused, What: why + " Rollcall leaves it alone.", Fix: "Change it in admin.google.com."}
	}
	return nil
}

// restored brings a deleted account back into its unit, or into the one that the write
// names, and waits until it is there.
func (t *Target) restored(ctx context.Context, gone user, c change) (user, error) {
	id, unit := manifest.Text(gone["id"]), manifest.Text(gone[orgUnit])
	if set, ok := c.value(orgUnit); ok {
		unit = set
	}
	if !t.hasUnit(unit) {
		unit = top // that unit was deleted too
	}
	err := t.do(ctx, http.MethodPost, userPath(id)+"/undelete", user{orgUnit: unit}, nil, "")
	if err != nil {
		t.deleted.forget()
		return nil, t.explained(err, core.Write{Verb: core.Reactivate, Account: id, Set: map[string]string{primaryEmail: manifest.Text(gone[primaryEmail])}})
	}
	t.deleted.drop(id)
	t.people.make(id, t.rest.Now(ctx))
	var u user
	err = t.again(ctx, id, func() error {
		var err error
		u, err = t.user(ctx, id, whole)
		return err
	})
	return u, err
}

// hasUnit says whether there is such a unit; true where the units may not be seen.
func (t *Target) hasUnit(path string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	a, _ := find(t.attributes, orgUnit)
	return len(a.Choices) == 0 || path == top || a.choice(path) != nil
}

// remove deletes an account, which can be brought back for a time.
func (t *Target) remove(ctx context.Context, w core.Write) (core.Receipt, error) {
	if _, err := t.before(ctx, w.Account, change{}); err != nil {
		return core.Receipt{}, err
	}
	if err := t.do(ctx, http.MethodDelete, userPath(w.Account), nil, nil, ""); err != nil && !core.HasCode(err, core.NotFound) {
		return core.Receipt{}, t.explained(err, w)
	}
	t.people.forget(w.Account)
	t.deleted.forget()
	return core.Receipt{Account: w.Account}, nil
}

// do makes a call about an account that is about to be written; see again.
func (t *Target) do(ctx context.Context, method, path string, body, out any, id string, opts ...rest.Option) error {
	return t.again(ctx, id, func() error {
		_, err := t.rest.Do(ctx, method, path, nil, body, out, opts...)
		return err
	})
}

// longestDelay is how long at most is waited before one more try, after 1, 2, 4 and 8 seconds.
const longestDelay = 16 * time.Second

// again repeats a call while Google is still at work on the creation of the account, or
// does not know yet everywhere whom this process made.
func (t *Target) again(ctx context.Context, id string, call func() error) error {
	for wait := time.Second; ; wait *= 2 {
		err := call()
		early := core.HasCode(err, core.NotFound) && t.people.young(id, t.rest.Now(ctx)) || incomplete(err)
		if !early || wait > longestDelay {
			return err
		}
		if err := rest.Sleep(ctx, wait); err != nil {
			return err
		}
	}
}

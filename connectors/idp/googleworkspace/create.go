package googleworkspace

import (
	"context"
	"net/http"
	"time"

	"rollcall/connectors/idp/password"
	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// create makes an account and what belongs to it. Once begun it is brought to its end, also
// where somebody stops the run: nobody could tell afterwards how far it came.
func (t *Target) create(ctx context.Context, w core.Write, c change) (core.Receipt, error) {
	if ctx.Err() != nil {
		return core.Receipt{}, core.AsProblem(ctx.Err())
	}
	if err := t.noLicence(ctx); err != nil {
		return core.Receipt{}, err
	}
	ctx = context.WithoutCancel(ctx)
	body, err := c.body(user{})
	if err != nil {
		return core.Receipt{}, err
	}
	body["password"] = password.New().Reveal()
	body["changePasswordAtNextLogin"] = t.answers.Get("changePassword") != "false"
	body["suspended"] = !w.Active
	made, err := t.make(ctx, body, func(u user) bool { return active(u) == w.Active && c.holds(u) })
	if err != nil {
		return core.Receipt{}, t.notMade(ctx, err, w)
	}
	id := manifest.Text(made["id"])
	t.people.learn(made)
	t.people.make(id, t.rest.Now(ctx))
	return core.Receipt{Account: id}, t.follow(ctx, id, w, c)
}

// mostWait is how long at most is waited before an account is tried to be made once more,
// after 1 and 2 seconds.
const mostWait = 4 * time.Second

// make asks for a new account. Where no clear answer comes, the address tells whether it was
// made; it is asked for again where nobody has the address, which two accounts can never have.
func (t *Target) make(ctx context.Context, body user, ours func(user) bool) (user, error) {
	var unclear error
	for wait := time.Second; ; wait *= 2 {
		var made user
		err := t.do(ctx, http.MethodPost, "/users", body, &made, "")
		if err == nil && manifest.Text(made["id"]) != "" {
			return made, nil
		}
		known := err != nil && !core.HasCode(err, core.Unknown) && !core.HasCode(err, core.ServerFault) && !core.HasCode(err, core.BadData)
		if known && (unclear == nil || !core.HasCode(err, core.Conflict)) {
			return nil, err
		}
		if err == nil || core.HasCode(err, core.BadData) {
			err = &core.Problem{Code: core.Unknown, Cause: err, What: "Google Workspace did not say which account it made.", Fix: "Make a new plan; it shows whether the account is there."}
		}
		there, lookErr := t.user(ctx, manifest.Text(body[primaryEmail]), whole)
		if lookErr == nil && ours(there) {
			return there, nil
		}
		if unclear = err; !core.HasCode(lookErr, core.NotFound) || wait > mostWait {
			return nil, err
		}
		if err := rest.Sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

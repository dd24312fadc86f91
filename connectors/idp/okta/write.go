package okta

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// Write makes one change. What can be refused beforehand is refused before anything is
// sent. Where Okta gave a version, an account that was changed since gives a Stale problem.
func (t *Target) Write(ctx context.Context, w core.Write) (core.Receipt, error) {
	known, err := t.attributes(ctx)
	if err != nil {
		return core.Receipt{}, err
	}
	c, err := t.checked(ctx, known, w)
	if err == nil {
		err = rest.Sleep(ctx, 0) // who stops before it began stops it
	}
	if err != nil {
		return core.Receipt{}, err
	}
	whole, end := lasting(ctx)
	defer end()
	r, err := t.carryOut(whole, w, c, about{permission: "okta.users.manage", account: w.Account, set: w.Set, known: known})
	return r, unsure(err)
}

// grace is how long a write that has begun may take to end after the work was stopped, so
// that no account is left half changed.
const grace = 30 * time.Second

// lasting gives a context that ends some time after another one.
func lasting(ctx context.Context) (whole context.Context, end func()) {
	whole, cancel := context.WithCancel(context.WithoutCancel(ctx))
	forget := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return whole, func() { forget(); cancel() }
}

// carryOut makes a change that was checked.
func (t *Target) carryOut(ctx context.Context, w core.Write, c change, a about) (core.Receipt, error) {
	done, err := core.Receipt{Account: w.Account}, error(nil)
	switch w.Verb {
	case core.Create:
		return t.create(ctx, c, a)
	case core.Update, core.Deactivate:
		if err = t.update(ctx, w, c, a); err != nil || c.active == nil {
			return done, err
		}
		if w.Verb == core.Update && !*c.active { // as a create that broke off is brought to its end
			return done, t.leaveStaged(ctx, a)
		}
		return done, t.setState(ctx, w.Account, *c.active, a)
	case core.Reactivate:
		if err = t.setState(ctx, w.Account, true, a); err == nil {
			w.Version = "" // it was changed by ourselves
			err = t.update(ctx, w, c, a)
		}
		return done, err
	case core.Delete:
		return done, t.destroy(ctx, w.Account, a)
	}
	return core.Receipt{}, &core.Problem{Code: core.Unsupported, What: fmt.Sprintf("Okta has no way to %s an account.", w.Verb), Fix: "Leave the row out."}
}

// unsure makes an unknown outcome of a write that was sent, and sent again, without a clear
// answer. Where nobody could be reached at all, nothing was written.
func unsure(err error) error {
	var dial *net.OpError
	var dns *net.DNSError
	var f *rest.Failure
	unreached := errors.As(err, &dial) && dial.Op == "dial" || errors.As(err, &dns)
	failed := errors.As(err, &f) && f.Status == http.StatusInternalServerError
	if !failed && (!core.HasCode(err, core.Unreachable) || unreached) {
		return err
	}
	return &core.Problem{Code: core.Unknown, Cause: err, What: "Nobody can tell whether Okta made the change: no clear answer came.", Fix: "Read again to see what became of it."}
}

// profile gives the values as Okta takes them.
func profile(known []attribute, values map[string]string) map[string]any {
	made := map[string]any{}
	for id, value := range values {
		a, _ := find(known, id)
		made[id] = a.wire(value)
		if made[id] == nil && emptied[id] {
			made[id] = ""
		}
	}
	return made
}

// emptied are the texts that Okta's description takes no null for, unlike the others.
var emptied = map[string]bool{"department": true, byNumber: true, "locale": true}

// nulled gives the values with null for what was emptied; different is false where there
// is nothing of the kind.
func nulled(values map[string]any) (made map[string]any, different bool) {
	made = maps.Clone(values)
	for id := range emptied {
		if v, set := values[id]; set && v == "" {
			made[id], different = nil, true
		}
	}
	return made, different
}

// The choices of how somebody new is activated.
const (
	activateStaged = "staged"
	activateSilent = "silent"
	activateMail   = "mail"
)

func (t *Target) activation() string { return labelled(t.answers.Get("activation"), activateStaged) }

// create makes a user, staged at first unless Okta is to invite at once. What follows when
// the user is there does not undo it: the receipt names the account also beside an error.
func (t *Target) create(ctx context.Context, c change, a about) (core.Receipt, error) {
	values := profile(a.known, c.values)
	for id, v := range values {
		if v == nil || v == "" {
			delete(values, id) // Okta's own default stands
		}
	}
	if c.manager != nil && !t.linked() {
		boss, err := t.nameOfBoss(ctx, *c.manager)
		if err != nil {
			return core.Receipt{}, err
		}
		if boss != nil {
			values[managerText] = boss
		}
	}
	first, later := c.groups, []group(nil)
	if len(first) > mostGroups {
		first, later = first[:mostGroups], first[mostGroups:]
	}
	body := map[string]any{"profile": values}
	if len(first) > 0 {
		ids := make([]string, len(first))
		for i, g := range first {
			ids[i] = g.id
		}
		body["groupIds"] = ids
	}
	made, err := t.made(ctx, *c.active && t.activation() == activateMail, body, values)
	if err != nil {
		return core.Receipt{}, t.explained(err, a)
	}
	a.account = made
	t.remember(made, c, values)
	err = t.complete(ctx, c, append(t.groups.left(ctx, t, made, first), later...), a)
	if core.HasCode(err, core.Cancelled) { // the user is there, which the next try has to find out
		err = &core.Problem{Code: core.Unknown, Cause: err, What: "The work was stopped before the new account was complete.", Fix: "Apply the plan again; what is missing comes with the next one."}
	}
	return core.Receipt{Account: made}, err
}

// made makes a user and gives the id. Where no clear answer comes, the sign-in name, which
// nobody had a moment ago, tells whether the user is there; else the user is made again.
func (t *Target) made(ctx context.Context, invites bool, body, values map[string]any) (string, error) {
	try := func() (string, error) {
		var answer struct{ ID string }
		_, err := t.rest.Do(ctx, http.MethodPost, "/api/v1/users", url.Values{"activate": {fmt.Sprint(invites)}}, body, &answer)
		return answer.ID, err
	}
	id, err := try()
	name, _ := values[login].(string)
	for i := 0; i < 4 && unclear(err) && !strings.Contains(name, "/"); i++ {
		if rest.Sleep(ctx, waits[i]) != nil {
			return "", err
		}
		there, row, lost := t.called(ctx, name)
		if lost != nil || there != "" && !holds(row, values) {
			return "", err
		}
		if there != "" {
			return there, nil
		}
		if id, err = try(); code(err) == "E0000001" { // it may have arrived after all
			if there, row, lost := t.called(ctx, name); lost == nil && there != "" && holds(row, values) {
				return there, nil
			}
		}
	}
	return id, err
}

// unclear says that nobody can tell whether a request was carried out, or that it was not
// and may be later.
func unclear(err error) bool {
	var f *rest.Failure
	if errors.As(err, &f) {
		return f.Status >= http.StatusInternalServerError && f.Status != http.StatusNotImplemented
	}
	return core.HasCode(err, core.Unknown)
}

// holds says that a user has all of these values.
func holds(row, values map[string]any) bool {
	has, _ := row["profile"].(map[string]any)
	for id, v := range values {
		text := fmt.Sprint(v)
		if is := fmt.Sprint(has[id]); id == login && !strings.EqualFold(is, text) || id != login && is != text {
			return false
		}
	}
	return true
}

// complete does what a create cannot.
func (t *Target) complete(ctx context.Context, c change, later []group, a about) error {
	for _, g := range later {
		if err := t.fresh(ctx, func() error { return t.join(ctx, http.MethodPut, a.account, g) }); err != nil {
			return err
		}
	}
	if c.manager != nil && *c.manager != "" && t.linked() {
		if err := t.fresh(ctx, func() error { return t.link(ctx, a.account, *c.manager) }); err != nil {
			return err
		}
	}
	if !*c.active {
		return t.future.add(a.account)
	}
	if t.activation() == activateSilent {
		return t.fresh(ctx, func() error { return t.lifecycle(ctx, "activate", a) })
	}
	return nil
}

// remember keeps what was written for Find, with what stands in managerId.
func (t *Target) remember(id string, c change, values map[string]any) {
	set := c.values
	if boss, is := values[managerText].(string); is {
		set[managerText] = boss
	}
	t.recent.add(id, set)
}

// update writes what is to be other: the profile, the link to a manager, groups.
func (t *Target) update(ctx context.Context, w core.Write, c change, a about) error {
	values := profile(a.known, c.values)
	if c.manager != nil && !t.linked() {
		boss, err := t.nameOfBoss(ctx, *c.manager)
		if err != nil {
			return err
		}
		values[managerText] = boss
	}
	from, to, err := t.renamed(ctx, w.Account, c.values)
	if err != nil {
		return err
	}
	if len(values) > 0 {
		if err := t.change(ctx, w, values, a); err != nil {
			return err
		}
		t.remember(w.Account, c, values)
	}
	if err := t.follow(ctx, from, to); err != nil {
		return err
	}
	if c.manager != nil && t.linked() {
		if err := t.link(ctx, w.Account, *c.manager); err != nil {
			return err
		}
	}
	if c.grouped {
		return t.setGroups(ctx, w.Account, c.groups)
	}
	return nil
}

// change writes a profile. Of somebody who comes from another system the attributes that
// are Okta's are written nevertheless, and the others named.
func (t *Target) change(ctx context.Context, w core.Write, values map[string]any, a about) error {
	var opts []rest.Option
	if w.Version != "" {
		opts = append(opts, rest.Header("If-Match", w.Version))
	}
	err := t.post(ctx, w.Account, values, opts...)
	if again, different := nulled(values); different && core.HasCode(t.explained(err, a), core.Refused) && code(err) != "E0000038" && code(err) != "E0000023" {
		values, err = again, t.post(ctx, w.Account, again, opts...)
	}
	if code(err) == "E0000038" { // who is on the way back is deactivated still
		if status, lost := t.settled(ctx, w.Account); lost == nil && status != deprovisioned {
			err = t.post(ctx, w.Account, values)
		}
	}
	if code(err) == "E0000023" && t.answers.Get(sourceOption) != "" {
		if values, err = t.tellSource(ctx, w.Account, values, a); err != nil || len(values) == 0 {
			return err
		}
		err = t.post(ctx, w.Account, values)
	}
	if code(err) != "E0000023" {
		return t.explained(err, a)
	}
	ours, left := map[string]any{}, []string(nil)
	for _, one := range a.known {
		if v, set := values[one.ID]; set && one.ours {
			ours[one.ID] = v
		} else if set {
			left = append(left, "“"+one.Label+"”")
		}
	}
	told := *core.AsProblem(t.explained(err, a))
	if len(ours) == 0 || len(left) == 0 {
		return &told
	}
	if err := t.post(ctx, w.Account, ours, opts...); err != nil {
		return t.explained(err, a)
	}
	r, _ := refusalOf(err)
	told.What = fmt.Sprintf("%s could not be written, for another system decides about them; the rest is written.%s", strings.Join(left, ", "), r.said())
	told.Fix = "Change them in that system, or remove them from the mapping."
	return &told
}

// waits are how long to wait for a change of status that is on its way.
var waits = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 8 * time.Second, 8 * time.Second, 15 * time.Second, 15 * time.Second}

// patiently does again what Okta does not do while it is still activating somebody.
func (t *Target) patiently(ctx context.Context, do func() error) error {
	err := do()
	for i := 0; i < len(waits) && code(err) == "E0000112"; i++ {
		if err := rest.Sleep(ctx, waits[i]); err != nil {
			return err
		}
		err = do()
	}
	return err
}

// fresh does again what does not find a user who was made a moment ago.
func (t *Target) fresh(ctx context.Context, do func() error) error {
	err := do()
	for i := 0; i < 4 && core.HasCode(err, core.NotFound); i++ {
		if err := rest.Sleep(ctx, waits[i]); err != nil {
			return err
		}
		err = do()
	}
	return err
}

// lifecycle makes one step; that the user is there already is done.
func (t *Target) lifecycle(ctx context.Context, step string, a about) error {
	var query url.Values
	if step == "activate" || step == "deactivate" {
		query = url.Values{"sendEmail": {fmt.Sprint(step == "activate" && t.activation() == activateMail)}}
	}
	err := t.patiently(ctx, func() error {
		_, err := t.rest.Do(ctx, http.MethodPost, userPath(a.account)+"/lifecycle/"+step, query, nil, nil, rest.Repeatable())
		return err
	})
	if step == "activate" && code(err) == "E0000016" {
		return nil
	}
	return t.explained(err, a)
}

// destroy deletes in two steps, the first of which deactivates.
func (t *Target) destroy(ctx context.Context, id string, a about) error {
	last, err := t.settled(ctx, id)
	for i := 0; err == nil && i < len(waits); i++ {
		_, err = t.rest.Do(ctx, http.MethodDelete, userPath(id), url.Values{"sendEmail": {"false"}}, nil, nil)
		if err != nil && code(err) != "E0000038" {
			return t.explained(err, a)
		}
		if err == nil && last == deprovisioned {
			return nil
		}
		if last, err = t.settled(ctx, id); core.HasCode(err, core.NotFound) {
			return nil
		}
	}
	if err == nil {
		err = &core.Problem{Code: core.Unknown, What: "Okta has not deactivated the account yet, so it is not deleted.", Fix: "Apply the plan again in some minutes."}
	}
	return err
}

// settled reads a user's status once no change of it is on its way any more.
func (t *Target) settled(ctx context.Context, id string) (string, error) {
	for _, wait := range append(slices.Clone(waits), 0) {
		row, err := t.user(ctx, id)
		if err != nil || row["transitioningToStatus"] == nil || wait == 0 {
			return statusOf(row), err
		}
		if err := rest.Sleep(ctx, wait); err != nil {
			return "", err
		}
	}
	return "", nil
}

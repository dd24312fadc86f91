package scim

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

const patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

// Write makes one change. Where the system has versions, a user that was changed since
// Write.Version gives a Stale problem. Groups come after the user; where only they fail,
// the receipt names the user beside the problem.
func (t *Target) Write(ctx context.Context, w core.Write) (core.Receipt, error) {
	j, err := t.prepare(ctx, w)
	if err != nil {
		return core.Receipt{}, err
	}
	ctx, end := whole(ctx, j)
	defer end()
	r, err := t.writeUser(ctx, j)
	if err != nil || !j.enrolls {
		return r, err
	}
	return r, t.enroll(ctx, j.served, map[string][]string{r.Account: j.groups})[r.Account]
}

// job is a write that was looked through: nothing in it has to be refused by us.
type job struct {
	core.Write
	served  *served
	set     []assignment
	groups  []string
	enrolls bool // the groups are to be as stated
}

func (t *Target) prepare(ctx context.Context, w core.Write) (j *job, err error) {
	j = &job{Write: w}
	if j.served, err = t.discover(ctx); err != nil {
		return nil, err
	}
	if j.groups, j.enrolls, err = t.wantedGroups(j.served, w); err != nil {
		return nil, err
	}
	j.set, err = t.assignments(j.served, w)
	return j, err
}

// whole gives a context that outlives ctx for a while where somebody new is to be put in
// groups: a run that is stopped between the two would find the account when it goes on,
// and take it for finished.
func whole(ctx context.Context, jobs ...*job) (context.Context, context.CancelFunc) {
	if ctx.Err() != nil || !slices.ContainsFunc(jobs, func(j *job) bool { return j != nil && j.enrolls && j.Verb == core.Create }) {
		return context.WithCancel(ctx)
	}
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return longer, func() { stop(); cancel() }
}

const grace = 30 * time.Second

func (t *Target) writeUser(ctx context.Context, j *job) (core.Receipt, error) {
	switch j.Verb {
	case core.Create:
		return t.create(ctx, j.served, j.Write, j.set)
	case core.Update, core.Deactivate, core.Reactivate:
		return t.change(ctx, j.served, j.Write, j.set)
	case core.Delete:
		return t.remove(ctx, j.served, j.Write)
	}
	return core.Receipt{}, &core.Problem{Code: core.Unsupported, What: fmt.Sprintf("SCIM has no way to %s a user.", j.Verb), Fix: "Leave the row out."}
}

// assignment is one attribute with the value it gets.
type assignment struct {
	attribute attribute
	value     string
}

// state stands for the user's active field in assignments.
var state = attribute{Attribute: core.Attribute{ID: core.Enabled, Label: "Enabled"}, name: "active", wire: "boolean"}

func (t *Target) assignments(s *served, w core.Write) ([]assignment, error) {
	var list []assignment
	for _, id := range slices.Sorted(maps.Keys(w.Set)) {
		switch id {
		case core.Groups, core.Enabled:
			continue
		}
		a, ok := s.attribute(id)
		if !ok {
			return nil, t.unknownAttribute(id)
		}
		if a.ReadOnly {
			return nil, &core.Problem{Code: core.Refused, What: fmt.Sprintf("“%s” cannot be written in %s.", a.Label, t.host), Fix: "Remove it from the mapping."}
		}
		if err := a.check(w.Set[id]); err != nil {
			return nil, err
		}
		list = append(list, assignment{a, w.Set[id]})
	}
	if on := w.State(); on != nil {
		list = append(list, assignment{state, fmt.Sprint(*on)})
	}
	return list, nil
}

// typeOf gives SCIM's own word for the reason of an error.
func typeOf(err error) string {
	var f *rest.Failure
	if !errors.As(err, &f) {
		return ""
	}
	return scimError(&f.Answer).Type
}

func (t *Target) remove(ctx context.Context, s *served, w core.Write) (core.Receipt, error) {
	if _, err := t.rest.Do(ctx, http.MethodDelete, s.user(w.Account), nil, nil, nil, conditional(s, w)...); err != nil {
		return core.Receipt{}, t.unsure(t.undeletable(t.missing(err, w.Account)))
	}
	return core.Receipt{Account: w.Account}, nil
}

// undeletable says so where a system has no way to delete anybody.
func (t *Target) undeletable(err error) error {
	if code := status(err); code != http.StatusMethodNotAllowed && code != http.StatusNotImplemented {
		return err
	}
	return &core.Problem{Code: core.Unsupported, Cause: err, What: t.host + " does not delete users.", Fix: "Disable the user instead, or delete it in the system's own administration."}
}

// unsure makes an unknown outcome of a write that was sent, and sent again, without a
// clear answer. Where nobody could be reached at all, nothing was written.
func (t *Target) unsure(err error) error {
	var dial *net.OpError
	var dns *net.DNSError
	unreached := errors.As(err, &dial) && dial.Op == "dial" || errors.As(err, &dns)
	code := status(err)
	broken := core.HasCode(err, core.Unreachable) && !unreached
	failed := core.HasCode(err, core.ServerFault) && code != http.StatusServiceUnavailable && code != http.StatusNotImplemented
	if !broken && !failed {
		return err
	}
	return t.unclear(err)
}

func (t *Target) unclear(cause error) *core.Problem {
	return &core.Problem{Code: core.Unknown, Cause: cause, What: fmt.Sprintf("Nobody can tell whether %s made the change: no clear answer came.", t.host), Fix: "Read again to see what became of it."}
}

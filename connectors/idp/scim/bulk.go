package scim

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

const (
	bulkSchema = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
	bulkTries  = 6
)

// WriteAll makes the writes by bulk requests (RFC 7644 §3.7) as far as they can be made
// so, the others by themselves, and then changes each group once for all of them.
func (t *Target) WriteAll(ctx context.Context, writes []core.Write) []core.Written {
	answers := make([]core.Written, len(writes))
	jobs := make([]*job, len(writes))
	items := make([]*item, len(writes))
	t.each(len(writes), func(i int) {
		if jobs[i], answers[i].Err = t.prepare(ctx, writes[i]); answers[i].Err == nil {
			items[i], answers[i].Err = t.itemOf(ctx, jobs[i], fmt.Sprint("w", i))
		}
	})
	ctx, end := whole(ctx, jobs...)
	defer end()
	t.bulk(ctx, slices.DeleteFunc(slices.Clone(items), func(it *item) bool { return it == nil || it.done || it.alone }))
	t.each(len(writes), func(i int) {
		switch it := items[i]; {
		case it == nil:
		case it.alone:
			answers[i].Receipt, answers[i].Err = t.writeUser(ctx, it.job)
		default:
			answers[i] = it.written
		}
	})
	t.enrollAll(ctx, jobs, answers)
	return answers
}

// enrollAll sees to the groups of those whose user was written.
func (t *Target) enrollAll(ctx context.Context, jobs []*job, answers []core.Written) {
	var s *served
	want := map[string][]string{}
	for i, j := range jobs {
		if answers[i].Err == nil && j.enrolls {
			s, want[answers[i].Receipt.Account] = j.served, j.groups
		}
	}
	if s == nil {
		return
	}
	failed := t.enroll(ctx, s, want)
	for i, j := range jobs {
		if answers[i].Err == nil && j.enrolls {
			answers[i].Err = failed[answers[i].Receipt.Account]
		}
	}
}

// item is a write on its way through bulk requests.
type item struct {
	*job
	operation bulkOperation
	size      int
	written   core.Written
	done      bool // written holds what became of it
	alone     bool // to be written by a request of its own
}

type bulkOperation struct {
	Method  string `json:"method"`
	Path    string `json:"path"`
	BulkID  string `json:"bulkId,omitempty"`
	Version string `json:"version,omitempty"`
	Data    object `json:"data,omitempty"`
}

// itemOf makes the operation of a write. A user who is made disabled goes alone, because
// bulk answers do not show whether the system heeded that; so does what takes a PUT.
func (t *Target) itemOf(ctx context.Context, j *job, bulkID string) (*item, error) {
	s, it := j.served, &item{job: j}
	switch {
	case s.bulk.operations < 2 || t.noBulk.Load():
		it.alone = true
	case j.Verb == core.Create && j.Active:
		it.operation = bulkOperation{Method: http.MethodPost, Path: "/" + s.users, BulkID: bulkID, Data: s.newUser(j.set)}
	case j.Verb == core.Delete:
		it.operation = bulkOperation{Method: http.MethodDelete, Path: "/" + s.user(j.Account)}
	case j.Verb != core.Create && t.patches(s):
		before, err := t.before(ctx, s, &j.Write, j.set)
		if err != nil {
			return nil, err
		}
		operations := patchOf(before, j.set)
		if len(operations) == 0 {
			it.done, it.written.Receipt = true, core.Receipt{Account: j.Account, Version: j.Version}
			return it, nil
		}
		it.operation = bulkOperation{Method: http.MethodPatch, Path: "/" + s.user(j.Account), Data: object{"schemas": []string{patchSchema}, "Operations": operations}}
	default:
		it.alone = true
	}
	if s.etags && it.operation.BulkID == "" {
		it.operation.Version = j.Version
	}
	data, err := json.Marshal(it.operation)
	it.size = len(data) + 1
	return it, err
}

// bulk sends the items, those that the system was too busy for again after a while.
func (t *Target) bulk(ctx context.Context, items []*item) {
	for try := 0; len(items) > 0; try++ {
		for part := range t.parts(items) {
			t.sendBulk(ctx, part)
		}
		items = slices.DeleteFunc(items, func(it *item) bool { return it.done || it.alone })
		if len(items) == 0 {
			return
		}
		err := error(&core.Problem{Code: core.RateLimited, What: t.host + " still says that there are too many requests, also after waiting.", Fix: "Try again in some minutes."})
		if try < bulkTries {
			err = rest.Sleep(ctx, time.Second<<try)
		}
		if err != nil {
			settle(items, err)
			return
		}
	}
}

// settle gives all of them one error.
func settle(items []*item, err error) {
	for _, it := range items {
		it.done, it.written.Err = true, err
	}
}

// parts gives the items of each request, within the system's limits.
func (t *Target) parts(items []*item) func(func([]*item) bool) {
	return func(yield func([]*item) bool) {
		for from := 0; from < len(items); {
			limits := items[from].served.bulk
			if most := t.bulkMost.Load(); most > 0 {
				limits.operations = min(limits.operations, int(most))
			}
			to, size := from, 200 // what stands around the operations
			for to < len(items) && to-from < limits.operations && (limits.bytes == 0 || to == from || size+items[to].size <= limits.bytes) {
				size += items[to].size
				to++
			}
			if !yield(items[from:to]) {
				return
			}
			from = to
		}
	}
}

// sendBulk makes one request and enters its answers. What the system was too busy for
// is left as it is.
func (t *Target) sendBulk(ctx context.Context, part []*item) {
	if t.noBulk.Load() {
		alone(part)
		return
	}
	operations := make([]bulkOperation, len(part))
	for i, it := range part {
		operations[i] = it.operation
	}
	var answer bulkAnswer
	_, err := t.rest.Do(ctx, http.MethodPost, "Bulk", nil, object{"schemas": []string{bulkSchema}, "Operations": operations}, &answer)
	switch code := status(err); {
	case tooLarge(err) && len(part) > 1:
		t.bulkMost.Store(int64(len(part) / 2))
		t.sendBulk(ctx, part[:len(part)/2])
		t.sendBulk(ctx, part[len(part)/2:])
	case tooLarge(err):
		alone(part)
	case code == http.StatusServiceUnavailable: // nothing was done
	case slices.Contains([]int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented}, code):
		t.noBulk.Store(true) // for good: single requests tell more of what is wrong, if anything is
		alone(part)
	case core.HasCode(err, core.BadData): // it may all be done
		settle(part, t.unclear(err))
	case err != nil:
		settle(part, t.unsure(err))
	default:
		for i, it := range part {
			t.conclude(ctx, it, answer.of(part, i))
		}
	}
}

func alone(part []*item) {
	for _, it := range part {
		it.alone = true
	}
}

// tooLarge says that a bulk request holds more than the system takes.
func tooLarge(err error) bool {
	return status(err) == http.StatusRequestEntityTooLarge || status(err) == http.StatusBadRequest && strings.EqualFold(typeOf(err), "tooMany")
}

type bulkAnswer struct {
	Operations []bulkResult `json:"Operations"`
}

type bulkResult struct {
	Method   string          `json:"method"`
	BulkID   string          `json:"bulkId"`
	Location string          `json:"location"`
	Version  string          `json:"version"`
	Status   json.RawMessage `json:"status"`
	Response json.RawMessage `json:"response"`
}

// code reads a status: "201", 201 or, as in early drafts, {"code":"201"}.
func (r *bulkResult) code() int {
	var status struct {
		Code json.RawMessage `json:"code"`
	}
	raw := r.Status
	if json.Unmarshal(raw, &status) == nil && status.Code != nil {
		raw = status.Code
	}
	n := 0
	for _, c := range strings.Trim(string(raw), `" `) {
		if c < '0' || c > '9' || n > 999 {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// of gives the result of the i-th operation: by its bulkId, else the one at its place,
// else the only one of its method and location; nil where there is none.
func (a *bulkAnswer) of(part []*item, i int) *bulkResult {
	op := part[i].operation
	if op.BulkID != "" {
		if at := slices.IndexFunc(a.Operations, func(r bulkResult) bool { return r.BulkID == op.BulkID }); at >= 0 {
			return &a.Operations[at]
		}
	}
	if len(a.Operations) == len(part) && a.Operations[i].fits(op, true) {
		return &a.Operations[i]
	}
	for k := range a.Operations {
		if a.Operations[k].fits(op, false) {
			return &a.Operations[k]
		}
	}
	return nil
}

// fits says that a result can be of this operation; inPlace, what it leaves out is taken
// to be right.
func (r *bulkResult) fits(op bulkOperation, inPlace bool) bool {
	if r.BulkID != "" && op.BulkID != "" && r.BulkID != op.BulkID || r.Method != "" && !strings.EqualFold(r.Method, op.Method) {
		return false
	}
	if op.BulkID != "" || r.Location == "" {
		return inPlace
	}
	bare, err := url.PathUnescape(op.Path)
	return strings.HasSuffix(r.Location, op.Path) || err == nil && strings.HasSuffix(r.Location, bare)
}

// conclude enters what became of an item.
func (t *Target) conclude(ctx context.Context, it *item, r *bulkResult) {
	if r == nil || r.code() == 0 {
		settle([]*item{it}, t.unclear(nil))
		return
	}
	code := r.code()
	if code/100 == 2 {
		it.done = true
		it.written.Receipt, it.written.Err = t.receipt(ctx, it, r)
		return
	}
	err := t.bulkProblem(&rest.Answer{Status: code, Body: r.Response})
	switch {
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable: // again
	case wantsPut(err) || tooLarge(err):
		it.alone = true
	default:
		settle([]*item{it}, t.missing(err, it.Account))
	}
}

func (t *Target) receipt(ctx context.Context, it *item, r *bulkResult) (core.Receipt, error) {
	receipt := core.Receipt{Account: it.Account}
	if it.served.etags {
		receipt.Version = r.Version
	}
	if it.Verb != core.Create {
		return receipt, nil
	}
	var made resource
	_ = made.UnmarshalJSON(r.Response) // it may be left out
	var err error
	if receipt.Account = idOf(made, r.Location, it.served.users); receipt.Account == "" {
		receipt.Account, err = t.lookUp(ctx, it.Set["userName"])
	}
	return receipt, err
}

// bulkProblem explains the refusal of one operation.
func (t *Target) bulkProblem(a *rest.Answer) *core.Problem {
	p := explainer(t.host)(a)
	said := scimError(a).said()
	switch {
	case p != nil:
	case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		p = &core.Problem{Code: core.MissingScope, What: t.host + " does not let this token make the change." + said, Fix: "In its administration, let the token write users."}
	case a.Status >= 500 && a.Status != http.StatusNotImplemented:
		p = t.unclear(nil)
	default:
		p = &core.Problem{Code: core.Refused, What: t.host + " does not accept the change." + said, Fix: "Look at the user there, then make a new plan."}
	}
	p.Cause = &rest.Failure{Answer: *a}
	return p
}

package entraid

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// Limits of the provisioning service, by Microsoft's page of its concepts: 50 people a
// call, 40 calls in five seconds, and 2,000 calls a day with a P1 or P2 licence.
const (
	operationsACall = 50
	callsAtOnce     = 40
	callsADay       = 2000
	uploadsAtOnce   = 4
	longestNumber   = 16 // of an employeeId, by which the service matches
)

// provisioning is a tenant's application for inbound provisioning; without an id there is none.
type provisioning struct{ principal, id string }

var uploadPath = regexp.MustCompile(`/servicePrincipals/([^/]+)/synchronization/jobs/([^/]+)/bulkUpload$`)

// job gives the application, by its address or by the two ids in it. Microsoft shows the
// address of the beta version; the same is there in v1.0.
func (t *Target) application() (provisioning, error) {
	p := provisioning{t.answers.Get("servicePrincipalId"), t.answers.Get("jobId")}
	address := t.answers.Get("provisioningEndpoint")
	if address != "" {
		parts := uploadPath.FindStringSubmatch(address)
		if parts == nil {
			return p, &core.Problem{Code: core.BadOption, What: "The provisioning API endpoint does not look right.", Fix: "Copy it again; it ends with /bulkUpload."}
		}
		p = provisioning{parts[1], parts[2]}
	}
	if (p.principal == "") != (p.id == "") {
		return p, &core.Problem{Code: core.BadOption, What: "Of service principal ID and job ID one is missing.", Fix: "Give both, or the whole provisioning API endpoint instead."}
	}
	return p, nil
}

func (p provisioning) path() string {
	return "/servicePrincipals/" + url.PathEscape(p.principal) + "/synchronization/jobs/" + url.PathEscape(p.id) + "/bulkUpload"
}

// Imports says what the provisioning service takes, where the connection names its
// application. It does not delete.
func (t *Target) Imports(context.Context) (core.Imports, error) {
	p, err := t.application()
	if err != nil || p.id == "" {
		return core.Imports{}, err
	}
	return core.Imports{Engine: "Entra's provisioning service", Chunk: operationsACall * callsAtOnce,
		Verbs: []core.Verb{core.Create, core.Update, core.Deactivate, core.Reactivate}, Every: 30 * time.Second, Patience: 40 * time.Minute}, nil
}

// ticket says where in the log the results of an import stand.
type ticket struct {
	Job   string    `json:"job"`
	Since time.Time `json:"since"`
}

// Import hands the people over, fifty a call. Those whom the service could not match are
// left out, and Imported says so of them.
func (t *Target) Import(ctx context.Context, writes []core.Write) (string, error) {
	p, err := t.application()
	if err != nil {
		return "", err
	}
	numbers, err := t.numbers(ctx, writes)
	if err != nil {
		return "", err
	}
	var operations []any
	for _, w := range writes {
		if unmatched(w) == nil && !returns(w) {
			operations = append(operations, operation(w, numbers, t.answers.Get("provisioningSchema")))
		}
	}
	tk := ticket{Job: p.id, Since: t.rest.Now(ctx)}
	if began, err := t.uploadAll(ctx, p, operations); err != nil {
		return "", err
	} else if len(began) > 0 {
		tk.Since = slices.MinFunc(began, time.Time.Compare)
	}
	text, err := json.Marshal(tk)
	return string(text), err
}

// uploadAll hands over some calls' people, a few calls at once: one after the other, at
// the usual distance to Microsoft, they would use half of what is allowed.
func (t *Target) uploadAll(ctx context.Context, p provisioning, operations []any) ([]time.Time, error) {
	calls := slices.Collect(slices.Chunk(operations, operationsACall))
	began := make([]time.Time, len(calls))
	uploads, within := errgroup.WithContext(ctx)
	uploads.SetLimit(uploadsAtOnce)
	for i, people := range calls {
		if err := t.countUpload(within); err != nil {
			uploads.Go(func() error { return err })
			break
		}
		uploads.Go(func() (err error) {
			began[i], err = t.upload(within, p, people)
			return err
		})
	}
	return began, uploads.Wait()
}

// upload hands over one call's people and gives when that was by the service's clock.
// What was handed over twice does no harm, so the call is repeated like one that reads.
func (t *Target) upload(ctx context.Context, p provisioning, operations []any) (time.Time, error) {
	body, err := json.Marshal(map[string]any{"schemas": []string{bulkSchema}, "failOnErrors": nil, "Operations": operations})
	if err != nil {
		return time.Time{}, err
	}
	if err := rest.Sleep(ctx, t.pace.uploads.pass(t.rest.Now(ctx), 1)); err != nil {
		return time.Time{}, err
	}
	began := t.rest.Now(ctx)
	a, err := t.rest.Do(ctx, http.MethodPost, p.path(), nil, body, nil, rest.Repeatable(), rest.Header("Content-Type", "application/scim+json"), rest.Header("client-request-id", t.requestID(call{method: http.MethodPost})))
	if status(err) == http.StatusForbidden {
		return time.Time{}, &core.Problem{Code: core.MissingScope, Cause: err, What: "Microsoft Entra ID let us in, but not to its provisioning service: the permission SynchronizationData-User.Upload is missing.",
			Fix: "Under App registrations, your application, API permissions add it and press Grant admin consent; then test again."}
	}
	if err != nil {
		return time.Time{}, t.explained(err, core.Write{})
	}
	if told, err := http.ParseTime(a.Header.Get("Date")); err == nil {
		return told.Add(-t.rest.Now(ctx).Sub(began)), nil
	}
	return began, nil
}

const uploadBucket = "uploads"

// countUpload counts the calls of a day, so that the day's limit is told before it is met.
func (t *Target) countUpload(ctx context.Context) error {
	if t.env.Shelf == nil {
		return nil
	}
	day := t.rest.Now(ctx).UTC().Format(time.DateOnly)
	data, err := t.env.Shelf.Get(uploadBucket, "calls")
	if err != nil {
		return err
	}
	kept, count, _ := strings.Cut(string(data), " ")
	n, _ := strconv.Atoi(count) // our own text
	if kept != day {
		n = 0
	}
	if n >= callsADay {
		return &core.Problem{Code: core.RateLimited, What: "Entra's provisioning service takes no more today: 2,000 calls a day is its limit.", Fix: "Go on tomorrow (UTC), or write the rest row by row."}
	}
	return t.env.Shelf.Put(uploadBucket, map[string][]byte{"calls": fmt.Appendf(nil, "%s %d", day, n+1)})
}

// returns says that a write brings a deleted account back. The service looks for living
// ones only and would make another, so Graph does it.
func returns(w core.Write) bool { return hasKey(w.Set, core.Deleted) }

// unmatched refuses a person without a number, or with one too long for matching.
func unmatched(w core.Write) error {
	a, _ := find(standard, employeeID)
	switch n := w.Whole[employeeID]; {
	case n == "":
		return refused(a, "is not mapped or empty, and the provisioning service matches by it", "Map it, or write without the provisioning service.")
	case utf8.RuneCountInString(n) > longestNumber:
		return refused(a, fmt.Sprintf("takes %d characters", longestNumber), "Shorten it in the mapping.")
	}
	return nil
}

// numbers gives the employee IDs of the managers, by which the service knows them.
func (t *Target) numbers(ctx context.Context, writes []core.Write) (map[string]string, error) {
	numbers := map[string]string{}
	var questions []core.Question
	for _, w := range writes {
		boss := w.Whole[manager]
		if _, asked := numbers[boss]; boss != "" && !asked {
			numbers[boss] = ""
			questions = append(questions, core.Question{ID: boss})
		}
	}
	for i, l := range t.Look(ctx, questions, []string{employeeID}) {
		switch {
		case core.HasCode(l.Err, core.NotFound):
		case l.Err != nil:
			return nil, l.Err
		default:
			numbers[questions[i].ID] = l.Accounts[0].Value(employeeID)
		}
	}
	return numbers, nil
}

// Imported reads the log of the service. What the service cannot carry (groups, and
// attributes without a place in its schema) is written by Graph once it is done.
func (t *Target) Imported(ctx context.Context, text string, writes []core.Write) (map[string]core.Written, error) {
	var tk ticket
	if err := json.Unmarshal([]byte(text), &tk); err != nil {
		return nil, &core.Problem{Code: core.BadData, Cause: err, What: "The note about what was handed over cannot be read.", Fix: "Make a new plan to see what became of it."}
	}
	log, err := t.linesOf(ctx, text, tk)
	if err != nil {
		return nil, err
	}
	decided := map[string]core.Written{}
	var ended []core.Write
	for _, w := range writes {
		_, logged := log[w.Whole[employeeID]]
		if err := unmatched(w); err != nil {
			decided[w.Key] = core.Written{Receipt: core.Receipt{Account: w.Account}, Err: err}
		} else if logged || returns(w) {
			ended = append(ended, w)
		}
	}
	written := make([]core.Written, len(ended))
	t.together(ctx, len(ended), func(ctx context.Context, j *job, i int) {
		if w := ended[i]; returns(w) {
			written[i].Receipt, written[i].Err = j.write(ctx, w)
		} else {
			written[i] = j.outcome(ctx, w, log[w.Whole[employeeID]])
		}
	})
	for i, w := range ended {
		decided[w.Key] = written[i]
	}
	return decided, nil
}

// line is one of the provisioning log.
type line struct {
	At     time.Time           `json:"activityDateTime"`
	Action string              `json:"provisioningAction"`
	Source struct{ ID string } `json:"sourceIdentity"`
	Target struct{ ID string } `json:"targetIdentity"`
	Status struct {
		Status string
		Error  struct {
			Code   string `json:"errorCode"`
			Reason string
		} `json:"errorInformation"`
	} `json:"provisioningStatusInfo"`
}

// readLog is what was read of the log last. It serves every ticket once: the log may be
// asked five times in ten seconds, and a large plan has many tickets.
type readLog struct {
	mu     sync.Mutex
	ticket ticket
	last   map[string]line
	served map[string]bool
}

// linesOf gives the last line of each person since a ticket.
func (t *Target) linesOf(ctx context.Context, text string, tk ticket) (map[string]line, error) {
	r := &t.readLog
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.served == nil || r.served[text] || r.ticket.Job != tk.Job || tk.Since.Before(r.ticket.Since) {
		last, err := t.log(ctx, tk)
		if err != nil {
			return nil, err
		}
		r.ticket, r.last, r.served = tk, last, map[string]bool{}
	}
	r.served[text] = true
	since := map[string]line{}
	for person, l := range r.last {
		if !l.At.Before(tk.Since.Truncate(time.Second)) {
			since[person] = l
		}
	}
	return since, nil
}

// log reads the lines since the ticket, and gives the last one of each person.
func (t *Target) log(ctx context.Context, tk ticket) (map[string]line, error) {
	query := url.Values{"$filter": {fmt.Sprintf("jobId eq '%s' and activityDateTime ge %s", strings.ReplaceAll(tk.Job, "'", "''"), tk.Since.UTC().Format(time.RFC3339))}, "$top": {"999"}}
	path := "/auditLogs/provisioning"
	last := map[string]line{}
	for path != "" {
		var page struct {
			Value []line
			Next  string `json:"@odata.nextLink"`
		}
		if err := rest.Sleep(ctx, t.pace.logs.pass(t.rest.Now(ctx), 1)); err != nil {
			return nil, err
		}
		if _, err := t.rest.Get(ctx, path, query, &page); err != nil {
			if core.HasCode(err, core.MissingScope) {
				return nil, &core.Problem{Code: core.MissingScope, Cause: err, What: "Microsoft Entra ID let us in, but not to its provisioning log: the permission ProvisioningLog.Read.All is missing.",
					Fix: "Under App registrations, your application, API permissions add it and press Grant admin consent."}
			}
			return nil, err
		}
		for _, l := range page.Value {
			if old, ok := last[l.Source.ID]; !ok || !l.At.Before(old.At) {
				last[l.Source.ID] = l
			}
		}
		path, query = below(page.Next, path)
	}
	return last, nil
}

// outcome makes the answer of a write from its line, and writes what was not carried.
func (j *job) outcome(ctx context.Context, w core.Write, l line) core.Written {
	code := l.Status.Error.Code
	done := l.Status.Status == "success" || l.Status.Status == "warning" || l.Status.Status == "skipped" && (code == "" || code == "RedundantExport")
	if !done {
		return core.Written{Receipt: core.Receipt{Account: w.Account}, Err: l.problem()}
	}
	id, err := w.Account, error(nil)
	if id == "" {
		id, err = j.madeOf(ctx, w, l)
	}
	if err != nil {
		return core.Written{Err: err}
	}
	more := map[string]string{}
	for attribute, value := range w.Set {
		if !carries(attribute, j.answers.Get("provisioningSchema")) || value == "" {
			more[attribute] = value // the service takes no empty values
		}
	}
	if len(more) > 0 {
		_, err = j.write(ctx, core.Write{Verb: core.Update, Account: id, Set: more, Key: w.Key})
	}
	if err == nil && w.Verb == core.Deactivate {
		err = j.signOut(ctx, core.Write{Verb: w.Verb, Account: id})
	}
	return core.Written{Receipt: core.Receipt{Account: id}, Err: err}
}

// madeOf gives the account that was made, by the log or by the employee ID.
func (j *job) madeOf(ctx context.Context, w core.Write, l line) (string, error) {
	if l.Target.ID != "" {
		j.fresh.add(l.Target.ID)
		return l.Target.ID, nil
	}
	found, err := j.find(ctx, employeeID, w.Whole[employeeID], []string{employeeID})
	if err == nil && len(found) != 1 {
		err = &core.Problem{Code: core.Unknown, What: "Entra's provisioning service says that it made the account, and it is not to be found yet.", Fix: "Make a new plan later; it shows whether the account is there."}
	}
	if err != nil {
		return "", err
	}
	return found[0].ID(), nil
}

// problem translates a refusal of the service.
func (l line) problem() error {
	code, reason := l.Status.Error.Code, strings.TrimRight(l.Status.Error.Reason, ".")
	what := fmt.Sprintf("Entra's provisioning service says %s (%s).", "“"+reason+"”", code)
	switch {
	case strings.Contains(code, "InvalidUserPrincipalName"):
		return &core.Problem{Code: core.Refused, What: "“User principal name” is not taken. " + what, Fix: "Change the mapping of it, or verify its domain in Microsoft Entra ID."}
	case strings.Contains(code, "Duplicate"), strings.Contains(code, "Conflict"), strings.Contains(code, "AlreadyExists"):
		return &core.Problem{Code: core.Conflict, What: what, Fix: "Look at who has the value in Microsoft Entra ID."}
	case l.Status.Status == "skipped":
		return &core.Problem{Code: core.Refused, What: "The person was passed over. " + what, Fix: "Look at scope and attribute mapping of the provisioning application in Microsoft Entra ID."}
	}
	return &core.Problem{Code: core.Refused, What: what, Fix: "Look at the provisioning log in Microsoft Entra ID, then mend the value or the mapping there."}
}

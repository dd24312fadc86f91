package workday

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed request.xml
var envelope string

var request = template.Must(template.New("request").Parse(envelope))

// soapClient gives faults the status that they mean: Workday sends them all with 500.
func soapClient(cfg *rest.Config, _ core.Answers, _ core.Env) error {
	cfg.Explain = func(a *rest.Answer) *core.Problem {
		if a.Status != http.StatusInternalServerError {
			return nil
		}
		tree, err := manifest.XML(a.Body)
		if err != nil {
			return nil //nolint:nilerr // no XML, so no fault in it
		}
		fault, _ := manifest.At(tree, "Envelope.Body.Fault")
		code, said := strings.ToLower(manifest.TextAt(fault, "faultcode")), manifest.TextAt(fault, "faultstring")
		switch {
		case strings.Contains(code, "authentication"):
			a.Status = http.StatusUnauthorized
		case strings.Contains(said, "not authorized"):
			a.Status = http.StatusForbidden
		case strings.Contains(code, "validation"):
			a.Status = http.StatusBadRequest
			return &core.Problem{Code: core.Refused, What: fmt.Sprintf("Workday does not accept what was asked: “%s”.", strings.TrimRight(said, ".")),
				Fix: "Check the version of Web Services and the ID of the integration system. If they are right, send us the log."}
		}
		return nil
	}
	return nil
}

// reading is one reading by Get_Workers.
type reading struct {
	manifest.Pull
	entered string // the moment whose entries are read, for every page the same
}

// workers reads everybody, as rows of the report. Who begins later and comes without a job
// is asked for again, as of the day of hire.
func workers(ctx context.Context, p manifest.Pull) iter.Seq2[any, error] {
	r := reading{Pull: p, entered: p.Client.Now(ctx).UTC().Format(time.RFC3339)}
	list := rest.List[any]{Vendor: vendor.Name, Noun: "workers", First: "1", Fetch: r.page,
		ID: func(worker any) string { return id(worker, "Worker_Reference", "WID") }}
	return func(yield func(any, error) bool) {
		var later []any
		for worker, err := range list.All(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			if _, has := manifest.At(worker, "Worker_Data.Employment_Data.Worker_Job_Data"); !has && manifest.Before(p.Today, hired(worker)) {
				later = append(later, worker)
			} else if !yield(r.row(worker), nil) {
				return
			}
		}
		for _, worker := range later {
			worker, err := r.ahead(ctx, worker)
			if err != nil || !yield(r.row(worker), nil) {
				yieldError(yield, err)
				return
			}
		}
	}
}

func yieldError(yield func(any, error) bool, err error) {
	if err != nil {
		yield(nil, err)
	}
}

func hired(worker any) string {
	return manifest.Day(manifest.TextAt(worker, "Worker_Data.Employment_Data.Worker_Status_Data.Hire_Date"))
}

// page reads a page of everybody.
func (r reading) page(ctx context.Context, at string) (rest.Page[any], error) {
	answer, err := r.ask(ctx, at, r.Today, "")
	if err != nil {
		return rest.Page[any]{}, err
	}
	rows := several(answer, "Response_Data.Worker")
	return rest.Page[any]{Rows: rows, Total: number(answer, "Response_Results.Total_Results", -1), Next: rest.NextPage(at, len(rows), number(answer, "Response_Results.Total_Pages", 1))}, nil
}

// ahead reads one worker as of the day of hire; who is not found then stays as he came, and
// so does his status, which is that of today.
func (r reading) ahead(ctx context.Context, worker any) (any, error) {
	wid := id(worker, "Worker_Reference", "WID")
	answer, err := r.ask(ctx, "1", hired(worker), wid)
	if err != nil && !manifest.Absent(err) {
		return nil, err
	}
	for _, then := range several(answer, "Response_Data.Worker") {
		found, _ := manifest.At(then, "Worker_Data.Employment_Data")
		if employment, ok := found.(map[string]any); ok && id(then, "Worker_Reference", "WID") == wid {
			employment["Worker_Status_Data"], _ = manifest.At(worker, "Worker_Data.Employment_Data.Worker_Status_Data")
			return then, nil
		}
	}
	return worker, nil
}

func number(answer any, path string, otherwise int) int {
	n, err := strconv.Atoi(manifest.TextAt(answer, path))
	if err != nil {
		return otherwise
	}
	return n
}

// ask makes the call for a page as of a day, of all workers or of one.
func (r reading) ask(ctx context.Context, page, day, worker string) (any, error) {
	a := r.Answers
	var body bytes.Buffer
	err := request.Execute(&body, map[string]any{"User": a.Get("username") + "@" + a.Get("tenant"), "Password": a.Get("password"), "Version": a.Get("version"),
		"System": a.Get("integrationSystemId"), "Worker": worker, "Day": day, "Entered": r.entered, "Page": page,
		"Personal":      r.wants("firstName", "lastName", "displayName", "preferredName", "email", "personalEmail", "workPhone", "mobilePhone", "birthDate", "gender"),
		"Organizations": r.wants("department", "departmentId", "division", "costCenter", "legalEntity"), "Managers": r.wants("managerId", "managerEmail")})
	if err != nil {
		return nil, fmt.Errorf("write a request: %w", err)
	}
	got, err := r.Client.Do(ctx, http.MethodPost, manifest.Fill("/ccx/service/{tenant}/Human_Resources/{version}", a), nil, body.Bytes(), nil,
		rest.Repeatable(), rest.Header("Content-Type", "text/xml; charset=utf-8"), rest.Header("Accept", "text/xml"))
	if err != nil {
		return nil, err
	}
	tree, err := manifest.XML(got.Body, r.needless()...)
	answer, ok := manifest.At(tree, "Envelope.Body.Get_Workers_Response")
	if err != nil || !ok {
		return nil, &core.Problem{Code: core.BadData, Cause: err, What: "An answer of Workday is not what Get_Workers answers.",
			Fix: "Check the host, and whether a sign-in page stands between. If they are right, try again, and send us the log if it happens twice."}
	}
	return answer, nil
}

// needless are elements that no row is made of: a third of a worker is references to what he
// also comes with by name.
func (r reading) needless() []string {
	if r.raw() {
		return nil
	}
	names := []string{"Organization_Reference", "Manager", "Position_Reference", "Position_Time_Type_Reference", "Job_Profile_Summary_Data",
		"Location_Reference", "Location_Type_Reference", "Country_Region_Reference"}
	if r.Want.Fields != nil && !r.wantsLike("custom.") {
		names = append(names, "Integration_Field_Override_Data")
	}
	return names
}

// wants says that a reading needs one of the fields, or a path of the worker itself.
func (r reading) wants(fields ...string) bool {
	return r.Want.Fields == nil || r.raw() || slices.ContainsFunc(fields, func(id string) bool { return slices.Contains(r.Want.Fields, id) })
}

// raw says that paths of the worker itself are wanted.
func (r reading) raw() bool { return r.wantsLike(core.RawPrefix) }

// wantsLike says that fields whose ids begin so are asked for by name.
func (r reading) wantsLike(prefix string) bool {
	return slices.ContainsFunc(r.Want.Fields, func(id string) bool { return strings.HasPrefix(id, prefix) })
}

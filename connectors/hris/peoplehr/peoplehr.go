// Package peoplehr reads Access PeopleHR.
package peoplehr

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var text []byte

var vendor = manifest.Must(text)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source of complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Client: listen, Rows: rows, Values: values, Fields: fields}, a, env)
}

// Statuses of an answer's body.
const (
	keyMissing json.Number = "1"
	keyWrong   json.Number = "2"
	notAllowed json.Number = "5"
	wentWrong  json.Number = "6"
	noRecords  json.Number = "10" // is no fault
)

// listen makes the status that a body tells into that of HTTP, which is always 200.
func listen(cfg *rest.Config, _ core.Answers, _ core.Env) error {
	cfg.Explain = func(a *rest.Answer) *core.Problem {
		var said struct {
			IsError bool
			Status  json.Number
		}
		_ = json.Unmarshal(a.Body, &said) // what is no JSON says nothing here, and is told of later
		if a.Status != http.StatusOK || !said.IsError {
			return nil
		}
		switch said.Status {
		case keyMissing, keyWrong:
			a.Status = http.StatusUnauthorized
		case notAllowed:
			a.Status = http.StatusForbidden
		case wentWrong:
			a.Status = http.StatusServiceUnavailable
			a.Header.Set("Retry-After", "5")
		case noRecords:
		default:
			a.Status = http.StatusBadRequest
		}
		return nil
	}
	return nil
}

// rows reads everybody. Older accounts tell of a manager by name alone, so all names are
// known before the first row is given.
func rows(ctx context.Context, r manifest.Pull) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		people, err := list(ctx, r)
		if err != nil {
			yield(nil, err)
			return
		}
		ids := idsByName(people)
		for _, raw := range people {
			row := read(raw)
			if id := ids[joined(shown(row["ReportsTo"]))]; id != "" {
				row["managerByName"] = id
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

func list(ctx context.Context, r manifest.Pull) ([]json.RawMessage, error) {
	body := map[string]string{}
	for name, value := range vendor.People.Body {
		body[name] = manifest.Fill(fmt.Sprint(value), r.Answers)
	}
	var answer struct {
		Status json.Number
		Result *[]json.RawMessage
	}
	_, err := r.Client.Do(ctx, http.MethodPost, vendor.People.Post, nil, body, &answer, rest.Repeatable())
	switch {
	case err != nil:
		return nil, err
	case answer.Result != nil:
		return *answer.Result, nil
	case answer.Status == noRecords:
		return nil, nil
	}
	return nil, &core.Problem{Code: core.BadData, What: "An answer of " + vendor.Name + " cannot be read: it holds no list of people.",
		Fix: "Try again, and send us the log if it happens twice."}
}

// read decodes a row; numbers stay as they were written.
func read(raw json.RawMessage) map[string]any {
	row := map[string]any{}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	_ = d.Decode(&row) // it is JSON, and what is no object is a person without anything, whom the kit refuses
	return row
}

// idsByName gives the person who alone has a name; nobody where several have it.
func idsByName(people []json.RawMessage) map[string]string {
	ids := map[string]string{}
	for _, raw := range people {
		row := read(raw)
		name := joined(shown(row["FirstName"]) + " " + shown(row["LastName"]))
		if _, twice := ids[name]; twice || name == "" {
			ids[name] = ""
			continue
		}
		ids[name] = vendor.Value("externalId", row)
	}
	return ids
}

func joined(name string) string { return strings.Join(strings.Fields(name), " ") }

// shown gives the text of a field, which is an object or a plain text.
func shown(field any) string {
	if value, ok := manifest.At(field, "DisplayValue"); ok {
		field = value
	}
	return manifest.Text(field)
}

// values are the company's columns, the ID that is the employee number, and the photo
// where it is an address.
func values(p manifest.Person) map[string]any {
	own := map[string]any{}
	for i := range columns {
		own[column(i)] = shown(p.Row[columnKey(i)])
	}
	if id := p.Answers.Get("employeeNumber"); id != "EmployeeId" {
		number, _ := manifest.At(p.Row, "EmploymentDetail."+id)
		own["employeeNumber"] = shown(number)
	}
	if photo := vendor.Value("photoUrl", p.Row); !strings.HasPrefix(photo, "https://") {
		own["photoUrl"] = nil
	}
	return own
}

// columns is how many columns a company can choose for its record.
const columns = 5

func columnKey(i int) string { return fmt.Sprintf("APIColumn%d", i+1) }
func column(i int) string    { return "custom." + columnKey(i) }

func fields(context.Context, *rest.Client, core.Answers) ([]core.Field, error) {
	var all []core.Field
	for i := range columns {
		all = append(all, core.Field{ID: column(i), Label: fmt.Sprintf("API column %d", i+1), Custom: true})
	}
	return all, nil
}

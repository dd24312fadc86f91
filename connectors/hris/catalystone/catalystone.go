// Package catalystone reads CatalystOne, whose employees are tables of numbered fields. The
// numbers from 1000 on differ from account to account; here they are known by their names.
package catalystone

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var description []byte

var vendor = manifest.Must(description)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes a source that reads one account. A line of fieldNames that cannot be
// understood is a BadOption problem.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	known := maps.Clone(usual)
	return manifest.NewOwn(vendor, manifest.Own{
		Client: func(_ *rest.Config, a core.Answers, _ core.Env) error { return name(known, a.Get("fieldNames")) },
		Rows:   rows,
		Row:    func(p manifest.Person) bool { return tidy(p.Row, known) },
	}, a, env)
}

// usual are the names, in small letters, of fields that accounts have of their own; those
// with an empty field are of no use here.
var usual = map[string]string{
	"legal entity": "legalEntity", "company mobile phone": "mobilePhone", "private e-mail": "personalEmail", "employment type": "employmentType",
	"office - address": "office", "cost center": "costCenter", "department name": "department", "department number": "departmentId",
	"actual last working day": "", "reason for leaving": "",
}

// name adds the names that a person gave, a line each: costCenter = Kostnadsställe.
func name(known map[string]string, lines string) error {
	for line := range strings.Lines(lines) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		field, theirs, ok := strings.Cut(line, "=")
		field, theirs = strings.TrimSpace(field), strings.ToLower(strings.TrimSpace(theirs))
		if !ok || theirs == "" || field == "" || !slices.Contains(slices.Collect(maps.Values(usual)), field) {
			return &core.Problem{Code: core.BadOption, What: fmt.Sprintf("The line %q of %s names no field that it can name.", line, vendor.Name),
				Fix: "Write it like: costCenter = Kostnadsställe."}
		}
		known[theirs] = field
	}
	return nil
}

// margin is taken off the time since which people changed, for clocks that differ.
const margin = 5 * time.Minute

// rows yields each person once: of somebody with two profiles the primary one, else the
// first. Rows wait as text, which is much smaller than what is made of it.
func rows(ctx context.Context, r manifest.Pull) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		var texts [][]byte
		at := map[string]int{}
		call := vendor.People.Call
		if since := r.Want.Since; !since.IsZero() {
			call.Query = maps.Clone(call.Query)
			call.Query["modifiedSince"] = since.Add(-margin).UTC().Format("2006-01-02T15:04:05.000Z")
		}
		for row, err := range r.List(ctx, call, nil, "") {
			var data []byte
			if err == nil {
				data, err = json.Marshal(row)
			}
			id := manifest.TextAt(row, "guid")
			if err == nil && id == "" {
				err = &core.Problem{Code: core.BadData, What: vendor.Name + " gave an employee without a guid.", Fix: "Read again, and send us the log if it happens twice."}
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if i, twice := at[id]; !twice {
				at[id] = len(texts)
				texts = append(texts, data)
			} else if primary := strings.ToLower(manifest.TextAt(row, "field.45.data.value")); primary == "yes" || primary == "true" {
				texts[i] = data
			}
		}
		for i, data := range texts {
			var row any
			d := json.NewDecoder(bytes.NewReader(data))
			d.UseNumber()
			err := d.Decode(&row)
			texts[i] = nil
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// secret are parts of names of fields that nobody may see.
var secret = []string{"password", "lösenord", "passord", "adgangskode", "national id"}

// tidy puts the fields that are known by name, the days and all other fields from 1000 on
// into a row, and takes out what nobody may see.
func tidy(row map[string]any, known map[string]string) bool {
	fields, _ := row["field"].(map[string]any)
	named, customs := map[string]any{}, []any{}
	for _, number := range slices.SortedFunc(maps.Keys(fields), numerically) {
		label := manifest.TextAt(fields[number], "name")
		lower := strings.ToLower(label)
		if number == "22" || slices.ContainsFunc(secret, func(part string) bool { return strings.Contains(lower, part) }) {
			delete(fields, number)
			continue
		}
		if n, err := strconv.Atoi(number); err != nil || n < 1000 {
			continue
		}
		value := manifest.TextAt(fields[number], "data.value")
		if strings.EqualFold(manifest.TextAt(fields[number], "type"), "date") {
			value = day(value)
		}
		field, ours := known[lower]
		switch {
		case !ours:
			customs = append(customs, map[string]any{"key": number, "label": label, "value": value})
		case field != "" && manifest.TextAt(named, field) == "":
			named[field] = value
		}
	}
	for field, number := range map[string]string{"birthDate": "21", "startDate": "37", "endDate": "38"} {
		named[field] = day(manifest.TextAt(fields[number], "data.value"))
	}
	status := strings.ToLower(manifest.TextAt(fields["49"], "data.value"))
	row["onLeave"] = strings.Contains(status, "leave") && !strings.Contains(status, "leaver")
	row["named"], row["customs"] = named, customs
	return true
}

// numerically orders numbers that are written as texts.
func numerically(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// day gives a day as YYYY-MM-DD, of that form or 31.12.2026, with or without a time.
func day(value string) string {
	date, _, _ := strings.Cut(value, " ")
	if t, err := time.Parse("2.1.2006", date); err == nil {
		return t.Format(time.DateOnly)
	}
	return manifest.Day(value)
}

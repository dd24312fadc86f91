// Package deel reads workers from Deel. Code is needed for e-mail addresses, of which
// those without a value do not count, for phone numbers that come in two parts, and for
// leave that covers the day of reading.
package deel

import (
	"cmp"
	"context"
	_ "embed"
	"slices"
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

// NewSource makes the source of one organization from complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Row: complete, Values: own, Fields: ownFields}, a, env)
}

// complete puts together what a worker's record holds in parts.
func complete(p manifest.Person) bool {
	if manifest.TextAt(p.Row, "hiring_status") == "" {
		p.Row["hiring_status"] = p.Row["new_hiring_status"]
	}
	personal, _ := p.Row["personal"].(map[string]any)
	if from, to := manifest.Day(manifest.TextAt(personal, "ooo.start_date")), manifest.Day(manifest.TextAt(personal, "ooo.end_date")); manifest.Before(p.Today, from) || manifest.Before(to, p.Today) {
		delete(personal, "ooo")
	}
	email, private := addresses(listAt(p.Row, "emails"), personal)
	made := map[string]any{
		"preferredName": strings.TrimSpace(manifest.TextAt(p.Row, "preferred_first_name") + " " + manifest.TextAt(p.Row, "preferred_last_name")),
		"email":         email,
		"personalEmail": private,
		"legalEntity":   p.Names["entities"][manifest.TextAt(p.Row, "client_legal_entity.id")],
	}
	for _, phone := range listAt(personal, "phone_numbers") {
		number := manifest.TextAt(phone, "phone_number")
		if code := strings.TrimPrefix(manifest.TextAt(phone, "dial_code"), "+"); code != "" && number != "" && !strings.HasPrefix(number, "+") {
			number = "+" + code + number
		}
		field := map[string]string{"WORK": "workPhone", "PERSONAL": "mobilePhone"}[strings.ToUpper(manifest.TextAt(phone, "type"))]
		if made[field] == nil && number != "" {
			made[field] = number
		}
	}
	p.Row["made"] = made
	return true
}

// addresses gives the work address and the private one. One that is not said to be for
// work stands for it only where it is not the private one.
func addresses(emails []any, personal map[string]any) (work, private string) {
	private = cmp.Or(first(emails, is("personal")), manifest.TextAt(personal, "personal_email"))
	others := slices.DeleteFunc(slices.Clone(emails), func(e any) bool { return strings.EqualFold(manifest.TextAt(e, "value"), private) })
	work = cmp.Or(first(emails, is("work")), first(others, is("primary"), func(kind string) bool { return kind != "personal" }))
	if said := manifest.TextAt(personal, "work_email"); work == "" && !strings.EqualFold(said, private) {
		work = said
	}
	return work, private
}

func listAt(row any, path string) []any {
	found, _ := manifest.At(row, path)
	return manifest.Several(found)
}

func is(kind string) func(string) bool { return func(k string) bool { return k == kind } }

// first gives the first value of the first kind that has one.
func first(entries []any, kinds ...func(string) bool) string {
	for _, kind := range kinds {
		for _, e := range entries {
			if value := manifest.TextAt(e, "value"); value != "" && kind(strings.ToLower(manifest.TextAt(e, "type"))) {
				return value
			}
		}
	}
	return ""
}

// own gives two parts of the record that are no canonical fields.
func own(p manifest.Person) map[string]any {
	return map[string]any{"custom.worker_id": p.Row["worker_id"], "custom.seniority": p.Row["seniority"]}
}

func ownFields(context.Context, *rest.Client, core.Answers) ([]core.Field, error) {
	return []core.Field{{ID: "custom.worker_id", Label: "Worker ID", Custom: true}, {ID: "custom.seniority", Label: "Seniority", Custom: true}}, nil
}

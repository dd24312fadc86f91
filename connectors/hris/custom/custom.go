// Package custom reads people from an API that a person describes in the window. The
// description becomes a manifest like those of the vendors that Rollcall knows, so it can
// do what they can, and can be given to somebody else.
package custom

import (
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

//go:embed manifest.yaml
var text []byte

var form = manifest.Must(text)

// Spec gives the card and the form.
func Spec() core.Spec { return form.Spec }

// NewSource makes the source that complete answers describe. A description that cannot be
// used is a BadOption problem that names what is wrong with it.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	written, err := Manifest(a)
	if err != nil {
		return nil, err
	}
	m, err := manifest.Read(written)
	if err != nil {
		return nil, unusable(err)
	}
	if !m.Described() {
		return nil, unusable(errors.New("it does not say how people are read"))
	}
	return manifest.NewSource(m, a, env)
}

func unusable(err error) error {
	why := strings.TrimPrefix(err.Error(), "manifest: ")
	return &core.Problem{Code: core.BadOption, Cause: err, What: fmt.Sprintf("The description of the API cannot be used: %s.", strings.TrimSuffix(why, ".")),
		Fix: "Correct it in the settings of the connection. docs/connectors/custom.md shows a description that works."}
}

// Manifest gives the description as a manifest. Credentials stand in it as the names of
// the questions that ask for them, never as what was answered.
func Manifest(a core.Answers) ([]byte, error) {
	if a.Get("how") == "manifest" {
		return []byte(a.Get("manifest")), nil
	}
	fields, err := fieldsOf(a)
	if err != nil {
		return nil, err
	}
	path, query, err := pathOf(a)
	if err != nil {
		return nil, err
	}
	people := yaml.MapSlice{{Key: "get", Value: path}}
	people = given(people, "query", query)
	people = given(people, "list", a.Get("rows"))
	people = given(people, "total", a.Get("totalPath"))
	people = given(people, "page", pageOf(a))
	people = append(people,
		yaml.MapItem{Key: "fields", Value: fields},
		yaml.MapItem{Key: "custom", Value: map[string]any{"rest": true, "flat": true}},
		yaml.MapItem{Key: "status", Value: statusOf(a)})
	whole := yaml.MapSlice{
		{Key: "id", Value: form.ID}, {Key: "name", Value: form.Name}, {Key: "category", Value: string(form.Category)},
		{Key: "description", Value: "People of " + a.Get("baseUrl") + "."}, {Key: "colour", Value: form.Colour}, {Key: "source", Value: true},
		{Key: "base", Value: a.Get("baseUrl")},
	}
	whole = given(whole, "auth", authOf(a))
	if u, err := url.Parse(a.Get("tokenUrl")); err == nil && u.Host != "" {
		whole = append(whole, yaml.MapItem{Key: "hosts", Value: []string{u.Host}})
	}
	whole = append(whole, yaml.MapItem{Key: "people", Value: people})
	written, err := yaml.Marshal(whole)
	if err != nil {
		return nil, fmt.Errorf("write a manifest: %w", err)
	}
	return written, nil
}

// given adds what is not empty.
func given[T any](to yaml.MapSlice, key string, value T) yaml.MapSlice {
	if text := fmt.Sprint(value); text == "" || text == "map[]" || text == "[]" {
		return to
	}
	return append(to, yaml.MapItem{Key: key, Value: value})
}

func pathOf(a core.Answers) (path string, query map[string]string, err error) {
	u, err := url.Parse(a.Get("listPath"))
	if err != nil || u.Host != "" {
		return "", nil, &core.Problem{Code: core.BadOption, Cause: err, What: fmt.Sprintf("%q is not the path of a list of employees.", a.Get("listPath")),
			Fix: "Give what follows the address of the API, as in /employees?include=inactive."}
	}
	query = map[string]string{}
	for name, values := range u.Query() {
		query[name] = values[0]
	}
	return u.Path, query, nil
}

// fieldsOf reads the lines “name: path”.
func fieldsOf(a core.Answers) (map[string]any, error) {
	fields := map[string]any{"externalId": a.Get("idPath")}
	for i, line := range strings.Split(a.Get("fields"), "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, path, ok := strings.Cut(line, ":")
		name, path = strings.TrimSpace(name), strings.TrimSpace(path)
		f, known := core.CanonicalField(name)
		if !ok || path == "" || !known {
			return nil, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("Line %d of “Fields” of %s, %q, does not name one of Rollcall's fields and a path.", i+1, form.Name, line),
				Fix: "Write it as in firstName: name.first. Rollcall's names are: " + names() + "."}
		}
		fields[name] = path
		if f.Kind == core.Date {
			fields[name] = map[string]any{"from": path, "as": "date"}
		}
	}
	return fields, nil
}

func names() string {
	var all []string
	for _, f := range core.Canonical {
		all = append(all, f.ID)
	}
	return strings.Join(all, ", ")
}

func authOf(a core.Answers) map[string]any {
	switch a.Get("auth") {
	case "bearer":
		return map[string]any{"bearer": "{token}"}
	case "header":
		return map[string]any{"header": map[string]any{a.Get("headerName"): "{headerValue}"}}
	case "basic":
		return map[string]any{"basic": map[string]any{"user": "{user}", "password": "{password}"}}
	case "oauth":
		sent := map[string]any{"grant_type": "client_credentials", "client_id": "{clientId}", "client_secret": "{clientSecret}"}
		if scope := a.Get("scope"); scope != "" {
			sent["scope"] = scope
		}
		return map[string]any{"token": map[string]any{"post": a.Get("tokenUrl"), "form": sent, "token": "access_token", "expires": "expires_in"}}
	}
	return nil
}

func pageOf(a core.Answers) map[string]any {
	page := map[string]any{}
	first, _ := strconv.Atoi(a.Get("firstPage")) // its pattern allows digits alone
	switch a.Get("paging") {
	case "page":
		page["number"] = map[string]any{"param": a.Get("pageParam"), "first": first}
	case "offset":
		page["offset"] = map[string]any{"param": a.Get("pageParam"), "first": first}
	case "cursor":
		page["cursor"] = map[string]any{"param": a.Get("pageParam"), "from": a.Get("nextPath")}
	case "link":
		page["link"] = map[string]any{"from": a.Get("nextPath")}
	}
	if param := a.Get("sizeParam"); param != "" && len(page) > 0 {
		size, _ := strconv.Atoi(a.Get("size")) // as above
		page["size"] = map[string]any{"param": param, "is": size}
	}
	return page
}

// statusOf gives the rules: who has left by his date, or has not begun by it, is told
// apart before his word counts.
func statusOf(a core.Answers) []any {
	rules := []any{
		map[string]any{"is": core.StatusTerminated, "past": "endDate"},
		map[string]any{"is": core.StatusFuture, "ahead": "startDate"},
	}
	path := a.Get("statusPath")
	if path == "" {
		return append(rules, map[string]any{"is": core.StatusActive})
	}
	for _, of := range []struct{ status, option string }{
		{core.StatusTerminated, "leftWords"}, {core.StatusFuture, "futureWords"}, {core.StatusOnLeave, "leaveWords"}, {core.StatusActive, "activeWords"},
	} {
		var words []string
		for _, word := range strings.Split(a.Get(of.option), ",") {
			if word = strings.TrimSpace(word); word != "" {
				words = append(words, word)
			}
		}
		if len(words) > 0 {
			rules = append(rules, map[string]any{"is": of.status, "where": map[string]any{path: words}})
		}
	}
	return rules
}

// Package cezannehr reads people from Cezanne HR. It is code for what the manifest cannot
// say: answers come in the envelope of OData 2 or 3, names of properties in any case, a
// person in a row for each employment, and his supervisor by name alone.
package cezannehr

import (
	"cmp"
	"context"
	_ "embed"
	"iter"
	"net/url"
	"slices"
	"strconv"
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

// NewSource makes the source of one customer from complete answers.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	return manifest.NewOwn(vendor, manifest.Own{Client: client, Rows: rows}, a, env)
}

// client lets the token's address be on a host of its own.
func client(cfg *rest.Config, a core.Answers, _ core.Env) error {
	if u, err := url.Parse(a.Get("tokenUrl")); err == nil && u.Host != "" {
		cfg.Hosts = append(cfg.Hosts, u.Host)
	}
	return nil
}

// rows gives one row a person, of the employment that counts.
func rows(ctx context.Context, p manifest.Pull) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		var ids []string
		people := map[string][]map[string]any{}
		for row, err := range employments(p.Client).All(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			id := vendor.Value("externalId", row)
			if people[id] == nil {
				ids = append(ids, id)
			}
			people[id] = append(people[id], row)
			if p.Trial {
				break
			}
		}
		called := names(people)
		for _, id := range ids {
			row := current(people[id], p.Today)
			if found := called[folded(textAt(row, "SUPERVISOR"))]; len(found) == 1 && found[0] != id {
				row["supervisorId"] = found[0]
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

const pageSize = 500

func employments(c *rest.Client) rest.List[map[string]any] {
	linked := false
	return rest.List[map[string]any]{Vendor: vendor.Name, Noun: "employments",
		Fetch: func(ctx context.Context, at string) (rest.Page[map[string]any], error) {
			page, link, err := fetch(ctx, c, at)
			linked = linked || link != ""
			if page.Next = link; !linked && len(page.Rows) >= pageSize {
				skip, _ := strconv.Atoi(at) // our own text
				page.Next = strconv.Itoa(skip + len(page.Rows))
			}
			return page, err
		},
		ID: func(row map[string]any) string {
			if textAt(row, "PERSONID") == "" {
				return ""
			}
			return strings.Join([]string{textAt(row, "PERSONID"), textAt(row, "EMPLOYMENTID"), textAt(row, "EFFECTIVEFROM")}, "\x1f")
		}}
}

// envelope is how OData 2, 3 and 4 wrap a list.
type envelope struct {
	Value []map[string]any `json:"value"`
	Next3 string           `json:"odata.nextLink"`
	Next4 string           `json:"@odata.nextLink"`
	D     struct {
		Results []map[string]any `json:"results"`
		Next    string           `json:"__next"`
	} `json:"d"`
}

// fetch reads the page at a link, or after so many rows.
func fetch(ctx context.Context, c *rest.Client, at string) (page rest.Page[map[string]any], next string, err error) {
	path, query := "/allpeoplesearch", url.Values{"$format": {"json"}, "$top": {strconv.Itoa(pageSize)}}
	if link, err := url.Parse(at); err == nil && at != "" && !isNumber(at) {
		query = link.Query()
		query.Set("$format", "json")
		if strings.HasPrefix(link.Path, "/") { // else it is said from the service's address on
			path = c.Local(link.EscapedPath())
		}
	} else if at != "" {
		query.Set("$skip", at)
	}
	var answer envelope
	if _, err := c.Get(ctx, path, query, &answer); err != nil {
		return page, "", err
	}
	if answer.Value == nil && answer.D.Results == nil {
		return page, "", &core.Problem{Code: core.BadData, What: "An answer of Cezanne HR holds no list of people.",
			Fix: "Try again later, and send us the log if it happens twice."}
	}
	page.Total = -1
	for _, row := range append(answer.Value, answer.D.Results...) {
		page.Rows = append(page.Rows, named(row))
	}
	return page, cmp.Or(answer.Next3, answer.Next4, answer.D.Next), nil
}

func isNumber(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}

// known are the properties that the manifest or the code looks at.
var known = func() map[string]bool {
	all := map[string]bool{"EMPLOYMENTID": true, "SUPERVISOR": true, "PRIMARYEMPLOYMENT": true, "ACTIVEEMPLOYEE": true, "THUMBNAIL": true}
	for _, from := range vendor.People.Fields {
		for _, path := range from.Paths {
			all[path] = true
		}
	}
	for _, path := range vendor.People.Drop {
		all[path] = true
	}
	return all
}()

// named gives a row with known properties as the manifest writes them, and without an end
// that is none.
func named(row map[string]any) map[string]any {
	made := map[string]any{}
	for name, value := range row {
		if upper := strings.ToUpper(name); known[upper] {
			name = upper
		}
		made[name] = value
	}
	if end := vendor.Value("endDate", made); end >= "2900" {
		delete(made, "EFFECTIVETO")
	}
	return made
}

// names gives the ids of the people who are called so.
func names(people map[string][]map[string]any) map[string][]string {
	all := map[string][]string{}
	for id, rows := range people {
		for _, row := range rows {
			name := folded(cmp.Or(textAt(row, "FORMATTEDNAME"), textAt(row, "GIVENNAME")+" "+textAt(row, "FAMILYNAME")))
			if name != "" && !slices.Contains(all[name], id) {
				all[name] = append(all[name], id)
			}
		}
	}
	return all
}

func folded(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// current gives the primary employment that holds today, else another that does, else the
// next one, else the one that ended last.
func current(rows []map[string]any, today string) map[string]any {
	return slices.MaxFunc(rows, func(a, b map[string]any) int {
		rankA, dayA := rank(a, today)
		rankB, dayB := rank(b, today)
		if order := cmp.Compare(rankA, rankB); order != 0 || rankA != ahead {
			return cmp.Or(order, cmp.Compare(dayA, dayB))
		}
		return cmp.Compare(dayB, dayA)
	})
}

const (
	ended = iota
	ahead
	beside
	primary
)

func rank(row map[string]any, today string) (rank int, day string) {
	start, end := vendor.Value("startDate", row), vendor.Value("endDate", row)
	switch {
	case manifest.Before(today, start):
		return ahead, start
	case manifest.Before(end, today):
		return ended, end
	case slices.Contains([]string{"1", "true"}, textAt(row, "PRIMARYEMPLOYMENT")):
		return primary, start
	}
	return beside, start
}

func textAt(row map[string]any, name string) string { return manifest.Text(row[name]) }

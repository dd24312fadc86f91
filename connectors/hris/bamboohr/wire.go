package bamboohr

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

type datasets struct {
	Datasets []struct {
		Name string `json:"name"`
	} `json:"datasets"`
}

// query is the body of the dataset call. The links of an answer cannot be followed: the
// same POST is sent again with the next page.
type query struct {
	Fields   []string `json:"fields"`
	OrderBy  string   `json:"orderBy"`
	Page     int      `json:"page"`
	PageSize int      `json:"pageSize"`
}

func (s *Source) page(ctx context.Context, names []string, size int, at string) (rest.Page[any], error) {
	number, err := strconv.Atoi(at)
	if err != nil {
		return rest.Page[any]{}, err
	}
	q := query{Fields: names, OrderBy: "eeid asc", Page: number, PageSize: size}
	var answer json.RawMessage
	if _, err := s.client.Do(ctx, http.MethodPost, "/v2/datasets/employee/data", nil, q, &answer, rest.Repeatable()); err != nil {
		return rest.Page[any]{}, err
	}
	rows, outside, err := manifest.Split(answer, "data")
	if err != nil {
		return rest.Page[any]{}, &core.Problem{Code: core.BadData, Cause: err, What: "An answer of BambooHR cannot be read: it holds no list of employees.",
			Fix: "Try again, and send us the log if it happens twice."}
	}
	page := rest.Page[any]{Total: told(outside, "meta.totalItems", -1)}
	for _, raw := range rows {
		page.Rows = append(page.Rows, manifest.Tree(raw))
	}
	last := told(outside, "meta.totalPages", 0)
	if _, says := manifest.At(outside, "meta.totalPages"); says {
		last = max(1, last)
	}
	page.Next = rest.NextPage(at, len(page.Rows), last)
	return page, nil
}

// told gives a number in an answer.
func told(answer any, path string, otherwise int) int {
	found, _ := manifest.At(answer, path)
	if n, err := strconv.Atoi(manifest.Text(found)); err == nil {
		return n
	}
	return otherwise
}

// margin is taken off the time since which changes are asked for: clocks differ.
const margin = 5 * time.Minute

// changed gives the ids of those who changed since a time; nil where no time is given. Only
// the list of everybody tells the rest of them.
func (s *Source) changed(ctx context.Context, since time.Time) (map[string]bool, error) {
	if since.IsZero() {
		return nil, nil
	}
	var answer struct {
		Employees json.RawMessage `json:"employees"`
	}
	q := url.Values{"since": {since.Add(-margin).UTC().Format(time.RFC3339)}}
	if _, err := s.client.Get(ctx, "/v1/employees/changed", q, &answer); err != nil {
		return nil, err
	}
	byID := map[string]json.RawMessage{}
	if json.Unmarshal(answer.Employees, &byID) != nil && strings.TrimSpace(string(answer.Employees)) != "[]" { // which PHP makes of an empty object
		return nil, &core.Problem{Code: core.BadData, What: "An answer of BambooHR cannot be read: it does not say who has changed.",
			Fix: "Try again, and send us the log if it happens twice."}
	}
	ids := map[string]bool{}
	for id := range byID {
		ids[id] = true
	}
	return ids, nil
}

// catalogue is the list of the account's fields, by name; nil where it cannot be read.
type catalogue []entry

type entry struct {
	Name  string `json:"name"`
	Label string `json:"label"`
}

type cataloguePage struct {
	Pagination struct {
		Next any `json:"next_page"`
	} `json:"pagination"`
	Fields []entry `json:"fields"`
}

// catalogue reads the list of fields; one that is not there or not allowed is nil.
func (s *Source) catalogue(ctx context.Context) (*catalogue, error) {
	list := rest.List[entry]{Vendor: vendor.Name, Noun: "fields", First: "1", Fetch: s.cataloguePage, ID: func(e entry) string { return e.Name }}
	all := catalogue{}
	for e, err := range list.All(ctx) {
		if manifest.Absent(err) {
			if s.env.Log != nil {
				s.env.Log.Warn("the list of fields cannot be read, so only the usual fields are asked for", "vendor", vendor.Name)
			}
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return &all, nil
}

func (s *Source) cataloguePage(ctx context.Context, at string) (rest.Page[entry], error) {
	var answer cataloguePage
	q := url.Values{"page": {at}, "page_size": {"1000"}}
	if _, err := s.client.Get(ctx, "/v1_2/datasets/employee/fields", q, &answer); err != nil {
		return rest.Page[entry]{}, err
	}
	page := rest.Page[entry]{Rows: answer.Fields, Total: -1}
	if answer.Pagination.Next != nil {
		page.Next = rest.NextPage(at, len(page.Rows), 0)
	}
	return page, nil
}

// rare are fields that an account may lack; without a catalogue they are not asked for,
// because an unknown name spoils the whole call.
var rare = []string{"name", "teams", "departmentNumber", "employeePhoto"}

// choose gives those of the names that the account has.
func (c *catalogue) choose(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		if c == nil {
			return slices.Contains(rare, name)
		}
		return name != "eeid" && !slices.ContainsFunc(*c, func(e entry) bool { return e.Name == name })
	})
}

func (c *catalogue) custom() []core.Field {
	if c == nil {
		return nil
	}
	var fields []core.Field
	for _, e := range *c {
		if isCustom(e.Name) {
			fields = append(fields, core.Field{ID: "custom." + e.Name, Label: strings.TrimSpace(html.UnescapeString(e.Label)), Custom: true})
		}
	}
	return fields
}

// company gives the legal name of the account.
func (s *Source) company(ctx context.Context) (string, error) {
	var answer struct {
		LegalName string `json:"legalName"`
	}
	_, err := s.client.Get(ctx, "/v1/company_information", nil, &answer)
	return html.UnescapeString(answer.LegalName), err
}

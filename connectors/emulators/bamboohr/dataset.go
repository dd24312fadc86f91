package bamboohr

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	defaultPage = 100
	largestPage = 1000
)

// query is the body of the dataset call.
type query struct {
	Fields   []string `json:"fields"`
	Filter   string   `json:"filter"`
	OrderBy  string   `json:"orderBy"`
	Page     *int     `json:"page"`
	PageSize *int     `json:"pageSize"`
}

// flaw is what is wrong with a query.
type flaw struct {
	status        int
	field, detail string
}

func (e *emulator) data(w http.ResponseWriter, r *http.Request) {
	q, wrong := parseQuery(r)
	if wrong == nil {
		wrong = q.check()
	}
	if wrong != nil {
		refuse(w, r, wrong.status, wrong.detail, map[string]string{wrong.field: wrong.detail})
		return
	}
	people, wrong := q.choose(e.Living())
	if wrong != nil {
		refuse(w, r, wrong.status, wrong.detail, map[string]string{wrong.field: wrong.detail})
		return
	}
	e.sort(people, q.OrderBy)
	answer(w, e.page(people, q))
}

func parseQuery(r *http.Request) (query, *flaw) {
	var q query
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		return q, &flaw{400, "body", "The content type has to be application/json."}
	}
	body := json.NewDecoder(r.Body)
	body.DisallowUnknownFields()
	if err := body.Decode(&q); err != nil {
		return q, &flaw{400, "body", "The body is not valid: " + err.Error()}
	}
	return q, nil
}

func (q query) check() *flaw {
	if len(q.Fields) == 0 {
		return &flaw{400, "fields", "fields is required."}
	}
	for _, name := range q.Fields {
		if _, ok := named(name); !ok {
			return &flaw{400, "fields", fmt.Sprintf("Unknown field %q.", name)}
		}
	}
	if q.Page != nil && (*q.Page < 1 || *q.Page > math.MaxInt32) {
		return &flaw{422, "page", "page counts from 1."}
	}
	if q.PageSize != nil && (*q.PageSize < 1 || *q.PageSize > largestPage) {
		return &flaw{422, "pageSize", "pageSize lies between 1 and 1000."}
	}
	return q.checkOrder()
}

var order = regexp.MustCompile(`^(\w+)(?: (asc|desc))?$`)

func (q query) checkOrder() *flaw {
	if q.OrderBy == "" {
		return nil
	}
	parts := order.FindStringSubmatch(q.OrderBy)
	if parts == nil || !slices.Contains(q.Fields, parts[1]) {
		return &flaw{422, "orderBy", "orderBy is a field of the query, with asc or desc."}
	}
	return nil
}

var condition = regexp.MustCompile(`^(\w+) (eq|ne|gt|ge|lt|le) '([^']*)'$`)

// choose keeps the people whom the filter lets pass. Of the filter language, only one comparison is understood.
func (q query) choose(people []seed.Employee) ([]seed.Employee, *flaw) {
	if q.Filter == "" {
		return people, nil
	}
	parts := condition.FindStringSubmatch(q.Filter)
	if parts == nil {
		return nil, &flaw{422, "filter", "The filter expression is not valid."}
	}
	f, ok := named(parts[1])
	if !ok {
		return nil, &flaw{422, "filter", "The filter names an unknown field."}
	}
	return slices.DeleteFunc(people, func(e seed.Employee) bool { return !holds(cmp.Compare(f.of(e), parts[3]), parts[2]) }), nil
}

func holds(sign int, operator string) bool {
	switch operator {
	case "eq":
		return sign == 0
	case "ne":
		return sign != 0
	case "gt":
		return sign > 0
	case "ge":
		return sign >= 0
	case "lt":
		return sign < 0
	}
	return sign <= 0
}

// sort puts people in the asked order. Without one, every other call has another order: the API promises none.
func (e *emulator) sort(people []seed.Employee, by string) {
	if by == "" {
		if e.calls.Add(1)%2 == 0 {
			slices.Reverse(people)
		}
		return
	}
	parts := order.FindStringSubmatch(by)
	f, _ := named(parts[1])
	slices.SortStableFunc(people, func(a, b seed.Employee) int { return compare(f, a, b) })
	if parts[2] == "desc" {
		slices.Reverse(people)
	}
}

func compare(f field, a, b seed.Employee) int {
	if f.name == "eeid" {
		return cmp.Compare(a.ID, b.ID)
	}
	return cmp.Compare(f.of(a), f.of(b))
}

func (e *emulator) page(people []seed.Employee, q query) wire.Object {
	number, size := 1, e.PageSize(defaultPage)
	if q.Page != nil {
		number = *q.Page
	}
	if q.PageSize != nil {
		size = e.PageSize(*q.PageSize)
	}
	rows, total := e.Pages.At(people, (number-1)*size, size)
	pages := (total + size - 1) / size
	return wire.Object{
		"data":  e.rows(rows, q.Fields),
		"links": links(number, pages, size),
		"meta":  wire.Object{"page": number, "pageSize": size, "totalPages": pages, "totalItems": total},
	}
}

func (e *emulator) rows(people []seed.Employee, names []string) []any {
	rows := make([]any, 0, len(people))
	for _, person := range people {
		row := wire.Object{}
		for _, f := range e.fields {
			if slices.Contains(names, f.name) {
				f.put(row, person)
			}
		}
		rows = append(rows, wire.Object{"fields": row})
	}
	return rows
}

// links is an empty array where there is no other page.
func links(page, pages, size int) any {
	to := wire.Object{}
	if page < pages {
		to["next"] = link(page+1, size)
	}
	if page > 1 {
		to["prev"] = link(page-1, size)
	}
	if len(to) == 0 {
		return []any{}
	}
	return to
}

func link(page, size int) string {
	return fmt.Sprintf("https://%s.bamboohr.com/api/v2/datasets/employee/data?page=%d&pageSize=%d", company, page, size)
}

func (e *emulator) datasets(w http.ResponseWriter, r *http.Request) {
	answer(w, wire.Object{"datasets": []any{
		wire.Object{"name": "employee", "label": "Employee"}, wire.Object{"name": "job", "label": "Job"},
	}})
}

func (e *emulator) catalogue(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	page, size := number(q.Get("page"), 1), number(q.Get("page_size"), 500)
	if wire.Unknown(q, "page", "page_size") != "" || page < 1 || size < 1 || size > largestPage {
		refuse(w, r, 400, "page or page_size is not valid.", map[string]string{"page_size": "between 1 and 1000"})
		return
	}
	size = e.PageSize(size)
	pages := (len(e.fields) + size - 1) / size
	from := min((page-1)*size, len(e.fields))
	answer(w, wire.Object{
		"name": "employee", "label": "Employee", "fields": entries(e.fields[from:min(from+size, len(e.fields))]),
		"pagination": wire.Object{"total_records": len(e.fields), "current_page": page, "total_pages": pages,
			"next_page": neighbour(page+1, pages), "prev_page": neighbour(page-1, pages)},
	})
}

func entries(fields []field) []any {
	list := make([]any, 0, len(fields))
	for _, f := range fields {
		list = append(list, wire.Object{"name": f.name, "label": f.label, "parentType": "page", "parentName": f.group, "entityName": groups[f.group]})
	}
	return list
}

func neighbour(page, pages int) any {
	if page < 1 || page > pages {
		return nil
	}
	return page
}

// number reads a query parameter; one that is no number, or too large for one, is -1.
func number(text string, missing int) int {
	if text == "" {
		return missing
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return -1
	}
	return int(n)
}

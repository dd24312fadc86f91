package afas

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const usualTake = 100

// query is what a call for rows asks for.
type query struct {
	skip, take int
	order      []string
	keep       func(wire.Object) bool
}

// read reads the parameters, against the fields that a row has.
func read(r *http.Request, fields wire.Object) (query, string) {
	q := r.URL.Query()
	asked := query{take: usualTake}
	if wrong := wire.Unknown(q, "skip", "take", "orderbyfieldids", "filterfieldids", "filtervalues", "operatortypes"); wrong != "" {
		return asked, "Parameter '" + wrong + "' is not known."
	}
	for name, into := range map[string]*int{"skip": &asked.skip, "take": &asked.take} {
		if n, err := strconv.Atoi(q.Get(name)); err == nil && n >= -1 && n <= 1<<30 {
			*into = n
		} else if q.Has(name) {
			return asked, "Parameter '" + name + "' is no number."
		}
	}
	if (asked.skip == -1) != (asked.take == -1) || asked.take == 0 {
		return asked, "Parameters 'skip' and 'take' do not fit."
	}
	if order := q.Get("orderbyfieldids"); order != "" {
		asked.order = strings.Split(order, ",")
	}
	for _, field := range append(slices.Clone(asked.order), split(q.Get("filterfieldids"))...) {
		if _, known := fields[strings.TrimPrefix(field, "-")]; !known {
			return asked, "Connector field '" + field + "' not found."
		}
	}
	if q.Has("filterfieldids") {
		return asked.filtered(split(q.Get("filterfieldids")), split(q.Get("filtervalues")), q.Get("operatortypes"))
	}
	return asked, ""
}

func split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ';' })
}

// filtered adds filters: a comma between two of them means and, a semicolon or.
func (asked query) filtered(fields, values []string, operators string) (query, string) {
	kinds := split(operators)
	if len(kinds) == 0 {
		kinds = slices.Repeat([]string{"1"}, len(fields))
	}
	if len(fields) != len(values) || len(fields) != len(kinds) {
		return asked, "The filter's fields, values and operators differ in number."
	}
	either := strings.Contains(operators, ";")
	asked.keep = func(row wire.Object) bool {
		for i := range fields {
			if is := matches(row[fields[i]], kinds[i], values[i]); is == either {
				return is
			}
		}
		return !either
	}
	return asked, ""
}

func matches(value any, kind, want string) bool {
	text := ""
	if value != nil {
		text = fmt.Sprint(value)
	}
	switch kind {
	case "1":
		return text == want
	case "2":
		return text >= want
	case "3":
		return text <= want
	case "4":
		return text > want
	case "5":
		return text < want
	case "6", "15":
		return strings.Contains(text, want)
	case "7":
		return text != want
	case "8":
		return text == ""
	case "9":
		return text != ""
	case "10":
		return strings.HasPrefix(text, want)
	case "11":
		return !strings.Contains(text, want)
	}
	return false
}

// before compares two rows by the asked fields.
func (asked query) before(a, b wire.Object) int {
	for _, field := range asked.order {
		name, down := strings.CutPrefix(field, "-")
		if c := cmp.Compare(fmt.Sprint(a[name]), fmt.Sprint(b[name])); c != 0 {
			if down {
				return -c
			}
			return c
		}
	}
	return 0
}

func (e *emulator) rows(w http.ResponseWriter, r *http.Request) {
	c, ok := e.connector(r.PathValue("connector"))
	if !ok {
		wire.JSON(w, http.StatusInternalServerError, "application/json", wire.Object{"externalMessage": "GetConnector '" + r.PathValue("connector") +
			"' is not supported for this app or the user is not authorised.", "errorNumber": 26, "profitLogReference": "B0A1C2D3E4F5061728394A5B6C7D8E9F"})
		return
	}
	asked, wrong := read(r, c.blank)
	if wrong != "" {
		refuse(w, http.StatusBadRequest, wrong)
		return
	}
	if c.list != nil {
		list := slices.DeleteFunc(c.list(), func(row wire.Object) bool { return asked.keep != nil && !asked.keep(row) })
		slices.SortStableFunc(list, asked.before)
		if from := max(asked.skip, 0); asked.take > 0 {
			list = list[min(from, len(list)):min(from+asked.take, len(list))]
		}
		answer(w, wire.Object{"skip": asked.skip, "take": asked.take, "rows": list})
		return
	}
	e.people(w, asked, c)
}

// people answers with rows of employments, in pages that can go wrong.
func (e *emulator) people(w http.ResponseWriter, asked query, c connector) {
	people := asked.chosen(employments(e.Living()), c)
	if len(asked.order) == 0 && asked.skip > 0 && len(people) > 1 {
		people = append(people[1:], people[0]) // without an order rows get lost
	}
	skip, take := asked.skip, e.PageSize(asked.take)
	if asked.take == -1 {
		skip, take = 0, max(len(people), 1)
	}
	if skip >= len(people) { // the page behind the last one, wherever that ended
		skip = (skip + take - 1) / take * take
	}
	page, _ := e.Pages.At(people, skip, take)
	rows := make([]any, 0, len(page))
	for _, p := range page {
		rows = append(rows, c.row(p))
	}
	if asked.take > 0 {
		asked.take = take
	}
	answer(w, wire.Object{"skip": asked.skip, "take": asked.take, "rows": rows})
}

// chosen filters and sorts people; the usual order is spared the making of rows.
func (asked query) chosen(people []seed.Employee, c connector) []seed.Employee {
	if asked.keep == nil && slices.Equal(asked.order, []string{"EmployeeId", "EmploymentStart"}) {
		slices.SortStableFunc(people, func(a, b seed.Employee) int {
			if a.ID == b.ID {
				return cmp.Compare(a.Hire, b.Hire)
			}
			return cmp.Compare(employeeID(a.ID), employeeID(b.ID))
		})
		return people
	}
	type line struct {
		row wire.Object
		of  seed.Employee
	}
	var lines []line
	for _, p := range people {
		if row := c.row(p); asked.keep == nil || asked.keep(row) {
			lines = append(lines, line{row, p})
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return asked.before(a.row, b.row) })
	people = nil
	for _, l := range lines {
		people = append(people, l.of)
	}
	return people
}

// employments gives a row an employment: the one that ended before, then the present one.
func employments(people []seed.Employee) []seed.Employee {
	var rows []seed.Employee
	for _, p := range people {
		for _, job := range p.Earlier {
			was := p
			was.Title, was.Hire, was.End = job.Title, job.Start, job.End
			rows = append(rows, was)
		}
		rows = append(rows, p)
	}
	return rows
}

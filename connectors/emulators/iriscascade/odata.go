package iriscascade

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/wire"
)

const (
	usualTop = 100
	mostTop  = 250
)

// query are the options of OData that the API knows.
type query struct {
	top, skip int
	count     bool
	selected  []string
	by        string
	down      bool
	either    [][]clause // any of these, each of which has to hold whole
}

type clause struct{ name, is, value string }

var clauses = regexp.MustCompile(`^(\w+) (eq|ne|gt|ge|lt|le) ('(?:[^']|'')*'|[^' ]+)$`)

var arrays = []string{"Emails", "Phones", "Addresses"}

// readQuery reads the options for rows of that shape. With 0 all is well; else it is the status to refuse with.
func readQuery(q url.Values, shape wire.Object) (o query, status int) {
	known := func(name string) bool { _, ok := shape[name]; return ok }
	var okTop, okSkip, okFilter bool
	o.top, okTop = whole(q.Get("$top"), usualTop, 1, mostTop)
	o.skip, okSkip = whole(q.Get("$skip"), 0, 0, 1<<30)
	o.count = q.Get("$count") == "true"
	o.either, okFilter = readFilter(q.Get("$filter"), known)
	by, order, _ := strings.Cut(q.Get("$orderby"), " ")
	o.by, o.down = by, order == "desc"
	if text := q.Get("$select"); text != "" {
		o.selected = strings.Split(strings.ReplaceAll(text, " ", ""), ",")
	}
	switch {
	case !okTop || !okSkip || !okFilter || by != "" && !known(by) || !slices.Contains([]string{"", "asc", "desc"}, order),
		slices.ContainsFunc(o.selected, func(name string) bool { return !known(name) }),
		wire.Unknown(q, "$top", "$skip", "$count", "$filter", "$select", "$orderby") != "":
		return o, http.StatusBadRequest
	case !q.Has("$top") && slices.ContainsFunc(o.selected, func(name string) bool { return slices.Contains(arrays, name) }):
		return o, http.StatusInternalServerError
	}
	return o, 0
}

func whole(text string, usual, least, most int) (int, bool) {
	if text == "" {
		return usual, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= least && n <= most
}

func readFilter(text string, known func(string) bool) (either [][]clause, ok bool) {
	if text == "" {
		return nil, true
	}
	for _, part := range strings.Split(text, " or ") {
		var all []clause
		for _, one := range strings.Split(part, " and ") {
			m := clauses.FindStringSubmatch(strings.TrimSpace(one))
			if m == nil || !known(m[1]) || slices.Contains(arrays, m[1]) {
				return nil, false
			}
			all = append(all, clause{m[1], m[2], m[3]})
		}
		either = append(either, all)
	}
	return either, true
}

// lets tells whether a row passes the filter.
func (o query) lets(row func() wire.Object) bool {
	if o.either == nil {
		return true
	}
	r := row()
	return slices.ContainsFunc(o.either, func(all []clause) bool {
		return !slices.ContainsFunc(all, func(c clause) bool { return !c.holds(r[c.name]) })
	})
}

func (c clause) holds(value any) bool {
	if c.value == "null" || value == nil {
		return (c.is == "eq") == (value == nil && c.value == "null") && (c.is == "eq" || c.is == "ne")
	}
	literal := c.value
	if strings.HasPrefix(literal, "'") {
		literal = strings.ReplaceAll(literal[1:len(literal)-1], "''", "'")
	}
	n := compare(fmt.Sprint(value), literal)
	return map[string]bool{"eq": n == 0, "ne": n != 0, "gt": n > 0, "ge": n >= 0, "lt": n < 0, "le": n <= 0}[c.is]
}

// compare compares moments as moments, and everything else as text.
func compare(a, b string) int {
	at, errA := time.Parse(time.RFC3339, a)
	bt, errB := time.Parse(time.RFC3339, b)
	if errA == nil && errB == nil {
		return at.Compare(bt)
	}
	return cmp.Compare(a, b)
}

// before orders two rows as asked.
func (o query) before(a, b wire.Object) int {
	n := compare(plain(a[o.by]), plain(b[o.by]))
	if o.down {
		return -n
	}
	return n
}

func plain(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// only keeps the properties that were selected.
func (o query) only(row wire.Object) wire.Object {
	if o.selected == nil {
		return row
	}
	kept := wire.Object{}
	for _, name := range o.selected {
		if v, ok := row[name]; ok {
			kept[name] = v
		}
	}
	return kept
}

var preferred = regexp.MustCompile(`odata\.maxpagesize=(\d+)`)

// size is the number of rows that the answer has: what was asked for, what the client prefers, or what the server allows.
func (e *emulator) size(o query, r *http.Request) int {
	size := e.PageSize(o.top)
	if m := preferred.FindStringSubmatch(r.Header.Get("Prefer")); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil && n > 0 {
			size = min(size, n)
		}
	}
	return size
}

// page answers with rows. A page of employees names the next one, and so does each that is smaller than was asked for.
func page(w http.ResponseWriter, r *http.Request, o query, set string, rows []any, size, total int) {
	body := wire.Object{"@odata.context": context + set, "value": rows}
	if o.count {
		body["@odata.count"] = total
	}
	if (set == "Employees" || size < o.top) && o.skip+size < total {
		next := r.URL.Query()
		next.Set("$skip", strconv.Itoa(o.skip+size))
		body["@odata.nextLink"] = "https://" + apiHost + r.URL.Path + "?" + strings.ReplaceAll(next.Encode(), "%24", "$")
	}
	answer(w, body)
}

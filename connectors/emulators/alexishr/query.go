package alexishr

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/wire"
)

// selectable are the names that select may hold: those of a record apart from three.
var selectable = strings.Fields(`id active companyId employeeNumber userId created updated title officeId managerEmployeeId departmentId
	costCenterId employmentId employmentTypeId employmentCountry userName division organization workEmail workPhone workPhoneSanitized hireDate
	endDate privateEmail firstName lastName ssn privatePhone privatePhoneSanitized birthDate age nationality gender pronoun tax bankAccount
	hasOccupationalPension compensationId`)

var relatable = strings.Fields(`office costCenter effectiveCostCenter child department emergencyContact employment employmentType compensation
	managerEmployee teamReference`)

// query is what a call for a list asks.
type query struct {
	limit, offset       int
	hasOffset           bool
	descending          bool
	selected, relations []string
	conditions          []condition
}

type condition struct {
	field, is string
	values    []string
}

var (
	filter = regexp.MustCompile(`^filters\[(\w+)\](?:\[(\$\w+)\])?(?:\[\d*\])?$`)
	sorted = regexp.MustCompile(`^sort\[\w+\]$`)
)

var comparisons = strings.Fields("$eq $neq $gt $gte $lt $lte $in $nin $between")

// parse reads a query; wrong says what it cannot be. Only people have more names than those of every list.
func parse(values url.Values, more ...string) (q query, wrong string) {
	q = query{limit: defaultLimit, selected: values["select"], relations: values["relations"], hasOffset: values.Has("offset")}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		var ok bool
		value := values.Get(name)
		switch f := filter.FindStringSubmatch(name); {
		case name == "limit":
			q.limit, ok = whole(value, 1)
			q.limit = min(q.limit, largestLimit)
		case name == "offset":
			q.offset, ok = whole(value, 0)
		case sorted.MatchString(name):
			ok = value == "asc" || value == "desc"
			q.descending = name == "sort[id]" && value == "desc"
		case f != nil:
			is := f[2]
			if is == "" {
				is = "$eq"
			}
			ok = slices.Contains(comparisons, is) && (is != "$between" || len(values[name]) == 2)
			q.conditions = append(q.conditions, condition{f[1], is, values[name]})
		default:
			ok = slices.Contains(more, name)
		}
		if !ok && (name == "limit" || name == "offset") {
			return q, name + " must be a number"
		}
		if !ok {
			return q, "property " + name + " should not exist"
		}
	}
	return q, ""
}

func whole(text string, least int) (n int, ok bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= least && n < 1<<30
}

func (q query) keeps(o wire.Object) bool {
	return !slices.ContainsFunc(q.conditions, func(c condition) bool { return !c.holds(o) })
}

func (c condition) holds(o wire.Object) bool {
	value, there := o[c.field]
	by := func(i int) int { return compare(fmt.Sprint(value), c.values[i]) }
	among := slices.ContainsFunc(c.values, func(v string) bool { return there && fmt.Sprint(value) == v })
	switch c.is {
	case "$eq", "$in":
		return among
	case "$neq", "$nin":
		return !among
	case "$gt":
		return there && by(0) > 0
	case "$gte":
		return there && by(0) >= 0
	case "$lt":
		return there && by(0) < 0
	case "$lte":
		return there && by(0) <= 0
	}
	return there && by(0) >= 0 && by(1) <= 0
}

// compare compares moments where both are, and texts else.
func compare(a, b string) int {
	at, errA := time.Parse(time.RFC3339, a)
	bt, errB := time.Parse(time.RFC3339, b)
	if errA == nil && errB == nil {
		return at.Compare(bt)
	}
	return strings.Compare(a, b)
}

// narrow leaves the wanted keys and the id.
func (q query) narrow(o wire.Object) wire.Object {
	if len(q.selected) > 0 {
		maps.DeleteFunc(o, func(key string, _ any) bool { return key != "id" && !slices.Contains(q.selected, key) })
	}
	return o
}

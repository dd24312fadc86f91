package file

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// Source reads the people of a file. It keeps nothing between calls.
type Source struct{ table table }

// Check looks at the file: that it can be read, has column names and a column with IDs.
func (s *Source) Check(ctx context.Context) (core.Health, error) {
	l, err := s.table.look()
	if err != nil {
		return core.Health{}, err
	}
	defer l.close()
	if _, err := s.table.idColumn(l.columns); err != nil {
		return core.Health{}, err
	}
	return l.health(ctx), nil
}

func (l *looked) health(ctx context.Context) core.Health {
	h := core.Health{People: -1, Notes: l.notes, Summary: fmt.Sprintf("%d columns found", len(l.columns))}
	if len(l.first) < sampleRows/10 && ctx.Err() == nil {
		h.People = len(l.first)
		h.Summary = fmt.Sprintf("%d rows, %d columns", len(l.first), len(l.columns))
	}
	return h
}

// Fields gives the canonical fields that the headers name, then every column.
func (s *Source) Fields(context.Context) ([]core.Field, error) {
	l, err := s.table.look()
	if err != nil {
		return nil, err
	}
	defer l.close()
	return s.table.fields(l.columns), nil
}

func (t *table) fields(columns []column) []core.Field {
	var fields []core.Field
	for _, f := range core.Canonical {
		known := slices.ContainsFunc(columns, func(c column) bool { return c.canonical == f.ID })
		if known || f.ID == externalID || f.ID == employmentStatus {
			fields = append(fields, f)
		}
	}
	for _, c := range columns {
		if _, taken := core.CanonicalField(c.name); !taken {
			fields = append(fields, core.Field{ID: c.name, Label: c.name, Kind: c.kind, Custom: c.canonical == ""})
		}
	}
	return t.shared(fields, columns)
}

// shared notes which fields are names of one column.
func (t *table) shared(fields []core.Field, columns []column) []core.Field {
	id, err := t.idColumn(columns)
	if err != nil {
		return fields // reading says what is wrong
	}
	holder := map[int]string{}
	for i := len(fields) - 1; i >= 0; i-- { // externalId, the first, takes the name of the others
		c := t.fieldColumn(columns, id, fields[i].ID)
		if c < 0 || fields[i].ID == employmentStatus {
			continue
		}
		if same, known := holder[c]; known {
			fields[i].Same = same
		} else {
			holder[c] = fields[i].ID
		}
	}
	return fields
}

// The canonical fields that always come.
const (
	externalID       = "externalId"
	employmentStatus = "employmentStatus"
)

// People yields everyone in the file, row by row, but not who left longer ago than is
// wanted. Two rows with one ID are both yielded.
func (s *Source) People(ctx context.Context, want core.Want) iter.Seq2[core.Person, error] {
	var rows int
	return s.Counted(ctx, want, &rows)
}

// Counted yields what People does, and counts in rows who is left out too.
func (s *Source) Counted(ctx context.Context, want core.Want, rows *int) iter.Seq2[core.Person, error] {
	return func(yield func(core.Person, error) bool) {
		l, err := s.table.look()
		if err != nil {
			yield(core.Person{}, err)
			return
		}
		defer l.close()
		plan, err := s.table.planPeople(l.columns, want)
		if err != nil {
			yield(core.Person{}, err)
			return
		}
		for r, err := range l.rows(ctx, plan.want, plan.maker) {
			if err == nil {
				*rows++
				if r.IsZero() {
					continue // who left long ago
				}
			}
			if !yield(core.Person{Record: r}, err) || err != nil {
				return
			}
		}
	}
}

// Sample gives the column names, the first n rows as they stand in the file, and in
// sentences what was found by looking at it.
func (s *Source) Sample(_ context.Context, n int) (headers []string, rows [][]string, notes []string, err error) {
	return s.table.sample(n)
}

func (t *table) sample(n int) (headers []string, rows [][]string, notes []string, err error) {
	l, err := t.look()
	if err != nil {
		return nil, nil, nil, err
	}
	defer l.close()
	for _, c := range l.columns {
		headers = append(headers, c.name)
	}
	for _, cells := range l.first[:min(n, len(l.first))] {
		row := make([]string, len(headers))
		copy(row, cellTexts(cells))
		rows = append(rows, row)
	}
	return headers, rows, l.notes, nil
}

// idColumn gives the column that holds each person's ID.
func (t *table) idColumn(columns []column) (int, error) {
	if t.id != "" {
		if i := findColumn(columns, t.id); i >= 0 {
			return i, nil
		}
		return -1, t.noColumn(columns)
	}
	for _, field := range []string{externalID, "employeeNumber", "email"} {
		if i := canonicalColumn(columns, field); i >= 0 {
			return i, nil
		}
	}
	return -1, &core.Problem{Code: core.BadData, What: fmt.Sprintf("“%s” has no column that looks like an ID, an employee number or an e-mail address.", t.name()),
		Fix: "Choose the column that holds each person's ID in the settings of this file."}
}

func (t *table) noColumn(columns []column) error {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return &core.Problem{Code: core.BadOption, What: fmt.Sprintf("“%s” has no column “%s”.", t.name(), t.id), Fix: "Choose one of its columns: " + strings.Join(names, ", ") + "."}
}

// findColumn finds a column by its header, then without regard to case, then as
// response.<header>.
func findColumn(columns []column, name string) int {
	name = strings.TrimSpace(name)
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for _, n := range []string{name, strings.TrimPrefix(name, core.RawPrefix)} {
			if i := slices.IndexFunc(columns, func(c column) bool { return same(c.name, n) }); i >= 0 {
				return i
			}
		}
	}
	return -1
}

func canonicalColumn(columns []column, field string) int {
	return slices.IndexFunc(columns, func(c column) bool { return c.canonical == field })
}

// fieldColumn gives the column of a field: one recognised as that canonical field, else
// one of that name.
func (t *table) fieldColumn(columns []column, id int, field string) int {
	if field == externalID {
		return id
	}
	if i := canonicalColumn(columns, field); i >= 0 {
		return i
	}
	return findColumn(columns, field)
}

// peoplePlan says how a row becomes a person.
type peoplePlan struct {
	rowPlan
	status           int // field that employmentStatus is put into
	word, start, end int // cells that tell the status; -1: none
	header           string
	today            string
	since            string // leavers before this day are left out; empty: none are
}

// rowPlan says which columns are cut out and which field each cell is put into. It is
// shared by the goroutines that make records.
type rowPlan struct {
	schema  *core.Schema
	columns []column
	want    []int   // columns, ascending
	fields  [][]int // by cell: fields of the schema
	now     int     // year, for dates with two digits
}

func (t *table) planPeople(columns []column, wanted core.Want) (*peoplePlan, error) {
	id, err := t.idColumn(columns)
	if err != nil {
		return nil, err
	}
	now := t.now()
	p := &peoplePlan{today: now.Format(time.DateOnly), word: -1, start: -1, end: -1}
	p.columns, p.now = columns, now.Year()
	schema, from := t.peopleSchema(columns, id, wanted.Fields)
	p.schema, p.status = schema, schema.Index(employmentStatus)
	word := canonicalColumn(columns, employmentStatus)
	end := slices.IndexFunc(columns, func(c column) bool { return c.canonical == "endDate" && c.sure })
	start := canonicalColumn(columns, "startDate")
	p.choose(append(slices.Clone(from), word, start, end))
	for field, c := range from {
		p.put(c, field)
	}
	p.word, p.start, p.end = p.cell(word), p.cell(start), p.cell(end)
	if word >= 0 {
		p.header = columns[word].name
	}
	if wanted.Leavers >= 0 && word >= 0 && end >= 0 {
		p.since = now.AddDate(0, 0, -wanted.Leavers).Format(time.DateOnly)
	}
	return p, nil
}

// peopleSchema lists the fields of a reading and the column of each; -1 for the status,
// which is made. Other names of the same columns find them too.
func (t *table) peopleSchema(columns []column, id int, wanted []string) (schema *core.Schema, from []int) {
	all := t.fields(columns)
	if wanted == nil {
		for _, f := range all {
			wanted = append(wanted, f.ID)
		}
	}
	var fields []core.Field
	taken := map[string]bool{}
	for _, w := range append([]string{externalID, employmentStatus}, wanted...) {
		c := -1
		if w != employmentStatus {
			if c = t.fieldColumn(columns, id, w); c < 0 {
				continue
			}
		}
		if taken[w] {
			continue
		}
		taken[w] = true
		fields, from = append(fields, describe(w, columns, c)), append(from, c)
	}
	schema = core.NewSchema(fields)
	for i, c := range from {
		if c < 0 {
			continue
		}
		for _, other := range []string{columns[c].canonical, columns[c].name, core.RawPrefix + columns[c].name} {
			if other != "" && other != employmentStatus && schema.Index(other) < 0 && t.fieldColumn(columns, id, other) == c {
				schema.Alias(other, fields[i].ID)
			}
		}
	}
	return schema, from
}

func describe(id string, columns []column, c int) core.Field {
	if f, ok := core.CanonicalField(id); ok {
		return f
	}
	return core.Field{ID: id, Label: columns[c].name, Kind: columns[c].kind, Custom: columns[c].canonical == ""}
}

// choose sets the columns to cut out; those below zero are passed over.
func (p *rowPlan) choose(columns []int) {
	slices.Sort(columns)
	for _, c := range slices.Compact(columns) {
		if c >= 0 {
			p.want = append(p.want, c)
		}
	}
	p.fields = make([][]int, len(p.want))
}

// cell gives the place of a column among the cells cut out, or -1.
func (p *rowPlan) cell(column int) int { return slices.Index(p.want, column) }

// put lets a field have the value of a column.
func (p *rowPlan) put(column, field int) {
	if i := p.cell(column); i >= 0 {
		p.fields[i] = append(p.fields[i], field)
	}
}

// normalisers gives one for each cell that needs it, nil for the others.
func (p *rowPlan) normalisers() []*normaliser {
	ns := make([]*normaliser, len(p.want))
	for i, c := range p.want {
		if p.columns[c].plain() {
			continue
		}
		ns[i] = &normaliser{column: &p.columns[c]}
		if p.columns[c].canonical == "birthDate" {
			ns[i].latest = p.now
		}
	}
	return ns
}

// fill normalises the cells in their places and states their fields. Blanks around a
// cell are how an export fills up, and no part of a value.
func (p *rowPlan) fill(pack *core.Packer, cells [][]byte, ns []*normaliser) *flaw {
	for i, fields := range p.fields {
		cells[i] = bytes.TrimSpace(cells[i])
		if ns[i] != nil {
			v, f := ns[i].value(cells[i])
			if f != nil {
				return f
			}
			cells[i] = v
		}
		for _, f := range fields {
			pack.SetBytes(f, cells[i])
		}
	}
	return nil
}

// maker makes persons in one goroutine; a record without anything is somebody who left too
// long ago to be wanted.
func (p *peoplePlan) maker() maker {
	pack, ns := core.NewPacker(p.schema), p.normalisers()
	words := newStatusReader(p.header)
	return func(cells [][]byte) (core.Record, *flaw) {
		if f := p.fill(pack, cells, ns); f != nil {
			return core.Record{}, f
		}
		status := ""
		if p.word >= 0 {
			status = words.read(cells[p.word])
		}
		if status == "" || status == core.StatusUnknown && p.byDates(cells) == core.StatusTerminated {
			status = p.byDates(cells)
		}
		pack.Set(p.status, status)
		r := pack.Pack()
		if p.since != "" && status == core.StatusTerminated && manifest.Before(string(cells[p.end]), p.since) {
			return core.Record{}, nil
		}
		return r, nil
	}
}

// byDates tells the status of somebody for whom no word stands in the file, or one that
// nobody knows, such as “Baja”, beside an end date that has passed. A date that
// cannot be read makes it unknown, so that nobody is disabled by a slip of the pen.
func (p *peoplePlan) byDates(cells [][]byte) string {
	if p.end >= 0 && len(cells[p.end]) > 0 {
		end := cells[p.end]
		switch {
		case !isISO(end):
			return core.StatusUnknown
		case string(end) < p.today:
			return core.StatusTerminated
		}
	}
	if p.start >= 0 && isISO(cells[p.start]) && string(cells[p.start]) > p.today {
		return core.StatusFuture
	}
	return core.StatusActive
}

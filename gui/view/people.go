package view

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"rollcall/core"
)

// Roster is one reading of a source, as the People page shows it: searched, sorted, grouped and counted in memory.
type Roster struct {
	Snapshot Snapshot
	People   []core.Person
	matched  map[string]string // person → account; nil where no sync knows
	now      time.Time

	index searchIndex
	names map[string]string // id, number or e-mail → name, for managers
	shown []int32
	order []int32
	query Query
	sort  PersonColumn
	down  bool
}

// NewRoster makes the model of a reading.
func NewRoster(snapshot Snapshot, people []core.Person, matched map[string]string, now time.Time) *Roster {
	r := &Roster{Snapshot: snapshot, People: people, matched: matched, now: now, names: map[string]string{}}
	r.index.at = make([]uint32, 0, len(people)+1)
	for i := range people {
		r.index.at = append(r.index.at, uint32(len(r.index.blob)))
		r.index.blob = appendPerson(r.index.blob, people[i])
		for _, id := range []string{"externalId", "employeeNumber", "email"} {
			if v := people[i].Value(id); v != "" {
				r.names[v] = people[i].Name()
			}
		}
	}
	r.index.at = append(r.index.at, uint32(len(r.index.blob)))
	r.index.sample()
	r.Search("")
	return r
}

func appendPerson(out []byte, p core.Person) []byte {
	out = append(appendFold(out, p.Name()), between)
	for i, f := range p.Schema().Fields() {
		if v := p.At(i); v != "" && !strings.HasPrefix(f.ID, core.RawPrefix) {
			out = append(appendFold(out, v[:min(len(v), longest)]), between)
		}
	}
	return out
}

// PeopleOpening is what the People page works with.
type PeopleOpening struct {
	Snapshots []Snapshot // newest first
	Syncs     []Sync
	Roster    *Roster // nil where nothing was read yet
}

// OpenPeople opens a reading, the newest where none is named.
func OpenPeople(ctx context.Context, s Services, snapshot string) (PeopleOpening, error) {
	var o PeopleOpening
	var err error
	if o.Snapshots, err = s.People.Snapshots(ctx); err != nil {
		return o, err
	}
	slices.SortStableFunc(o.Snapshots, func(a, b Snapshot) int { return b.Taken.Compare(a.Taken) })
	syncs, err := s.Syncs.List(ctx)
	if err != nil {
		return o, err
	}
	for _, y := range syncs {
		if !y.Draft {
			o.Syncs = append(o.Syncs, y)
		}
	}
	if len(o.Snapshots) == 0 {
		return o, nil
	}
	chosen := o.Snapshots[0]
	if i := slices.IndexFunc(o.Snapshots, func(n Snapshot) bool { return n.ID == snapshot }); i >= 0 {
		chosen = o.Snapshots[i]
	}
	people, err := s.People.Open(ctx, chosen.ID)
	if err != nil {
		return o, err
	}
	var matched map[string]string
	if chosen.Sync != "" {
		if matched, err = s.People.Matched(ctx, chosen.Sync); err != nil {
			return o, err
		}
	}
	o.Roster = NewRoster(chosen, people, matched, s.Now())
	return o, ctx.Err()
}

// working says that a person is employed now.
func working(p core.Person) bool {
	switch p.Value("employmentStatus") {
	case core.StatusTerminated, core.StatusFuture:
		return false
	}
	return true
}

// Note is the line under the page's title.
func (r *Roster) Note() string {
	active, left := 0, 0
	for _, p := range r.People {
		switch {
		case working(p):
			active++
		case p.Value("employmentStatus") == core.StatusTerminated:
			left++
		}
	}
	return Count(len(r.People), "person", "people") + " from " + firstOf(r.Snapshot.Name, "the source") + " · " + Thousands(active) + " active, " + Thousands(left) + " left · read " + Ago(r.Snapshot.Taken, r.now)
}

// Search leaves those who fulfil every term of the query.
func (r *Roster) Search(text string) {
	r.query = ParseQuery(text)
	r.refresh()
}

func (r *Roster) refresh() {
	r.shown = r.shown[:0]
	words := r.query.words()
	hit := make([]bool, len(r.People))
	if len(words) == 0 {
		for i := range hit {
			hit[i] = true
		}
	} else {
		for _, i := range r.index.find(words) {
			hit[i] = true
		}
	}
	for _, i := range r.ordered() {
		if hit[i] && r.fulfils(r.People[i]) {
			r.shown = append(r.shown, i)
		}
	}
}

func (r *Roster) fulfils(p core.Person) bool {
	for _, t := range r.query.Terms {
		if t.Key != "" && t.holds(r.values(p, t.Key)) == t.Not {
			return false
		}
	}
	return true
}

// values gives what a term's key means of a person.
func (r *Roster) values(p core.Person, key string) []string {
	switch key {
	case "name":
		return []string{p.Name()}
	case "manager":
		v := p.Value("managerId")
		return []string{v, r.names[v], p.Value("managerEmail")}
	case "account":
		return []string{r.accountWord(p)}
	case "tag":
		return Tags(p)
	}
	var values []string
	for _, id := range termFields(key, p.Schema()) {
		values = append(values, core.SplitList(p.Value(id))...)
	}
	return values
}

func (r *Roster) accountWord(p core.Person) string {
	switch {
	case r.matched == nil:
		return ""
	case r.matched[p.ID()] != "":
		return "matched"
	}
	return "none"
}

// Tags are the words by which HR sorts people: status and kind of employment, as far as the source gives them.
func Tags(p core.Person) []string {
	status := p.Value("employmentStatus")
	if status == core.StatusActive {
		status = ""
	}
	return notEmpty(strings.ReplaceAll(status, "_", " "), p.Value("employmentType"))
}

// PersonColumn is a column of the list of people.
type PersonColumn string

// The columns; "" is the order of the reading.
const (
	PersonName       PersonColumn = "person"
	PersonTitle      PersonColumn = "jobTitle"
	PersonDepartment PersonColumn = "department"
	PersonOffice     PersonColumn = "office"
	PersonManager    PersonColumn = "manager"
	PersonAccount    PersonColumn = "account"
)

// SetSort orders the list.
func (r *Roster) SetSort(c PersonColumn, descending bool) {
	r.sort, r.down, r.order = c, descending, nil
	r.refresh()
}

func (r *Roster) ordered() []int32 {
	if r.order != nil {
		return r.order
	}
	if r.sort == "" {
		r.order = make([]int32, len(r.People))
		for i := range r.order {
			r.order[i] = int32(i)
		}
		return r.order
	}
	texts := make([][]byte, len(r.People))
	for i, p := range r.People {
		texts[i] = appendFold(nil, r.columnText(p))
		if len(texts[i]) == 0 {
			texts[i] = []byte{0xff} // those without a value come last
		}
	}
	r.order = sortTexts(len(texts), func(i int32) []byte { return texts[i] })
	if r.down {
		slices.Reverse(r.order)
	}
	return r.order
}

func (r *Roster) columnText(p core.Person) string {
	switch r.sort {
	case PersonName:
		return p.Name()
	case PersonOffice:
		return office(p)
	case PersonManager:
		return r.ManagerName(p)
	case PersonAccount:
		return r.accountWord(p)
	}
	return p.Value(string(r.sort))
}

func office(p core.Person) string {
	return cmp.Or(p.Value("office"), p.Value("location"), p.Value("city"))
}

// ManagerName gives the name of a person's manager, as far as the reading has it.
func (r *Roster) ManagerName(p core.Person) string {
	v := p.Value("managerId")
	return cmp.Or(r.names[v], p.Value("managerEmail"), v)
}

// Len is the number of people in view.
func (r *Roster) Len() int { return len(r.shown) }

// At gives a person in view.
func (r *Roster) At(place int) core.Person { return r.People[r.shown[place]] }

// Office gives where a person works.
func (r *Roster) Office(p core.Person) string { return office(p) }

// Account says in words whether a person has an account, and whether that is good; "" where no sync knows.
func (r *Roster) Account(p core.Person) (words string, good bool) {
	switch r.accountWord(p) {
	case "matched":
		return "Matched", true
	case "none":
		return "No account", false
	}
	return "", false
}

// AccountID gives the account of a person, as its directory names it.
func (r *Roster) AccountID(p core.Person) string { return r.matched[p.ID()] }

// Foot is the state under the table.
func (r *Roster) Foot() string {
	text := Count(len(r.shown), "person", "people")
	if r.matched == nil {
		return text
	}
	matched := 0
	for _, i := range r.shown {
		if r.matched[r.People[i].ID()] != "" {
			matched++
		}
	}
	return text + " · " + Thousands(matched) + " matched, " + Thousands(len(r.shown)-matched) + " without an account"
}

// Hits is the note in the search box.
func (r *Roster) Hits() string {
	if r.query.Text == "" {
		return ""
	}
	return Thousands(len(r.shown)) + " of " + Count(len(r.People), "person", "people")
}

// Doubt says what of the query is not understood, "" where all of it is.
func (r *Roster) Doubt() string {
	if len(r.People) == 0 {
		return ""
	}
	for _, t := range r.query.Terms {
		if t.Key != "" && !knownKey(t.Key) && len(termFields(t.Key, r.People[0].Schema())) == 0 {
			return "No field is called “" + t.Key + "”."
		}
	}
	return ""
}

// Write writes the people in view as CSV.
func (r *Roster) Write(path string) error {
	return writeTable(path, func(row func(...string) error) error {
		if len(r.People) == 0 {
			return nil
		}
		fields := r.People[0].Schema().Fields()
		head := make([]string, 0, len(fields)+1)
		for _, f := range fields {
			head = append(head, cmp.Or(f.Label, f.ID))
		}
		if err := row(append(head, "Account")...); err != nil {
			return err
		}
		for _, i := range r.shown {
			values := make([]string, 0, len(fields)+1)
			for k := range fields {
				values = append(values, core.ShowValue(r.People[i].At(k)))
			}
			if err := row(append(values, r.AccountID(r.People[i]))...); err != nil {
				return err
			}
		}
		return nil
	})
}

// FileName is what an export is called at first.
func (r *Roster) FileName() string {
	return fileName("people "+r.Snapshot.Name+" "+r.Snapshot.Taken.Format(time.DateOnly), "csv")
}

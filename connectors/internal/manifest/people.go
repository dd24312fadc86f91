package manifest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"rollcall/core"
)

// Call is how something is asked for, and where its rows stand in the answer.
type Call struct {
	Get   string            `yaml:"get"`
	Post  string            `yaml:"post"`
	Query map[string]string `yaml:"query"`
	Body  map[string]any    `yaml:"body"` // of Post, as JSON
	// XML is the body of Post as XML, in which filled values are escaped; {page} and {size}
	// stand for the paging parameters. The answer is then XML too.
	XML    string            `yaml:"xml"`
	Header map[string]string `yaml:"header"`
	List   string            `yaml:"list"`  // path of the rows; empty: the answer is the list
	Total  string            `yaml:"total"` // path of the number of all rows, or header:NAME
	Page   Page              `yaml:"page"`
	// Empty are statuses that mean a list without rows, or of a detail that there is none.
	Empty []int `yaml:"empty"`
	// Sparse says that an answer without the list is one without rows.
	Sparse bool `yaml:"sparse"`
	// Wish are, of a list of people, parameters that one field needs: they are sent where
	// it is wanted, and left out where the vendor refuses them (403).
	Wish map[string]map[string]string `yaml:"wish"`
}

func (c Call) asks() bool { return c.Get != "" || c.Post != "" }

// People says how everybody is read: rows of people, what belongs to each of them, and
// what their fields are.
type People struct {
	Call `yaml:",inline"`
	// RowID are paths that together make a row itself; usually externalId's. Where it says
	// more, and nothing is grouped, the first row of a person counts.
	RowID []string `yaml:"rowId"`
	// Since says how those are asked for who changed since a time.
	Since *Since `yaml:"since"`
	// Also are further lists of people; who came before is left out.
	Also []Also `yaml:"also"`
	// Drop are paths that nobody may ever see.
	Drop []string `yaml:"drop"`
	// Select limits the fields that are asked for: the first names of all needed paths are
	// joined with Sep and stand for {select}.
	Select *Select `yaml:"select"`
	// Group makes one person of all rows that have the same value there.
	Group *Group `yaml:"group"`
	// Detail are calls for each person; their answers stand in the row under their names.
	Detail map[string]Detail `yaml:"detail"`
	// AtOnce is how many calls for single people are made at once; 0: five.
	AtOnce int `yaml:"atOnce"`
	// Join are lists that are read once; each person gets his rows of it under its name.
	Join map[string]Join `yaml:"join"`
	// Choose picks one of several things, and puts it into the row under its name.
	Choose map[string]Choose `yaml:"choose"`
	// Fields are canonical ones, and such as custom.occupation that every customer has.
	Fields map[string]From `yaml:"fields"`
	Custom Customs         `yaml:"custom"`
	Status []Rule          `yaml:"status"`
}

// Also is a further list of people.
type Also struct {
	Call `yaml:",inline"`
	Mark map[string]any `yaml:"mark"` // set in each of its rows
	// Unless are texts at paths; the list is not asked for where a person who came before has them.
	Unless map[string]Paths `yaml:"unless"`
}

// Since says how those are asked for who changed since a time: by what is added to the
// query, or to the body where the call is a POST. {since} stands for the time.
type Since struct {
	Query  map[string]string `yaml:"query"`
	Body   map[string]any    `yaml:"body"`
	Layout string            `yaml:"layout"` // how Go writes the time; empty: RFC 3339 in UTC
	// Margin is taken off the time, for clocks that differ and changes that show late.
	Margin Duration `yaml:"margin"`
	// Alone leaves out the further lists: the first one names those who left too.
	Alone bool `yaml:"alone"`
}

// Select says how needed fields are named in a call.
type Select struct {
	Sep    string   `yaml:"sep"`
	Always []string `yaml:"always"`
	// Deep asks for whole paths rather than their first names.
	Deep bool `yaml:"deep"`
}

// Group says how several rows are one person; his rows stand under Into.
type Group struct {
	By   string `yaml:"by"` // path; empty: those of externalId
	Into string `yaml:"into"`
	// Ordered says that the rows of a person follow each other, so that people are given
	// while rows come; one whose rows come back later is an Incomplete problem.
	Ordered bool `yaml:"ordered"`
}

// Detail is a call for each person.
type Detail struct {
	Call `yaml:",inline"`
	// At is the part of the answer that is wanted; empty: all of it.
	At string `yaml:"at"`
	// If names an option without whose answer true the call is not made.
	If string `yaml:"if"`
	// Optional calls may be refused (403, 404): the person has nothing there then.
	Optional bool `yaml:"optional"`
	// Or is another path to ask where there is nothing at the first (400, 404).
	Or string `yaml:"or"`
	// Unless names a list of Join that makes the call needless where it could be read.
	Unless string `yaml:"unless"`
}

// Join is a list whose rows belong to people.
type Join struct {
	Call `yaml:",inline"`
	Key  string `yaml:"key"` // path in its rows; where a list stands there, the row belongs to all of them
	Of   string `yaml:"of"`  // path in the person's row; empty: that of externalId
	// One means that a person has one such row, which stands there without a list.
	One bool `yaml:"one"`
	// Optional lists may be refused (403, 404).
	Optional bool   `yaml:"optional"`
	If       string `yaml:"if"`
	// Fold compares the ids without regard to case.
	Fold bool `yaml:"fold"`
}

// Choose picks an element of a list: of those that one of the Wheres fits, the first
// Where first, the one that holds today (the latest start), else the next one ahead, else
// the last one. Without Start the first one is taken.
type Choose struct {
	From  string              `yaml:"from"`
	Where []map[string]string `yaml:"where"` // path → text, without regard to case
	// Given takes only elements that have a value at this path.
	Given string `yaml:"given"`
	Start string `yaml:"start"`
	End   string `yaml:"end"`
	// Strict gives none rather than one that fits no Where.
	Strict bool `yaml:"strict"`
}

// Page says how pages follow each other; without a way there is one page. The
// parameters stand in the query, or in the body where the call is a POST. A list ends
// where its total is reached, with its last page, or with a page without rows; not with
// one that is shorter than was asked for, for vendors give less than they are asked for.
type Page struct {
	Offset *Step `yaml:"offset"` // index of the first row
	Number *Step `yaml:"number"` // number of the page
	Cursor *Step `yaml:"cursor"` // a text from the last answer
	Link   *Step `yaml:"link"`   // an address from the last answer; only its path and query are used
	Size   *Size `yaml:"size"`
	// End is a status that means, after rows came, that there is no such page any more;
	// after a page that was not full, 404 means it in any case.
	End int `yaml:"end"`
}

// Step is how the next page is named. Without Param the query says it: {at} stands for
// the place of the page there.
type Step struct {
	Param string `yaml:"param"`
	From  string `yaml:"from"`  // of Cursor and Link: where the next one stands; header:Link is RFC 8288's rel=next
	First int    `yaml:"first"` // of Offset and Number
	Last  string `yaml:"last"`  // of Number: where the number of pages stands, or header:NAME
	More  string `yaml:"more"`  // of Number and Cursor: where true, or anything at all, says that there is another page
	Later bool   `yaml:"later"` // of Number: the first page is asked for without it
	Here  bool   `yaml:"here"`  // of Link: only its query counts, for the path that was called
}

// Size is how many rows to ask for.
type Size struct {
	Param string `yaml:"param"`
	Is    int    `yaml:"is"`
}

// From says where a field comes from: the first of the paths that has a value.
type From struct {
	Paths []string
	As    string // text, date, epoch or html
	In    string // lookup that gives the name for the id found
	Join  string // puts all the paths' values together with this between them
	Label string // of a custom field: its name for people
}

// UnmarshalYAML reads a path, a list of paths, or {from: …, as: …, in: …, join: …}.
func (f *From) UnmarshalYAML(unmarshal func(any) error) error {
	var whole struct {
		From  any    `yaml:"from"`
		As    string `yaml:"as"`
		In    string `yaml:"in"`
		Join  string `yaml:"join"`
		Label string `yaml:"label"`
	}
	var v any
	if err := unmarshal(&v); err != nil {
		return err
	}
	if _, ok := v.(map[string]any); ok {
		if err := unmarshal(&whole); err != nil {
			return err
		}
		v = whole.From
	}
	f.As, f.In, f.Join, f.Label = whole.As, whole.In, whole.Join, whole.Label
	switch v := v.(type) {
	case string:
		f.Paths = []string{v}
	case []any:
		for _, p := range v {
			f.Paths = append(f.Paths, fmt.Sprint(p))
		}
	default:
		return fmt.Errorf("a field comes from a path or a list of paths, not from %v", v)
	}
	return nil
}

// Customs are the places where custom fields stand; one alone needs no list.
type Customs []Custom

// UnmarshalYAML reads one place or a list of them.
func (c *Customs) UnmarshalYAML(unmarshal func(any) error) error {
	return oneOrMany((*[]Custom)(c), unmarshal)
}

// Custom says where custom fields stand in a person's row, and how they are discovered:
// by a call, or where there is none from the rows themselves.
type Custom struct {
	Call  `yaml:",inline"`
	Where map[string]string `yaml:"where"` // of the definitions those alone: path → text
	Key   string            `yaml:"key"`
	Label string            `yaml:"label"`
	Kind  string            `yaml:"kind"`  // path of the kind's word
	Kinds map[string]string `yaml:"kinds"` // from the vendor's words to date, number, boolean, e-mail, phone; others are text

	At string `yaml:"at"` // path of what holds them: an object by key, a list (see Each), or empty with Rest
	// Value is the path of the value inside of an object's entry, as in {key: {value: …}}.
	Value string `yaml:"value"`
	// Told says that code tells which there are, in Own.Fields; the rows do where that is refused.
	Told bool `yaml:"told"`
	// Each says that they stand in a list of entries.
	Each *Each `yaml:"each"`
	// Rest takes every key that no field, and none of Except, names.
	Rest   bool     `yaml:"rest"`
	Except []string `yaml:"except"`
	// Flat gives what is inside of objects as key.inner, also in entries of Each; else an
	// object is given as JSON.
	Flat bool `yaml:"flat"`
	// Prefix is what keys must begin with.
	Prefix string `yaml:"prefix"`
	If     string `yaml:"if"`

	taken map[string]bool // keys that are no custom fields; worked out when the manifest is read
}

// Each is an entry of a list of custom values.
type Each struct {
	Key   string `yaml:"key"`
	Value Paths  `yaml:"value"` // the first that has a value
	Label string `yaml:"label"`
}

// Paths is a path or a list of them.
type Paths []string

// UnmarshalYAML reads one path or a list of them.
func (p *Paths) UnmarshalYAML(unmarshal func(any) error) error {
	return oneOrMany((*[]string)(p), unmarshal)
}

// Names is a list that gives the name for an id.
type Names struct {
	Call `yaml:",inline"`
	ID   Paths  `yaml:"id"`   // several make one id, with / between them
	Name string `yaml:"name"` // a path, or a text with {.path} in it
	// Below is the path of further such rows in each row, where the list is a tree.
	Below string `yaml:"below"`
	// One says that the answer is the only row.
	One bool   `yaml:"one"`
	If  string `yaml:"if"`
	// For are the fields that code makes of it, so that it is read only for them.
	For []string `yaml:"for"`
}

func (n Names) id(row any) string {
	var parts []string
	for _, path := range n.ID {
		parts = append(parts, TextAt(row, path))
	}
	return strings.Join(parts, "/")
}

// Costs says how many calls a reading takes: one for each so many rows, some for each
// person, and some for the rest.
type Costs struct {
	Rows int     `yaml:"rows"`
	Each float64 `yaml:"each"`
	Side int     `yaml:"side"`
}

func (m *Manifest) checkPeople() error {
	var wrong []error
	p := m.People
	for id, from := range p.Fields {
		_, canonical := core.CanonicalField(id)
		_, reading := readings[from.As]
		_, lookup := m.Lookups[from.In]
		wrong = append(wrong,
			refuse(!canonical && !strings.HasPrefix(id, customPrefix), "%s: %q is no canonical field", m.ID, id),
			refuse(!reading, "%s: %s: nothing is read as %q", m.ID, id, from.As),
			refuse(from.In != "" && !lookup && p.asks(), "%s: %s: there is no lookup %q", m.ID, id, from.In))
	}
	for id := range p.Wish {
		_, read := p.Fields[id]
		wrong = append(wrong, refuse(!read, "%s: parameters are wished for %q, which is not read", m.ID, id))
	}
	for name, d := range p.Detail {
		_, joined := p.Join[d.Unless]
		wrong = append(wrong, refuse(d.Unless != "" && !joined, "%s: %s: there is no list %q", m.ID, name, d.Unless))
	}
	for _, r := range p.Status {
		wrong = append(wrong, refuse(!slices.Contains(statuses, r.Is), "%s: no status is called %q", m.ID, r.Is))
	}
	for _, c := range p.Custom {
		for _, kind := range c.Kinds {
			_, ok := customKinds[kind]
			wrong = append(wrong, refuse(!ok, "%s: no kind is called %q", m.ID, kind))
		}
	}
	return errors.Join(wrong...)
}

var statuses = []string{core.StatusActive, core.StatusOnLeave, core.StatusTerminated, core.StatusFuture, core.StatusUnknown}

var customKinds = map[string]core.Kind{"text": core.Text, "date": core.Date, "number": core.Number, "boolean": core.Bool, "e-mail": core.Email, "phone": core.Phone}

// effortPeople is the size of company that the card's estimate is for.
const effortPeople = 50_000

// effort says how many calls it takes to read a large company, and how long at the
// published pace; empty where it cannot be told.
func (m *Manifest) effort() string {
	rows, each, side := m.Costs.Rows, m.Costs.Each, m.Costs.Side
	if p := m.People; p.asks() && m.Costs == (Costs{}) {
		side = 1 + len(m.Lookups) + len(p.Join) + len(p.Also)
		for _, d := range p.Detail {
			if d.Unless == "" {
				each++
			}
		}
		if p.Page.Size != nil {
			rows = p.Page.Size.Is
		}
	} else if m.Costs == (Costs{}) {
		return ""
	}
	calls := side + int(each*effortPeople)
	if rows > 0 {
		calls += effortPeople / rows
	}
	took := ""
	for _, p := range m.Pace {
		if p.Calls > 0 {
			took = fmt.Sprintf(", %s at the pace that %s allows", roughly(calls*int(p.Per)/p.Calls), m.Name)
		}
	}
	return fmt.Sprintf("Reading 50,000 people takes about %s%s.", count(calls, "call"), took)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits + " " + noun + "s"
}

// roughly gives a time in the largest unit that fits, rounded up.
func roughly(nanoseconds int) string {
	const second = 1_000_000_000
	for _, u := range []struct {
		name string
		is   int
	}{{"hour", 3600 * second}, {"minute", 60 * second}, {"second", second}} {
		if nanoseconds >= 2*u.is {
			return count((nanoseconds+u.is-1)/u.is, u.name)
		}
	}
	return "a second or two"
}

// root gives the first name of a path.
func root(path string) string {
	if i := strings.IndexAny(path, ".["); i >= 0 {
		return path[:i]
	}
	return path
}

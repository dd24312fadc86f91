package manifest

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// Manifest is all that is written down of a connector. A described vendor has every part
// that reading needs; one that is written in Go may leave out what its code does.
// {option} in a text is replaced by the answer to that option; there is no other magic.
type Manifest struct {
	core.Spec `yaml:",inline"`
	Auth      Auth              `yaml:"auth"`
	Base      string            `yaml:"base"`
	Header    map[string]string `yaml:"header"`
	Pace      []Pace            `yaml:"pace"`
	// LeastWait is how long to wait at least after too many calls.
	LeastWait Duration         `yaml:"leastWait"`
	Errors    map[int]Sentence `yaml:"errors"` // by status
	Check     *Call            `yaml:"check"`
	People    People           `yaml:"people"`
	Lookups   map[string]Names `yaml:"lookups"` // lists that give names for ids
}

// Auth says how requests are signed; one way at most.
type Auth struct {
	Bearer string            `yaml:"bearer"`
	Basic  *Basic            `yaml:"basic"`
	Header map[string]string `yaml:"header"`
	Token  *TokenCall        `yaml:"token"`
}

// Basic is a user name and a password.
type Basic struct {
	User     string `yaml:"user"`
	Password string `yaml:"password"`
}

// TokenCall gets a bearer token for the other calls; a form or a JSON body is sent.
type TokenCall struct {
	Post    string            `yaml:"post"`
	Form    map[string]string `yaml:"form"`
	JSON    map[string]string `yaml:"json"`
	Token   string            `yaml:"token"`   // path of the token in the answer
	Expires string            `yaml:"expires"` // path of its life in seconds
}

// Pace is a published limit.
type Pace struct {
	Calls int      `yaml:"calls"`
	Per   Duration `yaml:"per"`
	Burst int      `yaml:"burst"`
}

// Duration is written as 5s or 1m.
type Duration time.Duration

// UnmarshalYAML reads 5s or 1m.
func (d *Duration) UnmarshalYAML(unmarshal func(any) error) error {
	var text string
	if err := unmarshal(&text); err != nil {
		return err
	}
	parsed, err := time.ParseDuration(text)
	*d = Duration(parsed)
	return err
}

// Sentence is what to say of a status.
type Sentence struct {
	Code core.Code `yaml:"code"`
	What string    `yaml:"what"`
	Fix  string    `yaml:"fix"`
}

// Call is a call that proves something.
type Call struct {
	Get   string            `yaml:"get"`
	Query map[string]string `yaml:"query"`
}

// People says how everybody is read.
type People struct {
	Get    string            `yaml:"get"`
	Post   string            `yaml:"post"`
	Query  map[string]string `yaml:"query"`
	Body   map[string]any    `yaml:"body"`
	Page   Page              `yaml:"page"`
	List   string            `yaml:"list"`  // path of the rows; empty: the answer is the list
	Total  string            `yaml:"total"` // path of the number of all rows
	Fields map[string]From   `yaml:"fields"`
	Custom *Custom           `yaml:"custom"`
	Status Status            `yaml:"status"`
}

// Page says how pages follow each other; without a way there is one page. The
// parameters stand in the query, or in the body where the call is a POST.
type Page struct {
	Offset *Step `yaml:"offset"` // index of the first row
	Number *Step `yaml:"number"` // number of the page
	Cursor *Step `yaml:"cursor"` // a text from the last answer
	Link   *Step `yaml:"link"`   // a whole address from the last answer
	Size   *Size `yaml:"size"`
}

// Step is how the next page is named.
type Step struct {
	Param string `yaml:"param"`
	From  string `yaml:"from"`  // of Cursor and Link: where the next one stands
	First int    `yaml:"first"` // of Number
	Last  string `yaml:"last"`  // of Number: where the number of pages stands
}

// Size is how many rows to ask for.
type Size struct {
	Param string `yaml:"param"`
	Is    int    `yaml:"is"`
}

// From says where a field comes from: the first of the paths that has a value.
type From struct {
	Paths []string
	As    string // text, date or html
	In    string // lookup that gives the name for the id found
}

// UnmarshalYAML reads a path, a list of paths, or {from: …, as: …, in: …}.
func (f *From) UnmarshalYAML(unmarshal func(any) error) error {
	var whole struct {
		From any    `yaml:"from"`
		As   string `yaml:"as"`
		In   string `yaml:"in"`
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
	f.As, f.In = whole.As, whole.In
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

// Custom says where custom fields stand and how they are discovered.
type Custom struct {
	Get   string `yaml:"get"`
	List  string `yaml:"list"`
	Key   string `yaml:"key"`
	Label string `yaml:"label"`
	At    string `yaml:"at"` // path of the object in a person's record that holds them by key
}

// Status says which words mean what; a word of none of the lists is unknown. Where
// Starts is set, somebody active whose startDate is ahead is future.
type Status struct {
	From       string   `yaml:"from"`
	Active     []string `yaml:"active"`
	OnLeave    []string `yaml:"onLeave"`
	Terminated []string `yaml:"terminated"`
	Future     []string `yaml:"future"`
	Starts     bool     `yaml:"starts"`
}

// Names is a list that gives the name for an id.
type Names struct {
	Get  string `yaml:"get"`
	List string `yaml:"list"`
	ID   string `yaml:"id"`
	Name string `yaml:"name"`
}

// Read reads a manifest. A key that nothing knows is an error, and so is whatever
// DecodeSpec would refuse.
func Read(data []byte) (*Manifest, error) {
	var m Manifest
	if err := decode(data, &m); err != nil {
		return nil, err
	}
	if err := checkSpec(m.Spec); err != nil {
		return nil, err
	}
	for id, from := range m.People.Fields {
		if _, ok := core.CanonicalField(id); !ok {
			return nil, fmt.Errorf("manifest: %s: %q is no canonical field", m.ID, id)
		}
		if _, ok := readings[from.As]; !ok {
			return nil, fmt.Errorf("manifest: %s: %s: nothing is read as %q", m.ID, id, from.As)
		}
		if _, ok := m.Lookups[from.In]; from.In != "" && !ok {
			return nil, fmt.Errorf("manifest: %s: %s: there is no lookup %q", m.ID, id, from.In)
		}
	}
	return &m, nil
}

// Must is Read for a manifest that is part of the program, where an error is our mistake.
func Must(data []byte) *Manifest {
	m, err := Read(data)
	if err != nil {
		panic(err)
	}
	return m
}

// Described says that the manifest alone can read people.
func (m *Manifest) Described() bool { return m.People.Get != "" || m.People.Post != "" }

var blank = regexp.MustCompile(`\{(\w+)\}`)

// Fill replaces {option} by answers.
func Fill(text string, a core.Answers) string {
	return blank.ReplaceAllStringFunc(text, func(s string) string { return a.Get(strings.Trim(s, "{}")) })
}

var hostPart = regexp.MustCompile(`^[A-Za-z0-9._:/-]*$`)

// Config makes the settings of a client from what the manifest says; the signer is that
// of Auth, or nil.
func (m *Manifest) Config(a core.Answers, env core.Env) (rest.Config, error) {
	for _, match := range blank.FindAllStringSubmatch(m.Base, -1) {
		if !hostPart.MatchString(a.Get(match[1])) {
			return rest.Config{}, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("An address cannot be made of what was given for %q of %s.", match[1], m.Name),
				Fix: "Use letters, digits, points and hyphens only."}
		}
	}
	cfg := rest.Config{Vendor: m.Name, Base: Fill(m.Base, a), Env: env, LeastWait: time.Duration(m.LeastWait), Header: http.Header{},
		Sentences: map[int]core.Problem{}, Sign: m.signer(a)}
	for name, value := range m.Header {
		if value = Fill(value, a); value != "" {
			cfg.Header.Set(name, value)
		}
	}
	for _, p := range m.Pace {
		cfg.Pace = append(cfg.Pace, rest.Pace{Calls: p.Calls, Per: time.Duration(p.Per), Burst: p.Burst})
	}
	for status, s := range m.Errors {
		cfg.Sentences[status] = core.Problem{Code: s.Code, What: s.What, Fix: s.Fix}
	}
	for _, o := range m.Options {
		if o.Secret {
			cfg.Hide = append(cfg.Hide, a[o.ID])
		}
	}
	return cfg, nil
}

func (m *Manifest) signer(a core.Answers) rest.Signer {
	switch w := m.Auth; {
	case w.Bearer != "":
		return rest.Bearer(core.Secret(Fill(w.Bearer, a)))
	case w.Basic != nil:
		return rest.Basic(Fill(w.Basic.User, a), core.Secret(Fill(w.Basic.Password, a)))
	case w.Token != nil:
		return rest.Exchange(w.Token.fetch(a))
	default:
		for _, name := range slices.Sorted(maps.Keys(w.Header)) {
			return rest.Fixed(name, core.Secret(Fill(w.Header[name], a)))
		}
	}
	return nil
}

func filled(texts map[string]string, a core.Answers) url.Values {
	v := url.Values{}
	for name, text := range texts {
		v.Set(name, Fill(text, a))
	}
	return v
}

package manifest

import (
	"fmt"
	"net/http"
	"regexp"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// Manifest is all that is written down of a connector. A described vendor has every part
// that reading needs; one that is written in Go may leave out what its code does.
//
// {option} in a text is replaced by the answer to that option, {.path} by what stands at
// that path of the person's row, {today} by the day of reading and {now} by its time in
// UTC; there is no other magic.
type Manifest struct {
	core.Spec `yaml:",inline"`
	Auth      Ways   `yaml:"auth"`
	Base      string `yaml:"base"`
	// Words replace answers in texts: by option, from the answer to what is written for it.
	Words  map[string]map[string]string `yaml:"words"`
	Hosts  []string                     `yaml:"hosts"` // other hosts that absolute addresses may name
	Header map[string]string            `yaml:"header"`
	Pace   []Pace                       `yaml:"pace"`
	// LeastWait is how long to wait at least after too many calls.
	LeastWait Duration         `yaml:"leastWait"`
	MaxBody   int64            `yaml:"maxBody"` // largest answer in MB; 0: 64
	Errors    map[int]Sentence `yaml:"errors"`  // by status
	Check     Proofs           `yaml:"check"`
	// Known are values that are asked for first, and stand in texts under their names as
	// answers do; a later one may use an earlier one by the alphabet.
	Known   map[string]Known `yaml:"known"`
	People  People           `yaml:"people"`
	Lookups map[string]Names `yaml:"lookups"` // lists that give names for ids
	// Costs says how many calls a reading takes, of a vendor that is written in Go.
	Costs Costs `yaml:"costs"`
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

// Known is a value from a call.
type Known struct {
	Call `yaml:",inline"`
	At   Paths `yaml:"at"` // where it stands in the answer: the first path that has a value
	// Optional says that the call may be refused (403, 404), and the value be empty.
	Optional bool `yaml:"optional"`
}

// Proofs are calls that prove something; one alone needs no list.
type Proofs []Proof

// Proof is a call that proves the credentials, or one permission.
type Proof struct {
	Call   `yaml:",inline"`
	Proves string `yaml:"proves"` // id of the permission that is missing where the call is refused
}

// UnmarshalYAML reads one call or a list of them.
func (p *Proofs) UnmarshalYAML(unmarshal func(any) error) error {
	return oneOrMany((*[]Proof)(p), unmarshal)
}

// oneOrMany reads a list, or one thing as a list of it.
func oneOrMany[T any](into *[]T, unmarshal func(any) error) error {
	var v any
	if err := unmarshal(&v); err != nil {
		return err
	}
	if _, ok := v.([]any); ok {
		return unmarshal(into)
	}
	var one T
	err := unmarshal(&one)
	*into = []T{one}
	return err
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
	if err := m.checkPeople(); err != nil {
		return nil, err
	}
	for i, c := range m.People.Custom {
		m.People.Custom[i].taken = m.named(c)
	}
	m.Effort = m.effort()
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
func (m *Manifest) Described() bool { return m.People.asks() }

var hostPart = regexp.MustCompile(`^[A-Za-z0-9._:/-]*$`)

// Config makes the settings of a client from what the manifest says; the signer is that
// of Auth, or nil. A base address that cannot be made of the answers is a BadOption problem.
func (m *Manifest) Config(a core.Answers, env core.Env) (rest.Config, error) {
	v := m.vars(a)
	for _, match := range blank.FindAllStringSubmatch(m.Base, -1) {
		whole := m.Base == match[0] // an address as a whole is checked by the client
		if text, _ := v.value(match[1]); !whole && !hostPart.MatchString(text) {
			return rest.Config{}, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("An address cannot be made of what was given for %q of %s.", match[1], m.Name),
				Fix: "Use letters, digits, points and hyphens only."}
		}
	}
	cfg := rest.Config{Vendor: m.Name, Base: v.fill(m.Base), Env: env, LeastWait: time.Duration(m.LeastWait), Header: http.Header{},
		Sentences: map[int]core.Problem{}, Sign: m.signer(v, env), MaxBody: m.MaxBody << 20}
	for _, host := range m.Hosts {
		cfg.Hosts = append(cfg.Hosts, v.fill(host))
	}
	for name, value := range m.Header {
		if value = v.fill(value); value != "" {
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

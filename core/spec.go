package core

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Spec is what is known of a connector before anyone connects: its card, its form and
// what it can do. It is read from the connector's manifest.
type Spec struct {
	ID          string       `json:"id" yaml:"id"`
	Name        string       `json:"name" yaml:"name"`
	Aliases     []string     `json:"aliases,omitempty" yaml:"aliases"` // other names of it that people search for
	Category    Category     `json:"category" yaml:"category"`
	Description string       `json:"description" yaml:"description"` // one or two lines for the card
	Colour      string       `json:"colour" yaml:"colour"`           // #rrggbb
	Regions     []string     `json:"regions,omitempty" yaml:"regions"`
	Source      bool         `json:"source" yaml:"source"`         // people can be read from it
	Target      bool         `json:"target" yaml:"target"`         // accounts can be written to it
	Reads       []string     `json:"reads,omitempty" yaml:"reads"` // what is read and why, a line each
	Can         []string     `json:"can,omitempty" yaml:"can"`     // skills, see the Can… constants
	Options     []Option     `json:"options" yaml:"options"`
	Permissions []Permission `json:"permissions,omitempty" yaml:"permissions"`
	Notes       []string     `json:"notes,omitempty" yaml:"notes"` // what a person should know before connecting
	// CannotUndo says, verb by verb, what this target cannot take back, in a sentence
	// that is shown before the first write.
	CannotUndo map[string]string `json:"cannotUndo,omitempty" yaml:"cannotUndo"`
	// Confidence names doubtful points and how sure we are of each.
	Confidence []Doubt `json:"confidence,omitempty" yaml:"confidence"`
	Limits     string  `json:"limits,omitempty" yaml:"limits"` // the vendor's published pace, a sentence
	Website    string  `json:"website,omitempty" yaml:"website"`
	// Workers is how many writes are under way at once; 0: one after the other.
	Workers int `json:"workers,omitempty" yaml:"workers"`
	// Effort is about how long it takes to read a large company, a sentence; it is worked
	// out from the limits and not written down.
	Effort string `json:"effort,omitempty" yaml:"-"`
}

// Category is where a card is found.
type Category string

// The categories of the Integrations page.
const (
	HRSystem  Category = "hr"
	Directory Category = "directory"
	File      Category = "file"
)

// Skills that screens know before anyone connects.
const (
	CanReadSince  = "since"      // changes since a time
	CanDiscover   = "discover"   // custom fields from the live system
	CanCreate     = "create"     // accounts can be created
	CanUpdate     = "update"     //
	CanDeactivate = "deactivate" // and reactivated
	CanDelete     = "delete"     //
	CanManagers   = "managers"   // references to other accounts
	CanAccounts   = "accounts"   // accounts of a SaaS product beside people
	CanManifest   = "manifest"   // what a person described can be exported as a manifest
	CanRestore    = "restore"    // deleted accounts can be brought back
	CanGroups     = "groups"     // membership of groups, as the attribute Groups
	CanImport     = "import"     // large plans can be handed to the platform's own engine
)

// Groups is the attribute that holds the names of the groups that an account is in, of
// those groups that the connection looks after.
const Groups = "groups"

// Has says that the connector has a skill.
func (s Spec) Has(skill string) bool { return slices.Contains(s.Can, skill) }

// Option gives a question by its id; the zero value where it asks no such thing.
func (s Spec) Option(id string) Option {
	for _, o := range s.Options {
		if o.ID == id {
			return o
		}
	}
	return Option{}
}

// LeaverDays gives how many days back people who left are read from such a source, where a
// setup says so many: of files all of them where it says nothing. They stand in the file
// anyway, and one of them may still have an account.
func (s Spec) LeaverDays(said int) int {
	if said == 0 && s.Category == File {
		return AllLeavers
	}
	return said
}

// Option is one question of a connection's form.
type Option struct {
	ID      string     `json:"id" yaml:"id"`
	Label   string     `json:"label" yaml:"label"`
	Help    string     `json:"help" yaml:"help"`             // one sentence
	Where   []string   `json:"where,omitempty" yaml:"where"` // click by click
	Example string     `json:"example,omitempty" yaml:"example"`
	Pattern string     `json:"pattern,omitempty" yaml:"pattern"`
	Kind    OptionKind `json:"kind,omitempty" yaml:"kind"`
	Choices []Choice   `json:"choices,omitempty" yaml:"choices"`
	Default string     `json:"default,omitempty" yaml:"default"`
	Secret  bool       `json:"secret,omitempty" yaml:"secret"`
	// Optional questions may be left empty.
	Optional bool `json:"optional,omitempty" yaml:"optional"`
	// Advanced questions stand behind "More settings".
	Advanced bool `json:"advanced,omitempty" yaml:"advanced"`
	// For names the writes that the question is about: verbs, and attributes such as groups.
	// Empty: it matters for reading too.
	For []string `json:"for,omitempty" yaml:"for"`
	// ShowIf asks the question only where another option has one of these values.
	ShowIf map[string][]string `json:"showIf,omitempty" yaml:"showIf"`
	// PEM says that the answer can be taken from a file with a certificate or its key, and
	// which of them it is. Such a question is of the kind TextOption.
	PEM PEM `json:"pem,omitempty" yaml:"pem"`
}

// PEM is a part of a file that holds a certificate, its key, or both.
type PEM string

// The parts.
const (
	CertificatePEM PEM = "certificate"
	KeyPEM         PEM = "key"
)

// KeyFileEndings are those of such files.
var KeyFileEndings = []string{"pfx", "p12", "pem", "crt", "cer", "key"}

// KeyFile is what such a file holds, each part as PEM text or empty.
type KeyFile struct{ Certificate, Key Secret }

// Part gives one part.
func (f KeyFile) Part(p PEM) Secret {
	if p == KeyPEM {
		return f.Key
	}
	return f.Certificate
}

// Answers gives what a file answers of the questions that are asked. It must answer the one
// that it was chosen for. The name is for the sentence.
func (f KeyFile) Answers(name string, chosen Option, asked []Option) (Answers, error) {
	if f.Part(chosen.PEM) == "" {
		what := map[PEM]string{CertificatePEM: "certificate", KeyPEM: "private key"}[chosen.PEM]
		return nil, &Problem{Code: BadOption, What: fmt.Sprintf("%s holds no %s.", name, what), Fix: fmt.Sprintf("Choose the file with the %s, or a PFX file (.pfx or .p12), which holds both.", what)}
	}
	answers := Answers{}
	for _, o := range asked {
		if o.PEM != "" && f.Part(o.PEM) != "" {
			answers[o.ID] = f.Part(o.PEM)
		}
	}
	return answers, nil
}

// OptionKind says how a question is drawn. The zero value is a line of text.
type OptionKind string

// The kinds of question.
const (
	LineOption   OptionKind = ""
	ChoiceOption OptionKind = "choice"
	FileOption   OptionKind = "file"
	FolderOption OptionKind = "folder"
	BoolOption   OptionKind = "bool"
	NumberOption OptionKind = "number"
	URLOption    OptionKind = "url"
	TextOption   OptionKind = "text" // several lines
)

// Choice is one answer of a list.
type Choice struct {
	Value string `json:"value" yaml:"value"`
	Label string `json:"label" yaml:"label"`
	Help  string `json:"help,omitempty" yaml:"help"`
}

// Permission is a right that the credentials need, by the vendor's exact name.
type Permission struct {
	ID      string `json:"id" yaml:"id"`
	Label   string `json:"label" yaml:"label"`
	Needed  bool   `json:"needed" yaml:"needed"`   // nothing works without it
	Without string `json:"without" yaml:"without"` // what is absent without it, a sentence
	Grant   string `json:"grant,omitempty" yaml:"grant"`
	// For names the writes that need it: verbs, and attributes that need a right of their
	// own (groups, manager). Empty: it is for reading.
	For []string `json:"for,omitempty" yaml:"for"`
}

// Doubt is a point of a connector that its sources leave open.
type Doubt struct {
	Point string `json:"point" yaml:"point"`
	Level string `json:"level" yaml:"level"` // official, client, inferred, tried
}

// Shown says whether the question is asked, given the other answers.
func (o Option) Shown(all []Option, a Answers) bool {
	for id, wanted := range o.ShowIf {
		got := a.Get(id)
		if got == "" {
			got = defaultOf(all, id)
		}
		if !slices.Contains(wanted, got) {
			return false
		}
	}
	return true
}

func defaultOf(all []Option, id string) string {
	for _, o := range all {
		if o.ID == id {
			return o.Default
		}
	}
	return ""
}

// Complete gives the answers with defaults filled in, blanks cut and questions that are
// not asked left out. It returns a BadOption problem that names the first answer that is
// missing, does not match its pattern, or belongs to no question.
func (s Spec) Complete(a Answers) (Answers, error) {
	for id := range a { // first, because a misspelt name is also a missing answer
		if !slices.ContainsFunc(s.Options, func(o Option) bool { return o.ID == id }) {
			return nil, &Problem{Code: BadOption, What: fmt.Sprintf("%s has no option %q.", s.Name, id), Fix: "Remove it, or see “rollcall connectors --json” for the options it has."}
		}
	}
	a = s.implied(a)
	full := Answers{}
	for _, o := range s.Options {
		if !o.Shown(s.Options, a) {
			continue
		}
		v := strings.TrimSpace(a.Get(o.ID))
		if v == "" {
			v = o.Default
		}
		if err := o.check(s.Name, v); err != nil {
			return nil, err
		}
		if v != "" {
			full[o.ID] = Secret(v)
		}
	}
	return full, nil
}

// implied adds a choice that was not made and that the other answers tell: where the
// default would ask for none of them, the first one that asks for all of them.
func (s Spec) implied(a Answers) Answers {
	for _, o := range s.Options {
		fits := func(value string) bool {
			return !slices.ContainsFunc(s.Options, func(other Option) bool {
				wanted, hangs := other.ShowIf[o.ID]
				return hangs && a.Get(other.ID) != "" && !slices.Contains(wanted, value)
			})
		}
		if len(o.Choices) == 0 || a.Get(o.ID) != "" || fits(o.Default) {
			continue
		}
		if at := slices.IndexFunc(o.Choices, func(c Choice) bool { return fits(c.Value) }); at >= 0 {
			a = maps.Clone(a)
			a[o.ID] = Secret(o.Choices[at].Value)
		}
	}
	return a
}

func (o Option) check(connector, v string) error {
	switch {
	case v == "" && o.Optional:
		return nil
	case v == "":
		return &Problem{Code: BadOption, What: fmt.Sprintf("%s needs “%s”.", connector, o.Label), Fix: o.Help}
	case len(o.Choices) > 0 && !slices.ContainsFunc(o.Choices, func(c Choice) bool { return c.Value == v }):
		return &Problem{Code: BadOption, What: fmt.Sprintf("“%s” of %s is none of its choices.", o.Label, connector), Fix: "Choose one of: " + o.choiceList() + "."}
	case o.Pattern != "" && !regexp.MustCompile(o.Pattern).MatchString(v):
		fix := o.Help
		if o.Example != "" {
			fix = "It looks like this: " + o.Example + "."
		}
		return &Problem{Code: BadOption, What: fmt.Sprintf("“%s” of %s does not look right.", o.Label, connector), Fix: fix}
	}
	return nil
}

func (o Option) choiceList() string {
	values := make([]string, len(o.Choices))
	for i, c := range o.Choices {
		values[i] = c.Value
	}
	return strings.Join(values, ", ")
}

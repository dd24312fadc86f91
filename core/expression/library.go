package expression

import (
	"slices"
	"strings"

	"github.com/hbollon/go-edlib"
)

// Function describes one function of the language for the editor's help and the docs.
type Function struct {
	Name      string
	Group     string // heading under which help lists it
	Signature string
	Help      string // one sentence; names the index base where there is one
	Example   string
	Result    string   // what Example gives, as text
	Aliases   []string // other names that are accepted
}

// function is one entry of the library: what it is called and what it does. Exactly one
// of call, lazy and build is set.
type function struct {
	name, signature, help string
	example, result       string
	aliases               string // separated by blanks
	min, max              int    // number of arguments; max -1 is any
	strict                bool   // null when the first argument is null
	volatile              bool
	patterns              []int // arguments that are regular expressions
	call                  func(f *frame, args []Value) (Value, error)
	lazy                  func(f *frame, args []eval) (Value, error)
	build                 builder
	group                 string
	needs                 func(c *Context) bool // false: not available in this place
	reads                 []string              // fields it reads by itself
	readsNamed            bool                  // reads the field that its first argument names
}

type section struct {
	name      string
	functions []function
}

// sections is filled by init, because functions that evaluate others would otherwise
// refer to themselves.
var (
	sections []section
	library  map[string]*function // by lower-case name and alias
)

func init() {
	sections = []section{
		{"Text", textFunctions}, {"Cutting", cuttingFunctions}, {"Replacing", replaceFunctions},
		{"Names and logins", nameFunctions}, {"Lists", listFunctions}, {"Conditions", logicFunctions},
		{"Choices", switchFunctions}, {"Numbers and codes", numberFunctions}, {"Dates", dateFunctions},
		{"Time zones", zoneFunctions}, {"Countries and phones", countryFunctions},
		{"Directory", directoryFunctions}, {"Unique and random", uniqueFunctions},
	}
	library = map[string]*function{}
	for _, s := range sections {
		for i := range s.functions {
			fn := &s.functions[i]
			fn.group = s.name
			library[strings.ToLower(fn.name)] = fn
			for alias := range strings.FieldsSeq(fn.aliases) {
				library[strings.ToLower(alias)] = fn
			}
		}
	}
}

// Functions lists every function, by group and in the order in which help shows them.
func Functions() []Function {
	var out []Function
	for _, s := range sections {
		for _, fn := range s.functions {
			out = append(out, Function{Name: fn.name, Group: s.name, Signature: fn.signature, Help: fn.help,
				Example: fn.example, Result: fn.result, Aliases: strings.Fields(fn.aliases)})
		}
	}
	return out
}

// known finds a function by any of its names, in any case.
func known(name string) (*function, bool) {
	fn, ok := library[strings.ToLower(name)]
	return fn, ok
}

// nearest gives the name most like an unknown one; "" when none is near.
func nearest(name string) string {
	lower := strings.ToLower(name)
	names := make([]string, 0, len(library))
	for n := range library {
		names = append(names, n)
	}
	slices.Sort(names)
	best, distance := "", 3
	if len(lower) < 5 {
		distance = 2
	}
	for _, n := range names {
		if d := edlib.OSADamerauLevenshteinDistance(lower, n); d < distance {
			best, distance = library[n].name, d
		}
	}
	return best
}

func unknownFunction(name string, at int) error {
	if near := nearest(name); near != "" {
		return mistake(at, "There is no function "+name+".", "Did you mean "+near+"?")
	}
	return mistake(at, "There is no function "+name+".", "Choose one from the list of functions.")
}

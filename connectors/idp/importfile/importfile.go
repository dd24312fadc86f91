// Package importfile writes a plan as the files that the consoles of directories read, for
// companies where nobody may use the directory's interface for programs. Each format is a
// description: which changes it can express, its columns, the attributes they are filled
// from, its limits, and the page of the vendor where that stands. What a format cannot say
// is never dropped in silence: the report names the row, the attribute and the reason.
//
// The values stand in the file exactly as the directory is to keep them. The apostrophe
// that the exports for people put before a value that a spreadsheet would take for a
// formula is left out on purpose: a machine reads these files and would keep it.
package importfile

import (
	"slices"
	"strings"

	"rollcall/core"
)

// Format is one kind of import file.
type Format struct {
	ID      string // the word on the command line
	Label   string // where it is uploaded, as the console calls it
	System  string // the vendor's product, as sentences name it
	Verbs   []core.Verb
	Columns []Column
	Sources []string // pages of the vendor that say so
	Doubts  []string // what no page says
	Notes   []string // what whoever uploads the file has to know

	first      string               // a line above the headings
	bom        bool                 // a byte order mark at the beginning
	rows       int                  // people in one file at most; 0: no limit
	size       int                  // bytes of one file at most; 0: no limit
	breaks     bool                 // values may have line breaks
	bare       bool                 // values may not begin or end with a blank
	whole      bool                 // every column stands in the file, also where nobody has a value
	own        bool                 // attributes of the customer's own are columns under their names
	restores   bool                 // only deleted accounts are taken, to bring them back
	passwords  bool                 // first passwords stand in it in clear
	unsayable  map[core.Verb]string // why a verb cannot be expressed
	unsayables map[string]string    // why an attribute cannot, where there is more to say than that no column is for it
}

// Column is one column of a format.
type Column struct {
	Heading  string
	From     []string // attributes that fill it: ids of the directory's connector, then other names; the heading always does
	Required bool
	Max      int  // characters; 0: no limit known
	Several  bool // takes several values, with commas between them

	part  part
	looks interface{ MatchString(string) bool }
	form  string            // how a value has to look, after “It has to”
	empty map[string]string // attribute → what stands for its empty value
	fresh string            // for a new account: what stands in it where no attribute fills it
	kept  string            // for an existing one, likewise
	draw  func() string     // makes what stands in it for a new account
	on    string            // the state of an account that can sign in, and of one that cannot
	off   string
	alone bool // a value that two users have is of no use to either
	own   bool // of an attribute of the customer's own
}

// part is what a column does in its format.
type part uint8

const (
	value    part = iota
	login         // names the account: of an existing one as it is now
	renamed       // the new name of an existing account
	fixed         // what the console wants to be told, of no attribute
	state         // whether the owner may sign in
	identity      // the directory's id of the account
	address       // another account, by the name it signs in with
	number        // another account, by its id
)

// Formats gives all formats, in the order in which they are offered.
func Formats() []Format {
	return []Format{google(), entraCreate(), entraDelete(), entraRestore(), okta()}
}

// IDs gives the words by which formats are chosen.
func IDs() []string {
	var ids []string
	for _, f := range Formats() {
		ids = append(ids, f.ID)
	}
	return ids
}

// Find gives the format of that id; a BadOption problem names those that there are.
func Find(id string) (Format, error) {
	formats := Formats()
	i := slices.IndexFunc(formats, func(f Format) bool { return f.ID == id })
	if i < 0 {
		return Format{}, &core.Problem{Code: core.BadOption, What: "There is no import file called “" + id + "”.", Fix: "Choose one of " + strings.Join(IDs(), ", ") + "."}
	}
	return formats[i], nil
}

func (f *Format) at(p part) int {
	return slices.IndexFunc(f.Columns, func(c Column) bool { return c.part == p })
}

// Passwords says that first passwords stand in the file in clear.
func (f *Format) Passwords() bool { return f.passwords }

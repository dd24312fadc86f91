// Package seed makes up the company that the emulators hold: people as no vendor writes them, with everything that a
// fact sheet can express, so that each emulator only has to put them into its vendor's shape.
package seed

import "time"

// State is what the company thinks of an employment; each vendor has its own word for it.
type State int

// The states of an employment. Odd is a state that only this customer knows, named by Employee.Word.
const (
	Working State = iota
	OnLeave
	Left
	Starting
	Odd
)

// Void is how a record holds the values that are not there, where the vendor's shape leaves a choice.
type Void int

// The ways of having no value.
const (
	Null Void = iota
	Empty
	Missing
	Blank
)

// Unit is a department, a team, an office, a legal entity or a cost centre. The zero Unit is none.
type Unit struct {
	ID   int
	Name string
}

// Share is the part of a person's cost that a cost centre bears, in per cent.
type Share struct {
	Unit
	Percent int
}

// Address is where a person lives.
type Address struct {
	Line1, Line2, City, Region, PostalCode string
	Country, CountryCode                   string
}

// Job is an employment that ended before the present one began.
type Job struct {
	Title      string
	Start, End string
}

// Custom holds the fields that this company made for itself. Nil and empty mean no value; zero and false are values.
type Custom struct {
	Badge       string
	Building    Unit
	Languages   []string
	Anniversary string
	Bicycles    *int
	Hours       string // a decimal number as the vendor would write it, such as 40.0
	OnSite      *bool
	Note        string
}

// Employee is one person. Dates are YYYY-MM-DD; an empty text is no value, written as Void says.
type Employee struct {
	ID                                int
	Number                            string
	First, Middle, Last, Preferred    string
	Email, PersonalEmail              string
	WorkPhone, MobilePhone            string
	Title                             string
	Department, Team, Office          Unit
	Division                          string
	LegalEntity                       Unit
	CostCentres                       []Share
	ManagerID                         int
	Hire, End, ContractEnd, LastDay   string
	State                             State
	Word                              string
	Type                              string
	External                          bool
	Address                           Address
	Birth, Gender, Language, TimeZone string
	Photo                             string
	Custom                            Custom
	Earlier                           []Job
	Changed                           time.Time
	Removed                           bool
	Void                              Void

	manager *Employee
}

// Manager gives the manager's record, or nil if he has none or nobody here has that id.
func (e Employee) Manager() *Employee { return e.manager }

// OwnManager tells whether the person is entered as his own manager.
func (e Employee) OwnManager() bool { return e.ManagerID == e.ID && e.ID != 0 }

// Name is the first and the last name.
func (e Employee) Name() string { return e.First + " " + e.Last }

// Link gives a copy of people in which each knows his manager's record.
func Link(people []Employee) []Employee {
	linked := append([]Employee(nil), people...)
	byID := make(map[int]*Employee, len(linked))
	for i := range linked {
		byID[linked[i].ID] = &linked[i]
	}
	for i := range linked {
		linked[i].manager = byID[linked[i].ManagerID]
	}
	return linked
}

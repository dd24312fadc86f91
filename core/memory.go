package core

import "time"

// Memory is what a sync remembers from one plan to the next. It holds ids only.
type Memory struct {
	Links  []Link
	Absent map[string]Absence // by account
	Last   Tally              // of the last good reading
	// Accounts is how many accounts the last reading gave.
	Accounts int
}

// Absence counts in how many readings a managed account's person was missing.
type Absence struct {
	Runs        int
	First, Last time.Time
}

// Tally is how many people a reading gave, in all and by group ("legalEntity=North AB").
// Remembered are those alone who will come again: somebody who left drops out of the
// readings after a while, and that is no sign of a source that fails.
type Tally struct {
	At     time.Time // of the reading
	People int
	Groups map[string]int
}

// Progress is where a long job stands; Total is below zero while it is not known.
type Progress struct {
	Phase string // one of the Phase… constants
	Done  int
	Total int
}

// The phases of making a plan.
const (
	PhasePeople   = "people"
	PhaseAccounts = "accounts"
	PhaseCompare  = "compare"
)

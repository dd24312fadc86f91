package core

import (
	"cmp"
	"math"
)

// Setup is one configured sync without its secrets: what is read, who is meant, what is
// written and how carefully. The window and the configuration file hold the same thing.
type Setup struct {
	Source   Side     `yaml:"source" json:"source"`
	Target   Side     `yaml:"target" json:"target"`
	Filter   Filter   `yaml:"filter,omitempty" json:"filter,omitzero"`
	Entities []string `yaml:"legalEntities,omitempty" json:"legalEntities,omitempty"` // only people of these; empty: all
	Identity Identity `yaml:"identity" json:"identity"`
	Mapping  []Rule   `yaml:"mapping" json:"mapping"`
	Fields   []Custom `yaml:"fields,omitempty" json:"fields,omitempty"` // fields a person added by name and path
	Modes    Modes    `yaml:"modes" json:"modes"`
	// LeaverDays is how many days back people who left are read: 0 means UsualLeaverDays,
	// below zero all. Use LeaversBack.
	LeaverDays int `yaml:"leaverDays,omitempty" json:"leaverDays,omitempty"`
	// HandOver is from how many changes on a plan is handed to the target's own engine,
	// where it has one: 0 means UsualHandOver, below zero never. Use HandsOverFrom.
	HandOver int `yaml:"handOver,omitempty" json:"handOver,omitempty"`
	// FollowFrom is from how many accounts on a directory that can tell what changed is
	// read in whole only now and then: 0 means UsualFollowFrom, below zero never. Use
	// FollowsFrom.
	FollowFrom int      `yaml:"followFrom,omitempty" json:"followFrom,omitempty"`
	Guards     Guards   `yaml:"guards,omitempty" json:"guards,omitzero"`
	Protected  []string `yaml:"protected,omitempty" json:"protected,omitempty"` // account ids, logins or e-mails never to be changed
}

// UsualLeaverDays is how far back people who left are read where nothing else is said.
// AllLeavers reads them however long ago that is.
const (
	UsualLeaverDays = 90
	AllLeavers      = -1
)

// UsualHandOver is from how many changes on a plan is handed to an engine where nothing
// else is said.
const UsualHandOver = 5000

// HandsOverFrom gives from how many changes on a plan is handed over.
func (s Setup) HandsOverFrom() int {
	if s.HandOver < 0 {
		return math.MaxInt
	}
	return cmp.Or(s.HandOver, UsualHandOver)
}

// UsualFollowFrom is from how many accounts on a directory is followed where nothing else
// is said.
const UsualFollowFrom = 5000

// FollowsFrom gives from how many accounts on a directory is followed.
func (s Setup) FollowsFrom() int {
	if s.FollowFrom < 0 {
		return math.MaxInt
	}
	return cmp.Or(s.FollowFrom, UsualFollowFrom)
}

// deletionDays is for how long after its day a deletion can still be made: so long must
// the person come.
const deletionDays = 30

// LeaversBack gives how many days back people who left are read, below zero for all, as
// Want has it. Where accounts are deleted some time after the end date, people come for
// a month longer than that, or none would ever be deleted.
func (s Setup) LeaversBack() int {
	switch days := cmp.Or(s.LeaverDays, UsualLeaverDays); {
	case days < 0:
		return -1
	case s.Modes.Delete:
		return max(days, s.Modes.DeleteDaysAfter+deletionDays)
	default:
		return days
	}
}

// Side names one end: a connection by name, or a connector with its plain options.
type Side struct {
	Connection string            `yaml:"connection,omitempty" json:"connection,omitempty"`
	Connector  string            `yaml:"connector,omitempty" json:"connector,omitempty"`
	Options    map[string]string `yaml:"options,omitempty" json:"options,omitempty"`
}

// Filter keeps people for whom all (or any) of its conditions and groups hold. The
// zero filter keeps everybody.
type Filter struct {
	Any        bool        `yaml:"any,omitempty" json:"any,omitempty"` // any instead of all
	Not        bool        `yaml:"not,omitempty" json:"not,omitempty"`
	Conditions []Condition `yaml:"conditions,omitempty" json:"conditions,omitempty"`
	Groups     []Filter    `yaml:"groups,omitempty" json:"groups,omitempty"`
}

// IsZero says that the filter keeps everybody.
func (f Filter) IsZero() bool { return len(f.Conditions) == 0 && len(f.Groups) == 0 }

// Condition compares one field. The operators are listed by package filter.
type Condition struct {
	Field    string   `yaml:"field" json:"field"`
	Operator string   `yaml:"operator" json:"operator"`
	Values   []string `yaml:"values,omitempty" json:"values,omitempty"`
}

// Identity says how a person's account is found.
type Identity struct {
	// Keys are tried in order; the first that finds exactly one account wins, one that
	// finds several holds the row. The first is the sync key: an account without a
	// value in its attribute is not managed by this sync.
	Keys []Key `yaml:"keys" json:"keys"`
}

// Key compares fields of the person, joined by a blank where there are several, with
// one attribute of the account.
type Key struct {
	Fields    []string `yaml:"fields" json:"fields"`
	Attribute string   `yaml:"attribute" json:"attribute"`
}

// Rule says what one attribute gets. Exactly one of Field, Constant and Expression is set.
type Rule struct {
	Attribute  string    `yaml:"attribute" json:"attribute"`
	Field      string    `yaml:"field,omitempty" json:"field,omitempty"`
	Constant   *string   `yaml:"constant,omitempty" json:"constant,omitempty"`
	Expression string    `yaml:"expression,omitempty" json:"expression,omitempty"`
	Write      WriteRule `yaml:"write,omitempty" json:"write,omitempty"`
	Empty      EmptyRule `yaml:"empty,omitempty" json:"empty,omitempty"`
	Default    string    `yaml:"default,omitempty" json:"default,omitempty"`
}

// WriteRule says when an attribute is written.
type WriteRule string

// The write rules; the zero value means Always.
const (
	Always     WriteRule = "always"
	CreateOnly WriteRule = "create-only"
	IfEmpty    WriteRule = "if-empty"
	Merge      WriteRule = "merge" // lists: add, keep the others
)

// EmptyRule says what happens where the source has no value.
type EmptyRule string

// The rules for empty values; the zero value means Keep.
const (
	Keep    EmptyRule = "keep"
	Clear   EmptyRule = "clear"
	Default EmptyRule = "default"
	Error   EmptyRule = "error"
)

// Custom is a field that a person defined by name and path.
type Custom struct {
	Name string `yaml:"name" json:"name"`
	Path string `yaml:"path" json:"path"` // {{response.work.email}} or a field's name
}

// Modes are the kinds of change that a sync may make.
type Modes struct {
	Create     bool `yaml:"create" json:"create"`
	Update     bool `yaml:"update" json:"update"`
	Deactivate bool `yaml:"deactivate" json:"deactivate"`
	Delete     bool `yaml:"delete" json:"delete"`
	// CreateDaysBefore is how many days before the start date an account is made; it is
	// disabled until then.
	CreateDaysBefore int `yaml:"createDaysBefore" json:"createDaysBefore"`
	// DeleteDaysAfter is how many days after the end date an account is deleted, where
	// Delete is on.
	DeleteDaysAfter int `yaml:"deleteDaysAfter" json:"deleteDaysAfter"`
	// Absent says what happens to a managed account whose person no longer comes:
	// "report" (default) or "deactivate".
	Absent string `yaml:"absent,omitempty" json:"absent,omitempty"`
	// AbsentRuns is in how many readings, a day apart, a person has to be missing.
	AbsentRuns int `yaml:"absentRuns,omitempty" json:"absentRuns,omitempty"`
	// LeftScope says what happens to the account of somebody whom the filter now leaves
	// out: "keep" (default) or "deactivate".
	LeftScope string `yaml:"leftScope,omitempty" json:"leftScope,omitempty"`
	// OnLeave says what happens to somebody on leave: "keep" (default) or "deactivate".
	OnLeave string `yaml:"onLeave,omitempty" json:"onLeave,omitempty"`
	// CaseOnly writes values that differ in case only.
	CaseOnly bool `yaml:"caseOnly,omitempty" json:"caseOnly,omitempty"`
	// Logins says what happens to a change of the login: "confirm" (default: unticked),
	// "do" or "never".
	Logins string `yaml:"logins,omitempty" json:"logins,omitempty"`
}

// Words of Modes.
const (
	Report   = "report"
	Disable  = "deactivate"
	KeepAsIs = "keep"
	Confirm  = "confirm"
	Do       = "do"
	Never    = "never"
)

// DefaultModes creates, updates and deactivates, and never deletes.
func DefaultModes() Modes {
	return Modes{Create: true, Update: true, Deactivate: true, CreateDaysBefore: 7, DeleteDaysAfter: 30,
		Absent: Report, AbsentRuns: 2, LeftScope: KeepAsIs, OnLeave: KeepAsIs, Logins: Confirm}
}

// Guards are the limits of behaviour.md §3.1. A limit trips at or above either number;
// percentages are of max(base, SmallBase). A zero Limit is switched off.
type Guards struct {
	Deactivate Limit `yaml:"deactivate" json:"deactivate"` // deactivations and deletions, of managed accounts
	Create     Limit `yaml:"create" json:"create"`
	Login      Limit `yaml:"login" json:"login"` // logins, primary e-mails
	Field      Limit `yaml:"field" json:"field"` // any one attribute changing
	Clear      Limit `yaml:"clear" json:"clear"` // any one attribute being cleared
	Manager    Limit `yaml:"manager" json:"manager"`
	// Shrink withholds all leavers when fewer people came than this percentage of the
	// last good run.
	Shrink float64 `yaml:"shrink" json:"shrink"`
	// PlanHours is how old a plan may be when it is applied.
	PlanHours int `yaml:"planHours" json:"planHours"`
	// StopAfter stops a run after so many failures in a row.
	StopAfter int `yaml:"stopAfter" json:"stopAfter"`
	// StopPercent stops a run when so many of at least 25 writes failed.
	StopPercent float64 `yaml:"stopPercent" json:"stopPercent"`
}

// Limit trips at Percent of the base or at Count people, whichever is first; AtLeast is
// the smallest number that the percentage can trip at.
type Limit struct {
	Percent float64 `yaml:"percent,omitempty" json:"percent,omitempty"`
	Count   int     `yaml:"count,omitempty" json:"count,omitempty"`
	AtLeast int     `yaml:"atLeast,omitempty" json:"atLeast,omitempty"`
}

// SmallBase is the least base of a percentage, so that one leaver of eight passes.
const SmallBase = 20

// DefaultGuards are our defaults of behaviour.md §3.1.
func DefaultGuards() Guards {
	return Guards{
		Deactivate: Limit{Percent: 5, Count: 50, AtLeast: 3},
		Create:     Limit{Percent: 25, Count: 200},
		Login:      Limit{Percent: 5, Count: 20},
		Field:      Limit{Percent: 30},
		Clear:      Limit{Percent: 5},
		Manager:    Limit{Percent: 20},
		Shrink:     90, PlanHours: 24, StopAfter: 10, StopPercent: 20,
	}
}

package core

import (
	"iter"
	"strings"
	"time"
)

// Verb is what a row of a plan does. Every person read is in exactly one row.
type Verb uint8

// The verbs. The last three do nothing; they account for everybody else.
const (
	Create Verb = iota
	Update
	Deactivate
	Reactivate
	Delete
	Unchanged
	Skipped // left out by the filter, or has left and has no account
	Held    // cannot be decided by the program; Why says what is missing
	verbs
)

var verbNames = [verbs]string{"create", "update", "deactivate", "reactivate", "delete", "unchanged", "skipped", "held"}

// Verbs lists all verbs in order.
func Verbs() []Verb {
	return []Verb{Create, Update, Deactivate, Reactivate, Delete, Unchanged, Skipped, Held}
}

// String gives the verb's word, the same in files, database and code.
func (v Verb) String() string { return verbNames[v] }

// Writes says that the verb changes an account.
func (v Verb) Writes() bool { return v <= Delete }

// ParseVerb reads a verb's word.
func ParseVerb(s string) (Verb, bool) {
	for i, n := range verbNames {
		if n == s {
			return Verb(i), true
		}
	}
	return 0, false
}

// Tick says whether a row or a cell will be done.
type Tick uint8

// The ticks.
const (
	On      Tick = iota // done at Sync now
	Off                 // not done unless a person ticks it
	Stopped             // held by a guard; cannot be ticked one by one
	Locked              // protected; cannot be ticked at all
)

// Row is one person's, or one unmatched account's, line of a plan.
type Row struct {
	Verb    Verb
	Tick    Tick
	Why     Reason
	Detail  string  // particulars of Why: a date, a field, the other person
	Desired Desired // zero where no person stands behind the row
	Account Account // as it was seen; zero where there is none
	Cells   []Cell  // what is written, in the order of the attributes
}

// Cell is one attribute of a row, before and after.
type Cell struct {
	Attribute string
	Before    string
	After     string
	// Pending is set where After is an account that this plan creates: the id of the
	// person whose account it will be.
	Pending string
	Tick    Tick
	Why     Reason // why the cell is Off or Stopped
}

// Enabled is the attribute under which the state of the account stands in cells, and
// Deleted the one under which a deleted account is brought back: a cell that clears it.
const (
	Enabled = AccountActive
	Deleted = AccountDeleted
)

// Reason is why a row is what it is.
type Reason uint8

// The reasons; Text gives the words.
const (
	NoReason Reason = iota
	NewHire
	FieldsDiffer
	HasLeft          // terminated in the source
	ContractEnded    // the end date has passed
	Absent           // no longer in the source, not terminated
	LeftScope        // the filter leaves the person out now
	Returned         // a rehire
	DisabledByOthers // disabled in the directory, not by us
	FutureHire       // too early to create
	LeftNoAccount
	FilteredOut
	WrongEntity
	NoKey        // nothing to match by
	KeyTwice     // two people with one key
	SeveralFound // one person, several accounts
	ClaimedTwice // one account, several people
	ValueMissing // a required attribute has no value
	ValueBad     // too long, wrong kind, expression failed
	ValueTaken   // a unique attribute's value is taken
	UnknownStatus
	ManagerUnknown
	ManagerCycle
	ProtectedAccount
	GuardHeld
	ModeOff      // this kind of change is switched off
	LoginChanges // to be confirmed
	CaseDiffers
	SourceShrunk
	Undoes
	OnLeaveDisabled
	GraceOver    // disabled long enough to be deleted
	FoundByOther // found by a key that is not the sync key: adopt
	CannotUndo
	reasons
)

var reasonTexts = [reasons]string{
	"", "New hire", "Fields differ", "Has left", "Contract ended", "No longer in the source", "Left the filter", "Came back",
	"Disabled by someone else", "Starts later", "Left, no account", "Left out by the filter", "Other legal entity", "No identifier",
	"Identifier used twice", "Several accounts found", "Account claimed twice", "Required value missing", "Value cannot be written",
	"Value is taken", "Status not understood", "Manager not found", "Managers in a circle", "Protected account", "Held by your limit",
	"Switched off", "Sign-in name changes", "Upper and lower case differ", "Too few people were read", "Undo", "On leave", "Time to delete",
	"Existing account found", "Cannot be undone",
}

// Text gives the reason in words for a person.
func (r Reason) Text() string { return reasonTexts[r] }

// Subject gives what to show of the row: name and number of the person, else of the account.
func (r Row) Subject() (name, number string) {
	if !r.Desired.IsZero() {
		return cmpOr(r.Desired.Value(LabelName), r.Desired.Person()), r.Desired.Value(LabelNumber)
	}
	return cmpOr(r.Account.Value(AccountName), r.Account.ID()), ""
}

// OfPerson says that a person of the source stands behind the row.
func (r Row) OfPerson() bool { return !r.Desired.IsZero() }

// Flaw is a value that a rule could not make: whose, which attribute, why.
type Flaw struct {
	Attribute string
	Why       Reason
	Detail    string
}

// Plan is what a sync would do: every row with its verb, the guards that tripped, and a
// hash over all of it. It is made once and applied as it is.
type Plan struct {
	ID         string
	Name       string // "Personio → Okta"
	Hash       string // hex SHA-256 over rows and setup
	Made       time.Time
	Setup      Setup
	Attributes []Attribute // of the target, those that the plan writes
	Rows       []Row
	Tripped    []Tripped
	Names      map[string]string // account id → name, for references in cells
	People     int               // read from the source
	Accounts   int               // read from the target
	Unmanaged  int               // accounts without a sync key and without a person
	Protected  int               // of those, the ones that the directory itself protects
	Undo       string            // the run that this plan takes back, or ""
}

// Tripped is a guard that stopped something.
type Tripped struct {
	Guard   string // deactivate, create, login, field:<attribute>, clear:<attribute>, manager, shrink
	What    string // "64 deactivations (5.4 %) is at or over your limit of 5 %"
	Count   int
	Allowed bool // a person allowed it for this plan; kept in the approval and the journal
}

// Sum counts the rows. For people: Create + … + Held = read.
type Sum struct {
	People   [verbs]int // rows with a person
	Accounts [verbs]int // rows of accounts without a person
	Stopped  [verbs]int // of both, held by a guard
	Ticked   [verbs]int // of both, what Sync now would do
}

// Of gives how many rows have the verb, people and accounts together.
func (s Sum) Of(v Verb) int { return s.People[v] + s.Accounts[v] }

// Read gives the number of people accounted for.
func (s Sum) Read() int {
	n := 0
	for _, c := range s.People {
		n += c
	}
	return n
}

// Count makes the sum of the plan's rows.
func (p *Plan) Count() Sum {
	var s Sum
	for i := range p.Rows {
		s.add(&p.Rows[i])
	}
	return s
}

func (s *Sum) add(r *Row) {
	if r.OfPerson() {
		s.People[r.Verb]++
	} else {
		s.Accounts[r.Verb]++
	}
	switch {
	case r.Verb.Writes() && r.Tick == On:
		s.Ticked[r.Verb]++
	case r.Tick == Stopped:
		s.Stopped[r.Verb]++
	}
}

// Decision is what a reviewer says of one row.
type Decision uint8

// The decisions. NoDecision leaves the row's tick as it is.
const (
	NoDecision Decision = iota
	Approve
	Reject
	HoldBack
)

// Approval is a person's word on a plan: which rows and cells, who, when. Rows are named
// by their place in the plan.
type Approval struct {
	Hash    string // of the plan that was seen
	By      string
	At      time.Time
	Rows    map[int]Decision
	Cells   map[int][]string  // row → attributes left out
	Allowed map[string]string // guard → the reason given for allowing it
	Only    []Verb            // empty: all
}

// Outcome is what became of one row of a run.
type Outcome struct {
	Row     int
	Verb    Verb
	Person  string
	Account string
	State   OutcomeState
	Problem *Problem // why it failed or was held
	Took    time.Duration
	Second  bool   // the second pass: references to accounts made in the first
	Ticket  string // of what was handed over: what the engine is asked by; see Importer
}

// OutcomeState is how a row ended.
type OutcomeState uint8

// The outcomes.
const (
	Done       OutcomeState = iota
	Failed                  // the target refused it
	Drifted                 // the account is no longer as the plan saw it: held, nothing written
	NotRun                  // the run stopped before it
	HandedOver              // the platform's own engine has accepted it; what becomes of it is not known yet
)

var outcomeNames = [...]string{"done", "failed", "changed since", "not run", "handed over"}

// String gives the outcome's word.
func (s OutcomeState) String() string { return outcomeNames[s] }

// Journal writes each row down before and after it is written, so that a crash can be
// continued and a run undone.
type Journal interface {
	// Before is called before a write is sent; it must be on disk when it returns.
	Before(Entry) error
	// After is called with the outcome of a write.
	After(Entry, Outcome) error
	// Entries yields what is known of the run so far, in order of writing.
	Entries() iter.Seq2[Noted, error]
}

// Entry is a write about to be made.
type Entry struct {
	Row     int
	Second  bool
	Verb    Verb
	Person  string
	Account string
	Name    string
	Cells   []Cell // with Pending resolved
	Version string
}

// Noted is an entry with its outcome; Open says that the outcome is not known.
type Noted struct {
	Entry
	Open    bool
	Outcome Outcome
}

// Link is a remembered match.
type Link struct {
	Person  string
	Account string
	// Disabled says that Rollcall disabled the account, so that a rehire may be enabled.
	Disabled bool
}

// Valid says that the row's verb, tick and reasons are known ones; a row that was read
// from outside may hold others.
func (r Row) Valid() bool {
	ok := r.Verb < verbs && r.Tick <= Locked && r.Why < reasons
	for _, c := range r.Cells {
		ok = ok && c.Tick <= Locked && c.Why < reasons
	}
	return ok
}

// Stops says whether the guard stopped this row as a whole.
func (t Tripped) Stops(p *Plan, row *Row) bool {
	leaves := row.Verb == Deactivate || row.Verb == Delete
	switch t.Guard {
	case "shrink", "deactivate":
		return leaves
	case "create":
		return row.Verb == Create
	}
	for _, c := range row.Cells {
		if row.Verb != Create && c.Tick == Stopped && t.StopsCell(p, c) {
			return true
		}
	}
	return false
}

// StopsCell says whether the guard stopped this cell.
func (t Tripped) StopsCell(p *Plan, c Cell) bool {
	kind, attribute, _ := strings.Cut(t.Guard, ":")
	switch kind {
	case "field":
		return attribute == c.Attribute
	case "clear":
		return attribute == c.Attribute && c.After == ""
	}
	for _, a := range p.Attributes {
		if a.ID == c.Attribute {
			return kind == "login" && (a.Login || a.Kind == Email) || kind == "manager" && a.Kind == Reference
		}
	}
	return false
}

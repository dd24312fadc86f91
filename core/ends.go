package core

import (
	"context"
	"iter"
	"log/slog"
	"time"
)

// Source reads people from an HR system or a file.
type Source interface {
	// Check makes the cheapest calls that prove the credentials and each permission
	// that reading needs. It returns a *Problem that says what to do where they do not
	// hold; a missing permission that only some fields need is told in the Health.
	Check(ctx context.Context) (Health, error)

	// Fields gives the fields that people can have here, custom ones of the live system
	// included, with their labels and kinds.
	Fields(ctx context.Context) ([]Field, error)

	// People yields everyone the credentials can see, in any order, each once. All
	// records of one reading share one schema, which has at least the wanted fields
	// that the source knows. It stops at the first error it yields; what came before
	// an error is not a whole reading.
	People(ctx context.Context, want Want) iter.Seq2[Person, error]
}

// Want says what a reading is for.
type Want struct {
	// Fields are the fields needed (canonical, custom.<key>, response.<path>, column
	// headers); nil means all that Fields gives. externalId and employmentStatus always come.
	Fields []string
	// Leavers limits how far back people who left are read, in days; below zero: all.
	Leavers int
	// Since asks for those alone who changed since then, of sources that can say so
	// (CanReadSince); the others give everybody. Zero asks for everybody. Who changed only
	// because a day has come, or a name in a side list is new, may be missing: a reading
	// that has to be whole never sets it.
	Since time.Time
}

// Target is a directory whose accounts are kept as they should be.
type Target interface {
	// Check proves credentials and permissions, as Source.Check does.
	Check(ctx context.Context) (Health, error)

	// Attributes gives the attributes that accounts can have here, read from the live
	// schema where the directory has one.
	Attributes(ctx context.Context) ([]Attribute, error)

	// Accounts yields every account, each once. The schema is AccountSchema of
	// Attributes, or of those named in want (nil means all). Names match without case
	// where the directory's do.
	Accounts(ctx context.Context, want []string) iter.Seq2[Account, error]

	// Account reads one account by its id; a NotFound problem where there is none.
	Account(ctx context.Context, id string, want []string) (Account, error)

	// Find reads the accounts whose attribute has this value, for looking again before
	// a create whose outcome is not known.
	Find(ctx context.Context, attribute, value string, want []string) ([]Account, error)

	// Write makes one change. It returns a Problem of code Conflict where something is
	// in the way, Refused where the directory takes no such value, NotFound where the
	// account is gone, Unknown where nobody can tell whether the write was made. Beside the
	// problem of a create that broke off halfway, the receipt names the account.
	Write(ctx context.Context, w Write) (Receipt, error)
}

// Batcher is a Target that can take several reads or writes in one request.
type Batcher interface {
	Target

	// Batch gives how many go into one request at most; below 2 the live system offers
	// none, and the other methods are not called.
	Batch(ctx context.Context) (int, error)

	// Look answers several questions, each as Account or Find would: a question with an
	// ID gives one account or a NotFound problem, the others give all that were found.
	Look(ctx context.Context, questions []Question, want []string) []Looked

	// WriteAll makes the writes, in any order, and gives an answer for each in the order
	// in which they were given: what Write would return.
	WriteAll(ctx context.Context, writes []Write) []Written
}

// Question asks for one account by its ID, else for those whose attribute has a value.
type Question struct{ ID, Attribute, Value string }

// Looked is the answer to a question.
type Looked struct {
	Accounts []Account
	Err      error
}

// Written is what became of a write.
type Written struct {
	Receipt Receipt
	Err     error
}

// Importer is a Target whose platform has an engine of its own that takes many changes
// at once and makes them by and by. Large plans are handed over to it.
type Importer interface {
	Target

	// Imports says what the engine of this connection takes; a Chunk of zero: it has none.
	Imports(ctx context.Context) (Imports, error)

	// Import hands over at most a chunk of writes, each with its Whole. When it returns
	// without an error the engine has accepted them. Handing over what was handed over
	// before does no harm. The ticket is what Imported asks by, also from another process.
	Import(ctx context.Context, writes []Write) (ticket string, err error)

	// Imported asks what became of the writes of a ticket. It gives the answers of those
	// that are decided, by Write.Key; the others are still under way.
	Imported(ctx context.Context, ticket string, writes []Write) (map[string]Written, error)
}

// Imports is what a platform's engine takes.
type Imports struct {
	Engine   string // its name in a sentence: "Entra's provisioning service"
	Chunk    int    // writes in one Import
	Verbs    []Verb // the kinds of change that it makes; others are written row by row
	Every    time.Duration
	Patience time.Duration // after which what is undecided counts as not known
}

// Follower is a Target that can tell what changed since an earlier reading, so that a
// large directory need not be read in whole for every plan.
type Follower interface {
	Target

	// Mark gives the place at which the directory's history is now; "" where this
	// connection cannot be followed. A mark is opaque and good for some days.
	Mark(ctx context.Context) (string, error)

	// Follow yields exactly what Accounts would yield now: of an earlier reading those who
	// did not change, and the others as they are. It stops at the first error it yields;
	// a Stale problem before any account means that the mark is too old, or that so much
	// changed that reading in whole is better.
	Follow(ctx context.Context, former Former, want []string) iter.Seq2[Account, error]
}

// Former is an earlier whole reading of accounts, with the mark that was taken before it.
type Former struct {
	Mark     string
	Count    int
	Accounts iter.Seq2[Account, error] // each time from the beginning, all of one schema
}

// Health is what Check found.
type Health struct {
	Summary string // one line: "412 employees visible"
	People  int    // how many can be seen; below zero where the system does not tell
	Rights  []Right
	Expires time.Time // zero where the system does not tell
	Notes   []string
}

// Right is one permission as found.
type Right struct {
	Permission
	Granted bool
	Unsure  bool // the system does not tell; Granted is what we assume
	Detail  string
}

// Attribute is one thing that a directory knows about an account.
type Attribute struct {
	ID        string   `json:"id"`
	Label     string   `json:"label"`
	Help      string   `json:"help,omitempty"`
	Kind      Kind     `json:"kind"`
	Required  bool     `json:"required,omitempty"`
	Unique    bool     `json:"unique,omitempty"`
	ReadOnly  bool     `json:"readOnly,omitempty"`
	AtCreate  bool     `json:"atCreate,omitempty"` // can be written when the account is made, never later
	CaseExact bool     `json:"caseExact,omitempty"`
	Login     bool     `json:"login,omitempty"`     // a change of it changes how the person signs in
	Match     bool     `json:"match,omitempty"`     // the connection says that people are found by it
	MaxLength int      `json:"maxLength,omitempty"` // in characters; 0: none known
	Choices   []Choice `json:"choices,omitempty"`
}

// Write is one change of one account, as the target has to make it.
type Write struct {
	Verb    Verb
	Account string            // the account's id; empty for Create
	Version string            // the version that was seen, where the target has versions
	Set     map[string]string // attribute → value; empty clears it; Reference values are account ids. Deleted, cleared, brings the account back
	Active  bool              // for Create: whether the account is enabled
	Whole   map[string]string // for Importer: every mapped attribute as it will be, Enabled included
	Keys    map[string]string // for Importer: of each Reference attribute, the sync key of the account meant, also of one that does not exist yet
	Key     string            // the same for every try of this write, for targets that can tell repeats
}

// State says whether the account is to be enabled, or disabled, after the write; nil: it
// stays as it is.
func (w Write) State() *bool {
	on := w.Verb == Reactivate
	switch v, stated := w.Set[Enabled]; {
	case w.Verb == Create:
		on = w.Active
	case on, w.Verb == Deactivate:
	case stated:
		on = v == "true"
	default:
		return nil
	}
	return &on
}

// Restores says that the write brings a deleted account back.
func (w Write) Restores() bool {
	v, named := w.Set[Deleted]
	return named && v == "" && w.Verb != Create
}

// Receipt is what a target gives back for a write.
type Receipt struct {
	Account string // the account's id, also where it has changed
	Version string
}

// Env is what a connector gets from the program: time, log and a place to keep its own
// state. It never meets a window.
type Env struct {
	Now    func() time.Time
	Log    *slog.Logger
	Shelf  Shelf                                   // sealed storage of this connection; the practice directory lives here
	Ask    Ask                                     // for consent in a browser
	Base   string                                  // replaces scheme and host of every request; "" means the vendor's
	CAFile string                                  // PEM file of extra certificate authorities; "" means the system's
	Proxy  string                                  // "" means the system's proxy
	Save   func(option string, value Secret) error // keeps a secret that changed (refresh token)
}

// Ask holds the functions through which a connector asks a person; nil ones mean that
// nobody can be asked.
type Ask struct {
	OpenURL func(url string) error
	// ShowCode shows a code that a person types in on a page of the system. It may show it
	// until ctx ends and give nil then, or give nil at once where what was shown stays, as
	// on a terminal. An error says that it cannot be shown, or, of code Cancelled, that the
	// person does not want to.
	ShowCode func(ctx context.Context, code SignInCode) error
}

// SignInCode is what a person needs to sign in on any computer.
type SignInCode struct {
	For     string    // the system: "Microsoft Entra ID"
	Page    string    // where it is typed in
	User    string    // the code itself
	Expires time.Time // after which it is of no use
}

// Shelf keeps small sealed values by bucket and key for one connection.
type Shelf interface {
	// Get gives a value; nil without an error where there is none.
	Get(bucket, key string) ([]byte, error)
	// Put keeps values, all or none; a nil value removes its key.
	Put(bucket string, values map[string][]byte) error
	// All yields the keys in order with their values.
	All(bucket string) iter.Seq2[Item, error]
}

// Item is one value on a shelf.
type Item struct {
	Key   string
	Value []byte
}

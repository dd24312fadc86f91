// Package view says what each screen holds and can do. It knows no toolkit; what it
// needs of the rest of the program it asks through the small interfaces of this file,
// which main fills. All methods may take long and are called off the screen's thread.
package view

import (
	"context"
	"io"
	"time"

	"rollcall/core"
)

// Services are all doors a window needs.
type Services struct {
	Connections Connections
	Syncs       Syncs
	Plans       Plans
	Runs        Runs
	People      People
	Settings    SettingsStore
	Desktop     Desktop
	ImportFiles ImportFiles // nil: none are offered
	// Session says that there is no keychain, so that nothing is kept beyond this session;
	// Why is the problem that led to it.
	Session bool
	Why     *core.Problem
	Version string
	Now     func() time.Time
}

// Connections are the named, configured systems.
type Connections interface {
	Specs() []core.Spec
	List(ctx context.Context) ([]Connection, error)
	// Save keeps a connection; an empty ID makes a new one. Secrets that are not among
	// the answers stay as they are.
	Save(ctx context.Context, c Connection, answers core.Answers) (Connection, error)
	// Test tries these answers; those that were not typed again are taken from the
	// stored connection of that id. The result is noted with the connection.
	Test(ctx context.Context, connector string, answers core.Answers, connection string) (core.Health, error)
	// KeyFile reads a file with a certificate, its key, or both. Where its password is missing
	// or wrong that is a problem of code BadCredentials. Nothing of it is kept.
	KeyFile(ctx context.Context, path string, password core.Secret) (core.KeyFile, error)
	// Manifest gives what a connection describes as a manifest, without credentials, where
	// its system can (core.CanManifest).
	Manifest(ctx context.Context, id string) ([]byte, error)
	// Forget removes the connection with its secrets and everything read through it.
	Forget(ctx context.Context, id string) error
}

// Connection is one configured system without its secrets.
type Connection struct {
	ID        string
	Name      string
	Connector string
	Options   map[string]string
	Secrets   []string // options whose answers are in the keychain
	Checked   time.Time
	Code      core.Code // "" where the last test was well
	Summary   string
	Expires   time.Time
	LastSync  time.Time
}

// Syncs are the configured pairs, and drafts of them.
type Syncs interface {
	List(ctx context.Context) ([]Sync, error)
	Save(ctx context.Context, s Sync) (Sync, error)
	Delete(ctx context.Context, id string) error
	// Read opens both ends and reads what the wizard works with.
	Read(ctx context.Context, setup core.Setup, tell func(core.Progress)) (Material, error)
	// Export and Import write and read the configuration file; it holds no secrets.
	Export(s Sync, w io.Writer) error
	Import(r io.Reader) (core.Setup, error)
}

// Sync is a configured pair of connections, or the draft of one in the wizard.
type Sync struct {
	ID      string
	Name    string
	Setup   core.Setup // Source.Connection and Target.Connection are names of connections
	Draft   bool
	Step    int
	Updated time.Time
}

// Material is what the wizard's steps work with, read once: the filter's count and the
// mapping's results are made of it in memory.
type Material struct {
	Source     core.Spec
	Target     core.Spec
	Fields     []core.Field
	Attributes []core.Attribute
	People     []core.Person
}

// Plans are made, kept and opened.
type Plans interface {
	// Make makes the plan of a sync and keeps it.
	Make(ctx context.Context, sync string, tell func(core.Progress)) (*core.Plan, error)
	Open(ctx context.Context, id string) (*core.Plan, error)
	List(ctx context.Context) ([]PlanHead, error)
	// Target gives the spec of the system that a plan writes to, for what it cannot undo.
	Target(ctx context.Context, p *core.Plan) (core.Spec, error)
	// Options gives how the connection that a plan writes to is set, without its secrets.
	Options(ctx context.Context, p *core.Plan) (map[string]string, error)
}

// ImportFiles are the files that the consoles of directories read, for companies where
// nobody may use the directory's interface for programs.
type ImportFiles interface {
	Formats() []ImportFormat
	// Write writes what the approval asks for, as one file or several.
	Write(p *core.Plan, a core.Approval, format, path string) (ImportFile, error)
}

// ImportFormat is a console that a file can be written for.
type ImportFormat struct{ ID, Label string }

// ImportFile is what was written.
type ImportFile struct {
	Paths     []string
	Rows      int
	NotTicked int      // rows
	Values    int      // of ticked rows, not ticked themselves
	Left      []string // what is in no file, and why
	Notes     []string // what to know before uploading
}

// PlanHead is a plan in a list.
type PlanHead struct {
	ID, Name, Hash, Sync, Undo string
	Made                       time.Time
	Counts                     map[string]int // by the verb's word
}

// Runs apply plans and take them back.
type Runs interface {
	// Apply starts a run of the plan, or goes on with one that was cut off, and tells
	// each outcome from whatever goroutine it came. It gives the run also with an error.
	Apply(ctx context.Context, p *core.Plan, a core.Approval, tell func(core.Outcome)) (Run, error)
	List(ctx context.Context) ([]Run, error)
	// Notes gives what a run wrote, row by row.
	Notes(ctx context.Context, run string) ([]core.Noted, error)
	// Rehearse asks the target of a plan which rights it grants; nothing is written. Apply
	// does the same and refuses a plan that needs a right which is missing.
	Rehearse(ctx context.Context, p *core.Plan) ([]core.Right, error)
	// Engine gives what the target's own engine for large plans takes, the zero value
	// where it has none.
	Engine(ctx context.Context, p *core.Plan) (core.Imports, error)
	// Undo makes the plan that takes a run back; it is applied like any other.
	Undo(ctx context.Context, run string) (*core.Plan, error)
}

// Run is one application of a plan.
type Run struct {
	ID, Plan, Name, Sync, Who string
	Started, Ended            time.Time // Ended is zero while it goes on or was cut off
	Stopped                   bool      // by a person or by too many failures
	Allowed                   map[string]string
	Counts                    map[string]int // by the outcome's word
}

// People are the readings of sources.
type People interface {
	Snapshots(ctx context.Context) ([]Snapshot, error)
	Open(ctx context.Context, id string) ([]core.Person, error)
	// ReadNow reads a sync's source and keeps the reading.
	ReadNow(ctx context.Context, sync string, tell func(core.Progress)) (Snapshot, error)
	// Matched gives person → account of everybody whom a sync knows.
	Matched(ctx context.Context, sync string) (map[string]string, error)
}

// Snapshot is one stored reading.
type Snapshot struct {
	ID, Sync, Name string // Name of the source's connection
	Taken          time.Time
	Count          int
}

// SettingsStore keeps what is set once for all syncs.
type SettingsStore interface {
	Load(ctx context.Context) (Settings, error)
	Save(ctx context.Context, s Settings) error
	// Prune removes what is older than the retention says.
	Prune(ctx context.Context) error
	// Place gives the store's file, or "" for this session only.
	Place() string
}

// Settings are what a person sets for the whole program.
type Settings struct {
	Look      string // system, light, dark
	Scale     float32
	Retention int // days; 0 keeps everything
	Protected []string
	Guards    core.Guards // for new syncs
	CAFile    string
	Proxy     string
	Width     float32
	Height    float32
	Cards     bool // block view instead of list view
}

// Desktop is what the operating system does for a person.
type Desktop interface {
	OpenURL(url string) error
	// OpenFile and SaveFile ask for a file; an empty path means that the person thought
	// better of it.
	OpenFile(ctx context.Context, title string, kinds []string) (path string, err error)
	SaveFile(ctx context.Context, title, name string) (path string, err error)
	// OpenFolder asks for a folder in the same way.
	OpenFolder(ctx context.Context, title string) (path string, err error)
	// User gives the name under which approvals are noted.
	User() string
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"rollcall/connectors/idp/importfile"
	"rollcall/core"
	"rollcall/localstore"
)

// Exit codes of the command line (design.md).
const (
	exitDone    = 0 // done, or nothing to do
	exitError   = 1
	exitChanges = 2 // changes waiting
	exitHeld    = 3 // held by a guard
	exitFailed  = 4 // some rows failed
)

// memoryHeadroom is how much garbage may stand beside live data, in percent. Two readings
// of a million people are 500 MB of live data; Go's 100 would double that.
const memoryHeadroom = 40

// streams are where a command reads and writes.
type streams struct {
	In          io.Reader
	Out, ErrOut io.Writer
	// Secret asks for a line that is not seen; nil: at the terminal.
	Secret func(ctx context.Context, question string) (core.Secret, error)
}

// cli is the whole command line.
type cli struct {
	Home    string           `help:"Folder of Rollcall's data." env:"ROLLCALL_HOME" placeholder:"DIR"`
	Session bool             `help:"Keep nothing: work without the keychain, for this command only."`
	Version kong.VersionFlag `help:"Print the version and end."`

	Try         tryCommand         `cmd:"" help:"Open the window with the sample company and the practice directory set up."`
	Demo        demoCommand        `cmd:"" help:"Sample company to practice directory: plan, export, apply, and print the counts."`
	Connectors  connectorsCommand  `cmd:"" help:"Every connector with its kind, options and capabilities."`
	Read        readCommand        `cmd:"" help:"Read people and write them to standard output, one flat object a line."`
	Connect     connectCommand     `cmd:"" help:"Keep a named connection; secrets go to the keychain."`
	Connections connectionsCommand `cmd:"" help:"The connections that are kept."`
	Disconnect  disconnectCommand  `cmd:"" help:"Forget a connection with its secrets and what was read through it."`
	Plan        planCommand        `cmd:"" help:"Make and keep a plan; nothing is changed."`
	Apply       applyCommand       `cmd:"" help:"Make the changes of a plan, or go on with a run that was cut off."`
	Export      exportCommand      `cmd:"" help:"Write a plan to a file."`
	Undo        undoCommand        `cmd:"" help:"Take a run back."`
	Runs        runsCommand        `cmd:"" help:"Plans and runs."`
	Suggest     suggestCommand     `cmd:"" help:"Smart mapping's proposals."`
	Diff        diffCommand        `cmd:"" help:"Compare two files with the same engine; nothing is kept."`
}

// job is what every command gets.
type job struct {
	context.Context
	streams
	cli  *cli
	desk *desk
	code int
}

// command is one subcommand.
type command interface {
	Run(j *job) error
}

// withStore marks the commands that need the store.
type withStore interface{ needsStore() }

// run carries out one command line and gives the exit code.
func run(ctx context.Context, args []string, std streams) int {
	var c cli
	parser, err := kong.New(&c, kong.Name("rollcall"), kong.Writers(std.Out, std.ErrOut), kong.Vars{"version": version, "people": strconv.Itoa(defaultPeople), "formats": strings.Join(importfile.IDs(), ", ")},
		kong.Description("Rollcall brings the people of an HR system into an identity provider: first it shows every change, then it makes exactly those. Without a command it opens the window."),
		kong.Exit(func(code int) { panic(ended(code)) }), kong.UsageOnError())
	if err != nil {
		return report(std, err)
	}
	return guarded(func() int {
		parsed, err := parser.Parse(args)
		if err != nil {
			return report(std, &core.Problem{Code: core.BadOption, What: err.Error() + ".", Fix: "“rollcall --help” shows what can be said."})
		}
		selected, _ := parsed.Selected().Target.Addr().Interface().(command)
		j := &job{Context: ctx, streams: std, cli: &c}
		if err := j.do(selected); err != nil {
			return max(j.report(err), j.code)
		}
		return j.code
	})
}

// ended is how the parser says that it printed help and is done.
type ended int

func guarded(f func() int) (code int) {
	defer func() {
		if r := recover(); r != nil {
			e, isEnd := r.(ended)
			if !isEnd {
				panic(r)
			}
			code = int(e)
		}
	}()
	return f()
}

func (j *job) do(c command) (err error) {
	debug.SetGCPercent(memoryHeadroom)
	logger, closeLog := newLog(j.cli.Home)
	defer closeLog()
	var store *localstore.Store
	if _, needs := c.(withStore); needs {
		if store, err = j.open(); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, store.Close()) }()
	}
	if j.desk, err = newDesk(j, store, logger); err != nil {
		return err
	}
	if j.onTerminal() {
		j.desk.ask.ShowCode = j.showCode
	}
	return c.Run(j)
}

// onTerminal says that somebody sees what is told on standard error.
func (j *job) onTerminal() bool {
	f, isFile := j.ErrOut.(*os.File)
	return isFile && isTerminal(f)
}

// showCode tells how to sign in; the command waits meanwhile. What is told stays.
func (j *job) showCode(_ context.Context, c core.SignInCode) error {
	_, err := fmt.Fprintf(j.ErrOut, "To sign in to %s, open %s in any browser and enter the code %s.\nWaiting until %s …\n", c.For, c.Page, c.User, c.Expires.Local().Format("15:04"))
	return err
}

func (j *job) open() (*localstore.Store, error) {
	o := localstore.Options{Folder: j.cli.Home}
	if j.cli.Session {
		return localstore.OpenSession(j, o)
	}
	return localstore.Open(j, o)
}

func (j *job) report(err error) int { return report(j.streams, err) }

// report prints a problem: as one JSON object where a program reads along, else in words.
func report(std streams, err error) int {
	p := core.AsProblem(err)
	_, _ = fmt.Fprintf(std.ErrOut, "%s\n%s\n", p.What, p.Fix)
	if p.Code == core.HeldByGuard {
		return exitHeld
	}
	return exitError
}

// reportJSON prints a problem as one JSON object.
func (j *job) reportJSON(err error) error {
	p := core.AsProblem(err)
	j.code = exitError
	return json.NewEncoder(j.ErrOut).Encode(map[string]string{"code": string(p.Code), "what": p.What, "fix": p.Fix})
}

func (j *job) printf(format string, args ...any) { _, _ = fmt.Fprintf(j.Out, format, args...) }

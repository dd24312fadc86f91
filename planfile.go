package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rollcall/core"
	"rollcall/core/plan"
	"rollcall/localstore"
)

// A plan file is a whole plan, so that it can be applied on another computer: one that
// may reach the directory, or one that goes on where another broke off. It holds what the
// preview shows, in clear, and no credentials.
const (
	planEnding = ".plan"
	planMark   = "Rollcall plan 1\n"
)

func writePlanFile(w io.Writer, p *core.Plan) error {
	if _, err := io.WriteString(w, planMark); err != nil {
		return err
	}
	return plan.Encode(w, p)
}

// readPlanFile gives the plan of a file, where it is whole and as it was written.
func readPlanFile(file string) (*core.Plan, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &core.Problem{Code: core.NotFound, What: fmt.Sprintf("There is no file %s.", file), Fix: "Check how it is written, or give the id of a plan; “rollcall runs” lists them."}
	}
	if err != nil {
		return nil, &core.Problem{Code: core.BadData, What: fmt.Sprintf("%s cannot be read.", file), Fix: "Check that you may read it.", Cause: err}
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<16)
	mark := make([]byte, len(planMark))
	if _, err := io.ReadFull(r, mark); err != nil || string(mark) != planMark {
		return nil, notAPlan(file, "it does not begin like a plan of Rollcall", err)
	}
	p, err := plan.Decode(r)
	if err != nil {
		return nil, notAPlan(file, "it is cut off, or was changed after it was written", err)
	}
	return p, nil
}

func notAPlan(file, why string, cause error) error {
	return &core.Problem{Code: core.BadData, What: fmt.Sprintf("%s cannot be applied: %s.", file, why), Fix: "Export the plan again: rollcall export PLAN FILE" + planEnding + ".", Cause: cause}
}

func isPlanFile(name string) bool { return strings.EqualFold(filepath.Ext(name), planEnding) }

// take stores a plan that was made elsewhere. Its target must be connected here under the
// same name; the same plan may be taken twice.
func (d *desk) take(ctx context.Context, file string) (string, error) {
	p, err := readPlanFile(file)
	if err != nil {
		return "", err
	}
	to, err := d.side(ctx, p.Setup.Target)
	if err != nil {
		return "", err
	}
	_, known, err := d.stored(ctx, p.ID)
	if err == nil && known.Hash == p.Hash {
		return p.ID, nil
	}
	head := localstore.Plan{ID: p.ID, Name: p.Name, Hash: p.Hash, Undo: p.Undo, Target: to.connection.ID, Made: p.Made, Counts: counts(p)}
	return p.ID, d.store.SavePlan(ctx, head, func(w io.Writer) error { return plan.Encode(w, p) })
}

type exportCommand struct {
	Plan string `arg:"" help:"The plan: its id, its first letters, or last."`
	File string `arg:"" help:"File to write (.xlsx, .csv, .json for people; .plan to apply it on another computer)." type:"path"`

	For       string            `help:"Write a .csv that a directory's own console imports instead: ${formats}." placeholder:"CONSOLE"`
	Decisions string            `help:"With --for: reviewed export (.xlsx or .csv) whose decisions to follow." type:"existingfile" placeholder:"FILE"`
	Only      []string          `help:"With --for: only these kinds: create, update, deactivate, reactivate, delete." placeholder:"KIND"`
	Allow     map[string]string `help:"With --for: let the plan through a guard, with the reason." placeholder:"GUARD=REASON"`
}

func (exportCommand) needsStore() {}

func (c *exportCommand) Run(j *job) error {
	p, _, err := j.desk.stored(j, c.Plan)
	if err != nil {
		return err
	}
	if c.For != "" {
		return c.importFile(j, p)
	}
	if c.Decisions != "" || len(c.Only)+len(c.Allow) > 0 {
		return &core.Problem{Code: core.BadOption, What: "--decisions, --only and --allow go with --for: the other exports show the whole plan.", Fix: "Say for which console the file is, or leave them out."}
	}
	to, err := j.desk.side(j, p.Setup.Target)
	if err != nil {
		return err
	}
	if err := export(planned{Plan: p, spec: to.spec}, c.File); err != nil {
		return err
	}
	j.printf("Written: %s\n", c.File)
	return nil
}

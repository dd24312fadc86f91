package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"rollcall/core"
	"rollcall/core/apply"
	"rollcall/core/review"
)

type planCommand struct {
	Source string   `help:"Name of the connection to read." placeholder:"NAME"`
	Target string   `help:"Name of the connection to write." placeholder:"NAME"`
	Config string   `help:"Configuration file." type:"path" placeholder:"FILE"`
	Export []string `help:"Write the plan to a file (.xlsx, .csv, .json or .plan)." type:"path" placeholder:"FILE"`
}

func (planCommand) needsStore() {}

func (c *planCommand) Run(j *job) error {
	setup, err := load(c.Config)
	if err != nil {
		return err
	}
	if c.Source != "" {
		setup.Source = core.Side{Connection: c.Source}
	}
	if c.Target != "" {
		setup.Target = core.Side{Connection: c.Target}
	}
	for side, s := range map[string]*core.Side{"source": &setup.Source, "target": &setup.Target} {
		if err := j.named(side, s); err != nil {
			return err
		}
	}
	y, err := j.desk.syncFor(j, setup)
	if err != nil {
		return err
	}
	if c.Config != "" {
		y.Setup = setup
	}
	p, err := j.desk.plan(j, y, j.progress())
	if err != nil {
		return err
	}
	return j.show(p, c.Export)
}

// named makes a connection of a side that the configuration describes by connector and
// options, so that plan and apply find the same end again.
func (j *job) named(side string, s *core.Side) error {
	if s.Connection != "" {
		return nil
	}
	if s.Connector == "" {
		return &core.Problem{Code: core.BadOption, What: "No " + side + " is named.", Fix: "Say --" + side + " NAME, or name it in the configuration file. “rollcall connections” lists the connections."}
	}
	c, err := j.desk.adopt(j, *s)
	s.Connection, s.Connector, s.Options = c.Name, "", nil
	return err
}

// show prints a plan's counts and writes its exports; the exit code says what waits.
func (j *job) show(p planned, exports []string) error {
	j.printf("Plan %s: %s\n", p.ID, p.Name)
	j.printf("%s\n", review.Sum(p.Plan))
	for _, line := range review.Accounts(p.Plan) {
		j.printf("%s\n", line)
	}
	for _, line := range review.Waiting(p.Plan) {
		j.printf("%s\n", line)
	}
	for _, t := range p.Tripped {
		j.printf("Held: %s. (%s)\n", t.What, t.Guard)
		if p.sync.ID != "" {
			j.printf("  If that is right: rollcall apply %s --allow '%s=REASON'\n", p.ID, t.Guard)
		}
	}
	sum := p.Count()
	for _, v := range core.Verbs() {
		if words := p.spec.CannotUndo[v.String()]; words != "" && sum.Ticked[v] > 0 {
			j.printf("Note: %s\n", words)
		}
	}
	for _, file := range exports {
		if err := export(p, file); err != nil {
			return err
		}
		j.printf("Written: %s\n", file)
	}
	j.code = planCode(p.Plan)
	return nil
}

func planCode(p *core.Plan) int {
	if len(p.Tripped) > 0 {
		return exitHeld
	}
	if apply.Tasks(p, core.Approval{}) > 0 {
		return exitChanges
	}
	return exitDone
}

// export writes a plan to a file of the kind that its name says. The file is there
// whole or not at all.
func export(p planned, file string) error {
	write := map[string]func(io.Writer) error{
		".csv": func(w io.Writer) error { return review.WriteCSV(w, p.Plan) },
		".xlsx": func(w io.Writer) error {
			return review.WriteXLSX(w, p.Plan, review.Options{CannotUndo: p.spec.CannotUndo})
		},
		".json":    func(w io.Writer) error { return review.WriteJSON(w, p.Plan) },
		planEnding: func(w io.Writer) error { return writePlanFile(w, p.Plan) },
	}[strings.ToLower(filepath.Ext(file))]
	if write == nil {
		return &core.Problem{Code: core.BadOption, What: fmt.Sprintf("%s cannot be written: its name says no kind that Rollcall knows.", file), Fix: "Name the file .xlsx, .csv, .json or .plan."}
	}
	return writeWhole(file, write)
}

// writeWhole writes beside the file and renames at the end, so that a full disk leaves
// nothing half written.
func writeWhole(file string, write func(io.Writer) error) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".rollcall-*")
	if err != nil {
		return notWritten(file, err)
	}
	defer os.Remove(tmp.Name())
	b := bufio.NewWriterSize(tmp, 1<<16)
	err = write(b)
	if err == nil {
		err = b.Flush()
	}
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		return notWritten(file, err)
	}
	return nil
}

func notWritten(file string, cause error) error {
	return &core.Problem{Code: core.DiskFull, What: fmt.Sprintf("%s could not be written.", file), Fix: "Check that the folder exists, that you may write there and that the disk has room.", Cause: cause}
}

// progress tells on standard error where the work stands, where that is a terminal.
func (j *job) progress() func(core.Progress) {
	if !j.onTerminal() {
		return nil
	}
	return func(p core.Progress) { _, _ = fmt.Fprintf(j.ErrOut, "\r%-10s %d   ", p.Phase, p.Done) }
}

type applyCommand struct {
	Plan      string            `arg:"" help:"The plan: its id, its first letters, last, or a file (.plan) of another computer."`
	Decisions string            `help:"Reviewed export (.xlsx or .csv) whose decisions to follow." type:"existingfile" placeholder:"FILE"`
	Only      []string          `help:"Only these kinds: create, update, deactivate, reactivate, delete." placeholder:"KIND"`
	Allow     map[string]string `help:"Let the plan through a guard, with the reason." placeholder:"GUARD=REASON"`
}

func (applyCommand) needsStore() {}

func (c *applyCommand) Run(j *job) error {
	if isPlanFile(c.Plan) {
		id, err := j.desk.take(j, c.Plan)
		if err != nil {
			return err
		}
		c.Plan = id
	}
	p, _, err := j.desk.stored(j, c.Plan)
	if err != nil {
		return err
	}
	a := j.desk.approve(p, userName())
	if err := j.approve(p, &a, c.Only, c.Allow, c.Decisions); err != nil {
		return err
	}
	cut, err := j.desk.cutOff(j, p.ID)
	if err != nil {
		return err
	}
	if cut && c.Decisions == "" && len(c.Only)+len(c.Allow) == 0 {
		a = core.Approval{} // go on as it was approved
	}
	return j.apply(p, a)
}

// decide puts the decisions of a reviewed file into the approval.
func (j *job) decide(p *core.Plan, a *core.Approval, file string) error {
	d, err := review.ReadFile(file, p)
	if err != nil {
		return err
	}
	a.Rows, a.Cells = d.Rows, d.Cells
	for _, w := range d.Warnings {
		j.printf("Note: %s\n", w)
	}
	return nil
}

func (j *job) apply(p *core.Plan, a core.Approval) error {
	b, err := j.desk.begin(j, p, a)
	if err != nil {
		return err
	}
	if b.resumed {
		j.printf("Going on with run %s.\n", b.ID)
	} else {
		j.printf("Run %s.\n", b.ID)
	}
	managers, handed := 0, false
	done, err := j.desk.apply(j, b, func(o core.Outcome) {
		if o.State == core.HandedOver && !handed {
			handed = true
			j.printf("Handed over to the directory's own engine. This waits until the engine has made the changes, which can take hours. If this is cut off, apply the same plan again.\n")
		}
		if o.Second && o.State == core.Done {
			managers++
		}
		if o.Problem != nil {
			name, _ := p.Rows[o.Row].Subject()
			j.printf("%s %s: %s: %s\n", o.Verb, name, o.State, o.Problem.Error())
		}
	})
	total, changes := 0, "changes"
	for _, n := range done {
		total += n
	}
	if total == 1 {
		changes = "change"
	}
	j.printf("%d %s: %s\n", total, changes, orNothing(inWords(done)))
	if managers > 0 {
		j.printf("(%d of them set a manager whose account this run made before.)\n", managers)
	}
	switch {
	case done[core.Failed.String()] > 0:
		j.code = exitFailed
	case done[core.Drifted.String()] > 0:
		j.code = exitFailed
	case heldBack(p, b.approval):
		j.code = exitHeld
	}
	return err
}

// heldBack says that a guard that nobody allowed keeps rows from being done.
func heldBack(p *core.Plan, a core.Approval) bool {
	for _, t := range p.Tripped {
		if a.Allowed[t.Guard] == "" {
			return true
		}
	}
	return false
}

func orNothing(words string) string {
	if words == "" {
		return "nothing to do"
	}
	return words
}

type undoCommand struct {
	Run_   string   `arg:"" name:"run" help:"The run: its id, its first letters, or last."`
	Plan   bool     `help:"Only make the plan that takes the run back; “rollcall apply” carries it out."`
	Export []string `help:"Write the plan to a file (.xlsx, .csv, .json or .plan)." type:"path" placeholder:"FILE"`
}

func (undoCommand) needsStore() {}

func (c *undoCommand) Run(j *job) error {
	p, err := j.desk.undo(j, c.Run_)
	if err != nil {
		return err
	}
	if err := j.show(p, c.Export); err != nil || c.Plan {
		return err
	}
	for i := range p.Rows {
		if r := &p.Rows[i]; r.Verb == core.Held {
			name, _ := r.Subject()
			j.printf("Cannot be taken back: %s: %s\n", name, r.Detail)
		}
	}
	j.code = exitDone
	return j.apply(p.Plan, j.desk.approve(p.Plan, userName()))
}

type runsCommand struct{}

func (runsCommand) needsStore() {}

func (runsCommand) Run(j *job) error {
	plans, err := j.desk.store.Plans(j)
	if err != nil {
		return err
	}
	runs, err := j.desk.store.Runs(j)
	if err != nil {
		return err
	}
	for _, p := range plans {
		j.printf("plan %s  %s  %s  %s\n", p.ID, p.Made.Format("2006-01-02 15:04"), p.Name, tally(p.Counts).words())
	}
	for _, r := range runs {
		state := string(r.State)
		if r.Ended.IsZero() {
			state = "cut off: “rollcall apply " + r.Plan + "” goes on"
		}
		j.printf("run  %s  %s  %s  plan %s  %s  %s\n", r.ID, r.Started.Format("2006-01-02 15:04"), r.Name, r.Plan, state, inWords(r.Counts))
	}
	return nil
}

type diffCommand struct {
	Left   string   `arg:"" help:"File of the people (.csv or .xlsx)." type:"path"`
	Right  string   `arg:"" help:"File of the accounts (.csv or .xlsx)." type:"path"`
	Config string   `help:"Configuration file: identity, mapping, filter, modes, guards." type:"path" placeholder:"FILE"`
	Export []string `help:"Write the plan to a file (.xlsx, .csv, .json or .plan)." type:"path" placeholder:"FILE"`
}

func (c *diffCommand) Run(j *job) error {
	setup, err := load(c.Config)
	if err != nil {
		return err
	}
	setup.Source, setup.Target = fileSide(setup.Source, c.Left), fileSide(setup.Target, c.Right)
	p, err := j.desk.difference(j, setup, j.progress())
	if err != nil {
		return err
	}
	return j.show(p, c.Export)
}

// fileSide is the side of a file named on the command line; options of the
// configuration (delimiter, sheet …) stay.
func fileSide(s core.Side, path string) core.Side {
	side := core.Side{Connector: "csv", Options: map[string]string{}}
	if ext := strings.ToLower(filepath.Ext(path)); ext == ".xlsx" || ext == ".xlsm" {
		side.Connector = "xlsx"
	}
	if s.Connector == side.Connector {
		for k, v := range s.Options {
			side.Options[k] = v
		}
	}
	side.Options["path"] = path
	return side
}

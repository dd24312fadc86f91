package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"rollcall/connectors/idp/importfile"
	"rollcall/core"
)

// importFile writes the approved rows of a plan as the file, or files, that a directory's
// console reads, and gives where they are. Nothing is written where no row can be.
func (d *desk) importFile(p *core.Plan, a core.Approval, format, path string) (*importfile.Set, []string, error) {
	f, err := importfile.Find(format)
	if err != nil {
		return nil, nil, err
	}
	if !strings.EqualFold(filepath.Ext(path), ".csv") {
		return nil, nil, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("%s cannot be an import file: the console takes .csv alone.", path), Fix: "Let the name end in .csv."}
	}
	set, err := importfile.Make(f, p, a)
	if err != nil {
		return nil, nil, err
	}
	names := set.Names(path)
	for i, name := range names {
		err := writeWhole(name, func(w io.Writer) error {
			_, err := w.Write(set.Files[i].Content)
			return err
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return set, names, nil
}

// importFile writes and tells; rows that are left out give the exit code of rows that failed.
func (c *exportCommand) importFile(j *job, p *core.Plan) error {
	a := j.desk.approve(p, userName())
	if err := j.approve(p, &a, c.Only, c.Allow, c.Decisions); err != nil {
		return err
	}
	set, names, err := j.desk.importFile(p, a, c.For, c.File)
	if err != nil {
		return err
	}
	for i, name := range names {
		j.printf("Written: %s (%s)\n", name, rowsOf(set.Files[i].Rows))
	}
	if len(names) == 0 {
		j.printf("Nothing written: no row of this plan can be in a file for %s.\n", set.Format.Label)
	} else {
		j.printf("For %s, from the plan made at %s: %s.\n", set.Format.Label, p.Made.Format("2006-01-02 15:04"), inKinds(set.Counts))
	}
	for _, l := range set.Left {
		j.printf("%s: %s\n", leftWord(l), l)
	}
	if set.NotTicked+set.Values > 0 {
		j.printf("Not ticked, or held by a limit, and so not in the file: %s, and %d values of other rows.\n", rowsOf(set.NotTicked), set.Values)
	}
	for _, n := range set.Notes {
		j.printf("Note: %s\n", n)
	}
	if len(set.Left) > 0 {
		j.code = exitFailed
	}
	return nil
}

func leftWord(l importfile.Left) string {
	if l.Value {
		return "Value left out"
	}
	return "Row left out"
}

func rowsOf(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

func inKinds(counts map[core.Verb]int) string {
	var words []string
	for _, v := range core.Verbs() {
		if counts[v] > 0 {
			words = append(words, fmt.Sprintf("%s %d", v, counts[v]))
		}
	}
	return strings.Join(words, ", ")
}

// approve puts into an approval what the command line says of a plan.
func (j *job) approve(p *core.Plan, a *core.Approval, only []string, allowed map[string]string, decisions string) error {
	for _, kind := range only {
		v, ok := core.ParseVerb(kind)
		if !ok || !v.Writes() {
			return &core.Problem{Code: core.BadOption, What: fmt.Sprintf("%q is no kind of change.", kind), Fix: "The kinds are create, update, deactivate, reactivate and delete."}
		}
		a.Only = append(a.Only, v)
	}
	for guard, reason := range allowed {
		if err := allow(p, a, guard, reason); err != nil {
			return err
		}
	}
	if decisions != "" {
		return j.decide(p, a, decisions)
	}
	return nil
}

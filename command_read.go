package main

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"rollcall/core"
	"rollcall/core/suggest"
	"rollcall/localstore"
)

type readCommand struct {
	Connector string `arg:"" help:"Id of the connector; “rollcall connectors” lists them."`
	Options   string `help:"Answers as JSON or YAML: a file, or - for standard input." placeholder:"FILE|-"`
	BaseURL   string `help:"Replace scheme and host of every request (https, or http on this computer)." name:"base-url" placeholder:"URL"`
	Leavers   string `help:"How many days back people who left are read, or all." default:"all" placeholder:"DAYS|all"`
	Since     string `help:"Only those who changed since this day or time, of connectors that can tell." placeholder:"YYYY-MM-DD[THH:MM:SSZ]"`
	Format    string `help:"jsonl or csv." enum:"jsonl,csv" default:"jsonl"`
}

// Run reports problems as JSON, since programs read this command's output.
func (c *readCommand) Run(j *job) error {
	if err := c.read(j); err != nil {
		return j.reportJSON(err)
	}
	return nil
}

func (c *readCommand) read(j *job) error {
	days, err := leavers(c.Leavers)
	if err != nil {
		return err
	}
	since, err := c.since(j)
	if err != nil {
		return err
	}
	answers, err := j.answers(c.Connector, c.Options)
	if err != nil {
		return err
	}
	j.desk.base = c.BaseURL
	source, err := j.desk.catalogue.Source(c.Connector, answers, j.desk.env(localstore.Connection{}))
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(j.Out, 1<<16)
	write := writeJSONL
	if c.Format == "csv" {
		write = writeCSV
	}
	err = write(out, source.People(j, core.Want{Leavers: days, Since: since}))
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	return err
}

// since refuses what the connector would pass over: a list of everybody must not look like
// a list of changes.
func (c *readCommand) since(j *job) (time.Time, error) {
	if c.Since == "" {
		return time.Time{}, nil
	}
	spec, err := j.desk.catalogue.Spec(c.Connector)
	if err != nil {
		return time.Time{}, err
	}
	if !spec.Has(core.CanReadSince) {
		return time.Time{}, &core.Problem{Code: core.Unsupported, What: fmt.Sprintf("%s cannot say who has changed.", spec.Name), Fix: "Leave --since out, and everybody is read."}
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, c.Since); err == nil {
			return t, nil
		}
	}
	return time.Time{}, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("%q is no day or time.", c.Since), Fix: "Write it as 2026-11-01 or 2026-11-01T08:00:00Z."}
}

func leavers(s string) (int, error) {
	if s == "all" {
		return -1, nil
	}
	days, err := strconv.Atoi(s)
	if err != nil || days < 0 {
		return 0, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("%q is no number of days.", s), Fix: "Say a number such as 90, or all."}
	}
	return days, nil
}

func writeJSONL(w *bufio.Writer, people iter.Seq2[core.Person, error]) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for p, err := range people {
		if err != nil {
			return err
		}
		if err := e.Encode(p.Map()); err != nil {
			return fmt.Errorf("write people: %w", err)
		}
	}
	return nil
}

func writeCSV(w *bufio.Writer, people iter.Seq2[core.Person, error]) error {
	c := csv.NewWriter(w)
	var header, line []string
	for p, err := range people {
		if err != nil {
			return err
		}
		if header == nil {
			for _, f := range p.Schema().Fields() {
				header = append(header, f.ID)
			}
			_ = c.Write(header) // the writer keeps its first error for the end
		}
		line = line[:0]
		for i := range header {
			line = append(line, p.At(i))
		}
		_ = c.Write(line)
	}
	c.Flush()
	return c.Error()
}

type suggestCommand struct {
	Source string `help:"A connection, or a file (.csv, .xlsx)." required:"" placeholder:"NAME|FILE"`
	Target string `help:"Id of a target connector, or canonical." required:"" placeholder:"CONNECTOR|canonical"`
	JSON   bool   `help:"As JSON." name:"json"`
}

func (c *suggestCommand) Run(j *job) (err error) {
	side := core.Side{Connection: c.Source}
	if c.isFile() {
		side = fileSide(core.Side{}, c.Source)
	} else {
		store, locked := j.open()
		if locked != nil {
			return locked
		}
		defer func() { err = errors.Join(err, store.Close()) }()
		if j.desk, err = newDesk(j, store, j.desk.log); err != nil {
			return err
		}
	}
	source, _, err := j.desk.source(j, side)
	if err != nil {
		return err
	}
	fields, err := source.Fields(j)
	if err != nil {
		return err
	}
	people, err := first(source.People(j, core.Want{Leavers: -1}))
	if err != nil {
		return err
	}
	attributes, err := c.attributes(j)
	if err != nil {
		return err
	}
	return j.proposals(suggest.Mapping(suggest.Input{Fields: fields, People: people, Attributes: attributes}), c.JSON)
}

// isFile says that no store is needed: the source is a file.
func (c *suggestCommand) isFile() bool {
	ext := strings.ToLower(filepath.Ext(c.Source))
	_, err := os.Stat(c.Source)
	return err == nil || ext == ".csv" || ext == ".xlsx"
}

// attributes are those of a target, or the canonical fields themselves.
func (c *suggestCommand) attributes(j *job) ([]core.Attribute, error) {
	if c.Target != "canonical" {
		return j.desk.catalogue.Attributes(c.Target)
	}
	out := make([]core.Attribute, len(core.Canonical))
	for i, f := range core.Canonical {
		out[i] = core.Attribute{ID: f.ID, Label: f.Label, Kind: f.Kind}
	}
	return out, nil
}

// proposal is one line of the command's JSON.
type proposal struct {
	Column   string  `json:"column"`
	Accepted bool    `json:"accepted"`
	Score    float64 `json:"score"`
	Why      string  `json:"why"`
}

func (j *job) proposals(proposals []suggest.Proposal, asJSON bool) error {
	out := map[string]proposal{}
	for _, p := range proposals {
		column := cmp.Or(p.Column, p.Rule.Expression)
		out[p.Attribute] = proposal{Column: column, Accepted: p.Accepted, Score: p.Score, Why: p.Why}
		if !asJSON {
			tick := " "
			if p.Accepted {
				tick = "x"
			}
			j.printf("[%s] %-28s <- %-28s %.2f  %s\n", tick, p.Attribute, column, p.Score, p.Why)
		}
	}
	if asJSON {
		e := json.NewEncoder(j.Out)
		e.SetIndent("", "  ")
		return e.Encode(out)
	}
	return nil
}

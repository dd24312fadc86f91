// Package drop reads people from the newest file that an HR system leaves on an SFTP
// server or in a folder, once it is known to be complete.
package drop

import (
	"context"
	_ "embed"
	"fmt"
	"iter"
	"path"
	"strconv"
	"time"

	"rollcall/connectors/file"
	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

//go:embed manifest.yaml
var text []byte

var vendor = manifest.Must(text)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// Source reads the newest file of a folder. It keeps nothing between calls.
type Source struct {
	answers core.Answers
	env     core.Env
}

// NewSource makes the source that complete answers describe; nothing is looked at yet. A
// pattern that is none is a BadOption problem.
func NewSource(a core.Answers, env core.Env) (*Source, error) {
	if _, err := path.Match(a.Get("pattern"), "x"); err != nil {
		return nil, &core.Problem{Code: core.BadOption, Cause: err, What: fmt.Sprintf("%q is no pattern for names of files.", a.Get("pattern")),
			Fix: "Write the name, with * for what changes, as in employees-*.csv."}
	}
	if env.Now == nil {
		env.Now = time.Now
	}
	return &Source{a, env}, nil
}

// Check finds the newest file, and looks at its columns.
func (s *Source) Check(ctx context.Context) (core.Health, error) {
	var h core.Health
	err := s.with(ctx, func(c copied) (err error) {
		if h, err = c.source.Check(ctx); err != nil {
			return err
		}
		h.Summary = fmt.Sprintf("“%s” of %s: %s", c.name, c.at.Format("2 January 2006 15:04"), h.Summary)
		for _, p := range vendor.Permissions {
			h.Rights = append(h.Rights, core.Right{Permission: p, Granted: true})
		}
		return nil
	})
	return h, err
}

// Fields gives the fields of the newest file.
func (s *Source) Fields(ctx context.Context) (fields []core.Field, err error) {
	err = s.with(ctx, func(c copied) (err error) {
		fields, err = c.source.Fields(ctx)
		return err
	})
	return fields, err
}

// People yields everyone in the newest file, but not who left longer ago than is wanted.
// Where a companion says how many rows there are, another number is an Incomplete problem at
// the end.
func (s *Source) People(ctx context.Context, want core.Want) iter.Seq2[core.Person, error] {
	return func(yield func(core.Person, error) bool) {
		stopped := false
		err := s.with(ctx, func(c copied) error {
			rows := 0
			for p, err := range c.source.Counted(ctx, want, &rows) {
				if err != nil {
					return err
				}
				if !yield(p, nil) {
					stopped = true
					return nil
				}
			}
			return c.counted(rows)
		})
		if err != nil && !stopped {
			yield(core.Person{}, core.AsProblem(err))
		}
	}
}

// Sample gives the column names, the first n rows as they stand in the newest file, and
// in sentences what was found by looking at it.
func (s *Source) Sample(ctx context.Context, n int) (headers []string, rows [][]string, notes []string, err error) {
	err = s.with(ctx, func(c copied) (err error) {
		headers, rows, notes, err = c.source.Sample(ctx, n)
		return err
	})
	return headers, rows, notes, err
}

// copied is the file that is read.
type copied struct {
	source *file.Source
	name   string // without folders
	at     time.Time
	rows   int // as a companion says; below zero: nothing says it
}

func (c copied) counted(rows int) error {
	if c.rows < 0 || c.rows == rows {
		return nil
	}
	return &core.Problem{Code: core.Incomplete, What: fmt.Sprintf("“%s” has %d rows, but the file beside it says %d.", c.name, rows, c.rows),
		Fix: "Let the HR system write the file again, and see that its export ends without an error."}
}

func (s *Source) number(option string) int {
	n, _ := strconv.Atoi(s.answers.Get(option)) // its pattern allows digits alone
	return n
}

var _ core.Source = (*Source)(nil)

package localstore

import (
	"context"
	"database/sql"
	"io"
	"time"

	"rollcall/core"
)

// Plan is what the list of plans shows of one; OpenPlan gives the plan itself.
type Plan struct {
	ID     string
	Name   string // "Personio → Okta"
	Hash   string
	Undo   string // the run that it takes back, or ""
	Sync   string // id of the sync it was made for, or ""
	Source string // id of the connection, or ""
	Target string // id of the connection, or ""
	Made   time.Time
	Counts map[string]int // by the word of the verb
}

type planBody struct {
	Name, Hash, Undo string
	Counts           map[string]int
}

const planColumns = "SELECT id, source, target, sync, made, sealed FROM plan "

func planPlace(id string) string     { return "plan/" + id }
func approvalPlace(id string) string { return "approval/" + id }

// SavePlan stores a plan: what write writes is sealed as it comes. A Conflict problem
// where there is a plan of that id already, for a plan never changes; where write
// fails, its error comes back and nothing is kept.
func (s *Store) SavePlan(ctx context.Context, p Plan, write func(io.Writer) error) error {
	if err := s.planNew(ctx, p.ID); err != nil {
		return err
	}
	w, err := s.newStream(ctx)
	if err != nil {
		return err
	}
	out := &byteWriter{w: w, b: w.buffer()}
	if err := write(out); err != nil {
		w.discard()
		return err
	}
	if err := w.put(out.b); err != nil {
		w.discard()
		return err
	}
	return w.finish("connection or sync", func(ctx context.Context, tx *sql.Tx) error {
		sealed, err := s.seal.sealJSON(planBody{p.Name, p.Hash, p.Undo, p.Counts}, planPlace(p.ID))
		if err != nil {
			return err
		}
		return touch(ctx, tx, "INSERT INTO plan (id, source, target, sync, made, stream, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)",
			p.ID, nullable(p.Source), nullable(p.Target), nullable(p.Sync), millis(p.Made), w.id, sealed)
	})
}

func (s *Store) planNew(ctx context.Context, id string) error {
	_, err := s.Plan(ctx, id)
	switch {
	case core.HasCode(err, core.NotFound):
		return nil
	case err == nil:
		return &core.Problem{Code: core.Conflict, What: "The plan " + id + " is stored already, and a plan is never changed.", Fix: "Make a new plan."}
	}
	return err
}

// OpenPlan gives a plan and what SavePlan's write wrote; the reader is to be closed. A
// NotFound problem where there is no such plan.
func (s *Store) OpenPlan(ctx context.Context, id string) (Plan, io.ReadCloser, error) {
	p, err := s.Plan(ctx, id)
	if err != nil {
		return p, nil, err
	}
	var stream int64
	if err := s.row(ctx, "plan", "SELECT stream FROM plan WHERE id = ?", []any{id}, &stream); err != nil {
		return p, nil, err
	}
	return p, &byteReader{r: s.readStream(ctx, stream)}, nil
}

// Plan gives one plan's line of the list; a NotFound problem where there is none.
func (s *Store) Plan(ctx context.Context, id string) (Plan, error) {
	p, err := s.scanPlan(func(into ...any) error {
		return s.row(ctx, "plan", planColumns+"WHERE id = ?", []any{id}, into...)
	})
	return p, s.explain(err)
}

// Plans gives all plans, the newest first.
func (s *Store) Plans(ctx context.Context) ([]Plan, error) {
	return rows(ctx, s, s.scanPlan, planColumns+"ORDER BY made DESC, rowid DESC")
}

// DeletePlan removes a plan that was never applied. One that was stays for as long as
// its run: a Conflict problem.
func (s *Store) DeletePlan(ctx context.Context, id string) error {
	return s.write(ctx, "plan", func(ctx context.Context, tx *sql.Tx) error {
		var runs int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM run WHERE plan = ?", id).Scan(&runs); err != nil {
			return err
		}
		if runs > 0 {
			return &core.Problem{Code: core.Conflict, What: "This plan was applied, and its run could not be taken back without it.",
				Fix: "It goes by itself when it is older than the time for which runs are kept (Settings, Retention)."}
		}
		return touch(ctx, tx, "DELETE FROM plan WHERE id = ?", id)
	})
}

// SaveApproval keeps what reviewers have decided on a plan so far, in place of what was
// decided before.
func (s *Store) SaveApproval(ctx context.Context, plan string, a core.Approval) error {
	sealed, err := s.seal.sealJSON(a, approvalPlace(plan))
	if err != nil {
		return s.explain(err)
	}
	return s.exec(ctx, "plan", "UPDATE plan SET approval = ? WHERE id = ?", sealed, plan)
}

// Approval gives what was decided on a plan; ok is false where nothing was.
func (s *Store) Approval(ctx context.Context, plan string) (a core.Approval, ok bool, err error) {
	var sealed []byte
	if err := s.row(ctx, "plan", "SELECT approval FROM plan WHERE id = ?", []any{plan}, &sealed); err != nil || sealed == nil {
		return a, false, err
	}
	err = s.seal.unsealJSON(sealed, approvalPlace(plan), &a)
	return a, err == nil, s.explain(err)
}

func (s *Store) scanPlan(scan func(...any) error) (Plan, error) {
	var p Plan
	var source, target, sync sql.NullString
	var made int64
	var sealed []byte
	if err := scan(&p.ID, &source, &target, &sync, &made, &sealed); err != nil {
		return p, err
	}
	var b planBody
	err := s.seal.unsealJSON(sealed, planPlace(p.ID), &b)
	p.Source, p.Target, p.Sync, p.Made = source.String, target.String, sync.String, fromMillis(made)
	p.Name, p.Hash, p.Undo, p.Counts = b.Name, b.Hash, b.Undo, b.Counts
	return p, err
}

// byteWriter cuts what is written into chunks.
type byteWriter struct {
	w *streamWriter
	b []byte
}

func (w *byteWriter) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		n := min(len(rest), chunkSize-len(w.b))
		w.b, rest = append(w.b, rest[:n]...), rest[n:]
		if len(w.b) < chunkSize {
			continue
		}
		if err := w.w.put(w.b); err != nil {
			return len(p) - len(rest), err
		}
		w.b = w.w.buffer()
	}
	return len(p), nil
}

// byteReader joins the chunks again.
type byteReader struct {
	r    *streamReader
	rest []byte
}

func (r *byteReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		chunk, err := r.r.next()
		if err != nil {
			return 0, err
		}
		r.rest = chunk
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func (r *byteReader) Close() error {
	r.r.close()
	return nil
}

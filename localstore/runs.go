package localstore

import (
	"context"
	"database/sql"
	"time"

	"rollcall/core"
)

// Run is one application of a plan.
type Run struct {
	ID      string // given by the store
	Plan    string
	Name    string // of the plan
	Sync    string // id of the plan's sync, or ""
	Who     string
	Allowed map[string]string // guard → the reason for which it was allowed
	Started time.Time
	Ended   time.Time // zero while it goes on, and after a crash
	State   RunState
	Counts  map[string]int // by the word of the outcome
}

// Last gives when the run ended, or when it began where its end is not known.
func (r Run) Last() time.Time {
	if r.Ended.IsZero() {
		return r.Started
	}
	return r.Ended
}

// RunState is how a run stands.
type RunState string

// The states of a run.
const (
	Running RunState = "running" // or cut off, where Unfinished has it
	Ended   RunState = "ended"   // went through all rows, be it with failures
	Stopped RunState = "stopped" // by a person, or by too many failures
)

type runBody struct {
	Who     string
	Allowed map[string]string
	State   RunState
	Counts  map[string]int
}

const runColumns = `SELECT r.id, r.plan, r.started, r.ended, r.sealed, p.sync, p.sealed FROM run r JOIN plan p ON p.id = r.plan `

func runPlace(id string) string { return "run/" + id }

// StartRun notes that a plan is being applied, by whom and with which approval; By and
// Allowed of the approval become the run's. It gives the run as kept.
func (s *Store) StartRun(ctx context.Context, plan string, a core.Approval) (Run, error) {
	r := Run{ID: newID(), Plan: plan, Who: a.By, Allowed: a.Allowed, Started: s.now(), State: Running}
	p, err := s.Plan(ctx, plan)
	if err != nil {
		return r, err
	}
	r.Name, r.Sync = p.Name, p.Sync
	sealed, err := s.sealRun(r)
	if err != nil {
		return r, s.explain(err)
	}
	approval, err := s.seal.sealJSON(a, approvalPlace(r.ID))
	if err != nil {
		return r, s.explain(err)
	}
	return r, s.exec(ctx, "plan", "INSERT INTO run (id, plan, opening, started, sealed, approval) VALUES (?, ?, ?, ?, ?, ?)",
		r.ID, plan, s.opening, millis(r.Started), sealed, approval)
}

// ResumeRun takes up a run that a crash cut off, that was stopped, or of which more is to
// be done now, with a new approval; a zero one leaves the approval that the run had. It
// gives the approval that holds. Reasons given earlier for allowing a guard are kept.
func (s *Store) ResumeRun(ctx context.Context, id string, a core.Approval) (Run, core.Approval, error) {
	if a.Hash == "" {
		var err error
		if a, err = s.RunApproval(ctx, id); err != nil {
			return Run{}, a, err
		}
	}
	sealed, err := s.seal.sealJSON(a, approvalPlace(id))
	if err != nil {
		return Run{}, a, s.explain(err)
	}
	if err := s.exec(ctx, "run", "UPDATE run SET approval = ? WHERE id = ?", sealed, id); err != nil {
		return Run{}, a, err
	}
	r, err := s.changeRun(ctx, id, func(r *Run) {
		r.State, r.Ended = Running, time.Time{}
		for guard, reason := range a.Allowed {
			if r.Allowed == nil {
				r.Allowed = map[string]string{}
			}
			r.Allowed[guard] = reason
		}
	})
	return r, a, err
}

// RunApproval gives the approval that a run has; a NotFound problem where there is no such run.
func (s *Store) RunApproval(ctx context.Context, run string) (a core.Approval, err error) {
	var sealed []byte
	if err := s.row(ctx, "run", "SELECT approval FROM run WHERE id = ?", []any{run}, &sealed); err != nil {
		return a, err
	}
	return a, s.explain(s.seal.unsealJSON(sealed, approvalPlace(run), &a))
}

// EndRun notes how a run ended, after all that its journal still has to store.
func (s *Store) EndRun(ctx context.Context, id string, state RunState, counts map[string]int) error {
	if j, ok := s.journals.LoadAndDelete(id); ok {
		if err := j.(*journal).flush(); err != nil {
			return err
		}
	}
	_, err := s.changeRun(ctx, id, func(r *Run) { r.State, r.Counts, r.Ended = state, counts, s.now() })
	return err
}

// Run gives one run; a NotFound problem where there is none.
func (s *Store) Run(ctx context.Context, id string) (Run, error) {
	r, err := s.scanRun(func(into ...any) error {
		return s.row(ctx, "run", runColumns+"WHERE r.id = ?", []any{id}, into...)
	})
	return r, s.explain(err)
}

// Runs gives all runs, the newest first.
func (s *Store) Runs(ctx context.Context) ([]Run, error) {
	return rows(ctx, s, s.scanRun, runColumns+"ORDER BY r.started DESC, r.rowid DESC")
}

// Unfinished gives the runs that an earlier opening of the store began or took up and
// did not end: the program was killed, or the computer stopped.
func (s *Store) Unfinished(ctx context.Context) ([]Run, error) {
	return rows(ctx, s, s.scanRun, runColumns+"WHERE r.ended IS NULL AND r.opening <> ? ORDER BY r.started", s.opening)
}

// notRunning refuses what would take a run's plan away while this program works on it.
func (s *Store) notRunning(ctx context.Context, connection string) error {
	var going int
	err := s.row(ctx, "run", `SELECT count(*) FROM run r JOIN plan p ON p.id = r.plan
		WHERE r.ended IS NULL AND r.opening = ?2 AND (p.source = ?1 OR p.target = ?1)`, []any{connection, s.opening}, &going)
	if err == nil && going > 0 {
		err = &core.Problem{Code: core.Conflict, What: "A run of this connection is going on.", Fix: "Wait until it has ended, or cancel it, and try again."}
	}
	return err
}

func (s *Store) changeRun(ctx context.Context, id string, change func(*Run)) (Run, error) {
	var r Run
	err := s.write(ctx, "run", func(ctx context.Context, tx *sql.Tx) (err error) {
		if r, err = s.scanRun(tx.QueryRowContext(ctx, runColumns+"WHERE r.id = ?", id).Scan); err != nil {
			return err
		}
		change(&r)
		sealed, err := s.sealRun(r)
		if err != nil {
			return err
		}
		ended := sql.NullInt64{Int64: millis(r.Ended), Valid: !r.Ended.IsZero()}
		return touch(ctx, tx, "UPDATE run SET ended = ?, opening = ?, sealed = ? WHERE id = ?", ended, s.opening, sealed, id)
	})
	return r, err
}

func (s *Store) sealRun(r Run) ([]byte, error) {
	return s.seal.sealJSON(runBody{r.Who, r.Allowed, r.State, r.Counts}, runPlace(r.ID))
}

func (s *Store) scanRun(scan func(...any) error) (Run, error) {
	var r Run
	var started int64
	var ended sql.NullInt64
	var sync sql.NullString
	var sealed, plan []byte
	if err := scan(&r.ID, &r.Plan, &started, &ended, &sealed, &sync, &plan); err != nil {
		return r, err
	}
	var b runBody
	var p planBody
	if err := s.seal.unsealJSON(sealed, runPlace(r.ID), &b); err != nil {
		return r, err
	}
	err := s.seal.unsealJSON(plan, planPlace(r.Plan), &p)
	r.Name, r.Sync, r.Started, r.Ended = p.Name, sync.String, fromMillis(started), fromMillis(ended.Int64)
	r.Who, r.Allowed, r.State, r.Counts = b.Who, b.Allowed, b.State, b.Counts
	return r, err
}

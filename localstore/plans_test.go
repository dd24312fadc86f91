package localstore

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"
	"time"

	"rollcall/core"
)

func TestPlanComesBackByteForByte(t *testing.T) {
	both(t, func(t *testing.T, s *Store, c *clock) {
		text := make([]byte, 3*chunkSize+17) // does not compress
		for i := range text {
			text[i] = byte(rand.Uint32())
		}
		hr := addConnection(t, s, "HR")
		p := Plan{ID: "p1", Name: "HR → Okta", Hash: "abc", Undo: "r0", Source: hr.ID, Made: c.now(), Counts: map[string]int{"create": 3}}
		ok(t, s.SavePlan(t.Context(), p, func(w io.Writer) error {
			_, err := io.Copy(w, bytes.NewReader(text))
			return err
		}))
		same(t, must[[]Plan](t)(s.Plans(t.Context())), []Plan{p})
		got, r, err := s.OpenPlan(t.Context(), "p1")
		ok(t, err)
		defer r.Close()
		same(t, got, p)
		ok(t, iotest.TestReader(r, text))
	})
}

func TestPlanThatCannotBeWrittenIsNotKept(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		broken := errors.New("no more")
		err := s.SavePlan(t.Context(), Plan{ID: "p"}, func(w io.Writer) error {
			_, _ = w.Write(make([]byte, 2*chunkSize))
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
		wantProblem(t, s.SavePlan(t.Context(), Plan{ID: "p", Source: "none"}, func(io.Writer) error { return nil }), core.NotFound, "connection")
		empty(t, s, "plan", "stream", "chunk")
	})
}

func TestPlanIsNeverChanged(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		savePlan(t, s, Plan{ID: "p"}, "one")
		err := s.SavePlan(t.Context(), Plan{ID: "p"}, func(w io.Writer) error { return nil })
		wantProblem(t, err, core.Conflict, "p")
		_, r, err := s.OpenPlan(t.Context(), "p")
		ok(t, err)
		defer r.Close()
		if got := must[[]byte](t)(io.ReadAll(r)); string(got) != "one" {
			t.Fatalf("%s", got)
		}
	})
}

func TestAppliedPlanStaysWithItsRun(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		savePlan(t, s, Plan{ID: "kept"}, "")
		savePlan(t, s, Plan{ID: "spare"}, "")
		must[Run](t)(s.StartRun(t.Context(), "kept", core.Approval{}))
		wantProblem(t, s.DeletePlan(t.Context(), "kept"), core.Conflict, "applied")
		ok(t, s.DeletePlan(t.Context(), "spare"))
		wantProblem(t, s.DeletePlan(t.Context(), "spare"), core.NotFound, "plan")
		_, _, err := s.OpenPlan(t.Context(), "spare")
		wantProblem(t, err, core.NotFound, "plan")
	})
}

func fullApproval(at time.Time) core.Approval {
	return core.Approval{Hash: "abc", By: "Ada Sample", At: at,
		Rows:    map[int]core.Decision{1: core.Approve, 5: core.HoldBack},
		Cells:   map[int][]string{2: {"mail"}},
		Allowed: map[string]string{"deactivate": "The office closed."},
		Only:    []core.Verb{core.Create, core.Update}}
}

func TestDecisionsOnAPlanAreKept(t *testing.T) {
	both(t, func(t *testing.T, s *Store, c *clock) {
		savePlan(t, s, Plan{ID: "p"}, "")
		if _, decided, err := s.Approval(t.Context(), "p"); decided || err != nil {
			t.Fatal(decided, err)
		}
		a := fullApproval(c.now())
		ok(t, s.SaveApproval(t.Context(), "p", core.Approval{By: "somebody else"}))
		ok(t, s.SaveApproval(t.Context(), "p", a))
		got, decided, err := s.Approval(t.Context(), "p")
		if !decided || err != nil {
			t.Fatal(decided, err)
		}
		same(t, got, a)
		wantProblem(t, s.SaveApproval(t.Context(), "none", a), core.NotFound, "plan")
	})
}

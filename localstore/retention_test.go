package localstore

import (
	"io"
	"os"
	"testing"
	"time"

	"rollcall/core"
)

func TestPruneRemovesWhatIsOldAndNothingElse(t *testing.T) {
	both(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		for _, id := range []string{"old", "old, cut off", "old, applied lately", "old, applied"} {
			savePlan(t, s, Plan{ID: id, Made: c.now()}, "rows")
		}
		must[Snapshot](t)(s.SaveSnapshot(ctx, Snapshot{}, people(2)))
		must[Run](t)(s.StartRun(ctx, "old, cut off", core.Approval{}))
		gone := must[Run](t)(s.StartRun(ctx, "old, applied", core.Approval{}))
		ok(t, s.Journal(gone.ID).Before(core.Entry{}))
		ok(t, s.EndRun(ctx, gone.ID, Ended, nil))
		late := must[Run](t)(s.StartRun(ctx, "old, applied lately", core.Approval{}))
		c.pass(20 * 24 * time.Hour)
		ok(t, s.EndRun(ctx, late.ID, Ended, nil))
		c.pass(20 * 24 * time.Hour)
		savePlan(t, s, Plan{ID: "new", Made: c.now()}, "rows")
		kept := must[Snapshot](t)(s.SaveSnapshot(ctx, Snapshot{}, people(2)))

		ok(t, s.Prune(ctx, 0))
		if n := len(must[[]Plan](t)(s.Plans(ctx))); n != 5 {
			t.Fatalf("zero days should keep everything; %d plans are left", n)
		}
		ok(t, s.Prune(ctx, 30))
		var left []string
		for _, p := range must[[]Plan](t)(s.Plans(ctx)) {
			left = append(left, p.ID)
		}
		same(t, left, []string{"new", "old, applied lately", "old, cut off"})
		same(t, must[[]Snapshot](t)(s.Snapshots(ctx)), []Snapshot{kept})
		empty(t, s, "journal", "chunk WHERE stream NOT IN (SELECT stream FROM plan UNION SELECT stream FROM snapshot)")
	})
}

func TestPruneGivesRoomBack(t *testing.T) {
	o, c := options(t)
	s := open(t, o)
	ok(t, s.SavePlan(t.Context(), Plan{ID: "p", Made: c.now()}, func(w io.Writer) error {
		_, err := w.Write(randomBytes(8 << 20))
		return err
	}))
	c.pass(100 * 24 * time.Hour)
	ok(t, s.Prune(t.Context(), 30))
	size := int64(0)
	for _, end := range []string{"", "-wal"} {
		size += must[os.FileInfo](t)(os.Stat(s.Path() + end)).Size()
	}
	if size > 1<<20 {
		t.Fatalf("%d bytes are still taken", size)
	}
}

package task

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"
)

func TestRunGivesTheValueAndTheError(t *testing.T) {
	test.NewTempApp(t)
	broken := errors.New("broken")
	var value int
	var got error
	Run(t.Context(), func(context.Context) (int, error) { return 7, broken }, func(v int, err error) { value, got = v, err })
	Wait()
	if value != 7 || got != broken {
		t.Errorf("got %d, %v", value, got)
	}
}

func TestRunSaysNothingToAPageThatHasGone(t *testing.T) {
	test.NewTempApp(t)
	ctx, leave := context.WithCancel(t.Context())
	Run(ctx, func(context.Context) (int, error) { leave(); return 1, nil }, func(int, error) { t.Error("done was called") })
	Wait()
}

func TestWatchShowsTheLastSnapshotAndEnds(t *testing.T) {
	test.NewTempApp(t)
	var step atomic.Int32
	var mu sync.Mutex
	var seen []int32
	Watch(t.Context(), func() int32 { return step.Add(1) }, func(v int32) bool { return v == 2 }, func(v int32) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, v)
	})
	Wait()
	if len(seen) != 2 || seen[1] != 2 {
		t.Errorf("showed %v", seen)
	}
}

func TestLaterRunsOnlyTheLastRequest(t *testing.T) {
	test.NewTempApp(t)
	var last atomic.Int32
	var count atomic.Int32
	later := &Later{}
	for i := range int32(5) {
		later.After(20*time.Millisecond, func() { last.Store(i); count.Add(1) })
	}
	Wait()
	if last.Load() != 4 || count.Load() != 1 {
		t.Errorf("ran %d times, last %d", count.Load(), last.Load())
	}
}

func TestStoppedTasksDoNothing(t *testing.T) {
	test.NewTempApp(t)
	After(time.Hour, func() { t.Error("ran") })()
	Every(time.Hour, func() { t.Error("ran") })()
	Wait()
}

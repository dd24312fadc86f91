package gui

import (
	"context"
	"sync"

	"rollcall/core"
	"rollcall/gui/view"
)

// work knows the long calls that are under way, so that closing the window can ask,
// stop them and wait until they have stopped.
type work struct {
	ctx    context.Context
	cancel context.CancelFunc
	mu     sync.Mutex
	n      int
	under  sync.WaitGroup
}

func newWork() *work {
	k := &work{}
	k.ctx, k.cancel = context.WithCancel(context.Background())
	return k
}

func (k *work) running() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.n
}

// stop cancels everything that is under way and waits for it.
func (k *work) stop(context.Context) (struct{}, error) {
	k.cancel()
	k.under.Wait()
	return struct{}{}, nil
}

// begin notes a call; the context ends with the caller's and with the window.
func (k *work) begin(ctx context.Context) (context.Context, func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.n++
	k.under.Add(1)
	ctx, cancel := context.WithCancel(ctx)
	unhook := context.AfterFunc(k.ctx, cancel)
	return ctx, func() {
		unhook()
		cancel()
		k.mu.Lock()
		defer k.mu.Unlock()
		k.n--
		k.under.Done()
	}
}

// watching gives the services with their long calls noted.
func (k *work) watching(s view.Services) view.Services {
	s.Syncs, s.Plans = watchedSyncs{s.Syncs, k}, watchedPlans{s.Plans, k}
	s.Runs, s.People = watchedRuns{s.Runs, k}, watchedPeople{s.People, k}
	return s
}

type watchedSyncs struct {
	view.Syncs
	work *work
}

// Read is watched.
func (w watchedSyncs) Read(ctx context.Context, setup core.Setup, tell func(core.Progress)) (view.Material, error) {
	ctx, done := w.work.begin(ctx)
	defer done()
	return w.Syncs.Read(ctx, setup, tell)
}

type watchedPlans struct {
	view.Plans
	work *work
}

// Make is watched.
func (w watchedPlans) Make(ctx context.Context, sync string, tell func(core.Progress)) (*core.Plan, error) {
	ctx, done := w.work.begin(ctx)
	defer done()
	return w.Plans.Make(ctx, sync, tell)
}

type watchedRuns struct {
	view.Runs
	work *work
}

// Apply is watched.
func (w watchedRuns) Apply(ctx context.Context, p *core.Plan, a core.Approval, tell func(core.Outcome)) (view.Run, error) {
	ctx, done := w.work.begin(ctx)
	defer done()
	return w.Runs.Apply(ctx, p, a, tell)
}

type watchedPeople struct {
	view.People
	work *work
}

// ReadNow is watched.
func (w watchedPeople) ReadNow(ctx context.Context, sync string, tell func(core.Progress)) (view.Snapshot, error) {
	ctx, done := w.work.begin(ctx)
	defer done()
	return w.People.ReadNow(ctx, sync, tell)
}

package localstore

import (
	"context"
	"database/sql"
	"sync"
)

type (
	work   = func(context.Context, *sql.Tx) error
	commit = func(work) error
)

// group lets pieces of work that come while a transaction is being written share the
// next one, in the order in which they came.
type group struct {
	mu     sync.Mutex
	next   *batch     // still takes work; nil where the next piece begins a batch
	failed error      // of a batch that somebody did not wait for
	turn   sync.Mutex // held while a batch is written
}

type batch struct {
	work  []work
	loose bool          // somebody does not wait for it
	done  chan struct{} // closed when it is committed, or err is set
	err   error
}

// do gives work to the next transaction and waits until it is committed. One piece that
// fails fails its batch.
func (g *group) do(c commit, w work) error {
	b := g.join(c, w, false)
	<-b.done
	return b.err
}

// begin is do without waiting; failure tells later.
func (g *group) begin(c commit, w work) { g.join(c, w, true) }

func (g *group) join(c commit, w work, loose bool) *batch {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.next == nil {
		g.next = &batch{done: make(chan struct{})}
		go g.lead(c, g.next)
	}
	g.next.work = append(g.next.work, w)
	g.next.loose = g.next.loose || loose
	return g.next
}

// lead waits for the batch before, closes this one to further work, and commits it.
func (g *group) lead(c commit, b *batch) {
	g.turn.Lock()
	defer g.turn.Unlock()
	g.mu.Lock()
	g.next = nil
	g.mu.Unlock()
	if b.err = c(b.all); b.err != nil && b.loose {
		g.mu.Lock()
		g.failed = b.err
		g.mu.Unlock()
	}
	close(b.done)
}

// failure gives, once, why work that nobody waited for was not committed.
func (g *group) failure() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	err := g.failed
	g.failed = nil
	return err
}

func (b *batch) all(ctx context.Context, tx *sql.Tx) error {
	for _, w := range b.work {
		if err := w(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

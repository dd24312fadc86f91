package rest

import (
	"context"
	"iter"
	"sync"
)

// Parallel gives what do makes of each item, in the items' order, with up to n at work
// at once. It ends with the first error, its own or the items', and with a Cancelled
// problem where ctx ends before all items were done.
func Parallel[T, U any](ctx context.Context, items iter.Seq2[T, error], n int, do func(context.Context, T) (U, error)) iter.Seq2[U, error] {
	type result struct {
		made U
		err  error
	}
	return func(yield func(U, error) bool) {
		outer := ctx
		ctx, cancel := context.WithCancel(outer)
		var work sync.WaitGroup
		defer work.Wait()
		defer cancel()
		queue := make(chan chan result, max(n-1, 0))
		enqueue := func(c chan result) bool {
			select {
			case queue <- c:
				return true
			case <-ctx.Done():
				return false
			}
		}
		work.Go(func() {
			defer close(queue)
			for item, err := range items {
				c := make(chan result, 1)
				if err != nil {
					c <- result{err: err}
					enqueue(c)
					return
				}
				work.Go(func() {
					made, err := do(ctx, item)
					c <- result{made, err}
				})
				if !enqueue(c) {
					return
				}
			}
		})
		for c := range queue {
			r := <-c
			if !yield(r.made, r.err) || r.err != nil {
				return
			}
		}
		if err := outer.Err(); err != nil { // what was not queued any more is missing
			var none U
			yield(none, stopped(err))
		}
	}
}

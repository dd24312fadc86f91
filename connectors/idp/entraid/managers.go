package entraid

import (
	"context"
	"iter"
	"net/http"
	"slices"
	"sync"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// What is known of a server's way with managers. Graph gives them beside their people
// when it is asked to expand them; somebody without a manager then has none in the answer.
// Servers that stand in for Graph may do without a word as if nobody had one.
const (
	unknown int32 = iota
	expanded
	ignored
)

const (
	heldBack = 999 // people among whom somebody should have a manager
	sample   = 20  // of them who are asked about, where nobody has
)

// bosses completes users whose managers did not come with them, as far as that is in doubt.
func (j *job) bosses(ctx context.Context, p *packer, users ...object) error {
	if !p.managers() {
		return nil
	}
	for _, o := range users {
		if _, has := o[manager]; has {
			j.expands.CompareAndSwap(unknown, expanded)
		}
	}
	for _, o := range users {
		if _, has := o[manager]; has || j.expands.Load() == expanded {
			continue
		}
		if err := j.boss(ctx, o); err != nil {
			return err
		}
		if o[manager] != nil {
			j.expands.Store(ignored)
		} else if j.expands.Load() == unknown && j.bossless.Add(1) >= sample {
			j.expands.CompareAndSwap(unknown, expanded)
		}
	}
	return nil
}

// boss asks who somebody's manager is. Nobody, or nobody to be asked, is none.
func (j *job) boss(ctx context.Context, o object) error {
	var said struct{ ID string }
	err := j.do(ctx, call{method: http.MethodGet, path: userPath(manifest.Text(o["id"])) + "/manager"}, &said)
	if err == nil && said.ID != "" {
		o[manager] = object{"id": said.ID}
	}
	if unoffered(err) {
		return nil
	}
	return err
}

// managed completes a list in the same way: where nobody of many has a manager some are
// asked about, and everybody if one of those has one after all.
func (j *job) managed(ctx context.Context, p *packer, list iter.Seq2[object, error]) iter.Seq2[object, error] {
	if !p.managers() {
		return list
	}
	return func(yield func(object, error) bool) {
		var held []object
		flush := func() bool {
			err := j.completed(ctx, held)
			for _, o := range held {
				if err == nil && !yield(o, nil) {
					return false
				}
			}
			if err != nil {
				yield(nil, err)
			}
			held = nil
			return err == nil
		}
		for o, err := range list {
			if err != nil {
				yield(nil, err)
				return
			}
			if _, has := o[manager]; has {
				j.expands.CompareAndSwap(unknown, expanded)
			}
			held = append(held, o)
			if (j.expands.Load() == expanded || len(held) >= heldBack) && !flush() {
				return
			}
		}
		flush()
	}
}

// completed asks about a sample of people where it is in doubt whether managers came with
// them, and about everybody where they do not.
func (j *job) completed(ctx context.Context, held []object) error {
	if j.expands.Load() == unknown {
		step := max(1, len(held)/sample)
		var some []object
		for i := 0; i < len(held) && len(some) < sample; i += step {
			some = append(some, held[i])
		}
		if err := j.ask(ctx, some); err != nil {
			return err
		}
		if !slices.ContainsFunc(some, func(o object) bool { return o[manager] != nil }) {
			return nil
		}
		j.expands.Store(ignored)
	}
	if j.expands.Load() == expanded {
		return nil
	}
	return j.ask(ctx, slices.DeleteFunc(slices.Clone(held), func(o object) bool { return o[manager] != nil }))
}

// ask asks who the managers of these people are, many at once.
func (j *job) ask(ctx context.Context, people []object) error {
	var mu sync.Mutex
	var first error
	j.together(ctx, len(people), func(ctx context.Context, each *job, i int) {
		if err := each.boss(ctx, people[i]); err != nil {
			mu.Lock()
			defer mu.Unlock()
			if first == nil {
				first = j.explained(err, core.Write{})
			}
		}
	})
	return first
}

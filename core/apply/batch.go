package apply

import (
	"context"

	"rollcall/core"
)

// batch is the part of core.Batcher that a run uses.
type batch interface {
	Look(ctx context.Context, questions []core.Question, want []string) []core.Looked
	WriteAll(ctx context.Context, writes []core.Write) []core.Written
}

// together gives the target's way of taking several at once, and how many; where it has
// none, one by one.
func together(ctx context.Context, t core.Target) (batch, int, error) {
	if b, is := t.(core.Batcher); is {
		n, err := b.Batch(ctx)
		if err != nil || n > 1 {
			return b, n, err
		}
	}
	return oneByOne{t}, 1, nil
}

// oneByOne asks and writes one after the other.
type oneByOne struct{ core.Target }

func (t oneByOne) Look(ctx context.Context, questions []core.Question, want []string) []core.Looked {
	answers := make([]core.Looked, len(questions))
	for i, q := range questions {
		if q.ID == "" {
			answers[i].Accounts, answers[i].Err = t.Find(ctx, q.Attribute, q.Value, want)
			continue
		}
		a, err := t.Account(ctx, q.ID, want)
		answers[i] = core.Looked{Accounts: []core.Account{a}, Err: err}
	}
	return answers
}

func (t oneByOne) WriteAll(ctx context.Context, writes []core.Write) []core.Written {
	answers := make([]core.Written, len(writes))
	for i, w := range writes {
		answers[i].Receipt, answers[i].Err = t.Write(ctx, w)
	}
	return answers
}

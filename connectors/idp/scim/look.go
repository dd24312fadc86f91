package scim

import (
	"context"
	"slices"
	"sync"
	"time"

	"rollcall/core"
)

// Batch gives how many writes go into one bulk request. Where the system takes none and
// has no filters, so that looking for somebody reads everybody, it gives for how many
// that is done at once.
func (t *Target) Batch(ctx context.Context) (int, error) {
	s, err := t.discover(ctx)
	switch {
	case err != nil:
		return 0, err
	case s.bulk.operations > 1 && !t.noBulk.Load():
		return s.bulk.operations, nil
	case !s.filters || t.noFilter.Load():
		return 20, nil
	}
	return 1, nil
}

// Look answers the questions. Single requests, a few at once, are quick: a page of a
// hundred users took SCIMMY as long as a hundred users by ID or thirty by filter. So
// everybody is read only where one page holds them, or where there is no filter to ask by.
func (t *Target) Look(ctx context.Context, questions []core.Question, want []string) []core.Looked {
	answers := make([]core.Looked, len(questions))
	s, err := t.discover(ctx)
	var in membership
	if err == nil {
		in, err = t.memberships(ctx, s, want, rollLife)
	}
	var everybody []resource
	listed := err == nil && t.listsFor(s, questions)
	if listed {
		everybody, err = t.everybody(ctx, s)
	}
	if err != nil {
		for i := range answers {
			answers[i].Err = err
		}
		return answers
	}
	t.each(len(questions), func(i int) {
		users, err := t.ask(ctx, s, questions[i], everybody, listed)
		answers[i] = core.Looked{Accounts: s.packer(want, in).all(users), Err: err}
	})
	return answers
}

// listsFor says that reading everybody is cheaper than asking for each.
func (t *Target) listsFor(s *served, questions []core.Question) bool {
	without := 0
	for _, q := range questions {
		if a, ok := s.attribute(q.Attribute); q.ID == "" && ok && !t.filters(s, a) {
			without++
		}
	}
	total := t.total.Load()
	return without > 1 || total > 0 && total <= pageSize && int64(len(questions)) > total/2
}

// ask answers one question, from the list of everybody if that was read. One whose ID is
// not in it is asked for: a list may miss somebody while others are deleted.
func (t *Target) ask(ctx context.Context, s *served, q core.Question, everybody []resource, listed bool) ([]resource, error) {
	if q.ID != "" {
		at := slices.IndexFunc(everybody, func(r resource) bool { return userID(r) == q.ID })
		if at >= 0 {
			t.recent.keep(everybody[at], t.rest.Now(ctx))
			return everybody[at : at+1], nil
		}
		r, err := t.one(ctx, s, q.ID)
		if err != nil {
			return nil, err
		}
		t.recent.keep(r, t.rest.Now(ctx))
		return []resource{r}, nil
	}
	a, ok := s.attribute(q.Attribute)
	switch {
	case !ok:
		return nil, t.unknownAttribute(q.Attribute)
	case listed:
		return with(everybody, a, q.Value), nil
	}
	return t.candidates(ctx, s, a, q.Value)
}

// each does something n times, a few at once.
func (t *Target) each(n int, do func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		t.slots <- struct{}{}
		all.Go(func() {
			defer func() { <-t.slots }()
			do(i)
		})
	}
	all.Wait()
}

// recent keeps users who were looked at a moment ago, for the write that follows: a
// PATCH of one element of a list sends the others with it.
type recent struct {
	mu    sync.Mutex
	users map[string]sighting
}

type sighting struct {
	user resource
	at   time.Time
}

const (
	recentLife = 5 * time.Second
	recentMost = 1000
)

func (l *recent) keep(user resource, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.users == nil || len(l.users) >= recentMost {
		l.users = map[string]sighting{}
	}
	l.users[userID(user)] = sighting{user, now}
}

// take gives a user once, nil where none was seen just now.
func (l *recent) take(id string, now time.Time) resource {
	l.mu.Lock()
	defer l.mu.Unlock()
	seen, ok := l.users[id]
	delete(l.users, id)
	if !ok || now.Sub(seen.at) >= recentLife {
		return nil
	}
	return seen.user
}

package rest

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Buckets keeps below the limits of a vendor that counts calls of each kind by itself and
// tells with every answer how many of them are left, and until when: X-Rate-Limit-Limit,
// X-Rate-Limit-Remaining and X-Rate-Limit-Reset in seconds since 1970. All clients of a
// connection share one.
type Buckets struct {
	name func(method, path string) string

	mu    sync.Mutex
	all   map[string]*bucket
	ahead *time.Duration // by how much the vendor's clock is ahead of ours, at least; nil: not known
}

// bucket is what was told last of one kind of call; a limit of zero: nothing, or that its
// time is over.
type bucket struct {
	limit, left int
	underWay    int
	reset       int64
}

// spareOf is the part of a bucket, one in so many, that is left for others.
const spareOf = 100

// NewBuckets makes buckets of which name tells the one that a call counts in.
func NewBuckets(name func(method, path string) string) *Buckets {
	return &Buckets{name: name, all: map[string]*bucket{}}
}

// enter waits until there is a call left in its bucket. Leave has to be called with the
// answer, or with nil where none came.
func (b *Buckets) enter(ctx context.Context, c Clock, method, path string) (leave func(*Answer), err error) {
	if b == nil {
		return func(*Answer) {}, nil
	}
	name := b.name(method, path)
	for {
		wait := b.take(name, c.Now())
		if wait <= 0 {
			return func(a *Answer) { b.told(name, a, c.Now()) }, nil
		}
		if err := c.Sleep(ctx, wait); err != nil {
			return nil, stopped(err)
		}
	}
}

// take takes a call out of its bucket, or gives how long there will be none. Those under
// way may not be counted yet in what was told.
func (b *Buckets) take(name string, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	k := b.all[name]
	if k == nil {
		k = &bucket{}
		b.all[name] = k
	}
	wait := b.until(k, now)
	if wait <= 0 || wait > longestWait {
		k.limit = 0
	}
	if k.limit > 0 && k.left-k.underWay <= k.limit/spareOf {
		return wait
	}
	k.underWay++
	return 0
}

// until gives the time until a bucket is full again. The vendor's clock counts, which
// tells whole seconds; of many answers the latest second is the nearest to the truth.
func (b *Buckets) until(k *bucket, now time.Time) time.Duration {
	if b.ahead != nil {
		now = now.Add(*b.ahead)
	}
	return time.Unix(k.reset, 0).Sub(now)
}

func (b *Buckets) told(name string, a *Answer, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	k := b.all[name]
	k.underWay--
	if a == nil {
		return
	}
	if date, err := http.ParseTime(a.Header.Get("Date")); err == nil && (b.ahead == nil || date.Sub(now) > *b.ahead) {
		ahead := date.Sub(now)
		b.ahead = &ahead
	}
	limit, left, reset := limits(a.Header)
	switch {
	case limit <= 0 || reset < k.reset:
	case reset > k.reset || k.limit == 0:
		k.limit, k.left, k.reset = limit, left, reset
	default:
		k.left = min(k.left, left)
	}
}

// limits reads the headers; a limit of zero where they are not there, or where the calls
// at once were too many, of which a bucket knows nothing.
func limits(h http.Header) (limit, left int, reset int64) {
	var errs [3]error
	limit, errs[0] = strconv.Atoi(h.Get("X-Rate-Limit-Limit"))
	left, errs[1] = strconv.Atoi(h.Get("X-Rate-Limit-Remaining"))
	reset, errs[2] = strconv.ParseInt(h.Get("X-Rate-Limit-Reset"), 10, 64)
	if errs != [3]error{} {
		return 0, 0, 0
	}
	return limit, left, reset
}

// counts says that the buckets know of a refusal, so that other kinds of call need not wait.
func (b *Buckets) counts(a *Answer) bool {
	limit, _, _ := limits(a.Header)
	return b != nil && limit > 0
}

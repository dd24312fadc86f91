package scim

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"strconv"
	"strings"

	"rollcall/core"
)

// listPage is one page of users. Numbers may come as texts.
type listPage struct {
	Total     *int
	Next      string
	Resources []resource
}

// UnmarshalJSON reads a page.
func (p *listPage) UnmarshalJSON(data []byte) error {
	var raw struct {
		Total     json.RawMessage `json:"totalResults"`
		Next      string          `json:"nextCursor"`
		Resources []resource      `json:"Resources"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	p.Next, p.Resources = raw.Next, raw.Resources
	if n, err := strconv.Atoi(strings.Trim(string(raw.Total), `"`)); err == nil {
		p.Total = &n
	}
	return nil
}

const (
	pageSize = 100
	ofUsers  = "user"
)

// reading is a list as far as it was read.
type reading struct {
	target   *Target
	what     string // users, groups
	path     string
	extra    url.Values
	cursors  bool
	seen     map[string]bool
	received int
	query    url.Values
}

// list yields every user once. The next page begins after as many as have come, for
// systems cap the page without a word; RFC 7644 §3.4.2.4 leaves them free to.
func (t *Target) list(ctx context.Context, s *served) iter.Seq2[resource, error] {
	return t.pages(ctx, &reading{target: t, what: ofUsers, path: s.users, cursors: s.cursors})
}

func (t *Target) pages(ctx context.Context, r *reading) iter.Seq2[resource, error] {
	return func(yield func(resource, error) bool) {
		r.seen, r.received = map[string]bool{}, 0
		r.turnTo("")
		for more := true; more; {
			var page listPage
			_, err := t.rest.Get(ctx, r.path, r.query, &page)
			var fresh []resource
			if err == nil {
				fresh, err = r.take(page)
			}
			for _, user := range fresh {
				if !yield(user, nil) {
					return
				}
			}
			if err == nil {
				more, err = r.more(page, len(fresh))
			}
			if core.HasCode(err, core.Incomplete) {
				if first := r.before(ctx, page); first != nil {
					yield(first, nil)
					return
				}
			}
			if err != nil {
				yield(nil, err)
				return
			}
			r.turnTo(page.Next)
		}
	}
}

// turnTo makes the query of the next page.
func (r *reading) turnTo(cursor string) {
	r.query = url.Values{"startIndex": {strconv.Itoa(r.received + 1)}, "count": {strconv.Itoa(pageSize)}}
	if r.cursors {
		r.query = url.Values{"cursor": {cursor}, "count": {strconv.Itoa(pageSize)}}
	}
	maps.Copy(r.query, r.extra)
}

// before gives the one that has not come where a single one is missing: some systems
// count from 0, so that asking from 1 on passes their first by. Those that count from 1
// take 0 for 1 (RFC 7644 §3.4.2.4) and give one that has come already.
func (r *reading) before(ctx context.Context, last listPage) resource {
	if r.cursors || last.Total == nil || len(r.seen) != *last.Total-1 {
		return nil
	}
	query := url.Values{"startIndex": {"0"}, "count": {"1"}}
	maps.Copy(query, r.extra)
	var page listPage
	if _, err := r.target.rest.Get(ctx, r.path, query, &page); err != nil || len(page.Resources) == 0 {
		return nil
	}
	if id := userID(page.Resources[0]); id == "" || r.seen[id] {
		return nil
	}
	return page.Resources[0]
}

// take gives the users of a page that have not come before.
func (r *reading) take(page listPage) (fresh []resource, err error) {
	for _, user := range page.Resources {
		id := userID(user)
		if id == "" {
			return fresh, &core.Problem{Code: core.BadData, What: fmt.Sprintf("%s lists a %s without an ID.", r.target.host, r.what), Fix: "Tell the makers of that system; SCIM asks for an ID."}
		}
		if !r.seen[id] {
			r.seen[id] = true
			fresh = append(fresh, user)
		}
	}
	r.received += len(page.Resources)
	return fresh, nil
}

// more says whether another page is to be asked for, and tells where less came than
// was announced or the same comes again and again.
func (r *reading) more(page listPage, fresh int) (bool, error) {
	announced := -1
	if page.Total != nil {
		announced = *page.Total
	}
	over := len(page.Resources) == 0 || announced >= 0 && r.received >= announced
	if r.cursors {
		over = page.Next == ""
	}
	switch {
	case over && len(r.seen) < announced:
		return false, &core.Problem{Code: core.Incomplete, What: fmt.Sprintf("%s announced %d %ss and gave %d.", r.target.host, announced, r.what, len(r.seen)), Fix: "Read again. If it happens twice, ask the makers of that system."}
	case over:
		if r.what == ofUsers {
			r.target.total.Store(int64(len(r.seen)))
		}
		return false, nil
	case fresh == 0:
		return false, &core.Problem{Code: core.BadData, What: fmt.Sprintf("%s gives the same %ss on every page.", r.target.host, r.what), Fix: "Ask the makers of that system whether its list can be read in pages."}
	}
	return true, nil
}

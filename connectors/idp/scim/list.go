package scim

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
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
	leastCap = 10 // no system was seen to cap its pages below
	ofUsers  = "user"
)

// reading is a list as far as it was read.
type reading struct {
	target    *Target
	what      string // users, groups
	path      string
	extra     url.Values
	cursors   bool
	seen      map[string]bool
	received  int
	announced int
	query     url.Values
}

// list yields every user once. The next page begins after as many as have come, for
// systems cap the page without a word; RFC 7644 §3.4.2.4 leaves them free to.
func (t *Target) list(ctx context.Context, s *served) iter.Seq2[resource, error] {
	return t.pages(ctx, &reading{target: t, what: ofUsers, path: s.users, cursors: s.cursors})
}

func (t *Target) pages(ctx context.Context, r *reading) iter.Seq2[resource, error] {
	return func(yield func(resource, error) bool) {
		r.seen, r.received, r.announced = map[string]bool{}, 0, 0
		r.turnTo("")
		for more := true; more; {
			var page listPage
			_, err := t.rest.Get(ctx, r.path, r.query, &page)
			if r.beyond(err) {
				r.ended()
				return
			}
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
			if r.loose(err, page) {
				for _, user := range r.left(ctx, *page.Total) {
					if !yield(user, nil) {
						return
					}
				}
				if !r.loose(err, page) {
					r.ended()
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

// beyond says that a system refuses the page behind its last one.
func (r *reading) beyond(err error) bool {
	return slices.Contains([]int{http.StatusBadRequest, http.StatusNotFound}, status(err)) && !r.cursors && r.announced > 0 && r.received >= r.announced
}

// turnTo makes the query of the next page.
func (r *reading) turnTo(cursor string) {
	r.query = url.Values{"startIndex": {strconv.Itoa(r.received + 1)}, "count": {strconv.Itoa(pageSize)}}
	if r.cursors {
		r.query = url.Values{"cursor": {cursor}, "count": {strconv.Itoa(pageSize)}}
	}
	maps.Copy(r.query, r.extra)
}

// loose says that the pages do not hold together: they ended, or came again, before as
// many had come as were announced.
func (r *reading) loose(err error, last listPage) bool {
	ended := core.HasCode(err, core.Incomplete) || core.HasCode(err, core.BadData)
	return ended && !r.cursors && last.Total != nil && len(r.seen) < *last.Total
}

// left gives those who have not come, as far as they can be had. Where a single one is
// missing: some systems count from 0, so that asking from 1 on passes their first by.
// Those that count from 1 take 0 for 1 (RFC 7644 §3.4.2.4) and give one that has come
// already. Others keep no order from page to page, but hold all on one.
func (r *reading) left(ctx context.Context, total int) []resource {
	if len(r.seen) == total-1 {
		if one := r.ask(ctx, 0, 1); len(one) > 0 {
			return one
		}
	}
	if total > mostOnOnePage {
		return nil
	}
	return r.ask(ctx, 1, total)
}

// mostOnOnePage is how many are asked for at once where pages do not hold together.
const mostOnOnePage = 20_000

// ask gives those on one page who have not come; none where it cannot be read.
func (r *reading) ask(ctx context.Context, start, count int) []resource {
	query := url.Values{"startIndex": {strconv.Itoa(start)}, "count": {strconv.Itoa(count)}}
	maps.Copy(query, r.extra)
	var page listPage
	if _, err := r.target.rest.Get(ctx, r.path, query, &page); err != nil {
		return nil
	}
	fresh, _ := r.take(page) // one without an ID was told before
	return fresh
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

// ended keeps how many there are.
func (r *reading) ended() {
	if r.what == ofUsers {
		r.target.total.Store(int64(len(r.seen)))
	}
}

// more says whether another page is to be asked for, and tells where less came than
// was announced or the same comes again and again. A page that announces itself alone is
// not taken for the last: some systems count the page where they should count everybody.
func (r *reading) more(page listPage, fresh int) (bool, error) {
	announced := -1
	if page.Total != nil {
		announced = *page.Total
	}
	r.announced = announced
	itself := announced == len(page.Resources) && announced >= leastCap
	over := len(page.Resources) == 0 || announced >= 0 && r.received >= announced && (!itself || fresh == 0)
	if r.cursors {
		over = page.Next == ""
	}
	switch {
	case over && len(r.seen) < announced:
		return false, &core.Problem{Code: core.Incomplete, What: fmt.Sprintf("%s announced %d %ss and gave %d.", r.target.host, announced, r.what, len(r.seen)), Fix: "Read again. If it happens twice, ask the makers of that system."}
	case over:
		r.ended()
		return false, nil
	case fresh == 0:
		return false, &core.Problem{Code: core.BadData, What: fmt.Sprintf("%s gives the same %ss on every page.", r.target.host, r.what), Fix: "Ask the makers of that system whether its list can be read in pages."}
	}
	return true, nil
}

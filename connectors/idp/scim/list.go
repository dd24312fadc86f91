package scim

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
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

const pageSize = 100

// reading is a list of users as far as it was read.
type reading struct {
	target   *Target
	cursors  bool
	seen     map[string]bool
	received int
	query    url.Values
}

// list yields every user once. The next page begins after as many as have come, for
// systems cap the page without a word; RFC 7644 §3.4.2.4 leaves them free to.
func (t *Target) list(ctx context.Context, s *served) iter.Seq2[resource, error] {
	return func(yield func(resource, error) bool) {
		r := &reading{target: t, cursors: s.cursors, seen: map[string]bool{}}
		r.turnTo("")
		for more := true; more; {
			var page listPage
			_, err := t.rest.Get(ctx, s.users, r.query, &page)
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
}

// take gives the users of a page that have not come before.
func (r *reading) take(page listPage) (fresh []resource, err error) {
	for _, user := range page.Resources {
		id := userID(user)
		if id == "" {
			return fresh, &core.Problem{Code: core.BadData, What: fmt.Sprintf("%s lists a user without an ID.", r.target.host), Fix: "Tell the makers of that system; SCIM asks for an ID."}
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
		return false, &core.Problem{Code: core.Incomplete, What: fmt.Sprintf("%s announced %d users and gave %d.", r.target.host, announced, len(r.seen)), Fix: "Read again. If it happens twice, ask the makers of that system."}
	case over:
		return false, nil
	case fresh == 0:
		return false, &core.Problem{Code: core.BadData, What: fmt.Sprintf("%s gives the same users on every page.", r.target.host), Fix: "Ask the makers of that system whether its list can be read in pages."}
	}
	return true, nil
}

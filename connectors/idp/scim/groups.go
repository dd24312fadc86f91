package scim

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"rollcall/core"
)

// roll is a group that the connection looks after, and who is in it.
type roll struct {
	id, name string

	mu      sync.Mutex // held while members are read or changed
	read    time.Time  // when they were read; zero: never
	group   resource   // as it was read
	members map[string]bool
}

// rollLife is how long a reading of members serves for looking at single accounts, so
// that a group of thousands is not read for each of them. Rollcall's own changes are
// entered in it at once.
const rollLife = 10 * time.Second

// lookAfter finds the groups that the connection names, and offers their membership as
// an attribute. A line that names no group, or several, is a BadOption problem.
func (t *Target) lookAfter(ctx context.Context, s *served) error {
	if len(t.groupLines) == 0 {
		return nil
	}
	there, err := t.allGroups(ctx, s)
	if err != nil {
		return err
	}
	a := attribute{Attribute: core.Attribute{ID: core.Groups, Label: "Groups", Help: "The groups that the person is in, of those that this connection looks after.", Kind: core.List}, name: "groups"}
	for _, line := range t.groupLines {
		r, err := t.named(there, line)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(s.rolls, func(o *roll) bool { return o.id == r.id }) {
			continue
		}
		if slices.ContainsFunc(s.rolls, func(o *roll) bool { return strings.EqualFold(o.name, r.name) }) {
			return &core.Problem{Code: core.BadOption, What: fmt.Sprintf("Two of the groups to look after are called “%s”.", r.name), Fix: "Give one of them another name in " + t.host + ", or look after one of them only."}
		}
		s.rolls = append(s.rolls, r)
		a.Choices = append(a.Choices, core.Choice{Value: r.name, Label: r.name})
	}
	s.attributes = append(slices.Clip(s.attributes), a)
	return nil
}

func (t *Target) allGroups(ctx context.Context, s *served) ([]resource, error) {
	var all []resource
	list := &reading{target: t, what: "group", path: s.groups, extra: url.Values{"excludedAttributes": {"members"}}, cursors: s.cursors}
	for g, err := range t.pages(ctx, list) {
		if absent(err) {
			return nil, &core.Problem{Code: core.BadOption, Cause: err, What: t.host + " does not let its groups be read.", Fix: "Let the token read groups, or name none in the settings of the connection."}
		}
		if err != nil {
			return nil, err
		}
		all = append(all, g)
	}
	return all, nil
}

// named gives the group of that ID, else the one of that name.
func (t *Target) named(there []resource, line string) (*roll, error) {
	var found []*roll
	for _, g := range there {
		r := &roll{id: userID(g), name: text(field(g, "displayName"))}
		if r.name == "" {
			r.name = r.id
		}
		if r.id == line {
			return r, nil
		}
		if strings.EqualFold(r.name, line) {
			found = append(found, r)
		}
	}
	switch len(found) {
	case 0:
		return nil, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("%s has no group “%s”.", t.host, line), Fix: "Write the name or the ID as it stands there."}
	case 1:
		return found[0], nil
	}
	return nil, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("%s has %d groups called “%s”.", t.host, len(found), line), Fix: "Name it by its ID."}
}

// membership says in which of the looked-after groups a user is, in their order.
type membership func(user string) []string

// memberships reads who is in the groups, all of them or none: members that could not
// be read are not people who left. Members are taken from the groups, because systems
// differ in whether a user's own list of groups is filled, and how late.
func (t *Target) memberships(ctx context.Context, s *served, want []string, within time.Duration) (membership, error) {
	if len(s.rolls) == 0 || want != nil && !slices.Contains(want, core.Groups) {
		return nil, nil
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(cap(t.slots))
	lists := make([]map[string]bool, len(s.rolls))
	for i, r := range s.rolls {
		g.Go(func() error {
			r.mu.Lock()
			defer r.mu.Unlock()
			if err := t.call(ctx, s, r, within); err != nil {
				return err
			}
			lists[i] = make(map[string]bool, len(r.members))
			for id := range r.members {
				lists[i][id] = true
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return func(user string) (names []string) {
		for i, r := range s.rolls {
			if lists[i][user] {
				names = append(names, r.name)
			}
		}
		return names
	}, nil
}

// call reads the members of a group, unless that was done within so long. The roll has
// to be locked.
func (t *Target) call(ctx context.Context, s *served, r *roll, within time.Duration) error {
	now := t.rest.Now(ctx)
	if !r.read.IsZero() && now.Sub(r.read) < within {
		return nil
	}
	group, err := t.group(ctx, s, r, nil)
	if err == nil && field(group, "members") == nil { // empty, or shown only to who asks for it
		var asked resource
		if asked, err = t.group(ctx, s, r, url.Values{"attributes": {"displayName,members"}}); err == nil {
			put(group, "members", field(asked, "members"))
		}
	}
	if err != nil {
		return err
	}
	r.enter(group)
	r.read = now
	return nil
}

func (t *Target) group(ctx context.Context, s *served, r *roll, query url.Values) (resource, error) {
	var g resource
	_, err := t.rest.Get(ctx, s.group(r), query, &g)
	if gone(err) {
		return nil, &core.Problem{Code: core.Refused, Cause: err, What: fmt.Sprintf("%s has no group “%s” any more.", t.host, r.name), Fix: "Take it out of the settings of the connection, or make it again there."}
	}
	return g, err
}

func (s *served) group(r *roll) string { return s.groups + "/" + url.PathEscape(r.id) }

// enter takes the members of a group as it was read.
func (r *roll) enter(group resource) {
	list, _ := field(group, "members").([]any)
	r.group, r.members = group, map[string]bool{}
	for _, m := range list {
		if id := memberID(m); id != "" {
			r.members[id] = true
		}
	}
}

// memberID gives the ID of a member that is a user.
func memberID(member any) string {
	o, is := member.(object)
	if !is {
		return text(member)
	}
	if strings.EqualFold(text(field(o, "type")), "Group") {
		return ""
	}
	return text(field(o, "value"))
}

package scim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// wantedGroups gives the groups that a write puts its account in; asked is false where
// the write says nothing about groups. A group that is not looked after is refused.
func (t *Target) wantedGroups(s *served, w core.Write) (names []string, asked bool, err error) {
	value, asked := w.Set[core.Groups]
	if !asked || w.Verb == core.Delete {
		return nil, false, nil
	}
	if len(s.rolls) == 0 {
		return nil, false, t.unknownAttribute(core.Groups)
	}
	for _, name := range core.SplitList(value) {
		if !slices.ContainsFunc(s.rolls, func(r *roll) bool { return strings.EqualFold(r.name, name) }) {
			return nil, false, &core.Problem{Code: core.Refused, What: fmt.Sprintf("“Groups” cannot hold “%s”: it is none of the groups that this connection looks after.", name),
				Fix: "Name the group in the settings of the connection, or take it out of the mapping."}
		}
		names = append(names, name)
	}
	return names, true, nil
}

// enroll makes users members of the groups that are named for each, and of no others
// that are looked after. It gives a problem for each user where there is one.
func (t *Target) enroll(ctx context.Context, s *served, want map[string][]string) map[string]error {
	failed := map[string]error{}
	users := slices.Sorted(maps.Keys(want))
	for _, r := range s.rolls {
		if len(users) == 0 {
			break
		}
		for part := range slices.Chunk(users, mostOperations) {
			for user, err := range t.rollCall(ctx, s, r, part, want) {
				failed[user] = errors.Join(failed[user], err)
			}
		}
	}
	for user, err := range failed {
		failed[user] = t.afterwards(err)
	}
	return failed
}

// afterwards says that it is only the groups that failed.
func (t *Target) afterwards(err error) error {
	p := *core.AsProblem(err)
	if p.Code == core.Conflict || p.Code == core.NotFound || p.Code == core.Stale { // these are said of accounts
		p.Code = core.Refused
	}
	p.What = "The user was written, the membership of groups was not. " + p.What
	return &p
}

// rollCall adds those to a group who should be in it and are not, and takes those out
// who are and should not be, all in one request; where that fails, one by one.
func (t *Target) rollCall(ctx context.Context, s *served, r *roll, users []string, want map[string][]string) map[string]error {
	r.mu.Lock()
	defer r.mu.Unlock()
	failed := map[string]error{}
	if err := t.call(ctx, s, r, rollLife); err != nil {
		for _, user := range users {
			failed[user] = err
		}
		return failed
	}
	var c change
	for _, user := range users {
		should := slices.ContainsFunc(want[user], func(name string) bool { return strings.EqualFold(name, r.name) })
		switch is := r.members[user]; {
		case should && !is:
			c.add = append(c.add, user)
		case is && !should:
			c.cut = append(c.cut, user)
		}
	}
	if c.size() == 0 {
		return nil
	}
	err := t.changeMembers(ctx, s, r, c)
	if err == nil {
		return nil
	}
	defer func() { r.read = time.Time{} }() // what became of it is to be seen
	if c.size() == 1 || ctx.Err() != nil {
		for _, user := range slices.Concat(c.add, c.cut) {
			failed[user] = err
		}
		return failed
	}
	for _, one := range c.each() {
		if err := t.changeMembers(ctx, s, r, one); err != nil {
			failed[slices.Concat(one.add, one.cut)[0]] = err
		}
	}
	return failed
}

// change is who is to come into a group and who is to go.
type change struct{ add, cut []string }

func (c change) size() int { return len(c.add) + len(c.cut) }

func (c change) each() (all []change) {
	for _, user := range c.add {
		all = append(all, change{add: []string{user}})
	}
	for _, user := range c.cut {
		all = append(all, change{cut: []string{user}})
	}
	return all
}

// changeMembers makes the change by PATCH, or by PUT where the system has no PATCH for
// groups. The roll is locked and was read.
func (t *Target) changeMembers(ctx context.Context, s *served, r *roll, c change) error {
	if !s.patches || t.putGroups.Load() || len(c.cut) > 0 && t.cutByPut.Load() {
		return t.putMembers(ctx, s, r, c)
	}
	answer, err := t.rest.Do(ctx, http.MethodPatch, s.group(r), nil, object{"schemas": []string{patchSchema}, "Operations": c.operations()}, nil)
	switch code := status(err); {
	case code == http.StatusMethodNotAllowed || code == http.StatusNotImplemented:
		t.putGroups.Store(true)
		return t.putMembers(ctx, s, r, c)
	case code == http.StatusBadRequest && len(c.cut) > 0:
		// Not every system knows a member by its value, and one who is gone is no target.
		return t.putMembers(ctx, s, r, c)
	case err != nil:
		return t.unsure(err)
	}
	return t.verify(ctx, s, r, c, answer)
}

// operations are the PATCH of a change. Who goes is named in the path: systems that
// pass over the value of a "remove" empty the whole group.
func (c change) operations() (all []operation) {
	if len(c.add) > 0 {
		all = append(all, operation{Op: "add", Path: "members", Value: members(c.add)})
	}
	for _, user := range c.cut {
		all = append(all, operation{Op: "remove", Path: "members[value eq " + quoted(user) + "]"})
	}
	return all
}

func members(users []string) []any {
	list := make([]any, len(users))
	for i, user := range users {
		list[i] = object{"value": user}
	}
	return list
}

// fewMembers is up to how many members a group is read again after somebody was taken
// out of it.
const fewMembers = 1000

// verify enters a change that was made. Where somebody was taken out of the group, it
// is looked at again, unless it is large: systems that do not understand whom take
// everybody, or nobody. Those who went with them are put back.
func (t *Target) verify(ctx context.Context, s *served, r *roll, c change, a *rest.Answer) error {
	should := maps.Clone(r.members)
	for _, user := range c.add {
		should[user] = true
	}
	for _, user := range c.cut {
		delete(should, user)
	}
	var now resource
	told := json.Unmarshal(a.Body, &now) == nil && field(now, "members") != nil
	if told {
		r.enter(now)
	}
	if len(c.cut) == 0 || told && r.differs(should).size() == 0 || !told && len(should) > fewMembers {
		r.members = should
		return nil
	}
	if err := t.call(ctx, s, r, 0); err != nil {
		return err
	}
	wrong := r.differs(should)
	wrong.add = slices.DeleteFunc(wrong.add, func(user string) bool { return slices.Contains(c.add, user) }) // who was added may show later
	wrong.cut = slices.DeleteFunc(wrong.cut, func(user string) bool { return !slices.Contains(c.cut, user) })
	if wrong.size() > 0 {
		t.cutByPut.Store(true)
		if err := t.putRight(ctx, s, r, wrong); err != nil {
			return err
		}
	}
	r.members = should
	return nil
}

// differs gives what is to be done for the group to have these members.
func (r *roll) differs(should map[string]bool) (c change) {
	for user := range should {
		if !r.members[user] {
			c.add = append(c.add, user)
		}
	}
	for user := range r.members {
		if !should[user] {
			c.cut = append(c.cut, user)
		}
	}
	return c
}

// putRight adds who was lost and cuts who is still there.
func (t *Target) putRight(ctx context.Context, s *served, r *roll, wrong change) error {
	if len(wrong.add) > 0 {
		slices.Sort(wrong.add)
		if err := t.changeMembers(ctx, s, r, change{add: wrong.add}); err != nil {
			return err
		}
	}
	if len(wrong.cut) > 0 {
		return t.putMembers(ctx, s, r, change{cut: wrong.cut})
	}
	return nil
}

// putMembers sends the group whole, with the members as they are to be. It is read right
// before, for whoever is left out of it is out of the group.
func (t *Target) putMembers(ctx context.Context, s *served, r *roll, c change) error {
	if err := t.call(ctx, s, r, 0); err != nil {
		return err
	}
	c.add = slices.DeleteFunc(slices.Clone(c.add), func(user string) bool { return r.members[user] })
	c.cut = slices.DeleteFunc(slices.Clone(c.cut), func(user string) bool { return !r.members[user] })
	if c.size() == 0 {
		return nil
	}
	list, _ := field(r.group, "members").([]any)
	list = slices.DeleteFunc(slices.Clone(list), func(m any) bool { return slices.Contains(c.cut, memberID(m)) })
	list = append(list, members(c.add)...)
	after, _ := clone(object(r.group)).(object)
	put(after, "meta", nil)
	put(after, "members", list)
	if _, err := t.rest.Do(ctx, http.MethodPut, s.group(r), nil, after, nil); err != nil {
		return t.unsure(err)
	}
	put(r.group, "members", list)
	r.enter(r.group)
	return nil
}

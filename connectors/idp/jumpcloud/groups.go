package jumpcloud

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

const groupsPath = "/api/v2/usergroups"

// group is a user group. One whose members follow from a rule says so (UserGroup of
// JumpCloud's client jcapi-go).
type group struct {
	ID, Name  string
	Automated bool `json:"membershipAutomated"`
}

func groupsAttribute(groups []group) attribute {
	a := core.Attribute{ID: core.Groups, Label: "Groups", Kind: core.List, Help: "The groups that the connection looks after."}
	for _, g := range groups {
		a.Choices = append(a.Choices, core.Choice{Value: g.Name, Label: g.Name})
	}
	return plain(a)
}

// listed yields the rows of a list of v2, whose last page is the one that is not full.
func listed[T any](ctx context.Context, t *Target, path, noun string, id func(T) string) iter.Seq2[T, error] {
	return rest.List[T]{Vendor: t.rest.Vendor(), Noun: noun, First: "0", ID: id,
		Fetch: func(ctx context.Context, at string) (rest.Page[T], error) {
			page := rest.Page[T]{Total: -1}
			a, err := t.rest.Get(ctx, path, url.Values{"limit": {strconv.Itoa(pageSize)}, "skip": {at}}, &page.Rows)
			if err != nil {
				return page, err
			}
			if total, err := strconv.Atoi(a.Header.Get("x-total-count")); err == nil {
				page.Total = total
			}
			if len(page.Rows) == pageSize || len(page.Rows) > 0 && page.Total >= 0 {
				page.Next = rest.NextOffset(at, len(page.Rows), page.Total)
			}
			return page, nil
		}}.All(ctx)
}

// groupsNamed gives the groups that the connection looks after, in its order.
func (t *Target) groupsNamed(ctx context.Context) ([]group, error) {
	if len(t.groups) == 0 {
		return nil, nil
	}
	var all, chosen []group
	for g, err := range listed(ctx, t, groupsPath, "groups", func(g group) string { return g.ID }) {
		if err != nil {
			return nil, err
		}
		all = append(all, g)
	}
	for _, name := range t.groups {
		g, err := one(all, name)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(chosen, func(other group) bool { return other.Name == g.Name }) {
			return nil, badGroup(fmt.Sprintf("The group “%s” is named twice.", g.Name))
		}
		chosen = append(chosen, g)
	}
	return chosen, nil
}

func one(all []group, name string) (group, error) {
	var found []group
	for _, g := range all {
		if g.ID == name || g.Name == name {
			found = append(found, g)
		}
	}
	switch {
	case len(found) == 0:
		return group{}, badGroup(fmt.Sprintf("JumpCloud has no user group “%s”.", name))
	case len(found) > 1:
		return group{}, badGroup(fmt.Sprintf("%d user groups are called “%s”; give the ID of the one that is meant.", len(found), name))
	case found[0].Automated:
		return group{}, badGroup(fmt.Sprintf("A rule decides who is in the group “%s”, so Rollcall cannot look after it.", name))
	}
	return found[0], nil
}

func badGroup(what string) error {
	return &core.Problem{Code: core.BadOption, What: what, Fix: "Change the groups in the settings of the connection."}
}

// member is an edge from a group to somebody in it.
type member struct {
	To struct{ ID string }
}

// members gives the names of the groups that each person is in. A group that cannot be
// read is an error: it is not a group without members.
func (t *Target) members(ctx context.Context, d *directory) (map[string][]string, error) {
	in := map[string][]string{}
	for _, g := range d.groups {
		for m, err := range listed(ctx, t, membersPath(g), "members", func(m member) string { return m.To.ID }) {
			if err != nil {
				return nil, err
			}
			in[m.To.ID] = append(in[m.To.ID], g.Name)
		}
	}
	return in, nil
}

func membersPath(g group) string { return groupsPath + "/" + url.PathEscape(g.ID) + "/members" }

// ancestor is a group that somebody is in, and the ways that lead there: of one step where
// he is in it himself, of several where he is in a group that is in it.
type ancestor struct {
	ID    string
	Paths [][]any
}

func (a ancestor) direct() bool {
	return len(a.Paths) == 0 || slices.ContainsFunc(a.Paths, func(way []any) bool { return len(way) == 1 })
}

// groupsOf gives the names of the groups that a person is in, of those that are looked
// after. The path is that of Get-JcSdkUserMember of JumpCloud's PowerShell SDK; where it is
// not there, the groups are asked for whom they have.
func (t *Target) groupsOf(ctx context.Context, d *directory, id string) ([]string, error) {
	is := map[string]bool{}
	for g, err := range listed(ctx, t, "/api/v2/users/"+url.PathEscape(id)+"/memberof", "groups", func(a ancestor) string { return a.ID }) {
		if notOffered(err) {
			in, err := t.members(ctx, d)
			return in[id], err
		}
		if err != nil {
			return nil, err
		}
		is[g.ID] = g.direct()
	}
	var names []string
	for _, g := range d.groups {
		if is[g.ID] {
			names = append(names, g.Name)
		}
	}
	return names, nil
}

// setGroups makes a person a member of these of the groups that are looked after, and of
// no other of them. It is not stopped half-way: what a plan would then find is neither as
// it was nor as it should be.
func (t *Target) setGroups(ctx context.Context, d *directory, id string, want []string, made bool) error {
	var have []string
	if !made {
		var err error
		if have, err = t.groupsOf(ctx, d, id); err != nil {
			return err
		}
	}
	ctx = context.WithoutCancel(ctx)
	for _, g := range d.groups {
		is, should := slices.Contains(have, g.Name), slices.Contains(want, g.Name)
		if is == should {
			continue
		}
		if err := t.setMember(ctx, g, id, should, made); err != nil {
			return unsure(inGroup(err, g))
		}
	}
	return nil
}

// newcomerTries is how often somebody who was just made is put into a group that does not
// know him yet.
const newcomerTries = 4

// setMember puts a person into a group or takes him out. That he is in it already, or not
// in it, is as good.
func (t *Target) setMember(ctx context.Context, g group, id string, in, made bool) error {
	op := map[bool]string{true: "add", false: "remove"}[in]
	for try := 1; ; try++ {
		_, err := t.rest.Do(ctx, http.MethodPost, membersPath(g), nil, object{"op": op, "type": "user", "id": id}, nil, rest.Repeatable())
		switch s := status(err); {
		case in && s == http.StatusConflict, !in && s == http.StatusNotFound:
			return nil
		case in && made && s == http.StatusNotFound && try < newcomerTries:
			if err := rest.Sleep(ctx, time.Second<<try); err != nil {
				return err
			}
		default:
			return err
		}
	}
}

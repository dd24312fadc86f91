package okta

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// group is a group that the connection looks after.
type group struct{ id, name string }

type groups struct {
	mu      sync.Mutex
	read    []group
	atOnce  atomic.Bool  // somebody new was put into the groups that came with the profile
	ignored atomic.Int32 // how many were put into none of theirs
}

// notAtOnce is after how many people it is sure that a server does not heed groupIds.
const notAtOnce = 3

// left gives the groups that somebody new has still to be put into. Okta does so with the
// profile; servers that stand in for it may leave that out without a word, so the first
// people are looked at.
func (g *groups) left(ctx context.Context, t *Target, id string, wanted []group) []group {
	if len(wanted) == 0 || g.atOnce.Load() {
		return nil
	}
	if g.ignored.Load() >= notAtOnce {
		return wanted
	}
	in, err := t.in(ctx, id)
	if err != nil {
		return nil // who is too new to be asked about is no sign of anything
	}
	if len(in) > 0 {
		g.atOnce.Store(true)
		return nil
	}
	g.ignored.Add(1)
	return wanted
}

// mostGroups is how many groups a new user is put into at once; the others follow.
const mostGroups = 20

var groupID = regexp.MustCompile(`^00g[0-9A-Za-z]{17}$`)

func groupsAttribute(looked []group) attribute {
	a := attribute{Attribute: core.Attribute{ID: core.Groups, Label: "Groups", Help: "Of the groups that Rollcall looks after; in others nobody is added or removed.", Kind: core.List}}
	for _, g := range looked {
		a.Choices = append(a.Choices, core.Choice{Value: g.name, Label: g.name})
	}
	return a
}

func namesOf(list []group) []string {
	names := make([]string, len(list))
	for i, g := range list {
		names[i] = g.name
	}
	return names
}

// oktaGroup is a group as Okta shows it.
type oktaGroup struct {
	ID, Type string
	Profile  struct{ Name string }
}

// looked finds the groups that the connection looks after, once.
func (t *Target) looked(ctx context.Context) ([]group, error) {
	t.groups.mu.Lock()
	defer t.groups.mu.Unlock()
	if t.groups.read != nil {
		return t.groups.read, nil
	}
	var all []group
	for _, name := range t.answers.Lines(core.Groups) {
		g, err := t.groupNamed(ctx, name)
		if err != nil {
			return nil, err
		}
		if g.Type != "" && g.Type != "OKTA_GROUP" {
			return nil, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("Rollcall cannot look after the group “%s”: its members come from an application or from Okta itself.", name),
				Fix: "Take it out of the groups of the connection, or name a group that was made in Okta."}
		}
		if one := (group{g.ID, g.Profile.Name}); !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	t.groups.read = all
	return all, nil
}

func (t *Target) groupNamed(ctx context.Context, name string) (oktaGroup, error) {
	ways := []func(context.Context, string) (oktaGroup, error){t.groupSearched, t.groupListed, t.groupWithID}
	if groupID.MatchString(name) {
		ways = []func(context.Context, string) (oktaGroup, error){t.groupWithID, t.groupSearched}
	}
	for _, way := range ways {
		g, err := way(ctx, name)
		if err != nil && !core.HasCode(err, core.NotFound) && !core.HasCode(err, core.Refused) {
			return oktaGroup{}, t.explained(err, about{permission: "okta.groups.read"})
		}
		if err == nil && g.ID != "" {
			return g, nil
		}
	}
	return oktaGroup{}, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("Okta has no group “%s”.", name), Fix: "Make it in Okta, or correct the groups of the connection."}
}

// groupSearched asks the index, which may not know a new group yet.
func (t *Target) groupSearched(ctx context.Context, name string) (oktaGroup, error) {
	return t.groupIn(ctx, name, asked("search", "profile.name eq "+quoted(attribute{}, name)))
}

// groupListed looks through all groups that were made in Okta.
func (t *Target) groupListed(ctx context.Context, name string) (oktaGroup, error) {
	return t.groupIn(ctx, name, asked("filter", `type eq "OKTA_GROUP"`))
}

func (t *Target) groupIn(ctx context.Context, name string, query url.Values) (oktaGroup, error) {
	for row, err := range listAt(ctx, t.rest, "/api/v1/groups", "groups", query) {
		if err != nil {
			return oktaGroup{}, err
		}
		if strings.EqualFold(manifest.TextAt(row, "profile.name"), name) {
			return oktaGroup{ID: manifest.Text(row["id"]), Type: manifest.Text(row["type"]), Profile: struct{ Name string }{manifest.TextAt(row, "profile.name")}}, nil
		}
	}
	return oktaGroup{}, nil
}

func (t *Target) groupWithID(ctx context.Context, id string) (g oktaGroup, err error) {
	_, err = t.rest.Get(ctx, "/api/v1/groups/"+url.PathEscape(id), nil, &g)
	if g.ID != id {
		g = oktaGroup{}
	}
	return g, err
}

// named gives the groups of these names, which are among those that are looked after.
func (t *Target) named(ctx context.Context, names []string) ([]group, error) {
	looked, err := t.looked(ctx)
	if err != nil {
		return nil, err
	}
	var list []group
	for _, name := range names {
		i := slices.IndexFunc(looked, func(g group) bool { return strings.EqualFold(g.name, name) })
		if i < 0 {
			return nil, refused(groupsAttribute(nil), fmt.Sprintf("cannot be “%s”: Rollcall does not look after such a group", name), "Correct the mapping, or add the group to the connection.")
		}
		list = append(list, looked[i])
	}
	return list, nil
}

// sidesAtOnce is how many people's linked managers or groups are asked for at once.
const sidesAtOnce = 6

// putGroups puts the groups of a user into the row; nil members: they are not wanted. The
// lists of members leave out who is deactivated, or was when they were read; each of those
// is asked for.
func (t *Target) putGroups(ctx context.Context, row map[string]any, members map[string]string, since string) error {
	id := manifest.Text(row["id"])
	if members == nil {
		return nil
	}
	row["groups"] = members[id]
	if manifest.Text(row["status"]) != deprovisioned && manifest.Text(row["statusChanged"]) < since {
		return nil
	}
	in, err := t.in(ctx, id)
	row["groups"] = core.JoinList(namesOf(in))
	return err
}

// members reads who is in which of the groups that are looked after: lists of names by id.
func (t *Target) members(ctx context.Context, wanted bool) (map[string]string, error) {
	if !wanted {
		return nil, nil
	}
	looked, err := t.looked(ctx)
	if err != nil {
		return nil, err
	}
	in := map[string][]string{}
	for _, g := range looked {
		for row, err := range listAt(ctx, t.rest, "/api/v1/groups/"+g.id+"/users", "members", url.Values{"limit": {"200"}}) {
			if err != nil {
				return nil, t.explained(err, about{permission: "okta.groups.read"})
			}
			id := manifest.Text(row["id"])
			in[id] = append(in[id], g.name)
		}
	}
	joined := make(map[string]string, len(in))
	for id, names := range in {
		joined[id] = core.JoinList(names)
	}
	return joined, nil
}

// in reads in which of the groups that are looked after a user is.
func (t *Target) in(ctx context.Context, id string) ([]group, error) {
	looked, err := t.looked(ctx)
	if err != nil {
		return nil, err
	}
	var has []oktaGroup
	for row, err := range listAt(ctx, t.rest, userPath(id)+"/groups", "groups", nil) {
		if err != nil {
			return nil, t.explained(err, of(id))
		}
		has = append(has, oktaGroup{ID: manifest.Text(row["id"])})
	}
	return slices.DeleteFunc(slices.Clone(looked), func(g group) bool {
		return !slices.ContainsFunc(has, func(h oktaGroup) bool { return h.ID == g.id })
	}), nil
}

// setGroups adds and removes the difference. Who is a member already, or is none, is done
// for Okta too.
func (t *Target) setGroups(ctx context.Context, id string, wanted []group) error {
	now, err := t.in(ctx, id)
	if err != nil {
		return err
	}
	for _, g := range wanted {
		if !slices.Contains(now, g) {
			if err := t.join(ctx, http.MethodPut, id, g); err != nil {
				return err
			}
		}
	}
	for _, g := range now {
		if !slices.Contains(wanted, g) {
			if err := t.join(ctx, http.MethodDelete, id, g); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Target) join(ctx context.Context, method, id string, g group) error {
	err := t.patiently(ctx, func() error {
		_, err := t.rest.Do(ctx, method, "/api/v1/groups/"+g.id+"/users/"+url.PathEscape(id), nil, nil, nil)
		return err
	})
	if method == http.MethodDelete && core.HasCode(err, core.NotFound) {
		return nil
	}
	return t.explained(err, about{permission: "okta.groups.manage"})
}

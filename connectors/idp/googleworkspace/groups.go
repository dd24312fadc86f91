package googleworkspace

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// group is one that the connection looks after. Its name is what Google calls it; two of
// one name are told apart by their addresses.
type group struct{ id, email, name string }

func groupsAttribute(groups []group) attribute {
	a := attribute{Attribute: core.Attribute{ID: core.Groups, Label: "Groups", Kind: core.List}}
	for _, g := range groups {
		a.Choices = append(a.Choices, core.Choice{Value: g.name, Label: g.name, Help: g.email})
	}
	return a
}

// lookedAfter finds the groups that the connection names, by address or name. One that is
// not there, or a name that several have, is a BadOption problem.
func (t *Target) lookedAfter(ctx context.Context) ([]group, error) {
	var all []group
	query := url.Values{"customer": {t.answers.Get("customerId")}, "maxResults": {"200"}}
	for o, err := range t.pages(ctx, "/groups", query, "groups") {
		if err != nil {
			return nil, t.explained(err, membership)
		}
		all = append(all, group{manifest.Text(o["id"]), manifest.Text(o["email"]), manifest.Text(o["name"])})
	}
	var chosen []group
	for _, name := range t.names {
		fit := slices.Collect(func(yield func(group) bool) {
			for _, g := range all {
				if (strings.EqualFold(name, g.email) || strings.EqualFold(name, g.name)) && !yield(g) {
					return
				}
			}
		})
		switch {
		case len(fit) == 0:
			return nil, badGroup(fmt.Sprintf("There is no group “%s”.", name))
		case len(fit) > 1:
			return nil, badGroup(fmt.Sprintf("%d groups are called “%s”; give the address of the one that is meant.", len(fit), name))
		case slices.Contains(chosen, fit[0]):
			return nil, badGroup(fmt.Sprintf("The group “%s” is named twice.", name))
		}
		chosen = append(chosen, fit[0])
	}
	return distinct(chosen), nil
}

// distinct names groups whose name others have too by their addresses.
func distinct(groups []group) []group {
	named := map[string]int{}
	for _, g := range groups {
		named[folded(g.name)]++
	}
	for i, g := range groups {
		if named[folded(g.name)] > 1 || g.name == "" {
			groups[i].name = g.email
		}
	}
	return groups
}

func badGroup(what string) error {
	return &core.Problem{Code: core.BadOption, What: what, Fix: "Change the groups in the settings of the connection."}
}

// membership stands for a write of groups, where a problem is about them.
var membership = core.Write{Verb: core.Update, Set: map[string]string{core.Groups: ""}}

// members reads who is in the groups, by account, where that is wanted. A group that
// cannot be read is an error: it is not a group without members.
func (t *Target) members(ctx context.Context, p *packer) (map[string][]string, error) {
	if !p.groups {
		return nil, nil
	}
	in := map[string][]string{}
	for _, g := range t.groups {
		for o, err := range t.pages(ctx, membersPath(g), url.Values{"maxResults": {"200"}}, "members") {
			if err != nil {
				return nil, t.explained(err, membership)
			}
			id := manifest.Text(o["id"])
			in[id] = append(in[id], g.name)
		}
	}
	return in, nil
}

func membersPath(g group) string { return "/groups/" + url.PathEscape(g.id) + "/members" }

// groupsOf gives the names of the groups that an account is in, in the order of the choices.
func (t *Target) groupsOf(ctx context.Context, id string) ([]string, error) {
	in := map[string]bool{}
	for o, err := range t.pages(ctx, "/groups", url.Values{"userKey": {id}, "maxResults": {"200"}}, "groups") {
		if err != nil {
			return nil, t.explained(err, membership)
		}
		in[manifest.Text(o["id"])] = true
	}
	var names []string
	for _, g := range t.groups {
		if in[g.id] {
			names = append(names, g.name)
		}
	}
	return names, nil
}

// join puts an account into the groups that it shall be in and takes it out of the other
// ones that are looked after. A new account is in none.
func (t *Target) join(ctx context.Context, id string, wanted []string, isNew bool) error {
	var in []string
	if !isNew {
		var err error
		if in, err = t.groupsOf(ctx, id); err != nil {
			return err
		}
	}
	for _, g := range t.groups {
		is, shall := slices.Contains(in, g.name), slices.ContainsFunc(wanted, func(name string) bool { return strings.EqualFold(name, g.name) })
		var err error
		switch {
		case shall && !is:
			err = t.do(ctx, http.MethodPost, membersPath(g), user{"id": id, "role": "MEMBER"}, nil, id, rest.Repeatable())
			if core.HasCode(err, core.Conflict) {
				err = nil // is a member already
			}
		case is && !shall:
			err = t.do(ctx, http.MethodDelete, membersPath(g)+"/"+url.PathEscape(id), nil, nil, "")
			if core.HasCode(err, core.NotFound) {
				err = nil // is no member any more
			}
		}
		if err != nil {
			return t.explained(err, membership)
		}
	}
	return nil
}

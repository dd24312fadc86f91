package entraid

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// group is one that the connection looks after.
type group struct{ id, name string }

func groupsAttribute(groups []group) attribute {
	a := attribute{Attribute: core.Attribute{ID: core.Groups, Label: "Groups", Kind: core.List, Help: "Licences can be assigned to groups, and then come with the membership."}}
	for _, g := range groups {
		a.Choices = append(a.Choices, core.Choice{Value: g.name, Label: g.name})
	}
	return a
}

// lookedAfter finds the groups that the connection names, by name or id. One that is not
// there, or whose members cannot be written, is a BadOption problem.
func (t *Target) lookedAfter(ctx context.Context) ([]group, error) {
	query := url.Values{"$select": {"id,displayName,groupTypes,securityEnabled,mailEnabled,membershipRule,onPremisesSyncEnabled"}, "$top": {"999"}}
	found := map[string][]object{}
	for o, err := range t.list(ctx, "/groups", query, "groups") {
		if err != nil {
			if core.HasCode(err, core.MissingScope) {
				err = t.forbidden(core.Write{Set: map[string]string{core.Groups: ""}})
			}
			return nil, err
		}
		for _, name := range t.names {
			if strings.EqualFold(name, manifest.Text(o["id"])) || strings.EqualFold(name, manifest.Text(o["displayName"])) {
				found[name] = append(found[name], o)
			}
		}
	}
	var groups []group
	for _, name := range t.names {
		if len(found[name]) != 1 {
			return nil, notOne(name, len(found[name]))
		}
		if why := unwritable(found[name][0]); why != "" {
			return nil, badGroup(fmt.Sprintf("The members of the group “%s” cannot be written: %s.", name, why))
		}
		g := group{manifest.Text(found[name][0]["id"]), manifest.Text(found[name][0]["displayName"])}
		if slices.ContainsFunc(groups, func(o group) bool { return strings.EqualFold(o.name, g.name) || o.id == g.id }) {
			return nil, badGroup(fmt.Sprintf("The group “%s” is named twice, or two groups have that name.", g.name))
		}
		groups = append(groups, g)
	}
	return groups, nil
}

func notOne(name string, n int) error {
	if n == 0 {
		return badGroup(fmt.Sprintf("There is no group “%s”.", name))
	}
	return badGroup(fmt.Sprintf("%d groups are called “%s”; give the ID of the one that is meant.", n, name))
}

func badGroup(what string) error {
	return &core.Problem{Code: core.BadOption, What: what, Fix: "Change the groups in the settings of the connection."}
}

// unwritable says why a group's members are not for us to write, or is empty.
func unwritable(o object) string {
	types, _ := o["groupTypes"].([]any)
	switch {
	case slices.Contains(types, any("DynamicMembership")) || manifest.Text(o["membershipRule"]) != "":
		return "it is dynamic, and a rule decides who is in it"
	case o["mailEnabled"] == true:
		return "it is mail-enabled, and Exchange keeps it"
	case o[synced] == true:
		return "it is synchronised from Active Directory; change it there"
	}
	return ""
}

// members reads who is in the groups, where that is wanted. A group that cannot be read
// is an error: it is not a group without members.
func (t *Target) members(ctx context.Context, p *packer) (map[string][]string, error) {
	if !p.groups {
		return nil, nil
	}
	in := map[string][]string{}
	for _, g := range t.groups {
		for o, err := range t.list(ctx, "/groups/"+url.PathEscape(g.id)+"/members", url.Values{"$select": {"id"}, "$top": {"999"}}, "members") {
			if err != nil {
				return nil, t.explained(err, core.Write{Set: map[string]string{core.Groups: ""}})
			}
			id := manifest.Text(o["id"])
			in[id] = append(in[id], g.name)
		}
	}
	return in, nil
}

// groupsOf gives the names of the groups that a user is in, of those that are looked after.
func (j *job) groupsOf(ctx context.Context, id string) ([]string, error) {
	in := map[string]bool{}
	c := call{method: http.MethodGet, path: userPath(id) + "/memberOf", query: url.Values{"$select": {"id"}, "$top": {"999"}}, about: []string{id}}
	for c.path != "" {
		var page struct {
			Value []struct{ ID string }
			Next  string `json:"@odata.nextLink"`
		}
		if err := j.do(ctx, c, &page); err != nil {
			return nil, j.explained(err, core.Write{Account: id, Set: map[string]string{core.Groups: ""}})
		}
		for _, o := range page.Value {
			in[o.ID] = true
		}
		c.path, c.query = below(page.Next, c.path)
	}
	var names []string
	for _, g := range j.groups {
		if in[g.id] {
			names = append(names, g.name)
		}
	}
	return names, nil
}

// below gives the path below v1.0, and the query, of the link to a list's next page. Of
// servers behind other addresses the link may be without v1.0, or hold more before it.
func below(link, path string) (string, url.Values) {
	u, err := url.Parse(link)
	if err != nil || link == "" {
		return "", nil
	}
	if _, after, ok := strings.Cut(u.EscapedPath(), "/v1.0/"); ok {
		path = "/" + after
	}
	return path, u.Query()
}

// looksAfter refuses groups that the connection does not look after.
func (t *Target) looksAfter(names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(t.groups, func(g group) bool { return g.name == name }) {
			return &core.Problem{Code: core.Refused, What: fmt.Sprintf("“Groups” cannot hold “%s”: this connection does not look after that group.", name),
				Fix: "Name the group in the settings of the connection, or remove it from the mapping."}
		}
	}
	return nil
}

// setGroups makes a user a member of these of the groups that are looked after, and of no
// other of them.
func (j *job) setGroups(ctx context.Context, w core.Write, want []string, made bool) error {
	var have []string
	if !made {
		var err error
		if have, err = j.groupsOf(ctx, w.Account); err != nil {
			return err
		}
	}
	for _, g := range j.groups {
		is, should := slices.Contains(have, g.name), slices.Contains(want, g.name)
		if is == should {
			continue
		}
		if err := j.setMember(ctx, g, w.Account, should); err != nil {
			return j.explained(unsure(err, j.rest.Vendor()), core.Write{Account: w.Account, Verb: w.Verb, Set: map[string]string{core.Groups: g.name}})
		}
	}
	return nil
}

// setMember puts a user into a group or takes him out. The path of taking out ends with
// $ref: without it, the user himself would be deleted.
func (j *job) setMember(ctx context.Context, g group, id string, in bool) error {
	members := "/groups/" + url.PathEscape(g.id) + "/members/"
	if !in {
		err := j.do(ctx, call{method: http.MethodDelete, path: members + url.PathEscape(id) + "/$ref"}, nil)
		if status(err) == http.StatusNotFound {
			return nil // was not in it
		}
		return err
	}
	err := j.do(ctx, call{method: http.MethodPost, path: members + "$ref", body: object{"@odata.id": j.reference("directoryObjects", id)}, about: []string{id}, same: true}, nil)
	if status(err) == http.StatusBadRequest && strings.Contains(graphError(err).Message, "already exist") {
		return nil
	}
	return err
}

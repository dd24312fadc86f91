package googleworkspace

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// packer makes accounts of users under one schema.
type packer struct {
	*core.Packer
	chosen  []attribute
	query   url.Values // the projection that holds all that was chosen
	manager int        // the place of the manager, or -1
	groups  bool
	members map[string][]string // by account, where groups are wanted
	acts    string              // the address of the administrator who acts
}

func (t *Target) packer(ctx context.Context, want []string) (*packer, error) {
	known, err := t.known(ctx)
	if err != nil {
		return nil, err
	}
	p := &packer{chosen: slices.Clone(known), manager: -1, acts: t.answers.Get("adminEmail")}
	if want != nil {
		p.chosen = slices.DeleteFunc(p.chosen, func(a attribute) bool { return !slices.Contains(want, a.ID) })
	}
	masks := map[string]bool{}
	for i, a := range p.chosen {
		switch {
		case a.ID == manager:
			p.manager = len(core.Reserved) + i
		case a.ID == core.Groups:
			p.groups = true
		case a.schema != "":
			masks[a.schema] = true
		}
	}
	p.query = projection(masks)
	p.Packer = core.NewPacker(core.AccountSchema(plainly(p.chosen)))
	return p, nil
}

// row gives the values of a user, in the order of the schema; the manager by his address.
func (p *packer) row(u user) []string {
	id := manifest.Text(u["id"])
	row := []string{id, fmt.Sprint(active(u)), nameOf(u), p.protected(u), "", until(u)}
	for _, a := range p.chosen {
		if a.ID == core.Groups {
			row = append(row, core.JoinList(p.members[id]))
		} else {
			row = append(row, a.get(u))
		}
	}
	return row
}

func (p *packer) pack(row []string) core.Account {
	for i, v := range row {
		p.Set(i, v)
	}
	return core.Account{Record: p.Pack()}
}

// restorable is how long a deleted account can be brought back (Google's help).
const restorable = 20 * 24 * time.Hour

// projection asks for the standard attributes and these schemas.
func projection(schemas map[string]bool) url.Values {
	if len(schemas) == 0 {
		return url.Values{"projection": {"basic"}}
	}
	return url.Values{"projection": {"custom"}, "customFieldMask": {strings.Join(slices.Sorted(maps.Keys(schemas)), ",")}}
}

func isDeleted(u user) bool { return manifest.Text(u["deletionTime"]) != "" }

func active(u user) bool { return u["suspended"] != true && u["archived"] != true && !isDeleted(u) }

func nameOf(u user) string {
	name := object(u["name"])
	both := strings.TrimSpace(manifest.Text(name["givenName"]) + " " + manifest.Text(name["familyName"]))
	return cmp.Or(manifest.Text(name["fullName"]), both, manifest.Text(u[primaryEmail]))
}

// until gives the day until which a deleted account can be brought back.
func until(u user) string {
	told := manifest.Text(u["deletionTime"])
	at, err := time.Parse(time.RFC3339, told)
	switch {
	case told == "":
		return ""
	case err != nil:
		return "true"
	}
	return at.Add(restorable).Format(time.DateOnly)
}

// protected says why nobody may change an account here; empty for ordinary ones.
func (p *packer) protected(u user) string {
	switch {
	case u["isAdmin"] == true:
		return "It is the account of a super administrator."
	case u["isDelegatedAdmin"] == true:
		return "It is the account of an administrator."
	case u["isGuestUser"] == true:
		return "It is the account of a guest, whose own company keeps it."
	case p.acts != "" && slices.ContainsFunc(addressesOf(u), func(a string) bool { return strings.EqualFold(a, p.acts) }):
		return "It is the account that Rollcall itself acts as."
	}
	return ""
}

// addressesOf gives the primary address, and then all others that Google keeps.
func addressesOf(u user) []string {
	all := append([]string{manifest.Text(u[primaryEmail])}, texts(u["aliases"])...)
	return append(all, texts(u["nonEditableAliases"])...)
}

func folded(s string) string { return strings.ToLower(s) }

func compareFolded(a, b string) int { return strings.Compare(folded(a), folded(b)) }

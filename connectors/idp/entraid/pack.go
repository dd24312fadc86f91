package entraid

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// packer makes accounts of users under one schema.
type packer struct {
	*Target
	out        *core.Packer
	chosen     []attribute
	dropped    []string    // attributes that may not be seen
	also       []attribute // asked for beside the chosen ones
	everything bool        // nobody said which attributes are wanted
	groups     bool
	members    map[string][]string // user → names of groups
	own        string              // the user who signed in, where it was one
	admins     map[string]bool
}

func (t *Target) packer(ctx context.Context, want []string) (*packer, error) {
	known, err := t.known(ctx)
	if err != nil {
		return nil, err
	}
	p := &packer{Target: t, chosen: slices.Clone(known), everything: want == nil}
	if want != nil {
		p.chosen = slices.DeleteFunc(p.chosen, func(a attribute) bool { return !slices.Contains(want, a.ID) })
	}
	p.groups = slices.ContainsFunc(p.chosen, func(a attribute) bool { return a.ID == core.Groups })
	p.out = core.NewPacker(core.AccountSchema(coreAttributes(p.chosen)))
	if p.admins, err = t.administrators(ctx); err != nil {
		return nil, err
	}
	p.own = t.token.claims().user()
	return p, nil
}

// drop leaves an attribute out of what is asked for; its values are not stated then.
func (p *packer) drop(id string) { p.dropped = append(p.dropped, id) }

func (p *packer) query() url.Values {
	asked := slices.DeleteFunc(slices.Concat(p.chosen, p.also), func(a attribute) bool { return slices.Contains(p.dropped, a.ID) })
	q := url.Values{"$select": {selection(asked)}}
	if slices.ContainsFunc(asked, func(a attribute) bool { return a.ID == manager }) && p.expands.Load() != ignored {
		q.Set("$expand", "manager($select=id)")
	}
	return q
}

// managers says that who leads whom is asked for.
func (p *packer) managers() bool {
	return slices.ContainsFunc(slices.Concat(p.chosen, p.also), func(a attribute) bool { return a.ID == manager })
}

// question is what was asked for, as explained takes it: the leave date is refused for
// lack of a permission of its own.
func (p *packer) question(id string) core.Write {
	w := core.Write{Account: id}
	if strings.Contains(p.query().Get("$select"), leaveDate) {
		w.Set = map[string]string{leaveDate: ""}
	}
	return w
}

func (p *packer) pack(o object) core.Account {
	id := manifest.Text(o["id"])
	gone := deletedObject(o)
	p.out.Put(core.AccountID, id)
	p.out.Put(core.AccountActive, fmt.Sprint(o[enabled] == true && !gone))
	p.out.Put(core.AccountName, cmp.Or(manifest.Text(o["displayName"]), manifest.Text(o[principalName]), id))
	p.out.Put(core.AccountProtected, p.protected(o, id))
	p.out.Put(core.AccountDeleted, until(o, gone))
	for i, a := range p.chosen {
		at := len(core.Reserved) + i
		switch {
		case slices.Contains(p.dropped, a.ID), gone && slices.Contains(lostWithDeletion, a.ID):
		case a.ID == core.Groups:
			p.out.Set(at, core.JoinList(p.members[id]))
		default:
			p.out.Set(at, a.get(o))
		}
	}
	return core.Account{Record: p.out.Pack()}
}

// lostWithDeletion are attributes that the list of deleted users does not tell.
var lostWithDeletion = []string{manager, core.Groups, leaveDate}

func (p *packer) protected(o object, id string) string {
	switch {
	case o[synced] == true:
		return bySync
	case isGuest(o) && p.answers.Get("guests") != "true":
		return byGuest
	}
	return p.standing(id)
}

// Why an account is protected that is so by its own properties.
const (
	bySync  = "It is synchronised from Active Directory; change it there."
	byGuest = "It is a guest's; another organisation keeps it."
)

// standing says why an account is protected by what stands beside it, or is empty.
func (p *packer) standing(id string) string {
	switch {
	case p.admins[id]:
		return "It has an administrator's role."
	case id == p.own:
		return "Rollcall itself is signed in with it."
	}
	return ""
}

// deletedObject says that a user comes from the list of deleted ones.
func deletedObject(o object) bool {
	_, is := o[deletedAt]
	return is
}

// restorable is how long a deleted user can be brought back.
const restorable = 30

func until(o object, gone bool) string {
	if !gone {
		return ""
	}
	day, err := time.Parse(time.DateOnly, manifest.Day(manifest.Text(o[deletedAt])))
	if err != nil {
		return "true"
	}
	return day.AddDate(0, 0, restorable).Format(time.DateOnly)
}

// rolesReaders are permissions with which it may be asked who is an administrator.
var rolesReaders = []string{"RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "Directory.Read.All", "Directory.ReadWrite.All"}

// administrators are the members of directory roles, asked for once, and only where the
// token says that we may.
func (t *Target) administrators(ctx context.Context) (map[string]bool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.admins != nil {
		return t.admins, nil
	}
	if t.token.used() == "" { // the first call: it brings the token
		if err := t.signIn(ctx); err != nil {
			return nil, err
		}
	}
	admins := map[string]bool{}
	if t.token.claims().has(rolesReaders...) == granted {
		var answer struct {
			Value []struct {
				ID      string
				Members []struct{ ID string }
			}
		}
		_, err := t.rest.Get(ctx, "/directoryRoles", url.Values{"$expand": {"members($select=id)"}}, &answer)
		if err != nil && !absent(err) {
			return nil, err
		}
		for _, role := range answer.Value {
			for _, m := range role.Members {
				admins[m.ID] = true
			}
		}
	}
	t.admins = admins
	return admins, nil
}

package jumpcloud

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// packer makes accounts of people under one schema.
type packer struct {
	*directory
	out         *core.Packer
	chosen      []attribute
	wantsGroups bool
	staged      bool
}

func (t *Target) packer(d *directory, want []string) packer {
	p := packer{directory: d, chosen: d.attributes, staged: t.staged}
	if want != nil {
		p.chosen = slices.DeleteFunc(slices.Clone(d.attributes), func(a attribute) bool { return !slices.Contains(want, a.ID) })
	}
	p.wantsGroups = slices.ContainsFunc(p.chosen, func(a attribute) bool { return a.ID == core.Groups })
	p.out = core.NewPacker(core.AccountSchema(coreAttributes(p.chosen)))
	return p
}

func (p packer) pack(person object, in []string) core.Account {
	both := strings.TrimSpace(manifest.Text(person["firstname"]) + " " + manifest.Text(person["lastname"]))
	p.out.Put(core.AccountID, personID(person))
	p.out.Put(core.AccountActive, strconv.FormatBool(p.active(person)))
	p.out.Put(core.AccountName, cmp.Or(manifest.Text(person["displayname"]), both, manifest.Text(person[username])))
	p.out.Put(core.AccountProtected, protected(person))
	for i, a := range p.chosen {
		if at := len(core.Reserved) + i; a.ID == core.Groups {
			p.out.Set(at, core.JoinList(in))
		} else {
			p.out.Set(at, a.get(person))
		}
	}
	return core.Account{Record: p.out.Pack()}
}

// active says that nothing is left for Rollcall to do so that a person can sign in. Where
// administrators activate new accounts, those who wait for that are as they should be.
func (p packer) active(person object) bool {
	switch manifest.Text(person[state]) {
	case suspended:
		return false
	case staged:
		return p.staged
	}
	return person["suspended"] != true
}

func protected(person object) string {
	if person["externally_managed"] != true {
		return ""
	}
	if by := manifest.Text(person["external_source_type"]); by != "" {
		return fmt.Sprintf("Another directory (%s) manages it; change it there.", by)
	}
	return "Another directory manages it; change it there."
}

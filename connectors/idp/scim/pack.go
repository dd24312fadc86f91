package scim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rollcall/core"
)

// packer makes accounts of resources under one schema.
type packer struct {
	packer     *core.Packer
	attributes []attribute
	versions   bool
	in         membership
}

func (s *served) packer(want []string, in membership) packer {
	chosen := s.attributes
	if want != nil {
		chosen = nil
		for _, a := range s.attributes {
			if slices.Contains(want, a.ID) {
				chosen = append(chosen, a)
			}
		}
	}
	return packer{packer: core.NewPacker(core.AccountSchema(coreAttributes(chosen))), attributes: chosen, versions: s.etags, in: in}
}

func (p packer) pack(r resource) core.Account {
	p.packer.Put(core.AccountID, userID(r))
	p.packer.Put(core.AccountActive, fmt.Sprint(active(r)))
	p.packer.Put(core.AccountName, name(r))
	p.packer.Put(core.AccountProtected, "")
	if p.versions {
		p.packer.Put(core.AccountVersion, version(r))
	}
	for i, a := range p.attributes {
		value := a.get(object(r))
		if a.ID == core.Groups {
			value = core.JoinList(p.in(userID(r)))
		}
		p.packer.Set(len(core.Reserved)+i, value)
	}
	return core.Account{Record: p.packer.Pack()}
}

func (p packer) all(users []resource) []core.Account {
	accounts := make([]core.Account, len(users))
	for i, r := range users {
		accounts[i] = p.pack(r)
	}
	return accounts
}

// active is true where the system does not state it, as the field is optional.
func active(r resource) bool {
	return !strings.EqualFold(text(field(r, "active")), "false")
}

func name(r resource) string {
	n, _ := field(r, "name").(object)
	both := strings.TrimSpace(text(field(n, "givenName")) + " " + text(field(n, "familyName")))
	return cmp.Or(text(field(r, "displayName")), both, text(field(n, "formatted")), text(field(r, "userName")))
}

func version(r resource) string {
	meta, _ := field(r, "meta").(object)
	return text(field(meta, "version"))
}

package ldap

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"rollcall/core"
)

// packer makes accounts of entries under one schema.
type packer struct {
	packer     *core.Packer
	attributes []core.Attribute
	names      []string // what to ask the directory for
	target     *Target
}

func (t *Target) packer(ctx context.Context, want []string) (*packer, error) {
	attributes, err := t.Attributes(ctx)
	if err != nil {
		return nil, err
	}
	if want != nil {
		attributes = slices.DeleteFunc(attributes, func(a core.Attribute) bool { return !slices.Contains(want, a.ID) })
	}
	names := map[string]bool{t.uuid: true, "cn": true, "displayName": true}
	if n := t.disable.reads(); n != "" {
		names[n] = true
	}
	for _, a := range attributes {
		names[a.ID] = true
	}
	return &packer{packer: core.NewPacker(core.AccountSchema(attributes)), attributes: attributes, names: slices.Sorted(maps.Keys(names)), target: t}, nil
}

func (p *packer) references() []core.Attribute {
	return slices.DeleteFunc(slices.Clone(p.attributes), func(a core.Attribute) bool { return a.Kind != core.Reference })
}

// pack makes an account; id gives the account of a name, or "".
func (p *packer) pack(e *ldap.Entry, id func(dn string) (string, error)) (core.Account, error) {
	own := e.GetEqualFoldAttributeValue(p.target.uuid)
	if own == "" {
		return core.Account{}, &core.Problem{Code: core.Unsupported, What: fmt.Sprintf("%s does not show the entryUUID of people, by which Rollcall knows accounts.", p.target.session.host), Fix: "Ask the administrator to let Rollcall's account read operational attributes."}
	}
	for i, a := range p.attributes {
		v := shown(e, a)
		if a.Kind == core.Reference && v != "" {
			other, err := id(v)
			if err != nil {
				return core.Account{}, err
			}
			if other != "" {
				v = other
			}
		}
		p.packer.Set(len(core.Reserved)+i, v)
	}
	p.packer.Put(core.AccountID, own)
	p.packer.Put(core.AccountActive, strconv.FormatBool(p.target.disable.active(e)))
	p.packer.Put(core.AccountName, nameOf(e))
	p.packer.Put(core.AccountProtected, p.target.protected(e))
	return core.Account{Record: p.packer.Pack()}, nil
}

// shown gives an attribute's text: the value in the entry's own name where it stands
// there, else the first.
func shown(e *ldap.Entry, a core.Attribute) string {
	values := e.GetEqualFoldAttributeValues(a.ID)
	switch {
	case a.Kind == core.List:
		return core.JoinList(values)
	case len(values) == 0:
		return ""
	case a.Kind == core.Bool:
		return strings.ToLower(values[0])
	}
	if v, ok := named(e.DN, a.ID); ok {
		return v
	}
	return values[0]
}

func nameOf(e *ldap.Entry) string {
	if n := e.GetEqualFoldAttributeValue("displayName"); n != "" {
		return n
	}
	return e.GetEqualFoldAttributeValue("cn")
}

// protected says why an entry is never changed: Rollcall would saw at its own branch.
func (t *Target) protected(e *ldap.Entry) string {
	if normal(e.DN) == normal(t.session.user) {
		return "This is the account that Rollcall signs in with."
	}
	return ""
}

package ldap

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"rollcall/core"
)

// always are read of every account: its state, its names, and what protects it.
var always = []string{guid, commonName, "displayName", "givenName", "sn", "userAccountControl", "pwdLastSet", "adminCount", "isCriticalSystemObject"}

// asked are read of deleted accounts beside these.
var asked = []string{"isDeleted", "whenChanged", "lastKnownParent", "msDS-LastKnownRDN"}

// adPacker makes accounts of entries under one schema.
type adPacker struct {
	packer     *core.Packer
	attributes []core.Attribute
	names      []string
	domain     *domain
	facts      *facts
}

func (d *domain) packer(ctx context.Context, want []string) (*adPacker, error) {
	f, err := d.facts(ctx)
	if err != nil {
		return nil, err
	}
	attributes := slices.Clone(f.attributes)
	if want != nil {
		attributes = slices.DeleteFunc(attributes, func(a core.Attribute) bool { return !slices.Contains(want, a.ID) })
	}
	names := map[string]bool{}
	for _, n := range append(slices.Clone(always), asked...) {
		names[n] = true
	}
	for _, a := range attributes {
		switch a.ID {
		case branchName, core.Groups:
		case proxyAddresses:
			names[a.ID], names[mailAddress] = true, true
		default:
			names[a.ID] = true
		}
	}
	return &adPacker{packer: core.NewPacker(core.AccountSchema(attributes)), attributes: attributes, names: slices.Sorted(maps.Keys(names)), domain: d, facts: f}, nil
}

func (p *adPacker) wants(id string) bool {
	return slices.ContainsFunc(p.attributes, func(a core.Attribute) bool { return a.ID == id })
}

// pack makes an account of an entry; in are the groups that it is in.
func (p *adPacker) pack(e *ldap.Entry, in []string) (core.Account, error) {
	own := idOf(e)
	if own == "" {
		return core.Account{}, &core.Problem{Code: core.MissingScope, What: fmt.Sprintf("%s does not show the objectGUID of people, by which Rollcall knows accounts.", p.domain.session.host), Fix: "Ask the administrator to let Rollcall's account read all properties of users."}
	}
	for i, a := range p.attributes {
		v := p.domain.shown(p.facts, e, a)
		if a.ID == core.Groups {
			v = core.JoinList(in)
		}
		p.packer.Set(len(core.Reserved)+i, v)
	}
	until := p.facts.until(e)
	p.packer.Put(core.AccountID, own)
	p.packer.Put(core.AccountActive, strconv.FormatBool(until == "" && enabled(e.GetEqualFoldAttributeValue("userAccountControl"))))
	p.packer.Put(core.AccountName, adNameOf(e))
	p.packer.Put(core.AccountProtected, p.facts.protected(e))
	p.packer.Put(core.AccountDeleted, until)
	return core.Account{Record: p.packer.Pack()}, nil
}

func idOf(e *ldap.Entry) string { return guidText(e.GetEqualFoldRawAttributeValue(guid)) }

func adNameOf(e *ldap.Entry) string {
	if n := e.GetEqualFoldAttributeValue("displayName"); n != "" {
		return n
	}
	return nameOfEntry(e)
}

// nameOfEntry gives cn without the number that made it unique.
func nameOfEntry(e *ldap.Entry) string {
	return withoutNumber(lastName(e), e.GetEqualFoldAttributeValue("displayName"), strings.TrimSpace(e.GetEqualFoldAttributeValue("givenName")+" "+e.GetEqualFoldAttributeValue("sn")))
}

// lastName gives cn; of a deleted account what it was before (MS-ADTS §3.1.1.5.5.1.1).
func lastName(e *ldap.Entry) string {
	if last := e.GetEqualFoldAttributeValue("msDS-LastKnownRDN"); last != "" && gone(e) {
		return last
	}
	cn, _, _ := strings.Cut(e.GetEqualFoldAttributeValue(commonName), "\nDEL:")
	return cn
}

func gone(e *ldap.Entry) bool { return e.GetEqualFoldAttributeValue("isDeleted") == "TRUE" }

// until gives the day until when a deleted account can be brought back: its last change
// was the deletion.
func (f *facts) until(e *ldap.Entry) string {
	if !gone(e) {
		return ""
	}
	deleted, err := time.Parse("20060102150405.0Z", e.GetEqualFoldAttributeValue("whenChanged"))
	if err != nil {
		return "true"
	}
	return deleted.AddDate(0, 0, f.days).Format(time.DateOnly)
}

// protected says why nobody may change an account here.
func (f *facts) protected(e *ldap.Entry) string {
	switch {
	case idOf(e) == f.own:
		return "This is the account that Rollcall signs in with."
	case e.GetEqualFoldAttributeValue("isCriticalSystemObject") == "TRUE", strings.EqualFold(e.GetEqualFoldAttributeValue(commonName), "krbtgt"):
		return "This account belongs to the system itself."
	case e.GetEqualFoldAttributeValue("adminCount") == "1":
		return "This account has, or had, an administrator's rights (adminCount)."
	}
	return ""
}

// shown gives an attribute's text.
func (d *domain) shown(f *facts, e *ldap.Entry, a core.Attribute) string {
	values := e.GetEqualFoldAttributeValues(a.ID)
	switch a.ID {
	case commonName:
		return nameOfEntry(e)
	case branchName:
		return f.spelled(d.branchOf(e))
	case proxyAddresses:
		return core.JoinList(furtherAddresses(values, e.GetEqualFoldAttributeValue(mailAddress)))
	case accountExpires:
		return lastDay(e.GetEqualFoldAttributeValue(a.ID), d.now().Location())
	}
	switch {
	case a.Kind == core.List:
		return core.JoinList(values)
	case len(values) == 0:
		return ""
	case a.Kind == core.Bool:
		return strings.ToLower(values[0])
	case a.Kind == core.Reference:
		if other, _ := splitDN(values[0]); other != "" {
			return other
		}
	}
	return values[0]
}

// branchOf gives the branch in which an account stands; of one that was moved to the
// leavers, the one to which it comes back; of a deleted one, the one it stood in.
func (d *domain) branchOf(e *ldap.Entry) string {
	if last := e.GetEqualFoldAttributeValue("lastKnownParent"); last != "" && gone(e) {
		_, dn := splitDN(last)
		return dn
	}
	if d.left(e) {
		if b := remembered(d.shelf, idOf(e)); b != "" {
			return b
		}
	}
	return parent(e.DN)
}

// spelled gives a branch as the choices of the attribute have it, where it is one.
func (f *facts) spelled(branch string) string {
	if v, ok := f.branches[normal(branch)]; ok {
		return v
	}
	return branch
}

// left says that a disabled account stands among the leavers.
func (d *domain) left(e *ldap.Entry) bool {
	return d.leavers != "" && within(e.DN, d.leavers) && !enabled(e.GetEqualFoldAttributeValue("userAccountControl"))
}

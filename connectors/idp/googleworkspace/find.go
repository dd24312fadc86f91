package googleworkspace

import (
	"context"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// Find reads the accounts whose attribute has this value, whatever its case. An address
// is asked for by itself, which shows somebody at once whom a search shows hours later;
// for all else everybody is read. A deleted account comes where nobody has its address.
func (t *Target) Find(ctx context.Context, id, value string, want []string) ([]core.Account, error) {
	known, err := t.known(ctx)
	if err != nil {
		return nil, err
	}
	a, ok := find(known, id)
	if !ok {
		return nil, t.unknownAttribute(id)
	}
	if id == core.Groups {
		return nil, &core.Problem{Code: core.Unsupported, What: "Nobody can be looked for by the groups he is in.", Fix: "Look for another attribute."}
	}
	p, err := t.packer(ctx, want)
	if err != nil {
		return nil, err
	}
	if id == primaryEmail {
		return t.byAddress(ctx, p, value)
	}
	var found []core.Account
	for u, err := range t.everybody(ctx, whole) {
		if err != nil {
			return nil, err
		}
		is := a.get(u)
		if at := t.people.id(is); id == manager && at != "" {
			is = at
		}
		if !strings.EqualFold(is, value) {
			continue
		}
		one, err := t.packed(ctx, p, u)
		if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, nil
}

// byAddress finds whose primary address it is. Who has it as an alias only has another one.
func (t *Target) byAddress(ctx context.Context, p *packer, address string) ([]core.Account, error) {
	if !accountName.MatchString(address) {
		return nil, nil // nobody can have it
	}
	u, err := t.user(ctx, address, whole)
	if core.HasCode(err, core.NotFound) {
		u, err = t.deleted.one(ctx, t, address)
	}
	if err != nil || u == nil || !strings.EqualFold(manifest.Text(u[primaryEmail]), address) {
		return nil, err
	}
	one, err := t.packed(ctx, p, u)
	return []core.Account{one}, err
}

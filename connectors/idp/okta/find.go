package okta

import (
	"context"
	"slices"
	"strings"
	"sync"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// Find reads the users whose attribute has this value. Sign-in names are looked up; the
// rest is searched for, in an index that is some seconds behind, so that what was found is
// read again, and what this process wrote last is looked at too.
func (t *Target) Find(ctx context.Context, id, value string, want []string) ([]core.Account, error) {
	known, err := t.attributes(ctx)
	if err != nil {
		return nil, err
	}
	a, ok := find(known, id)
	if !ok {
		return nil, t.unknownAttribute(id)
	}
	p, err := t.packer(ctx, want)
	if err != nil {
		return nil, err
	}
	if a.Kind == core.Reference || a.ID == core.Groups {
		return t.scan(ctx, a, value, want)
	}
	ids, err := t.candidates(ctx, a, value)
	if err != nil {
		return nil, err
	}
	var found []core.Account
	for _, id := range ids {
		row, err := t.user(ctx, id)
		if core.HasCode(err, core.NotFound) {
			continue // it is in the index still
		}
		if err != nil {
			return nil, err
		}
		profile, _ := row["profile"].(map[string]any)
		if !strings.EqualFold(a.read(profile[a.ID]), value) {
			continue
		}
		account, err := t.account(ctx, p, row)
		if err != nil {
			return nil, err
		}
		found = append(found, account)
	}
	return found, nil
}

// scan looks at everybody, for what no search can be asked for.
func (t *Target) scan(ctx context.Context, a attribute, value string, want []string) ([]core.Account, error) {
	var found []core.Account
	fields := want
	if want != nil {
		fields = append([]string{a.ID}, want...)
	}
	for account, err := range t.Accounts(ctx, fields) {
		if err != nil {
			return nil, err
		}
		if account.Value(a.ID) == value {
			one, err := t.Account(ctx, account.ID(), want)
			if err != nil {
				return nil, err
			}
			found = append(found, one)
		}
	}
	return found, nil
}

// candidates gives the ids of those who may have the value, each once.
func (t *Target) candidates(ctx context.Context, a attribute, value string) ([]string, error) {
	possible := value != "" && (a.kind == "array" || a.takesOne(a.kind, value) == nil)
	if !possible {
		return nil, nil
	}
	if a.ID == login && !strings.Contains(value, "/") {
		return t.withLogin(ctx, value)
	}
	one, _, _ := strings.Cut(value, core.ListSeparator)
	if a.Kind == core.Date {
		one, _ = a.wire(one).(string)
	}
	expression := "profile." + a.ID + " eq " + quoted(a, one)
	rows, err := t.search(ctx, "search", expression)
	if err != nil {
		return nil, err
	}
	if a.ID == login || a.ID == "email" { // which can be asked for without the index, as they are written
		more, err := t.search(ctx, "filter", expression)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	rows = append(rows, t.recent.with(a.ID, value)...)
	var ids []string
	seen := map[string]bool{}
	for _, id := range rows {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// withLogin looks a sign-in name up, which needs no index. Okta takes ids and the part
// before the @ there as well; Find compares.
func (t *Target) withLogin(ctx context.Context, name string) ([]string, error) {
	row := map[string]any{}
	_, err := t.rest.Get(ctx, userPath(name), nil, &row)
	if err == nil {
		t.logins.found()
	}
	if !core.HasCode(err, core.NotFound) {
		return []string{manifest.Text(row["id"])}, t.explained(err, reading)
	}
	ids := t.recent.with(login, name)
	if len(ids) > 0 {
		return slices.Compact(slices.Sorted(slices.Values(ids))), nil
	}
	id, err := t.logins.of(ctx, t, name)
	if id == "" {
		return nil, err
	}
	return []string{id}, nil
}

func (t *Target) search(ctx context.Context, parameter, expression string) ([]string, error) {
	var ids []string
	query := asked(parameter, expression)
	for row, err := range list(ctx, t.rest, query) {
		if err != nil {
			return nil, t.explained(err, reading)
		}
		ids = append(ids, manifest.Text(row["id"]))
	}
	return ids, nil
}

// recent remembers what was written last, which the index may not know yet.
type recent struct {
	mu   sync.Mutex
	last [512]struct {
		id  string
		set map[string]string
	}
	next int
}

func (r *recent) add(id string, set map[string]string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last[r.next%len(r.last)].id, r.last[r.next%len(r.last)].set = id, set
	r.next++
}

// with gives the ids of those who were given a value.
func (r *recent) with(attribute, value string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var ids []string
	for _, one := range r.last {
		if one.id != "" && value != "" && strings.EqualFold(one.set[attribute], value) {
			ids = append(ids, one.id)
		}
	}
	return ids
}

package practice

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"rollcall/core"
)

// Write makes one change and has it on the shelf when it returns. A create that is
// repeated with the same key gives the account of the first time.
func (t *Target) Write(ctx context.Context, w core.Write) (core.Receipt, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.refresh(ctx); err != nil {
		return core.Receipt{}, err
	}
	switch w.Verb {
	case core.Create:
		return t.create(w)
	case core.Update, core.Deactivate, core.Reactivate:
		return t.change(w)
	case core.Delete:
		return t.remove(w)
	}
	return core.Receipt{}, &core.Problem{Code: core.Unsupported, What: fmt.Sprintf("The practice directory has no way to %s an account.", w.Verb), Fix: "Leave the row out."}
}

func (t *Target) create(w core.Write) (core.Receipt, error) {
	if id, again := t.byKey[w.Key]; again && w.Key != "" {
		return receipt(t.byID[id]), nil
	}
	e := &entry{Version: 1, Active: w.Active, Key: w.Key, Values: map[string]string{role: "Member"}}
	if err := t.apply(e, w.Set); err != nil {
		return core.Receipt{}, err
	}
	for _, a := range attributes {
		if err := checkValue(a, e.Values[a.ID]); err != nil {
			return core.Receipt{}, err
		}
	}
	e.ID = t.nextID()
	return t.keep(e)
}

func (t *Target) change(w core.Write) (core.Receipt, error) {
	old, err := t.writable(w)
	if err != nil {
		return core.Receipt{}, err
	}
	e := &entry{ID: old.ID, Version: old.Version + 1, Active: old.Active, Key: old.Key, Values: maps.Clone(old.Values)}
	if err := t.apply(e, w.Set); err != nil {
		return core.Receipt{}, err
	}
	if w.Verb != core.Update {
		e.Active = w.Verb == core.Reactivate
	}
	return t.keep(e)
}

func (t *Target) keep(e *entry) (core.Receipt, error) {
	if err := t.save(e); err != nil {
		return core.Receipt{}, err
	}
	return receipt(e), nil
}

// remove deletes an account and leaves those who reported to it without a manager, as
// directories do that keep references whole.
func (t *Target) remove(w core.Write) (core.Receipt, error) {
	old, err := t.writable(w)
	if err != nil {
		return core.Receipt{}, err
	}
	var reports []*entry
	for _, e := range t.byID {
		if e.Values[manager] == old.ID && e != old {
			cut := *e
			cut.Version++
			cut.Values = maps.Clone(e.Values)
			delete(cut.Values, manager)
			reports = append(reports, &cut)
		}
	}
	return core.Receipt{Account: old.ID}, t.put(reports, old)
}

// writable gives the account of a write as it stands, or why it cannot be written.
func (t *Target) writable(w core.Write) (*entry, error) {
	e, ok := t.byID[w.Account]
	switch {
	case !ok:
		return nil, gone(w.Account)
	case e.BuiltIn:
		return nil, &core.Problem{Code: core.Refused, What: "The built-in administrator of the practice directory is protected.", Fix: "Leave this account out of the sync."}
	case w.Version != "" && w.Version != strconv.Itoa(e.Version):
		return nil, &core.Problem{Code: core.Stale, What: fmt.Sprintf("The account of %s was changed since it was read.", e.name()), Fix: "Make a new plan."}
	}
	return e, nil
}

// apply puts the values of a write into an entry that is not in the index yet.
func (t *Target) apply(e *entry, set map[string]string) error {
	for _, id := range slices.Sorted(maps.Keys(set)) {
		if id == core.Enabled {
			e.Active = set[id] == "true"
			continue
		}
		a, ok := attributeOf[id]
		if !ok {
			return unknownAttribute(id)
		}
		if err := t.checkNew(e, a, set[id]); err != nil {
			return err
		}
		e.Values[id] = set[id]
		if set[id] == "" {
			delete(e.Values, id)
		}
	}
	return nil
}

func (t *Target) checkNew(e *entry, a core.Attribute, v string) error {
	if err := checkValue(a, v); err != nil {
		return err
	}
	if holder, taken := t.holders[a.ID][fold(v)]; taken && holder != e.ID && v != "" {
		return &core.Problem{Code: core.Conflict, What: fmt.Sprintf("“%s” is already the %s of %s.", v, lower(a.Label), t.byID[holder].name()), Fix: "Give one of the two another value."}
	}
	if a.ID != manager || v == "" {
		return nil
	}
	switch _, exists := t.byID[v]; {
	case !exists:
		return refused(a, "names an account that is not there", "Create the manager's account first.")
	case v == e.ID:
		return refused(a, "names the account itself", "Choose another manager.")
	}
	return nil
}

// lower makes a label fit the middle of a sentence.
func lower(label string) string { return strings.ToLower(label[:1]) + label[1:] }

func (t *Target) save(e *entry) error { return t.put([]*entry{e}, nil) }

// put writes the entries, takes one out and moves the revision on, all or nothing.
func (t *Target) put(entries []*entry, removed *entry) error {
	next := t.state
	next.Revision++
	values := map[string][]byte{stateKey: encode(next)}
	for _, e := range entries {
		values[e.ID] = encode(e)
	}
	if removed != nil {
		values[removed.ID] = nil
	}
	if err := t.shelf.Put(bucket, values); err != nil {
		t.byID = nil // what is on the shelf is to be read again
		return err
	}
	t.state, t.seen = next, values[stateKey]
	for _, e := range entries {
		if old, ok := t.byID[e.ID]; ok {
			t.unindex(old)
		}
		t.index(e)
	}
	if removed != nil {
		t.unindex(removed)
	}
	return nil
}

func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // numbers, booleans and texts only
	}
	return data
}

func receipt(e *entry) core.Receipt {
	return core.Receipt{Account: e.ID, Version: strconv.Itoa(e.Version)}
}

func gone(id string) error {
	return &core.Problem{Code: core.NotFound, What: fmt.Sprintf("The practice directory has no account %s.", id), Fix: "Make a new plan; somebody may have deleted it."}
}

func unknownAttribute(id string) error {
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("The practice directory has no attribute “%s”.", id), Fix: "Remove it from the mapping."}
}

// Package practice is the directory that is built into Rollcall. It lets a person try
// a whole sync, undo included, before any real directory is connected, and so it keeps
// the rules of one: unique names, required attributes, limits, protected accounts.
package practice

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"sync"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

//go:embed manifest.yaml
var manifestYAML []byte

// Spec gives the card of the practice directory; its form asks nothing.
func Spec() core.Spec {
	spec, err := manifest.DecodeSpec(manifestYAML)
	if err != nil {
		panic(err) // embedded; a test reads it
	}
	return spec
}

const (
	bucket   = "directory"
	stateKey = ".state" // sorts before every account's id
)

// state is kept with every write, so that an opening sees what another one wrote.
type state struct {
	Next     int `json:"next"`     // number of the next account; numbers are never used again
	Revision int `json:"revision"` // counts writes
}

// entry is one account. Once it is in the index it is never changed: a write makes a
// new one, so readers need no lock.
type entry struct {
	ID      string            `json:"-"`
	Version int               `json:"version"`
	Active  bool              `json:"active"`
	BuiltIn bool              `json:"builtIn,omitempty"`
	Key     string            `json:"key,omitempty"` // of the write that created it
	Values  map[string]string `json:"values"`
}

func (e *entry) name() string {
	return cmp.Or(e.Values["displayName"], e.Values["firstName"]+" "+e.Values["lastName"])
}

// Target is an opened practice directory. It is safe for several goroutines.
type Target struct {
	shelf core.Shelf

	mu      sync.Mutex
	seen    []byte // the state as it was read
	state   state
	byID    map[string]*entry
	byKey   map[string]string            // Write.Key → id
	holders map[string]map[string]string // unique attribute → folded value → id
}

// NewTarget opens the practice directory that is kept on env.Shelf. The first opening
// puts the built-in administrator into it.
func NewTarget(_ core.Answers, env core.Env) (core.Target, error) {
	if env.Shelf == nil {
		return nil, &core.Problem{Code: core.Unsupported, What: "The practice directory has no place to keep its accounts.", Fix: "Add it as a connection first."}
	}
	return &Target{shelf: env.Shelf}, nil
}

// Check counts the accounts.
func (t *Target) Check(ctx context.Context) (core.Health, error) {
	entries, err := t.entries(ctx)
	if err != nil {
		return core.Health{}, err
	}
	return core.Health{Summary: fmt.Sprintf("%d accounts, the built-in administrator included", len(entries)), People: len(entries)}, nil
}

// Attributes gives the directory's schema.
func (t *Target) Attributes(context.Context) ([]core.Attribute, error) {
	return slices.Clone(attributes), nil
}

// Accounts yields every account in the order in which they were made.
func (t *Target) Accounts(ctx context.Context, want []string) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		entries, err := t.entries(ctx)
		if err != nil {
			yield(core.Account{}, err)
			return
		}
		p := newPacker(want)
		for _, e := range entries {
			if err := ctx.Err(); err != nil {
				yield(core.Account{}, core.AsProblem(err))
				return
			}
			if !yield(p.pack(e), nil) {
				return
			}
		}
	}
}

// Account reads one account.
func (t *Target) Account(ctx context.Context, id string, want []string) (core.Account, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.refresh(ctx); err != nil {
		return core.Account{}, err
	}
	e, ok := t.byID[id]
	if !ok {
		return core.Account{}, gone(id)
	}
	return newPacker(want).pack(e), nil
}

// Find reads the accounts whose attribute has this value, without case.
func (t *Target) Find(ctx context.Context, attribute, value string, want []string) ([]core.Account, error) {
	if _, ok := attributeOf[attribute]; !ok {
		return nil, unknownAttribute(attribute)
	}
	entries, err := t.holdersOf(ctx, attribute, value)
	if err != nil {
		return nil, err
	}
	var found []core.Account
	p := newPacker(want)
	for _, e := range entries {
		if fold(e.Values[attribute]) == fold(value) {
			found = append(found, p.pack(e))
		}
	}
	return found, nil
}

// holdersOf gives the accounts that may have the value: for unique attributes the one
// of the index, else all.
func (t *Target) holdersOf(ctx context.Context, attribute, value string) ([]*entry, error) {
	if !attributeOf[attribute].Unique {
		return t.entries(ctx)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.refresh(ctx); err != nil {
		return nil, err
	}
	if id, ok := t.holders[attribute][fold(value)]; ok {
		return []*entry{t.byID[id]}, nil
	}
	return nil, nil
}

// entries gives all accounts in order of their ids.
func (t *Target) entries(ctx context.Context) ([]*entry, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.refresh(ctx); err != nil {
		return nil, err
	}
	all := make([]*entry, 0, len(t.byID))
	for _, e := range t.byID {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b *entry) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

// refresh reads the shelf where it is not as this opening last saw it.
func (t *Target) refresh(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return core.AsProblem(err)
	}
	now, err := t.shelf.Get(bucket, stateKey)
	switch {
	case err != nil:
		return err
	case now == nil:
		return t.found()
	case t.byID != nil && bytes.Equal(now, t.seen):
		return nil
	}
	return t.load()
}

func (t *Target) load() error {
	t.empty()
	for item, err := range t.shelf.All(bucket) {
		if err != nil {
			t.byID = nil
			return err
		}
		if err := t.take(item); err != nil {
			t.byID = nil
			return err
		}
	}
	return nil
}

func (t *Target) empty() {
	t.seen, t.state = nil, state{Next: 1}
	t.byID, t.byKey, t.holders = map[string]*entry{}, map[string]string{}, map[string]map[string]string{}
	for _, id := range uniqueIDs {
		t.holders[id] = map[string]string{}
	}
}

func (t *Target) take(item core.Item) error {
	if item.Key == stateKey {
		t.seen = bytes.Clone(item.Value)
		return read(item, &t.state)
	}
	e := &entry{ID: item.Key}
	if err := read(item, e); err != nil {
		return err
	}
	t.index(e)
	return nil
}

func read(item core.Item, into any) error {
	if err := json.Unmarshal(item.Value, into); err != nil {
		return &core.Problem{Code: core.Damaged, What: "The practice directory cannot be read.", Fix: "Forget this connection and add the practice directory again.", Cause: err}
	}
	return nil
}

// found puts the built-in administrator into a new directory.
func (t *Target) found() error {
	t.empty()
	return t.save(&entry{ID: t.nextID(), Version: 1, Active: true, BuiltIn: true, Values: map[string]string{
		userName: "administrator", "firstName": "Built-in", "lastName": "Administrator", "displayName": "Built-in administrator", role: "Administrator",
	}})
}

func (t *Target) index(e *entry) {
	t.byID[e.ID] = e
	if e.Key != "" {
		t.byKey[e.Key] = e.ID
	}
	for _, a := range uniqueIDs {
		if v := e.Values[a]; v != "" {
			t.holders[a][fold(v)] = e.ID
		}
	}
}

func (t *Target) unindex(e *entry) {
	delete(t.byID, e.ID)
	delete(t.byKey, e.Key)
	for _, a := range uniqueIDs {
		delete(t.holders[a], fold(e.Values[a]))
	}
}

func (t *Target) nextID() string {
	id := fmt.Sprintf("acc%08d", t.state.Next)
	t.state.Next++
	return id
}

// packer makes records of entries under one schema.
type packer struct {
	packer     *core.Packer
	attributes []core.Attribute
}

func newPacker(want []string) packer {
	chosen := wanted(want)
	return packer{packer: core.NewPacker(core.AccountSchema(chosen)), attributes: chosen}
}

func (p packer) pack(e *entry) core.Account {
	p.packer.Put(core.AccountID, e.ID)
	p.packer.Put(core.AccountActive, strconv.FormatBool(e.Active))
	p.packer.Put(core.AccountName, e.name())
	p.packer.Put(core.AccountVersion, strconv.Itoa(e.Version))
	p.packer.Put(core.AccountProtected, "")
	if e.BuiltIn {
		p.packer.Put(core.AccountProtected, "This is the built-in administrator.")
	}
	for i, a := range p.attributes {
		p.packer.Set(len(core.Reserved)+i, e.Values[a.ID])
	}
	return core.Account{Record: p.packer.Pack()}
}

var _ core.Target = (*Target)(nil)

package okta

import (
	"context"
	"fmt"
	"sync"

	"rollcall/core"
)

// setState enables or disables a user. Doing so twice is done.
func (t *Target) setState(ctx context.Context, id string, on bool, a about) error {
	a.account = id
	if on {
		return t.enable(ctx, a)
	}
	if err := t.future.drop(id); err != nil {
		return err
	}
	if t.answers.Get("disable") == "suspend" {
		return t.suspend(ctx, a)
	}
	err := t.lifecycle(ctx, "deactivate", a)
	if code(err) != "E0000038" {
		return err
	}
	status, lost := t.settled(ctx, id)
	if lost != nil {
		return lost
	}
	if status == deprovisioned {
		return nil
	}
	return err
}

// leaveStaged disables a user, which somebody staged is already.
func (t *Target) leaveStaged(ctx context.Context, a about) error {
	status, err := t.settled(ctx, a.account)
	switch {
	case err != nil:
		return err
	case status == staged:
		return t.future.add(a.account)
	}
	return t.setState(ctx, a.account, false, a)
}

// enable brings back who was deactivated or suspended, and activates who is staged unless
// that is left to an administrator.
func (t *Target) enable(ctx context.Context, a about) error {
	status, err := t.settled(ctx, a.account)
	if err != nil {
		return err
	}
	switch {
	case status == deprovisioned, status == staged && t.activation() != activateStaged:
		err = t.lifecycle(ctx, "activate", a)
	case status == suspended:
		err = t.lifecycle(ctx, "unsuspend", a)
	}
	if err != nil {
		return err
	}
	return t.future.drop(a.account)
}

// suspend keeps the applications and groups of somebody who can no longer sign in. Who has
// never signed in cannot be suspended and has nothing to keep.
func (t *Target) suspend(ctx context.Context, a about) error {
	err := t.lifecycle(ctx, "suspend", a)
	if code(err) != "E0000038" {
		return err
	}
	status, lost := t.settled(ctx, a.account)
	switch {
	case lost != nil:
		return lost
	case status == suspended || status == deprovisioned:
		return nil
	case status == active:
		return t.lifecycle(ctx, "suspend", a)
	case status == staged || status == provisioned:
		return t.lifecycle(ctx, "deactivate", a)
	}
	return &core.Problem{Code: core.Refused, Cause: err, What: fmt.Sprintf("Okta suspends only who is ACTIVE, and this account is %s.", status),
		Fix: "Unlock it or reset its password in Okta first, or let the connection deactivate instead of suspending."}
}

// stagedIsEnabled says whether a staged account counts as enabled: where an administrator
// activates, all but those that were made for people who begin later.
func (t *Target) stagedIsEnabled(id string) bool {
	return t.activation() == activateStaged && !t.future.has(id)
}

// future remembers the accounts that were made disabled, for people who begin later: to
// Okta they are staged like all others that nobody has activated. Where there is no shelf
// they are known until the program ends.
type future struct {
	shelf core.Shelf
	mu    sync.Mutex
	ids   map[string]bool
}

const futureBucket = "okta.future"

func (f *future) load() map[string]bool {
	if f.ids != nil {
		return f.ids
	}
	f.ids = map[string]bool{}
	if f.shelf == nil {
		return f.ids
	}
	for item, err := range f.shelf.All(futureBucket) {
		if err == nil {
			f.ids[item.Key] = true
		}
	}
	return f.ids
}

func (f *future) has(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.load()[id]
}

func (f *future) add(id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.load()[id] = true
	return f.put(id, []byte("1"))
}

func (f *future) drop(id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.load()[id] {
		return nil
	}
	delete(f.ids, id)
	return f.put(id, nil)
}

func (f *future) put(id string, value []byte) error {
	if f.shelf == nil {
		return nil
	}
	return f.shelf.Put(futureBucket, map[string][]byte{id: value})
}

package googleworkspace

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/internal/manifest"
)

// index knows whose an address is, for managers are named by theirs, and whom this
// process made, for lists show them late.
type index struct {
	mu        sync.Mutex
	ids       map[string]string    // by address in small letters
	addresses map[string][]string  // by id, the primary one first
	made      map[string]time.Time // by id
}

func newIndex() index {
	return index{ids: map[string]string{}, addresses: map[string][]string{}, made: map[string]time.Time{}}
}

// learn takes a user's addresses in the place of those that were known.
func (x *index) learn(u user) {
	id := manifest.Text(u["id"])
	if id == "" {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.drop(id)
	all := addressesOf(u)
	x.addresses[id] = all
	for _, address := range all {
		x.ids[folded(address)] = id
	}
}

func (x *index) drop(id string) {
	for _, address := range x.addresses[id] {
		if x.ids[folded(address)] == id {
			delete(x.ids, folded(address))
		}
	}
	delete(x.addresses, id)
}

// forget takes out who was deleted.
func (x *index) forget(id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.drop(id)
	delete(x.made, id)
}

func (x *index) id(address string) string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.ids[folded(address)]
}

// address gives the primary address of an account.
func (x *index) address(id string) string {
	x.mu.Lock()
	defer x.mu.Unlock()
	if all := x.addresses[id]; len(all) > 0 {
		return all[0]
	}
	return ""
}

func (x *index) make(id string, now time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.made[id] = now
}

// young says that this process made the account a moment ago, so that not all of Google
// need know it yet.
func (x *index) young(id string, now time.Time) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	at, made := x.made[id]
	return made && now.Sub(at) < 2*time.Minute
}

func (x *index) madeHere() []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Sorted(maps.Keys(x.made))
}

// looked keeps who was read a moment ago: a run looks at each account right before it
// writes, and lists have to be read before they are written.
type looked struct {
	mu    sync.Mutex
	users map[string]seen
}

type seen struct {
	user user
	at   time.Time
}

const (
	lookedKept = 5 * time.Second
	lookedMost = 500
)

func (l *looked) keep(now time.Time, u user) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.users) >= lookedMost || l.users == nil {
		l.users = map[string]seen{}
	}
	l.users[manifest.Text(u["id"])] = seen{u, now}
}

// take gives a user who was read a moment ago, once; else nil.
func (l *looked) take(now time.Time, id string) user {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, ok := l.users[id]
	delete(l.users, id)
	if !ok || now.Sub(s.at) > lookedKept {
		return nil
	}
	return s.user
}

// deletedUsers are those who can be brought back. They cannot be asked for one by one, so
// they are read as a whole and kept for a moment.
type deletedUsers struct {
	mu   sync.Mutex
	at   time.Time
	list []user
}

const deletedKept = 30 * time.Second

// one gives the deleted user with this id or primary address who was deleted last; nil
// where there is none.
func (d *deletedUsers) one(ctx context.Context, t *Target, key string) (found user, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.at.IsZero() || t.rest.Now(ctx).Sub(d.at) > deletedKept {
		d.list = nil
		for u, err := range t.list(ctx, whole, true) {
			if err != nil {
				return nil, err
			}
			d.list = append(d.list, u)
		}
		d.at = t.rest.Now(ctx)
	}
	for _, u := range d.list {
		fits := manifest.Text(u["id"]) == key || strings.EqualFold(manifest.Text(u[primaryEmail]), key)
		if fits && (found == nil || manifest.Text(u["deletionTime"]) > manifest.Text(found["deletionTime"])) {
			found = u
		}
	}
	return found, nil
}

// drop takes out who was brought back.
func (d *deletedUsers) drop(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.list = slices.DeleteFunc(d.list, func(u user) bool { return manifest.Text(u["id"]) == id })
}

// forget makes the next look a new reading.
func (d *deletedUsers) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = time.Time{}
}

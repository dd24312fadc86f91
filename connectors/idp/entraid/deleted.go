package entraid

import (
	"context"
	"net/url"
	"slices"
	"sync"
	"time"
)

// deletedUsers are those who can be brought back. They are few, and a search by name
// would miss them, so they are read as a whole and kept for a moment.
type deletedUsers struct {
	mu   sync.Mutex
	at   time.Time
	list []object
}

const (
	deletedKept = 30 * time.Second
	deletedPath = "/directory/deletedItems/microsoft.graph.user"
)

// all gives them with all attributes; nobody where these credentials may not see them.
func (d *deletedUsers) all(ctx context.Context, t *Target) ([]object, error) {
	known, err := t.known(ctx)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.at.IsZero() && t.rest.Now(ctx).Sub(d.at) < deletedKept {
		return d.list, nil
	}
	chosen := slices.DeleteFunc(slices.Clone(known), func(a attribute) bool { return a.ID == leaveDate })
	query := url.Values{"$select": {selection(chosen, deletedAt)}, "$top": {"999"}}
	d.list = nil
	for o, err := range t.list(ctx, deletedPath, query, "deleted users") {
		if absent(err) {
			break
		}
		if err != nil {
			return nil, err
		}
		if o[deletedAt] == nil {
			o[deletedAt] = "" // it stands in this list, whatever it says
		}
		d.list = append(d.list, o)
	}
	d.at = t.rest.Now(ctx)
	return d.list, nil
}

// forget makes the next look a new reading.
func (d *deletedUsers) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = time.Time{}
}

package okta

import (
	"context"
	"net/url"
	"strings"
	"sync"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// logins finds people by their sign-in names on servers that stand in for Okta and take
// nothing but an id in a user's address. There everybody is read once; what is written
// after that is remembered elsewhere.
type logins struct {
	mu     sync.Mutex
	usual  bool              // sign-in names are taken in addresses, as Okta does
	byName map[string]string // ids, on a server that does not; nil: not known to be one
}

// of gives the id of somebody whom the server did not find by this sign-in name.
func (l *logins) of(ctx context.Context, t *Target, name string) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.byName == nil && !l.usual {
		if err := l.probe(ctx, t); err != nil {
			return "", err
		}
	}
	return l.byName[strings.ToLower(name)], nil
}

// found notes that somebody was found by a sign-in name.
func (l *logins) found() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.usual = true
}

// probe asks for two people who are there by their sign-in names. Where neither is found
// everybody is read; where nobody is there yet, the next one who asks tries again.
func (l *logins) probe(ctx context.Context, t *Target) error {
	var some []map[string]any
	if _, err := t.rest.Get(ctx, "/api/v1/users", url.Values{"limit": {"2"}}, &some); err != nil {
		return t.explained(err, reading)
	}
	for _, row := range some[:min(len(some), 2)] {
		name := manifest.TextAt(row, "profile.login")
		if name == "" || strings.Contains(name, "/") {
			return nil
		}
		_, err := t.rest.Get(ctx, userPath(name), nil, nil)
		if l.usual = err == nil; l.usual {
			return nil
		}
		if !core.HasCode(err, core.NotFound) {
			return t.explained(err, reading)
		}
	}
	if len(some) == 0 {
		return nil
	}
	byName := map[string]string{}
	for row, err := range everybody(ctx, t.rest, "", all) {
		if err != nil {
			return t.explained(err, reading)
		}
		byName[strings.ToLower(manifest.TextAt(row, "profile.login"))] = manifest.Text(row["id"])
	}
	l.byName = byName
	return nil
}

package localstore

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"rollcall/core"
)

// Sync is a configured pair of source and target, or the draft of one in the wizard.
type Sync struct {
	ID      string // given by the store
	Name    string // one of a kind, whatever its case
	Setup   core.Setup
	Draft   bool
	Step    int // where the wizard stands
	Updated time.Time
}

// syncBody is what is sealed of a sync: a filter or a protected account is a person too.
type syncBody struct {
	Name  string
	Setup core.Setup
	Draft bool
	Step  int
}

// syncColumns come with the ids of the two connections and their bodies, which know the
// names they have now.
const syncColumns = `SELECT y.id, y.updated, y.sealed, y.source, s.sealed, y.target, t.sealed FROM sync y
	LEFT JOIN connection s ON s.id = y.source LEFT JOIN connection t ON t.id = y.target `

func syncPlace(id string) string { return "sync/" + id }

// SaveSync keeps a sync: a new one where it has no ID, else in place of the one it was.
// It gives the sync as kept; a Conflict problem where another has the name, NotFound
// where it, or a connection that it names, is not there.
func (s *Store) SaveSync(ctx context.Context, y Sync) (Sync, error) {
	statement := "UPDATE sync SET name = ?, source = ?, target = ?, updated = ?, sealed = ? WHERE id = ?"
	y.Name, y.Updated = strings.TrimSpace(y.Name), s.now()
	if err := s.nameFree(ctx, "sync", y.ID, y.Name); err != nil {
		return y, err
	}
	if y.ID == "" {
		y.ID = newID()
		statement = "INSERT INTO sync (name, source, target, updated, sealed, id) VALUES (?, ?, ?, ?, ?, ?)"
	}
	source, err := s.connectionOf(ctx, y.Setup.Source)
	if err != nil {
		return y, err
	}
	target, err := s.connectionOf(ctx, y.Setup.Target)
	if err != nil {
		return y, err
	}
	sealed, err := s.seal.sealJSON(syncBody{y.Name, y.Setup, y.Draft, y.Step}, syncPlace(y.ID))
	if err != nil {
		return y, s.explain(err)
	}
	return y, s.exec(ctx, "sync", statement, s.nameHash("sync", y.Name), source, target, millis(y.Updated), sealed, y.ID)
}

// connectionOf gives the id of the connection that a side names; nothing where it names none.
func (s *Store) connectionOf(ctx context.Context, side core.Side) (sql.NullString, error) {
	if side.Connection == "" {
		return sql.NullString{}, nil
	}
	c, err := s.ConnectionNamed(ctx, side.Connection)
	return nullable(c.ID), err
}

// Syncs gives all syncs and drafts, by name. Connections are named as they are now.
func (s *Store) Syncs(ctx context.Context) ([]Sync, error) {
	all, err := rows(ctx, s, s.scanSync, syncColumns)
	slices.SortFunc(all, func(a, b Sync) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return all, err
}

// Sync gives one by its id; a NotFound problem where there is none.
func (s *Store) Sync(ctx context.Context, id string) (Sync, error) {
	y, err := s.scanSync(func(into ...any) error {
		return s.row(ctx, "sync", syncColumns+"WHERE y.id = ?", []any{id}, into...)
	})
	return y, s.explain(err)
}

// DeleteSync removes a sync and what it remembers. Its plans and runs stay for as long
// as they are kept, so that they can still be taken back.
func (s *Store) DeleteSync(ctx context.Context, id string) error {
	return s.exec(ctx, "sync", "DELETE FROM sync WHERE id = ?", id)
}

func (s *Store) scanSync(scan func(...any) error) (Sync, error) {
	var y Sync
	var updated int64
	var sealed, sourceBody, targetBody []byte
	var source, target sql.NullString
	if err := scan(&y.ID, &updated, &sealed, &source, &sourceBody, &target, &targetBody); err != nil {
		return y, err
	}
	var b syncBody
	if err := s.seal.unsealJSON(sealed, syncPlace(y.ID), &b); err != nil {
		return y, err
	}
	y.Name, y.Setup, y.Draft, y.Step, y.Updated = b.Name, b.Setup, b.Draft, b.Step, fromMillis(updated)
	if err := s.nameSide(&y, &y.Setup.Source, source.String, sourceBody); err != nil {
		return y, err
	}
	return y, s.nameSide(&y, &y.Setup.Target, target.String, targetBody)
}

// nameSide gives a side the present name of its connection. One that was forgotten makes
// the sync a draft without that side.
func (s *Store) nameSide(y *Sync, side *core.Side, id string, body []byte) error {
	switch {
	case side.Connection == "":
		return nil
	case id == "":
		*side, y.Draft = core.Side{}, true
		return nil
	}
	var b connectionBody
	err := s.seal.unsealJSON(body, connectionPlace(id), &b)
	side.Connection = b.Name
	return err
}

func nullable(id string) sql.NullString { return sql.NullString{String: id, Valid: id != ""} }

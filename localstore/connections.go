package localstore

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"rollcall/core"
)

// Connection is a named, configured source or target, without its secrets.
type Connection struct {
	ID        string // given by the store
	Name      string // one of a kind, whatever its case
	Connector string
	Options   map[string]string // the answers that are no secrets
	Secrets   []string          // the options whose answers are in the keychain
	Base      string            // scheme and host in place of the system's own; "" means its own
	Created   time.Time
	Check     Check
}

// Check is the last test of a connection. The zero Check: never tested.
type Check struct {
	At      time.Time
	Code    core.Code // "" where all was well
	Summary string    // "412 employees visible", or what was wrong
	Expires time.Time // of the credentials; zero where the system does not tell
}

// connectionBody is what is sealed of a connection.
type connectionBody struct {
	Name, Connector string
	Options         map[string]string
	Secrets         []string
	Check           Check
	Base            string `json:",omitempty"`
}

const connectionColumns = "SELECT id, created, sealed FROM connection "

func connectionPlace(id string) string { return "connection/" + id }

// SaveConnection keeps a connection: a new one where it has no ID, else name, connector
// and options of the one it was; Created, Check and Secrets are the store's to change.
// Secrets go to the keychain; those that are not given stay as they are, empty ones are
// forgotten. It gives the connection as kept; a Conflict problem where another has the
// name, NotFound where the one it was is gone.
func (s *Store) SaveConnection(ctx context.Context, c Connection, secrets core.Answers) (Connection, error) {
	c.Name = strings.TrimSpace(c.Name)
	if err := s.nameFree(ctx, "connection", c.ID, c.Name); err != nil {
		return c, err
	}
	if c.ID == "" {
		return s.newConnection(ctx, c, secrets)
	}
	if _, err := s.Connection(ctx, c.ID); err != nil {
		return c, err
	}
	if err := s.keepSecrets(c.ID, secrets); err != nil {
		return c, err
	}
	return s.changeConnection(ctx, c.ID, func(now *Connection) {
		now.Name, now.Connector, now.Options, now.Base = c.Name, c.Connector, c.Options, c.Base
		now.Secrets = withSecrets(now.Secrets, secrets)
	})
}

func (s *Store) newConnection(ctx context.Context, c Connection, secrets core.Answers) (Connection, error) {
	c.ID, c.Created, c.Secrets = newID(), s.now(), withSecrets(nil, secrets)
	err := s.keepSecrets(c.ID, secrets)
	if err == nil {
		err = s.write(ctx, "connection", func(ctx context.Context, tx *sql.Tx) error {
			return s.putConnection(ctx, tx, "INSERT INTO connection (name, sealed, created, id) VALUES (?, ?, ?, ?)", c)
		})
	}
	if err != nil {
		_ = s.dropSecrets(c) // nobody else knows of them
	}
	return c, err
}

// Connections gives all connections, by name.
func (s *Store) Connections(ctx context.Context) ([]Connection, error) {
	all, err := rows(ctx, s, s.scanConnection, connectionColumns)
	slices.SortFunc(all, func(a, b Connection) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return all, err
}

// Connection gives one by its id; a NotFound problem where there is none.
func (s *Store) Connection(ctx context.Context, id string) (Connection, error) {
	return s.oneConnection(ctx, "connection", "WHERE id = ?", id)
}

// ConnectionNamed gives one by its name, whatever its case; a NotFound problem where
// there is none.
func (s *Store) ConnectionNamed(ctx context.Context, name string) (Connection, error) {
	c, err := s.oneConnection(ctx, "connection", "WHERE name = ?", s.nameHash("connection", name))
	if core.HasCode(err, core.NotFound) {
		err = &core.Problem{Code: core.NotFound, What: "There is no connection named “" + name + "”.", Fix: "See “rollcall connections” or the page Integrations for those there are.", Cause: err}
	}
	return c, err
}

// Answers gives what a connector needs: the plain options and the secrets.
func (s *Store) Answers(ctx context.Context, id string) (core.Answers, error) {
	c, err := s.Connection(ctx, id)
	if err != nil {
		return nil, err
	}
	answers := core.Answers{}
	for option, value := range c.Options {
		answers[option] = core.Secret(value)
	}
	for _, option := range c.Secrets {
		secret, err := s.vault.get(s.vault.secretName(id, option))
		if errors.Is(err, ErrNoEntry) {
			err = tornSecret(err)
		}
		if err != nil {
			return nil, err
		}
		answers[option] = secret
	}
	return answers, nil
}

// SaveSecret keeps a secret that changed by itself, as a refresh token does.
func (s *Store) SaveSecret(ctx context.Context, id, option string, secret core.Secret) error {
	c, err := s.Connection(ctx, id)
	if err == nil {
		_, err = s.SaveConnection(ctx, c, core.Answers{option: secret})
	}
	return err
}

// NoteCheck keeps the outcome of a test of the connection.
func (s *Store) NoteCheck(ctx context.Context, id string, check Check) error {
	_, err := s.changeConnection(ctx, id, func(c *Connection) { c.Check = check })
	return err
}

// Forget removes a connection with all that came through it: its secrets, snapshots,
// shelf, its plans with their runs and journals, and what its syncs remember. The syncs
// themselves stay as drafts without that side. A Conflict problem where a run of it goes on.
func (s *Store) Forget(ctx context.Context, id string) error {
	c, err := s.Connection(ctx, id)
	if err != nil {
		return err
	}
	if err := s.notRunning(ctx, id); err != nil {
		return err
	}
	if err := s.dropSecrets(c); err != nil {
		return err
	}
	err = s.write(ctx, "connection", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE sync SET memory = NULL WHERE source = ?1 OR target = ?1", id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM snapshot WHERE sync IN (SELECT id FROM sync WHERE source = ?1 OR target = ?1)", id); err != nil {
			return err
		}
		return touch(ctx, tx, "DELETE FROM connection WHERE id = ?", id)
	})
	if err != nil {
		return err
	}
	return s.shrink(ctx)
}

func (s *Store) oneConnection(ctx context.Context, name, where string, args ...any) (Connection, error) {
	c, err := s.scanConnection(func(into ...any) error {
		return s.row(ctx, name, connectionColumns+where, args, into...)
	})
	return c, s.explain(err)
}

func (s *Store) scanConnection(scan func(...any) error) (Connection, error) {
	var c Connection
	var created int64
	var sealed []byte
	if err := scan(&c.ID, &created, &sealed); err != nil {
		return c, err
	}
	var b connectionBody
	err := s.seal.unsealJSON(sealed, connectionPlace(c.ID), &b)
	c.Created = fromMillis(created)
	c.Name, c.Connector, c.Options, c.Secrets, c.Check, c.Base = b.Name, b.Connector, b.Options, b.Secrets, b.Check, b.Base
	return c, err
}

// changeConnection reads, changes and writes in one transaction.
func (s *Store) changeConnection(ctx context.Context, id string, change func(*Connection)) (c Connection, err error) {
	err = s.write(ctx, "connection", func(ctx context.Context, tx *sql.Tx) (err error) {
		if c, err = s.scanConnection(tx.QueryRowContext(ctx, connectionColumns+"WHERE id = ?", id).Scan); err != nil {
			return err
		}
		change(&c)
		return s.putConnection(ctx, tx, "UPDATE connection SET name = ?, sealed = ?, created = ? WHERE id = ?", c)
	})
	return c, err
}

func (s *Store) putConnection(ctx context.Context, tx *sql.Tx, statement string, c Connection) error {
	sealed, err := s.seal.sealJSON(connectionBody{c.Name, c.Connector, c.Options, c.Secrets, c.Check, c.Base}, connectionPlace(c.ID))
	if err != nil {
		return err
	}
	return touch(ctx, tx, statement, s.nameHash("connection", c.Name), sealed, millis(c.Created), c.ID)
}

// keepSecrets puts secrets into the keychain and takes empty ones out.
func (s *Store) keepSecrets(connection string, secrets core.Answers) error {
	for _, option := range slices.Sorted(maps.Keys(secrets)) {
		name, change := s.vault.secretName(connection, option), s.vault.delete
		if secret := secrets[option]; secret != "" {
			change = func(name string) error { return s.vault.set(name, secret) }
		}
		if err := change(name); err != nil {
			return err
		}
	}
	return nil
}

// withSecrets gives the options that have a secret after those of secrets were kept.
func withSecrets(have []string, secrets core.Answers) []string {
	all := slices.DeleteFunc(slices.Clone(have), func(option string) bool {
		_, given := secrets[option]
		return given
	})
	for option, secret := range secrets {
		if secret != "" {
			all = append(all, option)
		}
	}
	slices.Sort(all)
	return all
}

func (s *Store) dropSecrets(c Connection) error {
	for _, option := range c.Secrets {
		if err := s.vault.delete(s.vault.secretName(c.ID, option)); err != nil {
			return err
		}
	}
	return nil
}

// nameHash makes names equal that differ in case only.
func (s *Store) nameHash(table, name string) []byte {
	return s.seal.hash(table, strings.ToLower(strings.TrimSpace(name)))
}

// nameFree refuses an empty name and one that another row of the table has.
func (s *Store) nameFree(ctx context.Context, table, id, name string) error {
	if name == "" {
		return &core.Problem{Code: core.BadOption, What: "This " + table + " has no name.", Fix: "Give it one."}
	}
	var other string
	err := s.row(ctx, table, "SELECT id FROM "+table+" WHERE name = ?", []any{s.nameHash(table, name)}, &other)
	switch {
	case core.HasCode(err, core.NotFound):
		return nil
	case err == nil && other != id:
		return &core.Problem{Code: core.Conflict, What: "There is a " + table + " named “" + name + "” already.", Fix: "Choose another name."}
	}
	return err
}

// Times are kept in thousandths of a second; zero stays zero.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

package localstore

import (
	"context"
	"database/sql"
	"time"
)

// Prune removes snapshots and plans, with their runs and journals, that are older than
// so many days, and gives the room back to the disk. Plans of runs that have not ended
// stay. Zero days or fewer keep everything.
func (s *Store) Prune(ctx context.Context, days int) error {
	if days <= 0 {
		return nil
	}
	before := millis(s.now().Add(-time.Duration(days) * 24 * time.Hour))
	err := s.write(ctx, "", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM snapshot WHERE taken < ?", before); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM plan WHERE made < ?1
			AND NOT EXISTS (SELECT 1 FROM run WHERE run.plan = plan.id AND (ended IS NULL OR ended >= ?1))`, before)
		return err
	})
	if err != nil {
		return err
	}
	return s.shrink(ctx)
}

// shrink gives free pages back and empties the write-ahead log, so that what was
// deleted is in neither file.
func (s *Store) shrink(ctx context.Context) error {
	for _, pragma := range []string{"PRAGMA incremental_vacuum", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if err := s.pragma(ctx, pragma); err != nil {
			return s.explain(err)
		}
	}
	return nil
}

// pragma runs one to its end: SQLite does the work of these row by row.
func (s *Store) pragma(ctx context.Context, pragma string) error {
	r, err := s.writer.QueryContext(ctx, pragma)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // Err tells what went wrong
	for r.Next() {
	}
	return r.Err()
}

package localstore

import (
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"
	"unsafe"

	"rollcall/core"
)

// Snapshot is one stored reading of a side.
type Snapshot struct {
	ID         string // given by the store
	Connection string // id; "" where the side is no connection
	Sync       string // id; "" where it was read for none
	Accounts   bool   // accounts of a directory, not people
	Taken      time.Time
	Count      int
	Size       int64  // bytes on disk
	Mark       string // of accounts: where the directory's history was before they were read
	Basis      string // of accounts: what the reading rests on, as its maker words it
}

type snapshotBody struct {
	Accounts bool
	Count    int
	Size     int64
	Mark     string `json:",omitempty"`
	Basis    string `json:",omitempty"`
}

const snapshotColumns = "SELECT id, connection, sync, taken, sealed FROM snapshot "

func snapshotPlace(id string) string { return "snapshot/" + id }

// SaveSnapshot stores the records as they come, all of one schema, and gives the
// snapshot as kept. Where the records end with an error, that error comes back and
// nothing is kept. It needs a few megabytes, however many records there are.
func (s *Store) SaveSnapshot(ctx context.Context, n Snapshot, records iter.Seq2[core.Record, error]) (Snapshot, error) {
	w, err := s.newStream(ctx)
	if err != nil {
		return n, err
	}
	n.ID, n.Taken = newID(), s.now()
	if n.Count, err = putRecords(w, records); err != nil {
		w.discard()
		return n, err
	}
	return n, w.finish("connection or sync", func(ctx context.Context, tx *sql.Tx) error {
		n.Size = w.size.Load()
		sealed, err := s.seal.sealJSON(snapshotBody{n.Accounts, n.Count, n.Size, n.Mark, n.Basis}, snapshotPlace(n.ID))
		if err != nil {
			return err
		}
		return touch(ctx, tx, "INSERT INTO snapshot (id, connection, sync, taken, stream, sealed) VALUES (?, ?, ?, ?, ?, ?)",
			n.ID, nullable(n.Connection), nullable(n.Sync), millis(n.Taken), w.id, sealed)
	})
}

// putRecords writes the schema as the first chunk, then whole records chunk by chunk.
func putRecords(w *streamWriter, records iter.Seq2[core.Record, error]) (int, error) {
	var schema *core.Schema
	var b []byte
	count := 0
	for r, err := range records {
		if err != nil {
			return count, err
		}
		if schema == nil {
			schema = r.Schema()
			if err := putSchema(w, schema); err != nil {
				return count, err
			}
			b = w.buffer()
		}
		if r.Schema() != schema || r.IsZero() {
			return count, internal(fmt.Errorf("record %d has another schema", count))
		}
		b = appendText(b, r.Data())
		count++
		if len(b) >= chunkSize {
			if err := w.put(b); err != nil {
				return count, err
			}
			b = w.buffer()
		}
	}
	if schema == nil {
		return 0, putSchema(w, core.NewSchema(nil))
	}
	return count, w.put(b)
}

func putSchema(w *streamWriter, schema *core.Schema) error {
	fields, err := json.Marshal(storedSchema{schema.Fields(), schema.Aliases()})
	if err != nil {
		return internal(err)
	}
	return w.put(fields)
}

// OpenSnapshot gives a snapshot with its records in the order they were stored. Records
// share memory with their neighbours, about a megabyte of them: who keeps a few of many
// should pack them anew. A NotFound problem where there is no such snapshot.
func (s *Store) OpenSnapshot(ctx context.Context, id string) (Snapshot, iter.Seq2[core.Record, error], error) {
	var n Snapshot
	var stream int64
	n, err := s.scanSnapshot(func(into ...any) error {
		return s.row(ctx, "snapshot", "SELECT id, connection, sync, taken, sealed, stream FROM snapshot WHERE id = ?", []any{id}, append(into, &stream)...)
	})
	if err != nil {
		return n, nil, s.explain(err)
	}
	return n, func(yield func(core.Record, error) bool) {
		r := s.readStream(ctx, stream)
		defer r.close()
		if err := s.eachRecord(r, yield); err != nil {
			yield(core.Record{}, s.explain(err))
		}
	}, nil
}

// storedSchema is what stands before the records.
type storedSchema struct {
	Fields  []core.Field
	Aliases map[string]string `json:",omitempty"`
}

// eachRecord gives an error only where yield still listens.
func (s *Store) eachRecord(r *streamReader, yield func(core.Record, error) bool) error {
	first, err := r.next()
	if err != nil {
		return err
	}
	var stored storedSchema
	if err := json.Unmarshal(first, &stored); err != nil {
		return s.damaged(err)
	}
	schema := core.NewSchema(stored.Fields)
	for id, of := range stored.Aliases {
		schema.Alias(id, of)
	}
	for {
		chunk, err := r.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if goOn, err := yieldChunk(schema, chunk, yield); !goOn {
			return err
		}
	}
}

// yieldChunk takes the chunk over: the records are parts of it.
func yieldChunk(schema *core.Schema, chunk []byte, yield func(core.Record, error) bool) (goOn bool, err error) {
	text := unsafe.String(unsafe.SliceData(chunk), len(chunk)) //nolint:gosec // nobody writes to the chunk any more
	for at := 0; at < len(chunk); {
		size, width := binary.Uvarint(chunk[at:])
		if width <= 0 || size > uint64(len(chunk)-at-width) {
			return false, fmt.Errorf("%w: a record is cut off", errUnsealed)
		}
		end := at + width + int(size)
		record, err := core.Restore(schema, text[at+width:end])
		if err != nil {
			return false, err
		}
		if !yield(record, nil) {
			return false, nil
		}
		at = end
	}
	return true, nil
}

// Snapshots gives all snapshots, the newest first.
func (s *Store) Snapshots(ctx context.Context) ([]Snapshot, error) {
	return rows(ctx, s, s.scanSnapshot, snapshotColumns+"ORDER BY taken DESC, rowid DESC")
}

// DeleteSnapshot removes a snapshot.
func (s *Store) DeleteSnapshot(ctx context.Context, id string) error {
	return s.exec(ctx, "snapshot", "DELETE FROM snapshot WHERE id = ?", id)
}

func (s *Store) scanSnapshot(scan func(...any) error) (Snapshot, error) {
	var n Snapshot
	var connection, sync sql.NullString
	var taken int64
	var sealed []byte
	if err := scan(&n.ID, &connection, &sync, &taken, &sealed); err != nil {
		return n, err
	}
	var b snapshotBody
	err := s.seal.unsealJSON(sealed, snapshotPlace(n.ID), &b)
	n.Connection, n.Sync, n.Taken = connection.String, sync.String, fromMillis(taken)
	n.Accounts, n.Count, n.Size, n.Mark, n.Basis = b.Accounts, b.Count, b.Size, b.Mark, b.Basis
	return n, err
}

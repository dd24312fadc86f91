package localstore

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"strings"

	"rollcall/core"
)

var _ core.Shelf = (*shelf)(nil)

// shelf keeps a connection's values. Buckets and keys are stored as keyed hashes, since
// a key may be somebody's login; the key itself is sealed with its value.
type shelf struct {
	store      *Store
	connection string
}

// Shelf gives the shelf of a connection. Put gives a NotFound problem where there is no
// such connection.
func (s *Store) Shelf(connection string) core.Shelf { return &shelf{s, connection} }

// Get gives a value; nil without an error where there is none.
func (f *shelf) Get(bucket, key string) ([]byte, error) {
	hash := f.keyHash(bucket, key)
	var sealed []byte
	err := f.store.row(context.Background(), "value", "SELECT sealed FROM shelf WHERE connection = ? AND bucket = ? AND key = ?",
		[]any{f.connection, f.bucketHash(bucket), hash}, &sealed)
	if core.HasCode(err, core.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	item, err := f.unseal(bucket, hash, sealed)
	return item.Value, f.store.explain(err)
}

// Put keeps values, all or none; a nil value removes its key.
func (f *shelf) Put(bucket string, values map[string][]byte) error {
	return f.store.write(context.Background(), "connection", func(ctx context.Context, tx *sql.Tx) error {
		for key, value := range values {
			if err := f.put(ctx, tx, bucket, key, value); err != nil {
				return err
			}
		}
		return nil
	})
}

func (f *shelf) put(ctx context.Context, tx *sql.Tx, bucket, key string, value []byte) error {
	hash := f.keyHash(bucket, key)
	if value == nil {
		_, err := tx.ExecContext(ctx, "DELETE FROM shelf WHERE connection = ? AND bucket = ? AND key = ?", f.connection, f.bucketHash(bucket), hash)
		return err
	}
	sealed, err := f.store.seal.seal(append(appendText(nil, key), value...), f.place(bucket, hash))
	if err != nil {
		return err
	}
	return touch(ctx, tx, `INSERT INTO shelf (connection, bucket, key, sealed) VALUES (?, ?, ?, ?)
		ON CONFLICT (connection, bucket, key) DO UPDATE SET sealed = excluded.sealed`, f.connection, f.bucketHash(bucket), hash, sealed)
}

// All yields the keys in order with their values, as they are when it begins.
func (f *shelf) All(bucket string) iter.Seq2[core.Item, error] {
	return func(yield func(core.Item, error) bool) {
		items, err := rows(context.Background(), f.store, func(scan func(...any) error) (core.Item, error) {
			var hash, sealed []byte
			if err := scan(&hash, &sealed); err != nil {
				return core.Item{}, err
			}
			return f.unseal(bucket, hash, sealed)
		}, "SELECT key, sealed FROM shelf WHERE connection = ? AND bucket = ?", f.connection, f.bucketHash(bucket))
		if err != nil {
			yield(core.Item{}, err)
			return
		}
		slices.SortFunc(items, func(a, b core.Item) int { return strings.Compare(a.Key, b.Key) })
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}

func (f *shelf) unseal(bucket string, hash, sealed []byte) (core.Item, error) {
	plain, err := f.store.seal.unseal(sealed, f.place(bucket, hash))
	if err != nil {
		return core.Item{}, err
	}
	r := bytes.NewReader(plain)
	key, err := readText(r)
	if err != nil {
		return core.Item{}, fmt.Errorf("%w: %w", errUnsealed, err)
	}
	return core.Item{Key: key, Value: plain[len(plain)-r.Len():]}, nil
}

func (f *shelf) bucketHash(bucket string) []byte {
	return f.store.seal.hash("bucket", f.connection, bucket)
}

func (f *shelf) keyHash(bucket, key string) []byte {
	return f.store.seal.hash("key", f.connection, bucket, key)
}

// place names the bucket by its hash too: places stand in errors, and those in logs.
func (f *shelf) place(bucket string, hash []byte) string {
	return "shelf/" + f.connection + "/" + hex.EncodeToString(f.bucketHash(bucket)) + "/" + hex.EncodeToString(hash)
}

package localstore

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"rollcall/core"
)

// The first chunk of a memory is everything but its links, as JSON; the others are
// links, packed, because there can be a million of them.

// Memory gives what a sync remembers; the zero Memory where it has not run yet. A
// NotFound problem where there is no such sync.
func (s *Store) Memory(ctx context.Context, sync string) (core.Memory, error) {
	var m core.Memory
	var stream sql.NullInt64
	if err := s.row(ctx, "sync", "SELECT memory FROM sync WHERE id = ?", []any{sync}, &stream); err != nil || !stream.Valid {
		return m, err
	}
	r := s.readStream(ctx, stream.Int64)
	defer r.close()
	first, err := r.next()
	if err != nil {
		return m, s.explain(err)
	}
	if err := json.Unmarshal(first, &m); err != nil {
		return m, s.damaged(err)
	}
	for {
		chunk, err := r.next()
		if errors.Is(err, io.EOF) {
			return m, nil
		}
		if err == nil {
			m.Links, err = unpackLinks(m.Links, chunk)
		}
		if err != nil {
			return core.Memory{}, s.explain(err)
		}
	}
}

// SaveMemory keeps what a sync remembers, all of it or, where it fails, what it
// remembered before.
func (s *Store) SaveMemory(ctx context.Context, sync string, m core.Memory) error {
	w, err := s.newStream(ctx)
	if err != nil {
		return err
	}
	if err := putMemory(w, m); err != nil {
		w.discard()
		return s.explain(err)
	}
	return w.finish("sync", func(ctx context.Context, tx *sql.Tx) error {
		return touch(ctx, tx, "UPDATE sync SET memory = ? WHERE id = ?", w.id, sync)
	})
}

func putMemory(w *streamWriter, m core.Memory) error {
	links := m.Links
	m.Links = nil
	first, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := w.put(first); err != nil {
		return err
	}
	b := w.buffer()
	for _, l := range links {
		b = packLink(b, l)
		if len(b) < chunkSize {
			continue
		}
		if err := w.put(b); err != nil {
			return err
		}
		b = w.buffer()
	}
	return w.put(b)
}

func packLink(b []byte, l core.Link) []byte {
	b = appendText(appendText(b, l.Person), l.Account)
	if l.Disabled {
		return append(b, 1)
	}
	return append(b, 0)
}

func unpackLinks(links []core.Link, chunk []byte) ([]core.Link, error) {
	r := bytes.NewReader(chunk)
	for r.Len() > 0 {
		var l core.Link
		var err error
		if l.Person, err = readText(r); err == nil {
			l.Account, err = readText(r)
		}
		disabled, last := r.ReadByte()
		if err != nil || last != nil {
			return nil, fmt.Errorf("%w: a link is cut off", errUnsealed)
		}
		l.Disabled = disabled == 1
		links = append(links, l)
	}
	return links, nil
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func readText(r *bytes.Reader) (string, error) {
	n, err := binary.ReadUvarint(r)
	if err != nil || n > uint64(r.Len()) {
		return "", io.ErrUnexpectedEOF
	}
	text := make([]byte, n)
	_, err = io.ReadFull(r, text)
	return string(text), err
}

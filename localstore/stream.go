package localstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"rollcall/core"
)

// chunkSize is how much of a stream is sealed in one piece: big enough that a million
// people are some 150 rows, small enough that three of them in memory do not matter.
const chunkSize = 1 << 20

// streamWriter seals a long text chunk by chunk, each in a transaction of its own, so
// that slow sources do not hold up the one writer and memory stays small. Sealing and
// storing go on beside whoever makes the next chunk. A stream is nobody's until finish;
// one that is given up, or cut off by a crash, is swept away.
type streamWriter struct {
	store  *Store
	ctx    context.Context
	id     int64
	size   atomic.Int64 // sealed bytes
	chunks chan []byte
	free   chan []byte
	failed chan struct{} // closed after err is set
	done   chan struct{}
	err    error
}

// newStream begins a stream. Exactly one of finish and discard has to follow.
func (s *Store) newStream(ctx context.Context) (*streamWriter, error) {
	w := &streamWriter{store: s, ctx: ctx, chunks: make(chan []byte, 1), free: make(chan []byte, 3),
		failed: make(chan struct{}), done: make(chan struct{})}
	err := s.write(ctx, "", func(ctx context.Context, tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, "INSERT INTO stream DEFAULT VALUES")
		if err != nil {
			return err
		}
		w.id, err = r.LastInsertId()
		return err
	})
	if err != nil {
		return nil, err
	}
	go w.run()
	return w, nil
}

// buffer gives an empty buffer for the next chunk.
func (w *streamWriter) buffer() []byte {
	select {
	case b := <-w.free:
		return b[:0]
	default:
		return make([]byte, 0, chunkSize+chunkSize/8)
	}
}

// put takes a chunk over; it is read back as one piece.
func (w *streamWriter) put(chunk []byte) error {
	select {
	case w.chunks <- chunk:
		return nil
	case <-w.failed:
		return w.err
	}
}

// run stores chunks one behind, because the last one is sealed as the last: a stream
// that lost its end does not open.
func (w *streamWriter) run() {
	defer close(w.done)
	n, held := 0, []byte(nil)
	for chunk := range w.chunks {
		if held != nil {
			if w.err = w.save(n, held, false); w.err != nil {
				close(w.failed)
				return
			}
			n++
		}
		held = chunk
	}
	w.err = w.save(n, held, true)
}

func (w *streamWriter) save(n int, chunk []byte, last bool) error {
	sealed, err := w.store.seal.seal(chunk, chunkPlace(w.id, n, last))
	if err != nil {
		return w.store.explain(err)
	}
	if chunk != nil {
		select {
		case w.free <- chunk:
		default:
		}
	}
	w.size.Add(int64(len(sealed)))
	return w.store.exec(w.ctx, "", "INSERT INTO chunk (stream, n, sealed) VALUES (?, ?, ?)", w.id, n, sealed)
}

// finish stores the rest and hands the stream to its owner: own runs in the transaction
// that makes it one.
func (w *streamWriter) finish(name string, own func(context.Context, *sql.Tx) error) error {
	close(w.chunks)
	<-w.done
	err := w.err
	if err == nil {
		err = w.store.write(w.ctx, name, func(ctx context.Context, tx *sql.Tx) error {
			if err := touch(ctx, tx, "UPDATE stream SET done = 1 WHERE id = ?", w.id); err != nil {
				return err
			}
			return own(ctx, tx)
		})
	}
	if err != nil {
		w.remove()
	}
	return err
}

// discard gives the stream up.
func (w *streamWriter) discard() {
	close(w.chunks)
	<-w.done
	w.remove()
}

// remove works also after the caller's context has ended. Where it cannot (a full disk),
// the next opening sweeps.
func (w *streamWriter) remove() {
	_ = w.store.exec(context.WithoutCancel(w.ctx), "", "DELETE FROM stream WHERE id = ?", w.id)
}

// sweep removes what a crash left half written. On a full disk it waits for the next
// opening, so that what is stored can be read.
func (s *Store) sweep(ctx context.Context) error {
	err := s.write(ctx, "", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM stream WHERE done = 0")
		return err
	})
	if core.HasCode(err, core.DiskFull) {
		return nil
	}
	return err
}

// streamReader gives a stream's chunks in order. The next ones are fetched and opened
// beside whoever reads. Close ends it.
type streamReader struct {
	chunks chan []byte
	cancel context.CancelFunc
	err    error // set before chunks is closed
}

func (s *Store) readStream(ctx context.Context, id int64) *streamReader {
	ctx, cancel := context.WithCancel(ctx)
	r := &streamReader{chunks: make(chan []byte, 1), cancel: cancel}
	go func() {
		defer close(r.chunks)
		for n, last := 0, false; !last; n++ {
			var chunk []byte
			if chunk, last, r.err = s.chunk(ctx, id, n); r.err != nil {
				return
			}
			select {
			case r.chunks <- chunk:
			case <-ctx.Done():
				r.err = s.explain(ctx.Err())
				return
			}
		}
	}()
	return r
}

// next gives the next chunk; io.EOF after the last.
func (r *streamReader) next() ([]byte, error) {
	if chunk, ok := <-r.chunks; ok {
		return chunk, nil
	}
	if r.err != nil {
		return nil, r.err
	}
	return nil, io.EOF
}

func (r *streamReader) close() {
	r.cancel()
	for range r.chunks { // the goroutine ends before close returns
	}
}

func (s *Store) chunk(ctx context.Context, id int64, n int) (chunk []byte, last bool, err error) {
	var sealed []byte
	err = s.readers.QueryRowContext(ctx, `SELECT sealed, NOT EXISTS (SELECT 1 FROM chunk WHERE stream = c.stream AND n = c.n + 1)
		FROM chunk c WHERE stream = ? AND n = ?`, id, n).Scan(&sealed, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, s.explainRow("data", err)
	}
	if err == nil {
		chunk, err = s.seal.unseal(sealed, chunkPlace(id, n, last))
	}
	return chunk, last, s.explain(err)
}

func chunkPlace(stream int64, n int, last bool) string {
	return fmt.Sprintf("chunk/%d/%d/%t", stream, n, last)
}

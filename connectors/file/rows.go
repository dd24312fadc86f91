package file

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"runtime"
	"sync"

	"rollcall/core"
)

// textRows reads the rows of delimited text: one goroutine reads blocks of whole
// records, others parse them, and the caller gets the records in order. At most
// 2×parsers+2 blocks are held at a time.
type textRows struct {
	file    *opened
	path    string
	layout  textLayout
	columns int
	want    []int
	make    func() maker
}

// parcel is a block on its way and where its records are to be put.
type parcel struct {
	block
	err  error
	done chan batch
}

// batch is what a block held, up to the first thing wrong with it.
type batch struct {
	records []core.Record
	err     error
}

func (t *textRows) all(ctx context.Context) iter.Seq2[core.Record, error] {
	return func(yield func(core.Record, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		var workers sync.WaitGroup
		defer workers.Wait()
		defer stop()
		parsers := min(runtime.GOMAXPROCS(0), 4)
		queue, order := make(chan *parcel, parsers), make(chan *parcel, parsers)
		free := make(chan []byte, 2*parsers+2)
		workers.Go(func() { t.read(ctx, queue, order, free) })
		for range parsers {
			workers.Go(func() { t.parse(queue, free) })
		}
		for {
			select {
			case <-ctx.Done():
				yield(core.Record{}, ctx.Err())
				return
			case p, more := <-order:
				if !more {
					if err := t.finished(ctx); err != nil {
						yield(core.Record{}, err)
					}
					return
				}
				if !give(ctx, p, yield) {
					return
				}
			}
		}
	}
}

func (t *textRows) finished(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return t.file.unchanged(t.path)
}

// give yields the records of one block; false ends the reading.
func give(ctx context.Context, p *parcel, yield func(core.Record, error) bool) bool {
	var b batch
	select {
	case <-ctx.Done():
		yield(core.Record{}, ctx.Err())
		return false
	case b = <-p.done:
	}
	for _, r := range b.records {
		if !yield(r, nil) {
			return false
		}
	}
	if b.err != nil {
		yield(core.Record{}, b.err)
		return false
	}
	return true
}

// read sends the blocks to the parsers and, in order, to the caller.
func (t *textRows) read(ctx context.Context, queue, order chan<- *parcel, free <-chan []byte) {
	defer close(order)
	defer close(queue)
	send := func(p *parcel) bool {
		for _, to := range []chan<- *parcel{order, queue} {
			select {
			case to <- p:
			case <-ctx.Done():
				return false
			}
		}
		return true
	}
	text, err := t.layout.script.text(t.file)
	if err != nil {
		send(&parcel{err: unreadable(t.file.name, err), done: make(chan batch, 1)})
		return
	}
	blocks := newBlocks(t.file.name, text, t.layout.script, t.layout.delim)
	for skip := t.layout.skip; ; {
		var buf []byte
		select {
		case buf = <-free:
		default:
		}
		b, err := blocks.next(buf)
		if errors.Is(err, io.EOF) {
			return
		}
		b.skip = min(skip, len(b.data))
		skip -= b.skip
		if !send(&parcel{block: b, err: err, done: make(chan batch, 1)}) || err != nil {
			return
		}
	}
}

func (t *textRows) parse(queue <-chan *parcel, free chan<- []byte) {
	split, make := newSplitter(t.layout.delim, t.want, t.columns), t.make()
	for p := range queue {
		if p.err != nil {
			p.done <- batch{err: p.err}
			continue
		}
		p.done <- t.parseBlock(p.block, split, make)
		select {
		case free <- p.data:
		default:
		}
	}
}

// parseBlock makes records of all rows of a block that are not blank.
func (t *textRows) parseBlock(b block, split *splitter, make maker) batch {
	var out batch
	for pos := b.skip; pos < len(b.data); {
		n, f := split.next(b.data[pos:])
		if f == nil && n == 0 {
			f = &tornQuote // not reached: blocks hold whole records
		}
		if f == nil && allBlank(split.cells) && blankCells(b.data[pos:pos+n], t.layout.delim) {
			pos += n
			continue
		}
		var r core.Record
		if f == nil {
			r, f = make(split.cells)
		}
		if f != nil {
			line := b.line + bytes.Count(b.data[:pos+f.at], []byte{'\n'})
			out.err = f.problem(t.file.name, "Line", line)
			return out
		}
		if out.records == nil {
			out.records = recordsFor(len(b.data)-pos, n)
		}
		out.records = append(out.records, r)
		pos += n
	}
	return out
}

// recordsFor makes room for the records of a block, judged by its first.
func recordsFor(bytes, first int) []core.Record {
	return make([]core.Record, 0, bytes/first+bytes/first/8+8)
}

func allBlank(cells [][]byte) bool {
	for _, c := range cells {
		if len(bytes.TrimSpace(c)) > 0 {
			return false
		}
	}
	return true
}

package rest

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"rollcall/core"
)

// listOf reads rows that stand in a list which changes with each page read.
func listOf(list func(page int) []string, size int, total bool) List[string] {
	page := 0
	return List[string]{Vendor: "Acme HR", Noun: "people", First: "0", ID: func(s string) string { return s },
		Fetch: func(_ context.Context, at string) (Page[string], error) {
			rows, from := list(page), number(at)
			page++
			p := Page[string]{Rows: rows[min(from, len(rows)):min(from+size, len(rows))], Total: -1}
			if total {
				p.Total = len(rows)
			}
			p.Next = NextOffset(at, len(p.Rows), p.Total)
			return p, nil
		}}
}

func named(n int) []string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprint("p", i)
	}
	return rows
}

func collect(t interface{ Context() context.Context }, l List[string]) ([]string, error) {
	var rows []string
	for row, err := range l.All(t.Context()) {
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func TestEveryRowComesOnceWhateverThePages(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, size := rapid.IntRange(0, 200).Draw(rt, "rows"), rapid.IntRange(1, 60).Draw(rt, "size")
		rows, err := collect(t, listOf(func(int) []string { return named(n) }, size, rapid.Bool().Draw(rt, "total")))
		if err != nil || len(rows) != n {
			rt.Fatalf("%d rows of %d, %v", len(rows), n, err)
		}
	})
}

func TestListsThatDoNotHoldTogetherAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		list List[string]
		code core.Code
	}{
		"somebody leaves": {listOf(func(page int) []string { return named(30)[min(page, 1):] }, 10, true), core.Incomplete},
		"somebody comes":  {listOf(func(page int) []string { return append(named(min(page, 1) * 1000)[:min(page, 1)], named(30)...) }, 10, true), core.Incomplete},
		"row twice":       {listOf(func(int) []string { return append(named(12), "p3") }, 10, true), core.Incomplete},
		"row without id":  {listOf(func(int) []string { return []string{"p1", ""} }, 10, true), core.BadData},
		"less than told": {List[string]{First: "0", ID: func(s string) string { return s }, Fetch: func(context.Context, string) (Page[string], error) {
			return Page[string]{Rows: named(3), Total: 4}, nil
		}}, core.Incomplete},
		"the same cursor": {List[string]{First: "c", ID: func(s string) string { return s }, Fetch: func(context.Context, string) (Page[string], error) { return Page[string]{Next: "c", Total: -1}, nil }}, core.BadData},
		"empty for ever": {List[string]{First: "0", ID: func(s string) string { return s }, Fetch: func(_ context.Context, at string) (Page[string], error) {
			return Page[string]{Next: strconv.Itoa(number(at) + 1), Total: -1}, nil
		}}, core.BadData},
		"the server fails": {List[string]{First: "0", Fetch: func(context.Context, string) (Page[string], error) {
			return Page[string]{}, &core.Problem{Code: core.ServerFault}
		}}, core.ServerFault},
	} {
		t.Run(name, func(t *testing.T) {
			if rows, err := collect(t, c.list); !core.HasCode(err, c.code) {
				t.Errorf("%d rows, %v", len(rows), err)
			}
		})
	}
}

func TestPagesByNumberEndWithTheLast(t *testing.T) {
	for _, c := range []struct {
		at         string
		rows, last int
		next       string
	}{{"1", 10, 3, "2"}, {"3", 10, 3, ""}, {"1", 10, 0, "2"}, {"5", 0, 0, ""}, {"0", 1, 0, "1"}} {
		if got := NextPage(c.at, c.rows, c.last); got != c.next {
			t.Errorf("after %s of %d: %q", c.at, c.last, got)
		}
	}
}

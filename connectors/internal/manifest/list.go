package manifest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// reader makes the calls of one reading.
type reader struct {
	m      *Manifest
	client *rest.Client
	vars   vars
	whole  map[string]any // answers that were read before, by address
	learnt []Custom       // the places of custom fields that the rows alone tell of
}

func (m *Manifest) reader(c *rest.Client, v vars) *reader {
	return &reader{m: m, client: c, vars: v, whole: map[string]any{}}
}

// know asks for the values that the manifest wants to know first.
func (r *reader) know(ctx context.Context) error {
	for _, name := range slices.Sorted(maps.Keys(r.m.Known)) {
		k := r.m.Known[name]
		answer, err := r.one(ctx, k.Call, r.vars)
		if err != nil && (!k.Optional || !Absent(err)) {
			return err
		}
		value := ""
		for i := 0; value == "" && i < len(k.At); i++ {
			value = TextAt(answer, k.At[i])
		}
		if value == "" && !k.Optional {
			return &core.Problem{Code: core.BadData, What: fmt.Sprintf("An answer of %s cannot be read: there is nothing at %q.", r.m.Name, strings.Join(k.At, " or ")),
				Fix: "Try again, and send us the log if it happens twice."}
		}
		r.vars = r.vars.with(name, url.PathEscape(value)) // a vendor wrote it
	}
	return nil
}

// row is one row of a list, decoded when it is looked at: a list that comes in one piece
// is kept as text, which is much smaller.
type row struct {
	raw   json.RawMessage
	value any
}

func (r *row) get() any {
	if r.value == nil && r.raw != nil {
		r.value = Tree(r.raw)
		r.raw = nil
	}
	return r.value
}

// reply is an answer taken apart.
type reply struct {
	header http.Header
	rows   []*row
	rest   any // the answer without its rows
}

// text gives what stands at a path, or in a header, of an answer.
func (r reply) text(where string) string {
	name, ok := strings.CutPrefix(where, "header:")
	switch {
	case !ok:
		return TextAt(r.rest, where)
	case strings.EqualFold(name, "Link"):
		return NextLink(r.header)
	}
	return r.header.Get(name)
}

var linkPattern = regexp.MustCompile(`<([^>]*)>\s*;[^,<]*\brel\s*=\s*["']?next\b`)

// NextLink gives the address of the next page of a Link header (RFC 8288); empty: this
// was the last one.
func NextLink(h http.Header) string {
	if found := linkPattern.FindStringSubmatch(strings.Join(h.Values("Link"), ", ")); found != nil {
		return found[1]
	}
	return ""
}

func (r reply) number(where string, otherwise int) int {
	if where == "" {
		return otherwise
	}
	n, err := strconv.Atoi(r.text(where))
	if err != nil {
		return otherwise
	}
	return n
}

// fetcher gives the page of a list that begins at a place.
type fetcher func(ctx context.Context, at string) (rest.Page[*row], error)

// pages gives the pages of a list, by where they begin.
func (r *reader) pages(c Call, v vars) (first string, fetch fetcher) {
	came, short := 0, false
	return c.Page.first(), func(ctx context.Context, at string) (rest.Page[*row], error) {
		got, err := r.ask(ctx, c, v, at)
		var f *rest.Failure
		if errors.As(err, &f) && (slices.Contains(c.Empty, f.Status) || came > 0 && f.Status == c.Page.End || short && f.Status == http.StatusNotFound) {
			return rest.Page[*row]{Total: -1}, nil
		}
		if err != nil {
			return rest.Page[*row]{}, err
		}
		page := rest.Page[*row]{Rows: got.rows, Total: got.number(c.Total, -1)}
		came += len(page.Rows)
		short = c.Page.Size != nil && len(page.Rows) < c.Page.Size.Is
		page.Next = c.Page.next(got, at, came, page.Total)
		return page, nil
	}
}

func (p Page) first() string {
	switch {
	case p.Offset != nil:
		return strconv.Itoa(p.Offset.First)
	case p.Number != nil:
		return strconv.Itoa(p.Number.First)
	}
	return ""
}

// next says where the next page is.
func (p Page) next(got reply, at string, came, total int) string {
	all := total >= 0 && came >= total
	switch {
	case p.Offset != nil && !all:
		return rest.NextOffset(at, len(got.rows), -1)
	case p.Number != nil && !all && more(got, p.Number.More):
		if n, err := strconv.Atoi(at); err == nil && n-p.Number.First+1 == got.number(p.Number.Last, 0) {
			return ""
		}
		return rest.NextPage(at, len(got.rows), 0)
	case p.Cursor != nil && more(got, p.Cursor.More):
		return got.text(p.Cursor.From)
	case p.Link != nil:
		return got.text(p.Link.From)
	}
	return ""
}

func more(got reply, where string) bool {
	return where == "" || !slices.Contains([]string{"", "false", "0"}, got.text(where))
}

// ask makes one call and takes its answer apart.
func (r *reader) ask(ctx context.Context, c Call, v vars, at string) (reply, error) {
	params := c.Page.params(at)
	v = v.with("at", at)
	method, path, query, body := http.MethodGet, v.path(c.Get), v.query(c.Query), any(nil)
	opts := []rest.Option{rest.Repeatable()}
	if c.XML != "" {
		opts = append(opts, rest.Header("Content-Type", "text/xml; charset=utf-8"), rest.Header("Accept", "text/xml"))
	}
	for name, text := range c.Header {
		opts = append(opts, rest.Header(name, v.fill(text)))
	}
	switch {
	case c.XML != "":
		method, path, body = http.MethodPost, v.path(c.Post), []byte(v.xml(c.XML, c.Page, params))
	case c.Post != "":
		whole, _ := v.deep(c.Body).(map[string]any) // a map stays a map
		if whole == nil {
			whole = map[string]any{}
		}
		for name, value := range params {
			whole[name] = value
		}
		method, path, body = http.MethodPost, v.path(c.Post), whole
	default:
		for name, value := range params {
			query.Set(name, fmt.Sprint(value))
		}
	}
	if c.Page.Link != nil && at != "" {
		path, query = r.follow(path, at, c.Page.Link.Here)
	}
	if c.XML != "" {
		a, err := r.client.Do(ctx, method, path, query, body, nil, opts...)
		if err != nil {
			return reply{}, err
		}
		return r.openXML(a, c.List)
	}
	var text json.RawMessage
	a, err := r.client.Do(ctx, method, path, query, body, &text, opts...)
	if err != nil {
		return reply{}, err
	}
	if a.Status == http.StatusNoContent {
		return reply{header: a.Header}, nil
	}
	return r.open(a.Header, text, c)
}

// follow gives path and query of a link: credentials go to the vendor's own host alone,
// whatever host an answer names.
func (r *reader) follow(path, link string, here bool) (string, url.Values) {
	u, err := url.Parse(link)
	if err != nil || u.Path == "" && u.RawQuery == "" {
		return link, nil // the client says that it is none
	}
	if u.Path == "" || here && u.RawQuery != "" {
		return path, u.Query()
	}
	return r.client.Local(u.EscapedPath()), u.Query()
}

// params are the paging parameters of a page.
func (p Page) params(at string) map[string]any {
	params := map[string]any{}
	if p.Size != nil {
		params[p.Size.Param] = p.Size.Is
	}
	switch {
	case p.Offset != nil:
		params[p.Offset.Param] = json.Number(at)
	case p.Number != nil && (!p.Number.Later || at != p.first()):
		params[p.Number.Param] = json.Number(at)
	case p.Cursor != nil && at != "":
		params[p.Cursor.Param] = at
	}
	delete(params, "") // which the query says itself
	return params
}

// xml fills the body of a request, with every value escaped.
func (v vars) xml(text string, p Page, params map[string]any) string {
	if p.Size != nil {
		v = v.with("size", strconv.Itoa(p.Size.Is))
	}
	if p.Number != nil {
		v = v.with("page", fmt.Sprint(params[p.Number.Param]))
	}
	return blank.ReplaceAllStringFunc(text, func(s string) string {
		value, _ := v.value(s[1 : len(s)-1])
		return escaped(value)
	})
}

// open finds the rows in an answer, without decoding them.
func (r *reader) open(header http.Header, text json.RawMessage, c Call) (reply, error) {
	raws, outside, err := Split(text, c.List)
	if err != nil {
		object, ok := Tree(text).(map[string]any)
		if _, there := At(object, c.List); c.Sparse && ok && !there {
			return reply{header: header, rest: object}, nil
		}
		return reply{}, r.noList(c.List)
	}
	got := reply{header: header, rest: outside}
	for _, raw := range raws {
		got.rows = append(got.rows, &row{raw: raw})
	}
	return got, nil
}

func (r *reader) openXML(a *rest.Answer, list string) (reply, error) {
	tree, err := XML(a.Body)
	if err != nil {
		return reply{}, &core.Problem{Code: core.BadData, Cause: err, What: fmt.Sprintf("An answer of %s is not the XML that it should be.", r.m.Name),
			Fix: "Try again later, and send us the log if it happens twice."}
	}
	parent, _, _ := cutLast(list)
	if _, ok := At(tree, parent); !ok {
		return reply{}, r.noList(list)
	}
	found, _ := At(tree, list)
	got := reply{header: a.Header, rest: tree}
	for _, value := range Several(found) {
		got.rows = append(got.rows, &row{value: value})
	}
	return got, nil
}

func cutLast(path string) (before, last string, ok bool) {
	i := strings.LastIndex(path, ".")
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}

func (r *reader) noList(list string) error {
	return &core.Problem{Code: core.BadData, What: fmt.Sprintf("An answer of %s cannot be read: there is no list at %q.", r.m.Name, list),
		Fix: "Try again, and send us the log if it happens twice."}
}

// all reads every row of a list. Rows have no id here, so only pages that come twice
// are found out; a page that is the one before it once more is what a list without pages
// gives, and ends it.
func (r *reader) all(ctx context.Context, c Call, v vars) iter.Seq2[any, error] {
	first, fetch := r.pages(c, v)
	n := 0
	return r.each(ctx, first, r.untilSame(fetch), "rows", func(any) string {
		n++
		return strconv.Itoa(n)
	})
}

// each reads every row of a list, where id tells what makes a row itself.
func (r *reader) each(ctx context.Context, first string, fetch fetcher, noun string, id func(any) string) iter.Seq2[any, error] {
	rows := rest.List[*row]{Vendor: r.m.Name, Noun: noun, First: first, Fetch: fetch, ID: func(one *row) string { return id(one.get()) }}
	return func(yield func(any, error) bool) {
		for one, err := range rows.All(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			value := one.get()
			one.value = nil // the page keeps its rows, and must not keep their trees
			if !yield(value, nil) {
				return
			}
		}
	}
}

// untilSame ends a list with a page that is the one before it, and refuses one whose pages
// come again after others: it would have no end.
func (r *reader) untilSame(fetch fetcher) fetcher {
	seed, seen, last := maphash.MakeSeed(), map[uint64]bool{}, uint64(0)
	return func(ctx context.Context, at string) (rest.Page[*row], error) {
		page, err := fetch(ctx, at)
		var h maphash.Hash
		h.SetSeed(seed)
		for _, one := range page.Rows {
			_, _ = h.Write(one.raw) // never fails
		}
		sum := h.Sum64()
		switch {
		case err != nil || len(page.Rows) == 0 || page.Rows[0].raw == nil:
		case sum == last:
			return rest.Page[*row]{Total: -1}, nil
		case seen[sum]:
			return page, &core.Problem{Code: core.BadData, What: fmt.Sprintf("A list of %s has no end: its pages lead back to where we were.", r.m.Name),
				Fix: "Try again later. If it happens again, tell the support of " + r.m.Name + "."}
		}
		seen[sum], last = true, sum
		return page, err
	}
}

// side reads a list that several parts of a manifest may need, once.
func (r *reader) side(ctx context.Context, c Call) ([]any, error) {
	key := fmt.Sprint(c.Get, c.Post, c.Query, c.Body, c.Header)
	if c.Page == (Page{}) && c.XML == "" {
		return r.shared(ctx, c, key)
	}
	var rows []any
	for row, err := range r.all(ctx, c, r.vars) {
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// named reads the rows that give names.
func (r *reader) named(ctx context.Context, n Names) ([]any, error) {
	if !n.One {
		return r.side(ctx, n.Call)
	}
	answer, err := r.one(ctx, n.Call, r.vars)
	return []any{answer}, err
}

// shared reads an answer that may hold several lists; an object is a list of it alone.
func (r *reader) shared(ctx context.Context, c Call, key string) ([]any, error) {
	answer, ok := r.whole[key]
	if !ok {
		got, err := r.one(ctx, c, r.vars)
		var f *rest.Failure
		if errors.As(err, &f) && slices.Contains(c.Empty, f.Status) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		answer, r.whole[key] = got, got
	}
	found, ok := At(answer, c.List)
	rows, isList := found.([]any)
	if one, isObject := found.(map[string]any); isObject && c.List != "" {
		return []any{one}, nil
	}
	if !isList && (!ok || found != nil) {
		return nil, r.noList(c.List)
	}
	return rows, nil
}

// one reads an answer that is no list.
func (r *reader) one(ctx context.Context, c Call, v vars) (any, error) {
	method, path, body := http.MethodGet, v.path(c.Get), any(nil)
	if c.Post != "" {
		method, path, body = http.MethodPost, v.path(c.Post), v.deep(c.Body)
	}
	opts := []rest.Option{rest.Repeatable()}
	for name, text := range c.Header {
		opts = append(opts, rest.Header(name, v.fill(text)))
	}
	var answer any
	_, err := r.client.Do(ctx, method, path, v.query(c.Query), body, &answer, opts...)
	return answer, err
}

// TextAt gives the text at a path, as Text gives it; empty where nothing stands there.
func TextAt(v any, path string) string {
	found, _ := At(v, path)
	return Text(found)
}

func numberAt(v any, path string, otherwise int) int {
	if path == "" {
		return otherwise
	}
	n, err := strconv.Atoi(TextAt(v, path))
	if err != nil {
		return otherwise
	}
	return n
}

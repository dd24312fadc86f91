package manifest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
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
}

func (m *Manifest) reader(c *rest.Client, v vars) *reader {
	return &reader{m: m, client: c, vars: v, whole: map[string]any{}}
}

// row is one row of a list, decoded when it is looked at: a list that comes in one piece
// is kept as text, which is much smaller.
type row struct {
	raw   json.RawMessage
	value any
}

func (r *row) get() any {
	if r.value == nil && r.raw != nil {
		r.value = decoded(r.raw)
		r.raw = nil
	}
	return r.value
}

// decoded reads JSON that is known to be right; numbers stay as they were written.
func decoded(raw json.RawMessage) any {
	var v any
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	_ = d.Decode(&v) // it was decoded once before, as a part of the whole
	return v
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
		return textAt(r.rest, where)
	case strings.EqualFold(name, "Link"):
		return next(r.header)
	}
	return r.header.Get(name)
}

var linkPattern = regexp.MustCompile(`<([^>]*)>\s*;[^,<]*\brel\s*=\s*["']?next\b`)

// next gives the address of the next page of a Link header (RFC 8288).
func next(h http.Header) string {
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

// pages gives the pages of a list, by where they begin.
func (r *reader) pages(c Call, v vars) (first string, fetch func(context.Context, string) (rest.Page[*row], error)) {
	came := 0
	return c.Page.first(), func(ctx context.Context, at string) (rest.Page[*row], error) {
		got, err := r.ask(ctx, c, v, at)
		var f *rest.Failure
		if errors.As(err, &f) && slices.Contains(c.Empty, f.Status) {
			return rest.Page[*row]{Total: -1}, nil
		}
		if err != nil {
			return rest.Page[*row]{}, err
		}
		page := rest.Page[*row]{Rows: got.rows, Total: got.number(c.Total, -1)}
		came += len(page.Rows)
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
	method, path, query, body := http.MethodGet, v.path(c.Get), v.query(c.Query), any(nil)
	opts := []rest.Option{rest.Repeatable()}
	for name, text := range c.Header {
		opts = append(opts, rest.Header(name, v.fill(text)))
	}
	switch {
	case c.XML != "":
		method, path, body = http.MethodPost, v.path(c.Post), []byte(v.xml(c.XML, c.Page, params))
		opts = append(opts, rest.Header("Content-Type", "text/xml; charset=utf-8"), rest.Header("Accept", "text/xml"))
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
		path, query = r.follow(path, at)
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
	return r.open(a.Header, text, c.List)
}

// follow gives path and query of a link: credentials go to the vendor's own host alone,
// whatever host an answer names.
func (r *reader) follow(path, link string) (string, url.Values) {
	u, err := url.Parse(link)
	if err != nil || u.Path == "" && u.RawQuery == "" {
		return link, nil // the client says that it is none
	}
	if u.Path == "" {
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
	case p.Number != nil:
		params[p.Number.Param] = json.Number(at)
	case p.Cursor != nil && at != "":
		params[p.Cursor.Param] = at
	}
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
func (r *reader) open(header http.Header, text json.RawMessage, list string) (reply, error) {
	raws, outside, err := part(text, list)
	if err != nil {
		return reply{}, r.noList(list)
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

var errNoList = errors.New("no list")

// part parts the rows at a path from the rest of an answer. No value at the path, null,
// is a list without rows; a path that does not exist is an error.
func part(text json.RawMessage, path string) (rows []json.RawMessage, outside any, err error) {
	if path == "" {
		if err := json.Unmarshal(text, &rows); err != nil {
			return nil, nil, errNoList
		}
		return rows, nil, nil
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(text, &object) != nil {
		return nil, nil, errNoList
	}
	name, deeper, _ := strings.Cut(path, ".")
	inner, ok := object[name]
	if !ok {
		return nil, nil, errNoList
	}
	rest := map[string]any{}
	for key, raw := range object {
		if key != name {
			rest[key] = decoded(raw)
		}
	}
	if string(inner) == "null" {
		return nil, rest, nil
	}
	rows, rest[name], err = part(inner, deeper)
	return rows, rest, err
}

// all reads every row of a list. Rows have no id here, so only pages that come twice
// are found out.
func (r *reader) all(ctx context.Context, c Call, v vars) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		first, fetch := r.pages(c, v)
		n := 0
		rows := rest.List[*row]{Vendor: r.m.Name, Noun: "rows", First: first, Fetch: fetch, ID: func(*row) string {
			n++
			return strconv.Itoa(n)
		}}
		for one, err := range rows.All(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(one.get(), nil) {
				return
			}
		}
	}
}

// side reads a list that several parts of a manifest may need, once.
func (r *reader) side(ctx context.Context, c Call) ([]any, error) {
	key := fmt.Sprint(c.Get, c.Post, c.Query, c.Body, c.Header)
	if c.Page == (Page{}) && c.XML == "" && c.List != "" {
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

// shared reads an answer that may hold several lists.
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

func textAt(v any, path string) string {
	found, _ := At(v, path)
	return Text(found)
}

func numberAt(v any, path string, otherwise int) int {
	if path == "" {
		return otherwise
	}
	n, err := strconv.Atoi(textAt(v, path))
	if err != nil {
		return otherwise
	}
	return n
}

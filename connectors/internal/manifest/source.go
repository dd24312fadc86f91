package manifest

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// Source reads a vendor that its manifest describes in full.
type Source struct {
	m       *Manifest
	answers core.Answers
	client  *rest.Client
	now     func() time.Time
}

// NewSource makes the source of a described vendor.
func NewSource(m *Manifest, a core.Answers, env core.Env) (*Source, error) {
	cfg, err := m.Config(a, env)
	if err != nil {
		return nil, err
	}
	client, err := rest.New(cfg)
	if err != nil {
		return nil, err
	}
	return &Source{m: m, answers: a, client: client, now: env.Now}, nil
}

// Check makes the manifest's own call, and reads one page of people.
func (s *Source) Check(ctx context.Context) (core.Health, error) {
	if c := s.m.Check; c != nil {
		if _, err := s.client.Get(ctx, Fill(c.Get, s.answers), filled(c.Query, s.answers), nil); err != nil {
			return core.Health{}, err
		}
	}
	page, err := s.page(ctx, s.first())
	if err != nil {
		return core.Health{}, err
	}
	h := core.Health{Summary: "People can be read", People: page.Total}
	if page.Total >= 0 {
		h.Summary = fmt.Sprintf("%d people visible", page.Total)
	}
	for _, p := range s.m.Permissions {
		if p.Needed {
			h.Rights = append(h.Rights, core.Right{Permission: p, Granted: true})
		}
	}
	return h, nil
}

// Fields gives the manifest's fields and the custom ones of the live system. A vendor's
// list of custom fields that these credentials may not see, or that is not there, means
// no custom fields.
func (s *Source) Fields(ctx context.Context) ([]core.Field, error) {
	fields := s.m.Fields()
	c := s.m.People.Custom
	if c == nil {
		return fields, nil
	}
	rows, err := s.list(ctx, c.Get, c.List)
	if Absent(err) {
		return fields, nil
	}
	for _, row := range rows {
		fields = append(fields, core.Field{ID: customPrefix + textAt(row, c.Key), Label: textAt(row, c.Label), Custom: true})
	}
	return fields, err
}

// Absent says that a side call is not there or not allowed, which is no reason to stop.
func Absent(err error) bool {
	return core.HasCode(err, core.NotFound) || core.HasCode(err, core.MissingScope)
}

// list reads a list that comes in one answer.
func (s *Source) list(ctx context.Context, path, at string) ([]any, error) {
	var answer any
	if _, err := s.client.Get(ctx, Fill(path, s.answers), nil, &answer); err != nil {
		return nil, err
	}
	return rowsOf(s.m.Name, answer, at)
}

func rowsOf(vendor string, answer any, at string) ([]any, error) {
	found, ok := At(answer, at)
	rows, isList := found.([]any)
	if !ok || !isList {
		return nil, &core.Problem{Code: core.BadData, What: fmt.Sprintf("An answer of %s cannot be read: there is no list at %q.", vendor, at),
			Fix: "Try again, and send us the log if it happens twice."}
	}
	return rows, nil
}

// People reads everybody, page by page.
func (s *Source) People(ctx context.Context, want core.Want) iter.Seq2[core.Person, error] {
	return func(yield func(core.Person, error) bool) {
		known, err := s.Fields(ctx)
		if err != nil {
			yield(core.Person{}, err)
			return
		}
		names, err := s.lookUp(ctx)
		if err != nil {
			yield(core.Person{}, err)
			return
		}
		day := s.now()
		Reading{Manifest: s.m, Known: known, Want: want, Day: day, Names: names, Raw: s.raw(ctx, day)}.People(ctx)(yield)
	}
}

// raw yields the rows of all pages.
func (s *Source) raw(ctx context.Context, day time.Time) iter.Seq2[Raw, error] {
	rows := rest.List[any]{Vendor: s.m.Name, Noun: "people", First: s.first(), Fetch: s.page,
		ID: func(row any) string { return s.m.Value("externalId", row) }}
	return func(yield func(Raw, error) bool) {
		for row, err := range rows.All(ctx) {
			if !yield(Raw{JSON: row, Own: s.own(row, day)}, err) {
				return
			}
		}
	}
}

// lookUp gets the names of side calls; a list that is not there gives none.
func (s *Source) lookUp(ctx context.Context) (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	for name, l := range s.m.Lookups {
		rows, err := s.list(ctx, l.Get, l.List)
		if err != nil && !Absent(err) {
			return nil, err
		}
		all[name] = map[string]string{}
		for _, row := range rows {
			all[name][textAt(row, l.ID)] = textAt(row, l.Name)
		}
	}
	return all, nil
}

// own works out the status and the custom fields.
func (s *Source) own(row any, day time.Time) map[string]any {
	own := map[string]any{"employmentStatus": s.status(row, day.Format(time.DateOnly))}
	if c := s.m.People.Custom; c != nil {
		values, _ := At(row, c.At)
		if byKey, ok := values.(map[string]any); ok {
			for key, v := range byKey {
				own[customPrefix+key] = v
			}
		}
	}
	return own
}

func (s *Source) status(row any, today string) string {
	t := s.m.People.Status
	found, _ := At(row, t.From)
	word := Text(found)
	switch {
	case slices.Contains(t.Terminated, word):
		return core.StatusTerminated
	case slices.Contains(t.Future, word):
		return core.StatusFuture
	case slices.Contains(t.OnLeave, word):
		return core.StatusOnLeave
	case !slices.Contains(t.Active, word):
		return core.StatusUnknown
	case t.Starts && Before(today, s.m.Value("startDate", row)):
		return core.StatusFuture
	}
	return core.StatusActive
}

// first names the first page.
func (s *Source) first() string {
	switch p := s.m.People.Page; {
	case p.Offset != nil:
		return "0"
	case p.Number != nil:
		return strconv.Itoa(p.Number.First)
	}
	return ""
}

func (s *Source) page(ctx context.Context, at string) (rest.Page[any], error) {
	p := s.m.People
	method, path, query, body := http.MethodGet, Fill(p.Get, s.answers), filled(p.Query, s.answers), any(nil)
	params := s.params(at)
	if p.Post != "" {
		whole := map[string]any{}
		for name, v := range p.Body {
			whole[name] = v
		}
		for name, v := range params {
			whole[name] = v
		}
		method, path, body = http.MethodPost, Fill(p.Post, s.answers), whole
	} else {
		for name, v := range params {
			query.Set(name, fmt.Sprint(v))
		}
	}
	if p.Page.Link != nil && at != "" {
		path, query = at, nil
	}
	var answer any
	if _, err := s.client.Do(ctx, method, path, query, body, &answer, rest.Repeatable()); err != nil {
		return rest.Page[any]{}, err
	}
	return s.read(answer, at)
}

// params are the paging parameters of a page.
func (s *Source) params(at string) map[string]any {
	params := map[string]any{}
	p := s.m.People.Page
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

// read takes the rows of a page out of the answer, and where the next page is.
func (s *Source) read(answer any, at string) (rest.Page[any], error) {
	rows, err := rowsOf(s.m.Name, answer, s.m.People.List)
	if err != nil {
		return rest.Page[any]{}, err
	}
	page := rest.Page[any]{Rows: rows, Total: -1}
	if s.m.People.Total != "" {
		page.Total = numberAt(answer, s.m.People.Total, -1)
	}
	switch p := s.m.People.Page; {
	case p.Offset != nil:
		page.Next = rest.NextOffset(at, len(rows), page.Total)
	case p.Number != nil:
		page.Next = rest.NextPage(at, len(rows), numberAt(answer, p.Number.Last, 0))
	case p.Cursor != nil:
		page.Next = textAt(answer, p.Cursor.From)
	case p.Link != nil:
		page.Next = textAt(answer, p.Link.From)
	}
	return page, nil
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

// fetch makes the call for a token.
func (t *TokenCall) fetch(a core.Answers) func(context.Context, *rest.Client) (rest.Token, error) {
	return func(ctx context.Context, c *rest.Client) (rest.Token, error) {
		var body any = filled(t.Form, a)
		if t.JSON != nil {
			texts := map[string]string{}
			for name, text := range t.JSON {
				texts[name] = Fill(text, a)
			}
			body = texts
		}
		var answer any
		if _, err := c.Do(ctx, http.MethodPost, Fill(t.Post, a), nil, body, &answer, rest.Unsigned(), rest.Repeatable()); err != nil {
			return rest.Token{}, err
		}
		return rest.Lasting(textAt(answer, t.Token), numberAt(answer, t.Expires, 0), c.Now(ctx)), nil
	}
}

var _ core.Source = (*Source)(nil)

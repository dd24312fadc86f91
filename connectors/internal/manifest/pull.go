package manifest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// atOnce is how many calls for single people are made at once, under the pace, where the
// manifest does not say.
const atOnce = 5

// pulling is one reading of everybody.
type pulling struct {
	*Source
	r     *reader
	want  core.Want
	needs needs
	names map[string]map[string]string
	joins map[string]map[string][]any // by join: key → rows
}

func (p *pulling) today() string { return p.r.vars.own["today"] }

func (p *pulling) day() time.Time {
	day, _ := time.Parse(time.DateOnly, p.today()) // our own text
	return day
}

// prepare reads the side lists.
func (p *pulling) prepare(ctx context.Context) error {
	p.names, p.joins = map[string]map[string]string{}, map[string]map[string][]any{}
	for _, name := range slices.Sorted(maps.Keys(p.m.Lookups)) {
		if !p.looks(name) {
			continue
		}
		l := p.m.Lookups[name]
		rows, err := p.r.named(ctx, l)
		if err != nil && !Absent(err) {
			return err
		}
		p.names[name] = map[string]string{}
		p.name(l, rows, p.names[name])
	}
	for _, name := range slices.Sorted(maps.Keys(p.m.People.Join)) {
		j := p.m.People.Join[name]
		if !p.needs.has(name) || !p.on(j.If) {
			continue
		}
		rows, err := p.r.side(ctx, j.Call)
		if err != nil && (!j.Optional || !Absent(err)) {
			return err
		}
		if err != nil {
			continue
		}
		p.joins[name] = map[string][]any{}
		for _, row := range rows {
			found, _ := At(row, j.Key)
			keys, isList := found.([]any)
			if !isList {
				keys = []any{found}
			}
			for _, one := range keys {
				key := j.folded(Text(one))
				p.joins[name][key] = append(p.joins[name][key], row)
			}
		}
	}
	return nil
}

// name takes the names of a lookup's rows, and of the rows below them.
func (p *pulling) name(l Names, rows []any, into map[string]string) {
	for _, row := range rows {
		name := TextAt(row, l.Name)
		if strings.Contains(l.Name, "{") {
			name = strings.TrimSpace(p.r.vars.of(row).fill(l.Name))
		}
		into[l.id(row)] = name
		if l.Below != "" {
			below, _ := At(row, l.Below)
			p.name(l, Several(below), into)
		}
	}
}

// looks says that a lookup is needed: by a wanted field, or by code.
func (p *pulling) looks(name string) bool {
	l := p.m.Lookups[name]
	if !p.on(l.If) {
		return false
	}
	if slices.ContainsFunc(l.For, p.wants) {
		return true
	}
	used := len(l.For) > 0
	for id, from := range p.m.People.Fields {
		if from.In == name {
			used = true
			if p.wants(id) {
				return true
			}
		}
	}
	return !used
}

func (p *pulling) wants(id string) bool {
	return p.want.Fields == nil || slices.Contains(p.want.Fields, id)
}

// rows yields the rows of all lists of people, each person once.
func (p *pulling) rows(ctx context.Context) iter.Seq2[any, error] {
	if p.own.Rows != nil {
		return p.own.Rows(ctx, p.pull(p.r, p.want, p.needs))
	}
	return func(yield func(any, error) bool) {
		seen := map[string]bool{}
		lists := append([]Also{{Call: p.m.People.Call}}, p.m.People.Also...)
		v := p.r.vars.with("select", p.m.selected(p.want.Fields))
		if s := p.m.People.Since; s != nil && !p.want.Since.IsZero() {
			lists[0].Call, v = s.of(lists[0].Call, v, p.want.Since)
			if s.Alone {
				lists = lists[:1]
			}
		}
		needless := make([]bool, len(lists))
		for i, list := range lists {
			if needless[i] {
				continue
			}
			for one, err := range p.list(ctx, list.Call, v) {
				if err != nil {
					yield(nil, err)
					return
				}
				if len(lists) > 1 || len(p.m.People.RowID) > 0 && p.m.People.Group == nil {
					id := p.m.Value("externalId", one)
					if seen[id] {
						continue
					}
					seen[id] = true
				}
				for j, later := range lists[i+1:] {
					needless[i+1+j] = needless[i+1+j] || len(later.Unless) > 0 && p.m.holds(Rule{Where: later.Unless}, one, p.today())
				}
				if object, ok := one.(map[string]any); ok && i > 0 {
					maps.Copy(object, list.Mark)
				}
				if !yield(one, nil) {
					return
				}
			}
		}
	}
}

// of gives the call for those who changed.
func (s *Since) of(c Call, v vars, since time.Time) (Call, vars) {
	layout := s.Layout
	if layout == "" {
		layout = time.RFC3339
	}
	v = v.with("since", since.Add(-time.Duration(s.Margin)).UTC().Format(layout))
	query, body := maps.Clone(c.Query), maps.Clone(c.Body)
	if query == nil {
		query = map[string]string{}
	}
	if body == nil && s.Body != nil {
		body = map[string]any{}
	}
	maps.Copy(query, s.Query)
	maps.Copy(body, s.Body)
	c.Query, c.Body = query, body
	return c, v
}

// list yields the rows of one list of people.
func (p *pulling) list(ctx context.Context, c Call, v vars) iter.Seq2[any, error] {
	first, fetch := p.wished(c, v)
	return p.r.each(ctx, first, fetch, "people", func(one any) string {
		if len(p.m.People.RowID) == 0 {
			return p.m.Value("externalId", one)
		}
		var parts []string
		for _, path := range p.m.People.RowID {
			parts = append(parts, TextAt(one, path))
		}
		return strings.Join(parts, "\x1f")
	})
}

// wished gives the pages of a list with what wanted fields need; without, where that is
// refused.
func (p *pulling) wished(c Call, v vars) (first string, wish fetcher) {
	with := c
	with.Query = maps.Clone(c.Query)
	for field, query := range c.Wish {
		if !p.wants(field) {
			continue
		}
		if with.Query == nil {
			with.Query = map[string]string{}
		}
		maps.Copy(with.Query, query)
	}
	first, fetch := p.r.pages(with, v)
	if len(with.Query) == len(c.Query) {
		return first, fetch
	}
	return first, func(ctx context.Context, at string) (rest.Page[*row], error) {
		page, err := fetch(ctx, at)
		if at != first || !core.HasCode(err, core.MissingScope) {
			return page, err
		}
		_, fetch = p.r.pages(c, v)
		return fetch(ctx, at)
	}
}

// grouped makes one row of all rows of a person.
func (p *pulling) grouped(rows iter.Seq2[any, error]) iter.Seq2[any, error] {
	g := p.m.People.Group
	switch {
	case g == nil:
		return rows
	case g.Ordered:
		return p.following(rows)
	}
	return func(yield func(any, error) bool) {
		var order []string
		groups := map[string][]any{}
		for one, err := range rows {
			if err != nil {
				yield(nil, err)
				return
			}
			key := p.group(one)
			if groups[key] == nil {
				order = append(order, key)
			}
			groups[key] = append(groups[key], one)
		}
		for _, key := range order {
			if !yield(map[string]any{g.Into: groups[key]}, nil) {
				return
			}
		}
	}
}

// group gives what the rows of a person have in common.
func (p *pulling) group(row any) string {
	if by := p.m.People.Group.By; by != "" {
		return TextAt(row, by)
	}
	return p.m.Value("externalId", row)
}

// following makes one row of the rows of a person that follow each other.
func (p *pulling) following(rows iter.Seq2[any, error]) iter.Seq2[any, error] {
	into := p.m.People.Group.Into
	return func(yield func(any, error) bool) {
		seen, key, group := map[string]struct{}{}, "", []any(nil)
		for one, err := range rows {
			if err != nil {
				yield(nil, err)
				return
			}
			if next := p.group(one); len(group) == 0 || next != key {
				if len(group) > 0 && !yield(map[string]any{into: group}, nil) {
					return
				}
				if _, back := seen[next]; back {
					yield(nil, &core.Problem{Code: core.Incomplete, What: fmt.Sprintf("The list of people of %s does not hold together: one of them came back later, so somebody may be missing.", p.m.Name),
						Fix: "It may have changed while it was read, or is not sorted. Read again; if it happens again, send us the log."})
					return
				}
				seen[next], key, group = struct{}{}, next, nil
			}
			group = append(group, one)
		}
		if len(group) > 0 {
			yield(map[string]any{into: group}, nil)
		}
	}
}

// raw yields everybody's row with all that belongs to it.
func (p *pulling) raw(ctx context.Context) iter.Seq2[Raw, error] {
	return func(yield func(Raw, error) bool) {
		rows := p.grouped(p.rows(ctx))
		if p.details() {
			rows = rest.Parallel(ctx, rows, cmp.Or(p.m.People.AtOnce, atOnce), p.detailed)
		}
		for one, err := range rows {
			if err != nil {
				yield(Raw{}, err)
				return
			}
			object, ok := one.(map[string]any)
			if !ok {
				yield(Raw{}, p.r.noList(p.m.People.List))
				return
			}
			if raw, keep := p.complete(object); keep && !yield(raw, nil) {
				return
			}
		}
	}
}

func (p *pulling) details() bool {
	for name, d := range p.m.People.Detail {
		if p.asks(name, d) {
			return true
		}
	}
	return false
}

func (p *pulling) asks(name string, d Detail) bool {
	_, needless := p.joins[d.Unless]
	return p.needs.has(name) && p.on(d.If) && !needless
}

// detailed makes the calls for one person.
func (p *pulling) detailed(ctx context.Context, one any) (any, error) {
	object, ok := one.(map[string]any)
	if !ok {
		return nil, p.r.noList(p.m.People.List)
	}
	for name, d := range p.m.People.Detail {
		if !p.asks(name, d) {
			continue
		}
		answer, err := p.r.one(ctx, d.Call, p.r.vars.of(one))
		var f *rest.Failure
		if d.Or != "" && errors.As(err, &f) && (f.Status == http.StatusNotFound || f.Status == http.StatusBadRequest) {
			call := d.Call
			call.Get = d.Or
			answer, err = p.r.one(ctx, call, p.r.vars.of(one))
		}
		if d.Optional && Absent(err) || errors.As(err, &f) && slices.Contains(d.Empty, f.Status) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if found, ok := At(answer, d.At); ok {
			object[name] = found
		}
	}
	return object, nil
}

// complete joins, drops and chooses, and works out the status and the custom fields.
func (p *pulling) complete(object map[string]any) (raw Raw, keep bool) {
	for name, j := range p.m.People.Join {
		rows := p.joins[name][p.keyOf(j, object)]
		switch {
		case !j.One:
			object[name] = rows
		case len(rows) > 0:
			object[name] = rows[0]
		}
	}
	for _, path := range p.m.People.Drop {
		drop(object, path)
	}
	p.m.choose(object, p.today())
	person := Person{Row: object, Today: p.today(), Answers: p.answers, Names: p.names}
	if p.own.Row != nil && !p.own.Row(person) {
		return Raw{}, false
	}
	values := p.custom(object)
	if p.own.Values != nil {
		maps.Copy(values, p.own.Values(person))
	}
	values["employmentStatus"] = p.m.StatusOf(object, p.today())
	if p.own.Status != nil {
		values["employmentStatus"] = p.own.Status(person)
	}
	return Raw{JSON: object, Own: values}, true
}

func (p *pulling) keyOf(j Join, object map[string]any) string {
	if j.Of == "" {
		return j.folded(p.m.Value("externalId", object))
	}
	return j.folded(TextAt(object, j.Of))
}

func (j Join) folded(id string) string {
	if j.Fold {
		return strings.ToLower(id)
	}
	return id
}

// drop takes what stands at a path out of a row, in every element of lists on the way.
func drop(v any, path string) {
	name, deeper, more := strings.Cut(path, ".")
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			drop(inner, path)
		}
	case map[string]any:
		if !more {
			delete(v, name)
			return
		}
		drop(v[name], deeper)
	}
}

// choose puts what was chosen into a row. What is chosen of a choice comes after it.
func (m *Manifest) choose(object map[string]any, today string) {
	for range m.People.Choose {
		for name, c := range m.People.Choose {
			found, _ := At(object, c.From)
			if chosen := c.of(Several(found), today); chosen != nil {
				object[name] = chosen
			}
		}
	}
}

func (c Choose) of(things []any, today string) any {
	if c.Given != "" {
		things = slices.DeleteFunc(slices.Clone(things), func(thing any) bool { return TextAt(thing, c.Given) == "" })
	}
	fitting := things
	for _, where := range c.Where {
		if fitting = fits(things, where); len(fitting) > 0 {
			break
		}
	}
	if len(fitting) == 0 && !c.Strict {
		fitting = things
	}
	switch {
	case len(fitting) == 0:
		return nil
	case c.Start == "":
		return fitting[0]
	}
	return Current(fitting, c.Start, c.End, today)
}

func fits(things []any, where map[string]string) []any {
	var fitting []any
	for _, thing := range things {
		ok := true
		for path, text := range where {
			ok = ok && strings.EqualFold(TextAt(thing, path), text)
		}
		if ok {
			fitting = append(fitting, thing)
		}
	}
	return fitting
}

package manifest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
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
	taken map[string]map[string]bool  // by the place of custom fields: the keys that are none
	joins map[string]map[string][]any // by join: key → rows
}

func (p *pulling) today() string { return p.r.vars.own["today"] }

func (p *pulling) day() time.Time {
	day, _ := time.Parse(time.DateOnly, p.today()) // our own text
	return day
}

// needs are the first names of the paths that a reading needs; nil means all.
type needs map[string]bool

func (n needs) has(name string) bool { return n == nil || n[name] }

// needs works out what wanted fields, the status and the ids need.
func (m *Manifest) needs(wanted, always []string) needs {
	if wanted == nil {
		return nil
	}
	n := needs{}
	for _, name := range always {
		n[name] = true
	}
	for _, id := range append(slices.Clone(inAnyCase), wanted...) {
		if path, ok := strings.CutPrefix(id, core.RawPrefix); ok {
			n[root(path)] = true
		}
		for _, path := range m.People.Fields[id].Paths {
			n[root(path)] = true
		}
		if strings.HasPrefix(id, customPrefix) {
			for _, c := range m.People.Custom {
				n[root(c.At)] = true
				if key := strings.TrimPrefix(id, customPrefix); c.At == "" {
					n[root(key)] = true
				}
			}
		}
	}
	for _, r := range m.People.Status {
		for _, path := range r.paths() {
			n[root(path)] = true
			for _, path := range m.People.Fields[path].Paths {
				n[root(path)] = true
			}
		}
	}
	return m.chosenOf(n)
}

// chosenOf adds what needed things are chosen of.
func (m *Manifest) chosenOf(n needs) needs {
	for range m.People.Choose { // what is chosen may be chosen of what was chosen
		for name, c := range m.People.Choose {
			if n[name] {
				n[root(c.From)] = true
			}
		}
	}
	return n
}

// customNeeds works out what custom fields that the rows tell of need.
func (m *Manifest) customNeeds() needs {
	n := needs{}
	for _, c := range m.People.Custom {
		n[root(c.At)] = true
	}
	return m.chosenOf(n)
}

func (r Rule) paths() []string {
	paths := []string{r.Ahead, r.Past, r.Reached, r.Given, r.Missing}
	paths = append(paths, slices.Collect(maps.Keys(r.Where))...)
	return append(paths, slices.Collect(maps.Keys(r.Has))...)
}

// selected names the fields to ask for; all that the manifest knows where nothing is said.
func (m *Manifest) selected(wanted []string) string {
	sel := m.People.Select
	if sel == nil {
		return ""
	}
	name := root
	if sel.Deep {
		name = func(path string) string { return path }
	}
	names := map[string]bool{}
	for _, path := range append(m.paths(wanted), sel.Always...) {
		names[name(path)] = true
	}
	for range m.People.Choose { // what is chosen may be chosen of what was chosen
		for made, c := range m.People.Choose {
			if slices.ContainsFunc(slices.Collect(maps.Keys(names)), func(path string) bool { return root(path) == made }) {
				names[name(c.From)] = true
			}
		}
	}
	made := m.made()
	maps.DeleteFunc(names, func(path string, _ bool) bool { return path == "" || made[root(path)] })
	return strings.Join(slices.Sorted(maps.Keys(names)), sel.Sep)
}

// inAnyCase are the fields that a reading needs whatever is wanted.
var inAnyCase = []string{"externalId", "startDate", "endDate", "managerId"}

// paths are those of the wanted fields, nil meaning all, and of what is always needed.
func (m *Manifest) paths(wanted []string) []string {
	var paths []string
	for id, from := range m.People.Fields {
		if wanted == nil || slices.Contains(wanted, id) || slices.Contains(inAnyCase, id) {
			paths = append(paths, from.Paths...)
		}
	}
	for _, id := range wanted {
		if path, ok := strings.CutPrefix(id, core.RawPrefix); ok {
			paths = append(paths, path)
		}
		if key, ok := strings.CutPrefix(id, customPrefix); ok {
			paths = append(paths, m.customPaths(key)...)
		}
	}
	if wanted == nil {
		paths = append(paths, m.customPaths("")...)
	}
	for _, r := range m.People.Status {
		for _, path := range r.paths() {
			if _, canonical := m.People.Fields[path]; !canonical {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

// customPaths are the places where a custom field may stand.
func (m *Manifest) customPaths(key string) []string {
	var paths []string
	for _, c := range m.People.Custom {
		paths = append(paths, cmp.Or(c.At, key))
	}
	return paths
}

// made are the names that this program puts into a row itself.
func (m *Manifest) made() map[string]bool {
	all := map[string]bool{}
	for name := range m.People.Detail {
		all[name] = true
	}
	for name := range m.People.Join {
		all[name] = true
	}
	for name := range m.People.Choose {
		all[name] = true
	}
	if m.People.Group != nil {
		all[m.People.Group.Into] = true
	}
	return all
}

// prepare reads the side lists.
func (p *pulling) prepare(ctx context.Context) error {
	p.names, p.joins, p.taken = map[string]map[string]string{}, map[string]map[string][]any{}, map[string]map[string]bool{}
	for _, c := range p.m.People.Custom {
		p.taken[c.place()] = c.taken(p.m)
	}
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
		name := textAt(row, l.Name)
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
			parts = append(parts, textAt(one, path))
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
		return textAt(row, by)
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
		if p.needs.has(name) && p.on(d.If) {
			return true
		}
	}
	return false
}

// detailed makes the calls for one person.
func (p *pulling) detailed(ctx context.Context, one any) (any, error) {
	object, ok := one.(map[string]any)
	if !ok {
		return nil, p.r.noList(p.m.People.List)
	}
	for name, d := range p.m.People.Detail {
		if !p.needs.has(name) || !p.on(d.If) {
			continue
		}
		answer, err := p.r.one(ctx, d.Call, p.r.vars.of(one))
		var f *rest.Failure
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
	return j.folded(textAt(object, j.Of))
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
		things = slices.DeleteFunc(slices.Clone(things), func(thing any) bool { return textAt(thing, c.Given) == "" })
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
			ok = ok && strings.EqualFold(textAt(thing, path), text)
		}
		if ok {
			fitting = append(fitting, thing)
		}
	}
	return fitting
}

// learn gives the custom fields that a row has.
func (p *pulling) learn(raw Raw) []core.Field {
	var fields []core.Field
	for _, c := range p.r.learnt {
		for _, v := range c.values(p.taken[c.place()], raw.JSON) {
			fields = append(fields, core.Field{ID: customPrefix + v.key, Label: v.label, Kind: customKinds[c.Kinds[v.kind]], Custom: true})
		}
	}
	slices.SortFunc(fields, func(a, b core.Field) int { return strings.Compare(a.ID, b.ID) })
	return fields
}

// custom gives the custom values of a row.
func (p *pulling) custom(object map[string]any) map[string]any {
	values := map[string]any{}
	if p.want.Fields != nil && !slices.ContainsFunc(p.want.Fields, func(id string) bool { return strings.HasPrefix(id, customPrefix) }) {
		return values
	}
	for _, c := range p.m.People.Custom {
		if !p.on(c.If) {
			continue
		}
		for _, v := range c.values(p.taken[c.place()], object) {
			value := v.value
			if customKinds[c.Kinds[v.kind]] == core.Date {
				value = Day(Text(value))
			}
			values[customPrefix+v.key] = value
		}
	}
	return values
}

// customValue is one custom value of a row.
type customValue struct {
	key, label, kind string
	value            any
}

// place tells one place of custom fields from the others of a manifest.
func (c Custom) place() string {
	return c.At + "\x1f" + c.Prefix + "\x1f" + strings.Join(c.Except, "\x1f")
}

func (c Custom) values(taken map[string]bool, row any) []customValue {
	at := row
	if c.At != "" {
		at, _ = At(row, c.At)
	}
	var all []customValue
	if c.Each != nil {
		for _, entry := range Several(at) {
			v := customValue{key: textAt(entry, c.Each.Key), label: textAt(entry, c.Each.Label), kind: textAt(entry, c.Kind)}
			for _, path := range c.Each.Value {
				if found, _ := At(entry, path); Text(found) != "" {
					v.value = found
					break
				}
			}
			for _, flat := range c.flat(v.key, v.value) {
				v.key, v.value = flat.key, flat.value
				all = append(all, v)
			}
		}
	} else if object, ok := at.(map[string]any); ok {
		for key, value := range object {
			if inner, ok := At(value, c.Value); ok && c.Value != "" {
				value = inner
			}
			if !taken[key] {
				all = append(all, c.flat(key, value)...)
			}
		}
	}
	kept := all[:0]
	for _, v := range all {
		if v.key != "" && strings.HasPrefix(v.key, c.Prefix) {
			if v.label == "" {
				v.label = v.key
			}
			kept = append(kept, v)
		}
	}
	return kept
}

// taken are the keys that are no custom fields, where custom fields are the rest.
func (c Custom) taken(m *Manifest) map[string]bool {
	if !c.Rest {
		return nil
	}
	taken := m.made()
	for _, from := range m.People.Fields {
		for _, path := range from.Paths {
			taken[root(path)] = true
		}
	}
	for _, r := range m.People.Status {
		for _, path := range r.paths() {
			taken[root(path)] = true
		}
	}
	for _, name := range c.Except {
		taken[name] = true
	}
	return taken
}

func (c Custom) flat(key string, value any) []customValue {
	object, ok := value.(map[string]any)
	if !ok || !c.Flat {
		return []customValue{{key: key, value: value}}
	}
	var all []customValue
	for inner, v := range object {
		all = append(all, c.flat(fmt.Sprintf("%s.%s", key, inner), v)...)
	}
	return all
}

package manifest

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// Own is what a manifest cannot say of a vendor; every part of it may be nil.
type Own struct {
	// Client changes the settings of the client: another way of signing, explanations of
	// refusals that come as success.
	Client func(cfg *rest.Config, a core.Answers, env core.Env) error
	// Needs are names in a row that Row, Status and Values look at, so that the calls for
	// them are made whatever is wanted.
	Needs []string
	// Row completes a person's row in place, after all calls for it; false leaves the
	// person out.
	Row func(r Person) bool
	// Status gives the status instead of the manifest's rules.
	Status func(r Person) string
	// Values gives fields instead of the manifest's table, by id; custom ones too, which
	// are declared by Fields.
	Values func(r Person) map[string]any
	// Fields are fields, beside those of the manifest, that Values gives.
	Fields func(ctx context.Context, c *rest.Client, a core.Answers) ([]core.Field, error)
	// Rows reads the rows of people instead of the manifest's lists.
	Rows func(ctx context.Context, r Pull) iter.Seq2[any, error]
	// Health adds to what Check found.
	Health func(ctx context.Context, c *rest.Client, a core.Answers, h *core.Health) error
}

// Person is one person's row with what belongs to it.
type Person struct {
	Row     map[string]any
	Today   string // day of reading, YYYY-MM-DD
	Answers core.Answers
	Names   map[string]map[string]string // the lookups: by name, from id to name
}

// Pull is one reading, for Own.Rows.
type Pull struct {
	Client  *rest.Client
	Answers core.Answers
	Want    core.Want
	Today   string
	Trial   bool // one row is enough: the reading only proves that people come
	reader  *reader
	needs   needs
}

// Needs says whether what stands in a row under a name is needed.
func (p Pull) Needs(name string) bool { return p.needs.has(name) }

// Row decodes the text of a row, as far as it is needed.
func (p Pull) Row(text json.RawMessage) any {
	if p.Want.Fields == nil {
		return Tree(text)
	}
	return Part(text, func(name string) bool { return p.needs.has(root(name)) })
}

// Wants says whether one of these fields is wanted. Needs is true of what is needed in any
// case too, as for who somebody's manager is.
func (p Pull) Wants(fields ...string) bool {
	return p.Want.Fields == nil || slices.ContainsFunc(fields, func(f string) bool { return slices.Contains(p.Want.Fields, f) })
}

// List reads every row of a list; {.path} in the call is what stands in of. Where id is
// not empty, it is the path of what makes a row itself, and a row twice is a problem.
func (p Pull) List(ctx context.Context, c Call, of any, id string) iter.Seq2[any, error] {
	v := p.reader.vars.of(of)
	if id == "" {
		return p.reader.all(ctx, c, v)
	}
	first, fetch := p.reader.pages(c, v)
	return p.reader.each(ctx, first, fetch, "people", func(row any) string { return TextAt(row, id) })
}

// Source reads a vendor by its manifest, and by what Own adds to it.
type Source struct {
	m       *Manifest
	own     Own
	answers core.Answers
	client  *rest.Client
	now     func() time.Time
}

// NewSource makes the source of a vendor that its manifest describes in full.
func NewSource(m *Manifest, a core.Answers, env core.Env) (core.Source, error) {
	return NewOwn(m, Own{}, a, env)
}

// NewOwn makes the source of a vendor that its manifest describes but for some of it.
func NewOwn(m *Manifest, own Own, a core.Answers, env core.Env) (core.Source, error) {
	cfg, err := m.Config(a, env)
	if err != nil {
		return nil, err
	}
	if own.Client != nil {
		if err := own.Client(&cfg, a, env); err != nil {
			return nil, err
		}
	}
	client, err := rest.New(cfg)
	if err != nil {
		return nil, err
	}
	return &Source{m: m, own: own, answers: a, client: client, now: env.Now}, nil
}

func (s *Source) reader(ctx context.Context) *reader {
	now := s.now
	if now == nil {
		now = func() time.Time { return s.client.Now(ctx) }
	}
	return s.m.reader(s.client, s.m.vars(s.answers).on(now()))
}

// Check makes the manifest's own calls, each of which may prove a permission, and reads
// one page of people.
func (s *Source) Check(ctx context.Context) (core.Health, error) {
	r := s.reader(ctx)
	if err := r.know(ctx); err != nil {
		return core.Health{}, err
	}
	missing := map[string]string{}
	for _, p := range s.m.Check {
		_, err := r.one(ctx, p.Call, r.vars)
		if err != nil && (p.Proves == "" || !Absent(err)) {
			return core.Health{}, err
		}
		if err != nil {
			missing[p.Proves] = core.AsProblem(err).What
		}
	}
	h := core.Health{Summary: "People can be read", People: -1}
	if err := s.firstPage(ctx, r, &h); err != nil {
		return core.Health{}, err
	}
	for _, p := range s.m.Permissions {
		if len(p.For) > 0 {
			continue // the target's to say
		}
		detail, lacks := missing[p.ID]
		if lacks && p.Needed {
			return core.Health{}, &core.Problem{Code: core.MissingScope, What: fmt.Sprintf("%s does not give the permission “%s”. %s", s.m.Name, p.Label, p.Without), Fix: grant(p)}
		}
		h.Rights = append(h.Rights, core.Right{Permission: p, Granted: !lacks, Detail: detail})
	}
	if s.own.Health != nil {
		if err := s.own.Health(ctx, s.client, s.answers, &h); err != nil {
			return core.Health{}, err
		}
	}
	return h, nil
}

func grant(p core.Permission) string {
	if p.Grant != "" {
		return p.Grant
	}
	return "Give it to these credentials, then test again."
}

// firstPage proves that people come. Where code reads them, one person of the reading is
// enough.
func (s *Source) firstPage(ctx context.Context, r *reader, h *core.Health) error {
	if s.own.Rows != nil {
		want := core.Want{Fields: []string{"externalId"}, Leavers: -1}
		trial := s.pull(r, want, s.m.needs(want.Fields, s.own.Needs))
		trial.Trial = true
		for _, err := range s.own.Rows(ctx, trial) {
			return err
		}
		return nil
	}
	first, fetch := r.pages(s.m.People.Call, r.vars.with("select", s.m.selected(nil)))
	page, err := fetch(ctx, first)
	if err != nil {
		return err
	}
	h.People = page.Total
	if page.Total < 0 && page.Next == "" {
		h.People = len(page.Rows)
	}
	switch {
	case h.People >= 0:
		h.Summary = count(h.People, "record") + " visible"
	case len(page.Rows) == 0:
		h.Summary = "Connected, but nobody is visible"
	}
	return nil
}

func (s *Source) pull(r *reader, want core.Want, n needs) Pull {
	return Pull{Client: s.client, Answers: s.answers, Want: want, Today: r.vars.own["today"], reader: r, needs: n}
}

// Fields gives the manifest's fields and the custom ones of the live system. Where its
// list of custom fields is not there, or these credentials may not see it, the first
// people tell which there are, as where there is no such list at all; a reading of
// everybody learns the rest.
func (s *Source) Fields(ctx context.Context) ([]core.Field, error) {
	r := s.reader(ctx)
	if err := r.know(ctx); err != nil {
		return nil, err
	}
	known, err := s.fields(ctx, r)
	if err != nil || len(r.learnt) == 0 {
		return known, err
	}
	p := &pulling{Source: s, r: r, needs: s.m.customNeeds(), want: core.Want{Fields: []string{customPrefix}, Leavers: -1}}
	if s.own.Rows != nil {
		p.want.Fields = nil // code is asked for everything
	}
	if err := p.prepare(ctx); err != nil {
		return nil, err
	}
	asked := 0
	for raw, err := range p.raw(ctx) {
		if err != nil {
			return nil, err
		}
		known = append(known, p.learn(raw)...)
		if asked++; asked == enoughPeople {
			break
		}
	}
	return unique(known), nil
}

// enoughPeople is how many people tell which custom fields there are.
const enoughPeople = 200

func (s *Source) fields(ctx context.Context, r *reader) ([]core.Field, error) {
	fields := s.m.Fields()
	for _, c := range s.m.People.Custom {
		if !s.on(c.If) {
			continue
		}
		if !c.asks() {
			if !c.Told {
				r.learnt = append(r.learnt, c)
			}
			continue
		}
		rows, err := r.side(ctx, c.Call)
		if Absent(err) {
			r.learnt = append(r.learnt, c)
		} else if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if c.defines(row) && !c.taken[TextAt(row, c.Key)] {
				fields = append(fields, c.field(row))
			}
		}
	}
	more, err := s.ownFields(ctx, r)
	return unique(append(fields, more...)), err
}

// ownFields are those that code tells; where it is refused, the rows tell.
func (s *Source) ownFields(ctx context.Context, r *reader) ([]core.Field, error) {
	if s.own.Fields == nil {
		return nil, nil
	}
	fields, err := s.own.Fields(ctx, s.client, s.answers)
	if err != nil && !Absent(err) {
		return nil, err
	}
	for _, c := range s.m.People.Custom {
		if c.Told && err != nil && s.on(c.If) {
			r.learnt = append(r.learnt, c)
		}
	}
	return fields, nil
}

// on says that an option is answered true, or that no option decides.
func (s *Source) on(option string) bool { return option == "" || s.answers.Get(option) == "true" }

// Absent says that a side call is not there or not allowed, which is no reason to stop.
func Absent(err error) bool {
	return core.HasCode(err, core.NotFound) || core.HasCode(err, core.MissingScope)
}

// People reads everybody, page by page.
func (s *Source) People(ctx context.Context, want core.Want) iter.Seq2[core.Person, error] {
	return func(yield func(core.Person, error) bool) {
		if err := s.people(ctx, want, yield); err != nil {
			yield(core.Person{}, core.AsProblem(err))
		}
	}
}

func (s *Source) people(ctx context.Context, want core.Want, yield func(core.Person, error) bool) error {
	r := s.reader(ctx)
	if err := r.know(ctx); err != nil {
		return err
	}
	known, err := s.fields(ctx, r)
	if err != nil {
		return err
	}
	p := &pulling{Source: s, r: r, needs: s.m.needs(want.Fields, s.own.Needs), want: want}
	if err := p.prepare(ctx); err != nil {
		return err
	}
	reading := Reading{Manifest: s.m, Known: known, Want: want, Day: p.day(), Names: p.names, Raw: p.raw(ctx)}
	if len(r.learnt) > 0 {
		reading.Custom = p.learn
	}
	reading.People(ctx)(yield)
	return nil
}

// defines says that a row defines a custom field of people.
func (c Custom) defines(row any) bool {
	for path, text := range c.Where {
		if !strings.EqualFold(TextAt(row, path), text) {
			return false
		}
	}
	return strings.HasPrefix(TextAt(row, c.Key), c.Prefix) && TextAt(row, c.Key) != ""
}

func (c Custom) field(row any) core.Field {
	f := core.Field{ID: customPrefix + TextAt(row, c.Key), Label: TextAt(row, c.Label), Kind: customKinds[c.Kinds[TextAt(row, c.Kind)]], Custom: true}
	if f.Label == "" {
		f.Label = TextAt(row, c.Key)
	}
	return f
}

var _ core.Source = (*Source)(nil)

package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"rollcall/core"
	"rollcall/core/internal/made"
)

// batched is a directory that takes several at once and counts the requests.
type batched struct {
	*made.Directory
	size          int
	looks, writes int
	largest       int
}

func (b *batched) Batch(context.Context) (int, error) { return b.size, nil }

func (b *batched) Look(ctx context.Context, q []core.Question, want []string) []core.Looked {
	b.looks++
	b.largest = max(b.largest, len(q))
	return oneByOne{b.Directory}.Look(ctx, q, want)
}

func (b *batched) WriteAll(ctx context.Context, w []core.Write) []core.Written {
	b.writes++
	b.largest = max(b.largest, len(w))
	return oneByOne{b.Directory}.WriteAll(ctx, w)
}

func TestSeveralWritesGoIntoOneRequestWhereTheDirectoryTakesThem(t *testing.T) {
	d := &batched{Directory: made.NewDirectory(), size: 20}
	p := planned(t, d.Directory, many(50)...)
	in := input(p, d.Directory, &made.Journal{})
	in.Target = d
	if _, err := ran(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if d.writes != 3 || d.looks != 5 || d.largest != 20 || d.Writes != 50 {
		t.Errorf("50 writes took %d requests, their looks %d, the largest held %d", d.writes, d.looks, d.largest)
	}
}

func TestADirectoryWhoseSystemOffersNoBatchesIsWrittenOneByOne(t *testing.T) {
	d := &batched{Directory: made.NewDirectory(), size: 1}
	in := input(planned(t, d.Directory, company...), d.Directory, &made.Journal{})
	in.Target = d
	if _, err := ran(t.Context(), in); err != nil || d.writes != 0 || d.Dump() != companyDump {
		t.Errorf("%v, %d batches\n%s", err, d.writes, d.Dump())
	}
}

func many(n int) []string {
	people := make([]string, n)
	for i := range people {
		people[i] = fmt.Sprintf("number=%d login=l%d name=N%d", i+1, i+1, i+1)
	}
	return people
}

// engine is a directory with an engine that makes what it was given some askings later.
type engine struct {
	*made.Directory
	given   map[string][]core.Write
	asked   map[string]int
	after   int // askings
	refuse  string
	breakAt int // the chunk that is lost on its way
	chunks  int
}

func newEngine() *engine {
	return &engine{Directory: made.NewDirectory(), given: map[string][]core.Write{}, asked: map[string]int{}, after: 2}
}

func (e *engine) Imports(context.Context) (core.Imports, error) {
	return core.Imports{Engine: "The engine", Chunk: 2, Verbs: []core.Verb{core.Create, core.Update, core.Deactivate}, Every: time.Minute, Patience: time.Hour}, nil
}

func (e *engine) Import(_ context.Context, writes []core.Write) (string, error) {
	if e.chunks++; e.chunks == e.breakAt {
		return "", errors.New("the line is dead")
	}
	id := fmt.Sprint("ticket-", e.chunks)
	e.given[id] = writes
	return id, nil
}

func (e *engine) Imported(ctx context.Context, ticket string, writes []core.Write) (map[string]core.Written, error) {
	answers := map[string]core.Written{}
	if e.asked[ticket]++; e.asked[ticket] < e.after {
		return answers, nil
	}
	for _, w := range writes {
		if e.refuse != "" && w.Whole["login"] == e.refuse {
			answers[w.Key] = core.Written{Err: &core.Problem{Code: core.Refused, What: "No."}}
			continue
		}
		if key := w.Keys["manager"]; key != "" {
			boss, _ := e.Find(ctx, "number", key, nil)
			if len(boss) != 1 {
				continue // not made yet
			}
			w.Set["manager"] = boss[0].ID()
		}
		r, err := e.Write(ctx, w)
		answers[w.Key] = core.Written{Receipt: r, Err: err}
	}
	return answers, nil
}

var _ core.Importer = (*engine)(nil)

func handed(t *testing.T, e *engine, from int, people ...string) Input {
	p := planned(t, e.Directory, people...)
	p.Setup.HandOver = from
	in := input(p, e.Directory, &made.Journal{})
	in.Target = e
	clock := now
	in.Now = func() time.Time { return clock }
	in.Sleep = func(ctx context.Context, d time.Duration) error { clock = clock.Add(d); return ctx.Err() }
	return in
}

func TestALargePlanIsHandedToTheDirectorysOwnEngine(t *testing.T) {
	e := newEngine()
	told, err := ran(t.Context(), handed(t, e, 3, company...))
	if err != nil || e.chunks != 2 || e.Dump() != companyDump {
		t.Errorf("%v, %d chunks\n%s", err, e.chunks, e.Dump())
	}
	if n := strings.Count(told, "create handed over"); n != 3 || strings.Count(told, "create done") != 3 || strings.Contains(told, "update") {
		t.Errorf("told: %s", told)
	}
}

func TestASmallPlanIsWrittenRowByRow(t *testing.T) {
	e := newEngine()
	if _, err := ran(t.Context(), handed(t, e, 4, company...)); err != nil || e.chunks != 0 || e.Dump() != companyDump {
		t.Errorf("%v, %d chunks\n%s", err, e.chunks, e.Dump())
	}
}

func TestTheEngineGetsEveryMappedAttributeAndTheKeyOfTheManager(t *testing.T) {
	e := newEngine()
	if _, err := ran(t.Context(), handed(t, e, -1, company...)); err != nil {
		t.Fatal(err)
	}
	in := handed(t, e, 1, "number=1 login=ada name=Ada title=CTO manager=3", "number=2 login=bo name=Boris manager=1", "number=3 login=cy name=Cy")
	if _, err := ran(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	w := e.given["ticket-1"][0]
	if len(w.Set) != 1 || w.Set["name"] != "Boris" || w.Whole["login"] != "bo" || w.Whole["number"] != "2" || w.Whole[core.Enabled] != "true" || w.Keys["manager"] != "1" {
		t.Errorf("handed over: %+v", w)
	}
}

func TestWhatTheEngineRefusesFailsAndTheRestIsDone(t *testing.T) {
	e := newEngine()
	e.refuse = "bo"
	told, err := ran(t.Context(), handed(t, e, 1, company...))
	if err != nil || strings.Count(told, "create done") != 2 || strings.Count(told, "create failed") != 1 {
		t.Errorf("%v: %s", err, told)
	}
}

func TestAHandOverThatBrokeOffIsTakenUpAgain(t *testing.T) {
	e := newEngine()
	e.breakAt = 2
	in := handed(t, e, 1, company...)
	if _, err := ran(t.Context(), in); err == nil {
		t.Fatal("the line was not dead")
	}
	e.after = 1 // by now the engine has done the first chunk
	told, err := ran(t.Context(), in)
	if err != nil || e.Dump() != companyDump || e.Writes != 3 {
		t.Errorf("%v: %s, %d writes\n%s", err, told, e.Writes, e.Dump())
	}
	if again, err := ran(t.Context(), in); err != nil || again != "" {
		t.Errorf("a third try: %v %s", err, again)
	}
}

func TestWhatTheEngineNeverTellsIsNotKnown(t *testing.T) {
	e := newEngine()
	e.after = 1 << 30
	in := handed(t, e, 1, company...)
	told, err := ran(t.Context(), in)
	if err != nil || strings.Count(told, "create failed") != 3 {
		t.Errorf("%v: %s", err, told)
	}
	for n, err := range in.Journal.Entries() {
		if err != nil || n.Outcome.State != core.HandedOver {
			t.Errorf("in the journal stands %s, %v", n.Outcome.State, err)
		}
	}
	e.after = 1
	if _, err := ran(t.Context(), in); err != nil || e.Dump() != companyDump {
		t.Errorf("a day later: %v\n%s", err, e.Dump())
	}
}

func TestARehearsalNamesTheRightsThatThePlanNeedsAndDoesNotHave(t *testing.T) {
	p := planned(t, made.NewDirectory("id=9 number=9 login=old name=Old active=true"), company...)
	right := func(id string, granted bool, what ...string) core.Right {
		return core.Right{Permission: core.Permission{ID: id, For: what}, Granted: granted}
	}
	lacks := Rehearse(p, core.Approval{}, []core.Right{right("read", false), right("write", false, "create", "update"), right("managers", false, "manager"),
		right("groups", false, core.Groups), right("delete", false, "delete"), right("all", true, "create")})
	var words []string
	for _, l := range lacks {
		words = append(words, fmt.Sprint(l.ID, " ", l.Rows))
	}
	if got := strings.Join(words, ", "); got != "write 3, managers 2" {
		t.Errorf("missing: %s", got)
	}
}

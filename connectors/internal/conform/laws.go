package conform

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/seed"
	"rollcall/core"
)

var sourceLaws = []law{
	{"reads everyone once over many pages", nil, readsEveryone},
	{"reads the same people whatever the page size", whole, whateverThePageSize},
	{"gives every declared field under its name and kind", nil, declaresFields},
	{"covers the status table", nil, coversStatus},
	{"keeps odd values as they are", nil, keepsOddValues},
	{"finds managers on later pages", nil, findsManagers},
	{"gives only the wanted fields", nil, givesWantedFields},
	{"leaves out who left long ago", lacks("leavers"), leavesOutLeavers},
	{"gives those who changed since a time as everybody's reading does", bySince, givesChanges},
	{"says how many people it can see", nil, checks},
	{"says what to do about bad credentials", nil, fails(emulate.BadCredentials(), core.BadCredentials, 3)},
	{"says what permission is missing", nil, fails(emulate.MissingPermission(), core.MissingScope, 8)},
	{"says that the tenant is not known", inBrowser, fails(emulate.UnknownTenant(), core.NotFound, 8)},
	{"waits as long as it is told", nil, waitsAsTold("42")},
	{"waits until the date it is told", nil, waitsAsTold(aDate)},
	{"waits and grows where it is told nothing", nil, waitsAsTold("")},
	{"gives up on too many requests", nil, fails(emulate.TooManyCalls(0, "5"), core.RateLimited, 40)},
	{"gets over one fault of the server", nil, survives(emulate.Broken(1))},
	{"gets over a broken connection", nil, survives(emulate.Fault{Kind: emulate.Dropped, Times: 1})},
	{"gives up on a server that always fails", nil, fails(emulate.Broken(0), core.ServerFault, 24)},
	{"gives up on a server that never answers", nil, neverAnswers},
	{"knows a web page from data", nil, fails(emulate.Fault{Kind: emulate.HTML}, core.BadData, 8)},
	{"knows a web page from data in the middle", nil, fails(emulate.Fault{Kind: emulate.HTML, After: 4}, core.BadData, 40)},
	{"knows a truncated answer", nil, fails(emulate.Fault{Kind: emulate.Truncated, After: 2}, core.BadData, 40)},
	{"ends endless paging", whole, failsPaging(emulate.EndlessPages)},
	{"ends paging that stands still", whole, failsPaging(emulate.StuckPage)},
	{"refuses a page that comes twice", whole, failsPaging(emulate.RepeatedPage)},
	{"refuses a list that shrinks while it is read", byCursor, failsPaging(emulate.ShrinkingList)},
	{"renews a token in the middle", byKey, renewsToken},
	{"logs no person and no secret", nil, logsNothing},
	{"stops within a second", nil, stops},
	{memoryLaw, whole, constantMemory},
}

func whole(s Subject) string {
	if s.Way.Whole {
		return "everybody comes in one answer"
	}
	return ""
}

func bySince(s Subject) string {
	if !s.Spec.Has(core.CanReadSince) || s.Way.NoSince {
		return "the system cannot say who has changed"
	}
	return ""
}

func byCursor(s Subject) string {
	if s.Way.Cursor {
		return "a cursor is not moved by somebody who leaves the list"
	}
	if s.Way.Blind {
		return "the system tells neither a total nor a cursor"
	}
	return whole(s)
}

func inBrowser(s Subject) string {
	if s.Way.Consent {
		return "the vendor's page says it in the browser"
	}
	return ""
}

func byKey(s Subject) string {
	if s.Way.Key {
		return "a key that ends cannot be renewed"
	}
	return ""
}

func lacks(what string) func(Subject) string {
	return func(s Subject) string {
		if slices.Contains(s.Way.Lacks, what) {
			return "the system does not tell: " + what
		}
		return ""
	}
}

func readsEveryone(t *testing.T, b *bench) {
	b.start(t, emulate.Setup{PageCap: 25})
	got, err := b.read(b.context(t, patience), everyone)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b.truth(got), got); diff != "" {
		t.Errorf("truth (-) and reading (+) differ:\n%s", short(diff))
	}
}

func short(s string) string {
	if len(s) > 6000 {
		return s[:6000] + "…"
	}
	return s
}

func whateverThePageSize(t *testing.T, b *bench) {
	var first records
	for _, size := range []int{7, 30, 0} {
		b.start(t, emulate.Setup{PageCap: size})
		got, err := b.read(b.context(t, patience), everyone)
		if err != nil {
			t.Fatalf("pages of %d: %v", size, err)
		}
		if first == nil {
			first = got
		}
		if diff := cmp.Diff(first, got); diff != "" || len(got) < 100 {
			t.Errorf("pages of %d give %d people and differ:\n%s", size, len(got), short(diff))
		}
	}
}

func declaresFields(t *testing.T, b *bench) {
	b.start(t, emulate.Setup{})
	ctx := b.context(t, patience)
	fields, err := b.source.Fields(ctx)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]core.Kind{}
	for _, f := range fields {
		if _, twice := kinds[f.ID]; twice || f.Label == "" {
			t.Errorf("field %s comes twice or has no label (%q)", f.ID, f.Label)
		}
		kinds[f.ID] = f.Kind
		if canonical, ok := core.CanonicalField(f.ID); ok && canonical.Kind != f.Kind {
			t.Errorf("field %s is declared as %v", f.ID, f.Kind)
		}
	}
	met := map[string]bool{}
	for _, record := range b.server.Truth(Day) {
		for id, value := range record {
			kind, ok := kinds[id]
			if !ok {
				t.Fatalf("field %s comes, but is not declared", id)
			}
			if _, err := time.Parse(time.DateOnly, value); kind == core.Date && err != nil {
				t.Errorf("field %s is a date, but came as %q", id, value)
			}
			met[id] = true
		}
	}
	if len(met) < 6 {
		t.Errorf("only %d fields were met", len(met))
	}
}

func coversStatus(t *testing.T, b *bench) {
	b.start(t, emulate.Setup{})
	got, err := b.read(b.context(t, patience), core.Want{Fields: []string{"startDate"}, Leavers: -1})
	if err != nil {
		t.Fatal(err)
	}
	met := map[string]int{}
	for id, truth := range b.server.Truth(Day) {
		met[truth["employmentStatus"]]++
		if is := got[id]["employmentStatus"]; is != truth["employmentStatus"] {
			t.Errorf("person %s is %q, and should be %q", id, is, truth["employmentStatus"])
		}
	}
	for _, s := range []string{core.StatusActive, core.StatusTerminated, core.StatusFuture} {
		if met[s] == 0 && !slices.Contains(b.Way.Lacks, s) {
			t.Errorf("the company has nobody who is %s", s)
		}
	}
}

func keepsOddValues(t *testing.T, b *bench) {
	b.start(t, emulate.Setup{})
	got, err := b.read(b.context(t, patience), everyone)
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range got {
		for _, v := range record {
			if v == "" || strings.TrimSpace(v) != v {
				t.Errorf("a value was not trimmed or left out: %q", v)
			}
		}
	}
	for name, is := range map[string]func(string) bool{
		"a text of 10,000 characters": func(v string) bool { return len([]rune(v)) >= 10000 },
		"leading zeros":               func(v string) bool { return strings.HasPrefix(v, "000") },
		"an emoji":                    func(v string) bool { return strings.Contains(v, "🦊") },
	} {
		if has(b.server.Truth(Day), is) && !has(got, is) {
			t.Errorf("%s is lost", name)
		}
	}
}

// has says that one value of all records is like that.
func has(all records, is func(string) bool) bool {
	for _, record := range all {
		for _, v := range record {
			if is(v) {
				return true
			}
		}
	}
	return false
}

func findsManagers(t *testing.T, b *bench) {
	b.start(t, emulate.Setup{PageCap: 10})
	got, err := b.read(b.context(t, patience), core.Want{Fields: []string{"managerId"}, Leavers: -1})
	if err != nil {
		t.Fatal(err)
	}
	for id, truth := range b.server.Truth(Day) {
		if m := got[id]["managerId"]; m != truth["managerId"] {
			t.Errorf("the manager of %s is %q, and should be %q", id, m, truth["managerId"])
		}
	}
}

func givesWantedFields(t *testing.T, b *bench) {
	b.start(t, emulate.Setup{})
	wanted := []string{"firstName", "jobTitle"}
	got, err := b.read(b.context(t, patience), core.Want{Fields: wanted, Leavers: -1})
	if err != nil {
		t.Fatal(err)
	}
	for id, truth := range b.server.Truth(Day) {
		maps.DeleteFunc(truth, func(field, _ string) bool {
			return !slices.Contains(append(wanted, "externalId", "employmentStatus"), field)
		})
		if diff := cmp.Diff(truth, got[id]); diff != "" {
			t.Fatalf("person %s:\n%s", id, diff)
		}
	}
}

func leavesOutLeavers(t *testing.T, b *bench) {
	b.start(t, emulate.Setup{})
	got, err := b.read(b.context(t, patience), core.Want{Fields: []string{"lastName"}, Leavers: 30})
	if err != nil {
		t.Fatal(err)
	}
	since, out := Day.AddDate(0, 0, -30).Format(time.DateOnly), 0
	for id, truth := range b.server.Truth(Day) {
		long := truth["employmentStatus"] == core.StatusTerminated && truth["endDate"] != "" && truth["endDate"] < since
		if _, came := got[id]; came == long {
			t.Errorf("person %s, who is %s since %s, came: %v", id, truth["employmentStatus"], truth["endDate"], came)
		}
		if long {
			out++
		}
	}
	if out == 0 {
		t.Error("nobody in the company left long ago")
	}
}

func givesChanges(t *testing.T, b *bench) {
	b.start(t, emulate.Setup{PageCap: 10})
	since := Day.AddDate(0, 0, -100)
	got, err := b.read(b.context(t, patience), core.Want{Leavers: -1, Since: since})
	if err != nil {
		t.Fatal(err)
	}
	truth := b.truth(got)
	for id, record := range got {
		if diff := cmp.Diff(truth[id], record); diff != "" {
			t.Fatalf("person %s is another than in everybody's reading:\n%s", id, diff)
		}
	}
	changed := 0
	for _, e := range b.server.People() {
		if id := b.server.ID(e); truth[id] != nil && e.Changed.After(since) {
			changed++
			if got[id] == nil {
				t.Errorf("person %s, who changed on %v, does not come", id, e.Changed)
			}
		}
	}
	if changed == 0 || len(got) == len(truth) {
		t.Errorf("%d of %d people changed, and %d came", changed, len(truth), len(got))
	}
}

func checks(t *testing.T, b *bench) {
	b.start(t, emulate.Setup{})
	h, err := b.source.Check(b.context(t, patience))
	if err != nil {
		t.Fatal(err)
	}
	if h.Summary == "" || h.People == 0 || len(h.Rights) == 0 && len(b.Spec.Permissions) > 0 {
		t.Errorf("health %+v", h)
	}
	b.server.Fault(emulate.BadCredentials())
	b.start(t, emulate.Setup{})
	b.server.Fault(emulate.BadCredentials())
	if _, err := b.source.Check(b.context(t, patience)); !core.HasCode(err, core.BadCredentials) {
		t.Errorf("with bad credentials: %v", err)
	}
}

// fails is the law that a fault ends a reading with that problem, in so many calls.
func fails(f emulate.Fault, code core.Code, most int) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		calls := b.calls(t, 10)
		f.After = min(f.After, calls-1)
		most := most + min(calls, 20) // a side list may be missing, and is not always a reason to stop
		b.start(t, emulate.Setup{PageCap: 10})
		b.server.Fault(f)
		_, err := b.read(b.context(t, patience), everyone)
		b.explained(t, err, code)
		if n := len(b.server.Calls()); n == 0 || n > most {
			t.Errorf("%d calls were made, and %d should do", n, most)
		}
	}
}

// explained checks that a problem can be shown to a person.
func (b *bench) explained(t *testing.T, err error, codes ...core.Code) {
	t.Helper()
	p := core.AsProblem(err)
	if p == nil || !slices.Contains(codes, p.Code) {
		t.Fatalf("got %v, and want %v", err, codes)
	}
	if !strings.Contains(p.What, b.Spec.Name) || !strings.HasSuffix(p.What, ".") || !strings.HasSuffix(p.Fix, ".") {
		t.Errorf("the sentences do not name the vendor or do not end: %s | %s", p.What, p.Fix)
	}
	for _, o := range b.Spec.Options {
		if secret := b.server.Options[o.ID]; o.Secret && secret != "" && strings.Contains(fmt.Sprintf("%+v %v", p, p.Cause), secret) {
			t.Error("the problem holds a secret")
		}
	}
}

// aDate stands for a date of the server's clock, 90 seconds ahead.
const aDate = "date"

func waitsAsTold(header string) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		b.start(t, emulate.Setup{})
		least, most := time.Second, 6*time.Second
		told := header
		switch header {
		case "42":
			least, most = 42*time.Second, 43*time.Second
		case aDate:
			told, least, most = time.Now().Add(90*time.Second).UTC().Format(http.TimeFormat), 85*time.Second, 91*time.Second
		}
		f := emulate.TooManyCalls(1, told)
		f.After = min(1, b.calls(t, 0)-1)
		b.start(t, emulate.Setup{})
		b.server.Fault(f)
		got, err := b.read(b.context(t, patience), everyone)
		if err != nil || len(got) != len(b.server.Truth(Day)) {
			t.Fatalf("%d people, %v", len(got), err)
		}
		if w := b.clock.Longest(); w < least || w > most {
			t.Errorf("waited %v, and should wait %v", w, least)
		}
	}
}

func survives(f emulate.Fault) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		calls := b.calls(t, 25)
		b.start(t, emulate.Setup{PageCap: 25})
		for _, after := range []int{0, 2, 4} {
			if f.After = after; after < max(calls, 1) {
				b.server.Fault(f)
			}
		}
		got, err := b.read(b.context(t, patience), everyone)
		if err != nil || len(got) != len(b.server.Truth(Day)) {
			t.Fatalf("%d people, %v", len(got), err)
		}
	}
}

func neverAnswers(t *testing.T, b *bench) {
	b.start(t, emulate.Setup{})
	b.server.Fault(emulate.Fault{Kind: emulate.Hanging})
	_, err := b.read(b.context(t, 50*time.Millisecond), everyone)
	b.explained(t, err, core.Unreachable)
	if n := len(b.server.Calls()); n > 12 {
		t.Errorf("%d calls were made", n)
	}
}

func failsPaging(kind emulate.Kind) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		b.start(t, emulate.Setup{PageCap: 25})
		b.server.Fault(emulate.Fault{Kind: kind})
		_, err := b.read(b.context(t, patience), everyone)
		if kind == emulate.StuckPage && err == nil && b.ID == "personio" {
			t.Skip("the sheet says to stop where the next page is the one just read")
		}
		b.explained(t, err, core.BadData, core.Incomplete)
	}
}

func renewsToken(t *testing.T, b *bench) {
	after := min(3, b.calls(t, 25)-1)
	b.start(t, emulate.Setup{PageCap: 25})
	b.server.Fault(emulate.Fault{Kind: emulate.TokenExpired, After: after})
	got, err := b.read(b.context(t, patience), everyone)
	if err != nil || len(got) != len(b.server.Truth(Day)) {
		t.Fatalf("%d people, %v", len(got), err)
	}
}

func logsNothing(t *testing.T, b *bench) {
	b.start(t, emulate.Setup{})
	if _, err := b.read(b.context(t, patience), everyone); err != nil {
		t.Fatal(err)
	}
	b.server.Fault(emulate.BadCredentials())
	_, err := b.read(b.context(t, patience), everyone)
	log := b.log.String() + fmt.Sprintf("%v", err)
	if !strings.Contains(log, "msg=request") {
		t.Fatal("nothing was logged, so nothing was checked")
	}
	for _, o := range b.Spec.Options {
		if secret := b.server.Options[o.ID]; o.Secret && secret != "" && strings.Contains(log, secret) {
			t.Errorf("the log holds the secret %s", o.ID)
		}
	}
	for _, record := range b.server.Truth(Day) {
		for _, field := range []string{"email", "lastName", "personalEmail"} {
			if v := record[field]; len(v) > 4 && strings.Contains(log, v) {
				t.Fatalf("the log holds the %s of a person", field)
			}
		}
	}
	for _, word := range []string{"made-up-access", "Bearer ", "Basic "} {
		if strings.Contains(log, word) {
			t.Errorf("the log holds %q", word)
		}
	}
}

func stops(t *testing.T, b *bench) {
	after := min(2, b.calls(t, 0)-1)
	b.start(t, emulate.Setup{})
	b.server.Fault(emulate.Fault{Kind: emulate.Hanging, After: after})
	ctx, cancel := context.WithCancel(b.context(t, time.Minute))
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := b.read(ctx, everyone)
		done <- err
	}()
	for b.dataCalls() <= after {
		runtime.Gosched()
	}
	cancel()
	select {
	case err := <-done:
		if !core.HasCode(err, core.Cancelled) {
			t.Errorf("got %v", err)
		}
	case <-time.After(time.Second):
		t.Fatal("still at work after a second")
	}
}

// memoryLaw is not tried beside others, whose memory it would measure too.
const memoryLaw = "needs no more memory for more pages"

// constantMemory reads up to three times: other work in this process can blur one look at
// the heap, and what is really kept is there each time.
func constantMemory(t *testing.T, b *bench) {
	var grown int64
	for range 3 {
		if grown = growth(t, b); grown <= 3<<20 {
			return
		}
	}
	t.Errorf("the heap grew by %d KB, three times over", grown>>10)
}

// growth is by how much more is held at the end of a long reading than in its middle.
func growth(t *testing.T, b *bench) int64 {
	t.Helper()
	b.start(t, emulate.Setup{People: seed.Company(1500, Day), PageCap: 25})
	n, held := 0, []uint64(nil)
	for _, err := range b.source.People(b.context(t, patience), core.Want{Fields: []string{"email"}, Leavers: -1}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n%40 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			held = append(held, m.HeapAlloc)
		}
	}
	// A page may be on its way at any moment, and the emulator at work on it: the least of
	// many looks is what is held.
	some := len(held) / 3
	return int64(slices.Min(held[len(held)-some:])) - int64(slices.Min(held[some:len(held)-some]))
}

func sortedByID(got records) []map[string]string {
	var all []map[string]string
	for _, id := range slices.Sorted(maps.Keys(got)) {
		all = append(all, got[id])
	}
	return all
}

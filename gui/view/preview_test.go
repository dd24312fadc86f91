package view

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"rollcall/core"
	"rollcall/core/apply"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// planMaker builds plans of made-up people.
type planMaker struct {
	desired *core.Packer
	account *core.Packer
	plan    core.Plan
}

func newPlanMaker() *planMaker {
	attributes := []core.Attribute{{ID: "login", Label: "User name", Login: true}, {ID: "title", Label: "Title"}, {ID: "manager", Label: "Manager", Kind: core.Reference}, {ID: "phone", Label: "Phone"}}
	fields := []core.Field{{ID: core.LabelPerson}, {ID: core.LabelNumber}, {ID: core.LabelName}, {ID: core.LabelEmail}, {ID: core.LabelStart}, {ID: core.LabelEnd}, {ID: core.LabelGroup}, {ID: "login"}}
	return &planMaker{desired: core.NewPacker(core.NewSchema(fields)), account: core.NewPacker(core.AccountSchema(attributes)),
		plan: core.Plan{ID: "p1", Name: "Acme HR → Practice", Hash: "hash", Made: noon.Add(-2 * time.Minute), Attributes: attributes,
			Names: map[string]string{"a7": "Lara Haddad"}, Setup: core.Setup{Guards: core.DefaultGuards(), Mapping: []core.Rule{{Attribute: "title", Field: "jobTitle"}, {Attribute: "login", Expression: "lower(email)", Write: core.CreateOnly}}}}}
}

func (m *planMaker) person(name string, verb core.Verb, tick core.Tick, why core.Reason, cells ...core.Cell) {
	n := fmt.Sprint(10000 + len(m.plan.Rows))
	m.desired.Put(core.LabelPerson, "id"+n)
	m.desired.Put(core.LabelNumber, n)
	m.desired.Put(core.LabelName, name)
	m.desired.Put(core.LabelEmail, strings.ToLower(strings.ReplaceAll(name, " ", "."))+"@corp.example")
	row := core.Row{Verb: verb, Tick: tick, Why: why, Cells: cells, Desired: core.Desired{Record: m.desired.Pack()}}
	if verb != core.Create {
		m.account.Put(core.AccountID, "acc"+n)
		m.account.Put(core.AccountName, name)
		row.Account = core.Account{Record: m.account.Pack()}
	}
	m.plan.Rows = append(m.plan.Rows, row)
	m.plan.People++
	m.plan.Accounts++
}

func samplePlan() *core.Plan {
	m := newPlanMaker()
	off := core.Cell{Attribute: "login", Before: "anna", After: "anna.keller", Tick: core.Off, Why: core.LoginChanges}
	m.person("Anna Keller", core.Update, core.On, core.FieldsDiffer, core.Cell{Attribute: "title", Before: "Engineer", After: "Senior Engineer"},
		core.Cell{Attribute: "manager", Before: "", After: "a7"}, off)
	m.person("Jürgen Groß", core.Create, core.On, core.NewHire, core.Cell{Attribute: core.Enabled, After: "true"}, core.Cell{Attribute: "login", After: "jgross"})
	m.person("Priya Nair", core.Deactivate, core.Stopped, core.ContractEnded, core.Cell{Attribute: core.Enabled, Before: "true", After: "false"})
	m.person("Luca Ferri", core.Deactivate, core.Stopped, core.ContractEnded, core.Cell{Attribute: core.Enabled, Before: "true", After: "false"})
	m.person("Tom Held", core.Held, core.Off, core.ManagerUnknown)
	m.person("Una Changed", core.Unchanged, core.On, core.NoReason)
	m.person("Zoe Out", core.Skipped, core.On, core.FilteredOut)
	m.person("Only Login", core.Update, core.Off, core.FieldsDiffer, off)
	m.person("Pro Tected", core.Update, core.Locked, core.ProtectedAccount, core.Cell{Attribute: "title", Before: "x", After: "y"})
	m.person("Half Stopped", core.Update, core.On, core.FieldsDiffer, core.Cell{Attribute: "title", Before: "x", After: "y"}, core.Cell{Attribute: "phone", Before: "1", After: "", Tick: core.Stopped, Why: core.GuardHeld})
	m.plan.Tripped = []core.Tripped{{Guard: "deactivate", What: "2 deactivations (20.0 %) is at or over your limit of 5 %", Count: 2}, {Guard: "clear:phone", What: "1 cleared values of Phone", Count: 1}}
	return &m.plan
}

var practiceSpec = core.Spec{Name: "Practice", CannotUndo: map[string]string{"deactivate": "Sessions end."}}

func names(r *Review) string {
	var all []string
	for i := range r.Len() {
		name, _ := r.Plan.Rows[r.At(i)].Subject()
		first, _, _ := strings.Cut(name, " ")
		all = append(all, first)
	}
	return strings.Join(all, " ")
}

func TestFacetsShowWhatIsDoneAndAddUp(t *testing.T) {
	r := NewReview(samplePlan(), practiceSpec)
	if got := names(r); got != "Anna Jürgen Priya Luca Tom Only Pro Half" {
		t.Errorf("shows %s", got)
	}
	terms, total := r.Equation()
	if terms != "1 + 4 + 2 + 1 + 1 + 1 =" || total != "10 people" {
		t.Errorf("says %s %s", terms, total)
	}
	held := ""
	for _, f := range r.Facets() {
		if f.Held {
			held += VerbTitle(f.Verb)
		}
	}
	if held != "Deactivate" {
		t.Errorf("held: %s", held)
	}
	r.ShowVerb(core.Update, false)
	r.ShowVerb(core.Unchanged, true)
	if got := names(r); got != "Jürgen Priya Luca Tom Una" {
		t.Errorf("shows %s", got)
	}
}

func TestSearchFindsNamesNumbersValuesWithoutAccents(t *testing.T) {
	for query, want := range map[string]string{
		"keller": "Anna Only", "KELLER anna": "Anna Only", "gross": "Jürgen", "jurgen": "Jürgen", "10002": "Priya", "luca.ferri@corp": "Luca", "senior": "Anna", "engineer": "Anna",
		"haddad": "Anna", "jgross": "Jürgen", "anna\nkeller": "Anna Only", "nobody": "", "  ": "Anna Jürgen Priya Luca Tom Only Pro Half", "una": "",
	} {
		r := NewReview(samplePlan(), practiceSpec)
		r.Search(query)
		if got := names(r); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
}

func TestSearchTypedLetterByLetterFindsTheSame(t *testing.T) {
	r := NewReview(bigPlan(3000), practiceSpec)
	for _, query := range []string{"anna weber", "corp 12", "12", "zzz", "senior l"} {
		r.Search("")
		for i := range query {
			r.Search(query[:i+1])
			fresh := NewReview(r.Plan, practiceSpec)
			fresh.Search(query[:i+1])
			if !slices.Equal(r.shown, fresh.shown) {
				t.Fatalf("%q: %d rows typed, %d at once", query[:i+1], len(r.shown), len(fresh.shown))
			}
		}
		r.Search(query[:1])
		if fresh := NewReview(r.Plan, practiceSpec); true {
			fresh.Search(query[:1])
			if !slices.Equal(r.shown, fresh.shown) {
				t.Fatalf("%q after deleting letters: %d rows, want %d", query[:1], len(r.shown), len(fresh.shown))
			}
		}
	}
}

func TestEveryWordIsFoundWhereItStands(t *testing.T) {
	r := NewReview(bigPlan(2000), practiceSpec)
	for _, word := range []string{"anna", "e", "zoe", "lindqvist", "q", "gross", "@corp.example", "1 555", "555 1999", "10000", "ann", "nothere", "qvi", ".example"} {
		var want []int32
		for i := range r.verbs {
			if strings.Contains(string(r.index.text(int32(i))), word) {
				want = append(want, int32(i))
			}
		}
		if got := r.index.find([]string{word}); !slices.Equal(got, want) {
			t.Errorf("%q: %d rows, want %d", word, len(got), len(want))
		}
	}
}

func TestSortingKeepsSearchAndEqualRowsInOrder(t *testing.T) {
	r := NewReview(samplePlan(), practiceSpec)
	for _, tc := range []struct {
		by   Column
		down bool
		want string
	}{
		{ByPerson, false, "Anna Half Jürgen Luca Only Priya Pro Tom"}, {ByPerson, true, "Tom Pro Priya Only Luca Jürgen Half Anna"},
		{ByVerb, false, "Jürgen Anna Only Pro Half Priya Luca Tom"}, {ByWhat, false, "Priya Luca Jürgen Anna Pro Half Only Tom"},
		{ByWhy, false, "Priya Luca Anna Only Half Tom Jürgen Pro"}, {"", false, "Anna Jürgen Priya Luca Tom Only Pro Half"},
	} {
		r.SetSort(tc.by, tc.down)
		if got := names(r); got != tc.want {
			t.Errorf("by %s, descending %t: %s, want %s", tc.by, tc.down, got, tc.want)
		}
	}
	r.SetSort(ByPerson, true)
	r.Search("corp")
	if got := names(r); got != "Tom Pro Priya Only Luca Jürgen Half Anna" {
		t.Errorf("search changed the order: %s", got)
	}
}

func TestSortTextsOrdersLikeComparing(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	texts := make([][]byte, 20000)
	for i := range texts {
		texts[i] = []byte("Person-000"[:random.IntN(10)] + strings.Repeat("ab", random.IntN(9)) + fmt.Sprint(random.IntN(50)))
	}
	order := sortTexts(len(texts), func(i int32) []byte { return texts[i] })
	for i := 1; i < len(order); i++ {
		a, b := string(texts[order[i-1]]), string(texts[order[i]])
		if a > b || a == b && order[i-1] > order[i] {
			t.Fatalf("%q (%d) before %q (%d)", a, order[i-1], b, order[i])
		}
	}
}

func TestNarrowingByAttributeGuardAndReason(t *testing.T) {
	r := NewReview(samplePlan(), practiceSpec)
	for _, tc := range []struct {
		to   Narrow
		want string
	}{
		{Narrow{Attribute: "title"}, "Anna Pro Half"}, {Narrow{Guard: "deactivate"}, "Priya Luca"}, {Narrow{Guard: "clear:phone"}, "Half"},
		{Narrow{Reason: core.ManagerUnknown}, "Tom"}, {Narrow{}, "Anna Jürgen Priya Luca Tom Only Pro Half"},
	} {
		r.SetNarrow(tc.to)
		if got := names(r); got != tc.want {
			t.Errorf("%+v shows %s, want %s", tc.to, got, tc.want)
		}
	}
	if o := r.ByAttribute(); len(o) != 5 || o[0].Count != 3 {
		t.Errorf("attributes: %+v", o)
	}
	if len(r.ByGuard()) != 2 || len(r.ByReason()) == 0 {
		t.Error("guards and reasons should be offered")
	}
}

// TestTicksAreWhatApplyDoes does random things to the boxes and compares them with what a run of the approval would write.
func TestTicksAreWhatApplyDoes(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		r := NewReview(samplePlan(), practiceSpec)
		for range 12 {
			row := random.IntN(len(r.Plan.Rows))
			switch random.IntN(6) {
			case 0:
				r.ToggleRow(row)
			case 1, 2:
				if n := len(r.Plan.Rows[row].Cells); n > 0 {
					cell := random.IntN(n)
					was := r.CellTick(row, cell)
					if done := r.ToggleCell(row, cell); done && r.CellTick(row, cell) == was {
						t.Fatalf("row %d, cell %d stayed %d", row, cell, was)
					}
				}
			case 3:
				_ = r.Allow("deactivate", "2", "reorganisation")
			case 4:
				_ = r.Allow("clear:phone", "1", "no more desks")
			case 5:
				r.ToggleAll()
			}
			comparesWithApply(t, r)
		}
	}
}

func comparesWithApply(t *testing.T, r *Review) {
	t.Helper()
	a := r.Approval("me", noon)
	total := 0
	for i := range r.Plan.Rows {
		cells, do := apply.Chosen(r.Plan, a, i)
		if do {
			total++
		}
		if do != (r.RowTick(i) == TickedOn) {
			t.Fatalf("row %d: box %d, apply does it: %t", i, r.RowTick(i), do)
		}
		if !do {
			cells = nil
		}
		for k, c := range r.Plan.Rows[i].Cells {
			writes := slices.ContainsFunc(cells, func(x core.Cell) bool { return x.Attribute == c.Attribute })
			if writes != (r.CellTick(i, k) == TickedOn) {
				t.Fatalf("row %d, %s: box %d, apply writes it: %t", i, c.Attribute, r.CellTick(i, k), writes)
			}
		}
	}
	if total != r.TickedRows() {
		t.Fatalf("%d rows counted, apply does %d", r.TickedRows(), total)
	}
}

func TestHeadTickIsForTheRowsInView(t *testing.T) {
	r := NewReview(samplePlan(), practiceSpec)
	if r.HeadTick() != TickedPart {
		t.Error("some rows are ticked")
	}
	r.Search("senior")
	r.ToggleAll()
	if r.RowTick(0) != TickedOff || r.RowTick(1) != TickedOn || r.HeadTick() != TickedOff {
		t.Error("only Anna should be unticked")
	}
	r.Search("")
	r.ToggleAll()
	if r.HeadTick() != TickedOn || r.RowTick(7) != TickedOn || r.RowTick(2) != TickLocked {
		t.Error("everything that can be ticked should be")
	}
}

func TestGuardIsAllowedWithCountAndReasonOnly(t *testing.T) {
	for _, tc := range []struct {
		typed, reason string
		wrong         core.Code
	}{{"3", "why not", core.BadOption}, {"", "why not", core.BadOption}, {"2", "  ", core.HeldByGuard}, {"2", "site closed", ""}} {
		r := NewReview(samplePlan(), practiceSpec)
		err := r.Allow("deactivate", tc.typed, tc.reason)
		if tc.wrong != "" && !core.HasCode(err, tc.wrong) || tc.wrong == "" && err != nil {
			t.Errorf("%+v: %v", tc, err)
		}
		want := "This will create 1, update 2 and deactivate 0 accounts."
		if tc.wrong == "" {
			want = "This will create 1, update 2 and deactivate 2 accounts."
		}
		if r.Sentence() != want {
			t.Errorf("%+v: %s", tc, r.Sentence())
		}
	}
	r := NewReview(samplePlan(), practiceSpec)
	if err := r.Allow("deactivate", "2", "site closed"); err != nil {
		t.Fatal(err)
	}
	r.Withdraw("deactivate")
	if r.ticked[core.Deactivate] != 0 || len(r.Approval("me", noon).Allowed) != 0 {
		t.Error("a withdrawn allowance should hold again")
	}
}

func TestSentencesBeforeTheFirstWrite(t *testing.T) {
	r := NewReview(samplePlan(), practiceSpec)
	if got := r.SentenceNote(noon); got != "The 2 deactivations wait until you allow them." {
		t.Error(got)
	}
	if got := r.SyncLabel(); got != "Sync now: create 1, update 2" {
		t.Error(got)
	}
	if got := r.Question(); strings.Contains(got, "Sessions") || !strings.Contains(got, "in Practice") {
		t.Error(got)
	}
	if err := r.Allow("deactivate", "2", "site closed"); err != nil {
		t.Fatal(err)
	}
	if got := r.Question(); !strings.Contains(got, "Cannot be undone: Sessions end.") {
		t.Error(got)
	}
	if got := r.SentenceNote(noon.Add(48 * time.Hour)); !strings.Contains(got, "older than 24 hours") {
		t.Error(got)
	}
	if got := r.Foot(); got != "5 ticked for sync · 1 held" {
		t.Error(got)
	}
}

func TestPanelSaysWhereAValueComesFrom(t *testing.T) {
	r := NewReview(samplePlan(), practiceSpec)
	d := r.Detail(0)
	if d.Name != "Anna Keller" || d.Ticked != "2 of 3 changes ticked" || !d.CanSkip {
		t.Errorf("%+v", d)
	}
	title, manager, login := d.Fields[0], d.Fields[1], d.Fields[2]
	if title.Rule != "Copy" || title.From != "Acme HR · Job title" || title.After != "Senior Engineer" {
		t.Errorf("%+v", title)
	}
	if manager.Before != "empty" || manager.After != "Lara Haddad" {
		t.Errorf("%+v", manager)
	}
	if login.Rule != "Expression, only at creation" || login.Tick != TickedOff || login.Note != "sign-in name changes" {
		t.Errorf("%+v", login)
	}
	if c, _ := r.Changes(1, 1); c[0].After != "jgross" || !c[0].Fresh {
		t.Errorf("a new account should show its name first: %+v", c)
	}
	if _, detail := r.Why(2); detail != "held by your limit" {
		t.Errorf("a stopped row says %q", detail)
	}
}

// bigPlan makes a plan of n people, of whom a third changes.
func bigPlan(n int) *core.Plan {
	first := []string{"Anna", "Jonas", "Priya", "Sofia", "Tomás", "Mei", "Dana", "Luca", "Jürgen", "Zoë"}
	last := []string{"Keller", "Weber", "Nair", "Brandt", "Oliveira", "Okafor", "Brown-Ito", "Ferri", "Groß", "Lindqvist", "Haddad", "Rossi"}
	titles := []string{"Engineer", "Senior Engineer", "Sales Lead", "Accountant", "Designer", "Nurse"}
	m := newPlanMaker()
	random := rand.New(rand.NewPCG(5, 6))
	for i := range n {
		name := first[random.IntN(len(first))] + " " + last[random.IntN(len(last))] + " " + fmt.Sprint(random.IntN(100000))
		switch i % 9 {
		case 0, 1:
			m.person(name, core.Update, core.On, core.FieldsDiffer, core.Cell{Attribute: "title", Before: titles[random.IntN(6)], After: titles[random.IntN(6)]}, core.Cell{Attribute: "phone", Before: "+1 555 0100", After: fmt.Sprint("+1 555 ", i)})
		case 2:
			m.person(name, core.Create, core.On, core.NewHire, core.Cell{Attribute: "login", After: fmt.Sprint("user", i)}, core.Cell{Attribute: "title", After: titles[random.IntN(6)]})
		default:
			m.person(name, core.Unchanged, core.On, core.NoReason)
		}
	}
	return &m.plan
}

var millionPlan *core.Plan

func million(b *testing.B) *core.Plan {
	b.Helper()
	if millionPlan == nil {
		millionPlan = bigPlan(1_000_000)
	}
	return millionPlan
}

func BenchmarkOpen1M(b *testing.B) {
	p := million(b)
	for b.Loop() {
		NewReview(p, practiceSpec)
	}
}

func BenchmarkSearch1M(b *testing.B) {
	r := NewReview(million(b), practiceSpec)
	for _, v := range core.Verbs() {
		r.ShowVerb(v, true)
	}
	for _, query := range []string{"a", "e", "k", "anna", "anna keller", "okafor", "@corp", "10500", "nosuch", "senior engineer", "1 555 99"} {
		b.Run(strings.ReplaceAll(query, " ", "_"), func(b *testing.B) {
			for b.Loop() {
				r.Search("")
				r.Search(query)
			}
		})
	}
	b.Run("typing", func(b *testing.B) {
		for b.Loop() {
			r.Search("")
			for i := range "anna keller" {
				r.Search("anna keller"[:i+1])
			}
		}
	})
}

func BenchmarkSort1M(b *testing.B) {
	r := NewReview(million(b), practiceSpec)
	for _, v := range core.Verbs() {
		r.ShowVerb(v, true)
	}
	for _, c := range []Column{ByVerb, ByPerson, ByWhat, ByWhy} {
		b.Run(string(c), func(b *testing.B) {
			for b.Loop() {
				clear(r.orders)
				r.SetSort(c, false)
			}
		})
	}
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			r.SetSort(ByPerson, true)
		}
	})
}

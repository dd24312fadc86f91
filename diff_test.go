package main

import (
	"encoding/csv"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fates are what generated people and accounts come to; the first word is the verb that
// the plan has to give.
const (
	fateUnchanged   = "unchanged"
	fateUpdate      = "update"
	fateCreate      = "create"
	fateDeactivate  = "deactivate"
	fateGone        = "unchanged, left and disabled already"
	fateLeftOnly    = "skipped, left without an account"
	fateTwice       = "held, number used twice"
	fateUnknown     = "held, status not understood"
	fateNoNumber    = "held, without a number"
	fateSeveral     = "held, several accounts"
	fateFuture      = "held, starts much later"
	fateReactivate  = "reactivate, not by itself"
	fateOrphan      = "orphan"
	fateOrphanOff   = "orphan, disabled"
	fateUnmanaged   = "unmanaged"
	fateFilteredOut = "skipped, left out by the filter"
)

var (
	leaverWords = []string{"Terminated", "Ausgeschieden", "inaktiv", "Sorti", "Uit dienst", "baja definitiva", "Slutat", "LEFT", "Former employee"}
	activeWords = []string{"Active", "aktiv", "Actif", "in dienst", "Activa", "Anställd", "Elternzeit", "en congé", "met verlof"}
	surnames    = []string{"Berg", "Müller", "O'Neill", "Sørensen", "Łukasz", "de Vries", "García, Jr.", "Ek \"Lill\""}
	departments = []string{"Sales", "Entwicklung", "R&D; Labs", "Finance", "=Ops", "Kundendienst\nNord"}
)

// truth is a pair of files with what a plan must say of them.
type truth struct {
	people, accounts [][]string
	fate             map[string]string   // number → fate
	cells            map[string][]string // number → attributes that differ
	tally            map[string]int      // fate → people or accounts
}

// pair makes n people or accounts of all fates.
func pair(r *rand.Rand, n int, weights map[string]int) truth {
	w := truth{fate: map[string]string{}, cells: map[string][]string{}, tally: map[string]int{},
		people:   [][]string{{"Personalnummer", "Vorname", "Nachname", "E-Mail", "Abteilung", "Position", "Status", "Eintritt"}},
		accounts: [][]string{{"id", "employeeId", "givenName", "sn", "mail", "department", "title", "accountEnabled"}}}
	var lots []string
	for _, fate := range slices.Sorted(maps.Keys(weights)) {
		lots = append(lots, slices.Repeat([]string{fate}, weights[fate])...)
	}
	for i := range n {
		w.add(r, i, lots[r.IntN(len(lots))])
	}
	shuffle := func(lines [][]string) {
		r.Shuffle(len(lines)-1, func(a, b int) { lines[a+1], lines[b+1] = lines[b+1], lines[a+1] })
	}
	shuffle(w.people)
	shuffle(w.accounts)
	return w
}

func (w *truth) add(r *rand.Rand, i int, fate string) {
	one := func(from []string) string { return from[r.IntN(len(from))] }
	number := fmt.Sprintf("%06d", i) // the leading zeros are part of it
	given, mail := fmt.Sprintf("Åsa%d", i), fmt.Sprintf("asa.%d@corp.example", i)
	person := []string{number, given, one(surnames), mail, one(departments), fmt.Sprintf("Job %d", r.IntN(40)), one(activeWords), "2020-03-01"}
	account := []string{fmt.Sprintf("acc-%d", i), number, person[1], person[2], person[3], person[4], person[5], "true"}
	w.fate[number] = fate
	w.tally[fate]++
	if fate == fateNoNumber {
		delete(w.fate, number)
	}
	switch fate {
	case fateUpdate:
		for _, column := range r.Perm(4)[:1+r.IntN(4)] {
			account[3+column] = "Earlier " + account[3+column]
			w.cells[number] = append(w.cells[number], w.accounts[0][3+column])
		}
	case fateDeactivate:
		person[6] = one(leaverWords)
	case fateGone:
		person[6], account[7] = one(leaverWords), "false"
		account[5] = "whatever it was"
	case fateLeftOnly:
		person[6], account = one(leaverWords), nil
	case fateUnknown:
		person[6] = "Zustand 7"
	case fateNoNumber:
		person[0], account = "", nil
	case fateFuture:
		person[7], account = "2999-01-01", nil
	case fateReactivate:
		account[7] = "false"
	case fateCreate:
		account = nil
	case fateFilteredOut:
		person[4], account = "Volunteers", nil
	case fateOrphan:
		person = nil
	case fateOrphanOff:
		person, account[7] = nil, "false"
	case fateUnmanaged:
		person, account[1] = nil, ""
		delete(w.fate, number)
	case fateTwice:
		w.people = append(w.people, slices.Concat([]string{number, "Another"}, person[2:]))
	case fateSeveral:
		w.accounts = append(w.accounts, slices.Concat([]string{account[0] + "b"}, account[1:]))
	}
	if person != nil {
		w.people = append(w.people, person)
	}
	if account != nil {
		w.accounts = append(w.accounts, account)
	}
}

// files writes both tables, the people as a German spreadsheet does.
func (w *truth) files(t *testing.T) (people, accounts string) {
	t.Helper()
	folder := t.TempDir()
	people, accounts = filepath.Join(folder, "people.csv"), filepath.Join(folder, "accounts.csv")
	writeTable(t, people, w.people, ';')
	writeTable(t, accounts, w.accounts, ',')
	return people, accounts
}

func writeTable(t *testing.T, path string, lines [][]string, comma rune) {
	t.Helper()
	f, err := os.Create(path)
	must(t, err)
	defer f.Close()
	c := csv.NewWriter(f)
	c.Comma = comma
	must(t, c.WriteAll(lines))
}

const diffConfig = `
identity: {keys: [{fields: [Personalnummer], attribute: employeeId}]}
mapping:
  - {attribute: employeeId, field: Personalnummer}
  - {attribute: givenName, field: Vorname}
  - {attribute: sn, field: Nachname}
  - {attribute: mail, field: E-Mail}
  - {attribute: department, field: Abteilung}
  - {attribute: title, field: Position}
filter: {conditions: [{field: department, operator: is not, values: [Volunteers]}]}
`

const guardsOff = "guards: {deactivate: off, create: off, login: off, field: off, clear: off, manager: off, shrink: 0}\n"

// verbOf gives the verb of a fate of people.
func verbOf(fate string) string {
	verb, _, _ := strings.Cut(fate, ",")
	return verb
}

func TestDiffSaysExactlyWhatIsTrue(t *testing.T) {
	weights := map[string]int{fateUnchanged: 30, fateUpdate: 15, fateCreate: 10, fateDeactivate: 8, fateGone: 5, fateLeftOnly: 3, fateTwice: 2, fateUnknown: 2,
		fateNoNumber: 1, fateSeveral: 2, fateFuture: 2, fateReactivate: 3, fateOrphan: 3, fateOrphanOff: 2, fateUnmanaged: 2, fateFilteredOut: 2}
	for _, seed := range []uint64{1, 2, 3} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w := pair(rand.New(rand.NewPCG(seed, seed)), 10_000, weights)
			people, accounts := w.files(t)
			file := filepath.Join(t.TempDir(), "plan.json")
			s := expect(t, exitChanges, "diff", people, accounts, "--config", put(t, filepath.Join(t.TempDir(), "sync.yaml"), diffConfig+guardsOff), "--export", file)
			if sums(t, s.out) != 1 {
				t.Errorf("no sum:\n%s", s.out)
			}
			w.check(t, readExport(t, file))
		})
	}
}

func (w *truth) check(t *testing.T, got exported) {
	t.Helper()
	people, accounts := map[string]int{}, map[string]int{}
	for fate, n := range w.tally {
		switch fate {
		case fateOrphan:
			accounts["held"] += n
		case fateOrphanOff:
			accounts["unchanged"] += n
		case fateUnmanaged:
		case fateTwice:
			people["held"] += 2 * n
		default:
			people[verbOf(fate)] += n
		}
	}
	for verb, c := range got.Counts {
		if c.People != people[verb] || c.Accounts != accounts[verb] {
			t.Errorf("%s: %d people and %d accounts, truly %d and %d", verb, c.People, c.Accounts, people[verb], accounts[verb])
		}
	}
	if got.Plan.People != len(w.people)-1 || got.Plan.Accounts != len(w.accounts)-1 || got.Plan.Unmanaged != w.tally[fateUnmanaged] || len(got.Tripped) > 0 {
		t.Errorf("head %+v, guards %v", got.Plan, got.Tripped)
	}
	w.checkRows(t, got.Rows)
}

func (w *truth) checkRows(t *testing.T, rows []exportRow) {
	t.Helper()
	for _, r := range rows {
		if r.Number == "" {
			continue
		}
		fate := w.fate[r.Number]
		if r.Change != verbOf(fate) {
			t.Errorf("%s is %s (%s, %s), truly %s", r.Number, r.Change, r.Why, r.Detail, fate)
		}
		if ticked := fate == fateUpdate || fate == fateCreate || fate == fateDeactivate; r.Ticked != ticked {
			t.Errorf("%s, %s: ticked is %v", r.Number, fate, r.Ticked)
		}
		if fate != fateUpdate {
			continue
		}
		var cells []string
		for _, c := range r.Cells {
			cells = append(cells, c.Attribute)
			if c.Before != "Earlier "+c.After {
				t.Errorf("%s: %q becomes %q", r.Number, c.Before, c.After)
			}
		}
		slices.Sort(cells)
		slices.Sort(w.cells[r.Number])
		if d := cmp.Diff(w.cells[r.Number], cells); d != "" {
			t.Errorf("%s: %s", r.Number, d)
		}
	}
}

func TestDiffsExitCodeSaysWhatWaits(t *testing.T) {
	for name, c := range map[string]struct {
		weights map[string]int
		config  string
		code    int
	}{
		"nothing to do":         {map[string]int{fateUnchanged: 8, fateGone: 2, fateLeftOnly: 1}, diffConfig, exitDone},
		"some changes":          {map[string]int{fateUnchanged: 97, fateUpdate: 2, fateCreate: 1}, diffConfig, exitChanges},
		"too many leavers":      {map[string]int{fateUnchanged: 8, fateDeactivate: 2}, diffConfig, exitHeld},
		"too many, no guards":   {map[string]int{fateUnchanged: 8, fateDeactivate: 2}, diffConfig + guardsOff, exitChanges},
		"too many newcomers":    {map[string]int{fateUnchanged: 5, fateCreate: 5}, diffConfig, exitHeld},
		"only proposals":        {map[string]int{fateUnchanged: 5, fateReactivate: 5}, diffConfig, exitDone},
		"held rows, no changes": {map[string]int{fateUnchanged: 5, fateTwice: 1, fateUnknown: 1}, diffConfig, exitDone},
	} {
		t.Run(name, func(t *testing.T) {
			w := pair(rand.New(rand.NewPCG(7, 7)), 400, c.weights)
			people, accounts := w.files(t)
			expect(t, c.code, "diff", people, accounts, "--config", put(t, filepath.Join(t.TempDir(), "sync.yaml"), c.config))
		})
	}
}

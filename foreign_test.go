package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// foreignFile is an export as a German payroll program makes it: title lines, semicolons,
// Windows-1252, dates by day, a manager named by number, words of its own. It gives the
// file and how many of the people work there.
func foreignFile(t *testing.T, n int) (path string, working int) {
	t.Helper()
	r := rand.New(rand.NewPCG(4, 2))
	given, family := []string{"Jürgen", "Zoë", "François", "Øyvind", "María", "Änne"}, []string{"Müller", "Weiß", "Gärtner", "D'Hondt", "von der Au", "Sjögren"}
	b := new(strings.Builder)
	b.WriteString("Personalstammdaten;;;;;;;;;;;\r\nStichtag: 01.11.2026;;;;;;;;;;;\r\n\r\n")
	b.WriteString("PersNr;Nachname;Vorname;E-Mail dienstlich;Abteilung;Stellenbezeichnung;Eintrittsdatum;Austrittsdatum;Beschäftigungsstatus;Vorgesetzter (PersNr);Kostenstelle;Mandant\r\n")
	for i := 1; i <= n; i++ {
		state, left := "ungekündigt", ""
		switch {
		case i > 10 && i%25 == 0:
			state, left = "ausgeschieden", fmt.Sprintf("%02d.%02d.2025", 1+i%28, 1+i%12)
		case i%30 == 0:
			state = "Elternzeit"
			working++
		default:
			working++
		}
		boss := ""
		if i > 10 {
			boss = fmt.Sprintf("%05d", 1+i%10)
		}
		f, l := given[r.IntN(len(given))], family[r.IntN(len(family))]
		fmt.Fprintf(b, "%05d;%s;\"%s\";%s;%s;%s;%02d.%02d.%d;%s;%s;%s;%d;Northlake GmbH\r\n",
			i, l, f, fmt.Sprintf("person%d@northlake.example", i), []string{"Einkauf", "Vertrieb Süd", "IT; Betrieb"}[i%2], "Sachbearbeiter/in",
			1+i%28, 1+i%12, 1995+i%30, left, state, boss, 4000+i%7)
	}
	text, err := charmap.Windows1252.NewEncoder().String(b.String())
	must(t, err)
	return put(t, filepath.Join(t.TempDir(), "Personal (Export).csv"), text), working
}

func TestForeignFileGoesToThePracticeDirectoryAndBack(t *testing.T) {
	home(t)
	const people = 1000
	path, working := foreignFile(t, people)
	options, _ := json.Marshal(map[string]string{"path": path})
	say(t, string(options), "connect", "Personal", "csv", "--options", "-").has(t, "Kept as “Personal”.")
	expect(t, exitDone, "connect", "Übung", "practice")
	expect(t, exitDone, "connections").has(t, "Personal", "Übung", "practice")

	var proposals map[string]struct {
		Column   string
		Accepted bool
		Score    float64
		Why      string
	}
	must(t, json.Unmarshal([]byte(expect(t, exitDone, "suggest", "--source", "Personal", "--target", "practice", "--json").out), &proposals))
	for attribute, column := range map[string]string{"employeeNumber": "PersNr", "lastName": "Nachname", "firstName": "Vorname", "email": "E-Mail dienstlich", "department": "Abteilung",
		"title": "Stellenbezeichnung", "startDate": "Eintrittsdatum", "endDate": "Austrittsdatum", "manager": "Vorgesetzter (PersNr)", "costCenter": "Kostenstelle", "organization": "Mandant"} {
		if p := proposals[attribute]; p.Column != column || !p.Accepted || p.Why == "" {
			t.Errorf("%s: %+v, want %s", attribute, p, column)
		}
	}

	file := filepath.Join(t.TempDir(), "plan.json")
	s := expect(t, exitChanges, "plan", "--source", "Personal", "--target", "Übung", "--export", file)
	if sums(t, s.out) != 1 {
		t.Errorf("no sum:\n%s", s.out)
	}
	made := readExport(t, file)
	if made.Counts["create"].People != working || made.Counts["skipped"].People != people-working {
		t.Fatalf("%+v, %d of %d work there", made.Counts, working, people)
	}
	seven := map[string]string{}
	for _, c := range made.of(t, "00014").Cells {
		seven[c.Attribute] = c.After
	}
	for attribute, want := range map[string]string{"employeeNumber": "00014", "email": "person14@northlake.example", "startDate": "2009-03-15", "manager": "new:00005", "department": "Einkauf", "organization": "Northlake GmbH"} {
		if seven[attribute] != want {
			t.Errorf("%s of 00014 is %q, want %q", attribute, seven[attribute], want)
		}
	}

	// One or two corrections, in a file.
	config := put(t, filepath.Join(t.TempDir(), "sync.yaml"), `
identity: {keys: [{fields: [PersNr], attribute: employeeNumber}]}
mapping:
  - {attribute: userName, expression: 'LCase(email)', empty: error}
  - {attribute: employeeNumber, field: PersNr}
  - {attribute: firstName, field: Vorname}
  - {attribute: lastName, field: Nachname}
  - {attribute: displayName, expression: '{{firstName}} {{lastName}}'}
  - {attribute: email, field: email}
  - {attribute: department, field: Abteilung}
  - {attribute: title, constant: Angestellt}
  - {attribute: startDate, field: Eintrittsdatum}
  - {attribute: manager, field: Vorgesetzter (PersNr)}
`)
	s = expect(t, exitChanges, "plan", "--source", "Personal", "--target", "Übung", "--config", config)
	plan := planID(t, s)
	s = expect(t, exitDone, "apply", plan[:8])
	s.has(t, fmt.Sprintf("%d changes: done=", 2*working-10)) // the ten at the top have no manager to be set in a second pass
	run := runID(t, s)
	s = expect(t, exitDone, "plan", "--source", "Personal", "--target", "Übung")
	s.has(t, fmt.Sprintf("%d unchanged", working))
	s = expect(t, exitDone, "apply", plan)
	s.has(t, "nothing to do")
	expect(t, exitDone, "runs").has(t, plan, run, "ended", fmt.Sprintf("create=%d", working), fmt.Sprintf("done=%d", 2*working-10))

	s = expect(t, exitDone, "undo", run)
	s.has(t, fmt.Sprintf("%d changes take the run back", working), fmt.Sprintf("done=%d", working))
	after := filepath.Join(t.TempDir(), "after.json")
	expect(t, exitChanges, "plan", "--source", "Personal", "--target", "Übung", "--export", after)
	if again := readExport(t, after); again.Counts["create"].People != working || again.Plan.Accounts != made.Plan.Accounts {
		t.Errorf("before %+v, after the undo %+v", made.Counts, again.Counts)
	}
	expect(t, exitDone, "disconnect", "Übung")
	if s := expect(t, exitDone, "connections"); strings.Contains(s.out, "Übung") {
		t.Error("disconnected, and still there")
	}
}

package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// files are two tables with a known truth: of every hundred people two are new, five
// have another title, one has left; of every hundred accounts one has no person.
type files struct{ left, right, config, cutLeft, cutRight string }

var leftHead = []string{"Employee ID", "First name", "Last name", "Display name", "Work email", "Private email", "Work phone", "Mobile phone", "Job title", "Department", "Department ID",
	"Division", "Team", "Cost centre", "Legal entity", "Office", "Country", "City", "Postal code", "Street", "Manager ID", "Start date", "End date", "Status"}

var rightHead = []string{"employeeNumber", "givenName", "sn", "displayName", "mail", "telephoneNumber", "mobile", "title", "department", "costCenter", "company", "manager", "enabled"}

var places = []int{0, 1, 2, 3, 4, 6, 7, 8, 9, 13, 14, 20}

var (
	first       = []string{"Anna", "Björn", "Chloé", "Dmitri", "Elif", "François", "Gül", "Håkan", "Ines", "Jürgen", "Katarzyna", "Łukasz", "Mei", "Noor", "Óscar", "Priya"}
	last        = []string{"Müller", "Andersson", "Dubois", "de Vries", "García", "Kowalski", "Nguyen", "O’Brien", "Øster", "Rossi", "Schmidt", "van den Berg", "Yılmaz", "Żak"}
	titles      = []string{"Engineer", "Senior Engineer", "Account Executive", "Customer Success Manager", "HR Business Partner", "Controller", "Warehouse Lead", "Product Designer"}
	departments = []string{"Engineering", "Sales", "Customer Care", "People", "Finance", "Operations", "Design", "Legal"}
	offices     = []string{"Berlin", "Paris", "Amsterdam", "Stockholm"}
)

func made(folder string, n int) (files, error) {
	at := func(name string) string { return filepath.Join(folder, fmt.Sprintf("%s-%d.csv", name, n)) }
	f := files{at("people"), at("accounts"), filepath.Join(folder, "diff.yaml"), at("cut-people"), at("cut-accounts")}
	if err := os.WriteFile(f.config, []byte(config()), 0o600); err != nil {
		return f, err
	}
	if _, err := os.Stat(f.cutRight); err == nil {
		return f, nil
	}
	return f, write(f, n)
}

func config() string {
	var b strings.Builder
	b.WriteString("identity: {keys: [{fields: [Employee ID], attribute: employeeNumber}]}\nmapping:\n")
	for i, p := range places {
		fmt.Fprintf(&b, "  - {attribute: %s, field: %q}\n", rightHead[i], leftHead[p])
	}
	b.WriteString("guards: {create: off, deactivate: off, field: off}\n")
	return b.String()
}

func write(f files, n int) error {
	var out [4]*bufio.Writer
	for i, name := range []string{f.left, f.right, f.cutLeft, f.cutRight} {
		file, err := os.Create(name)
		if err != nil {
			return err
		}
		defer file.Close()
		out[i] = bufio.NewWriterSize(file, 1<<20)
		defer out[i].Flush()
	}
	line(out[0], leftHead)
	line(out[1], rightHead)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		p := person(i, r)
		a := account(p)
		kind := i % 100
		if kind < 5 {
			p[8] = "Principal " + p[8]
		}
		if kind == 7 {
			p[23], p[22] = "terminated", "2026-03-31"
		}
		if kind != 8 { // 8: an account without a person
			line(out[0], p)
			line(out[2], cut(p))
		}
		if kind != 10 && kind != 11 { // new people
			line(out[1], a)
			line(out[3], a[:12])
		}
	}
	return nil
}

func person(i int, r *rand.Rand) []string {
	f, l := first[r.IntN(len(first))], last[r.IntN(len(last))]
	id := fmt.Sprintf("%08d", i+1)
	d := r.IntN(len(departments))
	mail := "u" + id + "@nl.example"
	return []string{id, f, l, f + " " + l, mail, "p." + mail, fmt.Sprintf("+4930%07d", i), fmt.Sprintf("+4670%07d", i), titles[r.IntN(len(titles))],
		departments[d], fmt.Sprint(100 + d), "Europe", fmt.Sprintf("Team %d", r.IntN(400)), fmt.Sprintf("%d", 4000+r.IntN(200)), "Northlake, " + offices[d%4], offices[d%4], "Germany", offices[d%4],
		fmt.Sprintf("%05d", r.IntN(99999)), fmt.Sprintf("Street %d", r.IntN(500)), fmt.Sprintf("%08d", i/8+1), "2019-04-01", "", "active"}
}

func account(p []string) []string { return append(cut(p), "true") }

func cut(p []string) []string {
	a := make([]string, 0, 13)
	for _, k := range places {
		a = append(a, p[k])
	}
	return a
}

func line(w *bufio.Writer, cells []string) {
	for i, c := range cells {
		if i > 0 {
			_ = w.WriteByte(',')
		}
		if strings.ContainsAny(c, ",\"\n") {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		_, _ = w.WriteString(c) // bufio keeps the first error for Flush
	}
	_, _ = w.WriteString("\n")
}

package connectors

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/connectors/internal/conform"
	"rollcall/core"
)

// The documentation of the systems is made from their cards: what a page says and what
// the window says are the same words. Run with -update (make docs) to write it anew.

const (
	docsFolder  = "../docs/connectors"
	readme      = "../README.md"
	systemsMark = "<!-- systems -->"
	systemsEnd  = "<!-- end of systems -->"
)

func TestDocsOfEachSystemFollowItsCard(t *testing.T) {
	wanted := map[string]string{}
	for _, s := range All().Specs() {
		wanted[s.ID+".md"] = systemPage(s)
	}
	if *update {
		writePages(t, wanted)
	}
	files, err := os.ReadDir(docsFolder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if _, known := wanted[f.Name()]; !known {
			t.Errorf("%s is about no system that there is; run make docs", f.Name())
		}
	}
	for name, want := range wanted {
		got, err := os.ReadFile(filepath.Join(docsFolder, name))
		if err != nil {
			t.Errorf("%v; run make docs", err)
		} else if d := cmp.Diff(want, string(got)); d != "" {
			t.Errorf("%s does not say what the card says; run make docs:\n%s", name, d)
		}
	}
}

const conformanceDoc = "../docs/conformance.md"

func TestDocsSayWhichLawsEachConnectorKeeps(t *testing.T) {
	want := conformancePage()
	if *update {
		if err := os.WriteFile(conformanceDoc, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(conformanceDoc)
	if err != nil {
		t.Fatalf("%v; run make docs", err)
	}
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Errorf("docs/conformance.md is not of these connectors and laws; run make docs:\n%s", d)
	}
}

// conformancePage is the table of connectors and laws. A law that did not hold would fail
// its test, so the table says which are tried and which do not concern a connector.
func conformancePage() string {
	p := &page{}
	p.printf("<!-- Made by “make docs”; do not change it by hand. -->\n\n# Which laws each connector keeps\n\n" +
		"Every reading connector is tried over an emulator of its vendor, written by another hand from the same facts. " +
		"✓ is tried at every change and holds; a letter says why a law does not concern a connector.\n\n")
	var names, rows []string
	reasons := map[string]string{}
	for _, spec := range All().Specs() {
		for _, s := range subjects(spec.ID) {
			names = nil
			row := fmt.Sprintf("| %s, %s |", spec.Name, s.Way.Name)
			for _, l := range conform.Laws(s) {
				names = append(names, l.Name)
				mark := "✓"
				if l.Not != "" {
					if reasons[l.Not] == "" {
						reasons[l.Not] = string(rune('a' + len(reasons)))
					}
					mark = reasons[l.Not]
				}
				row += " " + mark + " |"
			}
			rows = append(rows, row)
		}
	}
	p.printf("| connector, way |")
	for i := range names {
		p.printf(" %d |", i+1)
	}
	p.printf("\n|%s\n%s\n\n## The laws\n\n", strings.Repeat(" --- |", len(names)+1), strings.Join(rows, "\n"))
	for i, name := range names {
		p.printf("%d. %s\n", i+1, name)
	}
	p.printf("\n## Why a law does not concern a connector\n\n")
	letters := slices.SortedFunc(maps.Keys(reasons), func(a, b string) int { return strings.Compare(reasons[a], reasons[b]) })
	for _, why := range letters {
		p.printf("* %s: %s\n", reasons[why], why)
	}
	return p.String()
}

func writePages(t *testing.T, pages map[string]string) {
	t.Helper()
	if err := os.RemoveAll(docsFolder); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(docsFolder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(docsFolder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDocsListEverySystemInTheReadme(t *testing.T) {
	b, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(b), systemsMark)
	table, after, ends := strings.Cut(rest, systemsEnd)
	if !begins || !ends {
		t.Fatalf("README.md does not have the marks %s and %s", systemsMark, systemsEnd)
	}
	want := "\n" + systemsTable(All().Specs())
	if *update {
		if err := os.WriteFile(readme, []byte(before+systemsMark+want+systemsEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(want, table); d != "" {
		t.Errorf("README.md does not list the systems that there are; run make docs:\n%s", d)
	}
}

var categoryNames = map[core.Category]string{core.HRSystem: "HR system", core.Directory: "Directory", core.File: "File"}

func systemsTable(specs []core.Spec) string {
	var b strings.Builder
	var hr []string
	for _, s := range specs {
		if s.Category == core.HRSystem {
			hr = append(hr, fmt.Sprintf("[%s](docs/connectors/%s.md)", s.Name, s.ID))
		}
	}
	fmt.Fprintf(&b, "**%d HR systems**, from which people are read:\n%s.\n\n", len(hr), strings.Join(hr, " ·\n"))
	b.WriteString("| system | kind | people are read | accounts are written |\n| --- | --- | --- | --- |\n")
	for _, category := range []core.Category{core.File, core.Directory} {
		for _, s := range specs {
			if s.Category == category {
				fmt.Fprintf(&b, "| [%s](docs/connectors/%s.md) | %s | %s | %s |\n", s.Name, s.ID, categoryNames[s.Category], yes(s.Source), writes(s))
			}
		}
	}
	return b.String()
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}

// writes says which changes a system takes.
func writes(s core.Spec) string {
	var verbs []string
	for _, skill := range []string{core.CanCreate, core.CanUpdate, core.CanDeactivate, core.CanDelete} {
		if s.Has(skill) {
			verbs = append(verbs, skill)
		}
	}
	if s.Target && len(verbs) == 0 {
		return "compared only"
	}
	return strings.Join(verbs, ", ")
}

// systemPage is everything about a system that a person needs to connect it.
func systemPage(s core.Spec) string {
	p := &page{}
	p.printf("<!-- Made from the system's card by “make docs”; change the card, not this page. -->\n\n# %s\n\n%s\n", s.Name, s.Description)
	p.facts(s)
	p.list("What is read, and why", s.Reads)
	p.options(s.Options)
	p.permissions(s.Permissions)
	p.attributes(s)
	p.list("Good to know", s.Notes)
	p.cannotUndo(s.CannotUndo)
	if limits := strings.TrimSpace(s.Limits + " " + s.Effort); limits != "" {
		p.printf("\n## Limits\n\n%s\n", limits)
	}
	p.doubts(s.Confidence)
	return p.String()
}

type page struct{ strings.Builder }

func (p *page) printf(format string, args ...any) { fmt.Fprintf(p, format, args...) }

func (p *page) list(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	p.printf("\n## %s\n\n", title)
	for _, l := range lines {
		p.printf("- %s\n", l)
	}
}

func (p *page) facts(s core.Spec) {
	p.printf("\n| | |\n| --- | --- |\n| Name on the command line | `%s` |\n| Kind | %s |\n", s.ID, categoryNames[s.Category])
	ends := []string{}
	if s.Source {
		ends = append(ends, "people are read from it")
	}
	if s.Target {
		ends = append(ends, "accounts are compared with it")
	}
	if verbs := writes(s); s.Target && verbs != "compared only" {
		ends[len(ends)-1] = "accounts are written to it (" + verbs + ")"
	}
	p.printf("| What it does | %s |\n", strings.Join(ends, "; "))
	if len(s.Regions) > 0 {
		p.printf("| Regions | %s |\n", strings.Join(s.Regions, ", "))
	}
	if s.Has(core.CanDiscover) {
		p.printf("| Custom fields | found in the live system |\n")
	}
	if s.Website != "" {
		p.printf("| Website | %s |\n", s.Website)
	}
}

func (p *page) options(options []core.Option) {
	if len(options) == 0 {
		p.printf("\n## Connecting\n\nNothing is asked.\n")
		return
	}
	p.printf("\n## Connecting\n")
	for _, o := range options {
		p.printf("\n### %s\n\n`%s`%s. %s\n", o.Label, o.ID, remarks(o), o.Help)
		if len(o.Where) > 0 {
			p.printf("\nWhere to find it: %s.\n", strings.TrimSuffix(strings.Join(o.Where, " → "), "."))
		}
		for _, c := range o.Choices {
			help := ""
			if c.Help != "" {
				help = " " + c.Help
			}
			p.printf("\n- `%s`: %s.%s", c.Value, strings.TrimSuffix(c.Label, "."), help)
		}
		if len(o.Choices) > 0 {
			p.printf("\n")
		}
		if o.Example != "" {
			p.printf("\nFor example `%s`.\n", o.Example)
		}
	}
}

// remarks are the things that are said behind an option's id.
func remarks(o core.Option) string {
	var words []string
	if o.Secret {
		words = append(words, "kept in the keychain")
	}
	if o.Optional {
		words = append(words, "may be left empty")
	}
	if o.Advanced {
		words = append(words, "under More settings")
	}
	if o.Default != "" {
		words = append(words, "normally `"+o.Default+"`")
	}
	for _, id := range slices.Sorted(maps.Keys(o.ShowIf)) {
		words = append(words, fmt.Sprintf("asked where `%s` is %s", id, strings.Join(o.ShowIf[id], " or ")))
	}
	if len(words) == 0 {
		return ""
	}
	return ", " + strings.Join(words, ", ")
}

func (p *page) permissions(permissions []core.Permission) {
	if len(permissions) == 0 {
		return
	}
	p.printf("\n## Permissions\n\n| permission | name there | needed | without it | where to give it |\n| --- | --- | --- | --- | --- |\n")
	for _, m := range permissions {
		needed := map[bool]string{true: "yes", false: "no"}[m.Needed]
		if len(m.For) > 0 {
			needed = "for " + strings.Join(m.For, ", ")
		}
		p.printf("| %s | `%s` | %s | %s | %s |\n", cell(m.Label), cell(m.ID), needed, cell(m.Without), cell(m.Grant))
	}
}

// attributes are those of a target that are known before anyone connects.
func (p *page) attributes(s core.Spec) {
	attributes, err := All().Attributes(s.ID)
	if err != nil || !s.Target {
		return
	}
	p.printf("\n## What can be written\n\nThe live system may have more.\n\n| attribute | name in a mapping | kind | |\n| --- | --- | --- | --- |\n")
	for _, a := range attributes {
		p.printf("| %s | `%s` | %s | %s |\n", cell(a.Label), cell(a.ID), a.Kind, strings.Join(rulesOf(a), ", "))
	}
}

// rulesOf are the rules of an attribute in words.
func rulesOf(a core.Attribute) []string {
	var words []string
	for _, r := range []struct {
		is   bool
		word string
	}{{a.ReadOnly, "cannot be written"}, {a.Required, "required"}, {a.AtCreate, "only when the account is made"}, {a.Unique, "one of a kind"}, {a.Login, "the person signs in with it"}} {
		if r.is {
			words = append(words, r.word)
		}
	}
	if a.MaxLength > 0 {
		words = append(words, fmt.Sprintf("up to %d characters", a.MaxLength))
	}
	return words
}

func cell(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "\n", " "), "|", "\\|") }

func (p *page) cannotUndo(verbs map[string]string) {
	if len(verbs) == 0 {
		return
	}
	p.printf("\n## What cannot be undone\n\n")
	for _, verb := range slices.Sorted(maps.Keys(verbs)) {
		p.printf("- %s: %s\n", verb, verbs[verb])
	}
}

var levels = map[string]string{
	"official": "In the vendor's own documentation", "client": "Read in client programs that are in use",
	"inferred": "Inferred, not seen", "tried": "Tried on a running system",
}

func (p *page) doubts(doubts []core.Doubt) {
	if len(doubts) == 0 {
		return
	}
	p.printf("\n## How sure we are\n\n")
	for _, d := range doubts {
		p.printf("- %s. *%s.*\n", strings.TrimSuffix(d.Point, "."), levels[d.Level])
	}
}

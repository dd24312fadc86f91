package parts

import (
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"rollcall/gui/look"
)

var shots = flag.String("shots", "", "draw a storybook of all parts as PNG files into this folder")

func TestShots(t *testing.T) {
	if *shots == "" {
		t.Skip("give -shots DIR to draw the storybook")
	}
	pages := []struct {
		name string
		make func() (fyne.CanvasObject, func())
	}{
		{"controls", storyControls}, {"cards", storyCards}, {"table", storyTable}, {"mapping", storyMapping}, {"fields", storyFields}, {"dialog", storyDialog},
	}
	for _, variant := range []look.Variant{look.Light, look.Dark} {
		for _, page := range pages {
			drawStory(t, variant, page.name, page.make)
		}
	}
}

var story fyne.Window

func drawStory(t *testing.T, variant look.Variant, name string, page func() (fyne.CanvasObject, func())) {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(look.New(variant))
	story = test.NewTempWindow(t, container.NewStack())
	story.SetPadded(false)
	content, after := page()
	story.SetContent(content)
	story.Resize(fyne.NewSize(1280, 800))
	if after != nil {
		after()
	}
	f, err := os.Create(filepath.Join(*shots, fmt.Sprintf("%s-%s.png", name, variant)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, story.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

func storyNav(selected string) *NavRail {
	n := NewNavRail("Rollcall",
		NavEntry{ID: "integrations", Title: "Integrations", Icon: look.IconGrid}, NavEntry{ID: "people", Title: "People", Icon: look.IconUser},
		NavEntry{ID: "mappings", Title: "Mappings", Icon: look.IconMapping}, NavEntry{ID: "preview", Title: "Preview", Icon: look.IconEye, Badge: "66"},
		NavEntry{ID: "runs", Title: "Sync runs", Icon: look.IconSync}, NavEntry{ID: "history", Title: "History", Icon: look.IconHistory},
		NavEntry{ID: "settings", Title: "Settings", Icon: look.IconSettings})
	n.Select(selected)
	return n
}

func withNav(nav *NavRail, body fyne.CanvasObject) fyne.CanvasObject {
	return container.NewBorder(nil, nil, nav, nil, Pad(24, 24, 24, 24, body))
}

func storyControls() (fyne.CanvasObject, func()) {
	focused := NewButton("Focused", Second, nil)
	off := NewButton("Disabled", Primary, nil)
	off.Disable()
	bar, fail := NewProgressBar(look.Accent, 8), NewProgressBar(look.Create, 6)
	bar.Set(0.6, 0)
	fail.Set(0.72, 0.03)
	loading := NewSkeleton(3, 52)
	body := Column(14,
		NewPageHeader("Workday → Microsoft Entra ID · Preview", "Made 2 minutes ago from 1,204 people and 1,187 accounts · nothing has been changed yet",
			NewIconButton("Make again", look.IconSync, Second, nil)),
		NewBanner(look.Held, "Held: 64 deactivations (5.4 %) is at or over your limit of 5 %", NewButton("Review", Loud, nil), NewButton("Allow for this plan", Outline, nil)),
		NewBanner(look.Create, "Connected · 412 employees visible · token valid 24 h").WithNote("09:42"),
		NewBanner(look.Deactivate, "Acme HR let us in but not to the list of employees.").WithDetail("Ask an administrator to give this key the permission employees:read, then test again."),
		Row(8, NewFacets(Pill{ID: "c", Label: "Create", Count: "31", Tone: look.Create}, Pill{ID: "u", Label: "Update", Count: "118", Tone: look.Update},
			Pill{ID: "d", Label: "Deactivate", Count: "64", Note: "held", Tone: look.Deactivate}, Pill{ID: "h", Label: "Held", Count: "2", Tone: look.Held}),
			NewCategories("all", Pill{ID: "all", Label: "All"}, Pill{ID: "hris", Label: "HR systems"}, Pill{ID: "dir", Label: "Directories"})),
		Row(8, NewButton("Sync now", Primary, nil), NewButton("Export", Second, nil).WithCaret(), NewButton("Cancel", Destructive, nil), NewButton("Delete", Danger, nil),
			NewIconButton("Smart mapping", look.IconSpark, Tinted, nil), NewButton("Test connection", Quiet, nil), NewButton("How to grant it", Link, nil),
			NewButton("Not now", Plain, nil), off, focused),
		Row(8, NewSearchBox("Name, number or value", 232), NewIconButton("Filter", look.IconFilter, Second, nil),
			NewChoice([]Option{{ID: "zoe", Label: "Zoë Lindqvist"}}, "zoe", ""), NewSegmented("grid", Segment{"grid", look.IconGrid, "Blocks"}, Segment{"list", look.IconList, "List"}),
			NewTick("Create accounts", "", true), NewTick("Locked", "", false)),
		NewTabs("e", Tab{"e", "Employees", "1,204"}, Tab{"d", "Departments", "24"}, Tab{"c", "Cost centres", "41"}),
		Row(8, NewKindPill("Update", look.Update), NewKindPill("Create", look.Create), NewKindPill("Deactivate", look.Deactivate), NewStatusChip("Needs attention", look.Held),
			NewBadge("required", look.Neutral), NewBadge("sync key", look.Accent), NewAvatar("Anna Keller", 40), NewLogo("Personio", 44)),
		bar, fail, NewNotice(look.Held, "12 people have no value."), loading)
	return withNav(storyNav("preview"), body), func() { story.Canvas().Focus(focused) }
}

func storyCards() (fyne.CanvasObject, func()) {
	var tiles []fyne.CanvasObject
	for i, name := range []string{"Northwind HR", "Directory Cloud", "Personalverwaltungssoftware für Großunternehmen", "Okapi SSO", "SFTP drop"} {
		chip := NewStatusChip("Connected", look.Create)
		if i == 1 {
			chip = NewStatusChip("Needs attention", look.Held)
		}
		tiles = append(tiles, NewTile(name, "HR system", "Import employees, departments and managers, and keep group membership in step with HR data, every night.", chip, NewButton("Manage", Quiet, nil)))
	}
	chart := NewChartCard("Head count by department", NewBarList(Bar{Label: "Engineering", Value: 296}, Bar{Label: "Sales", Value: 232, On: true},
		Bar{Label: "Customer Care", Value: 168}, Bar{Label: "Operations", Value: 138}, Bar{Label: "19 others", Value: 220, Rest: true}), NewText("1,140 active", Caption))
	months := NewChartCard("Joiners and leavers", NewMonthChart(Month{"Dec", 12, 21}, Month{"Jan", 34, 9}, Month{"Feb", 18, 11}, Month{"Mar", 22, 14}, Month{"Apr", 41, 8},
		Month{"May", 46, 12}, Month{"Jun", 28, 17}, Month{"Jul", 16, 10}, Month{"Aug", 19, 13}, Month{"Sep", 37, 22}, Month{"Oct", 30, 15}, Month{"Nov", 31, 64}),
		Legend(look.Accent, "", "Joined"), Legend(look.Held, "", "Left"))
	ringCard := NewChartCard("Matched to an account", Row(20, NewRing(0.974, look.Create), Column(2, Legend(look.Create, "1,173", "matched"), Legend(look.Neutral, "31", "no account"))))
	charts := ResponsiveGrid(280, 16, chart, months, ringCard)
	nav := storyNav("integrations")
	body := Column(16, ResponsiveGrid(270, 16, tiles...), charts)
	return withNav(nav, container.NewVScroll(Pad(8, 8, 8, 8, body))), nil
}

func storyCell(row, col int) CellData {
	names := []string{"Anna Keller", "Jonas Weber", "Priya Nair", "Sofia Brandt", "Tomás Oliveira", "Maximiliane Freifrau von Hohenzollern-Sigmaringen"}
	kinds := []string{"Update", "Create", "Deactivate", "Update", "Held", "Update"}
	tones := []look.Tone{look.Update, look.Create, look.Deactivate, look.Update, look.Held, look.Update}
	i := row % len(names)
	switch col {
	case 0:
		return CellData{Kind: CellTick, Tick: []TickState{On, On, Locked, On, Off, On}[i]}
	case 1:
		return CellData{Kind: CellPill, Text: kinds[i], Tone: tones[i]}
	case 2:
		return CellData{Kind: CellPerson, Text: names[i], Detail: fmt.Sprint(10482 + row)}
	case 3:
		d := []Difference{{Attribute: "Title", Before: "Engineer", After: "Senior Engineer", Tone: tones[i]}, {Attribute: "Manager", Before: "M. Rossi", After: "L. Haddad", Tone: tones[i]}}
		if i == 1 {
			d = []Difference{{Attribute: "User name", After: "jonas.weber", Created: true, Tone: tones[i]}, {Attribute: "Licence", After: "Microsoft 365 E3", Created: true, Tone: tones[i]}}
		}
		if i == 2 {
			d = d[:1]
		}
		if i == 5 {
			d[0].After = "Oberste Rechtsschutzversicherungsbeauftragte"
		}
		return CellData{Kind: CellChanges, Changes: d, More: i % 3}
	case 4:
		return CellData{Text: "Job change", Detail: "from 1 Nov 2026"}
	}
	return CellData{Kind: CellTags, Tags: []string{"manager", "budget", "remote"}}
}

func storyColumns() []TableColumn {
	return []TableColumn{{ID: "tick", Width: 42, Tick: true}, {ID: "kind", Title: "Change", Width: 110, Sortable: true}, {ID: "person", Title: "Person", Width: 170, Sortable: true},
		{ID: "what", Title: "What changes", Width: 290, Grow: true, Least: 160}, {ID: "why", Title: "Why", Width: 130, Sortable: true}, {ID: "tags", Title: "Tags", Width: 150}}
}

func storyTable() (fyne.CanvasObject, func()) {
	table := NewDataTable(storyColumns(), RowTwoLines, storyCell)
	table.SetSort("person", false)
	table.SetHeadTick(Part)
	table.SetFoot("149 ticked for sync · 64 held by your limit · 2 held", "rows")
	table.SetRows(1_000_000)
	empty := NewDataTable(storyColumns(), RowTwoLines, storyCell)
	empty.SetEmpty(NewEmptyState(look.IconSearch, "No one matches", "Try fewer words, or clear the search.", NewButton("Clear search", Second, nil)))
	empty.SetRows(0)
	body := container.NewGridWithRows(2, table, Pad(16, 0, 0, 0, empty))
	foot := FooterBar(FooterText("This will create 31, update 118 and deactivate 0 accounts.", "The 64 deactivations wait until you allow them."),
		NewButton("Export", Second, nil).WithHeight(38), NewButton("Sync now: create 31, update 118", Primary, nil).WithHeight(38))
	return container.NewBorder(nil, foot, nil, nil, withNav(storyNav("people"), body)), func() { table.Select(1) }
}

func storyBoard() *MapBoard {
	rules := []Option{{ID: "always", Label: "Always"}, {ID: "create", Label: "Only at creation"}}
	b := NewMapBoard("BambooHR fields", "Okta attributes")
	b.SetTitles("BambooHR fields", "34", "Okta attributes", "19")
	b.Accepts = func(s, t string) (bool, string) { return t != "startDate", "Needs a date" }
	b.SetSources([]Source{{"number", "Employee number", "10482", 1, false}, {"first", "First name", "Zoë", 1, true}, {"last", "Last name", "Lindqvist", 1, true},
		{"mail", "Work email", "zoe.lindqvist@northlake.example", 0.97, true}, {"pref", "Preferred name", "No value", 0.38, false}, {"job", "Job title", "Senior Product Designer", 0.99, true},
		{"sup", "Supervisor", "Markus Eide", 0.96, false}, {"dep", "Department", "Product Design", 1, false}, {"hire", "Hire date", "14 Mar 2022", 1, true}})
	b.SetTargets([]Target{
		{ID: "login", Name: "Username", Technical: "login", Marks: []Mark{{"required", look.Neutral}, {"sync key", look.Accent}}, Kind: SlotExpression, Value: "lower(Work email)", Sources: []string{"mail"}, Rule: "create", Rules: rules, Result: "zoe.lindqvist@northlake.example"},
		{ID: "firstName", Name: "First name", Technical: "firstName", Marks: []Mark{{"required", look.Neutral}}, Kind: SlotField, Value: "First name", Confidence: 100, Sources: []string{"first"}, Rule: "always", Rules: rules, Result: "Zoë"},
		{ID: "email", Name: "Primary email", Technical: "email", Kind: SlotField, Value: "Work email", Confidence: 98, Sources: []string{"mail"}, Rule: "always", Rules: rules, Result: "zoe.lindqvist@northlake.example",
			Warning: "12 people have no value", Actions: []Action{{"Show people", nil}, {"Set a fallback", nil}}},
		{ID: "display", Name: "Display name", Technical: "displayName", Kind: SlotExpression, Value: "First name + Last name", Sources: []string{"first", "last"}, Rule: "always", Rules: rules, Result: "Zoë Lindqvist"},
		{ID: "title", Name: "Title", Technical: "title", Kind: SlotField, Value: "Job title", Confidence: 71, Sources: []string{"job"}, Rule: "always", Rules: rules, Result: "Senior Product Designer"},
		{ID: "department", Name: "Department", Technical: "department", Result: "Product Design", Quiet: true},
		{ID: "startDate", Name: "Start date", Technical: "startDate", Kind: SlotField, Value: "Hire date", Sources: []string{"hire"}, Rule: "always", Rules: rules, Result: "2022-03-14"},
		{ID: "org", Name: "Organization", Technical: "organization", Marks: []Mark{{"required", look.Deactivate}}, Required: true, Result: "Nothing written", Quiet: true},
		{ID: "cost", Name: "Kostenstellenverantwortlichkeitsbereich", Technical: "costCenterResponsibility", Marks: []Mark{{"unique", look.Neutral}}, Result: "Nothing written", Quiet: true},
	})
	return b
}

func storyMapping() (fyne.CanvasObject, func()) {
	nav := storyNav("integrations")
	nav.SetRail(true)
	board := storyBoard()
	header := NewWizardHeader("BambooHR → Okta · Mapping", NewStepper(3, "Access", "Filter", "What to sync", "Mapping", "Preview"),
		Crumb{"Integrations", func() {}}, Crumb{"BambooHR → Okta", func() {}}, Crumb{"Set-up", nil})
	body := container.NewBorder(header, nil, nil, nil, Pad(12, 0, 0, 0, board))
	return withNav(nav, body), func() {
		row := board.sources[7]
		to := fyne.CurrentApp().Driver().AbsolutePositionForObject(board.targets[5]).AddXY(400, 24)
		row.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{AbsolutePosition: to}})
	}
}

func storyFields() (fyne.CanvasObject, func()) {
	mail := NewField(Question{Label: "Alert e-mail", Note: "optional", Value: "it-ops@northlake"})
	left := NewPanel(24, Column(18,
		NewField(Question{Label: "Connection name", Value: "Personio – Northlake", Help: "Shown in lists and in the sync history."}),
		NewField(Question{Label: "Client ID", Value: "papi-7c41e0f2", Help: "Starts with “papi-”. It is not secret."}).WithCopy(func(string) {}),
		NewField(Question{Kind: SecretField, Label: "Client secret", Value: "0123456789abcdef", Help: "Kept in this computer's keychain, never in a file."}), mail,
		NewField(Question{Kind: ChoiceField, Label: "Region", Placeholder: "Choose a region", Options: []Option{{ID: "eu", Label: "Europe"}}}),
		NewField(Question{Kind: TickField, Label: "Read people on leave", Help: "They stay active."})))
	right := Column(16, NewSection("Where to find these", "", NewText("Open Settings › Integrations › API credentials, choose “Generate new credential” and give read access to the areas listed below. "+
		"Nothing is written.", Style{Color: look.Muted, Lines: 4}), NewIconButton("Open Personio", look.IconExternal, Link, nil)),
		NewSection("Permissions", "3 of 4 granted", NewTintedPanel(look.Deactivate, 12, NewText("Absences: leave dates are missing without it.", Small))))
	body := container.NewGridWithColumns(2, left, container.NewVBox(right))
	nav := storyNav("integrations")
	nav.SetRail(true)
	return withNav(nav, body), func() { mail.SetProblem("Enter a full address, for example it-ops@northlake.example.") }
}

func storyDialog() (fyne.CanvasObject, func()) {
	body, _ := storyCards()
	return body, func() {
		Confirm(story.Canvas(), "Start the sync?", "This will create 31 and update 118 accounts in Microsoft Entra ID. The 64 deactivations stay held.", "Start sync", false, func(bool) {})
	}
}

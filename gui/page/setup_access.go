package page

import (
	"cmp"
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/core"
	"rollcall/gui/form"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// access is the first step: which systems, and how they let us in. It asks for one end
// after the other.
type access struct {
	p       *Setup
	end     view.End
	name    *parts.Field
	form    *form.Form
	banner  *parts.Banner
	test    *parts.Button
	on      *parts.Button
	aside   *fyne.Container
	rights  fyne.CanvasObject // the permissions beside the questions; nil where the system has none
	health  *core.Health
	dirty   bool // something was typed that is not kept
	tested  bool // the answers as they stand were let in
	left    *container.Scroll
	asides  *container.Scroll
	testing bool
}

func newAccess(p *Setup) *access { return &access{p: p, end: p.w.Ends[p.w.Asking]} }

func (a *access) show() {
	if a.end.Chosen() {
		a.credentials()
		return
	}
	a.choose()
}

// choose offers the systems that fit: connected ones first.
func (a *access) choose() {
	w := a.p.w
	title, text := "Where do the people come from?", "Choose an HR system, a file or a directory. It is only read; nothing is written to it."
	if w.Asking == view.TargetEnd {
		title, text = "Where are the accounts kept?", "Choose the directory that is brought up to date. Nothing is written before you have seen every change."
	}
	found := container.NewStack()
	show := func(words string) {
		var tiles []*parts.Tile
		for _, o := range w.Offers() {
			if o.Found(words) {
				tiles = append(tiles, a.offer(o))
			}
		}
		var list fyne.CanvasObject = container.NewVScroll(parts.Pad(4, 8, 12, 0, parts.NewTileGrid(270, look.GapCards, tiles...)))
		if len(tiles) == 0 {
			list = parts.NewEmptyState(look.IconSearch, "No system matches", "Try fewer words. A system that is not listed can often export a CSV file.")
		}
		found.Objects = []fyne.CanvasObject{list}
		found.Refresh()
	}
	show("")
	search := parts.NewSearchBox("Search systems", 220)
	search.OnChanged = show
	head := parts.Before(16, parts.Column(2, parts.NewText(title, parts.Section), parts.NewText(text, parts.Style{Color: look.Muted, Lines: 2})), search)
	body := parts.Column(14, head, parts.Fill(found))
	a.p.first = parts.First(found) // a letter goes to the systems that begin with it
	a.p.frame(w.Title()+" · "+sideWord(w.Asking), body, a.p.saved(), a.cancel())
}

func sideWord(end int) string {
	if end == view.TargetEnd {
		return "Target"
	}
	return "Source"
}

func (a *access) offer(o view.End) *parts.Tile {
	chip, verb := parts.NewStatusChip("Not set up", look.Neutral), "Set up"
	detail := o.Spec.Description
	switch {
	case o.Saved() && o.Connection.Code != "":
		chip, verb = parts.NewStatusChip("Needs attention", look.Held), "Fix"
	case o.Saved():
		chip, verb = parts.NewStatusChip("Connected", look.Create), "Use"
	case view.OneClick(o.Spec):
		verb = "Use"
	}
	if o.Saved() && o.Connection.Summary != "" {
		detail = o.Connection.Summary
	}
	pick := func() { a.picked(o) }
	tile := parts.NewTile(o.Name(), roleLine(view.Card{Spec: o.Spec, Kind: view.CategoryName(o.Spec.Category)}), detail, chip, parts.NewButton(verb, parts.Tinted, pick))
	tile.OnTapped, tile.Colour = pick, o.Spec.Colour
	return tile
}

// picked takes a system: a connection that works is used at once, one that asks nothing
// is made at once, all others are asked for their answers.
func (a *access) picked(o view.End) {
	w := a.p.w
	w.Choose(o)
	switch {
	case o.Saved() && o.Connection.Code == "":
		w.Kept(w.Asking, o.Connection)
		a.onward()
	case !o.Saved() && view.OneClick(o.Spec):
		a.end = o
		keep := func(ctx context.Context) (view.Connection, error) {
			return view.KeepConnection(ctx, a.p.services, o, w.NewName(), core.Answers{})
		}
		task.Run(a.p.ctx, keep, func(c view.Connection, err error) {
			if err != nil {
				a.p.failed(err, func() { a.p.to(view.StepAccess) })
				return
			}
			w.Kept(w.Asking, c)
			a.onward()
		})
	default:
		a.p.to(view.StepAccess)
	}
}

// onward asks for the other end, or goes on when both are there.
func (a *access) onward() {
	w := a.p.w
	a.dirty, a.p.material = false, nil
	switch {
	case w.Asking == view.SourceEnd && w.Ends[view.TargetEnd].Saved() && w.Sync.Step == view.StepAccess:
	case w.Asking == view.SourceEnd:
		w.Asking = view.TargetEnd
		a.p.next(view.StepAccess)
		return
	case !w.Ends[view.SourceEnd].Saved():
		w.Asking = view.SourceEnd
		a.p.next(view.StepAccess)
		return
	}
	w.Asking = view.SourceEnd
	a.p.next(view.StepFilter)
}

func (a *access) cancel() fyne.CanvasObject {
	if a.p.w.Asking == view.TargetEnd && a.p.w.Ends[view.SourceEnd].Saved() {
		return parts.MinWidth(96, parts.NewButton("Back", parts.Quiet, func() {
			a.p.w.Asking = view.SourceEnd
			a.p.to(view.StepAccess)
		}).WithHeight(36))
	}
	return parts.NewButton("Cancel", parts.Plain, a.p.shell.Back).WithHeight(36)
}

// credentials asks for the answers of the chosen end.
func (a *access) credentials() {
	spec, c := a.end.Spec, a.end.Connection
	name := c.Name
	if !a.end.Saved() {
		name = a.p.w.NewName()
	}
	a.name = parts.NewField(parts.Question{Label: "Connection name", Value: name, Help: "Shown in lists and in the history."})
	a.name.OnChanged = func(string) { a.dirty = true }
	a.form = form.New(spec.Options, c.Options, c.Secrets, a.pick, a.whenWritten())
	a.form.OnChanged = a.edited
	a.banner = parts.NewBanner(look.Neutral, "")
	a.banner.Hide()
	a.test = parts.NewButton("Test connection", parts.Quiet, func() { a.try(nil) }).WithHeight(36)
	a.on = parts.NewButton("Continue", parts.Primary, a.goOn).WithHeight(36)
	a.left = container.NewVScroll(parts.Pad(20, look.InsetPage, 20, look.InsetPage, a.questions()))
	a.aside = parts.Column(look.GapCards)
	a.fillAside()
	a.asides = container.NewVScroll(parts.Pad(0, 8, 4, 0, a.aside))
	a.form.OnResized = func() { // other questions have other places
		a.left.Refresh()
		a.fillAside()
		a.asides.Refresh()
	}
	panel := parts.NewPanel(1, a.left)
	body := container.New(halves{gap: look.InsetPage, left: 0.52}, panel, a.asides)
	right := []fyne.CanvasObject{a.cancel(), parts.MinWidth(140, a.test)}
	if a.end.Saved() {
		right = append(right, parts.NewButton("Save and close", parts.Second, a.saveAndClose).WithHeight(36))
	}
	right = append(right, parts.MinWidth(120, a.on))
	a.p.first = a.test
	if len(spec.Options) > 0 {
		a.p.first = a.form.First()
	}
	a.p.frame("Connect "+spec.Name+" · Access", body, a.promise(), right...)
}

// writes says that this end is one that accounts are written to.
func (a *access) writes() bool { return a.p.w.Asking == view.TargetEnd }

// canTurn says that the system was put on the target's side and can as well be the source, which nobody has chosen yet.
func (a *access) canTurn() bool {
	return a.writes() && a.end.Spec.Source && !a.p.w.Ends[view.SourceEnd].Chosen()
}

// turn makes the system the source.
func (a *access) turn() {
	w := a.p.w
	w.Ends[view.SourceEnd], w.Ends[view.TargetEnd] = a.end, view.End{}
	w.Asking = view.SourceEnd
	a.p.to(view.StepAccess)
}

// whenWritten is the group of the questions that only writing needs: it is closed to somebody who only reads.
func (a *access) whenWritten() form.Group {
	g := form.Group{Title: "When accounts are written", Of: view.ForWriting(a.end.Spec), Open: a.writes()}
	if !a.writes() {
		g.Note = "not needed to read people"
	}
	return g
}

func (a *access) promise() fyne.CanvasObject {
	text := "Rollcall talks to " + a.end.Spec.Name + " directly. Nothing is sent to us."
	return parts.Row(8, parts.NewIcon(look.IconLock, 16, look.Muted), parts.Fill(parts.NewText(text, parts.Style{Size: look.TextTable, Color: look.Muted, Shrink: true})))
}

func (a *access) questions() fyne.CanvasObject {
	spec := a.end.Spec
	line := view.CategoryName(spec.Category) + " · people are read, nothing is written"
	if a.p.w.Asking == view.TargetEnd {
		line = view.CategoryName(spec.Category) + " · accounts are read, and changed when you press Sync now"
	}
	other := parts.NewButton("Use another system", parts.Link, func() {
		a.p.w.Choose(view.End{})
		a.p.to(view.StepAccess)
	})
	links := parts.Column(0, other)
	if a.canTurn() {
		links.Add(parts.NewButton("Read people from it instead", parts.Link, a.turn))
	}
	title := parts.Column(1, parts.NewText(spec.Name, parts.Style{Size: look.TextSection, Bold: true, Shrink: true, Lines: 2}), parts.NewText(line, parts.Style{Size: look.TextTable, Color: look.Muted, Shrink: true, Lines: 3}))
	head := parts.Beside(56, parts.NewLogo(spec.Name, 44).WithColour(spec.Colour), parts.Pad(2, 0, 0, 0, parts.Before(12, title, links)))
	rows := []fyne.CanvasObject{head, parts.Separator(), a.name, a.form.Content()}
	if len(spec.Options) == 0 {
		rows = append(rows, parts.NewNotice(look.Neutral, "Nothing is needed: "+spec.Name+" is part of Rollcall."))
	}
	return parts.Column(16, append(rows, a.banner)...)
}

// fillAside puts beside the questions what a person has to know and do elsewhere.
func (a *access) fillAside() {
	spec := a.end.Spec
	a.aside.Objects, a.rights = nil, nil
	if guide := a.form.Guide(); guide != nil {
		var open []fyne.CanvasObject
		if spec.Website != "" {
			open = append(open, parts.NewIconButton("Open "+spec.Name, look.IconExternal, parts.Link, func() { a.openSite() }).WithHeight(headButton))
		}
		a.aside.Add(parts.NewSection("Where to find these", "", guide, open...))
	}
	a.addPermissions(view.Permissions(spec, a.health))
	a.aside.Add(a.reads())
	a.aside.Refresh()
}

func (a *access) openSite() {
	open := func(context.Context) (struct{}, error) {
		return struct{}{}, a.p.services.Desktop.OpenURL(a.end.Spec.Website)
	}
	task.Run(a.p.ctx, open, func(_ struct{}, err error) {
		if err != nil {
			a.say(err)
		}
	})
}

func (a *access) reads() fyne.CanvasObject {
	spec := a.end.Spec
	var rows []fyne.CanvasObject
	bullet := func(icon look.IconName, colour fyne.ThemeColorName, text string) {
		rows = append(rows, parts.Beside(28, parts.Pad(1, 0, 0, 0, parts.NewIcon(icon, 16, colour)), parts.NewText(text, parts.Style{Size: look.TextTable, Lines: 12})))
	}
	for _, r := range spec.Reads {
		bullet(look.IconCheck, look.Create.Text(), r)
	}
	for _, n := range spec.Notes {
		bullet(look.IconInfo, look.Muted, n)
	}
	if a.p.w.Asking == view.TargetEnd {
		for _, verb := range core.Verbs() {
			if no := spec.CannotUndo[verb.String()]; no != "" {
				bullet(look.IconWarning, look.Held.Text(), no)
			}
		}
	}
	for _, how := range []string{spec.Limits, spec.Effort} {
		if how != "" {
			bullet(look.IconClock, look.Muted, how)
		}
	}
	if len(rows) == 0 {
		bullet(look.IconInfo, look.Muted, spec.Description)
	}
	return parts.NewSection("What is read, and what to know", "", parts.Column(10, rows...))
}

// addPermissions shows the rights; those that are for writing stand under a title of their own where people are also read
// from the system, and last where nothing is written to it.
func (a *access) addPermissions(all []view.Permission) {
	read, write := view.ToRead(all), view.ToWrite(all)
	first := len(read) > 0
	if first {
		a.rights = a.permissions("Permissions", read, true, false)
		a.aside.Add(a.rights)
	}
	if len(write) == 0 {
		return
	}
	title, quiet := "Permissions to write", !a.writes()
	if quiet {
		title = "Only where accounts are written"
	}
	section := a.permissions(title, write, !first, quiet)
	if !first || !quiet && view.Lacks(read) == "" && view.Lacks(write) != "" {
		a.rights = section
	}
	a.aside.Add(section)
}

// permissions is a list of rights. One that is not needed here stays quiet when it is missing.
func (a *access) permissions(title string, all []view.Permission, head, quiet bool) fyne.CanvasObject {
	note, right := "needed", []fyne.CanvasObject(nil)
	if quiet {
		note = ""
	}
	if a.health != nil {
		note = view.GrantedOf(all)
		if head {
			again := parts.NewIconButton("Check again", look.IconSync, parts.Link, func() { a.try(nil) }).WithHeight(headButton)
			again.SetEnabled(!a.testing)
			right = append(right, again)
		}
	}
	var rows []fyne.CanvasObject
	for _, one := range all {
		rows = append(rows, permissionRow(one, a.health != nil, quiet))
	}
	return parts.NewSection(title, note, parts.Column(10, rows...), right...)
}

// headButton is as high as the title of a section beside it.
const headButton = 22

func permissionRow(one view.Permission, tested, quiet bool) fyne.CanvasObject {
	icon, colour, state, tone := look.IconMinus, look.Muted, "needed", look.Muted
	switch {
	case tested:
		state = "not tested"
	case !one.Needed && one.For == "":
		state = "optional"
	case quiet:
		state = ""
	}
	switch one.State {
	case view.Granted:
		icon, colour, state = look.IconCheck, look.Create.Text(), one.Detail
	case view.Untold:
		icon, colour, state, tone = look.IconInfo, look.Held.Text(), "Cannot be told", look.Held.Text()
	case view.Missing:
		if state = "Not granted"; !quiet {
			icon, colour, tone = look.IconCross, look.ErrorText, look.ErrorText
		}
	}
	about := []fyne.CanvasObject{parts.NewText(one.Label, parts.Style{Medium: true, Shrink: true, Lines: 3})}
	if one.For != "" {
		about = append(about, parts.NewText("To "+one.For, parts.Style{Size: look.TextTable, Color: look.Muted, Shrink: true, Lines: 3}))
	}
	if one.State == view.Untold && !quiet {
		about = append(about, parts.NewText(cmp.Or(one.Detail, "The system does not say. If it is missing: "+one.Consequence()), parts.Style{Size: look.TextTable, Color: look.Muted, Shrink: true, Lines: 6}))
	}
	head := parts.Beside(26, parts.NewIcon(icon, 16, colour), parts.Before(10, parts.Column(1, about...), parts.NewText(state, parts.Style{Size: look.TextTable, Color: tone})))
	if one.State != view.Missing || quiet {
		return head
	}
	rows := []fyne.CanvasObject{head, parts.NewText(one.Consequence(), parts.Style{Size: look.TextTable, Lines: 8})}
	if one.Grant != "" {
		rows = append(rows, parts.NewText("How to grant it: "+one.Grant, parts.Style{Size: look.TextTable, Lines: 8}))
	}
	return parts.NewTintedPanel(look.Deactivate, 12, parts.Column(6, rows...))
}

package page

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

func (a *access) edited() {
	a.dirty, a.tested = true, false
	if a.banner.Visible() {
		a.banner.Hide()
		a.left.Refresh()
	}
}

// pick asks the person for a file or folder.
func (a *access) pick(o core.Option, chosen func(string)) {
	if o.PEM != "" {
		chosen = func(path string) { newKeyPick(a, o, path).read("") }
	}
	ask := func(ctx context.Context) (string, error) {
		if o.Kind == core.FolderOption {
			return a.p.services.Desktop.OpenFolder(ctx, o.Label)
		}
		return a.p.services.Desktop.OpenFile(ctx, o.Label, kindsOf(o))
	}
	task.Run(a.p.ctx, ask, func(path string, err error) {
		switch {
		case err != nil:
			a.say(err)
		case path != "":
			chosen(path)
		}
	})
}

// kindsOf gives the endings that a file question takes, from its example.
func kindsOf(o core.Option) []string {
	if o.PEM != "" {
		return core.KeyFileEndings
	}
	for i := len(o.Example) - 1; i > 0; i-- {
		if o.Example[i] == '.' && o.Kind == core.FileOption {
			return []string{o.Example[i+1:]}
		}
	}
	return nil
}

func (a *access) say(err error) {
	tell(a.banner, err)
	a.left.Refresh()
	a.left.ScrollToBottom()
}

// try tests the answers and then calls good, where it is given, if they were let in.
func (a *access) try(good func()) {
	if wrong := a.form.Check(); wrong != nil {
		a.p.shell.Canvas().Focus(wrong.Focusable())
		return
	}
	a.work(true)
	a.banner.Set(look.Neutral, "Asking "+a.end.Spec.Name+"…", "")
	a.left.Refresh()
	spec, answers, id := a.end.Spec.ID, a.form.Answers(), a.end.Connection.ID
	test := func(ctx context.Context) (core.Health, error) {
		return a.p.services.Connections.Test(ctx, spec, answers, id)
	}
	task.Run(a.p.ctx, test, func(h core.Health, err error) {
		a.work(false)
		switch {
		case err != nil && core.AsProblem(err).Code == core.Cancelled: // by the person, who knows
			a.banner.Hide()
			a.left.Refresh()
			return
		case err != nil:
			a.refused(err, good)
			return
		}
		a.health, a.tested = &h, true
		a.fillAside()
		a.asides.Refresh()
		a.letIn(h)
		if good != nil {
			good()
		}
	})
}

// refused shows why, and offers to keep the connection all the same where the person
// wanted to go on.
func (a *access) refused(err error, good func()) {
	problem := core.AsProblem(err)
	a.health = nil // what an earlier test found holds no more
	a.fillAside()
	a.asides.Refresh()
	var anyway []*parts.Button
	if good != nil && problem.Code != core.BadOption {
		anyway = append(anyway, parts.NewButton("Keep anyway", parts.Second, func() { a.tested = true; good() }))
	}
	a.banner.Set(look.Deactivate, problem.What, problem.Fix, anyway...)
	a.left.Refresh()
	a.left.ScrollToBottom()
}

func (a *access) letIn(h core.Health) {
	text := h.Summary
	if text == "" {
		text = "Connected"
	}
	detail := ""
	if !h.Expires.IsZero() {
		detail = "The credentials are valid until " + h.Expires.Format("2 Jan 2006") + "."
	}
	for _, n := range h.Notes {
		detail += " " + n
	}
	tone := look.Create
	all := view.Permissions(a.end.Spec, &h)
	if !a.writes() {
		all = view.ToRead(all) // the others are told beside, and matter once accounts are written
	}
	if lacks := view.Lacks(all); lacks != "" {
		tone, detail = look.Held, lacks+" "+detail
		a.showPermissions()
	}
	a.banner.Set(tone, "Connected · "+text, strings.TrimSpace(detail))
	a.left.Refresh()
	a.left.ScrollToBottom()
}

// showPermissions scrolls to them, so that a missing one is seen where its consequence stands.
func (a *access) showPermissions() {
	if a.rights != nil {
		a.asides.ScrollToOffset(fyne.NewPos(0, a.rights.Position().Y))
	}
}

func (a *access) work(on bool) {
	a.testing = on
	a.test.SetEnabled(!on)
	a.on.SetEnabled(!on)
}

// goOn tests where that was not done, keeps the connection, and asks for the next thing.
func (a *access) goOn() { a.ensure(func() { a.keep(a.onward) }) }

func (a *access) saveAndClose() {
	a.ensure(func() { a.keep(func() { a.p.shell.Go(view.Route{Page: view.Integrations}) }) })
}

func (a *access) ensure(then func()) {
	if a.tested || a.end.Saved() && !a.dirty && a.end.Connection.Code == "" {
		then()
		return
	}
	a.try(then)
}

// keep saves the connection; the secrets that were typed are cleared from the screen.
func (a *access) keep(then func()) {
	if wrong := a.form.Check(); wrong != nil {
		a.p.shell.Canvas().Focus(wrong.Focusable())
		return
	}
	a.work(true)
	e, name, answers := a.end, a.name.Value(), a.form.Answers()
	end := a.p.w.Asking
	save := func(ctx context.Context) (view.Connection, error) {
		return view.KeepConnection(ctx, a.p.services, e, name, answers)
	}
	task.Run(a.p.ctx, save, func(c view.Connection, err error) {
		a.work(false)
		if err != nil {
			a.name.SetProblem("")
			a.say(err)
			return
		}
		a.form.Forget(c.Secrets)
		a.dirty = false
		a.p.w.Kept(end, c)
		then()
	})
}

// halves puts two objects beside each other; left is the share of the first. Where there
// is little room the second gets less, down to its least.
type halves struct {
	gap  float32
	left float32
}

// MinSize belongs to the toolkit.
func (h halves) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(600, 200)
}

// Layout belongs to the toolkit.
func (h halves) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	wide := float32(int((s.Width - h.gap) * h.left))
	objects[0].Resize(fyne.NewSize(wide, s.Height))
	objects[0].Move(fyne.Position{})
	objects[1].Resize(fyne.NewSize(s.Width-h.gap-wide, s.Height))
	objects[1].Move(fyne.NewPos(wide+h.gap, 0))
}

package gui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// Codes gives what shows the codes of core.Ask in front of whatever page is open: until
// the person has signed in, or thinks better of it, which is a Cancelled problem.
func Codes(w fyne.Window, desktop view.Desktop) func(context.Context, core.SignInCode) error {
	return func(ctx context.Context, code core.SignInCode) error {
		d := &codeDialog{ctx: ctx, code: code, desktop: desktop, declined: make(chan struct{})}
		task.Show(func() { d.open(w.Canvas()) })
		defer task.Show(d.close)
		defer task.Every(codeTurn, d.turn)()
		select {
		case <-d.declined:
			return &core.Problem{Code: core.Cancelled, What: "Signing in to " + code.For + " was cancelled.", Fix: "Start it again when you are ready."}
		case <-ctx.Done():
			return nil
		}
	}
}

// codeDialog shows one code. All but its making happens on the screen's thread.
type codeDialog struct {
	ctx      context.Context
	code     core.SignInCode
	desktop  view.Desktop
	declined chan struct{} // closed when the person closes the dialog
	dialog   *parts.Dialog
	copied   *parts.Button
	waiting  *parts.Spinner
}

const (
	codeWide, codeSize float32 = 520, 36
	codeTurn                   = 250 * time.Millisecond
)

func (d *codeDialog) open(on fyne.Canvas) {
	if d.ctx.Err() != nil { // it is no longer asked for
		return
	}
	cancel := parts.NewButton("Cancel", parts.Second, nil)
	d.copied = parts.NewIconButton("Copy code", look.IconCopy, parts.Second, d.copy)
	page := parts.NewIconButton("Open the page", look.IconExternal, parts.Primary, d.openPage)
	d.dialog = parts.NewDialog(on, "Sign in to "+d.code.For, d.text(), d.content(), cancel, d.copied, page)
	cancel.OnTapped = d.dialog.Close
	d.dialog.OnClosed = func() { close(d.declined) }
	d.dialog.Show(codeWide)
}

func (d *codeDialog) text() string {
	return "Open the page on this computer or any other and enter the code. Rollcall goes on by itself once you have signed in."
}

func (d *codeDialog) content() fyne.CanvasObject {
	d.waiting = parts.NewSpinner()
	code := parts.NewText(d.code.User, parts.Style{Size: codeSize, Mono: true, Align: fyne.TextAlignCenter})
	page := parts.NewText(d.code.Page, parts.Style{Align: fyne.TextAlignCenter})
	until := parts.NewText("The code is good until "+d.code.Expires.Local().Format("15:04")+".", parts.Style{Size: look.TextTable, Color: look.Muted})
	wait := parts.Row(10, d.waiting, parts.NewText("Waiting for you to sign in …", parts.Style{Size: look.TextTable}), parts.Spring(), until)
	return parts.Column(16, parts.NewTintedPanel(look.Neutral, 18, parts.Column(8, page, code)), wait)
}

func (d *codeDialog) turn() {
	if d.waiting != nil {
		d.waiting.Turn()
	}
}

func (d *codeDialog) copy() {
	fyne.CurrentApp().Clipboard().SetContent(d.code.User)
	d.copied.KeepWide().SetIcon(look.IconCheck)
	d.copied.SetText("Copied")
}

func (d *codeDialog) openPage() {
	open := func(context.Context) (struct{}, error) { return struct{}{}, d.desktop.OpenURL(d.code.Page) }
	task.Run(d.ctx, open, func(_ struct{}, err error) {
		if err != nil {
			d.dialog.SetText(core.AsProblem(err).Error())
			d.dialog.Refit()
		}
	})
}

// close takes the dialog away, where it stands yet.
func (d *codeDialog) close() {
	if d.dialog == nil {
		return
	}
	d.dialog.OnClosed = nil
	d.dialog.Close()
}

package page

import (
	"cmp"
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// rehearsal is what the target said of its rights, before anything is written. It is asked when a plan is opened, and again
// when Sync now is pressed some time later; what is ticked is compared with it at every press.
type rehearsal struct {
	at     time.Time // zero: not asked yet
	asking bool
	err    error
}

// rightsHold is how long an answer is believed.
const rightsHold = 5 * time.Minute

// rehearse asks the target for its rights in the background.
func (p *Preview) rehearse() {
	if p.r == nil || p.opened.Run != nil || p.rights.asking {
		return
	}
	p.rights.asking = true
	if p.asking != nil {
		p.asking.fill()
	}
	r := p.r
	ask := func(ctx context.Context) ([]core.Right, error) { return view.Rehearse(ctx, p.services, r.Plan) }
	task.Run(p.ctx, ask, func(rights []core.Right, err error) {
		if p.r != r {
			return
		}
		p.rights = rehearsal{at: p.services.Now(), err: err}
		r.SetRights(rights)
		if p.asking != nil {
			p.asking.fill()
		}
	})
}

// question asks once more before the first write: it names the numbers, what becomes of people, what cannot be undone, and
// the rights that are missing.
type question struct {
	p      *Preview
	dialog *parts.Dialog
	body   *fyne.Container
	start  *parts.Button
	yes    bool
}

// syncNow asks, and goes to the run.
func (p *Preview) syncNow() {
	kind := parts.Primary
	if len(p.r.CannotUndo()) > 0 {
		kind = parts.Danger
	}
	q := &question{p: p, body: parts.Column(12)}
	cancel := parts.NewButton("Cancel", parts.Second, nil)
	q.start = parts.NewButton("Start sync", kind, func() { q.yes = true; q.dialog.Close() }).Asking()
	q.dialog = parts.NewDialog(p.shell.Canvas(), "Start the sync?", p.r.Question(), q.body, cancel, q.start)
	cancel.OnTapped = q.dialog.Close
	q.dialog.OnClosed = func() {
		p.asking = nil
		if q.yes {
			p.begin()
		}
	}
	p.asking = q
	q.fill()
	q.dialog.Show(540)
	p.shell.Canvas().Focus(cancel)
	if now := p.services.Now(); p.rights.err != nil || now.Sub(p.rights.at) > rightsHold {
		p.rehearse()
	}
}

func (p *Preview) begin() {
	handOver(handedOver{plan: p.r.Plan, approval: p.r.Approval(p.services.Desktop.User(), p.services.Now()), sync: p.opened.Sync})
	id := p.r.Plan.ID
	p.r = nil // the next visit reads the plan again, with its run
	p.shell.Go(view.Route{Page: view.RunPage, Plan: id})
}

// fill says what is known by now.
func (q *question) fill() {
	p := q.p
	name := cmp.Or(p.r.Spec.Name, "the directory")
	q.dialog.SetText(p.r.Question())
	q.body.Objects = nil
	for _, s := range p.r.Consequences() {
		q.body.Add(parts.NewNotice(look.Neutral, s))
	}
	lacks := p.r.Lacks()
	switch {
	case p.rights.asking:
		q.body.Add(parts.NewNotice(look.Neutral, "Asking "+name+" whether it lets Rollcall do all of this…"))
	case p.rights.err != nil:
		problem := core.AsProblem(p.rights.err)
		q.body.Add(q.box(look.Held, name+" could not be asked for its permissions.", problem.Error(), q.again()))
	case len(lacks) > 0:
		q.lacking(name, lacks)
	case p.r.TickedRows() == 0:
		q.body.Add(parts.NewNotice(look.Held, "Nothing is ticked any more."))
	}
	if unsure := p.r.Unsure(); len(unsure) > 0 {
		q.body.Add(parts.NewNotice(look.Neutral, name+" does not tell whether "+strings.Join(unsure, ", ")+" is granted. Where it is not, the rows that need it fail and say so."))
	}
	showIf(q.body, len(q.body.Objects) > 0)
	q.start.SetEnabled(!p.rights.asking && len(lacks) == 0 && p.r.TickedRows() > 0)
	q.dialog.Refit()
	p.shell.Redrawn()
}

// lacking names the rights that are missing: nothing is written before each is granted, or the rows that need it are left out.
func (q *question) lacking(name string, lacks []view.Lack) {
	var lines []string
	for _, l := range lacks {
		lines = append(lines, l.Sentence())
		if l.Grant != "" {
			lines = append(lines, "How to grant it: "+l.Grant)
		}
	}
	leave := parts.NewButton("Leave these rows out", parts.Second, func() {
		rows, part := q.p.r.LeaveOut()
		q.p.update()
		q.p.ticked()
		q.fill()
		q.said(rows, part)
	})
	q.body.Add(q.box(look.Deactivate, name+" does not let Rollcall do all of this. Nothing has been written.", strings.Join(lines, "\n"), leave, q.again()))
}

// said tells what was left out: whole rows, and single attributes of others.
func (q *question) said(rows, part int) {
	var words []string
	if rows > 0 {
		words = append(words, view.Count(rows, "row is", "rows are")+" left out")
	}
	if part > 0 {
		words = append(words, "of "+view.Count(part, "row", "rows")+" only the attribute that needs the permission is")
	}
	q.body.Objects = append([]fyne.CanvasObject{parts.NewNotice(look.Create, strings.Join(words, "; ")+". You can tick them again in the list.")}, q.body.Objects...)
	q.dialog.Refit()
}

func (q *question) again() *parts.Button {
	return parts.NewIconButton("Test again", look.IconSync, parts.Second, q.p.rehearse)
}

// box is a tinted strip with a sentence, lines that wrap, and what can be done.
func (q *question) box(tone look.Tone, sentence, detail string, buttons ...*parts.Button) fyne.CanvasObject {
	rows := []fyne.CanvasObject{parts.NewText(sentence, parts.Style{Bold: true, Color: tone.Text(), Lines: 3})}
	for line := range strings.SplitSeq(detail, "\n") {
		rows = append(rows, parts.NewText(line, parts.Style{Size: look.TextTable, Lines: 6}))
	}
	row := []fyne.CanvasObject{}
	for _, b := range buttons {
		row = append(row, b.WithHeight(30))
	}
	rows = append(rows, parts.Pad(4, 0, 0, 0, parts.Row(look.GapControls, row...)))
	return parts.NewTintedPanel(tone, 14, parts.Column(6, rows...))
}

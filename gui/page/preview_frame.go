package page

import (
	"context"
	"sync"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// verbTones gives each kind of change its colours.
var verbTones = map[core.Verb]look.Tone{core.Create: look.Create, core.Update: look.Update, core.Deactivate: look.Deactivate, core.Reactivate: look.Accent,
	core.Delete: look.Deactivate, core.Unchanged: look.Neutral, core.Skipped: look.Neutral, core.Held: look.Held}

// inPage gives a page its insets, with an optional bar along the bottom.
func inPage(body, foot fyne.CanvasObject) fyne.CanvasObject {
	inset := parts.Pad(look.InsetPage-1, look.InsetPage, 16, look.InsetPage, body)
	if foot == nil {
		return inset
	}
	return parts.Frame(nil, foot, inset)
}

// failedState says what went wrong in the place of what should be there.
func failedState(err error, again func()) fyne.CanvasObject {
	problem := core.AsProblem(err)
	icon := look.IconError
	if problem.Code == core.Cancelled {
		icon = look.IconStop
	}
	return parts.NewEmptyState(icon, problem.What, problem.Fix, parts.NewButton("Try again", parts.Second, again))
}

// reading is a long job on a page: it is told on any goroutine and shown as a bar, a sentence and a way to stop it.
type reading struct {
	latest
	ended atomic.Bool
}

// readingAt is a moment of a reading.
type readingAt struct {
	core.Progress
	ended bool
}

// newReading gives a panel that shows the job until end is called.
func newReading(ctx context.Context, title string, cancel func()) (*reading, fyne.CanvasObject) {
	r := &reading{}
	bar := parts.NewProgressBar(look.Accent, 8)
	words := parts.NewText(readingWords(core.Progress{}), parts.Muted)
	stop := parts.NewButton("Cancel", parts.Destructive, nil)
	stop.OnTapped = func() { stop.SetText("Stopping…"); stop.Disable(); cancel() }
	task.Watch(ctx, func() readingAt { return readingAt{r.get(), r.ended.Load()} }, func(at readingAt) bool { return at.ended }, func(at readingAt) {
		words.SetText(readingWords(at.Progress))
		bar.Set(readingShare(at.Progress), 0)
	})
	panel := parts.NewPanel(look.InsetPage, parts.Column(14, parts.Row(12, parts.NewText(title, parts.CardTitle), parts.Spring(), stop), bar, words))
	return r, parts.Column(16, panel, parts.Fill(parts.NewPanel(0, parts.NewSkeleton(12, parts.RowTwoLines))))
}

func (r *reading) end() { r.ended.Store(true) }

// handed holds approved plans on their way from the preview to the page that runs them, by the plan's id. A route is a
// value and cannot carry them.
var handed sync.Map

type handedOver struct {
	plan     *core.Plan
	approval core.Approval
	sync     string
	follow   *view.Follow // a run that goes on instead of a new one
}

func handOver(h handedOver) { handed.Store(h.plan.ID, h) }

func takeOver(plan string) (handedOver, bool) {
	h, ok := handed.LoadAndDelete(plan)
	if !ok {
		return handedOver{}, false
	}
	return h.(handedOver), true
}

// narrowPage is the width below which a page leaves out what stands elsewhere too, and panels lie over their table.
const narrowPage float32 = 900

// beside lays a main object and a panel of 300 beside it; where there is no room for both the panel lies over the main
// one's right side. A hidden panel takes no room.
type beside struct{ wide, gap, least float32 }

func (b beside) MinSize(o []fyne.CanvasObject) fyne.Size {
	return o[0].MinSize().Max(o[1].MinSize())
}

func (b beside) Layout(o []fyne.CanvasObject, s fyne.Size) {
	main := s.Width
	if o[1].Visible() && s.Width >= b.least {
		main -= b.wide + b.gap
	}
	o[0].Resize(fyne.NewSize(main, s.Height))
	o[0].Move(fyne.Position{})
	o[1].Resize(fyne.NewSize(b.wide, s.Height))
	o[1].Move(fyne.NewPos(s.Width-b.wide, 0))
}

// onOneLine puts a sum at the right of a row of facets: as terms and total where there is room, else the total alone, else
// nothing.
type onOneLine struct{ facets *parts.PillRow }

func (onOneLine) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, o[0].MinSize().Height)
}

// HeightFor gives more than a line where the pills need it.
func (l onOneLine) HeightFor(_ []fyne.CanvasObject, wide float32) float32 {
	return l.facets.HeightFor(wide)
}

func (onOneLine) Layout(o []fyne.CanvasObject, s fyne.Size) {
	left := o[0].MinSize().Width
	o[0].Resize(fyne.NewSize(min(left, s.Width), s.Height))
	o[0].Move(fyne.Position{})
	terms, total := o[1], o[2]
	room, t := s.Width-left-8, total.MinSize()
	total.Resize(fyne.NewSize(t.Width, t.Height))
	total.Move(fyne.NewPos(s.Width-t.Width, (s.Height-t.Height)/2))
	showIf(total, room >= t.Width)
	m := terms.MinSize()
	terms.Resize(m)
	terms.Move(fyne.NewPos(s.Width-t.Width-m.Width-5, (s.Height-m.Height)/2))
	showIf(terms, room >= t.Width+m.Width+5)
}

// yielding lets an object be as narrow as its neighbours want: it cuts its text itself.
type yielding struct{}

func (yielding) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(40, o[0].MinSize().Height)
}

func (yielding) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

func showIf(o fyne.CanvasObject, visible bool) {
	if visible == o.Visible() {
		return
	}
	if visible {
		o.Show()
	} else {
		o.Hide()
	}
}

// saved is where something was written, or "" when the person thought better of it.
type saved struct{ path string }

// save asks for a file and writes it in the background; the banner says where it is.
func save(ctx context.Context, services view.Services, banner *parts.Banner, title, name string, write func(ctx context.Context, path string) error) {
	work := func(ctx context.Context) (saved, error) {
		path, err := services.Desktop.SaveFile(ctx, title, name)
		if err != nil || path == "" {
			return saved{}, err
		}
		return saved{path}, write(ctx, path)
	}
	task.Run(ctx, work, func(s saved, err error) {
		switch {
		case err != nil:
			tell(banner, err)
		case s.path != "":
			banner.Set(look.Create, "Saved as "+s.path+".", "", closing(banner))
		}
	})
}

// closing is the button that takes a banner away.
func closing(banner *parts.Banner) *parts.Button {
	return parts.NewIconButton("", look.IconCross, parts.Plain, banner.Hide).WithTip("Close")
}

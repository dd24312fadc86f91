package page

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rollcall/core"
	"rollcall/gui/look"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// reader reads both systems of a sync while a page shows where it stands.
type reader struct {
	services  view.Services
	put       func(fyne.CanvasObject)
	cancelled func()
}

// readingEvery is how often the numbers of a reading move.
const readingEvery = 200 * time.Millisecond

func (r reader) read(ctx context.Context, setup core.Setup, title string, done func(view.Material, error)) {
	words := parts.NewText("Opening "+title+".", parts.Style{Color: look.Muted, Align: fyne.TextAlignCenter, Shrink: true})
	bar := parts.NewProgressBar(look.Accent, 6)
	ctx, stop := context.WithCancel(ctx)
	cancel := parts.NewButton("Cancel", parts.Second, func() {
		stop()
		r.cancelled()
	})
	r.put(container.NewCenter(parts.NewPanel(28, parts.MinWidth(420, parts.Column(14,
		parts.NewText("Reading people and attributes", parts.Style{Size: look.TextSection, Bold: true, Align: fyne.TextAlignCenter}),
		words, bar, parts.Row(0, parts.Spring(), cancel, parts.Spring()))))))
	at := &latest{}
	still := task.Every(readingEvery, func() {
		words.SetText(readingWords(at.get()))
		bar.Set(readingShare(at.get()), 0)
	})
	load := func(ctx context.Context) (view.Material, error) {
		defer still()
		return r.services.Syncs.Read(ctx, setup, at.tell)
	}
	task.Run(ctx, load, done)
}

// latest holds the last word of a reading: it is told on any goroutine, and the screen
// looks when it has time.
type latest struct {
	mu sync.Mutex
	at core.Progress
}

func (l *latest) tell(p core.Progress) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at = p
}

func (l *latest) get() core.Progress {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.at
}

func readingWords(at core.Progress) string {
	what := map[string]string{core.PhasePeople: "people", core.PhaseAccounts: "accounts", core.PhaseCompare: "people compared"}[at.Phase]
	switch {
	case what == "":
		return "Waiting for the first answer."
	case at.Total > 0:
		return view.Thousands(at.Done) + " of " + view.Thousands(at.Total) + " " + what
	}
	return view.Thousands(at.Done) + " " + what + " so far"
}

func readingShare(at core.Progress) float64 {
	if at.Total <= 0 {
		return 0
	}
	return float64(at.Done) / float64(at.Total)
}

package parts

import (
	"math"

	"fyne.io/fyne/v2"

	"rollcall/gui/look"
)

// Spinner says that something is waited for: a ring of dots of which one leads. It turns by steps, because each of them
// draws the window anew, and it stands still unless somebody turns it.
type Spinner struct {
	part
	leads int
}

const (
	spinnerSize float32 = 18
	spinnerDots int     = 8
	spinnerTail float32 = 5 // dots behind the leading one, ever paler
)

// NewSpinner gives a spinner.
func NewSpinner() *Spinner {
	s := &Spinner{}
	s.draw = s.paint
	s.min = func() fyne.Size { return fyne.NewSquareSize(spinnerSize) }
	s.become(s)
	return s
}

// Turn goes on by one step.
func (s *Spinner) Turn() {
	s.leads = (s.leads + 1) % spinnerDots
	s.Refresh()
}

func (s *Spinner) paint(p *pen, size fyne.Size) {
	const dot float32 = 1.9
	for i := range spinnerDots {
		turn := 2 * math.Pi * float64(i) / float64(spinnerDots)
		behind := (s.leads - i + spinnerDots) % spinnerDots
		shade := look.Mix(c(look.Primary), c(look.Track), 1-min(float32(behind)/spinnerTail, 1))
		away := spinnerSize/2 - dot
		p.circle(size.Width/2+away*float32(math.Sin(turn)), size.Height/2-away*float32(math.Cos(turn)), dot, shade, nil, 0)
	}
}

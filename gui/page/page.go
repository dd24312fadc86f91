// Package page lays out the screens: one file a screen. A page draws what its view
// holds, and asks it; it knows no store and no connector.
package page

import (
	"fyne.io/fyne/v2"

	"rollcall/gui/view"
)

// Page is one screen. It is made once and kept.
type Page interface {
	// Content gives what fills the window beside the rail; it is made on first use.
	Content() fyne.CanvasObject
	// Open shows what the route names and loads it in the background.
	Open(r view.Route)
	// Leave is called before another page is opened; false keeps this one, which then
	// asks the person itself and calls the continuation when it may go on.
	Leave(goOn func()) bool
	// Wide says whether the rail is drawn in its narrow form beside this page.
	Wide() bool
}

// Shell is what a page may do with the window around it.
type Shell interface {
	Go(r view.Route)
	Back()
	Canvas() fyne.Canvas
	// Settle is called after a page has put something else on the screen, with what should
	// have the focus there; nil finds something. Who has it and is still there keeps it.
	Settle(first fyne.Focusable)
	// Redrawn is called after parts of a page were made anew: where the focus was in one of
	// them, what took its place gets it.
	Redrawn()
	// Busy shows in the rail that long work goes on, and offers the way back to it; nil
	// ends that.
	Busy(text string, back *view.Route)
	// Applied makes changed settings (look, scale) visible at once.
	Applied(s view.Settings)
}

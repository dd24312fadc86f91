package gui

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"rollcall/core"
	"rollcall/gui/headless"
	"rollcall/gui/parts"
	"rollcall/gui/view"
)

func cannedCode() core.SignInCode {
	return core.SignInCode{For: "Microsoft Entra ID", Page: "https://microsoft.com/devicelogin", User: "H7QK2MWZP", Expires: time.Date(2026, 11, 23, 14, 32, 0, 0, time.Local)}
}

// signingIn is a system whose test shows a code first, and goes on when the person has typed it in.
type signingIn struct {
	cannedConnections
	window  *window
	desktop *opened
	typed   chan struct{}
}

func (c *signingIn) Test(ctx context.Context, connector string, answers core.Answers, id string) (core.Health, error) {
	waiting, signedIn := context.WithCancel(ctx)
	context.AfterFunc(ctx, signedIn)
	go func() {
		<-c.typed
		signedIn()
	}()
	if err := Codes(c.window.win, c.desktop)(waiting, cannedCode()); err != nil {
		return core.Health{}, err
	}
	return c.cannedConnections.Test(ctx, connector, answers, id)
}

// opened is a desktop that notes which page was opened.
type opened struct {
	cannedDesktop
	pages chan string
	err   error
}

func (d *opened) OpenURL(page string) error {
	d.pages <- page
	return d.err
}

// asking has the test of a connection show its code.
func asking(t *testing.T) (*signingIn, *window) {
	t.Helper()
	c := newCanned()
	s := c.services()
	asks := &signingIn{cannedConnections: cannedConnections{c}, desktop: &opened{cannedDesktop{c}, make(chan string, 1), nil}, typed: make(chan struct{})}
	s.Connections, s.Desktop = asks, asks.desktop
	w := openWindowOf(t, s)
	asks.window = w
	w.Go(view.Route{Page: view.Setup, Connection: "c1"})
	settle()
	button(w, "Test connection").Tapped(&fyne.PointEvent{})
	stepUntil(t, func() bool { return w.Canvas().Overlays().Top() != nil })
	return asks, w
}

// stepUntil shows what comes back until something holds: nothing settles while a code is shown.
func stepUntil(t *testing.T, holds func() bool) {
	t.Helper()
	h := fyne.CurrentApp().(*headless.App)
	for !holds() {
		if h.Step(); t.Context().Err() != nil {
			t.Fatal("it never came")
		}
		time.Sleep(time.Millisecond)
	}
}

func TestCodeIsShownUntilThePersonHasSignedIn(t *testing.T) {
	c, w := asking(t)
	for _, text := range []string{"Sign in to Microsoft Entra ID", "H7QK2MWZP", "https://microsoft.com/devicelogin", "The code is good until 14:32.", "Waiting for you to sign in …"} {
		must(t, w, text)
	}
	if b := button(w, "Test connection"); !b.Disabled() {
		t.Error("a second test can be started meanwhile")
	}
	button(w, "Copy code").Tapped(nil)
	if got := fyne.CurrentApp().Clipboard().Content(); got != "H7QK2MWZP" || !says(w, "Copied") {
		t.Errorf("copied was %q", got)
	}
	button(w, "Open the page").Tapped(nil)
	if got := <-c.desktop.pages; got != cannedCode().Page {
		t.Errorf("opened was %q", got)
	}
	close(c.typed)
	settle()
	if w.Canvas().Overlays().Top() != nil {
		t.Error("the code is shown still")
	}
	must(t, w, "Connected · 412 employees visible")
}

func TestCancelledSignInEndsTheTestWithoutAProblem(t *testing.T) {
	for name, cancel := range map[string]func(*window){
		"button": func(w *window) { button(w, "Cancel").Tapped(nil) },
		"escape": func(w *window) { w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape}) },
	} {
		t.Run(name, func(t *testing.T) {
			c, w := asking(t)
			cancel(w)
			settle()
			close(c.typed)
			if w.Canvas().Overlays().Top() != nil {
				t.Error("the code is shown still")
			}
			for _, b := range every[*parts.Banner](w) {
				t.Errorf("it says %q", b.Text())
			}
			if button(w, "Test connection").Disabled() {
				t.Error("it cannot be tried again")
			}
		})
	}
}

func TestPageThatDoesNotOpenIsTold(t *testing.T) {
	c, w := asking(t)
	c.desktop.err = &core.Problem{Code: core.Unsupported, What: "There is no browser.", Fix: "Open the page elsewhere."}
	button(w, "Open the page").Tapped(nil)
	stepUntil(t, func() bool { return says(w, "There is no browser. Open the page elsewhere.") })
	close(c.typed)
	settle()
}

func TestCodeIsReachedByKeys(t *testing.T) {
	c, w := asking(t)
	var reached []string
	for range 3 {
		b, isButton := w.Canvas().Focused().(*parts.Button)
		if !isButton {
			t.Fatalf("the focus is on %T", w.Canvas().Focused())
		}
		reached = append(reached, b.Text())
		w.Canvas().FocusNext()
	}
	if want := []string{"Open the page", "Cancel", "Copy code"}; !slices.Equal(reached, want) {
		t.Errorf("Tab goes over %q", reached)
	}
	close(c.typed)
	settle()
}

func TestCodeThatIsNoLongerAskedForIsNotShown(t *testing.T) {
	w := openWindow(t, newCanned())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := Codes(w.win, cannedDesktop{})(ctx, cannedCode())
	settle()
	if err != nil && !errors.Is(err, context.Canceled) || w.Canvas().Overlays().Top() != nil {
		t.Errorf("shown, or told as a problem: %v", err)
	}
}

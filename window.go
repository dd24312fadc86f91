//go:build !headless

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"rollcall/core"
	"rollcall/gui"
	"rollcall/gui/look"
	"rollcall/gui/view"
	"rollcall/localstore"
)

const appID = "io.rollcall.desktop"

// openWindow opens the store and the window, and gives the exit code when it is closed.
// Without a keychain it works for this session only, and says so. With sample it has the
// sample company and the practice directory set up.
func openWindow(ctx context.Context, std streams, sample bool) int {
	logger, closeLog := newLog("")
	defer closeLog()
	store, why, err := openStore(ctx)
	if err != nil {
		return noWindow(std, err)
	}
	defer store.Close()
	d, err := newDesk(ctx, store, logger)
	if err != nil {
		return noWindow(std, err)
	}
	if sample {
		if _, err := d.connectSample(ctx, defaultPeople); err != nil {
			return noWindow(std, err)
		}
	}
	s := settingsServices{d}
	settings, err := s.Load(ctx)
	if err != nil {
		return noWindow(std, err)
	}
	if settings.Scale > 0 {
		err = look.ScalePercent(int(settings.Scale * 100))
	}
	if err != nil {
		return noWindow(std, err)
	}
	return show(ctx, std, d, view.Services{Connections: connectionServices{d}, Syncs: syncServices{d}, Plans: planServices{d}, Runs: runServices{d}, People: peopleServices{d},
		Settings: s, Desktop: &desktop{}, ImportFiles: importFileServices{d}, Session: store.Session(), Why: why, Version: version, Now: time.Now})
}

// show runs the window until it is closed. Where there is no OpenGL the driver logs that
// and ends the process inside Show, so the log is where it can be told in words.
func show(ctx context.Context, std streams, d *desk, s view.Services) int {
	a := app.NewWithID(appID)
	desk, _ := s.Desktop.(*desktop)
	desk.app = a
	d.ask.OpenURL = desk.OpenURL
	w := gui.Build(a, s)
	desk.window = w
	d.ask.ShowCode = gui.Codes(w, desk)
	log.SetOutput(&withoutOpenGL{next: log.Writer(), tell: func() { noWindow(std, noOpenGL()) }})
	a.Lifecycle().SetOnStarted(w.Show)
	stop := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	defer stop()
	a.Run()
	return exitDone
}

func noOpenGL() *core.Problem {
	return &core.Problem{Code: core.Unsupported, What: "Rollcall cannot open its window: this computer offers no screen with OpenGL 2 or newer.",
		Fix: "Remote desktops and virtual machines often lack it. Update the graphics driver, run Rollcall on the computer itself, or use its commands: “rollcall --help”."}
}

// withoutOpenGL passes the log on and listens for Fyne's words on why it ends.
type withoutOpenGL struct {
	next io.Writer
	tell func()
}

// Write logs one line.
func (l *withoutOpenGL) Write(line []byte) (int, error) {
	n, err := l.next.Write(line)
	if bytes.Contains(line, []byte("window creation error")) || bytes.Contains(line, []byte("failed to initialise GLFW")) {
		l.tell()
	}
	return n, err
}

// openStore opens the user's store, or one for this session where there is no keychain.
func openStore(ctx context.Context) (*localstore.Store, *core.Problem, error) {
	store, err := localstore.Open(ctx, localstore.Options{})
	if !core.HasCode(err, core.NoKeychain) {
		return store, nil, err
	}
	why := core.AsProblem(err)
	store, err = localstore.OpenSession(ctx, localstore.Options{})
	return store, why, err
}

// noWindow tells a problem where a person sees it: on standard error and in a native box.
func noWindow(std streams, err error) int {
	p := core.AsProblem(err)
	_, _ = fmt.Fprintf(std.ErrOut, "%s\n%s\n", p.What, p.Fix)
	messageBox("Rollcall", p.Error())
	return exitError
}

// previewPNG draws the preview page of a plan as the window would.
func previewPNG(w io.Writer, p *core.Plan, target core.Spec) (bool, error) {
	return true, gui.PreviewPNG(w, p, target)
}

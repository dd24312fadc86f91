// Package headless is an app without a display, for pictures drawn by a program that has
// none and for tests. It exists because the toolkit offers such an app for tests only,
// and that one runs what comes back from background work wherever it was, so that two
// threads would draw at once. Here it waits in a queue until the caller shows it.
package headless

import (
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"rollcall/gui/task"
)

// App is the app. Its screen's thread is whichever calls Settle and Step.
type App struct {
	fyne.App
	driver *queued
}

type queued struct {
	fyne.Driver
	mu    sync.Mutex
	queue []func()
}

// New makes the app and makes it the current one.
func New() *App {
	a := test.NewApp()
	h := &App{a, &queued{Driver: a.Driver()}}
	fyne.SetCurrentApp(h)
	return h
}

// Driver belongs to the toolkit.
func (h *App) Driver() fyne.Driver { return h.driver }

// DoFromGoroutine belongs to the toolkit. Nothing here waits for the screen.
func (q *queued) DoFromGoroutine(f func(), _ bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.queue = append(q.queue, f)
}

func (q *queued) take() []func() {
	q.mu.Lock()
	defer q.mu.Unlock()
	taken := q.queue
	q.queue = nil
	return taken
}

// Settle waits for all background work and shows what it brought, until nothing is left.
func (h *App) Settle() {
	for {
		task.Wait()
		if !h.Step() {
			return
		}
	}
}

// Step shows what has come back so far, and tells whether that was anything.
func (h *App) Step() bool {
	queue := h.driver.take()
	for _, f := range queue {
		f()
	}
	return len(queue) > 0
}

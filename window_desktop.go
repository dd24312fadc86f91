//go:build !headless

package main

import (
	"context"
	"errors"
	"net/url"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"github.com/ncruces/zenity"

	"rollcall/core"
)

// desktop is what the operating system does for a person: native file dialogs, Fyne's
// where there are none, and the browser.
type desktop struct {
	app    fyne.App
	window fyne.Window
}

// OpenURL opens a page in the browser; only web addresses are opened.
func (d *desktop) OpenURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return &core.Problem{Code: core.BadOption, What: "This is no web address: " + address + ".", Fix: "Open the page by hand."}
	}
	done := make(chan error, 1)
	fyne.Do(func() { done <- d.app.OpenURL(u) })
	return <-done
}

// User gives the name under which approvals are noted.
func (d *desktop) User() string { return userName() }

var fileDialogSize = fyne.NewSize(820, 560)

// native says whether the system's own file dialogs can be used.
func native() bool {
	if runtime.GOOS != "linux" {
		return true
	}
	_, err := exec.LookPath("zenity")
	return err == nil
}

// OpenFile asks for a file of one of these kinds ("csv").
func (d *desktop) OpenFile(ctx context.Context, title string, kinds []string) (string, error) {
	kinds = slices.Clone(kinds)
	for i, k := range kinds {
		kinds[i] = "." + strings.TrimPrefix(k, ".")
	}
	if native() {
		patterns := make([]string, len(kinds))
		for i, k := range kinds {
			patterns[i] = "*" + k
		}
		return thoughtBetter(zenity.SelectFile(zenity.Context(ctx), zenity.Title(title), zenity.FileFilter{Name: strings.Join(patterns, ", "), Patterns: patterns, CaseFold: true}))
	}
	return d.ask(ctx, func(give func(string, error)) {
		open := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
			if err != nil || r == nil {
				give("", err)
				return
			}
			_ = r.Close()
			give(r.URI().Path(), nil)
		}, d.window)
		open.SetTitleText(title)
		if len(kinds) > 0 {
			open.SetFilter(storage.NewExtensionFileFilter(kinds))
		}
		open.Show()
		open.Resize(fileDialogSize) // before it is shown the toolkit's dialog has nothing to resize and panics
	})
}

// OpenFolder asks for a folder.
func (d *desktop) OpenFolder(ctx context.Context, title string) (string, error) {
	if native() {
		return thoughtBetter(zenity.SelectFile(zenity.Context(ctx), zenity.Title(title), zenity.Directory()))
	}
	return d.ask(ctx, func(give func(string, error)) {
		open := dialog.NewFolderOpen(func(r fyne.ListableURI, err error) {
			if err != nil || r == nil {
				give("", err)
				return
			}
			give(filepath.Clean(r.Path()), nil)
		}, d.window)
		open.SetTitleText(title)
		open.Show()
		open.Resize(fileDialogSize)
	})
}

// SaveFile asks where to put a file of this name.
func (d *desktop) SaveFile(ctx context.Context, title, name string) (string, error) {
	if native() {
		return thoughtBetter(zenity.SelectFileSave(zenity.Context(ctx), zenity.Title(title), zenity.Filename(name), zenity.ConfirmOverwrite()))
	}
	return d.ask(ctx, func(give func(string, error)) {
		save := dialog.NewFileSave(func(w fyne.URIWriteCloser, err error) {
			if err != nil || w == nil {
				give("", err)
				return
			}
			_ = w.Close()
			give(filepath.Clean(w.URI().Path()), nil)
		}, d.window)
		save.SetTitleText(title)
		save.SetFileName(name)
		save.Show()
		save.Resize(fileDialogSize)
	})
}

func thoughtBetter(path string, err error) (string, error) {
	if errors.Is(err, zenity.ErrCanceled) {
		return "", nil
	}
	return path, err
}

// ask shows a dialog on the screen's thread and waits for its answer elsewhere.
func (d *desktop) ask(ctx context.Context, show func(give func(string, error))) (string, error) {
	type answer struct {
		path string
		err  error
	}
	given := make(chan answer, 1)
	fyne.Do(func() { show(func(path string, err error) { given <- answer{path, err} }) })
	select {
	case a := <-given:
		return a.path, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// messageBox shows a native box where the system has one.
func messageBox(title, text string) {
	if native() && zenity.IsAvailable() {
		_ = zenity.Error(text, zenity.Title(title)) // standard error has it too
	}
}

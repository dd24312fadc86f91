//go:build headless

package main

import (
	"context"
	"fmt"
	"io"

	"rollcall/core"
)

// openWindow says that this build has none.
func openWindow(_ context.Context, std streams, _ bool) int {
	_, _ = fmt.Fprintln(std.ErrOut, "This build of Rollcall has no window.\n“rollcall --help” shows its commands.")
	return exitError
}

// previewPNG cannot be drawn without Fyne.
func previewPNG(io.Writer, *core.Plan, core.Spec) (bool, error) { return false, nil }

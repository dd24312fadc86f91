package main

import (
	"context"
	"fmt"
	"os"
	"runtime"

	"golang.org/x/term"

	"rollcall/core"
)

// isTerminal says that a person sees what is written to a file: the device that forgets
// everything is no terminal.
func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// askSecret asks for a line at the terminal that the program was started from, whatever
// its standard streams are; it is not seen while it is typed. It is an error where there
// is no terminal, and ctx's where that ends first.
func askSecret(ctx context.Context, question string) (core.Secret, error) {
	from, to := "/dev/tty", "/dev/tty"
	if runtime.GOOS == "windows" {
		from, to = "CONIN$", "CONOUT$"
	}
	in, err := os.OpenFile(from, os.O_RDWR, 0)
	if err != nil {
		return "", err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_RDWR, 0)
	if err != nil {
		return "", err
	}
	defer out.Close()
	_, _ = fmt.Fprint(out, question)
	typed, err := hiddenLine(ctx, int(in.Fd()))
	_, _ = fmt.Fprintln(out) // the line break that was typed is not seen either
	return typed, err
}

// hiddenLine reads a line of a terminal, and leaves the terminal as it was.
func hiddenLine(ctx context.Context, terminal int) (core.Secret, error) {
	before, err := term.GetState(terminal)
	if err != nil {
		return "", err
	}
	type typed struct {
		line []byte
		err  error
	}
	done := make(chan typed, 1)
	go func() { // ends with the line, or with the program
		line, err := term.ReadPassword(terminal)
		done <- typed{line, err}
	}()
	select {
	case t := <-done:
		return core.Secret(t.line), t.err
	case <-ctx.Done():
		_ = term.Restore(terminal, before) // nobody waits for the line any more
		return "", ctx.Err()
	}
}

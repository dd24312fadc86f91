// Rollcall brings the people of an HR system into an identity provider: it shows every
// change before it is made, and makes exactly those. This package opens the store, the
// catalogue, the engine and the window, and ties them together.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// version is set by the build.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	std := streams{In: os.Stdin, Out: os.Stdout, ErrOut: os.Stderr}
	var code int
	if len(os.Args) < 2 {
		code = openWindow(ctx, std, false)
	} else {
		attachConsole(&std)
		code = run(ctx, os.Args[1:], std)
	}
	stop()
	os.Exit(code)
}

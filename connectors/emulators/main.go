// Command emulators starts the emulator of one vendor on this machine, prints how to reach it, and serves until it is
// interrupted:
//
//	go run ./connectors/emulators [-way WAY] [-people N] [-address HOST:PORT] bamboohr
//	go run ./connectors/emulators -empty [-lag CALLS] [-delay TIME] [-limits] [-limit CALLS] [-window 1m] [-at-once CALLS] [-read-only] okta
//
// The first line is the URL for `rollcall read --base-url`, the second the options for `rollcall read --options -`.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("emulators", flag.ContinueOnError)
	way := flags.String("way", "", "way of signing in or of being read")
	people := flags.Int("people", 120, "size of the made-up company")
	address := flags.String("address", "", "host and port to listen on")
	var writing wire.Writing
	flags.BoolVar(&writing.Empty, "empty", false, "a directory begins with one administrator and a few groups only")
	flags.BoolVar(&writing.ReadOnly, "read-only", false, "a directory refuses changes")
	flags.IntVar(&writing.Lag, "lag", 0, "calls that go by before a directory's lists show a new account")
	flags.DurationVar(&writing.Delay, "delay", 0, "time that a directory takes for its work in the background")
	flags.BoolVar(&writing.Limits.Real, "limits", false, "a directory has its published limits")
	flags.IntVar(&writing.Limits.Calls, "limit", 0, "calls that a directory takes in each window; 0: any number")
	flags.DurationVar(&writing.Limits.Window, "window", 0, "how long a window is; 0: the vendor's own")
	flags.IntVar(&writing.Limits.AtOnce, "at-once", 0, "calls that a directory takes at the same time; 0: any number")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("read the arguments: %w", err)
	}
	if flags.NArg() != 1 {
		return fmt.Errorf("name one emulator: %s", choices())
	}
	setup := emulate.Setup{Way: *way, People: seed.Company(*people, time.Now()), Address: *address, Writing: writing}
	server, err := emulate.Start(flags.Arg(0), setup)
	if err != nil {
		return err
	}
	defer server.Close()
	if err := describe(out, server); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return nil
	case <-server.Done():
		return fmt.Errorf("the emulator at %s stopped", server.URL)
	}
}

// choices names the emulators, each with its ways, the usual one first.
func choices() string {
	var list []string
	for _, id := range emulate.IDs() {
		var ways []string
		for _, w := range emulate.Ways(id) {
			ways = append(ways, w.Name)
		}
		list = append(list, fmt.Sprintf("%s (%s)", id, strings.Join(ways, ", ")))
	}
	return strings.Join(list, ", ")
}

func describe(out io.Writer, server *emulate.Server) error {
	options, err := json.Marshal(server.Options)
	if err != nil {
		return fmt.Errorf("write the options: %w", err)
	}
	if _, err := fmt.Fprintf(out, "%s\n%s\n", server.URL, options); err != nil {
		return fmt.Errorf("write how to reach it: %w", err)
	}
	return nil
}

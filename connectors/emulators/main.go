// Command emulators starts the emulator of one vendor on this machine, prints how to reach it, and serves until it is
// interrupted:
//
//	go run ./connectors/emulators [-way WAY] [-people N] [-address HOST:PORT] bamboohr
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
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("read the arguments: %w", err)
	}
	if flags.NArg() != 1 {
		return fmt.Errorf("name one emulator: %s", choices())
	}
	setup := emulate.Setup{Way: *way, People: seed.Company(*people, time.Now()), Address: *address}
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

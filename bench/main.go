// Bench prints the figures of docs/benchmarks.md: each as a ratio to a floor or a peer
// measured in the same run (median of several), with peak memory.
package main

import (
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) > 2 && os.Args[1] == "floor" {
		fatal(floor(os.Args[2:]))
		return
	}
	sizes := flag.String("people", "100000,1000000", "numbers of people, with commas")
	runs := flag.Int("runs", 5, "runs of each; the median counts")
	folder := flag.String("dir", "../build/bench", "where files are made")
	peer := flag.Bool("peer", true, "measure csvdiff too")
	only := flag.Bool("make", false, "only make the files")
	inside := flag.Bool("go", true, "run the Go benchmarks of export, preview and records too")
	flag.Parse()
	if *only {
		fatal(makeAll(*sizes, *folder))
		return
	}
	fatal(bench(*sizes, *runs, *folder, *peer))
	if *inside {
		fatal(goBench(*runs))
	}
}

func fatal(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func makeAll(sizes, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, size := range strings.Split(sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			return err
		}
		f, err := made(folder, n)
		if err != nil {
			return err
		}
		fmt.Println(f.left, f.right, f.config)
	}
	return nil
}

// floor is the time in which one goroutine of encoding/csv merely reads the files.
func floor(files []string) error {
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		r := csv.NewReader(f)
		r.ReuseRecord = true
		for {
			if _, err = r.Read(); err != nil {
				break
			}
		}
		f.Close()
		if !errors.Is(err, io.EOF) {
			return err
		}
	}
	return nil
}

func bench(sizes string, runs int, folder string, peer bool) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	rollcall, err := filepath.Abs(filepath.Join(folder, "rollcall"))
	if err != nil {
		return err
	}
	if err := output("..", "go", "build", "-tags", "headless", "-o", rollcall, "."); err != nil {
		return err
	}
	csvdiff, err := filepath.Abs(filepath.Join(folder, "csvdiff"))
	if err != nil {
		return err
	}
	if peer {
		if err := output(".", "go", "build", "-o", csvdiff, "github.com/aswinkarthik/csvdiff"); err != nil {
			return err
		}
	}
	fmt.Printf("%-34s %10s %10s %8s %9s\n", "what", "seconds", "floor", "ratio", "peak MB")
	for _, size := range strings.Split(sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			return err
		}
		if err := one(n, runs, folder, rollcall, csvdiff, peer); err != nil {
			return err
		}
	}
	return nil
}

// figure is what one command took.
type figure struct {
	took time.Duration
	peak float64 // MB
}

func one(n, runs int, folder, rollcall, csvdiff string, peer bool) error {
	f, err := made(folder, n)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	commands := map[string][]string{
		"floor": {self, "floor", f.left, f.right},
		"plan":  {rollcall, "diff", f.left, f.right, "--config", f.config},
	}
	names := []string{"floor", "plan"}
	if peer {
		commands["csvdiff"] = []string{csvdiff, f.cutLeft, f.cutRight, "--primary-key", "0", "--format", "json"}
		names = append(names, "csvdiff")
	}
	figures := map[string][]figure{}
	for range runs {
		for _, name := range names {
			got, err := timed(commands[name])
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			figures[name] = append(figures[name], got)
		}
	}
	base := median(figures["floor"])
	for _, name := range names[1:] {
		m := median(figures[name])
		fmt.Printf("%-34s %10.2f %10.2f %8.2f %9.0f\n", fmt.Sprintf("%s of %d against %d", name, n, n), m.took.Seconds(), base.took.Seconds(), m.took.Seconds()/base.took.Seconds(), m.peak)
	}
	return nil
}

func timed(command []string) (figure, error) {
	cmd := exec.Command(command[0], command[1:]...)
	var problem strings.Builder
	cmd.Stderr = &problem
	began := time.Now()
	err := cmd.Run()
	took := time.Since(began)
	var exit *exec.ExitError
	if errors.As(err, &exit) && (exit.ExitCode() == 2 || exit.ExitCode() == 3) {
		err = nil // changes waiting, or held by a guard: what a plan is for
	}
	if err != nil {
		return figure{}, fmt.Errorf("%w: %s", err, problem.String())
	}
	usage, _ := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return figure{took, float64(usage.Maxrss) / 1024}, nil
}

func median(f []figure) figure {
	f = slices.Clone(f)
	slices.SortFunc(f, func(a, b figure) int { return int(a.took - b.took) })
	peak := 0.0
	for _, x := range f {
		peak = max(peak, x.peak)
	}
	return figure{f[len(f)/2].took, peak}
}

func output(dir string, command ...string) error {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	return cmd.Run()
}

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// goBench runs the benchmarks that stand beside the code they measure, and prints them
// as ratios to their peer, or to the time that a person may have to wait.
func goBench(runs int) error {
	if err := beside(runs, "./core/review", "XLSX", "XLSX export, changes", "review, Changes only", "bare stream writer"); err != nil {
		return err
	}
	if err := reading(runs); err != nil {
		return err
	}
	if err := pushing(runs); err != nil {
		return err
	}
	for _, b := range []struct {
		pattern, what string
		most          time.Duration
	}{
		{"Open1M", "preview of 1000000 rows, opened", time.Second},
		{"Search1M", "the same, worst key press", 50 * time.Millisecond},
		{"Sort1M", "the same, worst sort", 300 * time.Millisecond},
	} {
		if err := within(runs, "./gui/view", b.pattern, b.what, b.most); err != nil {
			return err
		}
	}
	return shapes(runs)
}

// beside prints one benchmark's time as a ratio to another's.
func beside(runs int, pkg, pattern, what, ours, peer string) error {
	got, err := goTest(runs, pkg, pattern)
	if err != nil {
		return err
	}
	mine, floor := got.time(ours), got.time(peer)
	if mine == 0 || floor == 0 {
		return fmt.Errorf("%s has no benchmarks %q and %q", pkg, ours, peer)
	}
	fmt.Printf("%-34s %10.3f %10.3f %8.2f\n", what, mine.Seconds(), floor.Seconds(), mine.Seconds()/floor.Seconds())
	return nil
}

// reading prints what it takes to read 50,000 people from each vendor, as a ratio to a bare
// client that makes the same calls and decodes their answers.
func reading(runs int) error {
	for _, v := range []string{"bamboohr-key", "personio-v1", "workday-report", "workday-soap", "successfactors-basic"} {
		got, err := goTest(runs, "./connectors", "Reading/"+v)
		if err != nil {
			return err
		}
		mine, floor := got.time(v+"/rollcall"), got.time(v+"/bare")
		if mine == 0 || floor == 0 {
			return fmt.Errorf("there is no benchmark of reading %s", v)
		}
		fmt.Printf("%-34s %10.3f %10.3f %8.2f  %4.0f MB\n", "50000 people of "+v, mine.Seconds(), floor.Seconds(), mine.Seconds()/floor.Seconds(), got.median(v+"/rollcall", "peak-MB"))
	}
	return nil
}

// pushing prints what it takes to push 2,000 people to servers without limits, as a ratio to
// a bare client that makes the same calls, and how well limits are used where there are some.
func pushing(runs int) error {
	for _, v := range []string{"scim", "okta", "jumpcloud"} {
		got, err := goTest(runs, "./connectors", "PushingFreely/"+v)
		if err != nil {
			return err
		}
		mine, floor := got.time(v+"/rollcall"), got.time(v+"/bare")
		if mine == 0 || floor == 0 {
			return fmt.Errorf("there is no benchmark of pushing to %s", v)
		}
		fmt.Printf("%-34s %10.3f %10.3f %8.2f\n", "2000 people to "+v, mine.Seconds(), floor.Seconds(), mine.Seconds()/floor.Seconds())
	}
	got, err := goTestFor("1x", 1, "./connectors", "PushingWithinLimits") // half a minute each, and hardly any chance in it
	if err != nil {
		return err
	}
	fmt.Printf("\n%-34s %10s %10s %10s\n", "pushed within limits", "used %", "refused %", "rows/min")
	for _, v := range []string{"okta", "entraid", "googleworkspace", "scim", "bulkUpload"} {
		if got[v] == nil {
			return fmt.Errorf("there is no benchmark of the limits of %s", v)
		}
		fmt.Printf("%-34s %10.1f %10.2f %10.0f\n", v, got.median(v, "used-%"), got.median(v, "refused-%"), got.median(v, "rows/min"))
	}
	fmt.Println()
	return nil
}

// within prints the worst of some benchmarks as a share of the time allowed. One that
// goes through several key presses (typing) is no single wait and does not count.
func within(runs int, pkg, pattern, what string, most time.Duration) error {
	got, err := goTest(runs, pkg, pattern)
	if err != nil {
		return err
	}
	worst := time.Duration(0)
	for name := range got {
		if name != "typing" {
			worst = max(worst, got.time(name))
		}
	}
	if worst == 0 {
		return fmt.Errorf("%s has no benchmark %s", pkg, pattern)
	}
	fmt.Printf("%-34s %10.3f %10.3f %8.2f\n", what, worst.Seconds(), most.Seconds(), worst.Seconds()/most.Seconds())
	return nil
}

// shapes prints what a million people cost as a map, as strings and packed.
func shapes(runs int) error {
	got, err := goTest(runs, "./core", "RecordShapes")
	if err != nil {
		return err
	}
	fmt.Printf("\n%-34s %10s %10s %10s %10s\n", "a person of 14 values, 140 bytes", "bytes", "objects", "build ns", "read ns")
	for _, shape := range []string{"map", "strings", "packed"} {
		fmt.Printf("%-34s %10.0f %10.0f %10.0f %10.0f\n", "as "+shape,
			got.median(shape, "B/record"), got.median(shape, "objects/record"), got.median(shape, "build-ns/record"), got.median(shape, "read-ns/record"))
	}
	return nil
}

// results hold, by benchmark (without the name of its parent) and unit, one value a run.
type results map[string]map[string][]float64

func (r results) median(name, unit string) float64 {
	values := slices.Sorted(slices.Values(r[name][unit]))
	if len(values) == 0 {
		return 0
	}
	return values[len(values)/2]
}

func (r results) time(name string) time.Duration {
	return time.Duration(r.median(name, "ns/op"))
}

// goTest runs benchmarks several times.
func goTest(runs int, pkg, pattern string) (results, error) {
	return goTestFor("3x", runs, pkg, pattern)
}

// goTestFor runs them with so many loops in each.
func goTestFor(loops string, runs int, pkg, pattern string) (results, error) {
	cmd := exec.Command("go", "test", "-tags", "ci", "-run", "^$", "-bench", "^Benchmark"+pattern+"$", "-benchtime", loops, "-count", strconv.Itoa(runs), "-timeout", "30m", pkg)
	cmd.Dir = ".."
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", pkg, err, out.String())
	}
	return readResults(out.String()), nil
}

// processors is the number that go test hangs on a name.
var processors = regexp.MustCompile(`-\d+$`)

// readResults reads lines such as “BenchmarkX/one-2  3  12 ns/op  4 B/record”.
func readResults(text string) results {
	got := results{}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name := processors.ReplaceAllString(fields[0], "")
		if _, sub, nested := strings.Cut(name, "/"); nested {
			name = strings.ReplaceAll(sub, "_", " ")
		}
		if got[name] == nil {
			got[name] = map[string][]float64{}
		}
		for i := 2; i+1 < len(fields); i += 2 {
			if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
				got[name][fields[i+1]] = append(got[name][fields[i+1]], v)
			}
		}
	}
	return got
}

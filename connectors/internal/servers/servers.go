// Package servers starts servers that others wrote, so that connectors are tested
// against something that none of us made. Each one listens on this computer only, keeps
// its files in the test's own folder and ends with the test.
package servers

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// absent ends the test where a server's program is missing: a person may go on without
// it, continuous integration may not.
func absent(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// program finds a program, also where Debian keeps servers and a person's PATH does not look.
func program(t testing.TB, name, from string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		path, err = exec.LookPath(filepath.Join("/usr/sbin", name))
	}
	if err != nil {
		absent(t, "This test needs %s; install %s.", name, from)
	}
	return path
}

// start runs a program until the test ends.
func start(t testing.TB, c *exec.Cmd) {
	t.Helper()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
}

// FreePort gives a port that nobody listens on. It is none of those that the system gives
// to outgoing connections by itself (RFC 6335, Linux from 32768 on): one of these could
// have it before the server does.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(22_000)))
		if err == nil {
			defer l.Close()
			return l.Addr().(*net.TCPAddr).Port
		}
	}
	t.Fatal("every port is taken")
	return 0
}

// awaitPort waits until somebody listens at a port of this computer.
func awaitPort(t testing.TB, port int) {
	t.Helper()
	await(t, fmt.Sprintf("127.0.0.1:%d", port))
}

// await waits until somebody listens at an address.
func await(t testing.TB, address string) {
	t.Helper()
	for range 800 {
		c, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			c.Close()
			return
		}
		time.Sleep(25 * time.Millisecond) // another process is starting; there is nothing to wait on
	}
	t.Fatalf("nobody listens at %s", address)
}

func writeFile(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// moduleRoot finds the folder of go.mod above the test.
func moduleRoot(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		if folder == filepath.Dir(folder) {
			t.Fatal("no go.mod above the test")
		}
		folder = filepath.Dir(folder)
	}
}

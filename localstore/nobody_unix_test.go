//go:build unix

package localstore

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"rollcall/core"
)

const unprivilegedVariable = "ROLLCALL_TEST_UNPRIVILEGED"

// TestFileOfAnotherUserIsNamed runs again as nobody where it runs as root, who may
// read everything.
func TestFileOfAnotherUserIsNamed(t *testing.T) {
	if os.Getuid() == 0 {
		asNobody(t)
		return
	}
	folder := os.Getenv(unprivilegedVariable)
	if folder == "" {
		folder = t.TempDir()
	}
	o := Options{Folder: filepath.Join(folder, "data"), Keychain: MemoryKeychain()}
	s := must[*Store](t)(Open(t.Context(), o))
	ok(t, s.Close())
	for _, name := range []string{fileName, lockName} {
		path := filepath.Join(o.Folder, name)
		ok(t, os.Chmod(path, 0))
		_, err := Open(t.Context(), o)
		wantProblem(t, err, core.Damaged, "not allowed to read and write "+path)
		ok(t, os.Chmod(path, 0o600))
	}
	ok(t, os.Chmod(o.Folder, 0o500))
	defer os.Chmod(o.Folder, 0o700)
	_, err := Open(t.Context(), o)
	wantProblem(t, err, core.Damaged, "not allowed")
}

func asNobody(t *testing.T) {
	folder := must[string](t)(os.MkdirTemp("", "rollcall-nobody-"))
	defer os.RemoveAll(folder)
	program := filepath.Join(folder, "test")
	ok(t, os.WriteFile(program, must[[]byte](t)(os.ReadFile(os.Args[0])), 0o755))
	ok(t, os.Chown(folder, 65534, 65534))
	child := exec.Command(program, "-test.run=^TestFileOfAnotherUserIsNamed$")
	child.Dir = folder
	child.Env = append(os.Environ(), unprivilegedVariable+"="+folder)
	child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if out, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

package connectors

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestVendorIsAddedByOneFolderAndItsEmulator does what CONTRIBUTING.md says, for a vendor
// that does not exist, in a copy of the sources.
func TestVendorIsAddedByOneFolderAndItsEmulator(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles a copy of the sources")
	}
	dir := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum", "core", "connectors"} {
		copyAll(t, filepath.Join("..", name), filepath.Join(dir, name))
	}
	put := func(from, to string) {
		data, err := os.ReadFile(filepath.Join("testdata", "newcomer", from))
		if err != nil {
			t.Fatal(err)
		}
		writeIn(t, filepath.Join(dir, to), data)
	}
	put("manifest.yaml", "connectors/hris/acmehr/manifest.yaml")
	put("emulator.go.txt", "connectors/emulators/acmehr/emulator.go")
	list := filepath.Join(dir, "connectors/emulators/emulate/vendors.go")
	text, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	named := strings.Replace(string(text), "import (\n", "import (\n\t\"rollcall/connectors/emulators/acmehr\"\n", 1)
	named = strings.Replace(named, "map[string]maker{\n", "map[string]maker{\n\t\"acmehr\": {acmehr.New, []Way{{Name: \"key\", Key: true}}},\n", 1)
	writeIn(t, list, []byte(named))

	laws := func(more ...string) string {
		cmd := exec.Command("go", append([]string{"test", "-tags", "ci", "-count", "1", "-v", "./connectors", "-run", "TestConformance/acmehr"}, more...)...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("the laws do not hold for the newcomer: %v\n%s", err, out)
		}
		return string(out)
	}
	laws("-update") // writes the golden file, which is read before it is committed
	if held := strings.Count(laws(), "--- PASS: TestConformance/acmehr/key/"); held < 25 {
		t.Errorf("only %d laws were tried", held)
	}
}

func writeIn(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// copyAll copies a file or a folder.
func copyAll(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		writeIn(t, filepath.Join(to, rel), data)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

package servers

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

//go:embed testdata/server.mjs
var scimmyServer []byte

// Service is a SCIM service provider.
type Service struct {
	URL   string // base URL
	Token string // bearer token
}

// SCIMMY starts the SCIM server of that name with these users (SCIM resources) in it,
// and with these variables (NAME=value) of server.mjs. The packages are looked for in
// the folder that ROLLCALL_SCIMMY names, else in .cache/scimmy of the checkout.
func SCIMMY(t testing.TB, users []map[string]any, variables ...string) Service {
	t.Helper()
	node := program(t, "node", "Node.js 18 or later")
	cache := os.Getenv("ROLLCALL_SCIMMY")
	if cache == "" {
		cache = filepath.Join(moduleRoot(t), ".cache", "scimmy")
	}
	modules := filepath.Join(cache, "node_modules")
	if _, err := os.Stat(filepath.Join(modules, "scimmy-routers")); err != nil {
		absent(t, "This test needs SCIMMY; run “npm install --no-save scimmy@1.3.5 scimmy-routers@1.3.2 express@4” in .cache/scimmy.")
	}
	folder := t.TempDir()
	if err := os.Symlink(modules, filepath.Join(folder, "node_modules")); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(folder, "server.mjs"), scimmyServer)
	seed, err := json.Marshal(append([]map[string]any{}, users...))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(folder, "seed.json"), seed)
	run := exec.Command(node, "server.mjs", "0", "seed.json")
	run.Dir, run.Stderr = folder, os.Stderr
	run.Env = append(append(os.Environ(), "SCIM_TOKEN=scim-token"), variables...)
	out, err := run.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	start(t, run)
	line, err := bufio.NewReader(out).ReadString('\n')
	port, ready := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if err != nil || !ready {
		t.Fatalf("SCIMMY did not start: %q, %v", line, err)
	}
	return Service{URL: "http://127.0.0.1:" + port + "/scim/v2", Token: "scim-token"}
}

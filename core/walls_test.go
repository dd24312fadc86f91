package core

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// wall says what the packages of one room may not import.
type wall struct {
	room   string   // path in the module; a trailing /... takes in everything below
	never  []string // import paths, likewise
	except []string
	why    string
}

var walls = []wall{
	{"core", []string{"."}, nil, "core holds the words: standard library only"},
	{"core/...", []string{"rollcall/gui/...", "rollcall/connectors/...", "rollcall/localstore/...", "fyne.io/...", "net/http", "database/sql", "github.com/mattn/go-sqlite3"}, nil, "core knows no screen, no SQL, no HTTP, no vendor"},
	{"gui/...", []string{"rollcall/connectors/...", "rollcall/localstore/..."}, nil, "the wings know core and never each other"},
	{"connectors/...", []string{"rollcall/gui/...", "rollcall/localstore/...", "fyne.io/..."}, nil, "the wings know core and never each other"},
	{"localstore/...", []string{"rollcall/gui/...", "rollcall/connectors/...", "fyne.io/..."}, nil, "the wings know core and never each other"},
	{"gui/view/...", []string{"fyne.io/...", "rollcall/gui/parts", "rollcall/gui/page", "rollcall/gui/look"}, nil, "a view knows no toolkit"},
	{"gui/parts/...", []string{"rollcall/core/...", "rollcall/gui/view", "rollcall/gui/page"}, nil, "parts call back and know no services"},
	{"gui/look/...", []string{"rollcall/core/...", "rollcall/gui/view", "rollcall/gui/page", "rollcall/gui/parts"}, nil, "the look knows nothing of the program"},
	{"gui/...", []string{"fyne.io/fyne/v2/app"}, nil, "only main starts the driver, so that all else builds without a display"},
	{"core/filter", stages("filter"), nil, "a stage knows no other stage"},
	{"core/mapping", stages("mapping"), nil, "a stage knows no other stage"},
	{"core/match", stages("match"), nil, "a stage knows no other stage"},
	{"core/diff", stages("diff"), nil, "a stage knows no other stage"},
	{"core/plan", stages("plan"), nil, "a stage knows no other stage"},
	{"core/apply", stages("apply"), nil, "a stage knows no other stage"},
}

func stages(but string) []string {
	var others []string
	for _, s := range []string{"filter", "mapping", "match", "diff", "plan", "apply", "engine"} {
		if s != but {
			others = append(others, "rollcall/core/"+s)
		}
	}
	return others
}

// breaches reads the imports of everything but tests under root.
func breaches(root string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && file != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "build" || name == "bench" || name == "node_modules") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		found = append(found, breachesOf(f, filepath.ToSlash(rel))...)
		return nil
	})
	return found, err
}

func breachesOf(f *ast.File, file string) []string {
	var found []string
	room := path.Dir(file)
	for _, i := range f.Imports {
		imported, _ := strconv.Unquote(i.Path.Value)
		for _, w := range walls {
			if within(room, w.room) && !slices.Contains(w.except, imported) && slices.ContainsFunc(w.never, func(n string) bool { return forbids(n, imported) }) {
				found = append(found, fmt.Sprintf("%s imports %s: %s", file, imported, w.why))
			}
		}
	}
	if strings.HasPrefix(room, "gui") && room != "gui/task" {
		found = append(found, goroutines(f, file)...)
	}
	return found
}

// forbids takes "." as everything outside the standard library.
func forbids(never, imported string) bool {
	if never == "." {
		first, _, _ := strings.Cut(imported, "/")
		return strings.Contains(first, ".") || first == "rollcall"
	}
	return within(imported, never)
}

func within(p, room string) bool {
	if above, all := strings.CutSuffix(room, "/..."); all {
		return p == above || strings.HasPrefix(p, above+"/")
	}
	return p == room
}

// goroutines finds go statements: the window starts background work in gui/task only.
func goroutines(f *ast.File, file string) []string {
	var found []string
	ast.Inspect(f, func(n ast.Node) bool {
		if _, is := n.(*ast.GoStmt); is {
			found = append(found, file+" starts a goroutine: background work belongs to gui/task")
		}
		return true
	})
	return found
}

func TestWallsStand(t *testing.T) {
	found, err := breaches("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range found {
		t.Error(b)
	}
}

func TestABreachIsSeen(t *testing.T) {
	for file, code := range map[string]string{
		"core/x.go":              `package core; import _ "github.com/google/go-cmp/cmp"`,
		"core/y.go":              `package core; import _ "rollcall/core/plan"`,
		"core/diff/x.go":         `package diff; import _ "rollcall/core/plan"`,
		"core/review/x.go":       `package review; import _ "net/http"`,
		"core/engine/x.go":       `package engine; import _ "rollcall/connectors"`,
		"gui/page/x.go":          `package page; import _ "rollcall/localstore"`,
		"gui/view/x.go":          `package view; import _ "fyne.io/fyne/v2/widget"`,
		"gui/parts/x.go":         `package parts; import _ "rollcall/core"`,
		"gui/page/y.go":          `package page; import _ "fyne.io/fyne/v2/app"`,
		"gui/page/z.go":          `package page; func f() { go f() }`,
		"localstore/x.go":        `package localstore; import _ "rollcall/connectors/idp/scim"`,
		"connectors/hris/a/x.go": `package a; import _ "rollcall/localstore"`,
	} {
		root := t.TempDir()
		at := filepath.Join(root, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(code), 0o600); err != nil {
			t.Fatal(err)
		}
		if found, err := breaches(root); err != nil || len(found) == 0 {
			t.Errorf("%s goes through: %v", file, err)
		}
	}
}

package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/xuri/excelize/v2"
	"github.com/zalando/go-keyring"

	"rollcall/core"
	"rollcall/localstore"
)

const goodPeople = "Employee number,First name,Last name,E-mail,Status\n0001,Ada,Berg,ada@corp.example,active\n0002,Bo,Lund,bo@corp.example,active\n"

// bomb is a workbook whose sheet unpacks to a thousand times its size.
func bomb(t *testing.T, path string) string {
	t.Helper()
	f := excelize.NewFile()
	must(t, f.SetCellValue("Sheet1", "A1", "Employee number"))
	var b bytes.Buffer
	must(t, f.Write(&b))
	old, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	must(t, err)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range old.File {
		w, err := z.Create(part.Name)
		must(t, err)
		if strings.HasPrefix(part.Name, "xl/worksheets/") {
			_, err = w.Write(bytes.Repeat([]byte(" "), 600<<20))
			must(t, err)
			continue
		}
		r, err := part.Open()
		must(t, err)
		_, err = out.Write(nil)
		must(t, err)
		var whole bytes.Buffer
		_, err = whole.ReadFrom(r)
		must(t, err)
		_, err = w.Write(whole.Bytes())
		must(t, err)
	}
	must(t, z.Close())
	return put(t, path, out.String())
}

func TestFileThatCannotBeReadIsExplained(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		make func(t *testing.T, path string)
		says []string
	}{
		"not there":     {"people.csv", nil, []string{"people.csv"}},
		"empty":         {"people.csv", func(t *testing.T, p string) { put(t, p, "") }, []string{"people.csv", "empty"}},
		"a header only": {"people.csv", func(t *testing.T, p string) { put(t, p, "Employee number,E-mail\n") }, nil},
		"a directory":   {"people.csv", func(t *testing.T, p string) { must(t, os.Mkdir(p, 0o700)) }, []string{"people.csv", "folder"}},
		"a torn quote": {"people.csv", func(t *testing.T, p string) {
			put(t, p, goodPeople+"0003,\"Cleo,Dahl,c@corp.example,active\n0004,Dan,Ek,d@corp.example,active\n")
		}, []string{"people.csv", "ine 4"}},
		"a password":      {"people.xlsx", locked, []string{"people.xlsx", "password"}},
		"a zip bomb":      {"people.xlsx", func(t *testing.T, p string) { bomb(t, p) }, []string{"people.xlsx"}},
		"no workbook":     {"people.xlsx", func(t *testing.T, p string) { put(t, p, goodPeople) }, []string{"people.xlsx"}},
		"half a workbook": {"people.xlsx", func(t *testing.T, p string) { half(t, p) }, []string{"people.xlsx"}},
		"a picture as a table": {"people.csv", func(t *testing.T, p string) {
			put(t, p, "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"+strings.Repeat("\x00\xff\x07", 500))
		}, []string{"people.csv"}},
	} {
		t.Run(name, func(t *testing.T) {
			home(t)
			folder := t.TempDir()
			accounts := put(t, filepath.Join(folder, "accounts.csv"), "id,Employee number,E-mail\n1,0001,ada@corp.example\n")
			path := filepath.Join(folder, c.file)
			if c.make != nil {
				c.make(t, path)
			}
			s := say(t, "", "diff", path, accounts, "--export", filepath.Join(folder, "plan.csv"))
			if c.says == nil { // nobody works there, which is no mistake of the file
				return
			}
			if s.code != exitError {
				t.Fatalf("exit code %d\n%s%s", s.code, s.out, s.err)
			}
			s.has(t, c.says...)
			if strings.Contains(s.err, "did not expect") {
				t.Errorf("not explained: %s", s.err)
			}
			if _, err := os.Stat(filepath.Join(folder, "plan.csv")); err == nil {
				t.Error("there is an export of nothing")
			}
		})
	}
}

func locked(t *testing.T, path string) {
	t.Helper()
	f := excelize.NewFile()
	must(t, f.SaveAs(path, excelize.Options{Password: "s3cret"}))
}

func half(t *testing.T, path string) {
	t.Helper()
	var b bytes.Buffer
	must(t, excelize.NewFile().Write(&b))
	put(t, path, b.String()[:b.Len()/2])
}

func TestTwoRowsWithOneNumberAreBothHeld(t *testing.T) {
	home(t)
	people := newStaff(t, 50)
	people.inDirectory(t)
	people.rows = append(people.rows, append([]string{"0007", "Another", "Person"}, people.rows[7][3:]...))
	people.set(t, jobTitle, "Lead", 7)
	_, made, _ := replan(t, exitDone)
	held := 0
	for _, r := range made.Rows {
		if r.Number == "0007" && r.Change == "held" && strings.Contains(r.Detail, "0007") {
			held++
		}
	}
	if held != 2 || made.Counts["unchanged"].People != 49 || made.Counts["held"].Accounts != 0 {
		t.Errorf("%d are held: %+v", held, made.Counts)
	}
}

func TestConfigurationThatDoesNotFitIsExplained(t *testing.T) {
	for name, c := range map[string]struct {
		config string
		says   []string
	}{
		"a column that is missing":    {"identity: {keys: [{fields: [employeeNumber], attribute: employeeNumber}]}\nmapping: [{attribute: employeeNumber, field: Personalnummer}, {attribute: userName, field: email}, {attribute: firstName, field: firstName}, {attribute: lastName, field: lastName}]", []string{"Personalnummer"}},
		"an attribute that is none":   {"identity: {keys: [{fields: [employeeNumber], attribute: employeeNumber}]}\nmapping: [{attribute: shoeSize, field: email}]", []string{"shoeSize"}},
		"a filter on nothing":         {"filter: {conditions: [{field: planet, operator: is, values: [Mars]}]}", []string{"planet"}},
		"an operator that is none":    {"filter: {conditions: [{field: email, operator: smells like, values: [x]}]}", []string{"smells like"}},
		"a key that is unknown":       {"mappings: []", []string{"sync.yaml", "mappings"}},
		"a rule said twice":           {"mapping: [{attribute: email, field: email, constant: x}]", []string{"exactly one", "email"}},
		"an expression that is torn":  {"identity: {keys: [{fields: [employeeNumber], attribute: employeeNumber}]}\nmapping: [{attribute: employeeNumber, field: employeeNumber}, {attribute: userName, expression: 'LCase(email'}, {attribute: firstName, field: firstName}, {attribute: lastName, field: lastName}]", []string{"User name", "position 12"}},
		"a guard that is no limit":    {"guards: {create: many}", []string{"sync.yaml", "mistake"}},
		"a mode that is none":         {"modes: {absent: explode}", []string{"modes.absent", "explode"}},
		"an identifier in the clouds": {"identity: {keys: [{fields: [employeeNumber], attribute: badge}]}", []string{"badge"}},
		"not YAML":                    {"a: [", []string{"sync.yaml"}},
		"a secret":                    {"source: {connector: personio, options: {clientId: x, clientSecret: y}}", []string{"clientSecret", "secret"}},
	} {
		t.Run(name, func(t *testing.T) {
			home(t)
			newStaff(t, 20).inDirectory(t)
			args := []string{"plan", "--target", "Dir", "--config", put(t, filepath.Join(t.TempDir(), "sync.yaml"), c.config)}
			if !strings.HasPrefix(c.config, "source") {
				args = append(args, "--source", "HR")
			}
			s := expect(t, exitError, args...)
			s.has(t, c.says...)
			if strings.Contains(s.err, "did not expect") {
				t.Errorf("not explained: %s", s.err)
			}
			expect(t, exitDone, "plan", "--source", "HR", "--target", "Dir").has(t, "20 unchanged") // all is as it was
		})
	}
}

func TestConfigurationFileThatIsNotThereIsNamed(t *testing.T) {
	home(t)
	expect(t, exitError, "plan", "--config", "/nonexistent/sync.yaml").has(t, "/nonexistent/sync.yaml", "cannot be opened")
	expect(t, exitError, "plan").has(t, "named")
	expect(t, exitError, "plan", "--source", "Nobody", "--target", "Nothing").has(t, "Nobody")
	expect(t, exitError, "apply", "last").has(t, `no plan "last"`, "rollcall runs")
	expect(t, exitError, "undo", "last").has(t, `no run "last"`)
	expect(t, exitError, "disconnect", "Nobody").has(t, "Nobody")
}

func TestDamagedStoreIsSaidAndLeftAlone(t *testing.T) {
	folder := home(t)
	newStaff(t, 20).inDirectory(t)
	file := filepath.Join(folder, "rollcall.db")
	b, err := os.ReadFile(file)
	must(t, err)
	copy(b[4096*3:], bytes.Repeat([]byte{0xa5}, len(b)-4096*3))
	must(t, os.WriteFile(file, b, 0o600))
	for _, args := range [][]string{{"connections"}, {"plan", "--source", "HR", "--target", "Dir"}, {"apply", "last"}} {
		s := expect(t, exitError, args...)
		s.has(t, file)
		if strings.Contains(s.err, "did not expect") {
			t.Errorf("not explained: %s", s.err)
		}
	}
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(after, b) {
		t.Errorf("the damaged file was changed: %v", err)
	}
}

func TestLockedKeychainIsSaidAndASessionIsOffered(t *testing.T) {
	home(t)
	newStaff(t, 20).inDirectory(t)
	keyring.MockInitWithError(errors.New("the collection is locked"))
	expect(t, exitError, "connections").has(t, "keychain", "Unlock", "this session only")
	s := say(t, "{}", "--session", "connect", "HR", "sample", "--options", "-")
	if s.code != exitDone {
		t.Errorf("a session without the keychain: %d %s", s.code, s.err)
	}
	expect(t, exitDone, "demo", "--people", "20", "--days", "1", "--out", t.TempDir())
}

func TestSecondCopyIsSentAway(t *testing.T) {
	folder := home(t)
	store, err := localstore.Open(t.Context(), localstore.Options{Folder: folder})
	must(t, err)
	expect(t, exitError, "connections").has(t, "already open", folder)
	must(t, store.Close())
	expect(t, exitDone, "connections")
}

func TestDiskThatFillsUpLeavesTheOldExport(t *testing.T) {
	folder := t.TempDir()
	file := put(t, filepath.Join(folder, "plan.csv"), "the old one")
	err := writeWhole(file, func(w io.Writer) error {
		_, err := w.Write(make([]byte, 1<<20))
		return errors.Join(err, syscall.ENOSPC)
	})
	if !core.HasCode(err, core.DiskFull) || !strings.Contains(err.Error(), file) {
		t.Errorf("%v", err)
	}
	if all := contents(t, folder); len(all) != 1 || all[file] != "the old one" {
		t.Errorf("%d files are there", len(all))
	}
}

func TestFullDiskLeavesNoHalfExport(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full")
	}
	home(t)
	people := newStaff(t, 50)
	people.inDirectory(t)
	people.set(t, jobTitle, "Lead", 7)
	for _, kind := range []string{".csv", ".xlsx", ".json"} {
		file := filepath.Join(t.TempDir(), "no such folder", "plan"+kind)
		expect(t, exitError, "plan", "--source", "HR", "--target", "Dir", "--export", file).has(t, file, "could not be written", "the disk has room")
	}
	expect(t, exitError, "plan", "--source", "HR", "--target", "Dir", "--export", "plan.docx").has(t, ".xlsx, .csv, .json or .plan")
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	must(t, err)
	defer full.Close()
	var errs bytes.Buffer
	if code := run(t.Context(), []string{"read", "sample"}, streams{In: strings.NewReader(""), Out: full, ErrOut: &errs}); code != exitError || !strings.Contains(errs.String(), `"code"`) {
		t.Errorf("reading into a full disk: %d %s", code, errs.String())
	}
	replan(t, exitChanges)
}

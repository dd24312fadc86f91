package localstore

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rollcall/core"
)

// Words that stand for people and secrets; each goes through every door of the store.
const (
	plantedName   = "Zebedee Quixotington"
	plantedEmail  = "zebedee.quixotington@corp.example"
	plantedSecret = "swordfish-59d7-never-on-disk"
)

func TestNothingOfAnyoneStandsOnDiskInClear(t *testing.T) {
	o, c := options(t)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("SQLITE_TMPDIR", temp)
	s := must[*Store](t)(Open(t.Context(), o))
	exercise(t, s, c)
	words := [][]byte{[]byte(plantedName), []byte("quixotington"), []byte(plantedEmail), []byte(plantedSecret), []byte("swordfish")}
	control := []byte(must[[]Connection](t)(s.Connections(t.Context()))[0].ID) // ids stand there in clear

	grep := func(when string) {
		t.Helper()
		if !onDisk(t, control, o.Folder) {
			t.Fatalf("%s: the search finds nothing at all", when)
		}
		for _, w := range words {
			if onDisk(t, w, o.Folder, temp) {
				t.Errorf("%s: %q stands on the disk", when, w)
			}
		}
	}
	grep("while it is open")
	c.pass(1000 * 24 * time.Hour)
	ok(t, s.Prune(t.Context(), 1))
	grep("after what is old was removed")
	ok(t, s.Close())
	grep("after it was closed")
}

// exercise puts the words through everything that keeps something.
func exercise(t *testing.T, s *Store, c *clock) {
	t.Helper()
	ctx := t.Context()
	hr := must[Connection](t)(s.SaveConnection(ctx, Connection{Name: "HR of " + plantedName, Options: map[string]string{"user": plantedEmail}},
		core.Answers{"password": plantedSecret}))
	ok(t, s.NoteCheck(ctx, hr.ID, Check{At: c.now(), Summary: plantedEmail + " was let in."}))
	setup := fullSetup()
	setup.Source.Connection = hr.Name
	setup.Protected = []string{plantedEmail}
	y := must[Sync](t)(s.SaveSync(ctx, Sync{Name: plantedName, Setup: setup, Draft: true}))
	ok(t, s.SaveMemory(ctx, y.ID, core.Memory{Links: []core.Link{{Person: "1", Account: "cn=" + plantedName}}, Absent: map[string]core.Absence{plantedEmail: {Runs: 1}}}))
	must[Snapshot](t)(s.SaveSnapshot(ctx, Snapshot{Connection: hr.ID, Sync: y.ID}, func(yield func(core.Record, error) bool) {
		p := core.NewPacker(peopleSchema)
		for range 20_000 {
			p.Set(1, plantedName)
			p.Set(2, plantedEmail)
			if !yield(p.Pack(), nil) {
				return
			}
		}
	}))
	ok(t, s.SavePlan(ctx, Plan{ID: "p", Sync: y.ID, Name: plantedName, Made: c.now()}, func(w io.Writer) error {
		_, err := io.WriteString(w, plantedName+plantedEmail)
		return err
	}))
	a := fullApproval(c.now())
	a.By, a.Allowed["create"] = plantedName, plantedEmail+" said so."
	ok(t, s.SaveApproval(ctx, "p", a))
	run := must[Run](t)(s.StartRun(ctx, "p", a))
	e := core.Entry{Person: plantedEmail, Name: plantedName, Cells: []core.Cell{{Attribute: "mail", After: plantedEmail}}}
	j := s.Journal(run.ID)
	ok(t, j.Before(e))
	ok(t, j.After(e, core.Outcome{Person: plantedEmail, Problem: &core.Problem{What: plantedEmail + " is taken."}}))
	ok(t, s.EndRun(ctx, run.ID, Ended, nil))
	ok(t, s.SaveSetting(ctx, "protected", []string{plantedEmail}))
	ok(t, s.Shelf(hr.ID).Put(plantedName, map[string][]byte{plantedEmail: []byte(plantedName + plantedSecret)}))
}

// onDisk looks into every byte of every file below the folders, names included.
func onDisk(t *testing.T, word []byte, folders ...string) bool {
	t.Helper()
	found := false
	for _, folder := range folders {
		ok(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			found = found || bytes.Contains(bytes.ToLower(append(b, path...)), bytes.ToLower(word))
			return err
		}))
	}
	return found
}

func TestSealedValueOpensAtItsOwnPlaceOnly(t *testing.T) {
	seal := must[*sealer](t)(newSealer(make([]byte, keySize)))
	other := must[*sealer](t)(newSealer(bytes.Repeat([]byte{1}, keySize)))
	for _, plain := range [][]byte{nil, []byte("short"), bytes.Repeat([]byte("long "), 1000)} {
		sealed := must[[]byte](t)(seal.seal(plain, "run/1"))
		if got := must[[]byte](t)(seal.unseal(sealed, "run/1")); !bytes.Equal(got, plain) {
			t.Fatalf("got %q", got)
		}
		if _, err := seal.unseal(sealed, "run/2"); err == nil {
			t.Error("it opens in another row")
		}
		if _, err := other.unseal(sealed, "run/1"); err == nil {
			t.Error("it opens with another key")
		}
		for i := range sealed {
			sealed[i] ^= 4
			if _, err := seal.unseal(sealed, "run/1"); err == nil {
				t.Fatalf("byte %d can be changed", i)
			}
			sealed[i] ^= 4
		}
		if bytes.Equal(sealed, must[[]byte](t)(seal.seal(plain, "run/1"))) {
			t.Error("the same value looks the same twice")
		}
	}
}

func TestHashesOfNamesNeedTheKey(t *testing.T) {
	a := must[*sealer](t)(newSealer(make([]byte, keySize)))
	b := must[*sealer](t)(newSealer(bytes.Repeat([]byte{1}, keySize)))
	if !bytes.Equal(a.hash("key", "x", "yz"), a.hash("key", "x", "yz")) {
		t.Error("one name, two hashes")
	}
	for _, other := range [][]byte{a.hash("key", "xy", "z"), a.hash("bucket", "x", "yz"), b.hash("key", "x", "yz")} {
		if bytes.Equal(a.hash("key", "x", "yz"), other) {
			t.Error("two names, one hash")
		}
	}
}

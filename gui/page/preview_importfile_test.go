package page

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"rollcall/core"
	"rollcall/gui/parts"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

// cannedImportFiles keep what they were asked, and answer as they are told.
type cannedImportFiles struct {
	asked  string
	by     string
	answer view.ImportFile
}

func (*cannedImportFiles) Formats() []view.ImportFormat {
	return []view.ImportFormat{{ID: "console", Label: "Console: Bulk update"}}
}

func (c *cannedImportFiles) Write(p *core.Plan, a core.Approval, format, path string) (view.ImportFile, error) {
	if a.Hash != p.Hash || a.Rows[1] != core.Reject {
		return view.ImportFile{}, &core.Problem{Code: core.Stale, What: "That is another approval.", Fix: "Look at it."}
	}
	c.asked, c.by, c.answer.Paths = format, a.By, []string{path}
	return c.answer, nil
}

func TestPreviewWritesImportFileAndTellsWhatIsNotInIt(t *testing.T) {
	c := cannedWith(picturePlan(false))
	c.savePath = filepath.Join(t.TempDir(), "console.csv")
	p, shell := preview(t, c)
	if len(p.importFiles()) > 0 {
		t.Fatal("nobody writes import files yet")
	}
	files := &cannedImportFiles{answer: view.ImportFile{Rows: 147, NotTicked: 1, Notes: []string{"Delete the file after the upload."}}}
	for i := range 11 {
		files.answer.Left = append(files.answer.Left, fmt.Sprintf("update Person %d: The file has no column for it.", i))
	}
	p.services.ImportFiles = files
	p.r.Decide(map[int]core.Decision{1: core.Reject}, nil)
	items := p.importFiles()
	if len(items) != 1 || items[0].Label != "Import file for Console: Bulk update" {
		t.Fatalf("%v", items)
	}
	items[0].Action()
	task.Wait()
	if files.asked != "console" || files.by != "Mia Hart" {
		t.Errorf("asked %q by %q; the page says %q", files.asked, files.by, p.message.Text())
	}
	var said strings.Builder
	for _, o := range test.LaidOutObjects(shell.Canvas().Overlays().Top()) {
		if text, is := o.(*parts.Text); is {
			said.WriteString(text.Text() + "\n")
		}
	}
	for _, want := range []string{"147 rows", "console.csv", "Delete the file", "11 entries", "Person 7", "3 more", "so not in it: 1 row"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("the dialog does not say %q:\n%s", want, said.String())
		}
	}
	test.Tap(inDialog(t, shell, "Close"))
	if shell.Canvas().Overlays().Top() != nil {
		t.Error("the dialog should close")
	}
}

func TestShotsPreviewImportFile(t *testing.T) {
	shoot(t, "preview-importfile", func() *canned {
		c := cannedWith(picturePlan(false))
		c.savePath = filepath.Join(t.TempDir(), "console.csv")
		return c
	}, NewPreview, view.Route{Page: view.Preview}, func(p Page, _ *shellStub) {
		preview := p.(*Preview)
		preview.services.ImportFiles = &cannedImportFiles{answer: view.ImportFile{Rows: 147, NotTicked: 63, Notes: []string{"The file holds the first password of every new user in clear, because the console demands it. Upload it at once, then delete it and empty the recycle bin."},
			Left: []string{"update Anna Keller (10482), Cost centre: The file has no column for it.", "delete Mei Okafor (10071): The upload of the console does not delete; delete the user in the console."}}}
		preview.r.Decide(map[int]core.Decision{1: core.Reject}, nil)
		preview.importFiles()[0].Action()
	})
}

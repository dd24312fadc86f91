package view

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"rollcall/core"
	"rollcall/core/review"
)

// FileName is what an export of the plan is called at first.
func (r *Review) FileName(kind string) string {
	return fileName(r.Plan.Name+" "+r.Plan.Made.Format("2006-01-02"), kind)
}

// fileName makes a name that every file system takes.
func fileName(name, kind string) string {
	words := strings.FieldsFunc(string(appendFold(nil, name)), func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') })
	return strings.Join(words, "-") + "." + kind
}

// Export writes the plan; the kind is the file's ending.
func (r *Review) Export(path string) error {
	write := map[string]func(io.Writer) error{
		".csv": func(w io.Writer) error { return review.WriteCSV(w, r.Plan) },
		".xlsx": func(w io.Writer) error {
			return review.WriteXLSX(w, r.Plan, review.Options{CannotUndo: r.Spec.CannotUndo})
		},
		".json": func(w io.Writer) error { return review.WriteJSON(w, r.Plan) },
	}[strings.ToLower(filepath.Ext(path))]
	if write == nil {
		return &core.Problem{Code: core.BadOption, What: "The name of the file says no kind that Rollcall knows.", Fix: "Let it end in .xlsx, .csv or .json."}
	}
	return writeWhole(path, write)
}

// mostLeft is how many lines of what was left out a dialog holds.
const mostLeft = 8

// Told says what an import file came to, in lines.
func (f ImportFile) Told() (title string, lines []string) {
	title = "No file was written"
	if len(f.Paths) > 0 {
		title = "Written: " + Count(f.Rows, "row", "rows")
		lines = append(lines, "Saved as "+strings.Join(f.Paths, ", ")+".")
	}
	lines = append(lines, f.Notes...)
	if n := len(f.Left); n > 0 {
		lines = append(lines, "Left out, "+Count(n, "entry", "entries")+":")
		lines = append(lines, f.Left[:min(n, mostLeft)]...)
	}
	if more := len(f.Left) - mostLeft; more > 0 {
		lines = append(lines, "… and "+Thousands(more)+" more; “rollcall export” on the command line lists all.")
	}
	if f.NotTicked+f.Values > 0 {
		lines = append(lines, "Not ticked, or held by a limit, and so not in it: "+Count(f.NotTicked, "row", "rows")+", "+Count(f.Values, "value", "values")+" of other rows.")
	}
	return title, lines
}

// Imported is what a reviewed file said.
type Imported struct {
	review.Decisions
	path string
}

// Import reads a reviewed file. A file of another plan, or one that was changed where it must not be, is refused with a
// problem; nothing of it is taken over then.
func (r *Review) Import(path string) (Imported, error) {
	d, err := review.ReadFile(path, r.Plan)
	return Imported{d, path}, err
}

// Take takes the decisions of a file over and says what they came to.
func (r *Review) Take(i Imported) (summary, detail string) {
	r.Decide(i.Rows, i.Cells)
	counts := map[core.Decision]int{}
	for _, d := range i.Rows {
		counts[d]++
	}
	var parts []string
	for _, c := range []struct {
		of   core.Decision
		word string
	}{{core.Approve, "approved"}, {core.Reject, "rejected"}, {core.HoldBack, "held back"}} {
		if n := counts[c.of]; n > 0 {
			parts = append(parts, Thousands(n)+" "+c.word)
		}
	}
	if n := len(i.Cells); n > 0 {
		parts = append(parts, "values left out in "+Count(n, "row", "rows"))
	}
	if len(parts) == 0 {
		parts = []string{"no decisions were in it"}
	}
	return "Imported " + filepath.Base(i.path) + ": " + strings.Join(parts, ", ") + ".", strings.Join(i.Warnings, " ")
}

// writeWhole writes a file that is there whole or not at all.
func writeWhole(path string, write func(io.Writer) error) error {
	cannot := func(err error) error {
		return &core.Problem{Code: core.Refused, What: fmt.Sprintf("%s could not be written.", filepath.Base(path)), Fix: "Choose another folder, or close the file where it is open.", Cause: err}
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".rollcall-*")
	if err != nil {
		return cannot(err)
	}
	defer os.Remove(f.Name())
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return cannot(err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return cannot(err)
	}
	return nil
}

// writeTable writes rows as CSV. Values that a spreadsheet would take for a formula get an apostrophe before them.
func writeTable(path string, rows func(row func(...string) error) error) error {
	return writeWhole(path, func(w io.Writer) error {
		out := csv.NewWriter(w)
		err := rows(func(values ...string) error {
			for i, v := range values {
				values[i] = harmless(v)
			}
			return out.Write(values)
		})
		if err != nil {
			return err
		}
		out.Flush()
		return out.Error()
	})
}

func harmless(v string) string {
	if v != "" && strings.ContainsRune("=+-@\t\r", rune(v[0])) {
		return "'" + v
	}
	return v
}

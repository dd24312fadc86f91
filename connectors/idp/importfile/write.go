package importfile

import (
	"fmt"
	"path/filepath"
	"strings"
)

// File is one file of a set.
type File struct {
	Rows    int
	Content []byte
}

// Names gives the names of the files: the one that was asked for, or with -1, -2 … before
// the ending.
func (s *Set) Names(path string) []string {
	names := make([]string, len(s.Files))
	ending := filepath.Ext(path)
	for i := range names {
		names[i] = path
		if len(names) > 1 {
			names[i] = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, ending), i+1, ending)
		}
	}
	return names
}

// files writes the lines, in as few files as the console takes.
func (m *maker) files() []File {
	var files []File
	columns := m.chosen()
	head := m.head(columns)
	for _, l := range m.lines {
		text := record(pick(l.cells, columns))
		last := len(files) - 1
		if last < 0 || m.rows > 0 && files[last].Rows == m.rows || m.size > 0 && len(files[last].Content)+len(text) > m.size {
			files = append(files, File{Content: []byte(head)})
			last++
		}
		files[last].Content = append(files[last].Content, text...)
		files[last].Rows++
	}
	return files
}

// chosen are the columns that stand in the file.
func (m *maker) chosen() []int {
	var columns []int
	used := m.used()
	for k, c := range m.Columns {
		if m.whole && !c.own || c.Required || used[k] {
			columns = append(columns, k)
		}
	}
	return columns
}

func (m *maker) head(columns []int) string {
	var b strings.Builder
	if m.bom {
		b.WriteString("\ufeff")
	}
	if m.first != "" {
		b.WriteString(m.first + "\r\n")
	}
	headings := make([]string, len(m.Columns))
	for k, c := range m.Columns {
		headings[k] = c.Heading
	}
	b.WriteString(record(pick(headings, columns)))
	return b.String()
}

func pick(all []string, columns []int) []string {
	chosen := make([]string, len(columns))
	for i, k := range columns {
		chosen[i] = all[k]
	}
	return chosen
}

// record writes one line of RFC 4180. The standard library's writer changes line breaks
// inside values when it ends lines with CRLF. Quotes stand only where they are needed.
func record(values []string) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		if strings.ContainsAny(v, "\",\r\n") {
			v = `"` + strings.ReplaceAll(v, `"`, `""`) + `"`
		}
		b.WriteString(v)
	}
	b.WriteString("\r\n")
	return b.String()
}

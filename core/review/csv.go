package review

import (
	"bufio"
	"io"
	"strings"

	"rollcall/core"
)

const bom = "\ufeff"

// WriteCSV writes the plan with one line for every changed attribute, and one for every
// row without any: RFC 4180 with a byte order mark, so that Excel reads it as UTF-8. A
// value that a spreadsheet would take for a formula gets an apostrophe in front, which
// ReadCSV takes off again.
func WriteCSV(w io.Writer, p *core.Plan) error {
	b := bufio.NewWriterSize(w, 1<<16)
	_, _ = b.WriteString(bom) // bufio keeps the first error for Flush
	writeRecord(b, append(append([]string{}, changeColumns...), colPlan))
	v := newViewer(p)
	var line []string
	for i := range p.Rows {
		for k := firstCell(&p.Rows[i]); k < len(p.Rows[i].Cells); k++ {
			line = v.change(line, i, k)
			line = append(line, p.Hash)
			writeRecord(b, line)
		}
	}
	return b.Flush()
}

// firstCell is where the lines of a row begin: at -1, the line without an attribute,
// where the row has no cells.
func firstCell(r *core.Row) int {
	if len(r.Cells) == 0 {
		return -1
	}
	return 0
}

// writeRecord writes one line. The standard library's writer drops carriage returns
// inside values when it ends lines with CRLF.
func writeRecord(b *bufio.Writer, values []string) {
	for i, s := range values {
		if i > 0 {
			_ = b.WriteByte(',')
		}
		writeField(b, asText(s))
	}
	_, _ = b.WriteString("\r\n")
}

func writeField(b *bufio.Writer, s string) {
	if !strings.ContainsAny(s, "\",;\t\r\n") && !strings.HasPrefix(s, " ") {
		_, _ = b.WriteString(s)
		return
	}
	_ = b.WriteByte('"')
	_, _ = b.WriteString(strings.ReplaceAll(s, `"`, `""`))
	_ = b.WriteByte('"')
}

// starts are the characters that OWASP names as beginnings of formulas, wide forms
// included, and the apostrophe itself, so that taking the mark off is unambiguous.
const starts = "=+-@\t\r\n'＝＋－＠"

// asText puts an apostrophe before a value that begins like a formula.
func asText(s string) string {
	if s != "" && (s[0] < '0' || s[0] == '=' || s[0] == '@' || s[0] >= 0x80) && beginsLikeFormula(s) {
		return "'" + s
	}
	return s
}

// fromText takes off the apostrophe of asText.
func fromText(s string) string {
	if rest, marked := strings.CutPrefix(s, "'"); marked && beginsLikeFormula(rest) {
		return rest
	}
	return s
}

func beginsLikeFormula(s string) bool {
	for _, r := range s {
		return strings.ContainsRune(starts, r)
	}
	return false
}

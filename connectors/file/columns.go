package file

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"rollcall/core"
	"rollcall/core/suggest"
)

// column is what was found out about one column of a table.
type column struct {
	name      string // header, unique in the table
	canonical string // the canonical field it means, or ""
	sure      bool   // the header means nothing else
	kind      core.Kind
	dates     dateStyle // of Date columns
	guessed   bool      // nothing in the first part shows the order of day and month
	blank     bool      // the first part has no value
	decimal   byte      // of Number columns; 0: values stay as they are
}

// nameColumns makes columns of a header row: trimmed, blank ones numbered, repeated
// ones told apart.
func nameColumns(headers []string) []column {
	columns := make([]column, len(headers))
	taken := map[string]bool{}
	for _, h := range headers {
		taken[tidyHeader(h)] = true
	}
	seen := map[string]bool{}
	for i, h := range headers {
		name := tidyHeader(h)
		if name == "" {
			name = fmt.Sprintf("Column %d", i+1)
		}
		base := name
		for n := 2; seen[name] || name != base && taken[name]; n++ {
			name = fmt.Sprintf("%s (%d)", base, n)
		}
		seen[name] = true
		columns[i] = column{name: name}
	}
	recogniseColumns(columns)
	return columns
}

func tidyHeader(h string) string {
	h = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(h)
	return strings.TrimSpace(strings.Trim(h, "\ufeff"))
}

// recognised is the score from which a header gives its column a canonical name too.
const recognised = 0.8

// exactName is the score of a column that has a canonical field's very name.
const exactName = 2

// recogniseColumns gives every canonical field to the column that means it best, the
// leftmost of equals.
func recogniseColumns(columns []column) {
	best := map[string]float64{}
	scores := make([]float64, len(columns))
	for i := range columns {
		field, score := suggest.Canonical(columns[i].name)
		if _, own := core.CanonicalField(columns[i].name); own {
			field, score = columns[i].name, exactName
		}
		if field == "" || score < recognised {
			continue
		}
		columns[i].canonical, scores[i] = field, score
		columns[i].sure = score >= suggest.Sure
		best[field] = max(best[field], score)
	}
	for i := range columns {
		c := &columns[i]
		if c.canonical == "" {
			continue
		}
		if scores[i] < best[c.canonical] {
			c.canonical, c.sure = "", false
			continue
		}
		best[c.canonical] = exactName + 1 // taken
	}
}

// sample is the values of one column in the first part of the file, blank ones left out.
type sample [][]byte

// study finds kinds and styles from the first rows.
func study(columns []column, rows [][][]byte, t *table) {
	samples := make([]sample, len(columns))
	for _, row := range rows {
		for i, cell := range row {
			if cell = bytes.TrimSpace(cell); len(cell) > 0 && i < len(samples) {
				samples[i] = append(samples[i], cell)
			}
		}
	}
	noNames(columns, samples)
	for i := range columns {
		columns[i].kind = guessKind(columns[i].canonical, samples[i])
		columns[i].blank = len(samples[i]) == 0
		if columns[i].kind == core.Number {
			columns[i].decimal = decimalSign(samples[i], t.decimal, t.delimiter)
		}
	}
	studyDates(columns, samples, t.dates)
}

// noNames takes names from columns that hold numbers: “Medewerker” and “Employee” head
// names in one export, and employee numbers in the next.
func noNames(columns []column, samples []sample) {
	numbered := canonicalColumn(columns, "employeeNumber") >= 0
	for i := range columns {
		c := &columns[i]
		f, named := core.CanonicalField(c.canonical)
		if !named || !suggest.IsNameField(f.ID) || len(samples[i]) == 0 || !all(samples[i], noLetters) {
			continue
		}
		if c.canonical, c.sure = "", false; f.ID == "displayName" && !numbered {
			c.canonical, numbered = "employeeNumber", true
		}
	}
}

func noLetters(v []byte) bool {
	return bytes.IndexFunc(v, unicode.IsLetter) < 0
}

func guessKind(canonical string, s sample) core.Kind {
	if f, ok := core.CanonicalField(canonical); ok {
		if f.Kind == core.Date && len(s) > 0 && !mostly(s, isDate) {
			return core.Text
		}
		return f.Kind
	}
	switch {
	case len(s) == 0:
		return core.Text
	case all(s, isBool):
		return core.Bool
	case mostly(s, isSeparatedDate):
		return core.Date
	case all(s, isEmail):
		return core.Email
	case all(s, isNumber):
		return core.Number
	case all(s, isPhone):
		return core.Phone
	}
	return core.Text
}

func all(s sample, is func([]byte) bool) bool {
	for _, v := range s {
		if !is(v) {
			return false
		}
	}
	return true
}

// mostly asks nine of ten, so that a few slips of the pen do not hide a date column.
func mostly(s sample, is func([]byte) bool) bool {
	n, of := 0, 0
	for _, v := range s {
		if noDate(v) {
			continue
		}
		of++
		if is(v) {
			n++
		}
	}
	return n > 0 && n*10 >= of*9
}

func isSeparatedDate(v []byte) bool {
	d, ok := splitDate(v)
	return ok && (d.fits(dmy) || d.fits(mdy))
}

func isDate(v []byte) bool {
	_, _, _, compact := compactDate(v)
	return compact || isSeparatedDate(v)
}

func isBool(v []byte) bool {
	return bytes.EqualFold(v, []byte("true")) || bytes.EqualFold(v, []byte("false"))
}

func isEmail(v []byte) bool {
	at := bytes.IndexByte(v, '@')
	return at > 0 && bytes.IndexByte(v[at+1:], '.') > 0 && bytes.IndexByte(v[at+1:], '@') < 0 && !bytes.ContainsAny(v, " ,;")
}

// isNumber takes digits with a sign, decimals and thousands; a leading zero makes it a
// text, because it has to be kept.
func isNumber(v []byte) bool {
	if v[0] == '-' || v[0] == '+' {
		v = v[1:]
	}
	digits := 0
	for i, c := range v {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case (c == '.' || c == ',') && i > 0 && i < len(v)-1 && v[i-1] >= '0' && v[i-1] <= '9':
		default:
			return false
		}
	}
	leadingZero := len(v) > 1 && v[0] == '0' && v[1] != '.' && v[1] != ','
	return digits > 0 && digits <= 18 && !leadingZero
}

func isPhone(v []byte) bool {
	digits, marks := 0, v[0] == '+' || v[0] == '0' || v[0] == '('
	for i, c := range v {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '+' && i == 0:
		case c == ' ' || c == '(' || c == ')' || c == '-' || c == '/' || c == '.':
			marks = true
		default:
			return false
		}
	}
	return marks && digits >= 7 && digits <= 15
}

// decimalSign finds which sign stands before decimals; 0 where nothing shows it, and
// then values stay as they are.
func decimalSign(s sample, chosen, delimiter byte) byte {
	if chosen != 0 {
		return chosen
	}
	votes := map[byte]int{}
	for _, v := range s {
		if sign := decimalOf(v); sign != 0 {
			votes[sign]++
		}
	}
	switch {
	case votes[','] > 0 && votes['.'] > 0:
		return 0
	case votes[','] > 0:
		return ','
	case votes['.'] > 0:
		return '.'
	case delimiter == ';':
		return ','
	}
	return 0
}

// decimalOf gives the decimal sign that a number proves, 0 where it proves none: a
// single sign with three digits after it may separate thousands.
func decimalOf(v []byte) byte {
	point, comma := bytes.LastIndexByte(v, '.'), bytes.LastIndexByte(v, ',')
	last := max(point, comma)
	switch {
	case last < 0:
		return 0
	case point >= 0 && comma >= 0:
		return v[last]
	case bytes.Count(v, v[last:last+1]) > 1: // thousands; the other sign is for decimals
		return ',' + '.' - v[last]
	case len(v)-last-1 != 3 || v[0] == '0':
		return v[last]
	}
	return 0
}

// studyDates finds the order of day and month: by a column's own dates, else by those of
// the other columns, else day first, to be verified as the rows come.
func studyDates(columns []column, samples []sample, chosen dateStyle) {
	var file [4]int
	own := make([][4]int, len(columns))
	for i := range columns {
		if columns[i].kind != core.Date {
			continue
		}
		for _, v := range samples[i] {
			if d, ok := splitDate(v); ok && !d.sure() && d.fits(dmy) != d.fits(mdy) {
				if d.fits(dmy) {
					own[i][dmy]++
					file[dmy]++
				} else {
					own[i][mdy]++
					file[mdy]++
				}
			}
		}
	}
	for i := range columns {
		if c := &columns[i]; c.kind == core.Date {
			c.dates, c.guessed = pickStyle(chosen, own[i], file, samples[i])
		}
	}
}

func pickStyle(chosen dateStyle, own, file [4]int, s sample) (style dateStyle, guessed bool) {
	switch {
	case chosen != anyDate:
		return chosen, false
	case own[dmy] > 0 || own[mdy] > 0:
		return majority(own), false
	case (file[dmy] > 0) != (file[mdy] > 0):
		return majority(file), false
	}
	for _, v := range s {
		if d, ok := splitDate(v); ok && !d.sure() {
			return dmy, bytes.IndexByte(v, '.') < 0
		}
	}
	if len(s) > 0 {
		return ymd, false
	}
	return dmy, true
}

func majority(votes [4]int) dateStyle {
	if votes[mdy] > votes[dmy] {
		return mdy
	}
	return dmy
}

// normaliser makes a cell's text as core wants it for the column's kind. What it does
// not understand stays as it is. It is not safe for several goroutines.
type normaliser struct {
	column *column
	latest int // latest year of a date with two digits; 0: no limit
	buf    []byte
}

// plain says that the column's cells need nothing done.
func (c *column) plain() bool {
	return c.kind != core.Date && c.kind != core.Bool && (c.kind != core.Number || c.decimal == 0)
}

func (n *normaliser) value(cell []byte) ([]byte, *flaw) {
	if len(cell) == 0 {
		return cell, nil
	}
	switch n.column.kind {
	case core.Date:
		return n.date(cell)
	case core.Number:
		return n.number(cell), nil
	case core.Bool:
		if trimmed := bytes.TrimSpace(cell); isBool(trimmed) {
			n.buf = append(n.buf[:0], bytes.ToLower(trimmed)...)
			return n.buf, nil
		}
	}
	return cell, nil
}

func (n *normaliser) date(cell []byte) ([]byte, *flaw) {
	text := bytes.TrimSpace(cell)
	if noDate(text) {
		return nil, nil
	}
	if isISO(text) && !bytes.HasPrefix(text, []byte("9999")) {
		return text, nil
	}
	year, month, day, ok := compactDate(text)
	if !ok {
		d, isDate := splitDate(text)
		if !isDate {
			return cell, nil
		}
		year, month, day, ok = d.read(n.column.dates, n.latest)
		if !ok && n.column.guessed && d.fits(mdy) {
			return nil, &flaw{what: fmt.Sprintf("has the month before the day in “%s”, while the dates before it looked like day before month", n.column.name),
				fix: "Choose how dates are written in the settings of this file."}
		}
	}
	if !ok {
		return cell, nil
	}
	if year == never {
		return nil, nil
	}
	n.buf = appendISO(n.buf[:0], year, month, day)
	return n.buf, nil
}

// number gives a number with a point and without thousands.
func (n *normaliser) number(cell []byte) []byte {
	thousands := ',' + '.' - n.column.decimal
	if bytes.IndexByte(cell, ',') < 0 && bytes.IndexByte(cell, thousands) < 0 {
		return cell
	}
	text := bytes.TrimSpace(cell)
	if len(text) == 0 || !isNumber(text) {
		return cell
	}
	whole, decimals, _ := bytes.Cut(text, []byte{n.column.decimal})
	if bytes.IndexByte(decimals, ',') >= 0 || bytes.IndexByte(decimals, '.') >= 0 || !inThousands(whole, thousands) {
		return cell
	}
	n.buf = n.buf[:0]
	for _, c := range text {
		switch c {
		case thousands:
		case n.column.decimal:
			n.buf = append(n.buf, '.')
		default:
			n.buf = append(n.buf, c)
		}
	}
	return n.buf
}

// inThousands says that the signs in a whole number stand every three digits.
func inThousands(whole []byte, sign byte) bool {
	groups := bytes.Split(whole, []byte{sign})
	for i, g := range groups {
		if i > 0 && len(g) != 3 || len(groups) > 1 && len(bytes.TrimLeft(g, "+-")) > 3 {
			return false
		}
	}
	return true
}

// columnNotes says what was found, for the preview.
func columnNotes(columns []column) []string {
	var notes []string
	for _, c := range columns {
		switch {
		case c.blank:
		case c.kind == core.Date && c.guessed:
			notes = append(notes, "Dates in "+strconv.Quote(c.name)+" read both ways; they are taken as "+dateWords[c.dates]+".")
		case c.kind == core.Date:
			notes = append(notes, "Dates in "+strconv.Quote(c.name)+" are "+dateWords[c.dates]+".")
		case c.decimal == ',':
			notes = append(notes, "Numbers in "+strconv.Quote(c.name)+" have a decimal comma.")
		}
	}
	return notes
}

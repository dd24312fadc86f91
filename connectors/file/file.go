// Package file reads people, or the accounts to compare them with, from a table in a
// file: delimited text or an Excel workbook. It finds by looking how the table is
// written (encoding, delimiter, header row, dates, decimals), checks that while the
// rows stream past, and stops with the line where they no longer fit.
package file

import (
	_ "embed"
	"strconv"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// The connectors of this package.
const (
	CSV  = "csv"
	XLSX = "xlsx"
)

//go:embed csv/manifest.yaml
var csvManifest []byte

//go:embed xlsx/manifest.yaml
var xlsxManifest []byte

// Specs gives the cards and forms of the two connectors.
func Specs() ([]core.Spec, error) {
	specs := make([]core.Spec, 2)
	for i, data := range [][]byte{csvManifest, xlsxManifest} {
		spec, err := manifest.DecodeSpec(data)
		if err != nil {
			return nil, err
		}
		specs[i] = spec
	}
	return specs, nil
}

// NewSource gives a source of the people in a file. The answers are complete; the file
// itself is looked at when it is read.
func NewSource(id string, answers core.Answers, env core.Env) (*Source, error) {
	t, err := newTable(id, answers, env)
	if err != nil {
		return nil, err
	}
	return &Source{t}, nil
}

// NewTarget gives the accounts in a file, to compare with; they cannot be written.
func NewTarget(id string, answers core.Answers, env core.Env) (*Target, error) {
	t, err := newTable(id, answers, env)
	if err != nil {
		return nil, err
	}
	return &Target{t}, nil
}

// table is a file and how a person says that it is to be read.
type table struct {
	path      string
	workbook  bool
	sheet     string
	id        string // header of the ID column, or ""
	delimiter byte   // 0: find it
	encoding  string
	header    int // row number from 1; 0: find it
	dates     dateStyle
	decimal   byte // 0: find it
	now       func() time.Time
}

var delimiters = map[string]byte{"comma": ',', "semicolon": ';', "tab": '\t', "pipe": '|'}

func newTable(id string, a core.Answers, env core.Env) (table, error) {
	t := table{path: a.Get("path"), workbook: id == XLSX, sheet: a.Get("sheet"), id: a.Get("id"), now: env.Now,
		delimiter: delimiters[a.Get("delimiter")], encoding: a.Get("encoding"), dates: dateStyles[a.Get("dates")]}
	if t.now == nil {
		t.now = time.Now
	}
	switch a.Get("decimal") {
	case "comma":
		t.decimal = ','
	case "point":
		t.decimal = '.'
	}
	if h := a.Get("header"); h != "" && h != "auto" {
		n, err := strconv.Atoi(h)
		if err != nil || n < 1 {
			return table{}, &core.Problem{Code: core.BadOption, What: "The header row “" + h + "” is no row number.", Fix: "Give a number from 1 on, or “auto”.", Cause: err}
		}
		t.header = n
	}
	if t.path == "" {
		return table{}, &core.Problem{Code: core.BadOption, What: "No file was chosen.", Fix: "Choose the file to read."}
	}
	return t, nil
}

var (
	_ core.Source = (*Source)(nil)
	_ core.Target = (*Target)(nil)
)

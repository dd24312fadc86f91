package importfile

import (
	"fmt"
	"strings"
	"testing"

	"rollcall/core"
)

// directory is a plan in the making.
type directory struct {
	attributes []core.Attribute
	rows       []core.Row
}

// googleAPI has the attributes of the connector, googleSheet those of a downloaded list.
func googleAPI() *directory {
	return with("primaryEmail,name.givenName,name.familyName,orgUnitPath,employeeNumber,organizations.title,organizations.department,phones.work,recoveryPhone,addresses.work.formatted,addresses.work.locality,manager:ref")
}

func entraAPI() *directory {
	return with("userPrincipalName,displayName,givenName,surname,jobTitle,department,usageLocation,city,businessPhones:phone,employeeId,manager:ref")
}

func oktaAPI() *directory {
	return with("login,email,firstName,lastName,title,department,countryCode,managerId:ref,manager,badgeColour,languages:list")
}

func with(names string) *directory {
	d := &directory{}
	for name := range strings.SplitSeq(names, ",") {
		id, kind, _ := strings.Cut(name, ":")
		d.attributes = append(d.attributes, core.Attribute{ID: id, Label: "the " + id, Kind: map[string]core.Kind{"ref": core.Reference, "list": core.List, "phone": core.Phone}[kind]})
	}
	return d
}

type values map[string]string

func (d *directory) desired(person string) core.Desired {
	pack := core.NewPacker(core.NewSchema([]core.Field{{ID: core.LabelPerson}, {ID: core.LabelName}, {ID: core.LabelNumber}}))
	pack.Set(0, person)
	pack.Set(1, "Person "+person)
	pack.Set(2, "N"+person)
	return core.Desired{Record: pack.Pack()}
}

// add gives the plan a row; now is what the account has, cells are “attribute”: “after”. A
// value that begins with > is the person whose account the plan creates.
func (d *directory) add(verb core.Verb, person string, now, cells values) *core.Row {
	row := core.Row{Verb: verb, Desired: d.desired(person)}
	if now != nil {
		pack := core.NewPacker(core.AccountSchema(d.attributes))
		pack.Put(core.AccountID, "id-"+person)
		for id, v := range now {
			pack.Put(id, v)
		}
		row.Account = core.Account{Record: pack.Pack()}
	}
	for _, id := range append([]string{core.Enabled, core.Deleted}, ids(d.attributes)...) {
		v, changes := cells[id]
		if !changes {
			continue
		}
		c := core.Cell{Attribute: id, Before: now[id], After: v}
		if p, pending := strings.CutPrefix(v, ">"); pending {
			c.After, c.Pending = "", p
		}
		row.Cells = append(row.Cells, c)
	}
	if verb == core.Create && cells[core.Enabled] == "" {
		row.Cells = append(row.Cells, core.Cell{Attribute: core.Enabled, After: "true"})
	}
	d.rows = append(d.rows, row)
	return &d.rows[len(d.rows)-1]
}

func ids(attributes []core.Attribute) []string {
	all := make([]string, len(attributes))
	for i, a := range attributes {
		all[i] = a.ID
	}
	return all
}

func (d *directory) plan() *core.Plan {
	return &core.Plan{Hash: "h", Name: "HR → Directory", Attributes: d.attributes, Rows: d.rows}
}

func (d *directory) make(t *testing.T, format string) *Set {
	t.Helper()
	f, err := Find(format)
	if err != nil {
		t.Fatal(err)
	}
	set, err := Make(f, d.plan(), core.Approval{Hash: "h"})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// table is a file as its reader sees it.
type table struct {
	headings []string
	rows     [][]string
}

// read is the test's own reader of RFC 4180, strict: CRLF ends lines, a quote stands only
// at the beginning and the end of a value or twice within it, all lines are of one width.
func read(t *testing.T, content string, skip int) table {
	t.Helper()
	for range skip {
		_, content, _ = strings.Cut(content, "\r\n")
	}
	rows, err := parse(content)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		if len(r) != len(rows[0]) {
			t.Fatalf("line %d has %d values, the headings are %d", i+1, len(r), len(rows[0]))
		}
	}
	return table{rows[0], rows[1:]}
}

func parse(s string) (rows [][]string, err error) {
	var row []string
	for len(s) > 0 {
		var v strings.Builder
		if s[0] == '"' {
			for s = s[1:]; ; {
				i := strings.IndexByte(s, '"')
				if i < 0 {
					return nil, fmt.Errorf("a quote is not closed")
				}
				v.WriteString(s[:i])
				if s = s[i+1:]; !strings.HasPrefix(s, `"`) {
					break
				}
				v.WriteByte('"')
				s = s[1:]
			}
		} else {
			i := strings.IndexAny(s, ",\"\r\n")
			if i < 0 || s[i] == '"' {
				return nil, fmt.Errorf("no end, or a quote within a bare value: %.30q", s)
			}
			v.WriteString(s[:i])
			s = s[i:]
		}
		row = append(row, v.String())
		switch {
		case strings.HasPrefix(s, ","):
			if s = s[1:]; s == "" {
				return nil, fmt.Errorf("ends after a comma")
			}
		case strings.HasPrefix(s, "\r\n"):
			s = s[2:]
			rows, row = append(rows, row), nil
		default:
			return nil, fmt.Errorf("neither comma nor end of line: %.30q", s)
		}
	}
	return rows, nil
}

// of gives the value of a row under a heading; a heading that is not there is an empty one.
func (tb table) of(row int, heading string) string {
	for k, h := range tb.headings {
		if h == heading {
			return tb.rows[row][k]
		}
	}
	return ""
}

func (tb table) has(heading string) bool {
	for _, h := range tb.headings {
		if h == heading {
			return true
		}
	}
	return false
}

// only gives the one file of a set as text.
func (s *Set) only(t *testing.T) string {
	t.Helper()
	if len(s.Files) != 1 {
		t.Fatalf("%d files; left out: %v", len(s.Files), s.Left)
	}
	return string(s.Files[0].Content)
}

package diff

import (
	"fmt"
	"strings"

	"rollcall/core"
)

// unique holds rows that would give an account a value that another one has, or that
// an earlier row of the same plan gives away: the directory would refuse them half-way.
func (d *comparer) unique(rows []core.Row) {
	for _, c := range d.columns {
		if !c.Unique && !c.Login {
			continue
		}
		if claims := d.claims(rows, c.ID); len(claims) > 0 {
			d.settle(rows, c, claims)
		}
	}
}

// claims are the rows that write the attribute, in order.
func (d *comparer) claims(rows []core.Row, attribute string) []int {
	var at []int
	for i := range rows {
		if rows[i].Verb.Writes() && value(&rows[i], attribute) != "" {
			at = append(at, i)
		}
	}
	return at
}

func value(row *core.Row, attribute string) string {
	for _, c := range row.Cells {
		if c.Attribute == attribute {
			return c.After
		}
	}
	return ""
}

func (d *comparer) settle(rows []core.Row, c column, claims []int) {
	wanted := make(map[string]int, len(claims)) // value -> row, -1 once two want it
	for _, i := range claims {
		key := strings.ToLower(value(&rows[i], c.ID))
		if _, twice := wanted[key]; twice {
			wanted[key] = -1
		} else {
			wanted[key] = i
		}
	}
	for _, i := range claims {
		v := value(&rows[i], c.ID)
		if wanted[strings.ToLower(v)] < 0 {
			rows[i] = hold(rows[i], core.ValueTaken, fmt.Sprintf("%s %s is wanted for several people", c.Label, v))
		}
	}
	for a := range d.in.Accounts {
		v := d.in.Accounts[a].At(c.account)
		if i, meant := wanted[strings.ToLower(v)]; meant && v != "" && i >= 0 && rows[i].Account != d.in.Accounts[a] {
			name, _ := core.Row{Account: d.in.Accounts[a]}.Subject()
			rows[i] = hold(rows[i], core.ValueTaken, fmt.Sprintf("%s %s belongs to the account %s", c.Label, v, name))
		}
	}
}

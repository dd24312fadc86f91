package workday

import (
	"fmt"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
)

// wid is the id of a worker: 32 hex digits.
func wid(id int) string { return fmt.Sprintf("%08xc0de10012f8ea5b4c1d20e7f", id) }

// workerID is the staff number; Workday gives one to everybody.
func workerID(p seed.Employee) string {
	if p.Number == "" {
		return fmt.Sprintf("CW-%d", p.ID)
	}
	return p.Number
}

// flags are what the worker's status data say. Of some who left nothing but the day of leaving tells it.
type flags struct{ active, onLeave, terminated bool }

func flagsOf(p seed.Employee) flags {
	switch p.State {
	case seed.OnLeave:
		return flags{active: true, onLeave: true}
	case seed.Left:
		return flags{terminated: p.End == "" || p.ID/100%2 == 1}
	case seed.Starting, seed.Odd:
		return flags{}
	}
	return flags{active: true}
}

// yes writes a boolean in one of the two ways in which they come.
func yes(p seed.Employee, is bool) string {
	if p.ID%3 == 0 {
		return strconv.FormatBool(is)
	}
	if is {
		return "1"
	}
	return "0"
}

// date writes a day, of every eleventh person with an offset.
func date(p seed.Employee, day string) string {
	if day != "" && p.ID%11 == 0 {
		return day + "-07:00"
	}
	return day
}

// ends is the last day, or the end of the contract where nothing else is known.
func ends(p seed.Employee) string {
	if p.End == "" {
		return p.ContractEnd
	}
	return p.End
}

var kinds = map[string]string{"Full-Time": "Regular", "Part-Time": "Fixed_Term", "Contractor": "Contractor", "Intern": "Intern"}

func gender(p seed.Employee) string {
	if p.Gender == "" {
		return ""
	}
	return strings.ToUpper(p.Gender[:1]) + p.Gender[1:]
}

func costCentre(p seed.Employee) seed.Unit {
	best := seed.Share{}
	for _, s := range p.CostCentres {
		if s.Percent > best.Percent {
			best = s
		}
	}
	return best.Unit
}

// named is a field of the customer's own.
type named struct{ name, value string }

func customs(p seed.Employee) []named {
	c := p.Custom
	list := []named{{"Badge", c.Badge}, {"Building", c.Building.Name}, {"Languages", strings.Join(c.Languages, "; ")},
		{"Anniversary", c.Anniversary}, {"Hours", strings.TrimSuffix(c.Hours, ".0")}, {"Note", c.Note}}
	if c.Bicycles != nil {
		list = append(list, named{"Bicycles", strconv.Itoa(*c.Bicycles)})
	}
	if c.OnSite != nil {
		list = append(list, named{"On_Site", strconv.FormatBool(*c.OnSite)})
	}
	return list
}

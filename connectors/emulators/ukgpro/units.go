package ukgpro

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// company is where somebody works; everybody works somewhere.
func company(p seed.Employee) seed.Unit {
	if p.LegalEntity.ID == 0 {
		return seed.Unit{ID: 7033, Name: "Northlake Optik GmbH"}
	}
	return p.LegalEntity
}

func companyID(u seed.Unit) string { return fmt.Sprintf("KWX%d", u.ID) }

// coded is a unit as an organisation level holds it.
type coded struct{ code, name string }

// levelsOf are somebody's units on the levels 1 to 3: department, cost centre, division.
func levelsOf(p seed.Employee) [3]coded {
	levels := [3]coded{}
	if p.Department.ID != 0 {
		levels[0] = coded{fmt.Sprintf("D%d", p.Department.ID), p.Department.Name}
	}
	best := seed.Share{}
	for _, s := range p.CostCentres {
		if s.Percent > best.Percent {
			best = s
		}
	}
	if best.ID != 0 {
		levels[1] = coded{fmt.Sprintf("CC%d", best.ID), best.Name}
	}
	if p.Division != "" {
		levels[2] = coded{strings.ToUpper(p.Division[:3]), p.Division}
	}
	return levels
}

var levelNames = [3]string{"Department", "Cost Center", "Division"}

func (e *emulator) orgLevels() []any {
	var list []any
	for level, name := range levelNames {
		var seen []coded
		for _, p := range e.Living() {
			u := levelsOf(p)[level]
			if u.code == "" || slices.Contains(seen, u) {
				continue
			}
			seen = append(seen, u)
			list = append(list, wire.Object{"description": u.name, "budgetGroup": nil, "code": u.code, "glSegment": u.code, "level": level + 1,
				"levelDescription": name, "reportingCategory": nil, "isActive": true})
		}
	}
	return list
}

// locationCode of those who work at home is in no list.
func locationCode(p seed.Employee) string {
	switch {
	case p.Office.ID != 0:
		return fmt.Sprintf("L%d", p.Office.ID)
	case p.Language != "":
		return "HOME"
	}
	return ""
}

func (e *emulator) locations() []any {
	var seen []seed.Unit
	var list []any
	for _, p := range e.Living() {
		if p.Office.ID == 0 || slices.Contains(seen, p.Office) {
			continue
		}
		seen = append(seen, p.Office)
		list = append(list, wire.Object{"locationCode": locationCode(p), "description": p.Office.Name, "city": p.Office.Name, "state": "BY",
			"countryCode": "DEU", "zipOrPostalCode": "80331", "isActive": true})
	}
	return list
}

// allTitles are the different titles, sorted; the place of a title makes the code of its job.
func (e *emulator) allTitles() []string {
	seen := map[string]bool{}
	var titles []string
	for _, p := range e.Living() {
		if p.Title != "" && !seen[p.Title] {
			seen[p.Title], titles = true, append(titles, p.Title)
		}
	}
	slices.Sort(titles)
	return titles
}

func (e *emulator) jobCode(p seed.Employee) string {
	i := slices.Index(e.titles, p.Title)
	if i < 0 {
		return ""
	}
	return fmt.Sprintf("J%03d", i)
}

func (e *emulator) jobs() []any {
	var list []any
	for i, title := range e.titles {
		list = append(list, wire.Object{"code": fmt.Sprintf("J%03d", i), "title": title, "countryCode": "USA", "jobFamilyCode": "GEN", "isActive": true})
	}
	return list
}

const slots = 14

// slot is one of the company's own fields: its name, and what it holds of a person.
type slot struct {
	field string
	of    func(p seed.Employee) any
}

var used = map[int]slot{
	1: {"Badge", func(p seed.Employee) any { return orNull(p.Custom.Badge) }},
	2: {"Bicycles", func(p seed.Employee) any {
		if p.Custom.Bicycles == nil {
			return nil
		}
		return json.Number(fmt.Sprintf("%d.0", *p.Custom.Bicycles))
	}},
	3: {"Hours", func(p seed.Employee) any {
		if p.Custom.Hours == "" {
			return nil
		}
		return json.Number(p.Custom.Hours)
	}},
	5: {"Anniversary", func(p seed.Employee) any { return moment(p.Custom.Anniversary) }},
	6: {"Building", func(p seed.Employee) any { return orNull(p.Custom.Building.Name) }},
	7: {"Note", func(p seed.Employee) any { return orNull(p.Custom.Note) }},
}

func (e *emulator) customValues(w http.ResponseWriter, r *http.Request) {
	e.side(w, r, func(p seed.Employee) []row {
		some := len(p.Custom.Languages) > 0
		for _, s := range used {
			some = some || s.of(p) != nil
		}
		if !some {
			return nil
		}
		return []row{func() wire.Object { return valuesOf(p) }}
	})
}

// valuesOf has every slot, used or not; the international ones are there only where they hold something.
func valuesOf(p seed.Employee) wire.Object {
	fields, international := wire.Object{}, wire.Object{}
	for i := 1; i <= slots; i++ {
		name, value := fmt.Sprintf("UDField%02d", i), any(nil)
		if s, ok := used[i]; ok {
			name, value = s.field, s.of(p)
		}
		fields[fmt.Sprintf("personnelUDField%02d", i)] = wire.Object{"field": name, "value": value}
	}
	if len(p.Custom.Languages) > 0 {
		international["internationalUDField01"] = wire.Object{"field": "Languages", "value": strings.Join(p.Custom.Languages, ", ")}
	}
	return wire.Object{"employeeId": joined(p), "personnelUserDefinedFields": fields, "internationalUserDefinedFields": international}
}

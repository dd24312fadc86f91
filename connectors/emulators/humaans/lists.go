package humaans

import (
	"fmt"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

func (e *emulator) locations() []wire.Object {
	seen, list := map[int]bool{0: true}, []wire.Object{}
	for _, p := range e.Living() {
		if u := p.Office; !seen[u.ID] {
			seen[u.ID] = true
			list = append(list, wire.Object{"id": unitID("FnAjNOIyLRsmZGRohZ", u), "companyId": companyID(p), "label": u.Name, "address": "1 Fern Yard", "city": u.Name,
				"state": nil, "postcode": "EC1A 1AA", "countryCode": p.Address.CountryCode, "country": p.Address.Country, "timezone": p.TimeZone,
				"createdAt": madeAt, "updatedAt": madeAt})
		}
	}
	return list
}

func (e *emulator) companies() []wire.Object {
	seen, list := map[int]bool{0: true}, []wire.Object{}
	for _, p := range e.Living() {
		if u := p.LegalEntity; !seen[u.ID] {
			seen[u.ID] = true
			list = append(list, wire.Object{"id": companyID(p), "name": u.Name, "domains": []any{"corp.example"}, "trialEndDate": "2020-01-30", "status": "active",
				"paymentStatus": "ok", "package": "growth", "isTimesheetEnabled": false, "autogenerateEmployeeId": false,
				"autogenerateEmployeeIdForNewHires": false, "nextEmployeeId": 15, "createdAt": madeAt, "updatedAt": madeAt})
		}
	}
	return list
}

func (e *emulator) absences() []wire.Object {
	list := []wire.Object{}
	for _, p := range e.Living() {
		if p.State == seed.OnLeave {
			list = append(list, wire.Object{"id": fmt.Sprintf("ta%d", p.ID), "personId": id(p.ID), "startDate": "2026-01-01", "endDate": "2027-01-01", "type": "parental"})
		}
	}
	return list
}

// custom is one of the company's own fields; its values are texts, or lists of texts.
type custom struct {
	id, name, kind string
	choices        []any
	text           func(p seed.Employee) string
	list           func(p seed.Employee) []string
}

var customs = []custom{
	{"cfA1Badge000000000000001", "Badge", "text", nil, func(p seed.Employee) string { return p.Custom.Badge }, nil},
	{"cfA2Building000000000002", "Building", "select", []any{"Gent HQ", "Liège"}, func(p seed.Employee) string { return p.Custom.Building.Name }, nil},
	{"cfA3Languages00000000003", "Languages", "multiSelect", []any{"German", "English", "Portuguese"}, nil, func(p seed.Employee) []string { return p.Custom.Languages }},
	{"cfA4Anniversary000000004", "Anniversary", "date", nil, func(p seed.Employee) string { return p.Custom.Anniversary }, nil},
	{"cfA5Bicycles000000000005", "Bicycles", "number", nil, bicycles, nil},
	{"cfA6Hours000000000000006", "Hours", "number", nil, func(p seed.Employee) string { return strings.TrimSuffix(p.Custom.Hours, ".0") }, nil},
	{"cfA7OnSite00000000000007", "On site", "boolean", nil, onSite, nil},
	{"cfA8Note0000000000000008", "Note", "longText", nil, func(p seed.Employee) string { return p.Custom.Note }, nil},
}

func bicycles(p seed.Employee) string {
	if p.Custom.Bicycles == nil {
		return ""
	}
	return strconv.Itoa(*p.Custom.Bicycles)
}

func onSite(p seed.Employee) string {
	if p.Custom.OnSite == nil {
		return ""
	}
	return strconv.FormatBool(*p.Custom.OnSite)
}

func definitions() []wire.Object {
	list := []wire.Object{}
	for _, c := range customs {
		config := wire.Object{}
		if c.choices != nil {
			config["choices"] = c.choices
		}
		list = append(list, wire.Object{"id": c.id, "companyId": "T7cqPFK7am4lFTZm39007033", "name": c.name, "section": "basics", "resourceId": nil, "type": c.kind,
			"config": config, "createdAt": madeAt, "updatedAt": madeAt})
	}
	return list
}

// values hold those that there are, some that are null or empty, and some that hang on a job role rather than on the person.
func (e *emulator) values() []wire.Object {
	list := []wire.Object{}
	add := func(p seed.Employee, c custom, resource, value any) {
		list = append(list, wire.Object{"id": fmt.Sprintf("cv%06d", len(list)), "personId": id(p.ID), "customFieldId": c.id, "resourceId": resource, "value": value,
			"createdAt": madeAt, "updatedAt": p.Changed.UTC().Format(moments)})
	}
	for _, p := range e.Living() {
		if p.ID%10 == 0 {
			add(p, customs[0], fmt.Sprintf("jr%d-0", p.ID), "of a job role")
		}
		for _, c := range customs {
			if value, there := c.value(p); there {
				add(p, c, nil, value)
			}
		}
	}
	return list
}

// value is what a person's entry for a field holds; there may be none.
func (c custom) value(p seed.Employee) (value any, there bool) {
	if c.list != nil {
		return c.list(p), c.list(p) != nil
	}
	o := wire.Object{}
	wire.Put(o, "value", c.text(p), p.Void)
	value, there = o["value"]
	return value, there
}

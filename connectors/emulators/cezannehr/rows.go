package cezannehr

import (
	"fmt"
	"strconv"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// id has zeros before it, which count.
func id(n int) string { return fmt.Sprintf("%08d", n) }

func unitCode(u seed.Unit) string {
	if u.ID == 0 {
		return ""
	}
	return strconv.Itoa(u.ID)
}

// called gives the person under the name that Cezanne has: one of each hundred has the same name as a manager, so that
// the name of that manager tells nobody apart.
func (e *emulator) called(p seed.Employee) seed.Employee {
	if twin, ok := e.Find(strconv.Itoa(p.ID - 44)); ok && p.ID%100 == 61 {
		p.First, p.Last = twin.First, twin.Last
	}
	return p
}

// The kinds of an employment's row, which are the ends of its id.
const (
	mainRow   = ""
	secondRow = "S"
)

// employment is the id of a row; this vendor shows no staff number, so that Number can hold it.
func employment(p seed.Employee, kind string) string { return fmt.Sprintf("E%d%s", p.ID, kind) }

// begun tells whether the first day is behind us whatever the day is: a record never changes ahead of its time.
func begun(p seed.Employee) bool { return p.Hire != "" && p.Hire < p.Changed.Format(time.DateOnly) }

// persons are the people, one row each.
func (e *emulator) persons() []seed.Employee {
	list := make([]seed.Employee, 0, len(e.People))
	for _, p := range e.Living() {
		p = e.called(p)
		p.Number = employment(p, mainRow)
		list = append(list, p)
	}
	return list
}

// rows are the employments: a person's earlier ones, the present one, and of some a second one beside it.
func (e *emulator) rows() []seed.Employee {
	list := make([]seed.Employee, 0, len(e.People))
	for _, p := range e.persons() {
		for i, job := range p.Earlier {
			old := p
			old.Number, old.Title, old.Hire, old.End, old.State = employment(p, strconv.Itoa(i)), job.Title, job.Start, job.End, seed.Left
			list = append(list, old)
		}
		if p.ID%11 == 0 && p.State == seed.Working && p.End == "" && begun(p) {
			second := p
			second.Number, second.Title = employment(p, secondRow), "Member of the Works Council"
			list = append(list, second)
		}
		list = append(list, p)
	}
	return list
}

// texts are the properties of a row that are texts.
func (e *emulator) texts(p seed.Employee) map[string]string {
	return map[string]string{
		"GIVENNAME": p.First, "MIDDLENAME": p.Middle, "FAMILYNAME": p.Last, "PREFERREDGIVENNAME": p.Preferred, "FORMATTEDNAME": p.Name(),
		"INTERNALEMAILADDRESS": p.Email, "EXTERNALEMAILADDRESS": p.PersonalEmail, "WORKPHONENUMBER": p.WorkPhone, "WORKMOBILENUMBER": p.MobilePhone,
		"POSITIONTITLE": p.Title, "ORGUNITCODE": unitCode(p.Department), "ORGUNITNAME": p.Department.Name, "COSTCENTRENAME": costCentre(p),
		"LOCATIONNAME": p.Office.Name, "COMPANYNAME": p.LegalEntity.Name, "SUPERVISOR": e.supervisor(p), "CONTRACTTERM": p.Type,
		"GENDERDESCRIPTION": p.Gender, "UDFBADGE": p.Custom.Badge,
	}
}

func (e *emulator) searchRow(p seed.Employee) wire.Object {
	o := wire.Object{"PERSONID": id(p.ID), "EMPLOYMENTID": p.Number, "EFFECTIVEFROM": moment(p, p.Hire), "EFFECTIVETO": until(p), "PRIMARYEMPLOYMENT": isPrimary(p),
		"ACTIVEEMPLOYEE": active(p), "BIRTHDATE": moment(p, p.Birth)}
	for key, value := range e.texts(p) {
		wire.Put(o, key, value, p.Void)
	}
	return o
}

func (e *emulator) personRow(p seed.Employee) wire.Object {
	o := wire.Object{"PERSONID": id(p.ID), "ACTIVEEMPLOYEE": active(p), "BIRTHDATE": moment(p, p.Birth), "LEGALNAME": nil,
		"NATIONALITYDESCRIPTION": "SENSITIVE-NATIONALITY", "PRIMARYLANGUAGEDESCRIPTION": nil}
	texts := e.texts(p)
	for _, key := range []string{"GIVENNAME", "MIDDLENAME", "FAMILYNAME", "PREFERREDGIVENNAME", "FORMATTEDNAME", "GENDERDESCRIPTION"} {
		wire.Put(o, key, texts[key], p.Void)
	}
	return o
}

func (e *emulator) employmentRow(p seed.Employee) wire.Object {
	var reason any
	if p.State == seed.Left {
		reason = "Resignation"
	}
	return wire.Object{"EMPLOYMENTID": p.Number, "PERSONID": id(p.ID), "PERSONNAME": p.Name(), "EFFECTIVEFROM": moment(p, p.Hire), "EFFECTIVETO": until(p),
		"COMPANYCODE": unitCode(p.LegalEntity), "TRANSLATEDCOMPANYNAME": p.LegalEntity.Name, "PRIMARYEMPLOYMENT": isPrimary(p),
		"EMPLOYMENTREASONDESCRIPTION": nil, "ORIGINALHIREDATE": moment(p, p.Hire), "ADJUSTEDHIREDATE": nil,
		"TERMINATIONREASONDESCRIPTION": reason, "LASTWORKDATE": moment(p, p.LastDay)}
}

// costCentre is the one that bears most.
func costCentre(p seed.Employee) string {
	best := seed.Share{}
	for _, s := range p.CostCentres {
		if s.Percent > best.Percent {
			best = s
		}
	}
	return best.Name
}

func (e *emulator) supervisor(p seed.Employee) string {
	switch {
	case p.ManagerID == 0:
		return ""
	case p.Manager() == nil:
		return "Former Colleague"
	}
	return e.called(*p.Manager()).Name()
}

// moment writes a day in one of the three ways that a service of this kind has.
func moment(p seed.Employee, date string) any {
	day, err := time.Parse(time.DateOnly, date)
	switch {
	case err != nil:
		return nil
	case p.ID%7 == 0:
		return date + "T00:00:00+02:00"
	case p.ID%7 == 1:
		return fmt.Sprintf("/Date(%d)/", day.UnixMilli())
	}
	return date + "T00:00:00"
}

// until is never empty: a far year means that there is no end.
func until(p seed.Employee) any {
	switch {
	case p.End != "":
		return moment(p, p.End)
	case p.ID%2 == 0:
		return "2999-12-31T00:00:00"
	}
	return "9999-12-31T00:00:00"
}

func isPrimary(p seed.Employee) int {
	if p.Number == employment(p, secondRow) {
		return 0
	}
	return 1
}

// active is 1 of some who have an end behind them, and null where nobody said it.
func active(p seed.Employee) any {
	switch {
	case p.State == seed.Odd:
		return nil
	case p.State == seed.Left && (p.End == "" || p.ID%3 != 0), p.State == seed.Starting && p.Hire != "" && !begun(p):
		return 0
	}
	return 1
}

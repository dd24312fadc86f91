package workday

import (
	"net/http"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// report gives all its rows in one answer. It has no prompts.
func (e *emulator) report(w http.ResponseWriter, r *http.Request) {
	user, secret, ok := r.BasicAuth()
	if !ok || user != username && user != username+"@"+tenant || !e.Tokens.Valid(secret, purpose) {
		e.Refuse(w, r, http.StatusUnauthorized)
		return
	}
	q := r.URL.Query()
	if q.Get("format") != "json" || wire.Unknown(q, "format") != "" {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	rows := []any{}
	for _, p := range e.Living() {
		rows = append(rows, row(p))
	}
	wire.JSON(w, http.StatusOK, "application/json", wire.Object{"Report_Entry": rows})
}

// row is a line of the report: text in each column, and no column or an empty text where there is no value.
func row(p seed.Employee) wire.Object {
	is, void := flagsOf(p), p.Void
	if void == seed.Null {
		void = seed.Missing
	}
	o := wire.Object{"Worker_WID": wid(p.ID), "Employee_ID": workerID(p), "First_Name": p.First, "Last_Name": p.Last,
		"Active_Status": yes(p, is.active), "On_Leave": yes(p, is.onLeave), "Terminated": yes(p, is.terminated)}
	for _, column := range []named{
		{"Preferred_Name", p.Preferred}, {"Work_Email", p.Email}, {"Personal_Email", p.PersonalEmail},
		{"Work_Phone", p.WorkPhone}, {"Mobile_Phone", p.MobilePhone}, {"Business_Title", p.Title},
		{"Department", p.Department.Name}, {"Department_ID", orgID("SUP", p.Department)}, {"Cost_Center", costCentre(p).Name},
		{"Company", p.LegalEntity.Name}, {"Location", p.Office.Name}, {"Country_Code", p.Address.CountryCode},
		{"City", p.Address.City}, {"Postal_Code", p.Address.PostalCode}, {"Address_Line_1", p.Address.Line1},
		{"Hire_Date", date(p, p.Hire)}, {"Termination_Date", date(p, ends(p))},
		{"Worker_Type", strings.ReplaceAll(kinds[p.Type], "_", " ")},
	} {
		wire.Put(o, column.name, column.value, void)
	}
	for _, c := range customs(p) {
		wire.Put(o, c.name, c.value, void)
	}
	if group := managerGroup(p); group != nil {
		o["Manager_group"] = []any{group}
	}
	return o
}

// managerGroup names the manager; one who is in no report any more has left his address only.
func managerGroup(p seed.Employee) wire.Object {
	switch m := p.Manager(); {
	case p.ManagerID == 0:
		return nil
	case m == nil || m.Removed:
		return wire.Object{"Manager_Email": formerEmail}
	case strings.TrimSpace(m.Email) == "":
		return wire.Object{"Manager_Employee_ID": workerID(*m)}
	default:
		return wire.Object{"Manager_Employee_ID": workerID(*m), "Manager_Email": m.Email}
	}
}

const formerEmail = "former.colleague@corp.example"

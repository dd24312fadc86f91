package catalystone

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// decoy is what stands where a client must not look: in changes to come and in second profiles.
const decoy = "Not this one"

func (e *emulator) employees(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	since, ok := time.Time{}, true
	if text := q.Get("modifiedSince"); text != "" {
		var err error
		since, err = time.Parse(moment, text)
		ok = err == nil
	}
	if !ok || wire.Unknown(q, "fullObject", "includeInactive", "modifiedSince") != "" {
		refuse(w, http.StatusBadRequest, "A parameter is unknown or wrong")
		return
	}
	rows := []any{}
	for _, p := range e.Living() {
		if !p.Changed.Before(since) && (p.State != seed.Left || q.Get("includeInactive") == "true") {
			rows = append(rows, profiles(p, q.Get("fullObject") == "true")...)
		}
	}
	answer(w, wire.Object{"employees": rows})
}

func (e *emulator) employee(w http.ResponseWriter, r *http.Request) {
	for _, p := range e.Living() {
		if p.Number != "" && p.Number == r.PathValue("id") {
			answer(w, wire.Object{"employees": profiles(p, true)})
			return
		}
	}
	e.Refuse(w, r, http.StatusNotFound)
}

func guid(kind string, id int) string { return fmt.Sprintf("%scafe-0000-4000-8000-%012d", kind, id) }

// profiles are a person's rows. Some have two: that of the second profile comes first where field 45 tells them apart, and
// last where it does not.
func profiles(p seed.Employee, full bool) []any {
	row := record(p, full)
	if p.ID%13 != 0 {
		return []any{row}
	}
	second := p
	second.Title, second.Email, second.CostCentres = decoy, "second.profile@corp.example", nil
	other := record(second, full)
	other["profileGUID"], other["profileId"] = guid("b299", p.ID), "2"+strconv.Itoa(p.ID)
	if !full {
		return []any{row, other}
	}
	if primary(p) == "" {
		return []any{row, other}
	}
	put(other["field"].(wire.Object), 45, "Primary profile", "No")
	return []any{other, row}
}

// primary is field 45: yes, true, or not filled.
func primary(p seed.Employee) string { return []string{"Yes", "true", ""}[p.ID/13%3] }

func record(p seed.Employee, full bool) wire.Object {
	o := wire.Object{
		"guid": guid("a100", p.ID), "profileGUID": guid("b200", p.ID), "name": p.Name(), "username": username(p),
		"employeeId": p.Number, "profileId": strconv.Itoa(p.ID), "createdOn": "2019-01-02T07:00:00.000Z",
		"lastModified": p.Changed.UTC().Format(moment), "hasPlannedChange": strconv.FormatBool(planned(p)),
	}
	if full {
		o["field"] = fields(p)
	}
	return o
}

func username(p seed.Employee) string { return "user." + strconv.Itoa(p.ID) }

func planned(p seed.Employee) bool { return p.ID%5 == 0 }

func put(fields wire.Object, number int, name, value string) {
	fields[strconv.Itoa(number)] = field(name, "Text", "1", wire.Object{"value": value})
}

func field(name, kind, id string, data wire.Object) wire.Object {
	return wire.Object{"name": name, "lastModified": "2026-03-01T10:00:00.000Z", "dataValidFrom": "2024-01-01T00:00:00.000Z",
		"type": kind, "typeId": id, "data": data, "visible": "true"}
}

// fields are a person's fields by their numbers. What has no value is an empty text, blanks, or not there at all.
func fields(p seed.Employee) wire.Object {
	all := wire.Object{}
	for _, f := range texts(p) {
		switch {
		case f.value != "" || p.Void == seed.Null || p.Void == seed.Empty:
			put(all, f.number, f.name, f.value)
		case p.Void == seed.Blank:
			put(all, f.number, f.name, "  ")
		}
		if f.isDate && all[strconv.Itoa(f.number)] != nil {
			o := all[strconv.Itoa(f.number)].(wire.Object)
			o["type"], o["typeId"] = "Date", "4"
		}
	}
	addReferences(all, p)
	if planned(p) {
		title := field("Job title", "Text", "1", wire.Object{"value": p.Title})
		title["plannedChange"] = wire.Object{"lastModified": "2026-05-05T00:00:00.000Z", "dataValidFrom": "2099-01-01T00:00:00.000Z",
			"dataValidTo": "", "status": "Planned", "data": wire.Object{"value": decoy}}
		title["plannedChangeAudit"] = []any{}
		all["44"] = title
	}
	return all
}

// text is a field whose value is nothing but a text.
type text struct {
	number int
	name   string
	value  string
	isDate bool
}

func texts(p seed.Employee) []text {
	list := []text{
		{0, "Employee ID", p.Number, false}, {1, "Name", p.Name(), false}, {2, "First name", p.First, false}, {3, "Last name", p.Last, false},
		{7, "E-mail", p.Email, false}, {19, "Gender", gender(p), false}, {21, "Date of birth", written(p, p.Birth), true},
		{22, "National identifier", "SENSITIVE-NATIONAL", false}, {24, "Country", p.Address.Country, false},
		{37, "Date of hiring", written(p, hired(p)), true}, {38, "Date of termination", written(p, p.End), true},
		{40, "Percentage of FTE", "100", false}, {44, "Job title", p.Title, false}, {45, "Primary profile", primary(p), false},
		{47, "Profile ID", strconv.Itoa(p.ID), false}, {49, "Employment status", word(p), false}, {101, "Username", username(p), false},
		{103, "User account status", "Inactive", false}, {1002, "Legal entity", p.LegalEntity.Name, false},
		{1003, "Company mobile phone", p.MobilePhone, false}, {1005, "Private e-mail", p.PersonalEmail, false},
		{1028, "Reason for leaving", reason(p), false}, {1029, "Actual last working day", p.LastDay, true},
		{1046, "EMPLOYMENT TYPE", p.Type, false}, {1068, "Office - Address", office(p), false}, {1070, "cost center", "", false},
		{1080, "Cost Center", costCentre(p), false}, {1083, "Department name", ownDepartment(p), false},
		{1084, "Department number", ownNumber(p), false}, {1237, "Password Microsoft 365", "SENSITIVE-PASSWORD", false},
		{1238, "Gammalt lösenord", "SENSITIVE-PASSWORD", false}, {1239, "National ID (old)", "SENSITIVE-NATIONAL", false},
	}
	for _, c := range customs {
		list = append(list, text{c.number, c.name, c.of(p), c.kind == "Date"})
	}
	return list
}

// addReferences adds the fields that point at something. One that points nowhere is empty in one of two ways.
func addReferences(all wire.Object, p seed.Employee) {
	references := map[int]wire.Object{8: {}, 9: {}, 14: {}}
	if p.Department.ID != 0 {
		references[8] = wire.Object{"value": p.Department.Name, "guid": guid("c300", p.Department.ID),
			"uniqueImportId": strconv.Itoa(p.Department.ID), "alternativeExportValue": ""}
	}
	if p.ManagerID != 0 {
		references[9] = manager(p)
	}
	if p.Office.ID != 0 {
		references[14] = wire.Object{"value": p.Office.Name, "guid": guid("d400", p.Office.ID)}
	}
	for number, name := range map[int]string{8: "Organisation", 9: "Manager", 14: "Job location"} {
		data := references[number]
		if len(data) == 0 && p.ID%2 == 0 {
			data["value"] = ""
		}
		all[strconv.Itoa(number)] = field(name, "Reference", "7", data)
	}
	all["32"] = field("Department manager", "Reference", "7", wire.Object{"value": decoy, "guid": guid("a100", 1)})
}

func manager(p seed.Employee) wire.Object {
	name := "Former Colleague"
	if p.Manager() != nil {
		name = p.Manager().Name()
	}
	id := strconv.Itoa(p.ManagerID)
	return wire.Object{"value": name, "guid": guid("a100", p.ManagerID), "uniqueImportId": "", "alternativeExportValue": "",
		"profileGUID": guid("b200", p.ManagerID), "username": "user." + id, "employeeId": id, "profileId": id}
}

// written is a day in one of the forms that accounts send.
func written(p seed.Employee, day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return at.Format([]string{time.DateOnly, "02.01.2006", moment}[p.ID%3])
}

// hired leaves out the day where the company has a status of its own, so that nothing tells what it means.
func hired(p seed.Employee) string {
	if p.State == seed.Odd {
		return ""
	}
	return p.Hire
}

// word is the company's own word for the status.
func word(p seed.Employee) string {
	switch {
	case p.Number == "" && p.Title == "":
		return ""
	case p.State == seed.OnLeave && p.Word == "":
		return "Leave of absence"
	case p.State == seed.OnLeave, p.State == seed.Odd:
		return p.Word
	case p.State == seed.Left:
		return "Terminated"
	case p.ID%17 == 0:
		return "Leaver, notice given"
	}
	return "Active"
}

func reason(p seed.Employee) string {
	if p.State == seed.Left {
		return "Resigned"
	}
	return ""
}

func gender(p seed.Employee) string {
	if p.Gender == "" {
		return ""
	}
	return strings.ToUpper(p.Gender[:1]) + p.Gender[1:]
}

func office(p seed.Employee) string {
	if p.Office.ID == 0 {
		return ""
	}
	return "Bryggen 1, " + p.Office.Name
}

func costCentre(p seed.Employee) string {
	if len(p.CostCentres) == 0 {
		return ""
	}
	return p.CostCentres[0].Name
}

// ownDepartment and ownNumber are the fields that this account made beside the organisation; every fourth person has them.
func ownDepartment(p seed.Employee) string {
	if p.ID%4 != 0 || p.Department.ID == 0 {
		return ""
	}
	return p.Department.Name + " (own)"
}

func ownNumber(p seed.Employee) string {
	if ownDepartment(p) == "" {
		return ""
	}
	return fmt.Sprintf("%06d", p.Department.ID%1000)
}

// custom is one of the company's own fields.
type custom struct {
	number     int
	name, kind string
	of         func(p seed.Employee) string
}

var customs = []custom{
	{1251, "Badge ID", "Text", func(p seed.Employee) string { return p.Custom.Badge }},
	{1252, "Building", "List", func(p seed.Employee) string { return p.Custom.Building.Name }},
	{1253, "Languages", "List", func(p seed.Employee) string { return strings.Join(p.Custom.Languages, ", ") }},
	{1254, "Anniversary", "Date", func(p seed.Employee) string { return p.Custom.Anniversary }},
	{1255, "Bicycles", "Number", func(p seed.Employee) string {
		if p.Custom.Bicycles == nil {
			return ""
		}
		return strconv.Itoa(*p.Custom.Bicycles)
	}},
	{1256, "Weekly hours", "Number", func(p seed.Employee) string { return strings.TrimSuffix(p.Custom.Hours, ".0") }},
	{1257, "On site", "Boolean", func(p seed.Employee) string {
		if p.Custom.OnSite == nil {
			return ""
		}
		return strconv.FormatBool(*p.Custom.OnSite)
	}},
	{1258, "Note", "Text", func(p seed.Employee) string { return p.Custom.Note }},
}

// organizations are the units: the first department stands over the others, which come only if asked for.
func (e *emulator) organizations(w http.ResponseWriter, r *http.Request) {
	seen, rows := map[int]bool{}, []any{}
	var top seed.Unit
	for _, p := range e.Living() {
		u := p.Department
		if u.ID == 0 || seen[u.ID] || top.ID != 0 && r.Header.Get("includeSubOrg") != "true" {
			continue
		}
		seen[u.ID] = true
		own := wire.Object{"400": orgField("Name", "Text", wire.Object{"value": u.Name}),
			"401": orgField("Number", "Text", wire.Object{"value": strconv.Itoa(u.ID)})}
		if top.ID == 0 {
			top = u
		} else {
			own["0"] = orgField("Parent organisation", "Reference", wire.Object{"value": top.Name, "guid": guid("c300", top.ID), "organizationId": strconv.Itoa(top.ID)})
		}
		rows = append(rows, wire.Object{"guid": guid("c300", u.ID), "organizationId": strconv.Itoa(u.ID), "createdOn": "2019-01-01T00:00:00.000Z",
			"lastModified": "2024-01-01T00:00:00.000Z", "isActive": "true", "field": own})
	}
	answer(w, wire.Object{"organizations": rows})
}

func orgField(name, kind string, data wire.Object) wire.Object {
	return wire.Object{"name": name, "lastModified": "2024-01-01T00:00:00.000Z", "type": kind, "data": data}
}

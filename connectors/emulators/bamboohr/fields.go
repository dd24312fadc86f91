package bamboohr

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// field is one column of the employee dataset: its entry in the catalogue, the name it has in a custom report if that
// one knows it, and how to read it from a person.
type field struct {
	name, label, group, report string
	of                         func(e seed.Employee) string
	date                       bool
}

var allFields = []field{
	{name: "eeid", label: "EEID", group: "Calculated", report: "id", of: func(e seed.Employee) string { return strconv.Itoa(e.ID) }},
	{name: "supervisorEid", label: "Supervisor EID", group: "Calculated", report: "supervisorEId", of: supervisorEID},
	{name: "supervisorId", label: "Supervisor ID", group: "Calculated", report: "supervisorId", of: ofManager(func(m seed.Employee) string { return m.Number })},
	{name: "supervisorEmail", label: "Supervisor Email", group: "Calculated", of: ofManager(func(m seed.Employee) string { return m.Email })},
	{name: "supervisorName", label: "Supervisor Name", group: "Calculated", report: "supervisor", of: ofManager(lastFirst)},
	{name: "lastChangedIso", label: "Last changed: ISO", group: "Calculated", of: func(e seed.Employee) string { return stamp(e.Changed) }},
	{name: "name", label: "Name", group: "Calculated", report: "displayName", of: seed.Employee.Name},
	{name: "employeeNumber", label: "Employee #", group: "Personal", report: "employeeNumber", of: func(e seed.Employee) string { return e.Number }},
	{name: "firstName", label: "First Name", group: "Personal", report: "firstName", of: func(e seed.Employee) string { return e.First }},
	{name: "middleName", label: "Middle Name", group: "Personal", report: "middleName", of: func(e seed.Employee) string { return e.Middle }},
	{name: "lastName", label: "Last Name", group: "Personal", report: "lastName", of: func(e seed.Employee) string { return e.Last }},
	{name: "preferredName", label: "Preferred Name", group: "Personal", report: "preferredName", of: func(e seed.Employee) string { return e.Preferred }},
	{name: "email", label: "Work Email", group: "Personal", report: "workEmail", of: func(e seed.Employee) string { return e.Email }},
	{name: "homeEmail", label: "Home Email", group: "Personal", report: "homeEmail", of: func(e seed.Employee) string { return e.PersonalEmail }},
	{name: "workPhone", label: "Work Phone", group: "Personal", report: "workPhone", of: func(e seed.Employee) string { return e.WorkPhone }},
	{name: "mobilePhone", label: "Mobile Phone", group: "Personal", report: "mobilePhone", of: func(e seed.Employee) string { return e.MobilePhone }},
	{name: "addressLineOne", label: "Address line 1", group: "Personal", report: "address1", of: func(e seed.Employee) string { return e.Address.Line1 }},
	{name: "addressLineTwo", label: "Address line 2", group: "Personal", report: "address2", of: func(e seed.Employee) string { return e.Address.Line2 }},
	{name: "addressLineOneAndTwo", label: "Address line 1 &amp; 2", group: "Personal", of: func(e seed.Employee) string {
		return strings.TrimSpace(e.Address.Line1 + " " + e.Address.Line2)
	}},
	{name: "city", label: "City", group: "Personal", report: "city", of: func(e seed.Employee) string { return e.Address.City }},
	{name: "state", label: "State", group: "Personal", report: "state", of: func(e seed.Employee) string { return e.Address.Region }},
	{name: "zipcode", label: "Zip Code", group: "Personal", report: "zipcode", of: func(e seed.Employee) string { return e.Address.PostalCode }},
	{name: "country", label: "Country", group: "Personal", report: "country", of: func(e seed.Employee) string { return e.Address.Country }},
	{name: "dateOfBirth", label: "Birth Date", group: "Personal", report: "dateOfBirth", date: true, of: func(e seed.Employee) string { return e.Birth }},
	{name: "gender", label: "Gender", group: "Personal", report: "gender", of: func(e seed.Employee) string { return genders[e.Gender] }},
	{name: "timezone", label: "Time Zone", group: "Personal", of: func(e seed.Employee) string { return e.TimeZone }},
	{name: "employeePhoto", label: "Employee Photo", group: "Personal", of: func(e seed.Employee) string { return e.Photo }},
	{name: "hireDate", label: "Hire Date", group: "Job", report: "hireDate", date: true, of: func(e seed.Employee) string { return e.Hire }},
	{name: "terminationDate", label: "Termination Date", group: "Job", report: "terminationDate", date: true, of: func(e seed.Employee) string { return e.End }},
	{name: "contractEndDate", label: "Contract End Date", group: "Job", date: true, of: func(e seed.Employee) string { return e.ContractEnd }},
	{name: "status", label: "Status", group: "Job", report: "status", of: status},
	{name: "team", label: "Team", group: "Job", of: func(e seed.Employee) string { return e.Team.Name }},
	{name: "jobInformationJobTitle", label: "Job Title", group: "Job Information", report: "jobTitle", of: func(e seed.Employee) string {
		return html.EscapeString(e.Title)
	}},
	{name: "jobInformationDepartment", label: "Department", group: "Job Information", report: "department", of: func(e seed.Employee) string { return e.Department.Name }},
	{name: "jobInformationDivision", label: "Division", group: "Job Information", report: "division", of: func(e seed.Employee) string { return e.Division }},
	{name: "jobInformationLocation", label: "Location", group: "Job Information", report: "location", of: func(e seed.Employee) string { return e.Office.Name }},
	{name: "jobInformationReportsTo", label: "Reports To", group: "Job Information", of: ofManager(seed.Employee.Name)},
	{name: "employmentStatus", label: "Employment Status", group: "Employment Status", report: "employmentHistoryStatus", of: employmentStatus},
	{name: "customField4401", label: "Badge colour", group: "Custom", of: func(e seed.Employee) string { return e.Custom.Badge }},
	{name: "customField4402", label: "Laptop issued", group: "Custom", date: true, of: func(e seed.Employee) string { return e.Custom.Anniversary }},
	{name: "customField4403", label: "Languages &amp; dialects", group: "Custom", of: func(e seed.Employee) string { return strings.Join(e.Custom.Languages, ", ") }},
	{name: "customField4404", label: "Bicycles", group: "Custom", of: bicycles},
	{name: "customField4405", label: "Note", group: "Custom", of: func(e seed.Employee) string { return e.Custom.Note }},
}

var genders = map[string]string{"female": "Female", "male": "Male", "diverse": "Non-binary"}

var groups = map[string]string{"Calculated": "calculated", "Personal": "personal", "Job": "job", "Job Information": "jobInformation",
	"Employment Status": "employmentStatus", "Custom": "custom"}

func visible(hidden map[string]bool) []field {
	seen := make([]field, 0, len(allFields))
	for _, f := range allFields {
		if !hidden[f.name] {
			seen = append(seen, f)
		}
	}
	return seen
}

func named(name string) (field, bool) {
	for _, f := range allFields {
		if f.name == name {
			return f, true
		}
	}
	return field{}, false
}

// put writes the field of a person the way the dataset does.
func (f field) put(row wire.Object, e seed.Employee) {
	value := f.of(e)
	if value == "" && f.date && e.Void != seed.Missing {
		row[f.name] = noDate(f.name, e.Void)
		return
	}
	wire.Put(row, f.name, value, e.Void)
}

func noDate(name string, void seed.Void) any {
	if name == "dateOfBirth" && void == seed.Empty {
		return "0000-00-00"
	}
	return nil
}

func supervisorEID(e seed.Employee) string {
	if e.ManagerID == 0 {
		return ""
	}
	return strconv.Itoa(e.ManagerID)
}

func ofManager(of func(seed.Employee) string) func(seed.Employee) string {
	return func(e seed.Employee) string {
		if e.Manager() == nil {
			return ""
		}
		return of(*e.Manager())
	}
}

func lastFirst(e seed.Employee) string { return e.Last + ", " + e.First }

func bicycles(e seed.Employee) string {
	if e.Custom.Bicycles == nil {
		return ""
	}
	return fmt.Sprint(*e.Custom.Bicycles)
}

// status is what BambooHR itself makes of an employment: people who have not begun are not active.
func status(e seed.Employee) string {
	switch e.State {
	case seed.Left:
		return "Inactive"
	case seed.Starting:
		return "Inactive"
	case seed.Odd:
		return e.Word
	}
	return "Active"
}

// employmentStatus is the customer's word: the kind of employment, until something else matters more.
func employmentStatus(e seed.Employee) string {
	switch {
	case e.State == seed.Left:
		return "Terminated"
	case e.State == seed.OnLeave && e.Word == "":
		return "On leave"
	case e.State != seed.Odd && e.Word != "":
		return e.Word
	}
	return e.Type
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+00:00") }

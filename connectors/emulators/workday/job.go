package workday

import (
	"fmt"
	"strings"

	"rollcall/connectors/emulators/seed"
)

func (x *out) employment(p seed.Employee, v wish) {
	if v.includes("Additional_Jobs") && p.ID%14 == 0 {
		second := p
		second.Title, second.ManagerID = "Advisor to the Board", 0
		x.job(second, "0") // the primary job is not always the first
	}
	x.job(p, "1")
	x.status(p, v)
}

func (x *out) job(p seed.Employee, primary string) {
	x.in("Worker_Job_Data", func() {
		x.in("Position_Data", func() {
			id, position := fmt.Sprintf("P-%05d", p.ID), strings.TrimSpace(p.Title)
			x.ref("Position_Reference", position, "WID", wid(p.ID+1<<20), "Position_ID", id)
			x.text("Position_ID", id)
			if p.ID%5 == 0 {
				x.put("Position_Title", p.Title, p.Void) // and no title of business
			} else {
				x.put("Position_Title", position, seed.Missing)
				x.put("Business_Title", p.Title, p.Void)
			}
			x.text("Start_Date", date(p, p.Hire))
			x.text("End_Employment_Date", date(p, ends(p)))
			x.kind(p)
			x.ref("Position_Time_Type_Reference", "Full time", "Position_Time_Type_ID", "Full_time")
			x.text("Scheduled_Weekly_Hours", "40")
			x.in("Job_Profile_Summary_Data", func() {
				x.ref("Job_Profile_Reference", "Staff", "Job_Profile_ID", "JP-STA")
				x.text("Job_Profile_Name", "Staff")
			})
			if p.Office.ID != 0 {
				x.in("Business_Site_Summary_Data", func() { x.site(p) })
			}
			if p.ManagerID != 0 {
				x.manager("Manager_as_of_last_detected_manager_change_Reference", p)
			}
		}, "Effective_Date", date(p, p.Hire))
	}, "Primary_Job", primary)
}

func (x *out) kind(p seed.Employee) {
	kind := kinds[p.Type]
	if kind == "" {
		return
	}
	list := "Employee_Type_ID"
	if p.External {
		list = "Contingent_Worker_Type_ID"
	}
	x.ref("Worker_Type_Reference", kind, "WID", wid(len(kind)), list, kind)
}

// manager writes a reference to the manager, whether or not he is known here.
func (x *out) manager(name string, p seed.Employee) {
	m := seed.Employee{ID: p.ManagerID, First: "Former", Last: "Colleague"}
	if p.Manager() != nil {
		m = *p.Manager()
	}
	x.ref(name, m.Name(), "WID", wid(m.ID), numberKind(m), workerID(m))
}

func (x *out) site(p seed.Employee) {
	a, locale := p.Address, p.Language+"_"+p.Address.CountryCode
	x.ref("Location_Reference", p.Office.Name, "WID", wid(p.Office.ID), "Location_ID", fmt.Sprintf("LOC-%d", p.Office.ID))
	x.text("Name", p.Office.Name)
	x.ref("Location_Type_Reference", "Business Site", "Location_Type_ID", "Business Site")
	x.ref("Local_Reference", locale, "Locale_ID", locale)
	x.in("Address_Data", func() {
		x.country(p)
		for i, line := range []string{a.Line1, a.Line2} {
			x.text("Address_Line_Data", line, "Descriptor", fmt.Sprintf("Address Line %d", i+1), "Type", fmt.Sprintf("ADDRESS_LINE_%d", i+1))
		}
		x.text("Municipality", a.City)
		if a.Region != "" {
			x.ref("Country_Region_Reference", a.Region, "Country_Region_ID", a.CountryCode+"-1", "ISO_3166-2_Code", "1")
			x.text("Country_Region_Descriptor", a.Region)
		}
		x.put("Postal_Code", a.PostalCode, p.Void)
	}, "Address_Format_Type", "Basic", "Formatted_Address", strings.Join([]string{a.Line1, a.Line2, a.PostalCode, a.City}, " "))
}

// status writes what the worker's employment is. Whoever begins later is active if read as of that day.
func (x *out) status(p seed.Employee, v wish) {
	is := flagsOf(p)
	if named := len(v.request.all("Request_References")) > 0; named && p.State == seed.Starting && p.Hire != "" && p.Hire <= v.asOf {
		is.active = true
	}
	x.in("Worker_Status_Data", func() {
		x.text("Active", yes(p, is.active))
		x.text("Active_Status_Date", date(p, p.Hire))
		x.text("Hire_Date", date(p, p.Hire))
		x.text("Original_Hire_Date", date(p, p.Hire))
		if !is.terminated {
			x.text("End_Employment_Date", date(p, ends(p)))
		}
		x.text("First_Day_of_Work", date(p, p.Hire))
		x.text("Retired", yes(p, false))
		x.text("Terminated", yes(p, is.terminated))
		if is.terminated {
			x.text("Termination_Date", date(p, ends(p)))
			x.text("Termination_Last_Day_of_Work", date(p, p.LastDay))
		}
		x.text("Hire_Rescinded", yes(p, false))
		if is.onLeave {
			x.leave(p, false) // a leave that is over goes first
			x.leave(p, true)
		}
		x.text("Rehire", yes(p, false))
	})
}

func (x *out) leave(p seed.Employee, on bool) {
	x.in("Leave_Status_Data", func() {
		x.text("On_Leave", yes(p, on))
		x.text("Leave_Start_Date", "2025-09-01")
		x.text("Estimated_Leave_End_Date", "2036-03-01")
		x.ref("Leave_of_Absence_Type_Reference", "Parental_Leave", "Leave_of_Absence_Type_ID", "Parental_Leave")
	})
}

func orgID(kind string, u seed.Unit) string {
	if u.ID == 0 {
		return ""
	}
	return fmt.Sprintf("%s_%d", kind, u.ID)
}

func orgIDs(p seed.Employee) []string {
	return []string{orgID("SUP", p.Department), orgID("CC", costCentre(p)), orgID("CO", p.LegalEntity)}
}

func (x *out) organizations(p seed.Employee) {
	division := seed.Unit{Name: p.Division}
	if p.Division != "" {
		division.ID = 100 + len(p.Division)
	}
	x.organization(p.Department, "SUP", "", "Supervisory", p.Department.Name+" (Anneliese Grünwald)")
	x.organization(costCentre(p), "CC", "Cost_Center_Reference_ID", "Cost Center", costCentre(p).Name)
	x.organization(p.LegalEntity, "CO", "Company_Reference_ID", "Company", p.LegalEntity.Name)
	x.organization(division, "BU", "Business_Unit_ID", "Business Unit", p.Division)
}

func (x *out) organization(u seed.Unit, prefix, more, kind, descriptor string) {
	if u.ID == 0 {
		return
	}
	id := orgID(prefix, u)
	x.in("Worker_Organization_Data", func() {
		ids := []string{"WID", wid(u.ID), "Organization_Reference_ID", id}
		if more != "" {
			ids = append(ids, more, id)
		}
		x.ref("Organization_Reference", descriptor, ids...)
		x.in("Organization_Data", func() {
			x.text("Organization_Reference_ID", id)
			if more != "" {
				x.text("Organization_Code", fmt.Sprint(u.ID))
			}
			x.text("Organization_Name", u.Name)
			x.ref("Organization_Type_Reference", kind, "WID", wid(len(kind)), "Organization_Type_ID", strings.ReplaceAll(strings.ToUpper(kind), " ", "_"))
		})
	})
}

// chain writes the managers from above down to the direct one.
func (x *out) chain(p seed.Employee) {
	x.in("Management_Chain_Data", func() {
		x.in("Worker_Supervisory_Management_Chain_Data", func() {
			if m := p.Manager(); m != nil && m.ManagerID != 0 && !m.OwnManager() {
				x.step(*m)
			}
			x.step(p)
		})
	})
}

// step is one manager of the chain: whom p reports to.
func (x *out) step(p seed.Employee) {
	x.in("Management_Chain_Data", func() {
		x.ref("Organization_Reference", "Team of "+wid(p.ManagerID), "Organization_Reference_ID", fmt.Sprintf("SUP_L%d", p.ManagerID))
		x.manager("Manager_Reference", p)
		x.in("Manager", func() { x.manager("Worker_Reference", p) })
	})
}

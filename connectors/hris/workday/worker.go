package workday

import (
	"slices"

	"rollcall/connectors/internal/manifest"
)

// row writes a worker as a row of the report. The worker himself is kept only where his
// paths are wanted, for he is large.
func (r reading) row(worker any) map[string]any {
	row := map[string]any{}
	if whole, ok := worker.(map[string]any); ok && r.raw() {
		row["Worker_Reference"], row["Worker_Data"] = whole["Worker_Reference"], whole["Worker_Data"]
	}
	put := func(name, text string) {
		if text != "" {
			row[name] = text
		}
	}
	data, _ := manifest.At(worker, "Worker_Data")
	put("Worker_WID", id(worker, "Worker_Reference", "WID"))
	put("Employee_ID", manifest.TextAt(data, "Worker_ID"))
	if row["Employee_ID"] == nil {
		put("Employee_ID", id(worker, "Worker_Reference", "Employee_ID", "Contingent_Worker_ID"))
	}
	person(data, put)
	status, _ := manifest.At(data, "Employment_Data.Worker_Status_Data")
	put("Hire_Date", manifest.TextAt(status, "Hire_Date"))
	put("Termination_Date", first(status, "Termination_Date", "End_Employment_Date"))
	put("Active_Status", manifest.TextAt(status, "Active"))
	put("Terminated", manifest.TextAt(status, "Terminated"))
	if slices.ContainsFunc(several(status, "Leave_Status_Data"), func(leave any) bool { return yes(manifest.TextAt(leave, "On_Leave")) }) {
		put("On_Leave", "1")
	}
	job(primary(several(data, "Employment_Data.Worker_Job_Data")), put)
	for _, organization := range slices.Backward(several(data, "Organization_Data.Worker_Organization_Data")) {
		name, kind := manifest.TextAt(organization, "Organization_Data.Organization_Name"), id(organization, "Organization_Data.Organization_Type_Reference", "Organization_Type_ID")
		put(organizations[kind], name)
		if kind == "SUPERVISORY" {
			put("Department_ID", first(organization, "Organization_Data.Organization_Reference_ID"))
		}
	}
	put("@Manager", manager(worker, data))
	var fields []any
	for _, field := range several(data, "Integration_Field_Override_Data") {
		value, _ := manifest.At(field, "Value")
		fields = append(fields, map[string]any{"name": id(field, "Field_Reference", "Integration_Document_Field_Name"), "value": value})
	}
	row["@Fields"] = fields
	return row
}

// organizations are the columns of the kinds of organisation.
var organizations = map[string]string{"SUPERVISORY": "Department", "COST_CENTER": "Cost_Center", "COMPANY": "Company", "BUSINESS_UNIT": "@Business_Unit"}

func person(data any, put func(name, text string)) {
	found, _ := manifest.At(data, "Personal_Data")
	legal, preferred := "Name_Data.Legal_Name_Data.Name_Detail_Data.", "Name_Data.Preferred_Name_Data.Name_Detail_Data.@Formatted_Name"
	put("First_Name", manifest.TextAt(found, legal+"First_Name"))
	put("Last_Name", manifest.TextAt(found, legal+"Last_Name"))
	put("Preferred_Name", manifest.TextAt(found, preferred))
	put("@Display_Name", first(found, preferred, legal+"@Formatted_Name"))
	put("@Birth_Date", manifest.TextAt(found, "Birth_Date"))
	put("@Gender", id(found, "Gender_Reference", "Gender_Code", ""))
	emails, phones := several(found, "Contact_Data.Email_Address_Data"), several(found, "Contact_Data.Phone_Data")
	put("Work_Email", manifest.TextAt(used(emails, "WORK"), "Email_Address"))
	put("Personal_Email", manifest.TextAt(used(emails, "HOME"), "Email_Address"))
	put("Work_Phone", phone(used(device(phones, "Landline"), "WORK")))
	put("Mobile_Phone", phone(used(device(phones, "Mobile"), "HOME")))
	put("Mobile_Phone", phone(used(device(phones, "Mobile"), "WORK"))) // which replaces the one for home
}

// used gives of e-mail addresses or telephones the one for a use, a primary one first.
func used(entries []any, use string) any {
	var other any
	for _, entry := range entries {
		for _, usage := range several(entry, "Usage_Data") {
			for _, kind := range several(usage, "Type_Data") {
				switch {
				case id(kind, "Type_Reference", "Communication_Usage_Type_ID") != use:
				case yes(manifest.TextAt(kind, "@Primary")):
					return entry
				case other == nil:
					other = entry
				}
			}
		}
	}
	return other
}

func device(phones []any, kind string) []any {
	return slices.DeleteFunc(slices.Clone(phones), func(phone any) bool {
		return id(phone, "Phone_Device_Type_Reference", "Phone_Device_Type_ID") != kind
	})
}

func phone(entry any) string {
	if text := first(entry, "@E164_Formatted_Phone", "@Workday_Traditional_Formatted_Phone"); text != "" {
		return text
	}
	code, rest := manifest.TextAt(entry, "International_Phone_Code"), manifest.TextAt(entry, "Phone_Number")
	if code == "" || rest == "" {
		return rest
	}
	return "+" + code + " " + rest
}

// primary gives the position of the primary job, which is not always the first.
func primary(jobs []any) any {
	if len(jobs) == 0 {
		return nil
	}
	at := max(0, slices.IndexFunc(jobs, func(job any) bool { return yes(manifest.TextAt(job, "@Primary_Job")) }))
	position, _ := manifest.At(jobs[at], "Position_Data")
	return position
}

func job(position any, put func(name, text string)) {
	put("Business_Title", first(position, "Business_Title", "Position_Title"))
	put("Worker_Type", id(position, "Worker_Type_Reference", "Employee_Type_ID", "Contingent_Worker_Type_ID"))
	site, _ := manifest.At(position, "Business_Site_Summary_Data")
	put("Location", manifest.TextAt(site, "Name"))
	put("@Locale", id(site, "Local_Reference", "Locale_ID"))
	addresses := several(site, "Address_Data")
	if len(addresses) == 0 {
		return
	}
	address := addresses[0]
	lines := map[string]string{"ADDRESS_LINE_1": "Address_Line_1", "ADDRESS_LINE_2": "@Address_Line_2", "ADDRESS_LINE_3": "@Address_Line_3"}
	for _, line := range several(address, "Address_Line_Data") {
		if name := lines[manifest.TextAt(line, "@Type")]; name != "" {
			put(name, manifest.TextAt(line, "#"))
		}
	}
	put("City", manifest.TextAt(address, "Municipality"))
	put("@Region", manifest.TextAt(address, "Country_Region_Descriptor"))
	put("Postal_Code", manifest.TextAt(address, "Postal_Code"))
	put("Country_Code", id(address, "Country_Reference", "ISO_3166-1_Alpha-2_Code"))
}

// manager gives the last of the chain who is not the worker; without a chain, the manager
// who was detected last.
func manager(worker, data any) string {
	chains := several(data, "Management_Chain_Data.Worker_Supervisory_Management_Chain_Data")
	if len(chains) == 0 {
		return id(primary(several(data, "Employment_Data.Worker_Job_Data")), "Manager_as_of_last_detected_manager_change_Reference", "WID")
	}
	for _, step := range slices.Backward(several(chains[0], "Management_Chain_Data")) {
		if wid := id(step, "Manager_Reference", "WID"); wid != "" && wid != id(worker, "Worker_Reference", "WID") {
			return wid
		}
	}
	return ""
}

// id gives the id of a reference, of the first kind that it has; an empty kind is any but
// Workday's own.
func id(v any, reference string, kinds ...string) string {
	ids := several(v, reference+".ID")
	for _, kind := range kinds {
		for _, one := range ids {
			if is := manifest.TextAt(one, "@type"); is == kind || kind == "" && is != "WID" {
				return manifest.TextAt(one, "#")
			}
		}
	}
	return ""
}

package workday

import (
	"encoding/xml"
	"fmt"
	"strings"

	"rollcall/connectors/emulators/seed"
)

// out writes elements of Workday's namespace under one prefix.
type out struct {
	strings.Builder
	prefix string
}

func (x *out) raw(text string) { x.WriteString(text) }

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder never fails
	return b.String()
}

// in writes an element around what inside writes; attributes come as name and value in turn.
func (x *out) in(name string, inside func(), attrs ...string) {
	x.raw("<" + x.prefix + name)
	for i := 0; i+1 < len(attrs); i += 2 {
		if attrs[i+1] != "" {
			x.raw(" " + x.prefix + attrs[i] + `="` + escape(attrs[i+1]) + `"`)
		}
	}
	x.raw(">")
	inside()
	x.raw("</" + x.prefix + name + ">")
}

// some writes an element unless nothing is in it.
func (x *out) some(name string, inside func(*out)) {
	inner := &out{prefix: x.prefix}
	if inside(inner); inner.Len() > 0 {
		x.in(name, func() { x.raw(inner.String()) })
	}
}

func (x *out) text(name, value string, attrs ...string) {
	if value != "" {
		x.in(name, func() { x.raw(escape(value)) }, attrs...)
	}
}

// put writes a text, or the person's way of having none.
func (x *out) put(name, value string, void seed.Void) {
	switch {
	case value != "":
		x.text(name, value)
	case void == seed.Empty:
		x.in(name, func() {})
	case void == seed.Blank:
		x.in(name, func() { x.raw("  ") })
	}
}

// ref writes a reference; ids come as type and value in turn.
func (x *out) ref(name, descriptor string, ids ...string) {
	x.in(name, func() {
		for i := 0; i+1 < len(ids); i += 2 {
			x.text("ID", ids[i+1], "type", ids[i])
		}
	}, "Descriptor", descriptor)
}

func numberKind(p seed.Employee) string {
	if p.External {
		return "Contingent_Worker_ID"
	}
	return "Employee_ID"
}

func descriptor(p seed.Employee) string {
	switch is := flagsOf(p); {
	case is.onLeave:
		return p.Name() + " (On Leave)"
	case is.terminated:
		return p.Name() + " (Terminated)"
	}
	return p.Name()
}

func (x *out) worker(p seed.Employee, v wish) {
	x.in("Worker", func() {
		if v.includes("Reference") {
			x.ref("Worker_Reference", descriptor(p), "WID", wid(p.ID), numberKind(p), workerID(p))
		}
		x.text("Worker_Descriptor", descriptor(p))
		x.in("Worker_Data", func() {
			x.text("Worker_ID", workerID(p))
			if p.ID%2 == 0 {
				x.text("User_ID", fmt.Sprintf("u%d", p.ID))
			}
			if v.includes("Personal_Information") {
				x.in("Personal_Data", func() { x.personal(p) })
			}
			if v.includes("Employment_Information") {
				x.in("Employment_Data", func() { x.employment(p, v) })
			}
			if v.includes("Organizations") {
				x.some("Organization_Data", func(x *out) { x.organizations(p) })
			}
			if v.includes("Management_Chain_Data") && p.ManagerID != 0 && p.ID%9 != 0 {
				x.chain(p)
			}
			if v.customs {
				x.overrides(p)
			}
		})
	})
}

func (x *out) overrides(p seed.Employee) {
	for _, c := range customs(p) {
		if c.value == "" && p.Void != seed.Empty {
			continue
		}
		x.in("Integration_Field_Override_Data", func() {
			x.ref("Field_Reference", c.name, "WID", wid(len(c.name)), "Integration_Document_Field_Name", c.name)
			x.put("Value", c.value, p.Void)
		})
	}
}

func (x *out) country(p seed.Employee) {
	three := map[string]string{"DE": "DEU", "PL": "POL", "BE": "BEL"}[p.Address.CountryCode]
	number := map[string]string{"DE": "276", "PL": "616", "BE": "056"}[p.Address.CountryCode]
	if three == "" {
		return
	}
	x.ref("Country_Reference", p.Address.Country, "WID", wid(len(three)), "ISO_3166-1_Alpha-2_Code", p.Address.CountryCode,
		"ISO_3166-1_Alpha-3_Code", three, "ISO_3166-1_Numeric-3_Code", number)
}

func (x *out) personal(p seed.Employee) {
	x.in("Name_Data", func() {
		x.in("Legal_Name_Data", func() { x.name(p, p.First, p.Middle, p.Last, p.Name()) })
		if first, last, ok := strings.Cut(p.Preferred, " "); ok {
			x.in("Preferred_Name_Data", func() { x.name(p, first, "", last, p.Preferred) })
		}
	})
	if g := gender(p); g != "" {
		x.ref("Gender_Reference", g, "Gender_Code", g)
	}
	x.text("Birth_Date", date(p, p.Birth))
	x.some("Contact_Data", func(x *out) { x.contact(p) })
}

func (x *out) name(p seed.Employee, first, middle, last, formatted string) {
	x.in("Name_Detail_Data", func() {
		x.country(p)
		x.text("First_Name", first)
		x.text("Middle_Name", middle)
		x.text("Last_Name", last)
	}, "Formatted_Name", formatted, "Reporting_Name", last+", "+first)
}

func (x *out) contact(p seed.Employee) {
	x.phone(p, p.WorkPhone, "Landline", "Work", true)
	if p.MobilePhone != "" && p.ID%4 == 3 {
		x.phone(p, "+32 499 000000", "Mobile", "Home", true) // the one of work goes first
	}
	x.phone(p, p.MobilePhone, "Mobile", []string{"Home", "Work"}[p.ID/2%2], false)
	if p.Email != "" && p.ID%6 == 0 {
		x.email(fmt.Sprintf("alias.%d@corp.example", p.ID), "Work", false)
	}
	x.email(p.Email, "Work", true)
	x.email(p.PersonalEmail, "Home", true)
}

func (x *out) email(address, usage string, primary bool) {
	if address == "" {
		return
	}
	x.in("Email_Address_Data", func() {
		x.text("Email_Address", address)
		x.usage(usage, primary)
	})
}

func (x *out) usage(usage string, primary bool) {
	x.in("Usage_Data", func() {
		x.in("Type_Data", func() {
			x.ref("Type_Reference", usage, "WID", wid(len(usage)), "Communication_Usage_Type_ID", strings.ToUpper(usage))
		}, "Primary", bit(primary))
	}, "Public", bit(usage == "Work"))
}

func bit(is bool) string {
	if is {
		return "1"
	}
	return "0"
}

// split takes a number apart into the country's code and the rest.
func split(number string) (code, rest string) {
	number = strings.TrimPrefix(number, "+")
	return number[:2], strings.TrimSpace(number[2:])
}

// phoneTold is the number in the best of the forms in which this person's record has it.
func phoneTold(p seed.Employee, number string) string {
	if number == "" {
		return ""
	}
	code, rest := split(number)
	switch p.ID % 5 {
	case 1:
		return "+" + code + "  " + rest
	case 2:
		return "+" + code + " " + rest
	}
	return strings.ReplaceAll(number, " ", "")
}

func (x *out) phone(p seed.Employee, number, device, usage string, primary bool) {
	if number == "" {
		return
	}
	code, rest := split(number)
	short := strings.ReplaceAll(number, " ", "")
	attrs := []string{"E164_Formatted_Phone", short, "International_Formatted_Phone", short, "Workday_Traditional_Formatted_Phone", "+" + code + "  " + rest}
	switch p.ID % 5 {
	case 1:
		attrs = attrs[4:]
	case 2:
		attrs = nil
	}
	x.in("Phone_Data", func() {
		x.text("Country_ISO_Code", map[string]string{"49": "DEU", "32": "BEL"}[code])
		x.text("International_Phone_Code", code)
		x.text("Phone_Number", rest)
		x.ref("Phone_Device_Type_Reference", device, "Phone_Device_Type_ID", device)
		x.usage(usage, primary)
	}, attrs...)
}

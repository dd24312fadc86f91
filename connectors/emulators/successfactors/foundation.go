package successfactors

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// Names of departments are told in three ways: one is translated, one has nothing but the last way.
var (
	translated = map[string]string{"Engineering": "Technik"}
	bare       = "Finance"
)

var countries = map[string]string{"DE": "DEU", "PL": "POL", "BE": "BEL"}

func codeOf(u seed.Unit) any {
	if u.ID == 0 {
		return nil
	}
	return strconv.Itoa(u.ID)
}

func divisionCode(name string) string {
	return strings.ToUpper(strings.ReplaceAll(name, " ", "_"))
}

// unit is a foundation object, or null.
func unit(kind string, u seed.Unit) any {
	if u.ID == 0 {
		return nil
	}
	return object(kind, strconv.Itoa(u.ID), u.Name)
}

func object(kind, code, name string) wire.Object {
	return entity(kind, "externalCode='"+code+"',startDate=datetime'1990-01-01T00:00:00'", wire.Object{
		"externalCode": code, "name": name, "name_defaultValue": name, "name_localized": name, "status": "A",
		"startDate": "/Date(631152000000)/", "endDate": openEnd})
}

func department(u seed.Unit) any {
	o, ok := unit("FODepartment", u).(wire.Object)
	if !ok {
		return nil
	}
	o["parent"], o["headOfUnit"], o["costCenter"] = nil, nil, nil
	if name := translated[u.Name]; name != "" {
		o["name_localized"] = name
	}
	if u.Name == bare {
		o["name"], o["name_localized"] = nil, nil
	}
	return o
}

func division(name string) any {
	if name == "" {
		return nil
	}
	return object("FODivision", divisionCode(name), name)
}

func company(u seed.Unit) any {
	o, ok := unit("FOCompany", u).(wire.Object)
	if !ok {
		return nil
	}
	o["country"], o["currency"] = "DEU", "EUR"
	return o
}

func location(p seed.Employee) any {
	if p.Office.ID == 0 {
		return nil
	}
	code := strconv.Itoa(p.Office.ID)
	o := entity("FOLocation", "externalCode='"+code+"',startDate=datetime'1990-01-01T00:00:00'", wire.Object{"externalCode": code,
		"name": p.Office.Name, "timezone": null(p.TimeZone), "locationGroup": nil, "status": "A", "startDate": "/Date(631152000000)/",
		"endDate": openEnd, "addressNavDEFLT": nav{nil}})
	if hasAddress(p) {
		a := wire.Object{"address3": nil, "country": null(countries[p.Address.CountryCode])}
		for name, value := range map[string]string{"address1": p.Address.Line1, "address2": p.Address.Line2, "city": p.Address.City,
			"state": p.Address.Region, "zipCode": p.Address.PostalCode} {
			wire.Put(a, name, value, p.Void)
		}
		o["addressNavDEFLT"] = nav{entity("FOCorporateAddressDEFLT", "addressId="+code+"L,startDate=datetime'1990-01-01T00:00:00'", a)}
	}
	return o
}

func hasAddress(p seed.Employee) bool { return p.Address.Line1 != "" && p.ID%23 != 0 }

// foundation answers the lists of departments and the like, and the picklists.
func (e *emulator) foundation(w http.ResponseWriter, r *http.Request) {
	of := map[string]func(seed.Employee) any{
		"FODepartment":   func(p seed.Employee) any { return department(p.Department) },
		"FODivision":     func(p seed.Employee) any { return division(p.Division) },
		"FOBusinessUnit": func(p seed.Employee) any { return unit("FOBusinessUnit", p.Team) },
		"FOCompany":      func(p seed.Employee) any { return company(p.LegalEntity) },
		"FOCostCenter":   func(p seed.Employee) any { return unit("FOCostCenter", largest(p.CostCentres)) },
		"FOLocation":     location,
	}[r.PathValue("entity")]
	asked, ok := e.read(w, r, r.PathValue("entity"))
	switch {
	case !ok:
	case r.PathValue("entity") == "Picklist('ecEmailType')":
		options := list(choice("4001", "B", "Business"), choice("4002", "P", "Personal"))
		answer(w, wire.Object{"d": entity("Picklist", "'ecEmailType'", wire.Object{"picklistId": "ecEmailType", "picklistOptions": options})})
	case of == nil || e.Hidden[r.PathValue("entity")]:
		refuse(w, http.StatusNotFound, "COE_ENTITY_NOT_FOUND", "[COE0019]Entity "+r.PathValue("entity")+" is not found")
	default:
		answer(w, wire.Object{"d": list(asked.pruned(e.different(of), "")...)})
	}
}

// different are the different objects of all people, in the order of their codes.
func (e *emulator) different(of func(seed.Employee) any) []any {
	byCode := map[string]any{}
	var codes []string
	for _, p := range e.Living() {
		if o, ok := of(p).(wire.Object); ok && byCode[o["externalCode"].(string)] == nil {
			byCode[o["externalCode"].(string)] = o
			codes = append(codes, o["externalCode"].(string))
		}
	}
	slices.Sort(codes)
	var rows []any
	for _, code := range codes {
		rows = append(rows, byCode[code])
	}
	return rows
}

// metadata tells the labels of the slots that the customer uses.
func (e *emulator) metadata(w http.ResponseWriter, _ *http.Request) {
	var out strings.Builder
	out.WriteString(`<?xml version="1.0" encoding="utf-8"?>` + "\n" +
		`<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"><edmx:DataServices m:DataServiceVersion="2.0"` +
		` xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><Schema Namespace="SFOData"` +
		` xmlns="http://schemas.microsoft.com/ado/2008/09/edm" xmlns:sap="http://www.successfactors.com/edm/sap">`)
	for _, t := range []struct{ entity, properties string }{
		{"EmpJob", "customString1:Edm.String:Badge customString2:Edm.String:Building customString3:Edm.String:Languages customString4:Edm.String:Note " +
			"customLong1:Edm.Int64:Bicycles customDouble1:Edm.Double:Hours customDate1:Edm.DateTime:Anniversary"},
		{"User", "custom01:Edm.String:Staff-Number custom02:Edm.String:Shirt"},
	} {
		out.WriteString(`<EntityType Name="` + t.entity + `">`)
		for _, property := range strings.Fields(t.properties) {
			parts := strings.Split(property, ":")
			out.WriteString(`<Property Name="` + parts[0] + `" Type="` + parts[1] + `" Nullable="true" sap:label="` + strings.ReplaceAll(parts[2], "-", " ") + `"/>`)
		}
		out.WriteString(`</EntityType>`)
	}
	out.WriteString(`</Schema></edmx:DataServices></edmx:Edmx>`)
	w.Header().Set("Content-Type", "application/xml;charset=utf-8")
	_, _ = w.Write([]byte(out.String())) // the client is gone: nobody is left to tell
}

package workday

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
)

const largestPage = 999

func refuseSOAP(w http.ResponseWriter, code, text, detail string) {
	if detail != "" {
		detail = "<detail>" + detail + "</detail>"
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body><SOAP-ENV:Fault><faultcode>`+
		code+`</faultcode><faultstring>`+escape(text)+`</faultstring>`+detail+`</SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>`) // the client may be gone
}

func invalid(w http.ResponseWriter, message, detail, xpath string) {
	refuseSOAP(w, "SOAP-ENV:Client.validationError", "Validation error occurred. "+message,
		`<wd:Validation_Fault xmlns:wd="urn:com.workday/bsvc"><wd:Validation_Error><wd:Message>`+escape(message)+`</wd:Message><wd:Detail_Message>`+
			escape(detail)+`</wd:Detail_Message><wd:Xpath>`+escape(xpath)+`</wd:Xpath></wd:Validation_Error></wd:Validation_Fault>`)
}

// wish is what a request asks for.
type wish struct {
	request    node
	page, size int
	asOf       string
	customs    bool
}

func (v wish) includes(part string) bool {
	if len(v.request.all("Response_Group")) == 0 {
		return part == "Reference" || part == "Personal_Information" || part == "Employment_Information"
	}
	return v.request.on("Response_Group/Include_" + part)
}

func (e *emulator) getWorkers(w http.ResponseWriter, r *http.Request) {
	request, ok := e.asked(w, r)
	if !ok {
		return
	}
	page, okPage := number(request.text("Response_Filter/Page"), 1, 1, 1<<20)
	count, okCount := number(request.text("Response_Filter/Count"), 100, 1, largestPage)
	if !okPage || !okCount {
		invalid(w, "Invalid page.", "Page counts from 1, Count goes from 1 to 999.", "/wd:Get_Workers_Request/wd:Response_Filter[1]")
		return
	}
	asOf, okDay := moment(request.text("Response_Filter/As_Of_Effective_Date"))
	if _, okTime := moment(request.text("Response_Filter/As_Of_Entry_DateTime")); !okDay || !okTime {
		invalid(w, "Invalid date.", "This is no day or time.", "/wd:Get_Workers_Request/wd:Response_Filter[1]")
		return
	}
	v := wish{request: request, page: page, size: e.PageSize(count), asOf: asOf.Format(time.DateOnly)}
	provider := request.text("Request_Criteria/Field_And_Parameter_Criteria_Data/Provider_Reference/ID")
	people, wrong := e.chosen(request)
	if v.customs = provider == fieldsOf; wrong != "" || provider != "" && !v.customs {
		invalid(w, "Invalid ID value.", "The reference in the request names nothing: "+wrong, "/wd:Get_Workers_Request")
		return
	}
	rows, total := e.Pages.At(people, (v.page-1)*v.size, v.size)
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, _ = io.WriteString(w, answer(v, count, rows, total)) // the client may be gone
}

// chosen gives the people whom the references and criteria leave, or names a reference that nobody has.
func (e *emulator) chosen(request node) (people []seed.Employee, wrong string) {
	people = e.Living()
	if ids := request.all("Request_References/Worker_Reference/ID"); len(ids) > 0 {
		var named []seed.Employee
		for _, id := range ids {
			i := slices.IndexFunc(people, func(p seed.Employee) bool { return identity(p, id.attr("type")) == strings.TrimSpace(id.Text) })
			if i < 0 {
				return nil, id.Text
			}
			named = append(named, people[i])
		}
		people = named
	}
	criteria := node{Nodes: request.all("Request_Criteria")}
	for _, id := range criteria.all("Request_Criteria/Organization_Reference/ID") {
		within := func(p seed.Employee) bool {
			return slices.Contains(orgIDs(p), strings.TrimSpace(id.Text))
		}
		if !slices.ContainsFunc(people, within) {
			return nil, id.Text
		}
		people = slices.DeleteFunc(people, func(p seed.Employee) bool { return !within(p) })
	}
	return slices.DeleteFunc(people, func(p seed.Employee) bool {
		return criteria.on("Request_Criteria/Exclude_Inactive_Workers") && !flagsOf(p).active ||
			criteria.on("Request_Criteria/Exclude_Employees") && !p.External ||
			criteria.on("Request_Criteria/Exclude_Contingent_Workers") && p.External || !changedWithin(p, criteria)
	}), ""
}

func identity(p seed.Employee, kind string) string {
	switch {
	case kind == "WID":
		return wid(p.ID)
	case kind == numberKind(p):
		return workerID(p)
	}
	return ""
}

// changedWithin tells whether something was entered in the asked span, or becomes valid in it.
func changedWithin(p seed.Employee, criteria node) bool {
	const spans = "Request_Criteria/Transaction_Log_Criteria_Data/Transaction_Date_Range_Data"
	for _, span := range criteria.all(spans) {
		from, okFrom := moment(span.text("Updated_From"))
		through, okThrough := moment(span.text("Updated_Through"))
		if span.text("Updated_From") != "" && okFrom && p.Changed.Before(from) ||
			span.text("Updated_Through") != "" && okThrough && p.Changed.After(through) {
			return false
		}
		first, last := span.text("Effective_From"), span.text("Effective_Through")
		if len(first) >= 10 && p.Hire < first[:10] || len(last) >= 10 && p.Hire > last[:10] {
			return false
		}
	}
	return true
}

// answer writes a page; every other page uses another prefix, as a client must not care.
func answer(v wish, count int, rows []seed.Employee, total int) string {
	x := &out{prefix: "wd:"}
	if v.page%2 == 0 {
		x.prefix = "bsvc:"
	}
	version := v.request.attr("version")
	x.raw(`<?xml version="1.0" encoding="UTF-8"?><env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Body>`)
	x.raw(fmt.Sprintf(`<%[1]sGet_Workers_Response xmlns:%[2]s="%[3]s" %[1]sversion="%[4]s">`, x.prefix, strings.TrimSuffix(x.prefix, ":"), namespace, version))
	x.in("Response_Filter", func() {
		x.text("As_Of_Effective_Date", v.asOf)
		x.text("As_Of_Entry_DateTime", v.request.text("Response_Filter/As_Of_Entry_DateTime"))
		x.text("Page", fmt.Sprint(v.page))
		x.text("Count", fmt.Sprint(count))
	})
	x.in("Response_Group", func() {
		for _, part := range []string{"Reference", "Personal_Information", "Employment_Information", "Organizations", "Management_Chain_Data"} {
			if v.includes(part) {
				x.text("Include_"+part, "1")
			}
		}
	})
	x.in("Response_Results", func() {
		x.text("Total_Results", fmt.Sprint(total))
		x.text("Total_Pages", fmt.Sprint((total+v.size-1)/v.size))
		x.text("Page_Results", fmt.Sprint(len(rows)))
		x.text("Page", fmt.Sprint(v.page))
	})
	x.in("Response_Data", func() {
		for _, p := range rows {
			x.worker(p, v)
		}
	})
	x.raw("</" + x.prefix + "Get_Workers_Response></env:Body></env:Envelope>")
	return x.String()
}

package nmbrs

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"

	"rollcall/connectors/emulators/seed"
)

const (
	soapHost   = "api.nmbrs.nl"
	soapUser   = "api@corp.example"
	soapToken  = "8c1d-made-up-nmbrs-token"
	soapDomain = "northlake"
	soapPath   = "/soap/v3/"
)

func isSOAP(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, soapPath) }

// request is an envelope as far as it matters: who asks, and the call with its company.
type request struct {
	Header struct {
		Auth struct {
			XMLName  xml.Name
			Username string
			Token    string
			Domain   string
		} `xml:"AuthHeaderWithDomain"`
	}
	Body struct {
		Call struct {
			XMLName xml.Name
			Company int `xml:"CompanyId"`
		} `xml:",any"`
	}
}

var operations = map[string]func(e *emulator, company int) string{
	"CompanyService/List_GetAll": (*emulator).soapCompanies,
	"EmployeeService/PersonalInfoWithoutBSN_Get_GetAllEmployeesByCompany": func(e *emulator, company int) string {
		return e.soapItems(company, "PersonalInfoItem", "EmployeePersonalInfos", soapInfo)
	},
	"EmployeeService/Employment_GetAll_AllEmployeesByCompany": func(e *emulator, company int) string {
		return e.soapItems(company, "EmployeeEmploymentItem", "EmployeeEmployments", soapEmployments)
	},
	"EmployeeService/Department_GetAll_AllEmployeesByCompany": func(e *emulator, company int) string {
		return e.soapItems(company, "EmployeeDepartmentItem", "EmployeeDepartments", soapDepartments)
	},
}

func (e *emulator) soap(w http.ResponseWriter, r *http.Request) {
	service := strings.TrimSuffix(r.PathValue("service"), ".asmx")
	kind := r.Header.Get("Content-Type")
	var asked request
	if !strings.HasPrefix(kind, "application/soap+xml") && !strings.HasPrefix(kind, "text/xml") {
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return
	}
	if err := xml.NewDecoder(r.Body).Decode(&asked); err != nil {
		fault(w, http.StatusBadRequest)
		return
	}
	space, auth, call := "https://"+soapHost+soapPath+service, asked.Header.Auth, asked.Body.Call
	operation, known := operations[service+"/"+call.XMLName.Local]
	switch {
	case auth.XMLName.Space != space || auth.Username != soapUser || auth.Token != soapToken:
		fault(w, http.StatusUnauthorized)
	case auth.Domain != soapDomain:
		fault(w, http.StatusNotFound)
	case !known || call.XMLName.Space != space:
		fault(w, http.StatusBadRequest)
	default:
		name := call.XMLName.Local
		envelopeXML(w, http.StatusOK, fmt.Sprintf("<%[1]sResponse xmlns=\"%[2]s\"><%[1]sResult>%[3]s</%[1]sResult></%[1]sResponse>", name, space, operation(e, call.Company)))
	}
}

func envelopeXML(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/soap+xml; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<soap:Envelope xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\" "+
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><soap:Body>%s</soap:Body></soap:Envelope>", body) // the client may be gone
}

var faults = map[int]string{
	400: "9999: Unknown operation", 401: "1001: Invalid authentication", 403: "1002: No right to this operation",
	404: "2042: Domain not found", 500: "9999: General error",
}

// fault says no as SOAP does, always with status 500; what the servers before it say has no body.
func fault(w http.ResponseWriter, status int) {
	said, own := faults[status]
	if !own {
		w.WriteHeader(status)
		return
	}
	envelopeXML(w, http.StatusInternalServerError, "<soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code><soap:Reason>"+
		"<soap:Text xml:lang=\"en\">Server was unable to process request. ---&gt; "+said+"</soap:Text></soap:Reason><soap:Detail /></soap:Fault>")
}

// element writes a text, or nothing where there is none.
func element(name, value string) string {
	if value == "" {
		return ""
	}
	var text strings.Builder
	_ = xml.EscapeText(&text, []byte(value)) // a builder takes everything
	return "<" + name + ">" + text.String() + "</" + name + ">"
}

func (e *emulator) soapCompanies(int) string {
	var out strings.Builder
	for i, c := range e.companies {
		out.WriteString("<Company>" + element("ID", fmt.Sprint(c.ID)) + element("Number", fmt.Sprint(i+1)) + element("Name", c.Name) +
			"<PhoneNumber></PhoneNumber><FaxNumber></FaxNumber><Email></Email><Website></Website><LoonaangifteTijdvak>Maand</LoonaangifteTijdvak><KvkNr>00000000</KvkNr></Company>")
	}
	return out.String()
}

func (e *emulator) soapItems(company int, item, list string, rows func(p seed.Employee) string) string {
	var out strings.Builder
	for _, p := range e.Living() {
		if e.company(p).ID != company {
			continue
		}
		if of := rows(p); of != "" {
			_, _ = fmt.Fprintf(&out, "<%[1]s><EmployeeId>%[2]d</EmployeeId><%[3]s>%[4]s</%[3]s></%[1]s>", item, p.ID, list, of) // a builder takes everything
		}
	}
	return out.String()
}

func soapInfo(p seed.Employee) string {
	prefix, last := surname(p.Last)
	nick, full := p.First, ""
	if inFullOnly(p) {
		nick, full = "", p.First
	}
	gender := map[string]string{"male": "1", "female": "2"}[p.Gender]
	birthday := "0001-01-01T00:00:00"
	if p.Birth != "" {
		birthday = p.Birth + "T00:00:00"
	}
	return "<PersonalInfo_V2>" + element("Id", fmt.Sprint(p.ID)) + element("EmployeeNumber", p.Number) + element("LastName", last) +
		element("FirstName", full) + element("Prefix", prefix) + element("Nickname", nick) + element("DisplayName", p.Name()) + element("Gender", gender) +
		"<IdentificationType xsi:nil=\"true\" />" + element("TelephoneWork", p.WorkPhone) + element(soapMobile(p), p.MobilePhone) +
		element("EmailPrivate", p.PersonalEmail) + element("EmailWork", p.Email) + element("Birthday", birthday) + soapPeriod(p) + "</PersonalInfo_V2>"
}

func soapMobile(p seed.Employee) string {
	if p.ID%4 == 0 {
		return "TelephoneMobilePrivate"
	}
	return "TelephoneMobileWork"
}

func soapPeriod(p seed.Employee) string {
	return element("CreationDate", p.Changed.UTC().Format("2006-01-02T15:04:05")) +
		element("StartPeriod", fmt.Sprint(int(p.Changed.Month()))) + element("StartYear", fmt.Sprint(p.Changed.Year()))
}

func soapEmployments(p seed.Employee) string {
	var out strings.Builder
	for i, s := range stints(p) {
		until := "<EndDate xsi:nil=\"true\" />"
		if s.end != "" {
			until = element("EndDate", s.end+"T00:00:00")
		}
		out.WriteString("<Employment>" + element("EmploymentId", fmt.Sprint(p.ID*10+i)) + element("CreationDate", s.start+"T10:00:00") +
			element("StartDate", s.start+"T00:00:00") + until + element("InitialStartDate", s.start+"T00:00:00") + "</Employment>")
	}
	return out.String()
}

func soapDepartments(p seed.Employee) string {
	if p.Department.ID == 0 {
		return ""
	}
	now := "<Department_V2>" + element("Id", fmt.Sprint(p.Department.ID)) + element("Code", fmt.Sprint(p.Department.ID%100)) +
		element("Description", p.Department.Name) + soapPeriod(p) + "</Department_V2>"
	if p.ID%3 == 0 {
		return "<Department_V2><Id>1</Id><Code>1</Code>" + element("Description", decoy) +
			"<CreationDate>2015-01-05T09:15:30</CreationDate><StartPeriod>1</StartPeriod><StartYear>2015</StartYear></Department_V2>" + now
	}
	return now
}

// truthSOAP is what the operations with a sample tell: names, contact, department and dates. Without an employee type, an
// employment is known by its dates only.
func (e *emulator) truthSOAP(p seed.Employee, today string) map[string]string {
	r := e.personal(p)
	r.Set("externalId", fmt.Sprint(p.ID))
	if p.Department.ID != 0 {
		r.Set("departmentId", fmt.Sprint(p.Department.ID))
	}
	setDates(r, p, today)
	r.Set("employmentStatus", statusSOAP(p, today))
	return r
}

func statusSOAP(p seed.Employee, today string) string {
	switch s, begun, ok := chosen(p, today); {
	case !ok:
		return "unknown"
	case s.end != "" && s.end < today:
		return "terminated"
	case !begun:
		return "future"
	}
	return "active"
}

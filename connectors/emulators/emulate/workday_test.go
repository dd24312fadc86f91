package emulate_test

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

const (
	workdayReport = "/ccx/service/customreport2/balticworks1/ISU_Roster/Roster?format=json"
	workdaySOAP   = "/ccx/service/balticworks1/Human_Resources/v44.0"
	sendXML       = "Content-Type: text/xml; charset=utf-8"
)

// workdayNode is an element without its prefix, so that prefixes do not count.
type workdayNode struct {
	XMLName xml.Name
	Attrs   []xml.Attr    `xml:",any,attr"`
	Text    string        `xml:",chardata"`
	Nodes   []workdayNode `xml:",any"`
}

// tree is the element as a JSON value, in which every child is a list.
func (n workdayNode) tree() map[string]any {
	object := map[string]any{}
	for _, a := range n.Attrs {
		if a.Name.Space != "xmlns" {
			object["@"+a.Name.Local] = a.Value
		}
	}
	for _, c := range n.Nodes {
		list, _ := object[c.XMLName.Local].([]any)
		object[c.XMLName.Local] = append(list, c.tree())
	}
	if len(n.Nodes) == 0 {
		object["text"] = n.Text
	}
	return object
}

func workdayTree(t *testing.T, body []byte) any {
	t.Helper()
	var n workdayNode
	if err := xml.Unmarshal(body, &n); err != nil {
		t.Fatalf("%v in %.300s", err, body)
	}
	return n.tree()
}

func workdaySample(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "workday", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func workdayBasic(s *emulate.Server, user string) string {
	return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+s.Options["password"]))
}

// workdayRequest is the sample request with the emulator's password and other replacements.
func workdayRequest(t *testing.T, s *emulate.Server, changes ...string) string {
	t.Helper()
	changes = append([]string{"not-a-real-password", s.Options["password"]}, changes...)
	return strings.NewReplacer(changes...).Replace(string(workdaySample(t, "request.employees.xml")))
}

func TestWorkdayReportHasTheShapeOfItsSample(t *testing.T) {
	s := start(t, "workday", emulate.Setup{Day: anyDay})
	got := ask(t, s, "GET", workdayReport, "", workdayBasic(s, "ISU_Roster")).json(t)
	sameShape(t, got, []any{sample(t, "workday", "raas.employees.json")}, "/Building", "/Languages", "/Anniversary", "/Hours", "/Note", "/Bicycles", "/On_Site")
	agree(t, s.Truth(anyDay), at(t, got, "Report_Entry").([]any), "Worker_WID", map[string]string{
		"employeeNumber": "Employee_ID", "preferredName": "Preferred_Name", "email": "Work_Email", "jobTitle": "Business_Title",
		"departmentId": "Department_ID", "workPhone": "Work_Phone", "employmentType": "Worker_Type", "custom.Note": "Note",
	}, strings.TrimSpace)
}

func TestWorkdaySOAPHasTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "workday", emulate.Setup{Way: "soap", Day: anyDay})
	body := workdayRequest(t, s, ">3</wd:Count>", ">200</wd:Count>")
	got := workdayTree(t, ask(t, s, "POST", workdaySOAP, body, sendXML).body)
	sameShape(t, got, []any{workdayTree(t, workdaySample(t, "employees.1.xml")), workdayTree(t, workdaySample(t, "employees.2.xml"))},
		"Local_Name_Detail_Data", "Secondary_Last_Name", "Middle_Name", "Business_Unit_ID", "Worker_Status_Data[]/End_Employment_Date")
	if n := len(s.Truth(anyDay)); told(at(t, got, "Body", 0, "Get_Workers_Response", 0, "Response_Results", 0, "Total_Results", 0), "text") != fmt.Sprint(n) {
		t.Errorf("want %d workers", n)
	}
	fault := func(headers []string, changes ...string) any {
		return workdayTree(t, ask(t, s, "POST", workdaySOAP, workdayRequest(t, s, changes...), headers...).body)
	}
	sameShape(t, fault([]string{sendXML}, "ISU_Roster@", "Nobody@"), []any{workdayTree(t, workdaySample(t, "error.500.authentication.xml"))})
	sameShape(t, fault([]string{sendXML}, "INT_Roster_Fields", "INT_Nobody"), []any{workdayTree(t, workdaySample(t, "error.500.validation.xml"))})
	s.Fault(emulate.MissingPermission())
	sameShape(t, fault([]string{sendXML}), []any{workdayTree(t, workdaySample(t, "error.500.processing.xml"))})
}

func TestWorkdayTruthCoversTheStatusTable(t *testing.T) {
	for _, way := range []string{"report", "soap"} {
		s := start(t, "workday", emulate.Setup{Way: way, Day: anyDay})
		met := map[string]int{}
		for _, record := range s.Truth(anyDay) {
			met[record["employmentStatus"]]++
		}
		for _, status := range []string{"active", "on_leave", "terminated", "future", "unknown"} {
			if met[status] == 0 {
				t.Errorf("%s: nobody is %s", way, status)
			}
		}
	}
}

func TestWorkdayIsStrict(t *testing.T) {
	s := start(t, "workday", emulate.Setup{})
	good := workdayRequest(t, s)
	for name, c := range map[string]struct {
		method, path, body, header string
		status                     int
		says                       string
	}{
		"report":                  {"GET", workdayReport, "", workdayBasic(s, "ISU_Roster@balticworks1"), 200, "Report_Entry"},
		"report of somebody else": {"GET", workdayReport, "", workdayBasic(s, "ISU_Other"), 401, "invalid_token"},
		"unknown report":          {"GET", "/ccx/service/customreport2/balticworks1/ISU_Roster/Other?format=json", "", workdayBasic(s, "ISU_Roster"), 404, "not found"},
		"a prompt it has not":     {"GET", workdayReport + "&limit=3", "", workdayBasic(s, "ISU_Roster"), 400, "no such parameter"},
		"another host":            {"GET", workdayReport, "", "X-Forwarded-Host: wd2.elsewhere.example", 404, ""},
		"SOAP":                    {"POST", workdaySOAP, good, sendXML, 200, "Total_Pages>40<"},
		"second page":             {"POST", workdaySOAP, strings.Replace(good, ">1</wd:Page>", ">2</wd:Page>", 1), sendXML, 200, "bsvc:Page>2<"},
		"JSON to SOAP":            {"POST", workdaySOAP, good, sendJSON, 415, ""},
		"other versions":          {"POST", strings.Replace(workdaySOAP, "44", "45", 1), good, sendXML, 500, "version"},
		"1000 a page":             {"POST", workdaySOAP, strings.Replace(good, ">3</wd:Count>", ">1000</wd:Count>", 1), sendXML, 500, "Count goes"},
		"an unknown element":      {"POST", workdaySOAP, strings.ReplaceAll(good, "Include_Reference", "Include_Nobody"), sendXML, 500, "Invalid element"},
		"changed never": {"POST", workdaySOAP, strings.Replace(good, "<wd:Exclude_Inactive_Workers>false</wd:Exclude_Inactive_Workers>",
			"<wd:Transaction_Log_Criteria_Data><wd:Transaction_Date_Range_Data><wd:Updated_From>2999-01-01T00:00:00Z</wd:Updated_From></wd:Transaction_Date_Range_Data></wd:Transaction_Log_Criteria_Data>", 1), sendXML, 200, "Total_Results>0<"},
		"one worker": {"POST", workdaySOAP, strings.Replace(good, "<wd:Request_Criteria>",
			`<wd:Request_References><wd:Worker_Reference><wd:ID wd:type="Employee_ID">00002</wd:ID></wd:Worker_Reference></wd:Request_References><wd:Request_Criteria>`, 1), sendXML, 200, "Total_Results>1<"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ask(t, s, c.method, c.path, c.body, c.header); got.status != c.status || !strings.Contains(string(got.body), c.says) {
				t.Errorf("status %d, want %d: %.400s", got.status, c.status, got.body)
			}
		})
	}
}

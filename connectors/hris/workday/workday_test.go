package workday

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rollcall/core"
)

const worker = `<w:Worker><w:Worker_Reference><w:ID w:type="WID">a1</w:ID></w:Worker_Reference><w:Worker_Data><w:Employment_Data>%s
<w:Worker_Status_Data><w:Active>%d</w:Active><w:Hire_Date>2027-01-01-08:00</w:Hire_Date></w:Worker_Status_Data></w:Employment_Data></w:Worker_Data></w:Worker>`

const job1 = `<w:Worker_Job_Data w:Primary_Job="1"><w:Position_Data><w:Business_Title>Baker</w:Business_Title></w:Position_Data></w:Worker_Job_Data>`

func answer(w http.ResponseWriter, workers string) {
	fmt.Fprintf(w, `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><w:Get_Workers_Response xmlns:w="urn:com.workday/bsvc">
<w:Response_Results><w:Total_Results>1</w:Total_Results><w:Total_Pages>1</w:Total_Pages><w:Page>1</w:Page></w:Response_Results>
<w:Response_Data>%s</w:Response_Data></w:Get_Workers_Response></e:Body></e:Envelope>`, workers)
}

// people reads everybody from a server; the second value says how often it was asked.
func people(t *testing.T, serve http.HandlerFunc) (read []map[string]string, asked int, err error) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		serve(w, r)
	}))
	defer server.Close()
	a, err := Spec().Complete(core.Answers{"api": "soap", "host": "wd3.example", "tenant": "acme", "username": "isu", "password": "p<1"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSource(a, core.Env{Base: server.URL, Now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	for p, err := range s.People(t.Context(), core.Want{Fields: []string{"jobTitle"}, Leavers: -1}) {
		if err != nil {
			return read, asked, err
		}
		read = append(read, p.Map())
	}
	return read, asked, nil
}

func TestFutureHireWithoutAJobIsAskedForAsOfTheDayOfHire(t *testing.T) {
	for name, c := range map[string]struct{ then, title string }{
		"who is found then":          {fmt.Sprintf(worker, job1, 1), "Baker"},
		"instead of whom nobody is":  {"", ""},
		"instead of whom another is": {strings.ReplaceAll(fmt.Sprintf(worker, job1, 1), "a1", "b2"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, asked, err := people(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if !strings.Contains(string(body), "<wd:Request_References>") {
					answer(w, fmt.Sprintf(worker, "", 0))
					return
				}
				if !strings.Contains(string(body), "<wd:As_Of_Effective_Date>2027-01-01<") || !strings.Contains(string(body), "p&lt;1") {
					t.Errorf("asked for with %s", body)
				}
				answer(w, c.then)
			})
			if err != nil || asked != 2 || len(got) != 1 || got[0]["jobTitle"] != c.title || got[0]["employmentStatus"] != core.StatusFuture {
				t.Errorf("%d calls gave %v, %v", asked, got, err)
			}
		})
	}
}

func TestFaultsMeanWhatTheySay(t *testing.T) {
	for fault, want := range map[string]core.Code{
		"<faultcode>E:Client.authenticationError</faultcode><faultstring>invalid username or password</faultstring>":                      core.BadCredentials,
		"<faultcode>E:Server</faultcode><faultstring>Processing error occurred. The task submitted is not authorized.</faultstring>":      core.MissingScope,
		"<faultcode>E:Client.validationError</faultcode><faultstring>Validation error occurred. Invalid ID value.</faultstring><detail/>": core.Refused,
	} {
		_, asked, err := people(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprintf(w, `<E:Envelope xmlns:E="x"><E:Body><E:Fault>%s</E:Fault></E:Body></E:Envelope>`, fault)
		})
		if !core.HasCode(err, want) || asked != 1 { // a password that is tried again locks the account
			t.Errorf("%s: %v after %d calls", fault, err, asked)
		}
	}
}

func TestOfTwoRowsWithoutAWIDTheActiveOneCounts(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"Report_Entry":[{"Employee_ID":"7","Active_Status":"0","Worker_Type":"Contractor"},{"Employee_ID":"7","Active_Status":"1","Worker_Type":"Regular"}]}`)
	}))
	defer server.Close()
	a, err := Spec().Complete(core.Answers{"reportUrl": "https://wd3.example/ccx/service/customreport2/acme/isu/Roster", "username": "isu", "password": "p"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSource(a, core.Env{Base: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for p, err := range s.People(t.Context(), core.Want{Leavers: -1}) {
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, p.Map()["employmentType"])
	}
	if len(kinds) != 1 || kinds[0] != "Regular" {
		t.Errorf("came %v", kinds)
	}
}

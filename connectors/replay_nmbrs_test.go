package connectors

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/connectors/internal/conform"
	"rollcall/core"
)

var soapOperation = regexp.MustCompile(`<soap:Body><(\w+)`)

func nmbrsSOAP(r *http.Request, _ int) string {
	body, err := io.ReadAll(r.Body)
	if found := soapOperation.FindSubmatch(body); err == nil && found != nil {
		return "soap." + string(found[1]) + ".xml"
	}
	return ""
}

// nmbrsLists serves a list of the one company by page; other lists have one page.
func nmbrsLists(r *http.Request, _ int) string {
	_, list, _ := strings.Cut(r.URL.Path, "/employees")
	page := r.URL.Query().Get("pageNumber")
	switch name := strings.TrimPrefix(list, "/"); name {
	case "":
		return "employees." + page + ".json"
	case "personalInfo":
		return "personal-info." + page + ".json"
	case "costcenters":
		return "cost-centers.json"
	default:
		return name + ".json"
	}
}

func TestNmbrsReadsEveryCompanyAndLeavesApplicantsOut(t *testing.T) {
	rows := map[string]string{
		"/connect/token":                      `{"access_token":"a","expires_in":3600}`,
		"/api/companies":                      `[{"companyId":"A","name":"First"},{"companyId":"B","name":"Second"}]`,
		"/api/companies/A/employees":          `[{"employeeId":"1","employeeBasicInfo":{"lastName":"Berg","prefix":"van den","employeeType":"payroll"}},{"employeeId":"2","employeeBasicInfo":{"employeeType":"applicant"}}]`,
		"/api/companies/B/employees":          `[{"employeeId":3,"employeeBasicInfo":{"lastName":"Laan","employeeType":"payroll"}}]`,
		"/api/companies/A/employees/managers": `[{"employeeId":"1","managers":[{"email":"Chef@corp.example"}]}]`,
		"/api/companies/B/employees/personalInfo": `[{"employeeId":3,"info":[{"contactInfo":{"businessEmail":"later@corp.example"},"period":{"year":2027,"period":1}},
			{"contactInfo":{"businessEmail":"chef@corp.example"},"period":{"year":2026,"period":11}}]}]`,
		"/api/companies/B/employees/employments": `[{"employeeId":3,"employments":[{"startDate":"2020-01-01","endDate":"2021-12-31"},{"startDate":"2027-01-01"}]}]`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, ok := rows[r.URL.Path]
		switch {
		case r.URL.Path == "/connect/token":
			_, _ = w.Write([]byte(data))
			return
		case !ok:
			data = "[]"
		}
		_, _ = fmt.Fprintf(w, `{"pagination":{"totalPages":1},"data":%s}`, data)
	}))
	defer server.Close()
	answers := core.Answers{"clientId": "3a9f", "clientSecret": "Xk2", "subscriptionKey": "0f2e4d6c8b0a1f3e5d7c9b0a2f4e6d8c", "refreshToken": "r"}
	source, err := All().Source("nmbrs", answers, core.Env{Base: server.URL, Now: func() time.Time { return conform.Day }})
	if err != nil {
		t.Fatal(err)
	}
	var got []map[string]string
	for p, err := range source.People(t.Context(), core.Want{Leavers: -1}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p.Map())
	}
	want := []map[string]string{
		{"externalId": "1", "lastName": "van den Berg", "legalEntity": "First", "managerId": "3", "managerEmail": "Chef@corp.example", "employmentType": "payroll", "employmentStatus": "future"},
		{"externalId": "3", "lastName": "Laan", "legalEntity": "Second", "email": "chef@corp.example", "employmentType": "payroll",
			"startDate": "2020-01-01", "endDate": "2021-12-31", "employmentStatus": "terminated"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReplayOfNmbrs(t *testing.T) {
	files := map[string]string{"/connect/token": "token.json", "/api/companies": "companies.json"}
	answers := core.Answers{"clientId": "3a9f", "clientSecret": "Xk2", "subscriptionKey": "0f2e4d6c8b0a1f3e5d7c9b0a2f4e6d8c", "refreshToken": "made-up-refresh-token"}
	t.Run("all lists", func(t *testing.T) {
		replayed(t, &replay{id: "nmbrs", lists: nmbrsLists, files: files}, answers, "replay")
	})
	t.Run("required lists alone", func(t *testing.T) {
		replayed(t, &replay{id: "nmbrs", files: files, lists: func(r *http.Request, n int) string {
			if file := nmbrsLists(r, n); strings.HasPrefix(file, "employ") || strings.HasPrefix(file, "personal") {
				return file
			}
			return ""
		}}, answers, "replay.bare")
	})
	t.Run("SOAP", func(t *testing.T) {
		replayed(t, &replay{id: "nmbrs", lists: nmbrsSOAP}, core.Answers{"auth": "soap", "username": "api@duinroos.example", "token": "8c1d", "domain": "duinroos"}, "replay.soap")
	})
}

package emulate_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

// FuzzRequests sends what nobody would send, with good credentials: each call is answered or refused, never broken.
func FuzzRequests(f *testing.F) {
	f.Add("POST", bambooData, `{"fields":["eeid"],"orderBy":"eeid asc","page":1,"pageSize":3}`)
	f.Add("POST", bambooData, `{"fields":["eeid"],"filter":"hireDate gt '2020-01-01'","page":9223372036854775807,"pageSize":1000}`)
	f.Add("GET", "/api/v1_2/datasets/employee/fields?page=2&page_size=7", "")
	f.Add("GET", "/1.0/people/list?page=9223372036854775807&include_archived=1", "")
	f.Add("GET", "/v1/company/employees?limit=100&offset=100&updated_since=2026-01-01", "")
	f.Add("GET", "/v2/persons?limit=50&cursor=cur_MDAwMDUxMDQ", "")
	f.Add("GET", "/v2/persons/5101/employments?cursor=cur_1", "")
	served := map[string]*emulate.Server{}
	for _, id := range emulate.IDs() {
		served[id] = start(f, id, emulate.Setup{PageCap: 7})
	}
	asked := map[string]*emulate.Server{
		basic(served["bamboohr"]):              served["bamboohr"],
		tokenV1(f, served["personio"]):         served["personio"],
		tokenV2(f, served["personio"]):         served["personio"],
		bearerOfOfficient(served["officient"]): served["officient"],
	}
	f.Fuzz(func(t *testing.T, method, path, body string) {
		r, err := http.NewRequest(method, "http://emulator.example/"+strings.TrimPrefix(path, "/"), nil)
		if err != nil {
			return
		}
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Content-Type", "application/json")
		for credential, s := range asked {
			r.Body = io.NopCloser(strings.NewReader(body))
			r.Header.Set("Authorization", strings.TrimPrefix(credential, "Authorization: "))
			got := httptest.NewRecorder()
			if s.ServeHTTP(got, r); got.Code >= 500 {
				t.Errorf("%s %s is answered %d", method, path, got.Code)
			}
		}
	})
}

package scim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"rollcall/core"
)

const withBulk = `{"patch":{"supported":true},"filter":{"supported":true},"bulk":{"supported":true,"maxOperations":"12","maxPayloadSize":100000}}`

// three are a new user, a change and a deletion.
var three = []core.Write{
	{Verb: core.Create, Active: true, Set: map[string]string{"userName": "new"}},
	{Verb: core.Deactivate, Account: "a/b"},
	{Verb: core.Delete, Account: "3"},
}

func codesOf(written []core.Written) string {
	var all []string
	for _, w := range written {
		word := w.Receipt.Account
		if w.Err != nil {
			word = string(core.AsProblem(w.Err).Code)
		}
		all = append(all, word)
	}
	return strings.Join(all, " ")
}

func TestBulkAnswersAreToldApart(t *testing.T) {
	for name, c := range map[string]struct{ operations, want string }{
		"as the standard has it": {`{"method":"POST","bulkId":"w0","location":"https://app.example/Users/1","status":"201"},{"method":"PATCH","location":"https://app.example/Users/a%2Fb","status":"200"},{"method":"DELETE","location":"https://app.example/Users/3","status":"204"}`, "1 a/b 3"},
		"in another order":       {`{"method":"DELETE","location":"/Users/3","status":"404"},{"method":"PATCH","location":"/Users/a/b","status":"200"},{"method":"POST","bulkId":"w0","response":{"id":"1"},"status":"201"}`, "1 a/b not_found"},
		"as drafts had it":       {`{"method":"POST","bulkId":"w0","location":"/Users/1","status":{"code":"201"}},{"method":"PATCH","status":{"code":204}},{"method":"DELETE","status":204}`, "1 a/b 3"},
		"one is missing":         {`{"method":"POST","bulkId":"w0","location":"/Users/1","status":"201"},{"method":"DELETE","location":"/Users/3","status":"204"}`, "1 unknown 3"},
		"one without a status":   {`{"method":"POST","bulkId":"w0","location":"/Users/1","status":"201"},{"method":"PATCH","location":"/Users/a%2Fb"},{"method":"DELETE","location":"/Users/3","status":"204"}`, "1 unknown 3"},
		"none":                   {``, "unknown unknown unknown"},
		"refusals": {`{"method":"POST","bulkId":"w0","status":"409","response":{"scimType":"uniqueness"}},{"method":"PATCH","status":"400","response":{"scimType":"invalidValue"}},{"method":"DELETE","status":"403"}`,
			"conflict refused missing_scope"},
		"faults": {`{"method":"POST","bulkId":"w0","status":"500"},{"method":"PATCH","status":"412"},{"method":"DELETE","status":"410"}`, "unknown stale not_found"},
		"one is to be done by PUT": {`{"method":"POST","bulkId":"w0","location":"/Users/undefined","status":"201"},{"method":"PATCH","location":"/Users/a%2Fb","status":"400","response":{"scimType":"noTarget"}},{"method":"DELETE","location":"/Users/3","status":"204"}`,
			"7 a/b 3"},
	} {
		t.Run(name, func(t *testing.T) {
			target, _ := scripted(t, map[string]http.HandlerFunc{"GET /ServiceProviderConfig": answer(200, withBulk), "POST /Bulk": answer(200, `{"Operations":[`+c.operations+`]}`),
				"GET /Users/a%2Fb": answer(200, `{"id":"a/b","userName":"b"}`), "PATCH /Users/a%2Fb": answer(400, `{"scimType":"noTarget"}`), "PUT /Users/a%2Fb": answer(200, `{"id":"a/b"}`),
				"GET /Users": answer(200, `{"totalResults":1,"Resources":[{"id":"7","userName":"new"}]}`)})
			if got := codesOf(target.WriteAll(at(t), three)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestBulkRequestsThatAreNotAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		bulk http.HandlerFunc
		want string
	}{
		"broken off": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "unknown unknown unknown"},
		"a fault":    {answer(500, "oops"), "unknown unknown unknown"},
		"a web page": {answer(200, "<html>"), "unknown unknown unknown"},
		"no token":   {answer(401, ""), "bad_credentials bad_credentials bad_credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			target, seen := scripted(t, map[string]http.HandlerFunc{"GET /ServiceProviderConfig": answer(200, withBulk), "POST /Bulk": c.bulk})
			written := target.WriteAll(at(t), three)
			if got := codesOf(written); got != c.want || len(seen.of("POST /Bulk")) != 1 {
				t.Errorf("got %s after %d requests", got, len(seen.of("POST /Bulk")))
			}
		})
	}
}

func TestWithoutBulkRequestsAllIsWrittenSingly(t *testing.T) {
	for _, status := range []int{400, 403, 404, 405, 501} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			target, seen := scripted(t, map[string]http.HandlerFunc{"GET /ServiceProviderConfig": answer(200, withBulk), "POST /Bulk": answer(status, ""),
				"POST /Users": answer(201, `{"id":"1"}`), "PATCH /Users/a%2Fb": answer(204, ""), "DELETE /Users/3": answer(204, "")})
			for range 2 {
				if got := codesOf(target.WriteAll(at(t), three)); got != "1 a/b 3" {
					t.Errorf("got %s", got)
				}
			}
			if n, err := target.Batch(t.Context()); n != 1 || err != nil || len(seen.of("POST /Bulk")) != 1 {
				t.Errorf("batches of %d, %v, after %d bulk requests", n, err, len(seen.of("POST /Bulk")))
			}
		})
	}
}

// bulkServer answers bulk requests of up to most operations; the first try of every
// third operation is one too many.
func bulkServer(most int, sizes *[]int) http.HandlerFunc {
	var n atomic.Int64
	tried := map[string]bool{}
	return func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ Operations []bulkOperation }
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, &asked)
		*sizes = append(*sizes, len(body))
		if len(asked.Operations) > most {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		var done []map[string]any
		for _, o := range asked.Operations {
			status := "201"
			if n.Add(1)%3 == 0 && !tried[o.BulkID] {
				status = "429"
			}
			tried[o.BulkID] = true
			done = append(done, map[string]any{"method": o.Method, "bulkId": o.BulkID, "status": status, "location": "/Users/" + o.Data["userName"].(string)})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"Operations": done})
	}
}

func TestBulkRequestsAreMadeSmallerAndBusyOperationsAgain(t *testing.T) {
	var sizes []int
	target, _ := scripted(t, map[string]http.HandlerFunc{"GET /ServiceProviderConfig": answer(200, `{"bulk":{"supported":true,"maxOperations":400,"maxPayloadSize":3000}}`), "POST /Bulk": bulkServer(7, &sizes)})
	writes := make([]core.Write, 100)
	for n := range writes {
		writes[n] = core.Write{Verb: core.Create, Active: true, Set: map[string]string{"userName": fmt.Sprint("user", n), "title": strings.Repeat("x", n)}}
	}
	for n, w := range target.WriteAll(at(t), writes) {
		if w.Err != nil || w.Receipt.Account != fmt.Sprint("user", n) {
			t.Errorf("%d: %+v", n, w)
		}
	}
	for _, size := range sizes {
		if size > 3000 {
			t.Errorf("a request has %d bytes", size)
		}
	}
	if n, _ := target.Batch(t.Context()); n != 100 {
		t.Errorf("batches of %d", n)
	}
}

func TestFilterThatIsNotUnderstoodIsNotAskedAgain(t *testing.T) {
	list := func(w http.ResponseWriter, r *http.Request) {
		page := `{"totalResults":3,"Resources":[{"id":"1","userName":"bo"},{"id":"2","userName":"cy"}]}`
		if r.URL.Query().Get("startIndex") == "3" {
			page = `{"totalResults":3,"Resources":[{"id":"3","userName":"ada"}]}`
		}
		_, _ = io.WriteString(w, page)
	}
	target, seen := scripted(t, map[string]http.HandlerFunc{"GET /Users": list})
	for range 2 {
		found, err := target.Find(t.Context(), "userName", "ada", nil)
		if err != nil || len(found) != 1 || found[0].ID() != "3" {
			t.Fatalf("%d found, %v", len(found), err)
		}
	}
	if n := len(seen.of("GET /Users")); n != 5 { // one filter, two lists of two pages
		t.Errorf("%d requests", n)
	}
	before := len(seen.of("GET /Users"))
	target.Look(t.Context(), []core.Question{{Attribute: "userName", Value: "bo"}, {Attribute: "userName", Value: "cy"}, {Attribute: "externalId", Value: "x"}}, nil)
	if n := len(seen.of("GET /Users")) - before; n != 2 {
		t.Errorf("%d requests for three questions", n)
	}
}

func FuzzBulkStatus(f *testing.F) {
	for _, s := range []string{`"201"`, `201`, `{"code":"201"}`, `{"code":201}`, `"201 Created"`, `null`, `[]`, `"99999999999999999999"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := bulkResult{Status: json.RawMessage(s)}
		if n := r.code(); n < 0 || n > 9999 {
			t.Errorf("%q is %d", s, n)
		}
	})
}

package servers

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
)

// quirks changes requests and answers as systems in the field do.
func quirks(d Dialect, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		if d.IgnoresFilter {
			query.Del("filter")
		}
		if n, err := strconv.Atoi(query.Get("startIndex")); err == nil && d.FromZero {
			query.Set("startIndex", strconv.Itoa(n+1))
		}
		r.URL.RawQuery = query.Encode()
		body := new(bytes.Buffer)
		_, _ = body.ReadFrom(r.Body)
		switch {
		case d.NeedsEmails && r.Method == http.MethodPost && !strings.Contains(body.String(), `"emails"`):
			refuse(w, http.StatusBadRequest, "emails is required")
			return
		case d.NoPaths && r.Method == http.MethodPatch && strings.Contains(body.String(), `"path"`):
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"scimType":"invalidPath","status":"400","detail":"path is not allowed here"}`))
			return
		case d.NoPaths && r.Method == http.MethodPut:
			refuse(w, http.StatusMethodNotAllowed, "no PUT here")
			return
		}
		r.Body, r.ContentLength = http.NoBody, 0
		if body.Len() > 0 {
			r = r.Clone(r.Context())
			r.Body, r.ContentLength = readCloser{body}, int64(body.Len())
		}
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		text := answer.Body.String()
		if d.TextBooleans {
			text = strings.NewReplacer(`"active":true`, `"active":"True"`, `"active":false`, `"active":"False"`).Replace(text)
		}
		if d.HidesActive {
			text = strings.NewReplacer(`"active":true,`, "", `,"active":true`, "").Replace(text)
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.Header().Del("Content-Length")
		if answer.Code == http.StatusCreated && d.CreatesWith200 {
			answer.Code = http.StatusOK
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write([]byte(text))
	})
}

type readCloser struct{ *bytes.Buffer }

func (readCloser) Close() error { return nil }

// bulkOf takes bulk requests, carrying out their operations one after the other. The
// status of each is an object, as in early drafts, and answers come in reverse.
func bulkOf(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/Bulk") {
			next.ServeHTTP(w, r)
			return
		}
		var asked struct {
			Operations []struct {
				Method, Path, BulkID string
				Data                 json.RawMessage
			}
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			refuse(w, http.StatusBadRequest, "not JSON")
			return
		}
		if len(asked.Operations) > 5 {
			refuse(w, http.StatusRequestEntityTooLarge, "five are enough")
			return
		}
		var done []map[string]any
		for _, o := range asked.Operations {
			path, _ := url.PathUnescape(o.Path)
			one := httptest.NewRequestWithContext(r.Context(), o.Method, "/v2"+o.Path, bytes.NewReader(o.Data))
			one.Header = r.Header.Clone()
			answer := httptest.NewRecorder()
			next.ServeHTTP(answer, one)
			result := map[string]any{"method": o.Method, "status": map[string]string{"code": strconv.Itoa(answer.Code)}, "location": "https://app.example/v2" + path}
			if o.BulkID != "" {
				var made struct{ ID string }
				_ = json.Unmarshal(answer.Body.Bytes(), &made)
				result["bulkId"], result["location"] = o.BulkID, "https://app.example/v2/Users/"+url.PathEscape(made.ID)
			}
			if answer.Code >= 300 {
				result["response"] = json.RawMessage(answer.Body.Bytes())
			}
			done = append([]map[string]any{result}, done...)
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:BulkResponse"}, "Operations": done})
	})
}

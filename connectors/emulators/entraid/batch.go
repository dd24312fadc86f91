package entraid

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"rollcall/connectors/emulators/wire"
)

const mostParts = 20

// part is a request in a batch.
type part struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	Body      json.RawMessage   `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

// batch answers each part by itself, those that wait for another one after it.
func (e *emulator) batch(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Requests []part `json:"requests"`
	}
	if !e.read(w, r, &asked) {
		return
	}
	if wrong := malformed(asked.Requests); wrong != "" {
		badRequest(w, r, wrong)
		return
	}
	status, responses := map[string]int{}, []any{}
	for _, p := range asked.Requests {
		o := e.partAnswer(r, p, status)
		status[strings.ToLower(p.ID)] = o["status"].(int)
		responses = append(responses, o)
	}
	// The vendor promises no order: the first one comes last.
	responses = append(responses[1:], responses[0])
	answer(w, r, wire.Object{"responses": responses})
}

// malformed tells what is wrong with a batch as a whole.
func malformed(parts []part) string {
	if len(parts) == 0 || len(parts) > mostParts {
		return "Number of batch request steps is not between 1 and 20."
	}
	seen := map[string]bool{}
	waiting := 0
	for i, p := range parts {
		id := strings.ToLower(p.ID)
		switch {
		case id == "" || seen[id]:
			return "Request id '" + p.ID + "' is missing or not unique."
		case !slices.Contains([]string{"GET", "POST", "PATCH", "PUT", "DELETE"}, p.Method):
			return "Request '" + p.ID + "' has no method."
		case p.URL == "" || strings.Contains(p.URL, "://") || strings.Contains(p.URL, "$batch"):
			return "The url of request '" + p.ID + "' has to be relative."
		case p.hasBody() && p.header("Content-Type") == "":
			return "Request '" + p.ID + "' has a body and no Content-Type header."
		case len(p.DependsOn) > 1 || len(p.DependsOn) == 1 && (i == 0 || !strings.EqualFold(p.DependsOn[0], parts[i-1].ID)):
			return "Request '" + p.ID + "' has to depend on the one before it, or on none."
		}
		seen[id] = true
		waiting += len(p.DependsOn)
	}
	if waiting != 0 && waiting != len(parts)-1 {
		return "The requests have to be fully serial or fully parallel."
	}
	return ""
}

func (p part) hasBody() bool { return len(p.Body) > 0 && string(p.Body) != "null" }

func (p part) header(name string) string {
	for key, value := range p.Headers {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}

func (e *emulator) partAnswer(outer *http.Request, p part, status map[string]int) wire.Object {
	got := httptest.NewRecorder()
	r, err := http.NewRequestWithContext(outer.Context(), p.Method, "/v1.0/"+strings.TrimPrefix(p.URL, "/"), bytes.NewReader(p.content()))
	switch {
	case err != nil:
		badRequest(got, outer, "The url is not valid.")
	case len(p.DependsOn) == 1 && status[strings.ToLower(p.DependsOn[0])] >= http.StatusBadRequest:
		refuse(got, outer, http.StatusFailedDependency, refusals[http.StatusFailedDependency][1])
	default:
		for name, value := range p.Headers {
			r.Header.Set(name, value)
		}
		r.Header.Set("Authorization", outer.Header.Get("Authorization"))
		if e.Part == nil || !e.Part(got, r) {
			e.dispatch(got, r)
		}
		e.Meter.Add("$batch: "+pattern(r), got.Code)
	}
	return told(p.ID, got)
}

func (p part) content() []byte {
	if p.hasBody() {
		return p.Body
	}
	return nil
}

func pattern(r *http.Request) string {
	if r.Pattern == "" {
		return r.Method + " " + r.URL.Path
	}
	return r.Pattern
}

// told is an answer as a batch holds it.
func told(id string, got *httptest.ResponseRecorder) wire.Object {
	headers := map[string]string{"Cache-Control": "no-cache"}
	for name := range got.Header() {
		headers[name] = got.Header().Get(name)
	}
	var body any
	if got.Body.Len() > 0 {
		body = json.RawMessage(got.Body.Bytes())
	}
	return wire.Object{"id": id, "status": got.Code, "headers": headers, "body": body}
}

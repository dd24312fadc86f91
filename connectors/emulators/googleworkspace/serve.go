package googleworkspace

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/emulators/wire"
)

// reply is an answer before it is written. A reply without a status is none.
type reply struct {
	status int
	body   any
}

func said(body any) reply { return reply{http.StatusOK, body} }

var done = reply{status: http.StatusNoContent}

func refused(status int, reason, message string) reply {
	return reply{status, problem(status, reason, message)}
}

func invalid(input string) reply {
	return refused(http.StatusBadRequest, "invalid", "Invalid Input: "+input)
}

func missing(what string) reply {
	return refused(http.StatusNotFound, "notFound", "Resource Not Found: "+what)
}

func duplicate(message string) reply { return refused(http.StatusConflict, "duplicate", message) }

func unmet(message string) reply {
	return refused(http.StatusPreconditionFailed, "conditionNotMet", message)
}

const alreadyThere = "Entity already exists."

// overQuota is the answer to calls beyond a limit.
func overQuota(limit string) reply {
	if limit == wire.OverAtOnce {
		return refused(http.StatusTooManyRequests, "rateLimitExceeded", "Quota exceeded: too many requests at once.")
	}
	return reply{http.StatusForbidden, wire.Object{"error": wire.Object{"code": http.StatusForbidden,
		"message": "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user'", "status": "PERMISSION_DENIED",
		"errors": []any{wire.Object{"message": "Quota exceeded", "domain": "usageLimits", "reason": "userRateLimitExceeded"}}}}}
}

func (a reply) write(w http.ResponseWriter) {
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	wire.JSON(w, a.status, "application/json; charset=UTF-8", a.body)
}

// call is a request that has been let in.
type call struct {
	*http.Request
	q    url.Values
	body wire.Object
}

// everywhere are the parameters that each call takes.
var everywhere = []string{"alt", "prettyPrint"}

// signedIn lets a call pass whose token is good and has one of the scopes, and which keeps to the limits and to the form.
func (e *emulator) signedIn(c route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := wire.Bearer(r)
		if !e.Tokens.Valid(token, purpose) {
			e.Refuse(w, r, http.StatusUnauthorized)
			return
		}
		if over, _ := e.gate.Enter(adminEmail, e.Limits, e.Now()); over != "" {
			if over == wire.OverCalls {
				e.Meter.Over(r.Pattern) // a refusal with status 403
			}
			overQuota(over).write(w)
			return
		}
		defer e.gate.Leave()
		time.Sleep(e.Limits.Latency)
		e.answered(c, r, e.granted(token)).write(w)
	})
}

func (e *emulator) answered(c route, r *http.Request, given grant) reply {
	q := r.URL.Query()
	switch {
	case given.powerless:
		return refused(http.StatusForbidden, "forbidden", refusals[http.StatusForbidden][1])
	case !anyOf(given.scopes, c.scopes):
		return refused(http.StatusForbidden, "insufficientPermissions", "Request had insufficient authentication scopes.")
	}
	if name := wrong(q, append(slices.Clone(everywhere), strings.Fields(c.takes)...)); name != "" {
		return invalid(name)
	}
	if id := r.PathValue("customer"); id != "" && id != myCustomer && id != customer {
		return refused(http.StatusNotFound, "resourceNotFound", "Resource Not Found: customerId")
	}
	var body wire.Object
	if r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch {
		var bad reply
		if body, bad = read(r, c.bare); bad.status != 0 {
			return bad
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls++
	return c.answer(call{r, q, body})
}

// read gives the object in a body; a bare call has none.
func read(r *http.Request, bare bool) (wire.Object, reply) {
	text, err := io.ReadAll(r.Body)
	if err != nil || bare && len(text) == 0 {
		return nil, reply{}
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, refused(http.StatusBadRequest, "badRequest", "This API supports application/json only.")
	}
	in := json.NewDecoder(strings.NewReader(string(text)))
	in.UseNumber()
	var body wire.Object
	if in.Decode(&body) != nil || body == nil || !errors.Is(in.Decode(new(any)), io.EOF) {
		return nil, refused(http.StatusBadRequest, "parseError", "Parse Error")
	}
	return body, reply{}
}

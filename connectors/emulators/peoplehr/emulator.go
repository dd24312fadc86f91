// Package peoplehr is PeopleHR's side of its API, written from the fact sheet and from nothing else, so that a connector
// that reads it has been checked against a second statement of the same API.
package peoplehr

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	apiKey  = "1a2b3c4d-5e6f-4a7b-8c9d-made0up0key0"
	purpose = "api"
	host    = "api.peoplehr.net"
)

type emulator struct {
	*wire.World
	actions map[string]action // by path and name

	counting sync.Once
	names    map[string]int // how many people have a name
}

// action answers what a body asks for.
type action func(w http.ResponseWriter, asked request)

// request is the body of a call; the key travels in it.
type request struct {
	APIKey, Action string
	EmployeeID     string `json:"EmployeeId"`
	IncludeLeavers string // a text, though it says true or false
	QueryName      string
	ScreenID       string `json:"ScreenId"`
}

// New makes the emulator of one company's PeopleHR.
func New(world *wire.World) wire.Vendor {
	e := &emulator{World: world}
	world.Tokens.Admit(apiKey, purpose)
	e.actions = map[string]action{
		"/Employee GetAllEmployeeDetail":            e.all,
		"/Employee GetEmployeeDetailById":           e.byID,
		"/Employee CheckAuthentication":             func(w http.ResponseWriter, _ request) { say(w, 0, "Valid APIKey", true) },
		"/Query GetQueryResultByQueryName":          e.query("2006/01/02"),
		"/Query GetQueryResult":                     e.query("02/01/2006"),
		"/CustomScreen GetCustomScreenByEmployeeId": e.customScreen,
	}
	return e
}

// Options are the key.
func (e *emulator) Options() map[string]string { return map[string]string{"apiKey": apiKey} }

// The statuses that the body tells; the status of HTTP is always 200.
const (
	fine = iota
	keyMissing
	keyWrong
	actionMissing
	actionUnknown
	notAllowed
	wentWrong
	notJSON
	bodyEmpty
	badJSON
	noRecords
)

var messages = map[int]string{
	keyMissing: "API Key is missing.", keyWrong: "Invalid API Key.", actionMissing: "Action is missing.", actionUnknown: "Invalid action.",
	notAllowed: "You do not have access to this API.", wentWrong: "Something went wrong.", notJSON: "The request is not JSON.",
	bodyEmpty: "The request is empty.", badJSON: "The JSON is not valid.", noRecords: "No records found.",
}

// ServeHTTP looks into the body, as the paths alone say little.
func (e *emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	if meant := wire.Host(r); r.Method != http.MethodPost || path != "/Employee" && path != "/Query" && path != "/CustomScreen" || meant != "" && meant != host {
		http.NotFound(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	var asked request
	switch {
	case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
		refuse(w, notJSON)
	case err != nil || strings.TrimSpace(string(body)) == "":
		refuse(w, bodyEmpty)
	case json.Unmarshal(body, &asked) != nil:
		refuse(w, badJSON)
	default:
		e.act(w, path, asked)
	}
}

func (e *emulator) act(w http.ResponseWriter, path string, asked request) {
	do, known := e.actions[path+" "+asked.Action]
	switch {
	case asked.APIKey == "":
		refuse(w, keyMissing)
	case !e.Tokens.Valid(asked.APIKey, purpose):
		refuse(w, keyWrong)
	case asked.Action == "":
		refuse(w, actionMissing)
	case !known:
		refuse(w, actionUnknown)
	default:
		do(w, asked)
	}
}

// GivesTokens is never true: the key comes from a screen.
func (e *emulator) GivesTokens(*http.Request) bool { return false }

// Refuse says what PeopleHR itself says in a 200; what is not PeopleHR's comes from the network in front of it.
func (e *emulator) Refuse(w http.ResponseWriter, _ *http.Request, status int) {
	own, ok := map[int]int{200: wentWrong, 400: badJSON, 401: keyWrong, 403: notAllowed}[status]
	if ok {
		refuse(w, own)
		return
	}
	http.Error(w, http.StatusText(status), status)
}

func refuse(w http.ResponseWriter, status int) { say(w, status, messages[status], nil) }

func say(w http.ResponseWriter, status int, message string, result any) {
	wire.JSON(w, http.StatusOK, "application/json; charset=utf-8", wire.Object{"isError": status != fine, "Status": status, "Message": message, "Result": result})
}

func answer(w http.ResponseWriter, result any) {
	say(w, fine, "The requested processed successfully.", result)
}

// Truth is the canonical record by the fact sheet's Fields and Employment status.
func (e *emulator) Truth(p seed.Employee, day time.Time) map[string]string {
	return e.truth(p, day.Format(time.DateOnly))
}

package bamboohr

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

func (e *emulator) companyInformation(w http.ResponseWriter, r *http.Request) {
	older(w, r, wire.Object{
		"legalName": "Alderwick Holdings Ltd", "displayName": "Alderwick", "phone": "+44 20 7946 0100",
		"address": wire.Object{"line1": "3 Quill Lane", "line2": "", "city": "London", "state": "", "zip": "EC1A 0AA"},
	})
}

func (e *emulator) lists(w http.ResponseWriter, r *http.Request) {
	departments, offices := map[string]int{}, map[string]int{}
	for _, p := range e.Living() {
		departments[p.Department.Name] = p.Department.ID
		offices[p.Office.Name] = p.Office.ID
	}
	older(w, r, []any{list("4", "Department", "department", departments), list("18", "Location", "location", offices)})
}

func list(id, name, alias string, units map[string]int) wire.Object {
	options := []any{}
	for _, unit := range sortedNames(units) {
		options = append(options, wire.Object{"id": units[unit], "archived": "no", "createdDate": "2016-03-01T00:00:00+00:00",
			"archivedDate": nil, "name": unit})
	}
	return wire.Object{"fieldId": id, "name": name, "alias": alias, "manageable": "yes", "multiple": "no", "options": options}
}

func sortedNames(units map[string]int) []string {
	names := make([]string, 0, len(units))
	for name := range units {
		if name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (e *emulator) fieldOptions(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Fields []string `json:"fields"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || len(q.Fields) == 0 {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	options := wire.Object{}
	for _, name := range q.Fields {
		f, ok := named(name)
		if !ok {
			e.Refuse(w, r, http.StatusBadRequest)
			return
		}
		options[name] = e.values(f)
	}
	answer(w, options)
}

func (e *emulator) values(f field) []any {
	seen := map[string]int{}
	for _, p := range e.Living() {
		seen[f.of(p)] = p.ID
	}
	options := []any{}
	for _, name := range sortedNames(seen) {
		options = append(options, wire.Object{"id": name, "value": name})
	}
	return options
}

func (e *emulator) changed(w http.ResponseWriter, r *http.Request) {
	since, err := time.Parse(time.RFC3339, r.URL.Query().Get("since"))
	if err != nil {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	latest, people := since, wire.Object{}
	for _, p := range e.People {
		if kind := action(p); p.Changed.After(since) && wanted(r.URL.Query().Get("type"), kind) {
			id := strconv.Itoa(p.ID)
			people[id] = wire.Object{"id": id, "action": kind, "lastChanged": stamp(p.Changed)}
			latest = later(latest, p.Changed)
		}
	}
	older(w, r, wire.Object{"latest": stamp(latest), "employees": people})
}

func action(p seed.Employee) string {
	if p.Removed {
		return "Deleted"
	}
	return "Updated"
}

func wanted(asked, kind string) bool {
	return asked == "" || asked == map[string]string{"Updated": "updated", "Deleted": "deleted"}[kind]
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func (e *emulator) photo(w http.ResponseWriter, r *http.Request) {
	if p, ok := e.Find(r.PathValue("id")); ok && !p.Removed && p.Photo != "" {
		wire.Picture(w)
		return
	}
	e.Refuse(w, r, http.StatusNotFound)
}

// report is the deprecated custom report: everybody at once, other names, and "" for what is not there.
func (e *emulator) report(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Title  string   `json:"title"`
		Fields []string `json:"fields"`
	}
	err := json.NewDecoder(r.Body).Decode(&q)
	if err != nil || r.Header.Get("Content-Type") != "application/json" || len(q.Fields) == 0 || len(q.Fields) > 400 {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	columns := e.columns(q.Fields)
	heads, rows := []any{}, []any{}
	for _, f := range columns {
		heads = append(heads, wire.Object{"id": f.report, "type": "text", "name": f.label})
	}
	for _, p := range e.Living() {
		rows = append(rows, reported(columns, p))
	}
	older(w, r, wire.Object{"title": q.Title, "fields": heads, "employees": rows})
}

func (e *emulator) columns(names []string) []field {
	var columns []field
	for _, f := range e.fields {
		if f.name == "eeid" || f.report != "" && slices.Contains(names, f.report) {
			columns = append(columns, f)
		}
	}
	return columns
}

func reported(columns []field, p seed.Employee) wire.Object {
	row := wire.Object{}
	for _, f := range columns {
		row[f.report] = f.of(p)
	}
	return row
}

// consent is the page on which a person allows an application; this one always says yes.
func (e *emulator) consent(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || !back.IsAbs() || q.Get("request") != "authorize" || q.Get("response_type") != "code" || q.Get("client_id") != clientID {
		e.Refuse(w, r, http.StatusBadRequest)
		return
	}
	back.RawQuery = url.Values{"code": {e.Tokens.Code(back.String())}, "state": {q.Get("state")}}.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (e *emulator) token(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("request") != "token" || r.PostFormValue("client_id") != clientID || r.PostFormValue("client_secret") != clientSecret {
		wire.JSON(w, http.StatusUnauthorized, "application/json", wire.Object{"error": "invalid_client"})
		return
	}
	if !e.granted(r) {
		wire.JSON(w, http.StatusBadRequest, "application/json", wire.Object{"error": "invalid_grant"})
		return
	}
	answer(w, wire.Object{"access_token": e.Tokens.Issue(purpose), "token_type": "Bearer", "expires_in": 3600,
		"refresh_token": e.Tokens.Refresh(), "scope": scopes, "companyDomain": company})
}

func (e *emulator) granted(r *http.Request) bool {
	switch r.PostFormValue("grant_type") {
	case "authorization_code":
		back := r.PostFormValue("redirect_uri")
		return back != "" && e.Tokens.Redeem(r.PostFormValue("code"), back)
	case "refresh_token":
		return e.Tokens.Refreshes(r.PostFormValue("refresh_token"))
	}
	return false
}

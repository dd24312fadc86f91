package okta

import (
	"encoding/json"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"rollcall/connectors/emulators/wire"
)

const (
	mostGroups    = 20 // that a new account may be put into
	leastPassword = 8
)

// bodyOf reads a JSON object that has no members but the known ones; what it cannot take it has refused.
func bodyOf(w http.ResponseWriter, r *http.Request, known ...string) (body wire.Object, ok bool) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "E0000003", "The request body was not well-formed: its Content-Type has to be application/json.")
		return nil, false
	}
	in := json.NewDecoder(r.Body)
	in.UseNumber()
	err = in.Decode(&body)
	if _, more := in.Token(); err != nil || body == nil || more != io.EOF {
		refuse(w, http.StatusBadRequest, "E0000003", "The request body was not well-formed.")
		return nil, false
	}
	for _, name := range slices.Sorted(maps.Keys(body)) {
		if !slices.Contains(known, name) {
			invalid(w, name, "The property is not known or is read-only.")
			return nil, false
		}
	}
	return body, true
}

// objectAt is the object that a member holds; absent is fine, anything else is refused.
func objectAt(w http.ResponseWriter, body wire.Object, name string) (o wire.Object, ok bool) {
	value, there := body[name]
	if o, ok = value.(wire.Object); !ok && there {
		refuse(w, http.StatusBadRequest, "E0000003", "The request body was not well-formed: "+name+" has to be an object.")
		return nil, false
	}
	return o, true
}

// flag reads a parameter that is true or false.
func flag(w http.ResponseWriter, r *http.Request, name string, usual bool) (is, ok bool) {
	switch text := r.URL.Query().Get(name); text {
	case "true", "false":
		return text == "true", true
	case "":
		return usual, true
	}
	invalid(w, name, notValid)
	return false, false
}

// order is what a call wants to write of somebody.
type order struct {
	profile  wire.Object
	password string
	groups   []*group
}

// orderOf reads the body of a create, an update or a replacement and looks at its type and its password.
func (e *emulator) orderOf(w http.ResponseWriter, r *http.Request, known ...string) (o order, ok bool) {
	body, ok := bodyOf(w, r, append(known, "profile", "credentials", "type")...)
	if !ok {
		return o, false
	}
	if o.profile, ok = objectAt(w, body, "profile"); !ok {
		return o, false
	}
	kind, ok := objectAt(w, body, "type")
	if !ok {
		return o, false
	}
	if id, there := kind["id"]; there && id != typeID && id != "default" {
		invalid(w, "type", "The user type does not exist or is another than the user's.")
		return o, false
	}
	if o.password, ok = passwordOf(w, body); !ok {
		return o, false
	}
	o.groups, ok = e.groupsIn(w, body)
	return o, ok
}

func passwordOf(w http.ResponseWriter, body wire.Object) (password string, ok bool) {
	credentials, ok := objectAt(w, body, "credentials")
	if !ok {
		return "", false
	}
	inside, ok := objectAt(w, credentials, "password")
	if !ok {
		return "", false
	}
	password, _ = inside["value"].(string)
	if len(inside) > 0 && utf8.RuneCountInString(password) < leastPassword {
		refuse(w, http.StatusForbidden, "E0000080", "The password does not meet the complexity requirements of the current password policy.",
			"password: Password requirements were not met. Password requirements: at least 8 characters.")
		return "", false
	}
	return password, true
}

// groupsIn are the groups that a new account asks for.
func (e *emulator) groupsIn(w http.ResponseWriter, body wire.Object) (groups []*group, ok bool) {
	list, fits := body["groupIds"].([]any)
	if _, there := body["groupIds"]; there && !fits {
		invalid(w, "groupIds", "The value has to be a list.")
		return nil, false
	}
	if len(list) > mostGroups {
		refuse(w, http.StatusBadRequest, "E0000093", "Target count limit exceeded", "The number of group targets is too large")
		return nil, false
	}
	for _, one := range list {
		id, _ := one.(string)
		g := e.org.groupWith(id)
		if g == nil {
			notFound(w, id, "UserGroup")
			return nil, false
		}
		if !ours(w, g) {
			return nil, false
		}
		if !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	return groups, true
}

func (e *emulator) create(w http.ResponseWriter, r *http.Request) {
	if !asks(w, r, "activate", "provider", "nextLogin") {
		return
	}
	activate, ok := flag(w, r, "activate", true)
	if !ok {
		return
	}
	next := r.URL.Query().Get("nextLogin")
	if next != "" && next != "changePassword" {
		invalid(w, "nextLogin", notValid)
		return
	}
	o, ok := e.orderOf(w, r, "groupIds")
	if !ok || !fitsNext(w, next, activate, o.password) {
		return
	}
	if flaws := append(e.org.missing(o.profile), e.org.checked(nil, o.profile)...); len(flaws) > 0 {
		invalids(w, flaws)
		return
	}
	a := e.org.make(o, e.stamp())
	switch {
	case activate && next != "":
		e.org.moveTo(a, expired, e.stamp())
	case activate:
		e.org.moveTo(a, usable(a), e.stamp())
	}
	answer(w, a.show())
}

// fitsNext refuses a password that is to be changed at once by somebody who cannot sign in.
func fitsNext(w http.ResponseWriter, next string, activate bool, password string) bool {
	const text = "Could not create user. To create a user and expire their password immediately, "
	switch {
	case next != "" && !activate:
		refuse(w, http.StatusBadRequest, "E0000125", text+"`activate` must be true.", text+"`activate` must be true.")
	case next != "" && password == "":
		refuse(w, http.StatusBadRequest, "E0000124", text+"a password must be specified.", text+"a password must be specified.")
	default:
		return true
	}
	return false
}

// make puts a new account into the org, as an order says.
func (o *org) make(wanted order, now string) *account {
	profile := wire.Object{"mobilePhone": nil, "secondEmail": nil, "locale": "en_US"}
	maps.Copy(profile, wanted.profile)
	a := o.newAccount(profile, now)
	if wanted.password != "" {
		a.password, a.record["passwordChanged"], a.record["credentials"] = true, now, credentials(true)
	}
	o.add(a, profile["login"].(string))
	for _, g := range wanted.groups {
		o.put(a, g, now)
	}
	return a
}

// settled refuses writes to somebody whose last one is still at work, who has left, or who has been written to since.
func (e *emulator) settled(w http.ResponseWriter, r *http.Request, a *account) bool {
	match := r.Header.Get("If-Match")
	switch {
	case match != "" && match != "*" && match != a.etag():
		refuse(w, http.StatusPreconditionFailed, "E0000001", "Api validation failed: If-Match", "If-Match: The user has changed since.")
	case a.target == deactivated || a.status == deactivated:
		wrongStatus(w)
	case a.target != "":
		stillActivating(w)
	default:
		return true
	}
	return false
}

func (e *emulator) update(w http.ResponseWriter, r *http.Request, a *account) {
	if !asks(w, r, "strict") {
		return
	}
	o, ok := e.orderOf(w, r)
	if !ok || !e.settled(w, r, a) || e.masteredElsewhere(w, a, o.profile) {
		return
	}
	if flaws := e.org.checked(a, o.profile); len(flaws) > 0 {
		invalids(w, flaws)
		return
	}
	profile := maps.Clone(a.profile())
	maps.Copy(profile, o.profile)
	e.write(a, profile, o.password)
	answer(w, a.show())
}

func (e *emulator) replace(w http.ResponseWriter, r *http.Request, a *account) {
	if !asks(w, r, "strict") {
		return
	}
	o, ok := e.orderOf(w, r)
	if !ok || !e.settled(w, r, a) || e.masteredElsewhere(w, a, o.profile) {
		return
	}
	if flaws := append(e.org.missing(o.profile), e.org.checked(a, o.profile)...); len(flaws) > 0 {
		invalids(w, flaws)
		return
	}
	e.write(a, o.profile, o.password)
	answer(w, a.show())
}

func (e *emulator) write(a *account, profile wire.Object, password string) {
	now := e.stamp()
	e.org.change(a, now, func(record wire.Object) {
		record["profile"] = profile
		if password != "" {
			record["passwordChanged"], record["credentials"] = now, credentials(true)
		}
	})
	a.password = a.password || password != ""
}

// masteredElsewhere refuses attributes that the system masters which somebody comes from.
func (e *emulator) masteredElsewhere(w http.ResponseWriter, a *account, profile wire.Object) bool {
	for _, name := range slices.Sorted(maps.Keys(profile)) {
		if a.source != "" && e.org.attrs[name].Master.Type == profileMaster {
			refuse(w, http.StatusForbidden, "E0000023", "Operation failed because user profile is mastered under another system",
				name+": The profile is mastered by the identity source "+a.source)
			return true
		}
	}
	return false
}

// delete deactivates first; who is deactivated already is destroyed.
func (e *emulator) delete(w http.ResponseWriter, r *http.Request, a *account) {
	if !asks(w, r, "sendEmail") || e.guarded(w, a) {
		return
	}
	switch {
	case a.target != "":
		wrongStatus(w)
		return
	case a.status == deactivated:
		e.org.destroy(a)
	default:
		e.end(a)
	}
	w.WriteHeader(http.StatusNoContent)
}

func isName(text string) bool {
	return text != "" && !strings.ContainsAny(text[:1], "0123456789_") && strings.IndexFunc(text, func(c rune) bool {
		return c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	}) < 0
}

package okta

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	largestLimit = 200
	deactivated  = "DEPROVISIONED"
	stamp        = "2006-01-02T15:04:05.000Z"
	created      = "2019-01-07T08:12:44.000Z"
	typeID       = "oty1default000000001"
)

func userID(id int) string { return fmt.Sprintf("00u1rc%014d", id) }

func login(p seed.Employee) string { return fmt.Sprintf("person.%d@corp.example", p.ID) }

func (e *emulator) users(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if strange := wire.Unknown(q, "limit", "after", "filter", "search", "fields", "q"); strange != "" {
		invalid(w, strange, "The parameter is not known.")
		return
	}
	people, wrong := e.found(q.Get("filter"), q.Get("search"), q.Get("q"))
	if wrong != "" {
		refuse(w, http.StatusBadRequest, "E0000031", "Invalid search criteria.", wrong)
		return
	}
	e.page(w, r, people, largestLimit, largestLimit)
}

// found are the people whom a filter, a search or a word names; without any of them those who are not deactivated.
func (e *emulator) found(filter, search, words string) (people []seed.Employee, wrong string) {
	var is test
	var ok bool
	switch {
	case filter == "" && search == "": // without a record of each, whose memory a law would measure
		return slices.DeleteFunc(e.Living(), func(p seed.Employee) bool {
			return status(p) == deactivated || words != "" && !startsWith(p, words)
		}), ""
	case filter != "" && search != "":
		return nil, "filter and search cannot be combined."
	case filter != "":
		is, ok = filterGrammar.parse(filter)
	case search != "":
		is, ok = searchGrammar.parse(search)
	}
	if !ok {
		return nil, "The expression cannot be read."
	}
	return slices.DeleteFunc(e.Living(), func(p seed.Employee) bool {
		return !is(user(p)) || words != "" && !startsWith(p, words)
	}), ""
}

func startsWith(p seed.Employee, words string) bool {
	return status(p) != deactivated && slices.ContainsFunc([]string{p.First, p.Last, emailOf(p)}, func(text string) bool {
		return strings.HasPrefix(strings.ToLower(text), strings.ToLower(words))
	})
}

// page answers one page of people; the header says where the next one is.
func (e *emulator) page(w http.ResponseWriter, r *http.Request, people []seed.Employee, usual, largest int) {
	q := r.URL.Query()
	limit, okLimit := limitOf(q.Get("limit"), usual, largest)
	from, okAfter := position(people, q.Get("after"))
	keep, okFields := fieldsOf(q.Get("fields"))
	if !okLimit || !okAfter || !okFields {
		invalid(w, "limit, after or fields", "The value is not valid.")
		return
	}
	size := e.PageSize(limit)
	rows, more := e.Pages.After(people, from, size)
	list := make([]any, 0, len(rows))
	for _, p := range rows {
		list = append(list, keep(user(p)))
	}
	link(w, r, "self", q)
	if more {
		if next := r.URL.Query(); e.Pages.Mode() != wire.Stuck {
			next.Set("after", cursor(people, from+size))
			next.Set("limit", strconv.Itoa(limit))
			q = next
		}
		link(w, r, "next", q)
	}
	answer(w, list)
}

func limitOf(text string, usual, largest int) (n int, ok bool) {
	if text == "" {
		return usual, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= largest
}

// pastTheEnd begins the ids of cursors that point behind the last person; only endless paging makes them.
const pastTheEnd = 90_000_000

// cursor names the last person before from.
func cursor(people []seed.Employee, from int) string {
	if from <= len(people) {
		return userID(people[from-1].ID)
	}
	return userID(pastTheEnd + from)
}

// position is the index after the person whom a cursor names; a cursor that was never given out is not found.
func position(people []seed.Employee, after string) (from int, found bool) {
	if after == "" {
		return 0, true
	}
	id, err := strconv.Atoi(strings.TrimPrefix(after, "00u1rc"))
	if err == nil && id >= pastTheEnd {
		return id - pastTheEnd, true
	}
	from = slices.IndexFunc(people, func(p seed.Employee) bool { return userID(p.ID) == after })
	return from + 1, from >= 0
}

var profileFields = regexp.MustCompile(`^profile:\(([A-Za-z0-9_,]+)\)$`)

// fieldsOf reads a selection such as id,status,profile:(firstName,lastName).
func fieldsOf(selection string) (keep func(wire.Object) wire.Object, ok bool) {
	if selection == "" {
		return func(u wire.Object) wire.Object { return u }, true
	}
	top, inside := selection, []string(nil)
	if at := strings.Index(selection, "profile:("); at >= 0 {
		found := profileFields.FindStringSubmatch(selection[at:])
		if found == nil {
			return nil, false
		}
		top, inside = strings.TrimSuffix(selection[:at], ",")+",profile", strings.Split(found[1], ",")
	}
	return func(u wire.Object) wire.Object {
		kept := only(u, append(strings.Split(top, ","), "id"))
		if profile, there := kept["profile"].(wire.Object); there && inside != nil {
			kept["profile"] = only(profile, inside)
		}
		return kept
	}, true
}

func only(o wire.Object, names []string) wire.Object {
	kept := wire.Object{}
	for name, value := range o {
		if slices.Contains(names, name) {
			kept[name] = value
		}
	}
	return kept
}

func (e *emulator) user(w http.ResponseWriter, r *http.Request, p seed.Employee) {
	keep, ok := fieldsOf(r.URL.Query().Get("fields"))
	if !ok {
		invalid(w, "fields", "The value is not valid.")
		return
	}
	w.Header().Set("ETag", fmt.Sprintf("W/%q", p.Changed.UTC().Format(stamp)))
	answer(w, keep(user(p)))
}

// user is a person as every call shows him.
func user(p seed.Employee) wire.Object {
	state := status(p)
	activated, changed := any("2019-01-07T08:15:00.000Z"), any(p.Changed.UTC().Format(stamp))
	if state == "STAGED" {
		activated, changed = nil, nil
	}
	return wire.Object{
		"id": userID(p.ID), "status": state, "created": created, "activated": activated, "statusChanged": changed,
		"lastLogin": activated, "lastUpdated": p.Changed.UTC().Format(stamp), "passwordChanged": activated,
		"type": wire.Object{"id": typeID}, "profile": profile(p),
		"credentials": wire.Object{"provider": wire.Object{"type": "OKTA", "name": "OKTA"}},
		"_links":      wire.Object{"self": wire.Object{"href": base + "/api/v1/users/" + userID(p.ID)}},
	}
}

// status spreads those who work over all the statuses of somebody who does.
func status(p seed.Employee) string {
	switch p.State {
	case seed.OnLeave, seed.Odd:
		return "SUSPENDED"
	case seed.Left:
		return deactivated
	case seed.Starting:
		return "STAGED"
	}
	if other, ok := map[int]string{3: "PROVISIONED", 7: "PASSWORD_EXPIRED", 11: "RECOVERY", 15: "LOCKED_OUT"}[p.ID%20]; ok {
		return other
	}
	return "ACTIVE"
}

// emailOf is never empty: Okta asks for one of everybody.
func emailOf(p seed.Employee) string {
	if p.Email == "" {
		return login(p)
	}
	return p.Email
}

// locale has an underscore, and a value of the org's where a person chose none.
func locale(p seed.Employee) string {
	if p.Language == "" || p.Address.CountryCode == "" {
		return "en_US"
	}
	return p.Language + "_" + p.Address.CountryCode
}

func profile(p seed.Employee) wire.Object {
	o := wire.Object{"login": login(p), "email": emailOf(p), "firstName": p.First, "lastName": p.Last, "locale": locale(p)}
	for name, value := range map[string]string{
		"secondEmail": p.PersonalEmail, "middleName": p.Middle, "nickName": p.Preferred, "displayName": p.Name(), "title": p.Title,
		"mobilePhone": p.MobilePhone, "primaryPhone": p.WorkPhone, "streetAddress": p.Address.Line1, "city": p.Address.City, "state": p.Address.Region,
		"zipCode": p.Address.PostalCode, "countryCode": p.Address.CountryCode, "preferredLanguage": p.Language, "timezone": p.TimeZone,
		"userType": p.Type, "employeeNumber": p.Number, "costCenter": costCentre(p), "organization": p.LegalEntity.Name, "division": p.Division,
		"department": p.Department.Name, "managerId": managerID(p), "manager": managerName(p),
	} {
		wire.Put(o, name, value, p.Void)
	}
	for _, c := range customs {
		if value, there := c.of(p); there {
			o[c.name] = value
		} else if p.Void == seed.Null {
			o[c.name] = nil
		}
	}
	return o
}

func costCentre(p seed.Employee) string {
	if len(p.CostCentres) == 0 {
		return ""
	}
	return p.CostCentres[0].Name
}

func managerID(p seed.Employee) string {
	if p.ManagerID == 0 {
		return ""
	}
	return userID(p.ManagerID)
}

func managerName(p seed.Employee) string {
	if p.Manager() == nil {
		return ""
	}
	return p.Manager().Name()
}

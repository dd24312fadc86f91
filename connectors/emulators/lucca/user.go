package lucca

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// userFields are the names that may be asked for; modifiedOn is another name that Lucca's documents have.
var userFields = append(slices.Collect(maps.Keys(user(seed.Employee{}))), "modifiedOn")

// isFormer tells who has left; without a last day nobody knows it here.
func isFormer(p seed.Employee) bool { return p.State == seed.Left && p.End != "" }

func login(p seed.Employee) string { return fmt.Sprintf("u%d", p.ID) }

// moment is a day as Lucca writes it, without a zone.
func moment(day string) string {
	if day == "" {
		return ""
	}
	return day + "T00:00:00"
}

func modified(p seed.Employee) string { return p.Changed.UTC().Format("2006-01-02T15:04:05.000") }

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// linked writes an object that can be asked for by itself, beside its id.
func linked(o wire.Object, key, idKey, path string, u seed.Unit) {
	o[key], o[idKey] = nil, nil
	if u.ID != 0 {
		o[idKey] = u.ID
		o[key] = wire.Object{"id": u.ID, "name": u.Name, "url": fmt.Sprintf("%s/api/v3/%s/%d", base, path, u.ID)}
	}
}

// user writes everything that a user has.
func user(p seed.Employee) wire.Object {
	o := wire.Object{
		"id": p.ID, "name": p.Name(), "url": fmt.Sprintf("%s/api/v3/users/%d", base, p.ID), "displayName": displayName(p), "modifiedAt": modified(p),
		"login": login(p), "dtContractStart": orNull(moment(p.Hire)), "dtContractEnd": orNull(moment(p.End)), "birthDate": orNull(moment(p.Birth)),
		"seniorityDate": orNull(moment(p.Hire)), "picture": nil, "extendedData": extendedData(p),
		"bankName": "SENSITIVE-BANK", "nationality": "SENSITIVE-NATIONALITY", "cspId": "SENSITIVE-CSP", "quote": "SENSITIVE-QUOTE",
		"rolePrincipal": nil, "habilitedRoles": []any{}, "userWorkCycles": []any{}, "applicationData": nil,
	}
	linked(o, "calendar", "calendarId", "calendars", seed.Unit{ID: 1, Name: "France"})
	linked(o, "culture", "cultureID", "cultures", culture(p))
	linked(o, "legalEntity", "legalEntityId", "legalentities", p.LegalEntity)
	linked(o, "department", "departmentId", "departments", p.Department)
	linked(o, "manager", "managerId", "users", managerOf(p))
	if p.Photo != "" {
		o["picture"] = picture(p)
	}
	for key, value := range map[string]string{
		"lastName": p.Last, "firstName": p.First, "mail": p.Email, "employeeNumber": p.Number, "jobTitle": p.Title, "gender": gender(p),
		"personalEmail": p.PersonalEmail, "personalMobile": personalMobile(p), "professionalMobile": workMobile(p), "directLine": p.WorkPhone, "address": home(p),
	} {
		wire.Put(o, key, value, p.Void)
	}
	return o
}

// displayName has the last name first, as this account is set.
func displayName(p seed.Employee) string { return p.Last + " " + p.First }

func managerOf(p seed.Employee) seed.Unit {
	if m := p.Manager(); m != nil {
		return seed.Unit{ID: p.ManagerID, Name: m.Name()}
	}
	return seed.Unit{ID: p.ManagerID, Name: "Ancien Collègue"}
}

// gender is a word; some have the word for none.
func gender(p seed.Employee) string {
	switch p.Gender {
	case "female":
		return "Female"
	case "male":
		return "Male"
	case "diverse":
		return "Misc"
	}
	if p.ID%2 == 0 {
		return "Undefined"
	}
	return ""
}

// cultures are Windows language numbers, by language; of the two the second is for every fifth person.
var cultures = map[string][2]seed.Unit{
	"de": {{ID: 1031, Name: "de-DE"}, {ID: 1031, Name: "de-DE"}},
	"en": {{ID: 1033, Name: "en-US"}, {ID: 2057, Name: "en-GB"}},
	"fr": {{ID: 1036, Name: "fr-FR"}, {ID: 2060, Name: "fr-BE"}},
	"nl": {{ID: 1043, Name: "nl-NL"}, {ID: 2067, Name: "nl-BE"}},
}

// culture is of some a number that the sheet does not know.
func culture(p seed.Employee) seed.Unit {
	both, ok := cultures[p.Language]
	switch {
	case !ok:
		return seed.Unit{}
	case p.ID%17 == 0:
		return seed.Unit{ID: 1053, Name: "Svenska (Sverige)"}
	case p.ID%5 == 0:
		return both[1]
	}
	return both[0]
}

// picture has no href of some; the url is then all there is.
func picture(p seed.Employee) wire.Object {
	file := fmt.Sprintf("7c0ffee0-0000-4000-8000-%012d", p.ID)
	o := wire.Object{"id": file, "name": "photo.jpg", "url": base + "/api/v3/files/" + file, "href": base + "/getFile.ashx?id=" + file}
	if p.ID%4 == 3 {
		o["href"] = nil
	}
	return o
}

// hasWorkMobile tells whose mobile phone is the company's.
func hasWorkMobile(p seed.Employee) bool { return p.ID%4 < 2 }

func workMobile(p seed.Employee) string {
	if hasWorkMobile(p) {
		return p.MobilePhone
	}
	return ""
}

// personalMobile is the only mobile phone of some, and a second one of others.
func personalMobile(p seed.Employee) string {
	switch {
	case !hasWorkMobile(p):
		return p.MobilePhone
	case p.MobilePhone != "" && p.ID%5 == 0:
		return "+32 999 00 00 00"
	}
	return ""
}

// home is one text with line breaks.
func home(p seed.Employee) string {
	if p.Address.Line1 == "" {
		return ""
	}
	text := p.Address.Line1
	if p.Address.Line2 != "" {
		text += "\n" + p.Address.Line2
	}
	return text + "\n" + p.Address.PostalCode + " " + p.Address.City
}

// extendedData holds the company's own fields, mostly wrapped, of some bare.
func extendedData(p seed.Employee) wire.Object {
	o := wire.Object{}
	for key, value := range map[string]any{
		"e_badge": orNull(p.Custom.Badge), "e_batiment": orNull(p.Custom.Building.Name), "e_langues": languages(p), "e_anniversaire": orNull(p.Custom.Anniversary),
		"e_velos": bicycles(p), "e_heures": hours(p), "e_teletravail": onSite(p), "e_note": orNull(p.Custom.Note),
	} {
		switch {
		case value == nil && p.Void == seed.Missing:
		case value == nil && p.Void == seed.Empty:
			o[key] = wire.Object{"value": ""}
		case p.ID%6 == 0:
			o[key] = value
		default:
			o[key] = wire.Object{"value": value}
		}
	}
	return o
}

func languages(p seed.Employee) any {
	if p.Custom.Languages == nil {
		return nil
	}
	return p.Custom.Languages
}

func bicycles(p seed.Employee) any {
	if p.Custom.Bicycles == nil {
		return nil
	}
	return *p.Custom.Bicycles
}

func hours(p seed.Employee) any {
	if p.Custom.Hours == "" {
		return nil
	}
	return json.Number(p.Custom.Hours)
}

func onSite(p seed.Employee) any {
	if p.Custom.OnSite == nil {
		return nil
	}
	return *p.Custom.OnSite
}

// departments hang under the first one; some have no head.
func (e *emulator) departments() []wire.Object {
	list, seen := []wire.Object{}, map[int]bool{0: true}
	for _, p := range e.Living() {
		if u := p.Department; !seen[u.ID] {
			seen[u.ID] = true
			o := wire.Object{"id": u.ID, "name": u.Name, "code": fmt.Sprintf("D%d", u.ID%100), "hierarchy": fmt.Sprint(u.ID), "parentId": nil, "isActive": true,
				"position": len(list), "level": 0, "sortOrder": len(list), "headID": p.ID}
			if len(list) > 0 {
				o["parentId"], o["level"] = list[0]["id"], 1
			}
			list = append(list, o)
		}
	}
	return list
}

func (e *emulator) tree(w http.ResponseWriter, _ *http.Request) {
	all := e.departments()
	if len(all) == 0 {
		answer(w, wire.Object{"node": nil, "children": []any{}})
		return
	}
	children := []any{}
	for _, d := range all[1:] {
		children = append(children, wire.Object{"node": d, "children": []any{}})
	}
	answer(w, wire.Object{"node": all[0], "children": children})
}

var axes = []wire.Object{{"id": 1, "code": "CC", "multilingualName": "Cost centre", "active": true}}

// sections are the cost centres; which one a user has is not told.
func (e *emulator) sections() []wire.Object {
	list, seen := []wire.Object{}, map[int]bool{}
	for _, p := range e.Living() {
		for _, s := range p.CostCentres {
			if !seen[s.ID] {
				seen[s.ID] = true
				list = append(list, wire.Object{"id": s.ID, "code": fmt.Sprint(s.ID), "multilingualName": s.Name, "active": true, "axisId": 1, "ownerId": nil, "startOn": nil, "endOn": nil})
			}
		}
	}
	return list
}

// list answers with a side list, which has the same paging and fields; without fields everything comes.
func (e *emulator) list(of func() []wire.Object) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q, all := r.URL.Query(), of()
		var known []string
		if len(all) > 0 {
			known = slices.Collect(maps.Keys(all[0]))
		}
		offset, limit, okPaging := window(q.Get("paging"))
		f, okFields := asked(q.Get("fields"), known)
		if !okPaging || !okFields && len(all) > 0 || wire.Unknown(q, "fields", "paging") != "" {
			e.Refuse(w, r, http.StatusBadRequest)
			return
		}
		items := []any{}
		for _, o := range all[min(offset, len(all)):min(offset+e.PageSize(limit), len(all))] {
			if len(f.names) > 0 {
				o = f.of(o)
			}
			items = append(items, o)
		}
		answer(w, f.collection(items, len(all)))
	}
}

package boondmanager

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// term is one contract of a person; an empty end is open.
type term struct {
	id         string
	start, end string
}

// terms are a person's contracts in their order: earlier ones, one before a planned one, and the present one, which of
// every sixth person was renewed after half a year, and of every twelfth before the first one was over.
func terms(p seed.Employee) []term {
	var list []term
	add := func(start, end string) {
		list = append(list, term{fmt.Sprintf("%d%02d", p.ID, len(list)+1), start, end})
	}
	for _, job := range p.Earlier {
		add(job.Start, job.End)
	}
	end := cmp.Or(p.End, p.ContractEnd)
	switch renewed := later(p.Hire, 181); {
	case p.Hire == "" || p.Department.ID == 0 && p.Title == "" && p.Void != seed.Null:
		return list
	case p.State == seed.Starting:
		add("2015-02-01", "2018-01-31")
		add(p.Hire, end)
	case p.ID%6 == 0 && renewed < p.Changed.Format(time.DateOnly):
		over := 180
		if p.ID%12 == 0 {
			over = 190
		}
		add(p.Hire, later(p.Hire, over))
		add(renewed, end)
	default:
		add(p.Hire, end)
	}
	return list
}

func later(day string, days int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

func contractLinks(p seed.Employee) wire.Object {
	list := []any{}
	for _, t := range terms(p) {
		list = append(list, wire.Object{"id": t.id, "type": "contract"})
	}
	return wire.Object{"data": list}
}

// administrative is the tab with what a client has to drop: money, numbers of the state, places of birth.
func (e *emulator) administrative(w http.ResponseWriter, p seed.Employee) {
	address := strings.TrimSpace(p.Address.Line1 + "\n" + p.Address.Line2)
	attributes := wire.Object{
		"reference": text(p.Number, p), "dateOfBirth": text(p.Birth, p), "placeOfBirth": "SENSITIVE-PLACE", "nationality": "SENSITIVE-NATIONALITY",
		"healthCareNumber": "SENSITIVE-HEALTH", "address": text(address, p), "postcode": text(p.Address.PostalCode, p), "town": text(p.Address.City, p),
		"country": text(p.Address.Country, p), "subDivision": text(p.Address.Region, p), "situation": -1, "administrativeComments": "SENSITIVE-COMMENT",
		"function": text(function(p), p), "seniorityDate": "2001-01-01", "originalSeniorityDate": "2001-01-01", "forceSeniorityDate": false,
		"validitySeniorityDate": "",
	}
	links := wire.Object{"agency": link("agency", p.LegalEntity.ID), "candidate": link("", 0), "contracts": contractLinks(p),
		"providerContact": link("", 0), "providerCompany": link("", 0), "files": wire.Object{"data": []any{}}}
	related := []any{}
	if p.LegalEntity.ID != 0 {
		related = append(related, wire.Object{"id": strconv.Itoa(p.LegalEntity.ID), "type": "agency", "attributes": wire.Object{"name": p.LegalEntity.Name}})
	}
	for _, t := range terms(p) {
		related = append(related, shortContract(p, t))
	}
	answer(w, wire.Object{"meta": meta(true), "data": wire.Object{"id": strconv.Itoa(p.ID), "type": "resource",
		"attributes": attributes, "relationships": links}, "included": related})
}

// ended writes an open end as null or as an empty text.
func ended(p seed.Employee, t term) any {
	if t.end == "" && p.Void == seed.Null {
		return nil
	}
	return t.end
}

func shortContract(p seed.Employee, t term) wire.Object {
	return wire.Object{"id": t.id, "type": "contract", "relationships": wire.Object{"agency": link("agency", p.LegalEntity.ID)}, "attributes": wire.Object{
		"typeOf": 0, "startDate": t.start, "endDate": ended(p, t), "monthlySalary": 31415, "employeeType": 0, "activityRate": 100,
		"classification": "", "calendar": "France", "currency": 0, "currencyAgency": 0, "exchangeRate": 1, "exchangeRateAgency": 1,
		"contractAverageDailyCost": 31416, "contractAverageDailyProductionCost": 31417, "advantageTypes": []any{}, "informationComments": "",
	}}
}

func (e *emulator) contract(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	p, ok := e.Find(id[:max(len(id)-2, 0)])
	list := terms(p)
	i := slices.IndexFunc(list, func(t term) bool { return t.id == id })
	if !ok || p.Removed || i < 0 {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	neighbour := func(i int) wire.Object {
		if i < 0 || i >= len(list) {
			return wire.Object{"data": nil}
		}
		return wire.Object{"data": wire.Object{"id": list[i].id, "type": "contract"}}
	}
	answer(w, wire.Object{"meta": meta(true), "included": included([]seed.Employee{{LegalEntity: p.LegalEntity}}), "data": wire.Object{
		"id": id, "type": "contract",
		"attributes": wire.Object{"typeOf": 0, "creationDate": created, "updateDate": created, "employeeType": 0, "workingTimeType": 0,
			"numberOfHoursPerWeek": 35, "classification": "", "startDate": list[i].start, "endDate": ended(p, list[i]), "endReason": -1,
			"probationState": 0, "monthlySalary": 31415},
		"relationships": wire.Object{"dependsOn": link("resource", p.ID), "agency": link("agency", p.LegalEntity.ID),
			"parentContract": neighbour(i - 1), "childContract": neighbour(i + 1)},
	}})
}

func (e *emulator) agencies(w http.ResponseWriter, r *http.Request) {
	e.list(w, r, func(p seed.Employee) seed.Unit { return p.LegalEntity }, "agency", func(u seed.Unit) wire.Object {
		return wire.Object{"name": u.Name, "calendar": "France", "currency": 0, "numberOfWorkingDays": 218, "chargeFactor": 1.5, "vatNumber": "",
			"registrationNumber": "", "address": "", "postcode": "", "town": "", "country": "France", "staff": 0, "state": true,
			"workUnitRate": 7, "workUnitRateOnProjectsAndOpportunities": 7, "subDivision": ""}
	})
}

func (e *emulator) poles(w http.ResponseWriter, r *http.Request) {
	e.list(w, r, func(p seed.Employee) seed.Unit { return p.Department }, "pole", func(u seed.Unit) wire.Object {
		return wire.Object{"name": u.Name, "state": true}
	})
}

func (e *emulator) nothing(w http.ResponseWriter, r *http.Request) {
	e.list(w, r, func(seed.Employee) seed.Unit { return seed.Unit{} }, "", nil)
}

// list gives the different units of all people, by id, in pages like every list.
func (e *emulator) list(w http.ResponseWriter, r *http.Request, of func(seed.Employee) seed.Unit, kind string, attributes func(seed.Unit) wire.Object) {
	page, size, ok := pageOf(r.URL.Query())
	if !ok {
		refuse(w, http.StatusUnprocessableEntity, "1018", "1018 - Wrong value", "maxResults")
		return
	}
	var units []seed.Unit
	for _, p := range e.Living() {
		if u := of(p); u.ID != 0 && !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	slices.SortFunc(units, func(a, b seed.Unit) int { return a.ID - b.ID })
	from, data := min((page-1)*size, len(units)), []any{}
	for _, u := range units[from:min(from+size, len(units))] {
		data = append(data, wire.Object{"id": strconv.Itoa(u.ID), "type": kind, "attributes": attributes(u)})
	}
	answer(w, wire.Object{"meta": listMeta(len(units)), "data": data})
}

func labels(names ...string) []any {
	list := []any{}
	for code, name := range names {
		if name != "" {
			list = append(list, wire.Object{"id": code, "value": name})
		}
	}
	return list
}

var (
	kinds      = []string{"Salarié", "Sous-traitant", "Stagiaire", "Salarié à temps partiel"}
	civilities = []string{"M.", "Mme", "Mx"}
)

func (e *emulator) dictionary(w http.ResponseWriter, _ *http.Request) {
	answer(w, wire.Object{"data": wire.Object{"setting": wire.Object{
		"state":    wire.Object{"resource": labels("Sorti", "En mission", "Embauche à venir", "Intercontrat", "Absence longue durée", "", "", "Suspendu")},
		"typeOf":   wire.Object{"resource": labels(kinds...), "contract": labels("CDI", "CDD")},
		"civility": labels(civilities...),
	}}})
}

func (e *emulator) currentUser(w http.ResponseWriter, _ *http.Request) {
	answer(w, wire.Object{"meta": meta(true), "data": wire.Object{"id": "11", "type": "currentuser",
		"attributes": wire.Object{"firstName": "Hélène", "lastName": "Faugère", "login": login, "email1": "h.faugere@lumenor.example",
			"level": "administrator", "isOwner": true, "narrowPerimeter": false, "language": "fr"},
		"relationships": wire.Object{"agency": link("agency", 7033), "role": link("", 0)}}})
}

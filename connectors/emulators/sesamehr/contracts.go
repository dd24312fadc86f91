package sesamehr

import (
	"net/http"
	"slices"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// contract is one of a person's contracts; an empty end is open.
type contract struct{ start, end, kind, job string }

// contracts are a person's, the newest first as in the samples.
func contracts(p seed.Employee) []contract {
	if p.Hire == "" {
		return nil
	}
	end := p.End
	if end == "" {
		end = p.ContractEnd
	}
	list := []contract{{p.Hire, end, p.Type, p.Title}}
	for _, j := range p.Earlier {
		list = append(list, contract{j.Start, j.End, "Formación", j.Title})
	}
	if p.ID%11 == 0 && p.State == seed.Working && p.End == "" {
		list = append([]contract{{"2099-01-01", "2099-12-31", "Temporal", p.Title}}, list...)
	}
	return list
}

func contractID(p seed.Employee, n int) string { return id("c0470001", p.ID*10+n) }

func contractRows(p seed.Employee) []any {
	list := []any{}
	for i, c := range contracts(p) {
		o := wire.Object{
			"id": contractID(p, i), "startAt": at(c.start), "endAt": at(c.end), "startDate": orNull(c.start), "endDate": orNull(c.end), "comment": nil,
			"code": "C-" + c.start, "jobChargeId": nil, "jobChargeName": orNull(c.job), "contractTypeId": id("c7c70001", 3), "contractTypeName": orNull(c.kind),
			"agreementName": "Metal", "workDayTypeName": "Completa", "socialSecurityNumber": "SENSITIVE-SSN", "seniorityDate": c.start,
			"percentageWorkDay": 100, "weeklyHours": "40.00", "remoteWork": false, "jobLevelName": nil, "fte": 1.0,
		}
		if p.ID%7 == 0 {
			o["startDate"], o["endDate"] = nil, nil
		}
		list = append(list, o)
	}
	return list
}

// at is the midnight with which a day begins in Spain, in summer or in winter.
func at(day string) any {
	switch {
	case day == "":
		return nil
	case day[5:7] > "03" && day[5:7] < "11":
		return day + "T00:00:00+02:00"
	}
	return day + "T00:00:00+01:00"
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func (e *emulator) terminated(w http.ResponseWriter, r *http.Request) {
	for _, p := range e.Living() {
		for i, c := range contracts(p) {
			if contractID(p, i) == r.PathValue("id") && c.end != "" {
				answer(w, wire.Object{"data": wire.Object{"contractId": contractID(p, i), "contractEndDate": c.end,
					"terminationReason": "Fin de contrato", "terminationType": "contract_end"}})
				return
			}
		}
	}
	e.Refuse(w, r, http.StatusNotFound)
}

// counting is the contract that is valid today, else the next ahead, else the last.
func counting(list []contract, today string) contract {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b contract) int { return strings.Compare(a.start, b.start) })
	var best contract
	for _, c := range list {
		switch {
		case c.start <= today && (c.end == "" || c.end >= today):
			return c
		case c.start > today && (best.start == "" || best.start <= today):
			best = c
		case c.start <= today:
			best = c
		}
	}
	return best
}

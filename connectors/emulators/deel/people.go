package deel

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	profilePrefix = "7c1e0000-4b1a-4d2c-9f00-"
	firstWorker   = 100_000
	idPattern     = "%s%012d"
)

func profileID(id int) string { return fmt.Sprintf(idPattern, profilePrefix, id) }

func workerID(id int) int { return firstWorker + id }

func unitID(prefix string, u seed.Unit) string { return fmt.Sprintf(idPattern, prefix, u.ID) }

func departmentID(u seed.Unit) string { return unitID("1f2d3c4b-0000-4000-8000-", u) }

func teamID(u seed.Unit) string { return unitID("3a2d3c4b-0000-4000-8000-", u) }

func entityID(u seed.Unit) string { return unitID("2a2d3c4b-0000-4000-8000-", u) }

func orNull(value string) any {
	if value == "" {
		return nil
	}
	return value
}

func moment(day string) any {
	if day == "" {
		return nil
	}
	return day + "T00:00:00.000Z"
}

// person is a row of the list. Its keys are always there; the person's way of having no value shows in the texts.
func (e *emulator) person(p seed.Employee) wire.Object {
	status, hiring := statusWords(p)
	ends := endsOf(p)
	o := wire.Object{
		"id": profileID(p.ID), "emails": emails(p), "is_pwac": false, "addresses": addresses(p), "full_name": p.Name(), "first_name": p.First,
		"last_name": orNull(p.Last), "worker_id": strconv.Itoa(workerID(p.ID)), "birth_date": moment(p.Birth), "created_at": "2022-03-21T10:27:25.950Z",
		"department": department(p), "start_date": orNull(p.Hire), "updated_at": stamp(p.Changed), "employments": employments(p),
		"hiring_type": orNull(hiringType(p)), "hiring_status": hiring, "new_hiring_status": hiring, "nationalities": []any{},
		"person_status": orNull(status), "direct_manager": manager(p), "direct_reports": e.directReports(p), "completion_date": moment(ends.completion),
		"client_legal_entity": legalEntity(p), "direct_reports_count": len(e.reports[p.ID]), "hris_organization_user_id": profileID(900_000 + p.ID),
		"active_worker_termination_status": termination(p), "seniority": orNull(seniority(p)),
	}
	if ends.direct != "" {
		o["direct_employee_termination_last_day"] = moment(ends.direct)
	}
	first, last, _ := strings.Cut(p.Preferred, " ")
	o["preferred_first_name"], o["preferred_last_name"] = orNull(first), orNull(last)
	for key, value := range map[string]string{"state": p.Address.Region, "country": p.Address.CountryCode, "timezone": p.TimeZone,
		"job_title": p.Title, "external_id": p.Number, "work_location": p.Office.Name} {
		wire.Put(o, key, value, p.Void)
	}
	return o
}

// emails name the work address as work, as primary, or as nothing in particular; a primary one beside it, or without it, may be private.
func emails(p seed.Employee) any {
	list := []any{}
	add := func(kind any, value string) {
		list = append(list, wire.Object{"type": kind, "value": orNull(value)})
	}
	switch {
	case p.Email == "" && p.Void == seed.Blank:
		list = append(list, wire.Object{"type": "work", "value": "  "})
	case p.Email == "" && p.Void == seed.Empty:
		add("work", "")
	case p.Email == "" && p.PersonalEmail != "":
		add("primary", p.PersonalEmail)
	case p.Email == "":
	case p.ID%4 == 0:
		add("primary", p.Email)
	case p.ID%4 == 1:
		add(nil, p.Email)
	case p.PersonalEmail != "":
		add("primary", p.PersonalEmail)
		add("work", p.Email)
	default:
		add("primary", p.Email)
		add("work", p.Email)
	}
	if p.PersonalEmail != "" {
		add("personal", p.PersonalEmail)
	}
	if len(list) == 0 && p.Void == seed.Null {
		return nil
	}
	return list
}

func addresses(p seed.Employee) any {
	if p.Address == (seed.Address{}) {
		return nil
	}
	return []any{wire.Object{"region": orNull(p.Address.Region), "country": p.Address.CountryCode, "locality": p.Address.City,
		"postalCode": p.Address.PostalCode, "streetAddress": p.Address.Line1}}
}

// parent is the department that another one belongs to: in a person's row by name, in the list by id.
func parent(u seed.Unit) seed.Unit {
	if u.Name == "Engineering" || u.Name == "Finance" {
		return seed.Unit{ID: 281520, Name: "Management"}
	}
	return seed.Unit{}
}

func department(p seed.Employee) wire.Object {
	if p.Department.ID == 0 {
		return wire.Object{}
	}
	return wire.Object{"id": departmentID(p.Department), "name": p.Department.Name, "parent": parent(p.Department).Name}
}

func legalEntity(p seed.Employee) wire.Object {
	switch {
	case p.LegalEntity.ID == 0:
		return wire.Object{"id": nil, "name": nil}
	case p.ID%5 == 0:
		return wire.Object{"id": entityID(p.LegalEntity), "name": nil}
	}
	return wire.Object{"id": entityID(p.LegalEntity), "name": p.LegalEntity.Name}
}

func manager(p seed.Employee) any {
	if p.ManagerID == 0 {
		return nil
	}
	m := seed.Employee{First: "Former", Last: "Colleague"}
	if p.Manager() != nil {
		m = *p.Manager()
	}
	return wire.Object{"id": profileID(p.ManagerID), "last_name": m.Last, "worker_id": workerID(p.ManagerID), "first_name": m.First, "work_email": m.Email}
}

func (e *emulator) directReports(p seed.Employee) any {
	var list []any
	for _, r := range e.reports[p.ID] {
		list = append(list, wire.Object{"id": profileID(r.ID), "last_name": r.Last, "first_name": r.First, "work_email": r.Email})
	}
	if list == nil {
		return nil
	}
	return list
}

// statusWords are the person's status, which older answers have not, and that of hiring.
func statusWords(p seed.Employee) (person, hiring string) {
	switch {
	case p.State == seed.Left:
		person, hiring = "INACTIVE", "inactive"
	case p.State == seed.Odd:
		return "", "in_review"
	case p.State == seed.Starting:
		person, hiring = "NOT_STARTED", []string{"onboarding", "invited", "onboarding_overdue", "pending_invite"}[p.ID%4]
	case p.End != "":
		person, hiring = "OFFBOARDING", "offboarding"
	default:
		person, hiring = "ACTIVE", []string{"active", "onboarded"}[p.ID%2]
	}
	if p.ID%3 == 0 {
		person = ""
	}
	return person, hiring
}

func hiringType(p seed.Employee) string {
	return map[string]string{"Full-Time": "direct_employee", "Part-Time": "eor", "Contractor": "contractor", "Intern": "hris_direct_employee"}[p.Type]
}

func seniority(p seed.Employee) string {
	if p.ID%6 == 0 {
		return "Senior"
	}
	return ""
}

func termination(p seed.Employee) any {
	switch {
	case p.State == seed.Left:
		return "COMPLETED"
	case p.End != "":
		return "IN_PROGRESS"
	}
	return nil
}

// ends are the three places of a last day; the first that has one counts.
type ends struct{ direct, completion, employment string }

func endsOf(p seed.Employee) ends {
	switch {
	case p.End == "":
		return ends{completion: p.ContractEnd}
	case p.ID%3 == 0:
		return ends{direct: p.End, completion: "2099-12-31", employment: p.End}
	case p.ID%3 == 1:
		return ends{completion: p.End}
	}
	return ends{employment: p.End}
}

func employments(p seed.Employee) any {
	if p.Type == "" && p.Void == seed.Null {
		return nil
	}
	_, hiring := statusWords(p)
	team := wire.Object{}
	if p.Team.ID != 0 {
		team = wire.Object{"id": teamID(p.Team), "name": p.Team.Name}
	}
	ends, left := endsOf(p), p.State == seed.Left
	o := wire.Object{
		"id": fmt.Sprintf("k%07d", p.ID), "name": p.Name(), "team": team, "email": p.Email, "state": orNull(p.Address.Region), "country": orNull(p.Address.CountryCode),
		"payment":  wire.Object{"rate": "SENSITIVE-RATE", "scale": "annual", "currency": "EUR", "contract_name": p.Title},
		"is_ended": left, "timezone": orNull(p.TimeZone), "job_title": orNull(p.Title), "seniority": nil, "start_date": orNull(p.Hire), "work_email": p.Email,
		"hiring_type": orNull(hiringType(p)), "hiring_status": hiring, "band_placement": nil, "completion_date": moment(ends.completion),
		"contract_status": contractStatus(left), "voluntarily_left": nil, "comparative_ratio": nil, "contract_coverage": nil, "new_hiring_status": hiring,
		"client_legal_entity": legalEntity(p), "has_eor_termination": false, "compensation_band_id": nil, "contract_is_archived": false,
		"termination_last_day": moment(ends.employment), "contract_has_contractor": false, "is_user_contract_deleted": false, "hris_direct_employee_invitation": nil,
	}
	if left {
		o["voluntarily_left"] = true
	}
	return []any{o}
}

func contractStatus(left bool) string {
	if left {
		return "completed"
	}
	return "in_progress"
}

func (e *emulator) personal(w http.ResponseWriter, _ *http.Request, p seed.Employee) {
	answer(w, wire.Object{"data": wire.Object{
		"id": profileID(p.ID), "ooo": leave(p), "worker_id": workerID(p.ID), "work_email": orNull(p.Email), "external_id": orNull(p.Number),
		"date_of_birth": orNull(p.Birth), "legal_first_name": p.First, "legal_last_name": p.Last, "preferred_name": orNull(p.Preferred),
		"personal_email": orNull(p.PersonalEmail), "phone_numbers": phones(p), "addresses": personalAddresses(p), "nationalities": []any{},
		"demographics": wire.Object{"gender": gender(p)}, "emergency_contacts": []any{"SENSITIVE-CONTACT"}, "kyc": "SENSITIVE-KYC",
	}})
}

// leave of those who are away for long covers every day; the others may have a short one.
func leave(p seed.Employee) any {
	switch {
	case p.State == seed.OnLeave:
		return wire.Object{"name": "Parental leave", "leave_type": "LONG_TERM_LEAVE", "start_date": "2000-01-06", "end_date": "2099-12-31"}
	case p.ID%19 == 0:
		return wire.Object{"name": "Holiday", "leave_type": "SHORT_TERM_LEAVE", "start_date": "2000-01-06", "end_date": "2099-12-31"}
	case p.ID%23 == 0:
		return wire.Object{"name": "Sabbatical", "leave_type": "LONG_TERM_LEAVE", "start_date": "2000-01-06", "end_date": "2001-12-31"}
	}
	return nil
}

func phones(p seed.Employee) []any {
	list := []any{}
	for _, phone := range [][2]string{{"HOME", ""}, {"WORK", p.WorkPhone}, {"PERSONAL", p.MobilePhone}} {
		if digits := plain(phone[1]); digits != "" {
			list = append(list, wire.Object{"type": phone[0], "dial_code": digits[:2], "phone_number": digits[2:]})
		}
	}
	return list
}

// plain is a telephone number without its plus sign and blanks.
func plain(phone string) string { return strings.NewReplacer("+", "", " ", "").Replace(phone) }

func personalAddresses(p seed.Employee) []any {
	if p.Address == (seed.Address{}) {
		return []any{}
	}
	return []any{wire.Object{"id": fmt.Sprintf("a%d", p.ID), "zip": p.Address.PostalCode, "city": p.Address.City, "type": "HOME",
		"state": orNull(p.Address.Region), "street": p.Address.Line1, "country": p.Address.CountryCode}}
}

// gender has a name among the usual ones, or another name.
func gender(p seed.Employee) any {
	name, other := map[string]string{"female": "Female", "male": "Male"}[p.Gender], ""
	if p.Gender == "diverse" {
		other = "Diverse"
	}
	if name+other == "" {
		return nil
	}
	return wire.Object{"id": "g2", "name": orNull(name), "other_name": orNull(other)}
}

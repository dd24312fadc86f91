package humaans

import (
	"fmt"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	remote   = "remote"
	moments  = "2006-01-02T15:04:05.000Z"
	madeAt   = "2021-01-28T08:44:42.000Z"
	away     = "Europe/Stockholm"
	unlisted = "FnAjNOIyLRsmZGRohZsHAp99" // an office that the list does not have
)

func id(n int) string { return fmt.Sprintf("PvB1yzL5uL8VvNNCJc%06d", n) }

func unitID(prefix string, u seed.Unit) any {
	if u.ID == 0 {
		return nil
	}
	return fmt.Sprintf("%s%06d", prefix, u.ID)
}

func companyID(p seed.Employee) any { return unitID("T7cqPFK7am4lFTZm39", p.LegalEntity) }

func isRemote(p seed.Employee) bool { return p.Office.ID == 0 && p.ID%8 == 0 }
func isLost(p seed.Employee) bool   { return p.Office.ID != 0 && p.ID%19 == 0 }

func locationID(p seed.Employee) any {
	switch {
	case isRemote(p):
		return remote
	case isLost(p):
		return unlisted
	}
	return unitID("FnAjNOIyLRsmZGRohZ", p.Office)
}

// ownZone is the person's own time zone, which of every third one only the office knows.
func ownZone(p seed.Employee) string {
	if p.ID%3 == 0 {
		return ""
	}
	return p.TimeZone
}

// undated tells of whom neither a start nor a word that the sheet knows is there.
func undated(p seed.Employee) bool { return p.ID%100 == 16 }

func begin(p seed.Employee) string {
	if undated(p) {
		return ""
	}
	return p.Hire
}

func status(p seed.Employee) string {
	switch p.State {
	case seed.Left:
		return "offboarded"
	case seed.Starting:
		return []string{"newHire", "new_hire", "New hire"}[p.ID%3]
	case seed.Odd:
		return p.Word
	}
	if undated(p) {
		return "pending"
	}
	return "active"
}

// home is one text, with a line break where there are two lines.
func home(p seed.Employee) string {
	if p.Address.Line2 == "" {
		return p.Address.Line1
	}
	return p.Address.Line1 + "\n" + p.Address.Line2
}

func teams(p seed.Employee) []string {
	var list []string
	if p.Team.Name != "" {
		list = append(list, p.Team.Name)
	}
	if p.ID%6 == 0 {
		list = append(list, "Growth Pod")
	}
	return list
}

// person writes a person; the keys that a client has to drop hold what a leak could be found by.
func person(p seed.Employee) wire.Object {
	o := wire.Object{
		"id": id(p.ID), "companyId": companyID(p), "locationId": locationID(p), "remoteCity": nil, "remoteRegionCode": nil, "remoteCountryCode": nil,
		"remoteTimezone": nil, "profilePhotoId": nil, "profilePhoto": nil, "spokenLanguages": []any{}, "foodAllergies": []any{}, "nationalities": []any{},
		"dietaryPreference": "SENSITIVE-DIET", "nationality": "SENSITIVE-NATIONALITY", "taxId": "SENSITIVE-TAX", "taxCode": "SENSITIVE-TAXCODE",
		"calendarFeedToken": "SENSITIVE-FEED", "bio": nil, "linkedIn": nil, "twitter": nil, "github": nil, "probationEndDate": nil, "turnoverImpact": nil,
		"workingDays": []any{wire.Object{"day": "monday"}, wire.Object{"day": "tuesday"}}, "publicHolidayCalendarId": "GB-ENG", "leavingNote": nil,
		"leavingFileId": nil, "status": status(p), "isVerified": true, "isWorkEmailHidden": false, "role": "user", "seenDocumentsAt": nil, "source": nil,
		"sourceId": nil, "payrollProvider": nil, "isBirthdayHidden": false, "demo": false, "createdAt": madeAt, "updatedAt": p.Changed.UTC().Format(moments),
	}
	if isRemote(p) {
		o["remoteCity"], o["remoteCountryCode"], o["remoteTimezone"] = "Uppsala", "SE", away
	}
	if p.Language == "de" {
		o["spokenLanguages"] = []any{"German", "English"}
	}
	list := []any{}
	for _, name := range teams(p) {
		list = append(list, wire.Object{"name": name})
	}
	o["teams"] = list
	addPhoto(o, p)
	for key, value := range texts(p) {
		wire.Put(o, key, value, p.Void)
	}
	return o
}

func texts(p seed.Employee) map[string]string {
	reason := ""
	if p.State == seed.Left {
		reason = "resigned"
	}
	return map[string]string{
		"firstName": p.First, "middleName": p.Middle, "lastName": p.Last, "preferredName": p.Preferred, "email": p.Email, "personalEmail": p.PersonalEmail,
		"phoneNumber": p.WorkPhone, "formattedPhoneNumber": p.WorkPhone, "personalPhoneNumber": p.MobilePhone, "formattedPersonalPhoneNumber": p.MobilePhone,
		"gender": p.Gender, "birthday": p.Birth, "address": home(p), "city": p.Address.City, "state": p.Address.Region, "postcode": p.Address.PostalCode,
		"countryCode": p.Address.CountryCode, "country": p.Address.Country, "employmentStartDate": begin(p), "firstWorkingDay": begin(p),
		"employmentEndDate": p.End, "lastWorkingDay": p.LastDay, "leavingReason": reason, "contractType": p.Type, "employeeId": p.Number, "timezone": ownZone(p),
	}
}

func addPhoto(o wire.Object, p seed.Employee) {
	if p.Photo == "" {
		return
	}
	variants := wire.Object{"480": p.Photo}
	for _, size := range []string{"64", "96", "104", "136", "156", "204", "320"} {
		variants[size] = p.Photo + "@" + size
	}
	o["profilePhotoId"], o["profilePhoto"] = fmt.Sprintf("ph%d", p.ID), wire.Object{"id": fmt.Sprintf("ph%d", p.ID), "variants": variants}
}

// role is a job role; without an end it goes on.
type role struct{ title, department, from, to string }

// steady tells of whom other roles may be there without being the one that counts: who began, and stays.
func steady(p seed.Employee) bool {
	return p.State == seed.Working && p.End == "" && p.Hire != "" && p.Hire < p.Changed.Format(time.DateOnly)
}

// rolesOf lists a person's roles, the one that counts last but for planned ones.
func rolesOf(p seed.Employee) []role {
	if p.Title == "" && p.Department.ID == 0 && p.ManagerID == 0 {
		return nil
	}
	main := role{p.Title, p.Department.Name, p.Hire, p.End}
	if p.Hire == "" {
		main.from = "2020-01-01"
	}
	var list []role
	for _, job := range p.Earlier {
		list = append(list, role{job.Title, "Students", job.Start, job.End})
	}
	if steady(p) && p.ID%7 == 0 {
		list = append(list, role{"Night Guard", "Facilities", "2000-01-01", ""})
	}
	if steady(p) && p.ID%5 == 0 {
		list = append(list, role{"Chief of Everything", "Board", "2099-01-01", ""})
	}
	return append(list, main)
}

func (e *emulator) roles() []wire.Object {
	list := []wire.Object{}
	for _, p := range e.Living() {
		for i, r := range rolesOf(p) {
			o := wire.Object{"id": fmt.Sprintf("jr%d-%d", p.ID, i), "personId": id(p.ID), "reportingTo": nil, "effectiveDate": r.from, "endDate": nil,
				"note": nil, "createdAt": madeAt, "updatedAt": p.Changed.UTC().Format(moments)}
			wire.Put(o, "jobTitle", r.title, p.Void)
			wire.Put(o, "department", r.department, p.Void)
			if p.ManagerID != 0 {
				o["reportingTo"] = id(p.ManagerID)
			}
			if r.to != "" {
				o["endDate"] = r.to
			}
			list = append(list, o)
		}
	}
	return list
}

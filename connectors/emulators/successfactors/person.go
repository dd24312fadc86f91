package successfactors

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// nav is a part that comes only if it is asked for by $expand, and else as an address.
type nav struct{ value any }

const openEnd = "/Date(253402214400000)/"

// person is a PerPerson with all that hangs on it.
func person(p seed.Employee) wire.Object {
	id := personID(p)
	o := entity("PerPerson", "'"+id+"'", wire.Object{
		"personIdExternal": id, "personId": strconv.Itoa(150000 + p.ID), "perPersonUuid": fmt.Sprintf("5F10A0%026d", p.ID),
		"dateOfBirth": dated(p.Birth), "countryOfBirth": nil, "createdDateTime": "/Date(1546329600000+0000)/",
		"lastModifiedDateTime": modified(p),
		"personalInfoNav":      nav{list(personal(p))},
		"emailNav":             nav{list(emails(p)...)},
		"phoneNav":             nav{list(phones(p)...)},
		"employmentNav":        nav{list(employments(p)...)},
		"homeAddressNavDEFLT":  nav{list(wire.Object{"addressType": "home", "address1": "SENSITIVE-home"})},
		"photoNav":             nav{list(wire.Object{"photoType": "1", "photo": "SENSITIVE-photo"})},
		"personEmpTerminationInfoNav": nav{entity("PersonEmpTerminationInfo", "'"+id+"'", wire.Object{
			"personIdExternal": id, "activeEmploymentsCount": activeCount(p), "latestTerminationDate": latestEnd(p)})},
	})
	return o
}

func entity(kind, key string, o wire.Object) wire.Object {
	o["__metadata"] = wire.Object{"uri": base + kind + "(" + key + ")", "type": "SFOData." + kind}
	return o
}

func list(rows ...any) wire.Object {
	if rows == nil {
		rows = []any{}
	}
	return wire.Object{"results": rows}
}

func personal(p seed.Employee) wire.Object {
	id := personID(p)
	o := wire.Object{"personIdExternal": id, "startDate": "/Date(946684800000)/", "endDate": openEnd, "middleName": null(p.Middle),
		"displayName": nil, "formalName": nil, "gender": null(genders[p.Gender]), "salutation": nil, "suffix": nil, "nativePreferredLang": nil}
	wire.Put(o, "firstName", p.First, p.Void)
	wire.Put(o, "lastName", p.Last, p.Void)
	wire.Put(o, "preferredName", p.Preferred, p.Void)
	if p.State != seed.Starting {
		o["formalName"] = p.Name()
	}
	if p.State != seed.Starting && p.ID%9 != 0 {
		o["displayName"], o["formalName"] = p.Name(), "Dr. "+p.Name()
	}
	return entity("PerPersonal", "personIdExternal='"+id+"',startDate=datetime'2000-01-01T00:00:00'", o)
}

var genders = map[string]string{"female": "F", "male": "M", "diverse": "D"}

// emails are the business and the private address; a former one can come first, and some stand in the user's record only.
func emails(p seed.Employee) []any {
	var rows []any
	if p.Email != "" && p.ID%10 == 0 {
		rows = append(rows, email(p, "4001", "B", fmt.Sprintf("former.%d@corp.example", p.ID), false))
	}
	if p.Email != "" && !onlyOfUser(p) || p.Void == seed.Blank {
		rows = append(rows, email(p, "4001", "B", p.Email, true))
	}
	if p.PersonalEmail != "" {
		rows = append(rows, email(p, "4002", "P", p.PersonalEmail, len(rows) == 0))
	}
	return rows
}

func onlyOfUser(p seed.Employee) bool { return p.ID%8 == 0 && p.ID%10 != 0 }

func email(p seed.Employee, option, code, address string, primary bool) wire.Object {
	label := map[string]string{"B": "Business", "P": "Personal"}[code]
	o := wire.Object{"personIdExternal": personID(p), "emailType": option, "isPrimary": primary, "emailTypeNav": nav{choice(option, code, label)}}
	wire.Put(o, "emailAddress", address, p.Void)
	return entity("PerEmail", "emailType='"+option+"',personIdExternal='"+personID(p)+"'", o)
}

// choice is an option of a picklist.
func choice(id, code, label string) wire.Object {
	return entity("PicklistOption", id+"L", wire.Object{"id": id, "status": "ACTIVE", "externalCode": code, "localeLabel": label})
}

func phones(p seed.Employee) []any {
	var rows []any
	if country, area, number := split(p.WorkPhone); number != "" {
		rows = append(rows, phone(p, "5001", "B", country, area, number, extension(p)))
	}
	if p.ID%6 == 0 {
		rows = append(rows, phone(p, "5002", "H", "49", "30", "SENSITIVE-home", ""))
	}
	if country, number := mobile(p); number != "" {
		rows = append(rows, phone(p, "5003", "C", country, "", number, ""))
	}
	return rows
}

// split takes a number such as +49 89 5550 0001 apart.
func split(number string) (country, area, rest string) {
	parts := strings.SplitN(strings.TrimPrefix(number, "+"), " ", 3)
	if len(parts) < 3 {
		return "", "", number
	}
	return parts[0], parts[1], parts[2]
}

// mobile leaves the number of every fourteenth person whole.
func mobile(p seed.Employee) (country, number string) {
	if len(p.MobilePhone) < 4 || p.ID%14 == 0 {
		return "", p.MobilePhone
	}
	return p.MobilePhone[1:3], p.MobilePhone[3:]
}

func extension(p seed.Employee) string {
	if p.ID%31 == 0 && p.WorkPhone != "" {
		return "12"
	}
	return ""
}

func phone(p seed.Employee, option, code, country, area, number, extension string) wire.Object {
	label := map[string]string{"B": "Business", "H": "Home", "C": "Cell"}[code]
	return entity("PerPhone", "personIdExternal='"+personID(p)+"',phoneType='"+option+"'", wire.Object{
		"personIdExternal": personID(p), "phoneType": option, "countryCode": null(country), "areaCode": null(area), "phoneNumber": number,
		"extension": null(extension), "isPrimary": code == "B", "phoneTypeNav": nav{choice(option, code, label)}})
}

// account is the User record of an employment.
func account(p seed.Employee) wire.Object {
	o := wire.Object{"userId": userID(p), "username": "login." + strconv.Itoa(p.ID), "status": userStatus(p), "empId": personID(p),
		"firstName": p.First, "lastName": p.Last, "mi": nil, "nickname": nil, "timeZone": null(p.TimeZone),
		"defaultLocale": null(locales[p.Language]), "hireDate": dated(p.Hire), "lastModifiedDateTime": modified(p), "custom02": nil}
	if p.State == seed.Starting {
		o["username"] = userID(p)
	}
	wire.Put(o, "email", p.Email, p.Void)
	wire.Put(o, "custom01", p.Number, p.Void)
	return entity("User", "'"+userID(p)+"'", o)
}

var locales = map[string]string{"de": "de_DE", "en": "en_GB", "fr": "fr_BE", "nl": "nl_BE"}

func userStatus(p seed.Employee) string {
	switch {
	case p.State == seed.Starting:
		return "e"
	case p.State == seed.Left && p.External:
		return "F"
	case p.State == seed.Left:
		return "f"
	case p.External:
		return "T"
	}
	return "t"
}

// personID is not the user's id, so that a client that mixes them up is found out.
func personID(p seed.Employee) string { return fmt.Sprintf("%08d", p.ID) }

func userID(p seed.Employee) string {
	if p.ID%7 == 0 {
		return "usr" + strconv.Itoa(p.ID)
	}
	return strconv.Itoa(p.ID)
}

func managerID(p seed.Employee) string {
	switch {
	case p.ManagerID == 0:
		return "NO_MANAGER"
	case p.Manager() == nil:
		return strconv.Itoa(p.ManagerID)
	}
	return userID(*p.Manager())
}

func null(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// dated writes a day as milliseconds of its midnight in UTC.
func dated(day string) any {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return nil
	}
	return fmt.Sprintf("/Date(%d)/", t.UnixMilli())
}

func modified(p seed.Employee) string { return fmt.Sprintf("/Date(%d+0000)/", p.Changed.UnixMilli()) }

// shifted is a day some days later.
func shifted(day string, days int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

func decimal(text string) any {
	if text == "" {
		return nil
	}
	return json.Number(text)
}

package googleworkspace

import (
	"fmt"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// When somebody signed in last, and how Google says that nobody ever did.
const (
	lastLogin = "2026-06-01T07:31:09.000Z"
	never     = "1970-01-01T00:00:00.000Z"
)

func id(n int) string { return fmt.Sprintf("1034%017d", n) }

// address is the primary address. Nobody is without one here, and it has no blanks.
func address(p seed.Employee) string {
	if email := strings.TrimSpace(p.Email); email != "" {
		return email
	}
	return fmt.Sprintf("account.%d@%s", p.ID, domain)
}

func alias(p seed.Employee) string { return fmt.Sprintf("a%d@%s", p.ID, domain) }

func isArchived(p seed.Employee) bool { return p.State == seed.Left && p.ID%2 == 0 }

func isSuspended(p seed.Employee) bool {
	return p.State == seed.Left && !isArchived(p) || p.State == seed.Starting || p.State == seed.Odd
}

func suspensionReason(p seed.Employee) string {
	switch {
	case p.State == seed.Odd:
		return "ABUSE"
	case p.State == seed.Starting && p.ID%2 == 1:
		return "WEB_LOGIN_REQUIRED"
	}
	return "ADMIN"
}

func isDelegated(p seed.Employee) bool { return p.ID%50 == 0 }

// unitPath is the place in the tree of org units.
func unitPath(p seed.Employee) string {
	switch {
	case p.State == seed.Left:
		return "/Leavers"
	case p.Department.Name == "":
		return "/"
	}
	return "/" + p.Department.Name
}

// put writes a text, or this person's way of having none; Google knows no null in a record.
func put(o wire.Object, key, value string, p seed.Employee) {
	if value != "" || p.Void == seed.Empty || p.Void == seed.Blank {
		wire.Put(o, key, value, p.Void)
	}
}

// putList writes a list; an empty one is mostly left out.
func putList(o wire.Object, key string, list []any, p seed.Employee) {
	if len(list) > 0 || p.Void == seed.Empty {
		o[key] = list
	}
}

// record writes an account, but for its custom fields.
func record(p seed.Employee) wire.Object {
	last := lastLogin
	if p.State == seed.Starting {
		last = never
	}
	o := wire.Object{
		"kind": "admin#directory#user", "id": id(p.ID), "etag": fmt.Sprintf(`"made-up/u%d-%d"`, p.ID, p.Changed.Unix()), "primaryEmail": address(p),
		"name": name(p), "isAdmin": false, "isDelegatedAdmin": isDelegated(p), "lastLoginTime": last, "creationTime": "2019-01-15T08:00:00.000Z",
		"agreedToTerms": last != never, "suspended": isSuspended(p), "archived": isArchived(p), "changePasswordAtNextLogin": last == never,
		"ipWhitelisted": false, "customerId": customer, "orgUnitPath": unitPath(p), "isMailboxSetup": last != never,
		"isEnrolledIn2Sv": false, "isEnforcedIn2Sv": false, "includeInGlobalAddressList": !isSuspended(p), "emails": emails(p),
	}
	switch {
	case p.Removed:
		o["deletionTime"] = "2026-06-10T09:00:00.000Z"
	case isArchived(p):
		o["archivalTime"] = "2026-06-09T09:00:00.000Z"
	case isSuspended(p):
		o["suspensionReason"], o["suspensionTime"] = suspensionReason(p), "2026-06-08T09:00:00.000Z"
	}
	if p.Photo != "" {
		o["thumbnailPhotoUrl"] = p.Photo
	}
	if p.ID%4 == 0 {
		o["aliases"] = []any{alias(p)}
	}
	if p.Gender != "" {
		o["gender"] = wire.Object{"type": gender(p)}
	}
	addRecovery(o, p)
	addLists(o, p)
	return o
}

func name(p seed.Employee) wire.Object {
	o := wire.Object{"givenName": p.First, "familyName": p.Last, "fullName": p.Name()}
	put(o, "displayName", p.Preferred, p)
	return o
}

func gender(p seed.Employee) string {
	if p.Gender == "diverse" {
		return "other"
	}
	return p.Gender
}

// ownsRecovery tells whose private address and phone stand in the recovery fields alone.
func ownsRecovery(p seed.Employee) bool { return p.ID%3 == 0 }

func addRecovery(o wire.Object, p seed.Employee) {
	if !ownsRecovery(p) {
		return
	}
	put(o, "recoveryEmail", p.PersonalEmail, p)
	put(o, "recoveryPhone", p.MobilePhone, p)
}

func addLists(o wire.Object, p seed.Employee) {
	for key, list := range map[string][]any{"externalIds": externalIDs(p), "relations": relations(p), "organizations": organizations(p),
		"phones": phones(p), "addresses": addresses(p), "locations": locations(p), "languages": languages(p)} {
		putList(o, key, list, p)
	}
}

// emails hold the primary address too, and the private one before it.
func emails(p seed.Employee) []any {
	list := []any{}
	if p.PersonalEmail != "" && !ownsRecovery(p) {
		list = append(list, wire.Object{"address": p.PersonalEmail, "type": []string{"home", "other"}[p.ID%2]})
	}
	if p.ID%4 == 0 {
		list = append(list, wire.Object{"address": alias(p)})
	}
	return append(list, wire.Object{"address": address(p), "primary": true})
}

// externalIDs of some begin with an id that is not the employee's number.
func externalIDs(p seed.Employee) []any {
	list := []any{}
	if p.ID%7 == 0 {
		list = append(list, wire.Object{"value": fmt.Sprintf("NET-%d", p.ID), "type": "custom", "customType": "network"})
	}
	if p.Number != "" {
		list = append(list, wire.Object{"value": p.Number, "type": "organization"})
	}
	return list
}

// relations name the manager by his address, and other people too.
func relations(p seed.Employee) []any {
	list := []any{}
	if p.ID%7 == 0 {
		list = append(list, wire.Object{"value": "assistant@" + domain, "type": "admin_assistant"})
	}
	if manager := managerAddress(p); manager != "" {
		list = append(list, wire.Object{"value": manager, "type": "manager"})
	}
	return list
}

func managerAddress(p seed.Employee) string {
	switch {
	case p.ManagerID == 0:
		return ""
	case p.Manager() == nil:
		return "former.colleague@" + domain
	}
	return address(*p.Manager())
}

// organizations: the primary one need not be the first, and of some nobody said which is the primary one.
func organizations(p seed.Employee) []any {
	if p.Title == "" && p.Department.Name == "" && p.Type == "" {
		return []any{}
	}
	main := wire.Object{"customType": ""}
	for key, value := range map[string]string{"name": p.LegalEntity.Name, "title": p.Title, "department": p.Department.Name,
		"costCenter": costCentre(p), "description": p.Type} {
		put(main, key, value, p)
	}
	other := wire.Object{"name": "Brightloom Works Council", "title": "Member", "department": "Council", "customType": ""}
	switch {
	case p.ID%11 == 0:
		return []any{main, other}
	case p.ID%5 == 0:
		main["primary"] = true
		return []any{other, main}
	}
	main["primary"] = true
	return []any{main}
}

// costCentre is the one that bears most: an organization names one only.
func costCentre(p seed.Employee) string {
	best := seed.Share{}
	for _, s := range p.CostCentres {
		if s.Percent > best.Percent {
			best = s
		}
	}
	return best.Name
}

func phones(p seed.Employee) []any {
	list := []any{}
	if p.ID%7 == 0 {
		list = append(list, wire.Object{"value": "+49 89 5550 9999", "type": "work_fax"})
	}
	if p.WorkPhone != "" {
		list = append(list, wire.Object{"value": p.WorkPhone, "type": "work"})
	}
	if p.MobilePhone != "" && !ownsRecovery(p) {
		list = append(list, wire.Object{"value": p.MobilePhone, "type": []string{"mobile", "work_mobile"}[p.ID/2%2]})
	}
	return list
}

// country is a code, or of every fifth person a name.
func country(p seed.Employee) (key, value string) {
	if p.ID%5 == 0 {
		return "country", p.Address.Country
	}
	return "countryCode", p.Address.CountryCode
}

func addresses(p seed.Employee) []any {
	if p.Address == (seed.Address{}) {
		return []any{}
	}
	o := wire.Object{"type": []string{"home", "work"}[p.ID%2], "primary": true}
	key, value := country(p)
	for key, value := range map[string]string{"streetAddress": p.Address.Line1, "locality": p.Address.City, "region": p.Address.Region,
		"postalCode": p.Address.PostalCode, key: value} {
		put(o, key, value, p)
	}
	return []any{o}
}

func locations(p seed.Employee) []any {
	if p.Office.Name == "" {
		return []any{}
	}
	return []any{wire.Object{"type": "desk", "area": "desk", "buildingId": p.Office.Name, "floorName": "3"}}
}

func languages(p seed.Employee) []any {
	switch {
	case p.Language == "":
		return []any{}
	case p.ID%5 == 0:
		return []any{wire.Object{"languageCode": p.Language, "preference": "preferred"}, wire.Object{"languageCode": "ga", "preference": "not_preferred"}}
	}
	return []any{wire.Object{"languageCode": p.Language, "preference": "preferred"}}
}

package okta

import (
	"fmt"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

func userID(id int) string { return fmt.Sprintf("00u1rc%014d", id) }

func login(p seed.Employee) string { return fmt.Sprintf("person.%d@corp.example", p.ID) }

// user is a person as every call shows him.
func user(p seed.Employee) wire.Object {
	state := status(p)
	activated, changed := any("2019-01-07T08:15:00.000Z"), any(p.Changed.UTC().Format(stamp))
	if state == staged {
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
		return suspended
	case seed.Left:
		return deactivated
	case seed.Starting:
		return staged
	}
	if other, ok := map[int]string{3: provisioned, 7: expired, 11: recovery, 15: "LOCKED_OUT"}[p.ID%20]; ok {
		return other
	}
	return active
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

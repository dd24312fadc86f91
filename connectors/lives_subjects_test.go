package connectors

import (
	"testing"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/internal/servers"
)

func TestTheLivesOfACompany(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	for name, s := range livesSubjects {
		t.Run(name, func(t *testing.T) { lifeOf(t, s) })
	}
}

var livesSubjects = map[string]subject{
	"OpenLDAP": {connector: "ldap", number: "employeeNumber", rules: ldapLives, start: func(t *testing.T) (map[string]string, string) {
		_, answers := startLDAP(t)
		return answers, ""
	}},
	"SCIM, SCIMMY": {connector: "scim", number: "enterprise.employeeNumber", people: 200, rules: scimLives, start: func(t *testing.T) (map[string]string, string) {
		_, answers := startSCIM(t)
		return answers, ""
	}},
	"SCIM without PATCH and filters": {connector: "scim", number: "enterprise.employeeNumber", people: 100, rules: scimLives, start: func(t *testing.T) (map[string]string, string) {
		s := servers.Elimity(t, servers.Dialect{NoPatch: true, NoFilter: true})
		return map[string]string{"baseUrl": s.URL, "token": s.Token}, ""
	}},
	"JumpCloud": {connector: "jumpcloud", number: "employeeIdentifier", people: 100, rules: jumpCloudLives, groups: []string{"Engineering", "Contractors"},
		start: func(t *testing.T) (map[string]string, string) {
			s, err := emulate.Start("jumpcloud", emulate.Setup{Writing: wire.Writing{Empty: true, Lag: 3}})
			ok(t, err)
			t.Cleanup(s.Close)
			s.Options["groups"], s.Options["attributes"] = "Engineering\nContractors", "badge"
			return s.Options, s.URL
		}},
}

const ldapLives = `
identity: {keys: [{fields: [employeeNumber], attribute: employeeNumber}]}
mapping:
  - {attribute: uid, field: Login}
  - {attribute: cn, expression: '{{firstName}} {{lastName}}'}
  - {attribute: givenName, field: firstName}
  - {attribute: sn, field: lastName}
  - {attribute: mail, field: email}
  - {attribute: employeeNumber, field: employeeNumber}
  - {attribute: title, field: jobTitle}
  - {attribute: departmentNumber, field: department}
  - {attribute: manager, field: Manager number}
`

const scimLives = `
identity: {keys: [{fields: [employeeNumber], attribute: enterprise.employeeNumber}]}
mapping:
  - {attribute: userName, field: Login}
  - {attribute: externalId, field: employeeNumber}
  - {attribute: name.givenName, field: firstName}
  - {attribute: name.familyName, field: lastName}
  - {attribute: emails.work, field: email}
  - {attribute: title, field: jobTitle}
  - {attribute: enterprise.department, field: department}
  - {attribute: enterprise.employeeNumber, field: employeeNumber}
  - {attribute: enterprise.manager, field: Manager number}
`

const jumpCloudLives = `
identity: {keys: [{fields: [employeeNumber], attribute: employeeIdentifier}]}
mapping:
  - {attribute: username, field: Login}
  - {attribute: email, field: email}
  - {attribute: firstname, field: firstName}
  - {attribute: lastname, field: lastName}
  - {attribute: employeeIdentifier, field: employeeNumber}
  - {attribute: jobTitle, field: jobTitle}
  - {attribute: department, field: department}
  - {attribute: attributes.badge, field: employeeNumber}
  - {attribute: manager, field: Manager number}
  - {attribute: groups, expression: 'Split(Groups, ";")'}
`

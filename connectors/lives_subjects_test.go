package connectors

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/entraid"
	"rollcall/connectors/emulators/okta"
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
	"SCIM, SCIMMY": {connector: "scim", number: "enterprise.employeeNumber", people: 200, rules: scimLives, groups: scimGroups, start: func(t *testing.T) (map[string]string, string) {
		_, answers := startSCIM(t)
		for _, name := range scimGroups {
			makeSCIMGroup(t, answers, name)
		}
		answers["groups"] = strings.Join(scimGroups, "\n")
		return answers, ""
	}},
	"SCIM without PATCH and filters": {connector: "scim", number: "enterprise.employeeNumber", people: 100, rules: scimLives, groups: scimGroups, start: elimity(servers.Dialect{NoPatch: true, NoFilter: true, Groups: scimGroups})},
	"SCIM with small bulk requests":  {connector: "scim", number: "enterprise.employeeNumber", people: 200, rules: scimLives, groups: scimGroups, start: elimity(servers.Dialect{Bulk: true, Groups: scimGroups})},
	"Active Directory": {connector: "ldap", number: "employeeID", people: 200, rules: activeDirectoryLives, groups: []string{"{branch} Readers", "{branch} Writers"},
		places: []string{"OU=Sales,{base}", "OU=Research and Development,{base}"}, start: startActiveDirectory},
	"Entra ID": {connector: "entraid", number: "employeeId", rules: entraLives, groups: []string{"Staff", "Consultants"},
		start: func(t *testing.T) (map[string]string, string) {
			s := emptyDirectory(t, "entraid", wire.Writing{Empty: true, Lag: 3})
			s.Options["groups"] = "Staff\nConsultants"
			return s.Options, s.URL
		}},
	"Google Workspace": {connector: "googleworkspace", number: "employeeNumber", people: 200, rules: googleLives, groups: []string{"Everybody", "Contractors"}, places: []string{"/Sales", "/Engineering"},
		start: func(t *testing.T) (map[string]string, string) {
			s := emptyDirectory(t, "googleworkspace", wire.Writing{Empty: true, Lag: 50})
			s.Options["groups"] = googleGroups
			return s.Options, s.URL
		}},
	"Entra ID, by its provisioning service": {connector: "entraid", number: "employeeId", people: 200, handOver: 1, rules: entraLives, groups: []string{"Staff", "Consultants"},
		start: func(t *testing.T) (map[string]string, string) {
			s := emptyDirectory(t, "entraid", wire.Writing{Empty: true})
			s.Options["groups"], s.Options["servicePrincipalId"], s.Options["jobId"] = "Staff\nConsultants", entraid.ServicePrincipalID, entraid.JobID
			return s.Options, s.URL
		}},
	"Okta, by an identity source": {connector: "okta", number: "employeeNumber", people: 200, handOver: 1, rules: oktaLives, groups: []string{"Staff", "Contractors"},
		start: startOkta(emulate.Setup{Writing: wire.Writing{Empty: true, Limits: wire.Limits{Window: time.Millisecond}}}, map[string]string{"identitySourceId": okta.IdentitySource})},
	"Okta": {connector: "okta", number: "employeeNumber", rules: oktaLives, groups: []string{"Staff", "Contractors"},
		start: startOkta(emulate.Setup{Writing: wire.Writing{Empty: true, Lag: 3}}, nil)},
	"Okta, an application that activates": {connector: "okta", number: "employeeNumber", people: 100, rules: oktaLives, groups: []string{"Staff", "Contractors"},
		start: startOkta(emulate.Setup{Way: okta.Service, Writing: wire.Writing{Empty: true}}, map[string]string{"activation": "silent"})},
	"Okta, managers by login": {connector: "okta", number: "employeeNumber", people: 100, rules: oktaLives, groups: []string{"Staff", "Contractors"},
		start: startOkta(emulate.Setup{Writing: wire.Writing{Empty: true, Lag: 3}}, map[string]string{"managerBy": "login"})},
	"Okta, managers by number": {connector: "okta", number: "employeeNumber", people: 100, rules: oktaLives, groups: []string{"Staff", "Contractors"},
		start: startOkta(emulate.Setup{Writing: wire.Writing{Empty: true}}, map[string]string{"managerBy": "employeeNumber"})},
	"Okta, managers by link": {connector: "okta", number: "employeeNumber", people: 100, rules: oktaLives, groups: []string{"Staff", "Contractors"},
		start: startOkta(emulate.Setup{Writing: wire.Writing{Empty: true}}, map[string]string{"links": "true"})},
	"JumpCloud": {connector: "jumpcloud", number: "employeeIdentifier", people: 100, rules: jumpCloudLives, groups: []string{"Engineering", "Contractors"},
		start: func(t *testing.T) (map[string]string, string) {
			s := emptyDirectory(t, "jumpcloud", wire.Writing{Empty: true, Lag: 3})
			s.Options["groups"], s.Options["attributes"] = "Engineering\nContractors", "badge"
			return s.Options, s.URL
		}},
}

var scimGroups = []string{"Everybody else", "Sales people"}

func elimity(d servers.Dialect) func(*testing.T) (map[string]string, string) {
	return func(t *testing.T) (map[string]string, string) {
		s := servers.Elimity(t, d)
		return map[string]string{"baseUrl": s.URL, "token": s.Token, "groups": strings.Join(d.Groups, "\n")}, ""
	}
}

func makeSCIMGroup(t *testing.T, answers map[string]string, name string) {
	t.Helper()
	body := `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"` + name + `"}`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, answers["baseUrl"]+"/Groups", strings.NewReader(body))
	ok(t, err)
	r.Header.Set("Authorization", "Bearer "+answers["token"])
	r.Header.Set("Content-Type", "application/scim+json")
	made, err := http.DefaultClient.Do(r)
	ok(t, err)
	defer made.Body.Close()
	if made.StatusCode != http.StatusCreated {
		t.Fatalf("making the group %s: %s", name, made.Status)
	}
}

// emptyDirectory starts the emulator of a directory that holds nobody yet.
func emptyDirectory(t *testing.T, id string, how wire.Writing) *emulate.Server {
	t.Helper()
	s, err := emulate.Start(id, emulate.Setup{Writing: how})
	ok(t, err)
	t.Cleanup(s.Close)
	return s
}

// startActiveDirectory makes a branch of its own in the domain that all tests share.
func startActiveDirectory(t *testing.T) (map[string]string, string) {
	d := servers.Samba(t)
	branch := "Lives" + fmt.Sprint(branches.Add(1))
	base := d.Branch(t, branch)
	return map[string]string{"host": d.Host, "caFile": d.CAFile, "bindDN": d.Administrator, "password": d.Password, "baseDN": base,
		"groups": branch + " Readers\n" + branch + " Writers"}, ""
}

var branches atomic.Int32

// startOkta starts an org; more are answers beside those of its way of signing in.
func startOkta(setup emulate.Setup, more map[string]string) func(t *testing.T) (map[string]string, string) {
	return func(t *testing.T) (map[string]string, string) {
		t.Helper()
		s, err := emulate.Start("okta", setup)
		ok(t, err)
		t.Cleanup(s.Close)
		s.Options["groups"] = "Staff\nContractors"
		maps.Copy(s.Options, more)
		return s.Options, s.URL
	}
}

const activeDirectoryLives = `
identity: {keys: [{fields: [employeeNumber], attribute: employeeID}]}
mapping:
  - {attribute: sAMAccountName, expression: '{branch}.{{Login}}'}
  - {attribute: userPrincipalName, expression: '{branch}.{{email}}'}
  - {attribute: cn, expression: '{{firstName}} {{lastName}}'}
  - {attribute: displayName, expression: '{{firstName}} {{lastName}}'}
  - {attribute: givenName, field: firstName}
  - {attribute: sn, field: lastName}
  - {attribute: mail, field: email}
  - {attribute: employeeID, field: employeeNumber}
  - {attribute: title, field: jobTitle}
  - {attribute: department, field: department}
  - {attribute: manager, field: Manager number}
  - {attribute: groups, expression: 'Split(Groups, ";")'}
  - {attribute: ou, field: Place}
`

const entraLives = `
identity: {keys: [{fields: [employeeNumber], attribute: employeeId}]}
mapping:
  - {attribute: userPrincipalName, field: email}
  - {attribute: displayName, expression: '{{firstName}} {{lastName}}'}
  - {attribute: givenName, field: firstName}
  - {attribute: surname, field: lastName}
  - {attribute: mail, field: email}
  - {attribute: employeeId, field: employeeNumber}
  - {attribute: jobTitle, field: jobTitle}
  - {attribute: department, field: department}
  - {attribute: manager, field: Manager number}
  - {attribute: groups, expression: 'Split(Groups, ";")'}
`

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
  - {attribute: groups, expression: 'Split(Groups, ";")'}
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

const oktaLives = `
identity: {keys: [{fields: [employeeNumber], attribute: employeeNumber}]}
mapping:
  - {attribute: login, field: email}
  - {attribute: email, field: email}
  - {attribute: firstName, field: firstName}
  - {attribute: lastName, field: lastName}
  - {attribute: employeeNumber, field: employeeNumber}
  - {attribute: title, field: jobTitle}
  - {attribute: department, field: department}
  - {attribute: managerId, field: Manager number}
  - {attribute: groups, expression: 'Split(Groups, ";")'}
`

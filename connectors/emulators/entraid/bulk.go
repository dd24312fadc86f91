package entraid

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/emulators/wire"
)

// Where bulkUpload is.
const (
	ServicePrincipalID = "66666666-7777-4888-8999-aaaaaaaaaaaa"
	JobID              = "API2AAD.00000000000040000000000000000001.66666666-7777-4888-8999-bbbbbbbbbbbb"
	jobPath            = "/servicePrincipals/" + ServicePrincipalID + "/synchronization/jobs/" + JobID
)

const (
	mostOperations = 50
	bulkRequest    = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
	coreUser       = "urn:ietf:params:scim:schemas:core:2.0:User"
	enterpriseUser = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	ownUser        = "urn:ietf:params:scim:schemas:extension:corp:1.0:User"
)

// job is the provisioning job: what it was given and has not done, and its log.
type job struct {
	waiting  []operation
	managers map[*account]string // manager's externalId, of those whose manager was not there yet
	log      []entry
}

type operation struct {
	data wire.Object
	due  time.Time
}

// entry is a line of the provisioning log.
type entry struct {
	at                          time.Time
	action, status, code, why   string
	source, name, target, order string
}

func (e *emulator) bulkUpload(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Schemas    []string
		Operations []struct {
			Method, BulkID, Path string
			Data                 wire.Object
		}
	}
	isSCIM := strings.HasPrefix(r.Header.Get("Content-Type"), "application/scim+json")
	r.Header.Set("Content-Type", strings.Replace(r.Header.Get("Content-Type"), "application/scim+json", "application/json", 1))
	if !isSCIM {
		badRequest(w, r, "Invalid Data Format")
		return
	}
	if !e.read(w, r, &asked) {
		return
	}
	right := slices.Equal(asked.Schemas, []string{bulkRequest}) && len(asked.Operations) > 0 && len(asked.Operations) <= mostOperations
	ids := map[string]bool{}
	for _, o := range asked.Operations {
		right = right && o.Method == http.MethodPost && o.Path == "/Users" && o.BulkID != "" && !ids[o.BulkID] && shaped(o.Data)
		ids[o.BulkID] = true
	}
	if !right {
		badRequest(w, r, "Invalid Data Format")
		return
	}
	now := e.Now()
	for _, o := range asked.Operations {
		if !e.Switches[Paused] {
			e.job.waiting = append(e.job.waiting, operation{o.Data, now.Add(e.Delay)})
		}
	}
	query := url.Values{"$filter": {"jobId eq '" + JobID + "' and activityDateTime ge " + now.UTC().Format(time.RFC3339)}}
	w.Header().Set("Location", graphURL+"/v1.0/auditLogs/provisioning?"+strings.ReplaceAll(query.Encode(), "%24", "$"))
	w.WriteHeader(http.StatusAccepted)
}

// shaped tells whether a person is written as SCIM asks: schemas, and under each key a value of the right type.
func shaped(data wire.Object) bool {
	schemas, ok := data["schemas"].([]any)
	if !ok || !slices.Contains(schemas, any(coreUser)) {
		return false
	}
	for name, value := range data {
		_, isText := value.(string)
		_, isFlag := value.(bool)
		_, isObject := value.(wire.Object)
		switch {
		case strings.HasPrefix(name, "urn:") && (!isObject || !slices.Contains(schemas, any(name))),
			slices.Contains([]string{"externalId", "userName", "displayName", "title", "userType", "preferredLanguage"}, name) && !isText && value != nil,
			name == "active" && !isFlag, name == "name" && !isObject:
			return false
		}
	}
	return data["externalId"] != nil
}

// settle does what is due in the background.
func (e *emulator) settle() {
	if len(e.job.waiting) == 0 {
		return
	}
	now := e.Now()
	for len(e.job.waiting) > 0 && !now.Before(e.job.waiting[0].due) {
		next := e.job.waiting[0]
		e.job.waiting = e.job.waiting[1:]
		e.note(next, e.provision(next.data))
	}
	for a, id := range e.job.managers {
		if m := e.byNumber(id); len(m) == 1 {
			a.manager = m[0].id
			e.touch(a, "manager")
			delete(e.job.managers, a)
		}
	}
}

func (e *emulator) byNumber(id string) []*account {
	return slices.DeleteFunc(slices.Clone(e.with("employeeId", id)), func(a *account) bool { return !a.living() })
}

func (e *emulator) note(o operation, line entry) {
	line.at = o.due
	line.source, _ = o.data["externalId"].(string)
	line.name, _ = o.data["displayName"].(string)
	line.order = fmt.Sprintf("77777777-8888-4999-8aaa-%012d", len(e.job.log)+1)
	e.job.log = append(e.job.log, line)
}

// provision creates or updates whom an operation speaks of.
func (e *emulator) provision(data wire.Object) entry {
	body := mapped(data)
	id, _ := data["externalId"].(string)
	found := e.byNumber(id)
	switch len(found) {
	case 0:
		return e.provisionNew(data, body)
	case 1:
		return e.provisionOld(found[0], data, body)
	}
	return entry{action: "other", status: "failure", code: "DuplicateTargetEntries", why: "More than one object in the target matches."}
}

func (e *emulator) provisionNew(data, body wire.Object) entry {
	name, _ := body["userPrincipalName"].(string)
	nick, _, _ := strings.Cut(name, "@")
	for key, value := range map[string]any{"mailNickname": nick, "accountEnabled": true, "displayName": name} {
		if body[key] == nil {
			body[key] = value
		}
	}
	a := &account{set: blank()}
	values, no := e.values(a, body)
	if no != nil {
		return failed("create", no)
	}
	e.begin(a, values)
	e.link(a, data)
	return entry{action: "create", status: "success", target: a.id}
}

func (e *emulator) provisionOld(a *account, data, body wire.Object) entry {
	action := "update"
	if body["accountEnabled"] == false && a.value("accountEnabled") == true {
		action = "disable"
	}
	delete(body, "mailNickname")
	switch {
	case a.isSynced():
		return failed(action, synced)
	case a.admin && !e.Switches[Role]:
		return failed(action, denied)
	}
	values, no := e.values(a, body)
	if no != nil {
		return failed(action, no)
	}
	for name, value := range values {
		if fmt.Sprint(a.value(name)) == fmt.Sprint(value) {
			delete(values, name)
		}
	}
	before := a.manager
	e.link(a, data)
	if len(values) == 0 && before == a.manager {
		return entry{action: "other", status: "skipped", code: "RedundantExport", why: "The object is in its final state already.", target: a.id}
	}
	e.write(a, values)
	return entry{action: action, status: "success", target: a.id}
}

func failed(action string, no *refusal) entry {
	code := "AzureActiveDirectoryInvalidValue"
	if strings.Contains(no.message, "userPrincipalName") {
		code = "AzureActiveDirectoryInvalidUserPrincipalName"
	}
	return entry{action: action, status: "failure", code: code, why: no.message}
}

// link sets the manager, or remembers whom he is to be.
func (e *emulator) link(a *account, data wire.Object) {
	enterprise, _ := data[enterpriseUser].(wire.Object)
	manager, named := enterprise["manager"].(wire.Object)
	id, _ := manager["value"].(string)
	if !named || id == "" {
		return
	}
	m := e.byNumber(id)
	switch {
	case len(m) != 1:
		if e.job.managers == nil {
			e.job.managers = map[*account]string{}
		}
		e.job.managers[a] = id
	case a.manager != m[0].id:
		a.manager = m[0].id
		e.touch(a, "manager")
	}
}

// mapped is the attribute mapping that an administrator has before changing anything.
func mapped(data wire.Object) wire.Object {
	body := wire.Object{}
	move := func(from wire.Object, names map[string]string) {
		for name, to := range names {
			if value, ok := from[name]; ok {
				body[to] = value
			}
		}
	}
	name, _ := data["name"].(wire.Object)
	enterprise, _ := data[enterpriseUser].(wire.Object)
	own, _ := data[ownUser].(wire.Object)
	address := first(data, "addresses", "work")
	move(data, map[string]string{"externalId": "employeeId", "userName": "userPrincipalName", "displayName": "displayName", "active": "accountEnabled",
		"title": "jobTitle", "userType": "employeeType", "preferredLanguage": "preferredLanguage"})
	move(name, map[string]string{"givenName": "givenName", "familyName": "surname"})
	move(address, map[string]string{"streetAddress": "streetAddress", "locality": "city", "region": "state", "postalCode": "postalCode", "country": "country"})
	move(first(data, "phoneNumbers", "mobile"), map[string]string{"value": "mobilePhone"})
	move(first(data, "emails", "work"), map[string]string{"value": "mail"})
	move(enterprise, map[string]string{"department": "department", "organization": "companyName"})
	if phone, ok := first(data, "phoneNumbers", "work")["value"]; ok {
		body["businessPhones"] = []any{phone}
	}
	if day, ok := own["HireDate"].(string); ok {
		body["employeeHireDate"] = day + "T00:00:00Z"
	}
	org := wire.Object{}
	for _, name := range []string{"division", "costCenter"} {
		if value, ok := enterprise[name]; ok {
			org[name] = value
		}
	}
	if len(org) > 0 {
		body["employeeOrgData"] = org
	}
	return body
}

// first is the thing of that type in a list, or none.
func first(data wire.Object, list, kind string) wire.Object {
	things, _ := data[list].([]any)
	for _, thing := range things {
		if o, ok := thing.(wire.Object); ok && o["type"] == kind {
			return o
		}
	}
	return nil
}

var logTerm = regexp.MustCompile(`^(?:jobId eq '([^']*)'|activityDateTime (ge|le|gt|lt) (\S+))$`)

// provisioning is the log of what became of what was uploaded.
func (e *emulator) provisioning(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	top, ok := topOf(q.Get("$top"))
	value := []any{}
	lines := e.job.log
	if q.Get("$filter") != "" {
		for part := range strings.SplitSeq(q.Get("$filter"), " and ") {
			words := logTerm.FindStringSubmatch(strings.TrimSpace(part))
			at, err := time.Time{}, error(nil)
			if words != nil && words[2] != "" {
				at, err = time.Parse(time.RFC3339, words[3])
			}
			ok = ok && words != nil && err == nil
			if ok {
				lines = slices.DeleteFunc(slices.Clone(lines), func(l entry) bool { return !l.fits(words, at) })
			}
		}
	}
	from := max(slices.IndexFunc(lines, func(l entry) bool { return l.order == q.Get("$skiptoken") }), 0)
	if !ok || wire.Unknown(q, "$filter", "$top", "$skiptoken") != "" {
		badRequest(w, r, "A query parameter is not valid.")
		return
	}
	until := min(from+e.PageSize(top), len(lines))
	for _, l := range lines[from:until] {
		value = append(value, l.object())
	}
	body := wire.Object{"@odata.context": graphURL + "/v1.0/$metadata#auditLogs/provisioning", "value": value}
	if until < len(lines) {
		body["@odata.nextLink"] = e.nextLink(r, lines[until].order)
	}
	answer(w, r, body)
}

// fits tells whether a line is one that a comparison asks for; times are told by the second.
func (l entry) fits(words []string, at time.Time) bool {
	when := l.at.Truncate(time.Second)
	switch words[2] {
	case "ge":
		return !when.Before(at)
	case "gt":
		return when.After(at)
	case "le":
		return !when.After(at)
	case "lt":
		return when.Before(at)
	}
	return words[1] == JobID
}

func (l entry) object() wire.Object {
	info := wire.Object{"status": l.status, "errorInformation": nil}
	if l.code != "" {
		info["errorInformation"] = wire.Object{"errorCode": l.code, "reason": l.why, "errorCategory": l.status}
	}
	return wire.Object{"id": l.order, "activityDateTime": l.at.UTC().Format(time.RFC3339), "jobId": JobID, "provisioningAction": l.action,
		"durationInMilliseconds": 2236, "sourceIdentity": wire.Object{"id": l.source, "displayName": l.name, "identityType": "User"},
		"targetIdentity": wire.Object{"id": l.target, "displayName": l.name, "identityType": "User"}, "provisioningStatusInfo": info}
}

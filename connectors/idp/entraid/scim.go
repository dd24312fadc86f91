package entraid

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"rollcall/core"
)

const (
	bulkSchema       = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
	userSchema       = "urn:ietf:params:scim:schemas:core:2.0:User"
	enterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
)

// places are where SCIM keeps our attributes: key, or key and sub-key; of lists the type
// of the element stands between.
var places = map[string][]string{
	employeeID: {"externalId"}, principalName: {"userName"}, "displayName": {"displayName"}, "givenName": {"name", "givenName"}, "surname": {"name", "familyName"},
	"jobTitle": {"title"}, "employeeType": {"userType"}, "preferredLanguage": {"preferredLanguage"}, core.Enabled: {"active"},
	"mail": {"emails", "work", "value"}, "mobilePhone": {"phoneNumbers", "mobile", "value"}, "businessPhones": {"phoneNumbers", "work", "value"},
	"streetAddress": {"addresses", "work", "streetAddress"}, "city": {"addresses", "work", "locality"}, "state": {"addresses", "work", "region"},
	"postalCode": {"addresses", "work", "postalCode"}, "country": {"addresses", "work", "country"},
	"department": {enterpriseSchema, "department"}, "companyName": {enterpriseSchema, "organization"}, orgData + ".division": {enterpriseSchema, "division"},
	orgData + ".costCenter": {enterpriseSchema, "costCenter"}, manager: {enterpriseSchema, "manager"},
}

// ownNames are how attributes without a place are called in a schema of the tenant's own;
// the others go by their ids.
var ownNames = map[string]string{"employeeHireDate": "HireDate", leaveDate: "LeaveDate"}

// carries says that the provisioning service is handed the attribute.
func carries(id, schema string) bool {
	_, placed := places[id]
	return placed || schema != "" && id != core.Groups && id != core.Deleted && id != "otherMails"
}

// operation writes a person as the service wants one, with all that is mapped.
func operation(w core.Write, numbers map[string]string, schema string) object {
	data := object{"schemas": []any{userSchema}}
	for _, id := range sorted(w.Whole) {
		value := w.Whole[id]
		place, placed := places[id]
		switch {
		case value == "" || !carries(id, schema) || id == manager: // who is named by a number
		case id == core.Enabled:
			data["active"] = value == "true"
		case !placed:
			name := ownNames[id]
			if name == "" {
				name = strings.ReplaceAll(id, ".", "")
			}
			nested(data, schema)[name] = core.ShowValue(value)
		case len(place) == 1:
			data[place[0]] = value
		case len(place) == 2:
			nested(data, place[0])[place[1]] = value
		default:
			element(data, place[0], place[1])[place[2]] = value
		}
	}
	if n := bossOf(w, numbers); n != "" {
		nested(data, enterpriseSchema)["manager"] = object{"value": n}
	}
	if data["active"] == nil {
		data["active"] = w.Active
	}
	nested(data, enterpriseSchema)["employeeNumber"] = w.Whole[employeeID]
	sum := sha256.Sum256([]byte(w.Key + "\n" + w.Whole[employeeID]))
	return object{"method": "POST", "bulkId": hex.EncodeToString(sum[:16]), "path": "/Users", "data": data}
}

// bossOf gives the manager's employee ID: of his account, or where he has none yet the key
// that he is matched by, if that can be one.
func bossOf(w core.Write, numbers map[string]string) string {
	if n := numbers[w.Whole[manager]]; n != "" {
		return n
	}
	if key := w.Keys[manager]; len(key) <= longestNumber && !strings.Contains(key, "@") {
		return key
	}
	return ""
}

// nested gives an object inside the data, which is made if it is not there. A schema is
// also named in the list of schemas.
func nested(data object, key string) object {
	if o, ok := data[key].(object); ok {
		return o
	}
	o := object{}
	data[key] = o
	if strings.HasPrefix(key, "urn:") {
		list, _ := data["schemas"].([]any)
		data["schemas"] = append(list, key)
	}
	return o
}

// element gives the element of a type in a list, which is made if it is not there.
func element(data object, key, kind string) object {
	list, _ := data[key].([]any)
	for _, e := range list {
		if o, ok := e.(object); ok && o["type"] == kind {
			return o
		}
	}
	o := object{"type": kind}
	if kind == "work" && key != "phoneNumbers" {
		o["primary"] = true
	}
	data[key] = append(list, o)
	return o
}

func sorted(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

package googleworkspace

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/emulators/wire"
)

// unmanaged begins the addresses that a personal account outside the customer's has already.
const unmanaged = "unmanaged."

var (
	unknownDomain = refused(http.StatusNotFound, "domainNotFound", "Domain not found.")
	notComplete   = unmet("User creation is not complete.")
	ofAnAdmin     = unmet("The account of a super administrator cannot be changed.")
)

func (e *emulator) insert(c call) reply {
	for _, field := range []string{"primaryEmail", "name.givenName", "name.familyName", "password"} {
		outer, name, nested := strings.Cut(field, ".")
		if nested && inner(c.body[outer], name) == "" || !nested && text(c.body[outer]) == "" {
			return refused(http.StatusBadRequest, "required", "Missing required field: "+field)
		}
	}
	if e.Seats > 0 && e.living() >= e.Seats {
		return refused(http.StatusPreconditionFailed, "limitExceeded", "Domain user limit reached.")
	}
	if strings.HasPrefix(strings.ToLower(text(c.body["primaryEmail"])), unmanaged) && c.q.Get("resolveConflictAccount") != "true" {
		return duplicate(alreadyThere)
	}
	o := e.blank()
	u := &user{id: text(o["id"])}
	if bad := e.apply(u, o, c.body, false); bad.status != 0 {
		return bad
	}
	u.held = o
	e.admit(u)
	e.delay(u)
	return said(e.projected(u, c.q))
}

// delay makes a new account lag, if this emulator does.
func (e *emulator) delay(u *user) {
	if e.Lag > 0 {
		u.shown, u.pending = e.calls+e.Lag, incomplete
	}
}

// forChange gives the account that a call is to change, unless it may not be changed yet, or ever.
func (e *emulator) forChange(key string) (*user, reply) {
	u := e.find(key)
	switch {
	case u == nil:
		return nil, missing("userKey")
	case u.pending > 0:
		u.pending--
		return nil, notComplete
	case u.flag("isAdmin"):
		return nil, ofAnAdmin
	}
	return u, reply{}
}

func (e *emulator) update(c call) reply { return e.change(c, false) }

func (e *emulator) patch(c call) reply { return e.change(c, true) }

// change replaces what is named in the body and keeps the rest. A patch cannot clear lists.
func (e *emulator) change(c call, patch bool) reply {
	u, bad := e.forChange(c.PathValue("key"))
	if bad.status != 0 {
		return bad
	}
	o := edited(u.record())
	if match := c.Header.Get("If-Match"); match != "" && match != "*" && match != text(o["etag"]) {
		return unmet("Precondition Failed")
	}
	if bad := e.apply(u, o, c.body, patch); bad.status != 0 {
		return bad
	}
	e.put(u, o)
	return said(e.projected(u, c.q))
}

// apply puts a body into a record. The record is of no use if it is refused.
func (e *emulator) apply(u *user, o, body wire.Object, patch bool) reply {
	for _, name := range slices.Sorted(keysOf(body)) {
		set := attributes[name]
		if set == nil {
			return invalid(name)
		}
		if list, isList := body[name].([]any); patch && lists[name].size > 0 && (body[name] == nil || isList && len(list) == 0) {
			continue
		}
		if bad := set(attribute{e, u, name}, o, body[name]); bad.status != 0 {
			return bad
		}
	}
	if !hashed(body) {
		return invalid("password")
	}
	return reply{}
}

// remove deletes an account, which can be restored for a time. Its addresses are free at once.
func (e *emulator) remove(c call) reply {
	u, bad := e.forChange(c.PathValue("key"))
	if bad.status != 0 {
		return bad
	}
	o := edited(u.record())
	o["deletionTime"] = now()
	e.put(u, o)
	e.forget(u)
	u.deleted, u.since = true, time.Now()
	e.leaveAll(u.id)
	return done
}

// undelete restores an account, by its id only. It is nobody's member then.
func (e *emulator) undelete(c call) reply {
	u := e.byID[c.PathValue("key")]
	for name := range c.body {
		if name != "orgUnitPath" {
			return invalid(name)
		}
	}
	path := e.findUnit(cmp.Or(text(c.body["orgUnitPath"]), "/"))
	switch {
	case u == nil || !u.deleted || time.Since(u.since) > keptFor:
		return missing("userKey")
	case path == nil:
		return invalid("orgUnitPath")
	case e.Seats > 0 && e.living() >= e.Seats:
		return refused(http.StatusPreconditionFailed, "limitExceeded", "Domain user limit reached.")
	case slices.ContainsFunc(addressesOf(u), func(a string) bool { return e.byAddress[a] != nil }):
		return duplicate(alreadyThere)
	}
	o := edited(u.record())
	delete(o, "deletionTime")
	o["orgUnitPath"] = path.path
	u.deleted = false
	e.put(u, o)
	return done
}

// signOut ends all sessions, of which nobody sees anything here.
func (e *emulator) signOut(c call) reply {
	if _, bad := e.forChange(c.PathValue("key")); bad.status != 0 {
		return bad
	}
	return done
}

// makeAdmin makes a super administrator of somebody, or the other way round.
func (e *emulator) makeAdmin(c call) reply {
	status, ok := c.body["status"].(bool)
	u := e.find(c.PathValue("key"))
	switch {
	case !ok || len(c.body) != 1:
		return invalid("status")
	case u == nil:
		return missing("userKey")
	}
	o := edited(u.record())
	o["isAdmin"] = status
	e.put(u, o)
	return done
}

func (e *emulator) listAliases(c call) reply {
	u := e.find(c.PathValue("key"))
	if u == nil {
		return missing("userKey")
	}
	list := []any{}
	for _, a := range aliases(u.record()) {
		list = append(list, e.alias(u, a))
	}
	o := wire.Object{"kind": "admin#directory#aliases", "etag": `"made-up/a"`}
	if len(list) > 0 {
		o["aliases"] = list
	}
	return said(o)
}

func (e *emulator) alias(u *user, a string) wire.Object {
	return wire.Object{"kind": "admin#directory#alias", "etag": `"made-up/a"`, "id": u.id, "alias": a, "primaryEmail": text(u.record()["primaryEmail"])}
}

func (e *emulator) addAlias(c call) reply {
	u, bad := e.forChange(c.PathValue("key"))
	if bad.status != 0 {
		return bad
	}
	a := text(c.body["alias"])
	for name := range c.body {
		if name != "alias" {
			return invalid(name)
		}
	}
	if bad := e.free(nil, a, "alias"); bad.status != 0 {
		return bad
	}
	o := edited(u.record())
	setAliases(o, append(aliases(o), a))
	e.put(u, o)
	return said(e.alias(u, a))
}

func (e *emulator) dropAlias(c call) reply {
	u, bad := e.forChange(c.PathValue("key"))
	if bad.status != 0 {
		return bad
	}
	o := edited(u.record())
	list := aliases(o)
	left := slices.DeleteFunc(slices.Clone(list), func(a string) bool { return strings.EqualFold(a, c.PathValue("alias")) })
	if len(left) == len(list) {
		return missing("alias")
	}
	setAliases(o, left)
	e.put(u, o)
	return done
}

// setAliases writes the aliases, and none of them as none.
func setAliases(o wire.Object, all []string) {
	if len(all) == 0 {
		delete(o, "aliases")
		return
	}
	list := []any{}
	for _, a := range all {
		list = append(list, a)
	}
	o["aliases"] = list
}

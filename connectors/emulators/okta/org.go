package okta

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// org is what the customer has: it changes by what is written to it. Its lock is held for the whole of a call.
type org struct {
	mu       sync.Mutex
	accounts []*account // in the order in which they were made
	byID     map[string]*account
	byLogin  map[string]*account // by folded login
	places   map[string]int      // of every id that there ever was: a cursor outlives whom it names
	index    map[string]map[string][]*account
	groups   []*group
	custom   map[string]wire.Object // the org's own attributes, as the schema shows them
	attrs    map[string]attribute   // all attributes
	links    []wire.Object          // definitions of linked objects
	source   source
	owner    *account // who made the API token
	made     int      // ids that were given out
	calls    int      // that came so far: what lags is measured by them
	lag      int
	lagging  []*account // whom the search shows as they were
	moving   []*account // whose status is on its way
}

// account is somebody in the org. What record and stale point to is never changed, only replaced.
type account struct {
	id      string
	place   int
	person  *seed.Employee // of the company that the world began with, until somebody writes to him
	record  wire.Object    // from then on: what the API shows
	status  string
	version int
	groups  []*group
	links   map[string]string // primary name -> id; nil: his manager by the company's book

	stale    wire.Object // what the search shows until call freshAt; nil: nobody
	freshAt  int
	target   string // the status that is on its way, until call movedAt
	movedAt  int
	password bool
	source   string // the identity source that masters his profile
	external string // his id there
}

const (
	adminLogin   = "admin@corp.example"
	firstMade    = 60_000_000 // ids of what is made begin here; those of the company are smaller
	managersLink = "manager"
)

func newOrg(world *wire.World) *org {
	o := &org{byID: map[string]*account{}, byLogin: map[string]*account{}, places: map[string]int{}, index: map[string]map[string][]*account{},
		custom: map[string]wire.Object{}, attrs: map[string]attribute{}, made: firstMade, links: []wire.Object{managerDefinition()}, source: newSource()}
	for _, c := range customs {
		o.custom[c.name] = customProperty(c)
	}
	o.learnSchema()
	o.groups = []*group{{id: groupID(everyone), name: everyone.Name, kind: builtIn, created: created, updated: created, moved: created}}
	units := map[seed.Unit]*group{}
	for i, p := range world.People {
		if p.Removed {
			continue
		}
		a := &account{id: userID(p.ID), person: &world.People[i], status: status(p)}
		if p.Department.ID != 0 {
			if units[p.Department] == nil {
				units[p.Department] = o.addGroup(groupID(p.Department), p.Department.Name, oktaGroup, created)
			}
			a.groups = []*group{units[p.Department]}
		}
		o.add(a, login(p))
	}
	if world.Empty {
		o.beginEmpty(world.Now().UTC().Format(stamp))
	}
	if len(o.accounts) > 0 {
		o.owner = o.accounts[0]
	}
	o.lag = world.Lag
	return o
}

// beginEmpty makes the administrator whose token is used, and groups of each kind.
func (o *org) beginEmpty(now string) {
	profile := wire.Object{"login": adminLogin, "email": adminLogin, "firstName": "Org", "lastName": "Administrator", "mobilePhone": nil, "secondEmail": nil, "locale": "en_US"}
	admin := o.newAccount(profile, now)
	admin.password = true
	maps.Copy(admin.record, wire.Object{"status": active, "activated": now, "statusChanged": now, "passwordChanged": now})
	admin.status = active
	o.add(admin, adminLogin)
	o.addGroup(o.newID("00g"), "Staff", oktaGroup, now)
	o.addGroup(o.newID("00g"), "Contractors", oktaGroup, now)
	o.addGroup(o.newID("00g"), "Directory Users", appGroup, now)
}

func (o *org) newID(prefix string) string {
	o.made++
	return fmt.Sprintf("%s1rc%014d", prefix, o.made)
}

// newAccount is a staged one that is not in the org yet.
func (o *org) newAccount(profile wire.Object, now string) *account {
	a := &account{id: o.newID("00u"), status: staged, links: map[string]string{}}
	a.record = wire.Object{
		"id": a.id, "status": staged, "created": now, "activated": nil, "statusChanged": nil, "lastLogin": nil, "lastUpdated": now,
		"passwordChanged": nil, "type": wire.Object{"id": typeID}, "profile": profile, "credentials": credentials(false),
		"_links": wire.Object{"self": wire.Object{"href": base + "/api/v1/users/" + a.id}},
	}
	return a
}

func credentials(password bool) wire.Object {
	c := wire.Object{"provider": wire.Object{"type": "OKTA", "name": "OKTA"}}
	if password {
		c["password"] = wire.Object{}
	}
	return c
}

// show is somebody as the API shows him.
func (a *account) show() wire.Object {
	if a.person != nil {
		return user(*a.person)
	}
	return a.record
}

func (a *account) profile() wire.Object { return a.show()["profile"].(wire.Object) }

func (a *account) login() string { return a.profile()["login"].(string) }

// etag changes with every write.
func (a *account) etag() string {
	at := a.show()["lastUpdated"].(string)
	if a.version > 0 {
		at += fmt.Sprint("-", a.version)
	}
	return fmt.Sprintf("W/%q", at)
}

// seen is somebody as the search shows him, which reads an index that lags behind; nil if it does not know him yet.
func (o *org) seen(a *account) wire.Object {
	if a.freshAt >= o.calls {
		return a.stale
	}
	return a.show()
}

// fold makes one of the logins that Okta takes for the same: neither case nor accents count.
func fold(login string) string {
	plain, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), login)
	if err != nil {
		plain = login
	}
	return strings.ToLower(plain)
}

func (o *org) add(a *account, login string) {
	a.place = len(o.places)
	o.places[a.id] = a.place
	o.accounts = append(o.accounts, a)
	o.byID[a.id] = a
	o.byLogin[fold(login)] = a
	for property, entries := range o.index {
		enter(entries, a, a.show(), property)
	}
	o.lags(a, nil)
}

// find looks somebody up by id or by login.
func (o *org) find(id string) *account {
	if a := o.byID[id]; a != nil {
		return a
	}
	return o.byLogin[fold(id)]
}

// change replaces what the API shows of somebody by an edited copy.
func (o *org) change(a *account, now string, edit func(record wire.Object)) {
	before := a.show()
	after := maps.Clone(before)
	after["lastUpdated"] = now
	edit(after)
	delete(o.byLogin, fold(a.login()))
	for property, entries := range o.index {
		leave(entries, a, before, property)
		enter(entries, a, after, property)
	}
	o.keepLinks(a)
	a.person, a.record, a.status = nil, after, after["status"].(string)
	a.version++
	o.byLogin[fold(a.login())] = a
	o.lags(a, before)
}

// lags makes the search show somebody as he was for a while.
func (o *org) lags(a *account, before wire.Object) {
	if o.lag == 0 || a.person != nil {
		return
	}
	if a.freshAt < o.calls {
		a.stale = before
		o.lagging = append(o.lagging, a)
	}
	a.freshAt = o.calls + o.lag
}

// tick counts a call and lets happen what was to happen by then.
func (o *org) tick(now string) {
	o.calls++
	o.lagging = slices.DeleteFunc(o.lagging, func(a *account) bool { return a.freshAt < o.calls })
	due := slices.Clone(o.moving)
	o.moving = slices.DeleteFunc(o.moving, func(a *account) bool { return a.movedAt < o.calls })
	for _, a := range due {
		if a.movedAt < o.calls {
			o.arrive(a, now)
		}
	}
}

// destroy takes somebody out for good; his login is free again.
func (o *org) destroy(a *account) {
	delete(o.byID, a.id)
	delete(o.byLogin, fold(a.login()))
	for property, entries := range o.index {
		leave(entries, a, a.show(), property)
	}
	o.accounts = slices.DeleteFunc(o.accounts, func(other *account) bool { return other == a })
	o.lagging = slices.DeleteFunc(o.lagging, func(other *account) bool { return other == a })
	o.moving = slices.DeleteFunc(o.moving, func(other *account) bool { return other == a })
	for _, other := range o.accounts {
		maps.DeleteFunc(other.links, func(_, primary string) bool { return primary == a.id })
	}
	o.source.forget(a)
}

// with gives those who have a value at a property, and those of whom the search may think so; the index of a property is made
// when it is first asked for.
func (o *org) with(property, value string) []*account {
	entries := o.index[property]
	if entries == nil {
		entries = map[string][]*account{}
		for _, a := range o.accounts {
			enter(entries, a, a.show(), property)
		}
		o.index[property] = entries
	}
	found := slices.Clone(entries[strings.ToLower(value)])
	for _, a := range o.lagging {
		if !slices.Contains(found, a) {
			found = append(found, a)
		}
	}
	return found
}

func enter(entries map[string][]*account, a *account, record wire.Object, property string) {
	for _, value := range values(record, property) {
		key := strings.ToLower(value)
		if !slices.Contains(entries[key], a) {
			entries[key] = append(entries[key], a)
		}
	}
}

func leave(entries map[string][]*account, a *account, record wire.Object, property string) {
	for _, value := range values(record, property) {
		key := strings.ToLower(value)
		entries[key] = slices.DeleteFunc(entries[key], func(other *account) bool { return other == a })
	}
}

package googleworkspace

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	firstNew   = 7_000_000_001       // the number in the id of the first account that somebody makes
	keptFor    = 20 * 24 * time.Hour // how long a deleted account can be restored
	incomplete = 2                   // so many changes of a new account are refused, if the emulator lags
)

// state is the account of the customer. Its lock is the emulator's.
type state struct {
	users     []*user // also those deleted
	byID      map[string]*user
	byAddress map[string]any     // *user or *group, by address in lower case, aliases too
	sorted    map[string][]*user // lists in an order, until the next change
	groups    []*group
	groupByID map[string]*group
	groupsOf  map[string][]*group // by the id of a member
	units     []*unit
	schemas   []wire.Object
	calls     int // for data, so far
	made      int
	changes   int
}

// user is one account. What it holds is replaced and never changed, so that an answer can be written out without a lock.
type user struct {
	id      string
	person  *seed.Employee // whose account it is, until somebody changes it
	held    wire.Object    // the record with its custom fields; nil: that of person
	key     string         // the primary address in lower case
	deleted bool
	since   time.Time // of the deletion
	shown   int       // the call from which on searches show it
	pending int       // changes that will be refused, as the account is not complete
}

// record is the whole account, with its custom fields.
func (u *user) record() wire.Object {
	if u.held != nil {
		return u.held
	}
	o := record(*u.person)
	if own := customSchemas(*u.person); len(own) > 0 {
		o["customSchemas"] = own
	}
	return o
}

func (u *user) text(key string) string {
	text, _ := u.record()[key].(string)
	return text
}

func (u *user) flag(key string) bool { return u.record()[key] == true }

// aliases are the further addresses of an account.
func aliases(o wire.Object) []string {
	list, _ := o["aliases"].([]any)
	all := make([]string, 0, len(list))
	for _, one := range list {
		all = append(all, one.(string))
	}
	return all
}

func now() string { return time.Now().UTC().Format("2006-01-02T15:04:05.000Z") }

// begin puts the company, or one administrator, into a new state.
func begin(world *wire.World) *state {
	s := &state{byID: map[string]*user{}, byAddress: map[string]any{}, sorted: map[string][]*user{},
		groupByID: map[string]*group{}, groupsOf: map[string][]*group{}, schemas: []wire.Object{definition("Employment"), definition("Facilities")}}
	s.unit("", "Corp")
	for i := range world.People {
		s.settle(&world.People[i])
	}
	for _, name := range []string{"Everybody", "Engineering", "Contractors"} {
		s.foundGroup(strings.ToLower(name)+"@"+domain, name, "")
	}
	if world.Empty {
		for _, name := range []string{"Engineering", "Sales", "Leavers"} {
			s.unit("/", name)
		}
		s.settleAdmin()
	}
	for _, u := range s.users {
		s.enrol(u)
	}
	return s
}

// settle gives a person of the company the account that he has.
func (s *state) settle(p *seed.Employee) {
	u := &user{id: id(p.ID), person: p, key: strings.ToLower(address(*p)), deleted: p.Removed, since: time.Now()}
	s.users = append(s.users, u)
	s.byID[u.id] = u
	if u.deleted {
		return
	}
	if path := unitPath(*p); s.findUnit(path) == nil {
		s.unit("/", path[1:])
	}
	addresses := []string{u.key}
	if p.ID%4 == 0 {
		addresses = append(addresses, alias(*p))
	}
	for _, a := range addresses {
		if _, taken := s.byAddress[a]; !taken { // a made-up company can have one address twice
			s.byAddress[a] = u
		}
	}
}

func (s *state) settleAdmin() {
	o := s.blank()
	o["primaryEmail"], o["isAdmin"], o["lastLoginTime"], o["agreedToTerms"], o["isMailboxSetup"] = adminEmail, true, lastLogin, true, true
	o["name"] = wire.Object{"givenName": "Ida", "familyName": "Admin", "fullName": "Ida Admin"}
	s.admit(&user{id: o["id"].(string), held: o})
}

// enrol puts the living into the group of everybody, and engineers into theirs.
func (s *state) enrol(u *user) {
	if u.deleted || u.person == nil {
		return
	}
	s.groups[0].add(s, member{id: u.id, role: "MEMBER"})
	if u.person.Department.Name == "Engineering" {
		s.groups[1].add(s, member{id: u.id, role: "MEMBER"})
	}
}

// blank is the record of a new account before anybody said anything about it.
func (s *state) blank() wire.Object {
	s.made++
	return wire.Object{
		"kind": "admin#directory#user", "id": id(firstNew + s.made), "isAdmin": false, "isDelegatedAdmin": false,
		"lastLoginTime": never, "creationTime": now(), "agreedToTerms": false, "suspended": false, "archived": false,
		"changePasswordAtNextLogin": false, "ipWhitelisted": false, "customerId": customer, "orgUnitPath": "/", "isMailboxSetup": false,
		"isEnrolledIn2Sv": false, "isEnforcedIn2Sv": false, "includeInGlobalAddressList": true,
	}
}

// admit enters a new account whose record is right.
func (s *state) admit(u *user) {
	s.users = append(s.users, u)
	s.byID[u.id] = u
	s.put(u, u.held)
}

// put replaces the record of an account and keeps the index of addresses.
func (s *state) put(u *user, o wire.Object) {
	if u.key != "" {
		s.forget(u)
	}
	s.changes++
	o["etag"] = fmt.Sprintf(`"made-up/%s-%d"`, u.id, s.changes)
	listEmails(o)
	u.held, u.person, u.key = o, nil, strings.ToLower(o["primaryEmail"].(string))
	s.remember(u)
	clear(s.sorted)
}

// remember gives an account its addresses, and forget takes them away.
func (s *state) remember(u *user) {
	for _, a := range addressesOf(u) {
		s.byAddress[a] = u
	}
}

func (s *state) forget(u *user) {
	for _, a := range addressesOf(u) {
		if s.byAddress[a] == u {
			delete(s.byAddress, a)
		}
	}
}

func addressesOf(u *user) []string {
	all := []string{u.key}
	for _, a := range aliases(u.record()) {
		all = append(all, strings.ToLower(a))
	}
	return all
}

// listEmails writes all addresses: those that somebody entered, the aliases and the primary one.
func listEmails(o wire.Object) {
	own := map[string]bool{strings.ToLower(o["primaryEmail"].(string)): true}
	for _, a := range aliases(o) {
		own[strings.ToLower(a)] = true
	}
	list := []any{}
	entered, _ := o["emails"].([]any)
	for _, one := range entered {
		one := one.(wire.Object)
		if a, _ := one["address"].(string); !own[strings.ToLower(a)] && one["primary"] != true {
			list = append(list, one)
		}
	}
	for _, a := range aliases(o) {
		list = append(list, wire.Object{"address": a})
	}
	o["emails"] = append(list, wire.Object{"address": o["primaryEmail"], "primary": true})
}

// find gives the living account of an id, an address or an alias.
func (s *state) find(key string) *user {
	if u := s.byID[key]; u != nil && !u.deleted {
		return u
	}
	u, _ := s.byAddress[strings.ToLower(key)].(*user)
	return u
}

// living counts the accounts that take a licence.
func (s *state) living() int {
	n := 0
	for _, u := range s.users {
		if !u.deleted {
			n++
		}
	}
	return n
}

// edited is a copy of a record for changes.
func edited(o wire.Object) wire.Object { return maps.Clone(o) }

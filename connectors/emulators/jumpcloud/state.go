package jumpcloud

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// firstNew is the number in the id of the first person whom somebody makes.
const firstNew = 1 << 32

// state is the organisation. Its lock is the emulator's.
type state struct {
	users   []*user // by id
	byID    map[string]*user
	unique  map[string]map[string]*user // by key and value, in lower case but for employeeIdentifier
	reports map[string]map[string]bool  // by the manager's id
	groups  []*group
	jobs    map[string]*job
	asked   int // calls so far
	made    int
}

// user is a person. What it holds is replaced and never changed, so that an answer can be written out without a lock.
type user struct {
	id     string
	person *seed.Employee // until somebody changes the record
	held   wire.Object    // nil: that of person
	shown  int            // the call from which on lists and searches show it
}

func (u *user) record() wire.Object {
	if u.held != nil {
		return u.held
	}
	return record(*u.person)
}

// begin puts the company, or one account that belongs to another directory, into a new state.
func begin(world *wire.World) *state {
	s := &state{byID: map[string]*user{}, unique: map[string]map[string]*user{}, reports: map[string]map[string]bool{}, jobs: map[string]*job{}}
	for key := range once {
		s.unique[key] = map[string]*user{}
	}
	for _, name := range []string{"Everybody", "Engineering", "Contractors"} {
		s.foundGroup(name)
	}
	for i := range world.People {
		if p := &world.People[i]; !p.Removed {
			s.enter(&user{id: id(p.ID), person: p})
			s.enrol(p)
		}
	}
	slices.SortFunc(s.users, func(a, b *user) int { return cmp.Compare(a.id, b.id) })
	if world.Empty {
		o := blank(s.nextID())
		maps.Copy(o, wire.Object{"username": "it-admin", "email": "it-admin@" + domain, "firstname": "Ida", "lastname": "Admin", "state": active,
			"activated": true, "externally_managed": true, "external_source_type": "active_directory"})
		s.enter(&user{id: text(o["_id"]), held: o})
	}
	return s
}

func (s *state) enrol(p *seed.Employee) {
	s.groups[0].add(id(p.ID))
	if p.Department.Name == "Engineering" {
		s.groups[1].add(id(p.ID))
	}
}

func (s *state) nextID() string {
	s.made++
	return id(firstNew + s.made)
}

// blank is a new person about whom nobody has said anything.
func blank(id string) wire.Object {
	return wire.Object{"_id": id, "id": id, "middlename": "", "displayname": "", "employeeIdentifier": "", "employeeType": "", "jobTitle": "",
		"department": "", "costCenter": "", "company": "", "location": "", "description": "", "manager": nil, "alternateEmail": "",
		"state": usualState, "activated": true, "suspended": false, "account_locked": false, "externally_managed": false,
		"created": time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), "phoneNumbers": []any{}, "addresses": []any{}, "attributes": []any{},
		"organization": organization}
}

// once are the values that only one person may have, and how they are compared.
var once = map[string]func(string) string{"username": strings.ToLower, "email": strings.ToLower, "employeeIdentifier": strings.Clone}

// enter adds a person whose record is right.
func (s *state) enter(u *user) {
	s.users = append(s.users, u)
	s.byID[u.id] = u
	s.index(u)
}

func (s *state) index(u *user) {
	o := u.record()
	for key, fold := range once {
		value := fold(text(o[key]))
		if s.unique[key][value] == nil && value != "" { // a made-up company can have one address twice
			s.unique[key][value] = u
		}
	}
	if over := text(o["manager"]); over != "" && over != u.id {
		if s.reports[over] == nil {
			s.reports[over] = map[string]bool{}
		}
		s.reports[over][u.id] = true
	}
}

func (s *state) unindex(u *user) {
	o := u.record()
	for key, fold := range once {
		if value := fold(text(o[key])); s.unique[key][value] == u {
			delete(s.unique[key], value)
		}
	}
	delete(s.reports[text(o["manager"])], u.id)
}

// put replaces the record of a person.
func (s *state) put(u *user, o wire.Object) {
	s.unindex(u)
	u.held, u.person = o, nil
	s.index(u)
}

// take deletes a person for good.
func (s *state) take(u *user) {
	s.unindex(u)
	delete(s.byID, u.id)
	at, _ := slices.BinarySearchFunc(s.users, u.id, func(u *user, id string) int { return cmp.Compare(u.id, id) })
	s.users = slices.Delete(s.users, at, at+1)
	for _, g := range s.groups {
		g.drop(u.id)
	}
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

package entraid

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// keptFor is how long a deleted account can be restored.
const keptFor = 30 * 24 * time.Hour

// mostStumbles is how often the next steps on a new account are answered 404; the sheet says that three tries are enough.
const mostStumbles = 2

// account is one of the directory: what was written stands above what the person of the company has.
type account struct {
	order   int
	id      string
	person  *seed.Employee // nil of those who were made here
	set     map[string]any
	manager string // id, or ""
	admin   bool   // of whom an application without a role may not write everything

	deleted, purged bool
	byCall          bool // deleted by a call, so that what links to it links no more
	deletedAt       time.Time

	changed  int            // number of the last change
	changes  map[string]int // of each property that was written, and of the manager
	visible  int            // number of the call from which on lists show it
	stumbles int
}

// put writes a property as the account has it.
func (a *account) put(o wire.Object, c property) {
	value, written := a.set[c.name]
	switch extension := strings.HasPrefix(c.name, "extension_"); {
	case c.name == "id":
		o[c.name] = a.id
	case written && value == nil && extension:
	case written:
		o[c.name] = value
	case a.person != nil:
		c.put(o, c.name, *a.person)
	case !extension:
		o[c.name] = nil
	}
}

// value is a property's value, nil where there is none.
func (a *account) value(name string) any {
	c, ok := known(name)
	if !ok {
		return a.set[name]
	}
	o := wire.Object{}
	a.put(o, c)
	return o[name]
}

func (a *account) text(name string) string {
	text, _ := a.value(name).(string)
	return text
}

// living is whether the account is one of the directory's people now.
func (a *account) living() bool { return !a.deleted && !a.purged }

func (a *account) restorable() bool { return a.deleted && !a.purged }

// indexed are the properties by which an account is found without looking at all of them.
var indexed = []string{"id", "userPrincipalName", "mail", "employeeId"}

// directory is the state: who there is, and how to find them. The emulator's lock guards it.
type directory struct {
	accounts []*account // in the order they were made
	byID     map[string]*account
	index    map[string][]*account // of a property's name and value, once somebody asked
	groups   []*group
	defined  []definition // directory extensions
	change   int          // number of the last change
	turn     int          // number of the present call
}

func newDirectory(w *wire.World) *directory {
	d := &directory{byID: map[string]*account{}, defined: slices.Clone(firstDefinitions)}
	if w.Empty {
		d.beginEmpty()
		return d
	}
	for i := range w.People {
		p := &w.People[i]
		a := &account{id: userID(p.ID), person: p, deleted: p.Removed, deletedAt: w.Now()}
		if p.ManagerID != 0 {
			a.manager = userID(p.ManagerID)
		}
		d.admit(a)
	}
	d.groups = departmentGroups(d.accounts)
	return d
}

// beginEmpty leaves one administrator, and groups of each kind that a client meets.
func (d *directory) beginEmpty() {
	admin := blank()
	admin["userPrincipalName"], admin["displayName"], admin["mailNickname"] = "admin@"+tenantDomain, "Administrator", "admin"
	admin["accountEnabled"], admin["createdDateTime"] = true, "2019-01-07T08:12:44Z"
	d.admit(&account{id: AdminID, set: admin, admin: true})
	rule := `user.department -eq "Sales"`
	d.groups = []*group{
		{id: GroupID, name: "Staff", nickname: "staff", security: true, members: map[*account]bool{}},
		{id: "5c0ffee0-3333-4bbb-8ccc-000000000004", name: "Consultants", nickname: "consultants", security: true, members: map[*account]bool{}},
		{id: DynamicGroupID, name: "Sales, by rule", nickname: "sales", security: true, rule: &rule, types: []string{"DynamicMembership"}, members: map[*account]bool{}},
		{id: MailGroupID, name: "Newsletter", nickname: "newsletter", mail: true, members: map[*account]bool{}},
	}
}

// What there is in a directory that begins empty.
const (
	AdminID        = "0a6e1f0c-0000-4aaa-8bbb-000000000001"
	GroupID        = "5c0ffee0-0000-4bbb-8ccc-000000000001"
	DynamicGroupID = "5c0ffee0-0000-4bbb-8ccc-000000000002"
	MailGroupID    = "5c0ffee0-0000-4bbb-8ccc-000000000003"
)

// blank is what an account has before anything is written.
func blank() map[string]any {
	return map[string]any{"businessPhones": []any{}, "otherMails": []any{}, "proxyAddresses": []any{}, "userType": "Member"}
}

// admit takes a new account in; whoever has no id gets one.
func (d *directory) admit(a *account) {
	a.order = len(d.accounts)
	if a.id == "" {
		a.id = fmt.Sprintf("7d1f0c2e-2222-4ccc-9ddd-%012d", a.order+1)
	}
	if a.set == nil {
		a.set = map[string]any{}
	}
	a.changes = map[string]int{}
	d.accounts = append(d.accounts, a)
	d.byID[a.id] = a
	d.enter(a)
}

// write changes an account's values.
func (d *directory) write(a *account, values map[string]any) {
	d.leave(a)
	for name, value := range values {
		a.set[name] = value
		d.touch(a, name)
	}
	d.enter(a)
}

// touch notes a change, so that delta tells of it.
func (d *directory) touch(a *account, name string) {
	d.change++
	a.changed = d.change
	a.changes[name] = d.change
}

func key(name, value string) string { return name + "\x00" + strings.ToLower(value) }

func (d *directory) enter(a *account) {
	if d.index == nil {
		return
	}
	for _, name := range indexed {
		if value := a.text(name); value != "" {
			k := key(name, value)
			d.index[k] = append(d.index[k], a)
		}
	}
}

func (d *directory) leave(a *account) {
	for _, name := range indexed {
		if value := a.text(name); value != "" && d.index != nil {
			k := key(name, value)
			d.index[k] = slices.DeleteFunc(d.index[k], func(of *account) bool { return of == a })
		}
	}
}

// with gives the accounts, also deleted ones, that have a value in an indexed property, whatever the case.
func (d *directory) with(name, value string) []*account {
	if d.index == nil {
		d.index = make(map[string][]*account, len(indexed)*len(d.accounts))
		for _, a := range d.accounts {
			d.enter(a)
		}
	}
	return d.index[key(name, value)]
}

// living gives everybody whom lists show, or of those given.
func (d *directory) living(of []*account) []*account {
	all := make([]*account, 0, len(of))
	for _, a := range of {
		if a.living() && a.visible <= d.turn {
			all = append(all, a)
		}
	}
	return all
}

func (d *directory) restorable(of []*account) []*account {
	var all []*account
	for _, a := range of {
		if a.restorable() {
			all = append(all, a)
		}
	}
	return all
}

// named gives a living account by id or by user principal name, or nil.
func (d *directory) named(id string) *account {
	if a := d.byID[id]; a != nil && a.living() {
		return a
	}
	if a := d.byID[strings.ToLower(id)]; a != nil && a.living() {
		return a
	}
	if !strings.Contains(id, "@") {
		return nil
	}
	for _, a := range d.with("userPrincipalName", id) {
		if a.living() {
			return a
		}
	}
	return nil
}

// superior is an account's manager, of whom the directory may know no more than the id; nil if there is none.
func (d *directory) superior(a *account) *account {
	m := d.byID[a.manager]
	switch {
	case a.manager == "" || m != nil && m.byCall:
		return nil
	case m == nil:
		return &account{id: a.manager, person: &seed.Employee{ID: a.person.ManagerID, First: "Former", Last: "Colleague"}}
	}
	return m
}

// remove deletes an account; it can be restored for a time.
func (d *directory) remove(a *account, now time.Time) {
	a.deleted, a.byCall, a.deletedAt = true, true, now
	a.set["deletedDateTime"] = now.UTC().Format(time.RFC3339)
	d.touch(a, "@removed")
}

func (d *directory) restore(a *account) {
	a.deleted, a.byCall = false, false
	delete(a.set, "deletedDateTime")
	d.touch(a, "@removed")
}

func (d *directory) purge(a *account) {
	d.leave(a)
	a.purged, a.byCall = true, true
	d.touch(a, "@removed")
}

// age purges those who were deleted too long ago.
func (d *directory) age(now time.Time) {
	for _, a := range d.accounts {
		if a.restorable() && now.Sub(a.deletedAt) > keptFor {
			d.purge(a)
		}
	}
}

// stumbles tells whether a step on one of these accounts comes too early: not every server knows them yet.
func stumbles(accounts ...*account) bool {
	for _, a := range accounts {
		if a.stumbles > 0 {
			a.stumbles--
			return true
		}
	}
	return false
}

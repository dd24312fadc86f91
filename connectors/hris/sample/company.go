package sample

import (
	"strconv"
	"strings"
	"time"

	"github.com/mozillazg/go-unidecode"

	"rollcall/core"
)

// The people with a story, by their place in the company.
const (
	changesDepartment = 33
	changesOffice     = 35
	marries           = 37
	leaves            = 36
	rehired           = 40 // left before day 0
	newManager        = 42 // takes over the team of oldManager
	oldManager        = 22
	startsLater       = 57 // signed before day 0
	onLeave           = 45 // since before day 0
	goesOnLeave       = 38
)

// The days on which things happen.
const (
	joinDay = iota + 1
	moveDay
	marriageDay
	leaveDay
	rehireDay
	contractDay
	managerDay
	parentalDay
	laterDay // the first of the ordinary days
)

// company is the company on one day.
type company struct {
	people int // on day 0
	day    int
	dates  []string // of the days before today; nil: all were today
	date   string   // today
	left   map[int]int
	titled map[int]int // who got another title, and when
	starts []string    // dates before the first day, by how many days
}

func newCompany(people, day int, dates []string, date string) *company {
	c := &company{people: people, day: day, dates: dates, date: date, left: map[int]int{}, titled: map[int]int{}}
	if day >= leaveDay {
		c.left[leaves] = leaveDay
	}
	for e := laterDay; e <= day; e++ {
		who := 100 + e*37%max(people-100, 1)
		if e%3 == 0 && who < people && !c.leftBefore(who) {
			c.left[who] = e
		}
		if e%5 == 0 {
			c.titled[who+1] = e
		}
	}
	return c
}

// size gives how many people the company ever had.
func (c *company) size() int {
	n := c.people
	if c.day >= joinDay {
		n += 2
	}
	if c.day >= contractDay {
		n++
	}
	return n + max(c.day-laterDay+1, 0)
}

// joinedOn gives the day on which somebody was entered; 0 for those of the beginning.
func (c *company) joinedOn(i int) int {
	switch n := i - c.people; {
	case n < 0:
		return 0
	case n < 2:
		return joinDay
	case n == 2:
		return contractDay
	default:
		return laterDay + n - 3
	}
}

// when gives the date of a day.
func (c *company) when(day int) string {
	if day < len(c.dates) {
		return c.dates[day]
	}
	return c.date
}

func addDays(date string, days int) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date // not reached: dates come from time.Time or were checked
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

// before gives the date so many days before the first one.
func (c *company) before(days int) string {
	if c.starts == nil {
		c.starts = make([]string, longestService)
	}
	if c.starts[days] == "" {
		c.starts[days] = addDays(c.when(0), -days)
	}
	return c.starts[days]
}

// longestService is above the number of days that anybody has been with the company.
const longestService = 4100

// leftBefore says that somebody had left before day 0.
func (c *company) leftBefore(i int) bool { return i%83 == rehired && i < c.people }

// gone says that somebody is not with the company today.
func (c *company) gone(i int) bool {
	if c.leftBefore(i) {
		return i != rehired || c.day < rehireDay
	}
	_, left := c.left[i]
	return left
}

// person is one person as the company's HR system knows them.
type person struct {
	first, last, ascii string // ascii: the e-mail address's local part
	country            *country
	office             *office
	unit               *unit
	team, title        string
	manager            int // below zero: nobody
	start, end, status string
	kind               string
}

// Where the levels of the company begin: its head, the heads of departments, the leads
// of teams, and all others.
var (
	teamsOf    = teamUnits()
	firstLead  = 1 + len(units)
	firstStaff = firstLead + len(teamsOf)
)

// place is a team, its department and that department's head.
type place struct {
	unit *unit
	team string
	head int
}

func teamUnits() []place {
	var all []place
	for i := range units {
		for _, t := range units[i].teams {
			all = append(all, place{&units[i], t, 1 + i})
		}
	}
	return all
}

var management = unit{"Management", "Central", "1000 Management", nil, []string{"Managing Director"}}

// byCountry spreads ten people over the countries: four, three, one and two.
var byCountry = [10]int{0, 1, 3, 0, 1, 0, 2, 1, 0, 3}

func (c *company) person(i int) person {
	var p person
	nationality := byCountry[i%10]
	p.country = &countries[nationality]
	p.office = &p.country.offices[i/10%len(p.country.offices)]
	p.name(i, nationality)
	p.job(i)
	p.manager = c.managerOf(i)
	p.kind = []string{"Permanent", "Permanent", "Permanent", "Fixed-term", "Permanent", "Intern"}[i%6]
	c.dated(i, &p)
	c.story(i, &p)
	return p
}

// name gives the i-th person a name that nobody of the same country has, as long as
// names last; then the e-mail addresses are numbered.
func (p *person) name(i, nationality int) {
	before, each := 0, 0
	for n, of := range byCountry {
		if of == nationality {
			each++
			if n < i%10 {
				before++
			}
		}
	}
	k := i/10*each + before
	nf, nl := len(p.country.first), len(p.country.last)
	f, l := k%nf, (k/nf+k%nf*3)%nl
	p.first, p.last = p.country.first[f], p.country.last[l]
	p.ascii = asciiNames[nationality].first[f] + "." + asciiNames[nationality].last[l]
	if round := k / (nf * nl); round > 0 {
		p.ascii += strconv.Itoa(round + 1)
	}
}

// asciiNames are the names as they stand in e-mail addresses.
var asciiNames = func() []country {
	all := make([]country, len(countries))
	for i, c := range countries {
		all[i] = country{first: asciiAll(c.first), last: asciiAll(c.last)}
	}
	return all
}()

func asciiAll(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = ascii(n)
	}
	return out
}

func ascii(name string) string {
	n := strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "å", "aa", "ß", "ss", " ", "", "'", "", "’", "").Replace(strings.ToLower(name))
	return unidecode.Unidecode(n)
}

func (p *person) job(i int) {
	switch {
	case i == 0:
		p.unit, p.title = &management, management.titles[0]
	case i < firstLead:
		p.unit = &units[i-1]
		p.title = p.unit.titles[0]
	default:
		at := teamsOf[(i-firstLead)%len(teamsOf)]
		p.unit, p.team = at.unit, at.team
		p.title = p.unit.titles[1]
		if i >= firstStaff {
			p.title = p.unit.titles[2+i/7%(len(p.unit.titles)-2)]
		}
	}
}

// managerOf gives the manager: in teams of up to ten, the nearest above who is here.
func (c *company) managerOf(i int) int {
	m := above(i)
	if m == oldManager && c.day >= managerDay && i != newManager && newManager < c.people {
		m = newManager
	}
	if i == newManager && c.day >= managerDay {
		m = above(oldManager)
	}
	for m > 0 && (c.gone(m) || m == startsLater) {
		m = above(m)
	}
	return m
}

func above(i int) int {
	switch {
	case i == 0:
		return -1
	case i < firstLead:
		return 0
	case i < firstStaff:
		return teamsOf[i-firstLead].head
	}
	team, k := (i-firstStaff)%len(teamsOf), (i-firstStaff)/len(teamsOf)
	if k < 10 {
		return firstLead + team
	}
	return firstStaff + team + (k/10-1)*len(teamsOf)
}

// dated gives start, end and status to somebody without a story.
func (c *company) dated(i int, p *person) {
	p.status = core.StatusActive
	p.start = c.before(40 + i*7919%4000)
	if joined := c.joinedOn(i); joined > 0 {
		p.start = c.when(joined)
	}
	if c.leftBefore(i) {
		p.end, p.status = c.before(30+i%9), core.StatusTerminated
	}
	if day, ok := c.left[i]; ok {
		p.end, p.status = addDays(c.when(day), -1), core.StatusTerminated
	}
	if day, ok := c.titled[i]; ok && day <= c.day && i >= firstStaff && !strings.HasPrefix(p.title, "Senior") {
		p.title = "Senior " + p.title
	}
}

// story applies what the package comment tells.
func (c *company) story(i int, p *person) {
	day := c.day
	switch {
	case i == startsLater:
		p.start = addDays(c.when(0), 20)
	case i == c.people+2:
		p.start = addDays(c.when(contractDay), 30)
	case i == onLeave || i == goesOnLeave && day >= parentalDay:
		p.status = core.StatusOnLeave
	case i == changesDepartment && day >= moveDay:
		p.unit, p.team, p.title = &units[3], units[3].teams[1], "Content Editor"
	case i == changesOffice && day >= moveDay:
		p.office = &p.country.offices[(i/10+1)%len(p.country.offices)]
	case i == marries && day >= marriageDay:
		p.marry()
	case i == rehired && day >= rehireDay:
		p.start, p.end, p.status = c.when(rehireDay), "", core.StatusActive
	}
	if p.status == core.StatusActive && p.start > c.date {
		p.status = core.StatusFuture
	}
}

// marry gives a double name and the e-mail address that goes with it.
func (p *person) marry() {
	p.last = "Lindgren-" + p.last
	p.ascii = ascii(p.first) + "." + ascii(p.last)
}

// domain is the company's; nobody receives mail there (RFC 2606).
const domain = "@northlake.example"

const firstNumber = 1001

func externalID(i int) string { return "np-" + strconv.Itoa(firstNumber+i) }

func employeeNumber(i int) string {
	n := strconv.Itoa(firstNumber + i)
	return "0000000"[:max(6-len(n), 0)] + n
}

// localPart gives somebody's e-mail address without the domain.
func (c *company) localPart(i int) string {
	var p person
	nationality := byCountry[i%10]
	p.country = &countries[nationality]
	p.name(i, nationality)
	if i == marries && c.day >= marriageDay {
		p.marry()
	}
	return p.ascii
}

// recorder packs people into records of the wanted fields.
type recorder struct {
	*company
	pack *core.Packer
	at   []int // by place in fieldIDs: place in the record, or -1
}

func newRecorder(c *company, want []string) *recorder {
	r := &recorder{company: c, pack: core.NewPacker(core.NewSchema(fields(want)))}
	for _, id := range fieldIDs {
		r.at = append(r.at, r.pack.Schema().Index(id))
	}
	return r
}

func (r *recorder) record(i int, p person) core.Person {
	manager, managerEmail, mobile := "", "", ""
	if p.manager >= 0 {
		manager, managerEmail = externalID(p.manager), r.localPart(p.manager)+domain
	}
	if i%3 != 0 {
		mobile = p.country.mobile + twoDigits(i*7)
	}
	for n, v := range [...]string{ // in the order of fieldIDs
		externalID(i), employeeNumber(i), p.first, p.last, p.first + " " + p.last, p.ascii + domain, p.country.phone + twoDigits(i), mobile, p.title, p.unit.name,
		p.unit.division, p.team, p.unit.costCentre, p.country.entity, p.office.city, p.office.name, p.country.name, p.office.region, p.office.city, p.office.postalCode,
		p.office.street + " " + strconv.Itoa(7+i%80), manager, managerEmail, p.start, p.end, p.status, p.kind, p.country.locale, p.country.zone,
	} {
		r.pack.Set(r.at[n], v)
	}
	return core.Person{Record: r.pack.Pack()}
}

func twoDigits(i int) string {
	return string([]byte{byte('0' + i/10%10), byte('0' + i%10)})
}

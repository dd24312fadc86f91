// Package sample is a company to try Rollcall with, before anybody has credentials. Its
// people are made up, the same for the same number, day and date. All dates lie around
// the date of reading, so that it always looks current.
//
// It moves on by a day each time all its people were read; the days, with the dates on
// which they were read, are kept on the connection's shelf, so that a start date once
// told stays as it is. This is what happens, and stays so on the days after (in a company
// of at least 100 people):
//
//	day 0  the company as it is: managers in a tree, some who left, one who will start in
//	       20 days, one on leave
//	day 1  two people join
//	day 2  somebody moves to another department with a new title; somebody moves to
//	       another office
//	day 3  somebody marries: last name, display name and e-mail address change
//	day 4  somebody leaves
//	day 5  somebody who left before the first day is hired again under the same number
//	day 6  somebody signs a contract that starts in 30 days
//	day 7  a team gets another manager
//	day 8  somebody goes on parental leave
//	later  every day somebody joins, every third day somebody leaves, every fifth day
//	       somebody gets another title
package sample

import (
	"context"
	_ "embed"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// ID is the connector's id.
const ID = "sample"

//go:embed manifest.yaml
var manifestYAML []byte

// Spec gives the card and the form.
func Spec() (core.Spec, error) { return manifest.DecodeSpec(manifestYAML) }

// DefaultPeople is how many people the company has where nobody says otherwise.
const DefaultPeople = 250

// Source reads the people of the sample company.
type Source struct {
	people int
	day    int // below zero: the one on the shelf
	shelf  core.Shelf
	now    func() time.Time
}

// NewSource opens the company. Without a shelf it stands still on day 0.
func NewSource(answers core.Answers, env core.Env) (*Source, error) {
	s := &Source{people: DefaultPeople, day: -1, shelf: env.Shelf, now: env.Now}
	if s.now == nil {
		s.now = time.Now
	}
	for option, into := range map[string]*int{"people": &s.people, "day": &s.day} {
		text := answers.Get(option)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return nil, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("The sample company's option “%s” is not a number.", option), Fix: "Give a whole number, or leave it empty.", Cause: err}
		}
		*into = n
	}
	return s, nil
}

// Check tells the number of people and the day.
func (s *Source) Check(context.Context) (core.Health, error) {
	c, err := s.open()
	if err != nil {
		return core.Health{}, err
	}
	n := c.size()
	return core.Health{Summary: fmt.Sprintf("%d employees visible", n), People: n,
		Notes: []string{fmt.Sprintf("This is day %d of the sample company.", c.day)}}, nil
}

// fieldIDs are the canonical fields that the company knows, in the order of Canonical.
var fieldIDs = []string{"externalId", "employeeNumber", "firstName", "lastName", "displayName", "email", "workPhone", "mobilePhone", "jobTitle", "department",
	"division", "team", "costCenter", "legalEntity", "location", "office", "country", "region", "city", "postalCode", "addressLine1", "managerId", "managerEmail",
	"startDate", "endDate", "employmentStatus", "employmentType", "locale", "timeZone"}

// Fields gives the canonical fields that the company knows.
func (s *Source) Fields(context.Context) ([]core.Field, error) { return fields(nil), nil }

func fields(want []string) []core.Field {
	var out []core.Field
	for _, f := range core.Canonical {
		always := f.ID == "externalId" || f.ID == "employmentStatus"
		if slices.Contains(fieldIDs, f.ID) && (want == nil || always || slices.Contains(want, f.ID)) {
			out = append(out, f)
		}
	}
	return out
}

// People yields everybody, leavers within want.Leavers days included. When all were
// taken, the company moves on to the next day.
func (s *Source) People(ctx context.Context, want core.Want) iter.Seq2[core.Person, error] {
	return func(yield func(core.Person, error) bool) {
		c, err := s.open()
		if err != nil {
			yield(core.Person{}, err)
			return
		}
		rec := newRecorder(c, want.Fields)
		oldest := ""
		if want.Leavers >= 0 {
			oldest = addDays(c.date, -want.Leavers)
		}
		for i := range c.size() {
			if i%1024 == 0 && ctx.Err() != nil {
				yield(core.Person{}, ctx.Err())
				return
			}
			p := c.person(i)
			if p.status == core.StatusTerminated && p.end < oldest {
				continue
			}
			if !yield(rec.record(i, p), nil) {
				return
			}
		}
		if err := s.moveOn(c); err != nil {
			yield(core.Person{}, err)
		}
	}
}

// Where the days stand on the shelf: the dates on which the company was read, so that
// what happened keeps its date.
const (
	bucket  = "sample"
	daysKey = "days"
)

// open gives the company as it is today.
func (s *Source) open() (*company, error) {
	date := s.now().Format(time.DateOnly)
	if s.day >= 0 || s.shelf == nil {
		return newCompany(s.people, max(s.day, 0), nil, date), nil
	}
	v, err := s.shelf.Get(bucket, daysKey)
	if err != nil {
		return nil, err
	}
	dates := strings.Fields(string(v))
	for _, d := range dates {
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			return nil, &core.Problem{Code: core.Damaged, What: "The days of the sample company cannot be read.", Fix: "Remove the connection and set it up again.", Cause: err}
		}
	}
	return newCompany(s.people, len(dates), dates, date), nil
}

// moveOn ends the day, unless the company stands still.
func (s *Source) moveOn(c *company) error {
	if s.day >= 0 || s.shelf == nil {
		return nil
	}
	days := strings.Join(append(c.dates, c.date), " ")
	return s.shelf.Put(bucket, map[string][]byte{daysKey: []byte(days)})
}

var _ core.Source = (*Source)(nil)

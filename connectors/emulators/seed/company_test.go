package seed_test

import (
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rollcall/connectors/emulators/seed"
)

var day = time.Date(2026, 6, 18, 12, 0, 0, 0, time.UTC)

func TestCompanyIsTheSameEachTime(t *testing.T) {
	if !reflect.DeepEqual(seed.Company(300, day), seed.Company(300, day)) {
		t.Error("two companies of one day differ")
	}
}

func TestCompanyHasUniqueIDsAndAddresses(t *testing.T) {
	ids, emails := map[int]bool{}, map[string]bool{}
	for _, e := range seed.Company(300, day) {
		if ids[e.ID] {
			t.Errorf("id %d is given twice", e.ID)
		}
		ids[e.ID] = true
		if email := strings.ToLower(strings.TrimSpace(e.Email)); email != "" && email != "spaced.out@corp.example" && emails[email] {
			t.Errorf("address %s is given twice", email)
		} else {
			emails[email] = true
		}
	}
}

func TestCompanyHasThoseWhomANaiveClientGetsWrong(t *testing.T) {
	people := seed.Link(seed.Company(120, day))
	for name, is := range map[string]func(e seed.Employee) bool{
		"own manager":             seed.Employee.OwnManager,
		"manager after himself":   func(e seed.Employee) bool { return e.ManagerID == people[119].ID },
		"manager nobody knows":    func(e seed.Employee) bool { return e.ManagerID == seed.NobodyID && e.Manager() == nil },
		"10,000 characters":       func(e seed.Employee) bool { return utf8.RuneCountInString(e.Custom.Note) == 10_000 },
		"future hire":             func(e seed.Employee) bool { return e.State == seed.Starting && e.Hire > "2026-06-18" },
		"starter without a day":   func(e seed.Employee) bool { return e.State == seed.Starting && e.Hire == "" },
		"hired today":             func(e seed.Employee) bool { return e.Hire == "2026-06-18" },
		"leaves today":            func(e seed.Employee) bool { return e.End == "2026-06-18" },
		"left without a day":      func(e seed.Employee) bool { return e.State == seed.Left && e.End == "" },
		"on leave":                func(e seed.Employee) bool { return e.State == seed.OnLeave },
		"unknown status":          func(e seed.Employee) bool { return e.State == seed.Odd && e.Word != "" },
		"leading zeros":           func(e seed.Employee) bool { return strings.HasPrefix(e.Number, "0000") },
		"zero as a value":         func(e seed.Employee) bool { return e.Custom.Bicycles != nil && *e.Custom.Bicycles == 0 },
		"false as a value":        func(e seed.Employee) bool { return e.Custom.OnSite != nil && !*e.Custom.OnSite },
		"emoji":                   func(e seed.Employee) bool { return strings.Contains(e.Preferred, "🦊") },
		"combining sign":          func(e seed.Employee) bool { return strings.Contains(e.First, "\u0308") },
		"line break":              func(e seed.Employee) bool { return strings.Contains(e.Title, "\n") },
		"private address only":    func(e seed.Employee) bool { return e.Email == "" && e.PersonalEmail != "" },
		"nothing but a name":      func(e seed.Employee) bool { return e.Title == "" && e.Address == seed.Address{} && e.Number == "" },
		"empty values left out":   func(e seed.Employee) bool { return e.Void == seed.Missing },
		"empty values as blanks":  func(e seed.Employee) bool { return e.Void == seed.Blank },
		"earlier employment":      func(e seed.Employee) bool { return len(e.Earlier) > 0 },
		"two cost centres":        func(e seed.Employee) bool { return len(e.CostCentres) == 2 },
		"removed from the system": func(e seed.Employee) bool { return e.Removed },
	} {
		t.Run(name, func(t *testing.T) {
			for _, e := range people {
				if is(e) {
					return
				}
			}
			t.Error("nobody")
		})
	}
}

func TestSmallCompaniesHaveNoLooseEnds(t *testing.T) {
	for n := range 5 {
		for _, e := range seed.Link(seed.Company(n, day)) {
			if e.ManagerID != 0 && e.Manager() == nil {
				t.Errorf("of %d people, %d has a manager who is not there", n, e.ID)
			}
		}
	}
}

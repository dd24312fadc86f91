package suggest

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"rollcall/core"
)

// share gives the part of the values that are not empty and of which something holds,
// and how many are not empty.
func share(values []string, holds func(string) bool) (part float64, n int) {
	good := 0
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			n++
			if holds(v) {
				good++
			}
		}
	}
	if n == 0 {
		return 0, 0
	}
	return float64(good) / float64(n), n
}

func isEmail(v string) bool {
	local, domain, ok := strings.Cut(v, "@")
	return ok && local != "" && strings.Contains(domain, ".") && !strings.ContainsAny(v, " ,;") && !strings.Contains(domain, "@")
}

func isPhone(v string) bool {
	digits := 0
	for _, r := range v {
		switch {
		case unicode.IsDigit(r):
			digits++
		case !strings.ContainsRune("+-()/. xX\u00a0", r):
			return false
		}
	}
	return digits >= 5 && digits <= 20 // with an extension
}

var dateLayouts = []string{time.DateOnly, "2006-1-2", "2006/1/2", "2.1.2006", "2/1/2006", "1/2/2006", "2-1-2006", "1-2-2006", "20060102", "2.1.06", "2/1/06", "1/2/06", "2-Jan-06", "2-Jan-2006", "2 Jan 2006",
	"2 January 2006", "Jan 2, 2006", "January 2, 2006", time.RFC3339, time.DateTime}

func isDate(v string) bool {
	if day, _, timed := strings.Cut(v, " "); timed && strings.ContainsAny(v, ":") {
		v = day
	}
	if len(v) < 6 || strings.IndexFunc(v, unicode.IsDigit) < 0 {
		return false
	}
	for _, layout := range dateLayouts {
		if _, err := time.Parse(layout, v); err == nil {
			return true
		}
	}
	return false
}

// isName says that a value looks like somebody's full name.
func isName(v string) bool {
	return strings.ContainsAny(v, " ,") && strings.IndexFunc(v, unicode.IsDigit) < 0 && !strings.Contains(v, "@")
}

func isCode(v string) bool {
	return !strings.Contains(v, " ") && strings.IndexFunc(v, unicode.IsDigit) >= 0 && !strings.Contains(v, "@")
}

var (
	salutations = set("mr mrs ms miss mx dr prof herr frau hr fr m mme mlle monsieur madame dhr mevr mw de heer mevrouw sr sra srta don dona sir phd msc")
	partTimes   = set("full part time fulltime parttime permanent temporary contract contractor intern freelance freelancer casual zero hours fixed term regular seasonal apprentice " +
		"vollzeit teilzeit befristet unbefristet werkstudent cdi cdd stage alternance vast tijdelijk indefinido temporal heltid deltid tillsvidare fast vikariat external internal consultant ft pt employee")
)

func onlyOf(words map[string]bool) func(string) bool {
	return func(v string) bool {
		for _, w := range tokens(v) {
			if !words[w] {
				return false
			}
		}
		return true
	}
}

// fits weighs a field by the shape of its values: 1 where there is nothing to say
// against it.
func fits(field string, values []string) float64 {
	holds, least := shapeOf(field), 0.5
	if holds == nil {
		return 1
	}
	if part, n := share(values, holds); n > 0 && part < least {
		return 0.3
	}
	return 1
}

// IsNameField says that a canonical field is a person's name or a part of it, which is
// never a number.
func IsNameField(field string) bool {
	return slices.Contains([]string{"firstName", "lastName", "displayName", "preferredName"}, field)
}

func shapeOf(field string) func(string) bool {
	f, _ := core.CanonicalField(field)
	switch {
	case f.Kind == core.Email:
		return isEmail
	case f.Kind == core.Phone:
		return isPhone
	case f.Kind == core.Date:
		return isDate
	case IsNameField(field):
		return func(v string) bool { return strings.IndexFunc(v, unicode.IsLetter) >= 0 }
	case field == "jobTitle":
		return func(v string) bool { return !onlyOf(salutations)(v) }
	case field == "employmentStatus":
		return func(v string) bool { return !onlyOf(partTimes)(v) }
	}
	return nil
}

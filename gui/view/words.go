package view

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Ago says how long ago something was, as a person says it.
func Ago(t, now time.Time) string {
	switch d := now.Sub(t); {
	case d < time.Minute:
		return "just now"
	case d < 2*time.Minute:
		return "a minute ago"
	case d < time.Hour:
		return itoa(int(d.Minutes())) + " minutes ago"
	case d < 2*time.Hour:
		return "an hour ago"
	case d < 24*time.Hour:
		return itoa(int(d.Hours())) + " hours ago"
	case d < 48*time.Hour:
		return "yesterday"
	case d < 7*24*time.Hour:
		return itoa(int(d.Hours()/24)) + " days ago"
	}
	return t.Format("2 Jan 2006")
}

// Count writes a number with its noun: "1 person", "1,204 people".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(n) + " " + many
}

// Thousands writes a number with commas.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// beginsWords says that each word of a search begins a word of one of the texts.
func beginsWords(search string, texts ...string) bool {
	all := " " + strings.Join(strings.FieldsFunc(strings.ToLower(strings.Join(texts, " ")), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
	for _, w := range strings.Fields(strings.ToLower(search)) {
		if !strings.Contains(all, " "+w) {
			return false
		}
	}
	return true
}

// holdsWords says that each word of a search stands in one of the texts.
func holdsWords(search string, texts ...string) bool {
	all := strings.ToLower(strings.Join(texts, "\n"))
	for _, w := range strings.Fields(strings.ToLower(search)) {
		if !strings.Contains(all, w) {
			return false
		}
	}
	return true
}

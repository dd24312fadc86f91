package expression

import (
	"math"
	"strings"
	"time"
)

var dateFunctions = []function{
	{name: "CDate", aliases: "ToDate Date", signature: "CDate(text)", help: "Reads an ISO date or date with time; a date alone stays a date, whatever the zone.",
		example: `CDate("2021-06-30+08:00")`, result: "2021-06-30", min: 1, max: 1, strict: true, call: func(_ *frame, a []Value) (Value, error) { return dateOrNull(a[0]) }},
	{name: "ParseDate", aliases: "Time.fromStringToIso8601 parseStringTime", signature: "ParseDate(text, pattern [, zone])", help: "Reads a date written in a pattern such as dd.MM.yyyy or M/d/yyyy h:mm tt.",
		example: `ParseDate("03/10/2026", "MM/dd/yyyy")`, result: "2026-03-10", min: 1, max: 3, strict: true, call: parseDate},
	{name: "FormatDate", aliases: "Time.fromIso8601ToString", signature: "FormatDate(date, pattern)", help: "Writes a date in a .NET or Joda pattern.",
		example: `FormatDate("2026-03-10", "d MMMM yyyy")`, result: "10 March 2026", min: 2, max: 2, strict: true, call: formatDate},
	{name: "FormatDateTime", signature: "FormatDateTime(date, pattern), (text, in, out) or (text, styles, in, out)", help: "Reads a date in one .NET pattern and writes it in another; styles may be empty.",
		example: `FormatDateTime("20260310", , "yyyyMMdd", "dd.MM.yyyy")`, result: "10.03.2026", min: 2, max: 4, strict: true, call: formatDateTime},
	{name: "Now", aliases: "Time.now", signature: "Now([zone [, pattern]])", help: "The moment at which the plan was made, in UTC or a zone; the same for everyone in the plan.",
		example: `Now()`, result: "2026-03-10T09:30:00Z", min: 0, max: 2, call: now},
	{name: "Today", signature: "Today([zone])", help: "The date at which the plan was made, in UTC or a zone.",
		example: `Today("Pacific/Auckland")`, result: "2026-03-10", min: 0, max: 1, call: func(f *frame, a []Value) (Value, error) {
			v, err := now(f, a)
			if err != nil {
				return Value{}, err
			}
			return day(v.ref.time), nil
		}},
	{name: "DateAdd", aliases: "plusDays", signature: "DateAdd(interval, number, date)", help: "Adds years (yyyy), quarters (q), months (m), weeks (ww), days (d), hours (h), minutes (n) or seconds (s); the end of a month stays in it.",
		example: `DateAdd("m", 1, "2026-01-31")`, result: "2026-02-28", min: 3, max: 3, call: dateAdd},
	{name: "DateDiff", signature: "DateDiff(interval, from, to)", help: "How much later the second date is: yyyy, q and m count calendar steps, ww d h n s whole units; negative when it is earlier.",
		example: `DateDiff("d", "2026-03-01", "2026-03-10")`, result: "9", min: 3, max: 3, call: dateDiff},
	{name: "DateFromNum", aliases: "Time.fromWindowsToIso8601 parseWindowsTime", signature: "DateFromNum(number)", help: "Reads the file time of Active Directory; 0 and 9223372036854775807 mean never and give null.",
		example: `DateFromNum(129699324000000000)`, result: "2012-01-01T23:00:00Z", min: 1, max: 1, strict: true, call: dateFromNum},
	{name: "NumFromDate", aliases: "ToFileTime Time.fromIso8601ToWindows toWindows", signature: "NumFromDate(date)", help: "The file time of Active Directory.",
		example: `NumFromDate("2012-01-01T23:00:00Z")`, result: "129699324000000000", min: 1, max: 1, strict: true, call: withDate(func(_ *frame, d Value) (Value, error) {
			t := d.ref.time
			return integer((t.Unix()+fileTimeEpoch)*10_000_000 + int64(t.Nanosecond()/100)), nil
		})},
	{name: "ToUnix", aliases: "Time.fromIso8601ToUnix", signature: "ToUnix(date)", help: "Seconds since 1970.",
		example: `ToUnix("2026-03-10T09:30:00Z")`, result: "1773135000", min: 1, max: 1, strict: true, call: withDate(func(_ *frame, d Value) (Value, error) { return integer(d.ref.time.Unix()), nil })},
	{name: "FromUnix", aliases: "Time.fromUnixToIso8601 parseUnixTime", signature: "FromUnix(seconds)", help: "Reads seconds since 1970.",
		example: `FromUnix(1773135000)`, result: "2026-03-10T09:30:00Z", min: 1, max: 1, strict: true, call: fromUnix},
	{name: "DaysUntil", signature: "DaysUntil(date)", help: "Days from the plan's date to that date; negative when it is past.",
		example: `DaysUntil("2026-03-17")`, result: "7", min: 1, max: 1, strict: true, call: withDate(func(f *frame, d Value) (Value, error) {
			return integer(daysBetween(f.ctx.Now.UTC(), d.ref.time)), nil
		})},
	{name: "WithinDays", signature: "WithinDays(date, before, after)", help: "True when the date is at most so many days before or after the plan's date.",
		example: `WithinDays("2026-03-12", 0, 7)`, result: "true", min: 3, max: 3, call: withinDays},
	{name: "IsActiveOn", signature: "IsActiveOn(date [, start, end])", help: "True when a person is employed that day: startDate and endDate unless others are given; the last day counts.",
		example: `IsActiveOn("2026-03-10", "2026-01-01", "2026-03-10")`, result: "true", min: 1, max: 3, call: isActiveOn, reads: []string{"endDate", "startDate"}},
}

// fileTimeEpoch is the seconds from 1601, where file times begin, to 1970.
const fileTimeEpoch = 11_644_473_600

// dateLayouts are read without being told: nothing in them is open to two readings.
var dateLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05Z0700", "20060102150405Z", "20060102150405.0Z", "1/2/2006 3:04:05 PM",
}

var dayLayouts = []string{time.DateOnly, "2006-01-02Z07:00", "2006-01-02Z", "20060102", "02.01.2006", "2.1.2006"}

// date reads a value as a date.
func (v Value) date() (Value, error) {
	switch v.kind {
	case kindDate:
		return v, nil
	case kindText:
		if d, ok := readDate(strings.TrimSpace(v.text)); ok {
			return d, nil
		}
	}
	return Value{}, refuse("Write it as 2026-03-10, or read it with ParseDate and its pattern.", "%s is not a date that can be read for certain.", quoted(v.Text()))
}

func readDate(s string) (Value, bool) {
	if len(s) < 8 || len(s) > 40 {
		return Value{}, false
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return day(t), true
	}
	for _, layout := range dayLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return day(t), true
		}
	}
	if len(s) > 10 && s[10] == ' ' {
		s = s[:10] + "T" + s[11:]
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return instant(t), true
		}
	}
	return Value{}, false
}

func dateOrNull(v Value) (Value, error) {
	if v.isEmpty() {
		return Value{}, nil
	}
	return v.date()
}

// withDate reads the first argument as a date; empty text is null.
func withDate(fn func(f *frame, d Value) (Value, error)) func(*frame, []Value) (Value, error) {
	return func(f *frame, a []Value) (Value, error) {
		d, err := dateOrNull(a[0])
		if err != nil || d.IsNull() {
			return Value{}, err
		}
		return fn(f, d)
	}
}

func now(f *frame, a []Value) (Value, error) {
	if f.ctx.Now.IsZero() {
		return Value{}, refuse("Use it where a plan is made.", "it is not available here.")
	}
	t := f.ctx.Now.UTC()
	if zone := optional(a, 0); zone != "" {
		location, err := zoneNamed(zone)
		if err != nil {
			return Value{}, err
		}
		t = t.In(location)
	}
	if len(a) > 1 && !a[1].isEmpty() {
		return formatDate(f, []Value{instant(t), a[1]})
	}
	return instant(t), nil
}

func parseDate(_ *frame, a []Value) (Value, error) {
	if len(a) == 1 || a[0].isEmpty() || a[0].kind == kindDate {
		return dateOrNull(a[0])
	}
	location := time.UTC
	if zone := optional(a, 2); zone != "" {
		var err error
		if location, err = zoneNamed(zone); err != nil {
			return Value{}, err
		}
	}
	if a[1].isEmpty() {
		return a[0].date()
	}
	p, err := datePattern(a[1].Text())
	if err != nil {
		return Value{}, err
	}
	return p.parse(strings.TrimSpace(a[0].Text()), location)
}

func formatDate(_ *frame, a []Value) (Value, error) {
	d, err := dateOrNull(a[0])
	if err != nil || d.IsNull() {
		return Value{}, err
	}
	p, err := datePattern(a[1].Text())
	if err != nil {
		return Value{}, err
	}
	return text(p.format(d.ref.time)), nil
}

func formatDateTime(f *frame, a []Value) (Value, error) {
	in, out := Value{}, a[len(a)-1]
	if len(a) > 2 {
		in = a[len(a)-2]
	}
	d, err := parseDate(f, []Value{a[0], in})
	if err != nil {
		return Value{}, err
	}
	return formatDate(f, []Value{d, out})
}

func dateAdd(_ *frame, a []Value) (Value, error) {
	d, err := dateOrNull(a[2])
	if err != nil || d.IsNull() || a[1].IsNull() {
		return Value{}, err
	}
	n, err := wholeNumber(a[1])
	if err != nil {
		return Value{}, err
	}
	if n > 10_000_000_000 || n < -10_000_000_000 {
		return Value{}, refuse("Choose a smaller number.", "the number %d is too big.", n)
	}
	t, count := d.ref.time, int(n)
	switch interval := strings.ToLower(a[0].Text()); interval {
	case "yyyy", "yy", "year", "years":
		t = addMonths(t, 12*count)
	case "q":
		t = addMonths(t, 3*count)
	case "m", "month", "months":
		t = addMonths(t, count)
	case "ww", "week", "weeks":
		t = t.AddDate(0, 0, 7*count)
	case "d", "y", "w", "day", "days":
		t = t.AddDate(0, 0, count)
	default:
		seconds, ok := unitSeconds[interval]
		if !ok {
			return Value{}, noInterval(a[0])
		}
		if most := int64(math.MaxInt64/time.Second) / seconds; n > most || n < -most {
			return Value{}, refuse("Choose a smaller number.", "the number %d is too big.", n)
		}
		return checkedYear(instant(t.Add(time.Duration(n*seconds) * time.Second)))
	}
	if d.isDateOnly() {
		return checkedYear(day(t))
	}
	return checkedYear(instant(t))
}

// checkedYear refuses dates that cannot be written with four digits.
func checkedYear(v Value) (Value, error) {
	if y := v.ref.time.Year(); y < 1 || y > 9999 {
		return Value{}, refuse("Check the number that is added.", "the date falls outside the years 1 to 9999.")
	}
	return v, nil
}

var unitSeconds = map[string]int64{"h": 3600, "hour": 3600, "hours": 3600, "n": 60, "minute": 60, "minutes": 60, "s": 1, "second": 1, "seconds": 1}

func noInterval(v Value) error {
	return refuse("Write yyyy, q, m, ww, d, h, n or s.", "%s is not an interval.", quoted(v.Text()))
}

// addMonths keeps to the last day where the month is shorter.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month(), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location()).AddDate(0, n, 0)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

func dateDiff(_ *frame, a []Value) (Value, error) {
	from, err := dateOrNull(a[1])
	if err != nil || from.IsNull() {
		return Value{}, err
	}
	to, err := dateOrNull(a[2])
	if err != nil || to.IsNull() {
		return Value{}, err
	}
	x, y := from.ref.time, to.ref.time
	months := int64(y.Year()-x.Year())*12 + int64(y.Month()-x.Month())
	switch interval := strings.ToLower(a[0].Text()); interval {
	case "yyyy":
		return integer(int64(y.Year() - x.Year())), nil
	case "q":
		return integer(int64(y.Year()-x.Year())*4 + int64((y.Month()-1)/3-(x.Month()-1)/3)), nil
	case "m":
		return integer(months), nil
	case "ww":
		return integer((y.Unix() - x.Unix()) / (7 * 86400)), nil
	case "d":
		return integer((y.Unix() - x.Unix()) / 86400), nil
	default:
		if seconds, ok := unitSeconds[interval]; ok {
			return integer((y.Unix() - x.Unix()) / seconds), nil
		}
	}
	return Value{}, noInterval(a[0])
}

// daysBetween counts calendar days, each moment taken as the date it shows.
func daysBetween(from, to time.Time) int64 {
	return (day(to).ref.time.Unix() - day(from).ref.time.Unix()) / 86400
}

func dateFromNum(_ *frame, a []Value) (Value, error) {
	if a[0].isEmpty() {
		return Value{}, nil
	}
	n, err := wholeNumber(a[0])
	if err != nil || n == 0 || n == math.MaxInt64 {
		return Value{}, err
	}
	return checkedYear(instant(time.Unix(n/10_000_000-fileTimeEpoch, n%10_000_000*100).UTC()))
}

func fromUnix(_ *frame, a []Value) (Value, error) {
	if a[0].isEmpty() {
		return Value{}, nil
	}
	n, err := wholeNumber(a[0])
	if err != nil {
		return Value{}, err
	}
	if n > 1<<40 || n < -1<<40 {
		return Value{}, refuse("Give seconds, not milliseconds.", "%d is too big for seconds since 1970.", n)
	}
	return checkedYear(instant(time.Unix(n, 0).UTC()))
}

func withinDays(f *frame, a []Value) (Value, error) {
	d, err := dateOrNull(a[0])
	if err != nil || d.IsNull() {
		return boolean(false), err
	}
	before, err := a[1].number()
	if err != nil {
		return Value{}, err
	}
	after, err := a[2].number()
	days := float64(daysBetween(f.ctx.Now.UTC(), d.ref.time))
	return boolean(-before.float() <= days && days <= after.float()), err
}

func isActiveOn(f *frame, a []Value) (Value, error) {
	on, err := dateOrNull(a[0])
	if err != nil || on.IsNull() {
		return boolean(false), err
	}
	limits := [2]Value{}
	for i, name := range []string{"startDate", "endDate"} {
		if len(a) > i+1 {
			limits[i] = a[i+1]
		} else if f.ctx.Field != nil {
			limits[i] = given(f.ctx.Field(name))
		}
		if limits[i], err = dateOrNull(limits[i]); err != nil {
			return Value{}, err
		}
	}
	start, end := limits[0], limits[1]
	active := !start.IsNull() && daysBetween(start.ref.time, on.ref.time) >= 0 &&
		(end.IsNull() || daysBetween(on.ref.time, end.ref.time) >= 0)
	return boolean(active), nil
}

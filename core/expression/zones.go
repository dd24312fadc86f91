package expression

import (
	_ "embed"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // Windows has no zone files of its own
)

var zoneFunctions = []function{
	{name: "InZone", aliases: "toZone", signature: "InZone(date, zone)", help: "The same moment on the clock of a zone; a date without time stays.",
		example: `InZone("2026-03-10T09:30:00Z", "Europe/Berlin")`, result: "2026-03-10T10:30:00+01:00", min: 2, max: 2, strict: true, call: inZone},
	{name: "LocalMidnight", signature: "LocalMidnight(date, zone)", help: "The moment at which that day begins in a zone.",
		example: `LocalMidnight("2026-03-10", "Europe/Berlin")`, result: "2026-03-10T00:00:00+01:00", min: 2, max: 2, strict: true, call: func(_ *frame, a []Value) (Value, error) { return edgeOfDay(a, 0) }},
	{name: "EndOfDay", signature: "EndOfDay(date, zone)", help: "The last second of that day in a zone.",
		example: `EndOfDay("2026-03-10", "Asia/Kolkata")`, result: "2026-03-10T23:59:59+05:30", min: 2, max: 2, strict: true, call: func(_ *frame, a []Value) (Value, error) { return edgeOfDay(a, 1) }},
	{name: "ZoneOf", signature: "ZoneOf(country [, city])", help: "The time zone of a country, or of a city where the country has several; null when it cannot be told.",
		example: `ZoneOf("United States", "Chicago")`, result: "America/Chicago", min: 1, max: 2, strict: true, call: zoneOf},
}

var zones memo[*time.Location]

func zoneNamed(name string) (*time.Location, error) {
	name = strings.TrimSpace(name)
	if z, ok := zones.get(name); ok {
		return z, nil
	}
	z, err := time.LoadLocation(name)
	if err != nil || name == "Local" || name == "" { // the machine's own zone would differ from one to the next
		return nil, &Error{At: -1, what: quoted(name) + " is not a time zone.", fix: "Write a name such as Europe/Berlin, or use ZoneOf.", cause: err}
	}
	zones.put(name, z)
	return z, nil
}

func inZone(_ *frame, a []Value) (Value, error) {
	d, err := dateOrNull(a[0])
	if err != nil || d.IsNull() || d.isDateOnly() {
		return d, err
	}
	z, err := zoneNamed(a[1].Text())
	if err != nil {
		return Value{}, err
	}
	return instant(d.ref.time.In(z)), nil
}

// edgeOfDay gives the start of the day in a zone, or a second before the next day's.
func edgeOfDay(a []Value, days int) (Value, error) {
	d, err := dateOrNull(a[0])
	if err != nil || d.IsNull() {
		return Value{}, err
	}
	z, err := zoneNamed(a[1].Text())
	if err != nil {
		return Value{}, err
	}
	t := d.ref.time
	if !d.isDateOnly() {
		t = t.In(z)
	}
	y, m, n := t.Date()
	edge := time.Date(y, m, n+days, 0, 0, 0, 0, z)
	return instant(edge.Add(-time.Duration(days) * time.Second)), nil
}

// zoneTable is "country zone" a line, from zone.tab of the public-domain tz database.
//
//go:embed data/zones.txt
var zoneTable string

// moreCities are large cities whose zone is named after another.
var moreCities = map[string]string{
	"us san francisco": "America/Los_Angeles", "us seattle": "America/Los_Angeles", "us san diego": "America/Los_Angeles", "us san jose": "America/Los_Angeles", "us portland": "America/Los_Angeles", "us las vegas": "America/Los_Angeles",
	"us boston": "America/New_York", "us washington": "America/New_York", "us atlanta": "America/New_York", "us miami": "America/New_York", "us philadelphia": "America/New_York",
	"us dallas": "America/Chicago", "us houston": "America/Chicago", "us austin": "America/Chicago", "us minneapolis": "America/Chicago", "us salt lake city": "America/Denver",
	"ca montreal": "America/Toronto", "ca ottawa": "America/Toronto", "ca calgary": "America/Edmonton",
	"br rio de janeiro": "America/Sao_Paulo", "br brasilia": "America/Sao_Paulo", "mx guadalajara": "America/Mexico_City",
	"au canberra": "Australia/Sydney", "nz wellington": "Pacific/Auckland", "es barcelona": "Europe/Madrid", "es valencia": "Europe/Madrid", "es sevilla": "Europe/Madrid",
	"de munich": "Europe/Berlin", "pt porto": "Europe/Lisbon", "ru saint petersburg": "Europe/Moscow", "cn beijing": "Asia/Shanghai", "cn shenzhen": "Asia/Shanghai",
}

// usualZones stand for countries whose further zones are those of far islands or enclaves.
var usualZones = map[string]string{
	"DE": "Europe/Berlin", "ES": "Europe/Madrid", "PT": "Europe/Lisbon", "NZ": "Pacific/Auckland", "CN": "Asia/Shanghai", "AR": "America/Argentina/Buenos_Aires",
	"CL": "America/Santiago", "MY": "Asia/Kuala_Lumpur", "CY": "Asia/Nicosia", "UA": "Europe/Kyiv", "UZ": "Asia/Tashkent", "EC": "America/Guayaquil",
}

var zonesByCountry = sync.OnceValue(func() map[string][]string {
	table := map[string][]string{}
	for line := range strings.Lines(zoneTable) {
		country, zone, _ := strings.Cut(strings.TrimSpace(line), " ")
		table[country] = append(table[country], zone)
	}
	return table
})

func zoneOf(_ *frame, a []Value) (Value, error) {
	code := countryCode(a[0].Text())
	candidates := zonesByCountry()[code]
	city := strings.ToLower(strings.TrimSpace(normalizeDiacritics(optional(a, 1))))
	if zone, ok := moreCities[strings.ToLower(code)+" "+city]; ok {
		return text(zone), nil
	}
	for _, zone := range candidates {
		if name := zone[strings.LastIndexByte(zone, '/')+1:]; city != "" && strings.EqualFold(strings.ReplaceAll(name, "_", " "), city) {
			return text(zone), nil
		}
	}
	if usual, ok := usualZones[code]; ok {
		return text(usual), nil
	}
	if len(candidates) == 1 {
		return text(candidates[0]), nil
	}
	return Value{}, nil
}

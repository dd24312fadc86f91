package cezannehr

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

const (
	usualPage = 100
	mostRows  = 1000
	beyond    = "'~'" // begins the tokens that point at no person
)

// list answers with the rows of people, a page at a time, each page with a link to the next one.
func (e *emulator) list(of func() []seed.Employee, write func(seed.Employee) wire.Object) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		top, okTop := whole(q.Get("$top"), usualPage, 1)
		skip, okSkip := whole(q.Get("$skip"), 0, 0)
		people := of()
		from, found := position(people, q.Get("$skiptoken"))
		if !okTop || !okSkip || !found || wire.Unknown(q, "$top", "$skip", "$skiptoken", "$format", "$select", "$inlinecount") != "" {
			e.Refuse(w, r, http.StatusBadRequest)
			return
		}
		from += skip
		size := e.PageSize(min(top, mostRows))
		rows, more := e.Pages.After(people, from, size)
		values := make([]any, 0, len(rows))
		for _, p := range rows {
			values = append(values, selected(write(p), q.Get("$select")))
		}
		next := ""
		if more {
			next = e.nextLink(r, people, from, size)
		}
		respond(w, r, path(r), values, next)
	}
}

func path(r *http.Request) string { return r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:] }

func selected(o wire.Object, names string) wire.Object {
	if names == "" {
		return o
	}
	kept := wire.Object{}
	for key, value := range o {
		if slices.ContainsFunc(strings.Split(names, ","), func(name string) bool { return strings.EqualFold(strings.TrimSpace(name), key) }) {
			kept[key] = value
		}
	}
	return kept
}

func whole(text string, missing, least int) (n int, ok bool) {
	if text == "" {
		return missing, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= least && n < 1<<30
}

// nextLink points behind the last row of a page. It is written with bare dollar signs, as OData services do.
func (e *emulator) nextLink(r *http.Request, people []seed.Employee, from, size int) string {
	q := r.URL.Query()
	token := tokenAt(people, from+size)
	if e.Pages.Mode() == wire.Stuck {
		token = tokenAt(people, from)
	}
	q.Del("$skip")
	q.Del("$skiptoken")
	link := service + "/" + path(r) + "?"
	if rest := q.Encode(); rest != "" {
		link += strings.ReplaceAll(rest, "%24", "$") + "&"
	}
	return link + "$skiptoken=" + token
}

// tokenAt names the last row before a place.
func tokenAt(people []seed.Employee, from int) string {
	if from == 0 || from > len(people) {
		return fmt.Sprintf("%s,'%d'", beyond, from)
	}
	return fmt.Sprintf("'%s','%s'", id(people[from-1].ID), people[from-1].Number)
}

func position(people []seed.Employee, token string) (from int, found bool) {
	if token == "" {
		return 0, true
	}
	if rest, ok := strings.CutPrefix(token, beyond+","); ok {
		return whole(strings.Trim(rest, "'"), 0, 0)
	}
	at := slices.IndexFunc(people, func(p seed.Employee) bool {
		return token == fmt.Sprintf("'%s','%s'", id(p.ID), p.Number)
	})
	return at + 1, at >= 0
}

// respond writes OData 3's envelope, OData 2's to those who ask for verbose JSON, and Atom to those who ask for no JSON.
func respond(w http.ResponseWriter, r *http.Request, set string, values []any, next string) {
	accept := strings.ReplaceAll(r.Header.Get("Accept"), " ", "")
	switch {
	case strings.Contains(accept, "odata=verbose"):
		d := wire.Object{"results": values}
		if next != "" {
			d["__next"] = next
		}
		wire.JSON(w, http.StatusOK, "application/json;odata=verbose;charset=utf-8", wire.Object{"d": d})
	case r.URL.Query().Get("$format") == "json" || wire.WantsJSON(r):
		o := wire.Object{"odata.metadata": service + "/$metadata#" + set, "value": values}
		if next != "" {
			o["odata.nextLink"] = next
		}
		wire.JSON(w, http.StatusOK, "application/json;odata=minimalmetadata;charset=utf-8", o)
	default:
		w.Header().Set("Content-Type", "application/atom+xml;type=feed;charset=utf-8")
		_, _ = w.Write([]byte(`<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"></feed>`)) // the client may be gone
	}
}

// side answers with a list that is not one of people; these are short and come whole.
func (e *emulator) side(set string, of func() []any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if wire.Unknown(q, "$top", "$skip", "$format", "$select", "$inlinecount") != "" {
			e.Refuse(w, r, http.StatusBadRequest)
			return
		}
		values := of()
		skip, ok := whole(q.Get("$skip"), 0, 0)
		if !ok {
			e.Refuse(w, r, http.StatusBadRequest)
			return
		}
		respond(w, r, set, values[min(skip, len(values)):], "")
	}
}

// distinct writes one row for each unit that people are in.
func (e *emulator) distinct(of func(p seed.Employee) seed.Unit, write func(p seed.Employee, u seed.Unit) wire.Object) []any {
	seen, list := map[int]bool{0: true}, []any{}
	for _, p := range e.Living() {
		if u := of(p); !seen[u.ID] {
			seen[u.ID], list = true, append(list, write(p, u))
		}
	}
	return list
}

func (e *emulator) orgUnits() []any {
	return e.distinct(func(p seed.Employee) seed.Unit { return p.Department }, func(p seed.Employee, u seed.Unit) wire.Object {
		var manager, cost any
		if m := p.Manager(); m != nil && u.ID%2 == 0 {
			manager, cost = e.called(*m).Name(), costCentre(p)
		}
		return wire.Object{"ORGUNITS_ORGUNITCODE": unitCode(u), "ORGUNITS_ORGUNITNAME": u.Name,
			"ORGUNITS_CURRENTTRANSLATEDPARENTORGUNITNAME": "Management", "ORGUNITS_UNITMANAGER": manager, "ORGUNITATTRIBUTES_TRANSLATEDCOSTCENTRENAME": cost}
	})
}

func (e *emulator) companies() []any {
	return e.distinct(func(p seed.Employee) seed.Unit { return p.LegalEntity }, func(_ seed.Employee, u seed.Unit) wire.Object {
		return wire.Object{"COMPANYCODE": strconv.Itoa(u.ID), "TRANSLATEDCOMPANYNAME": u.Name}
	})
}

func (e *emulator) locations() []any {
	return e.distinct(func(p seed.Employee) seed.Unit { return p.Office }, func(_ seed.Employee, u seed.Unit) wire.Object {
		return wire.Object{"LOCATIONCODE": strconv.Itoa(u.ID), "LOCATIONNAME": u.Name}
	})
}

func (e *emulator) absences() []any {
	list := []any{}
	for _, p := range e.Living() {
		if p.State == seed.OnLeave {
			list = append(list, wire.Object{"PERSONID": id(p.ID), "ABSENCETYPENAME": "Parental leave", "STARTDATE": "2026-01-01T00:00:00", "ENDDATE": "2027-01-01T00:00:00"})
		}
	}
	return list
}

package paylocity

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// centre is a cost centre of one of the three levels.
type centre struct{ code, name string }

var descriptions = [3]string{"Department", "Division", "Cost Center"}

// centres are a person's cost centres, level by level; an empty code is none.
func centres(p seed.Employee) [3]centre {
	var c [3]centre
	if p.Department.ID != 0 {
		c[0] = centre{strconv.Itoa(p.Department.ID), p.Department.Name}
	}
	if p.Division != "" {
		c[1] = centre{strings.ToUpper(p.Division[:4]), p.Division}
	}
	if len(p.CostCentres) > 0 {
		c[2] = centre{strconv.Itoa(p.CostCentres[0].ID), p.CostCentres[0].Name}
	}
	return c
}

// level are the different cost centres of a level.
func (e *emulator) level(i int) []centre {
	var list []centre
	for _, p := range e.Living() {
		if c := centres(p)[i]; c.code != "" && !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	return list
}

func (e *emulator) levels(w http.ResponseWriter, _ *http.Request) {
	all := []any{}
	for i, description := range descriptions {
		list := []any{}
		for _, c := range e.level(i) {
			list = append(list, wire.Object{"id": "cc-" + c.code, "code": c.code, "name": c.name, "isActive": true})
		}
		all = append(all, wire.Object{"id": "lv-" + strconv.Itoa(i+1), "level": i + 1, "description": description, "costCenters": list})
	}
	answer(w, all)
}

func (e *emulator) jobs(w http.ResponseWriter, r *http.Request) {
	if wrong := wire.Unknown(r.URL.Query(), "limit", "offset", "includeTotalCount"); wrong != "" {
		refuse(w, r, http.StatusBadRequest, wrong, wrong+" is not known.")
		return
	}
	answer(w, []any{wire.Object{"code": "POS", "description": "Position in general"}})
}

// codes names the codes of WebLink's records.
func (e *emulator) codes(w http.ResponseWriter, r *http.Request) {
	list := []any{}
	level, isLevel := strings.CutPrefix(r.PathValue("resource"), "costcenter")
	n, ok := whole(level, 0, 1, 3)
	switch {
	case isLevel && ok && n > 0:
		for _, c := range e.level(n - 1) {
			list = append(list, wire.Object{"code": c.code, "description": c.name})
		}
	case r.PathValue("resource") == "positions":
		list = append(list, wire.Object{"code": "POS", "description": "Position in general"})
	default:
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	answer(w, list)
}

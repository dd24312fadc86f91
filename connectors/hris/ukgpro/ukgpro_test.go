package ukgpro

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

func TestLevelsAreToldByNameOrByChoice(t *testing.T) {
	for name, c := range map[string]struct {
		levels                           map[string]string
		answers                          core.Answers
		department, division, costCentre string
	}{
		"by name":                       {map[string]string{"1": "Division", "2": "Cost Center", "3": "DEPARTMENT"}, nil, "3", "1", "2"},
		"by an abbreviation":            {map[string]string{"1": "Region", "2": "Dept"}, nil, "2", "", ""},
		"level 1 where none is named":   {map[string]string{"1": "Region", "2": "cost centre"}, nil, "1", "", "2"},
		"none where level 1 is another": {map[string]string{"1": "Division of labour"}, nil, "", "1", ""},
		"without names":                 {nil, nil, "1", "", ""},
		"as chosen":                     {map[string]string{"1": "Department"}, core.Answers{"departmentLevel": "4", "costCenterLevel": "1"}, "4", "", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			answers := core.Answers{"departmentLevel": "auto", "divisionLevel": "auto", "costCenterLevel": "auto"}
			for id, answer := range c.answers {
				answers[id] = answer
			}
			department, division, costCentre := levels(manifest.Person{Answers: answers, Names: map[string]map[string]string{"levelNames": c.levels}})
			if department != c.department || division != c.division || costCentre != c.costCentre {
				t.Errorf("department %q, division %q, cost centre %q", department, division, costCentre)
			}
		})
	}
}

func TestEmploymentThatCountsIsChosen(t *testing.T) {
	job := func(company, code, hired, left string) any {
		return map[string]any{"companyID": company, "employeeStatusCode": code, "lastHireDate": hired, "dateOfTermination": left}
	}
	for name, c := range map[string]struct {
		jobs []any
		want string
	}{
		"the one begun last of those that go on": {[]any{job("A", "A", "2020-01-01T00:00:00", ""), job("B", "L", "2022-01-01T00:00:00", ""), job("C", " t ", "2024-01-01T00:00:00", "2025-01-01T00:00:00")}, "B"},
		"the one that ended last":                {[]any{job("A", "T", "2020-01-01T00:00:00", "2021-01-01T00:00:00"), job("B", "T", "2010-01-01T00:00:00", "2023-01-01T00:00:00")}, "B"},
		"the person's own company of equals":     {[]any{job("A", "A", "2020-01-01T00:00:00", ""), job("own", "A", "2020-01-01T00:00:00", ""), job("B", "A", "2020-01-01T00:00:00", "")}, "own"},
		"none of none":                           {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := manifest.TextAt(chosen(c.jobs, "OWN"), "companyID"); got != c.want {
				t.Errorf("it is %q, and should be %q", got, c.want)
			}
		})
	}
}

func TestRowsThatCameBeforeAreLeftOut(t *testing.T) {
	for name, c := range map[string]struct {
		second string
		people int
		code   core.Code
	}{
		"one of a page":        {`[{"employeeId":"b"},{"employeeId":"C"}]`, 3, ""},
		"a page of none but":   {`[{"employeeId":"A"},{"employeeId":"B"}]`, 0, core.Incomplete},
		"one page, and no end": {"", 2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				page := r.URL.Query().Get("page")
				switch {
				case !strings.HasSuffix(r.URL.Path, "person-details"):
					fmt.Fprint(w, "[]")
				case page == "1":
					fmt.Fprint(w, `[{"employeeId":"A"},{"employeeId":"B"}]`)
				case page == "2" && c.second != "":
					fmt.Fprint(w, c.second)
				default:
					http.NotFound(w, r)
				}
			}))
			defer server.Close()
			a, err := Spec().Complete(core.Answers{"host": "h.example", "username": "u", "password": "p", "customerApiKey": "K"})
			if err != nil {
				t.Fatal(err)
			}
			s, err := NewSource(a, core.Env{Base: server.URL})
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, err = range s.People(t.Context(), core.Want{Leavers: -1}) {
				if err != nil {
					break
				}
				n++
			}
			if n != c.people || c.code == "" && err != nil || c.code != "" && !core.HasCode(err, c.code) {
				t.Errorf("%d people, %v", n, err)
			}
		})
	}
}

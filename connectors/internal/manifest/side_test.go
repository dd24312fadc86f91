package manifest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"rollcall/core"
)

// side is Side HR, whose people are read in pages of two, with lists beside them.
const side = smallSpec + `known: {company: {get: /whoami, at: company.id}, none: {get: /nobody, at: id, optional: true}}
base: https://side.example
lookups:
  units: {get: "/{company}/units", id: [level, code], name: name, for: [department]}
  firm: {get: "/{company}/firm", one: true, id: id, name: name}
people:
  get: "/{company}/people"
  page: {number: {param: page, first: 1}, size: {param: size, is: 2}}
  rowId: [id, firm]
  join:
    phones: {get: "/{company}/phones", page: {number: {param: page, first: 1}, size: {param: size, is: 2}}, key: owner, fold: true, one: true}
  fields:
    externalId: id
    legalEntity: {from: firm, in: firm}
    mobilePhone: phones.number
  custom: {rest: true}
`

func sideServer(asked *[]string) http.HandlerFunc {
	answers := map[string]string{
		"/whoami?": `{"company":{"id":"c1"}}`, "/c1/firm?": `{"id":"f1","name":"Side Ltd"}`,
		"/c1/units?":               `[{"level":1,"code":"A","name":"Lab"},{"level":2,"code":"A","name":"Cost of lab"}]`,
		"/c1/people?page=1&size=2": `[{"id":"Ab","firm":"f1","shoe":42},{"id":"Ab","firm":"f2","shoe":43}]`,
		"/c1/people?page=2&size=2": `[{"id":"Cd","firm":"f2"}]`,
	}
	return func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.URL.Path)
		answer, ok := answers[r.URL.Path+"?"+r.URL.RawQuery]
		if r.URL.Path == "/c1/phones" { // it has no pages
			answer, ok = `[{"owner":"aB","number":"7"},{"owner":"cd","number":"8"}]`, true
		}
		if !ok {
			w.WriteHeader(404)
			return
		}
		fmt.Fprint(w, answer)
	}
}

func TestListsBesidePeopleAreRead(t *testing.T) {
	var asked, got []string
	s := source(t, side, sideServer(&asked))
	for p, err := range s.People(t.Context(), core.Want{Leavers: -1}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.Join([]string{p.ID(), p.Value("legalEntity"), p.Value("mobilePhone"), p.Value("custom.shoe")}, " "))
	}
	if want := []string{"Ab Side Ltd 7 42", "Cd  8 "}; !slices.Equal(got, want) {
		t.Errorf("people are %q, and should be %q: the first row of a person counts, and a page that is missing after a short one is the end", got, want)
	}
	fields, err := s.Fields(t.Context())
	if err != nil || !slices.ContainsFunc(fields, func(f core.Field) bool { return f.ID == "custom.shoe" }) {
		t.Errorf("%v, %v", fields, err)
	}
}

func TestListsAreReadForWantedFieldsAlone(t *testing.T) {
	for field, path := range map[string]string{"department": "/c1/units", "legalEntity": "/c1/firm", "mobilePhone": "/c1/phones"} {
		for _, wanted := range []string{field, "externalId"} {
			var asked []string
			for _, err := range source(t, side, sideServer(&asked)).People(t.Context(), core.Want{Fields: []string{wanted}, Leavers: -1}) {
				if err != nil {
					t.Fatal(err)
				}
			}
			if slices.Contains(asked, path) != (wanted == field) {
				t.Errorf("for %s these were asked: %v", wanted, asked)
			}
		}
	}
}

func TestLookupsMayHaveIDsOfSeveralParts(t *testing.T) {
	n := Names{ID: Paths{"level", "code"}}
	if got := n.id(map[string]any{"level": "2", "code": " A "}); got != "2/A" {
		t.Errorf("the id is %q", got)
	}
}

func TestReadingNeedsWhatIsToBeKnownFirst(t *testing.T) {
	var asked []string
	s := source(t, strings.Replace(side, "company.id", "company.name", 1), sideServer(&asked))
	if _, err := s.Check(t.Context()); !core.HasCode(err, core.BadData) {
		t.Errorf("got %v", err)
	}
}

package manifest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"rollcall/core"
)

func TestFirstPageIsAskedForWithoutItsNumber(t *testing.T) {
	text := strings.Replace(acme, "PAGING", "page: {number: {param: page, first: 1, later: true, more: total}}\n  total: total", 1)
	var asked []string
	s := source(t, text, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/employees" {
			asked = append(asked, r.URL.RawQuery)
		}
		server(w, r)
	})
	n := 0
	for _, err := range s.People(t.Context(), core.Want{Leavers: -1}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if is := fmt.Sprint(asked); n != len(people) || is != "[ page=2 page=3]" {
		t.Errorf("%d people came by %s", n, is)
	}
}

func TestCustomDateIsGivenAsDay(t *testing.T) {
	text := strings.Replace(acme, "PAGING", pagings["offset"], 1)
	text = strings.Replace(text, "label: label, at: extra", "label: label, kind: kind, kinds: {Date: date}, at: extra", 1)
	s := source(t, text, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v1/fields":
			fmt.Fprint(w, `{"data":[{"key":"since","label":"Since","kind":"Date"},{"key":"note","label":"Note","kind":"Text"}]}`)
		case "/v1/employees":
			fmt.Fprint(w, `{"data":[{"id":1,"extra":{"since":"2020-02-29T00:00:00.000Z","note":"2020-02-29T00:00:00.000Z"}}],"total":1}`)
		default:
			server(w, r)
		}
	})
	for p, err := range s.People(t.Context(), core.Want{Leavers: -1}) {
		if err != nil || p.Value("custom.since") != "2020-02-29" || p.Value("custom.note") != "2020-02-29T00:00:00.000Z" {
			t.Errorf("%v, %v", p.Map(), err)
		}
	}
}

package scim

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"rollcall/connectors/internal/servers"
	"rollcall/core"
)

func TestMembersOfManyWritersAreAllKept(t *testing.T) {
	for name, d := range map[string]servers.Dialect{"PATCH": {}, "PUT": {NoPatch: true}, "bulk": {Bulk: true}} {
		t.Run(name, func(t *testing.T) {
			d.Groups = lookedAfter
			target := connect(t, servers.Elimity(t, d), lookedAfter...)
			var all sync.WaitGroup
			for worker := range 4 {
				all.Go(func() {
					var writes []core.Write
					for n := range 25 {
						set := person(worker*25 + n)
						set[core.Groups] = lookedAfter[n%2]
						writes = append(writes, core.Write{Verb: core.Create, Active: true, Set: set})
					}
					for _, w := range target.WriteAll(at(t), writes) {
						if w.Err != nil {
							t.Error(w.Err)
						}
					}
				})
			}
			all.Wait()
			counts := map[string]int{}
			for a, err := range target.Accounts(at(t), []string{core.Groups}) {
				if err != nil {
					t.Fatal(err)
				}
				counts[a.Value(core.Groups)]++
			}
			if got := fmt.Sprint(counts); got != fmt.Sprint(map[string]int{lookedAfter[0]: 52, lookedAfter[1]: 48}) {
				t.Errorf("members are %s", got)
			}
		})
	}
}

func TestOthersWhoWentFromAGroupArePutBack(t *testing.T) {
	target := connect(t, servers.Elimity(t, servers.Dialect{Groups: lookedAfter, EmptiesGroup: true}), "sales")
	ids := make([]string, 4)
	for n := range ids {
		set := person(n)
		set[core.Groups] = "Sales"
		ids[n] = write(t, target, core.Write{Verb: core.Create, Active: true, Set: set}).Account
	}
	for _, id := range ids[:2] {
		write(t, target, core.Write{Verb: core.Update, Account: id, Set: map[string]string{core.Groups: ""}})
	}
	var left []string
	for a, err := range target.Accounts(at(t), []string{core.Groups}) {
		if err != nil {
			t.Fatal(err)
		}
		if a.Value(core.Groups) == "Sales" {
			left = append(left, a.ID())
		}
	}
	if fmt.Sprint(left) != fmt.Sprint(ids[2:]) {
		t.Errorf("in the group are %v, should be %v", left, ids[2:])
	}
}

const twoGroups = `{"totalResults":3,"Resources":[{"id":"g1","displayName":"Sales"},{"id":"g2","displayName":"Staff"},{"id":"g3","displayName":"staff"}]}`

func TestGroupsThatTheConnectionNames(t *testing.T) {
	for name, c := range map[string]struct {
		lines string
		want  string // the choices, or the beginning of a problem
	}{
		"by name and ID":     {"sales\n\n g2 \nSales", "Sales Staff"},
		"none there":         {"Marketing", "bad_option"},
		"two of one name":    {"Staff", "bad_option"},
		"two of one name, 2": {"g2\ng3", "bad_option"},
	} {
		t.Run(name, func(t *testing.T) {
			a, _ := script(t, map[string]http.HandlerFunc{"GET /Groups": answer(200, twoGroups)})
			a["groups"] = core.Secret(c.lines)
			target, err := newTarget(a, core.Env{})
			if err != nil {
				t.Fatal(err)
			}
			attributes, err := target.Attributes(t.Context())
			got := ""
			if err != nil {
				got = string(core.AsProblem(err).Code)
			} else {
				for _, choice := range attributes[len(attributes)-1].Choices {
					got += " " + choice.Value
				}
			}
			if strings.TrimSpace(got) != c.want {
				t.Errorf("got %s, %v", got, err)
			}
		})
	}
}

func TestMembersThatCannotBeReadAreNobodysLeaving(t *testing.T) {
	a, _ := script(t, map[string]http.HandlerFunc{"GET /Groups": answer(200, twoGroups), "GET /Groups/g1": answer(500, ""), "GET /Users": answer(200, `{"totalResults":1,"Resources":[{"id":"1"}]}`)})
	a["groups"] = "Sales"
	target, err := newTarget(a, core.Env{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err = range target.Accounts(at(t), nil) {
		n++
	}
	if n != 1 || !core.HasCode(err, core.ServerFault) {
		t.Errorf("%d came, %v", n, err)
	}
	for range target.Accounts(at(t), []string{"userName"}) {
		n++
	}
	if n != 2 {
		t.Errorf("without groups %d came", n-1)
	}
}

func TestRightsOfWritingAreNotKnownBeforehand(t *testing.T) {
	for groups, want := range map[string]int{"": 4, "sales": 5} {
		health, err := connect(t, servers.Elimity(t, servers.Dialect{Groups: lookedAfter}), strings.Fields(groups)...).Check(t.Context())
		if err != nil || len(health.Rights) != want {
			t.Fatalf("%d rights, %v", len(health.Rights), err)
		}
		for _, r := range health.Rights {
			if !r.Granted || r.Unsure != (len(r.For) > 0) {
				t.Errorf("%s: %+v", r.ID, r)
			}
		}
	}
}

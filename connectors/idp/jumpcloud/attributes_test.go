package jumpcloud

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/core"
)

func TestListsAreSentWholeWithWhatWasInThem(t *testing.T) {
	before := object{
		"phoneNumbers": []any{object{"id": "1", "type": "work", "number": "1"}, object{"type": "home", "number": "2"}, object{"type": "work", "number": "3"}},
		"addresses":    []any{object{"id": "2", "type": "work", "streetAddress": "Storgatan 1", "country": "SE", "poBox": nil}},
		"attributes":   []any{object{"name": "badge", "value": "B-1"}, object{"name": "shoes", "value": "44"}},
	}
	for name, c := range map[string]struct {
		set  map[string]string
		want object
	}{
		"another number":      {map[string]string{"phoneNumbers.work": "9"}, object{"phoneNumbers": []object{{"type": "work", "number": "9"}, {"type": "home", "number": "2"}, {"type": "work", "number": "3"}}}},
		"no number":           {map[string]string{"phoneNumbers.work": ""}, object{"phoneNumbers": []object{{"type": "home", "number": "2"}}}},
		"one more number":     {map[string]string{"phoneNumbers.work": "", "phoneNumbers.mobile": "7"}, object{"phoneNumbers": []object{{"type": "home", "number": "2"}, {"type": "mobile", "number": "7"}}}},
		"a part of a place":   {map[string]string{"addresses.work.country": "DE"}, object{"addresses": []object{{"type": "work", "streetAddress": "Storgatan 1", "country": "DE"}}}},
		"no place":            {map[string]string{"addresses.work.country": "", "addresses.work.streetAddress": ""}, object{"addresses": []object{}}},
		"what was not there":  {map[string]string{"addresses.home.country": ""}, object{"addresses": []object{{"type": "work", "streetAddress": "Storgatan 1", "country": "SE"}}}},
		"custom, another":     {map[string]string{"attributes.Badge": "B-2"}, object{"attributes": []object{{"name": "badge", "value": "B-2"}, {"name": "shoes", "value": "44"}}}},
		"custom, none":        {map[string]string{"attributes.Badge": ""}, object{"attributes": []object{{"name": "shoes", "value": "44"}}}},
		"custom, a new one":   {map[string]string{"attributes.hireDate": "2027-01-04"}, object{"attributes": []object{{"name": "badge", "value": "B-1"}, {"name": "shoes", "value": "44"}, {"name": "hireDate", "value": "2027-01-04"}}}},
		"an object":           {map[string]string{"recoveryEmail": ""}, object{"recoveryEmail": object{"address": ""}}},
		"nothing but a value": {map[string]string{"jobTitle": ""}, object{"jobTitle": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			d := &directory{attributes: append(customAttributes([]string{"Badge", "badge", "hireDate"}), standard...)}
			checked, err := d.checked(core.Write{Verb: core.Update, Set: c.set})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, checked.body(before)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if n := len(customAttributes([]string{"Badge", "badge", "hireDate"})); n != 2 {
		t.Errorf("%d custom attributes, of three names of which two differ in case alone", n)
	}
}

func TestGroupsThatARuleFillsAreNotLookedAfter(t *testing.T) {
	all := []group{{ID: "g1", Name: "Sales"}, {ID: "g2", Name: "Twice"}, {ID: "g3", Name: "Twice"}, {ID: "g4", Name: "Ruled", Automated: true}}
	for name, want := range map[string]string{"Sales": "g1", "g1": "g1", "g3": "g3", "Twice": "", "Ruled": "", "None": ""} {
		got, err := one(all, name)
		if got.ID != want || (err == nil) != (want != "") || err != nil && !core.HasCode(err, core.BadOption) {
			t.Errorf("%s is %q, %v; want %q", name, got.ID, err, want)
		}
	}
}

func TestWhoIsInAGroupOfAGroupIsNotInIt(t *testing.T) {
	step := object{}
	for name, c := range map[string]struct {
		paths [][]any
		want  bool
	}{
		"himself":             {[][]any{{step}}, true},
		"through another":     {[][]any{{step, step}}, false},
		"both":                {[][]any{{step, step}, {step}}, true},
		"without any account": {nil, true},
	} {
		if got := (ancestor{Paths: c.paths}).direct(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWhoWaitsForAnAdministrator(t *testing.T) {
	for name, c := range map[string]struct {
		person       object
		staged, want bool
	}{
		"staged, where administrators activate": {object{"state": staged}, true, true},
		"staged, where we do":                   {object{"state": staged}, false, false},
		"activated":                             {object{"state": activated, "suspended": false}, true, true},
		"suspended":                             {object{"state": suspended, "suspended": true}, true, false},
		"suspended, of an older kind":           {object{"suspended": true}, true, false},
		"locked":                                {object{"state": activated, "account_locked": true}, false, true},
	} {
		if got := (packer{staged: c.staged}).active(c.person); got != c.want {
			t.Errorf("%s: active is %v", name, got)
		}
	}
	back := object{}
	(&Target{staged: true}).setState(back, object{"state": suspended, "activated": false}, true)
	if diff := cmp.Diff(object{"state": staged, "suspended": false}, back); diff != "" {
		t.Errorf("who was never activated comes back as %s", diff)
	}
}

package people

import (
	"bytes"
	"iter"
	"testing"

	"rollcall/connectors/idp/practice"
	"rollcall/core"
)

// shelf is a shelf in a map, in order of putting.
type shelf struct {
	keys   []string
	values map[string][]byte
}

func (s *shelf) Get(_, key string) ([]byte, error) { return s.values[key], nil }

func (s *shelf) Put(_ string, values map[string][]byte) error {
	for k, v := range values {
		if s.values[k] == nil {
			s.keys = append(s.keys, k)
		}
		s.values[k] = bytes.Clone(v)
	}
	return nil
}

func (s *shelf) All(string) iter.Seq2[core.Item, error] {
	return func(yield func(core.Item, error) bool) {
		for _, k := range s.keys {
			if !yield(core.Item{Key: k, Value: s.values[k]}, nil) {
				return
			}
		}
	}
}

func directory(t *testing.T) (core.Target, string) {
	t.Helper()
	target, err := practice.NewTarget(nil, core.Env{Shelf: &shelf{values: map[string][]byte{}}})
	if err != nil {
		t.Fatal(err)
	}
	boss, err := target.Write(t.Context(), core.Write{Verb: core.Create, Active: true, Set: map[string]string{"userName": "ada", "firstName": "Ada", "lastName": "Berg"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = target.Write(t.Context(), core.Write{Verb: core.Create, Set: map[string]string{"userName": "bo", "firstName": "Bo", "lastName": "Lund", "manager": boss.Account}})
	if err != nil {
		t.Fatal(err)
	}
	return target, boss.Account
}

var fields = []Field{{"firstName", "firstName"}, {"managerId", "manager"}, {"team", "noSuchAttribute"}}

func people(t *testing.T, s *Source, want core.Want) []core.Person {
	t.Helper()
	var all []core.Person
	for p, err := range s.People(t.Context(), want) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func TestAccountsArePeople(t *testing.T) {
	target, boss := directory(t)
	all := people(t, New(target, fields), core.Want{})
	if len(all) != 3 {
		t.Fatalf("%d people", len(all))
	}
	bo := all[2]
	for id, want := range map[string]string{"firstName": "Bo", "managerId": boss, "employmentStatus": core.StatusTerminated, "response.userName": "bo"} {
		if got := bo.Value(id); got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
	if all[1].ID() != boss || all[1].Value("employmentStatus") != core.StatusActive {
		t.Errorf("Ada is %v", all[1].Map())
	}
}

func TestWantedFieldsOnlyAndTheTwoThatAlwaysCome(t *testing.T) {
	target, _ := directory(t)
	p := people(t, New(target, fields), core.Want{Fields: []string{"response.lastName"}})[1]
	if n := len(p.Schema().Fields()); n != 3 || p.Value("response.lastName") != "Berg" || p.ID() == "" || p.Value(status) == "" {
		t.Errorf("%d fields: %v", n, p.Map())
	}
}

func TestFieldsAreThoseThatTheDirectoryHas(t *testing.T) {
	target, _ := directory(t)
	all, err := New(target, fields).Fields(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]core.Field{}
	for _, f := range all {
		has[f.ID] = f
	}
	if _, ok := has["team"]; ok {
		t.Error("a field is offered whose attribute is not there")
	}
	if has["managerId"].Kind != core.Reference || !has["response.title"].Custom || has["externalId"].Label == "" {
		t.Errorf("offered %v", all)
	}
}

package localstore

import (
	"fmt"
	"testing"

	"rollcall/core"
)

func TestShelfKeepsValuesByBucketAndKey(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		f := s.Shelf(addConnection(t, s, "A").ID)
		other := s.Shelf(addConnection(t, s, "B").ID)
		ok(t, f.Put("people", map[string][]byte{"b": []byte("2"), "a": []byte("1"), "": {}, "c": []byte("3")}))
		ok(t, f.Put("people", map[string][]byte{"a": []byte("one"), "c": nil, "never": nil}))
		ok(t, f.Put("groups", map[string][]byte{"a": []byte("group")}))
		ok(t, other.Put("people", map[string][]byte{"a": []byte("another's")}))

		var got []core.Item
		for item, err := range f.All("people") {
			ok(t, err)
			got = append(got, item)
		}
		same(t, got, []core.Item{{Key: "", Value: []byte{}}, {Key: "a", Value: []byte("one")}, {Key: "b", Value: []byte("2")}})
		for key, want := range map[string][]byte{"a": []byte("one"), "": {}, "c": nil} {
			same(t, must[[]byte](t)(f.Get("people", key)), want)
		}
		wantProblem(t, s.Shelf("none").Put("people", map[string][]byte{"a": nil, "b": {}}), core.NotFound, "connection")
	})
}

func TestShelfCanBeWrittenWhileItIsReadThrough(t *testing.T) {
	both(t, func(t *testing.T, s *Store, _ *clock) {
		f := s.Shelf(addConnection(t, s, "A").ID)
		ok(t, f.Put("x", map[string][]byte{"a": {1}, "b": {2}}))
		for item, err := range f.All("x") {
			ok(t, err)
			ok(t, f.Put("x", map[string][]byte{item.Key: nil}))
		}
		empty(t, s, "shelf")
	})
}

func TestShelfPutsAllOrNone(t *testing.T) {
	o, _ := options(t)
	s := open(t, o)
	f := s.Shelf(addConnection(t, s, "A").ID)
	limitPages(t, s, 64)
	values := map[string][]byte{}
	for i := range 200 {
		values[fmt.Sprint(i)] = randomBytes(4000)
	}
	wantProblem(t, f.Put("x", values), core.DiskFull, s.Path())
	empty(t, s, "shelf")
}

func TestSettingsComeBackAndHaveDefaults(t *testing.T) {
	type look struct{ Theme string }
	both(t, func(t *testing.T, s *Store, _ *clock) {
		got := look{"light"}
		ok(t, s.Setting(t.Context(), "look", &got))
		same(t, got, look{"light"})
		ok(t, s.SaveSetting(t.Context(), "look", look{"dark"}))
		ok(t, s.SaveSetting(t.Context(), "look", look{"system"}))
		ok(t, s.Setting(t.Context(), "look", &got))
		same(t, got, look{"system"})
	})
}

package match

import (
	"hash/maphash"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// index finds places by folded key. It keeps eight bytes a slot instead of a map's
// string header, since a million accounts are looked up under several keys; a part of
// the hash stands beside the place, so that a record is only looked at when it is
// almost surely the right one.
type index struct {
	seed   maphash.Seed
	slots  []slot
	next   []int32 // place + 1 of another place with the same key; made for the first twin
	key    func(place int32) string
	places int
}

type slot struct {
	hash  uint32
	place int32 // place + 1
}

func newIndex(n int, key func(int32) string) *index {
	size := 16
	for size < n+n/2 {
		size *= 2
	}
	x := &index{seed: maphash.MakeSeed(), slots: make([]slot, size), key: key, places: n}
	for i := range int32(n) {
		if k := key(i); k != "" {
			x.add(i, k)
		}
	}
	return x
}

func (x *index) add(place int32, key string) {
	s, hash := x.find(key)
	if first := x.slots[s].place; first != 0 {
		if x.next == nil {
			x.next = make([]int32, x.places)
		}
		x.next[place] = first
	}
	x.slots[s] = slot{hash, place + 1}
}

// find gives the slot of a key: the one it stands in or the free one where it belongs.
func (x *index) find(key string) (at int, hash uint32) {
	h := maphash.String(x.seed, key)
	mask := len(x.slots) - 1
	at, hash = int(h)&mask, uint32(h>>32)
	for {
		s := x.slots[at]
		if s.place == 0 || s.hash == hash && x.key(s.place-1) == key {
			return at, hash
		}
		at = (at + 1) & mask
	}
}

// first gives one place with that key, or -1.
func (x *index) first(key string) int32 {
	if key == "" {
		return -1
	}
	at, _ := x.find(key)
	return x.slots[at].place - 1
}

// after gives the next place with the same key as place, or -1.
func (x *index) after(place int32) int32 {
	if x.next == nil {
		return -1
	}
	return x.next[place] - 1
}

// twins says that some key is at several places.
func (x *index) twins() bool { return x.next != nil }

// Fold makes two spellings of a key equal: blanks cut, case folded, composed (NFC).
func Fold(s string) string {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c <= ' ' || 'A' <= c && c <= 'Z' {
			return norm.NFC.String(cases.Fold().String(strings.TrimSpace(s)))
		}
	}
	return s
}

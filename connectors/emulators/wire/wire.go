// Package wire holds what the emulators share: what a vendor's emulator has to offer, the company it shows, pages, tokens
// and answers. A vendor's own shapes stand in its own folder.
package wire

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"rollcall/connectors/emulators/seed"
)

// Vendor is the vendor's side of one API.
type Vendor interface {
	http.Handler
	// Options are the answers that a person would type to reach this emulator.
	Options() map[string]string
	// Refuse answers r with the vendor's own shape of that status.
	Refuse(w http.ResponseWriter, r *http.Request, status int)
	// GivesTokens tells whether r asks for a token or for consent rather than for data.
	GivesTokens(r *http.Request) bool
	// Truth is the canonical record of e read on that day, or nil where the API shows none.
	Truth(e seed.Employee, day time.Time) map[string]string
}

// World is what a vendor's emulator stands in.
type World struct {
	People  []seed.Employee // linked
	Way     string          // one of the vendor's ways of signing in, or its usual one if empty
	PageCap int             // rows a page at most, or the vendor's own limit if 0
	Hidden  map[string]bool // vendor fields that these credentials may not see
	Pages   *Pages
	Tokens  *Tokens
	Writing // of directories
	Meter   Meter

	// Door takes the calls inside a batch as the server takes others, so that they are noted, counted and met by faults.
	Door http.Handler
	// Part lets a fault answer a part of a batch, as it answers a call; it reports false if the vendor has to.
	Part func(w http.ResponseWriter, r *http.Request) bool

	indexing sync.Once
	byID     map[string]int
}

// Find gives the person with that id, also one who has been removed.
func (w *World) Find(id string) (e seed.Employee, ok bool) {
	w.indexing.Do(func() {
		w.byID = make(map[string]int, len(w.People))
		for i := range w.People {
			w.byID[strconv.Itoa(w.People[i].ID)] = i
		}
	})
	i, ok := w.byID[id]
	if !ok {
		return seed.Employee{}, false
	}
	return w.People[i], true
}

// Living gives the people who have not been removed from the system.
func (w *World) Living() []seed.Employee {
	living := make([]seed.Employee, 0, len(w.People))
	for _, e := range w.People {
		if !e.Removed {
			living = append(living, e)
		}
	}
	return living
}

// PageSize is the number of rows that a page of the asked size gets.
func (w *World) PageSize(asked int) int {
	if w.PageCap > 0 {
		return min(asked, w.PageCap)
	}
	return asked
}

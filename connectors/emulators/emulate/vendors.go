package emulate

import (
	"rollcall/connectors/emulators/bamboohr"
	"rollcall/connectors/emulators/officient"
	"rollcall/connectors/emulators/personio"
	"rollcall/connectors/emulators/wire"
)

// maker is how a vendor's emulator is made, and its ways of signing in or of being read; the first is the usual one.
type maker struct {
	make func(*wire.World) wire.Vendor
	ways []Way
}

// Way is a way of signing in or of being read, and what it has not, so that no law asks for it.
type Way struct {
	Name    string
	Whole   bool // everybody comes in one answer, without pages
	Cursor  bool // pages hang on a cursor, which somebody who leaves the list does not move
	Key     bool // what is sent never ends and cannot be renewed
	Consent bool // a person allows it in a browser
	// Lacks are statuses that the API cannot tell, and "leavers" where nobody who left has an end date.
	Lacks []string
}

var vendors = map[string]maker{
	"bamboohr":  {bamboohr.New, []Way{{Name: "key", Key: true}, {Name: bamboohr.OAuth, Consent: true}}},
	"officient": {officient.New, []Way{{Name: "token", Key: true}, {Name: officient.OAuth, Consent: true}}},
	"personio":  {personio.New, []Way{{Name: "v1"}, {Name: personio.V2, Cursor: true}}},
}

package emulate

import (
	"rollcall/connectors/emulators/adp"
	"rollcall/connectors/emulators/afas"
	"rollcall/connectors/emulators/alexishr"
	"rollcall/connectors/emulators/bamboohr"
	"rollcall/connectors/emulators/boondmanager"
	"rollcall/connectors/emulators/breathehr"
	"rollcall/connectors/emulators/catalystone"
	"rollcall/connectors/emulators/cezannehr"
	"rollcall/connectors/emulators/charliehr"
	"rollcall/connectors/emulators/deel"
	"rollcall/connectors/emulators/entraid"
	"rollcall/connectors/emulators/eurecia"
	"rollcall/connectors/emulators/factorial"
	"rollcall/connectors/emulators/googleworkspace"
	"rollcall/connectors/emulators/gusto"
	"rollcall/connectors/emulators/haileyhr"
	"rollcall/connectors/emulators/heavenhr"
	"rollcall/connectors/emulators/hibob"
	"rollcall/connectors/emulators/hrworks"
	"rollcall/connectors/emulators/humaans"
	"rollcall/connectors/emulators/iriscascade"
	"rollcall/connectors/emulators/jumpcloud"
	"rollcall/connectors/emulators/kallidus"
	"rollcall/connectors/emulators/kenjo"
	"rollcall/connectors/emulators/lucca"
	"rollcall/connectors/emulators/nmbrs"
	"rollcall/connectors/emulators/officient"
	"rollcall/connectors/emulators/okta"
	"rollcall/connectors/emulators/paylocity"
	"rollcall/connectors/emulators/peoplehr"
	"rollcall/connectors/emulators/personio"
	"rollcall/connectors/emulators/planday"
	"rollcall/connectors/emulators/remote"
	"rollcall/connectors/emulators/sagehr"
	"rollcall/connectors/emulators/sagepeople"
	"rollcall/connectors/emulators/sesamehr"
	"rollcall/connectors/emulators/successfactors"
	"rollcall/connectors/emulators/ukgpro"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/emulators/workday"
	"rollcall/connectors/emulators/youforce"
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
	Blind   bool // nothing tells that somebody left the list between two pages: no total, no cursor
	Key     bool // what is sent never ends and cannot be renewed
	Consent bool // a person allows it in a browser
	NoSince bool // changes since a time cannot be read this way, though they can another way
	// Lacks are statuses that the API cannot tell, and "leavers" where nobody who left has an end date.
	Lacks []string
}

var vendors = map[string]maker{
	"adp":          {adp.New, []Way{{Name: "mtls"}}},
	"afas":         {afas.New, []Way{{Name: "token", Key: true, Blind: true, Lacks: []string{"on_leave"}}}},
	"alexishr":     {alexishr.New, []Way{{Name: "token", Key: true, Lacks: []string{"unknown"}}}},
	"bamboohr":     {bamboohr.New, []Way{{Name: "key", Key: true}, {Name: bamboohr.OAuth, Consent: true}}},
	"boondmanager": {boondmanager.New, []Way{{Name: "jwt", Key: true}, {Name: boondmanager.Basic, Key: true}}},
	"breathehr":    {breathehr.New, []Way{{Name: "key", Key: true, Lacks: []string{"on_leave"}}}},
	"catalystone":  {catalystone.New, []Way{{Name: "client", Whole: true}}},
	"cezannehr":    {cezannehr.New, []Way{{Name: "client", Cursor: true, Lacks: []string{"on_leave"}}}},
	"charliehr":    {charliehr.New, []Way{{Name: "key", Key: true, Lacks: []string{"on_leave"}}}},
	"deel":         {deel.New, []Way{{Name: "token", Key: true}}},
	"entraid": {entraid.New, []Way{{Name: "secret", Cursor: true, Lacks: []string{"unknown"}},
		{Name: entraid.Certificate, Cursor: true, Lacks: []string{"unknown"}},
		{Name: entraid.OAuth, Cursor: true, Consent: true, Lacks: []string{"unknown"}}}},
	"eurecia": {eurecia.New, []Way{{Name: "key", Lacks: []string{"on_leave", "unknown"}}}},
	"factorial": {factorial.New, []Way{{Name: "key", Cursor: true, Key: true, Lacks: []string{"unknown"}},
		{Name: factorial.OAuth, Cursor: true, Consent: true, Lacks: []string{"unknown"}}}},
	"googleworkspace": {googleworkspace.New, []Way{{Name: googleworkspace.Service, Cursor: true, Lacks: []string{"on_leave", "unknown", "leavers"}},
		{Name: googleworkspace.OAuth, Cursor: true, Consent: true, Lacks: []string{"on_leave", "unknown", "leavers"}}}},
	"gusto":       {gusto.New, []Way{{Name: gusto.OAuth, Consent: true, Lacks: []string{"on_leave"}}}},
	"haileyhr":    {haileyhr.New, []Way{{Name: "token", Whole: true, Key: true, Lacks: []string{"on_leave"}}}},
	"heavenhr":    {heavenhr.New, []Way{{Name: "client"}}},
	"hibob":       {hibob.New, []Way{{Name: "key", Whole: true, Key: true}}},
	"hrworks":     {hrworks.New, []Way{{Name: "keypair", Blind: true, Lacks: []string{"on_leave"}}}},
	"humaans":     {humaans.New, []Way{{Name: "token", Key: true, Lacks: []string{"on_leave"}}}},
	"iriscascade": {iriscascade.New, []Way{{Name: "client", Lacks: []string{"on_leave"}}}},
	"jumpcloud": {jumpcloud.New, []Way{{Name: jumpcloud.Key, Key: true, Lacks: []string{"on_leave", "unknown", "leavers"}},
		{Name: jumpcloud.EU, Key: true, Lacks: []string{"on_leave", "unknown", "leavers"}},
		{Name: jumpcloud.India, Key: true, Lacks: []string{"on_leave", "unknown", "leavers"}}}},
	"kallidus": {kallidus.New, []Way{{Name: "us", Key: true, Lacks: []string{"on_leave"}}, {Name: kallidus.UK, Key: true, Lacks: []string{"on_leave"}}}},
	"kenjo":    {kenjo.New, []Way{{Name: "key", Whole: true, Lacks: []string{"on_leave", "leavers"}}}},
	"lucca":    {lucca.New, []Way{{Name: "key", Key: true, Lacks: []string{"on_leave"}}}},
	"nmbrs": {nmbrs.New, []Way{{Name: nmbrs.OAuth, Consent: true, Lacks: []string{"on_leave"}},
		{Name: nmbrs.SOAP, Whole: true, Key: true, Lacks: []string{"on_leave"}}}},
	"officient": {officient.New, []Way{{Name: "token", Key: true}, {Name: officient.OAuth, Consent: true}}},
	"okta": {okta.New, []Way{{Name: "token", Key: true, Cursor: true, Lacks: []string{"unknown", "leavers"}},
		{Name: okta.Service, Cursor: true, Lacks: []string{"unknown", "leavers"}},
		{Name: okta.OAuth, Cursor: true, Consent: true, Lacks: []string{"unknown", "leavers"}}}},
	"paylocity":      {paylocity.New, []Way{{Name: "nextgen", Cursor: true}, {Name: paylocity.WebLink}}},
	"peoplehr":       {peoplehr.New, []Way{{Name: "key", Whole: true, Key: true, Lacks: []string{"on_leave"}}}},
	"personio":       {personio.New, []Way{{Name: "v1"}, {Name: personio.V2, Cursor: true, NoSince: true}}},
	"planday":        {planday.New, []Way{{Name: "refresh", Lacks: []string{"on_leave", "unknown"}}}},
	"remote":         {remote.New, []Way{{Name: "token", Key: true, Lacks: []string{"on_leave"}}}},
	"sagehr":         {sagehr.New, []Way{{Name: "key", Key: true, Lacks: []string{"on_leave", "unknown"}}}},
	"sagepeople":     {sagepeople.New, []Way{{Name: "password", Cursor: true}}},
	"sesamehr":       {sesamehr.New, []Way{{Name: "token", Key: true, Lacks: []string{"on_leave"}}}},
	"successfactors": {successfactors.New, []Way{{Name: "basic", Cursor: true, Key: true}, {Name: successfactors.SAML, Cursor: true}}},
	"ukgpro":         {ukgpro.New, []Way{{Name: "key", Key: true, Blind: true}}},
	"workday":        {workday.New, []Way{{Name: "report", Whole: true, Key: true}, {Name: workday.SOAP, Key: true}}},
	"youforce": {youforce.New, []Way{{Name: youforce.Connect, Cursor: true, Lacks: []string{"on_leave"}},
		{Name: youforce.YouServe, Cursor: true, Lacks: []string{"on_leave"}}}},
}

// Package connectors is the catalogue of every system that Rollcall can read or write.
// It is a value: nothing registers itself. A vendor that its manifest describes in full
// is found by itself; one that is written in Go has a line here.
package connectors

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/hbollon/go-edlib"

	"rollcall/connectors/file"
	"rollcall/connectors/file/drop"
	"rollcall/connectors/hris/adp"
	"rollcall/connectors/hris/afas"
	"rollcall/connectors/hris/alexishr"
	"rollcall/connectors/hris/bamboohr"
	"rollcall/connectors/hris/boondmanager"
	"rollcall/connectors/hris/catalystone"
	"rollcall/connectors/hris/cezannehr"
	"rollcall/connectors/hris/charliehr"
	"rollcall/connectors/hris/custom"
	"rollcall/connectors/hris/deel"
	"rollcall/connectors/hris/eurecia"
	"rollcall/connectors/hris/factorial"
	"rollcall/connectors/hris/gusto"
	"rollcall/connectors/hris/haileyhr"
	"rollcall/connectors/hris/hibob"
	"rollcall/connectors/hris/hrworks"
	"rollcall/connectors/hris/humaans"
	"rollcall/connectors/hris/iriscascade"
	"rollcall/connectors/hris/kallidus"
	"rollcall/connectors/hris/kenjo"
	"rollcall/connectors/hris/lucca"
	"rollcall/connectors/hris/nmbrs"
	"rollcall/connectors/hris/officient"
	"rollcall/connectors/hris/paylocity"
	"rollcall/connectors/hris/peoplehr"
	"rollcall/connectors/hris/personio"
	"rollcall/connectors/hris/planday"
	"rollcall/connectors/hris/remote"
	"rollcall/connectors/hris/sagepeople"
	"rollcall/connectors/hris/sample"
	"rollcall/connectors/hris/sesamehr"
	"rollcall/connectors/hris/successfactors"
	"rollcall/connectors/hris/ukgpro"
	"rollcall/connectors/hris/workday"
	"rollcall/connectors/hris/youforce"
	"rollcall/connectors/idp/entraid"
	"rollcall/connectors/idp/googleworkspace"
	"rollcall/connectors/idp/jumpcloud"
	"rollcall/connectors/idp/ldap"
	"rollcall/connectors/idp/okta"
	"rollcall/connectors/idp/practice"
	"rollcall/connectors/idp/scim"
	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

//go:embed hris/*/manifest.yaml
var manifests embed.FS

type (
	source = func(core.Answers, core.Env) (core.Source, error)
	target = func(core.Answers, core.Env) (core.Target, error)
)

// entry is a connector with its ends; nil where it has no such end.
type entry struct {
	spec   core.Spec
	source source
	target target
	// standard gives the attributes that are known before anyone connects.
	standard func() []core.Attribute
	// manifest gives as a manifest what complete answers describe; see core.CanManifest.
	manifest func(core.Answers) ([]byte, error)
}

// coded are the connectors that are written in Go, in alphabetical order.
var coded = map[string]entry{
	"adp":             {spec: adp.Spec(), source: adp.NewSource},
	"afas":            {spec: afas.Spec(), source: afas.NewSource},
	"alexishr":        {spec: alexishr.Spec(), source: alexishr.NewSource},
	"azuread":         {spec: entraid.OlderSpec(), source: entraid.NewOlderSource, target: entraid.NewOlderTarget, standard: entraid.Standard},
	"bamboohr":        {spec: bamboohr.Spec(), source: bamboohr.NewSource},
	"boondmanager":    {spec: boondmanager.Spec(), source: boondmanager.NewSource},
	"catalystone":     {spec: catalystone.Spec(), source: catalystone.NewSource},
	"cezannehr":       {spec: cezannehr.Spec(), source: cezannehr.NewSource},
	"charliehr":       {spec: charliehr.Spec(), source: charliehr.NewSource},
	"custom":          {spec: custom.Spec(), source: custom.NewSource, manifest: custom.Manifest},
	"deel":            {spec: deel.Spec(), source: deel.NewSource},
	"entraid":         {spec: entraid.Spec(), source: entraid.NewSource, target: entraid.NewTarget, standard: entraid.Standard},
	"eurecia":         {spec: eurecia.Spec(), source: eurecia.NewSource},
	"factorial":       {spec: factorial.Spec(), source: factorial.NewSource},
	"googleworkspace": {spec: googleworkspace.Spec(), source: googleworkspace.NewSource, target: googleworkspace.NewTarget, standard: googleworkspace.Standard},
	"gusto":           {spec: gusto.Spec(), source: gusto.NewSource},
	"haileyhr":        {spec: haileyhr.Spec(), source: haileyhr.NewSource},
	"hibob":           {spec: hibob.Spec(), source: hibob.NewSource},
	"hrworks":         {spec: hrworks.Spec(), source: hrworks.NewSource},
	"humaans":         {spec: humaans.Spec(), source: humaans.NewSource},
	"iriscascade":     {spec: iriscascade.Spec(), source: iriscascade.NewSource},
	"jumpcloud":       {spec: jumpcloud.Spec(), source: jumpcloud.NewSource, target: jumpcloud.NewTarget, standard: jumpcloud.Standard},
	"kallidus":        {spec: kallidus.Spec(), source: kallidus.NewSource},
	"kenjo":           {spec: kenjo.Spec(), source: kenjo.NewSource},
	"ldap":            {spec: ldap.Spec(), source: ldap.NewSource, target: ldap.NewTarget, standard: ldap.Standard},
	"lucca":           {spec: lucca.Spec(), source: lucca.NewSource},
	"nmbrs":           {spec: nmbrs.Spec(), source: nmbrs.NewSource},
	"officient":       {spec: officient.Spec(), source: officient.NewSource},
	"okta":            {spec: okta.Spec(), source: okta.NewSource, target: okta.NewTarget, standard: okta.Standard},
	"paylocity":       {spec: paylocity.Spec(), source: paylocity.NewSource},
	"peoplehr":        {spec: peoplehr.Spec(), source: peoplehr.NewSource},
	"personio":        {spec: personio.Spec(), source: personio.NewSource},
	"planday":         {spec: planday.Spec(), source: planday.NewSource},
	"practice":        {spec: practice.Spec(), target: practice.NewTarget, standard: practice.Standard},
	"remote":          {spec: remote.Spec(), source: remote.NewSource},
	"sagepeople":      {spec: sagepeople.Spec(), source: sagepeople.NewSource},
	"sample":          {spec: must(sample.Spec()), source: asSource(sample.NewSource)},
	"scim":            {spec: scim.Spec(), source: scim.NewSource, target: scim.NewTarget, standard: scim.Standard},
	"sesamehr":        {spec: sesamehr.Spec(), source: sesamehr.NewSource},
	"sftp":            {spec: drop.Spec(), source: asSource(drop.NewSource)},
	"successfactors":  {spec: successfactors.Spec(), source: successfactors.NewSource},
	"ukgpro":          {spec: ukgpro.Spec(), source: ukgpro.NewSource},
	"workday":         {spec: workday.Spec(), source: workday.NewSource},
	"youforce":        {spec: youforce.Spec(), source: youforce.NewSource},
}

// files are the kinds of file, each with both ends.
func files() map[string]entry {
	entries := map[string]entry{}
	for _, spec := range must(file.Specs()) {
		entries[spec.ID] = entry{
			spec:   spec,
			source: asSource(func(a core.Answers, env core.Env) (*file.Source, error) { return file.NewSource(spec.ID, a, env) }),
			target: asTarget(func(a core.Answers, env core.Env) (*file.Target, error) { return file.NewTarget(spec.ID, a, env) }),
		}
	}
	return entries
}

// asSource makes a constructor of a kind of source into one of any source.
func asSource[S core.Source](make func(core.Answers, core.Env) (S, error)) source {
	return func(a core.Answers, env core.Env) (core.Source, error) {
		s, err := make(a, env)
		if err != nil {
			return nil, err // not s, which would be a source that is nil
		}
		return s, nil
	}
}

// asTarget does the same for targets.
func asTarget[T core.Target](make func(core.Answers, core.Env) (T, error)) target {
	return func(a core.Answers, env core.Env) (core.Target, error) {
		t, err := make(a, env)
		if err != nil {
			return nil, err // not t, which would be a target that is nil
		}
		return t, nil
	}
}

// must takes a value that is part of the program, where an error is our mistake.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Catalogue holds every connector.
type Catalogue struct{ entries map[string]entry }

// All gives the catalogue. A manifest of ours that cannot be read is our mistake, and
// panics in every test.
func All() *Catalogue {
	c := &Catalogue{entries: files()}
	maps.Copy(c.entries, coded)
	for _, name := range must(fs.Glob(manifests, "hris/*/manifest.yaml")) {
		id := strings.Split(name, "/")[1]
		if _, known := c.entries[id]; known {
			continue
		}
		m := manifest.Must(must(manifests.ReadFile(name)))
		if !m.Described() {
			panic(name + " does not say how people are read, and no code does")
		}
		c.entries[id] = described(m)
	}
	return c
}

// described is a vendor that its manifest alone can read.
func described(m *manifest.Manifest) entry {
	return entry{spec: m.Spec, source: func(a core.Answers, env core.Env) (core.Source, error) { return manifest.NewSource(m, a, env) }}
}

// Specs gives all cards, by name.
func (c *Catalogue) Specs() []core.Spec {
	var specs []core.Spec
	for _, e := range c.entries {
		specs = append(specs, e.spec)
	}
	slices.SortFunc(specs, func(a, b core.Spec) int {
		return strings.Compare(strings.ToLower(a.Name+"\x00"+a.ID), strings.ToLower(b.Name+"\x00"+b.ID))
	})
	return specs
}

// Spec gives one card; a NotFound problem names the nearest id.
func (c *Catalogue) Spec(id string) (core.Spec, error) {
	e, err := c.entry(id)
	return e.spec, err
}

// Source makes the source of a connector. The answers are completed and checked first:
// see core.Spec.Complete for the problem. A connector without this end is Unsupported.
func (c *Catalogue) Source(id string, a core.Answers, env core.Env) (core.Source, error) {
	e, full, err := c.complete(id, a)
	if err != nil {
		return nil, err
	}
	if e.source == nil {
		return nil, unsupported(e.spec, "People cannot be read from %s.")
	}
	return e.source(full, env)
}

// Target makes the target of a connector, as Source does.
func (c *Catalogue) Target(id string, a core.Answers, env core.Env) (core.Target, error) {
	e, full, err := c.complete(id, a)
	if err != nil {
		return nil, err
	}
	if e.target == nil {
		return nil, unsupported(e.spec, "%s cannot be written to.")
	}
	return e.target(full, env)
}

// Manifest gives what the answers describe as a manifest that others can use. No
// credentials stand in it: where somebody wrote one into the description itself, that is
// a BadOption problem. A connector that people do not describe (core.CanManifest) is
// Unsupported.
func (c *Catalogue) Manifest(id string, a core.Answers) ([]byte, error) {
	e, err := c.entry(id)
	if err != nil {
		return nil, err
	}
	if e.manifest == nil {
		return nil, &core.Problem{Code: core.Unsupported, What: fmt.Sprintf("%s has no description of its own to export.", e.spec.Name), Fix: "Export a connection to " + custom.Spec().Name + "."}
	}
	full, err := e.spec.Complete(a)
	if err != nil {
		return nil, err
	}
	written, err := e.manifest(full)
	if err != nil {
		return nil, err
	}
	for _, o := range e.spec.Options {
		if secret := full.Get(o.ID); o.Secret && secret != "" && strings.Contains(string(written), secret) {
			return nil, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("The description holds what was answered to “%s”, which is secret.", o.Label),
				Fix: "Take it out of the other answers, then export again."}
		}
	}
	return written, nil
}

func (c *Catalogue) complete(id string, a core.Answers) (entry, core.Answers, error) {
	e, err := c.entry(id)
	if err != nil {
		return entry{}, nil, err
	}
	full, err := e.spec.Complete(a)
	return e, full, err
}

func (c *Catalogue) entry(id string) (entry, error) {
	if e, ok := c.entries[id]; ok {
		return e, nil
	}
	return entry{}, &core.Problem{Code: core.NotFound, What: fmt.Sprintf("There is no connector called %q.", id),
		Fix: fmt.Sprintf("Did you mean %q? “rollcall connectors” lists them all.", c.nearest(id))}
}

// nearest gives the id that is written most like this one.
func (c *Catalogue) nearest(id string) string {
	id = strings.ToLower(id)
	ids := slices.Sorted(maps.Keys(c.entries))
	return slices.MinFunc(ids, func(a, b string) int {
		return edlib.OSADamerauLevenshteinDistance(id, a) - edlib.OSADamerauLevenshteinDistance(id, b)
	})
}

func unsupported(s core.Spec, what string) error {
	return &core.Problem{Code: core.Unsupported, What: fmt.Sprintf(what, s.Name), Fix: "Choose another connector; “rollcall connectors” says what each can do."}
}

// Attributes gives the attributes of a target that are known before anyone connects.
func (c *Catalogue) Attributes(id string) ([]core.Attribute, error) {
	e, err := c.entry(id)
	if err != nil {
		return nil, err
	}
	if e.standard == nil {
		return nil, unsupported(e.spec, "What %s can hold is not known before it is connected.")
	}
	return e.standard(), nil
}

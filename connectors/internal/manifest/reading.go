package manifest

import (
	"context"
	"iter"
	"time"

	"rollcall/core"
)

// Reading turns the raw records of one reading into people.
type Reading struct {
	Manifest *Manifest
	Known    []core.Field // what Fields gives
	Want     core.Want
	Day      time.Time // the day of reading
	Raw      iter.Seq2[Raw, error]
	// Custom finds the custom fields of a record. It is set where the system did not tell
	// beforehand which there are: if all fields are wanted, all records are then read
	// before the first person is given, for all people share one schema.
	Custom func(Raw) []core.Field
	// Names are the manifest's lookups, id to name.
	Names map[string]map[string]string
}

// People yields everybody who is wanted.
func (r Reading) People(ctx context.Context) iter.Seq2[core.Person, error] {
	return func(yield func(core.Person, error) bool) {
		if err := r.discover(); err != nil {
			yield(core.Person{}, err)
			return
		}
		maker := NewMaker(r.Manifest, r.Known, r.Want, r.Day)
		maker.names = r.Names
		for raw, err := range r.Raw {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(core.Person{}, core.AsProblem(err))
				return
			}
			if p, keep := maker.Make(raw); keep && !yield(p, nil) {
				return
			}
		}
	}
}

// discover adds the custom fields that only the records tell of.
func (r *Reading) discover() error {
	if r.Custom == nil {
		return nil
	}
	known := append([]core.Field{}, r.Known...)
	if r.Want.Fields != nil {
		for _, id := range r.Want.Fields {
			if len(id) > len(customPrefix) && id[:len(customPrefix)] == customPrefix {
				known = append(known, core.Field{ID: id, Label: id[len(customPrefix):], Custom: true})
			}
		}
		r.Known = unique(known)
		return nil
	}
	var all []Raw
	for raw, err := range r.Raw {
		if err != nil {
			return err
		}
		all = append(all, raw)
		known = unique(append(known, r.Custom(raw)...))
	}
	r.Known, r.Raw = known, func(yield func(Raw, error) bool) {
		for _, raw := range all {
			if !yield(raw, nil) {
				return
			}
		}
	}
	return nil
}

const customPrefix = "custom."

//go:build !headless

package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"

	"rollcall/core"
	"rollcall/gui/view"
	"rollcall/localstore"
)

// deskAt is a desk with an empty store whose requests go to a test server.
func deskAt(t *testing.T, base string) *desk {
	t.Helper()
	home(t)
	store, err := localstore.Open(t.Context(), localstore.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	d, err := newDesk(t.Context(), store, slog.New(slog.DiscardHandler))
	must(t, err)
	d.base = base
	return d
}

func TestNobodySignsInTwiceForANewConnection(t *testing.T) {
	server, options := entra(t)
	d := deskAt(t, server.URL)
	person := &typing{t: t, at: server.URL}
	d.ask.ShowCode = (&job{streams: streams{ErrOut: person}}).showCode
	var texts map[string]string
	must(t, json.Unmarshal([]byte(options), &texts))
	answers := core.Answers{}
	for id, v := range texts {
		answers[id] = core.Secret(v)
	}
	s := connectionServices{d}
	for range 2 {
		_, err := s.Test(t.Context(), "entraid", answers, "")
		must(t, err)
	}
	kept, err := s.Save(t.Context(), view.Connection{Name: "Entra", Connector: "entraid"}, answers)
	must(t, err)
	if _, err = s.Test(t.Context(), "entraid", view.PlainAnswers(kept), kept.ID); err != nil || len(person.seen) != 1 {
		t.Errorf("%v; codes shown: %q", err, person.seen)
	}

	d.ask.ShowCode = func(context.Context, core.SignInCode) error {
		return &core.Problem{Code: core.Cancelled, What: "Signing in was cancelled.", Fix: "Start again."}
	}
	must(t, d.store.SaveSecret(t.Context(), kept.ID, "refreshToken", "ended"))
	if _, err = s.Test(t.Context(), "entraid", view.PlainAnswers(kept), kept.ID); !core.HasCode(err, core.Cancelled) {
		t.Errorf("cancelled: %v", err)
	}
	if list, err := s.List(t.Context()); err != nil || list[0].Code != "" {
		t.Errorf("what was cancelled is noted as %q, %v", list[0].Code, err)
	}

	// Other answers are another sign-in.
	answers["tenantId"] = "corp.example"
	if got := d.gains.with("entraid", answers); got["refreshToken"] != "" {
		t.Error("the token of one tenant is used for another")
	}
}

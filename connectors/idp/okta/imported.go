package okta

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// settling is how long after the end of an import people may still be on their way.
const settling = 3 * time.Minute

// Imported reads the people, for Okta gives no result for any of them. What an identity
// source cannot tell (groups, numbers, lists, managers who had no account yet) is written
// once a person is there.
func (t *Target) Imported(ctx context.Context, text string, writes []core.Write) (map[string]core.Written, error) {
	var done ticket
	if err := json.Unmarshal([]byte(text), &done); err != nil {
		return nil, &core.Problem{Code: core.BadData, Cause: err, What: "The note about what was handed over cannot be read.", Fix: "Make a new plan to see what became of it."}
	}
	ended, failed, err := t.ended(ctx, done)
	if err != nil || ended.IsZero() {
		return nil, err
	}
	i, err := t.importing(ctx, writes)
	if err != nil {
		return nil, err
	}
	return i.outcomes(ctx, writes, failed != "" || t.rest.Now(ctx).Sub(ended) > settling)
}

// outcomes says what became of the writes that are decided.
func (i *importing) outcomes(ctx context.Context, writes []core.Write, late bool) (map[string]core.Written, error) {
	var mu sync.Mutex
	answers := map[string]core.Written{}
	var work errgroup.Group
	work.SetLimit(Spec().Workers)
	for _, w := range writes {
		work.Go(func() error {
			r, open, err := core.Receipt{}, false, i.unfit(i.known, w)
			if err == nil {
				r, open, err = i.outcome(ctx, w, late)
			}
			if core.HasCode(err, core.Cancelled) {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			if !open {
				answers[w.Key] = core.Written{Receipt: r, Err: err}
			}
			return nil
		})
	}
	return answers, work.Wait()
}

// ended says when the last session of a ticket ended; zero where one is under way. Failed
// is the status of one that did not end well.
func (t *Target) ended(ctx context.Context, done ticket) (ended time.Time, failed string, err error) {
	ended = t.rest.Now(ctx).Add(-2 * settling) // where nothing was started
	for _, id := range done.Sessions {
		var s struct {
			Status      string
			LastUpdated time.Time
		}
		_, err := t.rest.Get(ctx, t.sessions()+"/"+url.PathEscape(id), nil, &s)
		switch {
		case core.HasCode(err, core.NotFound): // Okta has forgotten it, so it is long done
		case err != nil:
			return ended, "", t.explained(err, about{permission: sourceScope})
		case s.Status == "TRIGGERED" || s.Status == "IN_PROGRESS" || s.Status == "CREATED":
			return time.Time{}, "", nil
		case s.Status != "COMPLETED":
			failed = s.Status
		}
		if s.LastUpdated.After(ended) {
			ended = s.LastUpdated
		}
	}
	return ended, failed, nil
}

// importing is one look at what became of people.
type importing struct {
	*Target
	known []attribute
	byID  map[string]core.Account
	byKey map[string]core.Account // by the key of the source
}

// importing reads everybody, as far as the writes need it. Linked managers would cost a
// call for each, and linking somebody twice does no harm.
func (t *Target) importing(ctx context.Context, writes []core.Write) (*importing, error) {
	known, err := t.attributes(ctx)
	if err != nil {
		return nil, err
	}
	i := &importing{t, known, map[string]core.Account{}, map[string]core.Account{}}
	want := map[string]bool{labelled(t.answers.Get(keyOption), byNumber): true}
	for _, w := range writes {
		for id := range w.Whole {
			want[id] = id != managerText || !t.linked()
		}
	}
	maps.DeleteFunc(want, func(_ string, wanted bool) bool { return !wanted })
	for a, err := range t.Accounts(ctx, slices.Collect(maps.Keys(want))) {
		if err != nil {
			return nil, err
		}
		i.byID[a.ID()] = a
		i.byKey[a.Value(labelled(t.answers.Get(keyOption), byNumber))] = a
	}
	return i, nil
}

// outcome says what became of a write; open: that is not decided yet.
func (i *importing) outcome(ctx context.Context, w core.Write, late bool) (r core.Receipt, open bool, err error) {
	a, there := i.byID[w.Account]
	if w.Account == "" {
		a, there = i.byKey[i.keyOf(w)]
	}
	r.Account = a.ID()
	switch {
	case w.Verb == core.Deactivate && there && !a.Active():
		return r, false, nil
	case w.Verb == core.Deactivate && there && late: // whom the source never told of
		r, err = i.Write(ctx, core.Write{Verb: core.Deactivate, Account: a.ID()})
		return r, false, err
	case w.Verb != core.Deactivate && there && i.carriedTo(w, a):
		return r, false, i.finish(ctx, w, a)
	case !late:
		return r, true, nil
	}
	return r, false, &core.Problem{Code: core.Refused, What: "Okta's import did not make the change, and it does not say why.",
		Fix: "Look under Reports, Import Monitoring in Okta; or apply the rest of the plan without the identity source."}
}

// carriedTo says that an account has what the identity source told.
func (i *importing) carriedTo(w core.Write, a core.Account) bool {
	for _, is := range i.known {
		value, mapped := w.Whole[is.ID]
		if mapped && carried(is) && !strings.EqualFold(a.Value(is.ID), value) && (w.Verb != core.Create || value != "") {
			return false
		}
	}
	return true
}

// finish writes what the identity source could not tell.
func (i *importing) finish(ctx context.Context, w core.Write, a core.Account) error {
	more := core.Write{Verb: core.Update, Account: a.ID(), Set: map[string]string{}}
	for _, id := range sorted(w.Whole) {
		is, ok := find(i.known, id)
		if ok && !carried(is) && is.Kind != core.Reference && !is.ReadOnly && a.Value(id) != w.Whole[id] {
			more.Set[id] = w.Whole[id]
		}
	}
	if len(more.Set) > 0 {
		if _, err := i.Write(ctx, more); err != nil {
			return err
		}
	}
	if err := i.finishBoss(ctx, w, a); err != nil {
		return err
	}
	switch on := w.Whole[core.Enabled] == "true"; {
	case on && !a.Active():
		_, err := i.Write(ctx, core.Write{Verb: core.Reactivate, Account: a.ID()})
		return err
	case !on && w.Verb == core.Create:
		return i.future.add(a.ID())
	case on && w.Verb == core.Create && i.activation() != activateStaged:
		return i.enable(ctx, about{permission: "okta.users.manage", account: a.ID()})
	}
	return nil
}

// finishBoss tells the manager of somebody whose manager had no account when he was told.
func (i *importing) finishBoss(ctx context.Context, w core.Write, a core.Account) error {
	boss := w.Whole[managerText]
	if key := w.Keys[managerText]; boss == "" && key != "" {
		boss = i.byKey[key].ID()
	}
	_, mapped := w.Whole[managerText]
	switch {
	case boss == a.Value(managerText), boss == "" && !mapped:
		return nil
	case i.linked():
		return i.link(ctx, a.ID(), boss)
	}
	name, err := i.nameOfBoss(ctx, boss)
	if err != nil {
		return err
	}
	profile, err := i.told(ctx, i.known, core.Write{Verb: core.Create, Whole: w.Whole}, nil) // which a name and an address have to be in
	if err != nil {
		return err
	}
	profile[managerText] = name
	at := strings.TrimSuffix(i.sessions(), "/sessions") + "/users/" + url.PathEscape(i.keyOf(w))
	_, err = i.Target.rest.Do(ctx, http.MethodPatch, at, nil, map[string]any{"profile": profile}, nil, rest.Repeatable())
	return i.explained(err, about{permission: sourceScope, known: i.known, set: map[string]string{managerText: boss}})
}

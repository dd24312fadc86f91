package okta

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	emulator "rollcall/connectors/emulators/okta"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/internal/conform"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// importer opens a target whose org has an identity source, by a clock whose waits pass at
// once.
func importer(t *testing.T, more core.Answers) (*Target, context.Context, *emulate.Server) {
	t.Helper()
	clock := conform.NewClock(time.Now())
	s := begin(t, emulate.Setup{Writing: wire.Writing{Clock: clock.Now, Lag: 3}})
	answers := core.Answers{sourceOption: emulator.IdentitySource, "groups": "Staff"}
	for id, v := range more {
		answers[id] = v
	}
	return open(t, s, answers), rest.WithClock(t.Context(), clock, 0), s
}

// whole is a write as an engine gets it.
func whole(verb core.Verb, account string, set map[string]string, boss string) core.Write {
	w := core.Write{Verb: verb, Account: account, Set: set, Active: true, Whole: map[string]string{core.Enabled: fmt.Sprint(verb != core.Deactivate)}, Key: fmt.Sprint(verb, set[byNumber])}
	for id, v := range set {
		w.Whole[id] = v
	}
	w.Keys = map[string]string{managerText: boss}
	return w
}

// handOver imports and asks until all is decided.
func handOver(t *testing.T, ctx context.Context, target *Target, writes []core.Write) map[string]core.Written { //nolint:revive // the test comes first
	t.Helper()
	ticket, err := target.Import(ctx, writes)
	if err != nil {
		t.Fatal(err)
	}
	for range 60 {
		answers, err := target.Imported(ctx, ticket, writes)
		if err != nil {
			t.Fatal(err)
		}
		if len(answers) == len(writes) {
			return answers
		}
		if err := rest.Sleep(ctx, 30*time.Second); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("it takes too long")
	return nil
}

func TestPeopleGoThroughTheIdentitySource(t *testing.T) {
	for _, by := range []string{byID, byLogin, byNumber} {
		t.Run(by, func(t *testing.T) {
			target, ctx, s := importer(t, core.Answers{"managerBy": core.Secret(by)})
			var writes []core.Write
			const many = 450
			for n := range many {
				set := somebody(n + 1)
				set["bicycles"], set[core.Groups] = "2", "Staff"
				boss := ""
				if n > 0 {
					boss = "00001"
				}
				writes = append(writes, whole(core.Create, "", set, boss))
			}
			writes[7].Whole[byNumber] = ""
			answers := handOver(t, ctx, target, writes)
			for i, w := range writes {
				if got := answers[w.Key]; core.HasCode(got.Err, core.Refused) != (i == 7) || i != 7 && got.Err != nil {
					t.Fatalf("%d: %v", i, got.Err)
				}
			}
			a, err := target.Account(ctx, answers[writes[9].Key].Receipt.Account, nil)
			if err != nil || a.Value(managerText) != answers[writes[0].Key].Receipt.Account || a.Value("bicycles") != "2" || a.Value(core.Groups) != "Staff" || !a.Active() {
				t.Errorf("the manager is %q, there are %s bicycles and the groups %q, %v", a.Value(managerText), a.Value("bicycles"), a.Value(core.Groups), err)
			}
			loads := 0
			for _, w := range s.Writes() {
				if strings.HasSuffix(w.Path, "/bulk-upsert") {
					loads++
				}
			}
			if loads != 3 {
				t.Errorf("there were %d calls for %d people", loads, many)
			}
			moved, gone := whole(core.Update, a.ID(), map[string]string{login: a.Value(login), byNumber: a.Value(byNumber), "title": "Head"}, ""), whole(core.Deactivate, answers[writes[3].Key].Receipt.Account, map[string]string{byNumber: "00004"}, "")
			for key, got := range handOver(t, ctx, target, []core.Write{moved, gone}) {
				if got.Err != nil {
					t.Errorf("%s: %v", key, got.Err)
				}
			}
			if a, err := target.Account(ctx, a.ID(), nil); err != nil || a.Value("title") != "Head" {
				t.Errorf("the title is %q, %v", a.Value("title"), err)
			}
			if a, err := target.Account(ctx, gone.Account, nil); err != nil || a.Active() {
				t.Errorf("the leaver is active, %v", err)
			}
		})
	}
}

func TestALeaverWhomTheSourceDoesNotKnowIsDeactivatedNevertheless(t *testing.T) {
	target, ctx, _ := importer(t, nil)
	r, err := target.Write(ctx, core.Write{Verb: core.Create, Set: somebody(1), Active: true})
	if err != nil {
		t.Fatal(err)
	}
	w := whole(core.Deactivate, r.Account, map[string]string{byNumber: "00001"}, "")
	if got := handOver(t, ctx, target, []core.Write{w})[w.Key]; got.Err != nil {
		t.Error(got.Err)
	}
	if a, err := target.Account(ctx, r.Account, nil); err != nil || a.Active() {
		t.Errorf("active: %v, %v", a.Active(), err)
	}
}

func TestWhatTheImportDoesNotTakeIsTold(t *testing.T) {
	target, ctx, _ := importer(t, nil)
	first, second := whole(core.Create, "", somebody(1), ""), whole(core.Create, "", somebody(2), "")
	second.Whole[login] = first.Whole[login]
	answers := handOver(t, ctx, target, []core.Write{first, second})
	if answers[first.Key].Err != nil || !core.HasCode(answers[second.Key].Err, core.Refused) {
		t.Errorf("%v, %v", answers[first.Key].Err, answers[second.Key].Err)
	}
}

func TestMasteredAttributesAreNamedAndTheRestIsWritten(t *testing.T) {
	source, ctx, s := importer(t, nil)
	w := whole(core.Create, "", somebody(1), "")
	id := handOver(t, ctx, source, []core.Write{w})[w.Key].Receipt.Account
	if _, err := source.Write(ctx, core.Write{Verb: core.Update, Account: id, Set: map[string]string{"department": "Sales", "bicycles": "3"}}); err != nil {
		t.Error("through the source:", err)
	}
	if a, err := source.Account(ctx, id, nil); err != nil || a.Value("department") != "Sales" || a.Value("bicycles") != "3" {
		t.Errorf("through the source: %q, %q, %v", a.Value("department"), a.Value("bicycles"), err)
	}
	target := open(t, s, nil)
	_, err := target.Write(ctx, core.Write{Verb: core.Update, Account: id, Set: map[string]string{"title": "Head", "note": "by hand"}})
	if !core.HasCode(err, core.Refused) || !strings.Contains(err.Error(), "“Job title”") || strings.Contains(err.Error(), "“Note”") {
		t.Error(err)
	}
	if a, err := target.Account(ctx, id, nil); err != nil || a.Value("note") != "by hand" || a.Value("title") != "" {
		t.Errorf("%q, %q, %v", a.Value("note"), a.Value("title"), err)
	}
}

func TestSessionsStayBelowTheirLimits(t *testing.T) {
	target, ctx, _ := importer(t, nil)
	var writes []core.Write
	for n := range 450 {
		set := somebody(n)
		set["postalAddress"] = strings.Repeat("x", 2000)
		writes = append(writes, whole(core.Create, "", set, ""))
	}
	loads, err := target.loads(ctx, writes)
	if err != nil {
		t.Fatal(err)
	}
	people := 0
	for _, l := range loads {
		text, err := json.Marshal(map[string]any{"entityType": "USERS", "profiles": l.profiles})
		if err != nil || len(text) > 200_000 || len(l.profiles) > 200 {
			t.Errorf("%d people in %d bytes, %v", len(l.profiles), len(text), err)
		}
		people += len(l.profiles)
	}
	if people != 450 {
		t.Errorf("there are %d people", people)
	}
}

package core

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestSecretNeverPrintsItself(t *testing.T) {
	s := Secret("hunter2")
	j, err := json.Marshal(map[string]any{"s": s, "a": Answers{"key": s}})
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []string{fmt.Sprint(s), fmt.Sprintf("%v %+v %#v %s %q %x", s, s, s, s, s, s), string(j), fmt.Sprint(Answers{"key": s})} {
		if strings.Contains(printed, "hunter2") || strings.Contains(printed, "68756e") {
			t.Errorf("a secret was printed: %s", printed)
		}
	}
	if s.Reveal() != "hunter2" {
		t.Error("Reveal should give the text")
	}
}

func TestProblemIsFoundThroughWrapping(t *testing.T) {
	p := &Problem{Code: RateLimited, What: "Too many calls.", Fix: "Wait a minute."}
	wrapped := fmt.Errorf("read page 2: %w", p)
	if AsProblem(wrapped) != p || !HasCode(wrapped, RateLimited) {
		t.Error("the problem should be found")
	}
	if AsProblem(fmt.Errorf("x: %w", context.Canceled)).Code != Cancelled || AsProblem(errors.New("x")).Code != Internal || AsProblem(nil) != nil {
		t.Error("other errors should become the right problem")
	}
}

func TestAnswersAreCheckedAgainstTheForm(t *testing.T) {
	spec := Spec{Name: "Acme HR", Options: []Option{
		{ID: "auth", Label: "Kind", Default: "key", Choices: []Choice{{Value: "key"}, {Value: "oauth"}}},
		{ID: "apiKey", Label: "API key", Pattern: "^[0-9a-f]{4}$", Example: "59d7", Secret: true, ShowIf: map[string][]string{"auth": {"key"}}},
		{ID: "clientId", Label: "Client ID", Help: "Ask IT.", ShowIf: map[string][]string{"auth": {"oauth"}}},
	}}
	for name, c := range map[string]struct {
		answers Answers
		wrong   string
	}{
		"complete":            {Answers{"apiKey": " 59d7 "}, ""},
		"pattern":             {Answers{"apiKey": "zz"}, "API key"},
		"missing":             {Answers{}, "API key"},
		"missing, other way":  {Answers{"auth": "oauth"}, "Client ID"},
		"no such choice":      {Answers{"auth": "magic"}, "Kind"},
		"no such option":      {Answers{"apiKey": "59d7", "color": "red"}, "color"},
		"hidden ones are cut": {Answers{"apiKey": "59d7", "clientId": "left over"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			full, err := spec.Complete(c.answers)
			if c.wrong == "" && (err != nil || full.Get("apiKey") != "59d7" || full.Get("auth") != "key" || full.Get("clientId") != "") {
				t.Fatalf("got %v, %v", full, err)
			}
			if c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong) || !HasCode(err, BadOption)) {
				t.Fatalf("error %v should name %q", err, c.wrong)
			}
		})
	}
}

func TestAChoiceLeftOpenFollowsWhatWasGiven(t *testing.T) {
	spec := Spec{Name: "Acme HR", Options: []Option{
		{ID: "auth", Default: "key", Choices: []Choice{{Value: "key"}, {Value: "password"}, {Value: "oauth"}}},
		{ID: "apiKey", ShowIf: map[string][]string{"auth": {"key"}}},
		{ID: "password", ShowIf: map[string][]string{"auth": {"password"}}},
		{ID: "clientId", Optional: true, ShowIf: map[string][]string{"auth": {"oauth", "password"}}},
	}}
	for want, given := range map[string]Answers{
		"key":      {"apiKey": "k", "password": "left over"},
		"password": {"password": "p", "clientId": "c"},
		"oauth":    {"auth": "oauth", "password": "left over"},
	} {
		if full, err := spec.Complete(given); err != nil || full.Get("auth") != want {
			t.Errorf("%v became %v, %v", given, full, err)
		}
	}
}

func TestEveryVerbAndReasonHasWords(t *testing.T) {
	for _, v := range Verbs() {
		if got, ok := ParseVerb(v.String()); !ok || got != v {
			t.Errorf("verb %d does not read back", v)
		}
	}
	for r := NewHire; r < reasons; r++ {
		if r.Text() == "" {
			t.Errorf("reason %d has no words", r)
		}
	}
}

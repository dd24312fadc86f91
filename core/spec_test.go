package core

import "testing"

func TestChoiceThatWasNotMadeIsTakenFromTheOtherAnswers(t *testing.T) {
	s := Spec{Name: "Acme", Options: []Option{
		{ID: "auth", Label: "Way", Kind: ChoiceOption, Default: "key", Choices: []Choice{{Value: "key"}, {Value: "basic"}, {Value: "oauth"}}},
		{ID: "key", Label: "Key", ShowIf: map[string][]string{"auth": {"key"}}},
		{ID: "user", Label: "User", ShowIf: map[string][]string{"auth": {"basic", "oauth"}}},
		{ID: "client", Label: "Client", ShowIf: map[string][]string{"auth": {"oauth"}}},
	}}
	for way, a := range map[string]Answers{"key": {"key": "k"}, "basic": {"user": "u"}, "oauth": {"user": "u", "client": "c"}} {
		full, err := s.Complete(a)
		if err != nil || full.Get("auth") != way {
			t.Errorf("%v: %q, %v", a, full.Get("auth"), err)
		}
	}
	if _, err := s.Complete(Answers{"auth": "key", "user": "u"}); err == nil {
		t.Error("a choice that was made was changed")
	}
	if _, err := s.Complete(Answers{"key": "k", "client": "c"}); err != nil && !HasCode(err, BadOption) {
		t.Errorf("answers that no choice fits: %v", err)
	}
}

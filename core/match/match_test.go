package match

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rollcall/core"
	"rollcall/core/internal/made"
)

// told writes pairs and clashes as lines a person can compare.
func told(in Input) string {
	in.People, in.Known = NewPeople(in.Desired), NewAccounts(in.Accounts, in.Keys)
	pairs, clashes := Pairs(in)
	var b strings.Builder
	for _, p := range pairs {
		switch {
		case p.Desired < 0:
			fmt.Fprintf(&b, "nobody's: %s\n", in.Accounts[p.Account].ID())
		case p.Account < 0:
			fmt.Fprintf(&b, "%s: none\n", in.Desired[p.Desired].Person())
		default:
			fmt.Fprintf(&b, "%s: %s by %d\n", in.Desired[p.Desired].Person(), in.Accounts[p.Account].ID(), p.By)
		}
	}
	for _, c := range clashes {
		fmt.Fprintf(&b, "%s: %s\n", in.Desired[c.Desired].Person(), c.Why.Text())
	}
	return b.String()
}

func TestPairs(t *testing.T) {
	for _, c := range []struct {
		name     string
		desired  []string
		accounts []string
		links    []core.Link
		out      int32 // place of one person whom the filter leaves out, or -1
		want     string
	}{
		{"the sync key finds the account", []string{"number=1"}, []string{"number=1"}, nil, -1, "p1: a1 by 0\n"},
		{"leading zeros are part of a number", []string{"number=00123"}, []string{"number=123"}, nil, -1, "p00123: none\nnobody's: a123\n"},
		{"a key of blanks finds nobody", []string{"number=~ person=x"}, []string{"id=a number=~"}, nil, -1, "x: none\nnobody's: a\n"},
		{"addresses compare without case", []string{"number=1 mail=Ada@X.example"}, []string{"id=a mail=ada@x.example"}, nil, -1, "p1: a by 1\n"},
		{"composed and decomposed letters are one", []string{"number=1 mail=zo\u00eb@x.example"}, []string{"id=a mail=zoe\u0308@x.example"}, nil, -1, "p1: a by 1\n"},
		{"a remembered match comes first", []string{"number=1"}, []string{"id=old number=9", "number=1"}, []core.Link{{Person: "p1", Account: "old"}}, -1, "p1: old by -1\nnobody's: a1\n"},
		{"a remembered account that is gone is looked up by key", []string{"number=1"}, []string{"number=1"}, []core.Link{{Person: "p1", Account: "gone"}}, -1, "p1: a1 by 0\n"},
		{"two people of one number are both held and their account is nobody's", []string{"number=1 person=x", "number=1 person=y"}, []string{"number=1"}, nil, -1, "x: Identifier used twice\ny: Identifier used twice\n"},
		{"two records of one id are both held", []string{"number=1 person=x", "number=2 person=x"}, []string{"number=1", "number=2"}, nil, -1, "x: Identifier used twice\nx: Identifier used twice\n"},
		{"somebody left out by the filter does not stand in the way", []string{"number=1 person=x", "number=1 person=y"}, []string{"number=1"}, nil, 1, "x: a1 by 0\ny: none\n"},
		{"somebody left out by the filter keeps the account from being an orphan", []string{"number=1"}, []string{"number=1"}, nil, 0, "p1: a1 by 0\n"},
		{"one number at two accounts holds the person", []string{"number=1"}, []string{"id=a number=1", "id=b number=1"}, nil, -1, "p1: Several accounts found\n"},
		{"an address that belongs to another number is never taken over", []string{"number=1 mail=a@x.example"}, []string{"id=b number=2 mail=a@x.example"}, nil, -1, "p1: Account claimed twice\n"},
		{"two people never share an account", []string{"number=1 mail=a@x.example", "number=2 mail=a@x.example"}, []string{"id=b mail=a@x.example"}, nil, -1, "p1: Account claimed twice\np2: Account claimed twice\n"},
		{"no accounts at all", []string{"number=1"}, nil, nil, -1, "p1: none\n"},
		{"no people at all", nil, []string{"number=1"}, nil, -1, "nobody's: a1\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := told(Input{Desired: made.Desired(c.desired...), Accounts: made.Accounts(c.accounts...), Keys: made.Keys, Links: c.links,
				Out: func(d int32) bool { return d == c.out }})
			if got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestEveryPersonComesOnceAndNoAccountTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("number=%d mail=m%d@x.example person=p%d id=a%d", rapid.IntRange(0, 6).Draw(t, "n"), rapid.IntRange(0, 6).Draw(t, "m"), rapid.IntRange(0, 9).Draw(t, "p"), rapid.Int().Draw(t, "id"))
		})
		desired, accounts := made.Desired(rapid.SliceOf(line).Draw(t, "desired")...), made.Accounts(rapid.SliceOf(line).Draw(t, "accounts")...)
		pairs, clashes := Pairs(Input{Desired: desired, People: NewPeople(desired), Accounts: accounts, Known: NewAccounts(accounts, made.Keys), Keys: made.Keys})
		seen, owned := map[int32]int{}, map[int32]int{}
		for _, p := range pairs {
			if p.Desired >= 0 {
				seen[p.Desired]++
			}
			if p.Account >= 0 {
				owned[p.Account]++
			}
		}
		for _, c := range clashes {
			seen[c.Desired]++
		}
		for d := range int32(len(desired)) {
			if seen[d] != 1 {
				t.Fatalf("person %d is in %d places", d, seen[d])
			}
		}
		for a, n := range owned {
			if n != 1 {
				t.Fatalf("account %d is in %d pairs", a, n)
			}
		}
	})
}

func TestPeopleAreFoundByIDNumberOrAddressButNeverByGuess(t *testing.T) {
	p := NewPeople(made.Desired("number=1 mail=ada@x.example", "number=2 person=1", "number=3 mail=twice@x.example", "number=4 mail=twice@x.example"))
	for reference, want := range map[string]int32{"p1": 0, "1": 1, "ADA@x.example": 0, "2": 1, "3": 2, "twice@x.example": -1, "": -1, "nobody": -1} {
		if got := p.Find(reference); got != want {
			t.Errorf("Find(%q) = %d, want %d", reference, got, want)
		}
	}
}

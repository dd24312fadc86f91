// Package targetlaws holds what every directory keeps, whatever it is made of. A
// connector's test opens its target against a server and runs the laws on it.
package targetlaws

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rollcall/core"
)

// Subject is a target under test. The directory behind it may be used by other tests:
// laws make the accounts that they look at.
type Subject struct {
	Target core.Target
	// Values gives the value of an attribute for the n-th account, where a value made
	// up from the attribute's kind would not do.
	Values map[string]func(n int) string
	// Foreign is an id that fits the directory's form and belongs to no account.
	Foreign string
	// Restores says that deleted accounts can be brought back.
	Restores bool
	// Follows says that what changed since a reading can be told.
	Follows bool

	made, creates int
}

// Run checks every law as a test of its own.
func Run(t *testing.T, s *Subject) {
	for _, law := range laws {
		t.Run(law.name, func(t *testing.T) { law.holds(t, s) })
	}
}

var laws = []struct {
	name  string
	holds func(*testing.T, *Subject)
}{
	{"names every attribute once and in words", namesAttributes},
	{"creates and reads back every writable attribute", readsBackWhatItCreates},
	{"creates a disabled account", createsDisabled},
	{"lists everyone once", listsEveryoneOnce},
	{"reads the wanted attributes only", readsWantedOnly},
	{"updating one attribute leaves the others", updateLeavesOthers},
	{"updates every attribute that can change", updatesEveryAttribute},
	{"clears what is not required", clearsValues},
	{"deactivates and reactivates, and leaves the rest", switchesState},
	{"refuses a login that is taken", refusesTakenLogin},
	{"gives a login to one of several who ask at once", givesLoginOnce},
	{"keeps the account when its login changes", keepsAccountThroughRename},
	{"says that an unknown account is not there", knowsWhoIsNotThere},
	{"keeps references to other accounts", keepsReferences},
	{"follows a manager whose login changes", followsRenamedManager},
	{"finds by login whatever the case", findsWhateverTheCase},
	{"finds nobody by a value that nobody has", findsNobody},
	{"refuses an attribute that is not there", refusesUnknownAttribute},
	{"deletes for good", deletesForGood},
	{"brings a deleted account back", restores},
	{"keeps the membership of groups", keepsMembership},
	{"does in one request what it does in several", inBatches},
	{"follows a reading to what reading in whole gives", followsReadings},
	{"holds a write to an account that has moved on", holdsStaleWrites},
	{"stops when it is told to", stopsWhenCancelled},
}

func (s *Subject) attributes(t *testing.T) []core.Attribute {
	t.Helper()
	attributes, err := s.Target.Attributes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return attributes
}

func (s *Subject) attribute(t *testing.T, what string, is func(core.Attribute) bool) core.Attribute {
	t.Helper()
	attributes := s.attributes(t)
	i := slices.IndexFunc(attributes, is)
	if i < 0 {
		t.Fatalf("the directory has no attribute that is %s", what)
	}
	return attributes[i]
}

func (s *Subject) login(t *testing.T) core.Attribute {
	t.Helper()
	return s.attribute(t, "a unique login", func(a core.Attribute) bool { return a.Login && a.Unique })
}

func (s *Subject) reference(t *testing.T) core.Attribute {
	t.Helper()
	return s.attribute(t, "a reference that can be written", func(a core.Attribute) bool {
		return a.Kind == core.Reference && !a.ReadOnly && strings.Contains(strings.ToLower(a.ID), "manager")
	})
}

// person makes a full set of values that nobody has yet, references left out.
func (s *Subject) person(t *testing.T) map[string]string {
	t.Helper()
	s.made++
	values := map[string]string{}
	for _, a := range s.attributes(t) {
		if !a.ReadOnly && a.Kind != core.Reference && a.ID != core.Groups {
			values[a.ID] = s.value(a, s.made)
		}
	}
	return values
}

// value makes a value of the attribute's kind, another one for each number.
func (s *Subject) value(a core.Attribute, n int) string {
	if own, ok := s.Values[a.ID]; ok {
		return own(n)
	}
	switch {
	case len(a.Choices) > 0:
		return a.Choices[n%len(a.Choices)].Value
	case a.Kind == core.Date:
		return fmt.Sprintf("2024-%02d-%02d", 1+n%12, 1+n%28)
	case a.Kind == core.Number:
		return fmt.Sprint(1000 + n)
	case a.Kind == core.Bool:
		return fmt.Sprint(n%2 == 0)
	case a.Kind == core.Email || a.Login:
		return fmt.Sprintf("person.%d@corp.example", n)
	case a.Kind == core.Phone:
		return fmt.Sprintf("+46 8 555 %04d", n)
	case a.Kind == core.List:
		return core.JoinList([]string{fmt.Sprintf("Blue %d", n), fmt.Sprintf("Green %d", n)})
	}
	// An accent, an apostrophe and what needs escaping somewhere.
	text := fmt.Sprintf("%d Zoë O'Hara, \"R+D\" <%s>", n, a.ID)
	if runes := []rune(text); a.MaxLength > 0 && len(runes) > a.MaxLength {
		text = strings.TrimSpace(string(runes[:a.MaxLength]))
	}
	return text
}

func (s *Subject) create(t *testing.T, set map[string]string) core.Receipt {
	t.Helper()
	s.creates++
	return s.write(t, core.Write{Verb: core.Create, Set: set, Active: true, Key: fmt.Sprintf("law-%d", s.creates)})
}

func (s *Subject) write(t *testing.T, w core.Write) core.Receipt {
	t.Helper()
	r, err := s.Target.Write(t.Context(), w)
	if err != nil {
		t.Fatalf("%s: %v", w.Verb, err)
	}
	if r.Account == "" {
		t.Fatalf("%s: the receipt names no account", w.Verb)
	}
	return r
}

func (s *Subject) read(t *testing.T, id string) core.Account {
	t.Helper()
	a, err := s.Target.Account(t.Context(), id, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// same fails where the account does not have exactly these values.
func same(t *testing.T, a core.Account, want map[string]string) {
	t.Helper()
	for id, v := range want {
		if got := a.Value(id); got != v {
			t.Errorf("%s is %q, want %q", id, got, v)
		}
	}
}

func collect(ctx context.Context, target core.Target, want []string) (map[string]core.Account, error) {
	accounts := map[string]core.Account{}
	for a, err := range target.Accounts(ctx, want) {
		if err != nil {
			return nil, err
		}
		if _, twice := accounts[a.ID()]; twice {
			return nil, fmt.Errorf("account %s came twice", a.ID())
		}
		accounts[a.ID()] = a
	}
	return accounts, nil
}

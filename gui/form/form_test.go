package form

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"rollcall/core"
	"rollcall/gui/headless"
	"rollcall/gui/look"
)

var options = []core.Option{
	{ID: "auth", Label: "Kind", Help: "How to sign in.", Kind: core.ChoiceOption, Default: "key", Choices: []core.Choice{{Value: "key", Label: "Key"}, {Value: "oauth", Label: "OAuth"}}},
	{ID: "apiKey", Label: "API key", Help: "From your profile.", Example: "59d7", Pattern: "^[0-9a-f]{4}$", Secret: true, ShowIf: map[string][]string{"auth": {"key"}}, Where: []string{"Click your picture", "API Keys"}},
	{ID: "clientId", Label: "Client ID", Help: "Ask IT.", ShowIf: map[string][]string{"auth": {"oauth"}}},
	{ID: "file", Label: "File", Help: "The file.", Kind: core.FileOption, Optional: true},
	{ID: "size", Label: "Page size", Help: "People a page.", Default: "100", Pattern: "^[0-9]+$", Advanced: true},
}

func open(t *testing.T, stored ...string) *Form {
	t.Helper()
	a := headless.New()
	a.Settings().SetTheme(look.New(look.Light))
	f := New(options, nil, stored, func(_ core.Option, chosen func(string)) { chosen("people.csv") })
	w := a.NewWindow("")
	w.SetContent(container.NewVScroll(f.Content()))
	w.Resize(fyne.NewSize(500, 600))
	t.Cleanup(func() {
		f.pause.Stop()
		a.Settle()
		a.Quit()
	})
	return f
}

func shown(f *Form) string {
	var ids []string
	for _, o := range options {
		if f.rows[o.ID].Visible() {
			ids = append(ids, o.ID)
		}
	}
	return strings.Join(ids, " ")
}

func TestQuestionsFollowOtherAnswers(t *testing.T) {
	f := open(t)
	if got := shown(f); got != "auth apiKey file" {
		t.Fatalf("asked %q", got)
	}
	resized := 0
	f.OnResized = func() { resized++ }
	f.fields["apiKey"].SetValue("59d7")
	f.fields["auth"].SetValue("oauth")
	f.fields["auth"].OnChanged("oauth")
	if got := shown(f); got != "auth clientId file" || resized == 0 {
		t.Errorf("asked %q, resized %d times", got, resized)
	}
	if a := f.Answers(); a.Get("apiKey") != "" {
		t.Error("an answer that is not asked for is given")
	}
	f.toggle(f.groups[0])
	if got := shown(f); got != "auth clientId file size" {
		t.Errorf("with more settings %q", got)
	}
}

func TestCheckMarksWhatIsWrongAndHowToPutItRight(t *testing.T) {
	f := open(t)
	if first := f.Check(); first != f.fields["apiKey"] || !strings.Contains(first.Problem(), "From your profile.") {
		t.Errorf("missing: %v", first)
	}
	f.fields["apiKey"].SetValue("zz")
	if first := f.Check(); first == nil || !strings.Contains(first.Problem(), "59d7") {
		t.Error("a wrong pattern should be told with the example")
	}
	f.fields["apiKey"].SetValue("59d7")
	f.fields["size"].SetValue("many")
	if first := f.Check(); first != f.fields["size"] || !f.groups[0].Open {
		t.Error("a wrong answer behind “More settings” should be brought into view")
	}
	f.fields["size"].SetValue("50")
	if first := f.Check(); first != nil {
		t.Errorf("all is well, but %q", first.Problem())
	}
	if a := f.Answers(); a.Get("apiKey") != "59d7" || a.Get("size") != "50" || a.Get("auth") != "key" {
		t.Error("the answers are not those that were typed")
	}
}

func TestPauseInTypingTellsAWrongPattern(t *testing.T) {
	f := open(t)
	f.fields["apiKey"].SetValue("zz")
	if f.fields["apiKey"].Problem() != "" {
		t.Error("somebody who is still typing is not told off")
	}
	fyne.CurrentApp().(*headless.App).Settle()
	if f.fields["apiKey"].Problem() == "" {
		t.Error("after a pause the pattern is checked")
	}
}

func TestKeptSecretNeedNotBeTypedAgain(t *testing.T) {
	f := open(t, "apiKey")
	if first := f.Check(); first != nil {
		t.Fatalf("asked for %q", first.Problem())
	}
	if _, given := f.Answers()["apiKey"]; given {
		t.Error("a secret that was not typed is not among the answers")
	}
	f.fields["apiKey"].SetValue("59d7")
	f.Forget([]string{"apiKey"})
	if f.fields["apiKey"].Value() != "" {
		t.Error("the typed secret is still on the screen")
	}
}

func TestFileAnswersOnlyWhatIsAsked(t *testing.T) {
	f := open(t)
	changed := 0
	f.OnChanged = func() { changed++ }
	f.Fill(core.Answers{"apiKey": "59d7", "clientId": "of the other way"})
	if got := f.Answers(); got.Get("apiKey") != "59d7" || changed == 0 {
		t.Errorf("answered %q, told %d times", got.Get("apiKey"), changed)
	}
	if f.fields["clientId"].Value() != "" {
		t.Error("a question that is not asked was answered")
	}
}

func TestFileIsPicked(t *testing.T) {
	f := open(t)
	for _, o := range test.LaidOutObjects(f.rows["file"]) {
		if b, ok := o.(interface {
			fyne.Tappable
			Text() string
		}); ok && b.Text() == "Choose…" {
			b.Tapped(nil)
		}
	}
	if got := f.Answers().Get("file"); got != "people.csv" {
		t.Errorf("picked %q", got)
	}
}

func TestGuideListsTheQuestionsThatAreAsked(t *testing.T) {
	open(t)
	if Guide(options, core.Answers{"auth": "oauth"}) != nil {
		t.Error("nothing is to be found elsewhere")
	}
	if Guide(options, core.Answers{}) == nil {
		t.Error("the key has a way to be found")
	}
}

func TestGuideFollowsWhatIsAsked(t *testing.T) {
	way := []string{"Open Settings"}
	open(t) // needs the look
	f := New([]core.Option{{ID: "more", Label: "More", Help: "h", Where: way, Advanced: true}, {ID: "how", Label: "How", Help: "h", Default: "a", Choices: []core.Choice{{Value: "a"}, {Value: "b"}}},
		{ID: "key", Label: "Key", Help: "h", Where: way, ShowIf: map[string][]string{"how": {"b"}}}}, nil, nil, nil)
	if f.Guide() != nil {
		t.Error("neither question is asked yet")
	}
	f.Field("how").SetValue("b")
	if f.Guide() == nil {
		t.Error("the key is asked")
	}
	f.Field("how").SetValue("a")
	f.toggle(f.groups[0])
	if f.Guide() == nil {
		t.Error("more settings are open")
	}
}

func TestMoreSettingsAreOfferedOnlyWhereThereAreAny(t *testing.T) {
	a := headless.New()
	t.Cleanup(a.Quit)
	f := New([]core.Option{
		{ID: "api", Label: "Read by", Kind: core.ChoiceOption, Default: "report", Choices: []core.Choice{{Value: "report", Label: "Report"}, {Value: "soap", Label: "Web services"}}},
		{ID: "version", Label: "Version", Advanced: true, Default: "44", ShowIf: map[string][]string{"api": {"soap"}}},
	}, nil, nil, nil)
	if f.groups[0].row.Visible() {
		t.Error("nothing stands behind More settings, and they are offered")
	}
	f.fields["api"].SetValue("soap")
	f.fields["api"].OnChanged("soap")
	if !f.groups[0].row.Visible() {
		t.Error("More settings are not offered")
	}
	f.pause.Stop()
}

func TestQuestionsOfWritingStandInAGroupOfTheirOwn(t *testing.T) {
	a := headless.New()
	a.Settings().SetTheme(look.New(look.Light))
	t.Cleanup(a.Quit)
	asked := []core.Option{{ID: "key", Label: "Key", Help: "h"}, {ID: "size", Label: "Size", Default: "1", Advanced: true},
		{ID: "activation", For: []string{"create"}, Label: "New accounts", Kind: core.ChoiceOption, Default: "staged", Advanced: true, Choices: []core.Choice{{Value: "staged", Label: "Staged", Help: "Nobody gets a mail."}, {Value: "mail", Label: "Mail", Help: "A mail is sent."}}},
		{ID: "groups", For: []string{"groups"}, Label: "Groups", Help: "One a line.", Kind: core.TextOption}}
	writes := Group{Title: "When accounts are written", Of: func(o core.Option) bool { return o.ID == "activation" || o.ID == "groups" }}
	f := New(asked, nil, nil, nil, writes)
	seen := func() string {
		var ids []string
		for _, o := range asked {
			if f.rows[o.ID].Visible() {
				ids = append(ids, o.ID)
			}
		}
		return strings.Join(ids, " ")
	}
	if got := seen(); got != "key" {
		t.Errorf("somebody who only reads is asked %s", got)
	}
	f.toggle(f.groups[0])
	if got := seen(); got != "key activation groups" {
		t.Errorf("opened: %s", got)
	}
	if f.fields["activation"].MinSize().Height < 90 {
		t.Error("the choices should stand there with what they lead to")
	}
	f.fields["activation"].SetValue("mail")
	f.fields["key"].SetValue("k")
	f.toggle(f.groups[0])
	if first := f.Check(); first != f.fields["groups"] || !f.groups[0].Open {
		t.Error("what is missing there should be brought into view")
	}
	if f.Answers().Get("activation") != "mail" {
		t.Error("the answer is lost")
	}
	f.pause.Stop()
}

func TestOneWayToSeveralAnswersIsShownOnce(t *testing.T) {
	here := []string{"Settings", "your application", "entra.microsoft.com", "jobs:read"}
	got := ways([]core.Option{{ID: "a", Label: "Client ID", Where: here}, {ID: "b", Label: "Client secret", Where: here}, {ID: "c", Label: "Domain", Where: []string{"Home"}}, {ID: "d", Label: "Nowhere"}}, nil)
	if len(got) != 2 || got[0].label != "Client ID · Client secret" || got[1].label != "Domain" {
		t.Errorf("got %v", got)
	}
	for i, want := range []string{"Settings", "Your application", "entra.microsoft.com", "jobs:read"} {
		if said := upperFirst(here[i]); said != want {
			t.Errorf("%q is shown as %q", here[i], said)
		}
	}
}

package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"rollcall/connectors"
	"rollcall/gui/view"
)

// certificates opens the questions of Entra ID where somebody signs in with a certificate.
func certificates(t *testing.T, picks string) *window {
	t.Helper()
	c := newCanned()
	c.specs, c.picks = connectors.All().Specs(), picks
	w := openWindow(t, c)
	w.Go(view.Route{Page: view.Setup, Connector: "entraid"})
	settle()
	f := fieldOf(w, "Sign in with")
	f.SetValue("certificate")
	f.OnChanged("certificate")
	settle()
	return w
}

func TestFileWithBothAnswersBothOnceItsPasswordIsRight(t *testing.T) {
	w := certificates(t, "/home/anna/app.pfx")
	tapText(w, "Choose file…")
	must(t, w, "Password of app.pfx")
	password := fieldOf(w, "Password")
	if w.Canvas().Focused() != password.Focusable() {
		t.Error("the password cannot be typed at once")
	}
	password.SetValue("guess")
	tapText(w, "Use this file")
	if got := password.Problem(); !strings.HasPrefix(got, "This is not the password of app.pfx.") || w.Canvas().Focused() != password.Focusable() {
		t.Fatalf("a wrong password says %q", got)
	}
	password.SetValue("made up")
	password.OnSubmitted("made up")
	settle()
	if w.Canvas().Overlays().Top() != nil {
		t.Error("the question stands there still")
	}
	for label, begins := range map[string]string{"Certificate (PEM)": "-----BEGIN CERTIFICATE-----", "Private key (PEM)": "-----BEGIN PRIVATE KEY-----"} {
		if got := fieldOf(w, label).Value(); !strings.HasPrefix(got, begins) {
			t.Errorf("%s is %q", label, got)
		}
	}
}

func TestPasswordThatNobodyKnowsLeavesTheAnswersAlone(t *testing.T) {
	w := certificates(t, "/home/anna/app.pfx")
	fieldOf(w, "Certificate (PEM)").SetValue("as it was")
	tapText(w, "Choose file…")
	w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	settle()
	if w.Canvas().Overlays().Top() != nil || fieldOf(w, "Certificate (PEM)").Value() != "as it was" {
		t.Error("the question stands there still, or the answer has changed")
	}
}

func TestFileWithoutTheKeySaysSoAtTheKey(t *testing.T) {
	w := certificates(t, "/home/anna/public.crt")
	buttons := 0
	for _, b := range every[interface {
		fyne.CanvasObject
		Text() string
		Tapped(*fyne.PointEvent)
	}](w) {
		if b.Text() == "Choose file…" {
			if buttons++; buttons == 2 {
				b.Tapped(&fyne.PointEvent{})
			}
		}
	}
	settle()
	if got := fieldOf(w, "Private key (PEM)").Problem(); !strings.HasPrefix(got, "public.crt holds no private key.") {
		t.Errorf("the key says %q", got)
	}
	tapText(w, "Choose file…")
	if fieldOf(w, "Certificate (PEM)").Value() == "" || fieldOf(w, "Certificate (PEM)").Problem() != "" {
		t.Error("the certificate of a file without a key is not taken")
	}
}

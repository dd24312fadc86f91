package look

import (
	"bytes"
	"image/color"
	"math"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	part := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*part(n.R) + 0.7152*part(n.G) + 0.0722*part(n.B)
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestTextCanBeReadOnItsGround(t *testing.T) {
	pairs := [][2]fyne.ThemeColorName{
		{Foreground, Background}, {Foreground, Surface}, {Muted, Background}, {Muted, Surface}, {Muted, RowSelected}, {Muted, RowWarning}, {Link, Surface}, {Link, Background},
		{NavText, NavSelected}, {OnPrimary, Primary}, {ErrorText, Surface}, {PillOnText, PillOn}, {BannerOn, BannerSolid}, {AvatarText, DangerSolid}, {Placeholder, InputGround},
	}
	for _, tone := range []Tone{Neutral, Update, Create, Deactivate, Held, Accent, Expression} {
		pairs = append(pairs, [2]fyne.ThemeColorName{tone.Text(), tone.Tint()})
	}
	for _, v := range []Variant{Light, Dark} {
		th := New(v)
		for _, p := range pairs {
			if got := contrast(th.Color(p[0], 0), th.Color(p[1], 0)); got < 4.5 {
				t.Errorf("%s: %s on %s has %.2f", v, p[0], p[1], got)
			}
		}
		for _, edge := range []fyne.ThemeColorName{InputBorder, TickOutline} {
			if got := contrast(th.Color(edge, 0), th.Color(Surface, 0)); got < 3 {
				t.Errorf("%s: %s has %.2f", v, edge, got)
			}
		}
	}
	for _, ground := range avatars {
		if got := contrast(color.White, ground); got < 4.5 {
			t.Errorf("initials on %s have %.2f", Hex(ground), got)
		}
	}
}

func TestSystemSettingFollowsTheSystem(t *testing.T) {
	th := New(System)
	if th.Color(Surface, theme.VariantDark) == th.Color(Surface, theme.VariantLight) {
		t.Error("dark and light are the same")
	}
	if New(Dark).Color(Surface, theme.VariantLight) != th.Color(Surface, theme.VariantDark) {
		t.Error("the dark setting follows the system")
	}
}

func TestEveryIconIsDrawn(t *testing.T) {
	test.NewTempApp(t)
	for name := range shapes {
		res := Icon(name, color.NRGBA{R: 63, G: 91, B: 217, A: 255})
		img := canvas.NewImageFromResource(res)
		w := test.NewTempWindow(t, img)
		w.SetPadded(false)
		w.Resize(fyne.NewSize(24, 24))
		if shot := w.Canvas().Capture(); !marked(shot) {
			t.Errorf("%s is empty", name)
		}
		if bytes.Contains(res.Content(), []byte("COLOR")) {
			t.Errorf("%s has no colour", name)
		}
	}
}

func marked(img interface {
	At(x, y int) color.Color
}) bool {
	first := img.At(0, 0)
	for x := range 24 {
		for y := range 24 {
			if img.At(x, y) != first {
				return true
			}
		}
	}
	return false
}

func TestScaleStaysWithinReason(t *testing.T) {
	t.Setenv("FYNE_SCALE", "")
	for percent, want := range map[int]string{100: "1.00", 125: "1.25", 10: "0.75", 900: "2.00"} {
		if err := ScalePercent(percent); err != nil || os.Getenv("FYNE_SCALE") != want {
			t.Errorf("%d: %q, %v", percent, os.Getenv("FYNE_SCALE"), err)
		}
	}
}

func TestMarkOfASystemCanBeReadInItsOwnColour(t *testing.T) {
	test.NewTempApp(t)
	for _, variant := range []Variant{Light, Dark} {
		fyne.CurrentApp().Settings().SetTheme(New(variant))
		for _, colour := range []string{"#2E7D5B", "#73C41D", "#00B1B0", "#000000", "#FFFFFF", "#5B7083", "#14161B"} {
			ground, text := SystemColors(colour, "Name")
			if got := contrast(ground, text); got < 4.5 {
				t.Errorf("%s %s: initials %.1f", variant, colour, got)
			}
			if got := contrast(ground, Color(Surface)); got < 1.3 {
				t.Errorf("%s %s: the tile is lost on its card, %.2f", variant, colour, got)
			}
		}
	}
	if ground, _ := SystemColors("", "Name"); ground != AvatarColor("Name") {
		t.Error("without a colour the name gives one")
	}
}

// Package look holds what every screen shares: colours by role, sizes, fonts and icons. It exists so that no page
// names a colour value, and so that light and dark are changed in one place.
package look

import (
	"embed"
	"fmt"
	"image/color"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Variant is the setting a person chooses for the look of the window.
type Variant string

// The three settings. System follows the operating system.
const (
	System Variant = "system"
	Light  Variant = "light"
	Dark   Variant = "dark"
)

//go:embed fonts/*.otf
var fonts embed.FS

var (
	// Regular, Medium and SemiBold are the three weights of Inter. Medium is not a style of the toolkit:
	// it is set on a canvas.Text through FontSource.
	Regular  = font("Inter-Regular.otf")
	Medium   = font("Inter-Medium.otf")
	SemiBold = font("Inter-SemiBold.otf")
)

func font(name string) fyne.Resource {
	data, err := fonts.ReadFile("fonts/" + name)
	if err != nil {
		panic(err) // the file is embedded: only a broken build comes here
	}
	return fyne.NewStaticResource(name, data)
}

// ScalePercent sets the size of everything in the window. It must be called before the first window is made, because the
// toolkit reads it once; a value outside 75 to 200 is brought into it.
func ScalePercent(percent int) error {
	return os.Setenv("FYNE_SCALE", fmt.Sprintf("%.2f", float64(min(max(percent, 75), 200))/100))
}

// New gives the theme for a setting. An unknown setting follows the system.
func New(setting Variant) fyne.Theme { return themed{setting: setting} }

type themed struct{ setting Variant }

func (t themed) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	variant := t.variant(v)
	if pair, ok := palette[name]; ok {
		if variant == theme.VariantDark {
			return pair.dark
		}
		return pair.light
	}
	return theme.DefaultTheme().Color(name, variant)
}

func (t themed) variant(system fyne.ThemeVariant) fyne.ThemeVariant {
	switch t.setting {
	case Light:
		return theme.VariantLight
	case Dark:
		return theme.VariantDark
	}
	return system
}

func (themed) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Monospace, style.Symbol:
		return theme.DefaultTheme().Font(style)
	case style.Bold:
		return SemiBold
	}
	return Regular
}

func (themed) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

func (themed) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := sizes[name]; ok {
		return s
	}
	return theme.DefaultTheme().Size(name)
}

// Color gives a role's colour in the theme and variant now in use.
func Color(name fyne.ThemeColorName) color.Color { return theme.Color(name) }

// Mix puts share (0 to 1) of the colour top over ground; both must be opaque.
func Mix(top, ground color.Color, share float32) color.Color {
	a, b := color.NRGBAModel.Convert(top).(color.NRGBA), color.NRGBAModel.Convert(ground).(color.NRGBA)
	part := func(x, y uint8) uint8 { return uint8(float32(x)*share + float32(y)*(1-share) + 0.5) }
	return color.NRGBA{R: part(a.R, b.R), G: part(a.G, b.G), B: part(a.B, b.B), A: 255}
}

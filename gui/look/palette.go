package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Own colour names, by role. They live in the same theme as the toolkit's own.
const (
	Background  = theme.ColorNameBackground
	Foreground  = theme.ColorNameForeground
	Primary     = theme.ColorNamePrimary
	OnPrimary   = theme.ColorNameForegroundOnPrimary
	Placeholder = theme.ColorNamePlaceHolder
	InputBorder = theme.ColorNameInputBorder
	InputGround = theme.ColorNameInputBackground
	ButtonFill  = theme.ColorNameButton
	Hover       = theme.ColorNameHover

	Surface      fyne.ThemeColorName = "app.surface"
	Border       fyne.ThemeColorName = "app.border"
	BorderStrong fyne.ThemeColorName = "app.borderStrong"
	Muted        fyne.ThemeColorName = "app.muted"
	Shadow       fyne.ThemeColorName = "app.shadow"
	ShadowLift   fyne.ThemeColorName = "app.shadowLift"
	// Link is for coloured text on a plain ground: in the dark variant the primary itself is too weak for text.
	Link         fyne.ThemeColorName = "app.link"
	NavSelected  fyne.ThemeColorName = "app.navSelected"
	NavText      fyne.ThemeColorName = "app.navText"
	RowSelected  fyne.ThemeColorName = "app.rowSelected"
	RowHover     fyne.ThemeColorName = "app.rowHover"
	RowTarget    fyne.ThemeColorName = "app.rowTarget"
	RowWarning   fyne.ThemeColorName = "app.rowWarning"
	TableHead    fyne.ThemeColorName = "app.tableHead"
	ColumnHead   fyne.ThemeColorName = "app.columnHead"
	Track        fyne.ThemeColorName = "app.track"
	TickOutline  fyne.ThemeColorName = "app.tickOutline"
	ChartRest    fyne.ThemeColorName = "app.chartRest"
	Fill         fyne.ThemeColorName = "app.fill"
	PillOn       fyne.ThemeColorName = "app.pillOn"
	PillOnText   fyne.ThemeColorName = "app.pillOnText"
	Ghost        fyne.ThemeColorName = "app.ghost"
	ErrorText    fyne.ThemeColorName = "app.errorText"
	BannerBorder fyne.ThemeColorName = "app.bannerBorder"
	AmberMark    fyne.ThemeColorName = "app.amberMark"
	BannerSolid  fyne.ThemeColorName = "app.bannerSolid"
	BannerOn     fyne.ThemeColorName = "app.bannerOnSolid"
	// ControlBorder is the edge of a second button: quieter than that of a box one writes into.
	ControlBorder fyne.ThemeColorName = "app.controlBorder"
	DangerSolid   fyne.ThemeColorName = "app.dangerSolid"
	AvatarText    fyne.ThemeColorName = "app.avatarText"
	Disabled                          = theme.ColorNameDisabled
	DisabledFill                      = theme.ColorNameDisabledButton
)

// Tone is what a tint means. The same meaning has the same colours in chips, pills, banners, bars and cells.
type Tone string

// The tones there are.
const (
	Neutral    Tone = "neutral"
	Update     Tone = "update"
	Create     Tone = "create" // also done, matched, connected
	Deactivate Tone = "deactivate"
	Held       Tone = "held" // also a warning
	Accent     Tone = "accent"
	Expression Tone = "expression"
)

// Tint is the ground, Text the text on it, Bar the strong colour for dots and bars.
func (t Tone) Tint() fyne.ThemeColorName { return t.name("tint") }

// Text is the colour of text on the tone's tint.
func (t Tone) Text() fyne.ThemeColorName { return t.name("text") }

// Bar is the tone's strong colour, for dots, bars and marks.
func (t Tone) Bar() fyne.ThemeColorName { return t.name("bar") }

func (t Tone) name(part string) fyne.ThemeColorName {
	if t == "" {
		t = Neutral
	}
	return fyne.ThemeColorName("app." + string(t) + "." + part)
}

type pair struct{ light, dark color.Color }

func rgb(v uint32) color.Color {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}

func rgba(v uint32, percent int) color.Color {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: uint8(percent * 255 / 100)}
}

func of(light, dark uint32) pair { return pair{rgb(light), rgb(dark)} }

var palette = map[fyne.ThemeColorName]pair{
	Background:  of(0xF5F6F8, 0x14161B),
	Foreground:  of(0x1B1F2A, 0xE8EAF0),
	Primary:     of(0x3F5BD9, 0x6C86F5),
	OnPrimary:   of(0xFFFFFF, 0x14161B),
	Placeholder: of(0x687185, 0x8C95A8),
	InputBorder: of(0x838DA0, 0x667084),
	InputGround: of(0xFFFFFF, 0x171A20),
	ButtonFill:  of(0xEDEFF3, 0x2A2E38),
	Hover:       {rgba(0x1B1F2A, 6), rgba(0xE8EAF0, 7)},

	theme.ColorNameDisabled:            of(0x9AA2B1, 0x5A6273),
	theme.ColorNameDisabledButton:      of(0xEDEFF3, 0x23262E),
	theme.ColorNameError:               of(0xB42318, 0xF5958C),
	theme.ColorNameForegroundOnError:   of(0xFFFFFF, 0x2A0F0D),
	theme.ColorNameSuccess:             of(0x11693E, 0x6FD6A8),
	theme.ColorNameForegroundOnSuccess: of(0xFFFFFF, 0x0C2018),
	theme.ColorNameWarning:             of(0x8A5A0E, 0xEBC06C),
	theme.ColorNameForegroundOnWarning: of(0xFFFFFF, 0x241A08),
	theme.ColorNameFocus:               {rgba(0x3F5BD9, 25), rgba(0x6C86F5, 30)},
	theme.ColorNameSelection:           {rgba(0x3F5BD9, 20), rgba(0x6C86F5, 28)},
	theme.ColorNamePressed:             {rgba(0x1B1F2A, 12), rgba(0xE8EAF0, 12)},
	theme.ColorNameHyperlink:           of(0x3F5BD9, 0x8FA3FF),
	theme.ColorNameSeparator:           of(0xE3E7EE, 0x2C313C),
	theme.ColorNameMenuBackground:      of(0xFFFFFF, 0x22262F),
	theme.ColorNameOverlayBackground:   of(0xFFFFFF, 0x1D2027),
	theme.ColorNameHeaderBackground:    of(0xF7F8FA, 0x22262E),
	theme.ColorNameScrollBar:           {rgba(0x1B1F2A, 35), rgba(0xE8EAF0, 32)},
	theme.ColorNameScrollBarBackground: {rgba(0x1B1F2A, 4), rgba(0xE8EAF0, 5)},
	theme.ColorNameShadow:              {rgba(0x101828, 12), rgba(0x000000, 40)},

	Surface:      of(0xFFFFFF, 0x1D2027),
	Border:       of(0xE3E7EE, 0x2C313C),
	BorderStrong: of(0xC6CDD9, 0x434B5B),
	Muted:        of(0x5D677B, 0x98A1B3),
	Shadow:       {rgba(0x101828, 8), rgba(0x000000, 31)},
	ShadowLift:   {rgba(0x101828, 28), rgba(0x000000, 50)},
	Link:         of(0x3F5BD9, 0x8FA3FF),
	NavSelected:  of(0xE8ECFB, 0x262D47),
	NavText:      of(0x3F5BD9, 0x9FB1FF),
	RowSelected:  of(0xF3F5FE, 0x232839),
	RowHover:     of(0xF8F9FB, 0x21252D),
	RowTarget:    of(0xF1F4FE, 0x222740),
	RowWarning:   of(0xFFFAF0, 0x24211D),
	TableHead:    of(0xF7F8FA, 0x22262E),
	ColumnHead:   of(0xF9FAFB, 0x20232B),
	Track:        of(0xE9ECF2, 0x2C313C),
	TickOutline:  of(0x8A94A6, 0x6B7589),
	ChartRest:    of(0xC3CDF5, 0x3A4573),
	Fill:         of(0x8A92A3, 0x7C8598),
	PillOn:       of(0x1B1F2A, 0xE8EAF0),
	PillOnText:   of(0xFFFFFF, 0x14161B),
	Ghost:        of(0xFFFFFF, 0x2A3044),
	ErrorText:    of(0xB42318, 0xF5958C),
	BannerBorder: of(0xF0D29B, 0x5E4A20),
	AmberMark:    of(0xD9962B, 0xD9962B),
	BannerSolid:  of(0x8A5A0E, 0xEBC06C),
	BannerOn:     of(0xFFFFFF, 0x241A08),

	ControlBorder: of(0xD5DAE3, 0x3A404D),
	DangerSolid:   of(0xB42318, 0xC2382C),
	AvatarText:    of(0xFFFFFF, 0xFFFFFF),

	Neutral.Tint(): of(0xEDEFF3, 0x2A2E38), Neutral.Text(): of(0x4A5364, 0xB4BCCB), Neutral.Bar(): of(0x8A92A3, 0x7C8598),
	Update.Tint(): of(0xDCE8FC, 0x1A3159), Update.Text(): of(0x1D52AD, 0x8FB8FF), Update.Bar(): of(0x3B7BE8, 0x6FA3F7),
	Create.Tint(): of(0xE3F5EB, 0x15352A), Create.Text(): of(0x11693E, 0x6FD6A8), Create.Bar(): of(0x25A365, 0x4FC08D),
	Deactivate.Tint(): of(0xFCE8E6, 0x40201F), Deactivate.Text(): of(0xA32A20, 0xFF9F97), Deactivate.Bar(): of(0xD64A3F, 0xF07167),
	Held.Tint(): of(0xFDF1DC, 0x3A2E16), Held.Text(): of(0x8A5A0E, 0xEBC06C), Held.Bar(): of(0xE0A12E, 0xE0B050),
	Accent.Tint(): of(0xE8ECFB, 0x262D47), Accent.Text(): of(0x3F5BD9, 0x9FB1FF), Accent.Bar(): of(0x3F5BD9, 0x6C86F5),
	Expression.Tint(): of(0xF0EBFC, 0x2D2644), Expression.Text(): of(0x5B36B8, 0xC3B1F8), Expression.Bar(): of(0x8F79D0, 0xA18BE0),
}

// avatars are grounds on which white initials keep 4.5:1.
var avatars = []color.Color{
	rgb(0x3F5BD9), rgb(0x0E8074), rgb(0xB5470B), rgb(0x6B3FC7), rgb(0x475467), rgb(0xC11574), rgb(0x1667D9), rgb(0x0A7F47), rgb(0x9A3412), rgb(0x0B6E99),
}

// AvatarColor gives the same ground for the same name, in both variants.
func AvatarColor(name string) color.Color {
	h := uint32(2166136261)
	for _, b := range []byte(name) {
		h = (h ^ uint32(b)) * 16777619
	}
	return avatars[h%uint32(len(avatars))]
}

package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Text sizes, from the title of a page down to the axis of a chart. Whole numbers only: fractions space letters unevenly.
const (
	TextTitle   float32 = 24
	TextWizard  float32 = 22
	TextBig     float32 = 32
	TextSection float32 = 17
	TextCard    float32 = 15
	TextBody    float32 = 14
	TextTable   float32 = 13
	TextCaption float32 = 12
	TextAxis    float32 = 11
)

// Radii and gaps that pages need when they lay parts out.
const (
	RadiusControl float32 = 8
	RadiusCard    float32 = 12
	GapControls   float32 = 8
	GapCards      float32 = 16
	InsetPage     float32 = 24
)

var sizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText:            TextBody,
	theme.SizeNameCaptionText:     TextCaption,
	theme.SizeNameSubHeadingText:  TextSection,
	theme.SizeNameHeadingText:     TextTitle,
	theme.SizeNamePadding:         4,
	theme.SizeNameInnerPadding:    8,
	theme.SizeNameInlineIcon:      18,
	theme.SizeNameInputRadius:     8,
	theme.SizeNameButtonRadius:    8,
	theme.SizeNameCardRadius:      12,
	theme.SizeNameDialogRadius:    12,
	theme.SizeNamePopupRadius:     10,
	theme.SizeNameMenuRadius:      10,
	theme.SizeNameSelectionRadius: 6,
	theme.SizeNameScrollBar:       12,
	theme.SizeNameScrollBarSmall:  4,
	theme.SizeNameScrollBarRadius: 3,
}

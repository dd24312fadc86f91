package look

import (
	"image/color"
	"math"
	"strconv"
	"strings"
)

// SystemColors gives the ground of a system's tile in its own colour, “#rrggbb”, and the colour of the initials on it. A
// ground that would be lost on a card is moved away from the card's; without a colour it is made from the name.
func SystemColors(colour, name string) (ground, text color.Color) {
	v, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil || len(colour) != 7 {
		return AvatarColor(name), Color(AvatarText)
	}
	ground = rgb(uint32(v))
	for share := float32(0.9); share > 0.4 && contrastOf(ground, Color(Surface)) < 1.6; share -= 0.1 {
		ground = Mix(rgb(uint32(v)), Color(Foreground), share)
	}
	white, dark := rgb(0xFFFFFF), rgb(0x14161B)
	if contrastOf(white, ground) >= 4.5 || contrastOf(white, ground) > contrastOf(dark, ground) {
		return ground, white
	}
	return ground, dark
}

// contrastOf is the contrast of two colours as the WCAG reckons it, 1 to 21.
func contrastOf(a, b color.Color) float64 {
	x, y := light(a), light(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func light(of color.Color) float64 {
	n, _ := color.NRGBAModel.Convert(of).(color.NRGBA)
	part := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.03928 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*part(n.R) + 0.7152*part(n.G) + 0.0722*part(n.B)
}

package look

import (
	"fmt"
	"image/color"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
)

// IconName names one of the line icons. They are 24 by 24 with a stroke of 1.5.
type IconName string

// The icons there are.
const (
	IconGrid         IconName = "grid"
	IconList         IconName = "list"
	IconUser         IconName = "user"
	IconUsers        IconName = "users"
	IconEye          IconName = "eye"
	IconEyeOff       IconName = "eye-off"
	IconSync         IconName = "refresh"
	IconHistory      IconName = "history"
	IconSettings     IconName = "settings"
	IconFile         IconName = "file"
	IconDirectory    IconName = "directory"
	IconSearch       IconName = "search"
	IconFilter       IconName = "filter"
	IconExport       IconName = "export"
	IconImport       IconName = "import"
	IconPlay         IconName = "play"
	IconPause        IconName = "pause"
	IconStop         IconName = "stop"
	IconUndo         IconName = "undo"
	IconRedo         IconName = "redo"
	IconCheck        IconName = "check"
	IconCross        IconName = "cross"
	IconWarning      IconName = "warning"
	IconError        IconName = "error"
	IconInfo         IconName = "info"
	IconChevronDown  IconName = "chevron-down"
	IconChevronUp    IconName = "chevron-up"
	IconChevronLeft  IconName = "chevron-left"
	IconChevronRight IconName = "chevron-right"
	IconArrowRight   IconName = "arrow-right"
	IconGrip         IconName = "grip"
	IconCalendar     IconName = "calendar"
	IconClock        IconName = "clock"
	IconLock         IconName = "lock"
	IconKey          IconName = "key"
	IconCopy         IconName = "copy"
	IconPlus         IconName = "plus"
	IconMinus        IconName = "minus"
	IconTrash        IconName = "trash"
	IconEdit         IconName = "edit"
	IconMore         IconName = "more"
	IconExternal     IconName = "external"
	IconSortUp       IconName = "sort-up"
	IconSortDown     IconName = "sort-down"
	IconCaret        IconName = "caret"
	IconMapping      IconName = "mapping"
	IconSpark        IconName = "spark"
	IconShield       IconName = "shield"
	IconMail         IconName = "mail"
	IconHelp         IconName = "help"
	IconTick         IconName = "tick" // the check inside a small box, with a heavier stroke
)

// shapes holds the drawing inside each icon. A dot drawn with class f is filled instead of stroked.
var shapes = map[IconName]string{
	IconGrid:         `<rect x="4" y="4" width="6.5" height="6.5"/><rect x="13.5" y="4" width="6.5" height="6.5"/><rect x="4" y="13.5" width="6.5" height="6.5"/><rect x="13.5" y="13.5" width="6.5" height="6.5"/>`,
	IconList:         `<path d="M8.5 6.5H20M8.5 12H20M8.5 17.5H20M4 6.5H5M4 12H5M4 17.5H5"/>`,
	IconUser:         `<circle cx="12" cy="8" r="3.75"/><path d="M4.75 20C5.2 16.2 8.2 14.25 12 14.25S18.8 16.2 19.25 20"/>`,
	IconUsers:        `<circle cx="9" cy="8.5" r="3.25"/><path d="M3 19.5C3.4 16.2 5.8 14.5 9 14.5S14.6 16.2 15 19.5"/><path d="M15.5 5.6A3.1 3.1 0 0 1 15.5 11.4M17.5 14.9C19.6 15.6 20.8 17.2 21 19.5"/>`,
	IconEye:          `<path d="M2.75 12C4.8 7.9 8.1 5.75 12 5.75S19.2 7.9 21.25 12C19.2 16.1 15.9 18.25 12 18.25S4.8 16.1 2.75 12Z"/><circle cx="12" cy="12" r="2.75"/>`,
	IconEyeOff:       `<path d="M4 4L20 20M9.6 6.1C10.4 5.9 11.2 5.75 12 5.75C15.9 5.75 19.2 7.9 21.25 12C20.6 13.2 19.9 14.3 19 15.2M6.1 7.6C4.7 8.7 3.6 10.2 2.75 12C4.8 16.1 8.1 18.25 12 18.25C13.7 18.25 15.3 17.8 16.7 17"/><path d="M10 10.1A2.75 2.75 0 0 0 13.9 14"/>`,
	IconSync:         `<path d="M19 9.5A7.5 7.5 0 1 0 19.5 12.5M19.5 4.75V9.5H14.75"/>`,
	IconHistory:      `<path d="M4.5 9.5A8 8 0 1 1 4 12.5M4 4.75V9.5H8.75M12 8V12.25L15 14"/>`,
	IconSettings:     `<circle cx="12" cy="12" r="3"/><path d="M10.3 3.5H13.7L14.3 6.1L16.3 7.2L18.9 6.5L20.6 9.4L18.7 11.2V12.8L20.6 14.6L18.9 17.5L16.3 16.8L14.3 17.9L13.7 20.5H10.3L9.7 17.9L7.7 16.8L5.1 17.5L3.4 14.6L5.3 12.8V11.2L3.4 9.4L5.1 6.5L7.7 7.2L9.7 6.1Z"/>`,
	IconFile:         `<path d="M13.5 3.5H7A1.5 1.5 0 0 0 5.5 5V19A1.5 1.5 0 0 0 7 20.5H17A1.5 1.5 0 0 0 18.5 19V8.5ZM13.5 3.5V8.5H18.5M9 13H15M9 16.5H13"/>`,
	IconDirectory:    `<path d="M6 3.5H17.5A1.5 1.5 0 0 1 19 5V19A1.5 1.5 0 0 1 17.5 20.5H6ZM6 3.5V20.5M3.5 8H6M3.5 12H6M3.5 16H6"/><circle cx="12.5" cy="9.75" r="2"/><path d="M9.25 15.5C9.5 13.8 10.9 13.25 12.5 13.25S15.5 13.8 15.75 15.5"/>`,
	IconSearch:       `<circle cx="10.75" cy="10.75" r="6"/><path d="M15.25 15.25L20 20"/>`,
	IconFilter:       `<path d="M4 7H20M7 12H17M10 17H14"/>`,
	IconExport:       `<path d="M12 15V4M7.75 8L12 3.75L16.25 8M4.5 14V18.5A1.5 1.5 0 0 0 6 20H18A1.5 1.5 0 0 0 19.5 18.5V14"/>`,
	IconImport:       `<path d="M12 4V15M7.75 11L12 15.25L16.25 11M4.5 14V18.5A1.5 1.5 0 0 0 6 20H18A1.5 1.5 0 0 0 19.5 18.5V14"/>`,
	IconPlay:         `<path d="M7.5 5L18.5 12L7.5 19Z"/>`,
	IconPause:        `<path d="M8.5 5.5V18.5M15.5 5.5V18.5"/>`,
	IconStop:         `<rect x="6" y="6" width="12" height="12"/>`,
	IconUndo:         `<path d="M8.5 5L4.5 9L8.5 13M4.5 9H14A5.25 5.25 0 0 1 14 19.5H9"/>`,
	IconRedo:         `<path d="M15.5 5L19.5 9L15.5 13M19.5 9H10A5.25 5.25 0 0 0 10 19.5H15"/>`,
	IconCheck:        `<path d="M5 12.5L10 17.25L19 7.25"/>`,
	IconCross:        `<path d="M6 6L18 18M18 6L6 18"/>`,
	IconWarning:      `<path d="M12 4.25L21 19.5H3ZM12 10V14.25M12 16.75V17"/>`,
	IconError:        `<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12.75M12 15.75V16"/>`,
	IconInfo:         `<circle cx="12" cy="12" r="8.5"/><path d="M12 11.25V16.5M12 8V8.25"/>`,
	IconChevronDown:  `<path d="M6 9.25L12 15.25L18 9.25"/>`,
	IconChevronUp:    `<path d="M6 14.75L12 8.75L18 14.75"/>`,
	IconChevronLeft:  `<path d="M14.75 6L8.75 12L14.75 18"/>`,
	IconChevronRight: `<path d="M9.25 6L15.25 12L9.25 18"/>`,
	IconArrowRight:   `<path d="M4 12H20M14 6L20 12L14 18"/>`,
	IconGrip:         `<g fill="COLOR" stroke="none"><circle cx="8.5" cy="5" r="1.6"/><circle cx="15.5" cy="5" r="1.6"/><circle cx="8.5" cy="12" r="1.6"/><circle cx="15.5" cy="12" r="1.6"/><circle cx="8.5" cy="19" r="1.6"/><circle cx="15.5" cy="19" r="1.6"/></g>`,
	IconCalendar:     `<rect x="4" y="5.5" width="16" height="14.5"/><path d="M4 10H20M8.5 3.5V7.5M15.5 3.5V7.5"/>`,
	IconClock:        `<circle cx="12" cy="12" r="8.5"/><path d="M12 7V12.25L15.5 14.25"/>`,
	IconLock:         `<rect x="5.5" y="10.5" width="13" height="9.5"/><path d="M8.5 10.5V7.5A3.5 3.5 0 0 1 15.5 7.5V10.5"/>`,
	IconKey:          `<circle cx="8" cy="15.5" r="4"/><path d="M11 12.5L19.5 4M16 7.5L19 10.5M13.5 10L15.5 12"/>`,
	IconCopy:         `<rect x="8.5" y="8.5" width="11.5" height="11.5"/><path d="M15.5 8.5V5.5A1.5 1.5 0 0 0 14 4H5.5A1.5 1.5 0 0 0 4 5.5V14A1.5 1.5 0 0 0 5.5 15.5H8.5"/>`,
	IconPlus:         `<path d="M12 5V19M5 12H19"/>`,
	IconMinus:        `<path d="M5 12H19"/>`,
	IconTrash:        `<path d="M4.5 6.5H19.5M9.5 6.5V4H14.5V6.5M6.5 6.5L7.5 20H16.5L17.5 6.5M10.25 10V16.5M13.75 10V16.5"/>`,
	IconEdit:         `<path d="M4.5 19.5L5.5 15.25L15.75 5L19 8.25L8.75 18.5ZM13.25 7.5L16.5 10.75"/>`,
	IconMore:         `<g fill="COLOR" stroke="none"><circle cx="5.5" cy="12" r="1.6"/><circle cx="12" cy="12" r="1.6"/><circle cx="18.5" cy="12" r="1.6"/></g>`,
	IconExternal:     `<path d="M13.5 4.5H19.5V10.5M19.5 4.5L11 13M10 5.5H6A1.5 1.5 0 0 0 4.5 7V18A1.5 1.5 0 0 0 6 19.5H17A1.5 1.5 0 0 0 18.5 18V14"/>`,
	IconSortUp:       `<g fill="COLOR" stroke="none"><path d="M6 15L12 9L18 15Z"/></g>`,
	IconSortDown:     `<g fill="COLOR" stroke="none"><path d="M6 9L12 15L18 9Z"/></g>`,
	IconCaret:        `<g fill="COLOR" stroke="none"><path d="M6.5 9.5L12 15L17.5 9.5Z"/></g>`,
	IconMapping:      `<circle cx="5.5" cy="6.5" r="2"/><circle cx="5.5" cy="17.5" r="2"/><circle cx="18.5" cy="12" r="2"/><path d="M7.5 6.5C13 6.5 11 12 16.5 12M7.5 17.5C13 17.5 11 12 16.5 12"/>`,
	IconSpark:        `<path d="M11 4.5L12.9 10.1L18.5 12L12.9 13.9L11 19.5L9.1 13.9L3.5 12L9.1 10.1ZM18.5 3.5V7.5M16.5 5.5H20.5"/>`,
	IconShield:       `<path d="M12 3.5L19 6V11.5C19 16 16.2 19 12 20.5C7.8 19 5 16 5 11.5V6ZM8.75 12L11.25 14.5L15.5 9.75"/>`,
	IconMail:         `<rect x="3.5" y="5.5" width="17" height="13"/><path d="M4 6.5L12 13L20 6.5"/>`,
	IconTick:         `<path stroke="COLOR" stroke-width="3" d="M5.5 12.5L10 17L18.5 7.75"/>`,
	IconHelp:         `<circle cx="12" cy="12" r="8.5"/><path d="M9.5 9.75A2.5 2.5 0 1 1 12 12.5V13.5M12 16.25V16.5"/>`,
}

const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24"><g fill="none" stroke="%s" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round">%s</g></svg>`

type iconKey struct {
	name  IconName
	color color.NRGBA
}

var coloured sync.Map // iconKey -> fyne.Resource

// Icon gives the icon in a colour. The toolkit recolours fills only, so line icons are drawn in their colour here; the
// same pair always gives the same resource. An unknown name gives an empty drawing.
func Icon(name IconName, c color.Color) fyne.Resource {
	key := iconKey{name, color.NRGBAModel.Convert(c).(color.NRGBA)}
	if res, ok := coloured.Load(key); ok {
		return res.(fyne.Resource)
	}
	hex := Hex(key.color)
	body := strings.ReplaceAll(shapes[name], "COLOR", hex)
	res := fyne.NewStaticResource(fmt.Sprintf("%s-%s.svg", name, hex[1:]), fmt.Appendf(nil, frame, hex, body))
	got, _ := coloured.LoadOrStore(key, res)
	return got.(fyne.Resource)
}

// Hex writes a colour as SVG does, without its transparency.
func Hex(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
}

type dashKey struct {
	wide, high, radius int
	color              color.NRGBA
}

var dashes sync.Map // dashKey -> fyne.Resource

// Dashed gives a rounded rectangle with a dashed line, drawn for one size: the toolkit has no dashed border.
func Dashed(wide, high, radius float32, c color.Color) fyne.Resource {
	key := dashKey{int(wide), int(high), int(radius), color.NRGBAModel.Convert(c).(color.NRGBA)}
	if res, ok := dashes.Load(key); ok {
		return res.(fyne.Resource)
	}
	svg := fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d"><rect x="0.5" y="0.5" width="%d" height="%d" rx="%d" ry="%d" fill="none" stroke="%s" stroke-width="1" stroke-dasharray="4 3"/></svg>`,
		key.wide, key.high, key.wide, key.high, key.wide-1, key.high-1, key.radius, key.radius, Hex(key.color))
	res := fyne.NewStaticResource(fmt.Sprintf("dashed-%d-%d-%s.svg", key.wide, key.high, Hex(key.color)[1:]), svg)
	got, _ := dashes.LoadOrStore(key, res)
	return got.(fyne.Resource)
}

package gui

import (
	"runtime"
	"strings"

	"fyne.io/fyne/v2"

	"rollcall/gui/look"
	"rollcall/gui/parts"
)

// keyHelp is the list of keys, as docs/keyboard.md has it too.
var keyHelp = []struct{ keys, does string }{
	{"Ctrl+1 … Ctrl+7", "Open a page of the rail"},
	{"Ctrl+Return", "The page’s main button: Continue, Save, Sync now"},
	{"Ctrl+F", "Search on this page"},
	{"F6, Shift+F6", "To the next part of the window, or the one before"},
	{"Tab, Shift+Tab", "To the next control, or the one before"},
	{"Arrow keys, Home, End", "Inside a list, a table, a row of tabs or cards"},
	{"A letter", "To the next field, attribute or card that begins with it"},
	{"Space or Return", "Press; tick a row of a preview; open a row"},
	{"Up from the first row", "To the headings of a table: Space sorts, + and − change the width"},
	{"Delete", "Clear an attribute of a mapping"},
	{"Ctrl+Z, Ctrl+Y", "Undo and redo a change of the mapping"},
	{"Escape", "Close a dialog or a list, empty a search, go back"},
	{"F1 or ?", "This list"},
}

// help shows the keys.
func (w *window) help() {
	rows := []fyne.CanvasObject{}
	for _, k := range keyHelp {
		rows = append(rows, parts.Beside(190, parts.NewText(keyNames(k.keys), parts.Style{Size: look.TextTable, Bold: true}),
			parts.NewText(k.does, parts.Style{Size: look.TextTable, Color: look.Muted, Lines: 2})))
	}
	done := parts.NewButton("Done", parts.Primary, nil)
	d := parts.NewDialog(w.Canvas(), "Keyboard", "Everything can be done without the mouse.", parts.Column(9, rows...), done)
	done.OnTapped = d.Close
	d.Show(600)
}

// keyNames writes keys as they are written on this computer.
func keyNames(keys string) string {
	if runtime.GOOS != "darwin" {
		return keys
	}
	return strings.ReplaceAll(keys, "Ctrl+", "⌘")
}

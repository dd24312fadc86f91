package gui

import (
	"strings"
	"testing"

	"rollcall/connectors"
	"rollcall/gui/parts"
)

func TestSystemsAreFoundByWhatPeopleCallThem(t *testing.T) {
	c := newCanned()
	c.specs, c.connections = connectors.All().Specs(), nil
	w := openWindow(t, c)
	for search, want := range map[string]string{
		"sap":       "SAP SuccessFactors, Sapling (Kallidus)",
		"visma":     "Visma Raet - Youforce, Nmbrs",
		"Visma nm":  "Nmbrs",
		"entra":     "Microsoft Entra ID, Microsoft Azure AD",
		"azure":     "Microsoft Azure AD, Microsoft Entra ID",
		"microsoft": "Microsoft Azure AD, Microsoft Entra ID",
		"g suite":   "Google Workspace",
		"google":    "Google Workspace",
		"ultipro":   "UKG Pro",
		"factors":   "SAP SuccessFactors", // no word begins so
	} {
		first[*parts.SearchBox](w).SetText(search)
		settle()
		var names []string
		for _, tile := range every[*parts.Tile](w) {
			names = append(names, tile.Name)
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("%q finds %q, want %q", search, got, want)
		}
	}
}

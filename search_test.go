package main

import (
	"slices"
	"testing"

	"rollcall/connectors"
	"rollcall/gui/view"
)

func TestSystemsAreFoundByTheNamesThatPeopleKnowThemBy(t *testing.T) {
	s := view.Systems{Specs: connectors.All().Specs()}
	for search, want := range map[string][]string{
		"sap": {"successfactors", "kallidus"}, "visma": {"nmbrs", "youforce"}, "entra": {"entraid", "azuread"}, "azure": {"entraid", "azuread"}, "azure ad": {"azuread", "entraid"},
		"microsoft 365": {"entraid"}, "raet": {"youforce"}, "adp workforce now": {"adp"}, "ultipro": {"ukgpro"}, "cascade": {"iriscascade"}, "access": {"peoplehr"}, "sapling": {"kallidus"},
		"g suite": {"googleworkspace"}, "cakehr": {"sagehr"}, "bob": {"hibob"}, "charliehr": {"charliehr"}, "eurecia": {"eurecia"}, "eurécia": {"eurecia"}, "simployer": {"alexishr"},
		"excel": {"xlsx"}, "sftp": {"sftp"}, "poplee": {"lucca"}, "fairsail": {"sagepeople"}, "openldap": {"ldap"}, "profit": {"afas"},
	} {
		var found []string
		for _, c := range s.Cards(search, "") {
			found = append(found, c.Spec.ID)
		}
		for _, id := range want {
			if !slices.Contains(found, id) {
				t.Errorf("“%s” finds %v, not %s", search, found, id)
			}
		}
		if len(found) > len(want)+3 {
			t.Errorf("“%s” finds too much: %v", search, found)
		}
	}
	all := s.Categories("")
	if n := all[1].Count + all[2].Count + all[3].Count; all[0].Count != len(s.Specs) || n != len(s.Specs) {
		t.Errorf("%d systems, by category %v", len(s.Specs), all)
	}
}

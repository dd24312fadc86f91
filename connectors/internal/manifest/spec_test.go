package manifest

import (
	"strings"
	"testing"
)

const smallSpec = `
id: acmehr
name: Acme HR
category: hr
description: People of Acme HR.
colour: "#102030"
source: true
options:
  - id: apiKey
    label: API key
    help: A key of a user who may read every employee.
    where: [Click your picture, API Keys]
    secret: true
`

func TestSpecIsReadFromItsManifest(t *testing.T) {
	s, err := DecodeSpec([]byte(smallSpec))
	if err != nil || s.ID != "acmehr" || !s.Source || len(s.Options) != 1 || !s.Options[0].Secret || len(s.Options[0].Where) != 2 {
		t.Fatalf("got %+v, %v", s, err)
	}
}

func TestSpecRefusesWhatItDoesNotKnow(t *testing.T) {
	for name, c := range map[string]struct{ from, to, says string }{
		"unknown key":           {"source: true", "source: true\nsauce: true", "sauce"},
		"unknown key of option": {"secret: true", "secrete: true", "secrete"},
		"option without help":   {"help: A key of a user who may read every employee.", "help: ''", "help"},
		"bad colour":            {`"#102030"`, "red", "colour"},
		"bad pattern":           {"secret: true", "pattern: '('", "missing closing"},
		"bad category":          {"category: hr", "category: pets", "pets"},
		"show-if of nothing":    {"secret: true", "showIf: {auth: [key]}", "showIf"},
		"unknown skill":         {"source: true", "source: true\ncan: [fly]", "fly"},
		"neither side":          {"source: true", "source: false", "neither"},
		"secret with default":   {"secret: true", "secret: true\n    default: x", "default"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := DecodeSpec([]byte(strings.Replace(smallSpec, c.from, c.to, 1)))
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v should say %q", err, c.says)
			}
		})
	}
}

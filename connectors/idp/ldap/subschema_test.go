package ldap

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"rollcall/core"
)

func TestDefinitionsAreRead(t *testing.T) {
	d, ok := parseDefinition(`( 2.16.840.1.113730.3.2.2 NAME 'inetOrgPerson' DESC 'RFC2798: Internet (Org) Person' SUP organizationalPerson STRUCTURAL MAY ( audio $ mail$manager ) MUST uid )`)
	if !ok || d.names[0] != "inetOrgPerson" || d.sup[0] != "organizationalPerson" || !slices.Equal(d.may, []string{"audio", "mail", "manager"}) || d.must[0] != "uid" || d.desc != "RFC2798: Internet (Org) Person" {
		t.Errorf("read %+v", d)
	}
	d, ok = parseDefinition(`( 0.9.2342.19200300.100.1.3 NAME ( 'mail' 'rfc822Mailbox' ) EQUALITY caseIgnoreIA5Match SYNTAX 1.3.6.1.4.1.1466.115.121.1.26{256} SINGLE-VALUE NO-USER-MODIFICATION )`)
	if !ok || !slices.Equal(d.names, []string{"mail", "rfc822Mailbox"}) || d.syntax != syntaxRoot+"26" || !d.single || !d.readOnly {
		t.Errorf("read %+v", d)
	}
}

func TestAttributesComeFromTheClassesAndThoseAbove(t *testing.T) {
	s := newSubschema([]string{
		`( 1 NAME 'name' SYNTAX ` + syntaxRoot + `15 )`,
		`( 2 NAME ( 'sn' 'surname' ) SUP name )`,
		`( 3 NAME ( 'cn' 'commonName' ) SUP name )`,
		`( 4 NAME 'jpegPhoto' SYNTAX ` + syntaxRoot + `28 )`,
		`( 5 NAME 'manager' SYNTAX ` + syntaxRoot + `12 )`,
		`( 6 NAME 'badge' SYNTAX ` + syntaxRoot + `27 SINGLE-VALUE )`,
		`( 7 NAME 'skill' DESC 'What one can' SYNTAX ` + syntaxRoot + `15 )`,
		`( 8 NAME 'loop' SUP loop )`,
		`( 9 NAME 'remoteWorker' SYNTAX ` + syntaxRoot + `7 SINGLE-VALUE )`,
	}, []string{
		`( 10 NAME 'person' MUST ( surname $ cn ) )`,
		`( 11 NAME 'inetOrgPerson' SUP person MAY ( jpegPhoto $ manager $ badge $ skill $ loop $ remoteWorker $ nowhere ) )`,
	})
	got := map[string]core.Attribute{}
	var order []string
	for _, a := range s.attributesOf([]string{"inetOrgPerson"}, "cn") {
		got[a.ID] = a
		order = append(order, a.ID)
	}
	if strings.Join(order, " ") != "cn sn manager badge skill remoteWorker" {
		t.Errorf("offered %v", order)
	}
	if !got["sn"].Required || !got["cn"].Login || got["sn"].Login || got["manager"].Kind != core.Reference || got["badge"].Kind != core.Number || got["skill"].Kind != core.List || got["remoteWorker"].Kind != core.Bool {
		t.Errorf("offered %+v", got)
	}
}

func TestNamesThatAreTheSame(t *testing.T) {
	for _, c := range [][2]string{
		{"uid=ada.berg,ou=people,dc=corp,dc=example", "UID=Ada.Berg, OU=People , DC=corp,dc=EXAMPLE"},
		{`cn=Berg\, Ada,dc=corp`, `cn=Berg\2C Ada,dc=corp`},
		{"cn=a+uid=b,dc=corp", "uid=b+cn=a,dc=corp"},
	} {
		if normal(c[0]) != normal(c[1]) {
			t.Errorf("%q and %q are the same name: %q, %q", c[0], c[1], normal(c[0]), normal(c[1]))
		}
	}
	if normal("uid=a,dc=corp") == normal("uid=b,dc=corp") || within("uid=a,ou=xpeople,dc=corp", "ou=people,dc=corp") || !within("uid=a,ou=people,dc=corp", "OU=people, dc=corp") {
		t.Error("different names are taken for one")
	}
	if got := renamed(`cn=Ada\, B+uid=ada,dc=corp`, map[string]string{"UID": "a,b"}); got != `cn=Ada\, B+uid=a\,b` {
		t.Errorf("renamed to %s", got)
	}
}

func FuzzDefinition(f *testing.F) {
	f.Add(`( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn ) MAY ( userPassword $ seeAlso ) )`)
	f.Add(`( 1 NAME ( 'a' `)
	f.Add(`NAME '`)
	f.Fuzz(func(t *testing.T, text string) {
		if d, ok := parseDefinition(text); ok && len(d.names) == 0 {
			t.Error("a definition without a name")
		}
		s := newSubschema([]string{text}, []string{text})
		for _, a := range s.attributesOf([]string{"person"}, "cn") {
			if a.ID == "" || a.Label == "" {
				t.Errorf("an attribute without a name from %q", text)
			}
		}
	})
}

func FuzzNames(f *testing.F) {
	f.Add("uid=ada.berg,ou=people,dc=corp,dc=example", "x")
	f.Add(`cn=Berg\, Ada+uid=\23a,dc=corp`, `a,b+c="d"`)
	f.Fuzz(func(t *testing.T, dn, value string) {
		if normal(dn) != normal(" "+dn) && len(naming(dn)) > 0 {
			t.Errorf("a blank before %q makes it another name", dn)
		}
		parts := naming(dn)
		if len(parts) == 0 || value == "" || strings.TrimSpace(value) != value || !utf8.ValidString(dn) || !utf8.ValidString(value) {
			return
		}
		name := renamed(dn, map[string]string{parts[0].Type: value})
		if got, ok := named(name+",dc=corp", parts[0].Type); ok && got != value {
			t.Errorf("renamed to %q, read back %q", value, got)
		}
	})
}

package ldap

import (
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// normal gives a distinguished name in a form that is the same however it was written:
// DNs compare without case and without blanks around their parts. What is no DN comes
// back in lower case.
func normal(dn string) string {
	parsed, err := ldap.ParseDN(dn)
	if err != nil {
		return strings.ToLower(dn)
	}
	parts := make([]string, len(parsed.RDNs))
	for i, r := range parsed.RDNs {
		parts[i] = strings.ToLower(strings.Join(strings.Fields(joinRDN(r)), " "))
	}
	return strings.Join(parts, ",")
}

func joinRDN(r *ldap.RelativeDN) string {
	values := make([]string, len(r.Attributes))
	for i, a := range r.Attributes {
		values[i] = a.Type + "=" + ldap.EscapeDN(strings.TrimSpace(a.Value))
	}
	slices.Sort(values)
	return strings.Join(values, "+")
}

// within says that a name is that of the branch or of something below it.
func within(dn, branch string) bool {
	d, b := normal(dn), normal(branch)
	return d == b || strings.HasSuffix(d, ","+b)
}

// parent gives the branch in which an entry stands.
func parent(dn string) string {
	parsed, err := ldap.ParseDN(dn)
	if err != nil || len(parsed.RDNs) < 2 {
		return ""
	}
	return (&ldap.DN{RDNs: parsed.RDNs[1:]}).String()
}

// naming gives the parts of an entry's own name.
func naming(dn string) []*ldap.AttributeTypeAndValue {
	parsed, err := ldap.ParseDN(dn)
	if err != nil || len(parsed.RDNs) == 0 {
		return nil
	}
	return parsed.RDNs[0].Attributes
}

// named gives the value that an attribute has in the entry's own name.
func named(dn, attribute string) (string, bool) {
	for _, a := range naming(dn) {
		if strings.EqualFold(a.Type, attribute) {
			return a.Value, true
		}
	}
	return "", false
}

// renamed gives the entry's own name with other values for some of its attributes.
func renamed(dn string, values map[string]string) string {
	var parts []string
	for _, a := range naming(dn) {
		v := a.Value
		for id, other := range values {
			if strings.EqualFold(id, a.Type) {
				v = other
			}
		}
		parts = append(parts, a.Type+"="+ldap.EscapeDN(v))
	}
	return strings.Join(parts, "+")
}

// ownName gives the first part of a DN as it is written in it.
func ownName(dn string) string { return renamed(dn, nil) }

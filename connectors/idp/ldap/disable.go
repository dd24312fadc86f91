package ldap

import (
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

const (
	lockedTime = "pwdAccountLockedTime"
	// accountLock is true where 389 Directory Server locks an account; it knows no lockedTime.
	accountLock = "nsAccountLock"
	// forGood locks an account until somebody unlocks it, as the password policy draft
	// (draft-behera-ldap-password-policy, §5.3.3) has it.
	forGood = "000001010000Z"
)

// disabling is the way in which this directory disables an account.
type disabling struct {
	by        string // lock, move, attribute
	branch    string
	attribute string
	off, on   string
}

// lockOf gives what the schema has to lock an account; "" for nothing.
func lockOf(schema subschema) string {
	for _, name := range []string{lockedTime, accountLock} {
		if schema.has(name) {
			return name
		}
	}
	return ""
}

// reads gives the attribute in which the state stands, or "".
func (d disabling) reads() string {
	switch d.by {
	case "lock":
		return lockedTime
	case "attribute":
		return d.attribute
	}
	return ""
}

// active says whether the entry's owner can sign in. A lock that will pass, as after
// some wrong passwords, is no disabling.
func (d disabling) active(e *ldap.Entry) bool {
	switch d.by {
	case "move":
		return !within(e.DN, d.branch)
	case "attribute":
		return !slices.ContainsFunc(e.GetEqualFoldAttributeValues(d.attribute), func(v string) bool { return strings.EqualFold(v, d.off) })
	}
	return !strings.HasPrefix(e.GetEqualFoldAttributeValue(lockedTime), strings.TrimSuffix(forGood, "Z"))
}

// values gives what the attribute of the state holds; none to remove it.
func (d disabling) values(active bool) []string {
	v := ""
	switch {
	case d.by == "lock" && !active:
		v = forGood
	case d.by == "attribute" && active:
		v = d.on
	case d.by == "attribute":
		v = d.off
	}
	if v == "" {
		return nil
	}
	return []string{v}
}

func (d disabling) notes() []string {
	if d.by == "move" {
		return []string{"Moving an account does not stop its password. The branch for leavers has to be closed by the directory's own rules."}
	}
	return nil
}

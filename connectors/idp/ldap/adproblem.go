package ldap

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"rollcall/core"
)

// errNameTaken marks that an entry's own name is what is in the way, not a value of it.
var errNameTaken = errors.New("the name of the entry is taken")

func nameTaken(err error) bool { return errors.Is(err, errNameTaken) }

// namesAttribute finds the attribute that a message of Windows (“Att 3 (cn)”) or of
// Samba (“attribute 'cn'”) is about.
var namesAttribute = regexp.MustCompile(`(?:Att [0-9a-fA-F]+ \(|attribute '|Element )([A-Za-z][A-Za-z0-9-]*)`)

// adReasons are numbers of Windows' errors that a message begins with, and what they
// mean for an account (MS-ERREF §2.2).
var adReasons = []struct {
	mark      string
	code      core.Code
	what, fix string
}{
	{"0000052D", core.Refused, "refuses the first password, or wants one before an account is enabled", "Ask the administrator which passwords the domain accepts; Rollcall's have 24 characters of four kinds."},
	{"0000001F", core.Refused, "takes passwords on an encrypted connection only", "Choose LDAPS or StartTLS."},
	{"0000202F", core.Conflict, "says that a value has to be unique and is taken", conflictFix},
	{"000021C8", core.Conflict, "says that the sign-in name (userPrincipalName) is taken in the forest", conflictFix},
	{"000021C7", core.Conflict, "says that a service principal name is taken in the forest", conflictFix},
	{"000020B5", core.Refused, "does not know the account that a reference, such as the manager, names", "Create the other account first, or make a new plan."},
	{"00000525", core.NotFound, "has no such user", "Make a new plan."},
	{"00002014", core.Refused, "does not have an attribute in its schema", "Remove the attribute from the mapping."},
	{"0000209A", core.Refused, "does not let anybody write one of these attributes", "Remove the attribute from the mapping."},
	{"000021A2", core.Refused, "does not enable or change the system's own account", "Leave this account out of the sync."},
}

const conflictFix = "Match the person with the account that has the value, or give one of the two another."

func noPassword(err error) bool { return err != nil && strings.Contains(err.Error(), "0000052D") }

// refusal explains why a write was refused, with the attribute that it is about.
func (d *domain) refusal(ctx context.Context, err error, f *facts, id string, set map[string]string) error {
	var answer *ldap.Error
	if err == nil || !errors.As(err, &answer) {
		return d.session.problem(ctx, err)
	}
	if answer.ResultCode == ldap.LDAPResultEntryAlreadyExists {
		if taken := d.free(ctx, f, id, set); taken != nil {
			return taken
		}
		return &core.Problem{Code: core.Conflict, Cause: fmt.Errorf("%w: %w", errNameTaken, err), What: fmt.Sprintf("%s already has an entry of this name in this branch.", d.session.host), Fix: conflictFix}
	}
	p := *core.AsProblem(d.session.problem(ctx, err))
	text := err.Error()
	for _, r := range adReasons {
		if strings.Contains(text, r.mark) {
			p.Code, p.What, p.Fix = r.code, fmt.Sprintf("%s %s.%s", d.session.host, r.what, said(err)), r.fix
			break
		}
	}
	if p.Code == core.Conflict {
		if taken := d.free(ctx, f, id, set); taken != nil {
			return taken
		}
	}
	if m := namesAttribute.FindStringSubmatch(text); m != nil {
		p.What = fmt.Sprintf("“%s” (%s): %s", f.label(m[1]), m[1], p.What)
	}
	if p.Code == core.MissingScope {
		p.Fix = "Ask the administrator to delegate the rights to create, write, move and delete users in these organizational units to Rollcall's account."
	}
	return &p
}

func (f *facts) label(name string) string {
	for _, a := range f.attributes {
		if strings.EqualFold(a.ID, name) {
			return a.Label
		}
	}
	return name
}

// free gives a conflict that names the value where another account of the domain, or a
// group or computer, has the account name or sign-in name that is to be set.
func (d *domain) free(ctx context.Context, f *facts, id string, set map[string]string) error {
	for _, attribute := range []string{accountName, principalName} {
		v := set[attribute]
		if v == "" {
			continue
		}
		found, err := d.search(ctx, f.context, ldap.ScopeWholeSubtree, fmt.Sprintf("(%s=%s)", attribute, ldap.EscapeFilter(v)), []string{guid, commonName, "displayName"})
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(found, func(e *ldap.Entry) bool { return idOf(e) != id }); i >= 0 {
			return &core.Problem{Code: core.Conflict, What: fmt.Sprintf("“%s” is already the %s (%s) of %s.", v, strings.ToLower(f.label(attribute)), attribute, adNameOf(found[i])), Fix: conflictFix}
		}
	}
	return nil
}

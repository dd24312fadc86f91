package entraid

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// failure is how Graph says no.
type failure struct {
	Code    string
	Message string
	Details []struct{ Code, Target, Message string }
	Inner   struct {
		Request string `json:"request-id"`
	} `json:"innerError"`
}

func graphError(err error) failure {
	var f *rest.Failure
	var body struct{ Error failure }
	if errors.As(err, &f) {
		_ = json.Unmarshal(f.Body, &body) // what is no JSON says nothing
	}
	return body.Error
}

// explained turns a refusal of Graph into a problem that names what it is about.
func (t *Target) explained(err error, w core.Write) error {
	code := status(err)
	if err == nil || code == 0 || core.HasCode(err, core.BadCredentials) || core.HasCode(err, core.Unknown) {
		return err
	}
	f := graphError(err)
	cause := fmt.Errorf("request %s, %s: %w", f.Inner.Request, f.Code, err)
	var p *core.Problem
	switch {
	case code == http.StatusNotFound && w.Account != "":
		p = t.missing(w.Account)
	case f.conflicts():
		p = t.conflict(f, w)
	case code == http.StatusForbidden:
		p = t.forbidden(w)
	case code == http.StatusBadRequest || code == http.StatusFailedDependency:
		p = t.refusal(f)
	default:
		return err
	}
	p.Cause = cause
	return p
}

// conflicts says that a value is somebody else's already.
func (f failure) conflicts() bool {
	for _, d := range f.Details {
		if d.Code == "ObjectConflict" {
			return true
		}
	}
	return strings.Contains(f.Message, "same value for property") || strings.Contains(f.Message, "conflicting object")
}

// about gives the attribute that a refusal is about, as far as it tells.
func (t *Target) about(f failure) (attribute, bool) {
	texts := []string{}
	for _, d := range f.Details {
		texts = append(texts, d.Target, d.Message)
	}
	texts = append(texts, f.Message)
	t.mu.Lock()
	known := slices.Concat(t.attributes, standard)
	t.mu.Unlock()
	for _, said := range texts {
		if strings.Contains(said, "proxyAddresses") {
			return find(known, "mail")
		}
		for _, a := range known {
			if slices.Contains(words(said), a.ID) || a.part == "" && slices.Contains(words(said), a.property) {
				return a, true
			}
		}
	}
	return attribute{}, false
}

// words cuts a sentence into names as properties have them.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("._", r) && (r < '0' || r > 'z' || r > '9' && r < 'A' || r > 'Z' && r < 'a')
	})
}

func (t *Target) conflict(f failure, w core.Write) *core.Problem {
	const mend = "Look at who has it in Microsoft Entra ID; match that account with this person, or give one of the two another value."
	a, ok := t.about(f)
	if !ok {
		return &core.Problem{Code: core.Conflict, What: "Another account has one of these values already." + said(f), Fix: mend}
	}
	return &core.Problem{Code: core.Conflict, What: fmt.Sprintf("“%s” cannot be “%s”: another account has it already.", a.Label, core.ShowValue(w.Set[a.ID])), Fix: mend}
}

func (t *Target) refusal(f failure) *core.Problem {
	const mend = "Change the value in the HR system or in the mapping."
	switch {
	case strings.Contains(f.Message, "on-premises mastered"), strings.Contains(strings.ToLower(f.Message), "directory sync"):
		return &core.Problem{Code: core.Refused, What: "This account is synchronised from Active Directory, so it cannot be changed in Microsoft Entra ID.", Fix: "Change it in Active Directory."}
	case strings.Contains(f.Message, "domain portion"):
		return &core.Problem{Code: core.Refused, What: "“User principal name” has a domain that is not verified in the tenant.", Fix: "Use a verified domain, or verify this one in Microsoft Entra ID."}
	case strings.Contains(strings.ToLower(f.Message), "password"):
		return &core.Problem{Code: core.Refused, What: "Microsoft Entra ID does not take the first password." + said(f), Fix: "Ask an administrator about the tenant's rules for passwords."}
	}
	if a, ok := t.about(f); ok {
		return &core.Problem{Code: core.Refused, What: fmt.Sprintf("Microsoft Entra ID does not take the value of “%s”.%s", a.Label, said(f)), Fix: mend}
	}
	return &core.Problem{Code: core.Refused, What: "Microsoft Entra ID does not take one of these values." + said(f), Fix: mend}
}

func said(f failure) string {
	message := strings.TrimRight(strings.Join(strings.Fields(f.Message), " "), ".")
	if r := []rune(message); len(r) > 200 {
		message = string(r[:200]) + "…"
	}
	if message == "" {
		return ""
	}
	return " It says: “" + message + "”."
}

// sensitive are attributes that only who stands high enough may change of an administrator.
var sensitive = []string{core.Enabled, "mobilePhone", "businessPhones", "otherMails"}

// forbidden names the permission that a write or, with groups to be read as an empty
// value, a question needs, or says that the account is an
// administrator's where the token has the permission.
func (t *Target) forbidden(w core.Write) *core.Problem {
	need := "User.Read.All"
	switch {
	case len(w.Set) == 1 && hasKey(w.Set, core.Groups): // beside others they have calls of their own
		if need = "GroupMember.Read.All"; w.Set[core.Groups] != "" {
			need = "GroupMember.ReadWrite.All"
		}
	case hasKey(w.Set, leaveDate):
		need = leaveDateRight
	case w.Verb != core.Create || len(w.Set) > 0: // a question has neither
		need = "User.ReadWrite.All"
	}
	touches := w.Verb == core.Deactivate || w.Verb == core.Reactivate || w.Verb == core.Delete || slices.ContainsFunc(sensitive, func(id string) bool { return hasKey(w.Set, id) })
	if touches && w.Verb != core.Create && t.token.claims().has(append(wider[need], need)...) == granted {
		return &core.Problem{Code: core.MissingScope, What: "Microsoft Entra ID does not let us change this account, though the permission " + need + " is there: it is probably an administrator's.",
			Fix: "Let an administrator change it by hand, or give the application a directory role that stands high enough."}
	}
	other := ""
	if touches && w.Verb != core.Create {
		other = ", or the account is an administrator's"
	}
	return &core.Problem{Code: core.MissingScope, What: fmt.Sprintf("Microsoft Entra ID let us in, but not to this: the permission %s is missing%s.", need, other),
		Fix: fmt.Sprintf("Under App registrations, your application, API permissions add %s of Microsoft Graph and press Grant admin consent; then test again.", need)}
}

func hasKey(set map[string]string, id string) bool {
	_, ok := set[id]
	return ok
}

// unsure makes an unknown outcome of a write that was sent, and sent again, without a
// clear answer. Where nobody could be reached at all, nothing was written.
func unsure(err error, vendor string) error {
	var dial *net.OpError
	var dns *net.DNSError
	unreached := errors.As(err, &dial) && dial.Op == "dial" || errors.As(err, &dns)
	broken := core.HasCode(err, core.Unreachable) && !unreached
	failed := core.HasCode(err, core.ServerFault) && status(err) != http.StatusServiceUnavailable && status(err) != http.StatusNotImplemented
	if !broken && !failed {
		return err
	}
	return &core.Problem{Code: core.Unknown, Cause: err, What: fmt.Sprintf("Nobody can tell whether %s made the change: no clear answer came.", vendor), Fix: "Read again to see what became of it."}
}

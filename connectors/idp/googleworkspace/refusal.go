package googleworkspace

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// refused is Google's error object with the status that it came with.
type refused struct {
	status          int
	reason, message string
}

// refusalOf gives what Google said, if that is the cause of the error.
func refusalOf(err error) refused {
	var f *rest.Failure
	if !errors.As(err, &f) {
		return refused{}
	}
	var body struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	_ = json.Unmarshal(f.Body, &body) // what is no JSON says nothing
	return refused{f.Status, reason(f.Body), body.Error.Message}
}

// says looks for words in the message, whatever their case.
func (r refused) says(words string) bool { return strings.Contains(folded(r.message), words) }

func (r refused) quoted() string {
	if r.message == "" {
		return ""
	}
	return fmt.Sprintf(" It says: “%s”.", strings.TrimRight(r.message, "."))
}

// incomplete says that Google is still at work on the creation of the account.
func incomplete(err error) bool { return refusalOf(err).says("creation is not complete") }

func (r refused) noLicence() bool { return r.reason == "limitExceeded" || r.says("user limit reached") }

// explained turns a refusal into a problem that names what it is about.
func (t *Target) explained(err error, w core.Write) error {
	r := refusalOf(err)
	var p *core.Problem
	switch {
	case err == nil || r.status == 0 || core.HasCode(err, core.BadCredentials) || core.HasCode(err, core.RateLimited):
		return err
	case r.reason == "domainNotFound":
		p = standard[0].refused("Google Workspace does not know its domain")
	case r.status == http.StatusNotFound && w.Account != "":
		p = t.missing(w.Account, nil)
	case r.noLicence():
		p = &core.Problem{Code: core.Refused, What: "Google Workspace has no licence left for one more account." + r.quoted(), Fix: "Buy licences or delete accounts in admin.google.com, then sync again."}
	case r.status == http.StatusConflict:
		p = t.conflict(w, r)
	case r.status == http.StatusForbidden && core.HasCode(err, core.MissingScope):
		p = t.forbidden(r, w, err)
	case r.status == http.StatusPreconditionFailed || r.reason == "failedPrecondition" || r.reason == "conditionNotMet":
		p = unmet(r)
	case r.status == http.StatusBadRequest:
		p = refusedValue(r)
	default:
		return err
	}
	p.Cause = fmt.Errorf("%s: %w", r.reason, err)
	return p
}

func (t *Target) conflict(w core.Write, r refused) *core.Problem {
	if w.Set[primaryEmail] == "" {
		return &core.Problem{Code: core.Conflict, What: "Google Workspace says that one of the values is taken." + r.quoted(), Fix: "Look for it in admin.google.com, then sync again."}
	}
	return &core.Problem{Code: core.Conflict, What: fmt.Sprintf("“%s” cannot be “%s”: another account has it already, as its address or as an alias, or a group has it.", standard[0].Label, w.Set[primaryEmail]),
		Fix: "Look for the address in admin.google.com, also among unmanaged users; match its account with this person, or give this person another address."}
}

// forbidden names the scope that a write needs, or else the role of the administrator.
func (t *Target) forbidden(r refused, w core.Write, err error) *core.Problem {
	if p := core.AsProblem(err); r.reason == "accessNotConfigured" || r.reason == "domainCannotUseApis" {
		return &core.Problem{Code: p.Code, What: p.What, Fix: p.Fix}
	}
	needs := []string{writeUsers}
	if _, is := w.Set[core.Groups]; is {
		needs = []string{readGroups, writeMembers}
	}
	for _, scope := range needs {
		if !t.scopes.has(scope) {
			return lacking(scope)
		}
	}
	return &core.Problem{Code: core.MissingScope, What: "The administrator whom Rollcall acts as may not do this in Google Workspace." + r.quoted(),
		Fix: "In admin.google.com, Account, Admin roles, give that administrator a role that may create, change and delete users and change groups."}
}

// unmet is a change that Google does not make as things are.
func unmet(r refused) *core.Problem {
	if r.says("admin") {
		return &core.Problem{Code: core.Refused, What: "Google Workspace does not let the account of an administrator be changed." + r.quoted(), Fix: "Change it in admin.google.com."}
	}
	return &core.Problem{Code: core.Stale, What: "Google Workspace does not make the change as the account is now." + r.quoted(), Fix: "Make the plan again to see the account as it is now."}
}

// inputs are Google's own names for what it refuses, where they are not those of the field.
var inputs = map[string]string{"primary_user_email": primaryEmail, "invalid_ou_id": orgUnit, "invalid_given_name": "name.givenName", "invalid_family_name": "name.familyName"}

// refusedValue names the attribute that a refusal is about, as far as Google tells.
func refusedValue(r refused) *core.Problem {
	const mend = "Change the value at its source or in the mapping."
	_, input, _ := strings.Cut(r.message, ": ")
	if own, ok := strings.CutPrefix(input, "custom_schema."); ok {
		return &core.Problem{Code: core.Refused, What: fmt.Sprintf("Google Workspace does not take the value of its custom field “%s”.", own), Fix: mend}
	}
	id := input
	if known, ok := inputs[folded(input)]; ok {
		id = known
	}
	i := slices.IndexFunc(standard, func(a attribute) bool { return a.ID == id || a.top == id || a.top+"."+a.part == id })
	if i < 0 || input == "" {
		return &core.Problem{Code: core.Refused, What: "Google Workspace does not take one of the values." + r.quoted(), Fix: mend}
	}
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("Google Workspace does not take the value of “%s”.%s", standard[i].Label, r.quoted()), Fix: mend}
}

// fullFor is how long no account is tried to be made after Google said that no licence
// is left.
const fullFor = time.Minute

// notMade explains why an account was not made, and remembers where no licence is left.
func (t *Target) notMade(ctx context.Context, err error, w core.Write) error {
	if refusalOf(err).noLicence() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.full = t.rest.Now(ctx)
	}
	return t.explained(err, w)
}

// noLicence spares Google, and whoever waits, the creates after the one for which no
// licence was left.
func (t *Target) noLicence(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.full.IsZero() || t.rest.Now(ctx).Sub(t.full) > fullFor {
		return nil
	}
	return &core.Problem{Code: core.Refused, What: "No account is made: a moment ago Google Workspace had no licence left.", Fix: "Buy licences or delete accounts in admin.google.com, then sync again."}
}

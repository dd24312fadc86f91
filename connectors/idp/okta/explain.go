package okta

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// about is what a request was for, so that a refusal can be explained.
type about struct {
	permission string
	account    string            // whom it was about
	set        map[string]string // what it was to write
	known      []attribute
}

var reading = about{permission: "okta.users.read"}

func of(account string) about { return about{permission: reading.permission, account: account} }

// refusal is how Okta says no.
type refusal struct {
	ErrorCode, ErrorSummary, ErrorID string
	ErrorCauses                      []struct{ ErrorSummary string }
}

// refusalOf reads the refusal that an error came from; empty where there is none.
func refusalOf(err error) (refusal, *rest.Failure) {
	var f *rest.Failure
	var r refusal
	if !errors.As(err, &f) || json.Unmarshal(f.Body, &r) != nil {
		return refusal{}, f
	}
	return r, f
}

func code(err error) string {
	r, _ := refusalOf(err)
	return r.ErrorCode
}

// traced adds what Okta's support finds a request by.
type traced struct {
	request, id string
	cause       error
}

func (e *traced) Error() string {
	return fmt.Sprintf("request %s, error %s: %v", e.request, e.id, e.cause)
}
func (e *traced) Unwrap() error { return e.cause }

// explained makes what Okta refused into sentences that name the attribute, the permission
// or the status; other errors it gives back.
func (t *Target) explained(err error, a about) error {
	r, f := refusalOf(err)
	if err == nil || f == nil {
		return err
	}
	p := *core.AsProblem(err)
	p.Cause = &traced{f.Header.Get("X-Okta-Request-Id"), r.ErrorID, f}
	said := r.said()
	switch {
	case p.Code == core.RateLimited:
	case f.Status == http.StatusNotFound && a.account != "":
		return notThere(a.account, p.Cause)
	case f.Status == http.StatusPreconditionFailed:
		p.Code, p.What, p.Fix = core.Stale, "The account was changed in Okta since it was read.", "Make a new plan to see it as it is now."
	case r.ErrorCode == "E0000001":
		return a.invalid(r, &p)
	case r.ErrorCode == "E0000080":
		p.Code, p.What, p.Fix = core.Refused, "Okta does not take the password: its password policy asks for another kind."+said, "Leave passwords to Okta, or change the policy."
	case r.ErrorCode == "E0000038":
		p.Code, p.What, p.Fix = core.Refused, "Okta does not do this in the account's present status."+said,
			"Bring a deactivated account back first, or allow changes to deactivated profiles in Okta (Directory, Profile Editor settings)."
	case r.ErrorCode == "E0000023":
		p.Code, p.What, p.Fix = core.Refused, "Another system decides about this profile, so Okta does not take the change."+said, "Change it in that system, or remove the attribute from the mapping."
	case r.ErrorCode == "E0000112":
		p.Code, p.What, p.Fix = core.Refused, "Okta is still activating the account, also after waiting.", "Apply the plan again in some minutes."
	case r.ErrorCode == "E0000060" || f.Status == http.StatusNotImplemented:
		p.Code, p.What, p.Fix = core.Unsupported, "Okta does not do this."+said, "Take the group or attribute out of the connection."
	case r.ErrorCode == "E0000015":
		p.Code, p.What, p.Fix = core.Unsupported, "Your plan of Okta does not hold this feature."+said, "Ask your account manager of Okta, or leave it out."
	case f.Status == http.StatusForbidden:
		p.Code, p.What = core.MissingScope, fmt.Sprintf("Okta let us in, but does not allow this: the permission %s, or an administrator role over these people, is missing.", a.permission)
		p.Fix = "Grant it under Okta API Scopes and assign a role under Admin Roles; of an API token, let an administrator make it who may do this. Then test again."
	}
	return &p
}

func notThere(id string, cause error) error {
	return &core.Problem{Code: core.NotFound, Cause: cause, What: fmt.Sprintf("Okta has no user %s.", id), Fix: "Make a new plan; somebody may have deleted it."}
}

// said gives Okta's own words about the first cause.
func (r refusal) said() string {
	text := r.ErrorSummary
	if len(r.ErrorCauses) > 0 {
		text = r.ErrorCauses[0].ErrorSummary
	}
	if text = strings.Join(strings.Fields(text), " "); text == "" {
		return ""
	}
	if runes := []rune(text); len(runes) > 200 {
		text = string(runes[:200]) + "…"
	}
	return fmt.Sprintf(" It says: “%s”.", strings.TrimRight(text, "."))
}

// cause is one reason of a refusal, with the attribute that it is about.
type cause struct{ name, why string }

// causes gives the reasons; where they do not begin with an attribute, the summary names it.
func (r refusal) causes() []cause {
	var all []cause
	_, summed, _ := strings.Cut(r.ErrorSummary, ": ")
	for _, one := range r.ErrorCauses {
		name, why, _ := strings.Cut(one.ErrorSummary, ":")
		all = append(all, cause{name, why}, cause{summed, one.ErrorSummary})
		if parts := strings.Split(one.ErrorSummary, "'"); len(parts) == 3 { // Property name 'title' is not defined in profile
			all = append(all, cause{parts[1], one.ErrorSummary})
		}
	}
	return append(all, cause{summed, r.ErrorSummary})
}

// named finds the attribute that a refusal names.
func (a about) named(name string) (attribute, bool) {
	for _, is := range a.known {
		if strings.EqualFold(is.ID, strings.TrimSpace(name)) {
			return is, true
		}
	}
	return attribute{}, false
}

// invalid explains a value that Okta does not take; its causes begin with the attribute.
func (a about) invalid(r refusal, p *core.Problem) error {
	for _, cause := range r.causes() {
		is, ok := a.named(cause.name)
		if !ok {
			continue
		}
		why := strings.TrimRight(strings.TrimSpace(cause.why), ".")
		value := a.set[is.ID]
		if strings.Contains(why, "already exists") {
			p.Code, p.What = core.Conflict, fmt.Sprintf("“%s” cannot be “%s”: another account has it.", is.Label, value)
			p.Fix = "Match that account with the person, or choose another value in the mapping."
			return p
		}
		p.Code, p.What, p.Fix = core.Refused, fmt.Sprintf("Okta does not take “%s” for “%s”. It says: “%s”.", value, is.Label, why), mend
		return p
	}
	p.Code, p.What, p.Fix = core.Refused, "Okta does not take what was to be written."+r.said(), mend
	return p
}

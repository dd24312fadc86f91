package jumpcloud

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

func status(err error) int {
	var f *rest.Failure
	if errors.As(err, &f) {
		return f.Status
	}
	return 0
}

// words are what JumpCloud says of a refusal.
func words(err error) string {
	var f *rest.Failure
	var said struct{ Message string }
	if !errors.As(err, &f) || json.Unmarshal(f.Body, &said) != nil {
		return ""
	}
	return strings.Join(strings.Fields(said.Message), " ")
}

// quoted gives the words as a sentence that follows another.
func quoted(words string) string {
	if words == "" {
		return ""
	}
	if runes := []rune(words); len(runes) > 200 {
		words = string(runes[:200]) + "…"
	}
	return fmt.Sprintf(" JumpCloud says: “%s”.", strings.TrimRight(words, "."))
}

// explained makes of a refused write a problem that names the attribute it is about.
func (c change) explained(err error) error {
	said := words(err)
	p := &core.Problem{Cause: err}
	switch s := status(err); {
	case s == http.StatusNotFound:
		return missing(err, c.Account)
	case s == http.StatusForbidden:
		p.Code, p.What = core.MissingScope, "The administrator of the API key may not manage this user."+quoted(said)
		p.Fix = "Give that administrator a role that manages users, and check whether another directory manages the account."
	case s == http.StatusBadRequest && c.Verb == core.Delete:
		p.Code, p.What = core.Conflict, "JumpCloud does not delete the user."+quoted(said)
		p.Fix = "Give those who report to him another manager first, then make a new plan."
	case s == http.StatusConflict, s == http.StatusBadRequest && taken(said):
		p.Code, p.What = core.Conflict, "Another user of JumpCloud has the same username, e-mail address or employee ID."+quoted(said)
		if a, ok := c.about(said); ok && a.Unique {
			p.What = fmt.Sprintf("Another user of JumpCloud has the %s “%s”.", a.Label, a.value)
		}
		p.Fix = "Look for that user in JumpCloud, or change the value."
	case s == http.StatusBadRequest:
		p.Code, p.What = core.Refused, "JumpCloud does not take the values."+quoted(said)
		if a, ok := c.about(said); ok {
			p.What = fmt.Sprintf("“%s” cannot be “%s”.%s", a.Label, core.ShowValue(a.value), quoted(said))
		}
		p.Fix = "Change the value in the HR system or in the mapping."
	default:
		return unsure(err)
	}
	return p
}

// taken says that a refusal is about a value that somebody else has.
func taken(said string) bool {
	said = strings.ToLower(said)
	return strings.Contains(said, "already") || strings.Contains(said, "duplicate")
}

// about gives the attribute that a refusal names; the only one that was sent where it
// names none.
func (c change) about(said string) (found assignment, ok bool) {
	for _, s := range c.set {
		longer := !ok || len(s.key) > len(found.key) // "manager" rather than a part of it
		if strings.Contains(strings.ToLower(said), strings.ToLower(s.key)) && longer {
			found, ok = s, true
		}
	}
	if !ok && len(c.set) == 1 {
		return c.set[0], true
	}
	return found, ok
}

// notOffered says that a call is not there. Of one about a person who was read a moment
// ago, a NotFound says so too.
func notOffered(err error) bool {
	return slices.Contains([]int{http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented}, status(err))
}

// missing names the account where JumpCloud says that there is none.
func missing(err error, id string) error {
	if status(err) != http.StatusNotFound {
		return err
	}
	return &core.Problem{Code: core.NotFound, Cause: err, What: fmt.Sprintf("JumpCloud has no user %s.", id), Fix: "Make a new plan; somebody may have deleted it."}
}

// inGroup explains why a person was not put into a group or taken out.
func inGroup(err error, g group) error {
	p := &core.Problem{Cause: err}
	switch status(err) {
	case http.StatusForbidden:
		p.Code, p.What = core.MissingScope, fmt.Sprintf("The administrator of the API key may not change who is in the group “%s”.", g.Name)
		p.Fix = "Give that administrator a role that manages groups."
	case http.StatusBadRequest:
		p.Code, p.What = core.Refused, fmt.Sprintf("JumpCloud does not change who is in the group “%s”.%s", g.Name, quoted(words(err)))
		p.Fix = "Look at the group in JumpCloud, or remove it from the settings of the connection."
	case http.StatusNotFound:
		p.Code, p.What = core.NotFound, fmt.Sprintf("JumpCloud does not find the group “%s”, or the user who is to be in it.", g.Name)
		p.Fix = "Make a new plan; somebody may have deleted one of them."
	default:
		return err
	}
	return p
}

// unsure makes an unknown outcome of a write that was sent, and sent again, without a
// clear answer. Where nobody could be reached at all, nothing was written.
func unsure(err error) error {
	var dial *net.OpError
	var dns *net.DNSError
	unreached := errors.As(err, &dial) && dial.Op == "dial" || errors.As(err, &dns)
	code := status(err)
	broken := core.HasCode(err, core.Unreachable) && !unreached
	failed := core.HasCode(err, core.ServerFault) && code != http.StatusServiceUnavailable && code != http.StatusNotImplemented
	if !broken && !failed {
		return err
	}
	return &core.Problem{Code: core.Unknown, Cause: err, What: "Nobody can tell whether JumpCloud made the change: no clear answer came.", Fix: "Read again to see what became of it."}
}

func unknownAttribute(id string) error {
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("JumpCloud has no attribute “%s”.", id), Fix: "Remove it from the mapping."}
}

func refused(a attribute, why, fix string) error {
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("“%s” %s.", a.Label, why), Fix: fix}
}

package entraid

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rollcall/core"
)

// name is what a user principal name may be made of.
var name = regexp.MustCompile(`^[A-Za-z0-9'._!#^~-]+@[A-Za-z0-9.-]+$`)

var twoLetters = regexp.MustCompile(`^[A-Za-z]{2}$`)

const (
	mostMails  = 250 // in otherMails
	mostLetter = 250 // in one of them
)

// change is what a write sets, checked.
type change struct {
	values  map[string]string // attribute → value, of the user itself
	manager *string           // nil: stays
	groups  *string           // nil: stay
	restore bool
	active  *bool // nil: stays
}

// checked makes a change of a write, and refuses what Graph would refuse before anything
// is sent: the attributes are known, can be written, and take these values.
func (t *Target) checked(ctx context.Context, known []attribute, w core.Write) (change, error) {
	c := change{values: map[string]string{}, active: w.State(), restore: w.Restores()}
	for _, id := range slices.Sorted(maps.Keys(w.Set)) {
		value := w.Set[id]
		if id == core.Enabled || id == core.Deleted {
			continue
		}
		a, ok := find(known, id)
		if !ok {
			return c, t.unknownAttribute(id)
		}
		if err := t.takes(ctx, a, value); err != nil {
			return c, err
		}
		switch id {
		case manager:
			c.manager = &value
		case core.Groups:
			c.groups = &value
		default:
			c.values[id] = value
		}
	}
	if w.Verb == core.Create {
		return c, t.complete(known, c.values)
	}
	return c, nil
}

// complete refuses a new account that lacks what every account has.
func (t *Target) complete(known []attribute, values map[string]string) error {
	for _, a := range known {
		if a.Required && values[a.ID] == "" {
			return refused(a, "has no value, and every account needs one", "Map it, or give the person a value in the HR system.")
		}
	}
	return nil
}

// takes says whether the attribute takes the value, as far as that is known beforehand.
func (t *Target) takes(ctx context.Context, a attribute, value string) error {
	const mend = "Change the value in the HR system or in the mapping."
	switch {
	case a.ReadOnly:
		return refused(a, "cannot be written in "+t.rest.Vendor(), "Remove it from the mapping.")
	case value == "" && a.Required:
		return refused(a, "cannot be cleared", "Give the person a value in the HR system, or remove the rule that clears it.")
	case value == "":
		return nil
	case a.MaxLength > 0 && utf8.RuneCountInString(value) > a.MaxLength:
		return refused(a, fmt.Sprintf("takes %d characters and was given %d", a.MaxLength, utf8.RuneCountInString(value)), "Shorten it in the mapping.")
	case a.form == asMoment && !isDay(value):
		return refused(a, "takes a date", "Give it as YYYY-MM-DD.")
	case a.form == asNumber && !isNumber(value):
		return refused(a, "takes a whole number", mend)
	case a.form == asBool && value != "true" && value != "false":
		return refused(a, "takes true or false", mend)
	case a.form == asOnly && strings.Contains(value, core.ListSeparator):
		return refused(a, "takes one value and was given several", mend)
	case a.ID == "usageLocation" && !twoLetters.MatchString(value):
		return refused(a, "takes a country in two letters", "Map the country's two letters to it.")
	case a.ID == "mail" && !strings.Contains(value, "@"):
		return refused(a, "takes an e-mail address", mend)
	case a.form == asList:
		return takesAll(a, core.SplitList(value))
	case a.ID == core.Groups:
		return t.looksAfter(core.SplitList(value))
	case a.ID == principalName:
		return t.takesName(ctx, a, value)
	}
	return nil
}

func takesAll(a attribute, values []string) error {
	for _, v := range values {
		switch {
		case a.numbers && !isNumber(v):
			return refused(a, "takes whole numbers", "Change the value in the HR system or in the mapping.")
		case a.ID == "otherMails" && (len(values) > mostMails || utf8.RuneCountInString(v) > mostLetter):
			return refused(a, fmt.Sprintf("takes %d addresses of %d characters each", mostMails, mostLetter), "Shorten the list in the mapping.")
		}
	}
	return nil
}

// takesName checks the characters of a user principal name, and its domain where the
// verified ones may be seen.
func (t *Target) takesName(ctx context.Context, a attribute, value string) error {
	if !name.MatchString(value) {
		return refused(a, fmt.Sprintf("cannot be “%s”: only letters without accents, digits and ' . - _ ! # ^ ~ may stand before the @", value), "Use Transliterate in the mapping of it.")
	}
	domains, err := t.domains(ctx)
	if err != nil || domains == nil {
		return err
	}
	_, domain, _ := strings.Cut(value, "@")
	if !slices.Contains(domains, strings.ToLower(domain)) {
		return refused(a, fmt.Sprintf("cannot end with @%s: this domain is not verified in the tenant", domain), "Use one of: "+strings.Join(domains, ", ")+"; or verify the domain in Microsoft Entra ID.")
	}
	return nil
}

// domains are the verified ones, asked for once; nil where these credentials may not see them.
func (t *Target) domains(ctx context.Context) ([]string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.verified != nil {
		return *t.verified, nil
	}
	var answer struct {
		Value []struct {
			VerifiedDomains []struct{ Name string }
		}
	}
	_, err := t.rest.Get(ctx, "/organization", url.Values{"$select": {"id,displayName,verifiedDomains"}}, &answer)
	if err != nil && !absent(err) {
		return nil, err
	}
	var domains []string
	for _, o := range answer.Value {
		for _, d := range o.VerifiedDomains {
			domains = append(domains, strings.ToLower(d.Name))
		}
	}
	t.verified = &domains
	return domains, nil
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func refused(a attribute, why, fix string) *core.Problem {
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("“%s” %s.", a.Label, why), Fix: fix}
}

func (t *Target) unknownAttribute(id string) error {
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("%s has no attribute “%s”.", t.rest.Vendor(), id), Fix: "Remove it from the mapping."}
}

package googleworkspace

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// change is what a write sets, checked.
type change struct {
	set     []assignment
	groups  []string // the names that the account shall be in; nil: they stay as they are
	restore bool
	active  *bool // nil: stays
}

// assignment is one attribute with the value it gets; the manager's is his address.
type assignment struct {
	attribute
	value string
}

func (c change) value(id string) (string, bool) {
	for _, s := range c.set {
		if s.ID == id {
			return s.value, true
		}
	}
	return "", false
}

// holds says that an account has all that is set.
func (c change) holds(u user) bool {
	return !slices.ContainsFunc(c.set, func(s assignment) bool { return s.get(u) != s.value })
}

// checked makes a change of a write, and refuses what Google would refuse: the attributes
// are known, can be written and take these values, and the manager has an account.
func (t *Target) checked(ctx context.Context, known []attribute, w core.Write) (change, error) {
	c := change{active: w.State(), restore: w.Restores()}
	for _, id := range slices.Sorted(maps.Keys(w.Set)) {
		value := w.Set[id]
		if id == core.Enabled || id == core.Deleted {
			continue
		}
		a, ok := find(known, id)
		if !ok {
			return c, t.unknownAttribute(id)
		}
		if why := a.refuses(value); why != "" {
			return c, a.refused(why)
		}
		if id == core.Groups {
			c.groups = append([]string{}, core.SplitList(value)...)
			continue
		}
		if err := t.completes(ctx, a, &value); err != nil {
			return c, err
		}
		c.set = append(c.set, assignment{a, value})
	}
	if w.Verb != core.Create {
		return c, nil
	}
	for _, a := range known {
		if value, _ := c.value(a.ID); a.Required && value == "" {
			return c, a.refused("a new account needs it")
		}
	}
	return c, nil
}

// completes checks what has to be asked for: the domain of an address, and whose the
// manager's id is.
func (t *Target) completes(ctx context.Context, a attribute, value *string) error {
	switch {
	case a.ID == primaryEmail:
		return t.ofOurDomain(ctx, a, *value)
	case a.ID == manager && *value != "":
		address, err := t.addressOf(ctx, *value)
		if core.HasCode(err, core.NotFound) {
			return a.refused("the manager's account is not there")
		}
		*value = address
		return err
	}
	return nil
}

// addressOf gives the primary address of an account.
func (t *Target) addressOf(ctx context.Context, id string) (string, error) {
	if address := t.people.address(id); address != "" {
		return address, nil
	}
	u, err := t.user(ctx, id, nil)
	return manifest.Text(u[primaryEmail]), err
}

// ofOurDomain refuses an address at a domain that is none of the customer's; where these
// credentials may not see the domains, Google decides.
func (t *Target) ofOurDomain(ctx context.Context, a attribute, address string) error {
	domains, err := t.ourDomains(ctx)
	if err != nil || len(domains) == 0 {
		return err
	}
	domain := address[strings.LastIndex(address, "@")+1:]
	if slices.Contains(domains, folded(domain)) {
		return nil
	}
	return a.refused(fmt.Sprintf("%s is none of your domains (%s)", domain, strings.Join(domains, ", ")))
}

// ourDomains gives the customer's verified domains, in small letters.
func (t *Target) ourDomains(ctx context.Context) ([]string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.domains != nil {
		return t.domains, nil
	}
	var answer struct {
		Domains []struct {
			Name     string `json:"domainName"`
			Verified *bool  `json:"verified"`
		} `json:"domains"`
	}
	if _, err := t.rest.Get(ctx, t.customer("domains"), url.Values{}, &answer); err != nil && !withheld(err) {
		return nil, err
	}
	t.domains = []string{}
	for _, d := range answer.Domains {
		if d.Verified == nil || *d.Verified {
			t.domains = append(t.domains, folded(d.Name))
		}
	}
	return t.domains, nil
}

// refused is the problem of a value that the attribute cannot have.
func (a attribute) refused(why string) *core.Problem {
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("“%s” cannot be written to Google Workspace: %s.", a.Label, why), Fix: "Change the value at its source or in the mapping."}
}

// refuses says what is wrong with a value; empty where nothing is.
func (a attribute) refuses(value string) string {
	switch {
	case a.ReadOnly:
		return "Google decides it"
	case value == "" && a.Required:
		return "it cannot be empty"
	case value == "":
		return ""
	}
	values := []string{value}
	if a.Kind == core.List {
		values = core.SplitList(value)
	}
	for _, v := range values {
		if why := a.one(v); why != "" {
			return why
		}
	}
	return ""
}

func (a attribute) one(v string) string {
	switch {
	case a.MaxLength > 0 && utf8.RuneCountInString(v) > a.MaxLength:
		return fmt.Sprintf("it has more than %d characters", a.MaxLength)
	case len(a.Choices) > 0 && a.choice(v) == nil && v != top:
		return fmt.Sprintf("there is no “%s”", v)
	case a.ID == primaryEmail && strings.Index(v, "@") > 64:
		return "it has more than 64 characters before the @"
	case a.looks != nil && !a.looks.MatchString(v):
		return fmt.Sprintf("“%s” is not in the form that Google asks for", v)
	}
	ok := true
	switch {
	case a.whole:
		_, err := strconv.ParseInt(v, 10, 64)
		ok = err == nil
	case a.form == asNumber:
		ok = json.Valid([]byte(v)) && strings.Trim(v, "+-.0123456789eE") == ""
	case a.form == asBool:
		ok = v == "true" || v == "false"
	case a.Kind == core.Date:
		_, err := time.Parse(time.DateOnly, v)
		ok = err == nil
	case a.Kind == core.Email:
		ok = mail.MatchString(v)
	}
	if !ok {
		return fmt.Sprintf("“%s” is not in the form that Google asks for", v)
	}
	return ""
}

// choice gives the choice of a value, whatever its case; nil where there is none.
func (a attribute) choice(value string) *core.Choice {
	for i := range a.Choices {
		if strings.EqualFold(a.Choices[i].Value, value) {
			return &a.Choices[i]
		}
	}
	return nil
}

// most is how many bytes a list may have, by Google's reference.
var most = map[string]int{"emails": 10 << 10, "externalIds": 2 << 10, "organizations": 10 << 10, "relations": 2 << 10, "phones": 1 << 10,
	"addresses": 10 << 10, "locations": 10 << 10, "languages": 1 << 10}

// body makes the body of a request that changes an account that is now so; empty where
// all is so already. A list that has grown too long is refused.
func (c change) body(now user) (user, error) {
	body := user{}
	var written []attribute
	for _, s := range c.set {
		if s.get(now) != s.value {
			s.put(body, now, s.value)
			written = append(written, s.attribute)
		}
	}
	for _, a := range written {
		list, is := body[a.top].([]any)
		if !is {
			continue
		}
		text, err := json.Marshal(list)
		if err != nil {
			return nil, err // cannot be: it came as JSON
		}
		if len(text) > most[a.top] {
			return nil, a.refused(fmt.Sprintf("with what stands beside it, it has more than %d bytes", most[a.top]))
		}
		if len(list) == 0 {
			body[a.top] = nil // clears the list
		}
	}
	return body, nil
}

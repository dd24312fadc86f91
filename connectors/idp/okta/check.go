package okta

import (
	"context"
	"encoding/json"
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

// change is what a write sets, checked.
type change struct {
	values  map[string]string // attribute → value, of the profile
	manager *string           // nil: stays
	groups  []group           // those it is to be in
	grouped bool              // groups are part of the write
	active  *bool             // nil: stays
}

// checked makes a change of a write, and refuses what Okta would refuse before anything is
// sent: the attributes are known, can be written, and take these values.
func (t *Target) checked(ctx context.Context, known []attribute, w core.Write) (change, error) {
	c := change{values: map[string]string{}, active: w.State()}
	for _, id := range slices.Sorted(maps.Keys(w.Set)) {
		value := w.Set[id]
		if id == core.Enabled {
			continue
		}
		a, ok := find(known, id)
		if !ok {
			return c, t.unknownAttribute(id)
		}
		if err := a.takes(value, w.Verb == core.Create); err != nil {
			return c, err
		}
		switch id {
		case managerText:
			c.manager = &value
		case core.Groups:
			var err error
			if c.groups, err = t.named(ctx, core.SplitList(value)); err != nil {
				return c, err
			}
			c.grouped = true
		default:
			c.values[id] = value
		}
	}
	if w.Verb == core.Create {
		return c, complete(known, c.values)
	}
	return c, nil
}

// complete refuses a new account that lacks what every account has.
func complete(known []attribute, values map[string]string) error {
	for _, a := range known {
		if a.Required && values[a.ID] == "" && a.ID != managerText {
			return refused(a, "has no value, and every account needs one", "Map it, or give the person a value in the HR system.")
		}
	}
	return nil
}

func refused(a attribute, why, fix string) error {
	return &core.Problem{Code: core.Refused, What: fmt.Sprintf("“%s” %s.", a.Label, why), Fix: fix}
}

const mend = "Change the value in the HR system or in the mapping."

// forms are the forms of texts that Okta checks, as its schemas name them.
var forms = map[string]struct {
	fits *regexp.Regexp
	why  string
}{
	"email":        {regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@]+$`), "takes an e-mail address"},
	"country-code": {regexp.MustCompile(`^[A-Z]{2}$`), "takes a country in two capital letters"},
	"locale":       {regexp.MustCompile(`^[A-Za-z]{2,3}(_[A-Z]{2})?$`), "takes a locale such as sv_SE, with an underscore"},
	"uri":          {regexp.MustCompile(`^\S+$`), "takes an address without spaces"},
}

// takes says whether the attribute takes the value, as far as that is known beforehand.
func (a attribute) takes(value string, fresh bool) error {
	length := utf8.RuneCountInString(value)
	form, formed := forms[a.format]
	switch {
	case a.ReadOnly:
		return refused(a, "cannot be written in Okta", "Remove it from the mapping.")
	case a.AtCreate && !fresh:
		return refused(a, "can be written for new accounts only", "Remove it from the mapping, or map it for new accounts only.")
	case value == "" && a.Required:
		return refused(a, "cannot be cleared", "Give the person a value in the HR system, or remove the rule that clears it.")
	case value == "":
		return nil
	case a.MaxLength > 0 && length > a.MaxLength:
		return refused(a, fmt.Sprintf("takes %d characters and was given %d", a.MaxLength, length), "Shorten it in the mapping.")
	case length < a.least:
		return refused(a, fmt.Sprintf("needs %d characters at least and was given %d", a.least, length), mend)
	case a.Login && a.pattern == "" && !forms["email"].fits.MatchString(value):
		return refused(a, fmt.Sprintf("cannot be “%s”: sign-in names look like e-mail addresses in this org", value), mend)
	case formed && !form.fits.MatchString(value):
		return refused(a, form.why, mend)
	case a.Kind == core.List && a.ID != core.Groups:
		for _, one := range core.SplitList(value) {
			if err := a.takesOne(a.items, one); err != nil {
				return err
			}
		}
		return nil
	case a.Kind == core.Date && !isDay(value):
		return refused(a, "takes a date", "Give it as YYYY-MM-DD.")
	}
	return a.takesOne(a.kind, value)
}

func (a attribute) takesOne(kind, value string) error {
	switch {
	case kind == "boolean" && value != "true" && value != "false":
		return refused(a, "takes true or false", mend)
	case kind == "integer" && !isNumber(value, false), kind == "number" && !isNumber(value, true):
		return refused(a, "takes a number", mend)
	case len(a.Choices) > 0 && a.ID != core.Groups && !slices.ContainsFunc(a.Choices, func(c core.Choice) bool { return c.Value == value }):
		return refused(a, fmt.Sprintf("cannot be “%s”: Okta has a list of the values that it takes", value), "Choose one of them in the mapping, or add it to the attribute in Okta.")
	}
	return nil
}

func isNumber(text string, fraction bool) bool {
	return json.Valid([]byte(text)) && strings.Trim(text, "0123456789+-.eE") == "" && (fraction || !strings.ContainsAny(text, ".eE"))
}

func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// quoted writes a value as expressions of filter and search take it.
func quoted(a attribute, value string) string {
	switch a.kind {
	case "boolean", "number", "integer":
		return value
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}

func asked(parameter, expression string) url.Values {
	return url.Values{"limit": {"200"}, parameter: {expression}}
}

package jumpcloud

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// The states of a person. The flag suspended has to say the same as the state.
const (
	staged    = "STAGED"
	activated = "ACTIVATED"
	suspended = "SUSPENDED"
)

// Write makes one change. What can be refused beforehand is refused before anything is
// sent; the person is written before the groups.
func (t *Target) Write(ctx context.Context, w core.Write) (core.Receipt, error) {
	d, err := t.known(ctx)
	if err != nil {
		return core.Receipt{}, err
	}
	c, err := d.checked(w)
	if err != nil {
		return core.Receipt{}, err
	}
	switch w.Verb {
	case core.Create:
		return t.create(ctx, c)
	case core.Update, core.Deactivate, core.Reactivate:
		return t.change(ctx, c)
	case core.Delete:
		return t.remove(ctx, c)
	}
	return core.Receipt{}, &core.Problem{Code: core.Unsupported, What: fmt.Sprintf("JumpCloud has no way to %s a user.", w.Verb), Fix: "Leave the row out."}
}

// change is a write, checked.
type change struct {
	core.Write
	*directory
	set    []assignment
	active *bool   // nil: stays
	groups *string // nil: stay
}

// assignment is one attribute with the value it gets.
type assignment struct {
	attribute
	value string
}

func (d *directory) checked(w core.Write) (change, error) {
	c := change{Write: w, directory: d, active: w.State()}
	for _, id := range slices.Sorted(maps.Keys(w.Set)) {
		value := w.Set[id]
		if id == core.Enabled {
			continue
		}
		a, ok := d.attribute(id)
		if !ok {
			return c, unknownAttribute(id)
		}
		if err := d.takes(a, value, w.Verb); err != nil {
			return c, err
		}
		if id == core.Groups {
			c.groups = &value
		} else {
			c.set = append(c.set, assignment{a, value})
		}
	}
	if w.Verb == core.Create {
		return c, d.complete(w.Set)
	}
	return c, nil
}

// complete refuses a new account that lacks what every account has.
func (d *directory) complete(set map[string]string) error {
	for _, a := range d.attributes {
		if a.Required && set[a.ID] == "" {
			return refused(a, "has no value, and every account needs one", "Map it, or give the person a value in the HR system.")
		}
	}
	return nil
}

// takes says whether the attribute takes the value, as far as that is known beforehand.
func (d *directory) takes(a attribute, value string, verb core.Verb) error {
	const mend = "Change the value in the HR system or in the mapping."
	switch {
	case a.ReadOnly:
		return refused(a, "cannot be written in JumpCloud", "Remove it from the mapping.")
	case a.AtCreate && verb != core.Create:
		return refused(a, "can be given only when an account is made", "Leave it as it is; JumpCloud never changes it.")
	case value == "" && a.Required:
		return refused(a, "cannot be cleared", "Give the person a value in the HR system, or remove the rule that clears it.")
	case value == "":
		return nil
	case a.MaxLength > 0 && utf8.RuneCountInString(value) > a.MaxLength:
		return refused(a, fmt.Sprintf("takes %d characters and was given %d", a.MaxLength, utf8.RuneCountInString(value)), "Shorten it in the mapping.")
	case a.Kind == core.Email && !isAddress(value):
		return refused(a, "takes an e-mail address", mend)
	case a.ID == username && (strings.ToLower(value) != value || strings.ContainsFunc(value, unicode.IsSpace)):
		return refused(a, "takes small letters only, and no blanks", "Change it in the mapping.")
	case a.ID == core.Groups:
		return d.looksAfter(a, core.SplitList(value))
	}
	return nil
}

func isAddress(value string) bool {
	a, err := mail.ParseAddress(value)
	return err == nil && a.Address == value
}

// looksAfter refuses groups that the connection does not look after.
func (d *directory) looksAfter(a attribute, names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(d.groups, func(g group) bool { return g.Name == name }) {
			return refused(a, fmt.Sprintf("cannot hold “%s”: this connection does not look after that group", name), "Name the group in the settings of the connection, or remove it from the mapping.")
		}
	}
	return nil
}

// body gives what is sent for the values; before is the person as he is, for his lists.
func (c change) body(before object) object {
	sent := object{}
	for _, s := range c.set {
		if c.Verb != core.Create || s.value != "" {
			s.attribute.set(sent, before, s.value)
		}
	}
	return sent
}

func (t *Target) create(ctx context.Context, c change) (core.Receipt, error) {
	if ctx.Err() != nil {
		return core.Receipt{}, core.AsProblem(context.Canceled)
	}
	if c.groups != nil { // who stops now gets a whole account all the same: nobody would look for its groups
		ctx = context.WithoutCancel(ctx)
	}
	sent := c.body(nil)
	sent[state] = staged // said always, for an organization's own default may mail the person
	if c.Active && !t.staged {
		sent[state] = activated
	}
	answer, err := t.rest.Do(ctx, http.MethodPost, people, nil, sent, nil)
	if err != nil {
		return core.Receipt{}, c.explained(err)
	}
	var made object
	if json.Unmarshal(answer.Body, &made) != nil || personID(made) == "" {
		return core.Receipt{}, &core.Problem{Code: core.Unknown, Cause: &rest.Failure{Answer: *answer}, What: "JumpCloud did not say which user it made.", Fix: "Make a new plan; it shows whether the user is there."}
	}
	r := core.Receipt{Account: personID(made)}
	if c.groups == nil {
		return r, nil
	}
	if p := core.AsProblem(t.setGroups(ctx, c.directory, r.Account, core.SplitList(*c.groups), true)); p != nil {
		half := *p
		half.What = "The account was made, but is not in all of its groups. " + p.What
		return r, &half
	}
	return r, nil
}

// change sends what differs; JumpCloud keeps what is left out.
func (t *Target) change(ctx context.Context, c change) (core.Receipt, error) {
	var before object
	if t.needsBefore(c) {
		var err error
		if before, err = t.person(ctx, c.Account); err != nil {
			return core.Receipt{}, err
		}
	}
	sent := c.body(before)
	if c.active != nil {
		t.setState(sent, before, *c.active)
	}
	if len(sent) > 0 {
		if _, err := t.rest.Do(ctx, http.MethodPut, personPath(c.Account), nil, sent, nil); err != nil {
			return core.Receipt{}, c.explained(err)
		}
	}
	r := core.Receipt{Account: c.Account}
	if c.groups == nil {
		return r, nil
	}
	return r, t.setGroups(ctx, c.directory, c.Account, core.SplitList(*c.groups), false)
}

// needsBefore says that the person has to be read first: for lists, which are sent whole,
// and for whether he was ever activated.
func (t *Target) needsBefore(c change) bool {
	return c.active != nil && *c.active && t.staged || slices.ContainsFunc(c.set, func(s assignment) bool { return s.part != "" })
}

// setState suspends a person or brings him back. Where administrators activate new
// accounts, one that never was goes back to waiting, so that nobody is mailed.
func (t *Target) setState(sent, before object, on bool) {
	switch {
	case !on:
		sent[state] = suspended
	case t.staged && before["activated"] == false:
		sent[state] = staged
	default:
		sent[state] = activated
	}
	sent["suspended"] = !on
}

func (t *Target) remove(ctx context.Context, c change) (core.Receipt, error) {
	if _, err := t.rest.Do(ctx, http.MethodDelete, personPath(c.Account), nil, nil, nil); err != nil {
		return core.Receipt{}, c.explained(err)
	}
	return core.Receipt{Account: c.Account}, nil
}

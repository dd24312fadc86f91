package scim

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rollcall/core"
)

// Find reads the users whose attribute has this value. Only userName and externalId
// are asked for by filter: filters on other attributes find nobody on some systems, so
// for those everybody is read. What a filter gives is compared again, for some systems
// answer one that they do not understand with everyone. One that minds capitals may hide
// a user whose name has others than asked for; creating that user is then a conflict.
func (t *Target) Find(ctx context.Context, id, value string, want []string) ([]core.Account, error) {
	s, err := t.discover(ctx)
	if err != nil {
		return nil, err
	}
	a, ok := s.attribute(id)
	if !ok {
		return nil, t.unknownAttribute(id)
	}
	found, err := t.candidates(ctx, s, a, value)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	in, err := t.memberships(ctx, s, want, rollLife)
	if err != nil {
		return nil, err
	}
	return s.packer(want, in).all(found), nil
}

func same(a attribute, x, y string) bool {
	if a.CaseExact {
		return x == y
	}
	return strings.EqualFold(x, y)
}

// candidates gives the users that have the value, each once.
func (t *Target) candidates(ctx context.Context, s *served, a attribute, value string) ([]resource, error) {
	if !t.filters(s, a) {
		return t.matching(ctx, s, a, value)
	}
	asked := []string{value}
	if lower := strings.ToLower(value); lower != value && !a.CaseExact {
		asked = append(asked, lower) // should be found at once, and is not everywhere
	}
	var all []resource
	for _, v := range asked {
		page, err := t.filter(ctx, s, a.ID, v)
		if refusesFilter(err) {
			return t.matching(ctx, s, a, value)
		}
		if err != nil {
			return nil, err
		}
		fits := with(page.Resources, a, value)
		if page.Total != nil && *page.Total > len(page.Resources) && len(fits) < len(page.Resources) {
			t.noFilter.Store(true) // answered with everyone, or their first page
			return t.matching(ctx, s, a, value)
		}
		for _, r := range fits {
			if !slices.ContainsFunc(all, func(o resource) bool { return userID(o) == userID(r) }) {
				all = append(all, r)
			}
		}
	}
	return all, nil
}

// filters says that users can be asked for by a value of the attribute.
func (t *Target) filters(s *served, a attribute) bool {
	return s.filters && !t.noFilter.Load() && (a.ID == "userName" || a.ID == "externalId")
}

// with gives those who have the value.
func with(users []resource, a attribute, value string) (all []resource) {
	for _, r := range users {
		if same(a, a.get(object(r)), value) {
			all = append(all, r)
		}
	}
	return all
}

// matching reads everybody and keeps those who have the value.
func (t *Target) matching(ctx context.Context, s *served, a attribute, value string) ([]resource, error) {
	everybody, err := t.everybody(ctx, s)
	return with(everybody, a, value), err
}

func (t *Target) everybody(ctx context.Context, s *served) (all []resource, err error) {
	for r, err := range t.list(ctx, s) {
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

func (t *Target) filter(ctx context.Context, s *served, attribute, value string) (listPage, error) {
	var page listPage
	_, err := t.rest.Get(ctx, s.users, url.Values{"filter": {attribute + " eq " + quoted(value)}}, &page)
	return page, err
}

// quoted writes a value as filters have it.
func quoted(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}

func refusesFilter(err error) bool {
	return slices.Contains([]int{http.StatusBadRequest, http.StatusNotImplemented, http.StatusForbidden, http.StatusRequestEntityTooLarge}, status(err))
}

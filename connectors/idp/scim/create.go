package scim

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

func (t *Target) create(ctx context.Context, s *served, w core.Write, set []assignment) (core.Receipt, error) {
	var made resource
	answer, err := t.rest.Do(ctx, http.MethodPost, s.users, nil, s.newUser(set), nil)
	if err != nil {
		return core.Receipt{}, err
	}
	// A body that is missing or unreadable does not undo the create: the id may stand
	// in the Location, and the user can be looked up.
	_ = made.UnmarshalJSON(answer.Body)
	r := core.Receipt{Account: idOf(made, answer.Header.Get("Location"), s.users), Version: t.seenVersion(s, made, answer)}
	if r.Account == "" {
		if r.Account, err = t.lookUp(ctx, w.Set["userName"]); err != nil {
			return core.Receipt{}, err
		}
	}
	if made != nil && field(made, "active") != nil && active(made) != w.Active {
		return t.change(ctx, s, core.Write{Account: r.Account}, []assignment{{state, fmt.Sprint(w.Active)}})
	}
	return r, nil
}

func (s *served) newUser(set []assignment) object {
	body := object{}
	apply(body, set)
	body["schemas"] = schemasOf(body, s.extensions)
	return body
}

func apply(r object, set []assignment) {
	for _, a := range set {
		a.attribute.set(r, a.value)
	}
}

// schemasOf lists the schemas that a body uses, as RFC 7643 §3 asks for.
func schemasOf(body object, extensions []string) []any {
	list := []any{coreUser}
	for _, urn := range extensions {
		if field(body, urn) != nil {
			list = append(list, urn)
		}
	}
	return list
}

// idOf takes the id from the body, else from the end of Location: what stands behind the
// path of users, for an id may hold a slash that the system does not escape. One server
// was seen to send ".../Users/undefined".
func idOf(made resource, location, users string) string {
	if id := userID(made); id != "" && id != "undefined" {
		return id
	}
	end := location[strings.LastIndex(location, "/")+1:]
	if _, after, ok := strings.Cut(location, "/"+users+"/"); ok && after != "" {
		end = after
	}
	id, err := url.PathUnescape(end)
	if err != nil || id == "undefined" || id == "null" {
		return ""
	}
	return id
}

// lookUp finds the id of a user that was made and not named.
func (t *Target) lookUp(ctx context.Context, userName string) (string, error) {
	unclear := &core.Problem{Code: core.Unknown, What: fmt.Sprintf("%s did not say which user it made.", t.host), Fix: "Make a new plan; it shows whether the user is there."}
	if userName == "" {
		return "", unclear
	}
	found, err := t.Find(ctx, "userName", userName, []string{"userName"})
	if err != nil || len(found) != 1 {
		unclear.Cause = err
		return "", unclear
	}
	return found[0].ID(), nil
}

func (t *Target) seenVersion(s *served, r resource, a *rest.Answer) string {
	if !s.etags {
		return ""
	}
	if v := version(r); v != "" {
		return v
	}
	return a.Header.Get("ETag")
}

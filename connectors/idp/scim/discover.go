package scim

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// served is what a system says it can do.
type served struct {
	users      string // path of the list of users
	attributes []attribute
	extensions []string
	patches    bool
	filters    bool
	etags      bool
	cursors    bool
	bulk       bulkLimits
	groups     string  // path of the list of groups
	rolls      []*roll // the groups that the connection looks after
	notes      []string
}

// bulkLimits are what one bulk request may hold; zeros: none are taken, or none is told.
type bulkLimits struct{ operations, bytes int }

func (s *served) user(id string) string { return s.users + "/" + url.PathEscape(id) }

func (s *served) attribute(id string) (attribute, bool) {
	i := slices.IndexFunc(s.attributes, func(a attribute) bool { return a.ID == id })
	if i < 0 {
		return attribute{}, false
	}
	return s.attributes[i], true
}

type supported struct {
	Supported bool `json:"supported"`
}

type providerConfig struct {
	Patch *supported `json:"patch"`
	Bulk  *struct {
		Supported     bool        `json:"supported"`
		MaxOperations json.Number `json:"maxOperations"`
		MaxPayload    json.Number `json:"maxPayloadSize"`
	} `json:"bulk"`
	Filter     *supported `json:"filter"`
	ETag       *supported `json:"etag"`
	Pagination *struct {
		Cursor bool `json:"cursor"`
	} `json:"pagination"`
}

type resourceType struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Endpoint   string `json:"endpoint"`
	Extensions []struct {
		Schema string `json:"schema"`
	} `json:"schemaExtensions"`
}

// discover asks the system what it can do, once. A system without these pages is taken
// to do what RFC 7644 asks of every one, and a note says so.
func (t *Target) discover(ctx context.Context) (*served, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.served != nil {
		return t.served, nil
	}
	s := &served{users: "Users", groups: "Groups", patches: true, filters: true}
	if err := t.readConfig(ctx, s); err != nil {
		return nil, err
	}
	types, typesKnown, err := readList[resourceType](ctx, t, "ResourceTypes")
	if err != nil {
		return nil, err
	}
	schemas, schemasKnown, err := readList[schema](ctx, t, "Schemas")
	if err != nil {
		return nil, err
	}
	s.place(types)
	if !typesKnown {
		s.extensions = guessed(schemas)
	}
	s.attributes = offered(schemas, s.extensions)
	if !schemasKnown || !slices.ContainsFunc(s.attributes, func(a attribute) bool { return a.ID == "userName" }) {
		s.attributes, s.extensions = known, []string{enterprise}
		s.notes = append(s.notes, "The system does not tell its schemas; the attributes of the standard are offered.")
	}
	s.attributes = matchedBy(s.attributes, t.matchBy)
	if err := t.lookAfter(ctx, s); err != nil {
		return nil, err
	}
	t.served = s
	return s, nil
}

func (t *Target) readConfig(ctx context.Context, s *served) error {
	var c providerConfig
	_, err := t.rest.Get(ctx, "ServiceProviderConfig", nil, &c)
	if absent(err) {
		s.notes = append(s.notes, "The system does not tell what it can do; what the standard asks of every system is assumed.")
		return nil
	}
	if err != nil {
		return err
	}
	s.patches = c.Patch == nil || c.Patch.Supported
	s.filters = c.Filter == nil || c.Filter.Supported
	s.etags = c.ETag != nil && c.ETag.Supported
	s.cursors = c.Pagination != nil && c.Pagination.Cursor
	if c.Bulk != nil && c.Bulk.Supported {
		s.bulk = limitsOf(c.Bulk.MaxOperations, c.Bulk.MaxPayload)
	}
	return nil
}

const mostOperations = 100

// limitsOf gives half of what a system says it takes, and no more than a hundred: a
// request that is just within its limits is the one that times out.
func limitsOf(operations, payload json.Number) bulkLimits {
	most, _ := operations.Int64()
	bytes, _ := payload.Int64()
	l := bulkLimits{operations: mostOperations}
	if most > 0 {
		l.operations = int(min(most/2, mostOperations))
	}
	if bytes > 0 {
		l.bytes = int(min(bytes/10*9, 8<<20))
	}
	return l
}

// place takes the paths of users and groups and the extensions of users from the
// resource types.
func (s *served) place(types []resourceType) {
	for _, rt := range types {
		if p := strings.Trim(rt.Endpoint, "/"); strings.EqualFold(rt.Name, "Group") && p != "" && !strings.Contains(p, ":") {
			s.groups = p
		}
		if !strings.EqualFold(rt.Name, "User") && !strings.EqualFold(rt.ID, "User") {
			continue
		}
		if p := strings.Trim(rt.Endpoint, "/"); p != "" && !strings.Contains(p, ":") {
			s.users = p
		}
		for _, e := range rt.Extensions {
			s.extensions = append(s.extensions, e.Schema)
		}
	}
}

// guessed gives the schemas that extend users, as far as their names tell.
func guessed(schemas []schema) []string {
	var urns []string
	for _, s := range schemas {
		low := strings.ToLower(s.ID)
		if strings.Contains(low, "extension") && strings.HasSuffix(low, "user") {
			urns = append(urns, s.ID)
		}
	}
	return urns
}

// readList reads a page of discovery: a list answer, or a bare array as some give.
func readList[T any](ctx context.Context, t *Target, path string) (list []T, ok bool, err error) {
	var raw json.RawMessage
	if _, err := t.rest.Get(ctx, path, nil, &raw); err != nil {
		if absent(err) {
			err = nil
		}
		return nil, false, err
	}
	var answer struct {
		Resources []T `json:"Resources"`
	}
	if json.Unmarshal(raw, &list) == nil {
		return list, true, nil
	}
	if json.Unmarshal(raw, &answer) != nil {
		return nil, false, nil //nolint:nilerr // no list: the system is read without it
	}
	return answer.Resources, true, nil
}

// absent says that a page is not there, or not for us, rather than that nothing works.
func absent(err error) bool {
	return slices.Contains([]int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented}, status(err)) ||
		core.HasCode(err, core.BadData)
}

// status gives the status that an error came from, or 0.
func status(err error) int {
	var f *rest.Failure
	if errors.As(err, &f) {
		return f.Status
	}
	return 0
}

// matchedBy marks the attribute that people are found by, as the connection says it in the
// standard's words.
func matchedBy(attributes []attribute, by string) []attribute {
	if by == "emails.value" {
		by = "emails.work"
	}
	attributes = slices.Clone(attributes)
	for i := range attributes {
		attributes[i].Match = by != "" && attributes[i].ID == by
	}
	return attributes
}

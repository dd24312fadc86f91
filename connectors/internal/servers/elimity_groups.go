package servers

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/elimity-com/scim"
	scimerrors "github.com/elimity-com/scim/errors"
)

// groupStore keeps groups in memory.
type groupStore struct {
	mu         sync.Mutex
	names      []string
	members    map[string][]string // name → users' ids; a group's id is its name in lower case
	emptiesAll bool                // taking one out takes all out
	noMember   bool                // members cannot be named in a path
}

func groupID(name string) string { return strings.ToLower(strings.ReplaceAll(name, " ", "-")) }

func (s *groupStore) resource(name string) scim.Resource {
	a := scim.ResourceAttributes{"displayName": name}
	var list []any
	for _, id := range s.members[name] {
		list = append(list, map[string]any{"value": id})
	}
	if len(list) > 0 {
		a["members"] = list
	}
	return scim.Resource{ID: groupID(name), Attributes: a}
}

func (s *groupStore) name(id string) (string, error) {
	at := slices.IndexFunc(s.names, func(n string) bool { return groupID(n) == id })
	if at < 0 {
		return "", scimerrors.ScimErrorResourceNotFound(id)
	}
	return s.names[at], nil
}

// Create makes a group.
func (s *groupStore) Create(_ *http.Request, a scim.ResourceAttributes) (scim.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := fmt.Sprint(a["displayName"])
	s.names = append(s.names, name)
	return s.resource(name), nil
}

// Get gives a group with its members.
func (s *groupStore) Get(_ *http.Request, id string) (scim.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, err := s.name(id)
	if err != nil {
		return scim.Resource{}, err
	}
	return s.resource(name), nil
}

// GetAll gives all groups, whatever page is asked for after the first.
func (s *groupStore) GetAll(_ *http.Request, p scim.ListRequestParams) (scim.Page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	page := scim.Page{TotalResults: len(s.names)}
	for _, name := range s.names[min(max(p.StartIndex-1, 0), len(s.names)):] {
		r := s.resource(name)
		r.Attributes = maps.Clone(r.Attributes)
		delete(r.Attributes, "members")
		page.Resources = append(page.Resources, r)
	}
	return page, nil
}

// Replace sets the members.
func (s *groupStore) Replace(_ *http.Request, id string, a scim.ResourceAttributes) (scim.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, err := s.name(id)
	if err != nil {
		return scim.Resource{}, err
	}
	s.members[name] = valuesOf(a["members"])
	return s.resource(name), nil
}

// Delete removes a group.
func (s *groupStore) Delete(_ *http.Request, id string) error {
	return scimerrors.ScimErrorResourceNotFound(id)
}

// Patch adds members and takes them out.
func (s *groupStore) Patch(_ *http.Request, id string, operations []scim.PatchOperation) (scim.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, err := s.name(id)
	if err != nil {
		return scim.Resource{}, err
	}
	for _, o := range operations {
		switch {
		case o.Op == scim.PatchOperationAdd:
			for _, v := range valuesOf(o.Value) {
				if !slices.Contains(s.members[name], v) {
					s.members[name] = append(s.members[name], v)
				}
			}
		case o.Path.ValueExpression == nil || s.emptiesAll:
			s.members[name] = nil
		case s.noMember:
			return scim.Resource{}, scimerrors.ScimErrorInvalidPath
		default:
			_, out, _ := strings.Cut(fmt.Sprint(o.Path.ValueExpression), `"`)
			s.members[name] = slices.DeleteFunc(s.members[name], func(v string) bool { return v == strings.TrimSuffix(out, `"`) })
		}
	}
	return s.resource(name), nil
}

func valuesOf(v any) (all []string) {
	list, _ := v.([]any)
	if one, is := v.(map[string]any); is {
		list = []any{one}
	}
	for _, m := range list {
		if o, is := m.(map[string]any); is {
			all = append(all, fmt.Sprint(o["value"]))
		}
	}
	return all
}

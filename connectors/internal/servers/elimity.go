package servers

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/elimity-com/scim"
	scimerrors "github.com/elimity-com/scim/errors"
	"github.com/elimity-com/scim/optional"
	"github.com/elimity-com/scim/schema"
)

// Dialect says how an Elimity server differs from the usual.
type Dialect struct {
	NoPatch  bool // changes by PUT only
	NoFilter bool
	ETags    bool // versions, and If-Match is heeded
	Bare     bool // no discovery pages
	Bulk     bool // bulk requests of five operations, though twenty are announced

	IgnoresFilter  bool // a filter is answered with everyone
	FromZero       bool // lists begin at 0
	NeedsEmails    bool // nobody is made without
	CreatesWith200 bool
	HidesActive    bool // "active" is left out where it is true
	TextBooleans   bool // "active" is a text
	NoPaths        bool // a PATCH may name none, and there is no PUT

	Groups       []string // names; the id of each is its name in small letters
	EmptiesGroup bool     // taking one member out takes all out
	NoMemberPath bool     // a member cannot be named in a path
}

// Elimity starts a SCIM server on the library of that name, in this process. It takes
// any token. It has a custom extension beside the enterprise one, compares user names
// without case, and answers at most 20 users a page.
func Elimity(t testing.TB, d Dialect) Service {
	t.Helper()
	store := &userStore{users: map[string]scim.Resource{}}
	groups := &groupStore{names: d.Groups, members: map[string][]string{}, emptiesAll: d.EmptiesGroup, noMember: d.NoMemberPath}
	types := []scim.ResourceType{{
		ID: optional.NewString("User"), Name: "User", Endpoint: "/Users", Schema: schema.CoreUserSchema(), Handler: store,
		SchemaExtensions: []scim.SchemaExtension{{Schema: schema.ExtensionEnterpriseUser()}, {Schema: badgeSchema()}},
	}}
	if len(d.Groups) > 0 {
		types = append(types, scim.ResourceType{ID: optional.NewString("Group"), Name: "Group", Endpoint: "/Groups", Schema: schema.CoreGroupSchema(), Handler: groups})
	}
	server, err := scim.NewServer(&scim.ServerArgs{
		ServiceProviderConfig: &scim.ServiceProviderConfig{SupportFiltering: !d.NoFilter, SupportPatch: !d.NoPatch},
		ResourceTypes:         types,
	})
	if err != nil {
		t.Fatal(err)
	}
	handler := quirks(d, server)
	if d.Bulk {
		handler = bulkOf(handler)
	}
	s := httptest.NewServer(dialect(d, store, handler))
	t.Cleanup(s.Close)
	return Service{URL: s.URL + "/v2", Token: "any"}
}

// BadgeSchema is the custom extension of Elimity's users: badge (text), parking
// (boolean), floor (number) and since (time).
const BadgeSchema = "urn:northlake:scim:schemas:extension:badge:1.0:User"

func badgeSchema() schema.Schema {
	return schema.Schema{ID: BadgeSchema, Name: optional.NewString("Badge"), Attributes: []schema.CoreAttribute{
		schema.SimpleCoreAttribute(schema.SimpleStringParams(schema.StringParams{Name: "badge"})),
		schema.SimpleCoreAttribute(schema.SimpleBooleanParams(schema.BooleanParams{Name: "parking"})),
		schema.SimpleCoreAttribute(schema.SimpleNumberParams(schema.NumberParams{Name: "floor", Type: schema.AttributeTypeInteger()})),
		schema.SimpleCoreAttribute(schema.SimpleDateTimeParams(schema.DateTimeParams{Name: "since"})),
	}}
}

// dialect puts before the library's server what it does not do itself.
func dialect(d Dialect, store *userStore, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := strings.TrimPrefix(r.URL.Path, "/v2"); {
		case r.Header.Get("Authorization") == "":
			refuse(w, http.StatusUnauthorized, "who are you")
		case d.Bare && !strings.HasPrefix(path, "/Users") && !strings.HasPrefix(path, "/Groups"):
			http.NotFound(w, r)
		case d.NoPatch && r.Method == http.MethodPatch:
			refuse(w, http.StatusNotImplemented, "no PATCH here")
		case d.Bulk && path == "/ServiceProviderConfig":
			_ = json.NewEncoder(w).Encode(map[string]any{"patch": map[string]any{"supported": !d.NoPatch}, "filter": map[string]any{"supported": !d.NoFilter}, "bulk": map[string]any{"supported": true, "maxOperations": 20, "maxPayloadSize": 6000}})
		case d.ETags && path == "/ServiceProviderConfig":
			_ = json.NewEncoder(w).Encode(map[string]any{"patch": map[string]any{"supported": true}, "filter": map[string]any{"supported": true}, "etag": map[string]any{"supported": true}})
		case d.ETags && r.Header.Get("If-Match") != "" && r.Header.Get("If-Match") != store.version(strings.TrimPrefix(path, "/Users/")):
			refuse(w, http.StatusPreconditionFailed, "the version is another")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func refuse(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/scim+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:Error"}, "status": fmt.Sprint(status), "detail": detail})
}

// userStore keeps users in memory; the library asks it for them.
type userStore struct {
	mu    sync.Mutex
	last  int
	order []string
	users map[string]scim.Resource
}

func (s *userStore) version(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.users[id].Meta.Version
}

func (s *userStore) taken(id string, a scim.ResourceAttributes) bool {
	name, _ := a["userName"].(string)
	for other, r := range s.users {
		if had, _ := r.Attributes["userName"].(string); other != id && strings.EqualFold(had, name) {
			return true
		}
	}
	return false
}

// keep stores a user and gives a copy, for the library writes into what it is given.
func (s *userStore) keep(id string, a scim.ResourceAttributes) (scim.Resource, error) {
	if s.taken(id, a) {
		return scim.Resource{}, scimerrors.ScimErrorUniqueness
	}
	s.last++
	for _, own := range []string{"id", "meta", "schemas"} {
		delete(a, own)
	}
	r := scim.Resource{ID: id, Attributes: a, Meta: scim.Meta{Version: fmt.Sprintf(`W/"%d"`, s.last)}}
	if external, ok := a["externalId"].(string); ok {
		r.ExternalID = optional.NewString(external)
	}
	s.users[id] = r
	return copied(r), nil
}

func copied(r scim.Resource) scim.Resource {
	r.Attributes = maps.Clone(r.Attributes)
	return r
}

func (s *userStore) Create(_ *http.Request, a scim.ResourceAttributes) (scim.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := fmt.Sprintf("user/%d@1", s.last+1) // an id that needs escaping in a path
	r, err := s.keep(id, a)
	if err == nil {
		s.order = append(s.order, id)
	}
	return r, err
}

func (s *userStore) Get(_ *http.Request, id string) (scim.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.users[id]
	if !ok {
		return scim.Resource{}, scimerrors.ScimErrorResourceNotFound(id)
	}
	return copied(r), nil
}

func (s *userStore) GetAll(_ *http.Request, p scim.ListRequestParams) (scim.Page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []scim.Resource
	for _, id := range s.order {
		if p.FilterValidator == nil || p.FilterValidator.PassesFilter(s.users[id].Attributes) == nil {
			all = append(all, copied(s.users[id]))
		}
	}
	total := len(all)
	from := min(max(p.StartIndex-1, 0), total)
	return scim.Page{TotalResults: total, Resources: all[from:min(from+min(p.Count, 20), total)]}, nil
}

func (s *userStore) Replace(_ *http.Request, id string, a scim.ResourceAttributes) (scim.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.users[id]; !ok {
		return scim.Resource{}, scimerrors.ScimErrorResourceNotFound(id)
	}
	return s.keep(id, a)
}

func (s *userStore) Delete(_ *http.Request, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.users[id]; !ok {
		return scimerrors.ScimErrorResourceNotFound(id)
	}
	delete(s.users, id)
	s.order = slices.DeleteFunc(s.order, func(o string) bool { return o == id })
	return nil
}

// Patch carries out the operations as RFC 7644 §3.5.2.3 has them: replacing a complex
// attribute keeps the sub-attributes that are left out.
func (s *userStore) Patch(_ *http.Request, id string, operations []scim.PatchOperation) (scim.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.users[id]
	if !ok {
		return scim.Resource{}, scimerrors.ScimErrorResourceNotFound(id)
	}
	a := maps.Clone(r.Attributes)
	for _, o := range operations {
		if o.Path == nil {
			if whole, is := o.Value.(map[string]any); is {
				patchWhole(a, whole)
				continue
			}
		}
		if o.Path == nil || o.Path.ValueExpression != nil {
			return scim.Resource{}, scimerrors.ScimErrorInvalidPath
		}
		part := map[string]any(a)
		if urn := o.Path.AttributePath.URI(); urn != "" && urn != schema.UserSchema {
			part, _ = a[urn].(map[string]any)
			part = maps.Clone(part)
			if part == nil {
				part = map[string]any{}
			}
			a[urn] = part
		}
		patchPart(part, o)
	}
	return s.keep(id, a)
}

// patchWhole takes the values of an operation without a path.
func patchWhole(a, whole map[string]any) {
	for name, value := range whole {
		had, _ := a[name].(map[string]any)
		if more, is := value.(map[string]any); is && had != nil {
			had = maps.Clone(had)
			maps.Copy(had, more)
			value = had
		}
		a[name] = value
	}
}

func patchPart(part map[string]any, o scim.PatchOperation) {
	name, sub := o.Path.AttributePath.AttributeName, o.Path.AttributePath.SubAttributeName()
	old, _ := part[name].(map[string]any)
	value, complex := o.Value.(map[string]any)
	switch {
	case o.Op == scim.PatchOperationRemove && sub != "":
		part[name] = maps.Clone(old)
		delete(part[name].(map[string]any), sub)
	case o.Op == scim.PatchOperationRemove:
		delete(part, name)
	case complex && old != nil:
		merged := maps.Clone(old)
		maps.Copy(merged, value)
		part[name] = merged
	default:
		part[name] = o.Value
	}
}

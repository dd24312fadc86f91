package entraid

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// watched remembers the token that requests are signed with, for what it tells.
type watched struct {
	rest.Signer
	mu    sync.Mutex
	token core.Secret
}

// Sign signs, and remembers the token.
func (w *watched) Sign(ctx context.Context, c *rest.Client, r *http.Request) (core.Secret, error) {
	used, err := w.Signer.Sign(ctx, c, r)
	if err == nil {
		w.mu.Lock()
		w.token = used
		w.mu.Unlock()
	}
	return used, err
}

func (w *watched) used() core.Secret {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.token
}

func (w *watched) claims() *claims { return claimsOf(w.used()) }

// signIn gets a token without a request to Graph.
func (t *Target) signIn(ctx context.Context) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, t.rest.Local("/"), nil)
	if err != nil {
		return err
	}
	_, err = t.token.Sign(ctx, t.rest, r)
	return err
}

// claims is what an access token says of itself. Microsoft asks clients not to rely on it;
// here it only spares a person a surprise, and Graph decides in any case.
type claims struct {
	Roles []string `json:"roles"` // of an application
	Scope string   `json:"scp"`   // of somebody who signed in
	OID   string   `json:"oid"`
}

// claimsOf reads a token without verifying it, for it is ours and Graph verifies it; nil
// where it cannot be read.
func claimsOf(token core.Secret) *claims {
	parts := strings.Split(token.Reveal(), ".")
	if len(parts) != 3 {
		return nil
	}
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return nil
	}
	var c claims
	if json.Unmarshal(text, &c) != nil || !c.tells() {
		return nil
	}
	return &c
}

// tells says that a token names permissions of Graph. Servers that stand in for it may
// give one that names none, or something else, and ask nobody for them.
func (c *claims) tells() bool {
	return slices.ContainsFunc(append(strings.Fields(c.Scope), c.Roles...), permission.MatchString)
}

// permission is how Graph's permissions are written: User.Read.All, User-Mail.ReadWrite.All.
var permission = regexp.MustCompile(`^[A-Za-z][A-Za-z-]*\.[A-Z][A-Za-z.]+$`)

// user gives the id of the person who signed in; none where it is an application.
func (c *claims) user() string {
	if c == nil || c.Scope == "" {
		return ""
	}
	return c.OID
}

// told is what a token says of a permission.
type told uint8

const (
	silent told = iota
	granted
	denied
)

// has says whether one of the permissions is there.
func (c *claims) has(any ...string) told {
	if c == nil {
		return silent
	}
	all := append(strings.Fields(c.Scope), c.Roles...)
	if slices.Contains(all, "Directory.AccessAsUser.All") {
		return silent // whatever the person may do
	}
	for _, name := range any {
		if slices.Contains(all, name) {
			return granted
		}
	}
	return denied
}

// wider are permissions that hold another one.
var wider = map[string][]string{
	"User.Read.All":                   {"User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"},
	"User.ReadWrite.All":              {"Directory.ReadWrite.All"},
	"User-LifeCycleInfo.Read.All":     {"User-LifeCycleInfo.ReadWrite.All"},
	"GroupMember.Read.All":            {"GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"},
	"GroupMember.ReadWrite.All":       {"Group.ReadWrite.All", "Directory.ReadWrite.All"},
	"Organization.Read.All":           {"Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"},
	"RoleManagement.Read.Directory":   rolesReaders,
	"SynchronizationData-User.Upload": {"SynchronizationData-User.Upload.OwnedBy"},
	"ProvisioningLog.Read.All":        {"AuditLog.Read.All"},
}

// parts are newer permissions that hold a part of another one: whether it is enough for a
// plan is told when it is tried.
var parts = map[string][]string{
	"User.ReadWrite.All": {"User.ReadUpdate.All", "User.EnableDisableAccount.All"},
}

// Check signs in, asks for one user, and tells of every permission whether it is there:
// by what the token says, else by trying what changes nothing.
func (t *Target) Check(ctx context.Context) (core.Health, error) {
	h := core.Health{Summary: "Accounts can be read", People: -1}
	var page struct {
		Count *int `json:"@odata.count"`
		Value []object
	}
	query := url.Values{"$top": {"1"}, "$select": {"id"}, "$count": {"true"}}
	_, err := t.rest.Get(ctx, "/users", query, &page, rest.Header("ConsistencyLevel", "eventual"))
	if status(err) == http.StatusBadRequest || status(err) == http.StatusNotImplemented { // nobody counts here
		query.Del("$count")
		_, err = t.rest.Get(ctx, "/users", query, &page)
	}
	if err != nil {
		return h, t.explained(err, core.Write{})
	}
	if page.Count != nil {
		h.People, h.Summary = *page.Count, fmt.Sprintf("%d accounts visible", *page.Count)
	}
	if _, err := t.known(ctx); err != nil { // names groups that cannot be looked after
		return h, err
	}
	tried, err := t.tried(ctx)
	if err != nil {
		return h, err
	}
	says := t.token.claims()
	for _, p := range t.m.Permissions {
		if !t.concerns(p.ID) {
			continue
		}
		right := core.Right{Permission: p, Granted: true}
		switch says.has(append(wider[p.ID], p.ID)...) {
		case denied:
			right.Granted, right.Detail = false, "The token does not hold it."
			if says.has(parts[p.ID]...) == granted {
				right.Granted, right.Unsure, right.Detail = true, true, "The token holds a part of it."
			}
		case silent:
			right.Granted, right.Unsure = !tried[p.ID].refused, !tried[p.ID].proves
		}
		h.Rights = append(h.Rights, right)
	}
	if says.user() == "" && says.has(rolesReaders...) != granted {
		h.Notes = append(h.Notes, "Administrators cannot be told from others; give RoleManagement.Read.Directory to have them protected.")
	}
	return h, nil
}

// concerns says whether the connection makes use of a permission.
func (t *Target) concerns(permission string) bool {
	switch permission {
	case "AuditLog.Read.All": // of the reading side
		return false
	case "GroupMember.ReadWrite.All", "GroupMember.Read.All":
		return len(t.names) > 0
	case "SynchronizationData-User.Upload", "ProvisioningLog.Read.All":
		app, err := t.application()
		return err == nil && app.id != ""
	}
	return true
}

// proof is what trying a permission showed.
type proof struct{ proves, refused bool }

// tried tries the permissions of reading.
func (t *Target) tried(ctx context.Context) (map[string]proof, error) {
	all := map[string]proof{"User.Read.All": {proves: true}}
	for permission, c := range map[string]struct {
		path  string
		query url.Values
	}{
		"Organization.Read.All":       {"/organization", url.Values{"$select": {"id,displayName,verifiedDomains"}}},
		"User-LifeCycleInfo.Read.All": {"/users", url.Values{"$top": {"1"}, "$select": {"id," + leaveDate}}},
	} {
		_, err := t.rest.Get(ctx, c.path, c.query, nil)
		if err != nil && !absent(err) {
			return nil, err
		}
		all[permission] = proof{proves: err == nil || core.HasCode(err, core.MissingScope), refused: core.HasCode(err, core.MissingScope)}
	}
	return all, nil
}

// readingOnly leaves the permissions of writing out of what the source found.
func readingOnly(_ context.Context, _ *rest.Client, _ core.Answers, h *core.Health) error {
	h.Rights = slices.DeleteFunc(h.Rights, func(r core.Right) bool { return len(r.For) > 0 || slices.Contains(targetsOnly, r.ID) })
	return nil
}

// targetsOnly are permissions of reading that only a target needs.
var targetsOnly = []string{"GroupMember.Read.All", "Organization.Read.All", "RoleManagement.Read.Directory", "ProvisioningLog.Read.All"}

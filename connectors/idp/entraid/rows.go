package entraid

import (
	"context"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

const (
	leaveDate = "employeeLeaveDateTime" // needs a permission of its own
	signIn    = "signInActivity"
)

// rows reads everybody, and then who was deleted lately. Where the leave date may not be
// seen, the whole answer is refused, and is asked for without it.
func rows(ctx context.Context, r manifest.Pull) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		names, err := properties(ctx, r)
		if err != nil {
			yield(nil, err)
			return
		}
		seen := map[string]bool{}
		give := func(row map[string]any, err error) bool {
			id := vendor.Value("externalId", row)
			if err == nil && seen[id] {
				return true
			}
			seen[id] = true
			return yield(row, err) && err == nil
		}
		for row, err := range everybody(ctx, r, names) {
			if !give(row, err) {
				return
			}
		}
		for row, err := range list(ctx, r, "/directory/deletedItems/microsoft.graph.user", names, false) {
			if absent(err) {
				return // who was deleted may not be seen
			}
			if err == nil {
				row["removed"] = true
			}
			if !give(row, err) {
				return
			}
		}
	}
}

func everybody(ctx context.Context, r manifest.Pull, names map[string]bool) iter.Seq2[map[string]any, error] {
	return func(yield func(map[string]any, error) bool) {
		managers := r.Want.Fields == nil || slices.ContainsFunc(r.Want.Fields, func(id string) bool {
			return id == "managerId" || strings.HasPrefix(id, core.RawPrefix+"manager")
		})
		some := false
		for row, err := range list(ctx, r, "/users", names, managers) {
			if core.HasCode(err, core.MissingScope) && !some && names[leaveDate] {
				delete(names, leaveDate)
				everybody(ctx, r, names)(yield)
				return
			}
			if some = true; !yield(row, err) {
				return
			}
		}
	}
}

func list(ctx context.Context, r manifest.Pull, path string, names map[string]bool, managers bool) iter.Seq2[map[string]any, error] {
	query := url.Values{"$select": {strings.Join(slices.Sorted(maps.Keys(names)), ",")}}
	if !names[signIn] { // large pages are for plain properties
		query.Set("$top", "999")
	}
	if managers {
		query.Set("$expand", "manager($select=id,userPrincipalName,employeeId)")
	}
	return objects(ctx, path, query, "people", r.Client, func(ctx context.Context, path string, query url.Values, out any) error {
		_, err := r.Client.Get(ctx, path, query, out)
		return err
	})
}

// objects reads all pages of a list, each by get.
func objects(ctx context.Context, path string, query url.Values, noun string, c *rest.Client, get func(ctx context.Context, path string, query url.Values, out any) error) iter.Seq2[map[string]any, error] {
	return rest.List[map[string]any]{Vendor: c.Vendor(), Noun: noun,
		ID: func(row map[string]any) string { return vendor.Value("externalId", row) },
		Fetch: func(ctx context.Context, at string) (rest.Page[map[string]any], error) {
			path, asked := path, query
			if at != "" {
				path, asked = below(at, path)
			}
			var answer struct {
				Value *[]map[string]any
				Next  string `json:"@odata.nextLink"`
			}
			if err := get(ctx, path, asked, &answer); err != nil {
				return rest.Page[map[string]any]{}, err
			}
			if answer.Value == nil {
				return rest.Page[map[string]any]{}, &core.Problem{Code: core.BadData, What: "An answer of " + c.Vendor() + " cannot be read: it holds no list.",
					Fix: "Try again, and send us the log if it happens twice."}
			}
			return rest.Page[map[string]any]{Rows: *answer.Value, Total: -1, Next: answer.Next}, nil
		}}.All(ctx)
}

// always are properties that guests and the status are told by.
var always = []string{"id", "userPrincipalName", "userType", "accountEnabled", "employeeHireDate", leaveDate}

// properties are those that are asked for: Graph gives no other.
func properties(ctx context.Context, r manifest.Pull) (map[string]bool, error) {
	names := map[string]bool{}
	add := func(path string) {
		name, _, _ := strings.Cut(path, ".")
		names[name] = true
	}
	for _, path := range always {
		add(path)
	}
	wanted := r.Want.Fields
	if wanted == nil {
		defined, err := definitions(ctx, r.Client)
		if err != nil && !absent(err) {
			return nil, err
		}
		for _, d := range defined {
			add(d.Name)
		}
		add(oldExtensions)
		wanted = slices.Collect(maps.Keys(vendor.People.Fields))
	}
	for _, id := range wanted {
		own, isOwn := strings.CutPrefix(id, "custom.")
		path, isPath := strings.CutPrefix(id, core.RawPrefix)
		switch {
		case isPath:
			add(path)
		case isOwn && strings.HasPrefix(own, oldPrefix):
			add(oldExtensions)
		case isOwn && id != lastSignIn.ID:
			add(own)
		default:
			for _, path := range vendor.People.Fields[id].Paths {
				add(path)
			}
		}
	}
	if r.Answers.Get("signIns") == "true" && (r.Want.Fields == nil || slices.Contains(r.Want.Fields, lastSignIn.ID)) {
		add(signIn)
	}
	for _, other := range []string{"manager", "birthday", "custom", "removed"} { // are asked for in other ways, or made
		delete(names, other)
	}
	return names, nil
}

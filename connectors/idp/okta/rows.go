package okta

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// rows reads everybody: the list of users leaves out who is deactivated.
func rows(ctx context.Context, r manifest.Pull) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		wanted := r.Want.Fields == nil || slices.Contains(r.Want.Fields, "managerId")
		managers := managers{client: r.Client, wanted: wanted && r.Answers.Get("links") != "true"}
		filters := all
		if since := r.Want.Since; !since.IsZero() {
			filters = []string{fmt.Sprintf(`lastUpdated gt "%s"`, since.Add(-margin).UTC().Format(stamp))}
		}
		for row, err := range everybody(ctx, r.Client, selection(r.Want.Fields), filters) {
			if err == nil {
				err = managers.find(ctx, row)
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// all are the filters of the two lists that hold everybody. A filter by time gives who is
// deactivated too.
var all = []string{"", `status eq "DEPROVISIONED"`}

const (
	margin = 5 * time.Minute // for clocks that differ
	stamp  = "2006-01-02T15:04:05.000Z"
)

// everybody yields each user of the lists once, who may be deactivated between the two.
func everybody(ctx context.Context, c *rest.Client, fields string, filters []string) iter.Seq2[map[string]any, error] {
	return func(yield func(map[string]any, error) bool) {
		seen := map[string]bool{}
		for i, filter := range filters {
			query := url.Values{"limit": {"200"}}
			for name, value := range map[string]string{"filter": filter, "fields": fields} {
				if value != "" {
					query.Set(name, value)
				}
			}
			for row, err := range list(ctx, c, query) {
				if i > 0 && core.HasCode(err, core.NotFound) {
					return // nobody is deactivated
				}
				id := vendor.Value("externalId", row)
				if err == nil && seen[id] {
					continue
				}
				seen[id] = true
				if !yield(row, err) || err != nil {
					return
				}
			}
		}
	}
}

func list(ctx context.Context, c *rest.Client, query url.Values) iter.Seq2[map[string]any, error] {
	return listAt(ctx, c, "/api/v1/users", "people", query)
}

// listAt yields the rows of any list, each once.
func listAt(ctx context.Context, c *rest.Client, first, noun string, query url.Values) iter.Seq2[map[string]any, error] {
	return rest.List[map[string]any]{Vendor: vendor.Name, Noun: noun,
		ID: func(row map[string]any) string { return vendor.Value("externalId", row) },
		Fetch: func(ctx context.Context, at string) (rest.Page[map[string]any], error) {
			path, asked := first, query
			if next, err := url.Parse(at); err == nil && at != "" {
				path, asked = c.Local(next.EscapedPath()), next.Query()
			}
			page := rest.Page[map[string]any]{Total: -1}
			a, err := c.Get(ctx, path, asked, &page.Rows)
			if err == nil {
				page.Next = manifest.NextLink(a.Header)
			}
			return page, err
		}}.All(ctx)
}

// selection asks for what is wanted alone; empty asks for everything.
func selection(wanted []string) string {
	if wanted == nil {
		return ""
	}
	top, profile := map[string]bool{"id": true, "status": true}, map[string]bool{}
	add := func(path string) {
		name, deeper, _ := strings.Cut(path, ".")
		if name == "profile" {
			name, _, _ = strings.Cut(deeper, ".")
			profile[name] = true
			return
		}
		top[name] = true
	}
	for _, id := range wanted {
		own, isOwn := strings.CutPrefix(id, "custom.")
		path, isPath := strings.CutPrefix(id, core.RawPrefix)
		switch {
		case id == "managerId":
			add("profile.managerId")
		case isPath:
			add(path)
		case isOwn && slices.ContainsFunc(account, func(f core.Field) bool { return f.ID == id }):
			add(own)
		case isOwn:
			add("profile." + own)
		default:
			for _, path := range vendor.People.Fields[id].Paths {
				add(path)
			}
		}
	}
	if profile[""] { // the profile as a whole
		return ""
	}
	asked := slices.Sorted(maps.Keys(top))
	if len(profile) > 0 {
		asked = append(asked, "profile:("+strings.Join(slices.Sorted(maps.Keys(profile)), ",")+")")
	}
	return strings.Join(asked, ",")
}

// managers finds out who is meant by the free text of a profile: an Okta ID, a sign-in
// name or an employee number.
type managers struct {
	client *rest.Client
	wanted bool
	ids    map[string]string // by Okta ID, sign-in name and employee number; empty where several have it
}

var oktaID = regexp.MustCompile(`^00u[0-9A-Za-z]{17}$`)

func (m *managers) find(ctx context.Context, row map[string]any) error {
	said, _ := manifest.At(row, "profile.managerId")
	named := manifest.Text(said)
	if !m.wanted || named == "" {
		return nil
	}
	if oktaID.MatchString(named) {
		row["managerFound"] = named
		return nil
	}
	if m.ids == nil {
		if err := m.read(ctx); err != nil {
			return err
		}
	}
	if id := m.ids[strings.ToLower(named)]; id != "" {
		row["managerFound"] = id
	}
	return nil
}

func (m *managers) read(ctx context.Context) error {
	m.ids = map[string]string{}
	for row, err := range everybody(ctx, m.client, "id,profile:(employeeNumber,login)", all) {
		if err != nil {
			return err
		}
		id := vendor.Value("externalId", row)
		for _, path := range []string{"id", "profile.login", "profile.employeeNumber"} {
			value, _ := manifest.At(row, path)
			name := strings.ToLower(manifest.Text(value))
			if other, taken := m.ids[name]; taken && other != id {
				m.ids[name] = ""
				continue
			}
			m.ids[name] = id
		}
	}
	return nil
}

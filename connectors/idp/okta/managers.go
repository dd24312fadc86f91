package okta

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// bosses remember how managers are named.
type bosses struct {
	mu  sync.Mutex
	by  string            // the answer, or what was recognised; empty: not known yet
	ids map[string]string // by what stands in managerId, in lower case
}

// The ways in which a profile names the manager.
const (
	byID     = "id"
	byLogin  = "login"
	byNumber = "employeeNumber"
)

func (t *Target) linked() bool { return t.answers.Get("links") == "true" }

// managerBy says what stands in managerId: as the connection says, else as most people
// have it. Where nobody has a manager yet it is Okta's id, which nothing changes.
func (t *Target) managerBy(ctx context.Context) (string, error) {
	t.bosses.mu.Lock()
	defer t.bosses.mu.Unlock()
	if by := t.answers.Get("managerBy"); by != "" && by != "auto" {
		t.bosses.by = by
	}
	if t.bosses.by != "" {
		return t.bosses.by, nil
	}
	var rows []map[string]any
	query := url.Values{"limit": {"200"}, "fields": {"id,profile:(managerId)"}}
	if _, err := t.rest.Get(ctx, "/api/v1/users", query, &rows); err != nil {
		return "", t.explained(err, reading)
	}
	count, example := map[string]int{}, map[string]string{}
	for _, row := range rows {
		if text := manifest.TextAt(row, "profile.managerId"); text != "" {
			count[formOf(text)]++
			example[formOf(text)] = text
		}
	}
	most := byID
	for _, by := range []string{byLogin, byNumber} {
		if count[by] > count[most] {
			most = by
		}
	}
	if most == byNumber { // or an ID, or a sign-in name, of another form than is usual
		id, row, err := t.called(ctx, example[most])
		switch {
		case err != nil:
			return "", err
		case id == example[most]:
			most = byID
		case id != "" && manifest.TextAt(row, "profile.employeeNumber") != example[most]:
			most = byLogin
		}
	}
	t.bosses.by = most
	return most, nil
}

// called gives the user whose Okta ID or sign-in name this is; no id where there is none.
func (t *Target) called(ctx context.Context, name string) (id string, row map[string]any, err error) {
	if strings.Contains(name, "/") {
		return "", nil, nil
	}
	row = map[string]any{}
	_, err = t.rest.Get(ctx, userPath(name), nil, &row)
	if core.HasCode(err, core.NotFound) {
		return "", nil, nil
	}
	if id = manifest.Text(row["id"]); id != name && !strings.EqualFold(manifest.TextAt(row, "profile.login"), name) {
		id = "" // Okta takes the part before the @ as well
	}
	return id, row, t.explained(err, reading)
}

func formOf(text string) string {
	switch {
	case oktaID.MatchString(text):
		return byID
	case strings.Contains(text, "@"):
		return byLogin
	}
	return byNumber
}

// boss gives a function that finds the managers of people in a list.
func (t *Target) boss(wanted bool) func(context.Context, map[string]any) (map[string]any, error) {
	found := managers{client: t.rest, wanted: true}
	var mu sync.Mutex
	return func(ctx context.Context, row map[string]any) (map[string]any, error) {
		if !wanted {
			return row, nil
		}
		if t.linked() {
			id, err := t.linkedTo(ctx, manifest.Text(row["id"]))
			row["managerFound"] = id
			return row, err
		}
		mu.Lock()
		defer mu.Unlock()
		return row, found.find(ctx, row)
	}
}

// linkedTo gives the id of the manager whom a user is linked to.
func (t *Target) linkedTo(ctx context.Context, id string) (string, error) {
	var links []any
	_, err := t.rest.Get(ctx, t.linkPath(id), nil, &links)
	if core.HasCode(err, core.NotFound) {
		if _, gone := t.user(ctx, id); gone != nil {
			return "", gone
		}
		return "", &core.Problem{Code: core.BadOption, Cause: err, What: fmt.Sprintf("Okta has no linked object called “%s”.", path.Base(t.linkPath(id))),
			Fix: "Correct the name of the link in the connection, or switch off that managers are linked objects."}
	}
	if err != nil {
		return "", t.explained(err, of(id))
	}
	href := manifest.TextAt(links, "0._links.self.href")
	if href == "" {
		return "", nil
	}
	return path.Base(href), nil
}

func (t *Target) linkPath(id string) string {
	return userPath(id) + "/linkedObjects/" + url.PathEscape(labelled(t.answers.Get("linkName"), "manager"))
}

// bossOf gives the id of the manager of a user who was read alone. Whatever form the text
// has, it is understood; one that names nobody is none.
func (t *Target) bossOf(ctx context.Context, row map[string]any) (string, error) {
	if t.linked() {
		return t.linkedTo(ctx, manifest.Text(row["id"]))
	}
	text := manifest.TextAt(row, "profile.managerId")
	if text == "" || oktaID.MatchString(text) {
		return text, nil
	}
	t.bosses.mu.Lock()
	id, known := t.bosses.ids[strings.ToLower(text)]
	t.bosses.mu.Unlock()
	if known {
		return id, nil
	}
	if id, _, err := t.called(ctx, text); err != nil || id != "" {
		if id != "" {
			t.keepBoss(text, id)
		}
		return id, err
	}
	for _, name := range []string{login, byNumber} {
		if name == login && !strings.Contains(text, "/") {
			continue // it was asked for
		}
		found, err := t.Find(ctx, name, text, []string{})
		if err != nil {
			return "", err
		}
		if len(found) == 1 {
			t.keepBoss(text, found[0].ID())
			return found[0].ID(), nil
		}
	}
	return "", nil
}

func (t *Target) keepBoss(text, id string) {
	t.bosses.mu.Lock()
	defer t.bosses.mu.Unlock()
	if t.bosses.ids == nil {
		t.bosses.ids = map[string]string{}
	}
	t.bosses.ids[strings.ToLower(text)] = id
}

func (t *Target) forgetBoss(text string) {
	t.bosses.mu.Lock()
	defer t.bosses.mu.Unlock()
	delete(t.bosses.ids, strings.ToLower(text))
}

// nameOfBoss gives what is to stand in managerId for the account of a manager; nil for none.
func (t *Target) nameOfBoss(ctx context.Context, id string) (any, error) {
	if id == "" {
		return nil, nil
	}
	by, err := t.managerBy(ctx)
	if err != nil || by == byID {
		return id, err
	}
	a, _ := find(standard, managerText)
	row, err := t.user(ctx, id)
	if core.HasCode(err, core.NotFound) {
		return nil, refused(a, "names an account that Okta does not have", "Make a new plan.")
	}
	if err != nil {
		return nil, err
	}
	text := manifest.TextAt(row, "profile."+by)
	if text == "" {
		return nil, refused(a, fmt.Sprintf("cannot be written: the manager's account has no %s", by), "Give the manager one in Okta, or choose another way of writing managers in the connection.")
	}
	t.keepBoss(text, id)
	return text, nil
}

// link links a user to the manager's account, or to nobody.
func (t *Target) link(ctx context.Context, id, boss string) error {
	method, at := http.MethodPut, t.linkPath(id)+"/"+url.PathEscape(boss)
	if boss == "" {
		method, at = http.MethodDelete, t.linkPath(id)
	}
	err := t.patiently(ctx, func() error {
		_, err := t.rest.Do(ctx, method, at, nil, nil, nil)
		return err
	})
	if boss == "" && core.HasCode(err, core.NotFound) {
		return nil
	}
	return t.explained(err, of(id))
}

// renamed gives the text by which reports name a user, where this write changes it; empty
// where it does not.
func (t *Target) renamed(ctx context.Context, id string, values map[string]string) (from, to string, err error) {
	if values[login] == "" && values[byNumber] == "" || t.linked() {
		return "", "", nil
	}
	by, err := t.managerBy(ctx)
	if to = values[by]; err != nil || to == "" {
		return "", "", err
	}
	row, err := t.user(ctx, id)
	if err != nil {
		return "", "", err
	}
	from = manifest.TextAt(row, "profile."+by)
	if from == to {
		return "", "", nil
	}
	return from, to, nil
}

// follow writes a manager's new name for those who report to the old one.
func (t *Target) follow(ctx context.Context, from, to string) error {
	if from == "" {
		return nil
	}
	t.forgetBoss(from)
	t.forgetBoss(to)
	a := attribute{Attribute: core.Attribute{ID: managerText}}
	ids, err := t.candidates(ctx, a, from)
	if err != nil {
		return err
	}
	for _, id := range ids {
		row, err := t.user(ctx, id)
		if core.HasCode(err, core.NotFound) || err == nil && !strings.EqualFold(manifest.TextAt(row, "profile.managerId"), from) {
			continue
		}
		if err == nil && manifest.Text(row["status"]) != deprovisioned {
			err = t.post(ctx, id, map[string]any{managerText: to})
		}
		if err != nil {
			return err
		}
		t.recent.add(id, map[string]string{managerText: to})
	}
	return nil
}

// post changes a profile, without conditions.
func (t *Target) post(ctx context.Context, id string, profile map[string]any, opts ...rest.Option) error {
	return t.patiently(ctx, func() error {
		_, err := t.rest.Do(ctx, http.MethodPost, userPath(id), nil, map[string]any{"profile": profile}, nil, append(opts, rest.Repeatable())...)
		return err
	})
}

package personio

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// sourceV2 reads through version 2: a list of persons, a call for each one's employments,
// and lists that give names for the ids found there.
type sourceV2 struct {
	client *rest.Client
	env    core.Env
}

// atOnce is how many calls for employments are made at once, under the pace.
const atOnce = 4

var fieldsV2 = []string{"externalId", "firstName", "lastName", "preferredName", "email", "gender", "photoUrl", "jobTitle", "department",
	"departmentId", "team", "costCenter", "legalEntity", "managerId", "startDate", "endDate", "employmentStatus", "employmentType"}

func tokenV2(a core.Answers) func(context.Context, *rest.Client) (rest.Token, error) {
	return func(ctx context.Context, c *rest.Client) (rest.Token, error) {
		var answer struct {
			Token   string `json:"access_token"`
			Expires int    `json:"expires_in"`
		}
		form := url.Values{"grant_type": {"client_credentials"}, "client_id": {a.Get("clientId")}, "client_secret": {a.Get("clientSecret")}}
		_, err := c.Do(ctx, http.MethodPost, "/v2/auth/token", nil, form, &answer, rest.Unsigned(), rest.Repeatable())
		var f *rest.Failure
		if errors.As(err, &f) && f.Status == http.StatusBadRequest { // so says v2 that the credential is wrong
			says := vendor.Errors[http.StatusUnauthorized]
			err = &core.Problem{Code: core.BadCredentials, What: says.What, Fix: says.Fix, Cause: f}
		}
		return rest.Lasting(answer.Token, answer.Expires, c.Now(ctx)), err
	}
}

// Fields gives the fields of version 2 and the custom attributes of the first persons:
// version 2 has no catalogue of them.
func (s *sourceV2) Fields(ctx context.Context) ([]core.Field, error) {
	page, err := s.page(ctx, firstPersons)
	if err != nil {
		return nil, err
	}
	fields := known()
	custom := map[string]core.Field{}
	for _, person := range page.Rows {
		for _, f := range customOfV2(manifest.Raw{JSON: person}) {
			custom[f.ID] = f
		}
	}
	var found []core.Field
	for _, f := range custom {
		found = append(found, f)
	}
	return append(fields, sorted(found)...), nil
}

func known() []core.Field {
	var fields []core.Field
	for _, f := range core.Canonical {
		for _, id := range fieldsV2 {
			if id == f.ID {
				fields = append(fields, f)
			}
		}
	}
	return fields
}

// Check signs in, and tries the list of persons, one person's employments, and each list
// of names.
func (s *sourceV2) Check(ctx context.Context) (core.Health, error) {
	page, err := s.page(ctx, "/v2/persons?limit=1")
	if err != nil {
		return core.Health{}, err
	}
	h := core.Health{Summary: "Employees can be read", People: -1}
	probes := map[string]string{"personio:org-units:read": "/v2/org-units?limit=1", "personio:cost-centers:read": "/v2/cost-centers?limit=1",
		"personio:legal-entities:read": "/v2/legal-entities?limit=1"}
	if len(page.Rows) > 0 {
		probes["personio:persons:read"] = employmentsOf(page.Rows[0])
	}
	for _, p := range vendor.Permissions {
		if !strings.HasPrefix(p.ID, "personio:") {
			continue
		}
		right := core.Right{Permission: p, Granted: true}
		if path, ok := probes[p.ID]; ok {
			_, err := s.page(ctx, path)
			if err != nil && (p.Needed || !manifest.Absent(err)) {
				return core.Health{}, err
			}
			right.Granted = err == nil
		}
		h.Rights = append(h.Rights, right)
	}
	return h, nil
}

const firstPersons = "/v2/persons?limit=50"

func employmentsOf(person any) string {
	id, _ := manifest.At(person, "id")
	return "/v2/persons/" + url.PathEscape(manifest.Text(id)) + "/employments?limit=50"
}

// page reads one page of any list of version 2. The lists in beta need a header of their
// own, which the others pass over.
func (s *sourceV2) page(ctx context.Context, at string) (rest.Page[any], error) {
	var answer any
	if _, err := s.client.Get(ctx, at, nil, &answer, rest.Header("Beta", "true")); err != nil {
		return rest.Page[any]{}, err
	}
	found, _ := manifest.At(answer, "_data")
	rows, ok := found.([]any)
	if !ok {
		return rest.Page[any]{}, &core.Problem{Code: core.BadData, What: "An answer of Personio cannot be read: it holds no list.",
			Fix: "Try again, and send us the log if it happens twice."}
	}
	page := rest.Page[any]{Rows: rows, Total: -1}
	next, _ := manifest.At(answer, "_meta.links.next.href")
	if page.Next = manifest.Text(next); sameAddress(page.Next, at) { // seen: the last page names itself as the next
		page.Next = ""
	}
	return page, nil
}

func sameAddress(a, b string) bool {
	ua, errA := url.Parse(a)
	ub, errB := url.Parse(b)
	return errA == nil && errB == nil && ua.Path == ub.Path && ua.Query().Encode() == ub.Query().Encode()
}

func (s *sourceV2) list(ctx context.Context, first, noun string) iter.Seq2[any, error] {
	return rest.List[any]{Vendor: vendor.Name, Noun: noun, First: first, Fetch: s.page,
		ID: func(row any) string { id, _ := manifest.At(row, "id"); return manifest.Text(id) }}.All(ctx)
}

// People reads everybody, all statuses.
func (s *sourceV2) People(ctx context.Context, want core.Want) iter.Seq2[core.Person, error] {
	return func(yield func(core.Person, error) bool) {
		if !want.Since.IsZero() {
			yield(core.Person{}, &core.Problem{Code: core.Unsupported, What: "Version 2 of Personio's API does not surely say whose employment has changed.",
				Fix: "Read everybody, or choose version 1 in the settings of the connection."})
			return
		}
		now := s.env.Now()
		n := &names{source: s, lists: map[string]map[string]string{}}
		r := manifest.Reading{Manifest: &manifest.Manifest{}, Known: known(), Want: want, Day: now, Raw: s.raw(ctx, n, now), Custom: customOfV2}
		r.People(ctx)(yield)
	}
}

func (s *sourceV2) raw(ctx context.Context, n *names, now time.Time) iter.Seq2[manifest.Raw, error] {
	today := now.Format(time.DateOnly)
	joined := rest.Parallel(ctx, s.list(ctx, firstPersons, "employees"), atOnce, s.join)
	return func(yield func(manifest.Raw, error) bool) {
		for person, err := range joined {
			raw := manifest.Raw{JSON: person}
			if err == nil {
				raw.Own, err = s.own(ctx, person, n, today)
			}
			if !yield(raw, err) || err != nil {
				return
			}
		}
	}
}

// join puts the employment that counts into the person's record, under "employment". A
// person without employments, or who is gone meanwhile, has none.
func (s *sourceV2) join(ctx context.Context, person any) (any, error) {
	var all []any
	for employment, err := range s.list(ctx, employmentsOf(person), "employments") {
		if core.HasCode(err, core.NotFound) {
			s.warn("the employments of a person are not there, so job, manager and dates are absent")
			break
		}
		if err != nil {
			return nil, err
		}
		all = append(all, employment)
	}
	record, ok := person.(map[string]any)
	if ok && len(all) > 0 {
		record["employment"] = current(all)
	}
	return person, nil
}

// current gives the employment that a person has now, else the latest; they come latest
// first, and the latest may not have begun.
func current(all []any) any {
	for _, e := range all {
		word, _ := manifest.At(e, "status")
		if w := manifest.Text(word); w == "ACTIVE" || w == "LEAVE" {
			return e
		}
	}
	return all[0]
}

func (s *sourceV2) own(ctx context.Context, person any, n *names, today string) (map[string]any, error) {
	values := map[string]any{}
	put := func(id, path string) {
		if v, ok := manifest.At(person, path); ok {
			values[id] = v
		}
	}
	for id, path := range map[string]string{"externalId": "id", "firstName": "first_name", "lastName": "last_name", "preferredName": "preferred_name",
		"email": "email", "gender": "gender", "photoUrl": "profile_picture.url", "jobTitle": "employment.position.title",
		"managerId": "employment.supervisor.id", "employmentType": "employment.type", "startDate": "employment.employment_start_date"} {
		put(id, path)
	}
	for _, path := range []string{"contract_end_date", "employment_end_date", "termination.termination_date"} { // the later one counts
		if v, ok := manifest.At(person, "employment."+path); ok && (values["endDate"] == nil || manifest.Text(v) != "") {
			values["endDate"] = v
		}
	}
	word, ok := manifest.At(person, "employment.status")
	if !ok {
		word, _ = manifest.At(person, "status")
	}
	values["employmentStatus"] = status(manifest.Text(word), manifest.Text(values["startDate"]), today)
	custom, _ := manifest.At(person, "custom_attributes")
	list, _ := custom.([]any)
	for _, a := range list {
		id, _ := manifest.At(a, "id")
		values["custom."+manifest.Text(id)] = customValue(a, "value")
	}
	return values, n.fill(ctx, person, values)
}

func customOfV2(r manifest.Raw) []core.Field {
	found, _ := manifest.At(r.JSON, "custom_attributes")
	list, _ := found.([]any)
	var fields []core.Field
	for _, row := range list {
		id, _ := manifest.At(row, "id")
		label, _ := manifest.At(row, "label")
		kind, _ := manifest.At(row, "type")
		fields = append(fields, attribute{Key: manifest.Text(id), Label: manifest.Text(label), Type: manifest.Text(kind)}.field())
	}
	return fields
}

// names gives names for ids, read once a reading.
type names struct {
	source *sourceV2
	lists  map[string]map[string]string
}

// fill adds what a person's employment names by id only.
func (n *names) fill(ctx context.Context, person any, values map[string]any) error {
	units, _ := manifest.At(person, "employment.org_units")
	list, _ := units.([]any)
	for _, unit := range list {
		kind, _ := manifest.At(unit, "type")
		id, _ := manifest.At(unit, "id")
		name, err := n.unit(ctx, manifest.Text(kind), manifest.Text(id))
		if err != nil {
			return err
		}
		switch manifest.Text(kind) {
		case "department":
			values["departmentId"] = id
			set(values, "department", name)
		case "team":
			set(values, "team", name)
		}
	}
	centres, _ := manifest.At(person, "employment.cost_centers")
	entity, ok := manifest.At(person, "employment.legal_entity.id")
	if !ok {
		entity, _ = manifest.At(person, "employment.sub_company.id")
	}
	for field, from := range map[string][2]string{"costCenter": {"/v2/cost-centers", largestShare(centres, "weight", "id")}, "legalEntity": {"/v2/legal-entities", manifest.Text(entity)}} {
		name, err := n.listed(ctx, from[0], from[1])
		if err != nil {
			return err
		}
		set(values, field, name)
	}
	return nil
}

// set states a value where there is one; a name that cannot be read is not stated.
func set(values map[string]any, id, name string) {
	if name != "" {
		values[id] = name
	}
}

// listed gives a name out of a whole list; none where the list is not there or not allowed.
func (n *names) listed(ctx context.Context, path, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	if n.lists[path] == nil {
		n.lists[path] = map[string]string{}
		for row, err := range n.source.list(ctx, path, "names") {
			if manifest.Absent(err) {
				n.source.warn("names cannot be read: " + path)
				break
			}
			if err != nil {
				return "", err
			}
			key, _ := manifest.At(row, "id")
			name, _ := manifest.At(row, "name")
			n.lists[path][manifest.Text(key)] = manifest.Text(name)
		}
	}
	return n.lists[path][id], nil
}

// unit gives the name of a department or team, asked for one by one: their list is in beta.
func (n *names) unit(ctx context.Context, kind, id string) (string, error) {
	if n.lists[kind] == nil {
		n.lists[kind] = map[string]string{}
	}
	if name, ok := n.lists[kind][id]; ok || id == "" {
		return name, nil
	}
	var answer struct {
		Name string `json:"name"`
	}
	_, err := n.source.client.Get(ctx, "/v2/org-units/"+url.PathEscape(id), url.Values{"type": {kind}}, &answer)
	if err != nil && !manifest.Absent(err) {
		return "", err
	}
	if err != nil {
		n.source.warn("names of departments and teams cannot be read")
	}
	n.lists[kind][id] = answer.Name
	return answer.Name, nil
}

func (s *sourceV2) warn(what string) {
	if s.env.Log != nil {
		s.env.Log.Warn(what, "vendor", vendor.Name)
	}
}

var _ core.Source = (*sourceV2)(nil)

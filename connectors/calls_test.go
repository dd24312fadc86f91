package connectors

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/entraid"
	"rollcall/connectors/emulators/okta"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/internal/rest"
	"rollcall/connectors/internal/servers"
	"rollcall/core"
)

// What a change costs in calls is the arithmetic of docs/scale.md: whoever remakes
// testdata/calls.txt (-update) changes it there too.
func TestCallsThatAWriteTakes(t *testing.T) {
	subjects := []struct {
		name, connector, rules string
		handOver               int
		limits                 wire.Limits
		options                map[string]string
	}{
		{name: "Entra ID", connector: "entraid", rules: entraLives, options: map[string]string{"groups": "Staff\nConsultants"}},
		{name: "Entra ID, by its provisioning service", connector: "entraid", rules: entraLives, handOver: 1,
			options: map[string]string{"groups": "Staff\nConsultants", "servicePrincipalId": entraid.ServicePrincipalID, "jobId": entraid.JobID}},
		{name: "Google Workspace", connector: "googleworkspace", rules: googleLives, options: map[string]string{"groups": googleGroups}},
		{name: "JumpCloud", connector: "jumpcloud", rules: jumpCloudLives, options: map[string]string{"groups": "Engineering\nContractors", "attributes": "badge"}},
		{name: "Okta", connector: "okta", rules: oktaLives, options: map[string]string{"groups": "Staff\nContractors"}},
		{name: "Okta, by an identity source", connector: "okta", rules: oktaLives, handOver: 1, limits: wire.Limits{Window: time.Millisecond}, // from one import to the next session
			options: map[string]string{"groups": "Staff\nContractors", "identitySourceId": okta.IdentitySource}},
	}
	var got strings.Builder
	for _, c := range subjects {
		s, err := emulate.Start(c.connector, emulate.Setup{Writing: wire.Writing{Empty: true, Limits: c.limits}})
		ok(t, err)
		t.Cleanup(s.Close)
		maps.Copy(s.Options, c.options)
		fmt.Fprintf(&got, "%s\n%s\n", c.name, callsOf(t, newPushed(t, c.connector, c.rules, callsPeople, c.handOver, s.Options, s.URL), s.Counts))
	}
	for _, bulk := range []bool{false, true} {
		s := servers.Elimity(t, servers.Dialect{Groups: scimGroups, Bulk: bulk})
		meter := &wire.Meter{}
		near := httptest.NewServer(metered(meter, forwarding(s.URL)))
		t.Cleanup(near.Close)
		answers := map[string]string{"baseUrl": near.URL, "token": s.Token, "groups": strings.Join(scimGroups, "\n")}
		fmt.Fprintf(&got, "%s\n%s\n", map[bool]string{false: "SCIM", true: "SCIM, in bulk requests of five"}[bulk], callsOf(t, newPushed(t, "scim", scimLives, callsPeople, 0, answers, ""), meter.Counts))
	}
	const file = "testdata/calls.txt"
	if *update {
		ok(t, os.WriteFile(file, []byte(got.String()), 0o600))
	}
	want, err := os.ReadFile(file)
	ok(t, err)
	if d := cmp.Diff(string(want), got.String()); d != "" {
		t.Errorf("calls for %d people: %s", callsPeople, d)
	}
}

// metered counts calls by method and kind of path.
func metered(m *wire.Meter, to http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind := r.URL.Path
		if parts := strings.Split(kind, "/"); len(parts) > 2 {
			kind = "/" + parts[1] + "/{id}"
		}
		m.Add(r.Method+" "+kind, http.StatusOK)
		to.ServeHTTP(w, r)
	})
}

// callsPeople is a plan that fills two calls to an engine.
const callsPeople = 100

// callsOf creates a company, gives it managers, changes everybody's title, puts everybody
// into a group and disables everybody, and gives the calls of each kind of change.
func callsOf(t *testing.T, p *pushed, counts func() map[string]wire.Count) string {
	t.Helper()
	ctx := rest.WithClock(t.Context(), &quick{now: time.Now()}, time.Hour)
	p.spec.Workers, p.setup.Guards = 1, core.Guards{} // of several, who gets how many rows is chance
	bosses := column(p.people, lifeManager)
	memory := core.Memory{}
	var words strings.Builder
	for _, step := range []struct {
		what   string
		change func(person []string, i int)
	}{
		{"create", func(person []string, _ int) { person[lifeManager] = "" }},
		{"set the manager", func(person []string, i int) { person[lifeManager] = bosses[i] }},
		{"change the title", func(person []string, _ int) { person[lifeTitle] = "Senior clerk" }},
		{"put into a group", func(person []string, _ int) { person[lifeGroups] = groupOf(p.spec.ID) }},
		{"deactivate", func(person []string, _ int) { person[lifeStatus] = "terminated" }},
	} {
		for i, person := range p.people[1:] {
			step.change(person, i+1)
		}
		made := p.plan(ctx, t, memory)
		before, n := counts(), 0
		p.apply(ctx, t, made.Plan, &memoryJournal{}, func(o core.Outcome) {
			if o.State == core.Done {
				n++
			}
		})
		fmt.Fprintf(&words, "  %s, %d people\n%s", step.what, n, difference(before, counts()))
		memory = made.Memory
	}
	return words.String()
}

func groupOf(connector string) string {
	return map[string]string{"okta": "Staff", "entraid": "Staff", "googleworkspace": "Everybody", "jumpcloud": "Engineering", "scim": scimGroups[0]}[connector]
}

func column(people [][]string, n int) []string {
	var values []string
	for _, p := range people {
		values = append(values, p[n])
	}
	return values
}

// difference gives the calls between two counts, one kind a line.
func difference(before, after map[string]wire.Count) string {
	short := strings.NewReplacer(entraid.ServicePrincipalID, "{id}", entraid.JobID, "{id}")
	var lines strings.Builder
	for _, route := range slices.Sorted(maps.Keys(after)) {
		// In how many requests the parts of batches go is chance: those that wait at the same time.
		if n := after[route].Calls - before[route].Calls; n > 0 && route != "POST /v1.0/$batch" {
			fmt.Fprintf(&lines, "    %3d %s\n", n, short.Replace(route))
		}
	}
	return lines.String()
}

package ldap

import (
	"fmt"
	"strconv"
	"testing"

	"rollcall/connectors/idp/targetlaws"
	"rollcall/connectors/internal/servers"
	"rollcall/core"
)

// answers connects to the server by LDAPS; pairs of further answers replace these.
func answers(d servers.Directory, more ...string) core.Answers {
	a := core.Answers{"host": "127.0.0.1", "port": core.Secret(strconv.Itoa(d.TLS)), "caFile": core.Secret(d.CAFile),
		"bindDN": core.Secret(d.BindDN), "password": core.Secret(d.BindPassword), "baseDN": core.Secret(d.BaseDN)}
	for i := 0; i < len(more); i += 2 {
		a[more[i]] = core.Secret(more[i+1])
	}
	return a
}

func connect(t testing.TB, a core.Answers, env core.Env) *Target {
	t.Helper()
	target, err := NewTarget(a, env)
	if err != nil {
		t.Fatal(err)
	}
	return target.(*directory).open
}

func subject(target core.Target) *targetlaws.Subject {
	return &targetlaws.Subject{Target: target, Foreign: "6e2ff5d3-7a1b-4c1d-9d0e-3f1f1a1c0000", Values: map[string]func(int) string{
		"preferredLanguage": func(n int) string { return []string{"sv", "de"}[n%2] },
		"uid":               func(n int) string { return fmt.Sprintf("o'hara+%d, zoë", n) }, // needs escaping in a name
	}}
}

const leavers = "dn: ou=leavers,dc=corp,dc=example\nobjectClass: organizationalUnit\nou: leavers\n\n"

func TestLaws(t *testing.T) {
	for name, more := range map[string][]string{
		"locking":              nil,
		"moving":               {"disableBy", "move", "leaverDN", "ou=leavers,dc=corp,dc=example"},
		"setting an attribute": {"disableBy", "attribute", "disableAttribute", "employeeType", "disabledValue", "left", "enabledValue", "here"},
		"named by cn":          {"rdn", "cn"},
		"with further classes": {"classes", "pkiUser, labeledURIObject"},
	} {
		t.Run(name, func(t *testing.T) {
			d := servers.Slapd(t, leavers)
			targetlaws.Run(t, subject(connect(t, answers(d, more...), core.Env{})))
		})
	}
	t.Run("without referential integrity", func(t *testing.T) {
		targetlaws.Run(t, subject(connect(t, answers(servers.SlapdLoose(t)), core.Env{})))
	})
}

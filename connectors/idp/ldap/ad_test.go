package ldap

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"rollcall/connectors/idp/targetlaws"
	"rollcall/connectors/internal/servers"
	"rollcall/core"
)

func domainAnswers(d servers.Domain, base string, more ...string) core.Answers {
	a := core.Answers{"host": core.Secret(d.Host), "caFile": core.Secret(d.CAFile), "bindDN": core.Secret(d.Administrator), "password": core.Secret(d.Password), "baseDN": core.Secret(base)}
	for i := 0; i < len(more); i += 2 {
		a[more[i]] = core.Secret(more[i+1])
	}
	return a
}

func connectDomain(t testing.TB, a core.Answers, env core.Env) core.Target {
	t.Helper()
	target, err := NewTarget(a, env)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// inABranch says of the branch what no rule asks of it, that it has to have a value: an
// account always stands somewhere.
type inABranch struct{ core.Follower }

func (b inABranch) Attributes(ctx context.Context) ([]core.Attribute, error) {
	attributes, err := b.Follower.Attributes(ctx)
	for i := range attributes {
		if attributes[i].ID == branchName {
			attributes[i].Required = true
		}
	}
	return attributes, err
}

func domainSubject(target core.Target, prefix string) *targetlaws.Subject {
	return &targetlaws.Subject{Target: inABranch{target.(core.Follower)}, Follows: true, Foreign: "6e2ff5d3-7a1b-4c1d-9d0e-3f1f1a1c0000", Values: map[string]func(int) string{
		accountName:   func(n int) string { return fmt.Sprintf("%s.%d O'Harä", prefix, n) },
		principalName: func(n int) string { return fmt.Sprintf("%s.%d@corp.example", strings.ReplaceAll(prefix, " ", ""), n) },
		mailAddress:   func(int) string { return "shared@corp.example" }, // a change of it leaves an address behind
		proxyAddresses: func(n int) string {
			return core.JoinList([]string{fmt.Sprintf("smtp:a%d@corp.example", n), "X500:/o=Corp"})
		},
		countryLetters: func(n int) string { return []string{"SE", "DE"}[n%2] },
		"homeDrive":    func(n int) string { return string(rune('A'+n%20)) + ":" },
	}}
}

func TestLawsOfActiveDirectory(t *testing.T) {
	d := servers.Samba(t)
	for name, more := range map[string][]string{
		"LDAPS":         nil,
		"StartTLS":      {"tls", "starttls"},
		"moves leavers": {"disableBy", "move", "leaverDN", "OU=Leavers,{base}"},
	} {
		t.Run(name, func(t *testing.T) {
			base := d.Branch(t, "Laws of "+name)
			for i := range more {
				more[i] = strings.ReplaceAll(more[i], "{base}", base)
			}
			groups := []string{"groups", "Laws of " + name + " Readers\nCN=Laws of " + name + " Writers," + base}
			target := connectDomain(t, domainAnswers(d, base, append(groups, more...)...), core.Env{Shelf: shelf{}})
			targetlaws.Run(t, domainSubject(target, name[:5]))
		})
	}
}

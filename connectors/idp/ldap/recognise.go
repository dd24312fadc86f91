package ldap

import (
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/go-ldap/ldap/v3"

	"rollcall/core"
)

// activeDir is the capability by which Active Directory is recognised (MS-ADTS §3.1.1.3.4.3).
const activeDir = "1.2.840.113556.1.4.800"

// directory is a server that says itself what it is: the first call asks it.
type directory struct {
	session *session
	open    *Target
	domain  *domain

	mu    sync.Mutex
	found core.Target // once the server has said what it is
}

// NewTarget makes a target of the answers; nothing is sent yet.
func NewTarget(a core.Answers, env core.Env) (core.Target, error) {
	d, err := newDirectory(a, env)
	if err != nil {
		return nil, err
	}
	return d, nil
}

func newDirectory(a core.Answers, env core.Env) (*directory, error) {
	full, err := Spec().Complete(a)
	if err != nil {
		return nil, err
	}
	s, err := newSession(full, env)
	if err != nil {
		return nil, err
	}
	open, err := newTarget(full, s, env)
	if err != nil {
		return nil, err
	}
	return &directory{session: s, open: open, domain: newDomain(full, s, env)}, nil
}

func (d *directory) target(ctx context.Context) (core.Target, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.found != nil {
		return d.found, nil
	}
	root, err := d.session.search(ctx, ldap.NewSearchRequest("", ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", []string{"supportedCapabilities"}, nil))
	if err != nil {
		return nil, err
	}
	if len(root) > 0 && slices.Contains(root[0].GetEqualFoldAttributeValues("supportedCapabilities"), activeDir) {
		d.found = d.domain
		return d.found, nil
	}
	if err := d.open.learn(ctx); err != nil {
		return nil, err
	}
	d.found = d.open
	return d.found, nil
}

func (d *directory) Check(ctx context.Context) (core.Health, error) {
	t, err := d.target(ctx)
	if err != nil {
		return core.Health{}, err
	}
	return t.Check(ctx)
}

func (d *directory) Attributes(ctx context.Context) ([]core.Attribute, error) {
	t, err := d.target(ctx)
	if err != nil {
		return nil, err
	}
	return t.Attributes(ctx)
}

func (d *directory) Accounts(ctx context.Context, want []string) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		t, err := d.target(ctx)
		if err != nil {
			yield(core.Account{}, err)
			return
		}
		t.Accounts(ctx, want)(yield)
	}
}

func (d *directory) Account(ctx context.Context, id string, want []string) (core.Account, error) {
	t, err := d.target(ctx)
	if err != nil {
		return core.Account{}, err
	}
	return t.Account(ctx, id, want)
}

func (d *directory) Find(ctx context.Context, attribute, value string, want []string) ([]core.Account, error) {
	t, err := d.target(ctx)
	if err != nil {
		return nil, err
	}
	return t.Find(ctx, attribute, value, want)
}

func (d *directory) Write(ctx context.Context, w core.Write) (core.Receipt, error) {
	t, err := d.target(ctx)
	if err != nil {
		return core.Receipt{}, err
	}
	return t.Write(ctx, w)
}

// Mark gives "" for a directory that is no Active Directory.
func (d *directory) Mark(ctx context.Context) (string, error) {
	t, err := d.target(ctx)
	if err != nil {
		return "", err
	}
	if f, is := t.(core.Follower); is {
		return f.Mark(ctx)
	}
	return "", nil
}

func (d *directory) Follow(ctx context.Context, former core.Former, want []string) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		t, err := d.target(ctx)
		if err != nil {
			yield(core.Account{}, err)
			return
		}
		f, is := t.(core.Follower)
		if !is {
			yield(core.Account{}, stale("%s does not tell what changed.", d.session.host))
			return
		}
		f.Follow(ctx, former, want)(yield)
	}
}

var _ core.Follower = (*directory)(nil)

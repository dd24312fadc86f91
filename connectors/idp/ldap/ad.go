package ldap

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-ldap/ldap/v3"

	"rollcall/core"
)

// domain is one domain of Active Directory. Facts about it and its controls are from
// MS-ADTS, and were tried on Samba.
type domain struct {
	session  *session
	shelf    core.Shelf
	now      func() time.Time
	base     string
	creation string
	chosen   bool   // the branch for new people was named in the answers
	suffix   string // the domain of sign-in names that are not mapped; "" makes none
	leavers  string // "" where leavers stay where they are
	wanted   []string
	below    string // where groups are looked for; "" is everywhere
	wrong    error  // an answer that does not go with a domain

	mu    sync.Mutex
	known *facts
}

// facts is what is read of a domain once.
type facts struct {
	context    string            // the domain's naming context
	schema     string            // that of the schema
	own        string            // the objectGUID of Rollcall's account, "" where it is not found
	bin        bool              // deleted accounts can be brought back
	days       int               // that they can
	deleted    string            // a filter for these
	branches   map[string]string // normal form of a branch → as the choices of ou have it
	groups     []group
	attributes []core.Attribute
}

const (
	isUser    = "(&(objectCategory=person)(objectClass=user))"
	isDeleted = "(&(isDeleted=TRUE)(objectClass=user)(!(objectClass=computer))(!(isRecycled=TRUE)))"
	isBranch  = "(|(objectClass=organizationalUnit)(objectClass=container)(objectClass=domainDNS))"
	guid      = "objectGUID"
)

// Controls of MS-ADTS §3.1.1.3.4.1.
var (
	extendedNames = ldap.NewControlString("1.2.840.113556.1.4.529", false, "\x30\x03\x02\x01\x01") // with ids as text
	showDeleted   = ldap.NewControlString("1.2.840.113556.1.4.417", true, "")
	showTheirs    = ldap.NewControlString("1.2.840.113556.1.4.2065", false, "") // links of deleted accounts
	permissive    = ldap.NewControlString("1.2.840.113556.1.4.1413", false, "")
)

func newDomain(full core.Answers, s *session, env core.Env) *domain {
	d := &domain{session: s, shelf: env.Shelf, now: env.Now, base: full.Get("baseDN"), creation: full.Get("createDN"), leavers: full.Get("leaverDN"), below: full.Get("groupBaseDN")}
	d.chosen, d.suffix = d.creation != "", strings.TrimPrefix(full.Get("upnSuffix"), "@")
	if d.creation == "" {
		d.creation = d.base
	}
	if d.now == nil {
		d.now = time.Now
	}
	d.wanted = full.Lines(core.Groups)
	if port := full.Get("port"); port == "3268" || port == "3269" {
		d.wrong = &core.Problem{Code: core.BadOption, What: fmt.Sprintf("Port %s is the global catalogue, which knows little of people and takes no changes.", port), Fix: "Choose port 636, or leave it empty."}
	}
	if full.Get("disableBy") == "attribute" {
		d.wrong = &core.Problem{Code: core.BadOption, What: "Active Directory has its own way to disable accounts, and no attribute can be set instead.", Fix: "Choose “Lock the account” or “Move to a branch for leavers” under “Disable by”."}
	}
	return d
}

// facts reads what there is to know before anything else, once.
func (d *domain) facts(ctx context.Context) (*facts, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.wrong != nil {
		return nil, d.wrong
	}
	if d.known != nil {
		return d.known, ended(ctx)
	}
	root, err := d.session.entry(ctx, "", []string{"defaultNamingContext", "configurationNamingContext", "schemaNamingContext", "namingContexts"})
	if err != nil {
		return nil, err
	}
	if err := d.usersBranch(ctx, root.GetEqualFoldAttributeValue("defaultNamingContext")); err != nil {
		return nil, err
	}
	if err := d.session.checkBranches(ctx, root.GetEqualFoldAttributeValues("namingContexts"), d.base, d.creation, d.leavers, d.below); err != nil {
		return nil, err
	}
	f := &facts{deleted: isDeleted, branches: map[string]string{}, context: root.GetEqualFoldAttributeValue("defaultNamingContext"), schema: root.GetEqualFoldAttributeValue("schemaNamingContext")}
	if f.attributes, err = d.schema(ctx, f.schema); err != nil {
		return nil, err
	}
	for _, read := range []func(context.Context, *facts, string) error{d.readBranches, d.readGroups, d.readBin, d.readOwn} {
		if err := read(ctx, f, root.GetEqualFoldAttributeValue("configurationNamingContext")); err != nil {
			return nil, err
		}
	}
	d.known = f
	return f, nil
}

// usersContainer is the mark of the container for new users among the domain's well-known
// objects (MS-ADTS §6.1.1.4).
const usersContainer = "B:32:A9D1CA15768811D1ADED00C04FD8D5CD:"

// usersBranch takes the domain's own branch for new users, where people stand anywhere
// in the domain and nobody said where new ones are made.
func (d *domain) usersBranch(ctx context.Context, context string) error {
	if d.chosen || normal(d.base) != normal(context) {
		return nil
	}
	e, err := d.session.entry(ctx, context, []string{"wellKnownObjects"})
	if err != nil {
		return leaveOut(err)
	}
	for _, v := range e.GetEqualFoldAttributeValues("wellKnownObjects") {
		if len(v) > len(usersContainer) && strings.EqualFold(v[:len(usersContainer)], usersContainer) {
			d.creation = v[len(usersContainer):]
		}
	}
	return nil
}

// readBranches offers the organizational units and containers in which people can
// stand, without those that hold what the system keeps for itself.
func (d *domain) readBranches(ctx context.Context, f *facts, _ string) error {
	at := slices.IndexFunc(f.attributes, func(a core.Attribute) bool { return a.ID == branchName })
	if at < 0 {
		return nil
	}
	var systems, places []string
	err := d.all(ctx, d.branches(), isBranch, []string{"objectClass", "showInAdvancedViewOnly", "isCriticalSystemObject"}, nil, func(e *ldap.Entry) bool {
		unit := slices.Contains(e.GetEqualFoldAttributeValues("objectClass"), "organizationalUnit")
		if e.GetEqualFoldAttributeValue("showInAdvancedViewOnly") == "TRUE" || unit && e.GetEqualFoldAttributeValue("isCriticalSystemObject") == "TRUE" {
			systems = append(systems, e.DN)
		} else {
			places = append(places, e.DN)
		}
		return true
	})
	for _, p := range places {
		if !slices.ContainsFunc(systems, func(s string) bool { return within(p, s) }) {
			f.attributes[at].Choices = append(f.attributes[at].Choices, core.Choice{Value: p, Label: pathOf(p)})
			f.branches[normal(p)] = p
		}
	}
	return err
}

// pathOf gives the units of a name from the top, without the domain's own parts.
func pathOf(dn string) string {
	parsed, err := ldap.ParseDN(dn)
	if err != nil {
		return dn
	}
	var path []string
	for _, r := range slices.Backward(parsed.RDNs) {
		if a := r.Attributes[0]; !strings.EqualFold(a.Type, "DC") {
			path = append(path, a.Value)
		}
	}
	if len(path) == 0 {
		return dn
	}
	return strings.Join(path, " / ")
}

// readBin finds out whether the recycle bin is on, and for how long it keeps accounts
// (MS-ADTS §3.1.1.9.1, §6.1.1.2.4.1.1).
func (d *domain) readBin(ctx context.Context, f *facts, configuration string) error {
	partitions, err := d.session.entry(ctx, "CN=Partitions,"+configuration, []string{"msDS-EnabledFeature"})
	if err != nil {
		return leaveOut(err)
	}
	f.bin = slices.ContainsFunc(partitions.GetEqualFoldAttributeValues("msDS-EnabledFeature"), func(dn string) bool {
		return strings.HasPrefix(strings.ToLower(dn), "cn=recycle bin feature,")
	})
	if !f.bin {
		return nil
	}
	f.days = 60 // where neither attribute is set
	service, err := d.session.entry(ctx, "CN=Directory Service,CN=Windows NT,CN=Services,"+configuration, []string{"tombstoneLifetime", "msDS-DeletedObjectLifetime"})
	if err != nil {
		return leaveOut(err)
	}
	for _, name := range []string{"tombstoneLifetime", "msDS-DeletedObjectLifetime"} { // the second one counts, where it is set
		if n, err := strconv.Atoi(service.GetEqualFoldAttributeValue(name)); err == nil && n > 0 {
			f.days = n
		}
	}
	return nil
}

// leaveOut forgives that something is not there or not shown.
func leaveOut(err error) error {
	if core.HasCode(err, core.NotFound) || core.HasCode(err, core.MissingScope) {
		return nil
	}
	return err
}

// readOwn looks for the account that Rollcall signs in with, by whatever it was named.
func (d *domain) readOwn(ctx context.Context, f *facts, _ string) error {
	user := d.session.user
	filters := []string{fmt.Sprintf("(%s=%s)", principalName, ldap.EscapeFilter(user))}
	if strings.Contains(user, "=") {
		filters = []string{fmt.Sprintf("(distinguishedName=%s)", ldap.EscapeFilter(user))}
	} else if name, _, ok := strings.Cut(user[strings.LastIndexByte(user, '\\')+1:], "@"); ok || name != "" {
		filters = append(filters, fmt.Sprintf("(%s=%s)", accountName, ldap.EscapeFilter(name)))
	}
	for _, filter := range filters {
		entries, err := d.search(ctx, f.context, ldap.ScopeWholeSubtree, "(&(objectClass=user)"+filter+")", []string{guid})
		if err != nil {
			return err
		}
		if len(entries) > 0 {
			f.own = guidText(entries[0].GetEqualFoldRawAttributeValue(guid))
			return nil
		}
	}
	return nil
}

// Attributes gives what people can have in this domain, and the groups where the
// connection names some.
func (d *domain) Attributes(ctx context.Context) ([]core.Attribute, error) {
	f, err := d.facts(ctx)
	if err != nil {
		return nil, err
	}
	return slices.Clone(f.attributes), nil
}

func (d *domain) branches() []string { return covering(d.base, d.creation, d.leavers) }

var _ core.Follower = (*domain)(nil)

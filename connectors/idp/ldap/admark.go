package ldap

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"rollcall/core"
)

// mark is a place in the history of a domain controller.
type mark struct {
	history
	USN int64 `json:"usn"` // no change up to here is later than the mark
}

// history says whose update sequence numbers count, and what else decides how accounts
// are shown while they themselves stay as they are. It is the same for two readings, or
// one does not go on from the other.
type history struct {
	Controller string `json:"controller"` // dnsHostName: each controller counts by itself
	Service    string `json:"service"`    // dsServiceName, its settings
	Invocation string `json:"invocation"` // another one after its database came from a backup; "" where it is not shown
	Rights     string `json:"rights"`     // in which groups Rollcall's account is, as a hash
	Own        string `json:"own"`        // its objectGUID: it is protected
	Zone       string `json:"zone"`       // of this computer's clock, by which last days are shown
}

// parseMark reads a mark back; ok is false for what is none.
func parseMark(text string) (m mark, ok bool) {
	err := json.Unmarshal([]byte(text), &m)
	return m, err == nil && m.Service != "" && m.USN >= 0
}

// Mark gives the highest update sequence number that the domain controller has used
// (MS-ADTS §3.1.1.3.2.17), with what it counts for. It gives "" where the connection does
// not name one controller: behind the name of the domain each sign-in may meet another
// one, which knows of a change later than the one that gave the mark.
//
// DirSync (MS-ADTS §3.1.1.3.4.1.3) would tell deletions too, but wants a right that an
// ordinary account lacks, or leaves out what the account may not see without saying so,
// and reads the whole naming context whatever the branches are.
func (d *domain) Mark(ctx context.Context) (string, error) {
	f, err := d.facts(ctx)
	if err != nil {
		return "", err
	}
	m, err := d.present(ctx, f)
	if err != nil || !d.namesOne(m.Controller) {
		return "", err
	}
	text, err := json.Marshal(m)
	return string(text), err
}

// namesOne says that all connections reach that controller.
func (d *domain) namesOne(controller string) bool {
	host := d.session.host
	return net.ParseIP(host) != nil || controller != "" && strings.EqualFold(strings.TrimSuffix(host, "."), controller)
}

// present gives the place at which the history is now.
func (d *domain) present(ctx context.Context, f *facts) (mark, error) {
	root, err := d.session.entry(ctx, "", []string{"dnsHostName", "dsServiceName", "highestCommittedUSN", "tokenGroups"})
	if err != nil {
		return mark{}, err
	}
	m := mark{history: history{Controller: strings.ToLower(root.GetEqualFoldAttributeValue("dnsHostName")), Service: root.GetEqualFoldAttributeValue("dsServiceName"),
		Rights: fingerprint(root.GetEqualFoldRawAttributeValues("tokenGroups")), Own: f.own, Zone: zoneOf(d.now())}}
	if m.USN, err = strconv.ParseInt(root.GetEqualFoldAttributeValue("highestCommittedUSN"), 10, 64); err != nil || m.Service == "" {
		return mark{}, &core.Problem{Code: core.Unsupported, Cause: err, What: fmt.Sprintf("%s does not tell how far its history has come (highestCommittedUSN).", d.session.host), Fix: "Nothing has to be done: the accounts are read in whole."}
	}
	settings, err := d.session.entry(ctx, m.Service, []string{"invocationId"})
	if err != nil {
		return m, leaveOut(err)
	}
	m.Invocation = guidText(settings.GetEqualFoldRawAttributeValue("invocationId"))
	return m, nil
}

// logonSID begins the ids that Windows gives to one sign-in (S-1-5-5-X-Y, MS-DTYP §2.4.2.4).
var logonSID = []byte{1, 3, 0, 0, 0, 0, 0, 5, 5, 0, 0, 0}

// fingerprint gives a hash of what an account is and is in: of its own id and its groups'.
func fingerprint(sids [][]byte) string {
	sids = slices.DeleteFunc(slices.Clone(sids), func(s []byte) bool { return bytes.HasPrefix(s, logonSID) })
	slices.SortFunc(sids, bytes.Compare)
	sum := sha256.Sum256(bytes.Join(slices.CompactFunc(sids, bytes.Equal), nil))
	return hex.EncodeToString(sum[:])
}

// zoneOf tells time zones apart, and is the same in summer and winter.
func zoneOf(now time.Time) string {
	_, january := time.Date(now.Year(), time.January, 1, 0, 0, 0, 0, now.Location()).Zone()
	_, july := time.Date(now.Year(), time.July, 1, 0, 0, 0, 0, now.Location()).Zone()
	return fmt.Sprintf("%d %d", january, july)
}

// stale says that a mark is of no use.
func stale(format string, args ...any) error {
	return &core.Problem{Code: core.Stale, What: fmt.Sprintf(format, args...), Fix: "Read the accounts in whole."}
}

// sinceMark finds the former reading's mark in the history, and gives its number.
func (d *domain) sinceMark(ctx context.Context, f *facts, text string) (int64, error) {
	was, ok := parseMark(text)
	if !ok {
		return 0, stale("The kept place in the history of %s cannot be read.", d.session.host)
	}
	now, err := d.present(ctx, f)
	if err != nil {
		return 0, err
	}
	if was.history != now.history || was.USN > now.USN {
		return 0, stale("The kept place in the history of %s is of another domain controller, or from before a backup, other rights or another time zone.", d.session.host)
	}
	changed, err := d.search(ctx, f.schema, ldap.ScopeWholeSubtree, fmt.Sprintf("(&(objectClass=attributeSchema)(uSNChanged>=%d))", was.USN+1), []string{"1.1"})
	if len(changed) > 0 || core.HasCode(err, core.Incomplete) {
		return 0, stale("The schema of %s was changed, and with it who may see what.", d.session.host)
	}
	return was.USN, err
}

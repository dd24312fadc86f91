package servers

import (
	"crypto/tls"
	"crypto/x509"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

//go:embed testdata/smb.conf
var sambaConf string

//go:embed testdata/provision.py
var sambaProvision []byte

// Domain is a domain controller that speaks Active Directory's protocol (Samba). It
// holds nobody but its administrator and is empty otherwise.
type Domain struct {
	Host          string // an address of this computer; ports are 389 (with StartTLS) and 636
	CAFile        string // PEM file of the authority that signed its certificate
	BaseDN        string
	Administrator string // may do everything; a user principal name
	Password      string

	life io.Closer // while it is open the server runs
}

var domains sync.Map // what is on → func(testing.TB) Domain

// Samba gives a domain in which deleted accounts are gone.
func Samba(t testing.TB) Domain {
	t.Helper()
	return domain(t, "no recycle bin")
}

// SambaWithRecycleBin gives a domain in which deleted accounts can be brought back.
func SambaWithRecycleBin(t testing.TB) Domain {
	t.Helper()
	return domain(t, "recycle bin")
}

// domain gives the domain of that kind. It is made when it is first asked for, which
// takes about five seconds, and all tests of a package share it: it ends with them.
// LDAP of a domain controller has fixed ports, so each has an address of its own in
// 127.0.0.0/8, and has to be started by root: by this process or through sudo.
func domain(t testing.TB, bin string) Domain {
	t.Helper()
	from := "the Debian packages samba, samba-ad-provision and samba-dsdb-modules"
	program(t, "samba", from)
	if _, err := os.Stat("/usr/share/samba/setup/provision.ldif"); err != nil {
		absent(t, "This test needs %s.", from)
	}
	if os.Getuid() != 0 && exec.Command("sudo", "-n", "true").Run() != nil {
		absent(t, "This test needs root, or sudo without a password.")
	}
	var once sync.Once
	var made Domain
	get, _ := domains.LoadOrStore(bin, func(t testing.TB) Domain {
		once.Do(func() { made = startSamba(t, bin) })
		return made
	})
	d := get.(func(testing.TB) Domain)(t)
	if d.Host == "" {
		t.Fatal("the domain did not start; an earlier test says why")
	}
	return d
}

func startSamba(t testing.TB, bin string) Domain {
	t.Helper()
	folder, err := os.MkdirTemp("", "rollcall-samba-")
	if err != nil {
		t.Fatal(err)
	}
	for _, sub := range []string{"tls", "private", "state", "cache", "lock", "run"} {
		if err := os.Mkdir(filepath.Join(folder, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	address := fmt.Sprintf("127.%d.%d.%d", 64+rand.IntN(64), rand.IntN(256), 1+rand.IntN(254))
	certificates(t, filepath.Join(folder, "tls"), net.ParseIP(address))
	conf := strings.NewReplacer("{folder}", folder, "{address}", address).Replace(sambaConf)
	writeFile(t, filepath.Join(folder, "smb.conf"), []byte(conf))
	writeFile(t, filepath.Join(folder, "provision.py"), sambaProvision)
	d := Domain{Host: address, CAFile: filepath.Join(folder, "tls", "ca.crt"), BaseDN: "DC=corp,DC=example", Administrator: "administrator@corp.example", Password: "Adm1n-secret!"}
	if out, err := asRoot("/usr/bin/python3", filepath.Join(folder, "provision.py"), folder, d.Password, bin).CombinedOutput(); err != nil {
		t.Fatalf("provision: %v\n%s", err, out)
	}
	// Samba ends when its standard input does, and that ends with this process.
	run := asRoot("sh", "-c", `cat | samba --interactive --model=single --configfile="$1/smb.conf"; rm -rf "$1"`, "sh", folder)
	if d.life, err = run.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	await(t, net.JoinHostPort(address, "636"))
	return d
}

func asRoot(command ...string) *exec.Cmd {
	if os.Getuid() != 0 {
		command = append([]string{"sudo", "-n"}, command...)
	}
	return exec.Command(command[0], command[1:]...)
}

// Branch makes a branch of that name with the units Sales, Research and Development and
// Leavers, and the groups “<name> Readers” and “<name> Writers”. It gives its name.
func (d Domain) Branch(t testing.TB, name string) string {
	t.Helper()
	conn := d.Administer(t)
	top := "OU=" + name + "," + d.BaseDN
	for _, dn := range []string{top, "OU=Sales," + top, "OU=Research and Development," + top, "OU=Leavers," + top} {
		request := ldap.NewAddRequest(dn, nil)
		request.Attribute("objectClass", []string{"organizationalUnit"})
		if err := conn.Add(request); err != nil {
			t.Fatal(err)
		}
	}
	for _, g := range []string{"Readers", "Writers"} {
		request := ldap.NewAddRequest("CN="+name+" "+g+","+top, nil)
		request.Attribute("objectClass", []string{"group"})
		request.Attribute("sAMAccountName", []string{name + " " + g})
		if err := conn.Add(request); err != nil {
			t.Fatal(err)
		}
	}
	return top
}

// Delegate lets an account create, change and delete people below a branch, and set their
// passwords, as the wizard of Windows does.
func (d Domain) Delegate(t testing.TB, branch, account string) {
	t.Helper()
	conn := d.Administer(t)
	read := func(dn, attribute string, controls ...ldap.Control) []byte {
		found, err := conn.Search(ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", []string{attribute}, controls))
		if err != nil || len(found.Entries) != 1 {
			t.Fatalf("reading %s of %s: %v", attribute, dn, err)
		}
		return found.Entries[0].GetRawAttributeValue(attribute)
	}
	// Only the list of rights (MS-ADTS §3.1.1.3.4.1.11): 4 of owner, group, rights, audit.
	descriptor := read(branch, "nTSecurityDescriptor", ldap.NewControlString("1.2.840.113556.1.4.801", true, "\x30\x03\x02\x01\x04"))
	request := ldap.NewModifyRequest(branch, []ldap.Control{ldap.NewControlString("1.2.840.113556.1.4.801", true, "\x30\x03\x02\x01\x04")})
	request.Replace("nTSecurityDescriptor", []string{string(withDelegation(descriptor, read(account, "objectSid")))})
	if err := conn.Modify(request); err != nil {
		t.Fatal(err)
	}
}

// withDelegation puts three entries before those of a list of rights (MS-DTYP §2.4.4.3,
// §2.4.5, §2.4.6): create and delete users here, read and write all their properties
// below, and set their passwords.
func withDelegation(descriptor, sid []byte) []byte {
	const object, inherit, inheritOnly = 5, 2, 8
	user := []byte("\xba\x7a\x96\xbf\xe6\x0d\xd0\x11\xa2\x85\x00\xaa\x00\x30\x49\xe2")
	reset := []byte("\x70\x95\x29\x00\x6d\x24\xd0\x11\xa7\x68\x00\xaa\x00\x6e\x05\x29")
	entry := func(flags byte, mask, present uint32, types ...[]byte) []byte {
		e := binary.LittleEndian.AppendUint32([]byte{object, flags, 0, 0}, mask)
		e = append(binary.LittleEndian.AppendUint32(e, present), append(slices.Concat(types...), sid...)...)
		binary.LittleEndian.PutUint16(e[2:], uint16(len(e)))
		return e
	}
	added := slices.Concat(entry(inherit, 0x3, 1, user), entry(inherit|inheritOnly, 0x30, 2, user), entry(inherit|inheritOnly, 0x100, 3, reset, user))
	at := binary.LittleEndian.Uint32(descriptor[16:])
	list := slices.Clone(descriptor[at:])
	list = slices.Insert(list[:binary.LittleEndian.Uint16(list[2:])], 8, added...)
	list[0] = 4 // the kind of list that holds entries of objects
	binary.LittleEndian.PutUint16(list[2:], uint16(len(list)))
	binary.LittleEndian.PutUint16(list[4:], binary.LittleEndian.Uint16(list[4:])+3)
	head := slices.Clone(descriptor[:20])
	clear(head[4:]) // no owner, no group, no audit
	binary.LittleEndian.PutUint32(head[16:], 20)
	return append(head, list...)
}

// Administer connects as the administrator, until the test ends.
func (d Domain) Administer(t testing.TB) *ldap.Conn {
	t.Helper()
	pem, err := os.ReadFile(d.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	conn, err := ldap.DialURL("ldaps://"+d.Host, ldap.DialWithTLSConfig(&tls.Config{RootCAs: pool, ServerName: d.Host}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.Bind(d.Administrator, d.Password); err != nil {
		t.Fatal(err)
	}
	return conn
}

package servers

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	_ "embed"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

//go:embed testdata/slapd.conf
var slapdConf string

//go:embed testdata/seed.ldif
var seedLDIF string

// Directory is an OpenLDAP server with the people Ada Berg and Bo Lund under
// ou=people,dc=corp,dc=example, where uid, mail and employeeNumber are unique.
type Directory struct {
	Plain, TLS   int    // ports on 127.0.0.1; Plain also speaks StartTLS
	CAFile       string // PEM file of the authority that signed its certificate
	BaseDN       string
	BindDN       string // may read and write, except under ou=readonly
	BindPassword string
	RootDN       string // may do everything
	RootPassword string
}

// Slapd starts OpenLDAP with its usual people and these entries (LDIF texts) beside them.
func Slapd(t testing.TB, entries ...string) Directory {
	t.Helper()
	return slapd(t, slapdConf, entries)
}

// SlapdLoose is Slapd without the overlay that lets references follow a rename.
func SlapdLoose(t testing.TB, entries ...string) Directory {
	t.Helper()
	conf := strings.Replace(slapdConf, "overlay refint\nrefint_attributes manager\n", "", 1)
	if conf == slapdConf {
		t.Fatal("slapd.conf no longer names the refint overlay")
	}
	return slapd(t, conf, entries)
}

// SlapdWithSmallPages is Slapd that gives ten entries at once and in a page.
func SlapdWithSmallPages(t testing.TB, entries ...string) Directory {
	t.Helper()
	return slapd(t, strings.Replace(slapdConf, "sizelimit size.soft=500 size.hard=unlimited size.pr=500", "sizelimit size.soft=10 size.hard=unlimited size.pr=10", 1), entries)
}

// SlapdWithoutPolicies is Slapd without the overlay that locks accounts.
func SlapdWithoutPolicies(t testing.TB) Directory {
	t.Helper()
	conf := strings.NewReplacer("moduleload ppolicy\n", "", "overlay ppolicy\nppolicy_default \"cn=default,ou=policies,dc=corp,dc=example\"\n", "").Replace(slapdConf)
	before, _, _ := strings.Cut(seedLDIF, "dn: cn=default")
	_, after, _ := strings.Cut(seedLDIF, "dn: uid=sync")
	return slapdSeeded(t, conf, before+"dn: uid=sync"+after)
}

// SlapdLike389 is Slapd that knows its entries as 389 Directory Server does where its
// plugin for entryUUID is off: Ada is ns-ada and Bo is ns-bo. It locks by nsAccountLock.
func SlapdLike389(t testing.TB) Directory {
	t.Helper()
	conf := strings.NewReplacer("moduleload ppolicy\n", "", "overlay ppolicy\nppolicy_default \"cn=default,ou=policies,dc=corp,dc=example\"\n", "",
		"modulepath ", like389+"modulepath ", "access to attrs=userPassword", "access to attrs=entryUUID by * none\naccess to attrs=userPassword").Replace(slapdConf)
	before, _, _ := strings.Cut(seedLDIF, "dn: cn=default")
	_, after, _ := strings.Cut(seedLDIF, "dn: uid=sync")
	known := func(class, name, id string) []string {
		return []string{"objectClass: " + class + "\n" + name + "\n", "objectClass: " + class + "\nobjectClass: nsEntry\n" + name + "\nnsUniqueId: " + id + "\n"}
	}
	seed := strings.NewReplacer(slices.Concat(known("organizationalUnit", "ou: people", "ns-people"),
		known("inetOrgPerson", "uid: ada.berg", "ns-ada"), known("inetOrgPerson", "uid: bo.lund", "ns-bo"))...).Replace(before + "dn: uid=sync" + after)
	return slapdSeeded(t, conf, seed)
}

const like389 = `attributetype ( 2.16.840.1.113730.3.1.542 NAME 'nsUniqueId' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 2.16.840.1.113730.3.1.610 NAME 'nsAccountLock' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
objectclass ( 1.3.6.1.4.1.4203.666.11.389 NAME 'nsEntry' SUP top AUXILIARY MAY ( nsUniqueId $ nsAccountLock ) )
`

func slapd(t testing.TB, conf string, entries []string) Directory {
	t.Helper()
	return slapdSeeded(t, conf, strings.Join(append([]string{seedLDIF}, entries...), "\n"))
}

func slapdSeeded(t testing.TB, conf, seed string) Directory {
	t.Helper()
	server, add := program(t, "slapd", "the Debian package slapd"), program(t, "slapadd", "the Debian package slapd")
	folder := t.TempDir()
	for _, sub := range []string{"db", "tls"} {
		if err := os.Mkdir(filepath.Join(folder, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	certificates(t, filepath.Join(folder, "tls"), net.IPv4(127, 0, 0, 1))
	writeFile(t, filepath.Join(folder, "slapd.conf"), []byte(conf))
	writeFile(t, filepath.Join(folder, "seed.ldif"), []byte(seed))
	fill := exec.Command(add, "-q", "-f", "slapd.conf", "-l", "seed.ldif")
	fill.Dir = folder
	if out, err := fill.CombinedOutput(); err != nil {
		t.Fatalf("slapadd: %v\n%s", err, out)
	}
	d := Directory{Plain: FreePort(t), TLS: FreePort(t), CAFile: filepath.Join(folder, "tls", "ca.crt"),
		BaseDN: "ou=people,dc=corp,dc=example", BindDN: "uid=sync,dc=corp,dc=example", BindPassword: "sync-secret",
		RootDN: "cn=admin,dc=corp,dc=example", RootPassword: "admin-secret"}
	run := exec.Command(server, "-f", "slapd.conf", "-h", fmt.Sprintf("ldap://127.0.0.1:%d ldaps://127.0.0.1:%d", d.Plain, d.TLS), "-d", "0")
	run.Dir = folder
	start(t, run)
	awaitPort(t, d.TLS)
	return d
}

// People makes the LDIF of so many people, numbered from that number on.
func People(from, count int) string {
	var b strings.Builder
	for n := from; n < from+count; n++ {
		fmt.Fprintf(&b, "dn: uid=person.%[1]d,ou=people,dc=corp,dc=example\nobjectClass: inetOrgPerson\nuid: person.%[1]d\ncn: Person %[1]d\nsn: %[1]d\nmail: person.%[1]d@corp.example\nemployeeNumber: %[1]d\n\n", n)
	}
	return b.String()
}

// certificates makes an authority and a certificate of localhost and that address.
func certificates(t testing.TB, folder string, address net.IP) {
	t.Helper()
	caKey, serverKey := key(t), key(t)
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{address}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		NotBefore: ca.NotBefore, NotAfter: ca.NotAfter}
	writeFile(t, filepath.Join(folder, "ca.crt"), certificate(t, ca, ca, &caKey.PublicKey, caKey))
	writeFile(t, filepath.Join(folder, "server.crt"), certificate(t, leaf, ca, &serverKey.PublicKey, caKey))
	der, err := x509.MarshalPKCS8PrivateKey(serverKey)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(folder, "server.key"), block("PRIVATE KEY", der))
}

func key(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func certificate(t testing.TB, c, parent *x509.Certificate, public *ecdsa.PublicKey, signer *ecdsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, c, parent, public, signer)
	if err != nil {
		t.Fatal(err)
	}
	return block("CERTIFICATE", der)
}

func block(kind string, der []byte) []byte {
	var b bytes.Buffer
	_ = pem.Encode(&b, &pem.Block{Type: kind, Bytes: der}) // a buffer takes everything
	return b.Bytes()
}

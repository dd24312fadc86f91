package keyfile

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"rollcall/core"
)

// pair is a certificate with its key, and the authority that signed it.
type pair struct {
	key             crypto.Signer
	leaf, authority *x509.Certificate
}

func made(t testing.TB, key crypto.Signer) pair {
	t.Helper()
	above, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	root := sign(t, "Authority", nil, above.Public(), above)
	return pair{key, sign(t, "Rollcall", root, key.Public(), above), root}
}

func sign(t testing.TB, name string, parent *x509.Certificate, public crypto.PublicKey, by crypto.Signer) *x509.Certificate {
	t.Helper()
	about := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour), IsCA: parent == nil, BasicConstraintsValid: true}
	if parent == nil {
		parent = about
	}
	der, err := x509.CreateCertificate(rand.Reader, about, parent, public, by)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ecKey(t testing.TB) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func rsaKey(t testing.TB) crypto.Signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (p pair) pfx(t testing.TB, how *pkcs12.Encoder, password string) []byte {
	t.Helper()
	data, err := how.Encode(p.key, p.leaf, []*x509.Certificate{p.authority}, password)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func (p pair) keyDER(t testing.TB) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// belongs checks that certificate and key are of use together, and that the chain came along.
func (p pair) belongs(t *testing.T, held core.KeyFile, chain int) {
	t.Helper()
	both, err := tls.X509KeyPair([]byte(held.Certificate.Reveal()), []byte(held.Key.Reveal()))
	if err != nil {
		t.Fatal(err)
	}
	if len(both.Certificate) != chain || !slices.Equal(both.Certificate[0], p.leaf.Raw) {
		t.Errorf("%d certificates, of which the first is not the key's", len(both.Certificate))
	}
}

func TestPFXIsReadWhicheverProgramMadeIt(t *testing.T) {
	for name, key := range map[string]crypto.Signer{"RSA": rsaKey(t), "EC": ecKey(t)} {
		p := made(t, key)
		for kind, how := range map[string]*pkcs12.Encoder{"as of today": pkcs12.Modern, "as Windows wrote it": pkcs12.LegacyDES, "as old programs wrote it": pkcs12.LegacyRC2} {
			t.Run(name+" "+kind, func(t *testing.T) {
				held, err := Read("app.pfx", p.pfx(t, how, "Grüße 密"), "Grüße 密")
				if err != nil {
					t.Fatal(err)
				}
				p.belongs(t, held, 2)
			})
		}
	}
}

func TestPasswordIsAskedForOnlyWhereThereIsOne(t *testing.T) {
	p := made(t, ecKey(t))
	locked := p.pfx(t, pkcs12.Modern, "made up")
	for name, c := range map[string]struct {
		data     []byte
		password core.Secret
		code     core.Code
		says     string
	}{
		"none, and none given":   {p.pfx(t, pkcs12.Passwordless, ""), "", "", ""},
		"an empty one":           {p.pfx(t, pkcs12.Modern, ""), "", "", ""},
		"one, and none given":    {locked, "", core.BadCredentials, "app.pfx is protected by a password."},
		"one, and another given": {locked, "secret guess", core.BadCredentials, "This is not the password of app.pfx."},
		"one, cut off":           {locked[:len(locked)-9], "made up", core.BadOption, "app.pfx holds no certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read("app.pfx", c.data, c.password)
			if c.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if problem := core.AsProblem(err); problem == nil || problem.Code != c.code || !strings.HasPrefix(problem.What, c.says) || strings.Contains(problem.Error(), "guess") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestPFXThatWouldTakeForEverIsRefused(t *testing.T) {
	p := made(t, ecKey(t))
	for name, how := range map[string]*pkcs12.Encoder{"of today": pkcs12.Modern, "of Windows": pkcs12.LegacyDES} {
		data := p.pfx(t, how.WithIterations(0x010203), "x")
		if got := rounds(data, 0); got != 3*0x010203 {
			t.Errorf("%s: %d rounds", name, got)
		}
		slow := bytes.ReplaceAll(data, []byte{2, 3, 1, 2, 3}, []byte{2, 3, 0x7f, 2, 3})
		if _, err := Read("app.pfx", slow, "x"); !core.HasCode(err, core.BadOption) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPEMIsReadInAnyOrder(t *testing.T) {
	p := made(t, rsaKey(t))
	leaf, root, key := block("CERTIFICATE", p.leaf.Raw), block("CERTIFICATE", p.authority.Raw), block("PRIVATE KEY", p.keyDER(t))
	old := block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(p.key.(*rsa.PrivateKey)))
	for name, text := range map[string]string{
		"key first":            key + leaf + root,
		"authority first":      root + leaf + key,
		"with remarks":         "Bag Attributes\r\n    localKeyID: 01\r\n" + strings.ReplaceAll(leaf+"subject=CN=x\n"+key+root, "\n", "\r\n"),
		"the older form":       leaf + root + old,
		"a byte order mark":    "\ufeff" + leaf + root + key,
		"with EC parameters":   block("EC PARAMETERS", []byte{6, 1, 0}) + leaf + root + key,
		"a second key is left": leaf + root + key + old,
	} {
		t.Run(name, func(t *testing.T) {
			held, err := Read("app.pem", []byte(text), "")
			if err != nil {
				t.Fatal(err)
			}
			p.belongs(t, held, 2)
			if strings.Contains(held.Certificate.Reveal()+held.Key.Reveal(), "localKeyID") {
				t.Error("the remarks were kept")
			}
		})
	}
}

func TestPartOfAPairIsReadAlone(t *testing.T) {
	p := made(t, ecKey(t))
	der, err := x509.MarshalECPrivateKey(p.key.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"app.crt": p.leaf.Raw, "app.pem": []byte(block("CERTIFICATE", p.leaf.Raw))} {
		if held, err := Read(name, data, ""); err != nil || held.Certificate == "" || held.Key != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if held, err := Read("app.key", []byte(block("EC PRIVATE KEY", der)), ""); err != nil || held.Certificate != "" || held.Key == "" {
		t.Errorf("a key: %v", err)
	}
}

func TestFileThatIsNoneOfTheseIsToldWithWhatToDo(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		says string
	}{
		"empty":                  {"", "holds no certificate or private key"},
		"something else":         {"Dear Sir or Madam", "holds no certificate or private key"},
		"another block":          {block("PUBLIC KEY", []byte{1}), "holds no certificate or private key"},
		"a broken certificate":   {block("CERTIFICATE", []byte{1}), "holds no certificate or private key"},
		"a locked key":           {block("ENCRYPTED PRIVATE KEY", []byte{1}), "is protected by a password"},
		"a locked key, long ago": {"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n", "is protected by a password"},
		"far too long":           {strings.Repeat("-----BEGIN ", Largest), "holds no certificate or private key"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "letter.pem")
			if err := os.WriteFile(path, []byte(c.data), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Open(path, "")
			if problem := core.AsProblem(err); problem == nil || problem.Code != core.BadOption || !strings.Contains(problem.What, c.says) || !strings.Contains(problem.What, "letter.pem") || problem.Fix == "" {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := Open(filepath.Join(t.TempDir(), "absent.pfx"), ""); !core.HasCode(err, core.NotFound) {
		t.Errorf("absent: %v", err)
	}
}

func FuzzFileIsReadOrRefused(f *testing.F) {
	p := made(f, ecKey(f))
	f.Add(p.pfx(f, pkcs12.Modern.WithIterations(1), ""))
	f.Add(p.pfx(f, pkcs12.Passwordless, ""))
	f.Add([]byte(block("CERTIFICATE", p.leaf.Raw) + block("PRIVATE KEY", p.keyDER(f))))
	f.Add(p.leaf.Raw)
	f.Fuzz(func(t *testing.T, data []byte) {
		held, err := Read("app.pfx", data, "")
		if problem := core.AsProblem(err); err != nil && (problem.Code == core.Internal || problem.Fix == "") {
			t.Errorf("a problem that says nothing: %v", err)
		}
		if err != nil {
			return
		}
		again, err := Read("app.pem", []byte(held.Certificate+held.Key), "")
		if err != nil || again.Key != held.Key {
			t.Errorf("what was read cannot be read again: %v", err)
		}
	})
}

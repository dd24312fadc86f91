package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"rollcall/connectors"
	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
	"rollcall/core"
)

// pfx writes the certificate and key of the emulator's application as a company has them.
func pfx(t *testing.T, options map[string]string, password string) string {
	t.Helper()
	block := func(id string) []byte {
		b, _ := pem.Decode([]byte(options[id]))
		if b == nil {
			t.Fatalf("%s of the emulator is no PEM", id)
		}
		return b.Bytes
	}
	certificate, err := x509.ParseCertificate(block("certificate"))
	must(t, err)
	var key any
	if key, err = x509.ParsePKCS8PrivateKey(block("privateKey")); err != nil {
		key, err = x509.ParsePKCS1PrivateKey(block("privateKey"))
	}
	must(t, err)
	data, err := pkcs12.Modern.Encode(key, certificate, nil, password)
	must(t, err)
	path := filepath.Join(t.TempDir(), "app.pfx")
	must(t, os.WriteFile(path, data, 0o600))
	return path
}

// typist types passwords, one after the other.
type typist struct {
	passwords []core.Secret
	asked     []string
}

func (y *typist) ask(_ context.Context, question string) (core.Secret, error) {
	y.asked = append(y.asked, question)
	if len(y.passwords) == 0 {
		return "", errors.New("no terminal")
	}
	next := y.passwords[0]
	y.passwords = y.passwords[1:]
	return next, nil
}

func TestCertificateIsTakenFromAFile(t *testing.T) {
	server, err := emulate.Start("entraid", emulate.Setup{Way: "certificate", Writing: wire.Writing{Empty: true}})
	must(t, err)
	t.Cleanup(server.Close)
	file := pfx(t, server.Options, "made up")
	for name, c := range map[string]struct {
		options map[string]any
		typed   []core.Secret
		code    int
		asked   int
		says    string
	}{
		"the password is typed":            {map[string]any{"certificate": "@" + file}, []core.Secret{"made up"}, exitDone, 1, "Kept as"},
		"after a wrong one":                {map[string]any{"privateKey": "@" + file}, []core.Secret{"guess", "made up"}, exitDone, 2, "Kept as"},
		"once for both":                    {map[string]any{"certificate": "@" + file, "privateKey": "@" + file}, []core.Secret{"made up"}, exitDone, 1, "Kept as"},
		"the password stands there":        {map[string]any{"certificate": map[string]any{"file": file, "password": "made up"}}, nil, exitDone, 0, "Kept as"},
		"a wrong one stands there":         {map[string]any{"certificate": map[string]any{"file": file, "password": "guess"}}, nil, exitError, 0, "This is not the password of app.pfx."},
		"three wrong ones are typed":       {map[string]any{"certificate": "@" + file}, []core.Secret{"a", "b", "c", "made up"}, exitError, 3, "This is not the password of app.pfx."},
		"nobody can be asked":              {map[string]any{"certificate": "@" + file}, nil, exitError, 1, "There is no terminal to ask for it."},
		"it is not there":                  {map[string]any{"certificate": "@absent.pfx"}, nil, exitError, 0, "The file absent.pfx cannot be read."},
		"another question names no file":   {map[string]any{"tenantId": "@" + file, "certificate": server.Options["certificate"], "privateKey": server.Options["privateKey"]}, nil, exitError, 0, "Tenant ID"},
		"what was answered is not changed": {map[string]any{"certificate": map[string]any{"file": file, "password": "made up"}, "privateKey": "none"}, nil, exitError, 0, "private key, cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			home(t)
			options := map[string]any{"auth": "certificate", "tenantId": server.Options["tenantId"], "clientId": server.Options["clientId"]}
			for id, v := range c.options {
				options[id] = v
			}
			b, err := json.Marshal(options)
			must(t, err)
			y := &typist{passwords: c.typed}
			var out, errs bytes.Buffer
			code := run(t.Context(), []string{"connect", "Entra", "entraid", "--base-url", server.URL, "--options", "-", "--check"}, streams{In: bytes.NewReader(b), Out: &out, ErrOut: &errs, Secret: y.ask})
			if code != c.code || len(y.asked) != c.asked {
				t.Errorf("exit code %d; asked %q\n%s%s", code, y.asked, &out, &errs)
			}
			s := said{code, out.String(), errs.String()}
			s.has(t, c.says)
			for _, secret := range []string{"made up", "guess", "PRIVATE KEY"} {
				if strings.Contains(s.out+s.err+strings.Join(y.asked, ""), secret) {
					t.Errorf("%q was said", secret)
				}
			}
		})
	}
}

func TestFileWithoutWhatIsAskedIsToldSo(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	must(t, err)
	file := put(t, filepath.Join(t.TempDir(), "app.crt"), string(der))
	spec, err := connectors.All().Spec("okta")
	must(t, err)
	_, err = (&job{Context: t.Context()}).keyFiles().answers(spec, map[string]any{"privateKey": "@" + file})
	if p := core.AsProblem(err); p == nil || p.Code != core.BadOption || p.What != "app.crt holds no private key." {
		t.Errorf("got %v", err)
	}
}

func TestTerminalIsAskedOnlyWhereThereIsOne(t *testing.T) {
	in, out, err := os.Pipe()
	must(t, err)
	_, err = out.WriteString("made up\n")
	must(t, err)
	if isTerminal(in) {
		t.Error("a pipe is a terminal")
	}
	if _, err := hiddenLine(t.Context(), int(in.Fd())); err == nil {
		t.Error("a pipe hides what is typed")
	}
}

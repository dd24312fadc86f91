// Package keyfile reads the files in which people have a certificate and its private key:
// PEM, a bare certificate, or PFX (PKCS #12) with a password. It exists so that nobody has
// to turn one into another by hand, and so that all systems take the same files.
package keyfile

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"

	"software.sslmate.com/src/go-pkcs12"

	"rollcall/core"
)

// Largest is how long a file may be; a chain of certificates is a few thousand bytes.
const Largest = 1 << 20

// Open reads a file by its path; see Read.
func Open(path string, password core.Secret) (core.KeyFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return core.KeyFile{}, unread(path, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, Largest+1))
	if err != nil {
		return core.KeyFile{}, unread(path, err)
	}
	return Read(filepath.Base(path), data, password)
}

func unread(path string, cause error) error {
	return &core.Problem{Code: core.NotFound, Cause: cause, What: fmt.Sprintf("The file %s cannot be read.", filepath.Base(path)), Fix: "Check that it is there and that you may read it."}
}

// Read gives what a file holds, as PEM: the certificate first that belongs to the key, then
// those that sign it; the key without a password. The password is that of a PFX file; where
// it is missing or wrong the problem is of code BadCredentials, so that it can be asked for
// again. All other problems are of code BadOption. The name is for the sentences.
func Read(name string, data []byte, password core.Secret) (core.KeyFile, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	switch {
	case len(data) > Largest:
		return core.KeyFile{}, unusable(name, nil)
	case bytes.Contains(data, []byte("-----BEGIN ")):
		return readPEM(name, data)
	}
	if c, err := x509.ParseCertificate(data); err == nil {
		return core.KeyFile{Certificate: certificates(c)}, nil
	}
	return readPFX(name, data, password)
}

func unusable(name string, cause error) error {
	return &core.Problem{Code: core.BadOption, Cause: cause, What: fmt.Sprintf("%s holds no certificate or private key that Rollcall can read.", name),
		Fix: "Choose a PFX file (.pfx or .p12) with one certificate and its private key, or a PEM file (.pem, .crt or .key)."}
}

func readPFX(name string, data []byte, password core.Secret) (core.KeyFile, error) {
	if rounds(data, 0) > mostRounds {
		return core.KeyFile{}, unusable(name, errors.New("its password would take too long to try"))
	}
	key, leaf, chain, err := pkcs12.DecodeChain(data, password.Reveal())
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword) && password == "":
		return core.KeyFile{}, &core.Problem{Code: core.BadCredentials, What: fmt.Sprintf("%s is protected by a password.", name), Fix: "Enter the password with which the file was made."}
	case errors.Is(err, pkcs12.ErrIncorrectPassword):
		return core.KeyFile{}, &core.Problem{Code: core.BadCredentials, What: fmt.Sprintf("This is not the password of %s.", name), Fix: "Enter the password with which the file was made; whoever made it knows it."}
	case err != nil:
		return core.KeyFile{}, unusable(name, err)
	}
	plain, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return core.KeyFile{}, unusable(name, err)
	}
	return core.KeyFile{Certificate: certificates(append([]*x509.Certificate{leaf}, chain...)...), Key: text("PRIVATE KEY", plain)}, nil
}

// mostRounds is how often a file may want its password hashed: some seconds of work. The
// strictest programs ask for a million, and a broken file for any number.
const mostRounds = 5_000_000

// rounds adds up how often a file wants its password hashed. In all its forms that is the
// number which follows a salt.
func rounds(der []byte, deep int) (sum int64) {
	var one, before asn1.RawValue
	for len(der) > 0 && deep < 32 {
		rest, err := asn1.Unmarshal(der, &one)
		if err != nil {
			return sum
		}
		universal := one.Class == asn1.ClassUniversal
		switch {
		case one.IsCompound, universal && one.Tag == asn1.TagOctetString:
			sum += rounds(one.Bytes, deep+1)
		case universal && one.Tag == asn1.TagInteger && before.Tag == asn1.TagOctetString && before.Class == asn1.ClassUniversal:
			n := new(big.Int).SetBytes(one.Bytes)
			if !n.IsInt64() || n.Int64() > mostRounds {
				return mostRounds + 1
			}
			sum += n.Int64()
		}
		if sum > mostRounds {
			return sum
		}
		der, before = rest, one
	}
	return sum
}

func text(kind string, der []byte) core.Secret {
	return core.Secret(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func certificates(all ...*x509.Certificate) core.Secret {
	var texts core.Secret
	for _, c := range all {
		texts += text("CERTIFICATE", c.Raw)
	}
	return texts
}

// readPEM takes what is of use out of the blocks, without the remarks that some programs
// write between them.
func readPEM(name string, data []byte) (core.KeyFile, error) {
	var found core.KeyFile
	var all []*x509.Certificate
	var key crypto.PrivateKey
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY", block.Headers["DEK-Info"] != "":
			return core.KeyFile{}, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("The private key in %s is protected by a password.", name),
				Fix: "Choose a PFX file instead, whose password Rollcall asks for, or write the key without one: “openssl pkey -in key.pem -out plain.pem”."}
		case block.Type == "CERTIFICATE":
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return core.KeyFile{}, unusable(name, err)
			}
			all = append(all, c)
		case key == nil:
			if key = parsed(block); key != nil {
				found.Key = text(block.Type, block.Bytes)
			}
		}
	}
	first(all, key)
	found.Certificate = certificates(all...)
	if found == (core.KeyFile{}) {
		return found, unusable(name, nil)
	}
	return found, nil
}

// parsed gives the key of a block, or nil.
func parsed(block *pem.Block) crypto.PrivateKey {
	var key crypto.PrivateKey
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	}
	if err != nil {
		return nil
	}
	return key
}

// first brings the certificate forward that belongs to the key.
func first(all []*x509.Certificate, key crypto.PrivateKey) {
	signer, can := key.(crypto.Signer)
	if !can {
		return
	}
	public, can := signer.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !can {
		return
	}
	slices.SortStableFunc(all, func(a, b *x509.Certificate) int {
		return rank(public.Equal(b.PublicKey)) - rank(public.Equal(a.PublicKey))
	})
}

func rank(own bool) int {
	if own {
		return 1
	}
	return 0
}

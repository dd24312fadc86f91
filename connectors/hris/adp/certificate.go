package adp

import (
	"crypto/tls"
	"crypto/x509"
	"os"

	"software.sslmate.com/src/go-pkcs12"

	"rollcall/core"
)

// certificateOf reads the client's certificate and its key from what was answered.
func certificateOf(a core.Answers) (tls.Certificate, error) {
	if a.Get("certificateForm") == "pkcs12" {
		return fromFile(a.Get("pkcs12File"), a.Get("pkcs12Password"))
	}
	made, err := tls.X509KeyPair([]byte(a.Get("certificate")), []byte(a.Get("privateKey")))
	if err != nil {
		return tls.Certificate{}, &core.Problem{Code: core.BadOption, What: "The client certificate for ADP Workforce Now and its private key cannot be used together.",
			Fix: "Paste both whole, with their lines BEGIN and END; the key has to be the one that the certificate was asked for with, and without a password."}
	}
	return made, nil
}

func fromFile(file, password string) (tls.Certificate, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return tls.Certificate{}, &core.Problem{Code: core.BadOption, Cause: err, What: "The certificate file for ADP Workforce Now cannot be read.",
			Fix: "Check that it is there and that you may read it."}
	}
	key, leaf, chain, err := pkcs12.DecodeChain(data, password)
	if err != nil {
		return tls.Certificate{}, &core.Problem{Code: core.BadOption, What: "The certificate file for ADP Workforce Now cannot be opened.",
			Fix: "Check the password, and that it is a PKCS #12 file (.p12 or .pfx) with a certificate and its private key."}
	}
	made := tls.Certificate{PrivateKey: key, Leaf: leaf}
	for _, one := range append([]*x509.Certificate{leaf}, chain...) {
		made.Certificate = append(made.Certificate, one.Raw)
	}
	return made, nil
}

package adp

import (
	"crypto/tls"

	"rollcall/connectors/keyfile"
	"rollcall/core"
)

// certificateOf reads the client's certificate and its key from what was answered.
func certificateOf(a core.Answers) (tls.Certificate, error) {
	if a.Get("certificateForm") == "pkcs12" {
		return fromFile(a.Get("pkcs12File"), a["pkcs12Password"])
	}
	return pair(a["certificate"], a["privateKey"])
}

func pair(certificate, key core.Secret) (tls.Certificate, error) {
	made, err := tls.X509KeyPair([]byte(certificate.Reveal()), []byte(key.Reveal()))
	if err != nil {
		return tls.Certificate{}, &core.Problem{Code: core.BadOption, What: "The client certificate for ADP Workforce Now and its private key cannot be used together.",
			Fix: "Choose a file that holds both, or paste both whole, with their lines BEGIN and END; the key has to be the one that the certificate was asked for with, and without a password."}
	}
	return made, nil
}

func fromFile(file string, password core.Secret) (tls.Certificate, error) {
	held, err := keyfile.Open(file, password)
	if err != nil {
		p := *core.AsProblem(err)
		p.Code = core.BadOption // of the form, and no matter of ADP's
		return tls.Certificate{}, &p
	}
	return pair(held.Certificate, held.Key)
}

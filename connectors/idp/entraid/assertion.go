package entraid

import (
	"crypto/x509"
	"encoding/pem"
	"errors"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/golang-jwt/jwt/v5"

	"rollcall/core"
)

// readIdentity reads the certificate of an application and its key, both as PEM.
func readIdentity(certificate, key string) (confidential.Credential, error) {
	id, err := identityOf(certificate, key)
	if err != nil {
		return confidential.Credential{}, &core.Problem{Code: core.BadOption, What: "The certificate of the application in Microsoft Entra ID, or its private key, cannot be read.", Cause: err,
			Fix: "Give both as PEM, from -----BEGIN to the end of -----END-----; they must belong together, and the key must be RSA and have no password."}
	}
	return id, nil
}

func identityOf(certificate, key string) (id confidential.Credential, err error) {
	block, _ := pem.Decode([]byte(certificate))
	if block == nil {
		return id, errors.New("the certificate is no PEM")
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return id, errors.New("the certificate is none")
	}
	private, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(key))
	if err != nil {
		return id, errors.New("the key is none, or not RSA")
	}
	if !private.PublicKey.Equal(c.PublicKey) {
		return id, errors.New("the key is that of another certificate")
	}
	return confidential.NewCredFromCert([]*x509.Certificate{c}, private)
}

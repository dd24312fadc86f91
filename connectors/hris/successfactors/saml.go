package successfactors

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/url"
	"slices"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// assertions signs in as an OAuth client: a SAML assertion of our own is exchanged for a
// token. There is no refresh; another assertion is sent.
func assertions(a core.Answers) (rest.Signer, error) {
	key, certificates, err := keyOf(a["privateKey"])
	if err != nil {
		return nil, err
	}
	given := false
	return rest.Exchange(func(ctx context.Context, c *rest.Client) (rest.Token, error) {
		assertion, err := signed(a, key, certificates, time.Now()) // the vendor's clock is what counts
		if err != nil {
			return rest.Token{}, unusable(err)
		}
		form := url.Values{"company_id": {a.Get("companyId")}, "client_id": {a.Get("apiKey")},
			"grant_type": {"urn:ietf:params:oauth:grant-type:saml2-bearer"}, "assertion": {assertion}}
		if given { // the one that was given before was refused or has ended
			form.Set("new_token", "true")
		}
		var answer struct {
			Token   string      `json:"access_token"`
			Expires json.Number `json:"expires_in"`
		}
		if _, err := c.Do(ctx, "POST", "/oauth/token", nil, form, &answer, rest.Unsigned(), rest.Repeatable()); err != nil {
			if core.HasCode(err, core.Refused) {
				err = &core.Problem{Code: core.BadCredentials, Cause: err, What: vendor.Errors[401].What, Fix: vendor.Errors[401].Fix}
			}
			return rest.Token{}, err
		}
		given = true
		seconds, _ := answer.Expires.Int64() // none: its life is not known
		return rest.Lasting(answer.Token, int(seconds), c.Now(ctx)), nil
	}), nil
}

// keyOf reads the file of a key, which may hold the certificate too.
func keyOf(text core.Secret) (key crypto.Signer, certificates [][]byte, err error) {
	for rest := []byte(text.Reveal()); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		var parsed any
		switch block.Type {
		case "CERTIFICATE":
			certificates = append(certificates, block.Bytes)
			continue
		case "RSA PRIVATE KEY":
			parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
		case "PRIVATE KEY":
			parsed, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case "ENCRYPTED PRIVATE KEY":
			return nil, nil, &core.Problem{Code: core.BadOption, What: "The private key for SAP SuccessFactors is encrypted.",
				Fix: "Decrypt it first, for example with “openssl pkcs8 -in key.pem -out plain.pem”, and put the decrypted text into the connection."}
		}
		if err != nil {
			return nil, nil, unusable(err)
		}
		if rsaKey, ok := parsed.(*rsa.PrivateKey); ok {
			key = rsaKey
		}
	}
	if key == nil {
		return nil, nil, unusable(nil)
	}
	return key, certificates, nil
}

func unusable(err error) error {
	return &core.Problem{Code: core.BadOption, Cause: err, What: "The private key for SAP SuccessFactors cannot be used.",
		Fix: "Put the whole text of the downloaded file into the connection, with the line BEGIN PRIVATE KEY."}
}

// valid is how long an assertion holds, before and after it was made.
const valid = 10 * time.Minute

// signed makes the assertion that the API user is signing in, signed and in base64.
func signed(a core.Answers, key crypto.Signer, certificates [][]byte, now time.Time) (string, error) {
	assertion := assertionOf(a, now.UTC())
	signing, err := dsig.NewSigningContext(key, certificates)
	if err != nil {
		return "", err
	}
	signing.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	if err := signing.SetSignatureMethod(dsig.RSASHA256SignatureMethod); err != nil {
		return "", err
	}
	signature, err := signing.ConstructSignature(assertion, true)
	if err != nil {
		return "", err
	}
	if len(certificates) == 0 {
		signature.RemoveChild(signature.SelectElement("KeyInfo"))
	}
	assertion.InsertChildAt(1, signature) // after the issuer, where SAML wants it
	text, err := etree.NewDocumentWithRoot(assertion).WriteToBytes()
	return base64.StdEncoding.EncodeToString(text), err
}

func assertionOf(a core.Answers, now time.Time) *etree.Element {
	const party = "www.successfactors.com"
	stamp := func(t time.Time) string { return t.Format(time.RFC3339) }
	from, until := stamp(now.Add(-valid)), stamp(now.Add(valid))
	root := etree.NewElement("saml2:Assertion")
	add := func(parent *etree.Element, tag, text string, attributes ...string) *etree.Element {
		e := parent.CreateElement("saml2:" + tag)
		if text != "" {
			e.SetText(text)
		}
		for pair := range slices.Chunk(attributes, 2) {
			e.CreateAttr(pair[0], pair[1])
		}
		return e
	}
	for _, pair := range [][2]string{{"xmlns:saml2", "urn:oasis:names:tc:SAML:2.0:assertion"}, {"ID", "_" + rand.Text()}, {"IssueInstant", stamp(now)}, {"Version", "2.0"}} {
		root.CreateAttr(pair[0], pair[1])
	}
	add(root, "Issuer", party)
	subject := add(root, "Subject", "")
	add(subject, "NameID", a.Get("username"), "Format", "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified")
	confirmation := add(subject, "SubjectConfirmation", "", "Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer")
	add(confirmation, "SubjectConfirmationData", "", "NotOnOrAfter", until, "Recipient", "https://"+a.Get("apiServer")+"/oauth/token")
	conditions := add(root, "Conditions", "", "NotBefore", from, "NotOnOrAfter", until)
	add(add(conditions, "AudienceRestriction", ""), "Audience", party)
	statement := add(root, "AuthnStatement", "", "AuthnInstant", stamp(now), "SessionIndex", "_"+rand.Text())
	add(add(statement, "AuthnContext", ""), "AuthnContextClassRef", "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport")
	attributes := add(root, "AttributeStatement", "")
	add(add(attributes, "Attribute", "", "Name", "api_key"), "AttributeValue", a.Get("apiKey"))
	add(add(attributes, "Attribute", "", "Name", "use_username"), "AttributeValue", "true")
	return root
}

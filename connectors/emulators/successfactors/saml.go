package successfactors

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"
)

const (
	audience  = "www.successfactors.com"
	recipient = "https://" + apiServer + "/oauth/token"
	rsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	sha256URI = "http://www.w3.org/2001/04/xmlenc#sha256"
	exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
	inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
	skew      = time.Minute
)

// vouches tells whether an assertion speaks for the API user, for this application, now, and was signed with its key.
func vouches(encoded string, key *rsa.PublicKey, now time.Time) bool {
	text, ok := unbase64(encoded)
	if !ok {
		return false
	}
	document, err := parse(string(text))
	if err != nil {
		return false
	}
	assertion := document.find("Assertion")
	return assertion != nil && speaks(assertion, now) && signed(assertion, key)
}

func unbase64(text string) ([]byte, bool) {
	plain, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	return plain, err == nil
}

// speaks checks what the assertion says, apart from who signed it.
func speaks(a *element, now time.Time) bool {
	said := attributes(a)
	subject, conditions := a.find("Subject"), a.find("Conditions")
	confirmed := subject.find("SubjectConfirmationData")
	return a.find("Issuer").text() != "" && said["use_username"] == "true" && subject.find("NameID").text() == username &&
		said["api_key"] == apiKey && conditions.find("Audience").text() == audience && confirmed.attr("Recipient") == recipient &&
		inForce(now, conditions, confirmed)
}

// attributes are the assertion's own, by name.
func attributes(a *element) map[string]string {
	said := map[string]string{}
	var walk func(e *element)
	walk = func(e *element) {
		if e.local == "Attribute" {
			said[e.attr("Name")] = e.find("AttributeValue").text()
		}
		for _, child := range e.children {
			if c, ok := child.(*element); ok {
				walk(c)
			}
		}
	}
	walk(a)
	return said
}

// inForce tells whether now lies in the time of all elements, of which one has to say when it ends.
func inForce(now time.Time, elements ...*element) bool {
	ends := false
	for _, e := range elements {
		end, errEnd := time.Parse(time.RFC3339, e.attr("NotOnOrAfter"))
		begin, errBegin := time.Parse(time.RFC3339, e.attr("NotBefore"))
		if e.attr("NotOnOrAfter") != "" && (errEnd != nil || !now.Before(end.Add(skew))) ||
			e.attr("NotBefore") != "" && (errBegin != nil || now.Before(begin.Add(-skew))) {
			return false
		}
		ends = ends || errEnd == nil
	}
	return ends
}

// signed checks the enveloped signature: the digest of the assertion without it, and the signature of what holds the digest.
func signed(a *element, key *rsa.PublicKey) bool {
	signature := a.find("Signature")
	info := signature.find("SignedInfo")
	reference := info.find("Reference")
	if info == nil || reference == nil || info.find("SignatureMethod").attr("Algorithm") != rsaSHA256 ||
		reference.find("DigestMethod").attr("Algorithm") != sha256URI {
		return false
	}
	if uri := reference.attr("URI"); uri != "" && uri != "#"+a.attr("ID") {
		return false
	}
	method, known := formOf(info.find("CanonicalizationMethod"))
	body := sha256.Sum256([]byte(canonical(a, signature, transformed(reference))))
	digest, ok := unbase64(reference.find("DigestValue").text())
	if !ok || !known || string(digest) != string(body[:]) {
		return false
	}
	value, ok := unbase64(signature.find("SignatureValue").text())
	sum := sha256.Sum256([]byte(canonical(info, nil, method)))
	return ok && rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], value) == nil
}

// formOf reads which canonical form an element names.
func formOf(e *element) (as form, known bool) {
	switch e.attr("Algorithm") {
	case exclusive:
		return form{named: strings.Fields(e.find("InclusiveNamespaces").attr("PrefixList"))}, true
	case inclusive:
		return form{older: true}, true
	}
	return form{}, false
}

// transformed gives the canonical form that a reference names; without one the older form is meant.
func transformed(reference *element) form {
	if transforms := reference.find("Transforms"); transforms != nil {
		for _, child := range transforms.children {
			if c, ok := child.(*element); ok {
				if as, known := formOf(c); known {
					return as
				}
			}
		}
	}
	return form{older: true}
}

package ldap

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"rollcall/core"
)

// unreached explains why there is no connection.
func (s *session) unreached(ctx context.Context, err error) error {
	var (
		dns       *net.DNSError
		handshake *handshakeError
	)
	switch {
	case ctx.Err() != nil:
		return ended(ctx)
	case errors.As(err, &handshake):
		what, fix := s.unsafe(err)
		return &core.Problem{Code: core.Untrusted, Cause: err, What: what, Fix: fix}
	case ldap.IsErrorAnyOf(err, ldap.LDAPResultProtocolError, ldap.LDAPResultUnwillingToPerform, ldap.LDAPResultUnavailable):
		return &core.Problem{Code: core.Untrusted, Cause: err, What: fmt.Sprintf("%s does not offer StartTLS.", s.host), Fix: "Choose LDAPS, or ask the administrator to set up TLS."}
	case errors.As(err, &dns) && dns.IsNotFound:
		return &core.Problem{Code: core.Unreachable, Cause: err, What: fmt.Sprintf("There is no computer called %s.", s.host), Fix: "Check how the name is written, and whether this computer is in the company's network."}
	}
	return &core.Problem{Code: core.Unreachable, Cause: err, What: fmt.Sprintf("The directory at %s does not answer.", s.address), Fix: "Check the server, the port, and whether a firewall stands between."}
}

// unsafe explains why a connection could not be made safe. It reads the texts of
// crypto/x509, for after StartTLS there is nothing else.
func (s *session) unsafe(err error) (what, fix string) {
	for _, v := range []struct{ mark, what, fix string }{
		{"negative serial number", "is made in a way that is no longer accepted", "Ask the administrator for a new one with a positive serial number."},
		{"legacy Common Name", "names the server in a way that is no longer accepted", "Ask the administrator for a new one with a subject alternative name."},
		{"certificate is valid for", "belongs to another name", "Enter the server's name as it stands in its certificate."},
		{"doesn't contain any IP SANs", "belongs to another name", "Enter the server's name as it stands in its certificate."},
		{"is not valid for any names", "belongs to another name", "Ask the administrator for a certificate that names the server."},
		{"expired or is not yet valid", "is not valid today", "Check the date of this computer; if it is right, ask the administrator to renew the certificate."},
		{"unknown authority", "is signed by an authority that this computer does not know", "Choose the PEM file of that authority under “CA certificate”."},
		{"x509: ", "could not be verified", "Ask the administrator which certificate the server shows."},
	} {
		if strings.Contains(err.Error(), v.mark) {
			return fmt.Sprintf("The certificate of %s %s, so the password was not sent.", s.host, v.what), v.fix
		}
	}
	return fmt.Sprintf("%s does not speak TLS 1.2 or newer at this port.", s.host), "Check the port and the security: LDAPS is usually at 636, StartTLS at 389."
}

// signInProblem explains a refused bind. Active Directory tells more in its message.
func signInProblem(host string, err error) *core.Problem {
	p := &core.Problem{Code: core.BadCredentials, Cause: err}
	switch {
	case ldap.IsErrorWithCode(err, ldap.LDAPResultStrongAuthRequired), ldap.IsErrorWithCode(err, ldap.LDAPResultConfidentialityRequired):
		p.Code, p.What, p.Fix = core.BadOption, fmt.Sprintf("%s wants an encrypted connection before anybody signs in.", host), "Choose LDAPS or StartTLS."
	case ldap.IsErrorWithCode(err, ldap.LDAPResultInvalidDNSyntax):
		p.What, p.Fix = "The user is not written as a distinguished name.", "Write it like this: uid=sync,dc=corp,dc=example."
	case ldap.IsErrorWithCode(err, ldap.LDAPResultInvalidCredentials):
		p.What, p.Fix = refusedSignIn(host, err.Error())
	case ldap.IsErrorWithCode(err, ldap.LDAPResultInappropriateAuthentication), ldap.IsErrorWithCode(err, ldap.LDAPResultInsufficientAccessRights), ldap.IsErrorWithCode(err, ldap.LDAPResultUnwillingToPerform):
		p.What, p.Fix = fmt.Sprintf("%s does not let this user sign in with a password.", host), "Ask the administrator for an account that may."
	case dropped(err):
		p.Code, p.What, p.Fix = core.Unreachable, fmt.Sprintf("%s broke the connection off while we signed in.", host), "Check the port and the security, then try again."
	default:
		p.Code, p.What, p.Fix = core.ServerFault, fmt.Sprintf("%s could not sign us in.%s", host, said(err)), "Try again later, or ask the administrator of the directory."
	}
	return p
}

// refusedSignIn reads which kind of result 49 it is, where the server says so.
func refusedSignIn(host, text string) (what, fix string) {
	for _, v := range []struct{ mark, what, fix string }{
		{"data 525", "has no such user", "Check how the user is written."},
		{"data 530", "does not let this user sign in at this time", "Ask the administrator to change the hours of sign-in."},
		{"data 531", "does not let this user sign in from here", "Ask the administrator to allow this computer."},
		{"data 532", "says that the password has expired", "Ask the administrator for a new one."},
		{"data 533", "says that this user is disabled", "Ask the administrator to enable it."},
		{"data 701", "says that this user has expired", "Ask the administrator to extend it."},
		{"data 773", "wants the password to be changed first", "Sign in with it once elsewhere and change it."},
		{"data 775", "says that this user is locked", "Ask the administrator to unlock it."},
		{"locked", "says that this user is locked", "Ask the administrator to unlock it."},
	} {
		if strings.Contains(text, v.mark) {
			return fmt.Sprintf("%s %s.", host, v.what), v.fix
		}
	}
	return fmt.Sprintf("%s refuses the user or the password.", host), "Check both, and enter the password again. Rollcall does not try twice, so that the account is not locked."
}

// said gives the server's own words as a sentence.
func said(err error) string {
	var e *ldap.Error
	if !errors.As(err, &e) || e.Err == nil {
		return ""
	}
	words := strings.TrimRight(strings.Join(strings.Fields(e.Err.Error()), " "), ".")
	if words == "" || len(words) > 300 {
		return ""
	}
	return " It says: “" + words + "”."
}

// problem explains a result code; nil stays nil and problems stay as they are.
func (s *session) problem(ctx context.Context, err error) error {
	var ready *core.Problem
	if err == nil || errors.As(err, &ready) {
		return err
	}
	if e := ended(ctx); e != nil {
		return e
	}
	var e *ldap.Error
	if !errors.As(err, &e) {
		e = &ldap.Error{ResultCode: ldap.ErrorNetwork}
	}
	if known, ok := results[e.ResultCode]; ok {
		return &core.Problem{Code: known.code, Cause: err, What: s.host + " " + known.what + "." + said(err), Fix: known.fix}
	}
	return &core.Problem{Code: core.Refused, Cause: err, What: fmt.Sprintf("%s refused this: %s.%s", s.host, ldap.LDAPResultCodeMap[e.ResultCode], said(err)), Fix: "Ask the administrator of the directory what this means there."}
}

const later = "Try again later. If it lasts, ask the administrator of the directory."

var results = map[uint16]struct {
	code      core.Code
	what, fix string
}{
	ldap.ErrorNetwork:                           {core.Unreachable, "broke the connection off", "Check the network, then try again."},
	ldap.LDAPResultTimeLimitExceeded:            {core.ServerFault, "took longer than it lets itself", later},
	ldap.LDAPResultSizeLimitExceeded:            {core.Incomplete, "gives fewer entries than there are", "Ask the administrator to allow paged results for Rollcall's account."},
	ldap.LDAPResultAdminLimitExceeded:           {core.Incomplete, "stopped the search at a limit of its own", "Ask the administrator to raise the limit for Rollcall's account."},
	ldap.LDAPResultReferral:                     {core.NotFound, "does not hold this branch and names another server", "Check the branch, or connect to the server that holds it."},
	ldap.LDAPResultNoSuchAttribute:              {core.Refused, "does not have one of these attributes", "Remove the attribute from the mapping."},
	ldap.LDAPResultUndefinedAttributeType:       {core.Refused, "does not know one of these attributes", "Remove the attribute from the mapping. To lock accounts, the password policy overlay has to be loaded."},
	ldap.LDAPResultConstraintViolation:          {core.Refused, "refuses one of these values", "Change the value in the HR system or in the mapping."},
	ldap.LDAPResultAttributeOrValueExists:       {core.Conflict, "already has one of these values in this entry", "Make a new plan."},
	ldap.LDAPResultInvalidAttributeSyntax:       {core.Refused, "says that one of these values has the wrong form", "Look for letters that the attribute cannot hold, or an empty value."},
	ldap.LDAPResultNoSuchObject:                 {core.NotFound, "has no such entry", "Check the branches in the settings, or make a new plan; somebody may have deleted or moved the entry."},
	ldap.LDAPResultInvalidDNSyntax:              {core.Refused, "cannot read a distinguished name", "Check the branches in the settings of the connection."},
	ldap.LDAPResultInsufficientAccessRights:     {core.MissingScope, "does not let Rollcall's account do this", "Ask the administrator to give it the right to write there."},
	ldap.LDAPResultBusy:                         {core.ServerFault, "is busy", later},
	ldap.LDAPResultUnavailable:                  {core.ServerFault, "is not available", later},
	ldap.LDAPResultUnwillingToPerform:           {core.Refused, "will not do this", "Ask the administrator of the directory why."},
	ldap.LDAPResultNamingViolation:              {core.Refused, "does not let an entry have this name here", "Check “New people under” and “Named by” in the settings."},
	ldap.LDAPResultObjectClassViolation:         {core.Refused, "says that the entry would lack a required attribute, or have one that its classes do not allow", "Give every required attribute a value, and remove those that the entry's classes do not have."},
	ldap.LDAPResultNotAllowedOnNonLeaf:          {core.Refused, "does not delete an entry that has others below it", "Move or delete those below first."},
	ldap.LDAPResultNotAllowedOnRDN:              {core.Refused, "does not change the name of an entry this way", "Map the attribute that names the entry under its own name."},
	ldap.LDAPResultEntryAlreadyExists:           {core.Conflict, "already has an entry of this name", "Match the person with that entry, or choose another name."},
	ldap.LDAPResultObjectClassModsProhibited:    {core.Refused, "does not change the classes of an entry", "Ask the administrator of the directory."},
	ldap.LDAPResultAffectsMultipleDSAs:          {core.Unsupported, "does not move entries to another server", "Choose a branch on the same server."},
	ldap.LDAPResultUnavailableCriticalExtension: {core.Unsupported, "cannot read in pages", "Ask the administrator to allow the control for paged results."},
	ldap.LDAPResultOther:                        {core.ServerFault, "has a fault on its side", later},
}

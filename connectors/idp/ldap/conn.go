package ldap

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-ldap/ldap/v3"

	"rollcall/core"
)

const (
	dialPatience = 20 * time.Second
	patience     = 60 * time.Second
	pageSize     = 500
	leastPage    = 5
)

// session keeps one signed-in connection and makes it again when it was dropped. A
// sign-in that was refused is never tried again, for directories lock an account after
// some wrong passwords.
type session struct {
	address  string
	host     string // as in the certificate
	security string // ldaps, starttls, plain
	roots    *x509.CertPool
	user     string
	password core.Secret

	mu      sync.Mutex
	conn    *ldap.Conn
	refused *core.Problem
}

func newSession(a core.Answers, env core.Env) (*session, error) {
	s := &session{host: strings.Trim(a.Get("host"), "[]"), security: a.Get("tls"), user: a.Get("bindDN"), password: a["password"]}
	port := a.Get("port")
	if port == "" {
		port = map[string]string{"ldaps": "636"}[s.security]
	}
	if port == "" {
		port = "389"
	}
	s.address = net.JoinHostPort(s.host, port)
	if env.Base != "" {
		if err := s.replace(env.Base); err != nil {
			return nil, err
		}
	}
	if s.security == "plain" && !loopback(s.host) {
		return nil, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("A connection to %s without encryption would show the password to everybody on the way.", s.host), Fix: "Choose LDAPS or StartTLS. Without encryption Rollcall talks to this computer only."}
	}
	var err error
	s.roots, err = authorities(a.Get("caFile"), env.CAFile)
	return s, err
}

// replace puts another server in the place of the answers'.
func (s *session) replace(base string) error {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return &core.Problem{Code: core.BadOption, What: fmt.Sprintf("The address %q cannot be read.", base), Fix: "Write it like this: ldaps://127.0.0.1:3636."}
	}
	s.host, s.address = u.Hostname(), u.Host
	switch {
	case u.Scheme == "ldaps":
		s.security = "ldaps"
	case s.security == "ldaps":
		s.security = "plain"
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// authorities gives the system's certificate authorities and those of the files; nil
// means the system's.
func authorities(files ...string) (*x509.CertPool, error) {
	var pool *x509.CertPool
	for _, file := range files {
		if file == "" {
			continue
		}
		pem, err := os.ReadFile(file)
		if err != nil {
			return nil, &core.Problem{Code: core.BadOption, Cause: err, What: fmt.Sprintf("The CA certificate %s cannot be read.", file), Fix: "Choose the file again."}
		}
		if pool == nil {
			if pool, err = x509.SystemCertPool(); err != nil {
				pool = x509.NewCertPool()
			}
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, &core.Problem{Code: core.BadOption, What: fmt.Sprintf("The file %s holds no certificate.", file), Fix: "It has to be a PEM file; it begins with -----BEGIN CERTIFICATE-----."}
		}
	}
	return pool, nil
}

// shared gives the kept connection, made again if it was dropped; kept says that it was
// there before and may have been dropped without a sign.
func (s *session) shared(ctx context.Context) (conn *ldap.Conn, kept bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn != nil && !s.conn.IsClosing() {
		return s.conn, true, ended(ctx)
	}
	s.conn, err = s.open(ctx)
	return s.conn, false, err
}

// own makes a connection for a reading in pages, which may not be mixed with another
// one on the same connection.
func (s *session) own(ctx context.Context) (*ldap.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open(ctx)
}

func (s *session) open(ctx context.Context) (*ldap.Conn, error) {
	if err := ended(ctx); err != nil {
		return nil, err
	}
	if s.refused != nil {
		return nil, s.refused
	}
	if s.password == "" {
		return nil, &core.Problem{Code: core.BadOption, What: "There is no password for the directory.", Fix: "Enter the password in the settings of the connection."}
	}
	conn, err := s.dial(ctx)
	if err != nil {
		return nil, s.unreached(ctx, err)
	}
	conn.SetTimeout(patience)
	if err := s.bind(ctx, conn); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

func (s *session) dial(ctx context.Context) (*ldap.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialPatience)
	defer cancel()
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", s.address)
	if err != nil {
		return nil, err
	}
	settings := &tls.Config{ServerName: s.host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}
	if s.security == "ldaps" {
		wrapped := tls.Client(raw, settings)
		if err := wrapped.HandshakeContext(ctx); err != nil {
			raw.Close()
			return nil, &handshakeError{err}
		}
		raw = wrapped
	}
	conn := ldap.NewConn(raw, s.security == "ldaps")
	conn.Start()
	if s.security == "starttls" {
		conn.SetTimeout(dialPatience)
		if err := conn.StartTLS(settings); err != nil {
			conn.Close()
			if dropped(err) {
				err = &handshakeError{err}
			}
			return nil, err
		}
	}
	return conn, nil
}

// handshakeError is what went wrong after the server was reached and before the
// connection was safe. StartTLS of the library gives the text of its cause only.
type handshakeError struct{ error }

func (s *session) bind(ctx context.Context, conn *ldap.Conn) error {
	_, err := awaited(ctx, func() (bool, error) { return true, conn.Bind(s.user, s.password.Reveal()) })
	if err == nil || ctx.Err() != nil {
		return ended(ctx)
	}
	p := signInProblem(s.host, err)
	if p.Code == core.BadCredentials {
		s.refused = p
	}
	return p
}

// search asks on the shared connection; it asks once more where a kept connection turns
// out to have been dropped. When ctx ends the answer is left to come to nobody: closing
// the connection would take the answers of others' writes with it.
func (s *session) search(ctx context.Context, request *ldap.SearchRequest) ([]*ldap.Entry, error) {
	for {
		conn, kept, err := s.shared(ctx)
		if err != nil {
			return nil, err
		}
		result, err := awaited(ctx, func() (*ldap.SearchResult, error) { return conn.Search(request) })
		if err == nil {
			return result.Entries, nil
		}
		if !dropped(err) || ctx.Err() != nil {
			return nil, s.problem(ctx, err)
		}
		conn.Close()
		if !kept {
			return nil, s.problem(ctx, err)
		}
	}
}

// awaited gives what do gives, or ctx's error as soon as it ends.
func awaited[T any](ctx context.Context, do func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		v, err := do()
		done <- outcome{v, err}
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// write does something that changes an entry, once. It is not cut short by ctx, for
// then nobody could tell whether it was done.
func (s *session) write(ctx context.Context, do func(*ldap.Conn) error) error {
	conn, _, err := s.shared(ctx)
	if err != nil {
		return err
	}
	err = do(conn)
	if dropped(err) {
		conn.Close()
		return &core.Problem{Code: core.Unknown, Cause: err, What: fmt.Sprintf("The connection to %s broke off before it answered, so nobody can tell whether the change was made.", s.host), Fix: "Read again to see what became of it."}
	}
	return err
}

// dropped says that there was no answer, or none that could be read: the library gives
// what it met while reading as it is.
func dropped(err error) bool {
	var ready *core.Problem
	var answer *ldap.Error
	switch {
	case err == nil, errors.As(err, &ready):
		return false
	case errors.As(err, &answer):
		return answer.ResultCode == ldap.ErrorNetwork
	}
	return true
}

func ended(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return core.AsProblem(context.Canceled)
}

// pages reads all entries of a search in pages, on a connection of its own.
func (s *session) pages(ctx context.Context, search *ldap.SearchRequest, each func(*ldap.Entry) bool) error {
	conn, err := s.own(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	paging := ldap.NewControlPaging(pageSize)
	search.Controls = append(slices.Clone(search.Controls), paging)
	for {
		result, err := awaited(ctx, func() (*ldap.SearchResult, error) { return conn.Search(search) })
		if ldap.IsErrorWithCode(err, ldap.LDAPResultAdminLimitExceeded) && len(paging.Cookie) == 0 && paging.PagingSize > leastPage {
			paging.PagingSize /= 5 // a server may set how large a page can be
			continue
		}
		if err != nil {
			return s.problem(ctx, err)
		}
		for _, e := range result.Entries {
			if !each(e) {
				return nil
			}
		}
		answer, _ := ldap.FindControl(result.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging)
		if answer == nil || len(answer.Cookie) == 0 {
			return nil
		}
		paging.SetCookie(answer.Cookie)
	}
}

package wire

import (
	"fmt"
	"sync"
)

// Tokens remembers what was given out: codes of a consent, access tokens and refresh tokens.
type Tokens struct {
	mu      sync.Mutex
	given   int
	valid   map[string]string // access token or key -> what it is good for
	codes   map[string]string // code -> redirect address
	refresh map[string]bool
}

// NewTokens makes an empty memory.
func NewTokens() *Tokens {
	return &Tokens{valid: map[string]string{}, codes: map[string]string{}, refresh: map[string]bool{}}
}

// Admit makes a token or key valid for a purpose, as if a person had copied it from the vendor's screen.
func (t *Tokens) Admit(token, purpose string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.valid[token] = purpose
}

// Issue makes a new access token that is good for a purpose.
func (t *Tokens) Issue(purpose string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	token := t.next("access")
	t.valid[token] = purpose
	return token
}

// Valid tells whether a token is known, not ended, and good for that purpose.
func (t *Tokens) Valid(token, purpose string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	given, known := t.valid[token]
	return known && given == purpose
}

// Revoke ends one access token.
func (t *Tokens) Revoke(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.valid, token)
}

// Expire ends every access token that was given out so far; refresh tokens live on.
func (t *Tokens) Expire() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.valid)
}

// Code makes a code that a consent screen hands to that redirect address.
func (t *Tokens) Code(redirect string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	code := t.next("code")
	t.codes[code] = redirect
	return code
}

// Redeem uses up a code; it reports whether the code was good for that redirect address. An empty address fits any code.
func (t *Tokens) Redeem(code, redirect string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	given, known := t.codes[code]
	delete(t.codes, code)
	return known && (redirect == "" || redirect == given)
}

// Refresh makes a new refresh token.
func (t *Tokens) Refresh() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	token := t.next("refresh")
	t.refresh[token] = true
	return token
}

// Refreshes tells whether a refresh token was given out here.
func (t *Tokens) Refreshes(token string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.refresh[token]
}

func (t *Tokens) next(kind string) string {
	t.given++
	return fmt.Sprintf("made-up-%s-%04d", kind, t.given)
}

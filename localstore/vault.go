package localstore

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"rollcall/core"
)

// pieceSize is how many bytes one entry of a keychain holds at most: Windows takes 2,560
// with the name, macOS about 2,900 in its command line.
const pieceSize = 1800

// vault keeps secrets of any length in the keychain, in pieces: entries
// name/generation/n, and a head entry that is written last and says what belongs
// together. A reader therefore sees the old secret or the new one, never a mixture.
type vault struct {
	mu    sync.Mutex
	chain Keychain
	store string // keeps stores of one user apart
}

type head struct {
	Version    int    `json:"v"`
	Generation int    `json:"generation"`
	Pieces     int    `json:"chunks"`
	Sum        string `json:"sha256"`
}

func (v *vault) keyName() string { return v.store + "/key" }

// secretName gives the head entry of a connection's secret.
func (v *vault) secretName(connection, option string) string {
	return v.store + "/" + connection + "/" + option
}

func pieceName(name string, generation, n int) string {
	return fmt.Sprintf("%s/%d/%d", name, generation, n)
}

// get gives a secret; ErrNoEntry where there is none.
func (v *vault) get(name string) (core.Secret, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	h, err := v.head(name)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for n := range h.Pieces {
		piece, err := v.chain.Get(pieceName(name, h.Generation, n))
		switch {
		case errors.Is(err, ErrNoEntry):
			return "", tornSecret(fmt.Errorf("piece %d of %d is missing", n+1, h.Pieces))
		case err != nil:
			return "", noKeychain(err)
		}
		text.WriteString(piece)
	}
	if sum(text.String()) != h.Sum {
		return "", tornSecret(errors.New("the pieces do not match their sum"))
	}
	return core.Secret(text.String()), nil
}

// set keeps a secret in place of an earlier one.
func (v *vault) set(name string, secret core.Secret) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	old, err := v.head(name)
	if err != nil && !errors.Is(err, ErrNoEntry) && !core.HasCode(err, core.BadCredentials) {
		return err
	}
	h := head{Version: 1, Generation: old.Generation + 1, Sum: sum(secret.Reveal())}
	for text := secret.Reveal(); text != ""; h.Pieces++ {
		piece := text[:min(pieceSize, len(text))]
		text = text[len(piece):]
		if err := v.chain.Set(pieceName(name, h.Generation, h.Pieces), piece); err != nil {
			return noKeychain(err)
		}
	}
	if err := v.chain.Set(name, h.text()); err != nil {
		return noKeychain(err)
	}
	if old.Generation > 0 {
		if err := v.drop(name, old.Generation, 0); err != nil {
			return err
		}
	}
	// Pieces beyond ours can be left of this generation by a write that was cut off.
	return v.drop(name, h.Generation, h.Pieces)
}

// delete forgets a secret, the head first; that there is none is no error.
func (v *vault) delete(name string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	h, err := v.head(name)
	if errors.Is(err, ErrNoEntry) {
		return nil
	}
	if err != nil && !core.HasCode(err, core.BadCredentials) {
		return err
	}
	if err := v.chain.Delete(name); err != nil && !errors.Is(err, ErrNoEntry) {
		return noKeychain(err)
	}
	return v.drop(name, h.Generation, 0)
}

// drop deletes a generation's pieces from the n-th on, until there is none.
func (v *vault) drop(name string, generation, n int) error {
	for ; ; n++ {
		switch err := v.chain.Delete(pieceName(name, generation, n)); {
		case errors.Is(err, ErrNoEntry):
			return nil
		case err != nil:
			return noKeychain(err)
		}
	}
}

func (v *vault) head(name string) (head, error) {
	var h head
	text, err := v.chain.Get(name)
	switch {
	case errors.Is(err, ErrNoEntry):
		return h, err
	case err != nil:
		return h, noKeychain(err)
	}
	if err := json.Unmarshal([]byte(text), &h); err != nil || h.Version != 1 {
		return head{}, tornSecret(fmt.Errorf("head entry of version %d: %w", h.Version, err))
	}
	return h, nil
}

func (h head) text() string {
	b, _ := json.Marshal(h) // numbers and a hex text: cannot fail
	return string(b)
}

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}

func tornSecret(cause error) error {
	return &core.Problem{Code: core.BadCredentials, What: "A stored secret of this connection is damaged in the keychain.",
		Fix: "Open the connection and enter its credentials again.", Cause: cause}
}

package localstore

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"

	"rollcall/core"
)

// Rows of the table meta.
const (
	metaStore = "store" // names this store in the keychain
	metaCheck = "check" // a sealed word; it opens with the right key only
)

const checkWord = "rollcall"

// errNotKey says that the keychain's entry for the key holds something else.
var errNotKey = errors.New("the entry is not a key")

// unlock gets the store's key from the keychain, or makes one for a new store, and
// proves that it is the right one.
func (s *Store) unlock(ctx context.Context, chain Keychain) error {
	id, err := s.storeID(ctx)
	if err != nil {
		return err
	}
	s.vault = &vault{chain: chain, store: id}
	check, err := s.meta(ctx, metaCheck)
	if err != nil {
		return err
	}
	if check == nil {
		return s.newKey(ctx)
	}
	return s.oldKey(check)
}

func (s *Store) storeID(ctx context.Context) (string, error) {
	id, err := s.meta(ctx, metaStore)
	if id == nil && err == nil {
		id = []byte(newID())
		err = s.setMeta(ctx, metaStore, id)
	}
	return string(id), err
}

// newKey puts a fresh key into the keychain, reads it back, and only then notes that
// there is one.
func (s *Store) newKey(ctx context.Context) error {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails
	if err := s.vault.chain.Set(s.vault.keyName(), base64.StdEncoding.EncodeToString(key)); err != nil {
		return noKeychain(err)
	}
	back, err := s.readKey()
	if err != nil || !bytes.Equal(key, back) {
		return noKeychain(errors.Join(errors.New("the key does not read back"), err))
	}
	if s.seal, err = newSealer(key); err != nil {
		return err
	}
	check, err := s.seal.seal([]byte(checkWord), metaCheck)
	if err != nil {
		return err
	}
	return s.setMeta(ctx, metaCheck, check)
}

func (s *Store) oldKey(check []byte) error {
	key, err := s.readKey()
	switch {
	case errors.Is(err, ErrNoEntry):
		return s.keyLost("is missing from this computer's keychain", err)
	case errors.Is(err, errNotKey):
		return s.keyLost("in this computer's keychain is not a key", err)
	case err != nil:
		return noKeychain(err)
	}
	if s.seal, err = newSealer(key); err != nil {
		return err
	}
	if word, err := s.seal.unseal(check, metaCheck); err != nil || string(word) != checkWord {
		return s.keyLost("in this computer's keychain is another one", err)
	}
	return nil
}

func (s *Store) readKey() ([]byte, error) {
	text, err := s.vault.chain.Get(s.vault.keyName())
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) != keySize {
		return nil, errNotKey
	}
	return key, nil
}

func (s *Store) keyLost(how string, cause error) error {
	return &core.Problem{Code: core.Damaged, What: "The data at " + s.path + " cannot be read: the key that seals it " + how + ".", Cause: cause,
		Fix: "Sign in as the user and on the computer where it was made, or restore that keychain. If the key is gone for good, move the file elsewhere to begin with an empty store; connections have to be set up again."}
}

func (s *Store) meta(ctx context.Context, key string) ([]byte, error) {
	var value []byte
	err := s.writer.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = ?", key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return value, err
}

func (s *Store) setMeta(ctx context.Context, key string, value []byte) error {
	return s.exec(ctx, "", "INSERT INTO meta (key, value) VALUES (?, ?)", key, value)
}

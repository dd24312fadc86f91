package localstore

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/zalando/go-keyring"

	"rollcall/core"
)

// Keychain keeps short secrets by name. Every error but ErrNoEntry means that there is
// no keychain to be had, or that it is locked.
type Keychain interface {
	// Get gives a secret; ErrNoEntry where there is none of that name.
	Get(name string) (string, error)
	// Set keeps a secret, in place of an earlier one.
	Set(name, secret string) error
	// Delete forgets a secret; ErrNoEntry where there is none of that name.
	Delete(name string) error
}

// ErrNoEntry says that the keychain works and has no secret of that name.
var ErrNoEntry = errors.New("no such entry in the keychain")

// service is under what name entries stand in the keychain, as its owner sees it there.
const service = "Rollcall"

// patience is how long a keychain may take. It may be asking its owner for a password.
const patience = 30 * time.Second

var (
	_ Keychain = system{}
	_ Keychain = (*memoryKeychain)(nil)
)

// system is the operating system's keychain. Its calls cannot be cancelled, and a locked
// one may wait for a person for ever, so each has a time limit.
type system struct{ limit time.Duration }

// SystemKeychain gives the operating system's keychain.
func SystemKeychain() Keychain { return system{patience} }

func (k system) Get(name string) (string, error) {
	return k.within(func() (string, error) { return keyring.Get(service, name) })
}

func (k system) Set(name, secret string) error {
	_, err := k.within(func() (string, error) { return "", keyring.Set(service, name, secret) })
	return err
}

func (k system) Delete(name string) error {
	_, err := k.within(func() (string, error) { return "", keyring.Delete(service, name) })
	return err
}

func (k system) within(f func() (string, error)) (string, error) {
	if err := sessionBus(); err != nil {
		return "", err
	}
	return within(k.limit, func() (string, error) {
		secret, err := f()
		if errors.Is(err, keyring.ErrNotFound) {
			err = ErrNoEntry
		}
		return secret, err
	})
}

var errTooSlow = errors.New("the keychain did not answer in time; it may be locked")

// within gives f's answer, or errTooSlow; f then goes on alone and its answer is dropped.
func within(limit time.Duration, f func() (string, error)) (string, error) {
	type answer struct {
		secret string
		err    error
	}
	answers := make(chan answer, 1)
	go func() {
		secret, err := f()
		answers <- answer{secret, err}
	}()
	select {
	case a := <-answers:
		return a.secret, a.err
	case <-time.After(limit):
		return "", errTooSlow
	}
}

// sessionBus makes sure on Linux and its kin that there is a bus to talk to: without
// one the library starts its own, which nobody else sees and which outlives us.
func sessionBus() error {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" || os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return nil
	}
	for _, name := range []string{"bus", "dbus-session"} { // where the library looks
		if _, err := os.Stat(filepath.Join("/run/user", strconv.Itoa(os.Getuid()), name)); err == nil {
			return nil
		}
	}
	return errors.New("no D-Bus session bus")
}

// memoryKeychain keeps secrets until the program ends.
type memoryKeychain struct {
	mu      sync.Mutex
	secrets map[string]string
}

// MemoryKeychain gives an empty keychain that lives in memory.
func MemoryKeychain() Keychain { return &memoryKeychain{secrets: map[string]string{}} }

func (k *memoryKeychain) Get(name string) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if secret, ok := k.secrets[name]; ok {
		return secret, nil
	}
	return "", ErrNoEntry
}

func (k *memoryKeychain) Set(name, secret string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.secrets[name] = secret
	return nil
}

func (k *memoryKeychain) Delete(name string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.secrets[name]; !ok {
		return ErrNoEntry
	}
	delete(k.secrets, name)
	return nil
}

func noKeychain(cause error) error {
	p := &core.Problem{Code: core.NoKeychain, What: "This computer's keychain cannot be used, so Rollcall has no safe place for its keys.", Cause: cause,
		Fix: "Unlock the keychain (on Linux: GNOME Keyring, KWallet or another Secret Service) and try again, or work for this session only, which keeps nothing."}
	if errors.Is(cause, errTooSlow) {
		p.What = "This computer's keychain did not answer. It is probably locked and waiting for its password."
	}
	return p
}

// Package password makes the first passwords of new accounts. Nobody is told them: they
// are sent once, to the directory, and are in no plan, journal, log or file, but for the
// one that Microsoft's bulk create demands (package importfile). Whoever
// owns the account sets one of their own, by the directory's way of resetting it.
package password

import (
	"crypto/rand"
	"math/big"
	"strings"

	"rollcall/core"
)

// Length is how many characters a first password has.
const Length = 24

// Signs that are left out are those that read alike, and those that some directory or
// protocol treats in a special way.
var kinds = []string{"ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "!#%+-=?_"}

// New gives a password that nobody has had: at least two of each of upper case, lower
// case, digits and signs, the rest of any of them, in a random order.
func New() core.Secret {
	var signs []byte
	for _, k := range kinds {
		signs = append(signs, pick(k), pick(k))
	}
	all := strings.Join(kinds, "")
	for len(signs) < Length {
		signs = append(signs, pick(all))
	}
	for i := len(signs) - 1; i > 0; i-- {
		j := below(i + 1)
		signs[i], signs[j] = signs[j], signs[i]
	}
	return core.Secret(signs)
}

func pick(from string) byte { return from[below(len(from))] }

func below(n int) int {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // the system has no randomness: no password is better than a poor one
	}
	return int(i.Int64())
}

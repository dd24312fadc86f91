package expression

import (
	"regexp"
	"sync"
)

// memo remembers results that cost much to make and depend on their key alone. It is
// emptied when full, so that patterns made from data cannot grow without end.
type memo[V any] struct {
	mu     sync.RWMutex
	values map[string]V
}

const memoSize = 500

func (m *memo[V]) get(key string) (V, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	v, ok := m.values[key]
	return v, ok
}

func (m *memo[V]) put(key string, v V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values == nil || len(m.values) >= memoSize {
		m.values = map[string]V{}
	}
	m.values[key] = v
}

var patterns memo[*regexp.Regexp]

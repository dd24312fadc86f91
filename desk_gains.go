package main

import (
	"maps"
	"sync"

	"rollcall/core"
)

// gains are the secrets that a system gave while it was tested, such as the refresh token
// of somebody who signed in. A connection that is not kept yet has no place for them; here
// they wait until it is, so that nobody has to sign in twice.
type gains struct {
	mu        sync.Mutex
	connector string
	asked     core.Answers // what the test was given
	given     core.Answers
}

// note keeps what the last test gave.
func (g *gains) note(connector string, asked, given core.Answers) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.connector, g.asked, g.given = connector, maps.Clone(asked), maps.Clone(given)
}

// with adds what a test of the same answers gave.
func (g *gains) with(connector string, answers core.Answers) core.Answers {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.connector != connector || !maps.Equal(g.asked, answers) {
		return answers
	}
	full := maps.Clone(answers)
	maps.Copy(full, g.given)
	return full
}

// gaining gives an env that notes the secrets which it is given to keep, also where there
// is no place to keep them.
func gaining(env core.Env) (core.Env, func() core.Answers) {
	var mu sync.Mutex
	given, save := core.Answers{}, env.Save
	env.Save = func(option string, value core.Secret) error {
		mu.Lock()
		given[option] = value
		mu.Unlock()
		if save == nil {
			return nil
		}
		return save(option, value)
	}
	return env, func() core.Answers {
		mu.Lock()
		defer mu.Unlock()
		return maps.Clone(given)
	}
}

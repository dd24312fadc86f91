package main

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"rollcall/connectors/keyfile"
	"rollcall/core"
)

// Options that hold a certificate or its key can name a file: "@app.pfx", whose password is
// asked for at the terminal, or {"file": "app.pfx", "password": "…"}.
const (
	fileSign  = "@"
	fileTries = 3 // of a password that is typed
)

// keyFiles reads the files that options name.
type keyFiles struct {
	ctx  context.Context
	ask  func(ctx context.Context, question string) (core.Secret, error)
	read map[string]core.KeyFile // by path, so that a password is asked for once
}

// answers gives the answers as they are used: texts instead of files. A file that holds
// both answers what else is asked of it, unless that was answered.
func (k *keyFiles) answers(spec core.Spec, given map[string]any) (core.Answers, error) {
	answers, found := core.Answers{}, core.Answers{}
	for _, id := range slices.Sorted(maps.Keys(given)) {
		o := spec.Option(id)
		path, password, named := fileOf(given[id])
		if o.PEM == "" || !named {
			answers[id] = core.Secret(fmt.Sprint(given[id]))
			continue
		}
		f, err := k.open(path, password)
		if err != nil {
			return nil, err
		}
		held, err := f.Answers(filepath.Base(path), o, spec.Options)
		if err != nil {
			return nil, err
		}
		answers[id] = held[id]
		maps.Copy(found, held)
	}
	maps.Copy(found, answers)
	return found, nil
}

// fileOf says whether an answer names a file.
func fileOf(v any) (path string, password core.Secret, named bool) {
	switch v := v.(type) {
	case string:
		path, named = strings.CutPrefix(strings.TrimSpace(v), fileSign)
	case map[string]any:
		path, named = v["file"].(string)
		if p := v["password"]; p != nil {
			password = core.Secret(fmt.Sprint(p))
		}
	}
	return path, password, named
}

// open reads a file, and asks for its password where it was not given.
func (k *keyFiles) open(path string, password core.Secret) (core.KeyFile, error) {
	if f, was := k.read[path]; was {
		return f, nil
	}
	f, err := keyfile.Open(path, password)
	for tries := 0; password == "" && core.HasCode(err, core.BadCredentials) && tries < fileTries; tries++ {
		question := fmt.Sprintf("Password of %s: ", filepath.Base(path))
		if tries > 0 {
			question = core.AsProblem(err).What + " Once more: "
		}
		typed, unasked := k.ask(k.ctx, question)
		switch {
		case k.ctx.Err() != nil:
			return f, k.ctx.Err()
		case unasked != nil:
			return f, &core.Problem{Code: core.BadOption, Cause: unasked, What: core.AsProblem(err).What + " There is no terminal to ask for it.",
				Fix: fmt.Sprintf(`Give it in the options: {"file": %q, "password": "…"}.`, path)}
		}
		f, err = keyfile.Open(path, typed)
	}
	if err == nil {
		k.read[path] = f
	}
	return f, err
}

// keyFiles reads files for this command; passwords are asked for at the terminal.
func (j *job) keyFiles() *keyFiles {
	ask := askSecret
	if j.Secret != nil {
		ask = j.Secret
	}
	return &keyFiles{ctx: j, ask: ask, read: map[string]core.KeyFile{}}
}

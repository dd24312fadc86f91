// Package config reads and writes the configuration file: a Setup in YAML, without
// secrets. The window and the command line use the same file.
package config

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"rollcall/core"
)

// Schema is the JSON Schema of the file, for editors; docs/config.schema.json is a copy.
//
//go:embed schema.json
var Schema []byte

const largest = 4 << 20

// New gives a Setup with our defaults and nothing chosen.
func New() core.Setup {
	return core.Setup{Modes: core.DefaultModes(), Guards: core.DefaultGuards()}
}

// Load reads a configuration file. What it does not say has our defaults. Problems name
// the file, the line and what is wrong.
func Load(path string) (core.Setup, error) {
	f, err := os.Open(path)
	if err != nil {
		return core.Setup{}, &core.Problem{Code: core.NotFound, What: fmt.Sprintf("The configuration file %s cannot be opened.", path), Fix: "Check the name and that you may read it.", Cause: err}
	}
	defer f.Close()
	s, err := Read(f)
	var p *core.Problem
	if errors.As(err, &p) {
		p.What = strings.Replace(p.What, "The configuration", "The configuration file "+path, 1)
	}
	return s, err
}

// Read is Load for an open file.
func Read(r io.Reader) (core.Setup, error) {
	s := New()
	b, err := io.ReadAll(io.LimitReader(r, largest+1))
	if err != nil || len(b) > largest {
		return s, wrong("cannot be read whole", err)
	}
	err = yaml.NewDecoder(bytes.NewReader(b), yaml.DisallowUnknownField(), yaml.CustomUnmarshaler(readLimit), yaml.CustomUnmarshaler(readShare)).Decode(&s)
	if err != nil && !errors.Is(err, io.EOF) {
		return s, wrong("has a mistake: "+explain(err), err)
	}
	modes, err := withDefaults(b, "modes", core.DefaultModes())
	guards, err2 := withDefaults(b, "guards", core.DefaultGuards())
	if err = errors.Join(err, err2); err != nil {
		return s, wrong("has a mistake in modes or guards: "+explain(err), err)
	}
	s.Modes, s.Guards = modes, guards
	return s, check(s)
}

func wrong(what string, cause error) *core.Problem {
	return &core.Problem{Code: core.BadRules, What: "The configuration " + what + ".", Fix: "Put it right; docs/configuration.md lists what may stand there.", Cause: cause}
}

// explain gives the first line of a YAML error: place and reason.
func explain(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return strings.TrimSuffix(strings.TrimSpace(line), ".")
}

// readLimit takes "off", or percent, count and atLeast.
func readLimit(l *core.Limit, b []byte) error {
	switch strings.Trim(strings.TrimSpace(string(b)), `"'`) {
	case "off", "false":
		*l = core.Limit{}
		return nil
	}
	type plain core.Limit
	var p plain
	if err := yaml.UnmarshalWithOptions(b, &p, yaml.Strict(), yaml.CustomUnmarshaler(readShare)); err != nil {
		return err
	}
	*l = core.Limit(p)
	return nil
}

// readShare takes "off", which is 0, or a percentage.
func readShare(share *float64, b []byte) error {
	word := strings.Trim(strings.TrimSpace(string(b)), `"'`)
	if word == "off" || word == "false" {
		*share = 0
		return nil
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(word, "_", ""), 64)
	if err != nil {
		return fmt.Errorf("%q is neither a percentage nor off", word)
	}
	*share = v
	return nil
}

// withDefaults puts what the file says of the part named key over our defaults. The YAML
// library begins every struct at zero, so it is given both as one text.
func withDefaults[T any](file []byte, key string, defaults T) (T, error) {
	var whole map[string]any
	said := map[string]any{}
	err := errors.Join(convert(defaults, &said), yaml.Unmarshal(file, &whole))
	if part, ok := whole[key].(map[string]any); ok {
		maps.Copy(said, part)
	}
	return defaults, errors.Join(err, convert(said, &defaults))
}

func convert(from, to any) error {
	b, err := yaml.Marshal(from)
	if err != nil {
		return err
	}
	return yaml.UnmarshalWithOptions(b, to, yaml.CustomUnmarshaler(readLimit), yaml.CustomUnmarshaler(readShare))
}

// Write writes a Setup as a configuration file.
func Write(w io.Writer, s core.Setup) error {
	b, err := yaml.MarshalWithOptions(s, yaml.IndentSequence(true))
	if err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	_, err = w.Write(append([]byte("# yaml-language-server: $schema=config.schema.json\n# Rollcall configuration. It holds no secrets; they are in this computer's keychain.\n"), b...))
	return err
}

// check finds what no schema sees.
func check(s core.Setup) error {
	for i, r := range s.Mapping {
		if r.Attribute == "" {
			return wrong(fmt.Sprintf("has a mapping rule (number %d) without an attribute", i+1), nil)
		}
		if n := ways(r); n != 1 {
			return wrong(fmt.Sprintf("must say exactly one of field, constant and expression for the attribute %s", r.Attribute), nil)
		}
		if err := oneOf("write rule of "+r.Attribute, string(r.Write), "", string(core.Always), string(core.CreateOnly), string(core.IfEmpty), string(core.Merge)); err != nil {
			return err
		}
		if err := oneOf("empty rule of "+r.Attribute, string(r.Empty), "", string(core.Keep), string(core.Clear), string(core.Default), string(core.Error)); err != nil {
			return err
		}
	}
	for _, k := range s.Identity.Keys {
		if len(k.Fields) == 0 || k.Attribute == "" {
			return wrong("has an identity key without fields or without an attribute", nil)
		}
	}
	if s.LeaverDays < -1 {
		return wrong("says a leaverDays below -1, which means nothing; -1 reads everybody who ever left", nil)
	}
	if s.HandOver < -1 {
		return wrong("says a handOver below -1, which means nothing; -1 hands nothing over", nil)
	}
	if s.FollowFrom < -1 {
		return wrong("says a followFrom below -1, which means nothing; -1 reads the directory in whole each time", nil)
	}
	return checkModes(s.Modes)
}

func ways(r core.Rule) int {
	n := 0
	for _, set := range []bool{r.Field != "", r.Constant != nil, r.Expression != ""} {
		if set {
			n++
		}
	}
	return n
}

func checkModes(m core.Modes) error {
	return errors.Join(
		oneOf("modes.absent", m.Absent, core.Report, core.Disable),
		oneOf("modes.leftScope", m.LeftScope, core.KeepAsIs, core.Disable),
		oneOf("modes.onLeave", m.OnLeave, core.KeepAsIs, core.Disable),
		oneOf("modes.logins", m.Logins, core.Confirm, core.Do, core.Never),
	)
}

func oneOf(what, got string, allowed ...string) error {
	for _, a := range allowed {
		if got == a {
			return nil
		}
	}
	return wrong(fmt.Sprintf("says %q for %s, which is none of %s", got, what, strings.Trim(strings.Join(allowed, ", "), ", ")), nil)
}

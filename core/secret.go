package core

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

const dots = "••••••••"

// Secret is a text that prints as dots wherever it is printed by accident: in errors,
// logs, JSON and %v. Reveal gives the text itself, at the one place that sends it.
type Secret string

// Reveal gives the text.
func (s Secret) Reveal() string { return string(s) }

// String gives dots.
func (s Secret) String() string { return dots }

// GoString gives dots.
func (s Secret) GoString() string { return dots }

// Format gives dots whatever the verb is.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(dots)) }

// MarshalText gives dots, so that JSON and YAML never hold the text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(dots), nil }

// LogValue gives dots to structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(dots) }

// Answers are what a person answered to a connector's options, by option id. All of
// them print as dots: an answer that is no secret may still be a name.
type Answers map[string]Secret

// Get gives the answer's text, or "" where there is none.
func (a Answers) Get(id string) string { return a[id].Reveal() }

// Lines gives the lines of an answer that hold something, each once, without blanks around.
func (a Answers) Lines(id string) []string {
	var all []string
	for line := range strings.Lines(a.Get(id)) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(all, line) {
			all = append(all, line)
		}
	}
	return all
}

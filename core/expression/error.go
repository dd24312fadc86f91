package expression

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"rollcall/core"
)

// Error is a mistake in an expression or in the data it meets. It unwraps to a
// *core.Problem.
type Error struct {
	At       int    // character at which it is, from 0; -1 when nowhere in particular
	Function string // canonical name of the function that complains; may be empty
	what     string
	fix      string
	cause    error
	place    bool // At counts characters of the source, not bytes
}

// Error gives what is wrong, where, and what to do.
func (e *Error) Error() string { return e.problem().Error() }

// Unwrap gives the error as a problem.
func (e *Error) Unwrap() error { return e.problem() }

func (e *Error) problem() *core.Problem {
	what := e.what
	if e.Function != "" {
		what = e.Function + ": " + what
	}
	if e.place && e.At >= 0 {
		what = fmt.Sprintf("At position %d: %s", e.At+1, what)
	}
	return &core.Problem{Code: core.BadRules, What: what, Fix: e.fix, Cause: e.cause}
}

func mistake(at int, what, fix string) *Error { return &Error{At: at, what: what, fix: fix} }

// refuse is the error of a function about its arguments.
func refuse(fix, format string, args ...any) error {
	return &Error{At: -1, what: fmt.Sprintf(format, args...), fix: fix}
}

// within says which function an error came from, once.
func within(err error, name string) error {
	var e *Error
	if errors.As(err, &e) && e.Function == "" && !errors.Is(e.cause, errAsked) {
		e.Function = name
	}
	return err
}

// locate turns the byte at which a compile error is into a character.
func locate(err error, source string) error {
	var e *Error
	if errors.As(err, &e) && e.At >= 0 && !e.place {
		e.At = utf8.RuneCountInString(source[:min(e.At, len(source))])
		e.place = true
	}
	return err
}

// errAsked marks the error of the function Error, whose text is the person's own.
var errAsked = errors.New("asked for by the expression")

// quoted shows a value in a message, cut when long.
func quoted(s string) string {
	if utf8.RuneCountInString(s) > 40 {
		s = string([]rune(s)[:40]) + "…"
	}
	return "“" + s + "”"
}

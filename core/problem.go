// Package core holds the words that every other part of Rollcall speaks: people,
// accounts, changes, plans, problems, and the interfaces of the two ends. It knows
// no screen, no database, no network and no vendor.
package core

import (
	"context"
	"errors"
	"fmt"
)

// Code tells the program what kind of problem it met. Retries, exit codes and screens
// look at the code, never at the text.
type Code string

// The codes. A connector uses the nearest one; the sentence carries the particulars.
const (
	BadOption      Code = "bad_option"      // an answer of a form is missing or wrong
	BadCredentials Code = "bad_credentials" // the system refuses the credentials
	MissingScope   Code = "missing_scope"   // let in, but not to this
	NotFound       Code = "not_found"       // tenant, file, account or row is not there
	RateLimited    Code = "rate_limited"    // too many calls, also after waiting
	Unreachable    Code = "unreachable"     // no answer: name, network, time-out
	Untrusted      Code = "untrusted"       // the certificate does not verify
	ServerFault    Code = "server_fault"    // the system fails on its side
	BadData        Code = "bad_data"        // an answer or a file that cannot be read
	Incomplete     Code = "incomplete"      // less came than was announced
	Conflict       Code = "conflict"        // the target holds something that is in the way
	Refused        Code = "refused"         // the target refuses this value or write
	Unsupported    Code = "unsupported"     // the system cannot do this
	Stale          Code = "stale"           // the plan or row is no longer what was seen
	HeldByGuard    Code = "held_by_guard"   // a guard stops this
	BadRules       Code = "bad_rules"       // filter, mapping or configuration is wrong
	DiskFull       Code = "disk_full"
	Damaged        Code = "damaged"     // the store cannot be read
	InUse          Code = "in_use"      // another copy of the program has it
	NoKeychain     Code = "no_keychain" // the keychain is missing or locked
	Cancelled      Code = "cancelled"   // a person or a signal stopped it
	Internal       Code = "internal"    // our mistake
	Unknown        Code = "unknown"     // the outcome of a write is not known
)

// Problem is an error that says what to do. What names the thing and what is wrong
// with it, Fix the next step; both are whole sentences for a person.
type Problem struct {
	Code  Code
	What  string
	Fix   string
	Cause error // for the log; never shown, may be nil
}

// Error gives both sentences.
func (p *Problem) Error() string {
	if p.Fix == "" {
		return p.What
	}
	return p.What + " " + p.Fix
}

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// AsProblem finds the problem in err's chain, or makes one: a cancelled context becomes
// Cancelled, everything else Internal. It returns nil for nil.
func AsProblem(err error) *Problem {
	var p *Problem
	switch {
	case err == nil:
		return nil
	case errors.As(err, &p):
		return p
	case errors.Is(err, context.Canceled):
		return &Problem{Code: Cancelled, What: "The work was stopped before it was done.", Fix: "Start it again when you are ready.", Cause: err}
	default:
		return &Problem{Code: Internal, What: fmt.Sprintf("Something went wrong that Rollcall did not expect: %v.", err), Fix: "Try again, and send us the log if it happens twice.", Cause: err}
	}
}

// HasCode says whether err holds a problem of that code.
func HasCode(err error, code Code) bool {
	var p *Problem
	return errors.As(err, &p) && p.Code == code
}

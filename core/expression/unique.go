package expression

import (
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

var uniqueFunctions = []function{
	{name: "SelectUniqueValue", signature: "SelectUniqueValue(a, b, …)", help: "The first value that neither the target nor this plan has yet; when all are taken, the last with 2, 3 and so on before its @, shortened where the attribute asks for it.",
		example: `SelectUniqueValue("taken@corp.example", "anna.lee@corp.example")`, result: "anna.lee@corp.example", min: 1, max: -1, needs: hasTaken,
		lazy: func(f *frame, a []eval) (Value, error) { return firstFree(f, f.ctx.Attribute, a) }},
	{name: "UniqueIn", signature: "UniqueIn(attribute, a, b, …)", help: "The same for the values of an attribute that is named.",
		example: `UniqueIn("mail", "taken@corp.example")`, result: "taken2@corp.example", min: 2, max: -1, needs: hasTaken,
		lazy: func(f *frame, a []eval) (Value, error) {
			attribute, err := a[0](f)
			if err != nil {
				return Value{}, err
			}
			return firstFree(f, attribute.Text(), a[1:])
		}},
	{name: "Sequence", signature: "Sequence(name [, width])", help: "The next number of a named counter, filled with zeros up to a width.",
		example: `Sequence("badge", 5)`, result: "00007", min: 1, max: 2, strict: true, volatile: true, needs: func(c *Context) bool { return c.Sequence != nil }, call: sequence},
	{name: "Guid", aliases: "NewGuid", signature: "Guid()", help: "A new random GUID; for attributes that are set only at creation.",
		example: `Len(Guid())`, result: "36", min: 0, max: 0, volatile: true, needs: hasRandom, call: guid},
	{name: "RandomString", signature: "RandomString(length, digits, special, capitals, small, avoid)", help: "Random text with at least so many of each kind, without the signs in avoid; at most 256 characters. Never shown.",
		example: `Len(RandomString(12, 2, 2, 2, 2, "lI1O0"))`, result: "12", min: 1, max: 6, volatile: true, needs: hasRandom, call: randomString},
	{name: "RandomNum", signature: "RandomNum(from, to)", help: "A random whole number, both ends included.",
		example: `RandomNum(5, 5)`, result: "5", min: 2, max: 2, strict: true, volatile: true, needs: hasRandom, call: randomNum},
}

func hasTaken(c *Context) bool  { return c.Taken != nil }
func hasRandom(c *Context) bool { return c.Random != nil }

// mostTries ends the counter of values that are all taken.
const mostTries = 10_000

// firstFree gives the first candidate that is free, empty ones left out.
func firstFree(f *frame, attribute string, candidates []eval) (Value, error) {
	if attribute == "" {
		return Value{}, refuse("Use UniqueIn with the attribute's name.", "the attribute to look in is not known here.")
	}
	last := ""
	for _, e := range candidates {
		v, err := e(f)
		if err != nil {
			return Value{}, err
		}
		if v.isEmpty() {
			continue
		}
		if last = v.Text(); !f.ctx.Taken(attribute, last) {
			return text(last), nil
		}
	}
	if last == "" {
		return Value{}, nil
	}
	local, domain := last, ""
	if at := strings.LastIndexByte(last, '@'); at >= 0 {
		local, domain = last[:at], last[at:]
	}
	for n := 2; n < mostTries; n++ {
		number := strconv.Itoa(n)
		if s := shortened(local, f.ctx.Longest-len(number)-utf8.RuneCountInString(domain), f.ctx.Longest) + number + domain; !f.ctx.Taken(attribute, s) {
			return text(s), nil
		}
	}
	return Value{}, refuse("Add a rule with another part of the name.", "%s and the next 9,998 are taken.", quoted(last))
}

// shortened cuts text to so many characters where there is a limit that leaves any.
func shortened(s string, most, limit int) string {
	if limit == 0 || most < 1 || utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most])
}

func sequence(f *frame, a []Value) (Value, error) {
	width := 0
	if len(a) > 1 && !a[1].isEmpty() {
		var err error
		if width, err = a[1].count(); err != nil {
			return Value{}, err
		}
	}
	return text(fmt.Sprintf("%0*d", min(max(width, 0), 64), f.ctx.Sequence(a[0].Text()))), nil
}

func guid(f *frame, _ []Value) (Value, error) {
	var b [16]byte
	if err := f.random(b[:]); err != nil {
		return Value{}, err
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return text(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])), nil
}

func (f *frame) random(b []byte) error {
	if _, err := io.ReadFull(f.ctx.Random, b); err != nil {
		return &Error{At: -1, what: "there are no random numbers.", fix: "Try again.", cause: err}
	}
	return nil
}

// below gives an even random number from 0 to before n.
func (f *frame) below(n uint64) (uint64, error) {
	limit := ^uint64(0) - ^uint64(0)%n
	for range 64 {
		var b [8]byte
		if err := f.random(b[:]); err != nil {
			return 0, err
		}
		if v := binary.LittleEndian.Uint64(b[:]); v < limit {
			return v % n, nil
		}
	}
	return 0, nil
}

// characterKinds are digits, special signs, capital and small letters, in the order of
// RandomString's arguments.
var characterKinds = [4]string{"0123456789", "!#$%&()*+-./:;<=>?@[]^_{|}~", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"}

func randomString(f *frame, a []Value) (Value, error) {
	f.secret = true
	n, err := a[0].count()
	if err != nil || n < 1 || n > 256 {
		return Value{}, refuse("Choose a length from 1 to 256.", "the length %s does not fit.", quoted(a[0].Text()))
	}
	avoid, all := optional(a, 5), ""
	var out []byte
	for i, kind := range characterKinds {
		kind = strings.Map(func(r rune) rune {
			if strings.ContainsRune(avoid, r) {
				return -1
			}
			return r
		}, kind)
		least := 0
		if len(a) > i+1 && !a[i+1].isEmpty() {
			if least, err = a[i+1].count(); err != nil {
				return Value{}, err
			}
		}
		if least > 0 || len(a) < 2 && i != 1 {
			all += kind
		}
		if least > n-len(out) || least > 0 && kind == "" {
			return Value{}, refuse("Ask for fewer, or avoid fewer signs.", "so many characters of each kind do not fit.")
		}
		if out, err = f.pick(out, kind, least); err != nil {
			return Value{}, err
		}
	}
	if all == "" {
		return Value{}, refuse("Ask for one kind at least.", "no kind of character is left.")
	}
	if out, err = f.pick(out, all, n-len(out)); err != nil {
		return Value{}, err
	}
	if err := f.shuffle(out); err != nil {
		return Value{}, err
	}
	return text(string(out)), nil
}

func (f *frame) pick(out []byte, from string, n int) ([]byte, error) {
	for range n {
		i, err := f.below(uint64(len(from)))
		if err != nil {
			return nil, err
		}
		out = append(out, from[i])
	}
	return out, nil
}

func (f *frame) shuffle(b []byte) error {
	for i := len(b) - 1; i > 0; i-- {
		j, err := f.below(uint64(i + 1))
		if err != nil {
			return err
		}
		b[i], b[j] = b[j], b[i]
	}
	return nil
}

func randomNum(f *frame, a []Value) (Value, error) {
	from, err := wholeNumber(a[0])
	if err != nil {
		return Value{}, err
	}
	to, err := wholeNumber(a[1])
	if err != nil || to < from || to-from < 0 {
		return Value{}, refuse("Give the smaller number first.", "there is no number from %s to %s.", a[0].Text(), a[1].Text())
	}
	n, err := f.below(uint64(to-from) + 1)
	return integer(from + int64(n)), err
}

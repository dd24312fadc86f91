package expression

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
)

var numberFunctions = []function{
	{name: "ToNumber", aliases: "CNum Convert.toNum toNum", signature: "ToNumber(text [, \",\"])", help: "Reads a number; give the decimal sign when it is a comma.",
		example: `ToNumber("1.234,5", ",")`, result: "1234.5", min: 1, max: 2, strict: true, call: toNumber},
	{name: "ToInt", aliases: "Convert.toInt toInteger CInt", signature: "ToInt(value)", help: "Rounds to the nearest whole number: 123.6 gives 124, -1.6 gives -2.",
		example: `ToInt("123.6")`, result: "124", min: 1, max: 1, strict: true, call: toInt},
	{name: "BitAnd", signature: "BitAnd(a, b)", help: "The bits that are set in both numbers; &HF is hexadecimal.",
		example: `BitAnd(&HF, 10)`, result: "10", min: 2, max: 2, strict: true, call: bits(func(a, b int64) Value { return integer(a & b) })},
	{name: "BitOr", signature: "BitOr(a, b)", help: "The bits that are set in either number.",
		example: `BitOr(512, 2)`, result: "514", min: 2, max: 2, strict: true, call: bits(func(a, b int64) Value { return integer(a | b) })},
	{name: "IsBitSet", signature: "IsBitSet(value, flag)", help: "True when the bit is set, as 2 in userAccountControl for a disabled account.",
		example: `IsBitSet(514, 2)`, result: "true", min: 2, max: 2, strict: true, call: bits(func(a, b int64) Value { return boolean(a&b != 0) })},
	{name: "Base36", signature: "Base36(number)", help: "Writes a whole number with digits and small letters, to keep identifiers short.",
		example: `Base36(123456)`, result: "2n9c", min: 1, max: 1, strict: true, call: func(_ *frame, a []Value) (Value, error) {
			n, err := wholeNumber(a[0])
			return text(strconv.FormatInt(n, 36)), err
		}},
	{name: "Hash", signature: "Hash(text)", help: "SHA-256 in hexadecimal.",
		example: `Left(Hash("anna"), 8)`, result: "55579b55", min: 1, max: 1, strict: true, call: func(_ *frame, a []Value) (Value, error) {
			sum := sha256.Sum256([]byte(a[0].Text()))
			return text(hex.EncodeToString(sum[:])), nil
		}},
	{name: "ConvertToBase64", signature: "ConvertToBase64(text [, encoding])", help: "Base64 of the text as Unicode (UTF-16, unless told otherwise), ASCII or UTF8.",
		example: `ConvertToBase64("Hello", "UTF8")`, result: "SGVsbG8=", min: 1, max: 2, strict: true, call: toBase64},
	{name: "ConvertFromBase64", signature: "ConvertFromBase64(text [, encoding])", help: "Reads Base64 of Unicode (UTF-16, unless told otherwise), ASCII or UTF8.",
		example: `ConvertFromBase64("SABlAGwAbABvAA==")`, result: "Hello", min: 1, max: 2, strict: true, call: fromBase64},
	{name: "ConvertToUTF8Hex", signature: "ConvertToUTF8Hex(text)", help: "The UTF-8 bytes in hexadecimal.",
		example: `ConvertToUTF8Hex("Hi")`, result: "4869", min: 1, max: 1, strict: true, call: func(_ *frame, a []Value) (Value, error) {
			return text(strings.ToUpper(hex.EncodeToString([]byte(a[0].Text())))), nil
		}},
	{name: "ConvertFromUTF8Hex", signature: "ConvertFromUTF8Hex(text)", help: "Reads UTF-8 bytes in hexadecimal.",
		example: `ConvertFromUTF8Hex("4869")`, result: "Hi", min: 1, max: 1, strict: true, call: func(_ *frame, a []Value) (Value, error) {
			b, err := hex.DecodeString(a[0].Text())
			if err != nil {
				return Value{}, refuse("Give digits and the letters A to F, in pairs.", "%s is not hexadecimal.", quoted(a[0].Text()))
			}
			return text(strings.ToValidUTF8(string(b), "�")), nil
		}},
}

func toNumber(_ *frame, a []Value) (Value, error) {
	if a[0].kind == kindText && optional(a, 1) == "," {
		a[0] = text(strings.NewReplacer(".", "", " ", "", "\u00a0", "", "\u202f", "", "'", "", ",", ".").Replace(a[0].text))
	}
	if a[0].kind == kindText && strings.TrimSpace(a[0].text) == "" {
		return Value{}, nil
	}
	return a[0].number()
}

func toInt(_ *frame, a []Value) (Value, error) {
	if a[0].isEmpty() {
		return Value{}, nil
	}
	n, err := wholeNumber(a[0])
	return integer(n), err
}

// wholeNumber rounds to the nearest, halves away from zero.
func wholeNumber(v Value) (int64, error) {
	n, err := v.number()
	if err != nil || n.isInt() {
		return n.bits, err
	}
	x := math.Round(n.float())
	if math.Abs(x) >= 1<<63 {
		return 0, refuse("Keep it as text.", "%s is too big for a whole number.", quoted(v.Text()))
	}
	return int64(x), nil
}

func bits(apply func(a, b int64) Value) func(*frame, []Value) (Value, error) {
	return func(_ *frame, a []Value) (Value, error) {
		if a[1].IsNull() {
			return Value{}, nil
		}
		x, err := wholeNumber(a[0])
		if err != nil {
			return Value{}, err
		}
		y, err := wholeNumber(a[1])
		if err != nil {
			return Value{}, err
		}
		return apply(x, y), nil
	}
}

func encodingOf(a []Value) (string, error) {
	switch name := strings.ToLower(strings.ReplaceAll(optional(a, 1), "-", "")); name {
	case "", "unicode", "utf16":
		return "utf16", nil
	case "utf8", "ascii":
		return name, nil
	}
	return "", refuse("Write Unicode, ASCII or UTF8.", "%s is not an encoding that is known.", quoted(optional(a, 1)))
}

func toBase64(_ *frame, a []Value) (Value, error) {
	encoding, err := encodingOf(a)
	if err != nil {
		return Value{}, err
	}
	raw := []byte(a[0].Text())
	switch encoding {
	case "utf16":
		raw = raw[:0:0]
		for _, unit := range utf16.Encode([]rune(a[0].Text())) {
			raw = append(raw, byte(unit), byte(unit>>8))
		}
	case "ascii":
		raw = []byte(strings.Map(func(r rune) rune {
			if r > 0x7f {
				return '?'
			}
			return r
		}, a[0].Text()))
	}
	return text(base64.StdEncoding.EncodeToString(raw)), nil
}

func fromBase64(_ *frame, a []Value) (Value, error) {
	encoding, err := encodingOf(a)
	if err != nil {
		return Value{}, err
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(a[0].Text()))
	if err != nil || encoding == "utf16" && len(raw)%2 != 0 {
		return Value{}, refuse("Check the source and the encoding.", "%s is not Base64 of that encoding.", quoted(a[0].Text()))
	}
	if encoding != "utf16" {
		return text(strings.ToValidUTF8(string(raw), "�")), nil
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i]) | uint16(raw[2*i+1])<<8
	}
	return text(string(utf16.Decode(units))), nil
}

package manifest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// XML reads a document as a tree: an element is an object of its attributes (@name), its
// elements by local name, and its own text (#). One that has neither attributes nor
// elements is its text; several of one name are a list. Prefixes do not count. A document
// type is refused, and with it every entity that somebody else defined (CWE-776). Elements
// of needless names are left out with all that is in them.
func XML(data []byte, needless ...string) (any, error) {
	r := xmlReader{Decoder: xml.NewDecoder(bytes.NewReader(data)), needless: needless}
	for {
		token, err := r.RawToken()
		if errors.Is(err, io.EOF) {
			return nil, errors.New("there is no element")
		}
		if err != nil {
			return nil, fmt.Errorf("read XML: %w", err)
		}
		switch token := token.(type) {
		case xml.Directive:
			return nil, errors.New("a document type is not accepted")
		case xml.StartElement:
			inner, err := r.element(token, true)
			return map[string]any{token.Name.Local: inner}, err
		}
	}
}

// xmlReader reads one document.
type xmlReader struct {
	*xml.Decoder
	needless []string
	text     []byte // of the elements that have begun, one behind the other
}

// element reads what is inside of an element, to its end; what is not kept is only read.
// Raw tokens do, and are much faster: prefixes do not count, and ends are compared here.
func (r *xmlReader) element(start xml.StartElement, keep bool) (any, error) {
	before := len(r.text)
	defer func() { r.text = r.text[:before] }()
	var all map[string]any
	for _, a := range start.Attr {
		if keep && a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
			all = add(all, "@"+a.Name.Local, a.Value)
		}
	}
	for {
		token, err := r.RawToken()
		if err != nil {
			return nil, fmt.Errorf("read XML: %w", err)
		}
		switch token := token.(type) {
		case xml.CharData:
			if keep {
				r.text = append(r.text, token...)
			}
		case xml.Directive:
			return nil, errors.New("a document type is not accepted")
		case xml.StartElement:
			kept := keep && !slices.Contains(r.needless, token.Name.Local)
			inner, err := r.element(token, kept)
			if err != nil {
				return nil, err
			}
			if kept {
				all = add(all, token.Name.Local, inner)
			}
		case xml.EndElement:
			if token.Name != start.Name {
				return nil, errors.New("an element ends that did not begin")
			}
			text := r.text[before:]
			if all == nil {
				return string(text), nil
			}
			if all["@nil"] == "true" {
				return nil, nil
			}
			if t := bytes.TrimSpace(text); len(t) > 0 {
				all["#"] = string(t)
			}
			return all, nil
		}
	}
}

func add(all map[string]any, name string, inner any) map[string]any {
	if all == nil {
		all = map[string]any{}
	}
	switch before := all[name].(type) {
	case nil:
		if _, twice := all[name]; twice {
			inner = []any{nil, inner}
		}
		all[name] = inner
	case []any:
		all[name] = append(before, inner)
	default:
		all[name] = []any{before, inner}
	}
	return all
}

// Several gives a list as it is, nothing as no list, and anything else as a list of it:
// in XML one element cannot be told from a list of one.
func Several(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// escaped makes a text safe inside of XML.
func escaped(s string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(s)) // a builder takes everything
	return out.String()
}

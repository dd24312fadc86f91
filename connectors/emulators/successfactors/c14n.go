package successfactors

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// element is a piece of XML as it was written, prefixes and all: a signature holds for the writing, not for the meaning.
type element struct {
	prefix, local string
	attrs         []xml.Attr        // without the declarations of name spaces
	spaces        map[string]string // those in force, by prefix
	children      []any             // *element or string
}

// parse reads one XML document.
func parse(text string) (*element, error) {
	in := xml.NewDecoder(strings.NewReader(text))
	top := &element{spaces: map[string]string{}}
	open := []*element{top}
	for {
		token, err := in.RawToken()
		here := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			child := begun(t, here.spaces)
			here.children = append(here.children, child)
			open = append(open, child)
		case xml.EndElement:
			if len(open) == 1 || here.local != t.Name.Local {
				return nil, io.ErrUnexpectedEOF
			}
			open = open[:len(open)-1]
		case xml.CharData:
			here.children = append(here.children, string(t))
		}
		if errors.Is(err, io.EOF) && len(open) == 1 {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	for _, child := range top.children {
		if root, ok := child.(*element); ok {
			return root, nil
		}
	}
	return nil, io.ErrUnexpectedEOF
}

func begun(t xml.StartElement, outer map[string]string) *element {
	e := &element{prefix: t.Name.Space, local: t.Name.Local, spaces: map[string]string{}}
	for prefix, uri := range outer {
		e.spaces[prefix] = uri
	}
	for _, a := range t.Attr {
		switch {
		case a.Name.Space == "xmlns":
			e.spaces[a.Name.Local] = a.Value
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			e.spaces[""] = a.Value
		default:
			e.attrs = append(e.attrs, a)
		}
	}
	return e
}

// find gives the first element of that name within e, e included.
func (e *element) find(local string) *element {
	if e == nil || e.local == local {
		return e
	}
	for _, child := range e.children {
		if c, ok := child.(*element); ok {
			if found := c.find(local); found != nil {
				return found
			}
		}
	}
	return nil
}

func (e *element) attr(name string) string {
	if e == nil {
		return ""
	}
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (e *element) text() string {
	if e == nil {
		return ""
	}
	var out strings.Builder
	for _, child := range e.children {
		if s, ok := child.(string); ok {
			out.WriteString(s)
		}
	}
	return strings.TrimSpace(out.String())
}

var (
	inText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	inAttr = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\t", "&#x9;", "\n", "&#xA;", "\r", "&#xD;")
)

// form is one of the canonical forms: the older one, which writes all name spaces, or the exclusive one, which writes those
// that are used and some that are named.
type form struct {
	older bool
	named []string
}

// canonical writes e in a canonical form, without the element left out.
func canonical(e, without *element, as form) string {
	var out strings.Builder
	e.write(&out, without, as, map[string]string{"": ""})
	return out.String()
}

func (e *element) write(out *strings.Builder, without *element, as form, written map[string]string) {
	name := qualified(e.prefix, e.local)
	out.WriteString("<" + name)
	inner := map[string]string{}
	for prefix, uri := range written {
		inner[prefix] = uri
	}
	for _, prefix := range e.declares(as) {
		if uri := e.spaces[prefix]; inner[prefix] != uri {
			inner[prefix] = uri
			out.WriteString(" " + strings.TrimSuffix("xmlns:"+prefix, ":") + `="` + inAttr.Replace(uri) + `"`)
		}
	}
	attrs := slices.Clone(e.attrs)
	slices.SortFunc(attrs, func(a, b xml.Attr) int {
		if by := strings.Compare(e.spaceOf(a), e.spaceOf(b)); by != 0 {
			return by
		}
		return strings.Compare(a.Name.Local, b.Name.Local)
	})
	for _, a := range attrs {
		out.WriteString(" " + qualified(a.Name.Space, a.Name.Local) + `="` + inAttr.Replace(a.Value) + `"`)
	}
	out.WriteString(">")
	for _, child := range e.children {
		switch c := child.(type) {
		case string:
			out.WriteString(inText.Replace(c))
		case *element:
			if c != without {
				c.write(out, without, as, inner)
			}
		}
	}
	out.WriteString("</" + name + ">")
}

// declares lists the prefixes whose name spaces are written at e.
func (e *element) declares(as form) []string {
	prefixes := []string{e.prefix}
	for _, a := range e.attrs {
		if a.Name.Space != "" && a.Name.Space != "xml" {
			prefixes = append(prefixes, a.Name.Space)
		}
	}
	for prefix := range e.spaces {
		if as.older || slices.Contains(as.named, prefix) {
			prefixes = append(prefixes, prefix)
		}
	}
	slices.Sort(prefixes)
	return slices.Compact(prefixes)
}

func (e *element) spaceOf(a xml.Attr) string {
	if a.Name.Space == "" {
		return ""
	}
	return e.spaces[a.Name.Space]
}

func qualified(prefix, local string) string { return strings.TrimPrefix(prefix+":"+local, ":") }

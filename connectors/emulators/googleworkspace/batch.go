package googleworkspace

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"slices"
	"strings"

	"rollcall/connectors/emulators/wire"
)

const mostParts = 1000

// part is one call of a batch.
type part struct {
	id   string
	call *http.Request
}

// batch carries out the calls of a batch, each for itself; each counts against the quota, and the batch does not. The
// answers come in another order than the calls.
func (e *emulator) batch(w http.ResponseWriter, r *http.Request) {
	if !e.Tokens.Valid(wire.Bearer(r), purpose) {
		e.Refuse(w, r, http.StatusUnauthorized)
		return
	}
	parts, err := readParts(r)
	if err != nil || len(parts) == 0 || len(parts) > mostParts {
		refuse(w, http.StatusBadRequest, "badRequest", "Failed to parse batch request.")
		return
	}
	var out bytes.Buffer
	answers := multipart.NewWriter(&out)
	answered := make([]*httptest.ResponseRecorder, len(parts))
	for i, p := range parts {
		answered[i] = httptest.NewRecorder()
		e.Door.ServeHTTP(answered[i], p.call)
	}
	for i, p := range slices.Backward(parts) {
		head := textproto.MIMEHeader{"Content-Type": {"application/http"}}
		if p.id != "" {
			head.Set("Content-ID", "<response-"+p.id+">")
		}
		one, _ := answers.CreatePart(head) // a buffer takes everything
		writeInner(one, answered[i])
	}
	_ = answers.Close() // as above
	w.Header().Set("Content-Type", "multipart/mixed; boundary="+answers.Boundary())
	_, _ = w.Write(out.Bytes()) // the client is gone: nobody is left to tell
}

func writeInner(w io.Writer, a *httptest.ResponseRecorder) {
	_, _ = fmt.Fprintf(w, "HTTP/1.1 %d %s\r\n", a.Code, http.StatusText(a.Code)) // into a buffer
	_ = a.Header().Write(w)
	_, _ = fmt.Fprintf(w, "Content-Length: %d\r\n\r\n%s", a.Body.Len(), a.Body)
}

func readParts(r *http.Request) ([]part, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/mixed" {
		return nil, fmt.Errorf("a batch of the type %q: %w", kind, err)
	}
	var all []part
	in := multipart.NewReader(r.Body, parameters["boundary"])
	for {
		p, err := in.NextPart()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read a part: %w", err)
		}
		one, err := readPart(p, r)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
}

// readPart reads one call, whose path is relative and which has the authorization of the batch unless it has its own.
// Its body is what is left of the part, as no length has to be given.
func readPart(p *multipart.Part, outer *http.Request) (part, error) {
	text, err := io.ReadAll(p)
	if err != nil {
		return part{}, fmt.Errorf("read a part: %w", err)
	}
	if !strings.HasPrefix(p.Header.Get("Content-Type"), "application/http") {
		return part{}, fmt.Errorf("a part of the type %q", p.Header.Get("Content-Type"))
	}
	head, body, _ := bytes.Cut(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	first, fields, _ := strings.Cut(string(head), "\n")
	words := strings.Fields(first)
	if len(words) < 2 || !strings.HasPrefix(words[1], "/") || strings.HasPrefix(words[1], "/batch") {
		return part{}, fmt.Errorf("%q is no call", first)
	}
	inner, err := http.NewRequestWithContext(outer.Context(), words[0], words[1], bytes.NewReader(body))
	if err != nil {
		return part{}, fmt.Errorf("%q is no call: %w", first, err)
	}
	headers, err := textproto.NewReader(bufio.NewReader(strings.NewReader(fields + "\n\n"))).ReadMIMEHeader()
	if err != nil {
		return part{}, fmt.Errorf("read the headers of a part: %w", err)
	}
	inner.Header = http.Header(headers)
	if inner.Header.Get("Authorization") == "" {
		inner.Header.Set("Authorization", outer.Header.Get("Authorization"))
	}
	inner.Header.Set("X-Forwarded-Host", adminHost)
	return part{strings.Trim(p.Header.Get("Content-ID"), "<>"), inner}, nil
}

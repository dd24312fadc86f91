package wire

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rollcall/connectors/emulators/seed"
)

// Object is a JSON object on its way out.
type Object = map[string]any

// JSON answers with a status and a body of a content type.
func JSON(w http.ResponseWriter, status int, contentType string, body any) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	_ = out.Encode(body) // the client is gone: nobody is left to tell
}

// Put writes a text into o, or the person's way of having none.
func Put(o Object, key, value string, void seed.Void) {
	switch {
	case value != "":
		o[key] = value
	case void == seed.Null:
		o[key] = nil
	case void == seed.Empty:
		o[key] = ""
	case void == seed.Blank:
		o[key] = "  "
	}
}

// Record is a canonical record in the making.
type Record map[string]string

// Set gives a field its value, with the blanks at its ends cut off; a value of blanks only is left out.
func (r Record) Set(field, value string) {
	if value = strings.TrimSpace(value); value != "" {
		r[field] = value
	}
}

// Bearer gives the token of the Authorization header, or "" if the header has another form.
func Bearer(r *http.Request) string {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || strings.TrimSpace(token) != token {
		return ""
	}
	return token
}

// Host is the host that the client meant: the emulator stands behind another address.
func Host(r *http.Request) string { return strings.ToLower(r.Header.Get("X-Forwarded-Host")) }

// WantsJSON tells whether the client named JSON in its Accept header.
func WantsJSON(r *http.Request) bool {
	return strings.Contains(strings.ToLower(r.Header.Get("Accept")), "application/json")
}

// Unknown names the first query parameter that is not among the known ones, or gives "".
func Unknown(q url.Values, known ...string) string {
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if !slices.Contains(known, name) {
			return name
		}
	}
	return ""
}

// Picture writes a picture of one pixel.
func Picture(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "image/png")
	pixel, _ := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")
	_, _ = w.Write(pixel) // the client is gone: nobody is left to tell
}

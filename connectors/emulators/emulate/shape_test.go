package emulate_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

// reply is an answer that has been read to its end.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (r reply) json(t testing.TB) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(r.body, &v); err != nil {
		t.Fatalf("the answer %q is not JSON: %v", r.body, err)
	}
	return v
}

// at follows names and indexes into a decoded answer.
func at(t testing.TB, v any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, ok := v.(map[string]any)
			if !ok {
				t.Fatalf("%v: %T has no key %q", path, v, step)
			}
			v = object[step]
		case int:
			list, ok := v.([]any)
			if !ok || step >= len(list) {
				t.Fatalf("%v: %T has no place %d", path, v, step)
			}
			v = list[step]
		}
	}
	return v
}

func start(t testing.TB, id string, setup emulate.Setup) *emulate.Server {
	t.Helper()
	s, err := emulate.Start(id, setup)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// ask sends a request with headers "Name: value" and reads the answer.
func ask(t testing.TB, s *emulate.Server, method, path, body string, headers ...string) reply {
	t.Helper()
	got, err := try(t, s, method, path, body, headers...)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func try(t testing.TB, s *emulate.Server, method, path, body string, headers ...string) (reply, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return reply{}, err
	}
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	return reply{answer.StatusCode, answer.Header, got}, err
}

func sample(t testing.TB, vendor, name string) any {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", vendor, name))
	if err != nil {
		t.Fatal(err)
	}
	return reply{body: text}.json(t)
}

// shape lists the types at every path of a JSON value; all elements of an array share one path.
func shape(v any) map[string][]string {
	types := map[string][]string{}
	walk(types, "", v)
	return types
}

func walk(types map[string][]string, path string, v any) {
	kind := kindOf(v)
	if !slices.Contains(types[path], kind) {
		types[path] = append(types[path], kind)
	}
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			walk(types, path+"/"+key, value)
		}
	case []any:
		for _, value := range v {
			walk(types, path+"[]", value)
		}
	}
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case map[string]any:
		return "object"
	case []any:
		return "array"
	}
	return fmt.Sprintf("%T", v)
}

// sameShape checks that the answer has every path of the samples with the same types, and no other path. Paths with
// one of the allowed parts in them may be missing, be new, or have other types.
func sameShape(t testing.TB, answer any, samples []any, allowed ...string) {
	t.Helper()
	want, got := map[string][]string{}, shape(answer)
	for _, s := range samples {
		walk(want, "", s)
	}
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if _, ok := got[path]; !ok && !mentions(path, allowed) {
			t.Errorf("the answer has no %s", path)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(got)) {
		for _, kind := range got[path] {
			if !slices.Contains(want[path], kind) && !mentions(path, allowed) {
				t.Errorf("%s is %s, the samples have %v", path, kind, want[path])
			}
		}
	}
}

func mentions(path string, parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(path, part) })
}

func encode(t testing.TB, v any) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.NewEncoder(&out).Encode(v); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

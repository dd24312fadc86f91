package connectors

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/internal/conform"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// readPeople is the size of the company in BenchmarkReading.
const readPeople = 50_000

// exchange is one call as it was made, and how it was answered.
type exchange struct {
	method, path string
	header       http.Header
	body         []byte
	at, size     int64 // of the answer on the tape
	kind         string
	status       int
}

// tape keeps what an emulator answers, so that the benchmark measures its readers alone.
// The answers are in a file: in memory they would let the collector wait for too long.
type tape struct {
	mu     sync.Mutex
	file   *os.File
	end    int64
	all    []exchange
	byCall map[string]exchange
}

func call(method, path string, body []byte) string { return method + " " + path + " " + string(body) }

// recording passes calls on, and keeps them.
func (t *tape) recording(to http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // the client's own
		r.Body = io.NopCloser(bytes.NewReader(body))
		got := httptest.NewRecorder()
		to.ServeHTTP(got, r)
		t.mu.Lock()
		e := exchange{r.Method, r.URL.RequestURI(), r.Header.Clone(), body, t.end, int64(got.Body.Len()), got.Header().Get("Content-Type"), got.Code}
		_, err := t.file.Write(got.Body.Bytes())
		t.end += e.size
		t.all, t.byCall[call(e.method, e.path, body)] = append(t.all, e), e
		t.mu.Unlock()
		if err != nil {
			panic(err)
		}
		t.play(w, e)
	})
}

func (t *tape) play(w http.ResponseWriter, e exchange) {
	w.Header().Set("Content-Type", e.kind)
	w.WriteHeader(e.status)
	_, _ = io.Copy(w, io.NewSectionReader(t.file, e.at, e.size)) // the client is gone: nobody is left to tell
}

// ServeHTTP plays what was recorded.
func (t *tape) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // the client's own
	e, ok := t.byCall[call(r.Method, r.URL.RequestURI(), body)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	t.play(w, e)
}

// BenchmarkReading reads a company of 50,000 from each vendor, beside a bare client that
// makes the same calls one after the other and decodes their answers.
func BenchmarkReading(b *testing.B) {
	for _, v := range []struct{ id, way string }{{"bamboohr", "key"}, {"personio", "v1"}, {"workday", "report"}, {"workday", "soap"}, {"successfactors", "basic"}} {
		if _, err := All().Spec(v.id); err != nil {
			continue
		}
		b.Run(v.id+"-"+v.way, func(b *testing.B) {
			t, options := record(b, v.id, v.way)
			server := httptest.NewServer(t)
			defer server.Close()
			b.Run("rollcall", func(b *testing.B) {
				peak := watch(b)
				for b.Loop() {
					if n := readAll(b, v.id, options, server.URL); n < readPeople*9/10 {
						b.Fatalf("%d people", n)
					}
				}
				b.ReportMetric(float64(peak())/1e6, "peak-MB")
			})
			b.Run("bare", func(b *testing.B) {
				for b.Loop() {
					bare(b, t.all, server.URL)
				}
			})
		})
	}
}

func record(b *testing.B, id, way string) (*tape, core.Answers) {
	b.Helper()
	emulator, err := emulate.Start(id, emulate.Setup{Way: way, Day: conform.Day, People: seed.Company(readPeople, conform.Day)})
	if err != nil {
		b.Fatal(err)
	}
	defer emulator.Close()
	file, err := os.Create(filepath.Join(b.TempDir(), "tape"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = file.Close() })
	t := &tape{file: file, byCall: map[string]exchange{}}
	server := httptest.NewServer(t.recording(emulator))
	defer server.Close()
	options := core.Answers{}
	for id, v := range emulator.Options {
		options[id] = core.Secret(v)
	}
	readAll(b, id, options, server.URL)
	return t, options
}

func readAll(b *testing.B, id string, a core.Answers, base string) int {
	b.Helper()
	source, err := All().Source(id, a, core.Env{Now: func() time.Time { return conform.Day }, Base: base})
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for _, err := range source.People(rest.WithClock(b.Context(), conform.NewClock(conform.Day), time.Minute), core.Want{Fields: wantedFields, Leavers: -1}) {
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	return n
}

// wantedFields are what a usual mapping needs.
var wantedFields = []string{"employeeNumber", "firstName", "lastName", "displayName", "email", "workPhone", "jobTitle", "department", "costCenter", "legalEntity",
	"location", "country", "city", "managerId", "startDate", "endDate", "employmentType"}

// bare makes the recorded calls and decodes their answers as they are.
func bare(b *testing.B, calls []exchange, base string) {
	b.Helper()
	for _, e := range calls {
		r, err := http.NewRequestWithContext(b.Context(), e.method, base+e.path, bytes.NewReader(e.body))
		if err != nil {
			b.Fatal(err)
		}
		r.Header = e.header
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		if strings.Contains(e.kind, "xml") {
			err = everyToken(res.Body)
		} else {
			var v any
			err = json.NewDecoder(res.Body).Decode(&v)
		}
		_ = res.Body.Close() // it was read to its end
		if err != nil {
			b.Fatal(err)
		}
	}
}

func everyToken(r io.Reader) error {
	d := xml.NewDecoder(r)
	for {
		if _, err := d.Token(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

// watch gives the most memory that the heap held beyond what it holds now.
func watch(b *testing.B) func() uint64 {
	b.Helper()
	held := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse
	}
	runtime.GC()
	before, most, done, ended := held(), uint64(0), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
				most = max(most, held())
			}
		}
	}()
	return func() uint64 {
		close(done)
		<-ended
		return most - min(before, most)
	}
}

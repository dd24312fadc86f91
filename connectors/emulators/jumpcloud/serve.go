package jumpcloud

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/wire"
)

const (
	usualLimit = 10
	mostRows   = 100
)

// reply is an answer before it is written. A reply without a status is none.
type reply struct {
	status  int
	body    any
	message string // of a refusal
	total   int    // of a list of v2
}

func said(body any) reply { return reply{status: http.StatusOK, body: body} }

func refused(status int, message string) reply { return reply{status: status, message: message} }

func invalid(message string) reply { return refused(http.StatusBadRequest, message) }

var notFound = refused(http.StatusNotFound, refusals[http.StatusNotFound])

func (a reply) write(w http.ResponseWriter, r *http.Request) {
	switch {
	case a.message != "" && strings.HasPrefix(r.URL.Path, "/api/v2/"):
		a.body = wire.Object{"message": a.message}
	case a.message != "":
		a.body = wire.Object{"message": a.message, "status": a.status, "error": http.StatusText(a.status)}
	case a.body == nil:
		w.WriteHeader(a.status)
		return
	}
	if a.total > 0 {
		w.Header().Set("x-total-count", strconv.Itoa(a.total))
	}
	wire.JSON(w, a.status, "application/json; charset=utf-8", a.body)
}

// call is a request that has been let in.
type call struct {
	*http.Request
	q    url.Values
	body any
}

func (c call) object() wire.Object {
	o, _ := c.body.(wire.Object)
	return o
}

func read(r *http.Request) (any, reply) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, invalid("The Content-Type has to be application/json.")
	}
	in := json.NewDecoder(r.Body)
	in.UseNumber()
	var body any
	if in.Decode(&body) != nil || !errors.Is(in.Decode(new(any)), io.EOF) {
		return nil, invalid("Unexpected token in JSON")
	}
	isList := strings.HasPrefix(r.URL.Path, bulk)
	if _, list := body.([]any); list != isList {
		return nil, invalid("The body has another form.")
	}
	if _, object := body.(wire.Object); object == isList {
		return nil, invalid("The body has another form.")
	}
	return body, reply{}
}

// window reads limit and skip.
func window(limit, skip string) (size, from int, ok bool) {
	size, from = usualLimit, 0
	var wrongLimit, wrongSkip error
	if limit != "" {
		size, wrongLimit = strconv.Atoi(limit)
	}
	if skip != "" {
		from, wrongSkip = strconv.Atoi(skip)
	}
	return size, from, wrongLimit == nil && wrongSkip == nil && size >= 1 && from >= 0 && from < 1<<30
}

// bare is a page of v2: an array, of at most a hundred.
func bare[T any](e *emulator, c call, list []T, show func(T) any) reply {
	size, from, ok := window(c.q.Get("limit"), c.q.Get("skip"))
	if !ok || size > mostRows {
		return invalid("limit or skip is wrong")
	}
	rows, total := wire.PageAt(e.Pages, list, from, size)
	shown := []any{}
	for _, row := range rows {
		shown = append(shown, show(row))
	}
	if e.region != regions[Key] { // the header may be there
		total = 0
	}
	return reply{status: http.StatusOK, body: shown, total: total}
}

func known(name string, names string) bool { return slices.Contains(strings.Fields(names), name) }

package hibob

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"rollcall/connectors/internal/conform"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// bob is a company with 900 custom fields, in which only basic info and work may be seen.
func bob(t *testing.T) core.Source {
	var catalogue []string
	for n := range 900 {
		catalogue = append(catalogue, fmt.Sprintf(`{"id":"work.custom.field_%d","name":"Field %d","type":"text"}`, n, n))
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct{ Fields []string }
		if r.Method == http.MethodGet {
			fmt.Fprintf(w, "[%s]", strings.Join(catalogue, ","))
			return
		}
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil || len(q.Fields) > 400 || !slices.Contains(q.Fields, "root.id") {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		custom := map[string]string{}
		for _, f := range q.Fields {
			if key, ok := strings.CutPrefix(f, "work.custom."); ok {
				custom[key] = "x"
			}
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"employees": []any{map[string]any{"id": "7", "email": "a@corp.example", "work": map[string]any{"custom": custom}}}})
	}))
	t.Cleanup(s.Close)
	source, err := NewSource(core.Answers{"serviceUserId": "S", "serviceUserToken": "t", "environment": "production"}, core.Env{Base: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func TestManyFieldsAreAskedForInSeveralSearches(t *testing.T) {
	for p, err := range bob(t).People(rest.WithClock(t.Context(), conform.NewClock(conform.Day), 0), core.Want{Leavers: -1}) {
		if err != nil || p.ID() != "7" || p.Value("custom.work.custom.field_0") != "x" || p.Value("custom.work.custom.field_899") != "x" {
			t.Errorf("%v, %v", p.Map(), err)
		}
	}
}

func TestCategoriesOfWhichNothingComesAreNamed(t *testing.T) {
	h, err := bob(t).Check(rest.WithClock(t.Context(), conform.NewClock(conform.Day), 0))
	if err != nil || h.People != 1 {
		t.Fatal(h, err)
	}
	for _, r := range h.Rights {
		if missing := slices.Contains([]string{"internal", "payroll", "home", "personal", "address"}, r.Permission.ID); r.Granted == missing || missing && r.Detail == "" {
			t.Errorf("%s: granted %v, %q", r.Permission.ID, r.Granted, r.Detail)
		}
	}
}

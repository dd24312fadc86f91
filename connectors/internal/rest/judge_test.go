package rest

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestValidIsWhatEncodingJSONAccepts(t *testing.T) {
	for _, text := range []string{`{"a":[1,-2.5e+3,"x\u00e9\"[[",true,null]}`, ` [ ] `, ``, `01`, `-`, `"\x"`, "\"\x01\"", `{"a":1,}`, `[1] 2`, `]`, `"`, `"\`,
		strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001), strings.Repeat("[", 50_000_000)} {
		if got, want := valid([]byte(text)), json.Valid([]byte(text)); got != want {
			t.Errorf("%.40q: %v, and encoding/json says %v", text, got, want)
		}
	}
}

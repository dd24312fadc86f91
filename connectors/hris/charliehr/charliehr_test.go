package charliehr

import (
	"testing"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

func TestRefusalWithAGoodStatusIsFound(t *testing.T) {
	for body, refused := range map[string]bool{`{"success":false,"message":"Something went wrong"}`: true, `{"success":true,"data":[]}`: false, `[]`: false, `"success"`: false} {
		p := refusal(&rest.Answer{Status: 200, Body: []byte(body)})
		if (p != nil) != refused || refused && (p.Code != core.Refused || p.What != "Charlie refused the call: “Something went wrong”.") {
			t.Errorf("%s gives %v", body, p)
		}
	}
}

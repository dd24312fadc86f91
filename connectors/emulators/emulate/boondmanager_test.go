package emulate_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

// boondJWT signs a payload with a key, as a client does.
func boondJWT(payload, key string) string {
	coded := base64.RawURLEncoding
	text := coded.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + coded.EncodeToString([]byte(payload))
	sign := hmac.New(sha256.New, []byte(key))
	sign.Write([]byte(text))
	return "X-Jwt-Client-Boondmanager: " + text + "." + coded.EncodeToString(sign.Sum(nil))
}

func boondPayload(s *emulate.Server) string {
	return fmt.Sprintf(`{"userToken":%q,"clientToken":%q}`, s.Options["userToken"], s.Options["clientToken"])
}

func boond(t testing.TB, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", "/api"+path, "", boondJWT(boondPayload(s), s.Options["clientKey"]), wantJSON, "X-Forwarded-Host: ui.boondmanager.com")
}

func TestBoondAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "boondmanager", emulate.Setup{})
	empty := []string{"email1", "email2", "phone1", "phone2", "reference", "title", "skills"}
	sameShape(t, boond(t, s, "/resources?page=1&maxResults=500&sort=lastName&order=asc").json(t),
		[]any{sample(t, "boondmanager", "employees.1.json"), sample(t, "boondmanager", "employees.2.json")}, empty...)
	tabs := []any{}
	for n := 11; n <= 16; n++ {
		tabs = append(tabs, sample(t, "boondmanager", fmt.Sprintf("resources-%d-administrative.json", n)))
	}
	for _, id := range []int{5101, 5106, 5109} {
		sameShape(t, boond(t, s, fmt.Sprintf("/resources/%d/administrative", id)).json(t), tabs, "/data/attributes/", "/endDate", "/agency/data")
	}
	for path, file := range map[string]string{
		"/agencies": "agencies.json", "/poles": "poles.json", "/application/dictionary?language=fr": "application-dictionary.json",
		"/application/current-user": "application-current-user.json", "/contracts/510602": "contracts-503.json",
		"/resources/999999999": "error.404.json", "/contracts": "error.405.json", "/resources?maxResults=501": "error.422.parameter.json",
	} {
		sameShape(t, boond(t, s, path).json(t), []any{sample(t, "boondmanager", file)}, "/endDate", "Contract/data")
	}
}

func TestBoondChecksTheJWT(t *testing.T) {
	s := start(t, "boondmanager", emulate.Setup{})
	key, payload := s.Options["clientKey"], boondPayload(s)
	for name, c := range map[string]struct {
		header string
		status int
	}{
		"right":         {boondJWT(payload, key), 200},
		"with a mode":   {boondJWT(strings.Replace(payload, "{", `{"time":1,"mode":"normal",`, 1), key), 200},
		"wrong key":     {boondJWT(payload, "x"), 422},
		"wrong user":    {boondJWT(`{"userToken":"x","clientToken":"64656d6f"}`, key), 422},
		"unknown claim": {boondJWT(strings.Replace(payload, "{", `{"exp":1,`, 1), key), 422},
		"no JWT":        {"X: y", 401},
	} {
		got := ask(t, s, "GET", "/api/resources", "", c.header)
		if got.status != c.status {
			t.Errorf("%s is answered %d, want %d", name, got.status, c.status)
		}
		if c.status != 200 {
			sameShape(t, got.json(t), []any{sample(t, "boondmanager", fmt.Sprintf("error.%d.json", c.status))})
		}
	}
	basic := start(t, "boondmanager", emulate.Setup{Way: "basic"})
	word := base64.StdEncoding.EncodeToString([]byte(basic.Options["login"] + ":" + basic.Options["password"]))
	if got := ask(t, basic, "GET", "/api/application/current-user", "", "Authorization: Basic "+word); got.status != 200 {
		t.Errorf("login and password are answered %d", got.status)
	}
}

func TestBoondPagesAndFilters(t *testing.T) {
	s := start(t, "boondmanager", emulate.Setup{})
	rows := func(query string) int { return len(at(t, boond(t, s, "/resources?"+query).json(t), "data").([]any)) }
	if rows("") != 30 || rows("page=4&sort=id") != 29 || rows("page=5&sort=id") != 0 || rows("nonsense=1") != 30 {
		t.Error("pages are wrong")
	}
	if n := rows("period=updated&startDate=2999-01-01"); n != 0 {
		t.Errorf("%d people were changed in the future", n)
	}
	if n := rows("resourceStates[]=0"); n != 4 {
		t.Errorf("%d people have left", n)
	}
}

func TestBoondTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "boondmanager", emulate.Setup{Day: anyDay})
	truth := s.Truth(anyDay)
	people := at(t, boond(t, s, "/resources?maxResults=500&sort=lastName&order=asc").json(t), "data").([]any)
	agree(t, truth, people, "id", map[string]string{"externalId": "id", "employeeNumber": "attributes/reference", "email": "attributes/email1",
		"workPhone": "attributes/phone1", "mobilePhone": "attributes/phone2", "departmentId": "relationships/pole/data/id"}, strings.TrimSpace)
	for id, want := range map[string]string{"5102": "active", "5106": "future", "5107": "terminated", "5108": "terminated", "5109": "on_leave",
		"5110": "active", "5115": "unknown", "5116": "active", "5120": "future", "5121": "terminated", "5124": "active", "5129": "active", "5130": "active"} {
		if got := truth[id]["employmentStatus"]; got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
	first := at(t, boond(t, s, "/resources/5112/administrative").json(t), "included", 1)
	if told(first, "attributes/startDate") != truth["5112"]["startDate"] || told(first, "attributes/endDate") == "" {
		t.Errorf("the chain of 5112 begins on %s: %v", truth["5112"]["startDate"], first)
	}
}

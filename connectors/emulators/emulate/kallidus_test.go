package emulate_test

import (
	"fmt"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
)

func kallidus(t testing.TB, s *emulate.Server, path string) reply {
	t.Helper()
	return ask(t, s, "GET", "/api/v1/beta"+path, "", "Authorization: Bearer "+s.Options["apiKey"], wantJSON, "X-Forwarded-Host: moorland.saplingapp.io")
}

func kallidusEverybody(t testing.TB, s *emulate.Server) (users []any) {
	t.Helper()
	for page, pages := 1, 1; page <= pages; page++ {
		got := kallidus(t, s, fmt.Sprintf("/profiles?page=%d", page)).json(t)
		pages = int(at(t, got, "total_pages").(float64))
		users = append(users, at(t, got, "users").([]any)...)
	}
	return users
}

var kallidusLoose = []string{"/building", "/languages", "/work_anniversary", "/bicycles", "/weekly_hours", "/on_site", "/notes", "/emergency_contacts",
	"/bank_account", "/staff_number", "/badge_number", "/t_shirt_size", "/compensation", "/department", "/location", "/division", "/manager",
	"/profile_image", "/email", "/start_date", "/home_address"}

func TestKallidusAnswersInTheShapeOfItsSamples(t *testing.T) {
	s := start(t, "kallidus", emulate.Setup{})
	samples := []any{sample(t, "kallidus", "employees.1.json"), sample(t, "kallidus", "employees.2.json")}
	for page := 1; page <= 5; page++ {
		sameShape(t, kallidus(t, s, fmt.Sprintf("/profiles?page=%d", page)).json(t), samples, kallidusLoose...)
	}
	sameShape(t, kallidus(t, s, "/profiles/c0ffee00-5a5a-4b4b-8c8c-000000005107").json(t),
		[]any{sample(t, "kallidus", "profile.c0ffee02-5a5a-4b4b-8c8c-0000d00d0002.json")}, append(kallidusLoose, "_phone_number", "_date", "last_day_worked",
			"preferred_name", "gender", "date_of_birth", "personal_email")...)
}

func TestKallidusIsStrict(t *testing.T) {
	s := start(t, "kallidus", emulate.Setup{})
	key := "Authorization: Bearer " + s.Options["apiKey"]
	for name, c := range map[string]struct {
		method, path, header, more string
		status                     int
	}{
		"right":             {"GET", "/api/v1/beta/profiles", key, "X: y", 200},
		"another key":       {"GET", "/api/v1/beta/profiles", key + "x", "X: y", 401},
		"another scheme":    {"GET", "/api/v1/beta/profiles", strings.Replace(key, "Bearer", "Basic", 1), "X: y", 401},
		"another region":    {"GET", "/hr/api/v1/beta/profiles", key, "X: y", 404},
		"another subdomain": {"GET", "/api/v1/beta/profiles", key, "X-Forwarded-Host: highland.saplingapp.io", 404},
		"nobody":            {"GET", "/api/v1/beta/profiles/x", key, "X: y", 404},
		"another method":    {"POST", "/api/v1/beta/profiles", key, "X: y", 405},
		"a field":           {"GET", "/api/v1/beta/profiles/fields/PFID00301", key, "X: y", 200},
		"no field":          {"GET", "/api/v1/beta/profiles/fields/nothing", key, "X: y", 404},
	} {
		got := ask(t, s, c.method, c.path, "", c.header, c.more)
		if got.status != c.status {
			t.Errorf("%s is answered %d, want %d", name, got.status, c.status)
		}
		if c.status != 200 {
			sameShape(t, got.json(t), []any{sample(t, "kallidus", "error.401.json")})
		}
	}
}

func TestKallidusInTheUKShowsLeaversWhenAsked(t *testing.T) {
	s := start(t, "kallidus", emulate.Setup{Way: "uk"})
	total := func(query string) float64 {
		got := ask(t, s, "GET", "/hr/api/v1/beta/profiles?"+query, "", "Authorization: Bearer "+s.Options["apiKey"], "X-Forwarded-Host: moorland.kallidus-suite.com")
		return at(t, got.json(t), "total_users").(float64)
	}
	if a, b, c := total("page=1"), total("status=inactive"), total("status=all"); a+b != c || b == 0 || c != 119 {
		t.Errorf("%v in service, %v others, %v in all", a, b, c)
	}
}

func TestKallidusTruthSaysWhatTheRecordsSay(t *testing.T) {
	s := start(t, "kallidus", emulate.Setup{Day: anyDay})
	agree(t, s.Truth(anyDay), kallidusEverybody(t, s), "guid", map[string]string{"externalId": "guid", "firstName": "first_name", "preferredName": "preferred_name",
		"jobTitle": "job_title", "employmentType": "employment_status", "startDate": "start_date", "birthDate": "date_of_birth", "mobilePhone": "mobile_phone_number",
		"postalCode": "home_address/zip", "photoUrl": "profile_image", "custom.bicycles": "bicycles", "custom.on_site": "on_site", "custom.notes": "notes"},
		func(s string) string { day, _, _ := strings.Cut(s, "T00:"); return strings.TrimSpace(day) })
	met := map[string]int{}
	for _, record := range s.Truth(anyDay) {
		met[record["employmentStatus"]]++
	}
	if len(met) != 4 {
		t.Errorf("statuses %v", met)
	}
}

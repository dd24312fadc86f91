package connectors

import (
	"testing"

	"rollcall/core"
)

func TestReplayOfCatalystOne(t *testing.T) {
	for host, path := range map[string]string{"havbryn.catalystone.com": "/mono/api", "c6.catalystone.com": "/havbryn/api"} {
		t.Run(host, func(t *testing.T) {
			replayed(t, &replay{id: "catalystone", files: map[string]string{path + "/accesstoken": "accesstoken.json", path + "/employees": "employees.1.json"}}, core.Answers{"baseUrl": core.Secret("https://" + host + path), "clientId": "3f9d", "clientSecret": "9a8b"}, "replay")
		})
	}
}

func TestCatalystOneTakesFieldNamesOfTheAccount(t *testing.T) {
	a := core.Answers{"baseUrl": "https://havbryn.catalystone.com/mono/api", "clientId": "3f9d", "clientSecret": "9a8b", "fieldNames": "\nteam = Badge ID"}
	if _, err := All().Source("catalystone", a, core.Env{}); !core.HasCode(err, core.BadOption) {
		t.Errorf("a field that cannot be named was taken: %v", err)
	}
	a["fieldNames"] = "office = badge id\n"
	files := map[string]string{"/mono/api/accesstoken": "accesstoken.json", "/mono/api/employees": "employees.1.json"}
	people := readReplay(t, &replay{id: "catalystone", files: files}, a, core.Want{Leavers: -1})
	if got := people[1]; got["office"] != "HB-302" || got["custom.1251"] != "" {
		t.Errorf("the office is %q, and the custom field %q", got["office"], got["custom.1251"])
	}
}

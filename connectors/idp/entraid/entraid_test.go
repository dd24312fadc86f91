package entraid

import (
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// read reads everybody of an emulator, with what a person answered beside the emulator's own options.
func read(t *testing.T, setup emulate.Setup, want core.Want) (people []map[string]string, health core.Health) {
	t.Helper()
	server, err := emulate.Start("entraid", setup)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	answers := core.Answers{}
	for id, v := range server.Options {
		answers[id] = core.Secret(v)
	}
	if answers, err = vendor.Complete(answers); err != nil {
		t.Fatal(err)
	}
	source, err := NewSource(answers, core.Env{Base: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	if health, err = source.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	for p, err := range source.People(t.Context(), want) {
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, p.Map())
	}
	return people, health
}

func TestLeaveDateThatMayNotBeSeenIsLeftOut(t *testing.T) {
	people, health := read(t, emulate.Setup{Hidden: []string{leaveDate}}, core.Want{Leavers: -1})
	if len(people) < 100 {
		t.Errorf("only %d people came", len(people))
	}
	for _, p := range people {
		if p["endDate"] != "" {
			t.Fatalf("%s has an end date", p["externalId"])
		}
	}
	for _, right := range health.Rights {
		if right.ID == "User-LifeCycleInfo.Read.All" && right.Granted {
			t.Error("the test says that the leave date may be seen")
		}
	}
}

func TestGuestsAreLeftOut(t *testing.T) {
	people, _ := read(t, emulate.Setup{}, core.Want{Fields: []string{"custom.userType", "custom.userPrincipalName"}, Leavers: -1})
	for _, p := range people {
		if p["custom.userType"] == "Guest" || strings.Contains(p["custom.userPrincipalName"], "#EXT#") {
			t.Errorf("%s is a guest", p["externalId"])
		}
	}
}

func TestCertificateAndKeyBelongTogether(t *testing.T) {
	server, err := emulate.Start("entraid", emulate.Setup{Way: "certificate"})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	certificate, key := server.Options["certificate"], server.Options["privateKey"]
	if _, err := readIdentity(certificate, key); err != nil {
		t.Error(err)
	}
	for name, c := range map[string][2]string{
		"no certificate": {"hello", key}, "a key for a certificate": {key, key}, "no key": {certificate, "hello"}, "a certificate for a key": {certificate, certificate},
	} {
		if _, err := readIdentity(c[0], c[1]); !core.HasCode(err, core.BadOption) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReasonsOfTheSignInPageAreToldApart(t *testing.T) {
	for body, want := range map[string]core.Code{
		`{"error":"invalid_request","error_codes":[90002]}`:  core.NotFound,
		`{"error":"invalid_client","error_codes":[7000222]}`: core.BadCredentials,
		`{"error":"invalid_grant","error_codes":[1]}`:        "",
		`{"error":{"code":"Request_BadRequest"}}`:            "",
		`<html>`: "",
	} {
		p := explain(&rest.Answer{Status: 400, Body: []byte(body)})
		if p == nil && want != "" || p != nil && p.Code != want {
			t.Errorf("%s: %v", body, p)
		}
	}
}

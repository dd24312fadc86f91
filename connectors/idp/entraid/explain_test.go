package entraid

import (
	"encoding/json"
	"strings"
	"testing"

	"rollcall/connectors/emulators/emulate"
	"rollcall/connectors/emulators/wire"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

func TestRefusalsNameWhatTheyAreAbout(t *testing.T) {
	target := open(t, start(t, empty), core.Env{}, nil)
	set := map[string]string{principalName: "ada@corp.example", "mail": "ada@corp.example", "city": "Oslo"}
	for name, c := range map[string]struct {
		status int
		error  string
		write  core.Write
		code   core.Code
		says   string
	}{
		"a name that is taken, in details": {400, `{"code":"Request_BadRequest","message":"x","details":[{"code":"ObjectConflict","target":"userPrincipalName","message":"y"}]}`,
			core.Write{Set: set}, core.Conflict, "“User principal name” cannot be “ada@corp.example”"},
		"an address that is taken":  {400, `{"message":"Another object with the same value for property proxyAddresses already exists."}`, core.Write{Set: set}, core.Conflict, "“E-mail”"},
		"a value that is not taken": {400, `{"message":"Invalid value specified for property 'city' of resource 'User'."}`, core.Write{Set: set}, core.Refused, "“City”"},
		"somebody from on-premises": {400, `{"message":"Unable to update the specified properties for on-premises mastered Directory Sync objects."}`, core.Write{}, core.Refused, "Active Directory"},
		"another domain":            {400, `{"message":"The domain portion of the userPrincipalName property is invalid."}`, core.Write{}, core.Refused, "not verified"},
		"a password":                {400, `{"message":"The specified password does not comply with password complexity requirements."}`, core.Write{}, core.Refused, "password"},
		"a part of a batch":         {424, `{"message":"Failed dependency"}`, core.Write{}, core.Refused, "Failed dependency"},
		"nobody":                    {404, `{"code":"Request_ResourceNotFound"}`, core.Write{Account: "a-1"}, core.NotFound, "a-1"},
		"a leave date":              {403, `{}`, core.Write{Verb: core.Update, Set: map[string]string{leaveDate: ""}}, core.MissingScope, "User-LifeCycleInfo.ReadWrite.All"},
		"groups":                    {403, `{}`, core.Write{Verb: core.Update, Set: map[string]string{core.Groups: "Staff"}}, core.MissingScope, "GroupMember.ReadWrite.All is missing."},
		"groups that are read":      {403, `{}`, core.Write{Set: map[string]string{core.Groups: ""}}, core.MissingScope, "GroupMember.Read.All is missing."},
		"somebody new, with groups": {403, `{}`, core.Write{Set: map[string]string{core.Groups: "Staff", "city": "Oslo"}}, core.MissingScope, "User.ReadWrite.All is missing."},
		"somebody who is disabled":  {403, `{}`, core.Write{Verb: core.Deactivate, Account: "a-1"}, core.MissingScope, "User.ReadWrite.All is missing, or the account is an administrator's."},
		"reading":                   {403, `{}`, core.Write{Account: "a-1"}, core.MissingScope, "User.Read.All"},
		"writing":                   {403, `{}`, core.Write{Verb: core.Delete, Account: "a-1"}, core.MissingScope, "User.ReadWrite.All"},
	} {
		a := &rest.Answer{Status: c.status, Body: []byte(`{"error":` + c.error + `}`)}
		err := target.explained(target.rest.Judge(a, true), c.write)
		if !core.HasCode(err, c.code) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPartsGiveWhatWholeAnswersGive(t *testing.T) {
	target := open(t, start(t, empty), core.Env{}, nil)
	for status, code := range map[int]core.Code{200: "", 204: "", 401: core.BadCredentials, 404: core.NotFound, 429: core.RateLimited, 500: core.Unknown, 503: core.ServerFault} {
		p := target.rest.Judge(&rest.Answer{Status: status}, false)
		if p == nil && code != "" || p != nil && p.Code != code {
			t.Errorf("%d: %v", status, p)
		}
	}
}

func TestNameOfSomebodyDeletedIsTheOneHeHad(t *testing.T) {
	const id = "0a6e1f0c-1111-4aaa-8bbb-000000000001"
	for name, want := range map[string]string{"0a6e1f0c11114aaa8bbb000000000001ada@corp.example": "ada@corp.example", "ada@corp.example": "ada@corp.example",
		"0a6e1f0c11114aaa8bbb000000000001@corp.example": "0a6e1f0c11114aaa8bbb000000000001@corp.example"} {
		if got := undeleted(name, id); got != want {
			t.Errorf("%s became %s", name, got)
		}
	}
	if undeleted("ada", "") != "ada" {
		t.Error("without an id the name changed")
	}
}

func TestExtensionsAreAttributesOfTheirKind(t *testing.T) {
	for kind, want := range map[string]core.Kind{"String": core.Text, "Integer": core.Number, "Boolean": core.Bool, "DateTime": core.Date} {
		a, ok := extensionOf(definition{Name: "extension_1_x", DataType: kind})
		if !ok || a.Kind != want || a.Label != "x" {
			t.Errorf("%s: %+v", kind, a)
		}
	}
	a, _ := extensionOf(definition{Name: "extension_1_x", DataType: "Integer", IsMultiValued: true})
	if text, err := json.Marshal(a.encode("1\x1f22")); err != nil || string(text) != "[1,22]" {
		t.Errorf("%s, %v", text, err)
	}
	if _, ok := extensionOf(definition{Name: "x", DataType: "Binary"}); ok {
		t.Error("bytes are offered")
	}
}

func TestSomebodySignsInWithTheBrowserToWrite(t *testing.T) {
	server := start(t, emulate.Setup{Way: "oauth", Writing: wire.Writing{Empty: true}})
	env := core.Env{Ask: core.Ask{OpenURL: func(page string) error {
		if !strings.Contains(page, ".default") || !strings.Contains(page, "code_challenge") {
			t.Errorf("the page is %s", page)
		}
		get(t, page)
		return nil
	}}}
	target := open(t, server, env, nil)
	if _, err := target.Write(t.Context(), creates(1)[0]); err != nil {
		t.Error(err)
	}
}

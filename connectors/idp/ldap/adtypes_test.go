package ldap

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"rollcall/core"
)

func TestGUIDsArePrintedInMixedEndian(t *testing.T) {
	bytes := []byte{0x12, 0x3d, 0x40, 0x22, 0x34, 0x32, 0xd9, 0x4c, 0xad, 0x49, 0x43, 0x4b, 0x61, 0x89, 0x2f, 0x60}
	const text = "22403d12-3234-4cd9-ad49-434b61892f60"
	if got := guidText(bytes); got != text {
		t.Errorf("printed %s", got)
	}
	if got, ok := guidFilter(text); !ok || got != `\12\3d\40\22\34\32\d9\4c\ad\49\43\4b\61\89\2f\60` {
		t.Errorf("as a filter %s", got)
	}
	for _, bad := range []string{"", "x", text + "0", "22403d12x3234-4cd9-ad49-434b61892f60", "22403d12-3234-4cd9-ad49-434b61892f6g", "(objectClass=*)"} {
		if got, ok := guidFilter(bad); ok {
			t.Errorf("%q gave %s", bad, got)
		}
	}
	if guidText(bytes[1:]) != "" {
		t.Error("fifteen bytes are no GUID")
	}
}

func TestExtendedNamesComeApart(t *testing.T) {
	for extended, want := range map[string][2]string{
		"<GUID=22403D12-3234-4cd9-ad49-434b61892f60>;<SID=S-1-5-21-1-2-3-1101>;CN=a>;b,DC=x": {"22403d12-3234-4cd9-ad49-434b61892f60", "CN=a>;b,DC=x"},
		"<GUID=22403d12-3234-4cd9-ad49-434b61892f60>;OU=x,DC=x":                              {"22403d12-3234-4cd9-ad49-434b61892f60", "OU=x,DC=x"},
		"CN=plain,DC=x": {"", "CN=plain,DC=x"},
		"<broken":       {"", "<broken"},
		"":              {"", ""},
	} {
		if id, dn := splitDN(extended); id != want[0] || dn != want[1] {
			t.Errorf("%s gave %q and %q", extended, id, dn)
		}
	}
}

func TestLastDayIsTheDayBeforeTheMidnight(t *testing.T) {
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Skip("this computer has no time zones")
	}
	for _, where := range []*time.Location{time.UTC, stockholm, time.FixedZone("west", -8*3600)} {
		for _, day := range []string{"2026-11-22", "2026-03-28", "2026-03-29", "2026-10-25", "1999-12-31", "9999-12-31"} {
			ticks, ok := expiry(day, where)
			if got := lastDay(ticks, where); !ok || got != day {
				t.Errorf("%s in %s came back as %s", day, where, got)
			}
		}
	}
	for _, v := range []string{"0", never, "", "x", "-1"} {
		if got := lastDay(v, time.UTC); got != "" {
			t.Errorf("%q is %s", v, got)
		}
	}
	for _, v := range []string{"", "22.11.2026", "1500-01-01"} {
		if _, ok := expiry(v, time.UTC); ok {
			t.Errorf("%q is a day", v)
		}
	}
}

func TestOnlyOneBitOfTheStateChanges(t *testing.T) {
	for _, c := range []struct {
		before string
		active bool
		after  string
	}{{"512", false, "514"}, {"514", true, "512"}, {"66048", false, "66050"}, {"66050", true, "66048"}, {"512", true, "512"}, {"", true, "512"}} {
		if got := stateValue(c.before, c.active); got != c.after {
			t.Errorf("%s, active %v: %s, want %s", c.before, c.active, got, c.after)
		}
	}
	if got := passwordValue("aé"); got != "\"\x00a\x00\xe9\x00\"\x00" {
		t.Errorf("the password is %q", got)
	}
}

func TestAccountNamesAreChecked(t *testing.T) {
	for name, good := range map[string]bool{"ada.berg": true, "O'Hara": true, "zoë": true, "a b": true, "a*b": false, "a/b": false, `a\b`: false, "a@b": true, "ada.": false, "..": false, " ": false, "a\tb": false} {
		if fault := accountNameFault(name); (fault == "") != good {
			t.Errorf("%q: %q", name, fault)
		}
	}
}

func TestPrimaryAddressFollowsTheMail(t *testing.T) {
	split := func(s string) []string { return strings.Fields(s) }
	for _, c := range []struct{ name, got, want string }{
		{"shown without the primary", strings.Join(furtherAddresses(split("SMTP:a@x smtp:b@x"), "A@x"), " "), "smtp:b@x"},
		{"another primary is shown", strings.Join(furtherAddresses(split("SMTP:a@x smtp:b@x"), "c@x"), " "), "SMTP:a@x smtp:b@x"},
		{"written with it", strings.Join(withPrimary("a@x", split("smtp:b@x smtp:A@x")), " "), "SMTP:a@x smtp:b@x"},
		{"unless another is named", strings.Join(withPrimary("a@x", split("SMTP:b@x")), " "), "SMTP:b@x"},
		{"the former one stays", strings.Join(movedPrimary(split("SMTP:a@x smtp:b@x X500:/o"), "b@x"), " "), "SMTP:b@x smtp:a@x X500:/o"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.name, c.got, c.want)
		}
	}
}

func TestNumbersOfTakenNames(t *testing.T) {
	long := strings.Repeat("å", 64)
	for n, want := range map[int]string{1: long, 2: strings.Repeat("å", 62) + " 2", 10: strings.Repeat("å", 61) + " 10"} {
		if got := numbered(long, n); got != want || withoutNumber(got, "x", long) != long {
			t.Errorf("%d: %s, back %s", n, got, withoutNumber(got, "x", long))
		}
	}
	for name, want := range map[string]string{"Ada 2": "Ada", "Ada 1": "Ada 1", "Ada 02": "Ada 02", "Ada": "Ada", "Bo 2": "Bo 2", "": ""} {
		if got := withoutNumber(name, "Ada", ""); got != want {
			t.Errorf("%s is shown as %s", name, got)
		}
	}
}

// parts answers as a domain does that gives so many values at once.
func parts(all []string, most int, lie bool) func(string) (*goldap.Entry, error) {
	return func(name string) (*goldap.Entry, error) {
		from := 0
		_, _ = fmt.Sscanf(name, "member;range=%d-*", &from)
		to, end := min(from+most, len(all)), "*"
		if to < len(all) {
			end = fmt.Sprint(to - 1)
		}
		if from == 0 && end == "*" {
			return goldap.NewEntry("cn=g", map[string][]string{"member": all}), nil
		}
		if lie && from > 0 {
			return goldap.NewEntry("cn=g", nil), nil
		}
		e := goldap.NewEntry("cn=g", map[string][]string{fmt.Sprintf("member;range=%d-%s", from, end): all[from:to]})
		e.Attributes = append(e.Attributes, &goldap.EntryAttribute{Name: "member"})
		return e, nil
	}
}

func TestLargeGroupsAreReadInParts(t *testing.T) {
	var all []string
	for n := range 4000 {
		all = append(all, fmt.Sprint("cn=", n))
	}
	for _, many := range []int{0, 1, 1499, 1500, 1501, 3000, 4000} {
		got, err := inParts("member", parts(all[:many], 1500, false))
		if err != nil || !slices.Equal(got, all[:many]) && many > 0 || len(got) != many {
			t.Errorf("%d of %d members, %v", len(got), many, err)
		}
	}
	if _, err := inParts("member", parts(all, 1500, true)); !core.HasCode(err, core.Incomplete) {
		t.Errorf("a reading that breaks off: %v", err)
	}
	if _, err := inParts("member", func(string) (*goldap.Entry, error) { return nil, core.AsProblem(errors.New("gone")) }); err == nil {
		t.Error("an error was passed over")
	}
}

func TestErrorsOfWindowsNameTheAttribute(t *testing.T) {
	d := &domain{session: &session{host: "dc1.corp.example"}}
	f := &facts{attributes: []core.Attribute{{ID: "title", Label: "Job title"}}}
	for text, c := range map[string]struct {
		result uint16
		code   core.Code
		says   string
	}{
		"0000200B: AtrErr: DSID-03151E6C, #1:\n\t0: 0000200B: DSID-03151E6C, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att c (title):len 260": {goldap.LDAPResultConstraintViolation, core.Refused, "Job title"},
		"0000200B: objectclass_attrs: attribute 'title' on entry 'CN=x' contains at least one invalid value!":                                   {goldap.LDAPResultInvalidAttributeSyntax, core.Refused, "Job title"},
		"0000052D: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0":                                                              {goldap.LDAPResultUnwillingToPerform, core.Refused, "password"},
		"0000001F: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0":                                                              {goldap.LDAPResultUnwillingToPerform, core.Refused, "encrypted"},
		"000021C8: AtrErr: DSID-03200BBA, #1: 0: 000021C8, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 90290 (userPrincipalName)":           {goldap.LDAPResultConstraintViolation, core.Conflict, "userPrincipalName"},
		"000020B5: AtrErr: DSID-03152A29, #1: 0: 000020B5, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 2000a (manager)":                     {goldap.LDAPResultConstraintViolation, core.Refused, "manager"},
		"00002098: SecErr: DSID-03150E49, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0":                                                          {goldap.LDAPResultInsufficientAccessRights, core.MissingScope, "delegate"},
		"00002030: NameErr: DSID-0310020A, problem 2001 (NO_OBJECT), data 0, best match of: 'DC=corp,DC=example'":                               {goldap.LDAPResultNoSuchObject, core.NotFound, ""},
	} {
		err := d.refusal(t.Context(), goldap.NewError(c.result, errors.New(text)), f, "", nil)
		p := core.AsProblem(err)
		if p.Code != c.code || !strings.Contains(p.What+p.Fix, c.says) || p.Fix == "" {
			t.Errorf("%s: %s %v", text[:8], p.Code, p)
		}
	}
}

func FuzzNamesOfActiveDirectory(f *testing.F) {
	f.Add("<GUID=22403d12-3234-4cd9-ad49-434b61892f60>;CN=x", "Ada 2")
	f.Fuzz(func(t *testing.T, dn, name string) {
		if _, plain := splitDN(dn); len(plain) > len(dn) {
			t.Errorf("%q became %q", dn, plain)
		}
		_, _ = guidFilter(dn)
		_ = lastDay(dn, time.UTC)
		_ = accountNameFault(name)
		if got := withoutNumber(numbered(name, 7), name); name != "" && len([]rune(name)) < 60 && got != name {
			t.Errorf("%q became %q", name, got)
		}
	})
}

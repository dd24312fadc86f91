// Package sagepeople reads people from Sage People on Salesforce. The manifest says where
// fields stand; code signs in, which tells the address of the data, and reads the pages.
package sagepeople

import (
	"context"
	_ "embed"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

//go:embed manifest.yaml
var manifestYAML []byte

var vendor = manifest.Must(manifestYAML)

// Spec gives the card and the form.
func Spec() core.Spec { return vendor.Spec }

// NewSource makes the source. Its own client only signs in; each reading makes another
// one for the address that the sign-in names.
func NewSource(a core.Answers, env core.Env) (core.Source, error) {
	read := func(ctx context.Context, r manifest.Pull) iter.Seq2[any, error] { return rows(ctx, r.Client, a, env) }
	health := func(ctx context.Context, c *rest.Client, a core.Answers, h *core.Health) error {
		return fieldSet(rows(ctx, c, a, env), a, h)
	}
	return manifest.NewOwn(vendor, manifest.Own{Rows: read, Row: unfold, Status: status, Health: health}, a, env)
}

// signIn gets a token, and the address of the company's data.
func signIn(ctx context.Context, login *rest.Client, a core.Answers) (token rest.Token, instance string, err error) {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {a.Get("clientId")}, "client_secret": {a.Get("clientSecret")}}
	if a.Get("auth") == "password" {
		form.Set("grant_type", "password")
		form.Set("username", a.Get("username"))
		form.Set("password", a.Get("password"))
	}
	var answer struct {
		Token    string `json:"access_token"`
		Instance string `json:"instance_url"`
	}
	_, err = login.Do(ctx, http.MethodPost, "/services/oauth2/token", nil, form, &answer, rest.Unsigned(), rest.Repeatable())
	var f *rest.Failure
	if errors.As(err, &f) && slices.Contains([]int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden}, f.Status) {
		says := vendor.Errors[http.StatusUnauthorized]
		err = &core.Problem{Code: core.BadCredentials, What: says.What, Fix: says.Fix, Cause: f}
	}
	return rest.Lasting(answer.Token, 0, login.Now(ctx)), answer.Instance, err
}

// open signs in, and makes the client for the company's data.
func open(ctx context.Context, login *rest.Client, a core.Answers, env core.Env) (*rest.Client, error) {
	token, instance, err := signIn(ctx, login, a)
	if err != nil {
		return nil, err
	}
	if !ours(instance, a.Get("loginHost")) {
		return nil, &core.Problem{Code: core.BadData, What: "The sign-in to Sage People names no address of Salesforce for the data.",
			Fix: "Your credentials were not sent there. Check the sign-in address."}
	}
	cfg, err := vendor.Config(a, env)
	if err != nil {
		return nil, err
	}
	cfg.Base, cfg.Explain = instance, explain
	cfg.Sign = rest.Exchange(func(ctx context.Context, _ *rest.Client) (rest.Token, error) {
		first := token
		if token = (rest.Token{}); first.Value != "" {
			return first, nil
		}
		again, _, err := signIn(ctx, login, a)
		return again, err
	})
	return rest.New(cfg)
}

// ours says that data may be asked for at an address: one of Salesforce, or where people sign in.
func ours(instance, login string) bool {
	at, err := url.Parse(instance)
	from, errLogin := url.Parse(login)
	return err == nil && errLogin == nil && at.Scheme == "https" && (at.Host == from.Host || strings.HasSuffix(at.Host, ".salesforce.com"))
}

// explain knows the daily allowance that is used up, which is a 403 here.
func explain(a *rest.Answer) *core.Problem {
	if a.Status != http.StatusForbidden || !strings.Contains(string(a.Body), "REQUEST_LIMIT_EXCEEDED") {
		return nil
	}
	return &core.Problem{Code: core.RateLimited, What: "Sage People answers no more today: your company's daily calls to Salesforce are used up.",
		Fix: "Try again tomorrow, or ask your Salesforce administrator which program uses so many calls."}
}

// page is an answer of either way of reading.
type page struct {
	Data    []map[string]any `json:"data"`
	Records []map[string]any `json:"records"`
	Total   *int             `json:"totalSize"`
	Done    bool             `json:"done"`
	Next    string           `json:"nextRecordsUrl"`
}

func rows(ctx context.Context, login *rest.Client, a core.Answers, env core.Env) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		data, err := open(ctx, login, a, env)
		if err != nil {
			yield(nil, err)
			return
		}
		list := rest.List[map[string]any]{Vendor: vendor.Name, Noun: "people", ID: id, Fetch: employees(data)}
		if a.Get("via") == "query" {
			list.Fetch = query(data)
		}
		for row, err := range list.All(ctx) {
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func id(row map[string]any) string { return vendor.Value("externalId", row) }

type fetch = func(context.Context, string) (rest.Page[map[string]any], error)

// employees reads the pages of the API, each named by the last id of the one before. One
// that is not there comes after the last. A page that repeats the one before it ends the
// list, but not the second one: there the mark has never worked, and others would be left
// out.
func employees(c *rest.Client) fetch {
	pages := 0
	return func(ctx context.Context, at string) (rest.Page[map[string]any], error) {
		var answer page
		mark := url.Values{}
		if at != "" {
			mark.Set("marker", at)
		}
		got, err := c.Get(ctx, "/services/apexrest/spapi/v4/employees", mark, &answer)
		if err == nil && got.Status != http.StatusNoContent && answer.Data == nil {
			err = noList()
		}
		if at != "" && core.HasCode(err, core.NotFound) {
			err = nil
		}
		if err != nil || len(answer.Data) == 0 {
			return rest.Page[map[string]any]{Total: -1}, err
		}
		last := id(answer.Data[len(answer.Data)-1])
		if pages++; pages > 2 && last == at {
			return rest.Page[map[string]any]{Total: -1}, nil
		}
		return rest.Page[map[string]any]{Rows: answer.Data, Total: -1, Next: last}, nil
	}
}

const statement = "SELECT Id, Name, fHCM2__Unique_Id__c, fHCM2__First_Name__c, fHCM2__Surname__c, fHCM2__Preferred_Name__c, fHCM2__Email__c, " +
	"fHCM2__Home_Email__c, fHCM2__Phone_Number__c, fHCM2__Job_Title__c, fHCM2__Division__c, fHCM2__Employment_Status__c, fHCM2__Hire_Date__c, " +
	"fHCM2__Country__c, fHCM2__Manager__r.Id, fHCM2__Current_Employment__r.fHCM2__Business_Name__c FROM fHCM2__Team_Member__c ORDER BY Id"

// query reads the pages of the query of Salesforce.
func query(c *rest.Client) fetch {
	return func(ctx context.Context, at string) (rest.Page[map[string]any], error) {
		var answer page
		path, q := "/services/data/v61.0/query", url.Values{"q": {statement}}
		if at != "" {
			path, q = at, nil
		}
		if _, err := c.Get(ctx, path, q, &answer); err != nil {
			return rest.Page[map[string]any]{}, err
		}
		if answer.Records == nil {
			return rest.Page[map[string]any]{}, noList()
		}
		p := rest.Page[map[string]any]{Rows: answer.Records, Total: -1}
		if answer.Total != nil {
			p.Total = *answer.Total
		}
		if !answer.Done {
			p.Next = answer.Next
		}
		return p, nil
	}
}

func noList() error {
	return &core.Problem{Code: core.BadData, What: "An answer of Sage People holds no list of people.", Fix: "Try again, and send us the log if it happens twice."}
}

// unfold puts the additional fields under their sources, and those that are no field of
// ours into a list of their own.
func unfold(r manifest.Person) bool {
	added, customs := map[string]any{}, []any{}
	for _, one := range manifest.Several(r.Row["additionalFields"]) {
		source := manifest.TextAt(one, "source")
		if source == "" {
			continue
		}
		added[source], _ = manifest.At(one, "value")
		if !known[source] {
			customs = append(customs, one)
		}
	}
	r.Row["added"], r.Row["customs"] = added, customs
	return true
}

// known are the sources that the manifest's table and the status look at.
var known = func() map[string]bool {
	all := map[string]bool{statusWord: true}
	for _, from := range vendor.People.Fields {
		for _, path := range from.Paths {
			if source, ok := strings.CutPrefix(path, "added."); ok {
				all[source] = true
			}
		}
	}
	return all
}()

const statusWord = "fHCM2__Employment_Status__c"

func status(r manifest.Person) string {
	employed, active := manifest.TextAt(r.Row, "currentEmployment"), manifest.TextAt(r.Row, "currentEmployment.active")
	start := manifest.TextAt(r.Row, "currentEmployment.startDate")
	if r.Answers.Get("via") == "query" {
		start = vendor.Value("startDate", r.Row)
	}
	word := strings.ToLower(manifest.TextAt(r.Row, "added."+statusWord) + manifest.TextAt(r.Row, statusWord))
	switch {
	case manifest.Before(r.Today, manifest.Day(start)):
		return core.StatusFuture
	case active == "false", manifest.Before(vendor.Value("endDate", r.Row), r.Today):
		return core.StatusTerminated
	case away(word, r.Answers.Get("leaveWords")):
		return core.StatusOnLeave
	case active == "true", employed == "" && word == "current":
		return core.StatusActive
	case employed == "" && word == "leaver":
		return core.StatusTerminated
	}
	return core.StatusUnknown
}

// away says that a status word means leave: by itself, or because a person said so.
func away(word, words string) bool {
	for _, one := range strings.Split(words, ",") {
		if one = strings.TrimSpace(one); one != "" && strings.EqualFold(one, word) {
			return true
		}
	}
	return strings.Contains(word, "leave") && !strings.Contains(word, "leaver")
}

// fieldSet says whether the manager is among the additional fields, which come also where they are empty.
func fieldSet(people iter.Seq2[any, error], a core.Answers, h *core.Health) error {
	for row, err := range people {
		if err != nil {
			return err
		}
		fields, _ := manifest.At(row, "additionalFields")
		has := a.Get("via") == "query" || slices.ContainsFunc(manifest.Several(fields), func(one any) bool { return manifest.TextAt(one, "source") == "fHCM2__Manager__c" })
		for i, right := range h.Rights {
			if right.Permission.ID == "Employee API Additional Fields" && !has {
				h.Rights[i].Granted, h.Rights[i].Detail = false, "The field Manager is not in the field set."
			}
		}
		break
	}
	return nil
}

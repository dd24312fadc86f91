package successfactors

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// part is something that comes by $expand only, and the fields that need it; none: always.
type part struct {
	path   string
	fields []string
}

const jobs = "employmentNav/jobInfoNav/"

var parts = []part{
	{path: "employmentNav/userNav"},
	{path: jobs + "emplStatusNav"},
	{path: "personEmpTerminationInfoNav"},
	{"personalInfoNav", []string{"firstName", "lastName", "preferredName", "displayName", "gender"}},
	{"emailNav/emailTypeNav", []string{"email", "personalEmail"}},
	{"phoneNav/phoneTypeNav", []string{"workPhone", "mobilePhone"}},
	{jobs + "departmentNav", []string{"department", "departmentId"}},
	{jobs + "divisionNav", []string{"division"}},
	{jobs + "businessUnitNav", []string{"custom.businessUnit"}},
	{jobs + "companyNav", []string{"legalEntity"}},
	{jobs + "costCenterNav", []string{"costCenter"}},
	{jobs + "locationNav", []string{"location"}},
	{jobs + "locationNav/addressNavDEFLT", []string{"addressLine1", "addressLine2", "addressLine3", "city", "region", "postalCode", "country"}},
	{jobs + "employmentTypeNav", []string{"employmentType"}},
	{jobs + "employeeClassNav", []string{"employmentType"}},
}

// reading is one reading of everybody.
type reading struct {
	manifest.Pull
	log     *slog.Logger
	expand  []string
	session []rest.Option
	users   map[string]string // from the id of a user to that of the person
}

// wants says that a part is needed which these fields come from.
func (r *reading) wants(fields ...string) bool {
	return r.Want.Fields == nil || len(fields) == 0 || slices.ContainsFunc(r.Want.Fields, func(id string) bool {
		return slices.Contains(fields, id) || isRaw(id)
	})
}

func isRaw(id string) bool { return strings.HasPrefix(id, core.RawPrefix) }

// rows yields everybody with what counts of him. A manager is named by the id of a user,
// so whoever's manager has not come yet waits for him, without the vendor's own tree
// unless that is wanted.
func (r *reading) rows(ctx context.Context) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		r.users = map[string]string{}
		var waiting []map[string]any
		list := rest.List[any]{Vendor: vendor.Name, Noun: "people", Fetch: r.page, ID: func(row any) string { return vendor.Value("externalId", row) }}
		for one, err := range list.All(ctx) {
			row, ok := one.(map[string]any)
			if err == nil && !ok {
				err = &core.Problem{Code: core.BadData, What: "SAP SuccessFactors gave something that is no person.", Fix: "Try again, and send us the log if it happens twice."}
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for user, person := range complete(row, r.Pull) {
				r.users[user] = person
			}
			if !slices.ContainsFunc(r.Want.Fields, isRaw) {
				strip(row)
			}
			if !r.known(row) && r.wants("managerId") {
				waiting = append(waiting, row)
			} else if !yield(row, nil) {
				return
			}
		}
		for _, row := range waiting {
			r.known(row)
			if !yield(row, nil) {
				return
			}
		}
	}
}

// known puts the manager's own id in the place of his user's, if he came.
func (r *reading) known(row map[string]any) bool {
	user, _ := row["manager"].(string)
	person, ok := r.users[user]
	if ok {
		row["manager"] = person
	}
	return ok || user == ""
}

// page reads one page; a part that this company does not have is left out.
func (r *reading) page(ctx context.Context, at string) (rest.Page[any], error) {
	if at != "" {
		return r.ask(ctx, at)
	}
	r.expand = nil
	for _, p := range parts {
		if r.wants(p.fields...) {
			r.expand = append(r.expand, p.path)
		}
	}
	for {
		page, err := r.ask(ctx, "")
		lacking := r.lacks(err)
		if lacking == "" {
			return page, err
		}
		if r.log != nil {
			r.log.Warn("a part of people is not there or may not be seen; it is left out", "vendor", vendor.Name, "part", lacking)
		}
	}
}

func (r *reading) ask(ctx context.Context, next string) (page rest.Page[any], err error) {
	var answer struct {
		D struct {
			Results []any  `json:"results"`
			Next    string `json:"__next"`
		} `json:"d"`
	}
	path, query := r.first()
	if next != "" { // followed exactly, but at the vendor's own host
		u, err := url.Parse(next)
		if err != nil {
			return page, &core.Problem{Code: core.BadData, What: "SAP SuccessFactors gave an address of the next page that is none.", Fix: "Try again later."}
		}
		path, query = r.Client.Local(u.EscapedPath()+"?"+u.RawQuery), nil
	}
	a, err := r.Client.Get(ctx, path, query, &answer, r.session...)
	if err != nil {
		return page, err
	}
	if answer.D.Results == nil {
		return page, &core.Problem{Code: core.BadData, What: "An answer of SAP SuccessFactors cannot be read: it holds no list of people.",
			Fix: "Try again, and send us the log if it happens twice."}
	}
	r.keep(a.Header)
	return rest.Page[any]{Rows: answer.D.Results, Total: -1, Next: answer.D.Next}, nil
}

// first is the call for the first page. The span shows past and future records too.
func (r *reading) first() (path string, query url.Values) {
	query = url.Values{"$format": {"json"}, "paging": {r.Answers.Get("paging")}, "customPageSize": {r.Answers.Get("pageSize")}}
	if r.Answers.Get("records") == "user" {
		query.Set("$filter", "status in 't','f','T','F','e','d'")
		query.Set("$expand", "manager")
		return "/odata/v2/User", query
	}
	query.Set("$expand", strings.Join(r.expand, ","))
	query.Set("fromDate", "1900-01-01")
	query.Set("toDate", "9999-12-31")
	return "/odata/v2/PerPerson", query
}

// keep keeps the session, for a snapshot lies on one computer only.
func (r *reading) keep(h http.Header) {
	var cookies []string
	for _, c := range (&http.Response{Header: h}).Cookies() {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	if len(cookies) > 0 {
		r.session = []rest.Option{rest.Header("Cookie", strings.Join(cookies, "; "))}
	}
	if token := h.Get("X-CSRF-Token"); token != "" {
		r.session = append(r.session, rest.Header("X-CSRF-Token", token))
	}
}

var named = regexp.MustCompile(`[A-Za-z0-9_/]+`)

// lacks takes the part that a refusal names out of what is asked for, and gives it.
func (r *reading) lacks(err error) string {
	var f *rest.Failure
	if !errors.As(err, &f) || !slices.Contains([]string{"COE_PROPERTY_NOT_FOUND", "COE_ENTITY_NOT_FOUND"}, said(&f.Answer).Code) {
		return ""
	}
	for _, word := range named.FindAllString(said(&f.Answer).Message.Value, -1) {
		word = strings.TrimPrefix(word, "PerPerson/")
		before := len(r.expand)
		r.expand = slices.DeleteFunc(r.expand, func(path string) bool {
			return strings.HasPrefix(path+"/", word+"/") || strings.HasSuffix(path, "/"+word) || strings.Contains(path, "/"+word+"/")
		})
		if len(r.expand) < before {
			return word
		}
	}
	return ""
}

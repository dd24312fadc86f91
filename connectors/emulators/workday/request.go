package workday

import (
	"encoding/xml"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const namespace = "urn:com.workday/bsvc"

// node is an element of a request, without regard to prefixes.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Nodes   []node     `xml:",any"`
}

// all gives the elements at a path below n.
func (n node) all(path string) []node {
	name, rest, deeper := strings.Cut(path, "/")
	var found []node
	for _, c := range n.Nodes {
		switch {
		case c.XMLName.Local != name:
		case deeper:
			found = append(found, c.all(rest)...)
		default:
			found = append(found, c)
		}
	}
	return found
}

func (n node) text(path string) string {
	if found := n.all(path); len(found) > 0 {
		return strings.TrimSpace(found[0].Text)
	}
	return ""
}

func (n node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (n node) on(path string) bool { t := n.text(path); return t == "1" || t == "true" }

// known are the elements of a request that this emulator understands, by their parents; Exclude_ switches are known too.
var known = map[string][]string{
	"Get_Workers_Request": {"Request_References", "Request_Criteria", "Response_Filter", "Response_Group"},
	"Request_References":  {"Worker_Reference"},
	"Worker_Reference":    {"ID"},
	"Request_Criteria": {"Transaction_Log_Criteria_Data", "Organization_Reference", "Include_Subordinate_Organizations",
		"Field_And_Parameter_Criteria_Data"},
	"Transaction_Log_Criteria_Data":     {"Transaction_Date_Range_Data", "Transaction_Type_References"},
	"Transaction_Date_Range_Data":       {"Updated_From", "Updated_Through", "Effective_From", "Effective_Through"},
	"Transaction_Type_References":       {"Transaction_Type_Reference"},
	"Transaction_Type_Reference":        {"ID"},
	"Organization_Reference":            {"ID"},
	"Field_And_Parameter_Criteria_Data": {"Provider_Reference"},
	"Provider_Reference":                {"ID"},
	"Response_Filter":                   {"As_Of_Effective_Date", "As_Of_Entry_DateTime", "Page", "Count"},
	"Response_Group": {"Include_Reference", "Include_Personal_Information", "Include_Additional_Jobs", "Include_Employment_Information",
		"Include_Organizations", "Include_Management_Chain_Data", "Include_Photo", "Include_User_Account", "Include_Transaction_Log_Data"},
}

// stranger names an element that does not belong where it stands, or out of its namespace, or gives "".
func stranger(n node) string {
	order := 0
	for _, c := range n.Nodes {
		name := c.XMLName.Local
		place := slices.Index(known[n.XMLName.Local], name)
		excludes := strings.HasPrefix(name, "Exclude_") && strings.HasPrefix(n.XMLName.Local, "Re") && len(c.Nodes) == 0
		if c.XMLName.Space != namespace || place < 0 && !excludes {
			return name
		}
		if n.XMLName.Local == "Get_Workers_Request" {
			if place < order {
				return name
			}
			order = place
		}
		if wrong := stranger(c); wrong != "" {
			return wrong
		}
	}
	return ""
}

var versions = regexp.MustCompile(`^v(4[4-9]|[5-9][0-9])\.[0-9]$`)

// asked reads the request, or answers why it cannot.
func (e *emulator) asked(w http.ResponseWriter, r *http.Request) (request node, ok bool) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/xml") {
		http.Error(w, "Unsupported Media Type", http.StatusUnsupportedMediaType)
		return node{}, false
	}
	var envelope node
	if err := xml.NewDecoder(r.Body).Decode(&envelope); err != nil || envelope.XMLName.Local != "Envelope" {
		invalid(w, "Invalid request.", "The body is no SOAP envelope.", "/")
		return node{}, false
	}
	if !e.letsIn(envelope) {
		e.Refuse(w, r, http.StatusUnauthorized)
		return node{}, false
	}
	bodies := envelope.all("Body/Get_Workers_Request")
	if len(bodies) != 1 || bodies[0].XMLName.Space != namespace {
		invalid(w, "Invalid request.", "The body holds no Get_Workers_Request.", "/")
		return node{}, false
	}
	request = bodies[0]
	version := r.PathValue("version")
	if !versions.MatchString(version) || request.attr("version") != version {
		invalid(w, "Invalid request version.", "The version is unknown, or address and body differ.", "/wd:Get_Workers_Request/@wd:version")
		return node{}, false
	}
	if wrong := stranger(request); wrong != "" {
		invalid(w, "Invalid element "+wrong+".", "The element is not expected here.", "//wd:"+wrong)
		return node{}, false
	}
	return request, true
}

func (e *emulator) letsIn(envelope node) bool {
	tokens := envelope.all("Header/Security/UsernameToken")
	if len(tokens) != 1 || tokens[0].text("Username") != username+"@"+tenant {
		return false
	}
	words := tokens[0].all("Password")
	return len(words) == 1 && strings.HasSuffix(words[0].attr("Type"), "#PasswordText") && e.Tokens.Valid(words[0].Text, purpose)
}

// number reads a number of the request, or gives the usual one; it reports whether it lies between least and most.
func number(text string, usual, least, most int) (int, bool) {
	if text == "" {
		return usual, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= least && n <= most
}

// moment reads a day or a time of the request.
func moment(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, text == ""
}

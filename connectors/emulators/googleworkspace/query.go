package googleworkspace

import (
	"slices"
	"strings"

	"rollcall/connectors/emulators/wire"
)

// clause is one condition of a search: what the field says and what is asked of it.
type clause struct {
	field, value string
	exact        bool // = rather than :
}

// searched are the fields of an account that a search can name, beside those of custom schemas.
var searched = map[string]func(o wire.Object) []string{
	"email": func(o wire.Object) []string { return append(aliases(o), text(o["primaryEmail"])) },
	"name": func(o wire.Object) []string {
		return []string{inner(o["name"], "givenName"), inner(o["name"], "familyName"), inner(o["name"], "fullName")}
	},
	"givenName":       func(o wire.Object) []string { return []string{inner(o["name"], "givenName")} },
	"familyName":      func(o wire.Object) []string { return []string{inner(o["name"], "familyName")} },
	"externalId":      func(o wire.Object) []string { return eachOf(o["externalIds"], "value", "") },
	"orgDepartment":   func(o wire.Object) []string { return eachOf(o["organizations"], "department", "") },
	"orgCostCenter":   func(o wire.Object) []string { return eachOf(o["organizations"], "costCenter", "") },
	"orgTitle":        func(o wire.Object) []string { return eachOf(o["organizations"], "title", "") },
	"orgName":         func(o wire.Object) []string { return eachOf(o["organizations"], "name", "") },
	"directManager":   func(o wire.Object) []string { return eachOf(o["relations"], "value", "manager") },
	"orgUnitPath":     func(o wire.Object) []string { return above(text(o["orgUnitPath"])) },
	"isSuspended":     func(o wire.Object) []string { return []string{flagText(o["suspended"])} },
	"isArchived":      func(o wire.Object) []string { return []string{flagText(o["archived"])} },
	"isAdmin":         func(o wire.Object) []string { return []string{flagText(o["isAdmin"])} },
	"isEnrolledIn2Sv": func(o wire.Object) []string { return []string{flagText(o["isEnrolledIn2Sv"])} },
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func inner(v any, key string) string {
	o, _ := v.(wire.Object)
	return text(o[key])
}

func flagText(v any) string {
	if v == true {
		return "true"
	}
	return "false"
}

// eachOf gives a text of each element of a list, or of those of a type.
func eachOf(v any, key, kind string) []string {
	var all []string
	list, _ := v.([]any)
	for _, one := range list {
		if o, _ := one.(wire.Object); kind == "" || o["type"] == kind {
			all = append(all, text(o[key]))
		}
	}
	return all
}

// above are a path and the paths of all units over it: a search in a unit finds those below it too.
func above(path string) []string {
	all := []string{path, "/"}
	for at := strings.LastIndex(path, "/"); at > 0; at = strings.LastIndex(path, "/") {
		path = path[:at]
		all = append(all, path)
	}
	return all
}

// clauses reads a search: conditions with blanks between them, all of which have to hold. A value with blanks stands
// between single quotes.
func clauses(query string) (all []clause, ok bool) {
	for query = strings.TrimSpace(query); query != ""; query = strings.TrimSpace(query) {
		at := strings.IndexAny(query, "=:")
		if at < 1 {
			return nil, false
		}
		c := clause{field: query[:at], exact: query[at] == '='}
		schema, field, custom := strings.Cut(c.field, ".")
		if searched[c.field] == nil && (!custom || schema == "" || field == "" || strings.ContainsAny(c.field, " '")) {
			return nil, false
		}
		if c.value, query, ok = value(query[at+1:]); !ok {
			return nil, false
		}
		all = append(all, c)
	}
	return all, true
}

// value reads the value at the beginning of a text.
func value(from string) (found, rest string, ok bool) {
	if !strings.HasPrefix(from, "'") {
		found, rest, _ = strings.Cut(from, " ")
		return found, rest, found != "" && !strings.Contains(found, "'")
	}
	var b strings.Builder
	for i := 1; i < len(from); i++ {
		switch {
		case from[i] == '\\' && i+1 < len(from):
			i++
			b.WriteByte(from[i])
		case from[i] == '\'':
			return b.String(), from[i+1:], true
		default:
			b.WriteByte(from[i])
		}
	}
	return "", "", false
}

func fits(u *user, all []clause) bool {
	o := u.record()
	return !slices.ContainsFunc(all, func(c clause) bool { return !slices.ContainsFunc(c.of(o), c.holds) })
}

// of gives what the account has in the field.
func (c clause) of(o wire.Object) []string {
	if read := searched[c.field]; read != nil {
		return read(o)
	}
	schema, field, _ := strings.Cut(c.field, ".")
	all, _ := o["customSchemas"].(wire.Object)
	values, _ := all[schema].(wire.Object)
	if list, ok := values[field].([]any); ok {
		return eachOf(list, "value", "")
	}
	if values[field] == nil {
		return nil
	}
	return []string{plain(values[field])}
}

// holds compares without regard to case. A colon finds words and, with a star, beginnings.
func (c clause) holds(is string) bool {
	is, want := strings.ToLower(is), strings.ToLower(c.value)
	if start, open := strings.CutSuffix(want, "*"); open {
		return strings.HasPrefix(is, start)
	}
	return is == want || !c.exact && slices.Contains(strings.Fields(is), want)
}

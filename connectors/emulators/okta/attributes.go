package okta

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"rollcall/connectors/emulators/wire"
)

// attribute is what the schema says of one attribute of profiles.
type attribute struct {
	Type       string
	Format     string
	Required   bool
	Unique     bool
	MinLength  int
	MaxLength  int
	Enum       []any
	Pattern    string
	Mutability string
	Items      struct {
		Type string
		Enum []any
	}
	Master struct{ Type string }
}

func attributeOf(property wire.Object) (a attribute, err error) {
	text, err := json.Marshal(property)
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	return a, err
}

// learnSchema works out what the attributes of profiles are, after the schema changed.
func (o *org) learnSchema() {
	clear(o.attrs)
	for name, title := range baseTitles {
		o.attrs[name], _ = attributeOf(baseProperty(name, title)) // our own are as they should be
	}
	for name, property := range o.custom {
		o.attrs[name], _ = attributeOf(property) // it was looked at before it came in
	}
}

// flaw is why a value is refused; the field comes first, as in the API's causes.
type flaw struct{ field, cause string }

const (
	taken    = "An object with this field already exists in the current organization"
	leftOut  = "The field cannot be left blank"
	unknown  = "The property is not in the schema"
	readOnly = "The property is read-only"
	notValid = "The value is not valid"
)

// checked looks at values on their way into a profile; a is nil for somebody new. The values are put into a form in which they
// can be compared and shown.
func (o *org) checked(a *account, values wire.Object) (flaws []flaw) {
	for name, value := range values {
		is, known := o.attrs[name]
		switch {
		case !known:
			flaws = append(flaws, flaw{name, unknown})
		case is.Mutability == "READ_ONLY" || is.Mutability == "IMMUTABLE" && a != nil:
			flaws = append(flaws, flaw{name, readOnly})
		case value == nil && is.Required:
			flaws = append(flaws, flaw{name, leftOut})
		case value == nil:
		default:
			if wrong := is.check(name, value); wrong != "" {
				flaws = append(flaws, flaw{name, wrong})
			} else if is.Unique && o.has(a, name, value) {
				flaws = append(flaws, flaw{name, taken})
			}
		}
	}
	if text, ok := values["login"].(string); ok {
		if other := o.byLogin[fold(text)]; other != nil && other != a {
			flaws = append(flaws, flaw{"login", taken})
		}
	}
	slices.SortFunc(flaws, func(x, y flaw) int { return strings.Compare(x.field, y.field) })
	return flaws
}

// missing are the required attributes that a whole profile lacks.
func (o *org) missing(profile wire.Object) (flaws []flaw) {
	for name, is := range o.attrs {
		if _, there := profile[name]; is.Required && !there {
			flaws = append(flaws, flaw{name, leftOut})
		}
	}
	slices.SortFunc(flaws, func(x, y flaw) int { return strings.Compare(x.field, y.field) })
	return flaws
}

// has tells whether somebody else has that value.
func (o *org) has(a *account, name string, value any) bool {
	return slices.ContainsFunc(o.with("profile."+name, fmt.Sprint(value)), func(other *account) bool {
		return other != a && strings.EqualFold(fmt.Sprint(other.profile()[name]), fmt.Sprint(value))
	})
}

func (is attribute) check(name string, value any) (wrong string) {
	switch is.Type {
	case "string":
		text, ok := value.(string)
		if !ok {
			return "Invalid type: string is expected"
		}
		return is.checkText(name, text)
	case "boolean":
		if _, ok := value.(bool); !ok {
			return "Invalid type: boolean is expected"
		}
	case "array":
		list, ok := value.([]any)
		if !ok {
			return "Invalid type: array is expected"
		}
		item := attribute{Type: is.Items.Type, Enum: is.Items.Enum}
		for _, one := range list {
			if wrong := item.check(name, one); wrong != "" {
				return wrong
			}
		}
	default:
		number, ok := value.(json.Number)
		if !ok || is.Type == "integer" && strings.ContainsAny(number.String(), ".eE") {
			return "Invalid type: " + is.Type + " is expected"
		}
	}
	return is.chosen(fmt.Sprint(value))
}

// chosen tells whether a value is among those that the schema lists, where it lists any.
func (is attribute) chosen(value string) (wrong string) {
	if len(is.Enum) == 0 || is.Type == "array" {
		return ""
	}
	if !slices.ContainsFunc(is.Enum, func(one any) bool { return fmt.Sprint(one) == value }) {
		return "The value is not one of those that the schema lists"
	}
	return ""
}

func (is attribute) checkText(name, text string) (wrong string) {
	length := utf8.RuneCountInString(text)
	switch {
	case length < is.MinLength && (is.Required || text != ""):
		return fmt.Sprintf("The field must be at least %d characters long", is.MinLength)
	case is.MaxLength > 0 && length > is.MaxLength:
		return fmt.Sprintf("The field cannot exceed %d characters", is.MaxLength)
	case text == "":
		return ""
	case name == "login" && !formats["email"](text):
		return "Username must be in the form of an email address"
	case formats[is.Format] != nil && !formats[is.Format](text):
		return "Does not match required pattern of " + is.Format
	case is.Pattern != "" && !matches(is.Pattern, text):
		return "Does not match required pattern"
	}
	return is.chosen(text)
}

func matches(pattern, text string) bool {
	found, err := regexp.MatchString(pattern, text)
	return err == nil && found
}

var formats = map[string]func(string) bool{
	"email":         regexp.MustCompile(`^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$`).MatchString,
	"country-code":  regexp.MustCompile(`^[A-Z]{2}$`).MatchString,
	"language-code": regexp.MustCompile(`^[A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8})*(\s*[,;].*)?$`).MatchString,
	"locale":        regexp.MustCompile(`^[a-z]{2,3}(_[A-Z]{2})?$`).MatchString,
	"timezone":      regexp.MustCompile(`^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$`).MatchString,
	"date-time":     regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$`).MatchString,
	"uri": func(text string) bool {
		_, err := url.Parse(text)
		return err == nil
	},
}

package jumpcloud

import (
	"context"
	"iter"
	"net/http"
	"strconv"
	"strings"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// Find reads the accounts whose attribute has this value; an e-mail address and a username
// whatever their case. What stands in lists cannot be asked for, so for it everybody is read.
func (t *Target) Find(ctx context.Context, id, value string, want []string) ([]core.Account, error) {
	d, err := t.known(ctx)
	if err != nil {
		return nil, err
	}
	a, ok := d.attribute(id)
	if !ok {
		return nil, unknownAttribute(id)
	}
	if id == core.Groups {
		return nil, &core.Problem{Code: core.Unsupported, What: "Nobody can be looked for by the groups he is in.", Fix: "Look for another attribute."}
	}
	p := t.packer(d, want)
	var found []core.Account
	for person, err := range t.candidates(ctx, a, value) {
		if err != nil {
			return nil, err
		}
		if !a.is(person, value) {
			continue
		}
		account, err := t.packed(ctx, p, person)
		if err != nil {
			return nil, err
		}
		found = append(found, account)
	}
	return found, nil
}

func folded(a attribute) bool { return a.ID == email || a.ID == username }

func (a attribute) is(person object, value string) bool {
	if folded(a) {
		return strings.EqualFold(a.get(person), value)
	}
	return a.get(person) == value
}

// candidates yields the people who may have the value. Whether a search minds capitals is
// told nowhere, so small letters, in which JumpCloud keeps usernames, are asked for too.
func (t *Target) candidates(ctx context.Context, a attribute, value string) iter.Seq2[object, error] {
	if a.part != "" || a.key == recovery {
		return t.everybody(ctx)
	}
	var filter any = []object{{a.key: value}}
	if lower := strings.ToLower(value); folded(a) && lower != value {
		filter = object{"or": []object{{a.key: value}, {a.key: lower}}}
	}
	return t.pages(ctx, func(ctx context.Context, at string, page *list) error {
		skip, _ := strconv.Atoi(at) // our own text
		_, err := t.rest.Do(ctx, http.MethodPost, search, nil, object{"filter": filter, "limit": pageSize, "skip": skip}, page, rest.Repeatable())
		return err
	})
}

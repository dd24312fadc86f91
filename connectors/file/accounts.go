package file

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"rollcall/core"
)

// Target gives the rows of a file as accounts to compare with.
type Target struct{ table table }

// Check looks at the file: that it can be read, has column names and a column that
// tells the accounts apart.
func (t *Target) Check(ctx context.Context) (core.Health, error) {
	l, err := t.table.look()
	if err != nil {
		return core.Health{}, err
	}
	defer l.close()
	if _, err := t.table.accountColumn(l.columns); err != nil {
		return core.Health{}, err
	}
	return l.health(ctx), nil
}

// Attributes gives every column.
func (t *Target) Attributes(context.Context) ([]core.Attribute, error) {
	l, err := t.table.look()
	if err != nil {
		return nil, err
	}
	defer l.close()
	return attributes(l.columns), nil
}

func attributes(columns []column) []core.Attribute {
	out := make([]core.Attribute, len(columns))
	for i, c := range columns {
		kind := c.kind
		if kind == core.Reference {
			kind = core.Text // a column names the manager as the other file does, not by account id
		}
		out[i] = core.Attribute{ID: c.name, Label: c.name, Kind: kind, Login: loginHeaders[foldWords(c.name)]}
	}
	return out
}

// Headers of account lists, folded, that the dictionary of people's fields does not know.
var (
	loginHeaders   = wordSet("username;user name;userprincipalname;user principal name;upn;login;login name;logon name;user login;samaccountname;sam account name;benutzername;anmeldename;identifiant;nom d'utilisateur;gebruikersnaam;usuario;nombre de usuario;anvandarnamn;brukernavn;brugernavn;kayttajatunnus")
	accountHeaders = []string{"account id", "accountid", "user id", "userid", "object id", "objectid", "objectguid", "object guid", "id", "uid", "guid", "uuid", "dn", "distinguished name", "distinguishedname"}
)

// offWords are states of an account, beside those of a leaver, in which nobody signs in.
var offWords = wordSet("suspended;disabled;locked;blocked;deprovisioned;deactivated;deaktiviert;gesperrt;staged;pending;archived;deleted;desactive;gedeactiveerd;desactivado;inaktiverad;deaktiveret;deaktivert")

// accountColumn gives the column whose values tell the accounts apart.
func (t *table) accountColumn(columns []column) (int, error) {
	if t.id != "" {
		if i := findColumn(columns, t.id); i >= 0 {
			return i, nil
		}
		return -1, t.noColumn(columns)
	}
	for _, h := range accountHeaders {
		if i := foldedColumn(columns, func(name string) bool { return name == h }); i >= 0 {
			return i, nil
		}
	}
	if i := canonicalColumn(columns, externalID); i >= 0 {
		return i, nil
	}
	if i := foldedColumn(columns, func(name string) bool { return loginHeaders[name] }); i >= 0 {
		return i, nil
	}
	for _, field := range []string{"email", "employeeNumber"} {
		if i := canonicalColumn(columns, field); i >= 0 {
			return i, nil
		}
	}
	return -1, &core.Problem{Code: core.BadData, What: fmt.Sprintf("“%s” has no column that looks like an account's ID, sign-in name or e-mail address.", t.name()),
		Fix: "Choose the column that holds each account's ID in the settings of this file."}
}

func foldedColumn(columns []column, is func(name string) bool) int {
	return slices.IndexFunc(columns, func(c column) bool { return is(foldWords(c.name)) })
}

// activeColumn gives the column that says whether an account is enabled, or -1.
func activeColumn(columns []column) int {
	for _, set := range []map[string]bool{activeHeaders, disabledHeaders, statusHeaders} {
		if i := foldedColumn(columns, func(name string) bool { return set[name] }); i >= 0 {
			return i
		}
	}
	return canonicalColumn(columns, employmentStatus)
}

// Accounts yields every row as an account; one whose file says nothing of its state is
// enabled.
func (t *Target) Accounts(ctx context.Context, want []string) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		l, err := t.table.look()
		if err != nil {
			yield(core.Account{}, err)
			return
		}
		defer l.close()
		plan, err := t.table.planAccounts(l.columns, want)
		if err != nil {
			yield(core.Account{}, err)
			return
		}
		for r, err := range l.rows(ctx, plan.want, plan.maker) {
			if !yield(core.Account{Record: r}, err) || err != nil {
				return
			}
		}
	}
}

// accountPlan says how a row becomes an account.
type accountPlan struct {
	rowPlan
	state               int // cell that tells whether it is enabled; -1: none
	header              string
	first, last         int // cells that make the name where no column holds it; -1: none
	nameField, stateFld int
}

func (t *table) planAccounts(columns []column, want []string) (*accountPlan, error) {
	id, err := t.accountColumn(columns)
	if err != nil {
		return nil, err
	}
	attrs := attributes(columns)
	from := make([]int, 0, len(columns))
	chosen := make([]core.Attribute, 0, len(columns))
	for _, w := range wantedOrAll(want, attrs) {
		if c := findColumn(columns, w); c >= 0 {
			a := attrs[c]
			a.ID = w
			chosen, from = append(chosen, a), append(from, c)
		}
	}
	p := &accountPlan{first: -1, last: -1}
	p.columns, p.now = columns, t.now().Year()
	p.schema = core.AccountSchema(chosen)
	for i, c := range from { // what a column holds already takes no second place
		switch c {
		case id:
			p.schema.Alias(core.AccountID, chosen[i].ID)
		case canonicalColumn(columns, "displayName"):
			p.schema.Alias(core.AccountName, chosen[i].ID)
		}
	}
	p.nameField, p.stateFld = p.schema.Index(core.AccountName), p.schema.Index(core.AccountActive)
	state, name, first, last := activeColumn(columns), canonicalColumn(columns, "displayName"), -1, -1
	if name < 0 {
		first, last = canonicalColumn(columns, "firstName"), canonicalColumn(columns, "lastName")
	}
	p.choose(append(slices.Clone(from), id, state, name, first, last))
	p.put(id, p.schema.Index(core.AccountID))
	p.put(name, p.nameField)
	for i, c := range from {
		p.put(c, len(core.Reserved)+i)
	}
	p.state, p.first, p.last = p.cell(state), p.cell(first), p.cell(last)
	if state >= 0 {
		p.header = columns[state].name
	}
	return p, nil
}

func wantedOrAll(want []string, all []core.Attribute) []string {
	if want != nil {
		return want
	}
	ids := make([]string, len(all))
	for i, a := range all {
		ids[i] = a.ID
	}
	return ids
}

func (p *accountPlan) maker() maker {
	pack, ns, words := core.NewPacker(p.schema), p.normalisers(), newStateReader(p.header)
	var name []byte
	return func(cells [][]byte) (core.Record, *flaw) {
		if f := p.fill(pack, cells, ns); f != nil {
			return core.Record{}, f
		}
		active := "true"
		if p.state >= 0 {
			active = words.read(cells[p.state])
		}
		pack.Set(p.stateFld, active)
		if p.first >= 0 || p.last >= 0 {
			name = p.fullName(name[:0], cells)
			pack.SetBytes(p.nameField, name)
		}
		return pack.Pack(), nil
	}
}

// fullName joins first and last name.
func (p *accountPlan) fullName(buf []byte, cells [][]byte) []byte {
	for _, i := range []int{p.first, p.last} {
		if i < 0 || len(cells[i]) == 0 {
			continue
		}
		if len(buf) > 0 {
			buf = append(buf, ' ')
		}
		buf = append(buf, cells[i]...)
	}
	return buf
}

// stateReader tells whether an account is enabled by the words of its state column.
type stateReader struct {
	status *statusReader
	known  map[string]string
}

func newStateReader(header string) *stateReader {
	return &stateReader{status: newStatusReader(header), known: map[string]string{}}
}

func (s *stateReader) read(cell []byte) string {
	if active, ok := s.known[string(cell)]; ok {
		return active
	}
	active := "true"
	word := foldWords(strings.TrimSpace(string(cell)))
	if offWords[word] || word == "false" || s.status.read(cell) == core.StatusTerminated {
		active = "false"
	}
	if s.status.opposite {
		active = "true"
		if s.status.read(cell) == core.StatusTerminated {
			active = "false"
		}
	}
	if len(s.known) < maxKnown {
		s.known[string(cell)] = active
	}
	return active
}

// Account reads the file until the account comes.
func (t *Target) Account(ctx context.Context, id string, want []string) (core.Account, error) {
	for a, err := range t.Accounts(ctx, want) {
		if err != nil {
			return core.Account{}, err
		}
		if a.ID() == id {
			return a, nil
		}
	}
	return core.Account{}, &core.Problem{Code: core.NotFound, What: fmt.Sprintf("“%s” has no such account any more.", t.table.name()), Fix: "Read the file again."}
}

// Find reads the file for the accounts whose column has this value, without regard to
// case.
func (t *Target) Find(ctx context.Context, attribute, value string, want []string) ([]core.Account, error) {
	reading := want
	if want != nil && !slices.Contains(want, attribute) {
		reading = append(slices.Clone(want), attribute)
	}
	var found []core.Account
	for a, err := range t.Accounts(ctx, reading) {
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(a.Value(attribute), value) {
			found = append(found, a)
		}
	}
	return found, nil
}

// Write refuses: a file is only compared with.
func (t *Target) Write(context.Context, core.Write) (core.Receipt, error) {
	return core.Receipt{}, &core.Problem{Code: core.Unsupported, What: fmt.Sprintf("Rollcall compares with “%s” but does not write to it.", t.table.name()), Fix: "Export the changes, or choose a directory to write to."}
}

// Sample gives the first rows, as Source.Sample does.
func (t *Target) Sample(_ context.Context, n int) (headers []string, rows [][]string, notes []string, err error) {
	return t.table.sample(n)
}

package entraid

import (
	"context"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

const (
	deltaPath    = "/users/delta"
	fewChanges   = 2000 // are read again, however few people there are
	changedPart  = 4    // one in so many who changed, and reading in whole is better
	readTogether = 400  // twenty batches
	idlePages    = 500  // so many pages that tell of nobody new are too many; some are usual
)

// Mark asks for the place at which the directory's changes are now, of all attributes: by
// a token that stands for now, Graph lists nobody. It is "" where that is not offered.
// https://learn.microsoft.com/graph/delta-query-overview#use-delta-query-to-track-changes-in-a-resource-collection
func (t *Target) Mark(ctx context.Context) (string, error) {
	known, err := t.known(ctx)
	if err != nil || t.untracked(ctx) {
		return "", err
	}
	plain := slices.DeleteFunc(slices.Clone(known), func(a attribute) bool { return a.ID == leaveDate })
	for _, attributes := range [][]attribute{known, plain} { // the leave date has a permission of its own
		tracked := selection(attributes, manager)
		page, err := t.delta(ctx, deltaPath, url.Values{"$deltatoken": {"latest"}, "$select": {tracked}})
		switch {
		case err == nil && page.Next == "" && page.End != "":
			return tracked + " " + page.End, nil
		case err == nil: // it begins to list everybody
			return "", nil
		case !absent(err):
			return "", err
		}
	}
	return "", nil
}

// untracked says that the tenant is one for customers, in which Graph does not track
// changes and does not say so when it is asked for them. A tenant that does not tell what
// it is counts as a usual one.
func (t *Target) untracked(ctx context.Context) bool {
	var answer struct {
		Value []struct {
			Kind string `json:"tenantType"`
		}
	}
	_, err := t.rest.Get(ctx, "/organization", url.Values{"$select": {"id,tenantType"}}, &answer)
	return err == nil && len(answer.Value) > 0 && answer.Value[0].Kind != "" && answer.Value[0].Kind != "AAD"
}

// deltaPage is a part of what changed. It says of whom, and what has become of them is
// asked for anew: how much else it tells is Graph's choice.
type deltaPage struct {
	Value []struct {
		ID      string
		Removed *struct{} `json:"@removed"`
	}
	Next string `json:"@odata.nextLink"`
	End  string `json:"@odata.deltaLink"`
}

// delta asks for a page by its whole address, which the client calls only if it is
// Graph's, or by the end of one.
func (t *Target) delta(ctx context.Context, at string, query url.Values) (deltaPage, error) {
	if !strings.Contains(at, "://") && query == nil {
		at, query = below(at, deltaPath)
	}
	if err := t.pace.wait(ctx, t.rest, 2, 0); err != nil {
		return deltaPage{}, err
	}
	var page deltaPage
	_, err := t.rest.Get(ctx, at, query, &page, rest.Header("Prefer", "return=minimal"))
	return page, err
}

// Follow yields the accounts of a former reading and what changed since. Delta tells of
// users alone, so the deleted ones, the members of groups and the administrators are read
// as for a whole reading.
func (t *Target) Follow(ctx context.Context, former core.Former, want []string) iter.Seq2[core.Account, error] {
	return func(yield func(core.Account, error) bool) {
		if err := t.follow(ctx, former, want, yield); err != nil {
			yield(core.Account{}, err)
		}
	}
}

func (t *Target) follow(ctx context.Context, former core.Former, want []string, yield func(core.Account, error) bool) error {
	p, err := t.packer(ctx, want)
	if err != nil {
		return err
	}
	p.everything = false // what was to be seen then is not left out now
	tracked, link, _ := strings.Cut(former.Mark, " ")
	if !p.within(tracked) {
		return t.stale("was asked about other attributes when the accounts were read in whole", nil)
	}
	f := following{packer: p, most: max(fewChanges, former.Count/changedPart), again: map[string]bool{}, removed: map[string]bool{}, deleted: map[string]object{}}
	if err := f.changes(ctx, link); err != nil {
		return err
	}
	gone, err := t.deleted.all(ctx, t)
	if err != nil {
		return err
	}
	for _, o := range gone {
		f.deleted[manifest.Text(o["id"])] = o
	}
	if p.members, err = t.members(ctx, p); err != nil {
		return err
	}
	if err := f.doubt(ctx, former.Accounts); err != nil {
		return err
	}
	goOn, err := f.unchanged(former.Accounts, yield)
	if err != nil || !goOn {
		return err
	}
	return f.changed(ctx, yield)
}

// within says that all that is asked for was tracked.
func (p *packer) within(tracked string) bool {
	asked := strings.Split(p.query().Get("$select"), ",")
	if p.managers() {
		asked = append(asked, manager)
	}
	names := strings.Split(tracked, ",")
	return !slices.ContainsFunc(asked, func(name string) bool { return !slices.Contains(names, name) })
}

func (t *Target) stale(why string, cause error) *core.Problem {
	return &core.Problem{Code: core.Stale, Cause: cause, What: t.rest.Vendor() + " " + why + ", so what changed since cannot be told.", Fix: "Read the accounts in whole."}
}

// following is what is known beside a former reading.
type following struct {
	*packer
	most    int
	again   map[string]bool   // who is read again
	removed map[string]bool   // of them, who was removed, whatever came then
	deleted map[string]object // who can be brought back, until he is yielded
}

// changes asks who changed. Pages may tell of nobody, and of somebody more than once.
func (f *following) changes(ctx context.Context, link string) error {
	for at, idle := link, 0; ; {
		if at == "" || idle > idlePages {
			return f.stale("does not come to an end with what changed since the accounts were read in whole", nil)
		}
		page, err := f.delta(ctx, at, nil)
		if err != nil {
			return f.lapsed(err)
		}
		before := len(f.again)
		for _, row := range page.Value {
			if row.ID == "" {
				return f.stale("does not say who changed since the accounts were read in whole", nil)
			}
			f.again[row.ID] = true
			if row.Removed != nil {
				f.removed[row.ID] = true
			}
		}
		if idle++; len(f.again) > before {
			idle = 0
		}
		if err := f.few(); err != nil || page.End != "" {
			return err
		}
		at = page.Next
	}
}

// few is a Stale problem where so many are to be read again that reading everybody takes
// fewer calls.
func (f *following) few() error {
	if len(f.again) > f.most {
		return f.stale("has more changes than are read one by one since the accounts were read in whole", nil)
	}
	return nil
}

// lapsed makes a Stale problem of an answer by which the mark is of no use: Graph has
// forgotten it, or does not take it. Credentials and too many calls are other matters, and
// what is broken is told as it is.
func (f *following) lapsed(err error) error {
	code, said := status(err), graphError(err).Code
	refused := code >= 400 && code < 500 && code != http.StatusUnauthorized && code != http.StatusTooManyRequests
	if refused || strings.EqualFold(said, "resyncRequired") || strings.EqualFold(said, "syncStateNotFound") || core.HasCode(err, core.BadData) {
		return f.stale("does not know any more when the accounts were read in whole", err)
	}
	return err
}

// doubt adds those of whom delta may have told nothing, though they are others than they
// were: who was deleted or came back, and who reports to one of those, for links come and
// go with the object at their other end.
func (f *following) doubt(ctx context.Context, former iter.Seq2[core.Account, error]) error {
	var back []string
	for a, err := range former {
		if err != nil {
			return err
		}
		id, was := a.ID(), a.Value(core.AccountDeleted) != ""
		_, gone := f.deleted[id]
		if was != gone || f.left(a.Value(manager)) {
			f.again[id] = true
		}
		if was && !gone {
			back = append(back, id)
		}
	}
	if err := f.few(); err != nil || !f.managers() {
		return err
	}
	reports, err := f.reports(ctx, back)
	for _, id := range reports {
		f.again[id] = true
	}
	if err != nil {
		return err
	}
	return f.few()
}

// left says that somebody was removed, be it for a while.
func (f *following) left(id string) bool {
	_, gone := f.deleted[id]
	return id != "" && (gone || f.removed[id])
}

// reports gives the ids of those who report to any of these, of whom some may be no more.
func (f *following) reports(ctx context.Context, bosses []string) ([]string, error) {
	all, errs := make([][]string, len(bosses)), make([]error, len(bosses))
	f.together(ctx, len(bosses), func(ctx context.Context, j *job, i int) {
		c := call{method: http.MethodGet, path: userPath(bosses[i]) + "/directReports", query: url.Values{"$select": {"id"}, "$top": {"999"}}}
		for c.path != "" && errs[i] == nil {
			var page struct {
				Value []struct{ ID string }
				Next  string `json:"@odata.nextLink"`
			}
			if errs[i] = j.do(ctx, c, &page); absent(errs[i]) {
				errs[i] = nil
				return
			}
			for _, o := range page.Value {
				all[i] = append(all[i], o.ID)
			}
			c.path, c.query = below(page.Next, c.path)
		}
	})
	return slices.Concat(all...), firstOf(errs)
}

func firstOf(errs []error) error {
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
		return errs[i]
	}
	return nil
}

// unchanged yields those of the former reading who are not read again, and says whether
// more is wanted.
func (f *following) unchanged(former iter.Seq2[core.Account, error], yield func(core.Account, error) bool) (goOn bool, err error) {
	var pack *core.Packer
	for a, err := range former {
		if err != nil {
			return false, err
		}
		id := a.ID()
		if f.again[id] {
			continue
		}
		if o, gone := f.deleted[id]; gone {
			a = f.pack(o)
			delete(f.deleted, id)
		} else {
			if pack == nil || pack.Schema() != a.Schema() {
				pack = core.NewPacker(a.Schema())
			}
			a = f.renewed(a, pack)
		}
		if !yield(a, nil) {
			return false, nil
		}
	}
	return true, nil
}

// renewed gives an account with what delta does not tell of: its groups, and whether it is
// an administrator's.
func (f *following) renewed(a core.Account, pack *core.Packer) core.Account {
	protected, groups := a.Value(core.AccountProtected), a.Value(core.Groups)
	if protected != bySync && protected != byGuest {
		protected = f.standing(a.ID())
	}
	if f.groups {
		groups = core.JoinList(f.members[a.ID()])
	}
	if protected == a.Value(core.AccountProtected) && groups == a.Value(core.Groups) {
		return a
	}
	pack.Take(a.Record)
	pack.Put(core.AccountProtected, protected)
	if f.groups {
		pack.Put(core.Groups, groups)
	}
	return core.Account{Record: pack.Pack()}
}

// changed reads those again of whom something may be new, and yields them and then the
// deleted ones who are left.
func (f *following) changed(ctx context.Context, yield func(core.Account, error) bool) error {
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(f.again)), readTogether) {
		users, err := f.read(ctx, ids)
		if err != nil {
			return err
		}
		for i, id := range ids {
			o := users[i]
			if o == nil {
				o = f.deleted[id]
			}
			delete(f.deleted, id)
			if o != nil && !yield(f.pack(o), nil) {
				return nil
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(f.deleted)) {
		if !yield(f.pack(f.deleted[id]), nil) {
			return nil
		}
	}
	return nil
}

// read reads users by id, each as Account does; nil is who is none.
func (f *following) read(ctx context.Context, ids []string) ([]object, error) {
	users, errs := make([]object, len(ids)), make([]error, len(ids))
	f.together(ctx, len(ids), func(ctx context.Context, j *job, i int) {
		users[i], errs[i] = j.user(ctx, f.packer, ids[i])
		if core.HasCode(errs[i], core.NotFound) {
			users[i], errs[i] = nil, nil
		}
	})
	return users, firstOf(errs)
}

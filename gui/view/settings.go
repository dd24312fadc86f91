package view

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"rollcall/core"
)

// Preferences is what the Settings page edits: a copy that is kept only when it is saved.
type Preferences struct {
	Settings
	Syncs []Sync
	kept  Settings
}

// LoadPreferences reads the settings and the syncs. Guards that were never set are our defaults.
func LoadPreferences(ctx context.Context, s Services) (*Preferences, error) {
	settings, err := s.Settings.Load(ctx)
	if err != nil {
		return nil, err
	}
	if settings.Guards == (core.Guards{}) {
		settings.Guards = core.DefaultGuards()
	}
	settings.Look = cmp.Or(settings.Look, "system")
	settings.Scale = cmp.Or(settings.Scale, 1)
	syncs, err := s.Syncs.List(ctx)
	if err != nil {
		return nil, err
	}
	syncs = slices.DeleteFunc(syncs, func(y Sync) bool { return y.Draft })
	return &Preferences{Settings: settings, Syncs: syncs, kept: settings}, nil
}

// Changed says that something is not saved yet.
func (p *Preferences) Changed() bool {
	a, b := p.Settings, p.kept
	same := slices.Equal(a.Protected, b.Protected)
	a.Protected, b.Protected = nil, nil
	return !same || fmt.Sprintf("%+v", a) != fmt.Sprintf("%+v", b)
}

// Save keeps the settings. Size and place of the window belong to the window: they are read again and left as they are.
func (p *Preferences) Save(ctx context.Context, s Services) (Settings, error) {
	now, err := s.Settings.Load(ctx)
	if err != nil {
		return now, err
	}
	next := p.Settings
	next.Width, next.Height = now.Width, now.Height
	next.Protected = slices.Clone(p.Protected)
	if p.CAFile != "" {
		if _, err := os.Stat(p.CAFile); err != nil {
			return now, &core.Problem{Code: core.BadOption, What: "The file of certificates cannot be read.", Fix: "Choose a PEM file that is there, or leave the box empty.", Cause: err}
		}
	}
	return next, s.Settings.Save(ctx, next)
}

// Saved notes that these settings are kept now.
func (p *Preferences) Saved() {
	p.kept = p.Settings
	p.kept.Protected = slices.Clone(p.Protected)
}

// GuardRow is one guard in plain words, with the numbers that can be set. Absent numbers are nil.
type GuardRow struct {
	Title, Words         string
	Percent              *float64
	Count                *int
	PercentUnit, CountIs string // what the numbers count: "% of managed accounts", "accounts"
	Usual                string
}

// GuardRows gives the guards for editing; the numbers point into the preferences.
func (p *Preferences) GuardRows() []GuardRow {
	g, d := &p.Guards, core.DefaultGuards()
	limit := func(title, words, base string, l *core.Limit, usual core.Limit) GuardRow {
		return GuardRow{Title: title, Words: words, Percent: &l.Percent, Count: &l.Count, PercentUnit: "% of " + base, CountIs: "or this many", Usual: usualLimit(usual)}
	}
	return []GuardRow{
		limit("Deactivations and deletions", "Stops all leavers of a plan when it would switch off or delete this many accounts.", "managed accounts", &g.Deactivate, d.Deactivate),
		limit("New accounts", "Stops all new accounts of a plan when there are this many.", "managed accounts", &g.Create, d.Create),
		limit("Sign-in names and e-mails", "Holds these values when this many people would get another one.", "people", &g.Login, d.Login),
		limit("Any one attribute", "Holds an attribute when it would change for this many people.", "people", &g.Field, d.Field),
		limit("Cleared values", "Holds an attribute when it would become empty for this many people.", "people", &g.Clear, d.Clear),
		limit("Managers", "Holds managers when this many people would get another one.", "people", &g.Manager, d.Manager),
		{Title: "Fewer people than last time", Words: "Withholds all leavers when the source gives less than this share of the people it gave last time.", Percent: &g.Shrink, PercentUnit: "% of the last reading", Usual: plain(d.Shrink) + " %"},
		{Title: "Age of a plan", Words: "A plan that is older must be made again before it is applied.", Count: &g.PlanHours, CountIs: "hours", Usual: itoa(d.PlanHours) + " hours"},
		{Title: "Failures in a row", Words: "Stops a run after so many failures one after the other.", Count: &g.StopAfter, CountIs: "failures", Usual: itoa(d.StopAfter)},
		{Title: "Share of failures", Words: "Stops a run when this share of at least 25 changes failed.", Percent: &g.StopPercent, PercentUnit: "% of changes", Usual: plain(d.StopPercent) + " %"},
	}
}

func usualLimit(l core.Limit) string {
	text := plain(l.Percent) + " %"
	if l.Count > 0 {
		text += " or " + itoa(l.Count)
	}
	return text
}

func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// Percentage writes a percentage for editing; 0, which switches the limit off, is empty.
func Percentage(v float64) string {
	if v == 0 {
		return ""
	}
	return plain(v)
}

// Number writes a number for editing; 0, which switches the limit off, is empty.
func Number(n int) string {
	if n == 0 {
		return ""
	}
	return itoa(n)
}

// ReadPercentage reads what was typed; empty means off.
func ReadPercentage(text string) (float64, error) {
	text = strings.TrimSpace(strings.TrimSuffix(strings.ReplaceAll(strings.TrimSpace(text), ",", "."), "%"))
	if text == "" {
		return 0, nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= 0 && v <= 100) {
		return 0, &core.Problem{Code: core.BadOption, What: "“" + text + "” is no percentage.", Fix: "Type a number from 0 to 100, or leave it empty."}
	}
	return v, nil
}

// ReadNumber reads what was typed; empty means off.
func ReadNumber(text string) (int, error) {
	text = strings.ReplaceAll(strings.TrimSpace(text), ",", "")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 1_000_000_000 {
		return 0, &core.Problem{Code: core.BadOption, What: "“" + text + "” is no number.", Fix: "Type a whole number, or leave it empty."}
	}
	return n, nil
}

// ReadProtected reads accounts that must never be changed, one a line.
func ReadProtected(text string) []string {
	var accounts []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(accounts, line) {
			accounts = append(accounts, line)
		}
	}
	return accounts
}

// SpreadGuards gives all syncs that are set up the guards of the settings.
func (p *Preferences) SpreadGuards(ctx context.Context, s Services) (int, error) {
	for i, y := range p.Syncs {
		y.Setup.Guards = p.Guards
		kept, err := s.Syncs.Save(ctx, y)
		if err != nil {
			return i, err
		}
		p.Syncs[i] = kept
	}
	return len(p.Syncs), nil
}

// ExportSync writes a sync's configuration, without secrets.
func ExportSync(s Services, y Sync, path string) error {
	return writeWhole(path, func(w io.Writer) error { return s.Syncs.Export(y, w) })
}

// ImportSync reads a configuration. It replaces the sync of the same two connections, or becomes a draft that the wizard
// opens.
func ImportSync(ctx context.Context, s Services, path string) (Sync, error) {
	f, err := os.Open(path)
	if err != nil {
		return Sync{}, &core.Problem{Code: core.NotFound, What: filepath.Base(path) + " cannot be opened.", Fix: "Choose a file that is there.", Cause: err}
	}
	defer f.Close()
	setup, err := s.Syncs.Import(f)
	if err != nil {
		return Sync{}, err
	}
	syncs, err := s.Syncs.List(ctx)
	if err != nil {
		return Sync{}, err
	}
	y := Sync{Name: SyncName(setup), Draft: true}
	if i := slices.IndexFunc(syncs, func(o Sync) bool {
		return o.Setup.Source.Connection == setup.Source.Connection && o.Setup.Target.Connection == setup.Target.Connection
	}); i >= 0 {
		y = syncs[i]
	}
	y.Setup = setup
	return s.Syncs.Save(ctx, y)
}

// ConfigName is what a configuration file is called at first.
func ConfigName(y Sync) string { return fileName(y.Name, "yaml") }

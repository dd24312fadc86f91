package main

import (
	"io"
	"os"
	"path/filepath"

	"rollcall/core"
	"rollcall/core/apply"
	"rollcall/core/review"
	"rollcall/localstore"
)

type demoCommand struct {
	Out    string `help:"Folder for preview.xlsx, preview.csv and preview.png." default:"out" type:"path" placeholder:"DIR"`
	People int    `help:"How many people the sample company has." default:"${people}"`
	Days   int    `help:"How many days pass between the first sync and the preview." default:"7"`
}

// Run works in a store of its own that is gone at the end: nothing of the user's is touched.
func (c *demoCommand) Run(j *job) error {
	store, err := localstore.OpenSession(j, localstore.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	if j.desk, err = newDesk(j, store, j.desk.log); err != nil {
		return err
	}
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return notWritten(c.Out, err)
	}
	y, err := j.desk.connectSample(j, c.People)
	if err != nil {
		return err
	}
	return c.play(j, y)
}

// play fills the empty directory, lets some days pass, previews, exports, applies, and
// shows that nothing is left to do.
func (c *demoCommand) play(j *job, y localstore.Sync) error {
	j.printf("Day 1: the directory is empty.\n")
	first, err := c.round(j, y, nil)
	if err != nil {
		return err
	}
	y = first.sync
	for range c.Days - 1 {
		if err := c.letADayPass(j, y); err != nil {
			return err
		}
	}
	j.printf("\nDay %d: people have come, moved and left.\n", c.Days+1)
	if _, err := c.round(j, y, c.export); err != nil {
		return err
	}
	return nil
}

func (c *demoCommand) letADayPass(j *job, y localstore.Sync) error {
	source, _, err := j.desk.source(j, y.Setup.Source)
	if err != nil {
		return err
	}
	for _, err := range source.People(j, core.Want{Fields: []string{"externalId"}, Leavers: -1}) {
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *demoCommand) round(j *job, y localstore.Sync, export func(*job, planned) error) (planned, error) {
	p, err := j.desk.plan(j, y, nil)
	if err != nil {
		return p, err
	}
	j.printf("%s\n", review.Sum(p.Plan))
	for _, t := range p.Tripped {
		j.printf("Held: %s.\n", t.What)
	}
	if export != nil {
		if err := export(j, p); err != nil {
			return p, err
		}
	}
	b, err := j.desk.begin(j, p.Plan, j.desk.approve(p.Plan, "demo"))
	if err != nil {
		return p, err
	}
	done, err := j.desk.apply(j, b, func(core.Outcome) {})
	if err != nil {
		return p, err
	}
	j.printf("Synced: %s\n", orNothing(inWords(done)))
	if want := apply.Tasks(p.Plan, b.approval); done[core.Done.String()] != want {
		j.code = exitFailed
	}
	return p, nil
}

func (c *demoCommand) export(j *job, p planned) error {
	for _, name := range []string{"preview.xlsx", "preview.csv"} {
		file := filepath.Join(c.Out, name)
		if err := export(p, file); err != nil {
			return err
		}
		j.printf("Written: %s\n", file)
	}
	return c.picture(j, p)
}

func (c *demoCommand) picture(j *job, p planned) error {
	file := filepath.Join(c.Out, "preview.png")
	drawn := false
	err := writeWhole(file, func(w io.Writer) (err error) {
		drawn, err = previewPNG(w, p.Plan, p.spec)
		return err
	})
	switch {
	case err != nil:
		return err
	case !drawn:
		j.printf("This build has no window, so preview.png was not drawn.\n")
		return os.Remove(file)
	}
	j.printf("Written: %s\n", file)
	return nil
}

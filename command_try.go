package main

import (
	"context"
	"strconv"

	"rollcall/core"
	"rollcall/core/config"
	"rollcall/localstore"
)

type tryCommand struct{}

func (tryCommand) Run(j *job) error { //nolint:unparam // every command has this shape
	j.code = openWindow(j, j.streams, true)
	return nil
}

const defaultPeople = 250

// connectSample sets up the sample company, the practice directory and the sync between
// them, or finds them as they were set up before.
func (d *desk) connectSample(ctx context.Context, people int) (localstore.Sync, error) {
	source, err := d.connectOnce(ctx, "Sample company", "sample", core.Answers{"people": core.Secret(strconv.Itoa(people))})
	if err != nil {
		return localstore.Sync{}, err
	}
	target, err := d.connectOnce(ctx, "Practice directory", "practice", nil)
	if err != nil {
		return localstore.Sync{}, err
	}
	setup := config.New()
	setup.Source.Connection, setup.Target.Connection = source.Name, target.Name
	y, err := d.syncFor(ctx, setup)
	if err != nil || len(y.Setup.Mapping) > 0 {
		return y, err
	}
	return d.mapped(ctx, y)
}

func (d *desk) connectOnce(ctx context.Context, name, connector string, answers core.Answers) (localstore.Connection, error) {
	if c, err := d.store.ConnectionNamed(ctx, name); err == nil {
		return c, nil
	}
	return d.connect(ctx, localstore.Connection{Name: name, Connector: connector}, answers)
}

// mapped keeps a sync with what Smart mapping makes of it.
func (d *desk) mapped(ctx context.Context, y localstore.Sync) (localstore.Sync, error) {
	source, from, err := d.source(ctx, y.Setup.Source)
	if err != nil {
		return y, err
	}
	target, _, err := d.target(ctx, y.Setup.Target)
	if err != nil {
		return y, err
	}
	if y.Setup, err = d.completed(ctx, y.Setup, from.spec, source, target); err != nil {
		return y, err
	}
	return d.store.SaveSync(ctx, y)
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"

	"rollcall/core"
	"rollcall/localstore"
)

type connectorsCommand struct {
	JSON bool `help:"As JSON." name:"json"`
}

func (c *connectorsCommand) Run(j *job) error {
	specs := j.desk.catalogue.Specs()
	if c.JSON {
		e := json.NewEncoder(j.Out)
		e.SetIndent("", "  ")
		return e.Encode(specs)
	}
	for _, s := range specs {
		j.printf("%-12s %-26s %-9s %-14s %s\n", s.ID, s.Name, s.Category, faces(s), strings.Join(s.Can, ", "))
		if pace := strings.TrimSpace(s.Limits + " " + s.Effort); pace != "" {
			j.printf("    %s\n", pace)
		}
		for _, o := range s.Options {
			secret := ""
			if o.Secret {
				secret = " (secret)"
			}
			j.printf("    %-20s %s%s\n", o.ID, o.Label, secret)
		}
	}
	return nil
}

func faces(s core.Spec) string {
	switch {
	case s.Source && s.Target:
		return "source, target"
	case s.Source:
		return "source"
	default:
		return "target"
	}
}

type connectCommand struct {
	Name      string `arg:"" help:"Name of the connection."`
	Connector string `arg:"" help:"Id of the connector; “rollcall connectors” lists them."`
	Options   string `help:"Answers as JSON or YAML: a file, or - for standard input." placeholder:"FILE|-"`
	BaseURL   string `help:"Kept with the connection: replaces scheme and host of every request (https, or http on this computer)." name:"base-url" placeholder:"URL"`
	Check     bool   `help:"Test the connection before keeping it."`
}

func (connectCommand) needsStore() {}

func (c *connectCommand) Run(j *job) error {
	answers, err := j.answers(c.Connector, c.Options)
	if err != nil {
		return err
	}
	kept := localstore.Connection{Name: c.Name, Connector: c.Connector, Base: c.BaseURL}
	if c.Check {
		j.desk.ask.ShowCode = j.showCode // whoever sets up a connection is there
		health, err := j.desk.check(j, c.Connector, answers, kept)
		if err != nil {
			return err
		}
		j.printf("%s\n", health.Summary)
		for _, r := range health.Rights {
			if !r.Granted {
				j.printf("Missing: %s (%s). %s\n", r.Label, r.ID, strings.TrimSpace(r.Without+" "+r.Detail))
			}
		}
		for _, n := range health.Notes {
			j.printf("Note: %s\n", n)
		}
	}
	if old, err := j.desk.store.ConnectionNamed(j, c.Name); err == nil {
		kept.ID, kept.Created = old.ID, old.Created
	}
	if kept, err = j.desk.connect(j, kept, answers); err != nil {
		return err
	}
	j.printf("Kept as “%s”.\n", kept.Name)
	return nil
}

const largestOptions = 1 << 20

// answers reads the option answers for a connector from a file or standard input, and the
// files that they name. JSON is YAML too.
func (j *job) answers(connector, file string) (core.Answers, error) {
	var b []byte
	var err error
	switch file {
	case "":
	case "-":
		b, err = io.ReadAll(io.LimitReader(j.In, largestOptions))
	default:
		b, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, &core.Problem{Code: core.NotFound, What: "The options cannot be read from " + file + ".", Fix: "Check the name and that you may read it.", Cause: err}
	}
	given := map[string]any{}
	if err := yaml.Unmarshal(b, &given); err != nil {
		return nil, &core.Problem{Code: core.BadOption, What: "The options are no list of names and answers.", Fix: `Write them as JSON, for example {"apiKey": "…"}.`, Cause: err}
	}
	spec, err := j.desk.catalogue.Spec(connector)
	if err != nil {
		return nil, err
	}
	return j.keyFiles().answers(spec, given)
}

type connectionsCommand struct {
	List           listConnectionsCommand `cmd:"" default:"1" help:"List them; so does “rollcall connections” alone."`
	ExportManifest exportManifestCommand  `cmd:"" help:"Write the description that a connection to a Custom API holds, without credentials, for use on another computer."`
}

type listConnectionsCommand struct{}

func (listConnectionsCommand) needsStore() {}

func (listConnectionsCommand) Run(j *job) error {
	list, err := j.desk.store.Connections(j)
	for _, c := range list {
		j.printf("%-30s %-14s %s\n", c.Name, c.Connector, inWords(c.Options))
	}
	return err
}

type exportManifestCommand struct {
	Name string `arg:"" help:"Name of the connection."`
	File string `arg:"" optional:"" help:"File to write; left out, or -, it is standard output." placeholder:"FILE"`
}

func (exportManifestCommand) needsStore() {}

func (c *exportManifestCommand) Run(j *job) error {
	kept, err := j.desk.store.ConnectionNamed(j, c.Name)
	if err != nil {
		return err
	}
	written, err := j.desk.manifest(j, kept)
	if err != nil {
		return err
	}
	if c.File == "" || c.File == "-" {
		_, err = j.Out.Write(written)
		return err
	}
	if err := writeWhole(c.File, func(w io.Writer) error { _, err := w.Write(written); return err }); err != nil {
		return err
	}
	j.printf("Written: %s\n", c.File)
	return nil
}

type disconnectCommand struct {
	Name string `arg:"" help:"Name of the connection."`
}

func (disconnectCommand) needsStore() {}

func (c *disconnectCommand) Run(j *job) error {
	kept, err := j.desk.store.ConnectionNamed(j, c.Name)
	if err != nil {
		return err
	}
	if err := j.desk.store.Forget(j, kept.ID); err != nil {
		return err
	}
	j.printf("Forgotten: “%s”, with its secrets and everything read through it.\n", kept.Name)
	return nil
}

// adopt keeps a side that is described by connector and options as a connection, named
// after the connector, or finds the one that was kept for it before.
func (d *desk) adopt(ctx context.Context, s core.Side) (localstore.Connection, error) {
	spec, err := d.catalogue.Spec(s.Connector)
	if err != nil {
		return localstore.Connection{}, err
	}
	answers := core.Answers{}
	for id, v := range s.Options {
		if spec.Option(id).Secret {
			return localstore.Connection{}, &core.Problem{Code: core.BadRules, What: fmt.Sprintf("The configuration holds “%s” of %s, which is a secret.", id, spec.Name),
				Fix: "Keep the connection with “rollcall connect” and name it in the configuration."}
		}
		answers[id] = core.Secret(v)
	}
	name := spec.Name
	if path, err := filepath.Abs(s.Options["path"]); err == nil && s.Options["path"] != "" {
		name += ": " + path
	}
	c := localstore.Connection{Name: name, Connector: spec.ID}
	if old, err := d.store.ConnectionNamed(ctx, name); err == nil && old.Connector == spec.ID {
		c.ID, c.Created = old.ID, old.Created
	}
	return d.connect(ctx, c, answers)
}

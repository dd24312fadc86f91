package page

import (
	"context"
	"path/filepath"

	"rollcall/core"
	"rollcall/gui/parts"
	"rollcall/gui/task"
)

// keyPick is a file with a certificate, its key, or both that was chosen for a question. Its
// password is asked for where it has one.
type keyPick struct {
	a        *access
	chosen   core.Option
	path     string
	name     string
	password *parts.Field
	use      *parts.Button
	dialog   *parts.Dialog
}

func newKeyPick(a *access, chosen core.Option, path string) *keyPick {
	return &keyPick{a: a, chosen: chosen, path: path, name: filepath.Base(path)}
}

func (k *keyPick) read(password core.Secret) {
	if k.dialog != nil {
		k.use.SetEnabled(false)
	}
	open := func(ctx context.Context) (core.KeyFile, error) {
		return k.a.p.services.Connections.KeyFile(ctx, k.path, password)
	}
	task.Run(k.a.p.ctx, open, func(f core.KeyFile, err error) {
		if core.HasCode(err, core.BadCredentials) {
			k.ask(core.AsProblem(err))
			return
		}
		if k.dialog != nil {
			k.dialog.Close()
		}
		if err == nil {
			err = k.fill(f)
		}
		if err != nil {
			k.a.form.Field(k.chosen.ID).SetProblem(core.AsProblem(err).Error())
		}
		k.a.left.Refresh()
	})
}

// fill answers what the file has.
func (k *keyPick) fill(f core.KeyFile) error {
	answers, err := f.Answers(k.name, k.chosen, k.a.end.Spec.Options)
	if err == nil {
		k.a.form.Fill(answers)
	}
	return err
}

// ask asks for the password, again where it was wrong.
func (k *keyPick) ask(why *core.Problem) {
	if k.dialog != nil {
		k.use.SetEnabled(true)
		k.password.SetProblem(why.Error())
		k.dialog.Refit()
		k.a.p.shell.Canvas().Focus(k.password.Focusable())
		return
	}
	k.password = parts.NewField(parts.Question{Kind: parts.SecretField, Label: "Password", Help: "Neither the file nor its password is kept; the certificate and the key are."})
	cancel := parts.NewButton("Cancel", parts.Second, nil)
	k.use = parts.NewButton("Use this file", parts.Primary, func() { k.read(core.Secret(k.password.Value())) })
	k.password.OnSubmitted = func(string) { k.use.OnTapped() }
	k.dialog = parts.NewDialog(k.a.p.shell.Canvas(), "Password of "+k.name, "It protects the private key in the file.", k.password, cancel, k.use)
	cancel.OnTapped = k.dialog.Close
	k.dialog.Show(460)
}

// Package manifest reads the manifests of connectors and runs the vendors that a
// manifest describes in full, so that most vendors are data and need no code.
package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/goccy/go-yaml"

	"rollcall/core"
)

// DecodeSpec reads the manifest of a connector that is written in Go: its card and its
// form. A key that core.Spec does not have, an option without help, a pattern that does
// not compile or a choice that is not there is an error.
func DecodeSpec(data []byte) (core.Spec, error) {
	var spec core.Spec
	if err := decode(data, &spec); err != nil {
		return core.Spec{}, err
	}
	return spec, checkSpec(spec)
}

func decode(data []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict(), yaml.DisallowUnknownField())
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	return nil
}

var (
	idPattern     = regexp.MustCompile(`^[a-z][a-z0-9]*$`)
	colourPattern = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	categories    = []core.Category{core.HRSystem, core.Directory, core.File}
	optionKinds   = []core.OptionKind{core.LineOption, core.ChoiceOption, core.FileOption, core.FolderOption, core.BoolOption, core.NumberOption, core.URLOption, core.TextOption}
	pemParts      = []core.PEM{core.CertificatePEM, core.KeyPEM}
	doubtLevels   = []string{"official", "client", "inferred", "tried"}
	skills        = []string{core.CanReadSince, core.CanDiscover, core.CanCreate, core.CanUpdate, core.CanDeactivate, core.CanDelete, core.CanManagers, core.CanAccounts, core.CanManifest, core.CanRestore, core.CanGroups, core.CanImport}
)

func checkSpec(s core.Spec) error {
	wrong := []error{
		refuse(!idPattern.MatchString(s.ID), "id %q is not lower-case letters and digits", s.ID),
		refuse(s.Name == "", "%s: no name", s.ID),
		refuse(!slices.Contains(categories, s.Category), "%s: category %q is none of %v", s.ID, s.Category, categories),
		refuse(!colourPattern.MatchString(s.Colour), "%s: colour %q is not #rrggbb", s.ID, s.Colour),
		refuse(!s.Source && !s.Target, "%s: is neither source nor target", s.ID),
	}
	for _, skill := range s.Can {
		wrong = append(wrong, refuse(!slices.Contains(skills, skill), "%s: no skill is called %q", s.ID, skill))
	}
	for _, d := range s.Confidence {
		wrong = append(wrong, refuse(!slices.Contains(doubtLevels, d.Level), "%s: confidence %q is none of %v", s.ID, d.Level, doubtLevels))
	}
	for _, o := range s.Options {
		wrong = append(wrong, checkOption(s, o))
	}
	for _, p := range s.Permissions {
		wrong = append(wrong, refuse(p.ID == "" || p.Without == "", "%s: permission %q does not say what is absent without it", s.ID, p.ID))
	}
	return errors.Join(wrong...)
}

func checkOption(s core.Spec, o core.Option) error {
	where := s.ID + "." + o.ID
	wrong := []error{
		refuse(o.ID == "" || o.Label == "" || o.Help == "", "%s: an option needs id, label and help", where),
		refuse(!slices.Contains(optionKinds, o.Kind), "%s: no kind is called %q", where, o.Kind),
		refuse(o.Secret && o.Default != "", "%s: a secret has no default", where),
		refuse(o.PEM != "" && (!slices.Contains(pemParts, o.PEM) || o.Kind != core.TextOption), "%s: pem is %q; it is one of %v, of the kind text", where, o.PEM, pemParts),
		refuse(o.Kind == core.ChoiceOption && len(o.Choices) == 0, "%s: a choice without choices", where),
	}
	if _, err := regexp.Compile(o.Pattern); err != nil {
		wrong = append(wrong, fmt.Errorf("%s: %w", where, err))
	}
	for id := range o.ShowIf {
		known := slices.ContainsFunc(s.Options, func(other core.Option) bool { return other.ID == id })
		wrong = append(wrong, refuse(!known, "%s: showIf names %q, which is no option", where, id))
	}
	return errors.Join(wrong...)
}

func refuse(when bool, format string, args ...any) error {
	if !when {
		return nil
	}
	return fmt.Errorf("manifest: "+format, args...)
}

package view

import (
	"context"
	"slices"
	"strings"

	"rollcall/core"
)

// ForWriting tells the questions that stand in a group of their own: of a system that can be read without being written to,
// those that only writing needs.
func ForWriting(spec core.Spec) func(core.Option) bool {
	return func(o core.Option) bool { return spec.Source && spec.Target && len(o.For) > 0 }
}

// Consequences says, as sentences, what becomes of people when the ticked changes are made, as the connection of the
// target is set: "12 new accounts · Invite by mail. A mail is sent at once."
func (r *Review) Consequences() []string {
	var sentences []string
	for _, o := range r.Spec.Options {
		if s := chosen(o, r.answers, r.Spec.Options); s != "" {
			if n, noun := r.concerned(o.For); n > 0 {
				sentences = append(sentences, Count(n, noun[0], noun[1])+" · "+s)
			}
		}
	}
	return sentences
}

// concerned counts the ticked rows of the first kind of change that a question is about.
func (r *Review) concerned(about []string) (n int, noun [2]string) {
	for _, v := range core.Verbs() {
		if slices.Contains(about, v.String()) && r.ticked[v] > 0 {
			return r.ticked[v], verbNouns[v]
		}
	}
	return 0, noun
}

// chosen says what the answer to a question means, in the words of its manifest.
func chosen(o core.Option, answers core.Answers, all []core.Option) string {
	if !o.Shown(all, answers) {
		return ""
	}
	is := firstOf(answers.Get(o.ID), o.Default)
	if o.Kind == core.BoolOption && is == "true" {
		return o.Label + ". " + o.Help
	}
	for _, c := range o.Choices {
		if c.Value == is && c.Help != "" {
			return strings.TrimSuffix(c.Label, ".") + ". " + c.Help
		}
	}
	return ""
}

// targetOptions are the answers of a plan's target that are no secrets.
func targetOptions(ctx context.Context, s Services, p *core.Plan) (core.Answers, error) {
	options, err := s.Plans.Options(ctx, p)
	if core.HasCode(err, core.NotFound) {
		err = nil
	}
	answers := core.Answers{}
	for id, v := range options {
		answers[id] = core.Secret(v)
	}
	return answers, err
}

package view

import (
	"fmt"
	"strings"
	"time"

	"rollcall/core"
)

// KindProgress is how far one kind of change is.
type KindProgress struct {
	Verb                        core.Verb
	Done, Failed, Total, Waited int // Waited: held by a guard, not part of the run
	Retried                     int
}

// Note says in words what the bar does not.
func (k KindProgress) Note() string {
	switch {
	case k.Failed > 0:
		return Thousands(k.Done) + " done, " + Thousands(k.Failed) + " failed"
	case k.Retried > 0:
		return Thousands(k.Retried) + " retried, all done since"
	case k.Waited > 0:
		return Thousands(k.Waited) + " held by your limit"
	case k.Total > 0 && k.Done == k.Total:
		return "all done"
	}
	return ""
}

// RunAt is a moment of a run.
type RunAt struct {
	Phase   Phase
	Run     Run
	Problem error
	Done    int
	Failed  int // those that drifted too
	Drifted int
	Total   int
	Retried int
	Said    int // how many outcomes there are
	Kinds   []KindProgress
	Worked  time.Duration
	Handed  Handed
}

// Handed is what was handed to the target's own engine.
type Handed struct {
	Engine         string // in a sentence
	Rows, Answered int
	For            time.Duration // since the first was handed over
}

// Open is how many rows the engine has accepted of which it is not known what became of them.
func (h Handed) Open() int { return h.Rows - h.Answered }

// Sentence says how far the engine is: "2,000 handed to the import, 0 answered yet".
func (h Handed) Sentence() string {
	if h.Open() == 0 {
		return Thousands(h.Rows) + " were handed to " + h.Engine + ", all answered."
	}
	return Thousands(h.Rows) + " handed to " + h.Engine + ", " + Thousands(h.Answered) + " answered yet."
}

// Detail says how it goes on, and what leaving means.
func (at RunAt) handedDetail() string {
	h := at.Handed
	counts := Thousands(h.Rows) + " accepted, " + Thousands(at.Done) + " done, " + Thousands(at.Failed) + " failed. "
	if at.Phase == Ended || at.Phase == Paused {
		return counts + upperFirst(h.Engine) + " goes on with what it has accepted. Ask again in some minutes, or apply the plan again later, to learn what became of it."
	}
	return counts + "It answers after some minutes; handed over " + Lasting(h.For) + " ago. You may leave this page. If you close the program, " + h.Engine + " goes on, and it is asked again when the plan is applied the next time."
}

// HandedOver says what was handed to the engine and how it stands; "" where nothing was, or all is answered.
func (at RunAt) HandedOver() (text, detail string) {
	if at.Handed.Open() == 0 || at.Phase == Ended { // then the result says it
		return "", ""
	}
	return at.Handed.Sentence(), at.handedDetail()
}

// Share is how much of the run is through, 0 to 1, well and failed.
func (at RunAt) Share() (done, failed float64) {
	if at.Total == 0 {
		return 0, 0
	}
	return float64(at.Done) / float64(at.Total), float64(at.Failed) / float64(at.Total)
}

// Percent is what the big number says. It is rounded down, so that 100 % means all.
func (at RunAt) Percent() string {
	if at.Total == 0 {
		return "0 %"
	}
	return itoa((at.Done+at.Failed)*100/at.Total) + " %"
}

// Left says how long the rest will take at the pace so far.
func (at RunAt) Left() string {
	switch at.Phase {
	case Paused:
		return "Paused"
	case Pausing:
		return "Pausing…"
	case Stopping:
		return "Stopping…"
	case Ended:
		return "Ended"
	}
	through := at.Done + at.Failed
	if open := at.Handed.Open(); open > 0 && open >= at.Total-through {
		return "Waiting for answers"
	}
	if through < 3 || at.Worked <= 0 {
		return "Working out how long it takes"
	}
	return "About " + Lasting(time.Duration(float64(at.Worked)/float64(through)*float64(max(at.Total-through, 0)))) + " left"
}

// Pace says how fast it goes and for how long already.
func (at RunAt) Pace() string {
	seconds, word := at.Worked.Seconds(), "running for "
	if at.Phase == Ended {
		word = "took "
	}
	if seconds < 1 || at.Done+at.Failed == 0 {
		return word + Lasting(at.Worked)
	}
	return fmt.Sprintf("%.1f changes per second · %s%s", float64(at.Done+at.Failed)/seconds, word, Lasting(at.Worked))
}

// Lasting writes a duration as a person says it: "50 seconds", "1 min 14 s", "2 h 5 min".
func Lasting(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	switch {
	case s < 60:
		return Count(max(s, 1), "second", "seconds")
	case s < 3600:
		return fmt.Sprintf("%d min %d s", s/60, s%60)
	}
	return fmt.Sprintf("%d h %d min", s/3600, s/60%60)
}

// Through says how many are through: "89 of 149 accounts", and the parts of it.
func (at RunAt) Through() (headline, parts string) {
	through := at.Done + at.Failed
	list := []string{Thousands(at.Done) + " done"}
	if at.Failed > 0 {
		list = append(list, Thousands(at.Failed)+" failed")
	}
	open := at.Handed.Open()
	if open > 0 {
		list = append(list, Thousands(open)+" handed over")
	}
	if left := at.Total - through - open; left > 0 {
		list = append(list, Thousands(left)+" to go")
	}
	return Thousands(through) + " of " + Count(at.Total, "change", "changes"), strings.Join(list, ", ")
}

// Result is the sentence after the end, whether it is good news, and what to do next.
func (at RunAt) Result() (text, detail string, good bool) {
	left := at.Total - at.Done - at.Failed
	if at.Problem != nil {
		p := core.AsProblem(at.Problem)
		if detail = p.Fix; at.Handed.Open() > 0 {
			detail += " " + at.handedDetail()
		}
		return p.What, detail, false
	}
	switch {
	case at.Failed == 0 && left <= 0:
		return "Done: " + Count(at.Done, "change was made", "changes were made") + ", none failed.", "", true
	case left > 0 && at.Handed.Open() > 0:
		return "Not answered yet: " + Thousands(at.Handed.Open()) + " of " + Count(at.Handed.Rows, "change", "changes") + " handed to " + at.Handed.Engine + ".", at.handedDetail(), false
	case left > 0:
		return "Stopped: " + Count(at.Done, "change was made", "changes were made") + ", " + Thousands(left) + " were left as they were.", "Go on when you are ready: what is done stays done.", false
	}
	return Count(at.Done, "change was made", "changes were made") + ", " + Thousands(at.Failed) + " failed.",
		"Each says below what to put right. Then retry those that failed.", false
}

package trial

import (
	"diaoxiao/conformance/internal/wire"
	"strings"
)

// Outcome is how a check ended.
type Outcome string

// The outcomes.
const (
	Passed     Outcome = "通过"
	Failed     Outcome = "未通过"
	NotOffered Outcome = "未提供" // an extension that the target may lack
	NotTested  Outcome = "未测"  // for want of an option, or of something that another check demands
)

// Step is one exchange of a check: what was sent, what was expected, what came. It holds no token and no secret.
type Step struct {
	Sent     string `json:"sent"`
	Expected string `json:"expected"`
	Came     string `json:"came"`
	Answer   string `json:"answer"` // as it came over the wire
	OK       bool   `json:"ok"`

	Before  *Exchange `json:"before,omitempty"`  // the exchange that this one is held against
	Differs string    `json:"differs,omitempty"` // where the two requests differ

	heard bool // there was an answer
}

// masked is the step without secrets.
func (s Step) masked(m *wire.Mask) Step {
	s.Sent, s.Expected, s.Came, s.Answer = m.Text(s.Sent), m.Text(s.Expected), m.Text(s.Came), m.Text(s.Answer)
	if s.Before != nil {
		s.Before = &Exchange{m.Text(s.Before.Sent), m.Text(s.Before.Came), m.Text(s.Before.Answer)}
	}
	s.Differs = m.Text(s.Differs)
	return s
}

// Result is a check and how it ended.
type Result struct {
	Check
	Outcome Outcome `json:"outcome"`
	Reason  string  `json:"reason,omitempty"` // why it failed, is not offered or was not tested
	Cause   string  `json:"cause,omitempty"`  // the check that names the target's fault for which it was not tested
	Steps   []Step  `json:"steps"`
}

// Decisive is the step that decided: the one that failed, or else the last. ok is false where nothing was sent.
func (r Result) Decisive() (s Step, ok bool) {
	for _, s = range r.Steps {
		if !s.OK {
			return s, true
		}
	}
	return s, len(r.Steps) > 0
}

// Last is Decisive for pages: nil where nothing was sent.
func (r Result) Last() *Step {
	if s, ok := r.Decisive(); ok {
		return &s
	}
	return nil
}

// Note is why a check failed where that is more than its exchange shows; "" otherwise.
func (r Result) Note() string {
	if r.Outcome != Failed || strings.HasPrefix(r.Reason, "期望：") {
		return ""
	}
	return r.Reason
}

// Prevented reports whether a MUST was not tested through a fault of the target. Nothing is certified then.
func (r Result) Prevented() bool {
	return r.Outcome == NotTested && r.Requirement == Must && r.Cause != ""
}

// Outcomes lists the outcomes.
func Outcomes() []Outcome { return []Outcome{Passed, Failed, NotOffered, NotTested} }

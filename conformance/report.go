package conformance

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
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

// Outcomes lists the outcomes.
func Outcomes() []Outcome { return []Outcome{Passed, Failed, NotOffered, NotTested} }

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
func (s Step) masked(m *mask) Step {
	s.Sent, s.Expected, s.Came, s.Answer = m.text(s.Sent), m.text(s.Expected), m.text(s.Came), m.text(s.Answer)
	if s.Before != nil {
		s.Before = &Exchange{m.text(s.Before.Sent), m.text(s.Before.Came), m.text(s.Before.Answer)}
	}
	s.Differs = m.text(s.Differs)
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

// Report is all results of one run.
type Report struct {
	Tool    string          `json:"tool"`
	URL     string          `json:"url"`
	AppKey  string          `json:"appKey"`
	Account string          `json:"account"`
	Dialect string          `json:"dialect"`
	Strict  bool            `json:"strict"`
	RunID   string          `json:"runID"`
	Began   time.Time       `json:"began"`
	Ended   time.Time       `json:"ended"`
	Whole   bool            `json:"whole"` // all checks of the tool were chosen, and nothing broke off
	Counts  map[Outcome]int `json:"counts"`

	Requests int      `json:"requests,omitempty"` // sent
	Cases    Cases    `json:"cases,omitzero"`
	Clauses  []Clause `json:"clauses,omitempty"` // what the numbers of the results mean
	Results  []Result `json:"results"`
	Digest   string   `json:"digest"` // see Sum
}

// Sum is the SHA-256, in hexadecimal, of the report's JSON with an empty digest. It shows that a report was changed
// without its digest; it is no signature, so whoever relies on it writes it down elsewhere.
func (r Report) Sum() string {
	r.Digest = ""
	b, err := json.Marshal(r)
	if err != nil { // strings, numbers and times only
		panic(err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Note is why a check failed where that is more than its exchange shows; "" otherwise.
func (r Result) Note() string {
	if r.Outcome != Failed || strings.HasPrefix(r.Reason, "期望：") {
		return ""
	}
	return r.Reason
}

// CasesText says what became of the cases that were acknowledged; "" where there were none.
func (r Report) CasesText() string {
	c := r.Cases
	if c.Acknowledged == 0 {
		return ""
	}
	text := fmt.Sprintf("受理 %d 件", c.Acknowledged)
	for _, part := range []struct {
		words   string
		of, has int
	}{{"最后逐件再报 %d 件，得原受理号 %d 件", c.Repeated, c.Same}, {"查询 %d 件，相符 %d 件", c.Queried, c.Found}, {"列表核对 %d 件，相符 %d 件", c.Listed, c.InList}} {
		if part.of > 0 {
			text += "；" + fmt.Sprintf(part.words, part.of, part.has)
		}
	}
	return text
}

// Weighs reports whether a result counts against the target.
func (r Report) Weighs(res Result) bool {
	return res.Outcome == Failed && (res.Requirement == Must || r.Strict)
}

// prevented reports whether a MUST was not tested through a fault of the target. Nothing is certified then.
func (r Result) prevented() bool {
	return r.Outcome == NotTested && r.Requirement == Must && r.Cause != ""
}

// OK reports whether nothing counts against the target, and nothing that is a MUST was prevented by it.
func (r Report) OK() bool {
	for _, res := range r.Results {
		if r.Weighs(res) || res.prevented() {
			return false
		}
	}
	return true
}

// Verdict says the result in one sentence. It claims no more than was tested.
func (r Report) Verdict() string {
	failed, left := make(map[Requirement]int), ""
	untested, own := 0, 0
	for _, res := range r.Results {
		if res.Outcome == Failed {
			failed[res.Requirement]++
		}
		if res.Outcome == NotTested && res.Requirement == Must {
			untested++
			if res.prevented() {
				own++
			}
		}
	}
	if own > 0 {
		left = fmt.Sprintf("（另有必须项 %d 项未测，其中 %d 项因接收方的问题无从判定）", untested, own)
	} else if untested > 0 {
		left = fmt.Sprintf("（另有必须项 %d 项未测）", untested)
	}
	switch {
	case !r.OK():
		return fmt.Sprintf("不合格：必须项 %d 项、建议项 %d 项未通过", failed[Must], failed[Should]) + left
	case !r.Whole || r.Counts[Passed] == 0:
		return "没有结论：只做了一部分检查，其中没有不合格的"
	case failed[Should] > 0:
		return fmt.Sprintf("合格：所测必须项全部通过，建议项 %d 项未通过", failed[Should]) + left
	}
	return "合格：所测各项全部通过" + left
}

// finish counts the results and gives the report its digest. What is not UTF-8 is replaced first, as JSON would do: a
// report that was read must have the same digest.
func (r *Report) finish() {
	r.Counts = make(map[Outcome]int)
	for _, o := range Outcomes() {
		r.Counts[o] = 0
	}
	for _, res := range r.Results {
		r.Counts[res.Outcome]++
	}
	for _, g := range r.Groups() {
		r.Clauses = append(r.Clauses, g.Clause)
	}
	b, err := json.Marshal(r)
	if err := errors.Join(err, json.Unmarshal(b, r)); err != nil { // strings, numbers and times only
		panic(err)
	}
	r.Digest = r.Sum()
}

package conformance

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

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
	}{
		{"最后逐件再报 %d 件，得原受理号 %d 件", c.Repeated, c.Same},
		{"查询 %d 件，相符 %d 件", c.Queried, c.Found},
		{"列表核对 %d 件，相符 %d 件", c.Listed, c.InList},
	} {
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

// OK reports whether nothing counts against the target, and nothing that is a MUST was prevented by it.
func (r Report) OK() bool {
	for _, res := range r.Results {
		if r.Weighs(res) || res.Prevented() {
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
			if res.Prevented() {
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

// finish counts the results and gives the report its digest. Anything that is not UTF-8 is replaced first, as JSON
// would do: a report that was read must have the same digest.
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

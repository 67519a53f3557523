package sandbox

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"

	"diaoxiao/api"
)

// Rotation is the name of no fault and of all: it strikes each case with the next fault of its call. It is an account
// too.
const Rotation = "轮流"

const rotationID = "rotation"

// Rule says which requests a fault strikes. The first rule that strikes counts. Without Next, Times or Probability it
// strikes the first attempt of every case (of every login, of every session's logout).
type Rule struct {
	ID      int      `json:"id"`
	Fault   string   `json:"fault"`             // name or id of a fault, or Rotation
	Call    api.Call `json:"call,omitempty"`    // "": that of the fault
	Account string   `json:"account,omitempty"` // "": every account
	CaseID  string   `json:"caseid,omitempty"`  // "": every case
	// Next strikes that many requests, whatever they are about, and is then spent.
	Next int `json:"next,omitempty"`
	// AtCase strikes only the case that is the nth that the rule has seen, from 1.
	AtCase int `json:"atCase,omitempty"`
	// Times strikes the first attempts of every case, that many.
	Times int `json:"times,omitempty"`
	// Probability strikes each attempt with that chance, drawn from the seed, the rule, the case and the number of the
	// attempt: the order in which cases come is no matter.
	Probability float64 `json:"probability,omitempty"`
	// Seconds is the fault's pause, life of a token or Retry-After; 0: the fault's own.
	Seconds float64 `json:"seconds,omitempty"`
	// Struck is how many requests the rule has struck.
	Struck int `json:"struck"`

	by    string
	seen  map[string]*seen
	fault Fault // zero for Rotation
}

// seen is what a rule knows of one case.
type seen struct{ no, attempts int }

// maxSeen bounds the memory of a rule; beyond it the rule forgets all cases.
const maxSeen = 1 << 16

// maxSeconds keeps pauses shorter than anybody's patience.
const maxSeconds = 600

// check fills in what is not said. The error tells in Chinese what is wrong.
func (r *Rule) check() error {
	f, ok := faultNamed(r.Fault)
	switch rotation := r.Fault == Rotation || r.Fault == rotationID; {
	case !ok && !rotation:
		return fmt.Errorf("没有名为 %q 的故障；可用：%s、%s", r.Fault, strings.Join(names(faults), "、"), Rotation)
	case rotation:
		r.Fault, r.Call = Rotation, cmp.Or(r.Call, api.Receive)
	default:
		r.Fault, r.Call, r.fault = f.Name, cmp.Or(r.Call, f.Call), f
	}
	switch {
	case !slices.Contains(api.Calls(), r.Call):
		return fmt.Errorf("没有名为 %q 的接口；可用：login、logout、receiveCaseinfo、queryCaseinfo 等", r.Call)
	case r.Next < 0 || r.AtCase < 0 || r.Times < 0:
		return errors.New("next、atCase、times 不能为负数")
	case !(r.Probability >= 0 && r.Probability <= 1):
		return errors.New("probability 应在 0 与 1 之间")
	case !(r.Seconds >= 0 && r.Seconds <= maxSeconds):
		return fmt.Errorf("seconds 应在 0 与 %d 之间", maxSeconds)
	}
	return nil
}

func names(of []Fault) (all []string) {
	for _, f := range of {
		all = append(all, f.Name)
	}
	return all
}

// matches reports whether the rule is about such requests.
func (r *Rule) matches(v *request) bool {
	return r.Call == v.x.Call && (r.Account == "" || r.Account == v.x.Account) &&
		(r.CaseID == "" || r.CaseID == v.x.CaseID)
}

// strikes counts a request that the rule matches and returns the fault that strikes it, if one does.
func (r *Rule) strikes(seed uint64, subject string) (f Fault, struck bool) {
	c := r.see(subject)
	switch {
	case r.AtCase > 0 && c.no != r.AtCase:
	case r.Probability > 0:
		struck = chance(seed, r.ID, subject, c.attempts) < r.Probability
	case r.Next > 0:
		struck = r.Struck < r.Next
	default:
		struck = c.attempts <= max(1, r.Times) || r.fault.every && r.Times == 0
	}
	f = r.fault
	if of := faultsOf(r.Call); r.Fault == Rotation && len(of) > 0 {
		f = of[(c.no-1)%len(of)]
	}
	if struck = struck && f.do != nil; struck {
		r.Struck++
	}
	return f, struck
}

func (r *Rule) see(subject string) *seen {
	if r.seen == nil || len(r.seen) >= maxSeen {
		r.seen = make(map[string]*seen)
	}
	c := r.seen[subject]
	if c == nil {
		c = &seen{no: len(r.seen) + 1}
		r.seen[subject] = c
	}
	c.attempts++
	return c
}

// chance draws a number from 0 to 1, the same for the same arguments.
func chance(seed uint64, rule int, subject string, attempt int) float64 {
	h := fnv.New64a()
	h.Write(binary.BigEndian.AppendUint64([]byte(subject), uint64(rule)<<32|uint64(attempt)))
	return rand.New(rand.NewPCG(seed, h.Sum64())).Float64()
}

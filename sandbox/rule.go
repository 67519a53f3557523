package sandbox

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"diaoxiao/api"
)

// Rotation is the name of no fault and of all: it strikes each case with the next fault of its call. It is an account too.
const Rotation = "轮流"

const rotationID = "rotation"

// Rule says which requests a fault strikes. The first rule that strikes counts. Without Next, Times or Probability it strikes
// the first attempt of every case (of every login, of every session's logout).
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
	// Probability strikes each attempt with that chance, drawn from the seed, the rule, the case and the number of the attempt:
	// the order in which cases come is no matter.
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
func (r *Rule) matches(v *visit) bool {
	return r.Call == v.x.Call && (r.Account == "" || r.Account == v.x.Account) && (r.CaseID == "" || r.CaseID == v.x.CaseID)
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

// script is the rules in force: those added, then those that the accounts stand for.
type script struct {
	mu       sync.Mutex
	seed     uint64
	last     int
	rules    []*Rule
	headers  map[string]*Rule // by what the header says
	accounts map[string][]*Rule
}

func newScript(seed uint64) *script {
	s := &script{seed: seed}
	s.clear()
	return s
}

// clear takes all rules back and forgets which cases were seen.
func (s *script) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last, s.rules, s.headers, s.accounts = 0, nil, make(map[string]*Rule), make(map[string][]*Rule)
	for _, name := range append(names(faults), Rotation) {
		r := &Rule{Fault: name, Account: name, by: "账户"}
		r.check() // nothing in it can be wrong
		s.accounts[name] = []*Rule{r}
	}
}

// add takes a rule in and returns it with its number.
func (s *script) add(r Rule) (Rule, error) {
	if err := r.check(); err != nil {
		return r, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	r.ID, r.Struck, r.by = s.last, 0, "规则 "+strconv.Itoa(s.last)
	s.rules = append(s.rules, &r)
	return r, nil
}

// remove takes a rule back; false: there is none of that number.
func (s *script) remove(id int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.rules)
	s.rules = slices.DeleteFunc(s.rules, func(r *Rule) bool { return r.ID == id })
	return len(s.rules) < n
}

// list returns the rules that were added.
func (s *script) list() []Rule {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Rule, 0, len(s.rules))
	for _, r := range s.rules {
		all = append(all, *r)
	}
	return all
}

// pick returns the fault that strikes a request: of the header or, without one, of the rules, else of the account. The error is
// about what the header says.
func (s *script) pick(v *visit) (f Fault, struck bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked, err := s.asked(v.r.Header.Get("X-Sandbox-Fault"))
	if err != nil {
		return f, false, err
	}
	if asked == nil {
		asked = slices.Concat(s.rules, s.accounts[v.x.Account])
	}
	for _, r := range asked {
		if !r.matches(v) {
			continue
		}
		if f, struck = r.strikes(s.seed, v.subject()); struck {
			v.x.Fault, v.x.By, v.pause = f.ID, r.by, time.Duration(cmp.Or(r.Seconds, f.Seconds)*float64(time.Second))
			return f, true, nil
		}
	}
	return f, false, nil
}

// maxHeaders bounds how many different headers are known at once.
const maxHeaders = 1000

// asked is the rule that a header stands for: NAME[;times=N][;seconds=S], the name in ASCII or percent-encoded.
func (s *script) asked(header string) ([]*Rule, error) {
	if header == "" {
		return nil, nil
	}
	if r := s.headers[header]; r != nil {
		return []*Rule{r}, nil
	}
	r, err := readHeader(header)
	if err != nil {
		return nil, fmt.Errorf("X-Sandbox-Fault：%w", err)
	}
	if len(s.headers) >= maxHeaders {
		clear(s.headers)
	}
	s.headers[header] = r
	return []*Rule{r}, nil
}

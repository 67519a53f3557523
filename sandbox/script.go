package sandbox

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"
)

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

// pick returns the fault that strikes a request: of the header or, without one, of the rules, else of the account. The
// error is about what the header says.
func (s *script) pick(v *request) (f Fault, struck bool, err error) {
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

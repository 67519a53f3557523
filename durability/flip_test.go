//go:build linux

package durability

import (
	"fmt"
	"testing"
	"time"
)

// span is the time of one call, from just before it was sent until just after it was answered.
type span struct {
	from, to time.Time
	what     string
}

// flip is the whole of the sequential model: something that changes once, at one moment, and never back. A case is
// accepted; a session ends. Calls have seen it before or after that moment, or may have caused it.
type flip struct {
	causes []span // each may have made the change, at any time after it began
	before []span
	after  []span
}

// check returns why no one moment explains what the calls have seen, in real time: one after the earliest cause began
// and after every call that has still seen the old state began, and before the first call that has seen the new one
// ended.
func (f flip) check() error {
	if len(f.after) == 0 {
		return nil
	}
	first := f.after[0]
	for _, s := range f.after {
		if s.to.Before(first.to) {
			first = s
		}
	}
	if err := f.caused(first); err != nil {
		return err
	}
	for _, s := range f.before {
		if s.from.After(first.to) {
			return fmt.Errorf("%s came after %s was answered", s.what, first.what)
		}
	}
	return nil
}

func (f flip) caused(first span) error {
	for _, c := range f.causes {
		if !c.from.After(first.to) {
			return nil
		}
	}
	return fmt.Errorf("%s although nothing had been sent that makes it so", first.what)
}

// The checker must tell histories apart; it needs no server for that and is not guarded.
func TestFlip(t *testing.T) {
	at := func(from, to int, what string) span {
		return span{time.Unix(int64(from), 0), time.Unix(int64(to), 0), what}
	}
	submit, found, absent := at(10, 20, "submit"), at(14, 16, "found"), at(12, 15, "absent")
	for _, c := range []struct {
		name string
		f    flip
		ok   bool
	}{
		{"nothing happened", flip{before: []span{absent}}, true},
		{"overlapping", flip{[]span{submit}, []span{absent}, []span{found}}, true},
		{"never answered", flip{[]span{at(1, 2, "submit")}, []span{absent}, []span{found}}, true},
		{"forgotten", flip{[]span{submit}, []span{at(30, 31, "absent")}, []span{submit}}, false},
		{"seen before it was sent", flip{[]span{at(17, 18, "submit")}, nil, []span{found}}, false},
		{"seen without a cause", flip{nil, nil, []span{found}}, false},
	} {
		if err := c.f.check(); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

//go:build linux

package durability

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// fault is one way in which the promise was broken.
type fault struct{ kind, what string }

// The kinds of faults.
const (
	lost       = "lost"       // acknowledged, and not there under its acceptid
	doubled    = "doubled"    // there twice, or answered with two acceptids
	changed    = "changed"    // there in other bytes than were sent
	stranger   = "stranger"   // there, and never sent
	defiant    = "defiant"    // acknowledged although a commit had failed before
	refused    = "refused"    // a repeat did not get its acceptid
	unclean    = "unclean"    // db check found something, or an export failed
	down       = "down"       // the server did not start, stop or refuse as it should
	disorderly = "disorderly" // no order of the calls explains their answers
	unheard    = "unheard"    // in the store without an answer, where every request had to be answered
)

// verdict is what a scenario found. Without faults the promise was kept.
type verdict struct {
	what         string // "kills"
	cycles       int
	acknowledged int
	repeated     int
	unknown      int // sent and not acknowledged at once
	faults       []fault
}

// add notes a fault, once: every later check would find it again.
func (v *verdict) add(kind, format string, args ...any) {
	f := fault{kind, fmt.Sprintf(format, args...)}
	if !slices.Contains(v.faults, f) {
		v.faults = append(v.faults, f)
	}
}

func (v verdict) count(kind string) (n int) {
	for _, f := range v.faults {
		if f.kind == kind {
			n++
		}
	}
	return n
}

// inPieces runs a scenario for n cycles, at most piece in one go.
func inPieces(n, piece int, run func(n int) verdict) (v verdict) {
	for ; n > 0; n -= piece {
		v = v.plus(run(min(n, piece)))
	}
	return v
}

// plus puts two runs of one scenario together.
func (v verdict) plus(w verdict) verdict {
	if v.what == "" {
		v.what = w.what
	}
	return verdict{
		v.what,
		v.cycles + w.cycles,
		v.acknowledged + w.acknowledged,
		v.repeated + w.repeated,
		v.unknown + w.unknown,
		append(v.faults, w.faults...),
	}
}

func (v verdict) String() string {
	return fmt.Sprintf(
		"%s %s, %s acknowledged, %s repeated, %s unknown, %d lost, %d other faults", thousands(v.cycles), v.what,
		thousands(v.acknowledged), thousands(v.repeated), thousands(v.unknown), v.count(lost),
		len(v.faults)-v.count(lost),
	)
}

// report fails the test for each fault, the first ones with words.
func (v verdict) report(t *testing.T) {
	t.Helper()
	if v.cycles == 0 || v.acknowledged == 0 {
		t.Error("nothing was tried, so nothing is shown")
	}
	for i, f := range v.faults {
		if i == 20 {
			t.Errorf("… %d faults in all", len(v.faults))
			break
		}
		t.Errorf("%s: %s", f.kind, f.what)
	}
	t.Log(v)
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	var b strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String()
}

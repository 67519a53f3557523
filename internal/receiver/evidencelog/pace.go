package evidencelog

import "time"

const (
	// calm is the rate of attempts, in a second, up to which the processors have time for all leaves at once.
	calm = 500
	// calmCases bounds a beat, so that the next one sees whether it is calm still.
	calmCases = 2048
	// busyShare is the part of one processor's time that leaves of cases get while it is not calm.
	busyShare = 50
	// firstGuess is how long the leaf of a case takes, before one was made.
	firstGuess = 200 * time.Microsecond
)

// pace decides how many cases a signer takes into the log at a time. The leaf of a case costs as much as its
// acceptance: its body is read again, and each firm hashed with two functions. While cases come in quickly, that time
// is theirs, and their attempts bind them meanwhile: every checkpoint takes in all attempts, with number, hash of the
// body, time and sender.
type pace struct {
	rate float64       // of attempts, in a second
	each time.Duration // that the leaf of a case takes
	seen time.Time     // when the rate was told last
}

// cases is how many cases the next beat may take.
func (p *pace) cases() int {
	if p.isCalm() {
		return calmCases
	}
	each := p.each
	if each == 0 {
		each = firstGuess
	}
	return int(max(1, every/busyShare/each))
}

func (p *pace) isCalm() bool { return p.rate <= calm }

// saw tells how many attempts came in since it was called last.
func (p *pace) saw(attempts int, now time.Time) {
	if !p.seen.IsZero() {
		p.rate = float64(attempts) / max(now.Sub(p.seen), every/2).Seconds()
	}
	p.seen = now
}

// took tells how long the leaves of some cases took.
func (p *pace) took(cases int, d time.Duration) {
	if cases > 0 {
		p.each = d / time.Duration(cases)
	}
}

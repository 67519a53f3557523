package release

import "diaoxiao/internal/receiver/register"

// Basis identifies what is doubtful about one firm: its severe findings and warnings, the later rows that contradict
// it, and the verdict with the register's row. 0: nothing is. A person's outcome counts as long as the basis is the
// one that this person saw.
type Basis int64

// Facts are what is known of one firm.
type Facts struct {
	Verified, Returned bool // of its case
	// CaseChecked: an operator checked the case as a whole (核对无误), and nothing came up since.
	CaseChecked bool
	// CaseSevere: there is a severe finding on the case itself. It holds all firms, and no comparison of one firm
	// covers it.
	CaseSevere      bool
	Severe, Warning bool             // findings about it, its own and those of later rows about it
	Verdict         register.Verdict // as shown, with 快照过旧
	Basis           Basis            // now
	Outcome         Outcome
	OutcomeBasis    Basis // that the person saw
	Decision        Decision
	DecisionBasis   Basis // that the persons saw; meaningful with a decision
	// Unseen: the firm was decided on with its case as a whole, before firms had states, and something came up in the
	// case since that nobody has seen.
	Unseen bool
}

// Holds are the reasons for which the firm would be held if nobody had decided on it. 0: none.
func (f Facts) Holds() (h Holds) {
	if f.CaseSevere && !f.CaseChecked {
		h = HeldCase
	}
	switch f.Outcome {
	case Differs:
		h |= HeldDiffers
	case Unclear:
		h |= HeldUnclear
	case Agrees:
		if f.Covered() {
			return h
		}
	}
	if f.CaseChecked {
		return h
	}
	return h | f.doubts()
}

// Covered: a person compared the firm, and what is doubtful about it is still what this person saw.
func (f Facts) Covered() bool { return f.Outcome != NotChecked && f.OutcomeBasis == f.Basis }

// SevereOpen: nobody decided on the firm, there is something severe about it, and no person found that it agrees with
// the registry, knowing this. A check of its case as a whole is no such outcome.
func (f Facts) SevereOpen() bool {
	return f.Decision == Undecided && f.Severe && !(f.Outcome == Agrees && f.Covered())
}

// Settled: a person found that the firm agrees with the registry, or checked its case, and nothing came up since.
func (f Facts) Settled() bool { return f.CaseChecked || f.Outcome == Agrees && f.Covered() }

// Doubtful: there is something doubtful about the firm. 无法比对 and 快照过旧 are no doubts.
func (f Facts) Doubtful() bool { return f.Basis != 0 }

func (f Facts) doubts() (h Holds) {
	if f.Severe {
		h |= HeldSevere
	}
	if f.Warning {
		h |= HeldWarning
	}
	switch f.Verdict {
	case register.Consistent:
	case register.NotCompared:
		h |= HeldUncompared
	case register.Stale:
		h |= HeldStale
	default:
		h |= HeldVerdict
	}
	return h
}

// State is the state of the firm.
func (f Facts) State() State {
	switch {
	case f.Returned:
		return Returned
	case f.Decision == ToRelease:
		return Released
	case f.Decision == ToWithhold:
		return Withheld
	case !f.Verified:
		return Pending
	case f.Holds() != 0:
		return Held
	}
	return Ready
}

// Alarmed: the firm is released, and what is doubtful about it is not what the two persons saw. It is not published
// before two persons have looked again.
func (f Facts) Alarmed() bool {
	return !f.Returned && f.Decision == ToRelease && f.Basis != 0 && f.Basis != f.DecisionBasis
}

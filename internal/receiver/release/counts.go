package release

import "diaoxiao/internal/receiver/register"

// Counts are the firms of a list by state. Together they are the length of the list.
type Counts struct {
	Pending, Ready, Held, Released, Withheld, Returned int

	Published int // of the released ones
	Alarmed   int // of the released ones, see Facts.Alarmed
	Flagged   int // firms about which something is doubtful, whatever their state
	Checked   int // of the flagged ones: a person has recorded an outcome that still counts
}

// Total is the length of the list.
func (c Counts) Total() int {
	return c.Pending + c.Ready + c.Held + c.Released + c.Withheld + c.Returned
}

// Of is the number of firms in a state.
func (c Counts) Of(s State) int {
	switch s {
	case Pending:
		return c.Pending
	case Ready:
		return c.Ready
	case Held:
		return c.Held
	case Released:
		return c.Released
	case Withheld:
		return c.Withheld
	case Returned:
		return c.Returned
	}
	return 0
}

// Open is the number of firms on which nobody has decided.
func (c Counts) Open() int { return c.Pending + c.Ready + c.Held }

// Tally is the counts of a verified case as they are stored, before the return of the case and the age of the register
// are looked at.
type Tally struct {
	Clear    int // nothing is doubtful, the verdict is 一致, nobody decided and no person compared it: 快照过旧 holds it
	Ready    int // 可放行 whatever the age of the register
	Held     int
	Released int
	Withheld int

	Published, Alarmed, Flagged, Checked int

	// ToCheck are held firms about which something is doubtful that no person has settled, and released ones about
	// which something came up since. Alarms are those of the latter that are alarmed by something severe.
	ToCheck, Alarms int
	// On the case itself there is a severe finding; a severe one or a warning, of a later case too.
	CaseSevere, CaseDoubt bool
}

// Counts are the counts as they are shown, of a list of items firms. verified and returned are of its case; stale: the
// snapshot with which the case was compared is too old.
func (t Tally) Counts(items int, verified, returned, stale bool) Counts {
	c := Counts{
		Ready: t.Ready + t.Clear, Held: t.Held, Released: t.Released, Withheld: t.Withheld,
		Published: t.Published, Alarmed: t.Alarmed, Flagged: t.Flagged, Checked: t.Checked,
	}
	switch {
	case returned:
		return Counts{Returned: items, Flagged: t.Flagged, Checked: t.Checked}
	case !verified:
		c.Ready, c.Held = 0, 0
		c.Pending = items - c.Released - c.Withheld
	case stale:
		c.Ready, c.Held = t.Ready, t.Held+t.Clear
	}
	return c
}

// Add counts n firms of which the same is known. The return of their case and the age of the register are not looked
// at: f.Returned is false, and f.Verdict is never 快照过旧.
func (t *Tally) Add(f Facts, n int, published bool) {
	if f.Doubtful() {
		t.Flagged += n
		if f.Covered() {
			t.Checked += n
		}
	}
	switch f.State() {
	case Released:
		t.Released += n
		if published {
			t.Published += n
		}
		t.addReleased(f, n)
	case Withheld:
		t.Withheld += n
	case Held:
		t.Held += n
		if f.Doubtful() && !f.Settled() {
			t.ToCheck += n
		}
	case Ready:
		if f.Verdict == register.Consistent && f.aged().Holds() != 0 {
			t.Clear += n
		} else {
			t.Ready += n
		}
	}
}

// addReleased adds what came up about released firms since.
func (t *Tally) addReleased(f Facts, n int) {
	alarmed := f.Alarmed()
	if alarmed {
		t.Alarmed += n
	}
	if !f.Doubtful() || f.Settled() || !alarmed && !f.Unseen {
		return
	}
	t.ToCheck += n
	if alarmed && f.Severe {
		t.Alarms += n
	}
}

// aged is f with a register that is too old.
func (f Facts) aged() Facts {
	f.Verdict = register.Stale
	return f
}

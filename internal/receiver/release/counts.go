package release

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

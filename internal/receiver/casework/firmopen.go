package casework

import (
	"cmp"
	"math"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// openFirms is ErrInvalid where the case cannot be checked as a whole: a person found that an undecided firm differs,
// or has to find out more; or nobody compared an undecided firm about which there is something severe.
func (j *judge) openFirms(r intake.CaseRow) error {
	c, err := j.openCheck(r)
	if err != nil {
		return err
	}
	if c.Outcome != 0 {
		return intake.Invalid("清单第%d条核对结果为“%s”，不能登记核对无误；请先核对清楚，或者申请不予公示、退回", c.Pos+1, c.Outcome)
	}
	s, err := j.severeOpen(r)
	if err == nil && s.Firms > 0 {
		err = intake.Invalid("清单有%d户有严重提示（最前为第%d条），尚未逐户核对为一致，不能登记核对无误；请先逐户核对，"+
			"或者申请不予公示、退回", s.Firms, s.First)
	}
	return err
}

// SevereOpen is the undecided firms with a severe finding, their own or of a later row about them, of which nobody
// found that they agree with the registry, or of which more is known since.
type SevereOpen struct {
	Firms int
	First int // of the list, counted from one; 0: none
}

// severeOpen counts them.
func (j *judge) severeOpen(r intake.CaseRow) (n SevereOpen, err error) {
	source, err := j.firmSource(r)
	if err != nil {
		return n, err
	}
	err = j.keeping(r, func(c *caseCounts) error {
		if c.severe == nil {
			counted, err := countSevereOpen(source)
			if err != nil {
				return err
			}
			c.severe = &counted
		}
		n = *c.severe
		return nil
	})
	return n, err
}

func countSevereOpen(source *intake.FirmSource) (n SevereOpen, err error) {
	for run, err := range source.Runs(0, math.MaxInt) {
		if err != nil {
			return n, err
		}
		if run.SevereOpen() {
			n.Firms += run.Len()
			n.First = cmp.Or(n.First, run.From+1)
		}
	}
	return n, nil
}

// openCheck is the first comparison by a person with another outcome than 一致 of a firm that nobody has decided on; the
// zero value: there is none.
func (j *judge) openCheck(r intake.CaseRow) (none intake.FirmCheck, err error) {
	spans, err := j.tx.FirmSpans(r.No)
	if err != nil {
		return none, err
	}
	decided := everyDecided(spans)
	for from := 0; from < r.Items; {
		cs, err := j.tx.FirmChecks(r.No, from, linePage)
		if err != nil || len(cs) == 0 {
			return none, err
		}
		for _, c := range cs {
			if c.Outcome != release.Agrees && !decided.has(c.Pos+1) {
				return c, nil
			}
		}
		from = cs[len(cs)-1].Pos + 1
	}
	return none, nil
}

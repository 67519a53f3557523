package verify

import (
	"iter"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// findingsPage is how many findings are read at once: more than one row can have.
const findingsPage = 1000

// before returns the findings of rows before pos: a page may end between two findings of one row.
func before(fs []rules.Finding, pos int) []rules.Finding {
	n := len(fs)
	for n > 0 && fs[n-1].Pos == pos {
		n--
	}
	return fs[:n]
}

// eachFinding yields the stored findings of a case from a position on, in order.
func eachFinding(tx intake.Tx, caseNo int64, from int) iter.Seq2[rules.Finding, error] {
	return func(yield func(rules.Finding, error) bool) {
		for more := true; more; {
			fs, err := tx.Findings(caseNo, from, findingsPage)
			if err != nil {
				yield(rules.Finding{}, err)
				return
			}
			if more = len(fs) == findingsPage; more {
				from = fs[len(fs)-1].Pos
				fs = before(fs, from)
			}
			for _, f := range fs {
				if !yield(f, nil) {
					return
				}
			}
		}
	}
}

// findings holds the stored findings of a case against those its body gives, and their number against the verification.
// judged: raised has those that come from the register.
func (in *inspector) findings(c intake.Case, raised []rules.Finding, judged bool) error {
	want := make(map[rules.Finding]bool, len(raised))
	for _, f := range raised {
		want[f] = true
	}
	v, have := in.v, tally{}
	for f, err := range eachFinding(in.tx, c.No, intake.CasePos) {
		if err != nil {
			return err
		}
		elsewhere := intake.DependsOnOthers(f.Rule) || intake.DependsOnRegister(f.Rule) && !judged
		if !elsewhere && !want[f] && v.Rules >= rules.Version {
			in.fault(FaultDerived, c, "核验提示与正文不符：第%d条 规则%d", f.Pos+1, f.Rule)
		}
		delete(want, f)
		have.add(f.Rule)
	}
	if len(want) > 0 && v.Rules == rules.Version {
		in.fault(FaultDerived, c, "缺少%d条核验提示", len(want))
	}
	if v.Items != c.Items || v.Severe != have.Severe || v.Warnings != have.Warnings || v.Notices != have.Notices {
		in.fault(FaultDerived, c, "核验记录的条数与派生数据不符")
	}
	return nil
}

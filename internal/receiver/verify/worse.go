package verify

import (
	"slices"
	"time"

	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// judgement is what a comparison with the register gives for one entity.
type judgement struct {
	register.Result
	findings []rules.Finding // of the rules that depend on the register
	stored   bool            // it is there, as a row
}

// same reports whether two comparisons gave the same. Snapshots number their rows anew, and the same result may come
// about with another snapshot.
func (j judgement) same(o judgement) bool {
	return j.sameResult(o.Result) && slices.Equal(j.findings, o.findings)
}

func (j judgement) sameResult(its register.Result) bool {
	mine := j.Result
	mine.Snapshot, mine.Firm.RowNo = its.Snapshot, its.Firm.RowNo
	return mine == its
}

// worse reports whether a later comparison gave a doubt that was not there: a person who has checked the entity has to
// look at it again.
func (j judgement) worse(was judgement) bool {
	return was.Verdict == register.Consistent && j.Verdict != register.Consistent ||
		j.raises(was) || j.elsewhere(was) ||
		j.Verdict != register.Consistent && j.differsMore(was) ||
		j.Verdict == register.Abnormal && j.Firm.State != was.Firm.State
}

// raises: there is a severe finding or a warning by a rule that found nothing of this member before.
func (j judgement) raises(was judgement) bool {
	return slices.ContainsFunc(j.findings, func(f rules.Finding) bool {
		r, _ := rules.ByNo(f.Rule)
		return r.Severity >= rules.Warning && !slices.ContainsFunc(was.findings, func(o rules.Finding) bool {
			return o.Rule == f.Rule && o.Field == f.Field
		})
	})
}

// elsewhere: the codes lead to another firm than before.
func (j judgement) elsewhere(was judgement) bool {
	a, b := j.Firm, was.Firm
	if a.RowNo == 0 || b.RowNo == 0 {
		return false
	}
	switch {
	case a.PripID != "" && b.PripID != "":
		return a.PripID != b.PripID
	case a.UniscID != "" && b.UniscID != "":
		return a.UniscID != b.UniscID
	}
	return a.RegNo != b.RegNo
}

// differsMore: a member differs that did not, or from another value of the register than before.
func (j judgement) differsMore(was judgement) bool {
	if j.Fields&^was.Fields != 0 {
		return true
	}
	a, b := j.Firm, was.Firm
	for _, m := range []struct {
		field    register.Fields
		is, were string
	}{{register.FieldPripID, a.PripID, b.PripID}, {register.FieldUniscID, a.UniscID, b.UniscID},
		{register.FieldRegNo, a.RegNo, b.RegNo}, {register.FieldLegal, a.Legal, b.Legal},
		{register.FieldEntType, a.EntType, b.EntType}} {
		if j.Fields&m.field != 0 && m.is != m.were {
			return true
		}
	}
	return false
}

// later is now, and after another time in any case: the clock may have been set back.
func later(now, than time.Time) time.Time {
	if now = now.Truncate(time.Millisecond); now.After(than) { // as it is stored
		return now
	}
	return than.Add(time.Millisecond)
}

package cases

import (
	"errors"
	"iter"
	"strings"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// exportFaults gives out the rows of a case that have findings or that its return names, for the sender: what is
// doubtful about each, and what to mend. The rows of others are not named.
func exportFaults(q *page.Request) (page.Answer, error) {
	f, err := q.Cases.CaseFile(q.Context(), q.Who, q.PathValue("acceptid"))
	if err != nil {
		return nil, err
	}
	if f.Verified.IsZero() {
		return showCase(q, intake.Invalid("本案正在核验，还没有核验提示，请稍后再导出"))
	}
	n := returnOf(f)
	l := newListing(q, []string{f.AcceptID})
	l.columns, l.outside = faultColumns(n.Rows), true
	l.read = func() iter.Seq2[casework.ListedEntity, error] {
		return ofCase(f, stillFaulty(q.Cases.FaultyEntities(q.Context(), q.Who, f.No, n.Rows), n.Rows))
	}
	a, err := l.export(page.List{Title: "有问题的市场主体", Of: []string{f.CaseID, f.AcceptID}}, "有核验提示或退回指出的条目")
	if errors.Is(err, page.ErrTooMany) {
		return showCase(q, q.TooMany())
	}
	return a, err
}

// stillFaulty leaves out the entities that were compared and found to agree, or released, and that nothing new came up
// about: the sender has nothing to mend there. Rows that the return names stay.
func stillFaulty(
	es iter.Seq2[casework.DoubtedEntity, error],
	named intake.RowNumbers,
) iter.Seq2[casework.DoubtedEntity, error] {
	isNamed := named.Set()
	return func(yield func(casework.DoubtedEntity, error) bool) {
		for e, err := range es {
			if err == nil && settled(e.Firm) && !isNamed(e.Pos+1) {
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func settled(f casework.FirmState) bool {
	return f.State == release.Released && !f.Alarmed || f.State == release.Ready && f.Covers
}

// ofCase are entities with their case.
func ofCase(
	f casework.CaseFile,
	es iter.Seq2[casework.DoubtedEntity, error],
) iter.Seq2[casework.ListedEntity, error] {
	return func(yield func(casework.ListedEntity, error) bool) {
		for e, err := range es {
			if !yield(casework.ListedEntity{Case: f.CaseRow, Entity: e}, err) {
				return
			}
		}
	}
}

// faultColumns are those of a list, and what to mend.
func faultColumns(named intake.RowNumbers) []listColumn {
	isNamed := named.Set()
	cs := append(sentColumns(), registerColumns()...)
	return append(append(cs, findingColumns()...),
		listColumn{page.Head{Title: "退回指出", Width: 9}, func(r listedRow) string {
			if isNamed(r.sent.Pos + 1) {
				return "是"
			}
			return ""
		}},
		listColumn{page.Head{Title: "请核对更正的栏目", Width: 18, Wrap: true}, func(r listedRow) string {
			members, _ := r.mending()
			return strings.Join(members, "、")
		}},
		listColumn{page.Head{Title: "如何核对更正", Width: 60, Wrap: true}, func(r listedRow) string {
			_, hints := r.mending()
			return strings.Join(hints, "\n")
		}})
}

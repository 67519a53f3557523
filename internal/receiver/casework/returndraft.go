package casework

import (
	"context"
	"strings"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// ReturnDraft is the reason of a return as it can be prefilled from what persons found: the rows that differ, and what
// was remarked and found about them. Both are "" where nothing differs.
func (d *Cases) ReturnDraft(
	ctx context.Context,
	by intake.By,
	caseNo int64,
) (reason string, rows intake.RowNumbers, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		r, err := caseOfNo(tx, caseNo)
		if err != nil {
			return err
		}
		set, faults, err := d.judge(tx).differing(r)
		if err != nil {
			return err
		}
		if rows, err = intake.RowNumbersOf(set); err != nil {
			rows = "" // too many to name each
		}
		reason = faultText(faults)
		return nil
	})
	return reason, rows, err
}

// fault is what was found about some rows alike.
type fault struct {
	remark, found string
	rows          rowSet
}

// differing lists the rows that differ, and what was found about them.
func (j *judge) differing(r intake.CaseRow) (set rowSet, all []fault, err error) {
	for from := 0; from < r.Items; {
		cs, err := j.tx.FirmChecks(r.No, from, linePage)
		if err != nil {
			return nil, nil, err
		}
		if len(cs) == 0 {
			break
		}
		for _, c := range cs {
			if c.Outcome == release.Differs {
				set.add(c.Pos+1, c.Pos+1)
			}
		}
		from = cs[len(cs)-1].Pos + 1
	}
	if len(set) == 0 {
		return nil, nil, nil
	}
	at := make(map[[2]string]int)
	err = j.lines(r, set, anyFirm, func(l *firmLine) error {
		key := [2]string{l.Check.Remark, foundOf(l)}
		i, known := at[key]
		if !known {
			i = len(all)
			at[key] = i
			all = append(all, fault{remark: key[0], found: key[1]})
		}
		all[i].rows.add(l.From+1, l.From+1)
		return nil
	})
	return set, all, err
}

// foundOf are the titles of the rules that found something about a firm.
func foundOf(l *firmLine) string {
	var titles []string
	seen := make(map[int]bool)
	note := func(no int) {
		if rule, ok := rules.ByNo(no); ok && !seen[no] {
			seen[no] = true
			titles = append(titles, rule.Title)
		}
	}
	for _, f := range l.findings {
		note(f.Rule)
	}
	for _, k := range l.marks {
		note(k.Rule)
	}
	return strings.Join(titles, "、")
}

// faultText is a reason of at most intake.MaxText bytes. Those for which there is no room are left to the rows.
func faultText(all []fault) string {
	const more = "；其余条目见所列条目"
	var b strings.Builder
	for i, f := range all {
		text := "清单第" + strings.ReplaceAll(string(intake.JoinRows(f.rows)), ",", "、") + "条：" + f.remark
		if f.found != "" {
			text += "（核验提示：" + f.found + "）"
		}
		if i > 0 {
			text = "；" + text
		}
		if b.Len()+len(text)+len(more) > intake.MaxText {
			if i == 0 {
				return f.remark
			}
			return b.String() + more
		}
		b.WriteString(text)
	}
	return b.String()
}

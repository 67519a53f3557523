package casework

import (
	"context"
	"crypto/sha256"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// Reading is what a person read before recording outcomes of firms.
type Reading struct {
	intake.Seen          // what was known of the case
	Outcomes    [32]byte // what was recorded of the firms, see DigestOutcomes
}

// DigestOutcomes identifies what persons found of firms, with author and time. Firms without an outcome are left out.
func DigestOutcomes(checks ...intake.FirmCheck) (d [sha256.Size]byte) {
	l := &listing{Hash: sha256.New()}
	l.texts("diaoxiao outcomes 1")
	for _, c := range checks {
		if c.Outcome != release.NotChecked {
			l.numbers(int64(c.Pos), int64(c.Outcome), c.At.UnixMilli())
			l.texts(c.Remark, string(c.By))
		}
	}
	return [sha256.Size]byte(l.Sum(nil))
}

func outcomesOf(firms []firmLine) [32]byte {
	checks := make([]intake.FirmCheck, len(firms))
	for i, f := range firms {
		checks[i] = f.Check
	}
	return DigestOutcomes(checks...)
}

// holds is nil where what was read is what is known now, or nothing is said about it.
func (read *Reading) holds(r intake.CaseRow, firms []firmLine) error {
	if read == nil {
		return nil
	}
	if err := hasRead(r, &read.Seen); err != nil {
		return err
	}
	if read.Outcomes != outcomesOf(firms) {
		return intake.Exists("打开页面以后，这一户的核对结果有了变化，没有登记；请看过现在的核对结果和说明再决定")
	}
	return nil
}

// oneByOne: 一致 of the firm is recorded only by a person to whom the firm is shown by itself. There is something severe
// about it, or another person has a doubt.
func oneByOne(f firmLine, by intake.By) bool {
	return f.Severe || f.Outcome > release.Agrees && f.Check.By.Person() != by.Actor().Person()
}

// Chosen is what is known of firms that were chosen together, before they get an outcome.
type Chosen struct {
	Flagged, Severe int
	Left            intake.RowNumbers // that 一致 leaves out: severe ones, and those of which another person has a doubt
	Others          []OthersOutcome
	Outcomes        [32]byte // see Reading
}

// OthersOutcome is firms of which another person recorded an outcome.
type OthersOutcome struct {
	By      intake.Actor
	Outcome release.Outcome
	Rows    intake.RowNumbers
}

// ChosenFirms returns what is known of firms that are about to get an outcome together. Its errors are those of
// CheckMany.
func (d *Cases) ChosenFirms(
	ctx context.Context,
	by intake.By,
	acceptID string,
	rows intake.RowNumbers,
	outcome release.Outcome,
) (c Chosen, err error) {
	err = d.desk.Look(ctx, by, intake.WorkCases, func(tx intake.Tx) error {
		r, err := caseRow(tx, acceptID)
		if err != nil {
			return err
		}
		if rows, err = checkable(r, rows); err != nil {
			return err
		}
		firms, err := d.judge(tx).undecided(r, rows.Spans(), outcome)
		c = chosenOf(firms, by)
		return err
	})
	return c, err
}

func chosenOf(firms []firmLine, by intake.By) (c Chosen) {
	left, _ := apart(firms, func(f firmLine) bool { return oneByOne(f, by) })
	others := make(map[OthersOutcome]*rowSet)
	var order []OthersOutcome
	for _, f := range firms {
		if f.Doubtful() {
			c.Flagged++
		}
		if f.Severe {
			c.Severe++
		}
		if f.Outcome == release.NotChecked || f.Check.By.Person() == by.Actor().Person() {
			continue
		}
		k := OthersOutcome{By: f.Check.By, Outcome: f.Outcome}
		if others[k] == nil {
			others[k] = new(rowSet)
			order = append(order, k)
		}
		others[k].add(f.From+1, f.From+1)
	}
	for _, k := range order {
		c.Others = append(c.Others, OthersOutcome{k.By, k.Outcome, intake.JoinRows(*others[k])})
	}
	c.Left, c.Outcomes = rowsOfFirms(left), outcomesOf(firms)
	return c
}

// apart divides firms into those for which is is true and the others.
func apart(firms []firmLine, is func(firmLine) bool) (those, others []firmLine) {
	for _, f := range firms {
		if is(f) {
			those = append(those, f)
		} else {
			others = append(others, f)
		}
	}
	return those, others
}

// rowsOfFirms is the rows of firms.
func rowsOfFirms(firms []firmLine) intake.RowNumbers {
	var rows rowSet
	for _, f := range firms {
		rows.add(f.From+1, f.From+1)
	}
	return intake.JoinRows(rows)
}

// nameDoubtful: what is doubtful about the firm concerns the name of its legal representative.
func nameDoubtful(f firmLine) bool {
	for _, d := range f.findings {
		if d.Rule == rules.RegisterLegal || d.Rule == rules.RegisterLegalNotThere || d.Field == "legal" {
			return true
		}
	}
	return f.result.Fields&register.FieldLegal != 0
}

// namesSeen is nil where by has seen the names of all firms of which the name is doubtful, or is at no console, where
// names are not masked.
func (j *judge) namesSeen(by intake.By, caseNo int64, firms []firmLine) error {
	o, atConsole := by.(intake.Officer)
	if !atConsole {
		return nil
	}
	until, err := j.tx.RevealedUntil(o.Token, caseNo)
	if intake.IgnoreMissing(err) != nil || err == nil && j.now.Before(until) {
		return intake.IgnoreMissing(err)
	}
	views, err := j.tx.NameViews(o.Operator.ID, j.now.Add(-NameSpan))
	if err != nil {
		return err
	}
	seen := make(map[int]bool, len(views))
	for _, v := range views {
		seen[v.Pos] = seen[v.Pos] || v.CaseNo == caseNo
	}
	for _, f := range firms {
		if nameDoubtful(f) && !seen[f.From] {
			return intake.Invalid("清单第%d条的提示涉及法定代表人，姓名还没有显示，不能登记一致；请先选择目的，显示本案清单中的姓名，"+
				"看过再登记", f.From+1)
		}
	}
	return nil
}

package casework

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// firmLine is one firm with all that is shown of it to those who decide.
type firmLine struct {
	intake.FirmRun
	row      intake.EntityRow
	findings []rules.Finding // severe ones and warnings
	marks    []intake.Counterpart
	result   register.Result
}

// count counts the firm with each rule of its findings and marks, once.
func (l *firmLine) count(of map[int]int) {
	seen := make(map[int]bool, len(l.findings)+len(l.marks))
	for _, f := range l.findings {
		seen[f.Rule] = true
	}
	for _, k := range l.marks {
		seen[k.Rule] = true
	}
	for rule := range seen {
		of[rule]++
	}
}

// linePage is how many rows are read at once.
const linePage = 1000

// marksOfPage bounds the marks of a page that are read.
const marksOfPage = 50000

// lines yields the firms of the rows of a set, in order, for which want is true of what is known of their states. An
// error of f or of want ends it.
func (j *judge) lines(
	r intake.CaseRow,
	set rowSet,
	want func(intake.FirmRun) (bool, error),
	f func(*firmLine) error,
) error {
	source, err := j.firmSource(r)
	if err != nil {
		return err
	}
	return pages(r, set, func(from, to int) error {
		ls, err := wanted(source, set, from, to, want)
		if err != nil {
			return err
		}
		if err := j.fill(r.No, ls); err != nil {
			return err
		}
		for i := range ls {
			if err := f(&ls[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// pages calls f for each page of the list that a row of the set is in, with its first and last position.
func pages(r intake.CaseRow, set rowSet, f func(from, to int) error) error {
	for from := 0; from < r.Items; from += linePage {
		to := min(from+linePage, r.Items) - 1
		if !set.meets(from+1, to+1) {
			continue
		}
		if err := f(from, to); err != nil {
			return err
		}
	}
	return nil
}

// wanted lists the firms from one position to another, both included, that are in the set and wanted.
func wanted(
	source *intake.FirmSource,
	set rowSet,
	from, to int,
	want func(intake.FirmRun) (bool, error),
) (ls []firmLine, err error) {
	for run, err := range source.Runs(from, to) {
		if err != nil {
			return nil, err
		}
		for at := run.From; at <= run.To; at++ {
			if !set.has(at + 1) {
				continue
			}
			one := run
			one.From, one.To = at, at
			ok, err := want(one)
			if err != nil {
				return nil, err
			}
			if ok {
				ls = append(ls, firmLine{FirmRun: one})
			}
		}
	}
	return ls, nil
}

// fill reads what the firms have of their own. They are in order, and in one page.
func (j *judge) fill(caseNo int64, ls []firmLine) error {
	if len(ls) == 0 {
		return nil
	}
	from, to := ls[0].From, ls[len(ls)-1].From
	of := make(map[int]*firmLine, len(ls))
	for i := range ls {
		of[ls[i].From] = &ls[i]
	}
	rows, err := j.tx.Entities(caseNo, from, to-from+1)
	for _, r := range rows {
		if l := of[r.Pos]; l != nil {
			l.row = r
		}
	}
	if err != nil {
		return err
	}
	if err := j.fillDoubts(caseNo, from, to, of); err != nil {
		return err
	}
	verdicts, err := j.tx.Verdicts(caseNo, from, to-from+1)
	for _, v := range verdicts {
		if l := of[v.Pos]; l != nil {
			l.result = v.Result
		}
	}
	return err
}

func (j *judge) fillDoubts(caseNo int64, from, to int, of map[int]*firmLine) error {
	fs, err := j.tx.FindingsWithin(caseNo, from, to+1)
	for _, f := range fs {
		rule, _ := rules.ByNo(f.Rule)
		if l := of[f.Pos]; l != nil && rule.Severity >= rules.Warning {
			l.findings = append(l.findings, f)
		}
	}
	if err != nil {
		return err
	}
	ks, err := j.tx.FirmMarks(caseNo, from, to, marksOfPage)
	for _, k := range ks {
		if l := of[k.OtherPos]; l != nil {
			l.marks = append(l.marks, k)
		}
	}
	return err
}

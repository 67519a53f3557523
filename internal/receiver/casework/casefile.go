package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// DoubtedEntity is one entity of a case with the findings about it.
type DoubtedEntity struct {
	intake.EntityRow
	Findings  []Found
	Leads     []Lead // to the earlier rows that findings name
	Marks     []Mark // what later rows say of it; MoreMarks: there may be more
	MoreMarks bool
	Judged    Judged    // what the register says of it
	Firm      FirmState // what was found and decided
}

// findingsOfOne is more than the findings of one entity: each rule once for each member, with room to spare.
const findingsOfOne = 64

// CaseEntities returns entities of a case from a zero-based position on that the filter selects, at most limit, with
// their verdicts and findings. They are there once the case is verified.
func (d *Cases) CaseEntities(
	ctx context.Context,
	by intake.By,
	caseNo int64,
	from, limit int,
	which EntityFilter,
) (es []DoubtedEntity, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		j := newJudge(d.desk, tx)
		if es, err = j.entities(caseNo, from, limit, which); err != nil {
			return err
		}
		if err := j.add(es); err != nil {
			return err
		}
		return newMarker(tx).add(es)
	})
	return es, err
}

// entities reads the entities that the filter selects, with their findings.
func (j *judge) entities(caseNo int64, from, limit int, which EntityFilter) ([]DoubtedEntity, error) {
	if len(which.Verdicts) > 0 {
		rows, err := j.judgedAs(caseNo, from, limit, which.Verdicts)
		if err != nil {
			return nil, err
		}
		return findingsOf(j.tx, rows)
	}
	fs, err := j.tx.Findings(caseNo, from, limit*findingsOfOne)
	if err != nil {
		return nil, err
	}
	if which.Doubted {
		return theDoubted(j.tx, caseNo, from, fs, limit)
	}
	rows, err := j.tx.Entities(caseNo, from, limit)
	return withFindings(rows, fs), err
}

// findingsOf reads the findings of each of the rows, which may be far from each other.
func findingsOf(tx intake.Tx, rows []intake.EntityRow) (es []DoubtedEntity, err error) {
	for i, r := range rows {
		fs, err := tx.Findings(r.CaseNo, r.Pos, findingsOfOne)
		if err != nil {
			return nil, err
		}
		es = append(es, withFindings(rows[i:i+1], fs)...)
	}
	return es, nil
}

func withFindings(rows []intake.EntityRow, fs []rules.Finding) (es []DoubtedEntity) {
	for _, r := range rows {
		e := DoubtedEntity{EntityRow: r}
		for _, f := range fs {
			if f.Pos == r.Pos {
				e.Findings = append(e.Findings, Found{Finding: f})
			}
		}
		es = append(es, e)
	}
	return es
}

func theDoubted(tx intake.Tx, caseNo int64, from int, fs []rules.Finding, limit int) (es []DoubtedEntity, err error) {
	all, err := tx.MarkedRows(caseNo, from, limit)
	if err != nil {
		return nil, err
	}
	for _, f := range fs {
		all = append(all, f.Pos)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	for _, pos := range all[:min(len(all), limit)] {
		rows, err := tx.Entities(caseNo, pos, 1)
		if err != nil {
			return nil, err
		}
		if len(rows) == 1 && rows[0].Pos == pos {
			es = append(es, withFindings(rows, fs)...)
		}
	}
	return es, nil
}

// CaseFindings are those about the case itself rather than one of its entities: its position is -1.
func (d *Cases) CaseFindings(ctx context.Context, by intake.By, caseNo int64) (own DoubtedEntity, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		es := []DoubtedEntity{{EntityRow: intake.EntityRow{CaseNo: caseNo, Pos: intake.CasePos}}}
		fs, err := tx.Findings(caseNo, intake.CasePos, findingsOfOne)
		for _, f := range fs {
			if f.Pos == intake.CasePos {
				es[0].Findings = append(es[0].Findings, Found{Finding: f})
			}
		}
		if err != nil {
			return err
		}
		err = newMarker(tx).add(es)
		own = es[0]
		return err
	})
	return own, err
}

// MaxFindingsShown bounds Findings.
const MaxFindingsShown = 1000

// Findings returns the findings of a case, those about the case itself first, at most MaxFindingsShown.
func (d *Cases) Findings(ctx context.Context, by intake.By, caseNo int64) (fs []rules.Finding, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		fs, err = tx.Findings(caseNo, intake.CasePos, MaxFindingsShown)
		return err
	})
	return fs, err
}

// CaseTexts returns the texts of a case as sent, without its list: of a body that has them before its list no more is
// read, and then they are not proved; Decode does that. ErrDamaged as Decode.
func (d *Cases) CaseTexts(ctx context.Context, by intake.By, c intake.Case) (v api.Case, err error) {
	body, err := d.desk.Body(ctx, by, c)
	if err != nil {
		return v, err
	}
	v, whole := api.ReadTexts(c.Charset.Reader(body))
	if err := body.Close(); whole || errors.Is(err, intake.ErrUnavailable) {
		return v, err
	}
	got, err := d.desk.Decode(ctx, by, c, nil)
	return got.Case, err
}

// TakeBody lets who asks have the body of a case as sent, which holds the names of its list; the purpose is for the
// audit. ErrInvalid: no purpose; ErrNotFound: no such case. Read it with Body.
func (d *Cases) TakeBody(ctx context.Context, by intake.By, acceptID, purpose string) (c intake.Case, err error) {
	if err := intake.CheckText("下载报文的目的", purpose); err != nil {
		return c, err
	}
	err = d.desk.Act(ctx, by, intake.LookCases, func(tx intake.Tx, _ time.Time) (intake.AuditEntry, error) {
		entry := intake.AuditEntry{Action: intake.ActionCaseTakeBody, Target: acceptID, Detail: purpose}
		if c, err = intake.CaseByAcceptID(tx, acceptID); err != nil {
			return entry, fmt.Errorf("受理号%q：%w", acceptID, err)
		}
		return entry, nil
	})
	return c, err
}

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
		j := d.judge(tx)
		if es, err = j.entities(caseNo, from, limit, which); err != nil {
			return err
		}
		if err := j.add(es); err != nil {
			return err
		}
		if err := j.addFirms(es); err != nil {
			return err
		}
		return newMarker(tx).add(es)
	})
	return es, err
}

// entities reads the entities that the filter selects, with their findings.
func (j *judge) entities(caseNo int64, from, limit int, which EntityFilter) ([]DoubtedEntity, error) {
	if !which.selects() {
		rows, err := j.tx.Entities(caseNo, from, limit)
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		fs, err := j.tx.FindingsWithin(caseNo, from, rows[len(rows)-1].Pos+1)
		return withFindings(rows, fs), err
	}
	rows, err := j.tx.CaseRows(caseNo, caseNo)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	s, err := j.sieve(rows[0], which, from)
	if err != nil {
		return nil, err
	}
	defer s.close()
	at, err := s.first(from, limit)
	if err != nil {
		return nil, err
	}
	return j.entitiesAt(caseNo, at)
}

// entitiesAt reads the entities at these positions, in order, with their findings. Those that are close to each other
// are read together.
func (j *judge) entitiesAt(caseNo int64, at []int) (es []DoubtedEntity, err error) {
	for len(at) > 0 {
		n := 1
		for n < len(at) && at[n]-at[0] < 2*(n+1) {
			n++
		}
		rows, err := j.tx.Entities(caseNo, at[0], at[n-1]-at[0]+1)
		if err != nil {
			return nil, err
		}
		fs, err := j.tx.FindingsWithin(caseNo, at[0], at[n-1]+1)
		if err != nil {
			return nil, err
		}
		rows = slices.DeleteFunc(rows, func(r intake.EntityRow) bool {
			_, is := slices.BinarySearch(at[:n], r.Pos)
			return !is
		})
		es, at = append(es, withFindings(rows, fs)...), at[n:]
	}
	return es, nil
}

func withFindings(rows []intake.EntityRow, fs []rules.Finding) (es []DoubtedEntity) {
	for _, r := range rows {
		e := DoubtedEntity{EntityRow: r}
		for len(fs) > 0 && fs[0].Pos <= r.Pos {
			if fs[0].Pos == r.Pos {
				e.Findings = append(e.Findings, Found{Finding: fs[0]})
			}
			fs = fs[1:]
		}
		es = append(es, e)
	}
	return es
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
			return entry, fmt.Errorf("受理号%s：%w", intake.Quote(acceptID), err)
		}
		return entry, nil
	})
	return c, err
}

// TakePackage lets who asks have the package (案卷包) of a case, or of one firm of its list, counted from 1; 0: of all. It
// holds names as the body does; the purpose is for the audit. ErrInvalid: no purpose, or no such firm; ErrNotFound: no
// such case.
func (d *Cases) TakePackage(
	ctx context.Context, by intake.By, acceptID string, firm int, purpose string,
) (c intake.Case, err error) {
	if err := intake.CheckText("出具案卷包的目的", purpose); err != nil {
		return c, err
	}
	err = d.desk.Act(ctx, by, intake.LookCases, func(tx intake.Tx, _ time.Time) (intake.AuditEntry, error) {
		entry := intake.AuditEntry{Action: intake.ActionCaseTakePackage, Target: acceptID, Detail: purpose}
		if firm > 0 {
			entry.Detail = fmt.Sprintf("第%d户：%s", firm, purpose)
		}
		if c, err = intake.CaseByAcceptID(tx, acceptID); err != nil {
			return entry, fmt.Errorf("受理号%s：%w", intake.Quote(acceptID), err)
		}
		if firm < 0 || firm > c.Items {
			return entry, intake.Invalid("清单中没有第%d户，清单共%d户", firm, c.Items)
		}
		return entry, nil
	})
	return c, err
}

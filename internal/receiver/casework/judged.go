package casework

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// Judged (比对结论) is the verdict on one entity as it is shown. The zero value: it was not compared.
type Judged struct {
	register.Result
	Shown   register.Verdict // 快照过旧 where the result is 一致 and the snapshot is too old
	Against int64            // the snapshot with which the case was last compared; 0: none
	AsOf    string           // its day, yyyy-MM-dd
}

// Comparison (比对) is how a case was compared with the register.
type Comparison struct {
	Snapshot register.Snapshot // with which it was last compared; the zero value: with none
	Stale    bool              // that snapshot is too old for 一致 to be a comfort
	Waits    bool              // there is a newer snapshot with which it was not compared yet
	// Counts are the entities by verdict as it is shown. Together they are all entities of the list.
	Counts map[register.Verdict]int
}

// Comparison returns how a case was compared with the register. ErrNotFound: no such case.
func (d *Cases) Comparison(ctx context.Context, by intake.By, caseNo int64) (c Comparison, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		c, err = d.judge(tx).comparison(caseNo)
		return err
	})
	return c, err
}

// judge gives entities their verdicts as they are shown. It reads each snapshot once.
type judge struct {
	tx    intake.Tx
	now   time.Time
	days  int64 // -1: not read yet
	known map[int64]against
	codes *codeShelf  // nil: codes are read each time
	shelf *countShelf // nil: everything is counted each time
}

// against is a snapshot with which cases were compared.
type against struct {
	register.Snapshot
	stale bool
}

func newJudge(d *intake.Desk, tx intake.Tx) *judge {
	return &judge{tx: tx, now: d.Now(tx), days: -1, known: map[int64]against{0: {}}}
}

// judge is newJudge with what is kept from one look to the next.
func (d *Cases) judge(tx intake.Tx) *judge {
	j := newJudge(d.desk, tx)
	j.codes, j.shelf = d.codes, d.shelf
	return j
}

// snapshot is a snapshot by its number; 0 is none.
func (j *judge) snapshot(id int64) (against, error) {
	if a, ok := j.known[id]; ok {
		return a, nil
	}
	if j.days < 0 {
		ps, err := intake.PoliciesIn(j.tx)
		if err != nil {
			return against{}, err
		}
		j.days = ps[intake.RegisterDays]
	}
	s, err := j.tx.Snapshot(id)
	if intake.IgnoreMissing(err) != nil {
		return against{}, err
	}
	j.known[id] = against{s, s.Stale(j.now, j.days)}
	return j.known[id], nil
}

// ofCase is the snapshot with which a case was last compared.
func (j *judge) ofCase(caseNo int64) (against, error) {
	v, err := j.tx.Verification(caseNo)
	if intake.IgnoreMissing(err) != nil {
		return against{}, err
	}
	return j.snapshot(v.Snapshot)
}

// judged is a result as it is shown.
func (a against) judged(r register.Result) Judged {
	return Judged{Result: r, Shown: r.Shown(a.stale), Against: a.ID, AsOf: a.AsOf}
}

// add gives entities of one case, in order, their verdicts.
func (j *judge) add(es []DoubtedEntity) error {
	if len(es) == 0 || es[0].Pos < 0 {
		return nil
	}
	a, err := j.ofCase(es[0].CaseNo)
	if err != nil || a.ID == 0 {
		return err
	}
	first, last := es[0].Pos, es[len(es)-1].Pos
	if last-first >= 2*len(es) {
		return j.addApart(es, a)
	}
	rows, err := j.tx.Verdicts(es[0].CaseNo, first, last-first+1)
	if err != nil {
		return err
	}
	for i := range es {
		for len(rows) > 0 && rows[0].Pos < es[i].Pos {
			rows = rows[1:]
		}
		var r register.Result
		if len(rows) > 0 && rows[0].Pos == es[i].Pos {
			r = rows[0].Result
		}
		es[i].Judged = a.judged(r)
	}
	return nil
}

// addApart is add for entities that are far from each other.
func (j *judge) addApart(es []DoubtedEntity, a against) error {
	for i := range es {
		r, err := j.one(es[i].CaseNo, es[i].Pos)
		if err != nil {
			return err
		}
		es[i].Judged = a.judged(r)
	}
	return nil
}

// one is the stored result of one entity, zero where there is none.
func (j *judge) one(caseNo int64, pos int) (r register.Result, err error) {
	rows, err := j.tx.Verdicts(caseNo, pos, 1)
	if len(rows) == 1 && rows[0].Pos == pos {
		r = rows[0].Result
	}
	return r, err
}

// hit is the verdict on an entity of a case that was compared with a snapshot.
func (j *judge) hit(r intake.EntityRow, snapshot int64) (Judged, error) {
	a, err := j.snapshot(snapshot)
	if err != nil || a.ID == 0 {
		return Judged{}, err
	}
	result, err := j.one(r.CaseNo, r.Pos)
	return a.judged(result), err
}

func (j *judge) comparison(caseNo int64) (c Comparison, err error) {
	one, err := caseOfNo(j.tx, caseNo)
	if err != nil {
		return c, err
	}
	a, err := j.ofCase(caseNo)
	if err != nil {
		return c, err
	}
	current, err := j.tx.CurrentSnapshot()
	if intake.IgnoreMissing(err) != nil {
		return c, err
	}
	c = Comparison{a.Snapshot, a.stale, current.ID > a.ID, make(map[register.Verdict]int)}
	if a.ID == 0 {
		c.Counts[register.NotCompared] = one.Items
		return c, nil
	}
	stored, err := j.verdictCounts(one)
	for v, n := range stored {
		c.Counts[register.Result{Verdict: v}.Shown(a.stale)] += n
		one.Items -= n
	}
	if one.Items > 0 {
		c.Counts[register.NotCompared] += one.Items
	}
	return c, err
}

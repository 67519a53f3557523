package store

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/receiver/store/engine"
)

// workTx reads and writes work on cases.
type workTx struct{ *handle }

func (t workTx) PutWork(w intake.Work) error {
	_, err := t.change(`INSERT INTO case_work (case_no, checked_ms, severe, doubts, published, seen_no,
		seen_severe, seen_doubts, seen_worse_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (case_no) DO UPDATE SET checked_ms = excluded.checked_ms, severe = excluded.severe,
		doubts = excluded.doubts, published = excluded.published, seen_no = excluded.seen_no,
		seen_severe = excluded.seen_severe, seen_doubts = excluded.seen_doubts,
		seen_worse_ms = excluded.seen_worse_ms`,
		w.CaseNo, ms(w.Checked), w.Severe, w.Doubts, w.Published, w.SeenNo, w.SeenSevere, w.SeenDoubts,
		ms(w.SeenWorse))
	return err
}

// CaseRows implements intake.WorklistTx.
func (t workTx) CaseRows(from, to int64) ([]intake.CaseRow, error) {
	return t.marked(caseRowColumns+"WHERE c.case_no >= $1 AND c.case_no <= $2 ORDER BY c.case_no", from, to)
}

// caseRowColumns is a case with its app, its findings and the work on it.
const caseRowColumns = "SELECT " + caseFields + `, a.name, COALESCE(v.severe, 0), COALESCE(v.warnings, 0),
	COALESCE(v.notices, 0),
	COALESCE(w.checked_ms, 0), COALESCE(w.severe, 0), COALESCE(w.doubts, 0), COALESCE(w.published, ''),
	COALESCE(w.seen_no, 0), COALESCE(w.seen_severe, 0), COALESCE(w.seen_doubts, 0),
	COALESCE(w.seen_worse_ms, 0), COALESCE(v.snapshot, 0), COALESCE(v.worse_ms, 0),
	COALESCE(t.clear, -2), COALESCE(t.ready, 0), COALESCE(t.held, 0), COALESCE(t.released, 0), COALESCE(t.withheld, 0),
	COALESCE(t.published, 0), COALESCE(t.alarmed, 0), COALESCE(t.flagged, 0), COALESCE(t.checked, 0),
	COALESCE(t.to_check, 0), COALESCE(t.alarms, 0), COALESCE(t.case_severe, 0), COALESCE(t.case_doubt, 0),
	` + waitingKinds + `, COALESCE(k.claimed_by, ''), COALESCE(k.claimed_ms, 0), ` + lastHandler + `
	` + caseJoins + `LEFT JOIN case_claim k ON k.case_no = c.case_no
	LEFT JOIN case_work w ON w.case_no = c.case_no LEFT JOIN firm_tally t ON t.case_no = c.case_no `

// waitingKinds is the set of the kinds of proposals that wait, as release.KindSet has it.
const waitingKinds = `COALESCE((SELECT CAST(SUM(DISTINCT 1 << CAST(p.kind AS INTEGER)) AS BIGINT) FROM proposal p
	WHERE p.case_no = c.case_no AND p.answer = 0), 0)`

// lastHandler is who did something with the case last.
const lastHandler = `COALESCE((SELECT e.actor FROM case_event e WHERE e.case_no = c.case_no
	ORDER BY e.event_no DESC LIMIT 1), '')`

func scanCaseRow(scan func(...any) error) (r intake.CaseRow, err error) {
	var checked, worse, seenWorse, claimed int64
	var severe, doubt int64
	w, n := &r.Work, &r.Tally
	r.Case, err = scanCase(func(dest ...any) error {
		return scan(append(dest, &r.AppName, &r.Severe, &r.Warnings, &r.Notices,
			&checked, &w.Severe, &w.Doubts, &w.Published,
			&w.SeenNo, &w.SeenSevere, &w.SeenDoubts, &seenWorse, &r.Snapshot, &worse,
			&n.Clear, &n.Ready, &n.Held, &n.Released, &n.Withheld, &n.Published, &n.Alarmed, &n.Flagged, &n.Checked,
			&n.ToCheck, &n.Alarms, &severe, &doubt, &r.Waiting, &r.Claim.By, &claimed, &r.LastBy)...)
	})
	n.CaseSevere, n.CaseDoubt, r.Counted, r.Uncounted = severe > 0, doubt > 0, n.Clear >= 0, n.Clear == -1
	if !r.Counted {
		r.Tally = release.Tally{}
	}
	w.CaseNo, w.Checked, w.SeenWorse, r.Worse = r.No, engine.FromMS(checked), engine.FromMS(seenWorse),
		engine.FromMS(worse)
	if r.Claim.By != "" {
		r.Claim.CaseNo, r.Claim.At = r.No, engine.FromMS(claimed)
	}
	return r, err
}

package evidencelog

import (
	"slices"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/intake"
)

// reportUnsigned reports what came in after the last checkpoint: a range of each kind, of cases each.
func (k *checker) reportUnsigned(rest *source) {
	for _, g := range rest.gaps {
		k.reportRange(Fault{Of: evidence.KindGap, From: g.From, To: g.To, At: g.At}, 1)
	}
	for _, c := range rest.cases {
		if rest.waits(c) {
			k.checked.Waiting++
			continue
		}
		k.reportRange(Fault{Of: evidence.KindCase, From: c.No, To: c.No, AcceptID: c.AcceptID, At: c.Received}, 1)
	}
	if n := len(rest.events); n > 0 {
		k.reportRange(Fault{Of: evidence.KindEvent, From: rest.events[0].No, To: rest.to.Events,
			At: rest.events[0].At}, n)
	}
	if n := len(rest.attempts); n > 0 {
		k.reportRange(Fault{Of: evidence.KindRecords, Table: tableAttempt, From: rest.attempts[0].No,
			To: rest.to.Attempts, At: rest.attempts[0].At}, n)
	}
	if n := len(rest.audit); n > 0 {
		k.reportRange(Fault{Of: evidence.KindRecords, Table: tableAudit, From: rest.audit[0].No, To: rest.to.Audit,
			At: rest.audit[0].At}, n)
	}
	if n := len(rest.rows); n > 0 {
		k.reportRange(Fault{Of: evidence.KindRecords, Table: tableRow, From: rest.rows[0].No, To: rest.to.Rows,
			At: rest.rows[0].At}, n)
	}
}

// waits says that a case is not in the log, and its attempt is.
func (s *source) waits(c intake.Case) bool {
	_, tried := s.requests[c.No]
	return tried && !slices.ContainsFunc(s.attempts, func(a intake.Attempt) bool {
		return a.CaseNo == c.No && a.Outcome == intake.Accepted
	})
}

func (k *checker) reportRange(f Fault, n int) {
	k.checked.Unsigned += int64(n)
	f.Kind = FaultUnsigned
	k.report(f)
}

// tableSession names the rows whose states end with them.
const tableSession = "session"

// checkRows compares each row that changes in place with its last recorded state.
func (k *checker) checkRows(tx intake.Tx) error {
	recorded, err := tx.LastRowDigests()
	if err != nil {
		return err
	}
	type key struct{ table, key string }
	last := make(map[key]intake.RowDigest, len(recorded))
	for _, r := range recorded {
		last[key{r.Table, r.Key}] = r
	}
	rows, err := tx.BoundRows()
	for _, r := range rows {
		was, known := last[key{r.Table, r.Key}]
		delete(last, key{r.Table, r.Key})
		if !known {
			k.report(Fault{Kind: FaultRowUnknown, Table: r.Table, Key: r.Key})
		} else if was.Digest != r.Digest {
			k.report(Fault{Kind: FaultRow, Table: r.Table, Key: r.Key})
		}
	}
	for _, r := range recorded {
		if _, gone := last[key{r.Table, r.Key}]; gone && r.Table != tableSession {
			k.report(Fault{Kind: FaultRowGone, Table: r.Table, Key: r.Key})
		}
	}
	return err
}

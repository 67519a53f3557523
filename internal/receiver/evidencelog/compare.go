package evidencelog

import (
	"context"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
)

// derived is a leaf that was derived again.
type derived struct {
	hash merkle.Pair
	is   Fault // that it would be
}

// checkLeaves compares the leaves of a batch with the stored hashes.
func (k *checker) checkLeaves(ctx context.Context, s *source, stored []merkle.Pair) error {
	m := maker{k.log.desk.Store(), k.of.Salt}
	var all []derived
	add := func(is Fault, leaf any, err error) {
		if err == nil {
			var b []byte
			if b, err = evidence.Encode(leaf); err == nil {
				all = append(all, derived{merkle.LeafPair(b), is})
			}
		}
		if err != nil {
			is.Kind, is.Err = FaultUnreadable, err
			k.report(is)
			all = append(all, derived{is: is})
		}
	}
	m.eachIdentified(s, func(is Fault, leaf any, err error) bool {
		add(is, leaf, err)
		return ctx.Err() == nil
	})
	k.checked.Leaves += int64(len(all))
	k.compare(s, all, stored)
	return ctx.Err()
}

// compare reports the differences between derived leaves and stored hashes. Where their numbers differ, rows are
// missing or were inserted; equal hashes are then what both have.
func (k *checker) compare(s *source, all []derived, stored []merkle.Pair) {
	if len(all) == len(stored) {
		for i, d := range all {
			if d.hash != stored[i] && d.is.Kind != FaultUnreadable {
				d.is.Kind = FaultAltered
				k.report(d.is)
			}
		}
		return
	}
	logged := make(map[merkle.Pair]bool, len(stored))
	for _, h := range stored {
		logged[h] = true
	}
	k.reportHoles(s, len(stored)-len(all))
	for _, d := range all {
		if !logged[d.hash] && d.is.Kind != FaultUnreadable {
			d.is.Kind = FaultAltered
			if len(all) > len(stored) {
				d.is.Kind = FaultInserted
			}
			k.report(d.is)
		}
	}
}

// reportHoles reports the case numbers that are missing from a batch, and the other rows that are missing by the bounds
// of the batch, because their numbers may have holes.
func (k *checker) reportHoles(s *source, missing int) {
	next := s.from.Cases + 1
	for _, c := range s.cases {
		missing -= k.reportHole(s, next, c.No-1)
		next = c.No + 1
	}
	missing -= k.reportHole(s, next, s.until.Cases)
	if len(s.attempts) == 0 {
		missing -= k.reportRecords(tableAttempt, s.from.Attempts, s.until.Attempts)
	}
	if len(s.audit) == 0 {
		missing -= k.reportRecords(tableAudit, s.from.Audit, s.until.Audit)
	}
	if len(s.rows) == 0 {
		missing -= k.reportRecords(tableRow, s.from.Rows, s.until.Rows)
	}
	if missing > 0 {
		k.report(Fault{Kind: FaultMissing, Of: evidence.KindEvent, From: s.from.Events + 1, To: s.until.Events})
	}
}

// reportRecords reports a table of which no row of a batch is there, and counts the leaf.
func (k *checker) reportRecords(table string, from, to int64) int {
	if from == to {
		return 0
	}
	k.report(Fault{Kind: FaultMissing, Of: evidence.KindRecords, Table: table, From: from + 1, To: to})
	return 1
}

// reportHole reports missing case numbers that are in no gap.
func (k *checker) reportHole(s *source, from, to int64) (n int) {
	for _, g := range s.gaps {
		if g.From <= from && from <= g.To {
			from = g.To + 1
		}
	}
	if from > to {
		return 0
	}
	k.report(Fault{Kind: FaultMissing, Of: evidence.KindCase, From: from, To: to})
	return int(to - from + 1)
}

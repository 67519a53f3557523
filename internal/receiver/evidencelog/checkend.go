package evidencelog

import (
	"context"
	"errors"
	"slices"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/receiver/intake"
)

// checkEarlier checks the logs before this one that known checkpoints are of: after a restore another log goes on, and
// what was lost is named by a checkpoint of the one before.
func (k *checker) checkEarlier(ctx context.Context, progress func(Checked)) error {
	var logs []intake.EvidenceLog
	err := k.view(ctx, func(tx intake.Tx) (err error) { logs, err = tx.EvidenceLogs(); return err })
	if err != nil {
		return err
	}
	trusted := followed(k.trusted, logs)
	k.trusted = trusted.latest
	for _, l := range logs {
		ofLog := func(c evidence.Checkpoint) bool { return c.Origin == l.Origin }
		if l.No == k.of.No || !slices.ContainsFunc(k.known, ofLog) {
			continue
		}
		e := &checker{log: k.log, trusted: trusted.first, known: k.known, report: k.report, of: l, earlier: true,
			edge: new(merkle.Edge)}
		if _, err := e.run(ctx, progress); err != nil {
			return err
		}
	}
	for _, c := range k.known {
		if !slices.ContainsFunc(logs, func(l intake.EvidenceLog) bool { return l.Origin == c.Origin }) {
			k.report(Fault{Kind: FaultStranger, From: c.Size, To: c.Size, Err: errors.New(c.Origin)})
		}
	}
	return nil
}

// trust are policies: the one that was handed in, under which an earlier log keeps all its checkpoints, and one that
// trusts the logs that continue it too. nil: signatures are not verified.
type trust struct{ first, latest *evidence.Policy }

// followed follows the statements of logs as far as the policy trusts them.
func followed(p *evidence.Policy, logs []intake.EvidenceLog) trust {
	t := trust{p, p}
	for _, l := range logs {
		if p == nil || len(l.Statement) == 0 {
			continue
		}
		if next, err := t.latest.Follow(l.Statement); err == nil {
			t.latest = &next
		}
	}
	return t
}

// finish looks for known checkpoints beyond the end. Of the log that is being written it also counts what is not signed
// yet, and checks the rows that change in place and the stamps.
func (k *checker) finish(ctx context.Context) error {
	return k.view(ctx, func(tx intake.Tx) error {
		rest, err := read(tx, k.last.Upto, endless)
		if err != nil {
			return err
		}
		for _, c := range k.known {
			if c.Origin == k.of.Origin && c.Size > k.last.Size {
				k.report(Fault{Kind: FaultCheckpoint, From: c.Size, To: c.Size})
				k.reportBeyond(c, rest)
			}
		}
		if k.earlier {
			return nil
		}
		k.reportUnsigned(rest)
		return errors.Join(k.checkRows(tx), k.checkStamps(tx))
	})
}

// reportBeyond reports what a known checkpoint covers and the store no longer has. rest is what the store has beyond
// its own last checkpoint, which a backup may have before it was signed. Of what was added since it was restored,
// nothing has a number that the known checkpoint covers, except events and records.
func (k *checker) reportBeyond(c evidence.Checkpoint, rest *source) {
	next := k.last.Upto.Cases + 1
	for _, have := range rest.cases {
		if have.No > c.Upto.Cases {
			break
		}
		k.reportGone(evidence.KindCase, "", next, have.No-1)
		next = have.No + 1
	}
	k.reportGone(evidence.KindCase, "", next, c.Upto.Cases)
	k.reportGone(evidence.KindEvent, "", k.last.Upto.Events+1, c.Upto.Events)
	k.reportGone(evidence.KindRecords, tableAttempt, k.last.Upto.Attempts+1, c.Upto.Attempts)
	k.reportGone(evidence.KindRecords, tableAudit, k.last.Upto.Audit+1, c.Upto.Audit)
	k.reportGone(evidence.KindRecords, tableRow, k.last.Upto.Rows+1, c.Upto.Rows)
}

// reportGone reports a range that is missing, unless it is empty.
func (k *checker) reportGone(of evidence.Kind, table string, from, to int64) {
	if to >= from {
		k.report(Fault{Kind: FaultMissing, Of: of, Table: table, From: from, To: to})
	}
}

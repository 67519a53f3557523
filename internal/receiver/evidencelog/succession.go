package evidencelog

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/intake"
)

// ErrNothingLost: the database has the last checkpoint that was signed, so the log goes on as it is.
var ErrNothingLost = errors.New("the database has the last checkpoint that was signed")

// Continue begins another log after the database was restored from a backup that is older than the last checkpoint that
// this node has seen. It returns the signed statement that names that checkpoint, to be published with the keys of the
// new log. The case numbers between the two were left out by the restore. ErrNothingLost: there is no need.
func Continue(ctx context.Context, d *intake.Desk, by intake.By, k Keys, m Memory) (statement []byte, err error) {
	seen, ok, err := m.Last()
	if err != nil || !ok {
		return nil, errors.Join(err, ErrNothingLost)
	}
	note, err := m.Note()
	if err != nil {
		return nil, err
	}
	used, err := k.thatSigned(seen.Origin, note)
	if err != nil {
		return nil, err
	}
	err = d.Administer(ctx, by, intake.Maintain, intake.ActionEvidenceContinue, seen.Origin, "",
		func(tx intake.Tx, now time.Time) error {
			no, err := next(tx, seen)
			if err != nil {
				return err
			}
			l := intake.EvidenceLog{No: no, Origin: fmt.Sprintf("%s/%d", k[0].Name, no), Begun: now}
			rand.Read(l.Salt[:])
			s := evidence.Succession{From: seen.Origin, To: l.Origin, Keys: used.For(l.Origin).VerifierKeys(),
				Last: note}
			if l.Statement, err = s.Sign(used.Signers()...); err != nil {
				return err
			}
			statement = l.Statement
			return tx.InsertEvidenceLog(l)
		})
	return statement, err
}

// Statements are the signed statements (说明) of all logs, in order: by which each continued the one before, and by which
// its keys were replaced.
func (l *Log) Statements(ctx context.Context, by intake.By) (all [][]byte, err error) {
	err = l.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		logs, err := tx.EvidenceLogs()
		if err != nil {
			return err
		}
		for _, of := range logs {
			if len(of.Statement) > 0 {
				all = append(all, of.Statement)
			}
			rotations, err := tx.Rotations(of.No)
			if err != nil {
				return err
			}
			for _, r := range rotations {
				all = append(all, r.Statement)
			}
		}
		return nil
	})
	return all, err
}

// next is the number of the log that continues what was seen.
func next(tx intake.Tx, seen evidence.Checkpoint) (int64, error) {
	no := numberOf(seen.Origin) + 1
	of, err := tx.EvidenceLog()
	if errors.Is(err, intake.ErrNotFound) {
		return no, nil
	}
	if err != nil {
		return 0, err
	}
	if of.Origin != seen.Origin && continues(of, seen) == nil {
		return 0, ErrNothingLost // it was continued already
	}
	has, err := tx.CheckpointBefore(of.No, seen.Size+1)
	if err == nil && of.Origin == seen.Origin && has.Text() == seen.Text() {
		err = ErrNothingLost
	}
	return max(no, of.No+1), err
}

// numberOf is the number of a log by its name: NAME/2 is the second one.
func numberOf(origin string) int64 {
	n, err := strconv.ParseInt(origin[strings.LastIndexByte(origin, '/')+1:], 10, 64)
	if err != nil || n < 2 {
		return 1
	}
	return n
}

// continues fails unless a log continues the checkpoint that was seen.
func continues(l intake.EvidenceLog, seen evidence.Checkpoint) error {
	s, err := evidence.ParseSuccession(l.Statement)
	if err != nil {
		return errors.Join(ErrFork, err)
	}
	last, err := evidence.UnsignedCheckpoint(s.Last)
	if err == nil && last.Text() != seen.Text() {
		err = ErrFork
	}
	return err
}

package casework

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// listing is the canonical text of what is shown of a proposal, of which the digest is taken. Each value has its length
// before it, so that no two listings are one text.
type listing struct {
	hash.Hash
	buf []byte
}

func newListing(p intake.Proposal, acceptID string) *listing {
	l := &listing{Hash: sha256.New()}
	l.texts("diaoxiao proposal 1", acceptID, p.Day, p.Reason)
	l.numbers(int64(p.Kind))
	return l
}

func (l *listing) texts(ss ...string) {
	l.buf = l.buf[:0]
	for _, s := range ss {
		l.buf = binary.AppendUvarint(l.buf, uint64(len(s)))
		l.buf = append(l.buf, s...)
	}
	l.Write(l.buf)
}

func (l *listing) numbers(ns ...int64) {
	l.buf = l.buf[:0]
	for _, n := range ns {
		l.buf = binary.BigEndian.AppendUint64(l.buf, uint64(n))
	}
	l.Write(l.buf)
}

// add adds one firm as it is shown.
func (l *listing) add(f *firmLine) {
	l.numbers(int64(f.From))
	l.texts(f.row.PripID, f.row.UniscID, f.row.Legal, f.row.EntType)
	l.doubts(f.findings, f.marks)
	l.numbers(int64(f.Verdict))
	l.result(f.result)
	l.numbers(int64(f.Check.Outcome))
	l.texts(f.Check.Remark, string(f.Check.By))
	l.numbers(int64(f.State()), int64(f.Holds()), int64(f.Decision), flag(f.Alarmed()))
	l.texts(f.Published())
}

func (l *listing) doubts(fs []rules.Finding, marks []intake.Counterpart) {
	l.numbers(int64(len(fs)))
	for _, d := range fs {
		l.numbers(int64(d.Rule))
		l.texts(d.Field, d.Detail)
	}
	l.numbers(int64(len(marks)))
	for _, k := range marks {
		l.numbers(int64(k.Rule), k.CaseNo, int64(k.Pos))
	}
}

// result adds what the register says. Its snapshots number their rows anew, and one that says the same is no change.
func (l *listing) result(r register.Result) {
	l.numbers(int64(r.Verdict), int64(r.Rule), int64(r.Fields), int64(r.Others), int64(r.Firm.State))
	f := r.Firm
	l.texts(f.PripID, f.UniscID, f.RegNo, f.Name, f.Legal, f.EntType, f.StateText, f.Organ, f.Founded, f.Approved)
}

// sum ends the listing with the rows of the set.
func (l *listing) sum(rows intake.RowNumbers) (d [sha256.Size]byte) {
	l.texts(string(rows))
	return [sha256.Size]byte(l.Sum(nil))
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

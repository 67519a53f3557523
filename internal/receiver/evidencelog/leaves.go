package evidencelog

import (
	"crypto/sha256"
	"encoding/hex"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/rowhash"
)

// Tables of records, as their leaves name them.
const (
	tableAttempt = "attempt"
	tableAudit   = "audit"
	tableRow     = "row" // the states of rows that change in place
)

// maker makes the leaves of a log.
type maker struct {
	bodies intake.Bodies
	salt   evidence.Salt
}

// each makes the leaves of a batch in the order of the log. The first error ends it.
func (m maker) each(s *source, f func(leaf []byte) error) (err error) {
	m.eachIdentified(s, func(_ Fault, leaf any, failed error) bool {
		if err = failed; err != nil {
			return false
		}
		b, failed := evidence.Encode(leaf)
		if err = failed; err == nil {
			err = f(b)
		}
		return err == nil
	})
	return err
}

// eachIdentified makes the leaves of a batch in the order of the log: gaps, cases, events, then the records. Each comes
// with the Fault that names it, and an error where it can't be made; f returns whether to go on.
func (m maker) eachIdentified(s *source, f func(is Fault, leaf any, err error) bool) {
	for _, g := range s.gaps {
		if !f(Fault{Of: evidence.KindGap, From: g.From, To: g.To}, gapLeaf(g), nil) {
			return
		}
	}
	for _, c := range s.cases {
		leaf, err := m.caseLeaf(c, s.requests[c.No])
		if !f(Fault{Of: evidence.KindCase, From: c.No, To: c.No, AcceptID: c.AcceptID}, leaf, err) {
			return
		}
	}
	for _, e := range s.events {
		is := Fault{Of: evidence.KindEvent, From: e.No, To: e.No, AcceptID: s.accepted[e.CaseNo]}
		if !f(is, m.eventLeaf(s, e), nil) {
			return
		}
	}
	for _, r := range s.records() {
		if !f(Fault{Of: r.Kind, Table: r.Table, From: r.From, To: r.To}, r, nil) {
			return
		}
	}
}

func gapLeaf(g intake.Gap) evidence.GapLeaf {
	return evidence.GapLeaf{Kind: evidence.KindGap, From: g.From, To: g.To, At: g.At.UnixMilli(), Why: g.Why}
}

// eventLeaf is the leaf of an event. Of its proposal it has only what is not changed when the proposal is answered.
func (m maker) eventLeaf(s *source, e intake.CaseEvent) evidence.EventLeaf {
	acceptID, p := s.accepted[e.CaseNo], s.proposed[e.ProposalNo]
	salt := m.salt.Case(acceptID).Event(e.No)
	return evidence.EventLeaf{
		Kind: evidence.KindEvent, No: e.No, AcceptID: acceptID, At: e.At.UnixMilli(), By: string(e.By),
		Deed: string(e.Kind), Rows: string(e.Rows), Detail: salt.CommitText(e.Detail), Proposal: e.ProposalNo,
		Firms: p.Count, Held: p.Held,
		AskedBy: string(p.By), Reason: salt.CommitText(p.Reason), Shown: hexOf(p.Digest),
	}
}

// records are the leaves of the attempts, of the audit trail, and of the states of rows.
func (s *source) records() (all []evidence.RecordsLeaf) {
	add := func(table string, from, to, count int64, d evidence.Hex) {
		all = append(all, evidence.RecordsLeaf{Kind: evidence.KindRecords, Table: table, From: from, To: to,
			Count: count, Digest: d})
	}
	if n := len(s.attempts); n > 0 {
		add(tableAttempt, s.attempts[0].No, s.attempts[n-1].No, int64(n), attemptDigest(s.attempts))
	}
	if n := len(s.audit); n > 0 {
		add(tableAudit, s.audit[0].No, s.audit[n-1].No, int64(n), auditDigest(s.audit))
	}
	if n := len(s.rows); n > 0 {
		add(tableRow, s.rows[0].No, s.rows[n-1].No, int64(n), rowsDigest(s.rows))
	}
	return all
}

// auditDigest is the hash of the entries with their chain values.
func auditDigest(es []intake.AuditEntry) evidence.Hex {
	h := rowhash.New()
	for _, e := range es {
		h.Numbers(e.No)
		h.Time(e.At)
		h.Texts(string(e.By), string(e.Action), e.Target, e.Detail, string(e.Chain))
	}
	return h.Sum()
}

func attemptDigest(as []intake.Attempt) evidence.Hex {
	h := rowhash.New()
	for _, a := range as {
		h.Numbers(a.No)
		h.Time(a.At)
		h.Numbers(a.AppID, a.CaseNo, a.Bytes)
		h.Texts(a.Account, a.CaseID, string(a.Outcome), a.Codes, a.Fields, string(a.SHA256[:]), a.RequestID, a.Source,
			string(a.Told))
	}
	return h.Sum()
}

func rowsDigest(rs []intake.RowDigest) evidence.Hex {
	h := rowhash.New()
	for _, r := range rs {
		h.Numbers(r.No)
		h.Time(r.At)
		h.Texts(r.Table, r.Key, string(r.Digest[:]))
	}
	return h.Sum()
}

// hexOf is a digest in hexadecimal digits, "" of zeros.
func hexOf(d [sha256.Size]byte) string {
	if d == ([sha256.Size]byte{}) {
		return ""
	}
	return hex.EncodeToString(d[:])
}

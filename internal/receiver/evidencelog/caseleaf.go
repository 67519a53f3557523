package evidencelog

import (
	"errors"
	"fmt"
	"io"

	"diaoxiao/api"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/receiver/intake"
)

// caseRead is what the body of a case says, read once more.
type caseRead struct {
	decoded api.Decoded
	sums    merkle.Pair // of the body as sent
	roots   evidence.Digests
	bytes   int64
}

// caseLeaf is the leaf of an acceptance, made of its row and its body.
func (m maker) caseLeaf(c intake.Case, requestID string) (l evidence.CaseLeaf, err error) {
	r, err := m.readCase(c, nil)
	if err != nil {
		return l, err
	}
	return m.leafOf(c, requestID, r), nil
}

// leafOf is the leaf of an acceptance whose body was read.
func (m maker) leafOf(c intake.Case, requestID string, r caseRead) evidence.CaseLeaf {
	salt := m.salt.Case(c.AcceptID)
	return evidence.CaseLeaf{
		Kind: evidence.KindCase, AcceptID: c.AcceptID, CaseNo: c.No, CaseID: c.CaseID, Revision: c.Revision,
		Supersedes: c.Supersedes, App: c.AppKey, Account: c.Account, Received: c.Received.UnixMilli(),
		Charset: string(c.Charset), RequestID: requestID, Bytes: r.bytes, Body: salt.CommitPair(r.sums),
		Values: evidence.Hex(salt.Commit(merkle.SHA256, merkle.Hash(r.decoded.Digest))), Items: r.decoded.Items,
		Rows: r.roots,
	}
}

// readCase reads the body of a case. each, unless it is nil, gets each row of the tree of the case with its hash: the
// firms, and at last the texts of the case.
func (m maker) readCase(c intake.Case, each func(row any, leaf merkle.Pair)) (r caseRead, err error) {
	body, err := m.bodies.OpenBody(c)
	if err != nil {
		return r, fmt.Errorf("case %s: %w", c.AcceptID, err)
	}
	defer body.Close()
	sha, sm3 := merkle.SHA256.New(), merkle.SM3.New()
	counted := &counter{}
	raw := io.TeeReader(body, io.MultiWriter(sha, sm3, counted))
	salts, rows := m.salt.Case(c.AcceptID).Rows(), &rowTree{each: each}
	r.decoded, err = api.ReadCase(c.Charset.Reader(raw), max(c.Items, 1), func(i int, e api.Entity) {
		rows.add(evidence.NewFirmRow(salts, c.AcceptID, i+1, e))
	})
	if err == nil {
		_, err = io.Copy(io.Discard, raw)
	}
	rows.add(evidence.NewTextsRow(salts, c.AcceptID, r.decoded.Case))
	if err = errors.Join(err, rows.err); err != nil {
		return r, fmt.Errorf("case %s: %w", c.AcceptID, err)
	}
	r.sums, r.bytes = merkle.Pair{merkle.Hash(sha.Sum(nil)), merkle.Hash(sm3.Sum(nil))}, counted.n
	r.roots = rows.tree.Roots()
	return r, nil
}

// rowTree makes the tree of a case, and keeps the first error.
type rowTree struct {
	tree evidence.Rows
	each func(row any, leaf merkle.Pair)
	err  error
}

func (t *rowTree) add(row any) {
	leaf, err := t.tree.Add(row)
	if t.err = errors.Join(t.err, err); t.each != nil {
		t.each(row, leaf)
	}
}

// counter counts bytes.
type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) { c.n += int64(len(p)); return len(p), nil }

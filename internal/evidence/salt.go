package evidence

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"strconv"

	"diaoxiao/internal/evidence/merkle"
)

// Salt hides a value that could be guessed: a credit code has few digits.
type Salt [sha256.Size]byte

// derive makes a salt out of another one: HMAC-SHA-256 of the purpose under it. A derived salt says nothing about the
// salt that it was derived from, nor about its sisters.
func (s Salt) derive(purpose string) Salt {
	m := hmac.New(sha256.New, s[:])
	m.Write([]byte(purpose))
	return Salt(m.Sum(nil))
}

// Case is the salt of a case. The sender gets it with the receipt; it opens what is committed to about the case.
func (s Salt) Case(acceptID string) Salt { return s.derive("case " + acceptID) }

// Row is the salt of one row of a case: 0 are the texts of the case, n is the n-th firm.
func (s Salt) Row(n int) Salt { return s.derive("row " + strconv.Itoa(n)) }

// RowSalts makes the salts of the rows of one case, one after the other. It is not safe for concurrent use.
type RowSalts struct{ of hash.Hash }

// Rows makes the salts of the rows of a case: Row for many rows.
func (s Salt) Rows() RowSalts { return RowSalts{hmac.New(sha256.New, s[:])} }

// Row is Salt.Row.
func (r RowSalts) Row(n int) (s Salt) {
	r.of.Reset()
	r.of.Write(strconv.AppendInt([]byte("row "), int64(n), 10))
	r.of.Sum(s[:0])
	return s
}

// Event is the salt of the text of a step on a case.
func (s Salt) Event(no int64) Salt { return s.derive("event " + strconv.FormatInt(no, 10)) }

// Commit is the commitment to a hash: the hash, by the same suite, of the salt and the hash.
func (s Salt) Commit(suite merkle.Suite, h merkle.Hash) merkle.Hash {
	return suite.Sum(append(s[:len(s):len(s)], h[:]...))
}

// CommitPair commits to the hashes of both suites.
func (s Salt) CommitPair(p merkle.Pair) Digests {
	return NewDigests(merkle.Pair{s.Commit(merkle.SHA256, p[0]), s.Commit(merkle.SM3, p[1])})
}

// CommitText commits to a text with SHA-256.
func (s Salt) CommitText(text string) Hex {
	return Hex(s.Commit(merkle.SHA256, merkle.SHA256.Sum([]byte(text))))
}

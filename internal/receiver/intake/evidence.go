package intake

import (
	"crypto/sha256"
	"time"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
)

// EvidenceLog is a log of the evidence of this database. There is one; after a restore from a backup that is older than
// a checkpoint that was handed out, another one follows it, because a log is never forked.
type EvidenceLog struct {
	No        int64
	Origin    string // its name in checkpoints
	Salt      evidence.Salt
	Begun     time.Time
	Statement []byte // signed: the last known checkpoint of the log before it; nil: the first log
}

// SignedCheckpoint is a checkpoint of a log as it was signed. Checkpoints are kept for ever: the order of the leaves
// follows from them.
type SignedCheckpoint struct {
	LogNo int64
	evidence.Checkpoint
	Note []byte
}

// Stamp is a time-stamp (时间戳) of a checkpoint. It covers all stamps before it.
type Stamp struct {
	No    int64
	LogNo int64
	Size  int64     // of the checkpoint
	Note  []byte    // the checkpoint as signed
	Made  time.Time // by the clock of the authority
	Token []byte    // a TimeStampToken of RFC 3161
}

// EvidenceTx reads and writes the evidence log.
type EvidenceTx interface {
	EvidenceLog() (EvidenceLog, error)    // the latest; ErrNotFound: there is none
	EvidenceLogs() ([]EvidenceLog, error) // all, in order
	InsertEvidenceLog(EvidenceLog) error
	LastCheckpoint(logNo int64) (SignedCheckpoint, error) // ErrNotFound
	// CheckpointOf is the first checkpoint of a log that covers a case, or an event where caseNo is 0. ErrNotFound.
	CheckpointOf(logNo, caseNo, eventNo int64) (SignedCheckpoint, error)
	// CheckpointBefore is the last checkpoint of a log with fewer leaves; the empty one where there is none.
	CheckpointBefore(logNo, size int64) (SignedCheckpoint, error)
	Checkpoints(logNo, aboveSize int64, limit int) ([]SignedCheckpoint, error) // in order
	InsertCheckpoint(SignedCheckpoint) error                                   // ErrExists: another node signed

	// Tiles are derived. A tile of a log grows; a put replaces it. ErrNotFound.
	EvidenceTile(logNo int64, id merkle.TileID) (merkle.Tile, error)
	PutEvidenceTile(logNo int64, id merkle.TileID, t merkle.Tile) error

	// Stamps are all stamps in order, with their checkpoints.
	Stamps() ([]Stamp, error)
	LastStamp() (Stamp, error) // ErrNotFound
	InsertStamp(Stamp) error   // without its note; ErrExists: another node stamped

	EventsAfter(no int64, limit int) ([]CaseEvent, error) // of all cases, in order

	// The digests of rows that change in place. Each step that changes such a row records its new state.
	RowDigests(after int64, limit int) ([]RowDigest, error) // in order, without those of sessions
	LastRowDigests() ([]RowDigest, error)                   // the last one of each row
	BoundRows() ([]RowDigest, error)                        // of the rows as they are; they have no number
	BindRows() error                                        // records the state of every row that differs
}

// RowDigest is the digest of a state of a row that changes in place: an app, its secrets and accounts, an operator, a
// policy, a session.
type RowDigest struct {
	No     int64
	At     time.Time
	Table  string
	Key    string // in decimal digits, or hexadecimal ones of bytes
	Digest [sha256.Size]byte
}

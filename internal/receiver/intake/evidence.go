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

// Cosignature is what a witness (见证方) signed.
type Cosignature struct {
	LogNo   int64
	Size    int64  // of the checkpoint
	KeyHash uint32 // of the witness
	Witness string // its name and that hash
	At      time.Time
	Line    string // the signature as the note has it, with the end of the line
}

// Rotation is the replacement of the keys of a log.
type Rotation struct {
	LogNo, No int64 // from 1 for each log
	At        time.Time
	Statement []byte // signed by the keys that were replaced: names the new ones
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

	LastRotation(logNo int64) (Rotation, error) // ErrNotFound: the log has the keys that it began with
	Rotations(logNo int64) ([]Rotation, error)  // all, in order
	InsertRotation(Rotation) error              // ErrExists: another one has that number

	InsertCosignature(Cosignature) error // ErrExists: it is there
	// Cosignatures are those of one checkpoint, in the order of the witnesses.
	Cosignatures(logNo, size int64) ([]Cosignature, error)
	LastCosignature(logNo int64, witness string) (Cosignature, error) // ErrNotFound: that witness signed nothing yet
	// BestCosigned is the size of a checkpoint from a size on, not beyond some hundreds of cosignatures ago: of those
	// with the most cosignatures the latest. ErrNotFound: there is none.
	BestCosigned(logNo, atLeast int64) (size int64, err error)
	// FirstCosigned is the size of a checkpoint from a size on, not beyond some hundreds of cosignatures: of those with
	// the most cosignatures the first. ErrNotFound: there is none.
	FirstCosigned(logNo, atLeast int64) (size int64, err error)

	// AcceptedRequests are the request ids with which cases were accepted, from one case number to another, by number.
	AcceptedRequests(from, to int64) (map[int64]string, error)
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

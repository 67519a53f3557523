package intake

import (
	"context"
	"io"
	"time"
)

// Store stores all data. Closures given to Update and Background may run twice: they must not send or do I/O, and only
// the results of the last run count, once Update has returned. An error from a closure undoes it.
type Store interface {
	// View runs f on a consistent snapshot. The error is f's, or ErrUnavailable with the cause.
	View(ctx context.Context, f func(Tx) error) error
	// Update runs f in a transaction that is durable when Update returns nil. ErrUnavailable means that the outcome is
	// unknown, or that nothing happened because there was no room; any other error is f's, and then nothing happened.
	Update(ctx context.Context, f func(Tx) error) error
	// Background is Update for derived data. It gives way to Updates; f should stop early when Tx.Yield says so.
	Background(ctx context.Context, f func(Tx) error) error
	// Claim takes cases for a verifier: the first, at most limit, of the cases with a number above after that were not
	// verified in epoch or later by these rules and that no other verifier has. Nil: there are none.
	Claim(ctx context.Context, after, epoch int64, limit int) (Claim, error)
	// ClaimOutdated takes cases that were verified by rules before a version, and returns them as Claim does. They need
	// no Await, and the number that End returns means nothing.
	ClaimOutdated(ctx context.Context, after int64, version, limit int) (Claim, error)
	// ClaimStale takes verified cases that were last compared with a snapshot of the register before this one, as
	// ClaimOutdated does.
	ClaimStale(ctx context.Context, after, snapshot int64, limit int) (Claim, error)
	// NewBody returns the place for one request body before its case is inserted.
	NewBody() Body
	Bodies
	Registers
}

// Bodies returns stored bodies as sent. A body that is missing or does not decompress is ErrDamaged, at the latest
// while it is read. A reader from a Store holds no snapshot, because bodies never change; a reader from a Tx ends with
// the transaction.
type Bodies interface {
	OpenBody(Case) (io.ReadCloser, error)
}

// Tx reads and writes data in one transaction. Methods that look for one thing return ErrNotFound.
type Tx interface {
	// Now is the database's clock where several nodes share one, as of the beginning of the transaction; zero: there is
	// none, and the caller's own clock counts.
	Now() time.Time

	AppTx
	AccountTx
	SessionTx
	CaseTx
	GapTx
	AttemptTx
	AuditTx
	CallTx
	CaseClaimTx
	OperatorTx
	InvitationTx
	VisitTx
	PolicyTx
	PreferenceTx
	DeviceTx
	GuessTx
	WorkTx
	FirmTx
	ProposalTx
	EvidenceTx
	NameTx
	RevealTx
	SearchTx
	OverviewTx
	StatTx

	// Derived data, in tables that can be emptied and rebuilt. A put replaces a row that is there already.
	EntityTx
	VerificationTx
	CounterpartTx
	VerdictTx

	SnapshotTx
	RegisterTx

	InspectTx
	// Yield reports whether an Update waits for this Background transaction.
	Yield() bool
}

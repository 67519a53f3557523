package intake

import (
	"context"
	"io"
	"time"
)

// Store keeps everything. Closures given to Update and Background may run twice: no sends, no I/O in them, and what
// they found counts only as of the last run, when Update has returned. An error from a closure undoes it.
type Store interface {
	// View runs f on a consistent snapshot. The error is f's, or ErrUnavailable with the cause.
	View(ctx context.Context, f func(Tx) error) error
	// Update runs f in a transaction that is durable when Update returns nil. ErrUnavailable means that the outcome is
	// unknown or that nothing happened for want of room; any other error is f's, and then nothing happened.
	Update(ctx context.Context, f func(Tx) error) error
	// Background is Update for derived data. It gives way to Updates; f should stop early when Tx.Yield says so.
	Background(ctx context.Context, f func(Tx) error) error
	// Claim takes cases for a verifier: of those after case number after that were not verified in epoch or later by
	// these rules, the first that no other verifier has, at most limit. Nil: there are none.
	Claim(ctx context.Context, after, epoch int64, limit int) (Claim, error)
	// ClaimOutdated takes cases that are verified, but by rules before a version, and gives them back as Claim does;
	// nothing need be awaited for them, and End returns no number of use.
	ClaimOutdated(ctx context.Context, after int64, version, limit int) (Claim, error)
	// NewBody returns where one request body is put before its case is inserted.
	NewBody() Body
	Bodies
}

// Bodies gives stored bodies back as sent. A body that is missing or does not decompress is ErrDamaged, at the latest
// while it is read. From a Store the reading holds no snapshot, because bodies never change; from a Tx it ends with the
// transaction.
type Bodies interface {
	OpenBody(Case) (io.ReadCloser, error)
}

// Tx is what can be read and written in one transaction. Methods that look for one thing return ErrNotFound.
type Tx interface {
	// Now is the database's clock where several nodes share one, as of the beginning of the transaction; zero: there is
	// none, the caller's own counts.
	Now() time.Time

	AppTx
	AccountTx
	SessionTx
	CaseTx
	GapTx
	AttemptTx
	AuditTx
	CallTx
	OperatorTx
	InvitationTx
	VisitTx
	PolicyTx
	PreferenceTx
	DeviceTx
	GuessTx
	WorkTx
	NameTx
	RevealTx
	SearchTx
	OverviewTx

	// Derived data, in tables that can be emptied and rebuilt. Putting what is there already replaces it.
	EntityTx
	VerificationTx
	CounterpartTx

	InspectTx
	// Yield reports whether an Update waits for this Background transaction.
	Yield() bool
}

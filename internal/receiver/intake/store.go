package intake

import (
	"context"
	"io"
	"time"

	"diaoxiao/internal/rules"
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

	SearchTx
	EntityTx
	WorkTx
	CounterpartTx
	OverviewTx
	RevealTx
	InspectTx
	DeviceTx
	GuessTx
	NameTx

	InsertApp(App) (id int64, err error) // ErrExists: key or name
	App(keyOrName string) (App, error)
	AppByKey(key string) (App, error)
	Apps() ([]App, error)
	RenameApp(App) error // name, contact and phone; ErrExists: the name
	SetAppDisabled(id int64, disabled bool) error
	InsertSecret(appID int64, s Secret) error
	Secrets(appID int64) ([]Secret, error)
	ExpireSecrets(appID int64, at time.Time) error // those that would last longer

	InsertAccount(Account) error // ErrExists
	Account(appID int64, name string) (Account, error)
	Accounts(appID int64) ([]Account, error)
	SetAccountDisabled(id int64, disabled bool) error

	InsertSession(Session) error
	Session(TokenHash) (Session, error)
	EndSession(TokenHash, time.Time) error
	EndSessions(appID, accountID int64, at time.Time) error // accountID 0: all of the app
	SweepSessions(expired, forget time.Time) error
	CountSessions(now time.Time) ([]SessionCount, error)
	SessionEnded(appID int64, after int) (time.Time, error)                   // when that ended which ended before so many others; ErrNotFound
	ForgetSessions(appID int64, ended time.Time, most int) (n int, err error) // of those that ended then or before

	NextCaseNo() (int64, error)
	LastReceived() (time.Time, error)                 // when the last case came in; zero: there is none
	InsertCase(Case, Body) (inserted bool, err error) // false: (app, caseid, revision) is taken
	Case(no int64) (Case, error)
	LatestCase(appID int64, caseID string) (Case, error) // the highest revision
	Cases(CaseFilter) ([]Case, error)
	Bodies
	InsertReturn(Return) error // ErrExists
	InsertGap(Gap) error       // above every case number that was given out
	Gaps() ([]Gap, error)      // in order
	// Acknowledge lets the next server start from the database as it is, whatever the last one left beside it.
	Acknowledge() error
	InsertAttempt(Attempt) error
	Attempts(AttemptFilter) ([]Attempt, error)

	AuditTx
	CallTx
	OperatorTx

	// Derived data, in tables that can be emptied and rebuilt. Putting what is there already replaces it.
	Unverified(after, epoch int64, limit int) ([]Case, error) // in order of case numbers
	// CountUnverified is how many of those there are, and when the oldest of them was received.
	CountUnverified(after, epoch int64, limit int) (n int, oldest time.Time, err error)
	// CountOutdated is how many cases were verified by rules before a version, counted up to most. Quick where there
	// are none.
	CountOutdated(version, most int) (int, error)
	PutEntities([]EntityRow) error
	Entities(caseNo int64, from, limit int) ([]EntityRow, error)
	DeleteEntities(caseNo int64, from int) error // from that position on
	PutKeys([]Key) error                         // sorted
	HasKey(Key) (bool, error)
	Holdings(kind KeyKind, values []string) (map[string]Holding, error)
	Holders(kind KeyKind, value string, from int64, limit int) ([]Key, error) // from that case on, in order of case and position
	PutFindings([]FindingRow) error
	DeleteFindings(caseNo int64, from, to int) error // by position, to not included; the case's own are at -1
	Findings(caseNo int64, from, limit int) ([]rules.Finding, error)
	PutVerification(Verification) error
	Verification(caseNo int64) (Verification, error)
	Epoch() (int64, error)
	SetEpoch(int64) error
	ClearDerived() error
	CountDerived() (entities, keys int64, err error)
	// Yield reports whether an Update waits for this Background transaction.
	Yield() bool
}

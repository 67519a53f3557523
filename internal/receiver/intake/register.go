package intake

import (
	"context"
	"errors"

	"diaoxiao/internal/receiver/register"
)

// VerdictRow is the verdict on one entity of a case, derived from its row and the register.
type VerdictRow struct {
	CaseNo int64
	Pos    int
	register.Result
}

// FirstRegisterRule and LastRegisterRule enclose the rules whose findings come from the register.
const (
	FirstRegisterRule = 800
	LastRegisterRule  = 899
)

// DependsOnRegister reports whether a finding of rule comes from a comparison with the register.
func DependsOnRegister(rule int) bool { return FirstRegisterRule <= rule && rule <= LastRegisterRule }

// VerdictTx reads and writes verdicts within a transaction. An entity that was never compared has none.
type VerdictTx interface {
	PutVerdicts([]VerdictRow) error
	Verdicts(caseNo int64, from, limit int) ([]VerdictRow, error) // in order of position
	DeleteVerdicts(caseNo int64, from, to int) error              // by position, to not included
	CountVerdicts(caseNo int64) (map[register.Verdict]int, error) // rows of a case
	// VerdictPlaces lists the positions of a case, from one on, that have one of the verdicts.
	VerdictPlaces(caseNo int64, from, limit int, of []register.Verdict) ([]int, error)
}

// SnapshotTx reads and writes the snapshots of the register within a transaction. Their rows are not kept in a backup
// and not moved by a copy: RegisterTx.HasRegister says whether they are there.
type SnapshotTx interface {
	InsertSnapshot(register.Snapshot) error           // with the ID that its rows were built under; ErrExists
	CurrentSnapshot() (register.Snapshot, error)      // ErrNotFound: no register was ever imported
	Snapshot(id int64) (register.Snapshot, error)     // ErrNotFound
	Snapshots(limit int) ([]register.Snapshot, error) // the newest first
}

// RegisterTx reads the rows of snapshots of the register within a View. Rows of one snapshot never change; those of a
// snapshot that was dropped are ErrNotFound, never an empty answer.
type RegisterTx interface {
	HasRegister(snapshot int64) (bool, error)
	FirmsByPripID(snapshot int64, pripids []string) (map[string][]register.Firm, error)
	// FirmsByCode takes credit codes, registration numbers and organisation codes, folded by rules.FoldCode. At most
	// MostSharing firms of a code are in the answer.
	FirmsByCode(snapshot int64, codes []string) (map[string][]register.Firm, error)
	// FirmsByLegal lists firms with that legal representative, folded by rules.FoldName, in order of RowNo after a row.
	FirmsByLegal(snapshot int64, legal string, after, limit int) ([]register.Firm, error)
	// FirmsByName lists firms with the part in their names, folded by rules.FoldName, in order of RowNo after a row.
	// Brackets of all shapes and letters of either case are alike. ErrShortName: the part has one character or none.
	FirmsByName(snapshot int64, part string, after, limit int) ([]register.Firm, error)
	Firm(snapshot int64, rowNo int) (register.Firm, error) // ErrNotFound
}

// MostSharing is how many firms with one code are read.
const MostSharing = 16

// Registers builds and drops the rows of snapshots, beside the transactions of a Store.
type Registers interface {
	// BuildRegister makes the rows of a new snapshot. No reader sees them before its Snapshot is inserted under
	// the same ID. fill puts them; it runs once. base is the snapshot with whose rows it begins; 0: with none.
	// Once the rows are durable it runs publish, which inserts the Snapshot, while no other build can begin; its
	// error is returned. After an error, or the death of the process, nothing is left that anybody would see, and
	// the next build removes it: rows are kept where publish fails, because its outcome may be unknown.
	// ErrBuilding: another build is under way, in this process or another. ErrExists: there is a Snapshot with
	// this ID or a later one, looked for before anything is removed. ErrNotFound: base has no rows.
	BuildRegister(ctx context.Context, id, base int64, fill func(RegisterWriter) error, publish func() error) error
	// DropRegisters removes the rows of the snapshots before keep. Those that are being read may stay until the next
	// call. Safe to repeat.
	DropRegisters(ctx context.Context, keep int64) error
}

// RegisterWriter takes the rows of one snapshot that is being built.
type RegisterWriter interface {
	// PutFirms adds rows, in order of RowNo, which are above all that are there.
	PutFirms([]register.Firm) error
	// RemoveFirm removes the row with that pripid, and returns it. ErrNotFound: there is none.
	RemoveFirm(pripid string) (register.Firm, error)
	// LastRow is the highest RowNo that was ever used in the snapshot and its base.
	LastRow() (int, error)
}

// ErrShortName: firms are searched by two characters of their names or more.
var ErrShortName = errors.New("a part of a name has two characters or more")

// ErrBuilding: another snapshot of the register is being built.
var ErrBuilding = errors.New("another register is being built")

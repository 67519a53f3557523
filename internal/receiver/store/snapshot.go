package store

import (
	"github.com/go-json-experiment/json"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/store/engine"
)

// snapshotTx reads and writes the snapshots of the register, without their rows.
type snapshotTx struct{ *handle }

const snapshotColumns = "SELECT snapshot_id, as_of, row_count, base, imported_ms, imported_by, report " +
	"FROM register_snapshot "

func (t snapshotTx) InsertSnapshot(s register.Snapshot) error {
	report, err := json.Marshal(s.Report, json.Deterministic(true))
	if err != nil {
		return err
	}
	_, err = t.change("INSERT INTO register_snapshot (snapshot_id, as_of, row_count, base, imported_ms, imported_by, "+
		"report) VALUES ($1, $2, $3, $4, $5, $6, $7)", s.ID, s.AsOf, s.Rows, s.Base, ms(s.Imported), s.By,
		string(report))
	return t.exists(err)
}

func (t snapshotTx) CurrentSnapshot() (register.Snapshot, error) {
	return one(t, scanSnapshot, snapshotColumns+"ORDER BY snapshot_id DESC LIMIT 1")
}

func (t snapshotTx) Snapshot(id int64) (register.Snapshot, error) {
	return one(t, scanSnapshot, snapshotColumns+"WHERE snapshot_id = $1", id)
}

func (t snapshotTx) Snapshots(n int) ([]register.Snapshot, error) {
	return engine.List(t, scanSnapshot, snapshotColumns+"ORDER BY snapshot_id DESC LIMIT $1", n)
}

func scanSnapshot(scan func(...any) error) (s register.Snapshot, err error) {
	var at int64
	var report string
	if err := scan(&s.ID, &s.AsOf, &s.Rows, &s.Base, &at, &s.By, &report); err != nil {
		return s, err
	}
	s.Imported = engine.FromMS(at)
	return s, json.Unmarshal([]byte(report), &s.Report)
}

var _ interface {
	intake.SnapshotTx
	intake.VerdictTx
} = (*tx)(nil)

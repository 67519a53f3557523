package store

import (
	"errors"
	"fmt"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// evidenceTx reads and writes the evidence log.
type evidenceTx struct{ *handle }

func (t evidenceTx) EvidenceLog() (intake.EvidenceLog, error) {
	return one(t, scanLog, logColumns+"ORDER BY log_no DESC LIMIT 1")
}

func (t evidenceTx) EvidenceLogs() ([]intake.EvidenceLog, error) {
	return engine.List(t, scanLog, logColumns+"ORDER BY log_no")
}

const logColumns = "SELECT log_no, origin, salt, begun_ms, statement FROM evidence_log "

func scanLog(scan func(...any) error) (l intake.EvidenceLog, err error) {
	var salt []byte
	var begun int64
	err = scan(&l.No, &l.Origin, &salt, &begun, &l.Statement)
	copy(l.Salt[:], salt)
	l.Begun = engine.FromMS(begun)
	return l, err
}

func (t evidenceTx) InsertEvidenceLog(l intake.EvidenceLog) error {
	_, err := t.change("INSERT INTO evidence_log (log_no, origin, salt, begun_ms, statement) "+
		"VALUES ($1, $2, $3, $4, $5)", l.No, l.Origin, l.Salt[:], ms(l.Begun), orEmpty(l.Statement))
	return t.exists(err)
}

// orEmpty is b, never nil: the column has no NULL.
func orEmpty(b []byte) []byte { return append([]byte{}, b...) }

const checkpointColumns = "SELECT log_no, size, cases, events, note FROM evidence_checkpoint WHERE log_no = $1 AND "

func scanCheckpoint(scan func(...any) error) (c intake.SignedCheckpoint, err error) {
	var size, cases, events int64
	if err = scan(&c.LogNo, &size, &cases, &events, &c.Note); err != nil {
		return c, err
	}
	if c.Checkpoint, err = evidence.UnsignedCheckpoint(c.Note); err != nil {
		return c, fmt.Errorf("%w: checkpoint %d of log %d: %w", intake.ErrDamaged, size, c.LogNo, err)
	}
	if c.Size != size || c.Upto.Cases != cases || c.Upto.Events != events {
		err = fmt.Errorf("%w: checkpoint %d of log %d, up to case %d and event %d, has another note: %d, %+v",
			intake.ErrDamaged, size, c.LogNo, cases, events, c.Size, c.Upto)
	}
	return c, err
}

func (t evidenceTx) LastCheckpoint(logNo int64) (intake.SignedCheckpoint, error) {
	return one(t, scanCheckpoint, checkpointColumns+"size > 0 ORDER BY size DESC LIMIT 1", logNo)
}

func (t evidenceTx) CheckpointOf(logNo, caseNo, eventNo int64) (intake.SignedCheckpoint, error) {
	if caseNo > 0 {
		return one(t, scanCheckpoint, checkpointColumns+"cases >= $2 ORDER BY cases, size LIMIT 1", logNo, caseNo)
	}
	return one(t, scanCheckpoint, checkpointColumns+"events >= $2 ORDER BY events, size LIMIT 1", logNo, eventNo)
}

func (t evidenceTx) CheckpointBefore(logNo, size int64) (intake.SignedCheckpoint, error) {
	c, err := one(t, scanCheckpoint, checkpointColumns+"size < $2 ORDER BY size DESC LIMIT 1", logNo, size)
	if errors.Is(err, intake.ErrNotFound) {
		return intake.SignedCheckpoint{LogNo: logNo}, nil
	}
	return c, err
}

func (t evidenceTx) Checkpoints(logNo, above int64, n int) ([]intake.SignedCheckpoint, error) {
	return engine.List(t, scanCheckpoint, checkpointColumns+"size > $2 ORDER BY size LIMIT $3", logNo, above, limit(n))
}

func (t evidenceTx) InsertCheckpoint(c intake.SignedCheckpoint) error {
	_, err := t.change("INSERT INTO evidence_checkpoint (log_no, size, cases, events, note) "+
		"VALUES ($1, $2, $3, $4, $5)", c.LogNo, c.Size, c.Upto.Cases, c.Upto.Events, c.Note)
	return t.exists(err)
}

const cosignatureColumns = "SELECT log_no, size, witness, at_ms, line FROM evidence_cosignature WHERE log_no = $1 AND "

func scanCosignature(scan func(...any) error) (c intake.Cosignature, err error) {
	var at int64
	err = scan(&c.LogNo, &c.Size, &c.Witness, &at, &c.Line)
	c.At = engine.FromMS(at)
	return c, err
}

func (t evidenceTx) Cosignatures(logNo, size int64) ([]intake.Cosignature, error) {
	return engine.List(t, scanCosignature, cosignatureColumns+"size = $2 ORDER BY witness", logNo, size)
}

func (t evidenceTx) LastCosignature(logNo int64, witness string) (intake.Cosignature, error) {
	return one(t, scanCosignature, cosignatureColumns+"witness = $2 ORDER BY size DESC LIMIT 1", logNo, witness)
}

func (t evidenceTx) BestCosigned(logNo, atLeast int64) (size int64, err error) {
	return t.mostCosigned("DESC", logNo, atLeast)
}

func (t evidenceTx) FirstCosigned(logNo, atLeast int64) (size int64, err error) {
	return t.mostCosigned("ASC", logNo, atLeast)
}

func (t evidenceTx) mostCosigned(order string, logNo, atLeast int64) (size int64, err error) {
	size, err = engine.Value[int64](t, "SELECT size FROM (SELECT size FROM evidence_cosignature "+
		"WHERE log_no = $1 AND size >= $2 ORDER BY size "+order+" LIMIT 500) AS near "+
		"GROUP BY size ORDER BY COUNT(*) DESC, size "+order+" LIMIT 1", logNo, atLeast)
	return size, notFound(err)
}

func (t evidenceTx) InsertCosignature(c intake.Cosignature) error {
	_, err := t.change("INSERT INTO evidence_cosignature (log_no, size, key_hash, witness, at_ms, line) "+
		"VALUES ($1, $2, $3, $4, $5, $6)", c.LogNo, c.Size, int64(c.KeyHash), c.Witness, ms(c.At), c.Line)
	return t.exists(err)
}

const rotationColumns = "SELECT log_no, rotation_no, at_ms, statement FROM evidence_rotation WHERE log_no = $1 " +
	"ORDER BY rotation_no "

func scanRotation(scan func(...any) error) (r intake.Rotation, err error) {
	var at int64
	err = scan(&r.LogNo, &r.No, &at, &r.Statement)
	r.At = engine.FromMS(at)
	return r, err
}

func (t evidenceTx) LastRotation(logNo int64) (intake.Rotation, error) {
	return one(t, scanRotation, rotationColumns+"DESC LIMIT 1", logNo)
}

func (t evidenceTx) Rotations(logNo int64) ([]intake.Rotation, error) {
	return engine.List(t, scanRotation, rotationColumns, logNo)
}

func (t evidenceTx) InsertRotation(r intake.Rotation) error {
	_, err := t.change("INSERT INTO evidence_rotation (log_no, rotation_no, at_ms, statement) "+
		"VALUES ($1, $2, $3, $4)", r.LogNo, r.No, ms(r.At), r.Statement)
	return t.exists(err)
}

func (t evidenceTx) EvidenceTile(logNo int64, id merkle.TileID) (merkle.Tile, error) {
	data, err := engine.Value[[]byte](t, "SELECT data FROM evidence_tile "+
		"WHERE log_no = $1 AND level = $2 AND tile_no = $3", logNo, id.Level, id.No)
	if err != nil {
		return nil, notFound(err)
	}
	return merkle.DecodeTile(data)
}

func (t evidenceTx) PutEvidenceTile(logNo int64, id merkle.TileID, tile merkle.Tile) error {
	_, err := t.change("INSERT INTO evidence_tile (log_no, level, tile_no, data) VALUES ($1, $2, $3, $4) "+
		"ON CONFLICT (log_no, level, tile_no) DO UPDATE SET data = excluded.data",
		logNo, id.Level, id.No, tile.Encode())
	return err
}

const stampColumns = "SELECT s.stamp_no, s.log_no, s.size, c.note, s.made_ms, s.token FROM evidence_stamp s " +
	"JOIN evidence_checkpoint c ON c.log_no = s.log_no AND c.size = s.size ORDER BY s.stamp_no "

func scanStamp(scan func(...any) error) (s intake.Stamp, err error) {
	var made int64
	err = scan(&s.No, &s.LogNo, &s.Size, &s.Note, &made, &s.Token)
	s.Made = engine.FromMS(made)
	return s, err
}

func (t evidenceTx) Stamps() ([]intake.Stamp, error) { return engine.List(t, scanStamp, stampColumns) }

func (t evidenceTx) LastStamp() (intake.Stamp, error) {
	return one(t, scanStamp, stampColumns+"DESC LIMIT 1")
}

func (t evidenceTx) InsertStamp(s intake.Stamp) error {
	_, err := t.change("INSERT INTO evidence_stamp (stamp_no, log_no, size, made_ms, token) "+
		"VALUES ($1, $2, $3, $4, $5)", s.No, s.LogNo, s.Size, ms(s.Made), s.Token)
	return t.exists(err)
}

func (t evidenceTx) EventsAfter(no int64, n int) ([]intake.CaseEvent, error) {
	return engine.List(t, scanEvent, eventColumns+"WHERE event_no > $1 ORDER BY event_no LIMIT $2", no, limit(n))
}

// AcceptedRequests implements intake.EvidenceTx.
func (t evidenceTx) AcceptedRequests(from, to int64) (map[int64]string, error) {
	type row struct {
		no      int64
		request string
	}
	rows, err := engine.List(t, func(scan func(...any) error) (r row, err error) {
		return r, scan(&r.no, &r.request)
	}, "SELECT case_no, request_id FROM attempt WHERE case_no > 0 AND case_no >= $1 AND case_no <= $2 "+
		"AND outcome = $3 ORDER BY attempt_no DESC", from, to, string(intake.Accepted))
	all := make(map[int64]string, len(rows))
	for _, r := range rows {
		all[r.no] = r.request // of the first attempt
	}
	return all, err
}

package store

import (
	"context"
	"errors"
	"fmt"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
	"diaoxiao/internal/rules"
)

// Where the rows of a snapshot are put.
var (
	firmTable = into(schema.Named("register_firm"), engine.Refuse)
	gramTable = into(schema.Named("register_gram"), engine.Refuse)
)

// BuildRegister implements intake.Registers.
func (s *Store) BuildRegister(ctx context.Context, id, base int64, fill func(intake.RegisterWriter) error,
	publish func() error) error {
	err := s.engine.BuildRegister(ctx, id, base, engine.RegisterSteps{
		Check: func() error { return s.refuseRecorded(ctx, id) },
		Fill: func(b engine.RegisterBuild) error {
			w := &registerWriter{ctx: ctx, RegisterBuild: b}
			if err := w.begin(base); err != nil {
				return err
			}
			if err := fill(w); err != nil {
				return err
			}
			return w.end()
		},
		Publish: publish,
	})
	switch {
	case errors.Is(err, engine.ErrBuilding):
		return intake.ErrBuilding
	case errors.Is(err, engine.ErrNoRegister):
		return fmt.Errorf("rows of snapshot %d of the register: %w", base, intake.ErrNotFound)
	case errors.Is(err, engine.ErrNoRoom):
		return err // nothing happened
	}
	return s.classify(err)
}

// refuseRecorded refuses to build a snapshot where it, or a later one, was recorded.
func (s *Store) refuseRecorded(ctx context.Context, id int64) error {
	return s.view(ctx, func(t *handle) error {
		n, err := engine.Value[int64](t, "SELECT COUNT(*) FROM register_snapshot WHERE snapshot_id >= $1", id)
		if err == nil && n > 0 {
			err = fmt.Errorf("snapshot %d of the register: %w", id, intake.ErrExists)
		}
		return err
	})
}

// DropRegisters implements intake.Registers.
func (s *Store) DropRegisters(ctx context.Context, keep int64) error {
	return s.classify(s.engine.DropRegisters(ctx, keep))
}

// registerWriter is the intake.RegisterWriter of one build.
type registerWriter struct {
	engine.RegisterBuild
	ctx     context.Context
	rows    int // that are there
	last    int
	seeking bool // looking up by pripid is quick
	unsent  int  // rows that were put since the last flush
	grams   gramPart
}

func (w *registerWriter) begin(base int64) error {
	w.grams.reset(0)
	if base == 0 {
		return nil
	}
	w.seeking = true
	err := w.Row([]any{&w.rows, &w.last}, "SELECT row_count, last_row FROM register_rows WHERE snapshot = $1", w.Under)
	if err != nil {
		return err
	}
	return w.resumePart()
}

// PutFirms implements intake.RegisterWriter.
func (w *registerWriter) PutFirms(firms []register.Firm) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	for i := range firms {
		if firms[i].RowNo <= w.last {
			return fmt.Errorf("row %d of a register comes after row %d", firms[i].RowNo, w.last)
		}
		w.last = firms[i].RowNo
		if err := w.addName(firms[i].RowNo, firms[i].Name); err != nil {
			return err
		}
	}
	err := w.Put(firmTable, len(firms), func(i int, to []any) []any {
		f := &firms[i]
		return append(to, w.Under, f.RowNo, f.PripID, f.UniscID, f.RegNo, f.Name, f.Legal, rules.FoldName(f.Legal),
			f.EntType, int64(f.State), f.StateText, f.Organ, f.Founded, f.Approved)
	})
	w.rows += len(firms)
	return errors.Join(err, w.flushMany(len(firms)))
}

// flushedRows is how many rows may wait to be sent.
const flushedRows = 10000

// flushMany sends what was put off where that is much.
func (w *registerWriter) flushMany(n int) error {
	if w.unsent += n; w.unsent < flushedRows {
		return nil
	}
	w.unsent = 0
	return w.Flush()
}

// RemoveFirm implements intake.RegisterWriter. The lists of its name keep its number, which leads nowhere any more.
func (w *registerWriter) RemoveFirm(pripid string) (f register.Firm, err error) {
	if err := w.ctx.Err(); err != nil {
		return f, err
	}
	if !w.seeking {
		w.seeking = true
		if err := w.Seek(); err != nil {
			return f, err
		}
	}
	f, err = one(w, scanFirm, firmColumns+"WHERE f.snapshot = $1 AND "+byPripID+"$2 ORDER BY f.row_no LIMIT 1", w.Under,
		pripid)
	if err != nil {
		return f, err
	}
	w.rows--
	_, err = w.Exec("DELETE FROM register_firm WHERE snapshot = $1 AND row_no = $2", w.Under, f.RowNo)
	return f, err
}

// LastRow implements intake.RegisterWriter.
func (w *registerWriter) LastRow() (int, error) { return w.last, nil }

// end completes a snapshot, and proves that it has the rows that were put.
func (w *registerWriter) end() error {
	if err := w.putPart(); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	n, err := engine.Value[int](w, "SELECT COUNT(*) FROM register_firm WHERE snapshot = $1", w.Under)
	if err == nil && n != w.rows {
		err = fmt.Errorf("the register has %d rows, and %d were put", n, w.rows)
	}
	if err != nil {
		return err
	}
	if _, err := w.Exec("DELETE FROM register_rows WHERE snapshot = $1", w.Under); err != nil {
		return err
	}
	_, err = w.Exec("INSERT INTO register_rows (snapshot, row_count, last_row) VALUES ($1, $2, $3)", w.Under, w.rows,
		w.last)
	return err
}

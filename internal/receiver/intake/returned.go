package intake

import (
	"context"

	"diaoxiao/api"
)

// Returned returns why one of the caller's own cases was returned, and the first rows that the return names. The codes
// of the rows, as sent, are filled in once the case is verified. ErrNotFound: the case belongs to another app, or is
// not returned.
func (d *Desk) Returned(ctx context.Context, who Caller, c Case) (r Return, rows []api.ReturnedRow, err error) {
	if c.AppID != who.AppID {
		return r, nil, ErrNotFound
	}
	err = d.store.View(ctx, func(tx Tx) error {
		if r, err = tx.Return(c.No); err != nil {
			return err
		}
		rows, err = namedRows(tx, r, api.MaxReturnedRows)
		return err
	})
	return r, rows, err
}

func namedRows(tx Tx, r Return, most int) (rows []api.ReturnedRow, err error) {
	for _, s := range r.Rows.Spans() {
		n := min(s.To-s.From+1, most-len(rows))
		if n <= 0 {
			break
		}
		first := len(rows)
		for i := range n {
			rows = append(rows, api.ReturnedRow{Position: s.From + i})
		}
		es, err := tx.Entities(r.CaseNo, s.From-1, n)
		if err != nil {
			return nil, err
		}
		for _, e := range es {
			if i := e.Pos + 1 - s.From; i < n {
				rows[first+i].PripID, rows[first+i].UniscID = e.PripID, e.UniscID
			}
		}
	}
	return rows, nil
}

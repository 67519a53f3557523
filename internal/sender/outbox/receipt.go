package outbox

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Receipt is the receipt (受理回执) of an accepted case, as it was fetched and verified.
type Receipt struct {
	Entry   int64 // its number
	Checked time.Time
	Fault   string // why it does not hold, for people; "": it was verified
	File    []byte // empty where the receiver gave none to a case that it had accepted
}

// WithoutReceipt calls each for every accepted case of a target that has no verified receipt, also one whose place
// another has taken, in the order in which they were recorded. It ends with the error of each or of ctx.
func (b *Outbox) WithoutReceipt(ctx context.Context, t Target, each func(Entry) error) error {
	t, err := b.live(t)
	if err != nil {
		return err
	}
	for after := int64(0); ; {
		page, err := b.page(ctx, b.selectEntries()+`LEFT JOIN receipt r ON r.entry = e.no
			WHERE e.no > ? AND e.acceptid <> '' AND (r.entry IS NULL OR r.fault <> '') AND t.url = ? AND t.app_key = ?
			ORDER BY e.no LIMIT ?`, after, t.URL, t.AppKey, pageSize)
		if err != nil {
			return err
		}
		for _, e := range page {
			if err := each(e); err != nil {
				return err
			}
			after = e.No
		}
		if len(page) < pageSize {
			return nil
		}
	}
}

// KeepReceipt makes a receipt durable. It takes the place of one that did not hold, never of one that was verified.
// Safe to repeat.
func (b *Outbox) KeepReceipt(r Receipt) error {
	return b.update(func() error {
		_, err := b.conn.Exec(`INSERT INTO receipt (entry, checked_at, fault, file) VALUES (?, ?, ?, ?)
			ON CONFLICT (entry) DO UPDATE SET checked_at = excluded.checked_at, fault = excluded.fault,
			file = excluded.file WHERE receipt.fault <> ''`,
			r.Entry, b.now().UnixMilli(), r.Fault, append([]byte{}, r.File...))
		return err
	})
}

// Receipt returns the receipt of an entry, or ErrNotFound.
func (b *Outbox) Receipt(no int64) (r Receipt, err error) {
	if b.schema < withReceipts {
		return r, ErrNotFound
	}
	r.Entry = no
	var checked int64
	err = b.db.QueryRow("SELECT checked_at, fault, file FROM receipt WHERE entry = ?", no).
		Scan(&checked, &r.Fault, &r.File)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	r.Checked = fromMilli(checked)
	return r, err
}

// Receipts says of each entry that has a receipt why it does not hold, "" where it was verified.
func (b *Outbox) Receipts() (faults map[int64]string, err error) {
	faults = make(map[int64]string)
	if b.schema < withReceipts {
		return faults, nil
	}
	rows, err := b.db.Query("SELECT entry, fault FROM receipt")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var no int64
		var fault string
		if err := rows.Scan(&no, &fault); err != nil {
			return nil, err
		}
		faults[no] = fault
	}
	return faults, rows.Err()
}

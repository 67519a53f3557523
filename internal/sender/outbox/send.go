package outbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Attempt is one sending of one case and its outcome.
type Attempt struct {
	Entry    int64 // its number
	Began    time.Time
	Took     time.Duration
	Tries    int   // requests made
	Outcome  State // Accepted, Refused, Unknown; Pending: nothing was sent
	Sure     bool  // of a refusal: the receiver has not got the case from an earlier attempt either
	Status   int   // HTTP, of the last answer; 0: there was none
	AcceptID string
	Account  string // that it was sent from
	// caseid of another case that has this acceptid too, once the attempt is settled; the receiver is not to be trusted
	Shared    string
	RequestID string
	Codes     string // of the last answer, as 14001,14008
	Message   string // of the last answer, or why there is none; for people
}

// Begin makes durable that cases may be on their way, and returns those that may now be sent, in the order in which
// they were recorded: of the entries nos those that are current, wait for no consent and have no final outcome
// (Pending, Refused, Unknown). Anything that was begun has to be settled.
func (b *Outbox) Begin(nos []int64) (begun []Entry, err error) {
	list, err := json.Marshal(nos)
	if err != nil {
		return nil, err
	}
	err = b.update(func() error {
		// CROSS JOIN: from the list to the entries, not through all of them.
		rows, err := b.conn.Query(
			"SELECT "+entryColumns+` FROM json_each(?) j CROSS JOIN entry e ON e.no = j.value`+entryJoins+`
			WHERE e.superseded = 0 AND e.held = '' AND e.state IN (1, 4, 5)`,
			string(list),
		)
		if err != nil {
			return err
		}
		if begun, err = scanEntries(rows); err != nil {
			return err
		}
		slices.SortFunc(begun, func(a, b Entry) int { return cmp.Compare(a.No, b.No) })
		_, err = b.conn.Exec("UPDATE entry SET state = 2 WHERE no IN (SELECT value FROM json_each(?)) AND superseded "+
			"= 0 AND held = '' AND state IN (1, 4, 5)", string(list))
		return err
	})
	return begun, err
}

// Settle makes the outcomes of attempts durable, in one transaction. Only then may they be told. After an attempt in
// doubt (Entry.Doubt) a refusal alone is no proof that the receiver has not got the case: it stays Unknown unless the
// refusal is Sure.
func (b *Outbox) Settle(as []Attempt) error {
	if len(as) == 0 {
		return nil
	}
	at := b.now().UnixMilli()
	return b.update(func() error {
		for _, a := range as {
			if err := b.settle(a, at); err != nil {
				return err
			}
		}
		return b.conn.Put(
			"INSERT INTO attempt (entry, began_at, took_us, tries, outcome, status, codes, request_id, message)",
			9,
			len(as),
			func(i int, to []any) []any {
				a := as[i]
				return append(
					to, a.Entry, a.Began.UnixMilli(), a.Took.Microseconds(), a.Tries, a.Outcome, a.Status, a.Codes,
					a.RequestID, a.Message,
				)
			},
		)
	})
}

// settle moves one case on. An accepted case stays so whatever comes later.
func (b *Outbox) settle(a Attempt, at int64) error {
	var n int64
	var err error
	switch a.Outcome {
	case Accepted:
		if a.AcceptID == "" {
			return fmt.Errorf("outbox: case %d accepted without an acceptid", a.Entry)
		}
		n, err = b.conn.Exec(
			`UPDATE entry SET state = 3, doubt = 0, tries = tries + 1, settled_at = ?, acceptid = ?, account = ?,
			request_id = ?, codes = '', message = '' WHERE no = ? AND state = 2`,
			at, a.AcceptID, a.Account, a.RequestID, a.Entry,
		)
	case Refused, Unknown, Pending:
		n, err = b.conn.Exec(
			`UPDATE entry SET state = CASE WHEN doubt AND NOT ? THEN 5 ELSE ? END, doubt = ? OR doubt AND NOT ?,
			tries = tries + 1, settled_at = ?, request_id = ?, codes = ?, message = ? WHERE no = ? AND state = 2`,
			a.Sure, a.Outcome, a.Outcome == Unknown, a.Sure, at, a.RequestID, a.Codes, a.Message, a.Entry,
		)
	default:
		return fmt.Errorf("outbox: %v is no outcome", a.Outcome)
	}
	if err == nil && n != 1 {
		err = fmt.Errorf("outbox: case %d was not begun", a.Entry)
	}
	return err
}

// Sharing finds, of attempts that are settled, those that were accepted under an acceptid which another case of the
// same target has too, and that case's caseid, by entry. A receiver gives a number once, unless it was set back to
// older data.
func (b *Outbox) Sharing(as []Attempt) (shared map[int64]string, err error) {
	var nos []int64
	for _, a := range as {
		if a.Outcome == Accepted {
			nos = append(nos, a.Entry)
		}
	}
	list, err := json.Marshal(nos)
	if err != nil || len(nos) == 0 {
		return nil, err
	}
	rows, err := b.db.Query(
		`SELECT e.no, (SELECT o.caseid FROM entry o WHERE o.acceptid = e.acceptid AND o.acceptid <> ''
		AND o.target = e.target
		AND o.caseid <> e.caseid LIMIT 1) FROM json_each(?) j CROSS JOIN entry e ON e.no = j.value`,
		string(list),
	)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	shared = make(map[int64]string)
	for rows.Next() {
		var no int64
		var caseID *string
		if err := rows.Scan(&no, &caseID); err != nil {
			return nil, err
		}
		if caseID != nil {
			shared[no] = *caseID
		}
	}
	return shared, rows.Err()
}

// MarkReturned notes that the receiver has given an accepted case back (退回), as it says when asked. Other values under
// the caseid may then be recorded, and Again sends the same.
func (b *Outbox) MarkReturned(no int64) error {
	return b.update(func() error {
		_, err := b.conn.Exec("UPDATE entry SET state = ? WHERE no = ? AND state = ?", Returned, no, Accepted)
		return err
	})
}

// Again records the case of a returned entry anew, with the same body, in its place, and returns the new entry.
func (b *Outbox) Again(no int64) (e Entry, err error) {
	if e, err = b.Entry(no); err != nil {
		return e, err
	}
	if e.State != Returned || e.Superseded != 0 {
		return e, fmt.Errorf("案件 %s 的状态为%s，不是已退回", e.CaseID, e.State)
	}
	var next int64
	err = b.update(func() error {
		b.lastNo++
		next = b.lastNo
		if _, err := b.conn.Exec("UPDATE entry SET superseded = ? WHERE no = ?", next, no); err != nil {
			return err
		}
		_, err := b.conn.Exec(
			`INSERT INTO entry (no, target, caseid, casename, digest, sha256, bytes, items, body, body_offset,
		file, sheet, row, recorded_at, state, folded)
			SELECT ?, target, caseid, casename, digest, sha256, bytes, items, body, body_offset, file, sheet, row, ?, ?,
		folded FROM entry WHERE no = ?`,
			next, b.now().UnixMilli(), Pending, no,
		)
		return err
	})
	if err != nil {
		return e, err
	}
	return b.Entry(next)
}

// Attempts lists what was tried to send an entry, in order.
func (b *Outbox) Attempts(no int64) (as []Attempt, err error) {
	rows, err := b.db.Query("SELECT entry, began_at, took_us, tries, outcome, status, codes, request_id, message "+
		"FROM attempt WHERE entry = ? ORDER BY no", no)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a Attempt
		var began, took int64
		if err := rows.Scan(
			&a.Entry, &began, &took, &a.Tries, &a.Outcome, &a.Status, &a.Codes, &a.RequestID, &a.Message,
		); err != nil {
			return nil, err
		}
		a.Began, a.Took = fromMilli(began), time.Duration(took)*time.Microsecond
		as = append(as, a)
	}
	return as, rows.Err()
}

package store

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
	"diaoxiao/internal/rules"
)

// callTx reads and writes the log of calls.
type callTx struct{ *handle }

// callTable is where calls are put; the database numbers them.
var callTable = into(schema.Named("call"), engine.Refuse)

func (t callTx) PutCalls(cs []intake.Call) error {
	return t.putting(callTable, len(cs), func(i int, to []any) []any {
		c := &cs[i]
		return append(to, ms(c.At), c.Name, c.AppID, c.AppKey, c.Account, c.CaseID, c.AcceptID, c.Outcome,
			flag(c.Failed()), c.Codes, c.Status,
			c.Bytes, c.Items, c.Took.Microseconds(), c.RequestID, c.Source, string(c.Told), string(c.Cause),
			rules.FoldCaseID(c.CaseID))
	})
}

func (t callTx) PruneCalls(before time.Time, n int) (int64, error) {
	return t.change("DELETE FROM call WHERE call_no IN (SELECT call_no FROM call WHERE at_ms < $1 ORDER BY at_ms "+
		"LIMIT $2)", ms(before), n)
}

func (t callTx) PruneStrangers(keep, n int) (int64, error) {
	return t.change("DELETE FROM call WHERE call_no IN (SELECT call_no FROM call WHERE app_id = 0 "+
		"ORDER BY at_ms DESC LIMIT $1 OFFSET $2)", n, keep)
}

// callSize is about how many bytes a call takes: its texts, the rest of the row, and its places in the indexes.
const callSize = `150 + OCTET_LENGTH(name) + OCTET_LENGTH(app_key) + OCTET_LENGTH(account) + OCTET_LENGTH(caseid) +
	OCTET_LENGTH(acceptid) +
	OCTET_LENGTH(outcome) + OCTET_LENGTH(codes) + OCTET_LENGTH(request_id) + OCTET_LENGTH(source) + OCTET_LENGTH(told) +
	OCTET_LENGTH(cause) + OCTET_LENGTH(case_fold)`

func (t callTx) CallVolume(after int64, n int) (v intake.CallVolume, err error) {
	_, err = t.callVolume(&v, after, n)
	return v, err
}

func (t callTx) callVolume(v *intake.CallVolume, after int64, n int) (newest time.Time, err error) {
	var at int64
	err = t.Row([]any{&v.Rows, &v.Bytes, &v.Last, &at},
		`SELECT COUNT(*), COALESCE(CAST(SUM(size) AS BIGINT), 0), COALESCE(MAX(call_no), 0),
		COALESCE(MAX(at_ms), 0) FROM (SELECT call_no, at_ms, `+callSize+` AS size FROM call WHERE call_no > $1
			ORDER BY call_no LIMIT $2) w`, after, n)
	return engine.FromMS(at), err
}

func (t callTx) PruneOldestCalls(n int) (v intake.CallVolume, newest time.Time, err error) {
	if newest, err = t.callVolume(&v, 0, n); err == nil {
		_, err = t.change("DELETE FROM call WHERE call_no <= $1", v.Last)
	}
	return v, newest, err
}

const callColumns = `SELECT c.call_no, c.at_ms, c.name, c.app_id, c.app_key, COALESCE(a.name, ''), c.account,
	c.caseid, c.acceptid, c.outcome,
	c.codes, c.status, c.bytes, c.items, c.took_us, c.request_id, c.source, c.told, c.cause FROM call c
		LEFT JOIN app a ON a.app_id = c.app_id`

func scanCall(scan func(...any) error) (c intake.Call, err error) {
	var at, took int64
	err = scan(&c.No, &at, &c.Name, &c.AppID, &c.AppKey, &c.AppName, &c.Account, &c.CaseID, &c.AcceptID, &c.Outcome,
		&c.Codes, &c.Status,
		&c.Bytes, &c.Items, &took, &c.RequestID, &c.Source, &c.Told, &c.Cause)
	c.At, c.Took = engine.FromMS(at), time.Duration(took)*time.Microsecond
	return c, err
}

func (t callTx) Call(no int64) (c intake.Call, err error) {
	cs, err := engine.List(t, scanCall, callColumns+" WHERE c.call_no = $1", no)
	if err != nil || len(cs) == 0 {
		return c, cmp.Or(err, intake.ErrNotFound)
	}
	return cs[0], nil
}

// containing is the pattern of folded caseids with such a part.
func containing(part string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(rules.FoldCaseID(part)) + "%"
}

func (t callTx) Calls(q intake.CallQuery) ([]intake.Call, error) {
	var w where
	w.times("c.at_ms", q.From, q.To)
	if q.AppID != 0 {
		w.and("c.app_id = ?", q.AppID)
	}
	if q.Failed || q.Code != "" {
		w.and("c.failed = 1") // to the letter of the index
	}
	if q.Code != "" {
		w.and("',' || c.codes || ',' LIKE ?", "%,"+q.Code+",%")
	}
	w.text("c.name = ?", q.Name)
	w.text("c.request_id = ?", q.RequestID)
	if q.CaseID != "" { // an older program wrote no folded caseid
		w.and(`(c.case_fold LIKE ? ESCAPE '\' OR c.case_fold = '' AND c.caseid = ?)`, containing(q.CaseID), q.CaseID)
	}
	w.text("c.acceptid = ?", q.AcceptID)
	w.text("c.source = ?", q.Source)
	if b := q.Before; b != (intake.CallKey{}) {
		w.and("c.at_ms <= ? AND (c.at_ms, c.call_no) < (?, ?)", ms(b.At), ms(b.At), b.No)
	}
	order := "DESC"
	if a := q.After; a != (intake.CallKey{}) {
		w.and("c.at_ms >= ? AND (c.at_ms, c.call_no) > (?, ?)", ms(a.At), ms(a.At), a.No)
		order = "ASC"
	}
	at := "c.at_ms"
	if rare := q.RequestID != "" || q.CaseID != "" || q.AcceptID != ""; rare && q.From.IsZero() && q.Before == q.After {
		at += " + 0" // all rows as they lie, which is much quicker than in the order of an index
	}
	cs, err := engine.List(t, scanCall, fmt.Sprintf("%s%s ORDER BY %s %s, c.call_no %s LIMIT $%d", callColumns,
		w.String(), at, order, order,
		len(w.args)+1), append(w.args, limit(q.Limit))...)
	if order == "ASC" {
		slices.Reverse(cs)
	}
	return cs, err
}

func (t callTx) CallErrors(from, to time.Time, n int) ([]intake.CallErrors, error) {
	var w where
	w.and("failed = 1")
	w.times("at_ms", from, to)
	return engine.List(t, func(scan func(...any) error) (e intake.CallErrors, err error) {
		var at int64
		err = scan(&e.AppID, &e.AppKey, &e.AppName, &e.Contact, &e.Phone, &e.Code, &e.Count, &at, &e.Last.No,
			&e.RequestID, &e.Source, &e.Told, &e.Cause)
		e.Last.At = engine.FromMS(at)
		return e, err
	}, fmt.Sprintf(`SELECT g.app_id, g.app_key, COALESCE(a.name, ''), COALESCE(a.contact, ''), COALESCE(a.phone, ''),
		g.codes, g.n, c.at_ms,
		c.call_no, c.request_id, c.source, c.told, c.cause
		FROM (SELECT app_id, app_key, codes, COUNT(*) AS n, MAX(call_no) AS last FROM call%s
			GROUP BY app_id, app_key, codes
			ORDER BY COUNT(*) DESC LIMIT $%d) AS g
		JOIN call c ON c.call_no = g.last LEFT JOIN app a ON a.app_id = g.app_id
		ORDER BY g.n DESC, g.app_id, g.app_key, g.codes`, w.String(), len(w.args)+1), append(w.args, n)...)
}

// LastCalls seeks one call for each app.
func (t callTx) LastCalls() ([]intake.Call, error) {
	return engine.List(t, scanCall, callColumns+` WHERE c.call_no IN (SELECT (SELECT l.call_no FROM call l
		WHERE l.app_id = k.app_id
		ORDER BY l.at_ms DESC, l.call_no DESC LIMIT 1) FROM app k) ORDER BY c.app_id`)
}

package store

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/rowhash"
	"diaoxiao/internal/receiver/store/engine"
)

// boundTable is a table whose rows change in place, with the columns of which each state has a digest. The others
// change without a record of it: counters, the last sign-in, the end of a session.
type boundTable struct{ name, key, columns string }

// The bound tables.
var (
	boundApp     = boundTable{"app", "app_id", "app_key, name, contact, phone, dialect, disabled, created_ms"}
	boundSecret  = boundTable{"app_secret", "secret_id", "app_id, hash, created_ms, expires_ms"}
	boundAccount = boundTable{"account", "account_id", "app_id, name, disabled, created_ms"}
	boundPolicy  = boundTable{"policy", "kind", "value"}
	boundSession = boundTable{"session", "token_hash", "app_id, account_id, created_ms, expires_ms"}

	boundOperator = boundTable{"operator", "operator_id", `name, person, phone, role, password, totp, password_ms,
		disabled, created_ms, identity, waits, asked_ms, asked_by, to_role, to_identity, renewed, renewed_ms,
		renewed_by, set_up_from, founder, founded_ms, unit`}
)

// boundTables are all of them.
func boundTables() []boundTable {
	return []boundTable{boundApp, boundSecret, boundAccount, boundPolicy, boundSession, boundOperator}
}

// state are the rows that a condition selects as they are, with their digests.
func (t *handle) state(of boundTable, condition string, args ...any) ([]intake.RowDigest, error) {
	values := make([]any, 2+countColumns(of.columns))
	to := make([]any, len(values))
	for i := range values {
		to[i] = &values[i]
	}
	return engine.List(t, func(scan func(...any) error) (r intake.RowDigest, err error) {
		if err = scan(to...); err == nil {
			r, err = digestOf(of.name, values)
		}
		return r, err
	}, "SELECT "+of.key+", "+of.columns+", 0 FROM "+of.name+" WHERE "+condition, args...)
}

func countColumns(list string) (n int) {
	n = 1
	for _, c := range list {
		if c == ',' {
			n++
		}
	}
	return n
}

// digestOf is the digest of the values of a row, of which the first is its key.
func digestOf(table string, values []any) (r intake.RowDigest, err error) {
	h := rowhash.New()
	for i, v := range values[:len(values)-1] {
		text := ""
		switch v := v.(type) {
		case int64:
			text = strconv.FormatInt(v, 10)
		case string:
			text = v
		case []byte:
			text = hex.EncodeToString(v)
		default:
			return r, fmt.Errorf("%s: a value of type %T has no digest", table, v)
		}
		if h.Texts(text); i == 0 {
			r.Key = text
		}
	}
	r.Table, r.Digest = table, h.Sum()
	return r, nil
}

// bind records the state of the rows that a condition selects, where it is not the one recorded last.
func (t *handle) bind(of boundTable, condition string, args ...any) error {
	rows, err := t.state(of, condition, args...)
	for _, r := range rows {
		if err == nil {
			err = t.bindRow(r)
		}
	}
	return err
}

func (t *handle) bindRow(r intake.RowDigest) error {
	last, err := one(t, scanRowDigest, rowDigestColumns+"tbl = $1 AND row_key = $2 ORDER BY digest_no DESC LIMIT 1",
		r.Table, r.Key)
	if err = intake.IgnoreMissing(err); err != nil || last.Digest == r.Digest {
		return err
	}
	at := t.Now()
	if at.IsZero() {
		at = time.Now()
	}
	_, err = t.change("INSERT INTO row_digest (at_ms, tbl, row_key, digest) VALUES ($1, $2, $3, $4)", ms(at), r.Table,
		r.Key, r.Digest[:])
	return err
}

const rowDigestColumns = "SELECT digest_no, at_ms, tbl, row_key, digest FROM row_digest WHERE "

func scanRowDigest(scan func(...any) error) (r intake.RowDigest, err error) {
	var digest []byte
	var at int64
	err = scan(&r.No, &at, &r.Table, &r.Key, &digest)
	copy(r.Digest[:], digest)
	r.At = engine.FromMS(at)
	return r, err
}

// RowDigests implements intake.EvidenceTx. Those of sessions end with them.
func (t evidenceTx) RowDigests(after int64, n int) ([]intake.RowDigest, error) {
	return engine.List(t, scanRowDigest, rowDigestColumns+"digest_no > $1 AND tbl <> 'session' "+
		"ORDER BY digest_no LIMIT $2", after, limit(n))
}

// LastRowDigests implements intake.EvidenceTx.
func (t evidenceTx) LastRowDigests() ([]intake.RowDigest, error) {
	return engine.List(t, scanRowDigest, rowDigestColumns+
		"digest_no IN (SELECT MAX(digest_no) FROM row_digest GROUP BY tbl, row_key) ORDER BY digest_no")
}

// BoundRows implements intake.EvidenceTx.
func (t evidenceTx) BoundRows() (all []intake.RowDigest, err error) {
	for _, of := range boundTables() {
		rows, err := t.state(of, "1 = 1")
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

// BindRows implements intake.EvidenceTx.
func (t evidenceTx) BindRows() error {
	for _, of := range boundTables() {
		if err := t.bind(of, "1 = 1"); err != nil {
			return err
		}
	}
	return nil
}

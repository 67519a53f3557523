package store

import (
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// sessionTx reads and writes sessions.
type sessionTx struct{ *handle }

func (t sessionTx) InsertSession(s intake.Session) error {
	t.forgetSession()
	_, err := t.change("INSERT INTO session (token_hash, app_id, account_id, created_ms, expires_ms, ended_ms) "+
		"VALUES ($1, $2, $3, $4, $5, 0)",
		s.Token[:], s.AppID, s.AccountID, ms(s.Created), ms(s.Expires))
	if err != nil {
		return err
	}
	return t.bind(boundSession, "token_hash = $1", s.Token[:])
}

// Session remembers the last one found within the writer's transaction: cases of one sender often share it.
func (t sessionTx) Session(token intake.TokenHash) (intake.Session, error) {
	if t.group != nil && t.group.session != nil && t.group.session.Token == token {
		return *t.group.session, nil
	}
	s, err := t.readSession(token)
	if err == nil && t.group != nil {
		t.group.session = &s
	}
	return s, err
}

// forgetSession is called by whatever changes sessions, apps or accounts.
func (t *handle) forgetSession() {
	if t.group != nil {
		t.group.session = nil
	}
}

func (t sessionTx) readSession(token intake.TokenHash) (intake.Session, error) {
	return one(t, func(scan func(...any) error) (intake.Session, error) {
		s := intake.Session{Token: token}
		var created, expires, ended int64
		err := scan(&s.AppID, &s.AccountID, &created, &expires, &ended, &s.AppKey, &s.Dialect, &s.Account, &s.Disabled)
		s.Created, s.Expires, s.Ended = engine.FromMS(created), engine.FromMS(expires), engine.FromMS(ended)
		return s, err
	}, `SELECT s.app_id, s.account_id, s.created_ms, s.expires_ms, s.ended_ms, a.app_key, a.dialect, u.name,
		a.disabled + u.disabled > 0
		FROM session s JOIN app a ON a.app_id = s.app_id JOIN account u ON u.account_id = s.account_id
			WHERE s.token_hash = $1`, token[:])
}

func (t sessionTx) EndSession(token intake.TokenHash, at time.Time) error {
	t.forgetSession()
	_, err := t.change("UPDATE session SET ended_ms = $1 WHERE token_hash = $2 AND ended_ms = 0", ms(at), token[:])
	return err
}

func (t sessionTx) EndSessions(appID, accountID int64, at time.Time) error {
	t.forgetSession()
	_, err := t.change("UPDATE session SET ended_ms = $1 WHERE app_id = $2 AND ended_ms = 0 "+
		"AND (CAST($3 AS BIGINT) = 0 OR account_id = $4)",
		ms(at), appID, accountID, accountID)
	return err
}

func (t sessionTx) SweepSessions(expired, forget time.Time) error {
	t.forgetSession()
	if _, err := t.change("UPDATE session SET ended_ms = expires_ms WHERE ended_ms = 0 AND expires_ms <= $1",
		ms(expired)); err != nil {
		return err
	}
	if _, err := t.change("DELETE FROM session WHERE ended_ms > 0 AND ended_ms < $1", ms(forget)); err != nil {
		return err
	}
	_, err := t.change("DELETE FROM row_digest WHERE tbl = 'session' AND at_ms < $1", ms(forget.Add(-24*time.Hour)))
	return err
}

func (t sessionTx) CountSessions(now time.Time) ([]intake.SessionCount, error) {
	return engine.List(t, func(scan func(...any) error) (c intake.SessionCount, err error) {
		return c, scan(&c.AppID, &c.Alive, &c.Ended)
	}, `SELECT app_id, SUM(CASE WHEN ended_ms = 0 AND expires_ms > $1 THEN 1 ELSE 0 END), SUM(CASE WHEN ended_ms > 0
		THEN 1 ELSE 0 END)
		FROM session GROUP BY app_id ORDER BY app_id`, ms(now))
}

func (t sessionTx) SessionEnded(appID int64, after int) (time.Time, error) {
	return one(t, func(scan func(...any) error) (time.Time, error) {
		var ended int64
		err := scan(&ended)
		return engine.FromMS(ended), err
	}, "SELECT ended_ms FROM session WHERE app_id = $1 AND ended_ms > 0 ORDER BY ended_ms DESC "+
		"LIMIT 1 OFFSET $2", appID, after)
}

func (t sessionTx) ForgetSessions(appID int64, ended time.Time, most int) (int, error) {
	t.forgetSession()
	n, err := t.change(`DELETE FROM session WHERE token_hash IN
		(SELECT token_hash FROM session WHERE app_id = $1 AND ended_ms > 0 AND ended_ms <= $2
			LIMIT $3)`, appID, ms(ended), most)
	return int(n), err
}

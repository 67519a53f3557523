package store

import (
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// overviewTx reads and writes the overview.
type overviewTx struct{ *handle }

// dayMS and beijingMS make days in Beijing of milliseconds.
const dayMS, beijingMS = 24 * 60 * 60 * 1000, int64(beijingtime.Offset / time.Millisecond)

func (t overviewTx) IntakeByDay(from, to time.Time) ([]intake.DayIntake, error) {
	return engine.List(t, func(scan func(...any) error) (d intake.DayIntake, err error) {
		var day int64
		err = scan(&day, &d.Cases, &d.Entities)
		d.Day = beijingtime.Day(time.UnixMilli(day*dayMS - beijingMS))
		return d, err
	}, `SELECT (received_ms + $1) / $2 AS day_no, COUNT(*), CAST(SUM(items) AS BIGINT) FROM cases
		WHERE received_ms >= $3 AND received_ms < $4
		GROUP BY day_no ORDER BY day_no`, beijingMS, int64(dayMS), ms(from), ms(to))
}

func (t overviewTx) CountWorklist(oddBefore, dueBy string) (n intake.WorklistCount, err error) {
	err = t.Row([]any{&n.ToCheck, &n.ToPublish, &n.Overdue, &n.ToConfirm, &n.Alarmed, &n.ToRelease,
		&n.Unfinished}, `SELECT
		(SELECT COUNT(*) FROM docket WHERE kind = $1), (SELECT COUNT(*) FROM docket WHERE kind = $2),
		(SELECT COUNT(*) FROM docket WHERE kind = $3 AND since >= $4 AND since <= $5),
		(SELECT COUNT(*) FROM docket WHERE kind = $6),
		(SELECT COUNT(*) FROM docket WHERE kind = $7), (SELECT COUNT(*) FROM docket WHERE kind = $8),
		(SELECT COUNT(*) FROM docket WHERE kind = $9)`,
		int64(intake.ToCheck), int64(intake.ToPublish), int64(intake.Unfinished), oddBefore, dueBy,
		int64(intake.ToConfirm), int64(intake.Alarmed), int64(intake.ToRelease), int64(intake.Unfinished))
	return n, err
}

// CountRules begins at a case number: finding knows no times.
func (t overviewTx) CountRules(since time.Time) ([]intake.RuleCount, error) {
	return engine.List(t, func(scan func(...any) error) (r intake.RuleCount, err error) {
		err = scan(&r.Rule, &r.Findings, &r.Cases)
		return r, err
	}, `SELECT rule, CAST(SUM(n) AS BIGINT), COUNT(*) FROM (SELECT case_no, rule, COUNT(*) AS n FROM finding
		WHERE case_no >= (SELECT MIN(case_no) FROM cases WHERE received_ms >= $1) GROUP BY case_no, rule) AS of_case
			GROUP BY rule ORDER BY 2 DESC, rule`, ms(since))
}

const appContacts = `SELECT app_id, app_key, name, contact, phone, dialect, disabled <> 0, created_ms,
	COALESCE((SELECT MAX(k.at_ms) FROM call k WHERE k.app_id = app.app_id), 0),
	COALESCE((SELECT c.received_ms FROM cases c WHERE c.app_id = app.app_id ORDER BY c.case_no DESC LIMIT 1), 0)
		FROM app ORDER BY app_id`

func (t overviewTx) AppContacts() ([]intake.AppContact, error) {
	return engine.List(t, func(scan func(...any) error) (a intake.AppContact, err error) {
		var called, received int64
		a.App, err = scanApp(func(dest ...any) error { return scan(append(dest, &called, &received)...) })
		a.LastCall, a.LastCase = engine.FromMS(called), engine.FromMS(received)
		return a, err
	}, appContacts)
}

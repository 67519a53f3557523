package store

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// statTx reads what statistics are made of, and reads and writes them.
type statTx struct{ *handle }

func (t statTx) StatCases(after int64, from, to time.Time, n int) ([]intake.StatCase, error) {
	return engine.List(t, func(scan func(...any) error) (c intake.StatCase, err error) {
		var received, returned int64
		err = scan(&c.No, &c.AppID, &c.Organ, &c.PenaltyDate, &c.Items, &c.Revision, &received, &returned, &c.Verified,
			&c.Snapshot, &c.Ready, &c.Clear)
		c.Received, c.Returned = engine.FromMS(received), engine.FromMS(returned)
		return c, err
	}, `SELECT c.case_no, c.app_id, c.penaltyorg, c.penaltydate, c.items, c.revision, c.received_ms,
		COALESCE(r.returned_ms, 0), v.case_no IS NOT NULL, COALESCE(v.snapshot, 0),
		COALESCE(t.ready, 0), CASE WHEN t.clear > 0 THEN t.clear ELSE 0 END
		FROM cases c LEFT JOIN case_return r ON r.case_no = c.case_no LEFT JOIN verification v ON v.case_no = c.case_no
		LEFT JOIN firm_tally t ON t.case_no = c.case_no
		WHERE c.case_no > $1 AND c.case_no >= (SELECT MIN(case_no) FROM cases WHERE received_ms >= $2 AND
			received_ms < $3) AND c.received_ms + 0 >= $4 AND c.received_ms + 0 < $5
		ORDER BY c.case_no LIMIT $6`, after, ms(from), ms(to), ms(from), ms(to), n)
}

func (t statTx) StatSpans(from, to int64) ([]intake.StatSpan, error) {
	return engine.List(t, func(scan func(...any) error) (s intake.StatSpan, err error) {
		var decision release.Decision
		var decided int64
		err = scan(&s.CaseNo, &s.Firms, &decision, &s.Published, &decided)
		s.Withheld, s.Decided = decision == release.ToWithhold, engine.FromMS(decided)
		return s, err
	}, `SELECT s.case_no, s.to_pos - s.from_pos + 1, s.decision, s.published, COALESCE(p.answered_ms, 0)
		FROM firm_span s LEFT JOIN proposal p ON p.proposal_no = s.proposal_no
		WHERE s.case_no >= $1 AND s.case_no <= $2 ORDER BY s.case_no, s.from_pos`, from, to)
}

func scanStatCount(scan func(...any) error) (c intake.StatCount, err error) {
	err = scan(&c.CaseNo, &c.Kind, &c.N)
	return c, err
}

func (t statTx) StatFindings(from, to int64) ([]intake.StatCount, error) {
	return engine.List(t, scanStatCount, `SELECT case_no, rule, COUNT(*) FROM finding
		WHERE case_no >= $1 AND case_no <= $2 GROUP BY case_no, rule ORDER BY case_no, rule`, from, to)
}

func (t statTx) StatVerdicts(from, to int64) ([]intake.StatCount, error) {
	return engine.List(t, scanStatCount, `SELECT case_no, verdict, COUNT(*) FROM verdict
		WHERE case_no >= $1 AND case_no <= $2 GROUP BY case_no, verdict ORDER BY case_no, verdict`, from, to)
}

func (t statTx) StatRepeats(from, to time.Time) ([]intake.StatRepeats, error) {
	return engine.List(t, func(scan func(...any) error) (r intake.StatRepeats, err error) {
		err = scan(&r.AppID, &r.Organ, &r.N)
		return r, err
	}, `SELECT c.app_id, c.penaltyorg, COUNT(*) FROM attempt a JOIN cases c ON c.case_no = a.case_no
		WHERE a.outcome = 'repeated' AND a.at_ms >= $1 AND a.at_ms < $2
		GROUP BY c.app_id, c.penaltyorg ORDER BY c.app_id, c.penaltyorg`, ms(from), ms(to))
}

func (t statTx) StatRefusals(from, to time.Time) ([]intake.StatRefusals, error) {
	return engine.List(t, func(scan func(...any) error) (r intake.StatRefusals, err error) {
		err = scan(&r.AppID, &r.Codes, &r.N)
		return r, err
	}, `SELECT app_id, codes, COUNT(*) FROM call WHERE failed = 1 AND at_ms >= $1 AND at_ms < $2
		GROUP BY app_id, codes ORDER BY app_id, codes`, ms(from), ms(to))
}

func (t statTx) OldestCall() (intake.CallKey, error) {
	return one(t, func(scan func(...any) error) (k intake.CallKey, err error) {
		var at int64
		err = scan(&k.No, &at)
		k.At = engine.FromMS(at)
		return k, err
	}, "SELECT call_no, at_ms FROM call ORDER BY at_ms, call_no LIMIT 1")
}

func (t statTx) FirstReceived() (time.Time, error) {
	at, err := engine.Value[int64](t, "SELECT received_ms FROM cases ORDER BY received_ms LIMIT 1")
	return engine.FromMS(at), notFound(err)
}

func (t statTx) StatSize(from, to time.Time, most int) (cases, firms int, err error) {
	err = t.Row([]any{&cases, &firms}, `SELECT COUNT(*), COALESCE(CAST(SUM(items) AS BIGINT), 0) FROM
		(SELECT items FROM cases WHERE received_ms >= $1 AND received_ms < $2
			ORDER BY received_ms LIMIT $3) AS first_cases`, ms(from), ms(to), most)
	return cases, firms, err
}

func (t statTx) CasesWithEvents(after int64) (received []time.Time, last int64, err error) {
	last, err = engine.Value[int64](t, "SELECT COALESCE(MAX(event_no), 0) FROM case_event")
	if err != nil || last <= after {
		return nil, last, err
	}
	times, err := engine.Values[int64](t, `SELECT DISTINCT c.received_ms FROM case_event e
		JOIN cases c ON c.case_no = e.case_no WHERE e.event_no > $1`, after)
	for _, at := range times {
		received = append(received, engine.FromMS(at))
	}
	return received, last, err
}

// statMonthTable is where closed months are put: one that is there is reported by exists.
var (
	statMonthTable = into(schema.Named("stat_month"), engine.Refuse)
	statNowTable   = into(schema.Named("stat_now"), engine.Replace)
)

func (t statTx) InsertStatMonth(m intake.StatMonth) error {
	if _, err := t.StatMonth(m.Month); !errors.Is(err, intake.ErrNotFound) {
		return errors.Join(err, intake.ErrExists)
	}
	err := t.putting(statMonthTable, 1, func(_ int, to []any) []any {
		return append(to, monthNo(m.Month), m.AsOf, ms(m.At), m.Digest[:], m.Total, m.Contents)
	})
	return t.exists(err)
}

func (t statTx) PutStatNow(m intake.StatMonth) error {
	return t.putting(statNowTable, 1, func(_ int, to []any) []any {
		return append(to, monthNo(m.Month), m.AsOf, ms(m.At), m.LastNo, m.Digest[:], m.Total, m.Contents)
	})
}

// monthNo is a month as a number, yyyyMM: a copy between engines goes by numbers.
func monthNo(month string) int64 {
	no, _ := strconv.ParseInt(strings.Replace(month, "-", "", 1), 10, 64)
	return no
}

func scanStatMonth(scan func(...any) error) (m intake.StatMonth, err error) {
	var no, at int64
	var sum []byte
	err = scan(&no, &m.AsOf, &at, &m.LastNo, &sum, &m.Total, &m.Contents)
	if err != nil {
		return intake.StatMonth{}, err
	}
	m.Month = fmt.Sprintf("%04d-%02d", no/100, no%100)
	copy(m.Digest[:], sum)
	m.At = engine.FromMS(at)
	return m, nil
}

func (t statTx) StatMonth(month string) (intake.StatMonth, error) {
	return one(t, scanStatMonth, `SELECT month_no, as_of, closed_ms, 0, digest, total, content FROM stat_month
		WHERE month_no = $1`, monthNo(month))
}

func (t statTx) StatMonths() ([]intake.StatMonth, error) {
	return engine.List(t, scanStatMonth, "SELECT month_no, as_of, closed_ms, 0, digest, total, '' FROM stat_month "+
		"ORDER BY month_no")
}

func (t statTx) StatNow(month string) (intake.StatMonth, error) {
	return one(t, scanStatMonth, `SELECT month_no, as_of, made_ms, event_no, digest, total, content FROM stat_now
		WHERE month_no = $1`, monthNo(month))
}

func (t statTx) StatNows() ([]intake.StatMonth, error) {
	return engine.List(t, scanStatMonth, "SELECT month_no, as_of, made_ms, event_no, digest, total, '' FROM stat_now "+
		"ORDER BY month_no")
}

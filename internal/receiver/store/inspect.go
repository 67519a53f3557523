package store

import (
	"fmt"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// inspectTx reads and writes the inspection.
type inspectTx struct{ *handle }

// Origin implements intake.InspectTx.
func (t inspectTx) Origin() (o intake.Origin, err error) {
	err = notFound(t.Row([]any{&o.Unchained, &o.Unordered}, "SELECT unchained, unordered FROM origin"))
	if err == intake.ErrNotFound {
		return intake.Origin{}, nil // somebody took it away: nothing is excused
	}
	return o, err
}

// ReceiveCalls implements intake.InspectTx.
func (t inspectTx) ReceiveCalls(after int64, n int) ([]intake.Call, error) {
	return engine.List(t, scanCall, callColumns+` WHERE c.call_no > $1 AND c.name = 'receiveCaseinfo'
		AND c.outcome IN ($2, $3) AND c.acceptid <> ''
		ORDER BY c.call_no LIMIT $4`, after, string(intake.Accepted), string(intake.Repeated), n)
}

// RevealedCases implements intake.InspectTx.
func (t inspectTx) RevealedCases(after int64, n int) ([]int64, error) {
	return engine.Values[int64](t,
		"SELECT DISTINCT case_no FROM reveal WHERE case_no > $1 ORDER BY case_no LIMIT $2", after, n)
}

// PairsUnderWay implements intake.InspectTx.
func (t inspectTx) PairsUnderWay(otherNo int64) (bool, error) {
	n, err := engine.Value[int64](t, `SELECT COUNT(*) FROM (SELECT case_no FROM (
		SELECT case_no, 1 AS n FROM counterpart WHERE other_no = $1 AND case_no <> $2
		UNION ALL SELECT case_no, -(severe + warnings) FROM counterpart_case WHERE other_no = $3) k
		GROUP BY case_no HAVING SUM(n) <> 0) u`, otherNo, otherNo, otherNo)
	return n > 0, err
}

// strayQuery finds rows of a table, by a key, that belong to nothing or cannot be.
type strayQuery struct{ table, key, from, is string }

// strayQueries are all of them.
var strayQueries = []strayQuery{
	{"cases", "c.case_no", "cases c LEFT JOIN app a ON a.app_id = c.app_id WHERE a.app_id IS NULL", "所属的应用不存在"},
	{"cases", "c.case_no", "cases c LEFT JOIN account u ON u.app_id = c.app_id AND u.name = c.account " +
		"WHERE u.account_id IS NULL", "应用没有这个账户"},
	{"app_secret", "s.secret_id", "app_secret s LEFT JOIN app a ON a.app_id = s.app_id WHERE a.app_id IS NULL",
		"所属的应用不存在"},
	{"account", "u.account_id", "account u LEFT JOIN app a ON a.app_id = u.app_id WHERE a.app_id IS NULL", "所属的应用不存在"},
	{"session", "s.app_id", "session s LEFT JOIN account u ON u.account_id = s.account_id AND u.app_id = s.app_id " +
		"WHERE u.account_id IS NULL",
		"账户不存在或不属于该应用"},
	{"session", "s.app_id", `session s JOIN app a ON a.app_id = s.app_id JOIN account u ON u.account_id = s.account_id
		WHERE s.ended_ms = 0 AND a.disabled + u.disabled > 0`, "应用或账户已停用，会话仍有效"},
	{"session", "s.app_id", fmt.Sprintf("session s WHERE s.expires_ms - s.created_ms > %d",
		intake.SessionLife.Milliseconds()), "有效期过长"},
	{"visit", "v.operator_id", "visit v LEFT JOIN operator o ON o.operator_id = v.operator_id " +
		"WHERE o.operator_id IS NULL", "操作员不存在"},
	{"visit", "v.operator_id", "visit v JOIN operator o ON o.operator_id = v.operator_id WHERE v.ended_ms = 0 " +
		"AND o.disabled <> 0",
		"操作员已停用，登录仍有效"},
	{"case_return", "r.case_no", "case_return r LEFT JOIN cases c ON c.case_no = r.case_no WHERE c.case_no IS NULL",
		"案件不存在"},
	{"case_event", "e.event_no", "case_event e LEFT JOIN cases c ON c.case_no = e.case_no WHERE c.case_no IS NULL",
		"案件不存在"},
	{"case_work", "w.case_no", "case_work w LEFT JOIN cases c ON c.case_no = w.case_no WHERE c.case_no IS NULL",
		"案件不存在"},
	{"firm_check", "k.case_no", "firm_check k LEFT JOIN cases c ON c.case_no = k.case_no AND k.pos >= 0 " +
		"AND k.pos < c.items WHERE c.case_no IS NULL", "案件不存在，或清单没有这一条"},
	{"firm_basis", "k.case_no", "firm_basis k LEFT JOIN firm_span s ON s.case_no = k.case_no AND s.from_pos <= k.pos " +
		"AND s.to_pos >= k.pos WHERE s.case_no IS NULL", "这一户没有决定"},
	{"firm_span", "k.case_no", "firm_span k LEFT JOIN cases c ON c.case_no = k.case_no WHERE c.case_no IS NULL",
		"案件不存在"},
	{"proposal", "k.proposal_no", "proposal k LEFT JOIN cases c ON c.case_no = k.case_no WHERE c.case_no IS NULL",
		"案件不存在"},
	{"firm_tally", "k.case_no", "firm_tally k LEFT JOIN cases c ON c.case_no = k.case_no WHERE c.case_no IS NULL",
		"案件不存在"},
	{"verification", "v.case_no", "verification v LEFT JOIN cases c ON c.case_no = v.case_no WHERE c.case_no IS NULL",
		"案件不存在"},
	{"verdict", "d.case_no", "(SELECT DISTINCT case_no FROM verdict) d LEFT JOIN cases c ON c.case_no = d.case_no " +
		"WHERE c.case_no IS NULL", "案件不存在"},
	{"body_part", "b.case_no", "body_part b LEFT JOIN cases c ON c.case_no = b.case_no AND c.pack_no = 0 " +
		"WHERE c.case_no IS NULL",
		"案件不存在，或其正文在别处"},
	{"pack", "p.pack_no", `pack p LEFT JOIN (SELECT pack_no, SUM(bytes) AS n FROM cases WHERE pack_no > 0
		GROUP BY pack_no) c
		ON c.pack_no = p.pack_no WHERE COALESCE(c.n, 0) <> p.raw_bytes`, "其中的正文多于或少于案件行"},
}

// Strays implements intake.InspectTx.
func (t inspectTx) Strays(n int) (all []intake.Stray, err error) {
	for _, q := range strayQueries {
		found, err := engine.List(t, func(scan func(...any) error) (s intake.Stray, err error) {
			s.Table, s.Is = q.table, q.is
			return s, scan(&s.Key)
		}, fmt.Sprintf("SELECT CAST(%s AS TEXT) FROM %s ORDER BY 1 LIMIT $1", q.key, q.from), n)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

package store

import (
	"strconv"
	"strings"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
	"diaoxiao/internal/rules"
)

// firmTx reads and writes the work on single firms.
type firmTx struct{ *handle }

var (
	firmCheckTable = into(schema.Named("firm_check"), engine.Replace)
	firmSpanTable  = into(schema.Named("firm_span"), engine.Replace)
	firmBasisTable = into(schema.Named("firm_basis"), engine.Replace)
	firmTallyTable = into(schema.Named("firm_tally"), engine.Replace)
)

// puttingNow is putting that later reads of the transaction include.
func (t firmTx) puttingNow(into engine.Into, n int, values func(i int, to []any) []any) error {
	if n == 0 {
		return nil
	}
	if err := t.putting(into, n, values); err != nil {
		return err
	}
	return t.Flush()
}

func (t firmTx) PutFirmChecks(cs []intake.FirmCheck) error {
	return t.puttingNow(firmCheckTable, len(cs), func(i int, to []any) []any {
		c := &cs[i]
		return append(to, c.CaseNo, c.Pos, int64(c.Outcome), c.Remark, string(c.By), ms(c.At), int64(c.Basis))
	})
}

func (t firmTx) FirmChecks(caseNo int64, from, n int) ([]intake.FirmCheck, error) {
	return engine.List(t, func(scan func(...any) error) (c intake.FirmCheck, err error) {
		var at int64
		err = scan(&c.CaseNo, &c.Pos, &c.Outcome, &c.Remark, &c.By, &at, &c.Basis)
		c.At = engine.FromMS(at)
		return c, err
	}, "SELECT case_no, pos, outcome, remark, actor, at_ms, basis FROM firm_check "+
		"WHERE case_no = $1 AND pos >= $2 ORDER BY pos LIMIT $3", caseNo, from, n)
}

func (t firmTx) DeleteFirmChecks(caseNo int64, from, to int) error {
	_, err := t.change("DELETE FROM firm_check WHERE case_no = $1 AND pos >= $2 AND pos < $3", caseNo, from, to)
	return err
}

func (t firmTx) FirmSpans(caseNo int64) ([]intake.FirmSpan, error) {
	return engine.List(t, func(scan func(...any) error) (s intake.FirmSpan, err error) {
		err = scan(&s.CaseNo, &s.From, &s.To, &s.Decision, &s.Published, &s.ProposalNo)
		return s, err
	}, "SELECT case_no, from_pos, to_pos, decision, published, proposal_no FROM firm_span "+
		"WHERE case_no = $1 ORDER BY from_pos", caseNo)
}

func (t firmTx) PutFirmSpans(caseNo int64, all []intake.FirmSpan) error {
	if _, err := t.change("DELETE FROM firm_span WHERE case_no = $1", caseNo); err != nil {
		return err
	}
	return t.puttingNow(firmSpanTable, len(all), func(i int, to []any) []any {
		s := &all[i]
		return append(to, caseNo, s.From, s.To, int64(s.Decision), s.Published, s.ProposalNo)
	})
}

func (t firmTx) PutFirmBases(bs []intake.FirmBasis) error {
	return t.puttingNow(firmBasisTable, len(bs), func(i int, to []any) []any {
		return append(to, bs[i].CaseNo, bs[i].Pos, int64(bs[i].Basis))
	})
}

func (t firmTx) FirmBases(caseNo int64, from, n int) ([]intake.FirmBasis, error) {
	return engine.List(t, func(scan func(...any) error) (b intake.FirmBasis, err error) {
		err = scan(&b.CaseNo, &b.Pos, &b.Basis)
		return b, err
	}, "SELECT case_no, pos, basis FROM firm_basis WHERE case_no = $1 AND pos >= $2 ORDER BY pos LIMIT $3",
		caseNo, from, n)
}

func (t firmTx) DeleteFirmBases(caseNo int64, from, to int) error {
	_, err := t.change("DELETE FROM firm_basis WHERE case_no = $1 AND pos >= $2 AND pos < $3", caseNo, from, to)
	return err
}

// PutTallies implements intake.FirmTx.
func (t firmTx) PutTallies(ns []intake.CaseTally) error {
	return t.puttingNow(firmTallyTable, len(ns), func(i int, to []any) []any {
		n := &ns[i]
		return append(to, n.CaseNo, n.Clear, n.Ready, n.Held, n.Released, n.Withheld, n.Published, n.Alarmed,
			n.Flagged, n.Checked, n.ToCheck, n.Alarms, number(n.CaseSevere), number(n.CaseDoubt))
	})
}

// number is 1 for true.
func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Uncounted implements intake.FirmTx.
func (t firmTx) Uncounted(n int) ([]int64, error) {
	return engine.Values[int64](t, "SELECT case_no FROM firm_tally WHERE clear < 0 ORDER BY case_no LIMIT $1", n)
}

// doubtRules are the rules whose findings make a firm doubtful, as a list for a query.
var doubtRules, severeRules = rulesFrom(rules.Warning), rulesFrom(rules.Severe)

func rulesFrom(least rules.Severity) string {
	var nos []string
	for _, r := range rules.All() {
		if r.Severity >= least {
			nos = append(nos, strconv.Itoa(r.No))
		}
	}
	return strings.Join(nos, ",")
}

// DoubtFindings implements intake.FirmTx.
func (t firmTx) DoubtFindings(caseNo int64, from, to, n int) ([]rules.Finding, error) {
	return engine.List(t, func(scan func(...any) error) (f rules.Finding, err error) {
		err = scan(&f.Pos, &f.Rule, &f.Field)
		return f, err
	}, "SELECT pos, rule, field FROM finding WHERE case_no = $1 AND pos >= $2 AND pos <= $3 "+
		"AND rule IN ("+doubtRules+") ORDER BY pos, rule, field LIMIT $4", caseNo, max(0, from), to, n)
}

// FirmMarks implements intake.FirmTx.
func (t firmTx) FirmMarks(caseNo int64, from, to, n int) ([]intake.Counterpart, error) {
	return engine.List(t, scanCounterpart, counterpartColumns+`LEFT JOIN case_return r ON r.case_no = k.case_no
		WHERE k.other_no = $1 AND k.other_pos >= $2 AND k.other_pos <= $3 AND r.case_no IS NULL
		ORDER BY k.other_pos, k.case_no, k.pos, k.rule LIMIT $4`, caseNo, max(0, from), to, n)
}

// VerdictsOf implements intake.FirmTx.
func (t firmTx) VerdictsOf(
	caseNo int64,
	kind register.Verdict,
	from, to, n int,
) ([]intake.VerdictRow, error) {
	return t.listVerdicts("f.case_no = $1 AND f.verdict = $2 AND f.pos >= $3 AND f.pos <= $4 ORDER BY f.pos LIMIT $5",
		caseNo, int64(kind), from, to, n)
}

// doubtQuery lists doubtful places: positions of firms, -1 for a warning about the case itself, -2 for a severe finding
// about it.
var doubtQuery = `SELECT d.case_no, SUM(CASE WHEN d.place >= 0 THEN 1 ELSE 0 END), MIN(d.place) FROM (
	SELECT case_no, CASE WHEN pos >= 0 THEN pos WHEN rule IN (` + severeRules + `) THEN -2 ELSE -1 END AS place
		FROM finding WHERE case_no >= $1 AND case_no <= $2 AND rule IN (` + doubtRules + `)
	UNION SELECT k.other_no, CASE WHEN k.other_pos >= 0 THEN k.other_pos ELSE -1 END
		FROM counterpart k LEFT JOIN case_return r ON r.case_no = k.case_no
		WHERE k.other_no >= $3 AND k.other_no <= $4 AND r.case_no IS NULL
	UNION SELECT case_no, pos FROM verdict WHERE case_no >= $5 AND case_no <= $6 AND verdict > 1
) d GROUP BY d.case_no`

// workedQuery lists cases with work on single firms.
const workedQuery = `SELECT DISTINCT case_no FROM firm_check WHERE case_no >= $1 AND case_no <= $2
	UNION SELECT DISTINCT case_no FROM firm_span WHERE case_no >= $3 AND case_no <= $4`

// verdictQuery counts verdicts.
const verdictQuery = `SELECT case_no, COUNT(*), SUM(CASE WHEN verdict = 0 THEN 1 ELSE 0 END) FROM verdict
	WHERE case_no >= $1 AND case_no <= $2 GROUP BY case_no`

// CountDoubts implements intake.FirmTx.
func (t firmTx) CountDoubts(from, to int64) (map[int64]intake.DoubtCount, error) {
	of := make(map[int64]intake.DoubtCount)
	err := t.each(func(no, firms, lowest int64) {
		c := of[no]
		c.Firms, c.CaseDoubt, c.CaseSevere = int(firms), lowest < 0, lowest < -1
		of[no] = c
	}, doubtQuery, from, to, from, to, from, to)
	if err != nil {
		return nil, err
	}
	err = t.each(func(no, verdicts, inconclusive int64) {
		c := of[no]
		c.Verdicts, c.Inconclusive = int(verdicts), int(inconclusive)
		of[no] = c
	}, verdictQuery, from, to)
	if err != nil {
		return nil, err
	}
	worked, err := engine.Values[int64](t, workedQuery, from, to, from, to)
	for _, no := range worked {
		c := of[no]
		c.Worked = true
		of[no] = c
	}
	return of, err
}

// each calls f with the three numbers of each row.
func (t firmTx) each(f func(a, b, c int64), query string, args ...any) error {
	rows, err := t.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var a, b, c int64
		if err := rows.Scan(&a, &b, &c); err != nil {
			return err
		}
		f(a, b, c)
	}
	return rows.Err()
}
